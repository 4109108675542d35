"""Who publishes what and when, editions of one disclosure, and what counts once.

One small corpus of departments that publish in every way that makes a figure stand
in several files: corrected editions, one file a table, departments beside their
units, rows of units, text beside spreadsheet, whole counties. Regions are real
ones, since the standard knows no others; offices and figures are invented.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from tests.bad_files import zipped
from tests.building import Build, build

Leaves = Mapping[str, tuple[int, int]]  # code → basic, project, in 万元

NAMES = {
    "201": "一般公共服务支出",
    "20103": "政府办公厅（室）及相关机构事务",
    "2010301": "行政运行",
    "2010350": "事业运行",
    "205": "教育支出",
    "20501": "教育管理事务",
    "2050101": "行政运行",
    "20502": "普通教育",
    "2050202": "小学教育",
    "2050203": "初中教育",
    "208": "社会保障和就业支出",
    "20805": "行政事业单位养老支出",
    "2080505": "机关事业单位基本养老保险缴费支出",
    "210": "卫生健康支出",
    "21011": "行政事业单位医疗",
    "2101101": "行政单位医疗",
    "2101102": "事业单位医疗",
    "213": "农林水支出",
    "21303": "水利",
    "2130301": "行政运行",
    "2130306": "水利工程运行与维护",
    "221": "住房保障支出",
    "22102": "住房改革支出",
    "2210201": "住房公积金",
}
WATER = {
    "2080505": (31, 0),
    "2101101": (17, 0),
    "2130301": (254, 0),
    "2130306": (0, 480),
    "2210201": (29, 0),
}


def tree(leaves: Leaves) -> list[tuple[str, int, int]]:
    """Classes, sections and items in the order of a statement."""
    sums: dict[str, tuple[int, int]] = {}
    for code, (basic, project) in leaves.items():
        for above in (code[:3], code[:5], code):
            old = sums.get(above, (0, 0))
            sums[above] = (old[0] + basic, old[1] + project)
    return [(code, *sums[code]) for code in sorted(sums)]


def money(amount: int, unit: str) -> str:
    return f"{amount * 10000}.00" if unit == "元" else f"{amount}.00"


def table(
    title: str, head: str, leaves: Leaves, unit: str = "万元", gap: str = "\t"
) -> str:
    """One statement by functional code; nothing is printed where nothing is spent."""

    def line(code: str, name: str, basic: int, project: int) -> str:
        cells = [money(amount, unit) for amount in (basic + project, basic, project)]
        return gap.join((code, name, *cells))

    rows = tree(leaves)
    total = [sum(part) for part in zip(*leaves.values(), strict=True)]
    return "\n\n".join(
        (
            title,
            f"{head}",
            f"单位：{unit}",
            "\n".join(
                (
                    gap.join(("科目编码", "科目名称", "合计", "基本支出", "项目支出")),
                    line("", "合计", *total),
                    *(
                        line(code, NAMES[code], basic, project)
                        for code, basic, project in rows
                    ),
                )
            ),
        )
    )


def budget(
    office: str,
    leaves: Leaves,
    *,
    title: str | None = None,
    head: str | None = None,
    year: int = 2024,
    text: str = "",
    unit: str = "万元",
) -> str:
    """A disclosure of two statements under a title."""
    head = f"单位名称：{office}" if head is None else head
    return "\n\n".join(
        (
            title or f"{office}{year}年部门预算公开",
            text,
            table(f"{year}年部门支出总表", head, leaves, unit),
            table(f"{year}年一般公共预算支出表", head, leaves, unit),
        )
    )


def rollup(
    department: str, units: Mapping[str, Leaves], lines: Mapping[str, str], head: str
) -> str:
    """支出总表 of a department with a block of codes below each of its units."""
    rows = ["单位编码\t科目编码\t单位（科目名称）\t合计\t基本支出\t项目支出"]
    sums = [
        [sum(part) for part in zip(*leaves.values(), strict=True)]
        for leaves in units.values()
    ]

    def amounts(basic: int, project: int) -> str:
        return f"{basic + project}.00\t{basic}.00\t{project}.00"

    whole = amounts(sum(b for b, _ in sums), sum(p for _, p in sums))
    rows.append(f"\t\t合计\t{whole}")
    rows.append(f"{head}\t\t{department}\t{whole}")
    for (name, leaves), (basic, project) in zip(units.items(), sums, strict=True):
        rows.append(f"{lines[name]}\t\t{name}\t{amounts(basic, project)}")
        rows += [
            f"\t{code}\t{NAMES[code]}\t{amounts(basic, project)}"
            for code, basic, project in tree(leaves)
        ]
    return "\n\n".join(
        (
            f"{department}2024年部门预算公开",
            "2024年部门支出总表",
            f"部门名称：{department}",
            "单位：万元",
            "\n".join(rows),
        )
    )


def times(leaves: Leaves, factor: int) -> dict[str, tuple[int, int]]:
    return {code: (b * factor, p * factor) for code, (b, p) in leaves.items()}


def plus(leaves: Leaves, **changes: int) -> dict[str, tuple[int, int]]:
    """Other basic expenditure for some codes, named c2130301."""
    return {
        code: (changes.get(f"c{code}", basic), project)
        for code, (basic, project) in leaves.items()
    }


def web_page(title: str, published: str, body: str) -> str:
    lines = "".join(f"<p>{line}</p>" for line in body.split("\n\n")[:-1])
    rows = "".join(
        "<tr>" + "".join(f"<td>{cell}</td>" for cell in row.split("\t")) + "</tr>"
        for row in body.split("\n\n")[-1].splitlines()
    )
    return (
        f"<html><head><title>{title}</title></head><body><h1>{title}</h1>"
        f"<p>来源：县财政局　发布时间：{published} 10:20　浏览次数：12</p>"
        f"{lines}<table>{rows}</table></body></html>"
    )


HOUSING = {
    "2080505": (31, 0),
    "2101101": (17, 0),
    "2010301": (99, 7),
    "2210201": (12, 0),
}
OFFICE = {
    "2050101": (120, 40),
    "2080505": (22, 0),
    "2101101": (9, 0),
    "2210201": (14, 0),
}
SCHOOL = {
    "2050203": (900, 60),
    "2080505": (88, 0),
    "2101102": (41, 0),
    "2210201": (66, 0),
}
PRIMARY = {
    "2050202": (510, 20),
    "2080505": (44, 0),
    "2101102": (23, 0),
    "2210201": (35, 0),
}

TUNLIU = "山西省/长治市/屯留区"
COUNTY = "云南省/玉溪市/新平县"


def corpus() -> dict[str, str]:
    """Relative path and text of every file."""
    files: dict[str, str] = {}
    # published again with corrections, and a mark in the name
    water = "长治市屯留区水利局"
    files[f"{TUNLIU}/水利局2024年部门预算.txt"] = budget(water, WATER)
    files[f"{TUNLIU}/水利局2024年部门预算（更正）.txt"] = budget(
        water, plus(WATER, c2130301=264)
    )
    # published again on a later day, without a mark
    traffic = "屯留区交通运输局"
    for day, leaves in (
        ("2024-02-05", HOUSING),
        ("2024-03-18", plus(HOUSING, c2010301=101)),
    ):
        files[f"{TUNLIU}/交通/{day[5:7]}.html"] = web_page(
            f"{traffic}2024年部门预算公开",
            day,
            table("2024年部门支出总表", f"单位名称：{traffic}", leaves),
        )
    # two editions without an order
    forest = "屯留区林业局"
    files[f"{TUNLIU}/林业/公开.txt"] = budget(forest, times(WATER, 3))
    files[f"{TUNLIU}/林业/预算.txt"] = budget(
        forest, plus(times(WATER, 3), c2130301=800)
    )
    # only one table of it published again
    culture = "屯留区文化和旅游局"
    files[f"{TUNLIU}/文旅/1.txt"] = budget(culture, times(HOUSING, 2))
    files[f"{TUNLIU}/文旅/更正后的支出总表.txt"] = "\n\n".join(
        (
            f"{culture}2024年部门预算更正公告",
            table(
                "2024年部门支出总表",
                f"单位名称：{culture}",
                plus(times(HOUSING, 2), c2210201=26),
            ),
        )
    )
    # one file a table
    farm = "屯留区农业农村局"
    for title, leaves in (
        ("2024年部门支出总表", times(WATER, 5)),
        ("2024年一般公共预算支出表", times(WATER, 4)),
        ("2024年政府性基金预算支出表", times(OFFICE, 2)),
    ):
        files[f"{TUNLIU}/农业/{title}.csv"] = table(
            f"{farm}{title}", f"单位名称：{farm}", leaves, gap=","
        ).replace("\n\n", "\n")
    # the same figures in 元 and in 万元, and of a department and its only unit
    files[f"{TUNLIU}/统计/统计局.txt"] = budget("屯留区统计局", times(WATER, 7))
    files[f"{TUNLIU}/统计/统计局（元）.txt"] = budget(
        "屯留区统计局", times(WATER, 7), unit="元"
    )
    files[f"{TUNLIU}/统计/普查中心.txt"] = budget(
        "屯留区普查中心", times(WATER, 7), title="屯留区普查中心2024年单位预算公开"
    )
    # a department with rows of its units, its own office and one unit beside it
    education = "新平彝族傣族自治县教育体育局"
    school = "新平彝族傣族自治县第一中学"
    primary = "新平彝族傣族自治县平甸小学"
    files[f"{COUNTY}/教育/教育体育局部门预算.txt"] = rollup(
        education,
        {f"{education}本级": OFFICE, school: SCHOOL, primary: PRIMARY},
        {f"{education}本级": "105001", school: "105002", primary: "105003"},
        "105",
    )
    files[f"{COUNTY}/教育/教育体育局本级单位预算.txt"] = budget(
        education, OFFICE, title=f"{education}（本级）2024年单位预算公开"
    )
    files[f"{COUNTY}/教育/第一中学单位预算.txt"] = budget(
        school, plus(SCHOOL, c2050203=905), title=f"{school}2024年单位预算公开"
    )
    # departments without rows of units: filled by the units, holding more, apart
    for place, own, units in (
        (
            "民政",
            {**times(HOUSING, 3)},
            {"福利院": HOUSING, "救助站": times(HOUSING, 2)},
        ),
        ("卫生", times(HOUSING, 11), {"疾控中心": times(HOUSING, 4)}),
        ("司法", times(HOUSING, 13), {"公证处": times(SCHOOL, 2)}),
    ):
        department = f"新平彝族傣族自治县{place}局"
        files[f"{COUNTY}/{place}/局.txt"] = budget(department, own)
        for name, leaves in units.items():
            files[f"{COUNTY}/{place}/{name}.txt"] = budget(
                f"新平县{place}{name}",
                leaves,
                title=f"新平县{place}{name}2024年单位预算公开",
                head=f"主管部门：{department}\n\n单位名称：新平县{place}{name}",
            )
    # only words say what belongs together: the department's, or the unit's
    for place, factor, unit, listed, named in (
        (
            "畜牧",
            17,
            "动物疫病防控站",
            "纳入本部门2024年部门预算编制范围的单位共3个：1.新平县畜牧局本级；"
            "2.新平县动物疫病防控站；3.新平县草原站。\n\n"
            "与下属单位共同配合县司法局、县卫生局做好执法工作。",
            "",
        ),
        ("粮食", 19, "粮油质检站", "", "新平县粮油质检站为县粮食局所属二级预算单位。"),
    ):
        files[f"{COUNTY}/{place}/局.txt"] = budget(
            f"新平彝族傣族自治县{place}局", times(HOUSING, factor), text=listed
        )
        files[f"{COUNTY}/{place}/站.txt"] = budget(
            f"新平县{unit}",
            times(HOUSING, factor - 12),
            title=f"新平县{unit}2024年单位预算公开",
            text=named,
        )
    # where: a county whose name repeats, a folder that is all there is, a zone
    files["江苏省/徐州市/鼓楼区/司法局.txt"] = budget("鼓楼区司法局", times(OFFICE, 3))
    files["福建省/福州市/鼓楼区/司法局.txt"] = budget("鼓楼区司法局", times(OFFICE, 5))
    files["四川/审计.txt"] = "\n".join(
        [
            "珙县审计局2021年度“三公”经费决算公开",
            "一般公共预算财政拨款“三公”经费支出情况表",
            "单位：万元",
            "项目\t预算数\t决算数",
            "合计\t10.00\t9.00",
            "因公出国（境）费\t0\t0",
            "公务接待费\t4.00\t3.00",
            "公务用车购置及运行费\t6.00\t6.00",
        ]
    )
    files["长治市/潞州/城东街道.txt"] = budget("城东街道办事处", times(OFFICE, 7))
    files["万盛/审计.txt"] = budget("万盛经开区审计局", times(OFFICE, 11))
    # when and what sort of unit; contradictions
    files["杂/档案馆.txt"] = budget(
        "屯留区档案馆",
        times(WATER, 9),
        text="二〇二四年二月十八日\n\n本单位为参照公务员法管理的事业单位。",
    )
    files["杂/气象服务中心.txt"] = budget(
        "屯留区气象服务中心",
        times(SCHOOL, 9),
        text="填报日期：2024年1月3日\n\n下属单位2个，其中参照公务员法管理的事业单位1个。",
    )
    files["杂/2023年博物馆预算.txt"] = budget("屯留区博物馆", times(SCHOOL, 13))
    files["杂/图书馆.txt"] = budget(
        "屯留区图书馆", times(SCHOOL, 17), title="屯留区美术馆2024年部门预算公开"
    )
    # a page saved by a browser
    page = web_page(
        "屯留区体育中心2024年部门预算公开",
        "",
        table("2024年部门支出总表", "单位名称：屯留区体育中心", times(OFFICE, 13)),
    )
    files["杂/体育.html"] = page.replace(
        "<html><head>",
        "<!-- saved from url=(0034)http://www.example.gov.cn/a/1.html -->\n"
        '<html><head><meta name="PubDate" content="2024-02-09 08:00">'
        '<meta name="keywords" content="预算">',
    )
    # the path of the page says 决算 too, and no table says what it is of
    page = web_page(
        "2024年屯留区少年宫单位预算",
        "2024-02-09",
        table("2024年部门支出总表", "单位名称：屯留区少年宫", times(SCHOOL, 29)),
    )
    files["杂/路径.html"] = page.replace(
        "<body>", "<body><ul><li>首页</li><li>政务公开</li><li>预决算公开</li></ul>"
    )
    # [105009]… names a unit with its code
    files["杂/体育馆.txt"] = budget(
        "[105009]新平县体育馆", times(SCHOOL, 19), title="2024年单位预算公开"
    )
    files["杂/青少年宫2024年预算.txt"] = budget(
        "新平县青少年宫", times(SCHOOL, 23), text=_COMPARED
    )
    # every row names its unit; a code printed with the name; units below each code
    files[f"{COUNTY}/人社/分列.txt"] = UNIT_COLUMNS
    files[f"{COUNTY}/商务/编码连名称.txt"] = CODED_NAMES
    files["杂/屯留区2024年政府预算.txt"] = GOVERNMENT
    files["杂/报告.txt"] = (
        "关于屯留区2023年预算执行情况和2024年预算草案的报告\n\n各位代表：\n\n"
        "2024年全区一般公共预算收入预计完成12.30亿元。"
    )
    return files


UNIT_COLUMNS = """新平彝族傣族自治县人力资源和社会保障局2024年部门预算公开

