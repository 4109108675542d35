-- The amounts of performance forms with their full meaning, in the columns that
-- rules and facts know from `int_amount`. One row per amount.
with

numbers as (

    select *
    from {{ ref('int_target_number') }}
    where payer is not null and phase is not null and phase <> 'none' and amount_yuan is not null

),

forms as (

    select * from {{ ref('int_target_form') }}

),

projects as (

    select * from {{ ref('int_target_project') }}

),

documents as (

    select * from {{ ref('int_document') }}

),

unit_names as (

    select * from {{ ref('int_unit_name') }}

),

-- Rows of a list that print indicators are projects.
indicator_rows as (

    select distinct
        source_table_id,
        start_row_number
    from {{ ref('int_target_indicator') }}

),

joined as (

    select
        numbers.*,
        forms.is_list,
        documents.stage,
        documents.fiscal_year,
        documents.unit_name as document_unit_name,
        projects.project_code,
        projects.project_name,
        projects.start_row_number,
        projects.unit_name as printed_unit_name,
        unit_names.folded_name is not null as is_known_unit,
        case
            when not forms.is_list and numbers.statement = 'performance_project' then 'code'
            when not forms.is_list then 'unit'
            when {{ regex_matches(fold_label("coalesce(projects.project_name, projects.project_code, '')"), "'^(?:合计|总计|小计|部门合计|单位合计)$'") }}
                then 'total'
            when indicator_rows.source_table_id is not null then 'code'
            when named_units.folded_name is not null or projects.project_name is null then 'unit'
            else 'code'
        end as row_role
    from numbers
    inner join forms
        on
            numbers.source_table_id = forms.source_table_id
            and numbers.form_number = forms.form_number
    inner join documents on numbers.document_id = documents.document_id
    left join projects
        on
            numbers.source_table_id = projects.source_table_id
            and numbers.row_number = projects.row_number
    left join unit_names
        on
            numbers.document_id = unit_names.document_id
            and {{ fold_label('projects.unit_name') }} = unit_names.folded_name
    left join unit_names as named_units
        on
            numbers.document_id = named_units.document_id
            and {{ fold_label('projects.project_name') }} = named_units.folded_name
    left join indicator_rows
        on
            numbers.source_table_id = indicator_rows.source_table_id
            and projects.start_row_number = indicator_rows.start_row_number

)

select
    document_id,
    source_table_id,
    form_number,
    cell_id,
    row_number,
    column_number,
    start_row_number,
    printed_text,
    number_scale,
    finest_scale,
    amount_unit,
    amount_yuan,
    half_unit_yuan,
    statement,
    stage,
    fiscal_year,
    case when is_known_unit then printed_unit_name else document_unit_name end as unit_name,
    cast(null as {{ dbt.type_string() }}) as unit_code,
    row_role,
    measure,
    fund,
    year_basis,
    phase,
    payer,
    horizon,
    case when row_role = 'code' then project_code end as project_code,
    case when row_role = 'code' then project_name end as project_name
from joined
