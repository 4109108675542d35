-- What is wrong with the set of statements and with their form: tables that the
-- contents list or the rules of publication ask for, empty tables and their notes,
-- codes beyond their years, sections without their class, the way of rounding. In the
-- columns of a form finding, one row per finding and cell it names.
{%- set nothing = "'无|没有|空表|空白|不涉及|未安排|未涉及|不需填列|不存在|为零|为0|[^0-9.]0(?:\\.0+)?(?:万|百|千)?元'" %}
{%- set topics = "'政府性基金|国有资本|三公|机关运行|政府采购|购买服务|项目支出|基本支出|财政专户'" %}
with

documents as (

    select *
    from {{ ref('int_document') }}
    where reason_code is null and document_kind in ('budget', 'final_accounts')

),

tables as (

    select * from {{ ref('int_table') }}

),

statements as (

    select * from {{ ref('statement') }}

),

paragraphs as (

    select * from {{ ref('stg_paragraph') }} where paragraph_kind = 'text'

),

cells as (

    select * from {{ ref('stg_cell') }}

),

amounts as (

    select * from {{ ref('int_amount') }}

),

entries as (

    select * from {{ ref('int_contents_entry') }}

),

patterns as (

    select
        *,
        {{ split_rows(words_of_pattern('pattern'), "'|'") }} as words
    from {{ ref('statement_title') }}

),

required as (

    select * from {{ ref('required_statement') }}

),

resolutions as (

    select * from {{ ref('int_row_resolution') }}

),

row_codes as (

    select * from {{ ref('int_row_code') }}

),

functional_codes as (

    select * from {{ ref('functional_code') }}

),

identities as (

    select * from {{ ref('int_identity') }}

),

-- A list of which half the tables are elsewhere is one of attachments.
answered_lists as (

    select document_id
    from entries
    group by document_id
    having 2 * count(case when is_found then 1 end) >= count(*)

),

listed_tables as (

    select
        entries.document_id,
        entries.source_table_id,
        'contents_table_missing' as rule_id,
        entries.document_id || '/' || entries.printed_text as finding_key,
        entries.cell_id,
        entries.printed_text as subject,
        '目录列有“' || entries.printed_text || '”，文件中没有这张表' as detail
    from entries
    inner join answered_lists on entries.document_id = answered_lists.document_id
    where not entries.is_found

),

-- A line that names a statement speaks of it, also where it says that there is none.
named_statements as (

    select document_id, statement from tables where statement is not null
    union
    select document_id, statement from entries
    union
    select
        paragraphs.document_id,
        patterns.statement
    from paragraphs
    inner join patterns
        on
            {{ fits_pattern('paragraphs.folded_text', 'patterns.pattern', 'patterns.words') }}
            and (
                patterns.excludes is null
                or not {{ regex_matches('paragraphs.folded_text', 'patterns.excludes') }}
            )
    where
        length(paragraphs.folded_text) between 3 and 80
        and {{ regex_matches('paragraphs.folded_text', "'表'") }}

),

-- Most of a set is there: what is missing was left out. A file with two statements is
-- one part of many, and a table that was not understood may be the one that is missing.
set_sizes as (

    select
        documents.document_id,
        count(*) as required_count,
        count(named_statements.statement) as named_count
    from documents
    inner join required
        on
            documents.stage = required.stage
            and documents.fiscal_year >= required.since
    left join named_statements
        on
            documents.document_id = named_statements.document_id
            and required.statement = named_statements.statement
    where
        documents.document_id not in (
            select unknown_tables.document_id
            from tables as unknown_tables
            where unknown_tables.status = 'not_understood'
        )
    group by documents.document_id

),

lacking_statements as (

    select
        documents.document_id,
        cast(null as {{ dbt.type_string() }}) as source_table_id,
        'statement_missing' as rule_id,
        documents.document_id as finding_key,
        cast(null as {{ dbt.type_string() }}) as cell_id,
        statements.name_zh as subject,
        '缺少' || statements.name_zh as detail
    from documents
    inner join set_sizes
        on
            documents.document_id = set_sizes.document_id
            and set_sizes.named_count >= 6
            and set_sizes.named_count < set_sizes.required_count
    inner join required
        on
            documents.stage = required.stage
            and documents.fiscal_year >= required.since
    inner join statements on required.statement = statements.statement
    left join named_statements
        on
            documents.document_id = named_statements.document_id
            and required.statement = named_statements.statement
    where named_statements.statement is null

),

empty_tables as (

    select
        tables.document_id,
        tables.source_table_id,
        tables.title,
        tables.block,
        tables.has_empty_note,
        {{ regex_extract('tables.folded_title', topics, 0) }} as topic,
        lag(tables.block) over (partition by tables.document_id order by tables.block) as previous_block
    from tables
    where tables.status = 'empty'

),

