"""Final accounts of departments and units (部门决算、单位决算公开)."""

from __future__ import annotations

from tests.forge import rows as make
from tests.forge.book import YUAN, Book, Column, Meaning, Money, Pane, Pen, Row
from tests.forge.layouts.registry import layout
from tests.forge.layouts.statements import (
    FUNDS,
    GENERAL,
    STATE,
    amount,
    balance,
    by_function,
    numbered_class,
    text,
    three_public_columns,
)
from tests.forge.truth import Truth, Wish

FINAL = Meaning(phase="final")
CURRENT = ("all", "current_year")
SOURCES = (
    (GENERAL, "一般公共预算财政拨款收入"),
    (FUNDS, "政府性基金预算财政拨款收入"),
    (STATE, "国有资本经营预算财政拨款收入"),
    ("superior_subsidy", "上级补助收入"),
    ("institution_income", "事业收入"),
    ("business_income", "经营收入"),
    ("affiliated_remittance", "附属单位上缴收入"),
    ("other_income", "其他收入"),
)
THREE = (
    ("total", ("合计",)),
    ("overseas", ("因公出国（境）费",)),
    ("vehicles", ("公务用车购置及运行维护费", "小计")),
    ("vehicle_purchase", ("公务用车购置及运行维护费", "公务用车购置费")),
    ("vehicle_operation", ("公务用车购置及运行维护费", "公务用车运行维护费")),
    ("reception", ("公务接待费",)),
)
PUBLIC = (
    "公开01表",
    "公开02表",
    "公开03表",
    "公开04表",
    "公开05表",
    "公开06表",
    "公开07表",
    "公开08表",
    "公开09表",
)


def lines(rows: list[Row], start: int, role: str) -> int:
    """Write 行次 into the rows; where the next pane goes on counting."""
    for number, row in enumerate(rows, start):
        row.texts[role] = str(number)
    return start + len(rows)


def three_panes(
    book: Book, statement: str, title: str, meaning: Meaning, *, above: list[str]
) -> None:
    """公开06表: the official economic codes in three panes, used or not."""
    truth = book.truth
    keep = make.within(truth, meaning)
    total = make.economic_total(truth)

    def listed(*classes: str) -> list[Row]:
        return make.economic(
            truth, [meaning], keep=keep, only=lambda c: c[:3] in classes, zeros=True
        )

    # A table of basic expenditure only: the row's own total has measure total.
    wages, goods = listed("301"), listed("302")
    rest = listed("303", "310")
    people = Row(
        {"label": "人员经费合计", "code": "人员经费合计"},
        keep,
        [{**total, "row_role": ("total", "code")}],
        {"measure": "personnel"},
        spans={"code": 2},
    )
    office = Row(
        {"code": "公用经费合计"},
        keep,
        [{**total, "row_role": ("total", "code")}],
        {"measure": "operating"},
        spans={"code": 5},
    )
    for row in (*wages, *goods, *rest):
        row.facts[0]["measure"] = "total"
    panes: list[Pane] = []
    for rows in (wages, goods, rest):
        panes.append(
            Pane(
                [
                    text(pane_head(len(panes)), "科目编码", role="code"),
                    text(pane_head(len(panes)), "科目名称", role="name"),
                    Column((pane_head(len(panes)), "决算数"), meaning=meaning),
                ],
                list(rows),
            )
        )
    height = max(len(pane.rows) for pane in panes)
    for pane in panes:
        pane.rows += [Row({}) for _ in range(height - len(pane.rows))]
    panes[0].rows.append(people)
    panes[1].rows.append(office)
    panes[1].rows[-1].spans = {}
    book.statement(statement, title, panes, above=above)


def pane_head(number: int) -> str:
    return "人员经费" if number == 0 else "公用经费"


