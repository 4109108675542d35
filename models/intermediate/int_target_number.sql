-- The numbers of performance forms that stand outside the indicators, with what the
-- words beside or above them say: who pays, for which period, in which unit. `payer`
-- is NULL and `is_explained` true for a number that is no money (项目期 1). One row
-- per number.
with

cells as (

    select * from {{ ref('int_target_cell') }}

),

forms as (

    select * from {{ ref('int_target_form') }}

),

columns as (

    select * from {{ ref('int_target_column') }}

),

table_units as (

    select * from {{ ref('int_table_unit') }}

),

units as (

    select * from {{ ref('amount_unit') }}

),

-- 项目资金 before 年度资金总额 heads the whole block.
kinds as (

    select
        *,
        case
            when lead(funding_horizon) over (
                partition by source_table_id, row_number order by column_number
            ) is null or funding_horizon is not null
                then payer
        end as own_payer
    from cells

),

-- What stands beside a number, where the words head a row.
beside as (

    select
        cells.*,
        forms.header_row_number,
        {{ last_known(
            "case when cells.is_label then cells.cell_id end",
            'cells.source_table_id, cells.row_number', 'cells.column_number'
        ) }} as label_cell_id,
        -- 项目资金(元) heads the rows below it
        {{ last_known(
            'cells.label_unit', 'cells.source_table_id, cells.form_number', 'cells.row_number, cells.column_number'
        ) }} as unit_above,
        {{ last_known(
            'cells.funding_horizon', 'cells.source_table_id, cells.form_number, cells.column_number', 'cells.row_number'
        ) }} as horizon_above,
        count(cells.own_payer) over (
            partition by cells.source_table_id, cells.row_number
            order by cells.column_number
            rows between unbounded preceding and current row
        ) as funding_rank,
        count(cells.own_payer) over (partition by cells.source_table_id, cells.row_number) as funding_count
    from kinds as cells
    inner join forms
        on
            cells.source_table_id = forms.source_table_id
            and cells.form_number = forms.form_number
            and not forms.is_list
            and cells.row_number < coalesce(forms.header_row_number, 1000000000)

),

-- 实施期资金总额 | 年度资金总额: the amounts below stand in the same order, also where
-- they slid out of their columns.
horizon_rows as (

    select
        source_table_id,
        form_number,
        row_number,
        funding_rank,
        funding_horizon
    from beside
    where funding_horizon is not null and funding_count = 2

),

horizons as (

    select
        labels.cell_id,
        labels.funding_horizon,
        row_number() over (partition by labels.cell_id order by labels.row_number desc) as horizon_rank
    from (
        select
            beside.cell_id,
            horizon_rows.row_number,
            horizon_rows.funding_horizon
        from beside
        inner join horizon_rows
            on
                beside.source_table_id = horizon_rows.source_table_id
                and beside.form_number = horizon_rows.form_number
                and beside.funding_rank = horizon_rows.funding_rank
                and beside.row_number > horizon_rows.row_number
        where beside.payer is not null and beside.funding_count = 2
    ) as labels

),

-- A heading of amounts stands above several of them: its row has more than one.
phases as (

    select *
    from (
        select
            source_table_id,
            form_number,
            row_number,
            column_number,
            column_number + column_span as end_column_number,
            phase,
            count(*) over (partition by source_table_id, form_number, row_number) as heading_count
        from cells
        where phase is not null
    ) as headings
    where heading_count > 1

),

in_forms as (

    select
        beside.source_table_id,
        beside.form_number,
        beside.statement,
        beside.document_id,
        beside.cell_id,
        beside.row_number,
        beside.column_number,
        labels.cell_id as label_cell_id,
        labels.payer,
        labels.fund,
        labels.measure,
        labels.year_basis,
        case
            when labels.payer is null then null
            else coalesce(
                labels.funding_horizon,
                max(horizons.funding_horizon),
                max(label_horizons.horizon_above),
                'annual'
            )
        end as horizon,
        max(phases.phase) as phase,
        beside.unit_above,
        row_number() over (partition by labels.cell_id order by beside.column_number) as number_rank
    from beside
    left join cells as labels on beside.label_cell_id = labels.cell_id
    left join beside as label_horizons on beside.label_cell_id = label_horizons.cell_id
    left join horizons
        on
            beside.label_cell_id = horizons.cell_id
            and horizons.horizon_rank = 1
    left join phases
        on
            beside.source_table_id = phases.source_table_id
            and beside.form_number = phases.form_number
            and beside.row_number > phases.row_number
            and beside.column_number >= phases.column_number
            and beside.column_number < phases.end_column_number
    where beside.is_number and not beside.is_label
    group by
        beside.source_table_id, beside.form_number, beside.statement, beside.document_id, beside.cell_id,
        beside.row_number, beside.column_number, beside.unit_above,
        labels.cell_id, labels.payer, labels.fund, labels.measure, labels.year_basis,
        labels.funding_horizon

),

