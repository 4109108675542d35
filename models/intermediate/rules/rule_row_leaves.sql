-- 同一行内：合计等于最细的各组成栏之和（工资福利＋对个人＋商品服务＋…），不经中间的小计栏。
-- Within one row: a total column equals the sum of the columns that have no parts
-- themselves, past the sums between. Where a column between is blank or prints no
-- parts in this row it counts itself.
with

columns as (

    select distinct source_table_id, reading_number from {{ ref('int_column') }}

),

forms as (

    select forms.*
    from {{ ref('stg_column_form') }} as forms
    inner join columns
        on
            forms.source_table_id = columns.source_table_id
            and forms.reading_number = columns.reading_number

),

form_totals as (

    select
        source_table_id,
        column_number,
        min(form_number) as form_number
    from forms
    where term_role = 'total'
    group by source_table_id, column_number

),

form_terms as (

    select source_table_id, form_number, column_number from forms where term_role = 'term'

),

amounts as (

    select * from {{ ref('int_amount') }} where fact is not null

),

-- Forms with a term that has parts itself.
nested_forms as (

    select distinct
        form_terms.source_table_id,
        form_terms.form_number
    from form_terms
    inner join form_totals
        on
            form_terms.source_table_id = form_totals.source_table_id
            and form_terms.column_number = form_totals.column_number

),

totals as (

    select
        amounts.*,
        forms.form_number,
        amounts.source_table_id || '/' || cast(amounts.row_number as {{ dbt.type_string() }})
        || '/' || cast(forms.form_number as {{ dbt.type_string() }}) as identity_key,
        'total' as term_role
    from amounts
    inner join forms
        on
            amounts.source_table_id = forms.source_table_id
            and amounts.column_number = forms.column_number
            and forms.term_role = 'total'
    inner join nested_forms
        on
            forms.source_table_id = nested_forms.source_table_id
            and forms.form_number = nested_forms.form_number

),

level_1 as (

    select
        totals.identity_key,
        totals.source_table_id,
        totals.row_number,
        form_terms.column_number
    from totals
    inner join form_terms
        on
            totals.source_table_id = form_terms.source_table_id
            and totals.form_number = form_terms.form_number

),

{% for number in (2, 3) %}
level_{{ number }} as (

    {{ finer_columns('level_' ~ (number - 1)) }}

),
{% endfor %}

terms as (

    select
        amounts.*,
        level_3.identity_key,
        'term' as term_role
    from level_3
    inner join amounts
        on
            level_3.source_table_id = amounts.source_table_id
            and level_3.row_number = amounts.row_number
            and level_3.column_number = amounts.column_number

),

-- Rows in which no sum between was resolved are those of row_parts.
resolved as (

    select distinct level_3.identity_key
    from level_3
    left join level_1
        on
            level_3.identity_key = level_1.identity_key
            and level_3.column_number = level_1.column_number
    inner join amounts
        on
            level_3.source_table_id = amounts.source_table_id
            and level_3.row_number = amounts.row_number
            and level_3.column_number = amounts.column_number
    where level_1.column_number is null

),

cells as (

    {% for side in ('totals', 'terms') -%}
    select
        identity_key,
        document_id,
        statement,
        coalesce(tree_code, row_role) as subject_code,
        measure,
        fund,
        year_basis,
        phase,
        cell_id,
        term_role,
        1 as sign,
        amount_yuan,
        half_unit_yuan
    from {{ side }}
    where identity_key in (select resolved.identity_key from resolved)
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

{{ rule_columns('row_leaves', 'cells') }}
