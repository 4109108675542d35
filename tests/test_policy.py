"""What documents say of rules: citations, formulas, standards, project texts.

The truth in ``tests/golden/policy_*.csv`` was written down by reading before any of it
was read by a program; the sentences here are invented.
"""

from __future__ import annotations

import csv
import math
import time
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.prose.citations import Citation, Words, find_citations
from ingest.prose.formulas import Formula, find_formulas
from ingest.prose.policy_standards import Standard, find_schedule, find_standards
from tests.building import Build
from tests.warehouse import ROOT

GOLDEN = Path(__file__).parent / "golden"
WORDS = Words.read(ROOT / "seeds")
PLACE = (
    "case when cells.page is not null then 'P' || cells.page else 'L' || cells.line end"
)


def golden(name: str) -> list[dict[str, str]]:
    with (GOLDEN / f"policy_{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def require_time_of_length(
    work: Callable[[str], object], part: str, length: int
) -> None:
    """Five times the text takes about five times as long, far from twenty-five."""

    def seconds(length: int) -> float:
        text = part * (length // len(part))
        begin = time.process_time()
        work(text)
        return time.process_time() - begin

    work(part)
    short = min(seconds(length // 5) for _ in range(2))
    long = min(seconds(length) for _ in range(2))
    assert long < 12 * max(short, 0.01), f"{short:.3f} s, then {long:.3f} s"


def compared(rows: list[dict[str, Any]]) -> Counter[tuple[str, ...]]:
    return Counter(
        tuple("" if value is None else str(value) for value in row.values())
        for row in rows
    )


# Citations ------------------------------------------------------------------


def test_every_document_cited_in_the_real_disclosures_is_found(real: Build) -> None:
    found = real.rows(
        f"""select documents.file_sha256, {PLACE} as place, facts.cited_title,
            facts.printed_number, facts.document_number, facts.issuer_code, facts.year,
            facts.serial_number, facts.issuer, facts.relation, facts.bracket_status
        from marts.fct_citation as facts
        inner join marts.dim_source_cell as cells using (cell_id)
        inner join marts.dim_document as documents
            on facts.document_id = documents.document_id"""
    )
    assert compared(found) == compared(golden("citations"))


def cited(text: str) -> list[Citation]:
    return find_citations(text, WORDS)


def numbers(text: str) -> list[str | None]:
    return [citation.document_number for citation in cited(text)]


@pytest.mark.parametrize(
    ("printed", "status"),
    [
        ("云财社〔2023〕65号", "standard"),
        ("云财社[2023]65号", "variant"),
        ("云财社［2023］65号", "variant"),
        ("云财社【2023】65号", "variant"),
        ("云财社（2023）65号", "variant"),
        ("云财社(2023) 65 号", "variant"),
        ("云财社〔２０２３〕６５号", "standard"),
        ("云财社〔二〇二三〕第65号", "standard"),
        ("云财社〔2023]65号", "mismatched"),
        ("云财社(2023]65号", "mismatched"),
        ("云财社〔2023 65号", "mismatched"),
        ("云财社发2023年第65号", "missing"),
    ],
)
def test_brackets_of_every_kind(printed: str, status: str) -> None:
    (citation,) = cited(f"按照{printed}执行")
    code = "云财社发" if "发" in printed else "云财社"
    assert citation.document_number == f"{code}〔2023〕65号"
    assert (citation.issuer_code, citation.year) == (code, 2023)
    assert (citation.bracket_status, citation.relation) == (status, "basis")


def test_titles_and_their_numbers() -> None:
    text = (
        "根据《渡船管理办法》（云政发〔2019〕3号、云政办发〔2020〕4号）和云财〔2021〕5号"
        "文《关于〈渡船管理办法〉的补充通知》，制定本方案。"
    )
    assert [(item.cited_title, item.document_number) for item in cited(text)] == [
        ("渡船管理办法", "云政发〔2019〕3号"),
        ("渡船管理办法", "云政办发〔2020〕4号"),
        ("关于〈渡船管理办法〉的补充通知", "云财〔2021〕5号"),
    ]


def test_a_title_without_marks_behind_its_number() -> None:
    (citation,) = cited("1.云财〔2021〕5号 关于印发《渡船检修规程（试行）》的通知 2.无")
    assert citation.cited_title == "关于印发《渡船检修规程（试行）》的通知"


def test_numbers_of_decrees_have_no_year() -> None:
    assert numbers("《渡船条例》（国务院令第588号）、财政部令第87号") == [
        "国务院令第588号",
        "财政部令第87号",
    ]


def test_relations() -> None:
    text = (
        "根据《甲办法》（云财〔2021〕5号），参见《乙办法》。"
        "《丙办法》（云财〔2005〕5号）、《丁通知》（云财〔2006〕第10号）同时废止。"
    )
    assert [item.relation for item in cited(text)] == [
        "basis",
        "mentions",
        "supersedes",
        "supersedes",
    ]


def test_the_issuer_is_named_by_the_title_or_before_it() -> None:
    text = (
        "云海县财政局、云海县水利局联合印发《渡船办法》；依据《云海县水利局关于渡船的通知》；"
        "见《渡船规程》。"
    )
    assert [item.issuer for item in cited(text)] == [
        "云海县财政局、云海县水利局",
        "云海县水利局",
        None,
    ]


@pytest.mark.parametrize(
    "text",
    [
        "（2023）年度预算编制完成，共65号房屋",
        "2024年收入预算100.00万元，比2023年增加5号",
        "截至（2023）年末",
        "未完的《标题",
        "行政运行（2010301）",
        "民政管理事务（20802）480.00",
        "》《",
    ],
)
def test_what_is_no_citation(text: str) -> None:
    assert cited(text) == []


_PIECES = st.lists(
    st.sampled_from(
        [
            *"《》〈〉〔〕[]【】（）()、，。；关于的通知根据废止号期第令文",
            "2023",
            "65",
            "云财社",
        ]
    ),
    max_size=60,
)


@settings(max_examples=300, deadline=None)
@given(_PIECES)
def test_any_text_has_citations_in_order(pieces: list[str]) -> None:
    text = "".join(pieces)
    for citation in cited(text):
        assert 0 <= citation.start < citation.end <= len(text)
        assert citation.cited_title or citation.document_number


@pytest.mark.parametrize(
    "part",
    [
        "《",
        "《〈",
        "《a〈b〉",
        "甲",
        "（财〔2020",
        "》《（",
        "关于《a》",
        "人民政府、",
        "财〔2020〕1号关于",
    ],
)
def test_long_texts_take_no_longer_for_each_character(part: str) -> None:
    require_time_of_length(cited, part, 100_000)


# Formulas -------------------------------------------------------------------


def test_every_formula_of_the_real_disclosures_is_recomputed(real: Build) -> None:
    found = real.batch_rows(
        f"""select documents.file_sha256, {PLACE} as place, facts.formula_kind,
            results.printed_text, facts.printed_value, facts.computed_value,
            count(*) as terms, min(facts.verdict) as verdict
        from marts.fct_formula as facts
        inner join marts.dim_source_cell as cells using (cell_id)
        inner join marts.dim_document as documents
            on facts.document_id = documents.document_id
        inner join staging.stg_formula_term as results
            on facts.formula_id = results.formula_id and results.term_role = 'result'
        inner join (
            select distinct formula_id, printed_text, cell_id
            from staging.stg_formula_term where term_role = 'operand'
        ) as operands on facts.formula_id = operands.formula_id
        group by all"""
    )
    assert {row["verdict"] for row in found} == {"exact"}
    assert Counter(
        (
            row["file_sha256"],
            row["place"],
            row["formula_kind"],
            row["printed_text"],
            row["printed_value"],
            row["computed_value"],
        )
        for row in found
    ) == Counter(
        (
            row["file_sha256"],
            row["place"],
            row["kind"],
            row["printed_result"],
            Decimal(row["result"]),
            Decimal(row["computed"]),
        )
        for row in golden("formulas")
    )


def computed(formula: Formula) -> Decimal:
    total = sum(
        product.sign * math.prod(factor.value for factor in product.factors)
        for product in formula.products
    )
    return Decimal(total)


def printed(formula: Formula) -> Decimal:
    return formula.result.value * math.prod(item.value for item in formula.divisors)


@pytest.mark.parametrize(
    "text",
    [
        "（42艘-2艘）×2,400.00元=9.60万元",
        "补助船长（42人－2人）＊2400元＝96000元。",
        "30人×每人每月3000元×12个月=108万元",
        "按600人乘以3360元/人，共计201.60万元",
        "(3船×5元+2船×10元)×4=140元",
        "市级承担100万元×50%=50万元",
        "9600元÷12个月=800元",
        "由补助（10人×5元=50元）组成",
        "大船8.20万元，小船3.50万元，合计11.70万元",
        "船长23人（含轮机员5人），水手16人，总计39人",
    ],
)
def test_formulas_in_every_spelling(text: str) -> None:
    (formula,) = find_formulas(text)
    assert computed(formula) == printed(formula)


@pytest.mark.parametrize(
    "text",
    [
        "7=1+3+3",
        "1亩=666.67平方米",
        "2023年-2024年共计12艘",
        "1-4号船，每船5元",
        "大船8.20万元，小船3.50万元等，合计20.00万元",
        "收入总计11.70万元，支出总计11.70万元",
        "基本支出8.20万元，比上年增加3.50万元，合计20.00万元",
        "10×约5元=50元",
        "(((1×2=",
    ],
)
def test_what_is_no_formula(text: str) -> None:
    assert find_formulas(text) == []


def test_a_total_before_its_formulas() -> None:
    text = "共计9.92万元，其中大船40艘×2,400元=9.60万元；小船16艘×200元=0.32万元"
    kinds = [formula.kind for formula in find_formulas(text)]
    assert kinds == ["expression", "expression", "parts"]
    open_list = text + "；另有杂费1.00万元"
    assert "parts" not in [formula.kind for formula in find_formulas(open_list)]


_FORMULA_PIECES = st.lists(
    st.sampled_from(
        [
            *"0123（）()×*÷+-=%，。；、人",
            "万元",
            "元",
            "元/人",
            "共计",
            "其中",
            "1,000",
            "2.5",
        ]
    ),
    max_size=60,
)


@settings(max_examples=300, deadline=None)
@given(_FORMULA_PIECES)
def test_any_text_has_formulas_inside_it(pieces: list[str]) -> None:
    text = "".join(pieces)
    for formula in find_formulas(text):
        assert 0 <= formula.start < formula.end <= len(text)


@pytest.mark.parametrize(
    "part",
    [
        "1×",
        "(",
        "1+(",
        "（2人-1人）×",
        "×=1元",
        "1×2=3元",
        "共计1元",
        "1元，",
        "甲",
        "乘以",
    ],
)
def test_long_formulas_take_no_longer_for_each_character(part: str) -> None:
    require_time_of_length(find_formulas, part, 100_000)


# Standards ------------------------------------------------------------------


def test_everything_that_the_real_rules_set_is_found(real: Build) -> None:
    found = real.rows(
        """select documents.file_sha256, facts.kind, facts.value, facts.value_unit,
            facts.bound, facts.lower_bound, facts.upper_bound, facts.per, facts.payer,
            facts.valid_year, cells.row_number, cells.line, facts.source_table_id,
            coalesce(facts.subject, '') || '|' || coalesce(facts.condition, '') as words
        from marts.fct_policy_standard as facts
        inner join marts.dim_source_cell as cells using (cell_id)
        inner join marts.dim_document as documents
            on facts.document_id = documents.document_id
        where documents.document_kind in ('project_text', 'fund_rules')
            and facts.kind <> 'schedule'"""
    )
    left = [(_standard_key(row), row["words"]) for row in found]
    for row in golden("standards"):
        key = tuple(row[name] for name in _STANDARD_KEY)
        (match, *_) = [
            item
            for item in left
            if item[0] == key
            and row["subject"] in item[1]
            and row["condition"] in item[1]
        ] or pytest.fail(f"not found: {row}")
        left.remove(match)
    assert left == []


_STANDARD_KEY = (
    *("file_sha256", "place", "kind", "value", "value_unit", "bound"),
    *("lower_bound", "upper_bound", "per", "payer", "valid_year"),
)


def _standard_key(row: dict[str, Any]) -> tuple[str, ...]:
    place = f"L{row['line']}"
    if row["source_table_id"]:
        place = f"R{row['row_number']}"
    values = row | {"place": place}
    return tuple(
        f"{value.normalize():f}"
        if isinstance(value := values[name], Decimal)
        else ""
        if value is None
        else str(value)
        for name in _STANDARD_KEY
    )


def test_the_real_scoring_table_sums(real: Build) -> None:
    sums = real.batch_rows("select * from intermediate.int_score_sum")
    assert len(sums) == 5
    assert all(row["printed_value"] == row["computed_value"] for row in sums)
    findings = real.rows(
        "select rule_id from marts.fct_finding where rule_id in "
        "('score_weights', 'blank_date', 'text_formula', 'text_total')"
    )
    assert [row["rule_id"] for row in findings] == ["blank_date"]


def only(text: str) -> Standard:
    (standard,) = find_standards(text)
    return standard


@pytest.mark.parametrize(
    ("text", "kind", "value", "per"),
    [
        ("渡船检修补助每船每人每年不超过2,400元", "cap", "2400", "人/年"),
        ("检修补助标准为0.24万元/人·年", "standard", "2400", "人/年"),
        ("对船长给予慰问金200元", "standard", "200", None),
        ("项目总投资11.70万元", "amount", "117000", None),
        ("年龄不超过60周岁", "age", "60", None),
        ("公示时间不少于7天", "period", "7", None),
        ("每季度检查不少于2次", "floor", "2", None),
        ("船长23人", "headcount", "23", None),
        ("渡口救生备用金不低于5万元", "floor", "50000", None),
        ("渡口救生备用金不得低于5万元", "floor", "50000", None),
        ("渡口救生备用金低于5万元", "cap", "50000", None),
    ],
)
def test_kinds_of_standards(text: str, kind: str, value: str, per: str | None) -> None:
    standard = only(text)
    assert (standard.kind, standard.value, standard.per) == (kind, Decimal(value), per)


@pytest.mark.parametrize(
    ("text", "kind", "subject", "per", "bound"),
    [
        ("初中每生每年补助750元", "standard", "初中每生每年补助", "生/年", None),
        ("渡口维护每公里补贴200元", "standard", "渡口维护每公里补贴", "公里", None),
        ("大专每生1800元", "standard", "大专", "生", None),
        ("船闸检修费800元/台", "standard", "船闸检修费", "台", None),
        ("讲课费按每课时不超过260元支付", "cap", "讲课费", "学时", "at_most"),
        ("渡工补助不低于每人每月450元", "floor", "渡工补助", "人/月", "at_least"),
        ("渡工补助不超过每人每天90元", "cap", "渡工补助", "人/天", "at_most"),
        ("船主每户最高4万元", "cap", "船主", "户", "at_most"),
        ("检修补助封顶6万元", "cap", "检修补助", None, "at_most"),
        ("检修补助控制在6万元以内", "cap", "检修补助控制在", None, "at_most"),
        ("对再次达标的奖励7万元", "standard", "再次达标的奖励", None, None),
        ("收到上级补助70万元", "amount", "收到上级补助", None, None),
        (
            "渡口支出不低于支出总额的4%",
            "share",
            "渡口支出不低于支出总额",
            None,
            "at_least",
        ),
    ],
)
def test_what_a_standard_is_of(
    text: str, kind: str, subject: str, per: str | None, bound: str | None
) -> None:
    standard = only(text)
    assert (standard.kind, standard.subject) == (kind, subject)
    assert (standard.per, standard.bound) == (per, bound)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (  # each of its own people
            "70-79周岁渡工每人每月发放津贴40元，80-89周岁每人每月60元",
            [("70-79周岁渡工每人每月发放津贴", "standard", 40, "人/月"),
             ("80-89周岁", "standard", 60, "人/月")],
        ),
        (  # a second sum has not the rate of the first
            "渡工给予每人每天20元的伙食补助和不超过150元的回程路费",
            [("渡工", "standard", 20, "人/天"), ("回程路费", "cap", 150, None)],
        ),
        (  # what was paid before, and what is paid now
            "渡工津贴由每人每月70元提高到每人每月85元",
            [("渡工津贴", "former", 70, "人/月"),
             ("渡工津贴", "standard", 85, "人/月")],
        ),
        (
            "津贴：船长从每月90元调整为95元",
            [("船长", "former", 90, "月"), ("船长", "standard", 95, "月")],
        ),
        (  # money that is given out is no rate
            "安排渡口资金310万元，其中：省级补助250万元，县级补贴60万元",
            [("安排渡口资金", "amount", 3100000, None),
             ("省级补助", "amount", 2500000, None),
             ("县级补贴", "amount", 600000, None)],
        ),
        (  # parts of a rate are rates
            "培训每人每天标准300元，其中住宿费180元、伙食费90元",
            [("培训每人每天标准", "standard", 300, "人/天"),
             ("住宿费", "standard", 180, "人/天"), ("伙食费", "standard", 90, "人/天")],
        ),
        (
            "单船补贴总额不高于20万元，且不低于3万元",
            [("单船补贴总额", "cap", 200000, None),
             ("单船补贴总额", "floor", 30000, None)],
        ),
    ],
)  # fmt: skip
def test_standards_side_by_side(text: str, found: list[tuple[object, ...]]) -> None:
    assert [
        (item.subject, item.kind, item.value, item.per)
        for item in find_standards(text)
        if item.value_unit == "元"
    ] == found


def test_tiers() -> None:
    text = (
        "检修费不超过1万元的，给予不超过500元补助；检修费超过1万元不超过4万元的，"
        "给予最高不超过1000元补助；检修费超过4万元的，给予2500元补助。"
    )
    assert [
        (item.kind, item.value, item.lower, item.upper) for item in find_standards(text)
    ] == [
        ("tier", Decimal(500), None, Decimal(10000)),
        ("tier", Decimal(1000), Decimal(10000), Decimal(40000)),
        ("tier", Decimal(2500), Decimal(40000), None),
    ]


def test_shares_by_grade_and_who_pays() -> None:
    text = "结果分优秀、合格、不合格三个等次，分别按核定金额的110%、100%、70%拨付"
    assert [(item.condition, item.value) for item in find_standards(text)] == [
        ("优秀", Decimal(110)),
        ("合格", Decimal(100)),
        ("不合格", Decimal(70)),
    ]
    shared = only("检修经费由省县各承担50%")
    assert (shared.kind, shared.payer) == ("payer_share", "省县")
    assert only("检修经费由县级财政全额承担").payer == "县级财政"


def test_dates() -> None:
    known = only("本办法自2024年3月1日起施行")
    assert (known.start_date, known.is_blank) == ("2024-03-01", False)
    blank = only("本办法自2024年 月  日起施行")
    assert (blank.start_date, blank.is_blank, blank.valid_year) == (None, True, 2024)


_STANDARD_PIECES = st.lists(
    st.sampled_from(
        [
            *("，。；、%（）一二年月日人次每由的1"),
            *("2,400", "万元", "元/人", "不超过", "超过", "承担", "财政"),
            *("分优秀、良好两个等次", "自2024年", "起施行"),
        ]
    ),
    max_size=60,
)


@settings(max_examples=300, deadline=None)
@given(_STANDARD_PIECES)
def test_any_text_has_standards_inside_it(pieces: list[str]) -> None:
    text = "".join(pieces)
    for standard in find_standards(text):
        assert 0 <= standard.start < standard.end <= len(text)


@pytest.mark.parametrize(
    "part", ["1元", "按1元/人", "分优秀、良好", "由市财政承担", "1%、"]
)
def test_long_rules_take_no_longer_for_each_character(part: str) -> None:
    require_time_of_length(find_standards, part, 40_000)


# Project texts --------------------------------------------------------------


def test_sections_of_the_real_project_texts(real: Build) -> None:
    found = real.rows(
        """select documents.file_sha256, case when texts.page is not null
                then 'P' || texts.page else 'L' || texts.line end as place,
            texts.project_name, texts.section
        from marts.dim_project_text as texts
        inner join marts.dim_document as documents using (document_id)"""
    )
    assert compared(found) == compared(golden("projects"))


def test_schedules_of_the_real_project_texts(real: Build) -> None:
    found = real.rows(
        f"""select documents.file_sha256, {PLACE} as place, facts.start_date,
            facts.end_date, cast(facts.lower_bound as integer) as lower_bound,
            cast(facts.upper_bound as integer) as upper_bound
        from marts.fct_policy_standard as facts
        inner join marts.dim_source_cell as cells using (cell_id)
        inner join marts.dim_document as documents
            on facts.document_id = documents.document_id
        where facts.kind = 'schedule'"""
    )
    assert compared(found) == compared(golden("schedule"))


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2024年2月完成检修", "2024-02-01", "2024-02-29"),
        ("2024年3月至2024年11月", "2024-03-01", "2024-11-30"),
        ("2024年3-11月", "2024-03-01", "2024-11-30"),
        ("2024年6月5日验收", "2024-06-05", "2024-06-05"),
        ("2025全年度。", "2025-01-01", "2025-12-31"),
        ("2024年13月", None, None),
    ],
)
def test_schedules(text: str, start: str | None, end: str | None) -> None:
    found = [(item.start_date, item.end_date) for item in find_schedule(text)]
    assert found == ([(start, end)] if start else [])


def test_quantities_times_standards_are_the_real_amounts(real: Build) -> None:
    found = real.rows(
        """select documents.file_sha256[:3] as file, facts.printed_yuan, facts.verdict
        from marts.fct_identity as facts
        inner join marts.dim_document as documents using (document_id)
        where facts.rule_id = 'standard_amount' order by facts.printed_yuan"""
    )
    # 300 × 50 %, 565 × 12 months, 600 people × 3,360
    assert compared(found) == Counter(
        [
            ("c14", "150.0000", "exact"),
            ("c62", "6780.0000", "exact"),
            ("c62", "2016000.0000", "exact"),
        ]
    )
