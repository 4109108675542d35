"""The documents: for each point of the list of layouts some that show it.

Names of units, sentences and figures are invented; the figures of a document add
up unless its point is that they do not.
"""

from __future__ import annotations

from tests.forge.paper import Block, Grid, PageBreak, grid
from tests.layouts.office import Office, disclosed

KINDS = ("合计", "基本支出", "项目支出")
Row = tuple[str, str, str, str, str]


def expenditure(more: int) -> tuple[Row, ...]:
    """Code, name, total, basic and project expenditure; the total comes first.

    Equal figures of two documents would make one a copy of the other: ``more``
    is added to the one project.
    """
    return (
        ("", "合计", f"{150 + more}.00", "130.00", f"{20 + more}.00"),
        ("208", "社会保障和就业支出", f"{120 + more}.00", "100.00", f"{20 + more}.00"),
        (
            *("20801", "人力资源和社会保障管理事务"),
            *(f"{110 + more}.00", "90.00", f"{20 + more}.00"),
        ),
        ("2080101", "行政运行", "90.00", "90.00", ""),
        ("2080109", "社会保险经办机构", f"{20 + more}.00", "", f"{20 + more}.00"),
        ("20805", "行政事业单位养老支出", "10.00", "10.00", ""),
        ("2080505", "机关事业单位基本养老保险缴费支出", "10.00", "10.00", ""),
        ("221", "住房保障支出", "30.00", "30.00", ""),
        ("22102", "住房改革支出", "30.00", "30.00", ""),
        ("2210201", "住房公积金", "30.00", "30.00", ""),
    )


def parts(code: str) -> list[str]:
    """A code as class, section and item."""
    return [code[:3], code[3:5], code[5:]]


# 1. Codes -------------------------------------------------------------------


@disclosed("txt", "xlsx", "docx", "pdf-borderless")
def point_01_joined(office: Office) -> list[Block]:
    table = grid(["科目编码", "科目名称", *KINDS], *map(list, expenditure(0)))
    return office.table("部门支出总表", table)


@disclosed("pdf", "csv", "txt")
def point_01_split_in_three(office: Office) -> list[Block]:
    table = grid(
        [("科目编码", 3), ("科目名称", 1, 2), *((kind, 1, 2) for kind in KINDS)],
        ["类", "款", "项"],
        *([*parts(code), *row] for code, *row in expenditure(1)),
        header_rows=2,
    )
    return office.table("部门支出总表", table)


@disclosed("xlsx", "html")
def point_01_lost_zero(office: Office) -> list[Block]:
    table = grid(
        [("经济分类科目编码", 2), ("科目名称", 1, 2), ("基本支出", 1, 2)],
        ["类", "款"],
        ["", "", "合计", "96.50"],
        ["301", "", "工资福利支出", "90.00"],
        ["301", "1", "基本工资", "60.00"],
        ["301", "2", "津贴补贴", "20.00"],
        ["301", "13", "住房公积金", "10.00"],
        ["302", "", "商品和服务支出", "6.50"],
        ["302", "1", "办公费", "4.00"],
        ["302", "11", "差旅费", "2.50"],
        header_rows=2,
    )
    return office.table("一般公共预算基本支出表", table)


@disclosed("docx", "txt", "pdf-open")
def point_01_glued_to_the_name(office: Office) -> list[Block]:
    table = grid(
        ["科目", *KINDS],
        *([code + name, *row] for code, name, *row in expenditure(2)),
    )
    return office.table("部门支出总表", table)


@disclosed("html", "xls")
def point_01_mixed(office: Office) -> list[Block]:
    table = grid(
        ["经济分类科目", "合计", "人员经费", "公用经费"],
        ["合计", "96.50", "90.00", "6.50"],
        ["301工资福利支出", "90.00", "90.00", ""],
        ["301 01基本工资", "60.00", "60.00", ""],
        ["301 02津贴补贴", "20.00", "20.00", ""],
        ["30113 住房公积金", "10.00", "10.00", ""],
        ["302商品和服务支出", "6.50", "", "6.50"],
        ["302 01办公费", "4.00", "", "4.00"],
        ["302 11差旅费", "2.50", "", "2.50"],
    )
    return office.table("一般公共预算基本支出表", table)


@disclosed("xls", "html-cms", "pdf")
def point_01_names_alone(office: Office) -> list[Block]:
    table = grid(["科目名称", *KINDS], *([*row] for _, *row in expenditure(3)))
    return office.table("部门支出总表", table)


def balance_with_ordinals(office: Office, *ordinals: str) -> list[Block]:
    """Classes under ordinals, which are no codes and differ between provinces."""
    names = ("一般公共服务支出", "社会保障和就业支出", "住房保障支出")
    amounts = ("", "120.00", "30.00")
    sources = (("一、一般公共预算拨款收入", "150.00"), ("二、其他收入", ""), ("", ""))
    table = grid(
        [("收入", 2), ("支出", 2)],
        ["项目", "预算数", "项目", "预算数"],
        *(
            [*source, f"{ordinal}、{name}", amount]
            for source, ordinal, name, amount in zip(
                sources, ordinals, names, amounts, strict=True
            )
        ),
        ["本年收入合计", "150.00", "本年支出合计", "150.00"],
        ["收入总计", "150.00", "支出总计", "150.00"],
        header_rows=2,
    )
    return office.table("部门收支总表", table)


@disclosed("txt", "pdf")
def point_01_ordinals(office: Office) -> list[Block]:
    return balance_with_ordinals(office, "一", "八", "十九")


@disclosed("xlsx", "docx")
def point_01_other_ordinals(office: Office) -> list[Block]:
    return balance_with_ordinals(office, "一", "七", "二十")


@disclosed("csv", "docx")
def point_01_without_sections(office: Office) -> list[Block]:
    rows = [list(row) for row in expenditure(4) if len(row[0]) != 5]
    table = grid(["科目编码", "科目名称", *KINDS], *rows)
    return office.table("部门支出总表", table)


@disclosed("xlsx", "pdf-boxes")
def point_01_without_subtotals(office: Office) -> list[Block]:
    rows = [list(row) for row in expenditure(5) if len(row[0]) in (0, 7)]
    table = grid(["科目编码", "科目名称", *KINDS], *rows)
    return office.table("部门支出总表", table)


# 2. A unit's code in the column of the codes --------------------------------


@disclosed("xlsx", "txt", "pdf")
def point_02_unit_code(office: Office) -> list[Block]:
    table = grid(
        [
            ("科目编码", 2),
            ("单位（科目名称）", 1, 2),
            *((kind, 1, 2) for kind in KINDS),
        ],
        ["类", "款"],
        ["", "", "合计", "75.00", "70.00", "5.00"],
        ["303", "", office.unit, "75.00", "70.00", "5.00"],
        ["301", "01", "基本工资", "40.00", "40.00", ""],
        ["302", "01", "办公费", "17.00", "12.00", "5.00"],
        ["303", "02", "退休费", "18.00", "18.00", ""],
        header_rows=2,
    )
    return office.table("支出经济分类汇总表", table)


# 3. Totals ------------------------------------------------------------------


