-- Who publishes, for which year and stage, when: of the claims of its lines the
-- one with the most weight. Labelled names (单位名称：…) count before titles, titles
-- before the file name; `int_document_evidence` keeps all of them.
with

documents as (

    select * from {{ ref('stg_document') }}

),

claims as (

    select * from {{ ref('int_document_claim') }}

),

captions as (

    select * from {{ ref('int_table_caption') }}

),

tables as (

    select * from {{ ref('stg_table') }}

),

paragraphs as (

    select * from {{ ref('stg_paragraph') }} where paragraph_kind = 'text'

),

titles as (

    select * from {{ ref('int_table_title') }}

),

kinds as (

    select
        *,
        {{ split_rows(words_of_pattern('pattern'), "'|'") }} as words
    from {{ ref('document_kind') }}

),

ranked_claims as (

    select
        document_id,
        attribute,
        value,
        row_number() over (
            partition by document_id, attribute
            order by
                -- years are voted on, everything else goes by its best witness
                case when attribute = 'fiscal_year' then sum(weight) else max(weight) end desc,
                case when attribute = 'fiscal_year' then value end desc,
                count(*) desc,
                min(block) asc,
                value asc
        ) as claim_rank,
        max(weight) as best_weight
    from claims
    group by document_id, attribute, value

),

-- Two dates with equal weight are of two papers: neither is known to be this one's.
single_claims as (

    select
        document_id,
        attribute,
        min(value) as value
    from (
        select
            *,
            max(best_weight) over (partition by document_id, attribute) as most_weight
        from ranked_claims
        where attribute in ('published_date', 'source_url')
    ) as weighed
    where best_weight = most_weight
    group by document_id, attribute
    having count(*) = 1

),

chosen as (

    select
        document_id,
        max(case when attribute = 'unit_name' then value end) as unit_name,
        max(case when attribute = 'government_name' then value end) as government_name,
        max(case when attribute = 'department_name' then value end) as department_name,
        max(case when attribute = 'unit_code' then value end) as unit_code,
        max(case when attribute = 'fiscal_year' then cast(value as integer) end) as fiscal_year,
        max(case when attribute = 'published_date' then cast(value as date) end) as published_date,
        max(case when attribute = 'source_url' then value end) as source_url
    from (
        select document_id, attribute, value
        from ranked_claims
        where claim_rank = 1 and attribute not in ('published_date', 'source_url')
        union all
        select document_id, attribute, value
        from single_claims
    ) as best_claims
    group by document_id

),

-- Beside 单位名称 the name behind 部门名称 is the department's.
departments as (

    select
        claims.document_id,
        max(claims.value) as department_name
    from claims
    inner join ranked_claims as best
        on
            claims.document_id = best.document_id
            and claims.attribute = best.attribute
            and best.claim_rank = 1
    where
        claims.attribute = 'unit_name'
        and claims.is_labelled
        and claims.weight = 28
        and best.best_weight = 30
    group by claims.document_id

),

stages as (

    select
        document_id,
        count(case when value = 'final_accounts' then 1 end) as final_count,
        count(case when value = 'budget' then 1 end) as budget_count
    from claims
    where attribute = 'stage'
    group by document_id

),

navigation as (

    select
        *,
        {{ split_rows(words_of_pattern('pattern'), "'|'") }} as words
    from {{ ref('navigation_line') }}

),

-- What a document calls itself stands in its first lines; a sheet has them in the
-- head of its first table. The path of a web page (首页 > 预决算公开) comes before.
first_lines as (

    select
        document_id,
        folded_text,
        printed_text,
        block,
        place
    from (
        select document_id, folded_text, printed_text, block, 0 as place
        from paragraphs
        union all
        select
            captions.document_id,
            captions.folded_text,
            captions.printed_text,
            tables.block,
            -captions.distance as place
        from captions
        inner join tables on captions.source_table_id = tables.source_table_id
        where captions.cell_id is not null or captions.distance >= 900
    ) as lines
    where
        length(folded_text) between 2 and 60
        and not {{ regex_matches('folded_text', "'[。；]|^(附件|附表)'") }}

),

navigation_lines as (

    select distinct
        first_lines.document_id,
        first_lines.folded_text
    from first_lines
    inner join documents on first_lines.document_id = documents.document_id
    inner join navigation
        on
            {{ fits_pattern('first_lines.folded_text', 'navigation.pattern', 'navigation.words', whole=true) }}
            and (not navigation.is_web_only or documents.format in ('html', 'mhtml'))
    where first_lines.block < 30

),

opening_lines as (

    select
        first_lines.document_id,
        first_lines.folded_text,
        first_lines.printed_text,
        row_number() over (
            partition by first_lines.document_id
            order by first_lines.block, first_lines.place
        ) as line_number
    from first_lines
    left join navigation_lines
        on
            first_lines.document_id = navigation_lines.document_id
            and first_lines.folded_text = navigation_lines.folded_text
    where navigation_lines.document_id is null

),

first_fields as (

    select
        document_id,
        min(line_number) as line_number
    from opening_lines
    where {{ regex_matches('folded_text', "':'") }}
    group by document_id

),

