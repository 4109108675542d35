-- The filled cells of performance forms with what their words mean, the form they
-- belong to (a table may print several, one below the other) and the cell to their
-- right. `is_list`: the table prints one project a row. One row per cell.
with

-- A paper that is no disclosure is rejected: its forms give no facts.
titles as (

    select titles.*
    from {{ ref('int_table_title') }} as titles
    inner join {{ ref('int_document') }} as documents on titles.document_id = documents.document_id
    where
        titles.statement in ('performance_unit', 'performance_project')
        and coalesce(documents.reason_code, '') <> 'not_a_disclosure'

),

cells as (

    select cells.*
    from {{ ref('stg_cell') }} as cells
    inner join titles on cells.source_table_id = titles.source_table_id
    where cells.folded_text <> ''

),

labels as (

    select
        folded_text,
        max(case when kind = 'field' then value end) as field,
        max(case when kind = 'column' then value end) as column_role,
        max(case when kind = 'column' then horizon end) as column_horizon,
        max(case when kind = 'horizon' then horizon end) as goal_horizon,
        max(case when kind = 'phase' then value end) as phase,
        max(case when kind = 'level_1' then value end) as level_1,
        -- any wording that ends in 指标 is of the second level, unless the first knows it
        case
            when max(case when kind = 'level_1' then 1 else 0 end) = 0
                then max(case when kind = 'level_2' then coalesce(value, folded_text) end)
            else max(case when kind = 'level_2' then value end)
        end as level_2,
        max(case when kind = 'level_2' then level_1 end) as parent_level_1,
        max(case when kind = 'funding' then payer end) as payer,
        max(case when kind = 'funding' then fund end) as fund,
        max(case when kind = 'funding' then measure end) as measure,
        max(case when kind = 'funding' then year_basis end) as year_basis,
        max(case when kind = 'funding' then horizon end) as funding_horizon,
        max(case when kind = 'footer' then 1 else 0 end) = 1 as is_footer
    from {{ ref('int_target_label') }}
    group by folded_text

),

named as (

    select
        titles.statement,
        cells.document_id,
        cells.source_table_id,
        cells.cell_id,
        cells.row_number,
        cells.column_number,
        cells.row_span,
        cells.column_span,
        cells.printed_text,
        cells.folded_text,
        cells.is_blank_amount,
        cells.is_number,
        cells.number_value,
        cells.number_scale,
        cells.own_unit,
        labels.field,
        labels.column_role,
        labels.column_horizon,
        labels.goal_horizon,
        labels.phase,
        labels.level_1,
        labels.level_2,
        labels.parent_level_1,
        labels.payer,
        labels.fund,
        labels.measure,
        labels.year_basis,
        labels.funding_horizon,
        coalesce(labels.is_footer, false) as is_footer,
        -- 项目资金(元)
        {{ unit_in_label('cells.printed_text') }} as label_unit,
        labels.folded_text is not null as is_label
    from cells
    inner join titles on cells.source_table_id = titles.source_table_id
    left join labels on cells.folded_text = labels.folded_text

),

neighbours as (

    select
        *,
        lead(cell_id) over (partition by source_table_id, row_number order by column_number)
            as next_cell_id,
        lead(is_label) over (partition by source_table_id, row_number order by column_number)
            as next_is_label,
        lead(field is not null or payer is not null or column_role is not null or level_1 is not null)
            over (partition by source_table_id, row_number order by column_number)
            as next_is_heading,
        max(case when column_role = 'indicator' then 1 else 0 end)
            over (partition by source_table_id, row_number) = 1
            as is_indicator_heading
    from named

),

-- 项目名称 heads a column where another heading stands beside it or indicators do.
shapes as (

    select
        source_table_id,
        min(case when is_indicator_heading then row_number end) as indicator_row_number,
        max(case
            when field in ('project_name', 'project_code') and (next_is_heading or is_indicator_heading)
                then 1
            else 0
        end) = 1 as is_list,
        min(case
            when field in ('project_name', 'project_code') and (next_is_heading or is_indicator_heading)
                then row_number
        end) as list_row_number
    from neighbours
    group by source_table_id

),

-- Text without merged cells: headings below the first row of them slid to the left
-- of their columns. Those of the indicators by as many as the data reach further; those
-- above so far that 产出指标 stands over the first indicator again.
ends as (

    select
        shapes.source_table_id,
        greatest(
            0,
            max(case when neighbours.row_number > shapes.indicator_row_number then neighbours.column_number end)
            - max(case
                when neighbours.row_number = shapes.indicator_row_number
                    then neighbours.column_number + neighbours.column_span - 1
            end)
        ) as shift,
        min(case
            when neighbours.row_number = shapes.indicator_row_number and neighbours.column_role = 'indicator'
                then neighbours.column_number
        end) as indicator_column_number
    from shapes
    inner join neighbours on shapes.source_table_id = neighbours.source_table_id
    where shapes.is_list and shapes.list_row_number < shapes.indicator_row_number
    group by shapes.source_table_id

),

slides as (

    select
        neighbours.source_table_id,
        neighbours.row_number,
        coalesce(
            max(ends.indicator_column_number) + max(ends.shift)
            - min(case
                when neighbours.row_number < shapes.indicator_row_number and neighbours.level_1 is not null
                    then neighbours.column_number
            end),
            max(ends.shift)
        ) as heading_shift
    from neighbours
    inner join shapes on neighbours.source_table_id = shapes.source_table_id
    inner join ends on neighbours.source_table_id = ends.source_table_id
    where
        ends.shift > 0
        and neighbours.row_number > shapes.list_row_number
        and neighbours.row_number <= shapes.indicator_row_number
    group by neighbours.source_table_id, neighbours.row_number

)

select
    neighbours.statement,
    neighbours.document_id,
    neighbours.source_table_id,
    neighbours.cell_id,
    neighbours.row_number,
    neighbours.column_number + coalesce(slides.heading_shift, 0) as column_number,
    neighbours.row_span,
    neighbours.column_span,
    neighbours.printed_text,
    neighbours.folded_text,
    neighbours.is_blank_amount,
    neighbours.is_number,
    neighbours.number_value,
    neighbours.number_scale,
    neighbours.own_unit,
    neighbours.field,
    neighbours.column_role,
    neighbours.column_horizon,
    neighbours.goal_horizon,
    neighbours.phase,
    neighbours.level_1,
    neighbours.level_2,
    neighbours.parent_level_1,
    neighbours.payer,
    neighbours.fund,
    neighbours.measure,
    neighbours.year_basis,
    neighbours.funding_horizon,
    neighbours.is_footer,
    neighbours.label_unit,
    neighbours.is_label,
    neighbours.next_cell_id,
    neighbours.next_is_label,
    neighbours.next_is_heading,
    neighbours.is_indicator_heading,
    shapes.is_list,
    shapes.list_row_number,
    case
        when shapes.is_list then 0
        else
            sum(case when neighbours.field = 'project_name' then 1 else 0 end) over (
                partition by neighbours.source_table_id
                order by neighbours.row_number
                range between unbounded preceding and current row
            )
    end as form_number
from neighbours
inner join shapes on neighbours.source_table_id = shapes.source_table_id
left join slides
    on
        neighbours.source_table_id = slides.source_table_id
        and neighbours.row_number = slides.row_number
