"""Budgets of departments and units (部门预算、单位预算公开)."""

from __future__ import annotations

from dataclasses import replace

from tests.forge import rows as make
from tests.forge.book import (
    THOUSAND,
    YUAN,
    Book,
    Column,
    Meaning,
    Money,
    Pane,
    Pen,
    Row,
)
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
    empty,
    numbered_class,
    plain_class,
    project_list,
    sources,
    text,
    three_public_columns,
    three_public_rows,
)
from tests.forge.truth import Truth, Wish

GENERAL_ONLY = M(fund=GENERAL)
BASIC = M(measure="basic", fund=GENERAL)


def start(pen: Pen, truth: Truth, money: Money, title: str) -> Book:
    return Book(pen, truth, title, money)


def unit_name(truth: Truth) -> str:
    return str(make.publisher(truth))


def head(truth: Truth, money: Money, name: str = "单位名称") -> list[str]:
    return [f"{name}：{unit_name(truth)}", f"单位：{money.label}"]


def prose(book: Book, *sentences: str) -> None:
    """Running text with figures, which are nobody's table."""
    truth = book.truth
    whole = truth.total("budget", lambda e: e.kind != "unspent")
    said = Money("万元", 1_000_000).text(whole)
    book.line(
        "一、部门收支总体情况说明",
        f"{unit_name(truth)}{truth.year}年收入总计{said}万元，支出总计{said}万元。",
        *sentences,
    )


def standard_kinds(top: str = "") -> list[Column]:
    above = (top,) if top else ()
    return [
        amount(*above, "合计"),
        amount(*above, "基本支出", measure="basic"),
        amount(*above, "项目支出", measure="project"),
    ]


