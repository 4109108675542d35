-- Numbers of things that tables print: vehicles, equipment, premises, posts, staff,
-- visits. The heading of the column says what is counted or, where it says only how
-- many, the words of the row. One row per cell.
-- More digits than a number of the marts can have are those of a code.
{%- set quantity %}
    try_cast(
        coalesce(
            cells.number_value,
            try_cast({{ regex_replace(regex_extract('cells.folded_text', "'^([0-9][0-9,.]*)'", 1), "','", "''") }} as decimal(28, 8))
        ) as decimal(20, 4)
    )
{%- endset %}
with

places as (

    select
        places.*,
        labels.kind,
        labels.item,
        labels.stock_or_purchase
    from {{ ref('int_resource_place') }} as places
    left join {{ ref('int_resource_label') }} as labels
        on
            places.label_text = labels.label_text
            and places.context_text = labels.context_text

),

items as (

    select * from {{ ref('resource_item') }}

),

cells as (

    select * from {{ ref('stg_cell') }}

),

tables as (

    select * from {{ ref('int_table') }}

),

columns as (

    select * from {{ ref('int_column') }}

),

times as (

    select * from {{ ref('stg_table_row') }}

),

unit_names as (

    select * from {{ ref('int_unit_name') }}

),

-- Only neutral words (数量, 小计) may stand between a number and what it counts.
nearest as (

    select
        cell_id,
        side,
        label_text,
        kind,
        item,
        row_number() over (partition by cell_id, side order by place) as label_rank
    from places
    where kind is null or kind <> 'neutral'

),

-- A unit that the document names nowhere else.
organizations as (

    select
        places.cell_id,
        max(places.label_text) as label_text
    from places
    inner join {{ ref('organization_suffix') }} as suffixes
        on places.label_text like '%' || suffixes.suffix
    where
        places.side = 'row'
        and places.kind is null
        and length(places.label_text) >= 4
    group by places.cell_id

),

said as (

    select
        places.cell_id,
        min(places.source_table_id) as source_table_id,
        min(places.document_id) as document_id,
        max(case when nearest.side = 'column' then nearest.item end) as column_item,
        max(case when nearest.side = 'row' then nearest.item end) as row_item,
        max(case when nearest.kind = 'money' and nearest.side = 'column' then 1 else 0 end) = 1 as is_money,
        max(case when nearest.kind = 'money' and nearest.side = 'row' then 1 else 0 end) = 1 as is_row_money,
        max(places.stock_or_purchase) as stock_or_purchase,
        -- words that say that things are counted
        max(case
            when {{ regex_matches('places.context_text', "'数量|面积|辆数|[(、/](?:辆|台|套|个|平方米|㎡)|保有|实有|存量'") }} then 1
            else 0
        end) = 1 as says_count,
        max(case
            when places.side = 'row' and {{ regex_matches('places.label_text', "'^(合计|总计|小计|部门合计)$'") }} then 1
            else 0
        end) = 1 as is_total_row,
        coalesce(max(unit_names.unit_name), max(organizations.label_text)) as unit_name,
        -- 单价100万元以上设备
        max(
            case when nearest.item is not null
                then 10000 * try_cast({{ regex_extract('nearest.label_text', "'([0-9]+)万元'", 1) }} as decimal(9, 0))
            end
        ) as threshold_yuan
    from places
    left join nearest
        on
            places.cell_id = nearest.cell_id
            and nearest.label_rank = 1
    left join unit_names
        on
            places.document_id = unit_names.document_id
            and places.side = 'row'
            and places.label_text = unit_names.folded_name
    left join organizations on places.cell_id = organizations.cell_id
    group by places.cell_id

),

chosen as (

    select
        said.*,
        -- 保有量 above 机要通信用车: the kind is the narrower of the two
        case
            when row_items.parent = said.column_item then said.row_item
            else coalesce(said.column_item, said.row_item)
        end as item
    from said
    left join items as row_items on said.row_item = row_items.item
    where
        not said.is_money
        and (said.column_item is not null or not said.is_row_money)

)

select
    chosen.cell_id,
    chosen.document_id,
    chosen.source_table_id,
    cells.row_number,
    cells.column_number,
    case
        when chosen.unit_name is not null then 'unit'
        when chosen.is_total_row and chosen.row_item is null then 'total'
        else 'code'
    end as row_role,
    tables.statement,
    tables.stage,
    tables.fiscal_year,
    chosen.unit_name,
    {{ fold_label('chosen.unit_name') }} as unit_key,
    case
        when times.phase is not null then times.phase
        -- the columns above 接待批次 | 12 are those of amounts
        when columns.phase is not null and times.row_kind <> 'counts' then columns.phase
        when tables.stage = 'final_accounts' then 'final'
        else 'budget'
    end as phase,
    chosen.threshold_yuan,
    case
        when {{ regex_matches('tables.folded_title', "'20[0-9]{2}年[0-9]{1,2}月[0-9]{1,2}日'") }}
            then {{ iso_date(
                regex_extract('tables.folded_title', "'(20[0-9]{2})年'", 1),
                regex_extract('tables.folded_title', "'年([0-9]{1,2})月'", 1),
                regex_extract('tables.folded_title', "'月([0-9]{1,2})日'", 1)
            ) }}
    end as as_of,
    chosen.item,
    case when items.kind = 'asset' then coalesce(chosen.stock_or_purchase, title_purchase.stock_or_purchase) end
        as stock_or_purchase,
    {{ quantity }} as quantity,
    items.quantity_unit,
    -- of what a unit has and of what it buys, each beside its own money
    case
        when items.three_public_item = 'vehicle_operation' and chosen.stock_or_purchase = 'purchase'
            then 'vehicle_purchase'
        when items.three_public_item <> 'vehicle_operation' or tables.statement <> 'resource'
            then items.three_public_item
    end as three_public_item,
    tables.folded_title
from chosen
inner join items on chosen.item = items.item
inner join cells on chosen.cell_id = cells.cell_id
inner join tables
    on
        chosen.source_table_id = tables.source_table_id
        -- 汽车 150.00 below 单位：万元 is money
        and (
            items.kind <> 'asset'
            or tables.statement <> 'resource'
            or tables.amount_unit is null
            or chosen.says_count
        )
inner join times
    on
        chosen.source_table_id = times.source_table_id
        and cells.row_number = times.row_number
left join columns
    on
        chosen.source_table_id = columns.source_table_id
        and cells.column_number = columns.column_number
left join (
    select
        source_table_id,
        case when {{ regex_matches('folded_title', "'购置|新增|配置'") }} then 'purchase' else 'stock' end as stock_or_purchase
    from {{ ref('int_table') }}
) as title_purchase
    on chosen.source_table_id = title_purchase.source_table_id
where {{ quantity }} is not null
