"""More budgets: what single provinces do that others do not."""

from __future__ import annotations

from dataclasses import replace

from tests.forge import codes as official
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
from tests.forge.layouts.budget import BASIC, GENERAL_ONLY, head, start, unit_name
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
    project_list,
    sources,
    text,
    three_public_columns,
    three_public_rows,
)
from tests.forge.paper import grid
from tests.forge.truth import Truth, Wish

SIX = (
    ("total", ("合计",)),
    ("overseas", ("因公出国（境）费",)),
    ("vehicles", ("公务用车购置及运行费", "小计")),
    ("vehicle_purchase", ("公务用车购置及运行费", "公务用车购置费")),
    ("vehicle_operation", ("公务用车购置及运行费", "公务用车运行维护费")),
    ("reception", ("公务接待费",)),
)
THREE_ROWS = (
    ("total", "“三公”经费合计"),
    ("overseas", "1、因公出国（境）费"),
    ("reception", "2、公务接待费"),
    ("vehicles", "3、公务用车购置及运行费"),
    ("vehicle_operation", "其中：公务用车运行维护费"),
    ("vehicle_purchase", "公务用车购置费"),
)


def kinds(**more: str) -> list[Column]:
    return [
        amount("合计", **more),
        amount("基本支出", measure="basic", **more),
        amount("项目支出", measure="project", **more),
    ]


def simple_balance(book: Book, title: str, above: list[str], *, every: bool) -> None:
    """Revenue left, functional classes right, three lines below."""
    truth = book.truth
    right = make.spent_on_class(truth, [M()], numbered_class, every=every)
    balance(
        book,
        "balance",
        title,
        [
            *sources(book, basis="current_year", says=("current_year",)),
            make.revenue_total(truth, "本年收入合计", "all", "current_year", "total"),
            make.carried_in(truth, "上年结转", "all"),
            make.revenue_total(truth, "收入总计", "all", "all", "grand_total"),
        ],
        [
            *right,
            make.spent_total(truth, "本年支出合计", "total"),
            make.blank_line("spent", "结转下年"),
            make.spent_total(truth, "支出总计", "grand_total"),
        ],
        pad_to_last=3,
        above=above,
    )


@layout("budget", (1, 3, 5), lambda: Wish(projects=3))
def lost_zeros(pen: Pen, truth: Truth) -> Book:
    """Codes 208 | 5 | 5; the total stands in the line of 类 款 项; dashes."""
    y = truth.year
    money = replace(pen.rng.choice((Money(), THOUSAND)), zero=pen.one_of("-", "—"))
    book = start(pen, truth, money, f"{unit_name(truth)}{y}年单位预算公开")
    above = head(truth, money, "填报单位")
    first = [
        text("科目编码", role="class"),
        Column(("科目编码",), "section_lost", continues=True),
        Column(("科目编码",), "item_lost", continues=True),
        text("科目名称", role="name"),
    ]
    for statement, title, fund in (
        ("expenditure", f"{y}年部门支出总表", "all"),
        ("general_expenditure", f"{y}年一般公共预算支出表", GENERAL),
    ):
        columns = kinds(fund=fund)
        keep = make.within(truth, M(fund=fund))
        # The header's last line is the total's line: 类 | 款 | 项 | 合计 | 1,234.50.
        whole = make.total_row(
            "合计",
            "name",
            keep,
            make.functional_total(truth),
            heads={"class": "类", "section_lost": "款", "item_lost": "项"},
        )
        listed = make.functional(
            truth, [c.meaning for c in columns if c.meaning], keep=keep
        )
        book.statement(
            statement,
            title,
            [Pane([*first, *columns], [whole, *listed])],
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
        codes="lost",
        base=BASIC,
        inside="name",
        above=above,
    )
    three_public_rows(
        book,
        f"{y}年一般公共预算“三公”经费支出表",
        THREE_ROWS,
        [amount("预算数", fund=GENERAL)],
        above=above,
    )
    return book


