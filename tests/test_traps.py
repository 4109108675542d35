"""What the layouts of real disclosures invite to misread; one test for each trap."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.building import Build
from tests.test_golden import sha_of

AMOUNT_FACTS = (
    "fct_functional",
    "fct_economic",
    "fct_revenue",
    "fct_balance_item",
    "fct_three_public",
    "fct_project",
)
ALL_CELLS = " union all ".join(
    f"select '{table}' as fact_table, cell_id, row_role, fund, year_basis, amount_yuan "
    f"from marts.{table}"
    for table in AMOUNT_FACTS
)


def facts(
    real: Build, table: str, name: str, where: str = "true"
) -> list[dict[str, Any]]:
    """The facts of one document with the places of their cells."""
    return real.rows(
        f"select f.*, c.printed_text, c.page, c.line, c.row_number, c.column_number, "
        f"c.amount_unit from marts.{table} as f "
        "inner join marts.dim_source_cell as c on f.cell_id = c.cell_id "
        "inner join marts.dim_document as d on f.document_id = d.document_id "
        f"where d.file_sha256 = ? and ({where}) "
        "order by c.page, c.line, c.row_number, c.column_number",
        sha_of(name),
    )


def yuan(text: str) -> Decimal:
    return Decimal(text)


def test_unit_code_303_in_an_economic_table_is_no_class(real: Build) -> None:
    """新乡 prints unit code 303 in the column 类, where 303 is 对个人和家庭的补助."""
    rows = facts(real, "fct_economic", "xinxiang_2023", "f.unit_code = '303'")
    assert {(row["statement"], row["line"]) for row in rows} == {
        ("economic_summary", 332)
    }
    assert {
        (row["row_role"], row["economic_code"], row["printed_code"], row["unit_name"])
        for row in rows
    } == {("unit", None, None, "新乡市人力资源和社会保障局")}
    assert [row["amount_yuan"] for row in rows] == [yuan("114360600")] * 3
    assert facts(real, "fct_economic", "xinxiang_2023", "f.economic_code = '303'") == []


def test_blanks_inside_a_number_are_no_second_number(real: Build) -> None:
    rows = facts(real, "fct_economic", "xinxiang_2023", "c.line = 302")
    assert [(row["printed_text"], row["amount_yuan"]) for row in rows] == [
        ("4, 675. 21", yuan("46752100")),
        ("4, 267. 66", yuan("42676600")),
        ("407. 55", yuan("4075500")),
    ]
    assert {row["half_unit_yuan"] for row in rows} == {yuan("50")}


@pytest.mark.parametrize(
    ("table", "line", "printed", "resolved"),
    [
        ("fct_functional", 215, "208|01|09", "2080109"),
        ("fct_functional", 222, "210|11|03", "2101103"),
        ("fct_economic", 333, "301|03", "30103"),
    ],
)
def test_code_in_two_or_three_columns(
    real: Build, table: str, line: int, printed: str, resolved: str
) -> None:
    column = table.removeprefix("fct_") + "_code"
    where = f"c.line = {line}"
    if table == "fct_economic":
        where += " and f.classification = 'department'"
    rows = facts(real, table, "xinxiang_2023", where)
    assert rows
    assert {(row["printed_code"], row[column], row["code_basis"]) for row in rows} == {
        (printed, resolved, "printed")
    }
    assert not {row["printed_text"] for row in rows} & set(printed.split("|"))


def test_name_without_code_that_both_classifications_know(real: Build) -> None:
    """屯留 prints 工资福利支出 as a department class and as a government code."""
    rows = facts(real, "fct_economic", "tunliu_2024", "f.printed_name = '工资福利支出'")
    assert {
        (row["classification"], row["economic_code"], row["level"])
        for row in rows
        if row["line"] == 271
    } == {("department", "301", "class")}
    assert {
        (row["classification"], row["economic_code"], row["level"])
        for row in rows
        if row["line"] > 271
    } == {("government", "50501", "section")}
    assert {row["code_basis"] for row in rows} == {"name"}
    assert {row["printed_code"] for row in rows} == {None}


def test_name_without_code_is_resolved_below_its_class(real: Build) -> None:
    """退休费 under 对个人和家庭的补助 pairs with 离退休费: 30302 and 50905."""
    rows = facts(real, "fct_economic", "tunliu_2024", "c.line = 287")
    assert {
        (row["classification"], row["economic_code"], row["paired_code"])
        for row in rows
    } == {("department", "30302", "50905"), ("government", "50905", "30302")}
    assert {row["amount_yuan"] for row in rows} == {yuan("97600")}
    assert len(rows) == 4  # two cells, one row for each classification


def test_wrong_printed_functional_code(real: Build) -> None:
    rows = facts(
        real,
        "fct_functional",
        "putuo_welfare_home_2024",
        "f.printed_code = '7|11|02'",
    )
    assert {(row["page"], row["statement"]) for row in rows} == {
        (9, "expenditure"),
        (11, "general_expenditure"),
    }
    assert {(row["functional_code"], row["code_basis"]) for row in rows} == {
        ("2101102", "conflict")
    }
    assert {row["functional_name"] for row in rows} == {"事业单位医疗"}


def test_economic_codes_that_belong_to_other_names(real: Build) -> None:
    """A code is taken from the name only where the sum above agrees, else from none."""
    rows = facts(
        real,
        "fct_economic",
        "putuo_welfare_home_2024",
        "f.code_basis = 'conflict'",
    )
    assert {
        (row["printed_code"], row["printed_name"], row["economic_code"]) for row in rows
    } == {
        ("302|02", "咨询费", "30203"),
        ("302|03", "水费", "30205"),
        ("302|04", "电费", "30206"),
        ("302|05", "邮电费", "30207"),
        ("302|06", "办公设备购置费", None),
        ("302|07", "工会经费", "30228"),
        ("302|08", "福利费", "30229"),
        ("302|10", "车辆运行费", None),
        ("302|11", "事业单位离退休人员福利费", None),
        ("302|12", "机关事业单位退休人员活动费", None),
        ("302|13", "其他商品和服务支出", "30299"),
        ("303|01", "退休费", "30302"),
    }
    # 302|09 stands among them with its right name.
    (right,) = facts(
        real,
        "fct_economic",
        "putuo_welfare_home_2024",
        "f.printed_code = '302|09' and f.measure = 'total'",
    )
    assert (right["economic_code"], right["code_basis"]) == ("30209", "printed")


def test_ordinals_are_no_codes(real: Build) -> None:
    """八、社会保障和就业支出 is 208, not 8; the name decides."""
    rows = facts(
        real,
        "fct_functional",
        "tunliu_2024",
        "f.statement = 'balance' and c.line < 134",
    )
    assert {
        (row["printed_name"], row["printed_code"], row["functional_code"])
        for row in rows
    } == {
        ("八、社会保障和就业支出", None, "208"),
        ("十、卫生健康支出", None, "210"),
        ("二十、住房保障支出", None, "221"),
    }
    (revenue,) = facts(real, "fct_revenue", "tunliu_2024", "c.line = 103")
    assert revenue["revenue_code"] is None
    assert revenue["revenue_source"] == "general_public_budget"


def test_total_that_excludes_carryover(real: Build) -> None:
    """屯留's 本年收入合计 leaves 上年结转 out, its 收入总计 does not."""
    cells = real.rows(
        f"select c.line, f.fact_table, f.row_role, f.fund, f.year_basis, f.amount_yuan "
        f"from ({ALL_CELLS}) as f "
        "inner join marts.dim_source_cell as c on f.cell_id = c.cell_id "
        "inner join marts.dim_document as d on c.document_id = d.document_id "
        "where d.file_sha256 = ? and c.line between 134 and 136 "
        "and c.column_number = 1 order by c.line",
        sha_of("tunliu_2024"),
    )
    assert [tuple(row.values()) for row in cells] == [
        (134, "fct_revenue", "total", "all", "current_year", yuan("6545700")),
        (135, "fct_balance_item", "code", "all", "carryover", yuan("1051900")),
        (136, "fct_revenue", "grand_total", "all", "all", yuan("7597500")),
    ]


