-- What is wrong with procurement and with the numbers of things beside their sums: parts
-- that exceed their whole, kinds of vehicles that do not add up, lists of names of another
-- number, vehicles that cost nothing. In the columns of a form finding, one row per
-- finding and cell it names.
with

documents as (

    select * from {{ ref('int_document') }} where reason_code is null

),

categories as (

    select * from {{ ref('procurement_category') }}

),

items as (

    select * from {{ ref('resource_item') }}

),

figures as (

    select * from {{ ref('int_narrative_figure') }} where is_placed

),

resources as (

    select * from {{ ref('int_resource') }}

),

texts as (

    select * from {{ ref('int_resource_text') }}

),

-- What the document says of all procurement and of the part for small enterprises, in one
-- table or in its text.
procurements as (

    select
        document_id,
        source_table_id,
        cell_id,
        source_table_id || '/' || phase || '/' || fund || '/' || cast(column_number as {{ dbt.type_string() }}) as place_key,
        item as category,
        printed_text,
        amount_yuan,
        half_unit_yuan
    from {{ ref('int_amount') }}
    where fact = 'procurement' and row_role <> 'unit'

    union all

    select
        document_id,
        cast(null as {{ dbt.type_string() }}) as source_table_id,
        cell_id,
        document_id || '/' || phase || '/' || coalesce(fund, 'all') as place_key,
        subject_code as category,
        printed_text,
        amount_yuan,
        half_unit_yuan
    from figures
    where subject_kind = 'procurement' and meaning = 'amount' and bound is null and amount_yuan is not null

),

-- Said twice with different figures it is the business of other rules.
single_procurements as (

    select *
    from (
        select
            *,
            min(amount_yuan) over (partition by place_key, category)
            = max(amount_yuan) over (partition by place_key, category) as is_single,
            row_number() over (partition by place_key, category order by cell_id) as place_rank
        from procurements
    ) as ranked
    where is_single and place_rank = 1

),

exceeding as (

    select
        parts.document_id,
        parts.source_table_id,
        parts.cell_id,
        wholes.cell_id as whole_cell_id,
        parts.place_key || '/' || parts.category as finding_key,
        part_names.name_zh || '“' || parts.printed_text || '”' as subject,
        part_names.name_zh || ' ' || {{ format_yuan('parts.amount_yuan') }} || '，大于'
        || whole_names.name_zh || ' ' || {{ format_yuan('wholes.amount_yuan') }} as detail
    from single_procurements as parts
    inner join single_procurements as wholes
        on
            parts.place_key = wholes.place_key
            and (
                (parts.category = 'small_business' and wholes.category = 'total')
                or (parts.category = 'micro_business' and wholes.category = 'small_business')
            )
    inner join categories as part_names on parts.category = part_names.category
    inner join categories as whole_names on wholes.category = whole_names.category
    where parts.amount_yuan - wholes.amount_yuan > parts.half_unit_yuan + wholes.half_unit_yuan

),