@layout("budget", (1, 4, 6), lambda: Wish(projects=4, funds=("fiscal_account",)))
def glued_codes(pen: Pen, truth: Truth) -> Book:
    """Code and name in one cell; the unit stands in the title; 元."""
    y = truth.year
    money = replace(YUAN, comma=pen.one_of(",", ""))
    book = start(pen, truth, money, f"{y}年{unit_name(truth)}预算公开")
    above = [f"单位：{unit_name(truth)}"]
    glue = pen.one_of("glued", "glued_spaced")
    by_function(
        book,
        "revenue",
        f"{y}年收入总表（单位：元）",
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
                "财政专户管理资金",
                fund="fiscal_account",
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
        codes=glue,
        base=M(side="revenue"),
        above=above,
        index=pen.one_of("**", "1", ""),
    )
    by_function(
        book,
        "expenditure",
        f"{y}年支出总表（单位：元）",
        kinds(),
        codes=glue,
        above=above,
        index=pen.one_of("**", ""),
    )
    by_economy(
        book,
        "basic_expenditure",
        f"{y}年一般公共预算基本支出表（单位：元）",
        [
            amount("合计", fund=GENERAL),
            amount("人员经费", measure="personnel", fund=GENERAL),
            amount("公用经费", measure="operating", fund=GENERAL),
        ],
        codes="glued",
        base=BASIC,
        above=above,
    )
    return book


@layout("budget", (4, 8, 18), lambda: Wish(projects=3))
def unit_in_heads(pen: Pen, truth: Truth) -> Book:
    """The unit stands in the column heads alone; a table of contents before."""
    y = truth.year
    money = Money()
    book = start(pen, truth, money, f"{unit_name(truth)}{y}年部门预算")
    titles = [
        f"{y}年部门支出总表",
        f"{y}年一般公共预算支出表",
        f"{y}年一般公共预算基本支出表",
    ]
    book.plain(
        grid(
            ["序号", "报表名称", "页码"],
            *([str(n), title, str(n + 3)] for n, title in enumerate(titles, 1)),
        ),
        "目录",
    )
    book.page()
    name = [f"部门名称：{unit_name(truth)}"]
    for statement, title, fund in (
        ("expenditure", titles[0], "all"),
        ("general_expenditure", titles[1], GENERAL),
    ):
        by_function(
            book,
            statement,
            title,
            [
                amount("合计（万元）", fund=fund),
                amount("基本支出（万元）", measure="basic", fund=fund),
                amount("项目支出（万元）", measure="project", fund=fund),
            ],
            base=M(fund=fund),
            above=name,
        )
    by_economy(
        book,
        "basic_expenditure",
        titles[2],
        [
            amount("基本支出（万元）", "合计", fund=GENERAL),
            amount("基本支出（万元）", "人员经费", measure="personnel", fund=GENERAL),
            amount("基本支出（万元）", "公用经费", measure="operating", fund=GENERAL),
        ],
        base=BASIC,
        above=name,
    )
    return book


def comparing() -> Wish:
    return Wish(projects=4, phases=("budget", "prior_budget"))


