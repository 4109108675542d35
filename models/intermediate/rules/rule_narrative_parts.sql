-- 文字中“其中”各项之和等于总数；各项的增减额之和等于总数的增减额。列举不全的不比较。
-- The parts that the text lists equal their whole, and the changes of the parts that of
-- the whole. A list of a known partition (基本 and 项目, all items of 三公, …) is complete;
-- any other list, or an open one (等), proves nothing while its parts are below the
-- whole, but never may exceed it. Where a part is a part of another one of the list it
-- counts in that one alone.
with

figures as (

    select * from {{ ref('int_narrative_operand') }} where meaning in ('amount', 'change')

),

partitions as (

    select * from {{ ref('narrative_partition') }}

),

carryovers as (

    select * from {{ ref('int_document_carryover') }}

),

-- A change of a part stands beside the part: its whole is the change of the part's whole.
changes as (

    select
        figures.cell_id,
        wholes.cell_id as whole_cell_id,
        coalesce(parts.list_key, '') || '/change' as list_key,
        parts.is_list_open,
        coalesce(figures.side, '') || '/' || coalesce(figures.year_basis, '') as scope,
        row_number() over (
            partition by parts.cell_id
            order by figures.figure_number, wholes.figure_number
        ) as change_rank
    from figures
    inner join figures as parts on figures.owner_cell_id = parts.cell_id
    inner join figures as wholes
        on
            parts.whole_cell_id = wholes.owner_cell_id
            and coalesce(figures.comparison_year, 0) = coalesce(wholes.comparison_year, 0)
            and coalesce(figures.compared_phase, '') = coalesce(wholes.compared_phase, '')
    where
        figures.meaning = 'change'
        and wholes.meaning = 'change'
        and parts.meaning = 'amount'
        and figures.whole_cell_id is null

),

parts as (

    select
        figures.cell_id,
        wholes.cell_id as whole_cell_id,
        coalesce(figures.list_key, '') as list_key,
        figures.is_list_open,
        coalesce(figures.side, '') || '/' || coalesce(figures.year_basis, '') as scope
    from figures
    inner join figures as wholes on figures.whole_cell_id = wholes.cell_id
    where figures.meaning = wholes.meaning

    union all

    select
        cell_id,
        whole_cell_id,
        list_key,
        is_list_open,
        scope
    from changes
    where change_rank = 1

),

-- What tells the parts apart: the kind of expenditure, the source of the money, its year,
-- the item.
facets as (

    select
        cell_id,
        'measure' as facet,
        coalesce(measure, 'total') as member
    from figures
    where subject_kind = 'total'
    union all
    select
        cell_id,
        'fund' as facet,
        case when year_basis = 'carryover' then 'carryover' else coalesce(fund, 'all') end as member
    from figures
    where subject_kind = 'total'
    union all
    select
        cell_id,
        'year_basis' as facet,
        coalesce(year_basis, 'all') as member
    from figures
    where subject_kind = 'total'
    union all
    select
        cell_id,
        case subject_kind when 'three_public' then 'item' when 'procurement' then 'category' else 'code' end
            as facet,
        subject_code as member
    from figures
    where subject_kind in ('three_public', 'procurement', 'code') and subject_code is not null

),

parents as (

    select 'measure' as facet, measure as member, parent from {{ ref('measure') }}
    union all
    select 'fund' as facet, fund as member, parent from {{ ref('fund') }}
    union all
    select 'item' as facet, item as member, parent from {{ ref('three_public_item') }}

),

-- All of a list, also what no facet tells: parts by other names, unplaced ones.
list_sizes as (

    select
        whole_cell_id,
        list_key,
        count(*) as size
    from parts
    group by whole_cell_id, list_key

),

members as (

    select
        parts.cell_id,
        parts.whole_cell_id,
        parts.list_key,
        parts.is_list_open,
        parts.scope,
        facets.facet,
        facets.member,
        parents.parent,
        count(*) over (partition by parts.whole_cell_id, parts.list_key, facets.facet) = list_sizes.size as is_all
    from parts
    inner join list_sizes
        on
            parts.whole_cell_id = list_sizes.whole_cell_id
            and parts.list_key = list_sizes.list_key
    inner join facets on parts.cell_id = facets.cell_id
    left join parents
        on
            facets.facet = parents.facet
            and facets.member = parents.member

),

nested as (

    select
        members.*,
        coalesce(uppers.cell_id, members.whole_cell_id) as direct_whole_cell_id,
        row_number() over (
            partition by members.cell_id, members.whole_cell_id, members.list_key, members.facet
            order by uppers.cell_id
        ) as upper_rank
    from members
    left join members as uppers
        on
            members.whole_cell_id = uppers.whole_cell_id
            and members.list_key = uppers.list_key
            and members.facet = uppers.facet
            and members.parent = uppers.member
            and members.scope = uppers.scope
            and members.cell_id <> uppers.cell_id

),