@disclosed("xlsx", "txt", "docx", "xlsx-one-sheet", "xls-one-sheet")
def point_03_totals(office: Office) -> list[Block]:
    """The same kind of row, in five places and under five names."""
    total, *codes = expenditure(0)
    last = grid(
        ["科目编码", "科目名称", *KINDS],
        *map(list, codes),
        ["", "总计", *total[2:]],
    )
    in_header = grid(
        [("科目编码", 2), "科目名称", "基本支出"],
        ["类", "款", "合计", "130.00"],
        ["301", "", "工资福利支出", "130.00"],
        ["301", "01", "基本工资", "100.00"],
        ["301", "13", "住房公积金", "30.00"],
        header_rows=2,
    )
    funds = grid(
        ["科目编码", "科目名称", *KINDS],
        ["212", "城乡社区支出", "7.00", "", "7.00"],
        ["21208", "国有土地使用权出让收入安排的支出", "7.00", "", "7.00"],
        ["2120803", "城市建设支出", "7.00", "", "7.00"],
        [("本年支出合计", 2), "7.00", "", "7.00"],
    )
    projects = grid(
        ["单位名称", "项目名称", "金额"],
        [("部门合计", 2), "27.00"],
        [office.unit, "社保经办", "20.00"],
        [office.unit, "渡口改造", "7.00"],
    )
    return [
        *office.table("一般公共预算支出表", last),
        *office.table("一般公共预算基本支出表", in_header),
        *office.table("政府性基金预算支出表", funds),
        *office.table("项目支出表", projects),
    ]


@disclosed("txt", "csv", "html")
def point_03_marked_up_total(office: Office) -> list[Block]:
    """What a text kept of the markup it was copied from."""
    revenue = grid(
        ["科目编码", "科目名称", "合计", "一般公共预算", "政府性基金预算"],
        [("<b>合计</b>", 2), "157.00", "150.00", "7.00"],
        ["208", "社会保障和就业支出", "120.00", "120.00", ""],
        ["212", "城乡社区支出", "7.00", "", "7.00"],
        ["221", "住房保障支出", "30.00", "30.00", ""],
    )
    return office.table("部门收入总表", revenue)


# 4. Units -------------------------------------------------------------------


@disclosed("xlsx", "html-cms", "pdf", "txt", "tsv", "txt-cells")
def point_04_units(office: Office) -> list[Block]:
    expenditure = grid(
        ["科目编码", "科目名称", *KINDS],
        ["", "合计", "1,500,050.25", "1,300,000.00", "200,050.25"],
        ["208", "社会保障和就业支出", "1,500,050.25", "1,300,000.00", "200,050.25"],
        [
            "20801",
            "人力资源和社会保障管理事务",
            "1,500,050.25",
            "1,300,000.00",
            "200,050.25",
        ],
        ["2080101", "行政运行", "1,300,000.00", "1,300,000.00", ""],
        ["2080109", "社会保险经办机构", "200,050.25", "", "200,050.25"],
    )
    general = grid(
        [
            "科目编码",
            "科目名称",
            "合计（千元）",
            "基本支出（千元）",
            "项目支出（千元）",
        ],
        ["", "合计", "1,500.05", "1,300.00", "200.05"],
        ["208", "社会保障和就业支出", "1,500.05", "1,300.00", "200.05"],
    )
    basic = grid(
        ["科目编码", "科目名称", "基本支出"],
        ["", "合计", "1300"],
        ["301", "工资福利支出", "1000"],
        ["302", "商品和服务支出", "300"],
    )
    cars = grid(
        ["项目", "预算数"],
        ["“三公”经费合计", "3.20"],
        ["因公出国（境）费", ""],
        ["公务接待费", "0.70"],
        ["公务用车购置及运行费", "2.50"],
    )
    return [
        *office.table("部门支出总表", expenditure, unit="单位：元"),
        *office.table("一般公共预算支出表", general, unit=""),
        *office.table("一般公共预算基本支出表（单位：千元）", basic, unit=""),
        *office.table("“三公”经费预算表", cars, unit="金额单位：万元"),
        f"{office.year}年支出150.01万元，其中项目支出20.01万元。",
    ]


@disclosed("pdf", "pdf-borderless")
def point_04_unit_of_a_page(office: Office) -> list[Block]:
    """Two tables on a page, the unit stated once above them."""
    cars = grid(
        ["项目", "预算数"],
        ["公务接待费", "700.00"],
        ["公务用车运行费", "2,500.00"],
    )
    basic = grid(
        ["科目编码", "科目名称", "基本支出"],
        ["", "合计", "1,300.00"],
        ["301", "工资福利支出", "1,000.00"],
        ["302", "商品和服务支出", "300.00"],
    )
    return [
        PageBreak(),
        f"{office.year}年报表",
        "单位：元",
        "一般公共预算基本支出表",
        basic,
        "“三公”经费预算表",
        cars,
    ]


@disclosed("xlsx-text", "html", "txt")
def point_04_unit_in_the_cell(office: Office) -> list[Block]:
    table = grid(
        ["项目名称", "金额"],
        ["合计", "1752.50万"],
        ["渡口改造", "1720.00万"],
        ["航标更新", "32.50万"],
    )
    return office.table("项目支出表", table, unit="单位：元")


@disclosed("docx", "txt")
def point_04_unit_never_stated(office: Office) -> list[Block]:
    table = grid(
        ["科目编码", "科目名称", *KINDS],
        ["", "合计", "11.00", "11.00", ""],
        ["208", "社会保障和就业支出", "11.00", "11.00", ""],
    )
    return office.table("部门支出总表", table, unit="")


# 5. Numbers -----------------------------------------------------------------


@disclosed("txt", "xlsx-text", "docx", "pdf")
def point_05_numbers(office: Office) -> list[Block]:
    table = grid(
        ["科目编码", "科目名称", *KINDS],
        ["", "合计", "16,023.77", "11,436.06", "4,587.71"],
        ["208", "社会保障和就业支出", "１6,123.77", "11436.06", "4, 687. 71"],
        ["20801", "人力资源和社会保障管理事务", "16，111.27", "11,423.56", "4,687.71"],
        ["2080101", "行政运行", "11,423.56", "11,423.56", "-"],
        ["2080109", "社会保险经办机构", "4,687.71", "—", "4,687.71"],
        ["20805", "行政事业单位养老支出", "１２．５", "12.5", ""],
        ["2080505", "机关事业单位基本养老保险缴费支出", "12.50", "12.50", "0"],
        ["221", "住房保障支出", "0.00", "0.00", "0.00"],
        ["229", "其他支出", "(100.00)", "", "(100.00)"],
    )
    return office.table("部门支出总表", table)


@disclosed("txt", "xlsx-text", "html")
def point_05_no_numbers(office: Office) -> list[Block]:
    """Words and an error of a formula where amounts would stand."""
    table = grid(
        ["科目编码", "科目名称", *KINDS],
        ["", "合计", "12.00", "12.00", "单位不需填列"],
        ["208", "社会保障和就业支出", "12.00", "12.00", ""],
        ["2080101", "行政运行", "12.00", "#DIV/0!", ""],
    )
    return office.table("部门支出总表", table)


# 6. Rows and columns of indices ---------------------------------------------