@layout("budget", (1, 3, 13, 17), lambda: Wish(projects=3))
def southwest_plain(pen: Pen, truth: Truth) -> Book:
    """Joined codes, the total in the first row, sums at the top of the balances."""
    y = truth.year
    money = Money()
    book = start(pen, truth, money, f"{unit_name(truth)}{y}年部门预算情况说明")
    prose(book)
    above = head(truth, money, pen.one_of("部门全称", "单位名称", "部门名称"))
    labels = {
        GENERAL: "一般公共预算财政拨款资金",
        FUNDS: "政府性基金预算财政拨款资金",
        STATE: "国有资本经营预算财政拨款资金",
        "fiscal_account": "财政专户管理资金",
        "institution_income": "事业收入资金",
        "other_income": "其他收入资金",
    }
    balance(
        book,
        "balance",
        f"{y}年{truth.county}部门收支总表",
        [
            make.revenue_total(truth, "合计", "all", "all", "grand_total", ("all",)),
            make.revenue_total(
                truth, "一、本年收入合计", "all", "current_year", "total"
            ),
            *sources(
                book,
                labels=labels,
                numbered=False,
                basis="current_year",
                says=("current_year",),
            ),
            make.blank_line("source", "二、上年结转"),
        ],
        [
            make.spent_total(truth, "合计", ("total", "grand_total")),
            make.spent_total(truth, "一、本年支出合计", "total"),
            *make.spent_on_class(truth, [M()], plain_class, every=False),
            make.blank_line("spent", "二、结转下年"),
        ],
        above=above,
    )
    by_function(
        book,
        "revenue",
        f"{y}年{truth.county}部门收入总表",
        [
            amount("总计", side="revenue"),
            amount("上年结转", basis="carryover", side="revenue"),
            *(
                amount(
                    label,
                    fund=fund,
                    side="revenue",
                    basis="current_year",
                    says=("all", "current_year"),
                )
                for fund, label in (
                    (GENERAL, "一般公共预算拨款收入"),
                    (FUNDS, "政府性基金预算拨款收入"),
                    (STATE, "国有资本经营预算拨款收入"),
                    ("fiscal_account", "财政专户管理资金收入"),
                    ("institution_income", "事业收入"),
                    ("other_income", "其他收入"),
                )
            ),
        ],
        base=M(side="revenue"),
        above=above,
    )
    by_function(
        book,
        "expenditure",
        f"{y}年{truth.county}部门支出总表",
        [
            amount("总计"),
            amount("基本支出", measure="basic"),
            amount("项目支出", measure="project"),
        ],
        above=above,
    )
    balance(
        book,
        "appropriation_balance",
        f"{y}年{truth.county}部门财政拨款收支总表",
        [
            make.revenue_total(
                truth, "一、本年收入", "fiscal_appropriation", "current_year", "total"
            ),
            *sources(
                book,
                labels={
                    GENERAL: "一般公共预算财政拨款",
                    FUNDS: "政府性基金预算财政拨款",
                    STATE: "国有资本经营预算财政拨款",
                },
                numbered=False,
                basis="current_year",
                says=("current_year",),
            ),
            make.blank_line("source", "二、上年结转"),
            make.revenue_total(
                truth,
                "收入合计",
                "fiscal_appropriation",
                "all",
                "grand_total",
                ("all",),
            ),
        ],
        [
            make.spent_total(truth, "一、本年支出", "total"),
            *make.spent_on_class(
                truth, [M(fund="fiscal_appropriation")], plain_class, every=False
            ),
            make.blank_line("spent", "二、结转下年"),
            make.spent_total(truth, "支出合计", ("total", "grand_total")),
        ],
        right_columns=[
            text("支出", "项目", role="spent"),
            amount("支出", "合计", fund="fiscal_appropriation"),
            amount("支出", "一般公共预算", fund=GENERAL),
            amount("支出", "政府性基金预算", fund=FUNDS),
            amount("支出", "国有资本经营预算", fund=STATE),
        ],
        pad_to_last=1,
        above=above,
    )
    by_function(
        book,
        "general_expenditure",
        f"{y}年{truth.county}部门一般公共预算支出表",
        [
            amount(f"{y}年预算数", "小计", fund=GENERAL),
            amount(f"{y}年预算数", "基本支出", measure="basic", fund=GENERAL),
            amount(f"{y}年预算数", "项目支出", measure="project", fund=GENERAL),
        ],
        codes="joined_under",
        base=GENERAL_ONLY,
        above=above,
    )
    by_economy(
        book,
        "basic_expenditure",
        f"{y}年{truth.county}部门一般公共预算基本支出表",
        [
            amount(f"{y}年基本支出", "总计", fund=GENERAL),
            amount(f"{y}年基本支出", "人员经费", measure="personnel", fund=GENERAL),
            amount(f"{y}年基本支出", "日常公用经费", measure="operating", fund=GENERAL),
        ],
        codes="joined_under",
        base=BASIC,
        above=["（部门预算支出经济分类科目）", *above],
    )
    by_economy(
        book,
        "basic_expenditure",
        f"{y}年{truth.county}部门一般公共预算基本支出表",
        [amount("基本支出", fund=GENERAL)],
        first=[
            text("政府预算经济科目", "科目编码", role="code"),
            text("政府预算经济科目", "科目名称", role="name"),
        ],
        classification="government",
        base=BASIC,
        above=["（政府预算支出经济分类科目）", *above],
    )
    three_public_columns(
        book,
        f"{y}年{truth.county}部门一般公共预算“三公”经费支出表",
        [
            ("total", (f"{y}年预算数", "合计")),
            ("overseas", (f"{y}年预算数", "因公出国（境）费")),
            ("vehicles", (f"{y}年预算数", "公务用车购置及运行费", "小计")),
            (
                "vehicle_purchase",
                (f"{y}年预算数", "公务用车购置及运行费", "公务用车购置费"),
            ),
            (
                "vehicle_operation",
                (f"{y}年预算数", "公务用车购置及运行费", "公务用车运行维护费"),
            ),
            ("reception", (f"{y}年预算数", "公务接待费")),
        ],
        GENERAL_ONLY,
        above=above,
    )
    empty(
        book,
        "government_funds",
        f"{y}年{truth.county}部门政府性基金预算支出表",
        standard_kinds("本年政府性基金预算财政拨款支出"),
        above=above,
        below=["备注：本部门无政府性基金收支，因此本表无数据。"],
    )
    return book


def carrying() -> Wish:
    return Wish(carryover=True, projects=4, funds=(FUNDS,))


