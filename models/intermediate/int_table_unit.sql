-- The unit of the amounts of a table, and what established it. In this order:
-- a caption of the table; its title; a declaration for the whole document; the
-- last unit printed earlier on the same page; the same figures under the same
-- codes in a table whose unit is known. Without one of these there is none.
with

tables as (

    select * from {{ ref('stg_table') }}

),

captions as (

    select * from {{ ref('int_table_caption') }}

),

paragraphs as (

    select * from {{ ref('stg_paragraph') }} where paragraph_kind = 'text'

),

cells as (

    select * from {{ ref('stg_cell') }}

),

columns as (

    select * from {{ ref('int_column') }}

),

units as (

    select * from {{ ref('amount_unit') }}

),

captions_with_line_above as (

    select
        *,
        lead(folded_text) over (
            partition by source_table_id order by distance
        ) as line_above
    from captions

),

-- A line may break within what it says: 单 / 位：万元, 单位：万 / 元.
caption_units as (

    select
        source_table_id,
        distance,
        case
            when
                {{ regex_matches('line_above', "'单(?:位(?::(?:人民币)?[亿百千万]?)?)?$'") }}
                and {{ regex_matches(
                    'folded_text',
                    "'^(?:位)?:?(?:人民币)?[亿百千万]*元[)]?$'"
                ) }}
                then {{ unit_in_caption('line_above || folded_text') }}
            else {{ unit_in_caption('folded_text') }}
        end as amount_unit
    from captions_with_line_above

),

from_caption as (

    select
        source_table_id,
        amount_unit,
        row_number() over (
            partition by source_table_id order by distance
        ) as unit_rank
    from caption_units
    where amount_unit is not null

),

document_units as (

    select
        document_id,
        min(amount_unit) as amount_unit
    from (
        select
            document_id,
            {{ regex_extract(
                'folded_text',
                "'(?:报表|表格|本套|以下|全部|各表).{0,12}单位(?:均|统一|都)为:?(?:人民币)?(" ~ unit_words() ~ ")'",
                1
            ) }} as amount_unit
        from paragraphs
    ) as declared
    where amount_unit is not null
    group by document_id
    having count(distinct amount_unit) = 1

),

page_units as (

    select
        tables.source_table_id,
        {{ unit_in_caption('paragraphs.folded_text') }} as amount_unit,
        paragraphs.block
    from tables
    inner join paragraphs
        on
            tables.document_id = paragraphs.document_id
            and tables.page = paragraphs.page
            and paragraphs.block < tables.block

),

from_page as (

    select
        source_table_id,
        amount_unit,
        row_number() over (
            partition by source_table_id order by block desc
        ) as unit_rank
    from page_units
    where amount_unit is not null

),

printed as (

    select
        tables.source_table_id,
        tables.document_id,
        case
            when from_caption.amount_unit is not null then from_caption.amount_unit
            when document_units.amount_unit is not null then document_units.amount_unit
            else from_page.amount_unit
        end as amount_unit,
        case
            when from_caption.amount_unit is not null then 'caption'
            when document_units.amount_unit is not null then 'document'
            when from_page.amount_unit is not null then 'page'
        end as unit_basis
    from tables
    left join from_caption
        on
            tables.source_table_id = from_caption.source_table_id
            and from_caption.unit_rank = 1
    left join document_units on tables.document_id = document_units.document_id
    left join from_page
        on
            tables.source_table_id = from_page.source_table_id
            and from_page.unit_rank = 1

),

figures as (

    select distinct
        cells.document_id,
        cells.source_table_id,
        cells.number_value,
        labels.folded_text as row_label
    from cells
    inner join columns
        on
            cells.source_table_id = columns.source_table_id
            and cells.column_number = columns.column_number
            and columns.column_role = 'amount'
    inner join cells as labels
        on
            cells.source_table_id = labels.source_table_id
            and cells.row_number = labels.row_number
            and labels.column_number = 0
    where cells.is_number and cells.own_unit is null and cells.number_value <> 0

),

figure_matches as (

    select
        figures.source_table_id,
        printed_of_other.amount_unit,
        count(distinct figures.number_value) as figure_count
    from figures
    inner join printed
        on
            figures.source_table_id = printed.source_table_id
            and printed.amount_unit is null
    inner join figures as others
        on
            figures.document_id = others.document_id
            and figures.row_label = others.row_label
            and figures.number_value = others.number_value
            and figures.source_table_id <> others.source_table_id
    inner join printed as printed_of_other
        on
            others.source_table_id = printed_of_other.source_table_id
            and printed_of_other.amount_unit is not null
    group by figures.source_table_id, printed_of_other.amount_unit

),

figure_totals as (

    select
        source_table_id,
        count(distinct number_value) as figure_count
    from figures
    group by source_table_id

),

-- At least three figures, four fifths of all, and no table in another unit
-- prints any of them for the same row.
from_figures as (

    select
        figure_matches.source_table_id,
        min(figure_matches.amount_unit) as amount_unit
    from figure_matches
    inner join figure_totals
        on figure_matches.source_table_id = figure_totals.source_table_id
    group by figure_matches.source_table_id
    having
        count(*) = 1
        and max(figure_matches.figure_count) >= 3
        and 5 * max(figure_matches.figure_count) >= 4 * max(figure_totals.figure_count)

)

select
    printed.source_table_id,
    printed.document_id,
    coalesce(printed.amount_unit, from_figures.amount_unit) as amount_unit,
    coalesce(
        printed.unit_basis,
        case when from_figures.amount_unit is not null then 'figures' end
    ) as unit_basis,
    units.factor
from printed
left join from_figures on printed.source_table_id = from_figures.source_table_id
left join units
    on coalesce(printed.amount_unit, from_figures.amount_unit) = units.amount_unit