def standard_final(
    book: Book, money: Money, *, codes: str, numbered: bool, zero_three: str
) -> None:
    truth = book.truth
    name = str(make.publisher(truth))
    index = "栏次" if numbered else ""

    def above(number: int) -> list[str]:
        return [PUBLIC[number], f"部门：{name}", f"金额单位：{money.label}"]

    says = ("current_year",)
    left = [
        make.source(
            truth, f"{make.ordinal(n)}、{label}", fund, basis="current_year", says=says
        )
        for n, (fund, label) in enumerate(SOURCES, 1)
    ]
    right = make.spent_on_class(truth, [FINAL], numbered_class, every=True)
    height = max(len(left), len(right))
    left += [Row({}) for _ in range(height - len(left))]
    left += [
        make.revenue_total(truth, "本年收入合计", "all", "current_year", "total"),
        make.blank_line("source", "使用非财政拨款结余"),
        make.carried_in(truth, "年初结转和结余", "all"),
        make.revenue_total(truth, "总计", "all", "all", "grand_total"),
    ]
    right += [
        make.spent_total(truth, "本年支出合计", "total"),
        make.blank_line("spent", "结余分配"),
        make.carried_out(truth, "年末结转和结余", "all"),
        make.spent_total(truth, "总计", "grand_total", with_kept=True),
    ]
    left_columns = [text("收入", "项目", role="source")]
    right_columns = [text("支出", "项目", role="spent")]
    if numbered:
        lines(right, lines(left, 1, "line"), "line")
        left_columns.append(text("收入", "行次", role="line"))
        right_columns.append(text("支出", "行次", role="line"))
    balance(
        book,
        "balance",
        "收入支出决算总表",
        left,
        right,
        left_columns=[
            *left_columns,
            amount("收入", "金额" if numbered else "决算数", phase="final"),
        ],
        right_columns=[
            *right_columns,
            amount("支出", "金额" if numbered else "决算数", phase="final"),
        ],
        above=above(0),
        index=index,
        below=["注：本表反映部门本年度的总收支和年末结转结余情况。"],
    )
    by_function(
        book,
        "revenue",
        "收入决算表",
        [
            amount("本年收入合计", phase="final", basis="current_year", side="revenue"),
            *(
                amount(
                    label,
                    phase="final",
                    fund=fund,
                    basis="current_year",
                    side="revenue",
                )
                for fund, label in (
                    ("fiscal_appropriation", "财政拨款收入"),
                    ("superior_subsidy", "上级补助收入"),
                    ("institution_income", "事业收入"),
                    ("business_income", "经营收入"),
                    ("affiliated_remittance", "附属单位上缴收入"),
                    ("other_income", "其他收入"),
                )
            ),
        ],
        codes=codes,
        base=Meaning(side="revenue", basis="current_year"),
        above=above(1),
        index=index,
        inside="name" if codes.startswith("split") else "first",
    )
    by_function(
        book,
        "expenditure",
        "支出决算表",
        [
            amount("本年支出合计", phase="final"),
            amount("基本支出", phase="final", measure="basic"),
            amount("项目支出", phase="final", measure="project"),
            amount("上缴上级支出", phase="final", measure="remitted_up"),
            amount("经营支出", phase="final", measure="business"),
            amount("对附属单位补助支出", phase="final", measure="affiliated_subsidy"),
        ],
        codes=codes,
        above=above(2),
        index=index,
        inside="name" if codes.startswith("split") else "first",
    )
    fiscal = "fiscal_appropriation"
    left = [
        make.source(
            truth,
            f"{make.ordinal(n)}、{label.removesuffix('收入')}",
            fund,
            basis="current_year",
            says=says,
        )
        for n, (fund, label) in enumerate(SOURCES[:3], 1)
    ]
    right = make.spent_on_class(truth, [FINAL], numbered_class, every=True)
    left += [Row({}) for _ in range(len(right) - len(left))]
    left += [
        make.revenue_total(truth, "本年收入合计", fiscal, "current_year", "total"),
        make.carried_in(truth, "年初财政拨款结转和结余", fiscal),
        make.carried_in(truth, "一、一般公共预算财政拨款", GENERAL),
        make.carried_in(truth, "二、政府性基金预算财政拨款", FUNDS),
        make.carried_in(truth, "三、国有资本经营预算财政拨款", STATE),
        make.revenue_total(truth, "总计", fiscal, "all", "grand_total"),
    ]
    kept = make.carried_out(truth, "年末财政拨款结转和结余", fiscal)
    del kept.fixes["fund"]  # the columns say which
    right += [
        make.spent_total(truth, "本年支出合计", "total"),
        kept,
        Row({}),
        Row({}),
        Row({}),
        make.spent_total(truth, "总计", "grand_total", with_kept=True),
    ]
    left_columns = [text("收入", "项目", role="source")]
    right_columns = [text("支出", "项目", role="spent")]
    if numbered:
        lines(right, lines(left, 1, "line"), "line")
        left_columns.append(text("收入", "行次", role="line"))
        right_columns.append(text("支出", "行次", role="line"))
    balance(
        book,
        "appropriation_balance",
        "财政拨款收入支出决算总表",
        left,
        right,
        left_columns=[*left_columns, amount("收入", "金额", phase="final")],
        right_columns=[
            *right_columns,
            amount("支出", "合计", phase="final", fund=fiscal),
            amount("支出", "一般公共预算财政拨款", phase="final", fund=GENERAL),
            amount("支出", "政府性基金预算财政拨款", phase="final", fund=FUNDS),
            amount("支出", "国有资本经营预算财政拨款", phase="final", fund=STATE),
        ],
        above=above(3),
        index=index,
    )
    by_function(
        book,
        "general_expenditure",
        "一般公共预算财政拨款支出决算表",
        [
            amount("本年支出", "小计", phase="final", fund=GENERAL),
            amount(
                "本年支出", "基本支出", phase="final", fund=GENERAL, measure="basic"
            ),
            amount(
                "本年支出", "项目支出", phase="final", fund=GENERAL, measure="project"
            ),
        ],
        codes=codes,
        base=Meaning(fund=GENERAL),
        above=above(4),
        index=index,
        inside="name" if codes.startswith("split") else "first",
    )
    three_panes(
        book,
        "basic_expenditure",
        "一般公共预算财政拨款基本支出决算明细表",
        Meaning(phase="final", fund=GENERAL, measure="basic"),
        above=above(5),
    )
    three_public_columns(
        book,
        "财政拨款“三公”经费支出决算表",
        THREE,
        Meaning(fund="fiscal_appropriation"),
        phases=(("budget", "预算数"), ("final", "决算数")),
        money=Money(money.label, money.fen, money.places, money.comma, zero_three),
        above=above(6),
        index="1" if numbered else "",
    )
    fund_columns = [
        amount(
            "年初结转和结余",
            phase="final",
            fund=FUNDS,
            basis="carryover",
            side="revenue",
        ),
        amount(
            "本年收入", phase="final", fund=FUNDS, basis="current_year", side="revenue"
        ),
        amount("本年支出", "小计", phase="final", fund=FUNDS),
        amount("本年支出", "基本支出", phase="final", fund=FUNDS, measure="basic"),
        amount("本年支出", "项目支出", phase="final", fund=FUNDS, measure="project"),
        Column(("年末结转和结余",), derived=lambda row: ""),
    ]
    by_function(
        book,
        "government_funds",
        "政府性基金预算财政拨款收入支出决算表",
        fund_columns,
        codes=codes,
        base=Meaning(fund=FUNDS, side="revenue"),
        above=above(7),
        index=index,
        inside="name" if codes.startswith("split") else "first",
    )
    by_function(
        book,
        "state_capital",
        "国有资本经营预算财政拨款支出决算表",
        [
            amount("合计", phase="final", fund=STATE),
            amount("基本支出", phase="final", fund=STATE, measure="basic"),
            amount("项目支出", phase="final", fund=STATE, measure="project"),
        ],
        codes=codes,
        base=Meaning(fund=STATE),
        above=above(8),
        index=index,
        inside="name" if codes.startswith("split") else "first",
        below=["注：本表反映部门本年度国有资本经营预算财政拨款支出情况。"],
    )


