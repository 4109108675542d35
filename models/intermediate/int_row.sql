-- The role of each data row: a code, a total, a unit, a line of a balance. One
-- row per table, row and pane, with the unit that the row belongs to.
with

row_codes as (

    select * from {{ ref('int_row_code') }} where slot = 'main'

),

tables as (

    select * from {{ ref('int_table') }}

),

documents as (

    select * from {{ ref('int_document') }}

),

labels as (

    select * from {{ ref('int_row_label') }}

),

columns as (

    select * from {{ ref('int_column') }}

),

suffixes as (

    select * from {{ ref('organization_suffix') }}

),

official_names as (

    {{ official_names() }}

),

pane_sides as (

    select
        source_table_id,
        pane_number,
        max(side) as side,
        max(case when column_role = 'unit_code' then 1 else 0 end) = 1 as has_unit_code_column,
        max(case when column_role = 'project_name' then 1 else 0 end) = 1 as has_project_column,
        max(case when column_role in ('code', 'code_class') then 1 else 0 end) = 1
            as has_code_column,
        max(case
            when
                column_role in ('code', 'code_class', 'name', 'unit_code', 'unit_name', 'project_name')
                then 1
            else 0
        end) = 1 as has_words_column,
        max(case when classification in ('department', 'government', 'economic') then 1 else 0 end) = 1
            as has_economic_column
    from columns
    group by source_table_id, pane_number

),

described as (

    select
        row_codes.*,
        tables.statement,
        documents.unit_name as document_unit_name,
        pane_sides.has_unit_code_column,
        pane_sides.has_code_column,
        pane_sides.has_words_column,
        pane_sides.has_project_column,
        pane_sides.has_economic_column,
        case
            when tables.statement in ('balance', 'appropriation_balance')
                then coalesce(
                    pane_sides.side,
                    case when row_codes.pane_number = 0 then 'revenue' else 'expenditure' end
                )
            when tables.statement in ('three_public', 'agency_operation') then 'item'
            when tables.statement = 'revenue' then 'revenue'
            when tables.statement = 'procurement' then 'procurement'
            else 'expenditure'
        end as pane_side,
        {{ strip_ordinal('row_codes.label_text') }} as plain_label
    from row_codes
    inner join tables on row_codes.source_table_id = tables.source_table_id
    inner join documents on row_codes.document_id = documents.document_id
    inner join pane_sides
        on
            row_codes.source_table_id = pane_sides.source_table_id
            and row_codes.pane_number = pane_sides.pane_number

),

-- The words that could name an organisation: the unit column, the project
-- column of a subtotal row, or a name beside no official code.
organizations as (

    select distinct described.plain_label
    from described
    inner join suffixes
        on described.plain_label like '%' || suffixes.suffix
    left join official_names
        on described.plain_label = official_names.folded_name
    where
        official_names.folded_name is null
        and length(described.plain_label) >= 4

),