@disclosed("xlsx", "pdf", "txt")
def point_06_index_row(office: Office) -> list[Block]:
    table = grid(
        [("科目编码", 3), ("科目名称", 1, 2), *((kind, 1, 2) for kind in KINDS)],
        ["类", "款", "项"],
        ["1", "2", "3", "4", "5", "6", "7"],
        *([*parts(code), *row] for code, *row in expenditure(6)),
        header_rows=3,
    )
    return office.table("部门支出总表", table)


@disclosed("xlsx", "docx", "html-line")
def point_06_formulas(office: Office) -> list[Block]:
    table = grid(
        [
            ("科目编码", 1, 2),
            ("科目名称", 1, 2),
            ("合计", 1, 2),
            ("基本支出", 3),
            ("项目支出", 1, 2),
        ],
        ["小计", "人员经费", "公用经费"],
        ["栏次", "", "1=2+5", "2=3+4", "3", "4", "5"],
        ["", "合计", "150.00", "130.00", "100.00", "30.00", "20.00"],
        ["208", "社会保障和就业支出", "120.00", "100.00", "70.00", "30.00", "20.00"],
        ["221", "住房保障支出", "30.00", "30.00", "30.00", "", ""],
        header_rows=3,
    )
    return office.table("部门支出总表", table)


@disclosed("pdf", "xlsx", "csv", "pdf-horizontal")
def point_06_line_numbers(office: Office) -> list[Block]:
    table = grid(
        [("收入", 3), ("支出", 3)],
        ["项目", "行次", "金额", "项目", "行次", "金额"],
        ["栏次", "", "1", "栏次", "", "2"],
        [
            "一、一般公共预算财政拨款收入",
            "1",
            "150.00",
            "一、社会保障和就业支出",
            "15",
            "120.00",
        ],
        ["二、其他收入", "2", "", "二、住房保障支出", "16", "30.00"],
        ["本年收入合计", "3", "150.00", "本年支出合计", "17", "150.00"],
        ["总计", "4", "150.00", "总计", "18", "150.00"],
        header_rows=3,
    )
    return office.table("收入支出总表", table)


# 7. Panes side by side ------------------------------------------------------


@disclosed("html", "pdf", "txt", "xlsx", "pdf-borderless")
def point_07_two_panes(office: Office) -> list[Block]:
    table = grid(
        ["科目编码", "科目名称", "金额", "科目编码", "科目名称", "金额"],
        ["301", "工资福利支出", "63.76", "302", "商品和服务支出", "9.96"],
        ["30101", "基本工资", "53.76", "30201", "办公费", "8.46"],
        ["30113", "住房公积金", "10.00", "30211", "差旅费", "1.50"],
        ["", "人员经费合计", "63.76", "", "公用经费合计", "9.96"],
    )
    return office.table("一般公共预算基本支出表", table)


@disclosed("docx", "xlsx")
def point_07_three_panes(office: Office) -> list[Block]:
    table = grid(
        [("人员经费", 3), ("公用经费", 6)],
        ["科目编码", "科目名称", "金额"] * 3,
        [
            "301",
            "工资福利支出",
            "63.76",
            "302",
            "商品和服务支出",
            "9.96",
            "310",
            "资本性支出",
            "4.00",
        ],
        [
            "30101",
            "基本工资",
            "53.76",
            "30201",
            "办公费",
            "8.46",
            "31002",
            "办公设备购置",
            "4.00",
        ],
        ["30113", "住房公积金", "10.00", "30211", "差旅费", "1.50", "", "", ""],
        header_rows=2,
    )
    return office.table("一般公共预算基本支出表", table)


# 8. Merged headers ----------------------------------------------------------


@disclosed("txt", "xlsx", "docx", "pdf", "html-cells", "pdf-borderless")
def point_08_four_header_rows(office: Office) -> list[Block]:
    table = grid(
        [("科目编码", 3, 3), ("科目名称", 1, 4), ("合计", 1, 4), ("其中", 8)],
        [("基本支出", 5), ("项目支出", 3)],
        [
            ("小计", 1, 2),
            ("人员经费", 2),
            ("公用经费", 2),
            *((label, 1, 2) for label in ("小计", "其他运转类", "特定目标类")),
        ],
        [
            *("类", "款", "项"),
            *("工资福利支出", "对个人和家庭的补助", "商品和服务支出", "资本性支出"),
        ],
        [
            *("", "", ""),
            "合计",
            *("470", "370", "310", "20", "30", "10", "100", "40", "60"),
        ],
        [
            *("208", "01", "01"),
            "行政运行",
            *("330", "330", "270", "20", "30", "10", "", "", ""),
        ],
        [
            *("208", "01", "09"),
            "社会保险经办机构",
            *("100", "", "", "", "", "", "100", "40", "60"),
        ],
        [
            *("221", "02", "01"),
            "住房公积金",
            *("40", "40", "40", "", "", "", "", "", ""),
        ],
        header_rows=4,
    )
    return office.table("部门支出总表", table)


@disclosed("txt", "txt-slid", "docx", "pdf", "csv-gb18030")
def point_08_broken_words(office: Office) -> list[Block]:
    table = grid(
        [
            ("科目编码", 1, 2),
            ("科目名称", 1, 2),
            ("总计", 1, 2),
            ("本年收入", 4),
            ("上年\n结转", 1, 2),
        ],
        ["合计", "一般公共 预算", "政府性\n基金预算", "国有资本经营 预算"],
        [("合计", 2), "157.00", "155.00", "150.00", "5.00", "", "2.00"],
        ["208", "社会保障和就业支出", "122.00", "120.00", "120.00", "", "", "2.00"],
        ["212", "城乡社区支出", "5.00", "5.00", "", "5.00", "", ""],
        ["221", "住房保障支出", "30.00", "30.00", "30.00", "", "", ""],
        header_rows=2,
    )
    return office.table("部门收入总表", table)


# 9. Tables over several pages -----------------------------------------------

LONG = (
    ("301", "工资福利支出", "145.00"),
    ("30101", "基本工资", "60.00"),
    ("30102", "津贴补贴", "20.00"),
    ("30103", "奖金", "15.00"),
    ("30106", "伙食补助费", "2.00"),
    ("30107", "绩效工资", "10.00"),
    ("30108", "机关事业单位基本养老保险缴费", "12.00"),
    ("30109", "职业年金缴费", "6.00"),
    ("30110", "职工基本医疗保险缴费", "5.00"),
    ("30111", "公务员医疗补助缴费", "2.00"),
    ("30112", "其他社会保障缴费", "1.00"),
    ("30113", "住房公积金", "12.00"),
    ("302", "商品和服务支出", "28.50"),
    ("30201", "办公费", "4.00"),
    ("30202", "印刷费", "1.00"),
    ("30205", "水费", "0.50"),
    ("30206", "电费", "1.50"),
    ("30207", "邮电费", "1.00"),
    ("30209", "物业管理费", "3.00"),
    ("30211", "差旅费", "2.50"),
    ("30213", "维修（护）费", "2.00"),
    ("30215", "会议费", "0.50"),
    ("30216", "培训费", "0.50"),
    ("30217", "公务接待费", "0.30"),
    ("30226", "劳务费", "1.20"),
    ("30227", "委托业务费", "2.00"),
    ("30228", "工会经费", "1.50"),
    ("30229", "福利费", "1.00"),
    ("30231", "公务用车运行维护费", "2.00"),
    ("30239", "其他交通费用", "3.50"),
    ("30299", "其他商品和服务支出", "0.50"),
    ("303", "对个人和家庭的补助", "9.00"),
    ("30302", "退休费", "7.50"),
    ("30305", "生活补助", "1.50"),
)