-- A cover breaks its title over lines: they are joined up to the one that says
-- 预算, 决算 or what else the document is; none goes on below 单位：万元.
title_ends as (

    select
        opening_lines.document_id,
        min(opening_lines.line_number) as end_line
    from opening_lines
    inner join kinds
        on {{ fits_pattern('opening_lines.folded_text', 'kinds.pattern', 'kinds.words') }}
    left join first_fields on opening_lines.document_id = first_fields.document_id
    where
        opening_lines.line_number <= 4
        and opening_lines.line_number <= coalesce(first_fields.line_number, 4)
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

-- The name of the file speaks where the first lines say nothing.
kind_lines as (

    select document_id, folded_text, line_number
    from opening_lines
    where line_number <= 6
    union all
    select document_id, folded_text, 7 as line_number
    from {{ ref('int_document_line') }}
    where source_kind = 'file_name'

),

-- Those of a department, whatever stands above them: the finance bureau prints the
-- county's budget too, as 编制单位 or in a folder of its own.
departments_named as (

    select distinct document_id
    from claims
    where
        attribute = 'unit_name'
        and is_organization
        and value not like '%人民政府'
        and not (value like '%财政局' and (is_labelled or source_kind = 'folder'))

),

matched_kinds as (

    select
        kind_lines.document_id,
        kinds.document_kind,
        kind_lines.line_number,
        row_number() over (
            partition by kind_lines.document_id
            order by
                case when kinds.unless_department then 0 else kind_lines.line_number end,
                kinds.priority,
                kind_lines.line_number
        ) as kind_rank
    from kind_lines
    inner join kinds
        on {{ fits_pattern('kind_lines.folded_text', 'kinds.pattern', 'kinds.words') }}
    left join departments_named on kind_lines.document_id = departments_named.document_id
    where not kinds.unless_department or departments_named.document_id is null

),

statement_counts as (

    select
        document_id,
        count(case when is_money then 1 end) as statement_count,
        count(case when statement in ('performance_unit', 'performance_project') then 1 end) as form_count
    from titles
    group by document_id

),

described as (

    select
        documents.*,
        first_titles.title,
        case
            when documents.reason_code is not null then documents.reason_code
            when
                coalesce(statement_counts.statement_count, 0) = 0
                and coalesce(matched_kinds.line_number, 7) = 7
                -- a performance form alone, that says whose it is and of which year
                and not coalesce(
                    statement_counts.form_count > 0
                    and chosen.unit_name is not null
                    and chosen.fiscal_year is not null,
                    false
                )
                then 'not_a_disclosure'
        end as final_reason_code,
        case
            when
                coalesce(statement_counts.statement_count, 0) >= 2
                or (statement_counts.statement_count = 1 and matched_kinds.document_kind is null)
                then
                    case
                        when matched_kinds.document_kind = 'government_budget'
                            then 'government_budget'
                        when
                            coalesce(stages.final_count, 0) > coalesce(stages.budget_count, 0)
                            or (stages.document_id is null and matched_kinds.document_kind = 'final_accounts')
                            then 'final_accounts'
                        else 'budget'
                    end
            else coalesce(matched_kinds.document_kind, 'other')
        end as document_kind,
        -- where no table says so, the stage follows what the document calls itself
        case
            when
                coalesce(stages.final_count, 0) > coalesce(stages.budget_count, 0)
                or (stages.document_id is null and matched_kinds.document_kind = 'final_accounts')
                -- what is evaluated has been spent
                or (
                    stages.document_id is null
                    and {{ regex_matches(fold_label('first_titles.title'), "'绩效(自评|自我评价|评价)'") }}
                )
                then 'final_accounts'
            else 'budget'
        end as stage,
        chosen.unit_name as printed_unit_name,
        chosen.government_name,
        coalesce(chosen.department_name, departments.department_name) as department_name,
        chosen.unit_code,
        chosen.fiscal_year,
        chosen.published_date,
        chosen.source_url
    from documents
    left join first_titles on documents.document_id = first_titles.document_id
    left join matched_kinds
        on
            documents.document_id = matched_kinds.document_id
            and matched_kinds.kind_rank = 1
    left join statement_counts
        on documents.document_id = statement_counts.document_id
    left join stages on documents.document_id = stages.document_id
    left join chosen on documents.document_id = chosen.document_id
    left join departments on documents.document_id = departments.document_id

)

select
    document_id,
    content_id,
    file_name,
    relative_path,
    file_sha256,
    format,
    page_count,
    unread_pages,
    loaded_at,
    is_read,
    duplicate_of_document_id,
    reason_detail,
    final_reason_code as reason_code,
    title,
    document_kind,
    stage,
    -- the budget of a whole county is its government's, whichever office prints it
    case
        when document_kind = 'government_budget' then coalesce(government_name, printed_unit_name)
        else printed_unit_name
    end as unit_name,
    case when document_kind <> 'government_budget' then unit_code end as unit_code,
    case
        when document_kind <> 'government_budget' and department_name <> printed_unit_name
            then department_name
    end as department_name,
    fiscal_year,
    -- a date before the year was planned is that of another paper
    case when extract(year from published_date) >= fiscal_year - 1 then published_date end as published_date,
    source_url
from described
