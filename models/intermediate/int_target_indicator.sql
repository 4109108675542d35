-- The indicators of performance forms with their levels, and the target split into
-- operator, value and unit. A level that is not printed in the row is that of the
-- same indicator in the form beside it, or of the row above. One row per indicator
-- and value.
{%- set number = "[0-9]{1,3}(?:,[0-9]{3})+(?:\\.[0-9]+)?|[0-9]+(?:\\.[0-9]+)?" %}
{%- set at_least = "≥|≧|>=|大于等于|大于或等于|不低于|不少于|不小于|至少" %}
{%- set at_most = "≤|≦|<=|小于等于|小于或等于|不超过|不高于|不大于|不多于|至多" %}
with

places as (

    select
        places.*,
        cells.printed_text,
        cells.folded_text,
        cells.level_1,
        cells.level_2,
        cells.parent_level_1
    from {{ ref('int_target_place') }} as places
    inner join {{ ref('int_target_cell') }} as cells on places.cell_id = cells.cell_id

),

forms as (

    select * from {{ ref('int_target_form') }}

),

columns as (

    select * from {{ ref('int_target_column') }}

),

projects as (

    select * from {{ ref('int_target_project') }}

),

form_panes as (

    select distinct
        source_table_id,
        form_number,
        pane_count
    from columns

),

row_levels as (

    select
        source_table_id,
        form_number,
        row_number,
        max(case when role = 'level_1' then coalesce(level_1, {{ trimmed('printed_text') }}) end) as own_level_1
    from places
    group by source_table_id, form_number, row_number

),

-- A column of the second level that both forms share speaks for both.
pane_rows as (

    select
        places.source_table_id,
        places.form_number,
        places.row_number,
        panes.pane_number,
        max(case when places.role = 'level_2' then coalesce(places.level_2, {{ trimmed('places.printed_text') }}) end) as own_level_2,
        max(case when places.role = 'level_2' then places.parent_level_1 end) as parent_level_1,
        max(case when places.role = 'indicator' then places.cell_id end) as indicator_cell_id,
        max(case when places.role = 'indicator' then {{ trimmed('places.printed_text') }} end) as indicator,
        max(case when places.role = 'indicator' then places.folded_text end) as folded_indicator,
        max(case when places.role = 'weight' then places.cell_id end) as weight_cell_id,
        max(case when places.role = 'weight' then places.folded_text end) as weight_text,
        max(case when places.role = 'unit' then places.cell_id end) as unit_cell_id,
        max(case when places.role = 'unit' then places.folded_text end) as unit_text,
        max(case when places.role = 'operator' then places.folded_text end) as operator_text,
        max(case when places.role = 'core' then places.folded_text end) as core_text
    from places
    inner join form_panes
        on
            places.source_table_id = form_panes.source_table_id
            and places.form_number = form_panes.form_number
    inner join (
        select 1 as pane_number
        {% for number_of_pane in range(2, 9) %}
        union all
        select {{ number_of_pane }} as pane_number
        {% endfor %}
    ) as panes
        on
            panes.pane_number <= form_panes.pane_count
            and panes.pane_number = coalesce(places.pane_number, panes.pane_number)
    where places.role is not null
    group by places.source_table_id, places.form_number, places.row_number, panes.pane_number

),

other_panes as (

    select
        pane_rows.source_table_id,
        pane_rows.form_number,
        pane_rows.row_number,
        pane_rows.pane_number,
        max(others.own_level_2) as level_2,
        max(others.parent_level_1) as parent_level_1
    from pane_rows
    inner join forms
        on
            pane_rows.source_table_id = forms.source_table_id
            and pane_rows.form_number = forms.form_number
            and not forms.is_list
    inner join pane_rows as others
        on
            pane_rows.source_table_id = others.source_table_id
            and pane_rows.form_number = others.form_number
            and pane_rows.row_number = others.row_number
            and pane_rows.pane_number <> others.pane_number
            and others.own_level_2 is not null
            and (others.folded_indicator is null or others.folded_indicator = pane_rows.folded_indicator)
    where pane_rows.own_level_2 is null and pane_rows.folded_indicator is not null
    group by
        pane_rows.source_table_id, pane_rows.form_number, pane_rows.row_number, pane_rows.pane_number

),

levelled as (

    select
        pane_rows.*,
        row_levels.own_level_1,
        coalesce(pane_rows.own_level_2, other_panes.level_2) as row_level_2,
        coalesce(pane_rows.parent_level_1, other_panes.parent_level_1) as row_parent_level_1,
        count(row_levels.own_level_1) over (
            partition by pane_rows.source_table_id, pane_rows.form_number, pane_rows.pane_number
            order by pane_rows.row_number
            rows between unbounded preceding and current row
        ) as level_1_number
    from pane_rows
    inner join row_levels
        on
            pane_rows.source_table_id = row_levels.source_table_id
            and pane_rows.form_number = row_levels.form_number
            and pane_rows.row_number = row_levels.row_number
    left join other_panes
        on
            pane_rows.source_table_id = other_panes.source_table_id
            and pane_rows.form_number = other_panes.form_number
            and pane_rows.row_number = other_panes.row_number
            and pane_rows.pane_number = other_panes.pane_number

),

-- The first level is merged over the rows of all panes, also where one has none.
levels_above as (

    select
        source_table_id,
        form_number,
        row_number,
        {{ last_known('own_level_1', 'source_table_id, form_number', 'row_number') }} as level_1_above
    from row_levels

),