-- Kinds of vehicles stand below their number in one column, or beside it in one row.
placed as (

    {% for direction, column in [('column', 'column_number'), ('row', 'row_number')] -%}
    select
        resources.document_id,
        resources.source_table_id,
        resources.cell_id,
        resources.source_table_id || '/{{ direction }}/' || cast(resources.{{ column }} as {{ dbt.type_string() }})
        || '/' || resources.phase || '/' || coalesce(resources.stock_or_purchase, '')
        || '/' || coalesce(resources.unit_key, '') as place_key,
        resources.item,
        items.parent,
        resources.quantity
    from resources
    inner join items on resources.item = items.item
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

counted as (

    select
        place_key,
        item,
        count(*) as item_count
    from placed
    group by place_key, item

),

-- Where an item stands twice nothing says which is part of which. A list without 其他用车
-- may leave kinds out.
sums as (

    select
        wholes.document_id,
        wholes.source_table_id,
        wholes.cell_id,
        wholes.place_key,
        wholes.item,
        wholes.quantity,
        sum(parts.quantity) as part_sum,
        count(*) as part_count,
        max(case when parts.item in ('vehicles_other', 'retired_cadres') then 1 else 0 end) = 1 as is_complete
    from placed as wholes
    inner join placed as parts
        on
            wholes.place_key = parts.place_key
            and wholes.item = parts.parent
    where not exists (
        select 1
        from counted
        where
            counted.place_key = wholes.place_key
            and counted.item_count > 1
    )
    group by
        wholes.document_id, wholes.source_table_id, wholes.cell_id, wholes.place_key,
        wholes.item, wholes.quantity

),

wrong_sums as (

    select
        sums.document_id,
        sums.source_table_id,
        sums.cell_id,
        sums.place_key || '/' || sums.item as finding_key,
        items.name_zh as subject,
        items.name_zh || ' ' || {{ format_quantity('sums.quantity') }} || items.quantity_unit || '，各项之和为 '
        || {{ format_quantity('sums.part_sum') }} || items.quantity_unit as detail
    from sums
    inner join items on sums.item = items.item
    where
        sums.part_count > 1
        and (sums.part_sum > sums.quantity or (sums.is_complete and sums.part_sum < sums.quantity))

),

-- 内设9个科室: and the names after it, separated by 、 to the end of the sentence.
named as (

    select
        texts.document_id,
        texts.cell_id,
        texts.item,
        texts.quantity,
        figures.printed_text,
        {{ regex_extract(
            fold_label('figures.sentence'),
            "'[^0-9]' || " ~ regex_replace(fold_label('figures.printed_text'), "'[^0-9].*$'", "''")
            ~ " || '[^0-9:。;、0-9]{0,12}(?:[,，]?(?:分别(?:是|为)|包括|即|具体为))?[:：]([^:：。;；]+)[。;；]?$'", 1
        ) }} as names
    from texts
    inner join items on texts.item = items.item and items.kind = 'organisation'
    inner join figures on texts.cell_id = figures.cell_id

),

name_counts as (

    select
        *,
        length(names) - length({{ regex_replace('names', "'[、,，]'", "''") }}) + 1 as name_count,
        -- 审核科和信息科 at the end may be two names
        case when {{ regex_matches('names', "'(?:和|及|以及)[^、,，]+$'") }} then 1 else 0 end as spare_count
    from named
    where
        names like '%、%'
        and not {{ regex_matches('names', "'等|[0-9]|其中'") }}

),

wrong_lists as (

    select
        name_counts.document_id,
        cast(null as {{ dbt.type_string() }}) as source_table_id,
        name_counts.cell_id,
        name_counts.cell_id as finding_key,
        items.name_zh || '“' || name_counts.printed_text || '”' as subject,
        '印为“' || name_counts.printed_text || '”，所列名称为 '
        || cast(name_counts.name_count as {{ dbt.type_string() }}) || ' 个' as detail
    from name_counts
    inner join items on name_counts.item = items.item
    where
        name_counts.quantity not in (
            name_counts.name_count, name_counts.name_count + name_counts.spare_count
        )

),

-- Vehicles in stock, a table of 三公 and no 公务用车运行维护费 anywhere.
vehicle_stocks as (

    select
        document_id,
        cell_id,
        source_table_id,
        quantity,
        row_number() over (partition by document_id order by cell_id) as stock_rank
    from (
        select
            document_id,
            cell_id,
            source_table_id,
            quantity
        from resources
        where item = 'vehicles' and stock_or_purchase = 'stock'
        union all
        select
            document_id,
            cell_id,
            cast(null as {{ dbt.type_string() }}) as source_table_id,
            quantity
        from texts
        where item = 'vehicles' and stock_or_purchase = 'stock'
    ) as stocks
    where quantity > 0

),

vehicle_costs as (

    select document_id
    from {{ ref('int_amount') }}
    where
        amount_yuan > 0
        and (
            (fact = 'three_public' and item in ('vehicles', 'vehicle_operation', 'vehicle_purchase'))
            or (fact = 'economic' and tree_code in ('30231', '50208'))
        )

    union

    select document_id
    from figures
    where
        amount_yuan > 0
        and subject_kind = 'three_public'
        and subject_code in ('vehicles', 'vehicle_operation', 'vehicle_purchase')

),

costless as (

    select
        vehicle_stocks.document_id,
        vehicle_stocks.source_table_id,
        vehicle_stocks.cell_id,
        vehicle_stocks.document_id as finding_key,
        {{ format_quantity('vehicle_stocks.quantity') }} || '辆' as subject,
        '实有车辆 ' || {{ format_quantity('vehicle_stocks.quantity') }}
        || ' 辆，三公经费和经济分类均未列公务用车运行维护费' as detail
    from vehicle_stocks
    where
        vehicle_stocks.stock_rank = 1
        and vehicle_stocks.document_id in (
            select tables.document_id
            from {{ ref('int_table') }} as tables
            where tables.statement = 'three_public' and tables.status in ('loaded', 'empty')
        )
        and vehicle_stocks.document_id not in (select vehicle_costs.document_id from vehicle_costs)

),

gathered as (

    select
        document_id,
        source_table_id,
        'procurement_exceeds' as rule_id,
        finding_key,
        cell_id,
        subject,
        detail
    from exceeding

    union

    select
        document_id,
        source_table_id,
        'procurement_exceeds' as rule_id,
        finding_key,
        whole_cell_id as cell_id,
        subject,
        detail
    from exceeding

    union

    select
        document_id,
        source_table_id,
        'resource_parts' as rule_id,
        finding_key,
        cell_id,
        subject,
        detail
    from wrong_sums

    union

    select
        document_id,
        source_table_id,
        'listed_count' as rule_id,
        finding_key,
        cell_id,
        subject,
        detail
    from wrong_lists

    union

    select
        document_id,
        source_table_id,
        'vehicles_without_cost' as rule_id,
        finding_key,
        cell_id,
        subject,
        detail
    from costless

)

select gathered.*
from gathered
inner join documents on gathered.document_id = documents.document_id