@layout("budget", (5, 8, 14), comparing)
def year_on_year(pen: Pen, truth: Truth) -> Book:
    """Last year beside this year; differences and shares that are nobody's fact."""
    y = truth.year
    money = Money()
    book = start(pen, truth, money, f"{unit_name(truth)}{y}年部门预算公开")
    above = head(truth, money)

    def change(row: Row) -> str:
        now, before = _twice(truth, row)
        if now == before:
            return ""
        shown = money.text(abs(now - before))
        return (
            f"({shown})"
            if now < before and pen_style == "brackets"
            else (f"-{shown}" if now < before else shown)
        )

    def share(row: Row) -> str:
        now, before = _twice(truth, row)
        if not before:
            return "#DIV/0!" if now else ""
        return f"{(now - before) * 100 / before:.2f}%"

    pen_style = pen.one_of("brackets", "minus")
    by_function(
        book,
        "general_expenditure",
        f"{y}年一般公共预算支出表",
        [
            amount(f"{y - 1}年预算数", phase="prior_budget", fund=GENERAL),
            amount(f"{y}年预算数", "小计", fund=GENERAL),
            amount(f"{y}年预算数", "基本支出", measure="basic", fund=GENERAL),
            amount(f"{y}年预算数", "项目支出", measure="project", fund=GENERAL),
            Column((f"{y}年比{y - 1}年增减情况", "增减额"), derived=change),
            Column((f"{y}年比{y - 1}年增减情况", "增减%"), derived=share),
        ],
        codes="joined_under",
        base=GENERAL_ONLY,
        above=above,
    )
    three_public_rows(
        book,
        f"{y}年一般公共预算“三公”经费支出表",
        THREE_ROWS,
        [
            amount("上年预算数", fund=GENERAL, phase="prior_budget"),
            amount("本年预算数", fund=GENERAL),
            Column(("增减额",), derived=change),
        ],
        above=above,
        money=replace(money, zero="0.00"),
    )
    three_public_columns(
        book,
        f"{y}年一般公共预算“三公”经费预算对比表",
        SIX,
        GENERAL_ONLY,
        phases=(("prior_budget", f"{y - 1}年预算数"), ("budget", f"{y}年预算数")),
        above=above,
        money=replace(money, zero="0.00"),
    )
    return book


def _twice(truth: Truth, row: Row) -> tuple[int, int]:
    keep = row.keep
    if keep is None:
        return 0, 0
    now = M(fund=GENERAL)
    sums = [
        truth.total(phase, lambda e: keep(e) and now.keeps(e, truth))
        for phase in ("budget", "prior_budget")
    ]
    return sums[0], sums[1]


@layout("budget", (2, 10, 11), lambda: Wish(projects=4, base=303))
def department_303(pen: Pen, truth: Truth) -> Book:
    """A department whose number is an economic class: 303 is a unit here."""
    y = truth.year
    money = Money()
    book = start(pen, truth, money, f"{y}年度{unit_name(truth)}部门预算")
    above = head(truth, money)
    for title, statement, base, scope in (
        (f"{y}年支出经济分类汇总表", "economic_summary", M(), "all"),
        (
            f"{y}年一般公共预算项目支出表",
            "project_economic",
            M(measure="project", fund=GENERAL),
            "project",
        ),
    ):
        shown = (
            [
                amount("总计"),
                amount("一般公共预算", fund=GENERAL, says=("all", "current_year")),
                amount("政府性基金", fund=FUNDS, says=("all", "current_year")),
                amount("国有资本经营预算", fund=STATE, says=("all", "current_year")),
            ]
            if scope == "all"
            else [amount("项目支出", fund=GENERAL)]
        )
        by_economy(
            book,
            statement,
            title,
            shown,
            codes="pair_split",
            scope=scope,
            base=base,
            inside="name",
            unit_head=True,
            above=above
            if scope == "all"
            else ["（按部门预算支出经济分类和政府预算支出经济分类）", *above],
        )
    by_function(
        book,
        "expenditure",
        f"{y}年部门支出总表",
        kinds(),
        codes="split",
        inside="name",
        above=above,
    )
    return book


