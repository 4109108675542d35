-- 部门经济分类与政府经济分类一致：通过对照关系相连的各组科目，两种分类之和相等。
-- Department and government economic classification agree: codes that the
-- official crosswalk connects form a group; both sides of a group have the same
-- sum. Used where the two stand in different tables; a row that prints both is
-- its own proof.
with

code_amounts as (

    select *
    from {{ ref('int_code_amount') }}
    where
        fact = 'economic'
        and slot = 'main'
        and row_role = 'code'
        and measure = 'total'
        and resolved_code is not null
        and not coalesce(is_repeated, false)
        and not coalesce(is_of_other_unit, false)

),

paired_tables as (

    select distinct source_table_id
    from {{ ref('int_code_amount') }}
    where slot = 'paired'

),

code_parents as (

    select distinct source_table_id, parent_code
    from {{ ref('int_code_parent') }}
    where parent_code is not null

),

crosswalk as (

    select distinct department_code, government_code from {{ ref('economic_crosswalk') }}

),

-- Leaves only: codes below which their table prints nothing.
leaves as (

    select
        code_amounts.*,
        code_amounts.document_id || '/' || code_amounts.scope || '/' || code_amounts.fund
        || '/' || code_amounts.year_basis || '/' || code_amounts.phase as block_key
    from code_amounts
    left join code_parents
        on
            code_amounts.source_table_id = code_parents.source_table_id
            and code_amounts.tree_code = code_parents.parent_code
    left join paired_tables
        on code_amounts.source_table_id = paired_tables.source_table_id
    where
        code_parents.parent_code is null
        and paired_tables.source_table_id is null

),

pairs as (

    select distinct
        department.block_key,
        department.tree_code as department_code,
        government.tree_code as government_code
    from leaves as department
    inner join leaves as government
        on
            department.block_key = government.block_key
            and department.classification = 'department'
            and government.classification = 'government'
    inner join crosswalk
        on
            department.tree_code = crosswalk.department_code
            and government.tree_code = crosswalk.government_code

),

-- Connected groups by the least government code, passed on four times: a code
-- of one side, its partners, their partners and so on.
round_1 as (

    select
        block_key,
        department_code,
        government_code,
        min(government_code) over (partition by block_key, department_code) as label
    from pairs

),

round_2 as (

    select
        block_key,
        department_code,
        government_code,
        min(label) over (partition by block_key, government_code) as label
    from round_1

),

round_3 as (

    select
        block_key,
        department_code,
        government_code,
        min(label) over (partition by block_key, department_code) as label
    from round_2

),

groups as (

    select
        block_key,
        department_code,
        government_code,
        min(label) over (partition by block_key, government_code) as label
    from round_3

),

-- A code without a partner in print stays outside its group's sum.
group_codes as (

    select block_key, 'department' as classification, department_code as code, min(label) as label
    from groups
    group by block_key, department_code
    union all
    select block_key, 'government' as classification, government_code as code, min(label) as label
    from groups
    group by block_key, government_code

),

cells as (

    select
        leaves.document_id,
        leaves.statement,
        group_codes.label as subject_code,
        leaves.measure,
        leaves.fund,
        leaves.year_basis,
        leaves.phase,
        leaves.cell_id,
        case leaves.classification when 'government' then 'total' else 'term' end as term_role,
        1 as sign,
        leaves.amount_yuan,
        leaves.half_unit_yuan,
        leaves.block_key || '/' || group_codes.label as identity_key
    from leaves
    inner join group_codes
        on
            leaves.block_key = group_codes.block_key
            and leaves.classification = group_codes.classification
            and leaves.tree_code = group_codes.code

)

{{ rule_columns('department_government', 'cells') }}
