with

tables as (

    select * from {{ ref('int_resource') }}

),

texts as (

    select * from {{ ref('int_resource_text') }}

),

documents as (

    select * from {{ ref('int_document') }}

),

units as (

    select * from {{ ref('int_unit_name') }}

),

gathered as (

    select
        tables.cell_id,
        tables.document_id,
        tables.source_table_id,
        coalesce(tables.unit_name, documents.unit_name) as unit_name,
        documents.unit_code,
        tables.fiscal_year,
        tables.stage,
        tables.row_role,
        tables.item,
        tables.stock_or_purchase,
        tables.phase,
        tables.quantity,
        tables.quantity_unit,
        tables.threshold_yuan,
        tables.as_of,
        'table' as origin
    from tables
    inner join documents on tables.document_id = documents.document_id

    union all

    select
        texts.cell_id,
        texts.document_id,
        cast(null as {{ dbt.type_string() }}) as source_table_id,
        texts.unit_name,
        texts.unit_code,
        texts.fiscal_year,
        texts.stage,
        'code' as row_role,
        texts.item,
        texts.stock_or_purchase,
        texts.phase,
        texts.quantity,
        texts.quantity_unit,
        texts.threshold_yuan,
        texts.as_of,
        'text' as origin
    from texts

)

select
    gathered.cell_id,
    gathered.document_id,
    gathered.source_table_id,
    units.unit_id,
    coalesce(units.unit_code, gathered.unit_code) as unit_code,
    case when units.has_code then units.unit_name else gathered.unit_name end as unit_name,
    cast(gathered.fiscal_year as integer) as fiscal_year,
    gathered.stage,
    gathered.row_role,
    gathered.item,
    gathered.stock_or_purchase,
    gathered.phase,
    cast(gathered.quantity as decimal(20, 4)) as quantity,
    gathered.quantity_unit,
    cast(gathered.threshold_yuan as decimal(20, 4)) as threshold_yuan,
    try_cast(gathered.as_of as date) as as_of,
    gathered.origin
from gathered
left join units
    on
        gathered.document_id = units.document_id
        and {{ fold_label('gathered.unit_name') }} = units.folded_name
