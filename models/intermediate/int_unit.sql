-- Every unit that a document is from or that a row names, once. `unit_id` comes
-- from the folded name and stays the same over the years.
with

documents as (

    select * from {{ ref('int_document') }}

),

regions as (

    select * from {{ ref('int_document_region') }}

),

amounts as (

    select * from {{ ref('int_amount') }}

),

mentions as (

    select
        documents.unit_name,
        cast(null as {{ dbt.type_string() }}) as unit_code,
        documents.document_id,
        documents.fiscal_year,
        true as is_publisher
    from documents
    where documents.unit_name is not null

    union all

    select
        unit_name,
        unit_code,
        document_id,
        fiscal_year,
        false as is_publisher
    from amounts
    where unit_name is not null

),

folded as (

    select
        {{ fold_label('mentions.unit_name') }} as folded_name,
        mentions.*,
        regions.region_code
    from mentions
    left join regions on mentions.document_id = regions.document_id

)

select
    {{ short_id('u', 'folded_name') }} as unit_id,
    folded_name,
    min(unit_name) as unit_name,
    max(unit_code) as unit_code,
    min(region_code) as region_code,
    min(fiscal_year) as first_year,
    max(fiscal_year) as last_year,
    max(case when is_publisher then 1 else 0 end) = 1 as is_publisher
from folded
group by folded_name
