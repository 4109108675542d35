-- Which family of facts the code rows of a pane give: `functional`, `economic`,
-- `revenue`, `revenue_code`, `project` or `three_public`. Labels decide; where they are silent
-- the printed codes do, then the statement.
with

tables as (

    select * from {{ ref('int_table') }} where status = 'loaded'

),

columns as (

    select * from {{ ref('int_column') }}

),

rows_in_tables as (

    select * from {{ ref('int_row') }}

),

codes as (

    select distinct classification, code from {{ ref('int_code') }}

),

revenue_names as (

    select
        folded_name,
        min(code) as code
    from {{ ref('int_code_name') }}
    where classification = 'revenue'
    group by folded_name

),

functional_names as (

    select distinct
        folded_name,
        code
    from {{ ref('int_code_name') }}
    where classification = 'functional'

),

pane_labels as (

    select
        source_table_id,
        pane_number,
        max(case when classification in ('department', 'government', 'economic') then 1 else 0 end)
            as is_economic,
        max(case when classification = 'functional' then 1 else 0 end) as is_functional,
        max(case when classification = 'department' then 1 else 0 end) as is_department,
        max(case when classification = 'government' then 1 else 0 end) as is_government,
        max(case when column_role in ('code', 'code_class', 'name') then 1 else 0 end)
            as has_code_or_name,
        max(case when column_role = 'project_name' then 1 else 0 end) as has_project
    from columns
    group by source_table_id, pane_number

),

code_votes as (

    select
        rows_in_tables.source_table_id,
        rows_in_tables.pane_number,
        sum(case when codes.classification = 'functional' then 1 else 0 end) as functional_votes,
        sum(case when codes.classification in ('department', 'government') then 1 else 0 end)
            as economic_votes,
        sum(case when codes.classification = 'government' then 1 else 0 end)
            as government_votes
    from rows_in_tables
    inner join codes on rows_in_tables.code_digits = codes.code
    where rows_in_tables.row_role = 'code'
    group by rows_in_tables.source_table_id, rows_in_tables.pane_number

),

-- Below the codes of a table of projects stand names of projects, or of functions.
project_names as (

    select
        rows_in_tables.source_table_id,
        rows_in_tables.pane_number,
        count(*) as coded_count,
        count(functional_names.code) as function_count
    from rows_in_tables
    left join functional_names
        on
            rows_in_tables.code_digits = functional_names.code
            and rows_in_tables.plain_label = functional_names.folded_name
    where
        rows_in_tables.row_role = 'code'
        and rows_in_tables.code_digits is not null and rows_in_tables.plain_label is not null
    group by rows_in_tables.source_table_id, rows_in_tables.pane_number

),

-- A county's own revenue by kind: taxes or the revenue of a fund are among the rows.
revenue_votes as (

    select
        rows_in_tables.source_table_id,
        rows_in_tables.pane_number,
        count(*) as row_count,
        sum(case
            when revenue_names.code is not null or {{ regex_matches('rows_in_tables.code_digits', "'^1[01][0-9]'") }}
                then 1
            else 0
        end) as revenue_count,
        max(case
            when {{ regex_matches('coalesce(rows_in_tables.code_digits, revenue_names.code)', "'^(101|10301|10306)'") }}
                then 1
            else 0
        end) = 1 as has_tax
    from rows_in_tables
    left join revenue_names on rows_in_tables.plain_label = revenue_names.folded_name
    where rows_in_tables.row_role = 'code'
    group by rows_in_tables.source_table_id, rows_in_tables.pane_number

),

-- What the lines without a code say: sources, kinds of expenditure, carryover.
label_votes as (

    select
        source_table_id,
        pane_number,
        sum(case when row_role = 'code' and code_digits is null and label_kind is null then 1 else 0 end)
            as unnamed_count,
        sum(case when row_role = 'code' and code_digits is not null then 1 else 0 end)
            as code_count,
        sum(case when label_kind in ('revenue_source', 'balance_item', 'measure') then 1 else 0 end)
            as line_votes
    from rows_in_tables
    group by source_table_id, pane_number

)

select
    tables.source_table_id,
    pane_labels.pane_number,
    case
        -- 机关运行经费 by economic code
        when
            tables.statement = 'agency_operation'
            and coalesce(code_votes.economic_votes, 0) > 0
            then 'economic'
        when tables.statement in ('three_public', 'agency_operation') then 'three_public'
        when tables.statement = 'procurement' then 'procurement'
        when
            tables.statement in ('balance', 'appropriation_balance')
            and pane_labels.is_economic = 1
            then 'economic'
        when tables.statement in ('balance', 'appropriation_balance') then 'balance'
        when
            tables.statement in ('revenue', 'government_funds', 'state_capital')
            and revenue_votes.has_tax
            and 2 * revenue_votes.revenue_count > revenue_votes.row_count
            then 'revenue_code'
        when
            pane_labels.has_project = 1
            and (
                tables.statement in ('project', 'project_economic')
                or (pane_labels.is_economic = 0 and pane_labels.is_functional = 0)
            )
            then 'project'
        when
            tables.statement = 'project'
            and pane_labels.is_economic = 0
            and coalesce(code_votes.functional_votes, 0) > coalesce(code_votes.economic_votes, 0)
            and 2 * project_names.function_count < project_names.coded_count
            then 'project'
        when pane_labels.is_economic = 1 then 'economic'
        when pane_labels.is_functional = 1 then 'functional'
        when coalesce(code_votes.economic_votes, 0) > coalesce(code_votes.functional_votes, 0)
            then 'economic'
        when coalesce(code_votes.functional_votes, 0) > 0 then 'functional'
        -- one pane of a balance printed as a table of its own
        when
            tables.statement in ('revenue', 'expenditure')
            and label_votes.code_count = 0
            and label_votes.line_votes > label_votes.unnamed_count
            then 'balance'
        when tables.statement = 'revenue' and pane_labels.has_code_or_name = 0 then 'revenue'
        when
            tables.statement = 'revenue'
            and label_votes.code_count = 0
            and label_votes.unnamed_count = 0
            then 'revenue'
        when tables.statement = 'project' then 'project'
        when tables.statement in ('basic_expenditure', 'project_economic', 'economic_summary')
            then 'economic'
        else 'functional'
    end as family,
    -- of an economic pane; one that prints both classifications is `department`
    case
        when pane_labels.is_department = 1 then 'department'
        when pane_labels.is_government = 1 then 'government'
        when 2 * coalesce(code_votes.government_votes, 0) > coalesce(code_votes.economic_votes, 0)
            then 'government'
        else 'department'
    end as pane_classification
from tables
inner join pane_labels on tables.source_table_id = pane_labels.source_table_id
left join code_votes
    on
        pane_labels.source_table_id = code_votes.source_table_id
        and pane_labels.pane_number = code_votes.pane_number
left join project_names
    on
        pane_labels.source_table_id = project_names.source_table_id
        and pane_labels.pane_number = project_names.pane_number
left join revenue_votes
    on
        pane_labels.source_table_id = revenue_votes.source_table_id
        and pane_labels.pane_number = revenue_votes.pane_number
left join label_votes
    on
        pane_labels.source_table_id = label_votes.source_table_id
        and pane_labels.pane_number = label_votes.pane_number
