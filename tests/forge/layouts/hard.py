"""Papers that are easy to misread: what they do not say must not be filled in."""

from __future__ import annotations

from decimal import Decimal

from tests.forge import rows as make
from tests.forge.book import YUAN, Book, Fact, Money, Pane, Pen, Row
from tests.forge.layouts.budget import BASIC, GENERAL_ONLY, start, unit_name
from tests.forge.layouts.regions import THREE_ROWS, kinds
from tests.forge.layouts.registry import layout
from tests.forge.layouts.statements import (
    FUNDS,
    GENERAL,
    amount,
    by_economy,
    by_function,
    text,
    three_public_rows,
)
from tests.forge.paper import grid
from tests.forge.truth import Truth, Wish


@layout("budget", (4,), lambda: Wish(projects=3))
def unit_nowhere(pen: Pen, truth: Truth) -> Book:
    """No 单位：万元 in the whole document: there are no amounts, only figures."""
    y = truth.year
    book = start(pen, truth, Money(), f"{unit_name(truth)}{y}年部门预算")
    above = [f"部门名称：{unit_name(truth)}"]
    by_function(
        book,
        "expenditure",
        f"{y}年部门支出总表",
        kinds(),
        above=above,
        tells_nothing=True,
    )
    by_economy(
        book,
        "basic_expenditure",
        f"{y}年一般公共预算基本支出表",
        [
            amount("合计", fund=GENERAL),
            amount("人员经费", measure="personnel", fund=GENERAL),
            amount("公用经费", measure="operating", fund=GENERAL),
        ],
        base=BASIC,
        above=above,
        tells_nothing=True,
    )
    # One table that does say it, and has figures of its own.
    three_public_rows(
        book,
        f"{y}年一般公共预算“三公”经费支出表",
        THREE_ROWS,
        [amount("预算数（元）", fund=GENERAL)],
        above=above,
        money=YUAN,
    )
    return book


@layout("budget", (1, 5), lambda: Wish(projects=3))
def mixed_glue(pen: Pen, truth: Truth) -> Book:
    """301 stands alone, 01基本工资 in one cell; notes stand where amounts would."""
    y = truth.year
    money = Money(zero=pen.one_of("", "0"))
    book = start(pen, truth, money, f"{unit_name(truth)}{y}年部门预算公开")
    above = [f"单位名称：{unit_name(truth)}", "单位：万元"]
    by_economy(
        book,
        "basic_expenditure",
        f"{y}年一般公共预算基本支出表",
        [
            amount("合计", fund=GENERAL),
            amount("人员经费", measure="personnel", fund=GENERAL),
            amount("公用经费", measure="operating", fund=GENERAL),
        ],
        first=[
            text("科目编码", "类", role="class"),
            text("科目编码", "款", role="section"),
            text("科目名称", role="glued"),
        ],
        inside="name",
        base=BASIC,
        above=above,
    )
    columns = kinds(fund=GENERAL)
    rows = make.functional(
        truth,
        [column.meaning for column in columns if column.meaning],
        keep=make.within(truth, GENERAL_ONLY),
    )
    rows.insert(
        0,
        make.total_row(
            "合计",
            "code",
            make.within(truth, GENERAL_ONLY),
            make.functional_total(truth),
        ),
    )
    rows.append(Row({"code": "备注：单位不需填列"}))
    book.statement(
        "general_expenditure",
        f"{y}年一般公共预算支出表",
        [
            Pane(
                [
                    text("科目编码", role="code"),
                    text("科目名称", role="name"),
                    *columns,
                    text("备注", role="note"),
                ],
                rows,
            )
        ],
        above=above,
    )
    return book


