-- 同一数字在不同报表中应当一致（同一科目、口径、资金、年度）。
-- The same figure in two statements of a document (same code, measure, fund,
-- year basis and phase) is equal. A copy proves nothing, but it may contradict.
with

code_amounts as (

    select * from {{ ref('int_code_amount') }}
    where
        fact = 'functional'
        and side = 'expenditure'
        and row_role in ('code', 'total')
        and slot = 'main'
        and not coalesce(is_of_other_unit, false)

),

carryovers as (

    select * from {{ ref('int_document_carryover') }}

),

statements as (

    select * from {{ ref('statement') }}

),

keyed as (

    select
        code_amounts.*,
        statements.sort_order,
        case when code_amounts.row_role = 'code' then code_amounts.tree_code else 'total' end
            as subject_code,
        code_amounts.document_id
        || '/' || case when code_amounts.row_role = 'code' then code_amounts.tree_code else 'total' end
        || '/' || code_amounts.measure || '/' || code_amounts.fund || '/' || code_amounts.phase
        || '/' || case when carryovers.has_carryover then code_amounts.year_basis else 'all' end
            as figure_key
    from code_amounts
    inner join carryovers on code_amounts.document_id = carryovers.document_id
    inner join statements on code_amounts.statement = statements.statement
    where code_amounts.row_role = 'total' or code_amounts.tree_code is not null

),

-- A code that one statement prints more than once is no single figure.
single as (

    select
        *,
        count(*) over (partition by figure_key, statement) as printed_count,
        min(sort_order) over (partition by figure_key) as first_order
    from keyed

),

anchors as (

    select * from single where printed_count = 1 and sort_order = first_order

),

others as (

    select * from single where printed_count = 1 and sort_order > first_order

),

cells as (

    select
        others.*,
        others.figure_key || '/' || others.statement as identity_key,
        'total' as term_role,
        1 as sign
    from others
    where others.figure_key in (select anchors.figure_key from anchors)

    union all

    select
        anchors.*,
        others.figure_key || '/' || others.statement as identity_key,
        'term' as term_role,
        1 as sign
    from anchors
    inner join others on anchors.figure_key = others.figure_key

)

{{ rule_columns('same_figure', 'cells') }}
