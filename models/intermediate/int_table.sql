-- Each table with its statement, unit and qualifiers, and whether its amounts
-- can be facts. A table that cannot is `empty`, `not_understood` (it prints
-- amounts) or `not_a_statement`, with the reason.
{%- set note = "'^(\\(?注|备注|说明|附注)'" %}
with

tables as (

    select * from {{ ref('stg_table') }}

),

documents as (

    select * from {{ ref('int_document') }}

),

titles as (

    select * from {{ ref('int_table_title') }}

),

table_units as (

    select * from {{ ref('int_table_unit') }}

),

columns as (

    select * from {{ ref('int_column') }}

),

cells as (

    select * from {{ ref('stg_cell') }}

),

table_rows as (

    select * from {{ ref('stg_table_row') }}

),

paragraphs as (

    select * from {{ ref('stg_paragraph') }} where paragraph_kind = 'text'

),

statements as (

    select * from {{ ref('statement') }}

),

signs as (

    select * from {{ ref('int_table_sign') }}

),

title_funds as (

    select * from {{ ref('title_fund') }}

),

qualifiers as (

    select * from {{ ref('title_qualifier') }}

),

publishers as (

    select * from {{ ref('int_table_publisher') }}

),

-- The notes of a table: the lines below it up to the next table or title, and
-- those in its last rows.
next_blocks as (

    select
        source_table_id,
        document_id,
        block,
        lead(block) over (partition by document_id order by block) as next_block
    from tables

),

note_lines as (

    select
        cells.source_table_id,
        cells.row_number as place,
        cells.printed_text,
        cells.folded_text
    from cells
    inner join table_rows
        on
            cells.source_table_id = table_rows.source_table_id
            and cells.row_number = table_rows.row_number
            and table_rows.row_kind = 'note'
    where {{ regex_matches('cells.folded_text', note) }}

    union all

    select
        next_blocks.source_table_id,
        -- below every row
        1000000 + paragraphs.block as place,
        paragraphs.printed_text,
        paragraphs.folded_text
    from next_blocks
    inner join paragraphs
        on
            next_blocks.document_id = paragraphs.document_id
            and paragraphs.block > next_blocks.block
            and paragraphs.block <= next_blocks.block + 4
            and (next_blocks.next_block is null or paragraphs.block < next_blocks.next_block)
    where {{ regex_matches('paragraphs.folded_text', note) }}

),

notes as (

    select
        source_table_id,
        {{ string_aggregate('printed_text', "' '", 'place') }} as note,
        {{ string_aggregate('folded_text', "' '", 'place') }} as folded_note
    from note_lines
    group by source_table_id

),

column_facts as (

    select
        source_table_id,
        count(case when column_role = 'amount' then 1 end) as amount_column_count,
        count(case
            when
                column_role = 'amount'
                and (
                    measure is not null or fund is not null or phase is not null
                    or item is not null or is_total
                )
                then 1
        end) as money_column_count,
        max(case when classification in ('department', 'government', 'economic') then 1 else 0 end) = 1
            as has_economic_columns,
        max(case when column_role = 'project_name' then 1 else 0 end) = 1
            as has_project_column,
        max(case when column_role in ('code', 'code_class', 'name') then 1 else 0 end) = 1
            as has_code_columns,
        max(case
            when column_role = 'amount' and {{ unit_in_label('label_path') }} is not null then 1
            else 0
        end) = 1 as has_unit_in_label,
        max(case when year_basis = 'carryover' then 1 else 0 end) = 1
            as has_carryover_column,
        max(case when column_role is null then 1 else 0 end) = 1
            as has_unknown_column,
        count(distinct classification) as classification_count
    from columns
    group by source_table_id

),

