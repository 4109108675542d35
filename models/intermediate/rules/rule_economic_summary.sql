-- 经济分类汇总：每一科目的全部支出等于基本支出表与项目支出表中该科目之和。
-- Economic classification: all expenditure of a code equals its basic expenditure and
-- its project expenditure, where each stands in a table of its own. A code that one of
-- the two does not print has nothing there.
with

economic_figures as (

    {{ economic_figures() }}

),

keyed as (

    select
        *,
        block_key || '/' || classification as table_key,
        case row_role when 'code' then tree_code else 'total' end as subject_code,
        block_key || '/' || classification
        || '/' || case row_role when 'code' then tree_code else 'total' end as figure_key
    from economic_figures
    where
        slot = 'main'
        and kind in ('total', 'basic', 'project')
        and (
            (row_role = 'code' and tree_code is not null)
            or (row_role = 'total' and coalesce(label_kind, '') = 'total')
        )

),

-- One table and column of each kind.
chosen as (

    select
        *,
        row_number() over (partition by table_key, kind order by column_number, fund) as choice_rank
    from (
        select
            table_key,
            kind,
            source_table_id,
            fund,
            year_basis,
            min(column_number) as column_number
        from keyed
        group by table_key, kind, source_table_id, fund, year_basis
    ) as candidates

),

-- Two tables of one kind may be of two units or two parts.
complete as (

    select table_key
    from chosen
    group by table_key
    having
        count(distinct source_table_id) = 3
        and count(distinct case when kind = 'total' then source_table_id end) = 1
        and count(distinct case when kind = 'basic' then source_table_id end) = 1
        and count(distinct case when kind = 'project' then source_table_id end) = 1

),

lines as (

    select
        keyed.*,
        keyed.kind as measure,
        keyed.figure_key as identity_key,
        1 as sign,
        case keyed.kind when 'total' then 'total' else 'term' end as term_role
    from keyed
    inner join chosen
        on
            keyed.table_key = chosen.table_key
            and keyed.kind = chosen.kind
            and keyed.source_table_id = chosen.source_table_id
            and keyed.fund = chosen.fund
            and keyed.year_basis = chosen.year_basis
            and chosen.choice_rank = 1
    inner join complete on keyed.table_key = complete.table_key

),

cells as (

    {{ of_two_sides('lines') }}

)

{{ rule_columns('economic_summary', 'cells') }}