@layout("budget", (1, 6, 12, 13, 19), carrying)
def north_carryover(pen: Pen, truth: Truth) -> Book:
    """Carryover beside this year's money; economic codes by name; index rows."""
    y = truth.year
    money = Money()
    book = start(pen, truth, money, f"{unit_name(truth)}{y}年度单位预算公开")
    above = head(truth, money)
    labels = {
        GENERAL: "一般公共预算",
        FUNDS: "政府性基金预算",
        STATE: "国有资本经营预算",
        "fiscal_account": "财政专户管理资金",
        "unit_funds": "单位资金",
    }
    balance(
        book,
        "balance",
        f"{y}年预算收支总表",
        [
            *sources(book, labels=labels, basis="current_year", says=("current_year",)),
            make.revenue_total(truth, "本年收入合计", "all", "current_year", "total"),
            make.carried_in(truth, "上年结转", "all"),
            make.revenue_total(truth, "收入总计", "all", "all", "grand_total"),
        ],
        [
            *make.spent_on_class(truth, [M()], numbered_class, every=True),
            make.spent_total(truth, "本年支出合计", "total"),
            make.blank_line("spent", "年终结转"),
            make.spent_total(truth, "支出总计", "grand_total"),
        ],
        left_columns=[text("收入", "项目", role="source"), amount("收入", f"{y}年")],
        right_columns=[
            text("支出", "项目", role="spent"),
            amount("支出", f"{y}年合计"),
            amount("支出", "当年预算安排", basis="current_year"),
            amount("支出", "上年结转安排", basis="carryover"),
        ],
        pad_to_last=3,
        above=above,
    )
    by_function(
        book,
        "revenue",
        f"{y}年预算收入总表",
        [
            amount("本年收入", "合计", basis="current_year", side="revenue"),
            *(
                amount(
                    "本年收入", label, fund=fund, basis="current_year", side="revenue"
                )
                for fund, label in (
                    (GENERAL, "一般公共预算"),
                    (FUNDS, "政府性基金"),
                    (STATE, "国有资本经营预算"),
                    ("fiscal_account", "财政专户管理资金"),
                    ("unit_funds", "单位资金"),
                )
            ),
            amount("上年结转", basis="carryover", side="revenue"),
        ],
        codes="item_under",
        base=M(side="revenue"),
        above=above,
    )
    by_function(
        book,
        "expenditure",
        f"{y}年预算支出总表",
        standard_kinds(f"{y}年预算数"),
        codes="item_under",
        above=above,
    )
    balance(
        book,
        "appropriation_balance",
        f"{y}年财政拨款收支总表",
        [
            *sources(
                book,
                labels={k: labels[k] for k in (GENERAL, FUNDS, STATE)},
                basis="current_year",
                says=("current_year",),
            ),
            make.revenue_total(
                truth, "本年收入合计", "fiscal_appropriation", "current_year", "total"
            ),
            make.carried_in(truth, "上年财政拨款结转", "fiscal_appropriation"),
            make.carried_in(truth, "一、一般公共预算", GENERAL),
            make.carried_in(truth, "二、政府性基金预算", FUNDS),
            make.carried_in(truth, "三、国有资本经营预算", STATE),
            make.revenue_total(
                truth, "收入总计", "fiscal_appropriation", "all", "grand_total"
            ),
        ],
        [
            *make.spent_on_class(truth, [M()], numbered_class, every=True),
            make.spent_total(truth, "本年支出合计", "total"),
            make.blank_line("spent", "年终结转"),
            Row({}),
            Row({}),
            Row({}),
            make.spent_total(truth, "支出总计", "grand_total"),
        ],
        left_columns=[text("收入", "项目", role="source"), amount("收入", "金额")],
        right_columns=[
            text("支出", "项目", role="spent"),
            amount("支出", "金额", "小计", fund="fiscal_appropriation"),
            amount("支出", "金额", "一般公共预算", fund=GENERAL),
            amount("支出", "金额", "政府性基金预算", fund=FUNDS),
            amount("支出", "金额", "国有资本经营预算", fund=STATE),
        ],
        pad_to_last=6,
        above=above,
    )
    this_year = M(fund=GENERAL, basis="current_year")
    by_function(
        book,
        "general_expenditure",
        f"{y}年一般公共预算支出表（不含上年结转）",
        [
            amount(f"{y}年预算数", "合计", fund=GENERAL, basis="current_year"),
            amount(
                f"{y}年预算数",
                "基本支出",
                measure="basic",
                fund=GENERAL,
                basis="current_year",
            ),
            amount(
                f"{y}年预算数",
                "项目支出",
                measure="project",
                fund=GENERAL,
                basis="current_year",
            ),
        ],
        codes="item_under",
        base=this_year,
        above=above,
    )
    by_economy(
        book,
        "basic_expenditure",
        f"{y}年一般公共预算安排基本支出分经济科目表（不含上年结转）",
        [
            amount(f"{y}年预算数", "合计", fund=GENERAL, basis="current_year"),
            amount(
                f"{y}年预算数",
                "人员经费",
                measure="personnel",
                fund=GENERAL,
                basis="current_year",
            ),
            amount(
                f"{y}年预算数",
                "公用经费",
                measure="operating",
                fund=GENERAL,
                basis="current_year",
            ),
        ],
        codes="names",
        base=replace(BASIC, basis="current_year"),
        above=above,
    )
    by_function(
        book,
        "government_funds",
        f"{y}年政府性基金预算支出表（不含上年结转）",
        [
            amount("合计", fund=FUNDS, basis="current_year"),
            amount("基本支出", measure="basic", fund=FUNDS, basis="current_year"),
            amount("项目支出", measure="project", fund=FUNDS, basis="current_year"),
        ],
        base=M(fund=FUNDS, basis="current_year"),
        above=above,
    )
    three_public_rows(
        book,
        f"{y}年财政拨款安排“三公”经费支出预算表",
        [
            ("overseas", "因公出国（境）费"),
            ("reception", "公务接待费"),
            ("vehicles", "公务用车购置及运行费"),
            ("vehicle_purchase", "①公务用车购置费"),
            ("vehicle_operation", "②公务用车运行维护费"),
            ("total", "合计"),
        ],
        [
            amount(f"{y}年预算数", "合计", fund="fiscal_appropriation"),
            amount(f"{y}年预算数", "一般公共预算", fund=GENERAL),
            amount(f"{y}年预算数", "政府性基金预算", fund=FUNDS),
        ],
        above=above,
    )
    for basis, note in (("current_year", "本年预算"), ("carryover", "上年结转")):
        project_list(
            book,
            f"{y}年项目支出表（{note}）",
            [
                amount("合计", measure="project", basis=basis, says=(basis,)),
                amount(
                    f"{y}年财政拨款",
                    "一般公共预算",
                    fund=GENERAL,
                    measure="project",
                    basis=basis,
                ),
                amount(
                    f"{y}年财政拨款",
                    "政府性基金预算",
                    fund=FUNDS,
                    measure="project",
                    basis=basis,
                ),
                amount(
                    f"{y}年财政拨款",
                    "国有资本经营预算",
                    fund=STATE,
                    measure="project",
                    basis=basis,
                ),
            ],
            first=[text("项目名称", role="project_name")],
            base=M(measure="project", basis=basis),
            unit_rows=True,
            total="",
            index="1",
            above=above,
        )
    return book