def test_total_column_beside_a_carryover_column_excludes_it(real: Build) -> None:
    rows = facts(real, "fct_functional", "tunliu_2024", "c.line = 150")
    assert [(r["fund"], r["year_basis"], r["amount_yuan"]) for r in rows] == [
        ("all", "current_year", yuan("3221400")),
        ("general_public_budget", "current_year", yuan("3221400")),
        ("all", "carryover", yuan("1036400")),
    ]


def test_code_repeated_with_different_partners(real: Build) -> None:
    """新乡 prints 30226 twice, paired with 50502 and with 50205: two facts, one sum."""
    rows = facts(
        real,
        "fct_economic",
        "xinxiang_2023",
        "f.economic_code = '30226' and f.fund = 'all'",
    )
    assert [(r["line"], r["paired_code"], r["amount_yuan"]) for r in rows] == [
        (344, "50502", yuan("2220000")),
        (345, "50205", yuan("870400")),
    ]
    assert all(row["is_leaf"] for row in rows)
    spending = real.one(
        "select s.expenditure_yuan from marts.fct_spending_economic as s "
        "inner join marts.dim_document as d using (document_id) "
        "where d.file_sha256 = ? and s.economic_code = '30226'",
        sha_of("xinxiang_2023"),
    )
    assert spending["expenditure_yuan"] == yuan("3090400")


def test_table_continued_after_a_page_break_is_one_table(real: Build) -> None:
    rows = facts(
        real,
        "fct_functional",
        "putuo_wanli_2025",
        "f.statement = 'expenditure' and f.measure = 'total'",
    )
    assert {row["page"] for row in rows} == {14, 15, 16, 17, 18}
    assert len({row["source_table_id"] for row in rows}) == 1
    (total,) = [row for row in rows if row["row_role"] == "total"]
    classes = [row for row in rows if row["level"] == "class"]
    # The total at the end of the last page is that of all pages.
    assert total["page"] == 18
    assert total["amount_yuan"] == sum(row["amount_yuan"] for row in classes)
    assert {row["page"] for row in classes} >= {14, 17}