-- Where projects are rows, the lowest heading above a column speaks for it.
list_headings as (

    select
        cells.*,
        {{ last_known(
            'cells.label_unit', 'cells.source_table_id, cells.row_number', 'cells.column_number'
        ) }} as unit_here
    from cells
    inner join forms
        on
            cells.source_table_id = forms.source_table_id
            and forms.is_list
            and cells.row_number between forms.list_row_number and forms.header_row_number

),

list_numbers as (

    select
        cells.source_table_id,
        cells.form_number,
        cells.statement,
        cells.document_id,
        cells.cell_id,
        cells.row_number,
        cells.column_number,
        headings.cell_id as label_cell_id,
        headings.payer,
        headings.fund,
        headings.measure,
        headings.year_basis,
        headings.funding_horizon,
        row_number() over (
            partition by cells.cell_id order by headings.row_number desc, headings.column_number desc
        ) as heading_rank
    from cells
    inner join forms
        on
            cells.source_table_id = forms.source_table_id
            and forms.is_list
            and cells.row_number > forms.header_row_number
            and cells.row_number < forms.footer_row_number
    left join list_headings as headings
        on
            cells.source_table_id = headings.source_table_id
            and headings.is_label
            and cells.column_number >= headings.column_number
            and cells.column_number < headings.column_number + headings.column_span
    where
        cells.is_number
        and not exists (
            select 1
            from columns
            where
                columns.source_table_id = cells.source_table_id
                and columns.column_number <= cells.column_number
                and columns.end_column_number > cells.column_number
        )

),

list_units as (

    select
        list_numbers.cell_id,
        list_headings.unit_here,
        row_number() over (
            partition by list_numbers.cell_id
            order by list_headings.column_number desc, list_headings.row_number desc
        ) as unit_rank
    from list_numbers
    inner join list_headings
        on
            list_numbers.source_table_id = list_headings.source_table_id
            and list_headings.label_unit is not null
            and list_headings.column_number <= list_numbers.column_number
    where list_numbers.heading_rank = 1

),

numbers as (

    select
        source_table_id,
        form_number,
        statement,
        document_id,
        cell_id,
        row_number,
        column_number,
        label_cell_id,
        payer,
        fund,
        measure,
        year_basis,
        horizon,
        case when phase is null and number_rank = 1 then 'budget' else phase end as phase,
        unit_above
    from in_forms

    union all

    select
        list_numbers.source_table_id,
        list_numbers.form_number,
        list_numbers.statement,
        list_numbers.document_id,
        list_numbers.cell_id,
        list_numbers.row_number,
        list_numbers.column_number,
        list_numbers.label_cell_id,
        list_numbers.payer,
        list_numbers.fund,
        list_numbers.measure,
        list_numbers.year_basis,
        case when list_numbers.payer is not null then coalesce(list_numbers.funding_horizon, 'annual') end as horizon,
        'budget' as phase,
        list_units.unit_here as unit_above
    from list_numbers
    left join list_units
        on
            list_numbers.cell_id = list_units.cell_id
            and list_units.unit_rank = 1
    where list_numbers.heading_rank = 1

),

with_units as (

    select
        numbers.*,
        cells.printed_text,
        cells.number_value,
        cells.number_scale,
        coalesce(cells.own_unit, numbers.unit_above, table_units.amount_unit) as amount_unit
    from numbers
    inner join cells on numbers.cell_id = cells.cell_id
    left join table_units on numbers.source_table_id = table_units.source_table_id

),

scaled as (

    select
        with_units.*,
        units.factor,
        max(with_units.number_scale) over (
            partition by with_units.source_table_id, with_units.amount_unit
        ) as finest_scale
    from with_units
    left join units on with_units.amount_unit = units.amount_unit

)

select
    source_table_id,
    form_number,
    statement,
    document_id,
    cell_id,
    label_cell_id,
    row_number,
    column_number,
    printed_text,
    payer,
    fund,
    measure,
    year_basis,
    horizon,
    phase,
    -- beside a field that is no money, or under 执行率
    payer is null and label_cell_id is not null or coalesce(phase = 'none', false) as is_explained,
    amount_unit,
    number_scale,
    finest_scale,
    try_cast(number_value * cast(factor as decimal(9, 0)) as decimal(20, 4)) as amount_yuan,
    {{ half_unit('finest_scale', 'factor') }} as half_unit_yuan
from scaled
