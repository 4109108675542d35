-- 同一经济分类科目同一口径的数字在各表中应一致；同一行内口径相同的两栏亦然。
-- The same economic code (or total) of the same kind of expenditure, fund, year basis and
-- phase is equal in two tables of a document, and in two columns of a row whose sources
-- are the same money in this document. A copy proves nothing, but it may contradict.
with

economic_figures as (

    {{ economic_figures() }}

),

added_up as (

    {{ columns_added_up() }}

),

keyed as (

    select
        *,
        kind as measure,
        fund as printed_as,
        case row_role when 'code' then tree_code else 'total' end as subject_code,
        block_key || '/' || kind || '/' || classification
        || '/' || case row_role when 'code' then tree_code else 'total' end as figure_key
    from economic_figures
    where
        slot = 'main'
        and (
            (row_role = 'code' and tree_code is not null)
            or (row_role = 'total' and coalesce(label_kind, '') = 'total')
        )

),

-- A code that one table prints more than once is no single figure.
counted as (

    select
        *,
        count(*) over (partition by figure_key, source_table_id, fund, year_basis) as printed_count,
        row_number() over (
            partition by figure_key, source_table_id order by column_number, row_number
        ) as voice,
        max(row_number) over (partition by figure_key, source_table_id)
        - min(row_number) over (partition by figure_key, source_table_id) as row_span
    from keyed

),

figures as (

    select *
    from counted
    where printed_count = 1 and row_span = 0

),

pairs as (

    {{ pairs_between_tables('source_table_id') }}

    union all

    {{ pairs_within_rows() }}

),

cells as (

    {{ cells_of_pairs() }}

)

{{ rule_columns('same_economic', 'cells') }}
