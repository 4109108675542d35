"""Budgets and final accounts with units in columns, and with pairs of years."""

from __future__ import annotations

from dataclasses import replace

from tests.forge import rows as make
from tests.forge.book import THOUSAND, Book, Meaning, Money, Pane, Pen
from tests.forge.layouts.budget import BASIC, GENERAL_ONLY, start
from tests.forge.layouts.regions import SIX, kinds
from tests.forge.layouts.registry import layout
from tests.forge.layouts.statements import (
    FUNDS,
    GENERAL,
    STATE,
    M,
    amount,
    balance,
    by_economy,
    by_function,
    numbered_class,
    project_list,
    sources,
    text,
    three_public_columns,
)
from tests.forge.truth import Truth, Wish

UNIT_COLUMNS = [
    text("单位代码", role="unit_code"),
    text("单位名称", role="unit_name"),
]


@layout("budget", (1, 11), lambda: Wish(units=3, projects=3))
def units_in_columns(pen: Pen, truth: Truth) -> Book:
    """Every row names its unit and its item; only items, one total."""
    y = truth.year
    money = Money()
    book = start(pen, truth, money, f"{y}年{truth.department.name}部门预算公开")
    above = [f"部门：{truth.department.name}", "单位：万元"]
    for statement, title, fund in (
        ("expenditure", f"{y}年部门支出总表", "all"),
        ("general_expenditure", f"{y}年一般公共预算支出表", GENERAL),
    ):
        by_function(
            book,
            statement,
            title,
            kinds(fund=fund),
            unit_rows="columns",
            unit_columns=UNIT_COLUMNS,
            levels=(7,),
            base=M(fund=fund),
            inside="first" if fund == "all" else "name",
            above=above,
        )
    by_function(
        book,
        "revenue",
        f"{y}年部门收入总表",
        [
            amount("合计", side="revenue"),
            amount(
                "一般公共预算",
                fund=GENERAL,
                side="revenue",
                says=("all", "current_year"),
            ),
            amount(
                "政府性基金预算",
                fund=FUNDS,
                side="revenue",
                says=("all", "current_year"),
            ),
            amount(
                "国有资本经营预算",
                fund=STATE,
                side="revenue",
                says=("all", "current_year"),
            ),
            amount(
                "单位资金",
                fund="unit_funds",
                side="revenue",
                says=("all", "current_year"),
            ),
        ],
        base=M(side="revenue"),
        above=above,
    )
    return book


@layout("budget", (1, 8, 11), lambda: Wish(units=3, projects=3, funds=(FUNDS,)))
def units_above_items(pen: Pen, truth: Truth) -> Book:
    """A unit stands in the name column, its items below it, its number beside."""
    y = truth.year
    money = replace(pen.rng.choice((Money(), THOUSAND)), zero=pen.one_of("", "0.00"))
    book = start(pen, truth, money, f"{truth.department.name}{y}年部门预算")
    above = [f"部门：{truth.department.name}", f"金额单位：{money.label}"]
    first = [
        text("项目", "科目编码", "类", role="class"),
        text("项目", "科目编码", "款", role="section"),
        text("项目", "科目编码", "项", role="item"),
        text("项目", "单位代码", role="unit_code"),
        text("项目", "单位名称（科目）", role="name"),
    ]
    index = pen.one_of("", "1")
    for statement, title, fund in (
        ("expenditure", f"表1-2 {y}年部门支出总表", "all"),
        ("general_expenditure", f"表3 {y}年一般公共预算支出表", GENERAL),
        ("government_funds", f"表4 {y}年政府性基金预算支出表", FUNDS),
    ):
        columns = [
            amount("合计", fund=fund),
            amount("基本支出", fund=fund, measure="basic"),
            amount("项目支出", fund=fund, measure="project"),
        ]
        keep = make.within(truth, M(fund=fund))
        fact = {"table": "functional", "functional_code": None}
        rows = [make.total_row("合计", "name", keep, make.functional_total(truth))]
        for unit in make.units(truth, fact):
            assert unit.keep is not None
            unit.keep = make.both(unit.keep, keep)
            own = unit.facts[0]["unit_name"]
            meant = [column.meaning for column in columns if column.meaning]
            below = make.functional(truth, meant, keep=unit.keep, levels=(7,), unit=own)
            for row in below:
                row.texts["unit_code"] = unit.texts["unit_code"]
            unit.texts.pop("code")
            if below:
                rows += [unit, *below]
        book.statement(
            statement, title, [Pane([*first, *columns], rows)], above=above, index=index
        )
    return book


