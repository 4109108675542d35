-- 同一行内：合计等于各组成部分之和（基本支出＋项目支出、各资金来源、人员＋公用等）。
-- Within one row: the total column equals the sum of its parts, as the header
-- groups them (basic + project, the sources of money, personnel + operating).
with

columns as (

    select distinct source_table_id, reading_number from {{ ref('int_column') }}

),

forms as (

    select * from {{ ref('stg_column_form') }}

),

amounts as (

    select * from {{ ref('int_amount') }} where fact is not null

),

keyed as (

    select
        amounts.document_id,
        amounts.statement,
        coalesce(amounts.tree_code, amounts.row_role) as subject_code,
        amounts.measure,
        amounts.fund,
        amounts.year_basis,
        amounts.phase,
        amounts.cell_id,
        amounts.amount_yuan,
        amounts.half_unit_yuan,
        forms.term_role,
        1 as sign,
        amounts.source_table_id
        || '/' || cast(amounts.row_number as {{ dbt.type_string() }})
        || '/' || cast(forms.form_number as {{ dbt.type_string() }}) as identity_key
    from amounts
    inner join columns on amounts.source_table_id = columns.source_table_id
    inner join forms
        on
            columns.source_table_id = forms.source_table_id
            and columns.reading_number = forms.reading_number
            and amounts.column_number = forms.column_number

),

-- A row that prints only its total says nothing of the parts.
complete as (

    select identity_key
    from keyed
    group by identity_key
    having
        count(case when term_role = 'total' then 1 end) > 0
        and count(case when term_role = 'term' then 1 end) > 0

),

cells as (

    select keyed.*
    from keyed
    inner join complete on keyed.identity_key = complete.identity_key

)

{{ rule_columns('row_parts', 'cells') }}