@layout("budget", (1, 2, 8, 10, 11), lambda: Wish(projects=5))
def central_detailed(pen: Pen, truth: Truth) -> Book:
    """Split codes under a unit column, economic measures in four header rows."""
    y = truth.year
    money = Money(zero=pen.one_of("", "0.00"))
    book = start(pen, truth, money, f"{y}年度{unit_name(truth)}单位预算")
    above = head(truth, money)
    note = ["注：本表金额转换为万元时，因四舍五入可能存在尾差。"]
    base_labels = {
        GENERAL: "一般公共预算",
        "of_which_fiscal_appropriation": "其中：财政拨款",
        FUNDS: "政府性基金预算拨款收入",
        STATE: "国有资本经营预算拨款收入",
        "fiscal_account": "财政专户管理资金收入",
        "institution_income": "事业收入",
        "business_income": "事业单位经营收入",
        "superior_subsidy": "上级补助收入",
        "affiliated_remittance": "附属单位上缴收入",
        "other_income": "其他收入",
    }
    left = []
    number = 0
    for fund, label in base_labels.items():
        inner = fund.startswith("of_which")
        number += not inner
        left.append(
            make.source(
                truth,
                label if inner else f"{make.ordinal(number)}、{label}",
                fund,
                basis="current_year",
                says=("current_year",),
            )
        )
    balance(
        book,
        "balance",
        f"{y} 年单位收支预算表",
        [
            *left,
            make.revenue_total(
                truth, "本 年 收 入 合 计", "all", "current_year", "total"
            ),
            make.blank_line("source", "上年结转结余"),
            make.revenue_total(truth, "收 入 总 计", "all", "all", "grand_total"),
        ],
        [
            *make.spent_on_class(truth, [M()], numbered_class, every=True),
            make.spent_total(truth, "本 年 支 出 合 计", "total"),
            make.blank_line("spent", "年终结转结余"),
            make.spent_total(truth, "支 出 总 计", "grand_total"),
        ],
        left_columns=[text("收入", "项目", role="source"), amount("收入", "金额")],
        right_columns=[text("支出", "项目", role="spent"), amount("支出", "金额")],
        pad_to_last=3,
        above=above,
        below=note,
    )

    def detailed(**more: str) -> list[Column]:
        people, office = "人员经费", "公用经费"
        return [
            amount("合计", **more),
            amount("基本支出", "小计", measure="basic", **more),
            amount("基本支出", people, "工资福利支出", measure="wages_welfare", **more),
            amount(
                "基本支出",
                people,
                "对个人和家庭的补助",
                measure="individuals_families",
                **more,
            ),
            amount(
                "基本支出", office, "商品和服务支出", measure="goods_services", **more
            ),
            amount("基本支出", office, "资本性支出", measure="capital", **more),
            amount("项目支出", "小计", measure="project", **more),
            amount("项目支出", "其他运转类", measure="project_other_operating", **more),
            amount("项目支出", "特定目标类", measure="project_specific_target", **more),
        ]

    first = [
        text("科目编码", "类", role="class"),
        text("科目编码", "款", role="section"),
        text("科目编码", "项", role="item"),
        text("单位代码", role="unit_code"),
        text("单位（科目名称）", role="name"),
    ]
    for statement, title, fund in (
        ("expenditure", f"{y} 年单位支出预算表", "all"),
        ("general_expenditure", f"{y} 年一般公共预算支出预算表", GENERAL),
    ):
        with_items(
            book,
            statement,
            title,
            detailed(fund=fund),
            first,
            M(fund=fund),
            above,
            note,
        )
    wide = [
        amount(
            "本年一般公共预算基本支出",
            "合计",
            fund=GENERAL,
            says=("all", "current_year"),
        ),
        amount(
            "本年一般公共预算基本支出",
            "人员经费",
            fund=GENERAL,
            says=("all", "current_year"),
            measure="personnel",
        ),
        amount(
            "本年一般公共预算基本支出",
            "公用经费",
            fund=GENERAL,
            says=("all", "current_year"),
            measure="operating",
        ),
    ]
    by_economy(
        book,
        "basic_expenditure",
        f"{y} 年一般公共预算基本支出表",
        wide,
        codes="pair",
        base=BASIC,
        money=replace(money, comma=pen.one_of(", ", ",")),
        above=above,
        below=note,
    )
    by_economy(
        book,
        "economic_summary",
        f"{y} 年支出经济分类汇总表",
        [
            amount("总计"),
            amount("一般公共预算", "小计", fund=GENERAL, says=("all", "current_year")),
            amount(
                "一般公共预算",
                "其中：财政拨款",
                fund="of_which_fiscal_appropriation",
                says=("all", "current_year"),
            ),
            amount("政府性基金", fund=FUNDS, says=("all", "current_year")),
            amount("国有资本经营预算", fund=STATE, says=("all", "current_year")),
            amount("上年结转结余", basis="carryover"),
            amount(
                "财政专户管理资金收入",
                fund="fiscal_account",
                says=("all", "current_year"),
            ),
            amount("事业收入", fund="institution_income", says=("all", "current_year")),
        ],
        codes="pair_split",
        scope="all",
        base=M(),
        inside="name",
        unit_head=True,
        above=above,
        below=note,
    )
    three_public_columns(
        book,
        f"{y} 年一般公共预算“三公”经费预算表",
        [
            ("total", ("“三公”经费合计",)),
            ("overseas", ("因公出国（境）费",)),
            ("vehicles", ("公务用车购置及运行费", "小计")),
            ("vehicle_purchase", ("公务用车购置及运行费", "公务用车购置费")),
            ("vehicle_operation", ("公务用车购置及运行费", "公务用车运行费")),
            ("reception", ("公务接待费",)),
        ],
        GENERAL_ONLY,
        money=replace(money, zero="0.00"),
        above=above,
        below=[
            "注：按照党中央、国务院有关规定，“三公”经费包括因公出国（境）费、公务用车购置及运行费和公务接待费。"
        ],
    )
    project_list(
        book,
        f"{y} 年项目支出预算表",
        [
            amount("合计", measure="project"),
            amount(
                "本年拨款",
                "一般公共 预算",
                fund=GENERAL,
                measure="project",
                basis="current_year",
            ),
            amount(
                "本年拨款",
                "政府性 基金预算",
                fund=FUNDS,
                measure="project",
                basis="current_year",
            ),
            amount(
                "本年拨款",
                "国有资本 经营预算",
                fund=STATE,
                measure="project",
                basis="current_year",
            ),
            amount(
                "财政拨款结转结余",
                "一般公共 预算",
                fund=GENERAL,
                measure="project",
                basis="carryover",
            ),
            amount(
                "财政专户 管理资金",
                fund="fiscal_account",
                measure="project",
                says=("all", "current_year"),
            ),
            amount(
                "单位资金",
                fund="unit_funds",
                measure="project",
                says=("all", "current_year"),
            ),
        ],
        first=[
            text("类型", role="project_type"),
            text("项目名称", role="project_name"),
            text("项目单位", role="unit_name"),
        ],
        above=above,
        below=note,
    )
    return book


