-- Who publishes, for which year and stage: each with the line that says so.
-- Labelled names (单位名称：…) count before titles, titles before the file name.
with

documents as (

    select * from {{ ref('stg_document') }}

),

paragraphs as (

    select * from {{ ref('stg_paragraph') }} where paragraph_kind = 'text'

),

captions as (

    select distinct document_id, printed_text, folded_text
    from {{ ref('int_table_caption') }}

),

titles as (

    select * from {{ ref('int_table_title') }}

),

kinds as (

    select * from {{ ref('document_kind') }}

),

lines as (

    select
        document_id,
        folded_text,
        min(block) as block
    from paragraphs
    where length(folded_text) between 2 and 80
    group by document_id, folded_text

    union all

    select
        captions.document_id,
        captions.folded_text,
        0 as block
    from captions
    where length(captions.folded_text) between 2 and 80

    union all

    -- a title broken over two or three lines
    select
        document_id,
        folded_text
        || coalesce(lead(folded_text, 1) over (partition by document_id order by block), '')
        || coalesce(lead(folded_text, 2) over (partition by document_id order by block), '')
            as folded_text,
        block
    from paragraphs
    where block <= 12 and length(folded_text) <= 40

    union all

    select
        document_id,
        {{ regex_replace(fold_label('file_name'), "'\\.[a-zA-Z]+$'", "''") }} as folded_text,
        1000000 as block
    from documents
    where is_read

),

names as (

    select
        document_id,
        {{ regex_replace(
            regex_extract(
                'folded_text',
                "'(?:单位名称|部门全称|部门名称|编制部门|编制单位|填报单位|填报部门|预算主管部门|公开单位|公开部门|预算单位|单位\\(部门\\)名称)(?:\\(公章\\))?:([^:]{4,40}?)(?:(?:金额)?单位:|预算年度|公开|$)'",
                1
            ),
            "'^[\\[(]?[0-9]+[\\])]?-?'", "''"
        ) }} as unit_name,
        3 as weight,
        block
    from lines

    union all

    -- 部门：某县水利局 above the tables of final accounts; not 单位：万元
    select
        document_id,
        {{ regex_extract(
            'folded_text',
            "'^(?:部门|单位):([^:0-9、。，,]{4,40}?)(?:(?:金额)?单位:|20[0-9]{2}年|$)'",
            1
        ) }} as unit_name,
        1 as weight,
        block
    from lines
    where not {{ regex_matches('folded_text', "'^单位:.{0,3}元'") }}

    union all

    select
        document_id,
        {{ regex_replace(
            regex_extract(
                'folded_text',
                "'^(?:第.{1,2}部分)?([^0-9、。:，,]{4,40}?)20[0-9]{2}年?度?(?:区级|县级|市级)?(?:部门|单位)?(?:综合)?(?:预算|决算)'",
                1
            ),
            "'^(?:关于|附件|附表)'", "''"
        ) }} as unit_name,
        case when block = 1000000 then 0 else 2 end as weight,
        block
    from lines

    union all

    select
        document_id,
        {{ regex_extract('folded_text', "'^20[0-9]{2}年?度?([^0-9、。:，,]{4,40}?)(?:部门|单位)(?:预算|决算)'", 1) }}
            as unit_name,
        1 as weight,
        block
    from lines

),

ranked_names as (

    select
        document_id,
        unit_name,
        row_number() over (
            partition by document_id
            order by max(weight) desc, count(*) desc, min(block) asc, unit_name asc
        ) as name_rank
    from names
    where unit_name is not null
    group by document_id, unit_name

),

years as (

    select
        document_id,
        {{ regex_extract('folded_text', "'(20[0-9]{2})年?度?[^0-9。；]{0,40}(?:预算|决算|表$)'", 1) }} as fiscal_year,
        case when {{ regex_matches('folded_text', "'表(\\(.*\\))?$'") }} then 3 else 1 end
        * case when block < 30 then 2 else 1 end as weight
    from lines
    where length(folded_text) <= 60

),

