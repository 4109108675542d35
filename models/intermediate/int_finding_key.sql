-- What a finding is called, the same from build to build, and what its figures were.
-- `finding_id` is made of the bytes of the document, the rule and the place as the
-- document prints it: the statement, the row and the meaning of the column of the
-- first cell that is blamed, or the printed text that a finding of form is about.
-- Names of files, numbers of blocks and cells, other documents and the order of
-- loading have no part in it. Several at one place are counted in the order of the
-- page. What concerns a whole document or a pair of them is named by its cause,
-- which has nothing else in it. `figures_fingerprint` is made of the difference and
-- the printed text of the cells that are blamed: what an auditor accepted. One row
-- per finding.
with

findings as (

    select * from {{ ref('int_finding') }}

),

cells as (

    select * from {{ ref('stg_cell') }}

),

tables as (

    select * from {{ ref('int_table') }}

),

amounts as (

    select * from {{ ref('int_amount') }}

),

named_cells as (

    select
        cause_key,
        cell_id,
        cell_role <> 'term' and coalesce(place, 1) = 1 as is_blamed
    from {{ ref('int_cause_cell') }}
    union all
    select
        cause_key,
        cell_id,
        cell_role = 'suspect' and place = 1 as is_blamed
    from {{ ref('int_finding_text_cell') }}
    union all
    select
        cause_key,
        cell_id,
        true as is_blamed
    from {{ ref('int_finding_formula') }}
    union all
    select distinct
        cause_key,
        cell_id,
        true as is_blamed
    from {{ ref('int_finding_form') }}
    where cell_id is not null

),

-- Where a cell of a table stands, and where a figure of running text does.
places as (

    select
        cells.cell_id,
        cells.document_id,
        cells.printed_text,
        cells.source_table_id,
        tables.block,
        cells.row_number,
        cells.column_number,
        cast(null as {{ dbt.type_string() }}) as text_address
    from cells
    inner join tables on cells.source_table_id = tables.source_table_id
    union all
    select
        cell_id,
        document_id,
        printed_text,
        cast(null as {{ dbt.type_string() }}) as source_table_id,
        block,
        character_start as row_number,
        cast(null as integer) as column_number,
        coalesce({{ fold_label('section_title') }}, '') || '/' || coalesce({{ fold_label('subject_text') }}, '')
        || '/' || meaning as text_address
    from {{ ref('int_narrative_figure') }}
    union all
    select
        cell_id,
        document_id,
        printed_text,
        cast(null as {{ dbt.type_string() }}) as source_table_id,
        block,
        character_start as row_number,
        cast(null as integer) as column_number,
        '' as text_address
    from {{ ref('int_policy_cell') }}
    where cell_id not in (select figures.cell_id from {{ ref('int_narrative_figure') }} as figures)

),

printed_amounts as (

    select * from {{ ref('int_printed_amount') }}

),

placed_cells as (

    select
        named_cells.cause_key,
        named_cells.cell_id,
        named_cells.is_blamed,
        {{ trimmed('places.printed_text') }} as printed_text,
        places.source_table_id,
        places.block,
        places.row_number,
        places.column_number,
        places.text_address,
        row_number() over (
            partition by named_cells.cause_key
            order by
                case when places.document_id = findings.document_id then 0 else 1 end,
                case when named_cells.is_blamed then 0 else 1 end,
                places.block nulls last,
                places.row_number nulls last,
                places.column_number nulls last
        ) as place
    from named_cells
    inner join findings on named_cells.cause_key = findings.cause_key
    inner join places on named_cells.cell_id = places.cell_id

),

fingerprints as (

    select
        cause_key,
        {{ string_aggregate('printed_text', "';'", 'place') }} as printed_figures
    from placed_cells
    where is_blamed
    group by cause_key

),

form_subjects as (

    select
        cause_key,
        min(subject) as subject,
        min(source_table_id) as source_table_id
    from {{ ref('int_finding_form') }}
    group by cause_key

),

unit_rows as (

    select
        source_table_id,
        row_number,
        min(coalesce(printed_unit_name, plain_label)) as unit_label
    from {{ ref('int_row') }}
    group by source_table_id, row_number

),

addressed as (

    select
        findings.cause_key,
        findings.document_id,
        findings.rule_id,
        findings.difference_yuan,
        findings.page,
        findings.line,
        placed_cells.block,
        placed_cells.row_number,
        placed_cells.column_number,
        case
            when
                coalesce(placed_cells.source_table_id, form_subjects.source_table_id) is null
                and findings.page is null
                and findings.line is null
                and placed_cells.text_address is null
                then null
            else
                coalesce(tables.statement, tables.folded_title, '')
                || '/' || coalesce({{ fold_label('unit_rows.unit_label') }}, '')
                || '/' || coalesce(amounts.side, '')
                || '/' || coalesce({{ fold_label('printed_amounts.row_name') }}, '')
                || '/' || coalesce(printed_amounts.measure, '')
                || '/' || coalesce(printed_amounts.fund, '')
                || '/' || coalesce(amounts.year_basis, '')
                || '/' || coalesce(amounts.phase, '')
                || '/' || coalesce({{ fold_label('form_subjects.subject') }}, '')
                || coalesce('/' || placed_cells.text_address, '')
        end as address
    from findings
    left join placed_cells
        on
            findings.cause_key = placed_cells.cause_key
            and placed_cells.place = 1
    left join form_subjects on findings.cause_key = form_subjects.cause_key
    left join tables
        on coalesce(placed_cells.source_table_id, form_subjects.source_table_id) = tables.source_table_id
    left join printed_amounts on placed_cells.cell_id = printed_amounts.cell_id
    left join amounts on placed_cells.cell_id = amounts.cell_id
    left join unit_rows
        on
            amounts.source_table_id = unit_rows.source_table_id
            and amounts.unit_row_number = unit_rows.row_number

),

counted as (

    select
        *,
        row_number() over (
            partition by document_id, rule_id, address
            order by
                page nulls last, line nulls last, block nulls last,
                row_number nulls last, column_number nulls last, cause_key
        ) as occurrence
    from addressed

),

named as (

    select
        *,
        case
            when address is null then cause_key
            else
                document_id || '/' || rule_id || '/' || address || '/'
                || cast(occurrence as {{ dbt.type_string() }})
        end as name
    from counted

)

select
    named.cause_key,
    named.document_id,
    {{ short_id('f', 'named.name') }} as finding_id,
    {{ short_id(
        'p',
        "coalesce(cast(named.difference_yuan as " ~ dbt.type_string() ~ "), '')"
        ~ " || ';' || coalesce(fingerprints.printed_figures, '')"
    ) }} as figures_fingerprint
from named
left join fingerprints on named.cause_key = fingerprints.cause_key