@layout(
    "budget", (7, 12, 14), lambda: Wish(projects=3, phases=("budget", "prior_budget"))
)
def balances_of_two_years(pen: Pen, truth: Truth) -> Book:
    """Both sides of the balances print last year's figure beside this year's."""
    y = truth.year
    money = Money(zero=pen.one_of("", "-"))
    name = str(make.publisher(truth))
    book = start(pen, truth, money, f"{name}{y}年部门预算公开")
    above = [f"单位名称：{name}", "单位：万元"]
    meant = [M(), M(phase="prior_budget")]
    right = make.spent_on_class(truth, meant, numbered_class, every=True)
    balance(
        book,
        "balance",
        f"{y}年部门收支总表",
        [
            *sources(book, basis="current_year", says=("current_year",)),
            make.revenue_total(truth, "本年收入合计", "all", "current_year", "total"),
            make.blank_line("source", "上年结转"),
            make.revenue_total(truth, "收入总计", "all", "all", "grand_total"),
        ],
        [
            *right,
            make.spent_total(truth, "本年支出合计", "total"),
            make.blank_line("spent", "结转下年"),
            make.spent_total(truth, "支出总计", "grand_total"),
        ],
        left_columns=[
            text("收入", "项目", role="source"),
            amount("收入", f"{y - 1}年预算数", phase="prior_budget"),
            amount("收入", f"{y}年预算数"),
        ],
        right_columns=[
            text("支出", "项目", role="spent"),
            amount("支出", f"{y - 1}年预算数", phase="prior_budget"),
            amount("支出", f"{y}年预算数"),
        ],
        pad_to_last=3,
        above=above,
    )
    by_economy(
        book,
        "basic_expenditure",
        f"{y}年一般公共预算基本支出表",
        [
            amount("上年预算数", fund=GENERAL, phase="prior_budget"),
            amount("本年预算数", "合计", fund=GENERAL),
            amount("本年预算数", "人员经费", fund=GENERAL, measure="personnel"),
            amount("本年预算数", "公用经费", fund=GENERAL, measure="operating"),
        ],
        codes="split",
        inside="name",
        base=BASIC,
        above=above,
    )
    return book


@layout(
    "budget",
    (3, 9, 18),
    lambda: Wish(units=5, projects=8, carryover=True, funds=(FUNDS,)),
)
def long_tables(pen: Pen, truth: Truth) -> Book:
    """Tables of several pages: many units, many projects, wide sources."""
    y = truth.year
    money = Money()
    book = start(pen, truth, money, f"{truth.department.name}{y}年度部门预算公开")
    above = [f"部门名称：{truth.department.name}", "单位：万元"]
    by_function(
        book,
        "expenditure",
        f"{y}年部门支出总表",
        kinds(),
        codes="split",
        inside="name",
        unit_rows="groups",
        above=above,
    )
    project_list(
        book,
        f"{y}年部门项目支出表",
        [
            amount("合计", measure="project"),
            amount(
                "本年拨款",
                "一般公共预算",
                measure="project",
                fund=GENERAL,
                basis="current_year",
            ),
            amount(
                "本年拨款",
                "政府性基金预算",
                measure="project",
                fund=FUNDS,
                basis="current_year",
            ),
            amount(
                "本年拨款",
                "国有资本经营预算",
                measure="project",
                fund=STATE,
                basis="current_year",
            ),
            amount(
                "财政拨款结转",
                "一般公共预算",
                measure="project",
                fund=GENERAL,
                basis="carryover",
            ),
            amount(
                "财政拨款结转",
                "政府性基金预算",
                measure="project",
                fund=FUNDS,
                basis="carryover",
            ),
        ],
        first=[
            text("序号", role="number"),
            text("项目名称", role="project_name"),
            text("项目单位", role="unit_name"),
        ],
        above=above,
    )
    three_public_columns(
        book,
        f"{y}年一般公共预算“三公”经费支出表",
        SIX,
        GENERAL_ONLY,
        above=above,
        money=replace(money, zero="0.00"),
    )
    return book