@layout("budget", (5, 19), lambda: Wish(projects=3))
def old_names(pen: Pen, truth: Truth) -> Book:
    """Names of older editions, brackets of both widths, spaced or wide digits."""
    y = truth.year
    money = Money(wide=pen.rng.random() < 0.3)
    if not money.wide:
        money = replace(money, spaced=pen.rng.random() < 0.5)
    book = start(pen, truth, money, f"{unit_name(truth)}{y}年部门预算公开")
    above = head(truth, money)
    names = official.functional_names()
    older = {
        "210": "医疗卫生与计划生育支出",
        "20805": "行政事业单位离退休",
        "212": "城乡社区事务",
        "213": "农林水事务",
        "224": "灾害防治及应急管理",
    }

    def show(code: str) -> str:
        name = older.get(code, names[code])
        if "（" in name and pen.rng.random() < 0.5:
            name = name.replace("（", "(").replace("）", ")")
        if pen.rng.random() < 0.1:
            name = name.replace("机关", "機關").replace("业", "業")
        return name

    by_function(
        book,
        "general_expenditure",
        f"{y}年一般公共预算支出表",
        kinds(fund=GENERAL),
        base=GENERAL_ONLY,
        show=show,
        above=above,
    )
    right = make.spent_on_class(
        truth,
        [M()],
        numbered_class,
        every=False,
        names=[(code, older.get(code, name)) for code, name in official.classes()],
    )
    balance(
        book,
        "balance",
        f"{y}年部门收支总表",
        [
            *sources(book, basis="current_year", says=("current_year",)),
            make.revenue_total(truth, "本年收入合计", "all", "current_year", "total"),
            make.revenue_total(truth, "收入总计", "all", "all", "grand_total"),
        ],
        [
            *right,
            make.spent_total(truth, "本年支出合计", "total"),
            make.spent_total(truth, "支出总计", "grand_total"),
        ],
        pad_to_last=2,
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
        codes="split",
        inside="name",
        base=BASIC,
        above=above,
    )
    return book


@layout("budget", (1, 3, 7), lambda: Wish(projects=4))
def items_only(pen: Pen, truth: Truth) -> Book:
    """No class or section rows; economic codes in two panes side by side."""
    y = truth.year
    money = Money()
    book = start(pen, truth, money, f"{unit_name(truth)}{y}年部门预算")
    above = head(truth, money, "单位")
    levels = pen.rng.choice(((7,), (3, 7)))
    by_function(
        book,
        "expenditure",
        f"{y}年部门支出总表",
        kinds(),
        codes="steps",
        levels=levels,
        total="last",
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
        levels=levels,
        base=GENERAL_ONLY,
        total="last",
        total_label="总计",
        above=above,
    )
    keep = make.within(truth, BASIC)
    one = Meaning(fund=GENERAL)
    panes = []
    for group in (("301", "303"), ("302", "310")):
        rows = make.economic(
            truth, [BASIC], keep=keep, only=lambda code, group=group: code[:3] in group
        )
        panes.append(
            Pane(
                [
                    text("经济科目编码", role="code"),
                    text("经济科目名称", role="name"),
                    Column(("预算数",), meaning=one),
                ],
                rows,
            )
        )
    height = max(len(pane.rows) for pane in panes)
    for pane in panes:
        pane.rows += [Row({}) for _ in range(height - len(pane.rows))]
    panes[0].rows.append(
        make.total_row("合计", "code", keep, make.economic_total(truth))
    )
    book.statement(
        "basic_expenditure", f"{y}年一般公共预算基本支出表", panes, above=above
    )
    return book


