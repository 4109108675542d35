-- The county (or development zone, or else prefecture) that a document names: in
-- the unit's name or title, the file name, the folder it lies in, its first lines.
-- A name that several counties share counts only where its prefecture or province
-- is named too. One row per document and region that it may be of, the likeliest
-- first; only with rank 1 and no equal beside it is it chosen.
with

documents as (

    select * from {{ ref('int_document') }}
    where reason_code is null or reason_code = 'duplicate'

),

cover_lines as (

    select *
    from {{ ref('int_document_line') }}
    where
        source_kind in ('cover', 'table_head')
        and length(folded_text) <= 40
        and {{ regex_matches('folded_text', "'[县区市旗州盟]'") }}

),

-- 屯留区 in a folder /长治市/屯留/ counts as the name of the folder.
places as (

    select
        document_id,
        'title' as source_kind,
        {{ fold_label("coalesce(unit_name, '') || ' ' || coalesce(title, '')") }} as place_text,
        40 as weight
    from documents

    union all

    select
        document_id,
        'file_name' as source_kind,
        {{ fold_label('file_name') }} as place_text,
        20 as weight
    from documents

    union all

    select
        document_id,
        'folder' as source_kind,
        '/' || {{ fold_label("substr(relative_path, 1, length(relative_path) - length(file_name))") }} as place_text,
        15 as weight
    from documents

    union all

    select
        document_id,
        source_kind,
        {{ string_aggregate('folded_text', "' '", 'folded_text') }} as place_text,
        10 as weight
    from cover_lines
    group by document_id, source_kind

),

contexts as (

    select
        document_id,
        {{ string_aggregate('place_text', "' '", 'weight desc') }} as context_text
    from places
    group by document_id

),

regions as (

    select * from {{ ref('region') }} where level in ('county', 'prefecture')

),

zones as (

    select * from {{ ref('development_zone') }}

),

names as (

    select region_code, level, province, prefecture, name, 'full' as name_kind
    from regions

    union all

    select region_code, level, province, prefecture, {{ trimmed('alias') }} as name, 'full' as name_kind
    from (
        select region_code, level, province, prefecture, {{ split_rows("aliases", "';'") }} as alias
        from regions
        where aliases is not null
    ) as region_aliases

    union all

    select region_code, level, province, prefecture, short_name as name, 'short' as name_kind
    from regions
    where
        short_name is not null
        and short_name <> name
        and length(short_name) >= 2
        -- 新乡 is 新乡市 before it is 新乡县
        and not (level = 'county' and prefecture = short_name || '市')

    union all

    select region_code, 'zone' as level, province, prefecture, name, 'full' as name_kind
    from zones

    union all

    select region_code, 'zone' as level, province, prefecture, {{ trimmed('alias') }} as name, 'full' as name_kind
    from (
        select region_code, province, prefecture, {{ split_rows("aliases", "';'") }} as alias
        from zones
        where aliases is not null
    ) as zone_aliases

),

name_counts as (

    select
        name,
        name_kind,
        count(distinct region_code) as region_count
    from names
    group by name, name_kind

),

named as (

    select
        names.*,
        -- an abolished county and its successor share names without doubt
        case when names.level = 'zone' then 1 else name_counts.region_count end as name_count
    from names
    inner join name_counts
        on names.name = name_counts.name and names.name_kind = name_counts.name_kind

),

-- No name is shorter than two characters. Those that begin as something in the text does
-- are few: only they are compared.
pairs as (

    select distinct
        document_id,
        source_kind,
        substr(place_text, place, 2) as pair
    from (
        select
            document_id,
            source_kind,
            place_text,
            {{ places_of_pairs('place_text') }} as place
        from places
    ) as placed

),