def with_items(
    book: Book,
    statement: str,
    title: str,
    columns: list[Column],
    first: list[Column],
    base: Meaning,
    above: list[str],
    below: list[str],
) -> None:
    """Items only, below the department's row; the total stands in the name column."""
    truth = book.truth
    keep = make.within(truth, base)
    fact = make.functional_total(truth)
    listed = make.functional(
        truth, [c.meaning for c in columns if c.meaning], keep=keep, levels=(7,)
    )
    top = make.department(truth, fact)
    top.keep = keep
    whole = make.total_row("合计", "name", keep, fact)
    book.statement(
        statement,
        title,
        [Pane([*first, *columns], [whole, top, *listed])],
        above=above,
        below=below,
    )


@layout(
    "budget",
    (1, 3, 4, 5, 7, 15),
    lambda: Wish(projects=3, funds=("institution_income",), unit_kind="institution"),
)
def east_yuan(pen: Pen, truth: Truth) -> Book:
    """Amounts in 元, codes in three columns, the total in the last row."""
    y = truth.year
    money = replace(YUAN, places=pen.rng.choice((0, 2)))
    book = start(pen, truth, money, f"{truth.county}{y}年区级单位预算")
    book.line(f"预算单位：{unit_name(truth)}")
    above = [f"编制单位：{unit_name(truth)}", f"单位：{money.label}"]
    balance(
        book,
        "balance",
        f"{y}年预算单位财务收支预算总表",
        [
            make.source(
                truth,
                "一、财政拨款收入",
                "fiscal_appropriation",
                basis="current_year",
                says=("current_year",),
            ),
            make.source(
                truth,
                "1、一般公共预算资金",
                GENERAL,
                basis="current_year",
                says=("current_year",),
            ),
            make.source(
                truth,
                "2、政府性基金",
                FUNDS,
                basis="current_year",
                says=("current_year",),
            ),
            make.source(
                truth,
                "3、国有资本经营预算",
                STATE,
                basis="current_year",
                says=("current_year",),
            ),
            make.source(
                truth,
                "二、事业收入",
                "institution_income",
                basis="current_year",
                says=("current_year",),
            ),
            make.source(
                truth,
                "三、事业单位经营收入",
                "business_income",
                basis="current_year",
                says=("current_year",),
            ),
            make.source(
                truth,
                "四、其他收入",
                "other_income",
                basis="current_year",
                says=("current_year",),
            ),
            make.revenue_total(truth, "收入总计", "all", "all", "grand_total"),
        ],
        [
            *make.spent_on_class(truth, [M()], numbered_class, every=False),
            make.spent_total(truth, "支出总计", ("grand_total", "total")),
        ],
        left_columns=[
            text("本年收入", "项目", role="source"),
            amount("本年收入", "预算数"),
        ],
        right_columns=[
            text("本年支出", "项目", role="spent"),
            amount("本年支出", "预算数", "合计"),
            amount("本年支出", "预算数", "基本支出", "人员经费", measure="personnel"),
            amount("本年支出", "预算数", "基本支出", "公用经费", measure="operating"),
            amount("本年支出", "预算数", "项目支出", measure="project"),
        ],
        pad_to_last=1,
        above=above,
    )
    codes = pen.one_of("split_bare", "split_bare", "split_deep")
    by_function(
        book,
        "revenue",
        f"{y}年预算单位收入预算总表",
        [
            amount("收入预算", "合计", side="revenue"),
            amount(
                "收入预算", "财政拨款收入", fund="fiscal_appropriation", side="revenue"
            ),
            amount("收入预算", "事业收入", fund="institution_income", side="revenue"),
            amount(
                "收入预算", "事业单位经营收入", fund="business_income", side="revenue"
            ),
            amount("收入预算", "其他收入", fund="other_income", side="revenue"),
        ],
        codes=codes,
        total="last",
        merged_total=True,
        base=M(side="revenue"),
        above=above,
    )
    by_function(
        book,
        "expenditure",
        f"{y}年预算单位支出预算总表",
        standard_kinds("支出预算"),
        codes=codes,
        total="last",
        merged_total=True,
        above=above,
    )
    by_function(
        book,
        "general_expenditure",
        f"{y}年预算单位一般公共预算支出功能分类预算表",
        [
            amount("一般公共预算支出", "合计", fund=GENERAL),
            amount("一般公共预算支出", "基本支出", measure="basic", fund=GENERAL),
            amount("一般公共预算支出", "项目支出", measure="project", fund=GENERAL),
        ],
        codes=codes,
        total="last",
        merged_total=True,
        base=GENERAL_ONLY,
        above=above,
    )
    empty(
        book,
        "government_funds",
        f"{y}年预算单位政府性基金预算支出功能分类预算表",
        standard_kinds("政府性基金预算支出"),
        codes="split_bare",
        above=above,
        below=["注：本单位没有政府性基金预算安排的支出，故本表为空表。"],
    )
    by_economy(
        book,
        "basic_expenditure",
        f"{y}年预算单位一般公共预算基本支出部门预算经济分类预算表",
        [
            amount("一般公共预算基本支出", "合计", fund=GENERAL),
            amount(
                "一般公共预算基本支出", "人员经费", measure="personnel", fund=GENERAL
            ),
            amount(
                "一般公共预算基本支出", "公用经费", measure="operating", fund=GENERAL
            ),
        ],
        first=[
            text("项目", "经济分类科目编码", "类", role="class"),
            text("项目", "经济分类科目编码", "款", role="section"),
            text("项目", "经济分类科目名称", role="name"),
        ],
        base=BASIC,
        total="last",
        above=above,
    )
    three_public_columns(
        book,
        f"{y}年预算单位“三公”经费和机关运行经费预算表",
        [
            ("total", (f"{y}年“三公”经费预算数", "合计")),
            ("overseas", (f"{y}年“三公”经费预算数", "因公出国(境)费")),
            ("reception", (f"{y}年“三公”经费预算数", "公务接待费")),
            ("vehicles", (f"{y}年“三公”经费预算数", "公务用车购置及运行费", "小计")),
            (
                "vehicle_purchase",
                (f"{y}年“三公”经费预算数", "公务用车购置及运行费", "购置费"),
            ),
            (
                "vehicle_operation",
                (f"{y}年“三公”经费预算数", "公务用车购置及运行费", "运行费"),
            ),
            ("agency_operation", (f"{y}年机关运行经费预算数",)),
        ],
        M(),
        money=Money("万元", 1_000_000, places=2, zero="0"),
        above=[f"编制单位：{unit_name(truth)}", "单位：万元"],
    )
    return book