@disclosed(
    "pdf-continued", "pdf-repeated", "txt", "txt-cells", "html-line", "docx", "xls"
)
def point_09_long(office: Office) -> list[Block]:
    table = grid(
        ["科目编码", "科目名称", "基本支出", "说明"],
        ["", "合计", "182.50", ""],
        *([*row, ""] for row in LONG),
    )
    return office.table("一般公共预算基本支出表", table)


@disclosed("txt", "csv")
def point_09_cut_by_a_blank_line(office: Office) -> list[Block]:
    """The second part has no header, or the same once more."""
    rows = [list(row) for row in LONG[:31]]
    header = ["科目编码", "科目名称", "基本支出", "备注"]
    first = grid(header, ["", "合计", "173.50", ""], *([*row, ""] for row in rows[:20]))
    second = grid(*([*row, ""] for row in rows[20:]), header_rows=0)
    return [*office.table("一般公共预算基本支出表", first), second]


@disclosed("csv", "txt", "html", "pdf")
def point_09_three_columns(office: Office) -> list[Block]:
    """A table of few columns, cut by a blank line."""
    header = ["科目编码", "科目名称", "基本支出"]
    first = grid(header, ["", "合计", "16.50"], ["302", "商品和服务支出", "16.50"])
    second = grid(
        ["30201", "办公费", "14.00"], ["30211", "差旅费", "2.50"], header_rows=0
    )
    return [*office.table("一般公共预算基本支出表", first), second]


@disclosed("xlsx", "docx", "pdf", "html")
def point_09_goes_on_under_its_title(office: Office) -> list[Block]:
    """One statement on two sheets or pages, the second with title and header again."""
    header = ["科目编码", "科目名称", *KINDS]
    rows = [list(row) for row in expenditure(9)]
    return [
        *office.table("部门支出总表", grid(header, *rows[:5])),
        *office.table("部门支出总表（续）", grid(header, *rows[5:])),
    ]


@disclosed("html", "docx", "txt", "pdf")
def point_09_title_without_a_table(office: Office) -> list[Block]:
    """The second table is a picture, or the reader did not find it."""
    table = grid(["科目编码", "科目名称", *KINDS], *map(list, expenditure(11)))
    return [
        *office.table("部门支出总表", table),
        PageBreak(),
        f"{office.year}年政府性基金预算支出表",
        f"单位名称：{office.unit}",
        "单位：万元",
        PageBreak(),
        "第三部分 名词解释",
        "基本支出是保障机构运转的支出。",
    ]


# 10. Pairs of economic codes ------------------------------------------------


@disclosed("xlsx", "txt", "pdf", "docx")
def point_10_pairs(office: Office) -> list[Block]:
    table = grid(
        [
            ("部门预算支出经济分类科目", 2),
            ("政府预算支出经济分类科目", 2),
            *((k, 1, 2) for k in KINDS),
        ],
        ["科目编码", "科目名称", "科目编码", "科目名称"],
        ["", "合计", "", "", "86.00", "75.00", "11.00"],
        ["30101", "基本工资", "50101", "工资奖金津补贴", "40.00", "40.00", ""],
        ["30101", "基本工资", "50501", "工资福利支出", "20.00", "20.00", ""],
        ["30226", "劳务费", "50205", "委托业务费", "9.00", "3.00", "6.00"],
        ["30226", "劳务费", "50502", "商品和服务支出", "17.00", "12.00", "5.00"],
        header_rows=2,
    )
    return office.table("支出经济分类汇总表", table)


# 11. Rollups ----------------------------------------------------------------


def rollup(office: Office, *units: tuple[str, str, str]) -> Grid:
    total = [f"{sum(float(row[at]) for row in units):.2f}" for at in (1, 2)]
    return grid(
        ["单位编码", "科目编码", "单位（科目名称）", *KINDS],
        ["", "", "合计", f"{float(total[0]) + float(total[1]):.2f}", *total],
        *(
            row
            for number, (unit, basic, project) in enumerate(units, 1)
            for whole in [f"{float(basic) + float(project):.2f}"]
            for row in (
                [f"4100{number:02}", "", unit, whole, basic, project],
                ["", "208", "社会保障和就业支出", whole, basic, project],
                ["", "2080101", "行政运行", whole, basic, project],
            )
        ),
    )


@disclosed("xlsx", "docx", "pdf")
def point_11_rows_for_each_unit(office: Office) -> list[Block]:
    table = rollup(
        office,
        (f"{office.unit}本级", "40.00", "6.00"),
        ("云溪县灯塔所", "30.00", "4.00"),
    )
    return office.table("部门支出总表", table)


def department(office: Office) -> list[Block]:
    """The figures of a department that has one unit, and of that unit."""
    table = grid(["科目编码", "科目名称", *KINDS], *map(list, expenditure(10)))
    return office.table("部门支出总表", table)


@disclosed("xlsx", "pdf")
def point_11_department(office: Office) -> list[Block]:
    return department(office)


@disclosed("docx", "txt")
def point_11_only_unit(office: Office) -> list[Block]:
    return department(office)


@disclosed("html", "xls")
def point_11_unit_that_differs(office: Office) -> list[Block]:
    """The unit has less than its department."""
    table = grid(["科目编码", "科目名称", *KINDS], *map(list, expenditure(-5)))
    return office.table("部门支出总表", table)


# 12. Carryover --------------------------------------------------------------


@disclosed("txt", "pdf", "xlsx", "tsv", "pdf-borderless")
def point_12_carryover(office: Office) -> list[Block]:
    """合计 of the balance leaves carryover out, that of the revenue has it inside."""
    balance = grid(
        [("收入", 2), ("支出", 2)],
        ["项目", "预算数", "项目", "预算数"],
        ["一、一般公共预算拨款收入", "150.00", "一、社会保障和就业支出", "125.00"],
        ["二、其他收入", "", "二、住房保障支出", "30.00"],
        ["本年收入合计", "150.00", "本年支出合计", "155.00"],
        ["上年结转", "5.00", "结转下年", ""],
        ["收入总计", "155.00", "支出总计", "155.00"],
        header_rows=2,
    )
    revenue = grid(
        ["科目编码", "科目名称", "合计", "一般公共预算", "上年结转"],
        ["", "合计", "155.00", "150.00", "5.00"],
        ["2080101", "行政运行", "120.00", "120.00", ""],
        ["2080109", "社会保险经办机构", "5.00", "", "5.00"],
        ["2210201", "住房公积金", "30.00", "30.00", ""],
    )
    return [
        *office.table("部门收支总表", balance),
        *office.table("部门收入总表", revenue),
    ]


# 13. Empty tables -----------------------------------------------------------


