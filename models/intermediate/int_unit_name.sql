-- Which unit a printed name means: the name without the code before it and
-- without the region in front, so that 长治市屯留区水利局, 屯留区水利局 and 区水利局 are one
-- unit, and the 第一中学 of two counties are two; long and short names of an institution
-- (妇女联合会, 妇联) are one; an office without a name (局机关) is that of its publisher.
-- One row per document and printed name.
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

spelled as (

    {{ names_at_home('plain') }}

),

publishers as (

    select
        document_id,
        {{ regex_replace('own_name', "'本级$'", "''") }} as own_name,
        {{ regex_replace('plain_name', "'\\(?(?:机关|本级|本部)\\)?$'", "''") }} as plain_name,
        {{ regex_replace('unit_name', "'[(（]?(?:机关|本级|本部)[)）]?$'", "''") }} as unit_name
    from spelled
    where is_publisher

),

canonical as (

    select
        spelled.document_id,
        spelled.folded_name,
        spelled.is_publisher,
        spelled.unit_code,
        spelled.has_code,
        spelled.region_code,
        coalesce(publishers.unit_name || '本级', spelled.unit_name) as unit_name,
        spelled.bare_name as local_name,
        coalesce(publishers.own_name || '本级', spelled.own_name) as canonical_name,
        case
            when publishers.document_id is not null then publishers.plain_name || '本级'
            -- 县妇联 of an unknown county, the office of nobody: no other document's
            when
                spelled.is_bare_office
                or (
                    spelled.region_code is null
                    and {{ regex_matches('spelled.plain_name', "'^团?[县区市旗](委|纪|人大|政协|政府|人民|法院|检察院|妇联|工商联|残联|文联|侨联|科协|总工会)'") }}
                )
                then spelled.document_id || '/' || spelled.plain_name
            else spelled.plain_name
        end as name_anywhere,
        spelled.is_bare_office and publishers.document_id is null as is_nobodys
    from spelled
    left join publishers
        on
            spelled.document_id = publishers.document_id
            and spelled.is_bare_office
            and not spelled.is_publisher

)

select
    document_id,
    folded_name,
    unit_name,
    unit_code,
    has_code,
    region_code,
    is_publisher,
    local_name,
    canonical_name,
    -- 某局本级, 某局(本级), 某局机关: the office of the department itself
    {{ regex_extract('canonical_name', "'^(.{2,}?)本级$'", 1) }} as headquarters_of_name,
    case
        when region_code is null or is_nobodys then {{ short_id('u', 'name_anywhere') }}
        else {{ short_id('u', "region_code || '/' || canonical_name") }}
    end as unit_id
from canonical
