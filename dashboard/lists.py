"""Lists over all units: what text and tables say, a row each, with its place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from dashboard import figures
from dashboard.overview import period
from dashboard.reading import Row, Warehouse
from dashboard.sources import Sources
from pipeline import words


@dataclass(frozen=True, slots=True)
class Listing:
    """A list: its page, what it is about, its own columns and the query of its rows.

    The query gives ``columns`` under their names, and the place: ``document_id``,
    ``cell_id``, unit, year and stage, page and line. ``filters`` are columns that are
    chosen by value, ``amounts`` those in yuan.
    """

    name: str
    title: str
    about: str
    mart: str
    columns: tuple[str, ...]
    query: str
    filters: tuple[str, ...] = ()
    amounts: tuple[str, ...] = ()


# The columns that every list ends with.
PLACE = ("单位", "年度", "位置")

_PLACES = """
    facts.document_id, facts.cell_id, facts.fiscal_year, facts.stage,
    coalesce(units.unit_id, publishers.unit_id) as unit_id,
    coalesce(units.unit_name, publishers.unit_name, documents.title,
        documents.file_name) as unit_name,
    cells.page, cells.line
"""
_JOINS = """
    inner join marts.dim_document as documents
        on facts.document_id = documents.document_id and documents.status = 'loaded'
    left join marts.dim_unit as units on facts.unit_id = units.unit_id
    left join marts.dim_unit as publishers on documents.unit_id = publishers.unit_id
    left join marts.dim_source_cell as cells on facts.cell_id = cells.cell_id