@disclosed("docx", "xlsx", "html", "pdf", "txt")
def point_13_empty(office: Office) -> list[Block]:
    header = ["科目编码", "科目名称", *KINDS]
    lone = grid(header, ["", "合计", "", "", ""], ["", "", "", "", ""])
    nothing = grid(header, *([["", "", "", "", ""]] * 3))
    zero = grid(header, ["", "合计", "-", "-", "-"])
    full = grid(
        header,
        ["", "合计", "31.00", "31.00", ""],
        ["208", "社会保障和就业支出", "31.00", "31.00", ""],
    )
    return [
        *office.table("部门支出总表", full),
        *office.table("政府性基金预算支出表", lone),
        *office.table(
            "国有资本经营预算支出表", nothing, "注：本单位无此项支出，故本表为空表。"
        ),
        *office.table(
            "项目支出表", grid(["项目名称", "金额"], ["合计", ""]), "注：本表无数据。"
        ),
        *office.table("一般公共预算支出表", zero, "本表无数据"),
    ]


# 14. Final accounts ---------------------------------------------------------


@disclosed("xlsx", "docx", "pdf", "html", "xlsx-one-sheet", "txt", stage="决算")
def point_14_nine_tables(office: Office) -> list[Block]:
    def table(number: int, title: str, content: Grid) -> list[Block]:
        return [
            PageBreak(),
            title,
            f"公开{number:02}表",
            f"部门：{office.unit}",
            "金额单位：万元",
            content,
        ]

    both = ["年初预算数", "决算数"]
    balance = grid(
        [("收入", 4), ("支出", 4)],
        ["项目", "行次", *both, "项目", "行次", *both],
        ["栏次", "", "1", "2", "栏次", "", "3", "4"],
        [
            "一、一般公共预算财政拨款收入",
            "1",
            "140.00",
            "150.00",
            "一、社会保障和就业支出",
            "5",
            "110.00",
            "118.00",
        ],
        ["二、其他收入", "2", "", "2.00", "二、住房保障支出", "6", "30.00", "30.00"],
        [
            "本年收入合计",
            "3",
            "140.00",
            "152.00",
            "本年支出合计",
            "7",
            "140.00",
            "148.00",
        ],
        ["年初结转和结余", "4", "", "3.00", "年末结转和结余", "8", "", "7.00"],
        ["总计", "5", "140.00", "155.00", "总计", "9", "140.00", "155.00"],
        header_rows=3,
    )
    revenue = grid(
        ["功能分类科目编码", "科目名称", "本年收入合计", "财政拨款收入", "其他收入"],
        [("栏次", 2), "1", "2", "3"],
        [("合计", 2), "152.00", "150.00", "2.00"],
        ["208", "社会保障和就业支出", "122.00", "120.00", "2.00"],
        ["221", "住房保障支出", "30.00", "30.00", ""],
        header_rows=2,
    )
    expenditure = grid(
        ["功能分类科目编码", "科目名称", "本年支出合计", "基本支出", "项目支出"],
        [("栏次", 2), "1", "2", "3"],
        [("合计", 2), "148.00", "130.00", "18.00"],
        ["208", "社会保障和就业支出", "118.00", "100.00", "18.00"],
        ["221", "住房保障支出", "30.00", "30.00", ""],
        header_rows=2,
    )
    appropriation = grid(
        [("收入", 2), ("支出", 5)],
        [
            "项目",
            "金额",
            "项目",
            "合计",
            "一般公共预算财政拨款",
            "政府性基金预算财政拨款",
            "国有资本经营预算财政拨款",
        ],
        [
            "一、一般公共预算财政拨款",
            "150.00",
            "一、社会保障和就业支出",
            "116.00",
            "116.00",
            "",
            "",
        ],
        [
            "二、政府性基金预算财政拨款",
            "",
            "二、住房保障支出",
            "30.00",
            "30.00",
            "",
            "",
        ],
        ["本年收入合计", "150.00", "本年支出合计", "146.00", "146.00", "", ""],
        [
            "年初财政拨款结转和结余",
            "3.00",
            "年末财政拨款结转和结余",
            "7.00",
            "7.00",
            "",
            "",
        ],
        ["总计", "153.00", "总计", "153.00", "153.00", "", ""],
        header_rows=2,
    )
    general = grid(
        ["功能分类科目编码", "科目名称", "小计", "基本支出", "项目支出"],
        [("栏次", 2), "1", "2", "3"],
        [("合计", 2), "146.00", "130.00", "16.00"],
        ["208", "社会保障和就业支出", "116.00", "100.00", "16.00"],
        ["221", "住房保障支出", "30.00", "30.00", ""],
        header_rows=2,
    )
    basic = grid(
        [("人员经费", 3), ("公用经费", 3)],
        ["科目编码", "科目名称", "决算数"] * 2,
        ["301", "工资福利支出", "115.00", "302", "商品和服务支出", "15.00"],
        ["30101", "基本工资", "85.00", "30201", "办公费", "15.00"],
        ["30113", "住房公积金", "30.00", "", "", ""],
        [("人员经费合计", 2), "115.00", ("公用经费合计", 2), "15.00"],
        header_rows=2,
    )
    car = ["小计", "公务用车购置费", "公务用车运行费"]
    half = [
        ("合计", 1, 2),
        ("因公出国（境）费", 1, 2),
        ("公务用车购置及运行费", 3),
        ("公务接待费", 1, 2),
    ]
    three_public = grid(
        [("预算数", 6), ("决算数", 6)],
        [*half, *half],
        [*car, *car],
        [*("1", "2", "3", "4", "5", "6"), *("7", "8", "9", "10", "11", "12")],
        [
            *("4.00", "", "3.00", "", "3.00", "1.00"),
            *("3.10", "", "2.60", "", "2.60", "0.50"),
        ],
        header_rows=4,
    )
    funds = grid(
        [
            "功能分类科目编码",
            "科目名称",
            "年初结转和结余",
            "本年收入",
            "本年支出",
            "年末结转和结余",
        ],
        [("合计", 2), "", "", "", ""],
    )
    capital = grid(
        ["功能分类科目编码", "科目名称", "合计", "基本支出", "项目支出"],
        [("合计", 2), "", "", ""],
    )
    return [
        *table(1, "收入支出决算总表", balance),
        *table(2, "收入决算表", revenue),
        *table(3, "支出决算表", expenditure),
        *table(4, "财政拨款收入支出决算总表", appropriation),
        *table(5, "一般公共预算财政拨款支出决算表", general),
        *table(6, "一般公共预算财政拨款基本支出决算明细表", basic),
        *table(7, "财政拨款“三公”经费支出决算表", three_public),
        *table(8, "政府性基金预算财政拨款收入支出决算表", funds),
        "注：本部门没有政府性基金预算财政拨款收入和支出，本表无数据。",
        *table(9, "国有资本经营预算财政拨款支出决算表", capital),
        "注：本部门没有国有资本经营预算财政拨款支出，本表无数据。",
    ]


# 15. Three public expenses --------------------------------------------------


@disclosed("xlsx", "html", "pdf", "txt")
def point_15_three_public(office: Office) -> list[Block]:
    table = grid(
        ["项目", "金额", "数量"],
        ["“三公”经费合计", "3.65", ""],
        ["1.因公出国（境）费", "0.00", ""],
        ["2.公务接待费", "1.00", ""],
        ["国内接待批次（批）", "", "12"],
        ["国内接待人次（人）", "", "96"],
        ["3.公务用车购置及运行费", "2.65", ""],
        ["其中：公务用车购置费", "", ""],
        ["公务用车运行维护费", "2.65", ""],
        ["公务用车保有量（辆）", "", "2"],
        ["机关运行经费", "40.00", ""],
        ["会议费", "0.50", ""],
        ["培训费", "0.80", ""],
    )
    return office.table("“三公”经费、机关运行经费、会议费和培训费预算表", table)


