"""What stands in the workbook: one sheet a subject, each a query with Chinese heads."""

from __future__ import annotations

from dataclasses import dataclass

# Where a figure stands, as people say it.
_PLACE = """
    case
        when cells.page is not null then '第' || cells.page || '页'
        when cells.sheet is not null then '“' || cells.sheet || '”'
        when cells.line is not null then '第' || cells.line || '行'
        else ''
    end
    || case
        when cells.row_number is not null
            then
                ' 表中第' || (cells.row_number + 1) || '行第'
                || (cells.column_number + 1) || '列'
        else ''
    end
"""
_UNIT = "coalesce(facts.unit_name, units.unit_name, documents.title)"
_FACT_JOINS = """
    inner join marts.dim_document as documents
        on facts.document_id = documents.document_id
        and documents.status = 'loaded'
    left join marts.dim_unit as units on documents.unit_id = units.unit_id
    left join marts.dim_source_cell as cells on facts.cell_id = cells.cell_id
"""
_AS_PRINTED = """
    order by
        1, 2, 3, cells.document_id, cells.page, cells.line, cells.source_table_id,
        cells.row_number, cells.column_number, facts.cell_id
"""


@dataclass(frozen=True, slots=True)
class Head:
    """A column of a sheet.

    ``kind`` is ``text``, ``long`` (wrapped), ``count``, ``year``, ``yuan``, ``wan``
    (yuan shown in 万元), ``number``, ``share``, ``date`` or ``link`` (a key that leads
    to another sheet). ``values`` names the column whose Chinese values are shown.
    """

    title: str
    kind: str = "text"
    width: int = 12
    values: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: what it is about, its columns and the query of its rows.

    The query returns a value for each head. ``frozen`` columns stay in sight.
    ``leads_to`` is the sheet that a ``link`` leads to, by the key in its first column.
    """

    name: str
    about: str
    heads: tuple[Head, ...]
    query: str
    frozen: int = 1
    leads_to: str = ""


_UNIT_HEADS = (
    Head("单位", width=34),
    Head("年度", "year", 7),
    Head("阶段", width=8, values="stage"),
)
_PLACE_HEADS = (Head("文件", width=42), Head("位置", width=24))
_SOURCE_HEADS = (Head("核对", width=9, values="proof"), *_PLACE_HEADS)
_MONEY_HEADS = (Head("金额（万元）", "wan", 15), Head("金额（元）", "yuan", 19))

_SPENDING_HEADS = (
    Head("支出（万元）", "wan", 15),
    Head("基本支出（万元）", "wan", 16),
    Head("项目支出（万元）", "wan", 16),
    Head("支出（元）", "yuan", 19),
    Head("核对", width=9, values="proof"),
    Head("文件", width=42),
)

SHEETS = (
    Sheet(
        "支出",
        "各单位按功能分类末级科目的支出，可以直接相加；重复、汇总和已被更新的公开文件不计。",
        (
            *_UNIT_HEADS,
            Head("科目编码", width=11),
            Head("科目名称", width=34),
            *_SPENDING_HEADS,
        ),
        """
        select
            facts.unit_name, facts.fiscal_year, facts.stage, facts.functional_code,
            facts.functional_name, facts.expenditure_yuan, facts.basic_yuan,
            facts.project_yuan, facts.expenditure_yuan, facts.proof,
            documents.file_name
        from marts.fct_spending as facts
        left join marts.dim_document as documents
            on facts.document_id = documents.document_id
        order by all
        """,
    ),
    Sheet(
        "支出（经济分类）",
        "各单位按经济分类末级科目的支出。部门与政府两套分类各自完整，不可相加。",
        (
            *_UNIT_HEADS,
            Head("分类", width=20, values="classification"),
            Head("科目编码", width=11),
            Head("科目名称", width=30),
            *_SPENDING_HEADS,
        ),
        """
        select
            facts.unit_name, facts.fiscal_year, facts.stage, facts.classification,
            facts.economic_code, facts.economic_name, facts.expenditure_yuan,
            facts.basic_yuan, facts.project_yuan, facts.expenditure_yuan, facts.proof,
            documents.file_name
        from marts.fct_spending_economic as facts
        left join marts.dim_document as documents
            on facts.document_id = documents.document_id
        order by all
        """,
    ),
    Sheet(
        "三公",
        "“三公”经费表所列金额，逐项照录。“公务用车”含购置和运行，不可再相加。",
        (
            *_UNIT_HEADS,
            Head("项目", width=24, values="three_public"),
            Head("版本", width=12, values="phase"),
            Head("资金", width=18, values="fund"),
            Head("年度口径", width=9, values="year_basis"),
            *_MONEY_HEADS,
            Head("数量", "number", 8),
            *_SOURCE_HEADS,
        ),
        f"""
        select
            {_UNIT}, facts.fiscal_year, facts.stage, facts.item, facts.phase,
            facts.fund, facts.year_basis, facts.amount_yuan, facts.amount_yuan,
            facts.quantity, facts.proof, cells.file_name, {_PLACE}
        from marts.fct_three_public as facts
        {_FACT_JOINS}
        {_AS_PRINTED}
        """,
    ),
    Sheet(
        "三公对比上年",
        "“三公”经费每项与上年相比。上年数先取同一文件所列，没有的取上年公开的文件；都没有的空着。",
        (
            *_UNIT_HEADS,
            Head("项目", width=24, values="three_public"),
            Head("资金", width=18, values="fund"),
            Head("本年（万元）", "wan", 14),
            Head("上年（万元）", "wan", 14),
            Head("增减（万元）", "wan", 14),
            Head("增减", "share", 10),
            Head("上年数出处", width=16),
            *_SOURCE_HEADS,
        ),
        f"""
        with

        amounts as (

            select
                facts.*,
                case
                    when starts_with(facts.phase, 'prior_') then -1
                    when
                        facts.phase
                        = case facts.stage when 'budget' then 'budget' else 'final' end
                        then 0
                end as years_away
            from marts.fct_three_public as facts
            inner join marts.dim_document as documents
                on facts.document_id = documents.document_id
                and documents.status = 'loaded'
            where facts.statement = 'three_public'

        ),

        -- An amount that is printed differently in two places compares with nothing.
        former as (

            select
                document_id, unit_id, fiscal_year, stage, item, fund, year_basis,
                years_away, min(amount_yuan) as amount_yuan
            from amounts
            where years_away is not null
            group by all
            having count(distinct amount_yuan) = 1

        ),

        former_documents as (

            select
                unit_id, fiscal_year + 1 as fiscal_year, stage, item, fund, year_basis,
                min(amount_yuan) as amount_yuan
            from former
            where years_away = 0
            group by all
            having count(distinct amount_yuan) = 1

        ),

        compared as (

            select
                facts.*,
                coalesce(printed.amount_yuan, former_documents.amount_yuan)
                    as former_yuan,
                case
                    when printed.amount_yuan is not null then '本文件'
                    when former_documents.amount_yuan is not null then '上年文件'
                end as former_source
            from amounts as facts
            left join former as printed
                on facts.document_id = printed.document_id
                and facts.unit_id = printed.unit_id
                and facts.item = printed.item
                and facts.fund = printed.fund
                and facts.year_basis = printed.year_basis
                and printed.years_away = -1
            left join former_documents
                on facts.unit_id = former_documents.unit_id
                and facts.fiscal_year = former_documents.fiscal_year
                and facts.stage = former_documents.stage
                and facts.item = former_documents.item
                and facts.fund = former_documents.fund
                and facts.year_basis = former_documents.year_basis
            where facts.years_away = 0

        )

        select
            {_UNIT}, facts.fiscal_year, facts.stage, facts.item, facts.fund,
            facts.amount_yuan, facts.former_yuan,
            facts.amount_yuan - facts.former_yuan,
            cast(facts.amount_yuan - facts.former_yuan as double)
            / nullif(cast(facts.former_yuan as double), 0),
            facts.former_source, facts.proof, cells.file_name, {_PLACE}
        from compared as facts
        {_FACT_JOINS}
        {_AS_PRINTED}
        """,
    ),
    Sheet(
        "项目",
        "项目支出表所列金额，逐项照录；合计行也在其中（行＝合计、总计、单位小计）。",
        (
            *_UNIT_HEADS,
            Head("项目名称", "long", 40),
            Head("行", width=9, values="row_role"),
            Head("项目类型", width=14),
            Head("口径", width=16, values="measure"),
            Head("资金", width=18, values="fund"),
            Head("年度口径", width=9, values="year_basis"),
            *_MONEY_HEADS,
            *_SOURCE_HEADS,
        ),
        f"""
        select
            {_UNIT}, facts.fiscal_year, facts.stage, facts.project_name,
            facts.row_role, facts.project_type, facts.measure, facts.fund,
            facts.year_basis,
            facts.amount_yuan, facts.amount_yuan, facts.proof, cells.file_name, {_PLACE}
        from marts.fct_project as facts
        {_FACT_JOINS}
        {_AS_PRINTED}
        """,
    ),
    Sheet(
        "收入",
        "收入总表和收支总表收入方所列金额，逐项照录；合计行也在其中。",
        (
            *_UNIT_HEADS,
            Head("报表", width=20, values="statement"),
            Head("资金来源", width=22, values="fund"),
            Head("原文名称", width=30),
            Head("行", width=9, values="row_role"),
            Head("版本", width=12, values="phase"),
            Head("年度口径", width=9, values="year_basis"),
            *_MONEY_HEADS,
            *_SOURCE_HEADS,
        ),
        f"""
        select
            {_UNIT}, facts.fiscal_year, facts.stage, facts.statement,
            facts.revenue_source, facts.printed_name, facts.row_role, facts.phase,
            facts.year_basis, facts.amount_yuan, facts.amount_yuan, facts.proof,
            cells.file_name, {_PLACE}
        from marts.fct_revenue as facts
        {_FACT_JOINS}
        {_AS_PRINTED}
        """,
    ),
    Sheet(
        "采购",
        "政府采购金额，来自采购表或文字说明。",
        (
            *_UNIT_HEADS,
            Head("类别", width=16, values="category"),
            Head("出处", width=10, values="origin"),
            *_MONEY_HEADS,
            *_SOURCE_HEADS,
        ),
        f"""
        select
            {_UNIT}, facts.fiscal_year, facts.stage, facts.category, facts.origin,
            facts.amount_yuan, facts.amount_yuan, facts.proof, cells.file_name, {_PLACE}
        from marts.fct_procurement as facts
        {_FACT_JOINS}
        order by 1, 2, 3, 4, facts.cell_id
        """,
    ),
    Sheet(
        "资产与机构",
        "车辆、设备、房屋、编制和机构的数量，逐项照录；数量为零的不列。",
        (
            *_UNIT_HEADS,
            Head("项目", width=26, values="resource"),
            Head("数量", "number", 12),
            Head("计量单位", width=9),
            Head("性质", width=8, values="stock_or_purchase"),
            Head("截至", "date", 11),
            Head("出处", width=9, values="origin"),
            *_PLACE_HEADS,
        ),
        f"""
        select
            {_UNIT}, facts.fiscal_year, facts.stage, facts.item, facts.quantity,
            facts.quantity_unit, facts.stock_or_purchase, facts.as_of, facts.origin,
            cells.file_name, {_PLACE}
        from marts.fct_resource as facts
        {_FACT_JOINS}
        where facts.quantity <> 0
        order by 1, 2, 3, 4, facts.cell_id
        """,
    ),
    Sheet(
        "政策标准",
        "资金管理办法和项目文本中的标准、限额、分担比例、权重和期限，附所在句子。",
        (
            *_UNIT_HEADS,
            Head("事项", "long", 34),
            Head("种类", width=11, values="kind"),
            Head("数值", "number", 13),
            Head("单位", width=8),
            Head("每", width=9),
            Head("下限", "number", 10),
            Head("上限", "number", 10),
            Head("负担方", width=14),
            Head("所在句子", "long", 70),
            *_PLACE_HEADS,
        ),
        f"""
        select
            {_UNIT}, facts.fiscal_year, facts.stage, facts.subject, facts.kind,
            facts.value, coalesce(facts.value_unit, facts.bound_unit), facts.per,
            facts.lower_bound, facts.upper_bound, facts.payer, facts.sentence,
            cells.file_name, {_PLACE}
        from marts.fct_policy_standard as facts
        {_FACT_JOINS}
        order by
            1, 2, 3, cells.document_id, cells.page, cells.line, cells.character_start,
            facts.standard_id
        """,
    ),
    Sheet(
        "引用文件",
        "公开文件所引用的文号，写法统一，以及引用之处。",
        (
            Head("文号", width=30),
            Head("标题", "long", 60),
            Head("关系", width=8, values="relation"),
            *_UNIT_HEADS,
            Head("原文写法", width=30),
            *_PLACE_HEADS,
        ),
        f"""
        select
            facts.document_number, facts.cited_title, facts.relation, {_UNIT},
            facts.fiscal_year, facts.stage, facts.printed_number, cells.file_name,
            {_PLACE}
        from marts.fct_citation as facts
        {_FACT_JOINS}
        order by
            facts.document_number nulls last, facts.cited_title, 4, 5,
            facts.citation_id
        """,
    ),
    Sheet(
        "发现",
        "不符和其他问题，一个原因一行；“来源”链接到原文的单元格。",
        (
            Head("编号", width=19),
            Head("级别", width=7, values="severity"),
            *_UNIT_HEADS,
            Head("问题", "long", 42),
            Head("说明", "long", 70),
            Head("相差（万元）", "wan", 14),
            Head("相差（元）", "yuan", 18),
            Head("解释等式数", "count", 9),
            Head("状态", width=9, values="acknowledgement"),
            Head("文件", width=42),
            Head("页", "count", 6),
            Head("来源", "link", 12),
        ),
        """
        select
            facts.finding_id, facts.severity,
            coalesce(facts.unit_name, units.unit_name, documents.title),
            facts.fiscal_year, facts.stage, facts.title, facts.explanation,
            facts.difference_yuan, facts.difference_yuan, facts.identities,
            facts.acknowledgement, documents.file_name, facts.page, facts.finding_id
        from marts.fct_finding as facts
        left join marts.dim_document as documents
            on facts.document_id = documents.document_id
        left join marts.dim_unit as units on documents.unit_id = units.unit_id
        order by
            case facts.severity when 'error' then 0 when 'warning' then 1 else 2 end,
            abs(facts.difference_yuan) desc nulls last, facts.finding_id
        """,
        frozen=2,
        leads_to="来源",
    ),
    Sheet(
        "来源",
        "发现所指的原文单元格；“编号”链接回发现。",
        (
            Head("编号", "link", 19),
            Head("作用", width=12, values="role"),
            *_PLACE_HEADS,
            Head("报表", width=44),
            Head("原文", "long", 30),
            Head("金额单位", width=9),
            Head("应为（元）", "yuan", 18),
        ),
        f"""
        select
            named.finding_id, named.role, cells.file_name, {_PLACE}, tables.title,
            cells.printed_text, cells.amount_unit, named.expected_yuan
        from marts.bridge_finding_cell as named
        inner join marts.fct_finding as findings
            on named.finding_id = findings.finding_id
        left join marts.dim_source_cell as cells on named.cell_id = cells.cell_id
        left join marts.dim_source_table as tables
            on cells.source_table_id = tables.source_table_id
        order by
            case findings.severity when 'error' then 0 when 'warning' then 1 else 2 end,
            abs(findings.difference_yuan) desc nulls last, named.finding_id,
            case named.role when 'suspect' then 0 when 'total' then 1 else 2 end,
            cells.page, cells.line, cells.row_number, cells.column_number, named.cell_id
        """,
        leads_to="发现",
    ),
    Sheet(
        "勾稽",
        "每份文件每张报表有多少金额经过等式核对，以及等式的结果。",
        (
            *_UNIT_HEADS,
            Head("报表", width=30, values="statement"),
            Head("金额数", "count", 9),
            Head("参与等式", "count", 9),
            Head("两个独立等式", "count", 9),
            Head("无等式可核", "count", 9),
            Head("参与等式占比", "share", 9),
            Head("等式", "count", 8),
            Head("相符", "count", 8),
            Head("可疑", "count", 8),
            Head("不符", "count", 8),
            Head("无法核对", "count", 9),
            Head("文件", width=42),
        ),
        """
        with verdicts as (
            select
                document_id, statement, count(*) as identities,
                count_if(verdict in ('exact', 'rounding')) as held,
                count_if(verdict = 'suspicious') as suspicious,
                count_if(verdict = 'discrepancy') as failed,
                count_if(verdict = 'unchecked') as unchecked
            from marts.fct_identity
            group by document_id, statement
        )

        select
            coalesce(facts.unit_name, documents.title), facts.fiscal_year, facts.stage,
            facts.statement, facts.amounts, facts.amounts_in_identity,
            facts.amounts_in_independent_identities, facts.amounts_in_no_identity,
            facts.share_in_identity, verdicts.identities, verdicts.held,
            verdicts.suspicious, verdicts.failed, verdicts.unchecked,
            documents.file_name
        from marts.rpt_coverage as facts
        left join marts.dim_document as documents
            on facts.document_id = documents.document_id
        left join verdicts
            on facts.document_id = verdicts.document_id
            and facts.statement = verdicts.statement
        order by all
        """,
    ),
    Sheet(
        "不符等式",
        "不符、可疑和无法核对的等式；相符的只在“勾稽”中计数，全部等式见 fct_identity。",
        (
            *_UNIT_HEADS,
            Head("规则", width=26, values="rule_id"),
            Head("结果", width=9, values="verdict"),
            Head("报表", width=26, values="statement"),
            Head("科目或项目", width=34, values="subject_code"),
            Head("口径", width=16, values="measure"),
            Head("资金", width=18, values="fund"),
            Head("印列（元）", "yuan", 19),
            Head("计算（元）", "yuan", 19),
            Head("相差（元）", "yuan", 17),
            Head("允许误差（元）", "yuan", 14),
            Head("项数", "count", 6),
            Head("原因", "long", 30),
            Head("文件", width=42),
        ),
        """
        with codes as (
            select functional_code as code, name from marts.dim_functional_code
            union
            select economic_code, name from marts.dim_economic_code
        )

        select
            coalesce(facts.unit_name, documents.title), facts.fiscal_year, facts.stage,
            facts.rule_id, facts.verdict, facts.statement,
            facts.subject_code || coalesce(' ' || codes.name, ''),
            facts.measure, facts.fund, facts.printed_yuan, facts.computed_yuan,
            facts.difference_yuan, facts.bound_yuan, facts.terms, facts.reason,
            documents.file_name
        from marts.fct_identity as facts
        left join marts.dim_document as documents
            on facts.document_id = documents.document_id
        left join codes on facts.subject_code = codes.code
        where facts.verdict in ('discrepancy', 'suspicious', 'unchecked')
        order by
            case facts.verdict
                when 'discrepancy' then 0 when 'suspicious' then 1 else 2
            end,
            abs(facts.difference_yuan) desc nulls last, facts.identity_id
        """,
    ),
    Sheet(
        "未识别",
        "没有读成数据的文件和表格，以及原因：其中的金额不在本工作簿里。",
        (
            Head("文件", width=40),
            Head("类型", width=8),
            Head("状态", width=12, values="status"),
            Head("页", "count", 6),
            Head("行", "count", 8),
            Head("标题", "long", 46),
            Head("数字个数", "count", 9),
            Head("原因", "long", 60),
        ),
        """
        select
            relative_path, '文件', status, null, null, title, null, status_reason
        from marts.dim_document
        where status <> 'loaded'
        union all
        select
            documents.relative_path, '表格', tables.status, tables.page, tables.line,
            tables.title, tables.number_count, tables.status_reason
        from marts.dim_source_table as tables
        inner join marts.dim_document as documents
            on tables.document_id = documents.document_id
        where tables.status = 'not_understood'
        order by all
        """,
    ),
    Sheet(
        "未归位数字",
        "正文中读到而没有弄懂的数字，以及原因；它们不参加核对。",
        (
            *_UNIT_HEADS,
            Head("原文", width=16),
            Head("所在句子", "long", 90),
            Head("原因", "long", 40, values="unplaced_reason"),
            *_PLACE_HEADS,
        ),
        f"""
        select
            {_UNIT}, facts.fiscal_year, facts.stage, facts.printed_text,
            facts.sentence, facts.unplaced_reason, cells.file_name, {_PLACE}
        from marts.fct_narrative_figure as facts
        {_FACT_JOINS}
        where not facts.is_placed
        order by
            1, 2, 3, cells.document_id, cells.page, cells.line, cells.character_start,
            facts.cell_id
        """,
    ),
    Sheet(
        "文件",
        "本工作簿所依据的全部公开文件。",
        (
            Head("文件", width=44),
            Head("单位", width=34),
            Head("年度", "year", 7),
            Head("阶段", width=8, values="stage"),
            Head("文件种类", width=10, values="document_kind"),
            Head("范围", width=7, values="coverage"),
            Head("状态", width=9, values="status"),
            Head("说明", "long", 36),
            Head("发布日期", "date", 11),
            Head("网址", width=30),
            Head("页数", "count", 6),
            Head("表格", "count", 6),
            Head("SHA-256", width=66),
        ),
        """
        select
            documents.relative_path, units.unit_name, documents.fiscal_year,
            documents.stage, documents.document_kind, documents.coverage,
            documents.status, documents.status_reason, documents.published_date,
            documents.source_url, documents.page_count, documents.table_count,
            documents.file_sha256
        from marts.dim_document as documents
        left join marts.dim_unit as units on documents.unit_id = units.unit_id
        order by all
        """,
    ),
)