number_counts as (

    select
        cells.source_table_id,
        count(case when cells.is_number then 1 end) as number_count,
        -- something is filled in where amounts belong, though no number
        count(case when not cells.is_number and columns.column_role = 'amount' then 1 end)
            as unreadable_count,
        count(case when cells.is_number and columns.column_role = 'amount' then 1 end)
            as amount_count,
        count(case
            when cells.is_number and columns.column_role = 'amount' and cells.own_unit is null
                then 1
        end) as unitless_count
    from cells
    inner join table_rows
        on
            cells.source_table_id = table_rows.source_table_id
            and cells.row_number = table_rows.row_number
            and table_rows.row_kind in ('data', 'header_total')
    left join columns
        on
            cells.source_table_id = columns.source_table_id
            and cells.column_number = columns.column_number
    where
        (cells.is_number or {{ regex_matches('cells.folded_text', "'[0-9]'") }})
        and coalesce(columns.column_role, '') not in (
            'code', 'code_class', 'code_section', 'code_item', 'unit_code',
            'project_code', 'ordinal'
        )
    group by cells.source_table_id

),

-- What is left of a table: one row, a label and amounts with their cents.
rows_alone as (

    select source_table_id
    from cells
    group by source_table_id
    having
        min(row_number) = max(row_number)
        and count(case when is_number and number_scale >= 2 then 1 end) > 0
        and count(case when not is_number and folded_text <> '' then 1 end) > 0

),

ranked_funds as (

    select
        titles.source_table_id,
        title_funds.fund,
        row_number() over (
            partition by titles.source_table_id order by title_funds.priority
        ) as fund_rank
    from titles
    inner join title_funds
        on {{ regex_matches('titles.folded_title', 'title_funds.pattern') }}

),

ranked_qualifiers as (

    select
        titles.source_table_id,
        qualifiers.year_basis,
        row_number() over (
            partition by titles.source_table_id
            order by case when qualifiers.place = 'title' then 0 else 1 end, qualifiers.pattern
        ) as qualifier_rank
    from titles
    left join notes on titles.source_table_id = notes.source_table_id
    inner join qualifiers
        on
            {{ regex_matches(
                "case when qualifiers.place = 'title' then titles.folded_title else coalesce(notes.folded_note, '') end",
                'qualifiers.pattern'
            ) }}

),

described as (

    select
        tables.*,
        titles.title,
        titles.folded_title,
        case
            when
                titles.statement = 'project'
                and column_facts.has_economic_columns
                and not column_facts.has_project_column
                then 'project_economic'
            -- 专项业务经费支出表, 部门预算支出明细表 with one row per project
            when
                titles.statement in ('expenditure', 'general_expenditure', 'basic_expenditure')
                and column_facts.has_project_column
                and not column_facts.has_code_columns
                then 'project'
            else titles.statement
        end as statement,
        coalesce(titles.is_money, false) as is_money,
        table_units.amount_unit,
        table_units.unit_basis,
        table_units.factor,
        ranked_funds.fund as title_fund,
        ranked_qualifiers.year_basis as title_year_basis,
        notes.note,
        coalesce({{ regex_matches('notes.folded_note', "'涉密'") }}, false) as has_secrecy_note,
        coalesce({{ regex_matches('notes.folded_note', "'(无|没有).{0,4}数据|空表|无此项|没有使用'") }}, false)
            as has_empty_note,
        coalesce(column_facts.amount_column_count, 0) as amount_column_count,
        coalesce(column_facts.money_column_count, 0) as money_column_count,
        coalesce(column_facts.has_economic_columns, false) as has_economic_columns,
        coalesce(column_facts.has_project_column, false) as has_project_column,
        coalesce(column_facts.has_unit_in_label, false) as has_unit_in_label,
        coalesce(column_facts.has_code_columns, false) as has_code_columns,
        coalesce(column_facts.has_carryover_column, false) as has_carryover_column,
        coalesce(column_facts.has_unknown_column, false) as has_unknown_column,
        coalesce(number_counts.number_count, 0) as number_count,
        coalesce(number_counts.unreadable_count, 0) as unreadable_count,
        coalesce(number_counts.unitless_count, 0) as unitless_count,
        coalesce(number_counts.amount_count, 0) as amount_count,
        signs.budget_row_count,
        signs.figure_row_count,
        signs.has_caption
    from tables
    inner join signs on tables.source_table_id = signs.source_table_id
    left join titles on tables.source_table_id = titles.source_table_id
    left join table_units on tables.source_table_id = table_units.source_table_id
    left join ranked_funds
        on
            tables.source_table_id = ranked_funds.source_table_id
            and ranked_funds.fund_rank = 1
    left join ranked_qualifiers
        on
            tables.source_table_id = ranked_qualifiers.source_table_id
            and ranked_qualifiers.qualifier_rank = 1
    left join notes on tables.source_table_id = notes.source_table_id
    left join column_facts on tables.source_table_id = column_facts.source_table_id
    left join number_counts on tables.source_table_id = number_counts.source_table_id

),