classified as (

    select
        described.*,
        labels.kind as label_kind,
        labels.value as label_value,
        labels.row_role as label_row_role,
        labels.year_basis as label_year_basis,
        labels.fund as label_fund,
        labels.label_year,
        case
            when described.statement in ('balance', 'appropriation_balance') then false
            -- 某局机关 | 小计 | …: the subtotal of the unit named beside it
            when labels.kind = 'total'
                then
                    coalesce(
                        described.plain_label in ('小计', '单位小计')
                        and described.unit_name_text <> described.label_text
                        and not described.has_project_column,
                        false
                    )
            -- a purchase may name its unit, its project and what is bought; a unit alone sums up
            when described.statement = 'procurement'
                then
                    labels.kind is null
                    and described.code_digits is null
                    and (
                        -- 某县民政局小计
                        {{ regex_matches('described.label_text', "'..(小计|合计)$'") }}
                        or coalesce(described.folded_name, described.project_name_text, described.project_code_text) is null
                        and coalesce(described.unit_name_text, described.unit_code_text) is not null
                        or described.unit_name_text is null
                        and (
                            organizations.plain_label is not null
                            or described.label_text = described.document_unit_name
                        )
                    )
            -- the document's own unit, or an organisation where a code or a
            -- project would stand: `303 | | 某市人力资源和社会保障局`
            when described.has_project_column
                then
                    (
                        described.project_name_text is null
                        or {{ regex_matches('described.project_name_text', "'^[0-9]+$'") }}
                        or described.project_name_text = described.document_unit_name
                        or (
                            organizations.plain_label is not null
                            and described.project_code_text is null
                            and described.project_type_text is null
                        )
                    )
                    and coalesce(
                        described.unit_name_text,
                        described.project_name_text,
                        case
                            when
                                organizations.plain_label is not null
                                or described.folded_name = described.document_unit_name
                                then described.folded_name
                        end
                    ) is not null
            -- 103001 | 某县第一中学; not 103001 | 行政运行, whose own code was not read
            when
                described.unit_code_text is not null and described.code_digits is null
                then official_names.folded_name is null
            -- 某县第一中学 | | | 8,233.60: a subtotal above the codes of that unit
            when
                described.unit_name_text is not null
                and described.code_digits is null
                and described.folded_name is null
                then true
            else
                described.folded_name is not null
                and (
                    organizations.plain_label is not null
                    or described.folded_name = described.document_unit_name
                )
        end as is_unit_row
    from described
    left join labels
        on
            described.plain_label = labels.label
            and described.pane_side = labels.side
            -- 工资福利支出 is a kind of expenditure where no codes are listed
            and not (
                labels.kind = 'measure'
                and labels.value in ('wages_welfare', 'goods_services', 'individuals_families', 'capital')
                and (
                    described.code_digits is not null
                    or described.has_economic_column
                    or described.statement not in ('balance', 'appropriation_balance', 'expenditure')
                )
            )
            -- 基本支出和项目支出合计 heads the lines by economic class; beside 经营支出 it is no total
            and not (
                labels.kind = 'total'
                and {{ regex_matches('described.plain_label', "'基本支出|项目支出'") }}
                and not described.has_economic_column
            )
    left join organizations on described.plain_label = organizations.plain_label
    left join official_names on described.plain_label = official_names.folded_name

),

with_role as (

    select
        *,
        case
            when is_unit_row then 'unit'
            when label_kind = 'total' then label_row_role
            when label_kind = 'measure' then 'total'
            -- sources side by side, with no column of words: the unit's total
            when statement = 'revenue' and not has_words_column then 'total'
            else 'code'
        end as first_row_role,
        case
            when not is_unit_row then null
            when {{ regex_matches('coalesce(unit_code_text, code_digits, project_name_text, project_code_text)', "'^[0-9]{3,}$'") }}
                then coalesce(unit_code_text, code_digits, project_name_text, project_code_text)
        end as own_unit_code,
        case
            when is_unit_row
                then coalesce(
                    printed_unit_name,
                    printed_name,
                    case when not {{ regex_matches('project_name_text', "'^[0-9]+$'") }} then printed_project_name end,
                    plain_label
                )
        end as own_unit_name
    from classified

),

funds as (

    select * from {{ ref('fund') }}

),

-- How a line is numbered; its children are numbered in another way or not at all.
numbered as (

    select
        *,
        case
            when {{ regex_matches('label_text', "'^[一二三四五六七八九十]+[、.．]'") }} then 'first'
            when {{ regex_matches('label_text', "'^\\([一二三四五六七八九十]+\\)'") }} then 'second'
            when {{ regex_matches('label_text', "'^\\(?[0-9]{1,2}[、.)．]'") }} then 'third'
            else 'none'
        end as numbering
    from with_role

),

followed as (

    select
        *,
        lead(label_value) over (
            partition by source_table_id, pane_number order by row_number
        ) as next_value,
        lead(numbering) over (
            partition by source_table_id, pane_number order by row_number
        ) as next_numbering
    from numbered

),

-- 三、其他资金 above 事业收入 and 其他收入 holds them: it is what they are parts of.
with_sources as (

    select
        followed.*,
        case
            when
                followed.label_kind = 'revenue_source'
                and followed.label_value = 'other_income'
                and followed.numbering in ('first', 'second')
                and followed.next_numbering not in ('first', followed.numbering)
                then coalesce(funds.parent, followed.label_value)
            else followed.label_value
        end as source_value
    from followed
    left join funds on followed.next_value = funds.fund and funds.parent = 'unit_funds'

),

