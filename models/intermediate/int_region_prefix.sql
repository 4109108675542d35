-- Ways to write a region in front of an office: alone, with its prefecture, with its
-- province, by another of its names. One row per region and way.
with

regions as (

    select region_code, province, prefecture, name, aliases
    from {{ ref('region') }}
    where level in ('county', 'prefecture')
    union all
    select region_code, province, prefecture, name, aliases
    from {{ ref('development_zone') }}

),

own_names as (

    select region_code, province, prefecture, name from regions
    union
    select region_code, province, prefecture, {{ trimmed('alias') }} as name
    from (
        select region_code, province, prefecture, {{ split_rows("aliases", "';'") }} as alias
        from regions
        where aliases is not null
    ) as aliased

)

select region_code, name as prefix from own_names
union
select region_code, prefecture || name as prefix from own_names
where prefecture is not null
union
select region_code, province || name as prefix from own_names
union
select region_code, province || prefecture || name as prefix from own_names
where prefecture is not null
