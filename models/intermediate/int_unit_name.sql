-- Which unit a printed name means: the name without the code before it and
-- without the region in front, so that 长治市屯留区水利局 and 屯留区水利局 are one unit, and
-- the 第一中学 of two counties are two. One row per document and printed name.
with

documents as (

    select * from {{ ref('int_document') }}

),

document_regions as (

    select * from {{ ref('int_document_region') }} where is_chosen

),

amounts as (

    select * from {{ ref('int_amount') }}

),

prefixes as (

    select * from {{ ref('int_region_prefix') }}

),

mentions as (

    select
        document_id,
        unit_name as printed_name,
        unit_code,
        true as is_publisher
    from documents
    where unit_name is not null

    union all

    select
        document_id,
        department_name as printed_name,
        cast(null as {{ dbt.type_string() }}) as unit_code,
        false as is_publisher
    from documents
    where department_name is not null

    union all

    select distinct
        document_id,
        unit_name as printed_name,
        unit_code,
        false as is_publisher
    from amounts
    where unit_name is not null

),

folded as (

    select
        document_id,
        {{ fold_label('printed_name') }} as folded_name,
        min(printed_name) as printed_name,
        max(unit_code) as unit_code,
        max(case when is_publisher then 1 else 0 end) = 1 as is_publisher
    from mentions
    group by document_id, {{ fold_label('printed_name') }}

),

plain as (

    select
        folded.document_id,
        folded.folded_name,
        folded.is_publisher,
        coalesce(
            folded.unit_code,
            {{ regex_extract('folded.folded_name', "'^[\\[(]?([0-9]{3,})[\\])]?[-—_]*[^0-9]'", 1) }}
        ) as unit_code,
        {{ regex_replace('folded.folded_name', "'^[\\[(]?[0-9]{3,}[\\])]?[-—_]*([^0-9年])'", "'\\1'") }} as plain_name,
        {{ trimmed(regex_replace('folded.printed_name', "'^\\s*[\\[(（【［]?[0-9]{3,}[\\])）】］]?[-—_\\s]*([^0-9年\\s])'", "'\\1'")) }}
            as unit_name,
        {{ regex_matches('folded.folded_name', "'^[\\[(]?[0-9]{3,}[\\])]?[-—_]*[^0-9年]'") }} as has_code,
        document_regions.region_code
    from folded
    left join document_regions on folded.document_id = document_regions.document_id

),

-- 人民政府 of a county itself keeps its region: nothing else would be left.
stripped as (

    select
        plain.document_id,
        plain.folded_name,
        max(length(prefixes.prefix)) as prefix_length
    from plain
    inner join prefixes
        on
            plain.region_code = prefixes.region_code
            and plain.plain_name like prefixes.prefix || '%'
    where length(plain.plain_name) - length(prefixes.prefix) >= 2
    group by plain.document_id, plain.folded_name

),

canonical as (

    select
        plain.*,
        {{ regex_replace(
            "substr(plain.plain_name, coalesce(stripped.prefix_length, 0) + 1)",
            "'[()]'", "''"
        ) }} as canonical_name
    from plain
    left join stripped
        on
            plain.document_id = stripped.document_id
            and plain.folded_name = stripped.folded_name

)

select
    document_id,
    folded_name,
    unit_name,
    unit_code,
    has_code,
    region_code,
    is_publisher,
    canonical_name,
    -- 某局本级, 某局(本级), 某局机关: the office of the department itself
    {{ regex_extract('canonical_name', "'^(.{2,}?)(?:机关本级|本级|本部|机关)$'", 1) }} as headquarters_of_name,
    case
        when region_code is null then {{ short_id('u', 'plain_name') }}
        else {{ short_id('u', "region_code || '/' || canonical_name") }}
    end as unit_id
from canonical