@disclosed("docx", "xlsx")
def point_15_parent_below_its_child(office: Office) -> list[Block]:
    table = grid(
        ["项目", "预算数"],
        ["“三公”经费合计", "33.65"],
        ["因公出国（境）费", "0.00"],
        ["公务接待费", "1.00"],
        ["公务用车购置及运行费", "0.00"],
        ["公务用车购置费", "0.00"],
        ["公务用车运行维护费", "32.65"],
    )
    return office.table("“三公”经费预算表", table)


# 16. Performance targets ----------------------------------------------------


@disclosed("docx", "html", "pdf", "xlsx", "txt")
def point_16_targets(office: Office) -> list[Block]:
    form = grid(
        [("项目名称", 2), ("渡口安全巡查", 3)],
        [("主管部门", 2), office.unit, "实施期限", "1年"],
        [("项目资金（元）", 2), "年度资金总额", ("200,000.00", 2)],
        [("", 2), "其中：财政拨款", ("180,000.00", 2)],
        [("", 2), "其他资金", ("20,000.00", 2)],
        [("总体目标", 2), ("每月20日前完成巡查，全年不少于240次，减少事故3起。", 3)],
        ["绩效指标", "一级指标", "二级指标", "三级指标", "指标值"],
        [("", 1, 4), ("产出指标", 1, 2), "数量指标", "巡查次数", "≥240次"],
        ["时效指标", "完成时间", "每月20日前"],
        ["成本指标", "经济成本指标", "每次成本", "≤833.33元"],
        ["满意度指标", "服务对象满意度", "乘客满意度", "≥95%"],
        header_rows=0,
    )
    whole = grid(
        ["部门名称", (office.unit, 3)],
        ["年度资金（万元）", "150.00", "编制人数", "≤60人"],
        ["年度目标", ("保障渡口24小时通航，安全率100%。", 3)],
        header_rows=0,
    )
    projects = grid(["项目名称", "金额"], ["合计", "20.00"], ["渡口安全巡查", "20.00"])
    return [
        *office.table("项目支出表", projects),
        *office.table("项目绩效目标表", form),
        *office.table("部门整体绩效目标表", whole),
    ]


@disclosed("docx", "html", "pdf", "xlsx", "txt")
def point_16_two_forms_side_by_side(office: Office) -> list[Block]:
    form = grid(
        [("项目名称", 3), ("航标维护经费", 6)],
        [("实施单位", 3), (office.unit, 3), "项目期", ("1年", 2)],
        [
            ("项目资金（元）", 1, 3),
            *(("实施期资金总额：", 2), ("410,000", 2)),
            *(("年度资金总额：", 2), ("205,000", 2)),
        ],
        [
            ("其中：省级财政资金", 2),
            ("10,000", 2),
            ("其中：省级财政资金", 2),
            ("5,000", 2),
        ],
        [
            ("市县（区）财政资金", 2),
            ("400,000", 2),
            ("市县（区）财政资金", 2),
            ("200,000", 2),
        ],
        [("", 1), ("实施期目标", 4), ("年度目标", 4)],
        [
            *("绩效指标", "一级指标", "二级指标", "三级指标", "指标值"),
            *("二级指标", "三级指标", ("指标值", 2)),
        ],
        [
            ("", 1, 4),
            ("产出指标", 1, 2),
            *("数量指标", "维护航标", "40座", "数量指标", "维护航标", ("20座", 2)),
        ],
        ["质量指标", "航标完好率", "≥98%", "质量指标", "航标完好率", ("不低于98%", 2)],
        [
            *("效益指标", "社会效益指标", "船员知晓程度", "提高"),
            *("社会效益指标", "船员知晓程度", ("提高", 2)),
        ],
        [
            *("满意度指标", "服务对象满意度指标", "船员满意度", "≥90%"),
            *("服务对象满意度指标", "船员满意度", ("≥90%", 2)),
        ],
        [("负责人：", 3), ("经办人：", 2), ("填报日期：", 2), ("20251017", 2)],
        header_rows=0,
    )
    return office.table("项目支出绩效目标表", form, unit="")


@disclosed("docx", "html", "pdf", "xlsx", "txt")
def point_16_weighted_targets(office: Office) -> list[Block]:
    form = grid(
        ["专项资金名称", ("渡船更新专项", 2), "业务主管部门", (office.unit, 3)],
        [("当年预算", 1, 2), ("30.50", 2, 2), "县级支出", ("20.00", 3)],
        ["补助乡镇", ("10.50", 3)],
        ["当年绩效目标", ("更新渡船2艘。", 6)],
        [
            *("绩效指标", "指标名称", "指标权重", "计量单位"),
            *("指标性质", "指标值", "是否核心指标"),
        ],
        [("", 1, 3), "更新渡船", "40", "艘", "≥", "2", "是"],
        ["安全达标率", "30", "%", "＝", "100", "否"],
        ["完成时间", "30", "", "定性", "每年6月底前", "否"],
        header_rows=0,
    )
    return office.table("专项项目绩效目标表", form)


@disclosed("docx", "html", "pdf", "xlsx", "txt")
def point_16_projects_as_rows(office: Office) -> list[Block]:
    table = grid(
        [
            *(("项目编码", 1, 3), ("项目名称", 1, 3)),
            *(("项目金额（万元）", 3), ("绩效目标", 4)),
        ],
        ["资金总额", "财政拨款", "单位资金", ("成本指标", 2), ("产出指标", 2)],
        ["", "", "", "三级指标", "指标值", "三级指标", "指标值"],
        ["", "合计", "45.50", "40.00", "5.50", "", "", "", ""],
        [
            *("4107002200000000010699", "渡口值守", "15.50", "15.50", ""),
            *("值守成本", "≤15.50万元", "值守天数", "365天"),
        ],
        ["", "", "", "", "", "", "", "值守到岗率", "≥95%"],
        [
            *("4107002200000000010701", "码头修缮", "30.00", "24.50", "5.50"),
            *("修缮成本", "30万元", "修缮码头", "3座"),
        ],
        header_rows=3,
    )
    return office.table("预算项目绩效目标表", table, unit="")


@disclosed("docx", "html", "pdf", "xlsx", "txt", stage="决算")
def point_16_evaluation(office: Office) -> list[Block]:
    form = grid(
        ["项目名称", ("渡船检修经费", 8)],
        [
            *("项目资金（万元）", "", "年初预算数", "全年预算数", "全年执行数"),
            *("分值", "执行率", ("得分", 2)),
        ],
        ["", "年度资金总额", "30.00", "31.00", "29.50", "10", "95.16%", ("9.5", 2)],
        ["", "其中：财政拨款", "28.00", "28.00", "27.50", "-", "", ("-", 2)],
        ["", "其他资金", "2.00", "3.00", "2.00", "-", "", ("-", 2)],
        [
            *("绩效指标", "一级指标", "二级指标", "三级指标", "年度指标值"),
            *("实际完成值", "分值", "得分", "偏差原因分析及改进措施"),
        ],
        [
            *("", "产出指标", "数量指标", "检修渡船", "6艘"),
            *("6艘", "60", "60", ""),
        ],
        [
            *("", "满意度指标", "服务对象满意度指标", "乘客满意度", "≥90%"),
            *("91%", "30", "30", ""),
        ],
        [("总分", 6), "100", ("99.5", 2)],
        header_rows=0,
    )
    return office.table("项目支出绩效自评表", form, unit="")