-- The note stands beside the table, in it, or where the text tells of the same money.
noted_tables as (

    select empty_tables.source_table_id
    from empty_tables
    inner join paragraphs
        on
            empty_tables.document_id = paragraphs.document_id
            and {{ regex_matches('paragraphs.folded_text', nothing) }}
            and (
                paragraphs.block between empty_tables.block - 4 and empty_tables.block + 4
                or {{ regex_matches('paragraphs.folded_text', 'empty_tables.topic') }}
            )
    union
    select empty_tables.source_table_id
    from empty_tables
    inner join cells on empty_tables.source_table_id = cells.source_table_id
    where {{ regex_matches('cells.folded_text', nothing) }}

),

unexplained_tables as (

    select
        empty_tables.document_id,
        empty_tables.source_table_id,
        'empty_table_note' as rule_id,
        empty_tables.document_id as finding_key,
        cast(null as {{ dbt.type_string() }}) as cell_id,
        empty_tables.title as subject,
        empty_tables.title || '没有填列金额，也没有说明' as detail
    from empty_tables
    left join noted_tables on empty_tables.source_table_id = noted_tables.source_table_id
    where noted_tables.source_table_id is null and not empty_tables.has_empty_note

),

filled_tables as (

    select
        tables.document_id,
        tables.source_table_id,
        tables.title,
        tables.note,
        min(amounts.cell_id) as cell_id
    from tables
    inner join amounts
        on
            tables.source_table_id = amounts.source_table_id
            and amounts.amount_yuan <> 0
    where
        {{ regex_matches(
            fold_label('tables.note'), "'(?:本表|此表|该表).{0,8}(?:无数据|没有数据|为空)|空表|无此项'"
        ) }}
        -- 如为空表，则表示……: said of every table, whatever it holds
        and not {{ regex_matches(fold_label('tables.note'), "'如|若|倘|凡'") }}
    group by tables.document_id, tables.source_table_id, tables.title, tables.note

),

contradicted_notes as (

    select
        document_id,
        source_table_id,
        'note_of_empty_table' as rule_id,
        source_table_id as finding_key,
        cell_id,
        title as subject,
        title || '列有金额，表下却注明“' || substr({{ trimmed('note') }}, 1, 80) || '”' as detail
    from filled_tables

),

rows_with_amounts as (

    select distinct
        source_table_id,
        row_number,
        pane_number
    from amounts

),

outdated_codes as (

    select
        resolutions.document_id,
        resolutions.source_table_id,
        'code_out_of_years' as rule_id,
        resolutions.document_id || '/' || resolutions.resolved_code as finding_key,
        coalesce(row_codes.code_cell_id, row_codes.name_cell_id) as cell_id,
        resolutions.resolved_code || ' ' || functional_codes.name as subject,
        resolutions.resolved_code || ' ' || functional_codes.name
        || case
            when functional_codes.first_year > documents.fiscal_year
                then '自 ' || cast(functional_codes.first_year as {{ dbt.type_string() }}) || ' 年起使用'
            else '只使用到 ' || cast(functional_codes.last_year as {{ dbt.type_string() }}) || ' 年'
        end
        || '，本文件为 ' || cast(documents.fiscal_year as {{ dbt.type_string() }}) || ' 年'
        || case functional_codes.confidence when 'high' then '' else '（科目年限据科目表推定）' end as detail
    from resolutions
    inner join documents on resolutions.document_id = documents.document_id
    inner join functional_codes on resolutions.resolved_code = functional_codes.functional_code
    inner join row_codes
        on
            resolutions.source_table_id = row_codes.source_table_id
            and resolutions.row_number = row_codes.row_number
            and resolutions.pane_number = row_codes.pane_number
            and resolutions.slot = row_codes.slot
    inner join rows_with_amounts
        on
            resolutions.source_table_id = rows_with_amounts.source_table_id
            and resolutions.row_number = rows_with_amounts.row_number
            and resolutions.pane_number = rows_with_amounts.pane_number
    where
        resolutions.classification = 'functional'
        and resolutions.code_basis = 'printed'
        and functional_codes.confidence in ('high', 'medium')
        and (
            functional_codes.first_year > documents.fiscal_year
            or functional_codes.last_year < documents.fiscal_year
        )

),

-- A table that prints classes prints all of them.
coded_rows as (

    select
        amounts.document_id,
        amounts.source_table_id,
        amounts.resolved_code,
        substr(amounts.resolved_code, 1, 3) as class_code,
        amounts.level,
        coalesce(amounts.unit_row_number, -1) as unit_key,
        min(amounts.code_cell_id) as cell_id,
        min(amounts.row_name) as row_name
    from amounts
    where
        amounts.fact = 'functional'
        and amounts.row_role = 'code'
        and amounts.code_basis = 'printed'
        and amounts.resolved_code is not null
    group by
        amounts.document_id, amounts.source_table_id, amounts.resolved_code, amounts.level,
        coalesce(amounts.unit_row_number, -1)

),

class_rows as (

    select
        source_table_id,
        unit_key,
        class_code,
        count(*) over (partition by source_table_id, unit_key) as class_count
    from coded_rows
    where level = 'class'

),

tables_with_classes as (

    select distinct source_table_id, unit_key
    from class_rows
    where class_count >= 2

),