@layout(
    "budget",
    (11, 16, 17),
    lambda: Wish(units=4, projects=2, funds=("institution_income",)),
)
def rows_of_units(pen: Pen, truth: Truth) -> Book:
    """A department's tables with a row per unit and no codes; targets beside."""
    y = truth.year
    money = Money()
    book = start(pen, truth, money, f"{y}年度{truth.department.name}部门预算公开")
    above = [f"部门名称：{truth.department.name}", "单位：万元"]
    fact = {"table": "functional", "functional_code": None}
    rows = [
        make.total_row(
            "合计", "unit_name", make.everything, make.functional_total(truth)
        ),
        *make.units(truth, fact),
    ]
    book.statement(
        "expenditure",
        f"{y}年部门支出总表",
        [
            Pane(
                [
                    text("单位编码", role="unit_code"),
                    text("单位名称", role="unit_name"),
                    amount("合计"),
                    amount("基本支出", "小计", measure="basic"),
                    amount("基本支出", "人员经费", measure="personnel"),
                    amount("基本支出", "公用经费", measure="operating"),
                    amount("项目支出", measure="project"),
                ],
                rows,
            )
        ],
        above=above,
    )
    project_list(
        book,
        f"{y}年项目支出表",
        [
            amount("资金来源", "合计", measure="project"),
            amount("资金来源", "一般公共预算", measure="project", fund=GENERAL),
            amount("资金来源", "政府性基金预算", measure="project", fund=FUNDS),
            amount("资金来源", "单位资金", measure="project", fund="unit_funds"),
        ],
        first=[
            text("项目编码", role="project_code"),
            text("项目名称", role="project_name"),
            text("项目类别", role="project_type"),
            text("单位名称", role="unit_name"),
        ],
        above=above,
    )
    project = truth.projects[0]
    value = money.text(truth.total("budget", lambda e: e.project == project.name))
    book.plain(
        grid(
            ["项目名称", (project.name, 5)],
            ["主管部门", (truth.department.name, 2), "实施单位", (project.unit, 2)],
            ["项目资金（万元）", "年度资金总额", (value, 4)],
            ["", "其中：财政拨款", (value, 4)],
            ["年度目标", ("按时足额完成全年工作任务", 5)],
            ["绩效指标", "一级指标", "二级指标", "三级指标", "指标值", "权重"],
            ["", "产出指标", "数量指标", "办理业务数量", "≥1200件", "20"],
            ["", "产出指标", "质量指标", "办结率", "≥95%", "20"],
            ["", "效益指标", "社会效益", "群众知晓率", "≥90%", "30"],
            ["", "满意度指标", "服务对象", "群众满意度", "≥98%", "20"],
            header_rows=0,
        ),
        f"{y}年项目支出绩效目标表",
    )
    all_ = money.text(truth.total("budget", lambda e: e.kind == "project"))
    book.line(
        f"（一）{y}年部门预算绩效目标管理情况：纳入绩效目标管理的项目共{len(truth.projects)}个，涉及资金{all_}万元。",
        "（二）截至上年年末，共有车辆5辆，单价100万元以上设备2台（套）。",
    )
    book.plain(
        grid(
            ["采购项目", "采购目录", "计量单位", "数量", "单价"],
            ["办公设备", "A02010105台式计算机", "台", "12", "0.5"],
            ["复印纸", "A05040101复印纸", "箱", "40", "0.02"],
        ),
        f"{y}年政府采购明细表",
    )
    return book


@layout("budget", (9, 12), lambda: Wish(projects=6, carryover=True, funds=(FUNDS,)))
def south_carryover(pen: Pen, truth: Truth) -> Book:
    """上年结转 as a group of its own beside 本年收入; wide revenue tables."""
    y = truth.year
    money = Money(zero=pen.one_of("", "0.00"))
    book = start(pen, truth, money, f"{unit_name(truth)}{y}年部门预算")
    above = head(truth, money)
    simple_balance(book, f"{y}年部门收支总表", above, every=True)
    groups = (
        (GENERAL, "一般公共预算"),
        (FUNDS, "政府性基金预算"),
        (STATE, "国有资本经营预算"),
    )
    by_function(
        book,
        "revenue",
        f"{y}年部门收入总表",
        [
            amount("合计", side="revenue"),
            amount("上年结转", "小计", basis="carryover", side="revenue"),
            *(
                amount("上年结转", label, fund=fund, basis="carryover", side="revenue")
                for fund, label in groups
            ),
            amount("本年收入", "小计", basis="current_year", side="revenue"),
            *(
                amount(
                    "本年收入", label, fund=fund, basis="current_year", side="revenue"
                )
                for fund, label in groups
            ),
            amount(
                "本年收入",
                "事业收入",
                fund="institution_income",
                basis="current_year",
                side="revenue",
            ),
            amount(
                "本年收入",
                "其他收入",
                fund="other_income",
                basis="current_year",
                side="revenue",
            ),
        ],
        codes="split",
        inside="name",
        base=M(side="revenue"),
        above=above,
    )
    by_function(
        book,
        "expenditure",
        f"{y}年部门支出总表",
        kinds(),
        codes="split",
        inside="name",
        above=above,
    )
    by_function(
        book,
        "government_funds",
        f"{y}年政府性基金预算支出表",
        kinds(fund=FUNDS),
        codes="split",
        inside="name",
        base=M(fund=FUNDS),
        above=above,
    )
    empty(
        book,
        "state_capital",
        f"{y}年国有资本经营预算支出表",
        kinds(fund=STATE),
        codes="split",
        above=above,
        below=["注：本部门无国有资本经营预算支出，故本表无数据。"],
    )
    return book