carried as (

    select
        levelled.*,
        levels_above.level_1_above,
        {{ last_known(
            'levelled.row_level_2',
            'levelled.source_table_id, levelled.form_number, levelled.pane_number, levelled.level_1_number',
            'levelled.row_number'
        ) }} as level_2,
        {{ last_known(
            "case when levelled.row_level_2 is not null then coalesce(levelled.row_parent_level_1, '') end",
            'levelled.source_table_id, levelled.form_number, levelled.pane_number, levelled.level_1_number',
            'levelled.row_number'
        ) }} as parent_level_1_above
    from levelled
    inner join levels_above
        on
            levelled.source_table_id = levels_above.source_table_id
            and levelled.form_number = levels_above.form_number
            and levelled.row_number = levels_above.row_number

),

values_of_rows as (

    select
        source_table_id,
        form_number,
        row_number,
        coalesce(pane_number, 1) as pane_number,
        cell_id,
        horizon,
        {{ trimmed('printed_text') }} as printed_text,
        folded_text
    from places
    where role = 'value'

),

pane_columns as (

    select
        source_table_id,
        form_number,
        coalesce(pane_number, 1) as pane_number,
        max(case when column_role = 'indicator' then level_1 end) as group_level_1,
        max(case when column_role = 'value' then horizon end) as horizon
    from columns
    group by source_table_id, form_number, coalesce(pane_number, 1)

),

gathered as (

    select
        forms.document_id,
        carried.source_table_id,
        forms.statement,
        carried.form_number,
        carried.row_number,
        carried.pane_number,
        coalesce(values_of_rows.cell_id, carried.indicator_cell_id) as cell_id,
        carried.indicator_cell_id,
        carried.weight_cell_id,
        carried.unit_cell_id,
        coalesce(values_of_rows.horizon, pane_columns.horizon) as horizon,
        coalesce(
            pane_columns.group_level_1,
            -- 经济效益指标 cannot stand under 产出指标
            case when carried.own_level_1 is null then nullif(carried.parent_level_1_above, '') end,
            carried.level_1_above
        ) as level_1,
        carried.level_2,
        carried.indicator,
        carried.folded_indicator,
        values_of_rows.printed_text as target_text,
        carried.operator_text,
        carried.unit_text,
        carried.weight_text,
        carried.core_text,
        values_of_rows.folded_text as value_text,
        projects.start_row_number,
        projects.project_code,
        projects.project_name,
        projects.unit_name
    from carried
    inner join forms
        on
            carried.source_table_id = forms.source_table_id
            and carried.form_number = forms.form_number
    left join values_of_rows
        on
            carried.source_table_id = values_of_rows.source_table_id
            and carried.form_number = values_of_rows.form_number
            and carried.row_number = values_of_rows.row_number
            and carried.pane_number = values_of_rows.pane_number
    left join pane_columns
        on
            carried.source_table_id = pane_columns.source_table_id
            and carried.form_number = pane_columns.form_number
            and carried.pane_number = pane_columns.pane_number
    left join projects
        on
            carried.source_table_id = projects.source_table_id
            and carried.row_number = projects.row_number
    where carried.indicator_cell_id is not null

),

-- ≥95%, 不低于95%, 95%以上; each part where it is a number with a unit and no more.
split as (

    select
        *,
        coalesce(
            operator_text,
            {{ regex_extract('value_text', "'^(" ~ at_least ~ "|" ~ at_most ~ "|[><=]|大于|小于|高于|低于|超过|等于)'", 1) }},
            {{ regex_extract('value_text', "'^(?:" ~ number ~ ")[^0-9]{0,10}?((?:及|含)?(?:以上|以内|以下))$'", 1) }}
        ) as operator_word,
        {{ regex_extract(
            'value_text',
            "'^(?:" ~ at_least ~ "|" ~ at_most ~ "|[><=]|大于|小于|高于|低于|超过|等于)?(" ~ number ~ ")[^0-9前后底初中旬内]{0,12}(?:以内)?$'",
            1
        ) }} as number_text,
        {{ regex_extract(
            'value_text',
            "'(?:[0-9])([^0-9,.]{1,12}?)(?:(?:及|含)?(?:以上|以内|以下))?$'",
            1
        ) }} as unit_of_value
    from gathered

)

select
    document_id,
    source_table_id,
    statement,
    form_number,
    row_number,
    pane_number,
    start_row_number,
    cell_id,
    indicator_cell_id,
    weight_cell_id,
    unit_cell_id,
    project_code,
    project_name,
    unit_name,
    horizon,
    level_1,
    level_2,
    indicator,
    folded_indicator,
    case
        when {{ regex_matches('operator_word', "'^(?:" ~ at_least ~ "|(?:及|含)?以上)$'") }} then '≥'
        when {{ regex_matches('operator_word', "'^(?:" ~ at_most ~ "|(?:及|含)?(?:以内|以下))$'") }} then '≤'
        when operator_word in ('>', '大于', '高于', '超过') then '>'
        when operator_word in ('<', '小于', '低于') then '<'
        when operator_word in ('=', '等于') then '='
        else operator_word
    end as operator,
    try_cast(replace(number_text, ',', '') as decimal(20, 4)) as target_value,
    case when number_text is not null then coalesce(unit_text, unit_of_value) else unit_text end
        as target_unit,
    target_text,
    try_cast({{ regex_extract('weight_text', "'^([0-9]{1,3}(?:\\.[0-9]+)?)(?:%|分)?$'", 1) }} as decimal(9, 4)) as weight,
    weight_text,
    case when core_text in ('是', '√', '核心') then true when core_text in ('否', '非核心', '×') then false end
        as is_core
from split