matches as (

    select
        places.document_id,
        places.source_kind,
        places.weight,
        named.region_code,
        named.level,
        named.name,
        named.name_kind,
        named.name_count,
        named.province,
        named.prefecture,
        -- 珙县 in front of an office is the county, within other words it may be none
        places.source_kind in ('title', 'file_name')
        and places.place_text like named.name || '%' as stands_first
    from pairs
    inner join places
        on
            pairs.document_id = places.document_id
            and pairs.source_kind = places.source_kind
    inner join named on pairs.pair = substr(named.name, 1, 2)
    where
        (
            named.name_kind = 'full'
            and places.place_text like '%' || named.name || '%'
        )
        -- 屯留 confirms a county of the prefecture: as a folder, in front of an office
        or (
            named.name_kind = 'short'
            and places.source_kind = 'folder'
            and places.place_text like '%/' || named.name || '/%'
        )
        or (
            named.name_kind = 'short'
            and named.level = 'county'
            and places.source_kind in ('title', 'file_name')
            and places.place_text like named.name || '%'
            and substr(places.place_text, length(named.name) + 1, 1) not in ('省', '市', '县', '区', '旗', '州', '盟')
        )

),

-- 某市生态环境局某分局, 某市某生态环境局: the office of a prefecture in one of its counties,
-- whose name is short there.
branches as (

    select distinct
        places.document_id,
        places.source_kind,
        places.weight,
        named.region_code,
        named.level,
        named.name,
        named.name_kind,
        named.name_count,
        named.province,
        named.prefecture,
        false as stands_first
    from pairs
    inner join places
        on
            pairs.document_id = places.document_id
            and pairs.source_kind = places.source_kind
            and places.source_kind in ('title', 'file_name')
    inner join named
        on
            pairs.pair = substr(named.name, 1, 2)
            and named.level = 'county'
            and named.name_kind = 'short'
    inner join named as prefectures
        on
            named.prefecture = prefectures.prefecture
            and prefectures.level = 'prefecture'
            and prefectures.name_kind = 'full'
    where
        places.place_text like '%' || prefectures.name || '%局' || named.name || '分局%'
        or places.place_text like '%' || prefectures.name || named.name || '生态环境局%'

),

judged as (

    select
        matches.*,
        contexts.context_text like '%' || matches.prefecture || '%' as has_prefecture,
        contexts.context_text like '%' || matches.province || '%'
        or contexts.context_text like '%/' || substr(matches.province, 1, 2) || '/%' as has_province
    from matches
    inner join contexts on matches.document_id = contexts.document_id

    union all

    select
        branches.*,
        true as has_prefecture,
        false as has_province
    from branches

),

scored as (

    select
        document_id,
        region_code,
        level,
        name,
        source_kind,
        prefecture,
        weight
        -- the county within a prefecture before the prefecture itself
        + case level when 'zone' then 8 when 'county' then 4 else 1 end
        + case when has_prefecture then 2 else 0 end
        + case when has_province then 1 else 0 end
        - case name_kind when 'short' then 1 else 0 end
            as score,
        length(name) as name_length
    from judged
    where
        (name_count = 1 and name_kind = 'full' and (length(name) > 2 or stands_first))
        or coalesce(has_prefecture, false)
        or coalesce(has_province, false)

),

-- A folder of a county's site says which county of the prefecture that the title
-- names is meant.
title_prefectures as (

    select distinct document_id, name as prefecture
    from scored
    where level = 'prefecture' and source_kind = 'title'

),

refined as (

    select
        scored.document_id,
        scored.region_code,
        scored.name,
        scored.source_kind,
        scored.name_length,
        scored.score
        + case
            when
                title_prefectures.document_id is not null
                and scored.level <> 'prefecture'
                and scored.source_kind in ('file_name', 'folder')
                then 30
            else 0
        end as score
    from scored
    left join title_prefectures
        on
            scored.document_id = title_prefectures.document_id
            and scored.prefecture = title_prefectures.prefecture

),

best as (

    select
        document_id,
        region_code,
        name,
        source_kind,
        score,
        name_length,
        row_number() over (
            partition by document_id, region_code order by score desc, name_length desc, source_kind
        ) as place_rank
    from refined

),

ranked as (

    select
        *,
        row_number() over (
            partition by document_id order by score desc, name_length desc, region_code
        ) as match_rank,
        count(*) over (partition by document_id, score, name_length) as tie_count
    from best
    where place_rank = 1

)

select
    document_id,
    region_code,
    name as region_name,
    source_kind,
    score,
    match_rank,
    match_rank = 1 and tie_count = 1 as is_chosen
from ranked
