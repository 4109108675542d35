-- 经济分类：人员经费合计（公用经费合计）等于所属各类下末级科目（款）之和，不经类级。
-- Economic classification: a row 人员经费合计 (公用经费合计) equals the codes that have none
-- below them of the classes of that kind (seed economic_class_measure), past the rows
-- of classes.
with

code_amounts as (

    select
        *,
        source_table_id || '/' || cast(coalesce(unit_row_number, -1) as {{ dbt.type_string() }})
        || '/' || classification || '/' || fund || '/' || year_basis || '/' || phase as block_key
    from {{ ref('int_code_amount') }}
    where fact = 'economic' and slot = 'main' and not coalesce(is_repeated, false)

),

class_measures as (

    select * from {{ ref('economic_class_measure') }}

),

leaves as (

    select * from {{ ref('int_code_leaf') }} where slot = 'main' and is_leaf

),

-- The amount of the row in its total column, of the first such row of a unit.
ranked as (

    select
        *,
        block_key || '/' || measure as identity_key,
        row_number() over (
            partition by block_key, measure
            order by row_number, case when is_total_column then 0 else 1 end, column_number
        ) as total_rank
    from code_amounts
    where label_kind = 'measure' and measure in ('personnel', 'operating')

),

totals as (

    select
        *,
        measure as subject_code,
        'total' as term_role,
        1 as sign
    from ranked
    where total_rank = 1

),

terms as (

    select
        code_amounts.document_id,
        code_amounts.statement,
        totals.measure,
        code_amounts.fund,
        code_amounts.year_basis,
        code_amounts.phase,
        code_amounts.cell_id,
        code_amounts.amount_yuan,
        code_amounts.half_unit_yuan,
        totals.identity_key,
        totals.subject_code,
        'term' as term_role,
        1 as sign,
        length(code_amounts.tree_code) > length(class_measures.class_code) as is_below
    from code_amounts
    inner join class_measures
        on
            code_amounts.classification = class_measures.classification
            and code_amounts.tree_code like class_measures.class_code || '%'
    inner join leaves
        on
            code_amounts.source_table_id = leaves.source_table_id
            and code_amounts.classification = leaves.classification
            and coalesce(code_amounts.unit_row_number, -1) = leaves.unit_key
            and code_amounts.tree_code = leaves.tree_code
    inner join totals
        on
            code_amounts.block_key = totals.block_key
            and class_measures.measure = totals.measure
    where code_amounts.row_role = 'code' and code_amounts.measure = 'total'

),

-- Without a code below a class the classes are summed by economic_kind_total.
deep as (

    select distinct identity_key from terms where is_below

),

cells as (

    {% for side in ('totals', 'terms') -%}
    select
        identity_key, document_id, statement, subject_code, measure, fund, year_basis,
        phase, cell_id, term_role, sign, amount_yuan, half_unit_yuan
    from {{ side }}
    where identity_key in (select deep.identity_key from deep)
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

{{ rule_columns('economic_kind_leaves', 'cells') }}