@layout("budget", (1, 3, 4, 11), lambda: Wish(units=3, projects=3))
def south_rollup(pen: Pen, truth: Truth) -> Book:
    """A department with its units: rows of units, codes below each."""
    y = truth.year
    money = pen.rng.choice((Money(), Money(), THOUSAND))
    book = start(pen, truth, money, f"{y}年{truth.department.name}部门预算")
    above = [f"部门：{truth.department.name}", f"金额单位：{money.label}"]
    book.statement(
        "revenue",
        f"{y}年部门收入总表",
        [unit_revenue(book)],
        above=above,
    )
    by_function(
        book,
        "expenditure",
        f"{y}年部门支出总表",
        [
            amount("合计"),
            amount("基本支出", measure="basic"),
            amount("项目支出", measure="project"),
            amount("事业单位经营支出", measure="business"),
            amount("上缴上级支出", measure="remitted_up"),
            amount("对附属单位补助支出", measure="affiliated_subsidy"),
        ],
        unit_rows="groups",
        inside="name",
        above=above,
    )
    by_function(
        book,
        "general_expenditure",
        f"{y}年一般公共预算支出表",
        [
            amount("合计", fund=GENERAL),
            amount("基本支出", "小计", fund=GENERAL, measure="basic"),
            amount("基本支出", "人员经费", fund=GENERAL, measure="personnel"),
            amount("基本支出", "公用经费", fund=GENERAL, measure="operating"),
            amount("项目支出", fund=GENERAL, measure="project"),
        ],
        unit_rows="groups",
        inside="name",
        levels=(7,),
        base=GENERAL_ONLY,
        above=above,
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
    )
    three_public_units(book, f"{y}年一般公共预算“三公”经费支出表", above)
    project_list(
        book,
        f"{y}年部门项目支出表",
        [
            amount("合计", measure="project"),
            amount("财政拨款", "一般公共预算", measure="project", fund=GENERAL),
            amount("财政拨款", "政府性基金预算", measure="project", fund=FUNDS),
            amount("财政拨款", "国有资本经营预算", measure="project", fund=STATE),
            amount("财政专户管理资金", measure="project", fund="fiscal_account"),
            amount("单位资金", measure="project", fund="unit_funds"),
        ],
        first=[
            text("单位名称", role="unit_name"),
            text("项目名称", role="project_name"),
        ],
        above=above,
    )
    return book


