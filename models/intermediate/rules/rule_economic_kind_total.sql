-- 经济分类：人员经费合计等于工资福利支出与对个人和家庭的补助之和，公用经费合计等于
-- 商品和服务支出与资本性支出等各类之和。
-- Economic classification: a row 人员经费合计 (公用经费合计) equals the sum of
-- the classes of that kind of expenditure (seed economic_class_measure).
with

code_amounts as (

    select
        *,
        source_table_id || '/' || cast(coalesce(unit_row_number, -1) as {{ dbt.type_string() }})
        || '/' || classification || '/' || fund || '/' || year_basis || '/' || phase as block_key
    from {{ ref('int_code_amount') }}
    where fact = 'economic' and slot = 'main'

),

class_measures as (

    select * from {{ ref('economic_class_measure') }}

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
        1 as sign
    from code_amounts
    inner join class_measures
        on
            code_amounts.classification = class_measures.classification
            and code_amounts.tree_code = class_measures.class_code
    inner join totals
        on
            code_amounts.block_key = totals.block_key
            and class_measures.measure = totals.measure
    where code_amounts.row_role = 'code' and code_amounts.measure = 'total'

),

cells as (

    select
        identity_key, document_id, statement, subject_code, measure, fund, year_basis,
        phase, cell_id, term_role, sign, amount_yuan, half_unit_yuan
    from totals
    union all
    select
        identity_key, document_id, statement, subject_code, measure, fund, year_basis,
        phase, cell_id, term_role, sign, amount_yuan, half_unit_yuan
    from terms

)

{{ rule_columns('economic_kind_total', 'cells') }}
