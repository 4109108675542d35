"""Budgets of a whole county (政府预算公开)."""

from __future__ import annotations

from tests.forge.book import Book, Column, Meaning, Money, Pen
from tests.forge.layouts.registry import layout
from tests.forge.layouts.statements import FUNDS, GENERAL, amount, by_function
from tests.forge.paper import grid
from tests.forge.truth import Truth, Wish


@layout(
    "budget",
    (1, 5),
    lambda: Wish(units=4, projects=6, funds=(FUNDS,), phases=("budget", "prior_final")),
)
def county_government(pen: Pen, truth: Truth) -> Book:
    """Functional expenditure of a county with last year's figures and shares."""
    y = truth.year
    money = Money(places=pen.rng.choice((0, 2)))
    book = Book(pen, truth, f"{truth.county}{y}年政府预算公开", money)
    government = f"{truth.county}人民政府"
    columns = [
        amount(f"{y - 1}年决算数", phase="prior_final", fund=GENERAL),
        amount(f"{y}年预算数", fund=GENERAL),
        Column(
            ("预算数为上年决算数的％",), derived=lambda row: "101.5" if row.keep else ""
        ),
    ]
    accepted = (
        government,
        truth.county,
        None,
        f"{truth.county}财政局",
        truth.department.name,
    )
    by_function(
        book,
        "general_expenditure",
        f"{y}年{truth.county}一般公共预算支出表",
        columns,
        base=Meaning(fund=GENERAL),
        total="last",
        total_label="支出合计",
        inside="name",
        above=["单位：万元"],
        table_fact={"unit_name": accepted},
    )
    by_function(
        book,
        "government_funds",
        f"{y}年{truth.county}政府性基金预算支出表",
        [amount(f"{y}年预算数", fund=FUNDS)],
        base=Meaning(fund=FUNDS),
        total="last",
        total_label="支出合计",
        inside="name",
        above=["单位：万元"],
        table_fact={"unit_name": accepted},
    )
    book.plain(
        grid(
            ["地区", "债务限额", "债务余额"],
            ["全县", "按上级核定", "按上级核定"],
        ),
        f"{y}年{truth.county}债务限额和余额情况表",
    )
    return book