def unit_revenue(book: Book) -> Pane:
    """Revenue with a row per unit and a column per source."""
    truth = book.truth
    paths = [
        ("all", ("合计",)),
        (GENERAL, ("本年收入", "一般公共预算")),
        (FUNDS, ("本年收入", "政府性基金预算")),
        (STATE, ("本年收入", "国有资本经营预算")),
        ("fiscal_account", ("本年收入", "财政专户管理资金")),
        ("institution_income", ("本年收入", "事业收入")),
        ("other_income", ("本年收入", "其他收入")),
    ]
    columns = [text("单位代码", role="unit_code"), text("单位名称", role="unit_name")]
    for fund, path in paths:
        basis = "all" if fund == "all" else "current_year"
        columns.append(
            Column(path, meaning=Meaning(fund=fund, basis=basis, side="revenue"))
        )
    rows = []
    whole = {
        "table": "revenue",
        "row_role": "total",
        "unit_name": make.publisher(truth),
    }
    rows.append(Row({"unit_name": "合计"}, make.everything, [whole]))
    rows += make.units(truth, {"table": "revenue"})
    for row in rows:
        row.facts[0]["revenue_source"] = "="  # the fund of the column
    return Pane(columns, rows)


def three_public_units(book: Book, title: str, above: list[str]) -> None:
    """三公 with a row per unit."""
    truth = book.truth
    fact = {"table": "three_public"}
    rows = [
        Row(
            {"unit_code": "", "unit_name": "合计"},
            make.everything,
            [{"row_role": "total", "unit_name": make.publisher(truth)}],
        ),
        *make.units(truth, fact),
    ]
    three_public_columns(
        book,
        title,
        [
            ("total", ("“三公”经费合计",)),
            ("overseas", ("因公出国（境）费",)),
            ("vehicles", ("公务用车购置及运行费", "小计")),
            ("vehicle_purchase", ("公务用车购置及运行费", "公务用车购置费")),
            ("vehicle_operation", ("公务用车购置及运行费", "公务用车运行维护费")),
            ("reception", ("公务接待费",)),
        ],
        GENERAL_ONLY,
        first=[text("单位编码", role="unit_code"), text("单位名称", role="unit_name")],
        rows=rows,
        above=above,
    )