def final_wish() -> Wish:
    return Wish(
        phases=("final", "budget"),
        carryover=True,
        projects=4,
        funds=(FUNDS,),
        unspent=True,
    )


@layout("final_accounts", (1, 6, 7, 14), final_wish)
def final_numbered(pen: Pen, truth: Truth) -> Book:
    """公开01-09表 with 行次 and 栏次, codes in three columns, in 万元."""
    money = Money()
    title = f"{make.publisher(truth)}{truth.year}年度部门决算"
    book = Book(pen, truth, title, money)
    standard_final(book, money, codes="split_bare", numbered=True, zero_three="0.00")
    return book


@layout(
    "final_accounts",
    (1, 4, 5, 14),
    lambda: Wish(phases=("final", "budget"), units=3, projects=3, funds=(STATE,)),
)
def final_yuan(pen: Pen, truth: Truth) -> Book:
    """Final accounts of a department in 元 with joined codes."""
    money = YUAN
    title = f"{truth.year}年度{make.publisher(truth)}部门决算公开"
    book = Book(pen, truth, title, money)
    standard_final(
        book,
        money,
        codes="item_under",
        numbered=False,
        zero_three=pen.one_of("0.00", "—", ""),
    )
    return book


@layout(
    "final_accounts",
    (1, 8, 14),
    lambda: Wish(phases=("final", "budget", "adjusted_budget"), projects=3),
)
def final_pairs(pen: Pen, truth: Truth) -> Book:
    """年初预算数, 全年预算数 and 决算数 side by side."""
    money = Money(zero=pen.one_of("", "0.00", "-"))
    y = truth.year
    name = str(make.publisher(truth))
    book = Book(pen, truth, f"{y}年度{name}单位决算", money)
    above = [f"单位名称：{name}", "单位：万元"]
    phases = (
        ("年初预算数", "budget"),
        ("全年预算数", "adjusted_budget"),
        ("决算数", "final"),
    )
    says = ("current_year",)
    left = [
        make.source(
            truth, f"{make.ordinal(n)}、{label}", fund, basis="current_year", says=says
        )
        for n, (fund, label) in enumerate(SOURCES, 1)
    ]
    everything = [Meaning(phase=phase) for _, phase in phases]
    right = make.spent_on_class(truth, everything, numbered_class, every=False)
    height = max(len(left), len(right))
    left += [Row({}) for _ in range(height - len(left))]
    right += [Row({}) for _ in range(height - len(right))]
    left += [
        make.revenue_total(truth, "本年收入合计", "all", "current_year", "total"),
        make.blank_line("source", "年初结转和结余"),
        make.revenue_total(truth, "总计", "all", "all", "grand_total"),
    ]
    right += [
        make.spent_total(truth, "本年支出合计", "total"),
        make.blank_line("spent", "年末结转和结余"),
        make.spent_total(truth, "总计", "grand_total"),
    ]
    balance(
        book,
        "balance",
        f"{y}年度收入支出决算总表",
        left,
        right,
        left_columns=[
            text("收入", "项目", role="source"),
            *(amount("收入", label, phase=phase) for label, phase in phases),
        ],
        right_columns=[
            text("支出", "项目", role="spent"),
            *(amount("支出", label, phase=phase) for label, phase in phases),
        ],
        above=above,
    )
    by_function(
        book,
        "general_expenditure",
        f"{y}年度一般公共预算财政拨款支出决算表",
        [
            amount("年初预算数", "合计", phase="budget", fund=GENERAL),
            amount(
                "年初预算数", "基本支出", phase="budget", fund=GENERAL, measure="basic"
            ),
            amount(
                "年初预算数",
                "项目支出",
                phase="budget",
                fund=GENERAL,
                measure="project",
            ),
            amount("决算数", "合计", phase="final", fund=GENERAL),
            amount(
                "决算数",
                "基本支出",
                "小计",
                phase="final",
                fund=GENERAL,
                measure="basic",
            ),
            amount(
                "决算数",
                "基本支出",
                "人员经费",
                phase="final",
                fund=GENERAL,
                measure="personnel",
            ),
            amount(
                "决算数",
                "基本支出",
                "公用经费",
                phase="final",
                fund=GENERAL,
                measure="operating",
            ),
            amount(
                "决算数", "项目支出", phase="final", fund=GENERAL, measure="project"
            ),
        ],
        base=Meaning(fund=GENERAL),
        above=above,
    )
    rows = three_public_pair_rows(book)
    book.statement(
        "three_public",
        f"{y}年度一般公共预算财政拨款“三公”经费支出决算表",
        [
            Pane(
                [
                    text("项目", role="item"),
                    amount("预算数", phase="budget", fund=GENERAL),
                    amount("决算数", phase="final", fund=GENERAL),
                ],
                rows,
            )
        ],
        above=above,
    )
    return book


def three_public_pair_rows(book: Book) -> list[Row]:
    """三公 by rows; counts (批次, 人次, 辆) stand in the same column as money."""
    labels = (
        ("total", "“三公”经费支出合计"),
        ("overseas", "1.因公出国（境）费"),
        ("vehicles", "2.公务用车购置及运行维护费"),
        ("vehicle_purchase", "（1）公务用车购置费"),
        ("vehicle_operation", "（2）公务用车运行维护费"),
        ("reception", "3.公务接待费"),
    )
    rows: list[Row] = []
    for item, label in labels:
        rows.append(make.three_public_row(book.truth, item, label))
    counted = (
        ("overseas_groups", "因公出国（境）团组数（个）"),
        ("overseas_people", "因公出国（境）人次数（人）"),
        ("vehicles_bought", "公务用车购置数（辆）"),
        ("vehicles", "公务用车保有量（辆）"),
        ("receptions", "国内公务接待批次（个）"),
        ("guests", "国内公务接待人次（人）"),
    )
    rows.append(Row({"item": "相关统计数"}))
    for key, label in counted:
        rows.append(Row({"item": label}, count=str(book.truth.quantities[key])))
    return rows