@layout(
    "final_accounts",
    (3, 11, 14),
    lambda: Wish(phases=("final", "budget"), units=3, projects=2),
)
def final_units(pen: Pen, truth: Truth) -> Book:
    """Final accounts of a department: a row per unit, economic codes in one list."""
    y = truth.year
    money = Money(zero=pen.one_of("", "0.00"))
    book = Book(pen, truth, f"{truth.department.name}{y}年度部门决算公开", money)
    above = [f"部门：{truth.department.name}", "金额单位：万元"]
    fact = {"table": "functional", "functional_code": None}
    book.statement(
        "expenditure",
        "支出决算表",
        [
            Pane(
                [
                    text("单位名称", role="unit_name"),
                    amount("本年支出合计", phase="final"),
                    amount("基本支出", phase="final", measure="basic"),
                    amount("项目支出", phase="final", measure="project"),
                    amount("经营支出", phase="final", measure="business"),
                ],
                [
                    make.total_row(
                        "合计",
                        "unit_name",
                        make.everything,
                        make.functional_total(truth),
                    ),
                    *make.units(truth, fact),
                ],
            )
        ],
        above=["公开03表", *above],
    )
    by_economy(
        book,
        "basic_expenditure",
        "一般公共预算财政拨款基本支出决算表",
        [
            amount("合计", phase="final", fund=GENERAL),
            amount("人员经费", phase="final", fund=GENERAL, measure="personnel"),
            amount("公用经费", phase="final", fund=GENERAL, measure="operating"),
        ],
        codes="joined_under",
        base=BASIC,
        total="last",
        above=["公开06表", *above],
    )
    three_public_columns(
        book,
        "一般公共预算财政拨款“三公”经费支出决算表",
        SIX,
        Meaning(fund=GENERAL),
        phases=(("budget", "年初预算数"), ("final", "决算数")),
        money=replace(money, zero="0.00"),
        above=["公开07表", *above],
    )
    return book


@layout(
    "final_accounts",
    (1, 14),
    lambda: Wish(
        units=4,
        projects=6,
        funds=(FUNDS, STATE),
        phases=("final", "budget", "adjusted_budget"),
    ),
)
def county_final(pen: Pen, truth: Truth) -> Book:
    """A county's final accounts by function: budget, adjusted budget, final."""
    y = truth.year
    money = Money(places=pen.rng.choice((0, 2)))
    book = Book(pen, truth, f"{truth.county}{y}年财政决算公开", money)
    county = (
        f"{truth.county}人民政府",
        truth.county,
        None,
        f"{truth.county}财政局",
        truth.department.name,
    )
    for statement, name, fund in (
        ("general_expenditure", "一般公共预算支出决算表", GENERAL),
        ("government_funds", "政府性基金支出决算表", FUNDS),
        ("state_capital", "国有资本经营支出决算表", STATE),
    ):
        by_function(
            book,
            statement,
            f"{y}年度{truth.county}{name}",
            [
                amount("预算数", fund=fund, phase="budget"),
                amount("调整预算数", fund=fund, phase="adjusted_budget"),
                amount("决算数", fund=fund, phase="final"),
            ],
            base=M(fund=fund),
            total="last",
            total_label="本年支出合计",
            inside="name",
            above=["单位：万元"],
            table_fact={"unit_name": county},
        )
    return book