ranked_years as (

    select
        document_id,
        cast(fiscal_year as integer) as fiscal_year,
        row_number() over (
            partition by document_id order by sum(weight) desc, fiscal_year desc
        ) as year_rank
    from years
    where fiscal_year is not null
    group by document_id, fiscal_year

),

stages as (

    select
        document_id,
        sum(case when {{ regex_matches('folded_text', "'决算'") }} then 1 else 0 end)
            as final_count,
        sum(case when {{ regex_matches('folded_text', "'预算'") }} and not {{ regex_matches('folded_text', "'决算'") }} then 1 else 0 end)
            as budget_count
    from lines
    where
        {{ regex_matches('folded_text', "'表(\\(.*\\))?$'") }}
        or {{ regex_matches('folded_text', "'20[0-9]{2}年?度?(部门|单位|区级部门|县级部门)?(预算|决算)'") }}
    group by document_id

),

-- What a document calls itself stands in its first lines, before any table.
opening_lines as (

    select
        document_id,
        folded_text,
        printed_text,
        row_number() over (partition by document_id order by block) as line_number
    from paragraphs
    where
        length(folded_text) between 2 and 60
        and not {{ regex_matches('folded_text', "'[。；]|^(附件|附表)'") }}

),

-- A cover breaks its title over lines: they are joined up to the one that says
-- 预算, 决算 or what else the document is.
title_ends as (

    select
        opening_lines.document_id,
        min(opening_lines.line_number) as end_line
    from opening_lines
    inner join kinds
        on {{ regex_matches('opening_lines.folded_text', 'kinds.pattern') }}
    where opening_lines.line_number <= 4
    group by opening_lines.document_id

),

first_titles as (

    select
        opening_lines.document_id,
        {{ string_aggregate('opening_lines.printed_text', "''", 'opening_lines.line_number') }} as title
    from opening_lines
    left join title_ends on opening_lines.document_id = title_ends.document_id
    where opening_lines.line_number <= coalesce(title_ends.end_line, 1)
    group by opening_lines.document_id

),

matched_kinds as (

    select
        opening_lines.document_id,
        kinds.document_kind,
        row_number() over (
            partition by opening_lines.document_id
            order by opening_lines.line_number, kinds.priority
        ) as kind_rank
    from opening_lines
    inner join kinds
        on {{ regex_matches('opening_lines.folded_text', 'kinds.pattern') }}
    where opening_lines.line_number <= 6

),

statement_counts as (

    select
        document_id,
        count(case when is_money then 1 end) as statement_count
    from titles
    group by document_id

)

select
    documents.document_id,
    documents.content_id,
    documents.file_name,
    documents.relative_path,
    documents.file_sha256,
    documents.format,
    documents.page_count,
    documents.unread_pages,
    documents.loaded_at,
    documents.is_read,
    documents.duplicate_of_document_id,
    documents.reason_detail,
    case
        when documents.reason_code is not null then documents.reason_code
        when
            coalesce(statement_counts.statement_count, 0) = 0
            and matched_kinds.document_kind is null
            then 'not_a_disclosure'
    end as reason_code,
    first_titles.title,
    case
        when coalesce(statement_counts.statement_count, 0) >= 2
            then
                case
                    when matched_kinds.document_kind = 'government_budget'
                        then 'government_budget'
                    when coalesce(stages.final_count, 0) > coalesce(stages.budget_count, 0)
                        then 'final_accounts'
                    else 'budget'
                end
        else coalesce(matched_kinds.document_kind, 'other')
    end as document_kind,
    case
        when coalesce(stages.final_count, 0) > coalesce(stages.budget_count, 0)
            then 'final_accounts'
        else 'budget'
    end as stage,
    ranked_names.unit_name,
    ranked_years.fiscal_year
from documents
left join first_titles on documents.document_id = first_titles.document_id
left join matched_kinds
    on
        documents.document_id = matched_kinds.document_id
        and matched_kinds.kind_rank = 1
left join statement_counts
    on documents.document_id = statement_counts.document_id
left join stages on documents.document_id = stages.document_id
left join ranked_names
    on
        documents.document_id = ranked_names.document_id
        and ranked_names.name_rank = 1
left join ranked_years
    on
        documents.document_id = ranked_years.document_id
        and ranked_years.year_rank = 1