"""
LISTINGS = (
    Listing(
        "narrative",
        "文字与报表",
        "文字中的数字，与报表或文字其他各处对不上的，以及没有读懂的。相符的不列。",
        "fct_narrative_figure",
        ("原文", "情况", "所指", "所在句子"),
        f"""
        select {_PLACES}, facts.printed_text as 原文,
            if(facts.proof = 'disputed', '不符', '未读懂') as 情况, named.finding_id,
            coalesce(facts.subject, facts.subject_name) as 所指,
            facts.sentence as 所在句子
        from marts.fct_narrative_figure as facts {_JOINS}
        left join (
            select cell_id, min_by(finding_id, role <> 'suspect') as finding_id
            from marts.bridge_finding_cell group by cell_id
        ) as named on facts.cell_id = named.cell_id
        where facts.proof = 'disputed' or not facts.is_placed
        order by facts.proof is distinct from 'disputed', documents.relative_path,
            facts.cell_id
        """,
        filters=("情况",),
    ),
    Listing(
        "procurement",
        "政府采购",
        "采购表和文字说明中的采购金额，逐项照录；合计与分项都在其中，不可相加。",
        "fct_procurement",
        ("类别", "名称", "金额（万元）", "出处"),
        f"""
        select {_PLACES}, coalesce(categories.name_zh, facts.category) as 类别,
            coalesce(facts.purchase_name, facts.project_name) as 名称,
            facts.amount_yuan as "金额（万元）",
            if(facts.origin = 'text', '正文', '表格') as 出处
        from marts.fct_procurement as facts {_JOINS}
        left join seeds.procurement_category as categories
            on facts.category = categories.category
        where facts.measure = 'total'
            and facts.phase = if(facts.stage = 'budget', 'budget', 'final')
        order by abs(facts.amount_yuan) desc, documents.relative_path, facts.cell_id
        """,
        filters=("类别", "出处"),
        amounts=("金额（万元）",),
    ),
    Listing(
        "resources",
        "资产与机构人员",
        "车辆、设备、房屋、编制和机构的数量，逐项照录；数量为零的不列。",
        "fct_resource",
        ("项目", "数量", "性质", "截至"),
        f"""
        select {_PLACES}, coalesce(items.name_zh, facts.item) as 项目,
            facts.quantity as 数量, facts.quantity_unit,
            case facts.stock_or_purchase
                when 'purchase' then '购置' when 'stock' then '现有' end as 性质,
            facts.as_of as 截至
        from marts.fct_resource as facts {_JOINS}
        left join seeds.resource_item as items on facts.item = items.item
        where facts.quantity <> 0
        order by items.sort_order, facts.quantity desc, documents.relative_path,
            facts.cell_id
        """,
        filters=("项目", "性质"),
    ),
    Listing(
        "standards",
        "政策标准",
        "办法和项目文本中的补助标准、限额、分担比例、权重和期限。",
        "fct_policy_standard",
        ("事项", "种类", "标准", "所在句子"),
        f"""
        select {_PLACES}, facts.subject as 事项, facts.kind as 种类, facts.value,
            facts.value_unit, facts.bound, facts.lower_bound, facts.upper_bound,
            facts.bound_unit, facts.per, facts.payer, facts.sentence as 所在句子
        from marts.fct_policy_standard as facts {_JOINS}
        where facts.subject is not null or facts.value is not null
        order by documents.relative_path, cells.page, cells.line,
            cells.character_start, facts.cell_id, facts.standard_id
        """,
        filters=("种类",),
    ),
    Listing(
        "citations",
        "引用文件",
        "公开文件所引用的文号，写法统一；同一文号可在查找框中输入后列出所有引用处。",
        "fct_citation",
        ("文号", "标题", "关系"),
        f"""
        select {_PLACES},
            coalesce(facts.document_number, facts.printed_number, '（无文号）') as 文号,
            facts.cited_title as 标题, facts.relation as 关系
        from marts.fct_citation as facts {_JOINS}
        order by facts.document_number nulls last, facts.cited_title,
            documents.relative_path, facts.cell_id
        """,
        filters=("关系",),
    ),
)
# The keys that every row begins with: place, unit, finding.
KEYS = 3
# The column that leads to the finding of a row.
TO_FINDING = "情况"
# Columns of figures: to the right, sorted by their value.
NUMBERS = ("金额（万元）", "数量")


def there(warehouse: Warehouse) -> list[Listing]:
    """The lists that this warehouse has the marts for."""
    return [
        listing for listing in LISTINGS if f"marts.{listing.mart}" in warehouse.tables
    ]


def rows(
    warehouse: Warehouse, listing: Listing, sources: Sources
) -> Iterator[list[Any]]:
    """The rows as a page shows them.

    First come the keys: the place to open, the unit and the finding.
    """
    for row in warehouse.stream(listing.query):
        yield [
            sources.cell(row["document_id"], row["cell_id"]),
            row["unit_id"] or "",
            row.get("finding_id") or "",
            *(_shown(listing, row, column) for column in listing.columns),
            row["unit_name"],
            period(row),
            words.place(row["page"], row["line"]),
        ]


def _shown(listing: Listing, row: Row, column: str) -> str:
    if column in listing.amounts:
        return figures.amount(row[column])
    match column:
        case "数量":
            return f"{figures.quantity(row[column])} {row['quantity_unit'] or ''}"
        case "种类":
            return words.STANDARD_KIND.get(row[column], str(row[column]))
        case "关系":
            return words.CITATION_RELATION.get(row[column], str(row[column]))
        case "标准":
            return standard(row)
    return "" if row[column] is None else str(row[column])


def standard(row: Row) -> str:
    """A standard in one phrase: 不超过 300 元/人/年."""
    lower, upper = row["lower_bound"], row["upper_bound"]
    if row["value"] is not None:
        value = _number(row["value"], row["value_unit"])
    elif lower is not None and upper is not None:
        unit = row["bound_unit"] or ""
        value = f"{figures.quantity(lower)}—{_number(upper, unit)}"
    elif lower is not None:
        value = f"{_number(lower, row['bound_unit'])}以上"
    elif upper is not None:
        value = f"{_number(upper, row['bound_unit'])}以下"
    else:
        value = ""
    bound = words.BOUND.get(row["bound"] or "", "")
    per = f"/{row['per']}" if row["per"] and value else ""
    payer = f"，{row['payer']}" if row["payer"] else ""
    return f"{bound}{value}{per}{payer}".lstrip("，")


def _number(value: Decimal, unit: str | None) -> str:
    return f"{figures.quantity(value)}{unit or ''}"