listed as (

    select
        nested.cell_id,
        nested.direct_whole_cell_id as whole_cell_id,
        nested.facet,
        nested.member,
        nested.is_list_open,
        nested.is_all,
        nested.list_key || '/' || nested.facet || '/' || nested.direct_whole_cell_id as identity_key,
        wholes.facet as whole_facet,
        wholes.member as whole_member
    from nested
    left join facets as wholes
        on
            nested.direct_whole_cell_id = wholes.cell_id
            and nested.facet = wholes.facet
    where nested.upper_rank = 1

),

lists as (

    select
        listed.identity_key,
        listed.facet,
        min(listed.whole_cell_id) as whole_cell_id,
        min(listed.whole_member) as whole_member,
        count(*) as size,
        count(distinct listed.member) as member_count,
        min(length(listed.member)) as shortest,
        max(length(listed.member)) as longest,
        max(case when coalesce(listed.is_list_open, false) then 1 else 0 end) = 1 as is_open,
        min(case when listed.is_all then 1 else 0 end) = 1 as is_all,
        max(case when listed.member = 'carryover' then 1 else 0 end) = 1 as has_carryover_part,
        count(case when figures.amount_yuan is null or figures.phase <> wholes.phase then 1 end) as unusable,
        sum(figures.amount_yuan) as parts_yuan,
        sum(figures.half_unit_yuan) + min(wholes.half_unit_yuan) as bound_yuan,
        min(wholes.amount_yuan) as whole_yuan,
        min(wholes.year_basis) as whole_year_basis,
        min(wholes.meaning) as meaning,
        min(wholes.document_id) as document_id
    from listed
    inner join figures on listed.cell_id = figures.cell_id
    inner join figures as wholes on listed.whole_cell_id = wholes.cell_id
    group by listed.identity_key, listed.facet

),

-- The partitions that all members of a list belong to, and whether all that must be
-- there are.
matched as (

    select
        lists.identity_key,
        max(case when partition_sizes.required_count = counted.required_count then 1 else 0 end) = 1 as is_complete,
        max(case when counted.is_exhaustive then 1 else 0 end) = 1 as is_exhaustive
    from lists
    inner join (
        select
            listed.identity_key,
            partitions.partition,
            count(*) as member_count,
            count(case when partitions.is_required then 1 end) as required_count,
            max(case when partitions.is_exhaustive then 1 else 0 end) = 1 as is_exhaustive
        from listed
        inner join partitions
            on
                listed.facet = partitions.facet
                and listed.whole_member = partitions.whole
                and listed.member = partitions.member
        group by listed.identity_key, partitions.partition
    ) as counted
        on
            lists.identity_key = counted.identity_key
            and lists.size = counted.member_count
    inner join (
        select partition, count(case when is_required then 1 end) as required_count
        from partitions
        group by partition
    ) as partition_sizes
        on counted.partition = partition_sizes.partition
    group by lists.identity_key

),

formed as (

    select
        lists.identity_key,
        lists.whole_cell_id
    from lists
    left join matched on lists.identity_key = matched.identity_key
    left join carryovers on lists.document_id = carryovers.document_id
    where
        lists.unusable = 0
        and lists.whole_yuan is not null
        and lists.size = lists.member_count
        and (
            matched.identity_key is not null
            or (lists.facet = 'code' and lists.shortest = lists.longest)
        )
        and (
            abs(lists.whole_yuan - lists.parts_yuan) <= lists.bound_yuan
            or (lists.meaning = 'amount' and lists.parts_yuan > lists.whole_yuan)
            or (
                coalesce(matched.is_complete, false)
                and lists.is_all
                and (matched.is_exhaustive or not lists.is_open)
                -- what was carried over may be in the whole and in no part
                and (
                    lists.facet <> 'fund'
                    or lists.has_carryover_part
                    or lists.meaning = 'change'
                    or not coalesce(carryovers.has_carryover, false)
                    or coalesce(lists.whole_year_basis, 'all') = 'current_year'
                )
            )
        )

),

cells as (

    select
        formed.identity_key,
        {{ narrative_cell('figures', 'total', '1', 'figures.amount_yuan', 'figures.half_unit_yuan') }}
    from formed
    inner join figures on formed.whole_cell_id = figures.cell_id

    union all

    select
        formed.identity_key,
        {{ narrative_cell('figures', 'term', '1', 'figures.amount_yuan', 'figures.half_unit_yuan') }}
    from formed
    inner join listed on formed.identity_key = listed.identity_key
    inner join figures on listed.cell_id = figures.cell_id

)

{{ rule_columns('narrative_parts', 'cells') }}