2024年部门支出总表

部门名称：新平彝族傣族自治县人力资源和社会保障局

单位：万元

单位编码	单位名称	科目编码	科目名称	合计	基本支出	项目支出
			合计	761.00	722.00	39.00
302001	新平县人力资源和社会保障局机关	2010301	行政运行	401.00	381.00	20.00
302001	新平县人力资源和社会保障局机关	2210201	住房公积金	37.00	37.00	0.00
302002	新平县劳动监察大队	2010350	事业运行	301.00	282.00	19.00
302002	新平县劳动监察大队	2210201	住房公积金	22.00	22.00	0.00

2024年一般公共预算支出表

单位：万元

科目编码	科目名称	合计	基本支出	项目支出
	合计	761.00	722.00	39.00
201	一般公共服务支出	702.00	663.00	39.00
20103	政府办公厅（室）及相关机构事务	702.00	663.00	39.00
2010301	行政运行	401.00	381.00	20.00
2010350	事业运行	301.00	282.00	19.00
221	住房保障支出	59.00	59.00	0.00
22102	住房改革支出	59.00	59.00	0.00
2210201	住房公积金	59.00	59.00	0.00
"""
CODED_NAMES = """新平彝族傣族自治县商务局2024年部门预算公开

2024年部门支出总表

部门名称：新平彝族傣族自治县商务局