first_judged as (

    select
        described.*,
        case
            when not is_money and statement is not null then 'not_money'
            -- a list of purchases that leaves out what they cost
            when
                statement = 'procurement' and header_status = 'read'
                and amount_column_count = 0 and not has_unknown_column
                then 'not_money'
            -- rows of codes or of 三公 are money under any title
            when statement is null and budget_row_count >= 2 then 'no_statement'
            -- and so is what a line of its own says is in 元
            when statement is null and unit_basis = 'caption' and figure_row_count > 0 then 'no_statement'
            when
                statement is null and money_column_count = 0
                -- 金额 alone is money where codes and a unit stand beside it
                and not (amount_count > 0 and amount_unit is not null and has_code_columns)
                then 'not_money'
            when statement is null and amount_count = 0 then 'not_money'
            when statement is null then 'no_statement'
            when number_count + unreadable_count = 0 then 'blank'
            when header_status <> 'read' then header_status
            when amount_column_count = 0 then 'no_amount_column'
            when amount_unit is null and not has_unit_in_label and unitless_count > 0 then 'no_unit'
        end as first_reason_code
    from described

),

-- Rows without title and header that stand directly below a table go on with it.
pieces as (

    select
        *,
        statement is null
        and first_reason_code = 'not_money'
        and not has_caption
        and header_status <> 'read'
        and figure_row_count > 0 as is_piece
    from first_judged

),

table_above as (

    select
        *,
        {{ last_known(
            "case when not is_piece then first_reason_code is null or first_reason_code <> 'not_money' end",
            'document_id', 'block'
        ) }} as is_below_money,
        {{ last_known('case when not is_piece then column_count end', 'document_id', 'block') }} as column_count_above
    from pieces

),

-- A file with the statements of several units: 支出总表 once for each of them.
statements_of_units as (

    select
        table_above.document_id,
        table_above.statement
    from table_above
    inner join publishers on table_above.source_table_id = publishers.source_table_id
    where table_above.first_reason_code is null
    group by table_above.document_id, table_above.statement
    having
        count(distinct publishers.is_of_document) > 1
        or count(distinct case when not publishers.is_of_document then publishers.unit_name end) > 1

),

tables_of_others as (

    select publishers.source_table_id
    from publishers
    inner join (select distinct document_id from statements_of_units) as documents_of_units
        on publishers.document_id = documents_of_units.document_id
    where not publishers.is_of_document

),

judged as (

    select
        table_above.*,
        case
            when table_above.is_piece and table_above.is_below_money and table_above.column_count = table_above.column_count_above
                then 'below_a_table'
            when tables_of_others.source_table_id is not null and table_above.first_reason_code is null
                then 'other_unit'
            when
                table_above.statement is null and table_above.first_reason_code = 'not_money'
                and table_above.header_status <> 'read' and rows_alone.source_table_id is not null
                then 'no_statement'
            else table_above.first_reason_code
        end as reason_code
    from table_above
    left join rows_alone on table_above.source_table_id = rows_alone.source_table_id
    left join tables_of_others on table_above.source_table_id = tables_of_others.source_table_id

)

select
    judged.*,
    documents.fiscal_year,
    documents.stage,
    documents.document_kind,
    coalesce(judged.title_fund, statements.default_fund, 'all') as table_fund,
    statements.scope,
    case
        when judged.reason_code is null then 'loaded'
        when judged.reason_code = 'not_money' then 'not_a_statement'
        when judged.reason_code = 'blank' then 'empty'
        else 'not_understood'
    end as status
from judged
inner join documents on judged.document_id = documents.document_id
left join statements on judged.statement = statements.statement
