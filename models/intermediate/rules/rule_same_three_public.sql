-- 同一“三公”经费项目同一口径的数字在各张“三公”经费表中应一致。
-- The same item of 三公, of the same source, year basis and phase, is equal in two tables
-- of 三公 of a document. A copy proves nothing, but it may contradict.
with

items as (

    select
        amounts.*,
        amounts.item as subject_code,
        amounts.document_id || '/' || amounts.item || '/' || amounts.fund || '/' || amounts.measure
        || '/' || amounts.year_basis || '/' || amounts.phase as figure_key
    from {{ ref('int_amount') }} as amounts
    where
        amounts.fact = 'three_public'
        and amounts.statement = 'three_public'
        and amounts.row_role <> 'unit'
        and not coalesce(amounts.is_of_other_unit, false)
        and not coalesce(amounts.is_repeated, false)

),

-- An item that one table prints more than once is no single figure.
counted as (

    select
        *,
        count(*) over (partition by figure_key, source_table_id) as printed_count,
        row_number() over (partition by figure_key order by source_table_id, cell_id) as table_rank
    from items

),

figures as (

    select * from counted where printed_count = 1

),

pairs as (

    select
        firsts.cell_id as first_cell_id,
        others.cell_id as other_cell_id,
        firsts.figure_key || '/' || firsts.cell_id || '/' || others.cell_id as identity_key
    from figures as firsts
    inner join figures as others
        on
            firsts.figure_key = others.figure_key
            and firsts.source_table_id <> others.source_table_id
            and firsts.table_rank < others.table_rank

),

cells as (

    {{ cells_of_pairs() }}

)

{{ rule_columns('same_three_public', 'cells') }}
