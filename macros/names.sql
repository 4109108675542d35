{# Names of organisations as documents print them. #}

{# The rows of `names` (`plain_name`, folded, and `region_code`) with what each is called
   at home: `bare_name` has no region in front and no brackets (长治市屯留区水利局, 区水利局),
   `own_name` is the one spelling of all documents (县妇联 and 某县妇女联合会 are 妇女联合会,
   某局机关 and 某局(本级) are 某局本级). #}
{% macro names_at_home(names) -%}
{%- set body_words = '^(?:中国共产党|中共|中国共产主义青年团|共青团|中国人民政治协商会议|人民政协|政协)' %}
{%- set no_level_words = '^(市[场容区域郊级县]|市[东南西北中]区|市政[^府协法务]|市民[^政]|区[划域位间块级县]|县[域城级区]|旗[袍舰级]|.本[级部])' %}

with

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

-- What stands before the region, too: 中共某县委宣传部, 共青团某县委员会, 政协某县委员会.
worded as (

    select
        names.*,
        level_words.level_word,
        {{ regex_extract('plain_name', "'" ~ body_words ~ "'", 0) }} as body_word,
        {{ regex_replace('plain_name', "'" ~ body_words ~ "'", "''") }} as name_from_region,
        -- 局机关, 本级: no name, but the office of whoever publishes
        {{ regex_matches('plain_name', "'^[局委部办院会厅社]?(机关|本级|本部)(\\(?(机关|本级|本部)\\)?)?$'") }}
            as is_bare_office
    from {{ names }} as names
    left join level_words on names.region_code = level_words.region_code

),

-- 人民政府 of a county itself keeps its region: nothing else would be left.
stripped as (

    select
        worded.region_code,
        worded.plain_name,
        max(length(prefixes.prefix)) as prefix_length
    from worded
    inner join {{ ref('int_region_prefix') }} as prefixes
        on
            worded.region_code = prefixes.region_code
            and worded.name_from_region like prefixes.prefix || '%'
    where
        length(worded.name_from_region) - length(prefixes.prefix) >= 2
        or worded.name_from_region = prefixes.prefix || '委'
    group by worded.region_code, worded.plain_name

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
            worded.region_code = stripped.region_code
            and worded.plain_name = stripped.plain_name

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
        bodied.body_name,
        max(length(known_names.name)) as known_length
    from bodied
    inner join known_names on bodied.body_name like known_names.name || '%'
    group by bodied.body_name

)

-- 某局机关 and 某局(本级) are one office.
select
    bodied.*,
    {{ regex_replace(
        "coalesce(known_names.long_name || substr(bodied.body_name, begun.known_length + 1), bodied.body_name)",
        "'^(.{2,}?)(?:机关本级|本级机关|本级|本部|机关)$'", "'\\1本级'"
    ) }} as own_name
from bodied
left join begun on bodied.body_name = begun.body_name
left join known_names on substr(bodied.body_name, 1, begun.known_length) = known_names.name
{%- endmacro %}