@layout("budget", (13, 15), lambda: Wish(projects=3))
def three_public_counts(pen: Pen, truth: Truth) -> Book:
    """Counts beside money; 机关运行经费, 会议费 and 培训费 in the 三公 table."""
    y = truth.year
    money = Money(zero="0.00")
    book = start(pen, truth, money, f"{unit_name(truth)}{y}年单位预算公开")
    above = head(truth, money)
    counts = truth.quantities
    three_public_rows(
        book,
        f"{y}年一般公共预算“三公”经费、会议费、培训费支出表",
        [*THREE_ROWS, ("meetings", "会议费"), ("training", "培训费")],
        [amount("预算数", fund=GENERAL)],
        above=above,
    )
    keep, fact = make.three_public(truth, "agency_operation")
    columns: list[Column] = []
    for item, path in SIX:
        kept, told = make.three_public(truth, item)
        columns.append(Column(path, meaning=GENERAL_ONLY, keep=kept, facts=(told,)))
    columns += [
        Column(("公务用车保有量（辆）",), derived=lambda row: str(counts["vehicles"])),
        Column(("公务接待批次",), derived=lambda row: str(counts["receptions"])),
        Column(("公务接待人次",), derived=lambda row: str(counts["guests"])),
        Column(("机关运行经费",), meaning=GENERAL_ONLY, keep=keep, facts=(fact,)),
    ]
    book.statement(
        "three_public",
        f"{y}年一般公共预算“三公”经费及机关运行经费预算表",
        [Pane(columns, [Row({}, make.everything)])],
        above=above,
    )
    by_function(
        book,
        "general_expenditure",
        f"{y}年一般公共预算支出表",
        kinds(fund=GENERAL),
        base=GENERAL_ONLY,
        above=above,
        title_in_grid=True,
    )
    empty(
        book,
        "government_funds",
        f"{y}年政府性基金预算支出表",
        kinds(fund=FUNDS),
        lone_total=False,
        above=above,
        below=["本表无数据"],
    )
    return book


@layout("budget", (1, 7, 19), lambda: Wish(projects=3, funds=("institution_income",)))
def three_panes(pen: Pen, truth: Truth) -> Book:
    """Revenue, expenditure by function and expenditure by kind in one table."""
    y = truth.year
    money = Money()
    book = start(pen, truth, money, f"{y}年{unit_name(truth)}部门预算")
    above = head(truth, money)
    left = [
        *sources(book, basis="current_year", says=("current_year",)),
        make.revenue_total(truth, "本年收入合计", "all", "current_year", "total"),
        make.revenue_total(truth, "收入总计", "all", "all", "grand_total"),
    ]
    middle = [
        *make.spent_on_class(truth, [M()], numbered_class, every=True),
        make.spent_total(truth, "本年支出合计", "total"),
        make.spent_total(truth, "支出总计", "grand_total"),
    ]
    height = max(len(left), len(middle))
    left[-2:-2] = [Row({})] * (height - len(left))
    middle[-2:-2] = [Row({})] * (height - len(middle))
    by_kind = [
        _kind_row(truth, "一、基本支出", "basic"),
        _kind_row(truth, "人员经费", "personnel"),
        _kind_row(truth, "公用经费", "operating"),
        _kind_row(truth, "二、项目支出", "project"),
    ]
    by_kind += [Row({})] * (height - len(by_kind) - 2)
    by_kind += [
        Row(
            {"kind": "本年支出合计"},
            make.everything,
            [{**make.functional_total(truth), "row_role": "total"}],
        ),
        Row(
            {"kind": "支出总计"},
            make.everything,
            [{**make.functional_total(truth), "row_role": ("grand_total", "total")}],
        ),
    ]
    book.statement(
        "balance",
        f"{y}年部门收支总表",
        [
            Pane([text("收入", "项目", role="source"), amount("收入", "预算数")], left),
            Pane(
                [
                    text("支出", "项目（按功能分类）", role="spent"),
                    amount("支出", "预算数"),
                ],
                middle,
            ),
            Pane(
                [
                    text("支出", "项目（按支出性质）", role="kind"),
                    amount("支出", "预算数"),
                ],
                by_kind,
            ),
        ],
        above=above,
        optional=True,
    )
    by_function(
        book,
        "general_expenditure",
        f"{y}年一般公共预算支出表",
        kinds(fund=GENERAL),
        codes="joined_under",
        base=GENERAL_ONLY,
        above=above,
    )
    return book


