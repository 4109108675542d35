-- The figures of documents that count, by what they mean and whose they are, so that
-- documents of other years, stages and units can be held against each other. A figure
-- that a document prints twice is left out. One row per amount cell.
with

facts as (

    select * from {{ ref('int_document_fact') }}

),

amounts as (

    select * from {{ ref('int_amount') }}

),

columns as (

    select * from {{ ref('int_column') }}

),

documents as (

    select
        documents.document_id,
        documents.fiscal_year,
        documents.stage,
        coalesce(coverages.coverage, '') as coverage,
        names.unit_id
    from {{ ref('int_document') }} as documents
    inner join {{ ref('int_document_status') }} as statuses
        on
            documents.document_id = statuses.document_id
            and statuses.status = 'loaded'
    inner join {{ ref('int_unit_name') }} as names
        on
            documents.document_id = names.document_id
            and {{ fold_label('documents.unit_name') }} = names.folded_name
    left join {{ ref('int_document_coverage') }} as coverages
        on documents.document_id = coverages.document_id
    where documents.document_kind in ('budget', 'final_accounts')

),

row_units as (

    select distinct document_id, canonical_name, unit_id
    from {{ ref('int_unit_name') }}
    where not is_publisher

),

figures as (

    select
        amounts.document_id,
        documents.unit_id,
        documents.coverage,
        documents.fiscal_year,
        documents.stage,
        amounts.cell_id,
        amounts.statement,
        amounts.row_role,
        amounts.measure,
        amounts.fund,
        amounts.year_basis,
        amounts.phase,
        amounts.amount_yuan,
        amounts.half_unit_yuan,
        row_units.unit_id as row_unit_id,
        -- 上年执行数 of a budget is printed before the final accounts of that year exist
        coalesce(columns.label_path like '%执行%', false) as is_forecast,
        case
            when amounts.row_role = 'code' then coalesce(amounts.tree_code, amounts.item, amounts.label_value)
            else coalesce(amounts.item, 'total')
        end as subject_code,
        amounts.fact || '/' || amounts.statement || '/' || coalesce(amounts.side, '')
        || '/' || coalesce(amounts.classification, '')
        || '/' || case when amounts.row_role = 'code' then coalesce(amounts.tree_code, amounts.label_value, '') else '' end
        || '/' || coalesce(amounts.item, '')
        || '/' || case amounts.row_role when 'unit' then 'total' else amounts.row_role end
        || '/' || amounts.measure || '/' || amounts.fund || '/' || amounts.year_basis as figure_key
    from facts
    inner join amounts on facts.cell_id = amounts.cell_id
    inner join documents on amounts.document_id = documents.document_id
    left join columns
        on
            amounts.source_table_id = columns.source_table_id
            and amounts.column_number = columns.column_number
    left join row_units
        on
            facts.document_id = row_units.document_id
            and facts.row_unit = row_units.canonical_name
            and row_units.unit_id <> documents.unit_id
    where
        amounts.fact in ('functional', 'economic', 'revenue', 'balance_item', 'three_public')
        and not coalesce(amounts.is_repeated, false)
        and (
            amounts.row_role <> 'code'
            or coalesce(amounts.tree_code, amounts.item, amounts.label_value) is not null
        )
        -- the publisher's own row says what its total row says
        and (amounts.row_role <> 'unit' or row_units.unit_id is not null)

),

counted as (

    select
        *,
        count(*) over (
            partition by document_id, figure_key, phase, row_unit_id
        ) as printed_count
    from figures

)

select
    document_id,
    unit_id,
    coverage,
    fiscal_year,
    stage,
    cell_id,
    statement,
    row_role,
    measure,
    fund,
    year_basis,
    phase,
    amount_yuan,
    half_unit_yuan,
    row_unit_id,
    is_forecast,
    subject_code,
    figure_key
from counted
where printed_count = 1
