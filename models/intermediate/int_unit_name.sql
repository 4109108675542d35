-- Which unit a printed name means: the name without the code before it and
-- without the region in front, so that 长治市屯留区水利局, 屯留区水利局 and 区水利局 are one
-- unit, and the 第一中学 of two counties are two; long and short names of an institution
-- (妇女联合会, 妇联) are one; an office without a name (局机关) is that of its publisher.
-- One row per document and printed name.
{%- set body_words = '^(?:中国共产党|中共|中国共产主义青年团|共青团|中国人民政治协商会议|人民政协|政协)' %}
{%- set no_level_words = '^(市[场容区域郊级县]|市[东南西北中]区|市政[^府协法务]|市民[^政]|区[划域位间块级县]|县[域城级区]|旗[袍舰级]|.本[级部])' %}

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

-- 县, 区, 市: how those who work there call their region.
level_words as (

    select
        region_code,
        substr(name, length(name), 1) as level_word
    from {{ ref('region') }}
    union all
    select
        region_code,
        substr(name, length(name), 1) as level_word
    from {{ ref('development_zone') }}

),

-- A long name stands for itself: 委办 begins 委办公室, which is whole.
known_names as (

    select short_name as name, long_name from {{ ref('organization_alias') }}
    union
    select long_name as name, long_name from {{ ref('organization_alias') }}

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

-- What stands before the region, too: 中共某县委宣传部, 共青团某县委员会, 政协某县委员会.
worded as (

    select
        plain.*,
        level_words.level_word,
        {{ regex_extract('plain_name', "'" ~ body_words ~ "'", 0) }} as body_word,
        {{ regex_replace('plain_name', "'" ~ body_words ~ "'", "''") }} as name_from_region,
        -- 局机关, 本级: no name, but the office of whoever publishes
        {{ regex_matches('plain_name', "'^[局委部办院会厅社]?(机关|本级|本部)(\\(?(机关|本级|本部)\\)?)?$'") }}
            as is_bare_office
    from plain
    left join level_words on plain.region_code = level_words.region_code

),

-- 人民政府 of a county itself keeps its region: nothing else would be left.
stripped as (

    select
        worded.document_id,
        worded.folded_name,
        max(length(prefixes.prefix)) as prefix_length
    from worded
    inner join prefixes
        on
            worded.region_code = prefixes.region_code
            and worded.name_from_region like prefixes.prefix || '%'
    where
        length(worded.name_from_region) - length(prefixes.prefix) >= 2
        or worded.name_from_region = prefixes.prefix || '委'
    group by worded.document_id, worded.folded_name

),

-- The name behind the region, or behind the word for its level (县人民医院): words that
-- only begin alike (市场监督管理局) stay whole.
located as (

    select
        worded.*,
        case
            when stripped.prefix_length is not null
                then substr(worded.name_from_region, stripped.prefix_length + 1)
            when
                worded.name_from_region like worded.level_word || '_%'
                and (length(worded.name_from_region) >= 3 or worded.name_from_region like '%委')
                and worded.level_word in ('县', '区', '市', '旗')
                and not {{ regex_matches('worded.name_from_region', "'" ~ no_level_words ~ "'") }}
                then substr(worded.name_from_region, 2)
        end as local_name
    from worded
    left join stripped
        on
            worded.document_id = stripped.document_id
            and worded.folded_name = stripped.folded_name

),

bodied as (

    select
        *,
        {{ regex_replace("case when body_word is null and local_name is not null then local_name else plain_name end", "'[()]'", "''") }} as bare_name,
        {{ regex_replace(
            "case
                when plain_name like '团' || level_word || '委%' then '共青团' || substr(plain_name, 3)
                when local_name is null then plain_name
                when body_word in ('共青团', '中国共产主义青年团') then '共青团' || local_name
                when body_word in ('中共', '中国共产党') then " ~ regex_replace('local_name', "'^委员会'", "'委'") ~ "
                when body_word is not null then '政协' || local_name
                else local_name
            end",
            "'[()]'", "''"
        ) }} as body_name
    from located

),

begun as (

    select
        bodied.document_id,
        bodied.folded_name,
        max(length(known_names.name)) as known_length
    from bodied
    inner join known_names on bodied.body_name like known_names.name || '%'
    group by bodied.document_id, bodied.folded_name

),

-- 某局机关 and 某局(本级) are one office.
spelled as (

    select
        bodied.*,
        {{ regex_replace(
            "coalesce(known_names.long_name || substr(bodied.body_name, begun.known_length + 1), bodied.body_name)",
            "'^(.{2,}?)(?:机关本级|本级机关|本级|本部|机关)$'", "'\\1本级'"
        ) }} as own_name
    from bodied
    left join begun
        on
            bodied.document_id = begun.document_id
            and bodied.folded_name = begun.folded_name
    left join known_names on substr(bodied.body_name, 1, begun.known_length) = known_names.name

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
