-- What each cell among the indicators of a performance form is: a level, the name
-- of an indicator, its value, weight, unit. The heading of the column says it. Cells
-- that slid out of their columns are told apart by their words: what is no level
-- are pairs of name and value, and a row whose sign (≥) and mark (是) stand as far from
-- their columns slid as a whole. `role` is NULL where neither helps. One row per cell.
with

cells as (

    select * from {{ ref('int_target_cell') }}

),

forms as (

    select * from {{ ref('int_target_form') }} where header_row_number is not null

),

columns as (

    select * from {{ ref('int_target_column') }}

),

-- 1 | 2 | … | 10 below the headings numbers the columns.
index_rows as (

    select
        cells.source_table_id,
        cells.form_number,
        cells.row_number
    from cells
    inner join forms
        on
            cells.source_table_id = forms.source_table_id
            and cells.form_number = forms.form_number
            and cells.row_number > forms.header_row_number
    group by cells.source_table_id, cells.form_number, cells.row_number
    having
        count(*) >= 4
        and min(case when cells.is_number then cells.number_value end) = 1
        and max(cells.number_value) = count(*)
        and count(distinct cells.number_value) = count(*)

),

form_shapes as (

    select
        source_table_id,
        form_number,
        max(pane_count) as pane_count,
        max(case when column_role in ('weight', 'unit', 'operator', 'core') then 1 else 0 end) = 0
            as is_pairs,
        max(case when column_role = 'core' then 1 else 0 end) = 1 as has_core
    from columns
    group by source_table_id, form_number

),

pane_horizons as (

    select
        source_table_id,
        form_number,
        coalesce(pane_number, 1) as pane_number,
        min(horizon) as horizon
    from columns
    where column_role = 'value'
    group by source_table_id, form_number, coalesce(pane_number, 1)

),

data_cells as (

    select
        cells.source_table_id,
        cells.form_number,
        cells.row_number,
        cells.column_number,
        cells.cell_id,
        cells.level_1,
        cells.level_2,
        cells.level_1 is not null or cells.level_2 is not null as is_level,
        cells.is_number,
        case
            when cells.folded_text in ('是', '否') then 'core'
            when {{ regex_matches('cells.folded_text', "'^(?:[≥≤><=≧≦]|定性)$'") }} then 'operator'
        end as anchor_role,
        forms.is_list,
        form_shapes.pane_count,
        form_shapes.is_pairs,
        form_shapes.has_core,
        columns.column_role,
        columns.pane_number,
        columns.horizon
    from cells
    inner join forms
        on
            cells.source_table_id = forms.source_table_id
            and cells.form_number = forms.form_number
            and cells.row_number > forms.header_row_number
            and cells.row_number < forms.footer_row_number
    inner join form_shapes
        on
            cells.source_table_id = form_shapes.source_table_id
            and cells.form_number = form_shapes.form_number
    left join columns
        on
            cells.source_table_id = columns.source_table_id
            and cells.form_number = columns.form_number
            and cells.column_number >= columns.column_number
            and cells.column_number < columns.end_column_number
    left join index_rows
        on
            cells.source_table_id = index_rows.source_table_id
            and cells.form_number = index_rows.form_number
            and cells.row_number = index_rows.row_number
    where
        index_rows.row_number is null
        -- the columns of the project itself, where projects are rows
        and not (forms.is_list and columns.column_role is null)

),

pane_rows as (

    select
        source_table_id,
        form_number,
        row_number,
        coalesce(pane_number, 1) as pane_number,
        max(case when column_role = 'indicator' then 1 else 0 end) = 1 as has_indicator,
        max(case when column_role = 'indicator' and is_level then 1 else 0 end) = 1
            as has_level_as_indicator,
        max(case when column_role = 'value' then 1 else 0 end) = 1 as has_value,
        max(case when column_role = 'value' and is_level then 1 else 0 end) = 1
            as has_level_as_value,
        max(case when column_role in ('level_1', 'level_2') and not is_level then 1 else 0 end) = 1
            as has_unknown_level,
        max(case when anchor_role = 'core' and has_core and column_role <> 'core' then 1 else 0 end) = 1
        and max(case when anchor_role = 'core' and column_role = 'core' then 1 else 0 end) = 0
            as has_anchor_elsewhere
    from data_cells
    group by source_table_id, form_number, row_number, coalesce(pane_number, 1)

),

slid_rows as (

    select
        source_table_id,
        form_number,
        row_number
    from data_cells
    where
        (not is_list and column_role is null)
        -- no indicator is called 40.00
        or (column_role = 'indicator' and is_number)

    union

    select
        pane_rows.source_table_id,
        pane_rows.form_number,
        pane_rows.row_number
    from pane_rows
    inner join forms
        on
            pane_rows.source_table_id = forms.source_table_id
            and pane_rows.form_number = forms.form_number
            and not forms.is_list
    where
        pane_rows.has_level_as_value
        or (pane_rows.has_value and not pane_rows.has_indicator)
        or pane_rows.has_anchor_elsewhere
        or (
            not pane_rows.has_value
            and (pane_rows.has_level_as_indicator or (pane_rows.has_indicator and pane_rows.has_unknown_level))
        )

),

in_columns as (

    select
        data_cells.source_table_id,
        data_cells.form_number,
        data_cells.row_number,
        data_cells.cell_id,
        -- 经济效益指标 in the column of the first level
        case
            when data_cells.column_role = 'level_1' and data_cells.level_1 is null and data_cells.level_2 is not null
                then 'level_2'
            when data_cells.column_role <> 'unknown' then data_cells.column_role
        end as role,
        case
            when data_cells.column_role = 'level_1' then 1
            else data_cells.pane_number
        end as pane_number,
        data_cells.horizon,
        false as is_slid
    from data_cells
    left join slid_rows
        on
            data_cells.source_table_id = slid_rows.source_table_id
            and data_cells.form_number = slid_rows.form_number
            and data_cells.row_number = slid_rows.row_number
    where slid_rows.row_number is null

),