def _kind_row(truth: Truth, label: str, measure: str) -> Row:
    fact = {**make.functional_total(truth), "row_role": ("total", "code")}
    return Row({"kind": label}, make.everything, [fact], {"measure": measure})


@layout("budget", (1, 20), lambda: Wish(projects=4))
def published_mistakes(pen: Pen, truth: Truth) -> Book:
    """A section that differs from its items by 100 yuan, a total cut at the yuan."""
    y = truth.year
    money = replace(YUAN, places=2)
    book = start(pen, truth, money, f"{unit_name(truth)}{y}年部门预算")
    above = head(truth, money)
    by_function(
        book,
        "expenditure",
        f"{y}年部门支出总表",
        kinds(),
        above=above,
        mistake=(2, 2, 100_00),
    )
    by_function(
        book,
        "general_expenditure",
        f"{y}年一般公共预算支出表",
        kinds(fund=GENERAL),
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
        mistake=(1, 3, -7_00),
    )
    return book


@layout("budget", (1, 10), lambda: Wish(units=2, projects=3))
def government_economy(pen: Pen, truth: Truth) -> Book:
    """Government codes alone, project expenditure by economic code, plain balances."""
    y = truth.year
    money = Money()
    book = start(pen, truth, money, f"{y}年{truth.department.name}部门预算公开")
    above = [f"部门：{truth.department.name}", "单位：万元"]
    balance(
        book,
        "appropriation_balance",
        f"{y}年财政拨款收支总表",
        [
            make.revenue_total(
                truth, "一、本年收入", "fiscal_appropriation", "current_year", "total"
            ),
            *sources(
                book,
                labels={
                    GENERAL: "（一）一般公共预算拨款",
                    FUNDS: "（二）政府性基金预算拨款",
                    STATE: "（三）国有资本经营预算拨款",
                },
                numbered=False,
                basis="current_year",
                says=("current_year",),
            ),
            make.blank_line("source", "二、上年结转"),
            make.revenue_total(
                truth, "收入总计", "fiscal_appropriation", "all", "grand_total"
            ),
        ],
        [
            make.spent_total(truth, "一、本年支出", "total"),
            *make.spent_on_class(
                truth,
                [M()],
                lambda number, code, name: f"（{make.ordinal(number)}）{name}",
                every=True,
            ),
            make.blank_line("spent", "二、结转下年"),
            make.spent_total(truth, "支出总计", ("grand_total", "total")),
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
    government = [
        text("政府预算支出经济分类科目", "科目编码", role="code"),
        text("政府预算支出经济分类科目", "科目名称", role="name"),
    ]
    by_economy(
        book,
        "basic_expenditure",
        f"{y}年一般公共预算基本支出表（政府预算支出经济分类）",
        [amount("基本支出预算数", fund=GENERAL)],
        first=government,
        classification="government",
        base=BASIC,
        above=above,
    )
    by_economy(
        book,
        "project_economic",
        f"{y}年一般公共预算项目支出表（政府预算支出经济分类）",
        [amount("项目支出预算数", fund=GENERAL)],
        first=government,
        classification="government",
        scope="project",
        base=M(measure="project", fund=GENERAL),
        above=above,
    )
    by_economy(
        book,
        "project_economic",
        f"{y}年一般公共预算项目支出表（部门预算支出经济分类）",
        [amount("项目支出预算数", fund=GENERAL)],
        codes="joined_under",
        scope="project",
        base=M(measure="project", fund=GENERAL),
        above=above,
    )
    return book