# 17. Prose ------------------------------------------------------------------


@disclosed("txt", "docx", "pdf", "html-cms")
def point_17_prose(office: Office) -> list[Block]:
    year = office.year
    table = grid(
        ["科目编码", "科目名称", *KINDS],
        ["", "合计", "57.61", "50.00", "7.61"],
        ["208", "社会保障和就业支出", "50.00", "50.00", ""],
        ["210", "卫生健康支出", "7.61", "", "7.61"],
    )
    return [
        *office.table("部门支出总表", table),
        PageBreak(),
        f"{office.unit}{year}年支出57.61万元，其中社会保障和就业支出50.00万元，卫生健康支",
        "出7.61 万元，分别占86.79%和13.21%。",
        f"{year - 1}年和{year}年的支出各是61.25，57.61万元，减少3.64万元，下降5.94%。",
        "基本支出与上年持平。现有工作人员二十五名，渡船6艘，公务用车2辆。",
        "（116人-20人）×150.00元=1.44万元，用于渡工的意外保险。",
        "一、收入合计\t57.61万元",
        "1720.00万元的改造工程列入下一年度。",
    ]


# 18. Watermarks, page numbers, contents -------------------------------------


@disclosed("pdf-watermark", "pdf-watermark-along", "html", "docx", "xlsx")
def point_18_watermark(office: Office) -> list[Block]:
    contents = [
        "目录",
        "第一部分 部门概况……………………1",
        "一、主要职责……………………2",
        "第二部分 部门预算表……………………3",
        "一、部门支出总表……………………12",
        "二、部门收入总表……………………15",
    ]
    index = grid(
        ["编号", "报表名称", "页码"],
        ["1", "部门支出总表", "12"],
        ["2", "部门收入总表", "15"],
    )
    table = grid(["科目编码", "科目名称", *KINDS], *map(list, expenditure(7)))
    return [
        *(PageBreak(), *contents),
        *(PageBreak(), "附件目录", index),
        *office.table("部门支出总表", table),
    ]


@disclosed("txt", "txt-blanks")
def point_18_watermark_between_lines(office: Office) -> list[Block]:
    mark = "云溪公开专用"
    header = ["科目编码", "科目名称", *KINDS]
    rows = [list(row) for row in expenditure(8)]
    first, second = grid(header, *rows[:6]), grid(*rows[6:], header_rows=0)
    return [
        mark,
        "渡口管理站负责全县渡口的安全。",
        mark,
        "- 3 -",
        *office.table("部门支出总表", first),
        mark,
        "- 4 -",
        second,
        mark,
    ]


# 19. Characters and names ---------------------------------------------------


@disclosed("txt", "xlsx", "docx", "pdf")
def point_19_characters(office: Office) -> list[Block]:
    basic = grid(
        ["科目编码", "科目名称", "基本支出"],
        ["", "合计", "30.00"],
        ["302", "商品和服務支出", "30.00"],
        ["30213", "维修(护)费", "12.00"],
        ["30212", "因公出国(境)费用", "8.00"],
        ["30299", "其他商品和服務支出", "10.00"],
    )
    expenditure = grid(
        ["科目名称", *KINDS],
        ["合计", "42.00", "30.00", "12.00"],
        ["社会保障和就业支出", "30.00", "30.00", ""],
        ["医疗卫生与计划生育支出", "5.00", "", "5.00"],
        ["城乡社区事务", "7.00", "", "7.00"],
    )
    return [
        "根据《关于渡口管理的通知》（国办发(2004]9号）和〔2020〕3号文件编制。",
        *office.table("一般公共预算基本支出表", basic),
        *office.table("部门支出总表", expenditure),
    ]


# 20. Published mistakes -----------------------------------------------------


@disclosed("xlsx", "pdf", "txt")
def point_20_one_yuan(office: Office) -> list[Block]:
    """The section is one 元 more than its only item and its class."""
    table = grid(
        ["科目编码", "科目名称", *KINDS],
        ["", "合计", "1,500,050.25", "1,300,000.00", "200,050.25"],
        ["208", "社会保障和就业支出", "1,200,050.25", "1,000,000.00", "200,050.25"],
        [
            "20801",
            "人力资源和社会保障管理事务",
            "1,200,051.25",
            "1,000,001.00",
            "200,050.25",
        ],
        ["2080101", "行政运行", "1,000,000.00", "1,000,000.00", ""],
        ["2080109", "社会保险经办机构", "200,050.25", "", "200,050.25"],
        ["221", "住房保障支出", "300,000.00", "300,000.00", ""],
        ["22102", "住房改革支出", "300,000.00", "300,000.00", ""],
        ["2210201", "住房公积金", "300,000.00", "300,000.00", ""],
    )
    return office.table("部门支出总表", table, unit="单位：元")


@disclosed("docx", "xlsx", "html")
def point_20_dropped_cents(office: Office) -> list[Block]:
    table = grid(
        ["科目编码", "科目名称", *KINDS],
        ["", "合计", "1,500,050", "1,300,000", "200,050"],
        ["208", "社会保障和就业支出", "1,200,050.37", "1,000,000.12", "200,050.25"],
        ["2080101", "行政运行", "1,000,000.12", "1,000,000.12", ""],
        ["2080109", "社会保险经办机构", "200,050.25", "", "200,050.25"],
        ["221", "住房保障支出", "300,000.00", "300,000.00", ""],
        ["2210201", "住房公积金", "300,000.00", "300,000.00", ""],
    )
    return office.table("部门支出总表", table, unit="单位：元")


@disclosed("pdf", "docx", "csv", "xlsx")
def point_20_withheld(office: Office) -> list[Block]:
    """An item is not printed; its parents and the totals of three tables have it."""
    note = "注：涉密项目不予公开。"

    def table(
        title: str, kinds: tuple[str, ...], *rows: tuple[str, ...]
    ) -> list[Block]:
        content = grid(["科目编码", "科目名称", *kinds], *([*row] for row in rows))
        return office.table(title, content, note)

    def rows(count: int) -> list[tuple[str, ...]]:
        return [
            ("", "合计", "150.00", "130.00", "20.00")[: 2 + count],
            ("208", "社会保障和就业支出", "120.00", "100.00", "20.00")[: 2 + count],
            ("20801", "人力资源和社会保障管理事务", "120.00", "100.00", "20.00")[
                : 2 + count
            ],
            ("2080101", "行政运行", "100.00", "100.00", "")[: 2 + count],
            ("221", "住房保障支出", "30.00", "30.00", "")[: 2 + count],
            ("22102", "住房改革支出", "30.00", "30.00", "")[: 2 + count],
            ("2210201", "住房公积金", "30.00", "30.00", "")[: 2 + count],
        ]

    return [
        *table(
            "部门收入总表", ("合计", "一般公共预算"), *((*r, r[-1]) for r in rows(1))
        ),
        *table("部门支出总表", KINDS, *rows(3)),
        *table("一般公共预算支出表", KINDS, *rows(3)),
    ]