shifts as (

    select
        data_cells.source_table_id,
        data_cells.form_number,
        data_cells.row_number,
        min(columns.column_number - data_cells.column_number) as shift
    from data_cells
    inner join slid_rows
        on
            data_cells.source_table_id = slid_rows.source_table_id
            and data_cells.form_number = slid_rows.form_number
            and data_cells.row_number = slid_rows.row_number
    inner join columns
        on
            data_cells.source_table_id = columns.source_table_id
            and data_cells.form_number = columns.form_number
            and data_cells.anchor_role = columns.column_role
    where not data_cells.is_pairs
    group by data_cells.source_table_id, data_cells.form_number, data_cells.row_number
    having
        min(columns.column_number - data_cells.column_number)
        = max(columns.column_number - data_cells.column_number)

),

shifted as (

    select
        data_cells.source_table_id,
        data_cells.form_number,
        data_cells.row_number,
        data_cells.cell_id,
        columns.column_role as role,
        columns.pane_number,
        columns.horizon,
        -- every cell has to find its column, and a weight a number
        min(case
            when columns.column_role is null then 0
            when columns.column_role = 'weight' and not data_cells.is_number then 0
            else 1
        end) over (
            partition by data_cells.source_table_id, data_cells.form_number, data_cells.row_number
        ) = 1 as does_fit
    from data_cells
    inner join shifts
        on
            data_cells.source_table_id = shifts.source_table_id
            and data_cells.form_number = shifts.form_number
            and data_cells.row_number = shifts.row_number
    left join columns
        on
            data_cells.source_table_id = columns.source_table_id
            and data_cells.form_number = columns.form_number
            and data_cells.column_number + shifts.shift = columns.column_number

),

-- Slid rows: `words_before` counts the cells to the left that name no level.
tokens as (

    select
        data_cells.*,
        count(case when not data_cells.is_level then 1 end) over (
            partition by data_cells.source_table_id, data_cells.form_number, data_cells.row_number
        ) as word_count,
        count(case when not data_cells.is_level then 1 end) over (
            partition by data_cells.source_table_id, data_cells.form_number, data_cells.row_number
            order by data_cells.column_number
            rows between unbounded preceding and current row
        ) - case when data_cells.is_level then 0 else 1 end as words_before,
        lead(data_cells.is_level) over (
            partition by data_cells.source_table_id, data_cells.form_number, data_cells.row_number
            order by data_cells.column_number
        ) as next_is_level,
        data_cells.level_2 is not null
        and coalesce(
            data_cells.level_2 = lag(data_cells.level_2) over (
                partition by data_cells.source_table_id, data_cells.form_number, data_cells.row_number
                order by data_cells.column_number
            ),
            false
        ) as repeats_level
    from data_cells
    inner join slid_rows
        on
            data_cells.source_table_id = slid_rows.source_table_id
            and data_cells.form_number = slid_rows.form_number
            and data_cells.row_number = slid_rows.row_number

),

-- 数量指标 | 数量指标 | name | value: the first form is blank there.
first_panes as (

    select
        source_table_id,
        form_number,
        row_number,
        case
            when max(case when repeats_level and words_before = 0 then 1 else 0 end) = 1 and max(pane_count) > 1
                then 2
            else 1
        end as first_pane
    from tokens
    group by source_table_id, form_number, row_number

),

told_apart as (

    select
        tokens.source_table_id,
        tokens.form_number,
        tokens.row_number,
        tokens.cell_id,
        case
            when tokens.level_1 is not null and (tokens.level_2 is null or tokens.next_is_level)
                then 'level_1'
            when tokens.is_level then 'level_2'
            when not tokens.is_pairs or tokens.is_list then null
            when tokens.word_count in (2, 2 * tokens.pane_count)
                then case when mod(tokens.words_before, 2) = 0 then 'indicator' else 'value' end
        end as role,
        case
            when tokens.is_level then least(cast(floor(tokens.words_before / 2) as integer) + 1, tokens.pane_count)
            when tokens.word_count = 2 * tokens.pane_count
                then cast(floor(tokens.words_before / 2) as integer) + 1
            else first_panes.first_pane
        end as pane_number,
        true as is_slid
    from tokens
    inner join first_panes
        on
            tokens.source_table_id = first_panes.source_table_id
            and tokens.form_number = first_panes.form_number
            and tokens.row_number = first_panes.row_number

)

select
    source_table_id,
    form_number,
    row_number,
    cell_id,
    role,
    cast(pane_number as integer) as pane_number,
    horizon,
    is_slid
from in_columns

union all

select
    source_table_id,
    form_number,
    row_number,
    cell_id,
    case when does_fit then role end as role,
    cast(pane_number as integer) as pane_number,
    horizon,
    true as is_slid
from shifted

union all

select
    told_apart.source_table_id,
    told_apart.form_number,
    told_apart.row_number,
    told_apart.cell_id,
    told_apart.role,
    cast(told_apart.pane_number as integer) as pane_number,
    case when told_apart.role = 'value' then pane_horizons.horizon end as horizon,
    told_apart.is_slid
from told_apart
left join pane_horizons
    on
        told_apart.source_table_id = pane_horizons.source_table_id
        and told_apart.form_number = pane_horizons.form_number
        and told_apart.pane_number = pane_horizons.pane_number
left join shifts
    on
        told_apart.source_table_id = shifts.source_table_id
        and told_apart.form_number = shifts.form_number
        and told_apart.row_number = shifts.row_number
where shifts.row_number is null