orphans as (

    select
        coded_rows.document_id,
        coded_rows.source_table_id,
        'section_without_class' as rule_id,
        coded_rows.document_id || '/' || coded_rows.class_code as finding_key,
        coded_rows.cell_id,
        coded_rows.resolved_code || ' ' || coalesce(coded_rows.row_name, '') as subject,
        coded_rows.resolved_code || ' ' || coalesce(coded_rows.row_name, '') || ' 所属的类级科目 '
        || coded_rows.class_code || ' 没有列示，其他类级科目有列示' as detail
    from coded_rows
    inner join tables_with_classes
        on
            coded_rows.source_table_id = tables_with_classes.source_table_id
            and coded_rows.unit_key = tables_with_classes.unit_key
    left join class_rows
        on
            coded_rows.source_table_id = class_rows.source_table_id
            and coded_rows.unit_key = class_rows.unit_key
            and coded_rows.class_code = class_rows.class_code
    where coded_rows.level <> 'class' and class_rows.class_code is null

),

-- Figures that are cut off, not rounded: a sum of cut terms is never more than the cut
-- total, so that every residual is positive. Rounding leans either way alike: sixteen
-- different residuals on one side happen by chance in one document of 65,000.
leaning as (

    select
        document_id,
        count(*) as residual_count,
        sum(difference_yuan) as difference_yuan
    from (
        select distinct
            identities.document_id,
            identities.subject_code,
            identities.measure,
            identities.printed_yuan,
            identities.computed_yuan,
            identities.difference_yuan
        from identities
        where
            identities.verdict in ('rounding', 'suspicious')
            and identities.terms >= 2
            and not identities.is_copy
    ) as residuals
    group by document_id
    having count(*) >= 16 and min(difference_yuan) > 0

),

truncated_documents as (

    select
        leaning.document_id,
        cast(null as {{ dbt.type_string() }}) as source_table_id,
        'truncated_amounts' as rule_id,
        leaning.document_id as finding_key,
        cast(null as {{ dbt.type_string() }}) as cell_id,
        cast(leaning.residual_count as {{ dbt.type_string() }}) || ' 处尾差方向相同' as subject,
        cast(leaning.residual_count as {{ dbt.type_string() }})
        || ' 处尾差均为合计大于各项之和，共 ' || {{ format_yuan('leaning.difference_yuan') }}
        || '，金额应为截去尾数而不是四舍五入' as detail
    from leaning

),

-- Three standard deviations are exceeded by one sum in some hundreds: alone it is
-- chance. Told are three in one document, or one beyond four, sigma being
-- bound / sqrt(3 · number of figures). DuckDB squeezes a product of two decimals of up
-- to eighteen digits into eighteen: the squares need wider ones.
doubtful as (

    select
        *,
        count(*) over (partition by document_id) as sum_count,
        max(case
            when
                difference * difference * cast(3 * (terms + 1) as decimal(8, 0))
                > bound * bound * cast(16 as decimal(2, 0))
                then 1
            else 0
        end) over (partition by document_id) = 1 as has_far_one
    from (
        select
            identities.*,
            case
                when identities.subject_code in ('total', 'grand_total', 'code', 'unit') then ''
                else ' ' || coalesce(subjects.name_zh, identities.subject_code)
            end as about,
            cast(try_cast(identities.difference_yuan as decimal(14, 4)) as decimal(19, 4)) as difference,
            cast(try_cast(identities.bound_yuan as decimal(15, 5)) as decimal(19, 5)) as bound,
            row_number() over (
                partition by identities.document_id, identities.printed_yuan, identities.computed_yuan
                order by identities.identity_key
            ) as copy_rank
        from identities
        left join {{ ref('int_subject_name') }} as subjects
            on identities.subject_code = subjects.subject_code
        where identities.verdict = 'suspicious'
    ) as sums
    where copy_rank = 1

),

suspicious_sums as (

    select
        doubtful.document_id,
        cells.source_table_id,
        'suspicious_rounding' as rule_id,
        doubtful.document_id as finding_key,
        identity_cells.cell_id,
        rules.title_zh || doubtful.about as subject,
        rules.title_zh || doubtful.about || '：印列 '
        || {{ format_yuan('doubtful.printed_yuan') }} || '，计算得 ' || {{ format_yuan('doubtful.computed_yuan') }}
        || '，' || cast(doubtful.terms as {{ dbt.type_string() }}) || ' 项相加，尾差 '
        || {{ format_yuan('doubtful.difference_yuan') }} as detail
    from doubtful
    inner join {{ ref('rule') }} as rules on doubtful.rule_id = rules.rule_id
    inner join {{ ref('int_identity_cell') }} as identity_cells
        on
            doubtful.identity_key = identity_cells.identity_key
            and identity_cells.term_role = 'total'
    inner join cells on identity_cells.cell_id = cells.cell_id
    where doubtful.sum_count >= 3 or doubtful.has_far_one

),

gathered as (

    select * from listed_tables
    union
    select * from lacking_statements
    union
    select * from unexplained_tables
    union
    select * from contradicted_notes
    union
    select * from outdated_codes
    union
    select * from orphans
    union
    select * from truncated_documents
    union
    select * from suspicious_sums

)

select gathered.*
from gathered
inner join documents on gathered.document_id = documents.document_id
