-- 部门经济分类表与政府经济分类表的合计相等。
-- The totals of the department and the government economic table of the same
-- expenditure are equal.
with

totals as (

    select
        *,
        document_id || '/' || statement || '/' || scope || '/' || measure || '/' || fund
        || '/' || year_basis || '/' || phase as identity_key,
        row_number() over (
            partition by
                document_id, statement, scope, measure, fund, year_basis, phase, classification
            order by row_number, source_table_id
        ) as total_rank
    from {{ ref('int_code_amount') }}
    where
        fact = 'economic'
        and slot = 'main'
        and row_role in ('total', 'grand_total')
        and coalesce(label_kind, '') = 'total'

),

complete as (

    select identity_key
    from totals
    where total_rank = 1
    group by identity_key
    having count(distinct classification) = 2

),

cells as (

    select
        totals.*,
        'total' as subject_code,
        case totals.classification when 'government' then 'total' else 'term' end as term_role,
        1 as sign
    from totals
    inner join complete on totals.identity_key = complete.identity_key
    where totals.total_rank = 1

)

{{ rule_columns('department_government_total', 'cells') }}