-- In a balance the line 本年…合计 is the total; then a bare 合计 beside it
-- includes what is carried over; not so the head of the lines by economic class.
with_grand_total as (

    select
        *,
        case
            when
                statement in ('balance', 'appropriation_balance')
                and label_kind = 'total'
                and not {{ regex_matches('plain_label', "'^(本年|当年)'") }}
                and coalesce(label_year_basis, '') <> 'current_year'
                and not (
                    has_economic_column
                    and {{ regex_matches('plain_label', "'经济分类|基本支出|项目支出'") }}
                )
                and max(case
                    when label_kind = 'total' and {{ regex_matches('plain_label', "'^(本年|当年)'") }}
                        then 1
                    else 0
                end) over (partition by source_table_id, pane_number) = 1
                then 'grand_total'
            else first_row_role
        end as row_role,
        -- lines below 上年结转 break it down by source
        max(case
            when label_kind in ('balance_item', 'total') then row_number
        end) over (
            partition by source_table_id, pane_number
            order by row_number
            rows between unbounded preceding and 1 preceding
        ) as last_balance_row_number
    from with_sources

),

carryover_rows as (

    select
        source_table_id,
        pane_number,
        row_number
    from with_role
    where label_kind = 'balance_item' and label_value = 'carryover_in'

),

unit_counts as (

    select
        source_table_id,
        count(distinct coalesce(own_unit_code, own_unit_name)) as unit_count
    from with_role
    where is_unit_row
    group by source_table_id

)

select
    with_grand_total.source_table_id,
    with_grand_total.document_id,
    with_grand_total.row_number,
    with_grand_total.pane_number,
    with_grand_total.statement,
    with_grand_total.pane_side,
    with_grand_total.row_role,
    with_grand_total.label_kind,
    with_grand_total.source_value as label_value,
    with_grand_total.label_year_basis,
    with_grand_total.label_fund,
    with_grand_total.label_year,
    with_grand_total.plain_label,
    with_grand_total.classification,
    case when with_grand_total.row_role = 'unit' then null else with_grand_total.code_digits end
        as code_digits,
    with_grand_total.printed_code,
    coalesce(with_grand_total.printed_name, with_grand_total.label_text) as printed_name,
    with_grand_total.plain_name,
    with_grand_total.project_name_text,
    with_grand_total.printed_project_name,
    with_grand_total.project_code_text,
    with_grand_total.project_type_text,
    with_grand_total.printed_unit_name,
    with_grand_total.own_unit_code,
    with_grand_total.own_unit_name,
    case
        when coalesce(unit_counts.unit_count, 0) > 1
            then max(case when with_grand_total.row_role = 'unit' then with_grand_total.row_number end) over (
                partition by with_grand_total.source_table_id
                order by with_grand_total.row_number
                -- panes that stand side by side are one row
                range between unbounded preceding and current row
            )
        when with_grand_total.row_role = 'unit' then with_grand_total.row_number
    end as unit_row_number,
    carryover_rows.row_number is not null as is_below_carryover,
    with_grand_total.name_cell_id,
    with_grand_total.code_cell_id,
    -- the unit that a code row names itself
    case
        when
            with_grand_total.row_role = 'code' and with_grand_total.statement not in ('balance', 'appropriation_balance')
            and not {{ regex_matches('with_grand_total.unit_name_text', "'^[0-9]+$'") }}
            then with_grand_total.printed_unit_name
    end as row_unit_name,
    case
        when
            with_grand_total.row_role = 'code' and with_grand_total.printed_unit_name is not null
            and {{ regex_matches('with_grand_total.unit_code_text', "'^[0-9]{3,}$'") }}
            then with_grand_total.unit_code_text
    end as row_unit_code
from with_grand_total
left join carryover_rows
    on
        with_grand_total.source_table_id = carryover_rows.source_table_id
        and with_grand_total.pane_number = carryover_rows.pane_number
        and with_grand_total.last_balance_row_number = carryover_rows.row_number
left join unit_counts
    on with_grand_total.source_table_id = unit_counts.source_table_id