单位：万元

单位名称	科目编码	科目名称	合计	基本支出	项目支出
		合计	563.00	532.00	31.00
[407001]新平县商务局本级	2010301	行政运行	303.00	288.00	15.00
[407001]新平县商务局本级	2210201	住房公积金	27.00	27.00	0.00
407002-新平县粮食和物资储备中心	2010350	事业运行	217.00	201.00	16.00
407002-新平县粮食和物资储备中心	2210201	住房公积金	16.00	16.00	0.00
"""
GOVERNMENT = """屯留区2024年政府预算公开

2024年屯留区一般公共预算收入表

单位：万元

项目	上年执行数	预算数	预算数为上年执行数的%
一、税收收入	81000.00	90000.00	111.1
二、非税收入	29000.00	30000.00	103.4
本年收入合计	110000.00	120000.00	109.1

2024年屯留区一般公共预算支出表

单位：万元

科目编码	科目名称	上年执行数	预算数	预算数为上年执行数的%
	合计	150000.00	165000.00	110.0
205	教育支出	90000.00	99000.00	110.0
20502	普通教育	90000.00	99000.00	110.0
2050202	小学教育	40000.00	44000.00	110.0
2050203	初中教育	50000.00	55000.00	110.0
210	卫生健康支出	60000.00	66000.00	110.0
21011	行政事业单位医疗	60000.00	66000.00	110.0
2101101	行政单位医疗	60000.00	66000.00	110.0
"""


def archives() -> dict[str, dict[str, str]]:
    """Relative path of every archive, with names and texts of its files."""
    found: dict[str, dict[str, str]] = {}
    for office, other in (
        ("屯留区科学技术局", "屯留区科学技术局"),
        ("屯留区退役军人事务局", "屯留区医疗保障局"),
    ):
        cover = f"{office}2024年部门预算公开\n\n单位名称：{office}\n\n二〇二四年二月"
        leaves = times(WATER, 11 + len(found))
        found[f"{TUNLIU}/{office}.zip"] = {
            "封面.txt": cover,
            "表1.txt": budget(other, leaves),
        }
    return found


# The year before is named more often than the document's own.
_COMPARED = "\n".join(
    f"（{number}）{what}比2023年预算增加{amount}万元，与2023年预算执行数持平。"
    "2023年当年预算执行数为3.00万元。"
    for number, (what, amount) in enumerate(
        {"办公用房维修经费": 3, "图书购置经费": 2, "活动经费": 4, "培训经费": 5}.items()
    )
    for _ in range(2)
)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """One build of the whole corpus."""
    work = tmp_path_factory.mktemp("documents")
    folder = work / "disclosures"
    for path, text in corpus().items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    for path, members in archives().items():
        encoded = {name: text.encode() for name, text in members.items()}
        (folder / path).write_bytes(zipped(encoded))
    done = build(folder, work)
    assert done.exit_code == 0, done.errors
    return done


def document(built: Build, path: str) -> dict[str, Any]:
    return built.one(
        "select d.*, u.unit_name from marts.dim_document as d "
        "left join marts.dim_unit as u using (unit_id) where d.relative_path = ?",
        path,
    )


def spending(built: Build) -> dict[tuple[str, str], Decimal]:
    """What counts, in 万元, by unit and file."""
    rows = built.rows(
        "select f.unit_name, d.relative_path, sum(expenditure_yuan) / 10000 as amount "
        "from marts.fct_spending as f inner join marts.dim_document as d "
        "using (document_id) group by all"
    )
    return {(row["unit_name"], row["relative_path"]): row["amount"] for row in rows}


def total(leaves: Leaves) -> int:
    return sum(basic + project for basic, project in leaves.values())


# --- editions ---------------------------------------------------------------


def test_a_corrected_edition_supersedes_the_former(built: Build) -> None:
    old = document(built, f"{TUNLIU}/水利局2024年部门预算.txt")
    new = document(built, f"{TUNLIU}/水利局2024年部门预算（更正）.txt")
    assert (old["status"], new["status"]) == ("superseded", "loaded")
    assert old["superseded_by_document_id"] == new["document_id"]
    assert new["document_id"] in old["status_reason"]
    assert old["unit_id"] == new["unit_id"]
    assert new["status_reason"] is None
    # its facts stay where they are
    assert (
        built.value(
            "select count(*) from marts.fct_functional where document_id = ?",
            old["document_id"],
        )
        > 0
    )


def test_what_a_correction_changed_can_be_asked(built: Build) -> None:
    old = document(built, f"{TUNLIU}/水利局2024年部门预算.txt")
    rows = built.rows(
        "select r.*, c.printed_text as old_text, n.printed_text as new_text "
        "from marts.rpt_correction as r "
        "inner join marts.dim_source_cell as c on r.old_cell_id = c.cell_id "
        "inner join marts.dim_source_cell as n on r.new_cell_id = n.cell_id "
        "where r.document_id = ? and r.statement = 'expenditure' "
        "order by r.row_role desc, r.code, r.measure",
        old["document_id"],
    )
    assert [
        (
            row["row_role"],
            row["code"],
            row["measure"],
            row["old_text"],
            row["new_text"],
            row["difference_yuan"],
            row["change_kind"],
            row["order_basis"],
        )
        for row in rows
    ] == [
        (role, code, measure, before, after, Decimal(100000), "changed", "version_mark")
        for role, code, measure, before, after in (
            ("total", None, "basic", "331.00", "341.00"),
            ("total", None, "total", "811.00", "821.00"),
            ("code", "213", "basic", "254.00", "264.00"),
            ("code", "213", "total", "734.00", "744.00"),
            ("code", "21303", "basic", "254.00", "264.00"),
            ("code", "21303", "total", "734.00", "744.00"),
            ("code", "2130301", "basic", "254.00", "264.00"),
            ("code", "2130301", "total", "254.00", "264.00"),
        )
    ]
    assert {row["old_amount_yuan"] + row["difference_yuan"] for row in rows} == {
        row["new_amount_yuan"] for row in rows
    }


def test_without_a_mark_the_later_publication_counts(built: Build) -> None:
    old, new = (document(built, f"{TUNLIU}/交通/{name}.html") for name in ("02", "03"))
    assert str(old["published_date"]) == "2024-02-05"
    assert str(new["published_date"]) == "2024-03-18"
    assert (old["status"], new["status"]) == ("superseded", "loaded")
    assert (
        built.value(
            "select min(order_basis) from marts.rpt_correction where document_id = ?",
            old["document_id"],
        )
        == "published_date"
    )
    assert spending(built)["屯留区交通运输局", f"{TUNLIU}/交通/03.html"] == 168


def test_editions_without_an_order_are_a_finding_and_count_once(built: Build) -> None:
    finding = built.one(
        "select * from marts.fct_finding where rule_id = 'competing_versions'"
    )
    assert finding["severity"] == "warning"
    assert "公开.txt" in finding["explanation"] and "预算.txt" in finding["explanation"]
    assert "16 个不同" in finding["explanation"]
    for name in ("公开", "预算"):
        assert document(built, f"{TUNLIU}/林业/{name}.txt")["status"] == "loaded"
    counted = {
        path: amount
        for (unit, path), amount in spending(built).items()
        if "林业" in unit
    }
    assert len(counted) == 1
    assert set(counted.values()) < {total(times(WATER, 3)), total(times(WATER, 3)) + 38}


def test_one_corrected_table_supersedes_that_table_alone(built: Build) -> None:
    old = document(built, f"{TUNLIU}/文旅/1.txt")
    path = f"{TUNLIU}/文旅/更正后的支出总表.txt"
    new = document(built, path)
    assert old["status"] == new["status"] == "loaded"
    assert old["superseded_by_document_id"] == new["document_id"]
    assert "部分报表" in old["status_reason"]
    assert built.rows(
        "select distinct statement from marts.rpt_correction where document_id = ?",
        old["document_id"],
    ) == [{"statement": "expenditure"}]
    assert spending(built)["屯留区文化和旅游局", path] == total(times(HOUSING, 2)) + 2


def test_files_of_one_table_each_complement_each_other(built: Build) -> None:
    files = built.rows(
        "select status, document_kind, unit_id from marts.dim_document "
        "where relative_path like '%/农业/%'"
    )
    assert [(row["status"], row["document_kind"]) for row in files] == [
        ("loaded", "budget")
    ] * 3
    assert len({row["unit_id"] for row in files}) == 1
    counted = {u: a for (u, _), a in spending(built).items() if "农业" in u}
    assert counted == {"屯留区农业农村局": total(times(WATER, 5))}


def test_the_cover_beside_the_tables_in_an_archive_needs_none(built: Build) -> None:
    missing = built.rows(
        "select d.relative_path from marts.fct_finding as f "
        "inner join marts.dim_document as d using (document_id) "
        "where f.rule_id = 'no_table_found' and d.file_name = '封面.txt'"
    )
    paths = [row["relative_path"] for row in missing]
    assert paths == [f"{TUNLIU}/屯留区退役军人事务局.zip/封面.txt"]


def test_the_same_figures_in_yuan_and_of_the_only_unit_count_once(built: Build) -> None:
    rows = built.rows(
        "select file_name, status from marts.dim_document "
        "where relative_path like '%/统计/%' order by file_name"
    )
    assert [tuple(row.values()) for row in rows] == [
        ("普查中心.txt", "loaded"),
        ("统计局.txt", "duplicate"),
        ("统计局（元）.txt", "duplicate"),
    ]
    counted = [a for (_, path), a in spending(built).items() if "/统计/" in path]
    assert counted == [total(times(WATER, 7))]


# --- departments and units --------------------------------------------------


def test_a_unit_counts_by_its_own_document_before_its_row(built: Build) -> None:
    counted = {
        (unit.removeprefix("新平彝族傣族自治县"), path.rpartition("/")[2]): amount
        for (unit, path), amount in spending(built).items()
        if "/教育/" in path
    }
    assert counted == {
        ("教育体育局", "教育体育局本级单位预算.txt"): total(OFFICE),
        ("第一中学", "第一中学单位预算.txt"): total(SCHOOL) + 5,
        ("平甸小学", "教育体育局部门预算.txt"): total(PRIMARY),
    }


def test_a_department_and_its_own_office_are_no_versions(built: Build) -> None:
    department = document(built, f"{COUNTY}/教育/教育体育局部门预算.txt")
    office = document(built, f"{COUNTY}/教育/教育体育局本级单位预算.txt")
    assert department["unit_id"] == office["unit_id"]
    assert (department["coverage"], office["coverage"]) == ("department", "unit")
    assert department["status"] == office["status"] == "loaded"
    assert department["unit_type"] == "mixed"
    assert office["unit_type"] == "administrative"


@pytest.mark.parametrize(
    ("place", "counted", "words"),
    [
        # the units' figures are all of the department's
        ("民政", {"福利院": total(HOUSING), "救助站": 2 * total(HOUSING)}, None),
        # they are a part of it
        ("卫生", {"局": 11 * total(HOUSING)}, "汇总采用部门数据"),
        # only the department's text, or the unit's, says that it is one
        ("畜牧", {"局": 17 * total(HOUSING)}, "新平县动物疫病防控站的文件不再计入"),
        ("粮食", {"局": 19 * total(HOUSING)}, "新平县粮油质检站的文件不再计入"),
        # they do not fit into it
        (
            "司法",
            {"局": 13 * total(HOUSING), "公证处": 2 * total(SCHOOL)},
            "两者都计入",
        ),
    ],
)
def test_a_department_without_rows_of_units_beside_its_units(
    built: Build, place: str, counted: dict[str, int], words: str | None
) -> None:
    found = {
        path.rpartition("/")[2].removesuffix(".txt"): amount
        for (_, path), amount in spending(built).items()
        if f"/{place}/" in path
    }
    assert found == counted
    findings = built.rows(
        "select explanation from marts.fct_finding inner join marts.dim_document "
        "using (document_id) where rule_id = 'department_beside_units' "
        "and relative_path like ?",
        f"%/{place}/%",
    )
    if words is None:
        assert findings == []
    else:
        (finding,) = findings
        assert words in finding["explanation"]


def test_rows_that_name_their_unit_go_to_it(built: Build) -> None:
    rows = built.rows(
        "select f.unit_code, f.unit_name, u.parent_unit_name, "
        "sum(amount_yuan) / 10000 as amount from marts.fct_functional as f "
        "inner join marts.dim_document as d using (document_id) "
        "inner join marts.dim_unit as u on f.unit_id = u.unit_id "
        "where f.statement = 'expenditure' and f.row_role = 'code' "
        "and f.measure = 'total' and (d.relative_path like '%/人社/%' "
        "or d.relative_path like '%/商务/%') group by all order by f.unit_code"
    )
    assert [tuple(row.values()) for row in rows] == [
        (
            "302001",
            "新平县人力资源和社会保障局机关",
            "新平彝族傣族自治县人力资源和社会保障局",
            438,
        ),
        (
            "302002",
            "新平县劳动监察大队",
            "新平彝族傣族自治县人力资源和社会保障局",
            323,
        ),
        ("407001", "新平县商务局本级", "新平彝族傣族自治县商务局", 330),
        ("407002", "新平县粮食和物资储备中心", "新平彝族傣族自治县商务局", 233),
    ]


def test_totals_of_a_department_are_left_out_beside_rows_of_its_units(
    built: Build,
) -> None:
    for place, whole in (("人社", 761), ("商务", 563)):
        amounts = [
            a for (_, path), a in spending(built).items() if f"/{place}/" in path
        ]
        assert sum(amounts) == whole and len(amounts) == 2


def test_no_figure_counts_twice(built: Build) -> None:
    """All that is spent, from the truth."""
    truth = (
        (total(WATER) + 10)
        + (total(HOUSING) + 2)
        + (total(times(HOUSING, 2)) + 2)
        + total(times(WATER, 5))
        + total(times(WATER, 7))
        + total(OFFICE)
        + (total(SCHOOL) + 5)
        + total(PRIMARY)
        + 3 * total(HOUSING)
        + (11 + 17 + 19) * total(HOUSING)
        + (13 * total(HOUSING) + 2 * total(SCHOOL))
        + (761 + 563)
        + (3 + 5 + 7 + 11 + 13) * total(OFFICE)
        + (9 + 11 + 12) * total(WATER)
        + (9 + 13 + 17 + 19 + 23 + 29) * total(SCHOOL)
    )
    either = sum(a for (unit, _), a in spending(built).items() if "林业" in unit)
    counted = sum(spending(built).values())
    assert counted == truth + either


# --- who, where, when --------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "code"),
    [
        (f"{TUNLIU}/水利局2024年部门预算.txt", "140405"),
        ("江苏省/徐州市/鼓楼区/司法局.txt", "320302"),
        ("福建省/福州市/鼓楼区/司法局.txt", "350102"),
        ("长治市/潞州/城东街道.txt", "140403"),
        ("万盛/审计.txt", "500110-Z01"),
        (f"{COUNTY}/民政/福利院.txt", "530427"),
        ("杂/屯留区2024年政府预算.txt", "140405"),
    ],
)
def test_region(built: Build, path: str, code: str) -> None:
    assert document(built, path)["region_code"] == code
    evidence = built.rows(
        "select value from marts.dim_document_evidence inner join marts.dim_document "
        "using (document_id) where relative_path = ? and attribute = 'region_code' "
        "and is_chosen",
        path,
    )
    assert evidence == [{"value": code}]


def test_offices_of_one_name_in_two_counties_are_two(built: Build) -> None:
    one = document(built, "江苏省/徐州市/鼓楼区/司法局.txt")
    two = document(built, "福建省/福州市/鼓楼区/司法局.txt")
    assert one["unit_name"] == two["unit_name"] == "鼓楼区司法局"
    assert one["unit_id"] != two["unit_id"]
    assert one["status"] == two["status"] == "loaded"


def test_a_unit_is_one_with_and_without_its_prefecture(built: Build) -> None:
    """新平县… and 新平彝族傣族自治县… are one county in one name."""
    names = built.rows(
        "select unit_name, count(*) as n from marts.dim_unit "
        "where region_code = '530427' and unit_name like '%商务局' group by 1"
    )
    assert names == [{"unit_name": "新平彝族傣族自治县商务局", "n": 1}]
    office = built.one(
        "select parent_unit_name, parent_basis from marts.dim_unit "
        "where unit_name = '新平县商务局本级'"
    )
    assert office == {
        "parent_unit_name": "新平彝族傣族自治县商务局",
        "parent_basis": "name",
    }


def test_a_code_in_the_name_is_the_code_of_the_unit(built: Build) -> None:
    gym = document(built, "杂/体育馆.txt")
    assert (gym["unit_name"], gym["fiscal_year"]) == ("新平县体育馆", 2024)
    assert (
        built.value(
            "select unit_code from marts.dim_unit where unit_id = ?", gym["unit_id"]
        )
        == "105009"
    )


def test_a_saved_page_tells_its_day_and_address_unseen(built: Build) -> None:
    sport = document(built, "杂/体育.html")
    assert str(sport["published_date"]) == "2024-02-09"
    assert sport["source_url"] == "http://www.example.gov.cn/a/1.html"
    evidence = built.one(
        "select printed_text, is_chosen from marts.dim_document_evidence "
        "where document_id = ? and attribute = 'published_date'",
        sport["document_id"],
    )
    assert evidence == {"printed_text": "PubDate: 2024-02-09 08:00", "is_chosen": True}


def test_dates_are_those_that_the_document_gives_itself(built: Build) -> None:
    assert str(document(built, "杂/档案馆.txt")["published_date"]) == "2024-02-18"
    # the day a form was filled in is not the day it was published
    assert document(built, "杂/气象服务中心.txt")["published_date"] is None


@pytest.mark.parametrize(
    ("path", "unit_type"),
    [
        ("杂/档案馆.txt", "participating"),
        ("杂/气象服务中心.txt", "institution"),
        (f"{TUNLIU}/水利局2024年部门预算.txt", "administrative"),
        (f"{COUNTY}/人社/分列.txt", "mixed"),
    ],
)
def test_unit_type(built: Build, path: str, unit_type: str) -> None:
    assert document(built, path)["unit_type"] == unit_type


def test_years_that_contradict_each_other_are_told(built: Build) -> None:
    museum = document(built, "杂/2023年博物馆预算.txt")
    assert museum["fiscal_year"] == 2024
    finding = built.one(
        "select * from marts.fct_finding where rule_id = 'conflicting_year'"
    )
    assert finding["document_id"] == museum["document_id"]
    assert "文件名“2023年博物馆预算.txt”为2023年，采用2024年" in finding["explanation"]
    evidence = built.rows(
        "select value, source_kind, is_chosen from marts.dim_document_evidence "
        "where document_id = ? and attribute = 'fiscal_year' and source_kind in "
        "('file_name', 'table_head') order by value",
        museum["document_id"],
    )
    assert [tuple(row.values()) for row in evidence] == [
        ("2023", "file_name", False),
        ("2024", "table_head", True),
    ]


def test_the_year_that_is_compared_with_is_not_the_documents(built: Build) -> None:
    assert document(built, "杂/青少年宫2024年预算.txt")["fiscal_year"] == 2024
    assert (
        built.value(
            "select count(*) from marts.dim_document_evidence "
            "where attribute = 'fiscal_year' and value = '2023' "
            "and printed_text like '%比2023年%'"
        )
        == 0
    )


def test_publishers_that_contradict_each_other_are_told(built: Build) -> None:
    library = document(built, "杂/图书馆.txt")
    assert library["unit_name"] == "屯留区图书馆"
    finding = built.one(
        "select * from marts.fct_finding where rule_id = 'conflicting_publisher'"
    )
    assert finding["document_id"] == library["document_id"]
    assert "屯留区美术馆" in finding["explanation"]


def test_the_stage_follows_the_document_where_no_table_names_it(built: Build) -> None:
    """一般公共预算 names money; 珙县 before an office is the county."""
    accounts = document(built, "四川/审计.txt")
    assert (accounts["document_kind"], accounts["stage"], accounts["region_code"]) == (
        "final_accounts",
        "final_accounts",
        "511526",
    )
    assert {
        (row["phase"], row["stage"])
        for row in built.rows(
            "select phase, stage from marts.fct_three_public where document_id = ?",
            accounts["document_id"],
        )
    } == {("budget", "final_accounts"), ("final", "final_accounts")}


def test_the_path_of_a_web_page_is_neither_title_nor_stage(built: Build) -> None:
    page = document(built, "杂/路径.html")
    assert (page["title"], page["stage"], page["document_kind"]) == (
        "2024年屯留区少年宫单位预算",
        "budget",
        "budget",
    )


# --- a whole county -----------------------------------------------------------


def test_a_government_budget_loads_by_function_and_is_no_spending(built: Build) -> None:
    county = document(built, "杂/屯留区2024年政府预算.txt")
    assert (county["document_kind"], county["stage"], county["fiscal_year"]) == (
        "government_budget",
        "budget",
        2024,
    )
    assert county["unit_name"] == "屯留区人民政府"
    rows = built.rows(
        "select functional_code, phase, amount_yuan / 10000 as amount, proof "
        "from marts.fct_functional where document_id = ? "
        "and statement = 'general_expenditure' and functional_code like '205%' "
        "order by 1, 2",
        county["document_id"],
    )
    assert [tuple(row.values()) for row in rows] == [
        ("205", "budget", 99000, "proven"),
        ("205", "prior_final", 90000, "proven"),
        ("20502", "budget", 99000, "proven"),
        ("20502", "prior_final", 90000, "proven"),
        ("2050202", "budget", 44000, "proven"),
        ("2050202", "prior_final", 40000, "proven"),
        ("2050203", "budget", 55000, "proven"),
        ("2050203", "prior_final", 50000, "proven"),
    ]
    assert not any("政府" in unit for unit, _ in spending(built))


def test_the_report_on_two_years_is_of_the_planned_one(built: Build) -> None:
    report = document(built, "杂/报告.txt")
    assert (report["document_kind"], report["fiscal_year"]) == (
        "government_budget",
        2024,
    )
    assert report["unit_name"] == "屯留区人民政府"