@layout("budget", (1, 19), lambda: Wish(projects=2))
def names_alone(pen: Pen, truth: Truth) -> Book:
    """Functions by name with an ordinal at the class: the level is the indent."""
    y = truth.year
    money = Money()
    book = start(pen, truth, money, f"{unit_name(truth)}{y}年部门预算")
    above = [f"单位名称：{unit_name(truth)}", "单位：万元"]
    columns = kinds(fund=GENERAL)
    rows = make.functional(
        truth,
        [column.meaning for column in columns if column.meaning],
        keep=make.within(truth, GENERAL_ONLY),
    )
    number = 0
    for row in rows:
        if len(row.texts["code"]) == 3:
            number += 1
            row.texts["indented"] = f"{make.ordinal(number)}、{row.texts['name']}"
    rows.append(
        make.total_row(
            "支出合计",
            "indented",
            make.within(truth, GENERAL_ONLY),
            make.functional_total(truth),
        )
    )
    book.statement(
        "general_expenditure",
        f"{y}年一般公共预算支出表",
        [Pane([text("项目", role="indented"), *columns], rows)],
        above=above,
    )
    return book


@layout("budget", (6, 15, 16), lambda: Wish(units=3, projects=5, funds=(FUNDS,)))
def tables_of_others(pen: Pen, truth: Truth) -> Book:
    """A county's tables that hold no functional codes: taxes by kind, debt, staff."""
    y = truth.year
    money = Money(places=0)
    book = Book(pen, truth, f"{truth.county}{y}年政府预算公开", money)
    rng = pen.rng

    book.plain(
        grid(
            ["单位名称", "行政编制", "事业编制", "实有人数", "离退休人数"],
            *(
                [unit.name, *(str(rng.randint(1, 90)) for _ in range(4))]
                for unit in truth.units
            ),
        ),
        "机构人员情况表",
    )
    book.plain(
        grid(
            ["名称", "数量", "单价50万元以上设备（台）", "单价100万元以上设备（台）"],
            ["车辆", str(rng.randint(1, 30)), "", ""],
            ["通用设备", "", str(rng.randint(1, 9)), str(rng.randint(0, 3))],
        ),
        "国有资产占有使用情况表",
    )
    government = (
        f"{truth.county}人民政府",
        truth.county,
        None,
        f"{truth.county}财政局",
        truth.department.name,
    )
    by_function(
        book,
        "general_expenditure",
        f"{y}年{truth.county}一般公共预算支出表",
        [amount(f"{y}年预算数", fund=GENERAL)],
        base=GENERAL_ONLY,
        total="last",
        total_label="支出合计",
        inside="name",
        above=["单位：万元"],
        table_fact={"unit_name": government},
    )
    book.line("单位：万元")
    taxes = (
        ("一、税收收入", 4),
        ("增值税", 0),
        ("企业所得税", 0),
        ("个人所得税", 0),
        ("城市维护建设税", 0),
        ("二、非税收入", 2),
        ("专项收入", 0),
        ("行政事业性收费收入", 0),
    )
    amounts = [[rng.randint(200, 90_000) for _ in range(2)] for _ in taxes]
    for row, (_, parts) in enumerate(taxes):
        if parts:
            below = amounts[row + 1 : row + 1 + parts]
            amounts[row] = [sum(pair) for pair in zip(*below, strict=True)]
    book.plain(
        grid(
            ["项目", f"{y - 1}年执行数", f"{y}年预算数"],
            *(
                [name, *(f"{amount:,}" for amount in pair)]
                for (name, _), pair in zip(taxes, amounts, strict=True)
            ),
        ),
        f"{y}年{truth.county}一般公共预算收入表",
        facts=[
            Fact(
                "revenue",
                row + 1,
                column + 1,
                f"{amount:,}",
                Decimal(amount * 10_000),
                (
                    ("revenue_source", GENERAL),
                    ("fund", GENERAL),
                    ("measure", "total"),
                    ("phase", phase),
                    ("row_role", "code"),
                    ("unit_name", government),
                    ("year_basis", ("all",)),
                ),
            )
            for row, pair in enumerate(amounts)
            for column, (amount, phase) in enumerate(
                zip(pair, ("prior_final", "budget"), strict=True)
            )
        ],
    )
    book.line("单位：亿元")
    book.plain(
        grid(
            ["地区", "本地区债务限额", "本地区债务余额"],
            [truth.county, "12.5", "11.8"],
            ["其中：一般债务", "7.5", "7.1"],
            ["专项债务", "5.0", "4.7"],
        ),
        f"{y}年{truth.county}地方政府债务限额和余额情况表",
    )
    return book