def test_sections_on_the_next_page_belong_to_their_class(real: Build) -> None:
    """万里 prints classes whose sections go on overleaf: they still add up."""
    rows = facts(
        real,
        "fct_functional",
        "putuo_wanli_2025",
        "f.statement = 'expenditure' and f.measure = 'total' and f.row_role = 'code'",
    )
    over_a_break = []
    for parent in (row for row in rows if row["level"] == "class"):
        sections = [
            row
            for row in rows
            if row["level"] == "section"
            and row["functional_code"].startswith(parent["functional_code"])
        ]
        # One misprinted 元 in 21201 is within rounding, see tests/golden/README.md.
        difference = parent["amount_yuan"] - sum(r["amount_yuan"] for r in sections)
        assert difference == (-1 if parent["functional_code"] == "212" else 0)
        if {row["page"] for row in sections} - {parent["page"]}:
            over_a_break.append(parent["functional_code"])
    assert over_a_break


def test_yuan_beside_ten_thousand_yuan_in_one_file(real: Build) -> None:
    """政府办公室's statements are in 元, its 三公 table in 万元."""
    name = "putuo_government_office_2025"
    three_public = facts(real, "fct_three_public", name)
    others = [row for table in AMOUNT_FACTS[:3] for row in facts(real, table, name)]
    assert {row["amount_unit"] for row in three_public} == {"万元"}
    assert {row["amount_unit"] for row in others} == {"元"}
    assert {row["half_unit_yuan"] for row in three_public} == {yuan("50")}
    assert {row["half_unit_yuan"] for row in others} <= {yuan("0.005"), yuan("0.5")}
    for row in three_public:
        printed = Decimal(row["printed_text"].replace(",", ""))
        assert row["amount_yuan"] == printed * 10000
    for row in others:
        assert row["amount_yuan"] == Decimal(row["printed_text"].replace(",", ""))


def test_empty_tables_are_told_and_give_nothing(real: Build) -> None:
    tables = real.rows(
        "select t.source_table_id, t.statement, t.status_reason, t.number_count "
        "from marts.dim_source_table as t where t.status = 'empty'"
    )
    assert {
        statement: sum(table["statement"] == statement for table in tables)
        for statement in {table["statement"] for table in tables}
    } == {
        "government_funds": 6,
        "revenue": 1,  # 政府性基金预算收入表
        "state_capital": 6,
        "three_public": 1,
        "agency_operation": 1,
    }
    assert {table["status_reason"] for table in tables} == {"表中没有填列任何金额。"}
    assert {table["number_count"] for table in tables} == {0}
    assert (
        real.value(
            "select count(*) from marts.dim_source_cell "
            "where list_contains(?, source_table_id)",
            [table["source_table_id"] for table in tables],
        )
        == 0
    )


def test_contents_pages_give_nothing(real: Build) -> None:
    """万盛's contents are a table of 16 numbered lines; the PDFs' are dotted lines."""
    (contents,) = real.rows(
        "select t.status, t.statement, t.number_count from marts.dim_source_table as t "
        "inner join marts.dim_document as d using (document_id) "
        "where d.file_sha256 = ? and t.line = 119",
        sha_of("wansheng_2025"),
    )
    assert contents["status"] == "not_a_statement"
    assert contents["statement"] is None
    assert contents["number_count"] == 16
    on_contents_pages = real.rows(
        "select d.file_name, c.page from marts.dim_source_cell as c "
        "inner join marts.dim_document as d using (document_id) "
        "where (d.document_id, c.page) in (select 'd' || content_id, page "
        "from raw.paragraphs where kind = 'contents')"
    )
    assert on_contents_pages == []
    assert real.value("select count(*) from raw.paragraphs where kind = 'contents'") > 9


def test_index_rows_give_nothing(real: Build) -> None:
    """屯留's project tables number their columns 1 to 7 in a row of their own."""
    index_rows = real.rows(
        "select distinct c.line from raw.cells as c inner join marts.dim_document as d "
        "on d.document_id = 'd' || c.content_id where d.file_sha256 = ? "
        "and c.line in (362, 377) and c.text in ('1', '2', '3')",
        sha_of("tunliu_2024"),
    )
    assert {row["line"] for row in index_rows} == {362, 377}
    projects = facts(real, "fct_project", "tunliu_2024")
    assert {row["line"] for row in projects} == {
        *range(363, 368),
        *range(378, 381),
    }
    assert min(row["amount_yuan"] for row in projects) == yuan("6800")


def test_years_in_headings_of_columns_are_no_amounts(real: Build) -> None:
    """2024年 above the amounts of 屯留 stays a heading."""
    assert (
        real.value(
            f"select count(*) from ({ALL_CELLS}) as f "
            "where f.amount_yuan in (2023, 2024, 2025, 20230000, 20240000, 20250000)"
        )
        == 0
    )
