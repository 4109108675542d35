-- The columns of indicators in a performance form. Forms for the whole period and
-- for the year stand side by side: `pane_number` counts them, NULL where a column
-- is common to all. One row per heading of a column.
with

cells as (

    select * from {{ ref('int_target_cell') }}

),

forms as (

    select * from {{ ref('int_target_form') }} where header_row_number is not null

),

-- Headings of the row of 三级指标, and cells that are merged over it from above. A
-- heading to their right that the seed does not know keeps its column: `unknown`.
heading_cells as (

    select
        cells.*,
        case
            when cells.column_role = 'nature' then
                -- 指标属性 beside 指标性质: 定量 or 定性, which no column of the fact takes
                case
                    when max(case when cells.column_role = 'operator' then 1 else 0 end) over (
                        partition by cells.source_table_id, cells.form_number
                    ) = 1 then 'ignored'
                    else 'operator'
                end
            else coalesce(cells.column_role, 'unknown')
        end as column_heading_role,
        min(case when cells.column_role is not null then cells.column_number end) over (
            partition by cells.source_table_id, cells.form_number
        ) as first_column_number
    from cells
    inner join forms
        on
            cells.source_table_id = forms.source_table_id
            and cells.form_number = forms.form_number
            and (
                cells.row_number = forms.header_row_number
                or (
                    cells.row_number < forms.header_row_number
                    and cells.row_number + cells.row_span > forms.header_row_number
                )
            )
    where cells.column_role is not null or not cells.is_label

),

-- 三级指标 | 指标值 | 指标内容: words behind the last value name no other indicator.
told_headings as (

    select
        *,
        case
            when
                column_heading_role = 'indicator'
                and min(case when column_heading_role = 'indicator' then column_number end) over (
                    partition by source_table_id, form_number
                ) < last_value_column_number
                and column_number > last_value_column_number
                then 'ignored'
            else column_heading_role
        end as heading_role
    from (
        select
            *,
            max(case when column_heading_role in ('value', 'unknown') then column_number end) over (
                partition by source_table_id, form_number
            ) as last_value_column_number
        from heading_cells
    ) as valued

),

headings as (

    select
        *,
        row_number() over (
            partition by source_table_id, form_number, heading_role
            order by column_number
        ) as role_rank,
        count(*) over (partition by source_table_id, form_number, heading_role) as role_count
    from told_headings
    where column_number >= first_column_number

),

pane_counts as (

    select
        source_table_id,
        form_number,
        max(case when heading_role = 'indicator' then role_count end) as pane_count,
        max(case when heading_role = 'value' then role_count else 0 end) as value_count
    from headings
    group by source_table_id, form_number

),

-- 实施期目标 | 年度目标 above the headings, from left to right, each where it is first
-- printed.
first_goals as (

    select
        cells.source_table_id,
        cells.form_number,
        cells.goal_horizon,
        cells.column_number,
        row_number() over (
            partition by cells.source_table_id, cells.form_number, cells.goal_horizon
            order by cells.row_number, cells.column_number
        ) as print_rank
    from cells
    inner join forms
        on
            cells.source_table_id = forms.source_table_id
            and cells.form_number = forms.form_number
            and cells.row_number <= forms.header_row_number
    where cells.goal_horizon is not null

),

goals as (

    select
        source_table_id,
        form_number,
        goal_horizon,
        count(*) over (partition by source_table_id, form_number) as goal_count,
        row_number() over (partition by source_table_id, form_number order by column_number) as goal_rank
    from first_goals
    where print_rank = 1

),

-- 产出指标 over a pair of columns, where projects are rows.
group_labels as (

    select
        cells.source_table_id,
        cells.form_number,
        cells.level_1,
        cells.column_number,
        lead(cells.column_number) over (
            partition by cells.source_table_id, cells.row_number
            order by cells.column_number
        ) as next_column_number
    from cells
    inner join forms
        on
            cells.source_table_id = forms.source_table_id
            and cells.form_number = forms.form_number
            and cells.row_number >= forms.list_row_number
            and cells.row_number < forms.header_row_number
    where cells.level_1 is not null

)

select
    headings.source_table_id,
    headings.form_number,
    headings.column_number,
    headings.column_number + headings.column_span as end_column_number,
    headings.heading_role as column_role,
    headings.cell_id as heading_cell_id,
    pane_counts.pane_count,
    pane_counts.value_count,
    case
        when headings.role_count = 1 and pane_counts.pane_count > 1 then null
        -- one name with a value for the period and one for the year
        when pane_counts.pane_count = 1 then 1
        else headings.role_rank
    end as pane_number,
    case
        when headings.heading_role = 'value'
            then coalesce(
                headings.column_horizon,
                case when pane_counts.pane_count > 1 or goals.goal_count = 1 then goals.goal_horizon end,
                case when forms.is_list or pane_counts.value_count = 1 then 'annual' end
            )
    end as horizon,
    group_labels.level_1
from headings
inner join forms
    on
        headings.source_table_id = forms.source_table_id
        and headings.form_number = forms.form_number
inner join pane_counts
    on
        headings.source_table_id = pane_counts.source_table_id
        and headings.form_number = pane_counts.form_number
left join goals
    on
        headings.source_table_id = goals.source_table_id
        and headings.form_number = goals.form_number
        and headings.role_rank = goals.goal_rank
left join group_labels
    on
        headings.source_table_id = group_labels.source_table_id
        and headings.form_number = group_labels.form_number
        and headings.column_number >= group_labels.column_number
        and (
            group_labels.next_column_number is null
            or headings.column_number < group_labels.next_column_number
        )