# Beside the twenty: where a format hides its tables ---------------------------


@disclosed("docx-boxes", "docx-framed", "html-framed", "xlsx-hidden", "docx")
def point_21_containers(office: Office) -> list[Block]:
    """In text boxes, in cells of other tables, and once more on hidden sheets."""
    general = grid(
        [("科目编码", 1, 2), ("科目名称", 1, 2), ("合计", 1, 2), ("其中", 2)],
        ["基本支出", "项目支出"],
        *map(list, expenditure(12)),
        header_rows=2,
    )
    cars = grid(
        ["项目", "预算数"],
        ["“三公”经费合计", "3.20"],
        ["公务接待费", "0.70"],
        ["公务用车购置及运行费", "2.50"],
    )
    return [
        *office.table("一般公共预算支出表", general, "注：本表含上年结转。"),
        *office.table("“三公”经费预算表", cars),
    ]


# What is bought and what there is ---------------------------------------------


@disclosed("txt", "xlsx", "docx", "pdf", "pdf-borderless")
def point_22_procurement_kinds(office: Office) -> list[Block]:
    """货物, 工程 and 服务 by source of money."""
    table = grid(
        ["项目", "合计", "一般公共预算拨款", "政府性基金预算拨款", "单位资金"],
        ["合计", "131.40", "121.40", "10.00", ""],
        ["货物", "41.40", "31.40", "10.00", ""],
        ["工程", "20.00", "20.00", "", ""],
        ["服务", "70.00", "70.00", "", ""],
    )
    return office.table("政府采购预算表", table)


@disclosed("xlsx", "docx", "pdf", "html")
def point_22_procurement_list(office: Office) -> list[Block]:
    """A row for each purchase, with its code of the catalogue and its price."""
    table = grid(
        [
            *(("单位名称", 1, 2), ("项目名称", 1, 2), ("采购项目", 1, 2)),
            *(("采购品目", 1, 2), ("计量单位", 1, 2), ("数量", 1, 2), ("单价", 1, 2)),
            ("资金来源", 3),
        ],
        ["合计", "一般公共预算", "单位资金"],
        ["合计", "", "", "", "", "", "", "9.80", "8.20", "1.60"],
        [
            *(office.unit, "公用经费", "台式电脑", "A02010105台式计算机"),
            *("台", "12", "0.50", "6.00", "6.00", ""),
        ],
        [
            *(office.unit, "公用经费", "复印纸", "A05040101复印纸"),
            *("箱", "80", "0.02", "1.60", "", "1.60"),
        ],
        [
            *(office.unit, "公用经费", "物业管理", "C21040000物业管理服务"),
            *("年", "1", "2.20", "2.20", "2.20", ""),
        ],
        header_rows=2,
    )
    return office.table("部门政府采购预算表", table)


@disclosed("txt", "xlsx", "docx", "pdf", stage="决算")
def point_22_operation(office: Office) -> list[Block]:
    """三公, 机关运行经费, vehicles and procurement below each other in one column."""
    table = grid(
        ["项目", "行次", "预算数", "决算数"],
        ["一、“三公”经费支出", "1", "", ""],
        ["（一）支出合计", "2", "12.00", "10.60"],
        ["1.因公出国（境）费", "3", "", ""],
        ["2.公务用车购置及运行维护费", "4", "8.00", "7.60"],
        ["（1）公务用车购置费", "5", "", ""],
        ["（2）公务用车运行维护费", "6", "8.00", "7.60"],
        ["3.公务接待费", "7", "4.00", "3.00"],
        ["（二）相关统计数", "8", "—", "—"],
        ["1.公务用车保有量（辆）", "9", "—", "3"],
        ["2.国内公务接待批次（个）", "10", "—", "26"],
        ["3.国内公务接待人次（人）", "11", "—", "180"],
        ["其中：外事接待人次（人）", "12", "—", "9"],
        ["4.国（境）外公务接待批次（个）", "13", "—", "2"],
        ["5.国（境）外公务接待人次（人）", "14", "—", "7"],
        ["二、机关运行经费", "15", "—", "95.30"],
        ["（一）行政单位", "16", "—", "90.30"],
        ["（二）参照公务员法管理事业单位", "17", "—", "5.00"],
        ["三、国有资产占用情况", "18", "—", "—"],
        ["（一）车辆数合计（辆）", "19", "—", "3"],
        ["1.机要通信用车", "20", "—", "1"],
        ["2.其他用车", "21", "—", "2"],
        ["（二）单价100万元（含）以上设备（不含车辆）（台、套）", "22", "—", "2"],
        ["四、政府采购支出信息", "23", "—", "—"],
        ["（一）政府采购支出合计", "24", "—", "132.50"],
        ["1.政府采购货物支出", "25", "—", "42.50"],
        ["2.政府采购工程支出", "26", "—", "20.00"],
        ["3.政府采购服务支出", "27", "—", "70.00"],
        ["（二）政府采购授予中小企业合同金额", "28", "—", "100.00"],
        ["其中：授予小微企业合同金额", "29", "—", "60.00"],
    )
    return office.table("机构运行信息表", table)


@disclosed("xlsx", "docx", "pdf", "html")
def point_22_assets(office: Office) -> list[Block]:
    """Numbers beside their value, which is no number of things."""
    cars = grid(
        ["项目", "预算数"],
        ["“三公”经费合计", "3.30"],
        ["公务接待费", "0.80"],
        ["公务用车购置及运行费", "2.50"],
    )
    assets = grid(
        ["项目", "数量", "价值（万元）"],
        ["房屋（平方米）", "1200.50", "300.00"],
        ["其中：办公用房（平方米）", "800.00", "200.00"],
        ["车辆（辆）", "5", "150.00"],
        ["1.应急保障用车", "2", "60.00"],
        ["2.其他用车", "3", "90.00"],
        ["单价50万元以上通用设备（台套）", "4", "260.00"],
    )
    staff = grid(
        ["单位名称", "编制数", "在职人数", "退休人数"],
        [office.unit, "45", "42", "18"],
    )
    return [
        *office.table("“三公”经费预算表", cars),
        *office.table("国有资产占有使用情况表", assets),
        *office.table("人员编制情况表", staff, unit="单位：人"),
    ]


@disclosed("xlsx", "docx", "pdf", "html")
def point_22_counts_beside_money(office: Office) -> list[Block]:
    """批次, 人次 and 辆 in columns beside the money they explain."""
    table = grid(
        [
            *(("单位名称", 1, 2), ("合计", 1, 2), ("因公出国（境）费", 3)),
            *(("公务接待费", 3), ("公务用车购置及运行费", 2)),
        ],
        ["团组数", "人数", "金额", "批次", "人次", "金额", "保有量（辆）", "运行费"],
        [office.unit, "20.10", "1", "3", "6.00", "12", "90", "4.10", "2", "10.00"],
        header_rows=2,
    )
    return office.table("一般公共预算“三公”经费支出表", table)
