"""Running text that is torn, crowded, traditional or against itself, in one build.

Nothing may be read wrongly: what is not understood is kept as not placed.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.building import Build, build
from tests.test_bad_input import disclosure

# What the table of `disclosure` says, in 万元.
SPENT = (
    "2025年支出预算123.45万元，其中：基本支出100.00万元，占81.00%；"
    "项目支出23.45万元，占19.00%。"
)
GROWN = "支出预算比2024年增加23.45万元，增长23.45%。"
RIGHT = {
    ("amount", "total", Decimal("123.45")),
    ("amount", "basic", Decimal("100.00")),
    ("amount", "project", Decimal("23.45")),
    ("share", "basic", Decimal("81.00")),
    ("share", "project", Decimal("19.00")),
    ("change", "total", Decimal("23.45")),
    ("growth", "total", Decimal("23.45")),
}
TRADITIONAL = str.maketrans("万预项减长占总较", "萬預項減長佔總較")
TEXTS = {
    "plain": SPENT + GROWN,
    "spaced": SPENT + GROWN,
    "torn": SPENT + GROWN,
    "torn_apart": SPENT + GROWN,
    "traditional": (SPENT + GROWN).translate(TRADITIONAL),
    "against_itself": SPENT + GROWN.replace("增长", "下降"),
    "against_the_table": SPENT.replace("项目支出23.45", "项目支出32.45"),
    "over_a_hundred": (
        "2025年支出预算123.45万元，比2024年增加93.45万元，增长311.50%。"
        "2025年收入预算123.45万元，完成年初预算的123.45%。"
    ),
    "endless": "其中：基本支出（" * 2000 + "100.00万元" + "）" * 2000,
    "code": "截至2024年末，本单位共有车辆53062700000800000辆，其中一般公务用车2辆。",
    "visits": (
        "发布时间：2026-02-06　来源：某某县水务局　浏览次数：318\n部门预算公开目录\n"
        "监督索引号53062700000800000\n部门收支总表\n截至2024年末，本单位共有公务用车2部。"
    ),
    "digits": "支出预算" + "1234567890," * 3000 + "万元，占" + "9" * 4000 + "%。",
}
TORN = {"spaced": " ".join, "torn": "\n".join, "torn_apart": "\n\n".join}
PLACES = dict(zip(TEXTS, "甲乙丙丁戊己庚辛壬癸子丑", strict=True))


def printed(name: str, year: int) -> str:
    table = disclosure(f"古{PLACES[name]}", year=year)
    text = TEXTS[name].replace("2025", str(year)).replace("2024", str(year - 1))
    text = TORN.get(name, str)(text)
    return f"{table}\n\n部门预算情况说明\n\n{text}\n"


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Build:
    folder = tmp_path_factory.mktemp("prose")
    (folder / "disclosures").mkdir()
    for step, name in enumerate(TEXTS):
        path = folder / "disclosures" / f"{name}.txt"
        path.write_text(printed(name, 2010 + step), encoding="utf-8")
    built = build(folder / "disclosures", folder)
    assert built.exit_code == 0, built.output + built.errors
    return built


def figures(told: Build, name: str) -> list[dict[str, Any]]:
    return told.rows(
        "select f.* from marts.fct_narrative_figure as f inner join "
        "marts.dim_document as d using (document_id) where d.file_name = ?",
        f"{name}.txt",
    )


def placed(told: Build, name: str) -> set[tuple[str, str, Decimal]]:
    return {
        (row["meaning"], row["measure"] or "total", row["value"])
        for row in figures(told, name)
        if row["is_placed"]
    }


def text_findings(told: Build, name: str) -> list[dict[str, Any]]:
    return told.rows(
        "select distinct f.* from marts.fct_finding as f "
        "inner join marts.dim_document as d on f.document_id = d.document_id "
        "inner join marts.bridge_finding_cell as b on f.finding_id = b.finding_id "
        "inner join marts.dim_source_cell as c on b.cell_id = c.cell_id "
        "where d.file_name = ? and c.kind = 'text' and b.role = 'suspect'",
        f"{name}.txt",
    )


@pytest.mark.parametrize("name", TEXTS)
def test_every_document_is_loaded_with_its_table(told: Build, name: str) -> None:
    found = told.one(
        "select d.status, count(*) as amounts from marts.dim_document as d "
        "inner join marts.fct_functional as f using (document_id) "
        "where d.file_name = ? group by all",
        f"{name}.txt",
    )
    assert found == {"status": "loaded", "amounts": 22}


@pytest.mark.parametrize("name", ("plain", "spaced", "torn"))
def test_blanks_and_broken_lines_are_no_matter(told: Build, name: str) -> None:
    assert placed(told, name) == RIGHT
    assert text_findings(told, name) == []


@pytest.mark.parametrize("name", ("torn_apart", "traditional"))
def test_what_is_hard_to_read_is_right_or_not_placed(told: Build, name: str) -> None:
    assert placed(told, name) <= RIGHT
    assert text_findings(told, name) == []


def test_more_than_a_hundred_per_cent_may_be_right(told: Build) -> None:
    values = {row["value"] for row in figures(told, "over_a_hundred")}
    assert {Decimal("311.50"), Decimal("123.45")} <= values
    assert text_findings(told, "over_a_hundred") == []


@pytest.mark.parametrize("name", ("against_itself", "against_the_table"))
def test_a_sentence_that_contradicts_is_a_finding(told: Build, name: str) -> None:
    findings = text_findings(told, name)
    assert findings and {finding["severity"] for finding in findings} <= {
        "error",
        "warning",
    }


@pytest.mark.parametrize("name", ("endless", "digits"))
def test_what_is_no_sentence_is_placed_nowhere(told: Build, name: str) -> None:
    assert {value for _, _, value in placed(told, name)} <= {Decimal(100)}
    assert text_findings(told, name) == []


def test_what_is_too_long_for_a_number_is_a_code(told: Build) -> None:
    counts = {
        (row["printed_text"], row["value"])
        for row in figures(told, "code")
        if row["meaning"] == "count"
    }
    assert counts >= {("2辆", Decimal(2))}
    assert {value for text, value in counts if len(text) > 10} <= {None}
    assert told.rows("select quantity from marts.fct_resource where quantity > 2") == []


def test_a_number_has_no_unit_from_the_next_paragraph(told: Build) -> None:
    found = told.rows(
        "select f.item, f.quantity, f.quantity_unit from marts.fct_resource as f "
        "inner join marts.dim_document as d using (document_id) "
        "where d.file_name = 'visits.txt'",
    )
    assert found == [
        {"item": "vehicles", "quantity": Decimal(2), "quantity_unit": "辆"}
    ]
