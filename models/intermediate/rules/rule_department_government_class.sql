-- 部门经济分类与政府经济分类的类级一致：款级科目相互对应的各类，两种分类之和相等（如 301 与 501）。
-- Classes of the department and the government economic classification whose printed
-- codes the crosswalk connects have the same sum: 301 and 501, 302 and 502 of an
-- administrative unit; 301 and 302 together against 505 of an institution.
with

economic_figures as (

    {{ economic_figures() }}

),

crosswalk as (

    select distinct department_code, government_code from {{ ref('economic_crosswalk') }}

),

paired_tables as (

    select distinct source_table_id from economic_figures where slot = 'paired'

),

codes as (

    select
        economic_figures.*,
        economic_figures.block_key || '/' || economic_figures.kind as kind_key,
        count(*) over (
            partition by
                economic_figures.block_key, economic_figures.kind,
                economic_figures.classification, economic_figures.tree_code
        ) as printed_count
    from economic_figures
    left join paired_tables
        on economic_figures.source_table_id = paired_tables.source_table_id
    where
        economic_figures.slot = 'main'
        and economic_figures.row_role = 'code'
        and economic_figures.kind in ('total', 'basic', 'project')
        and paired_tables.source_table_id is null

),

pairs as (

    select distinct
        department.kind_key,
        substr(department.tree_code, 1, 3) as department_class,
        substr(government.tree_code, 1, 3) as government_class
    from codes as department
    inner join crosswalk on department.tree_code = crosswalk.department_code
    inner join codes as government
        on
            department.kind_key = government.kind_key
            and crosswalk.government_code = government.tree_code
    where department.classification = 'department' and government.classification = 'government'

),

-- Connected classes by the least government class, passed on from side to side.
round_0 as (

    select
        *,
        government_class as label
    from pairs

),

{% for number in range(1, 5) %}
round_{{ number }} as (

    select
        kind_key,
        department_class,
        government_class,
        min(label) over (
            partition by kind_key, {{ 'department_class' if number % 2 else 'government_class' }}
        ) as label
    from round_{{ number - 1 }}

),
{% endfor %}

classes as (

    select kind_key, 'department' as classification, department_class as class_code, min(label) as label
    from round_4
    group by kind_key, department_class
    union all
    select kind_key, 'government' as classification, government_class as class_code, min(label) as label
    from round_4
    group by kind_key, government_class

),

-- A group of which some class has no row of its own, or more than one, has no sum.
incomplete as (

    select distinct
        classes.kind_key,
        classes.label
    from classes
    left join codes
        on
            classes.kind_key = codes.kind_key
            and classes.classification = codes.classification
            and classes.class_code = codes.tree_code
            and codes.printed_count = 1
    where codes.cell_id is null

),

cells as (

    select
        codes.document_id,
        codes.statement,
        classes.label as subject_code,
        codes.kind as measure,
        codes.fund,
        codes.year_basis,
        codes.phase,
        codes.cell_id,
        case codes.classification when 'government' then 'total' else 'term' end as term_role,
        1 as sign,
        codes.amount_yuan,
        codes.half_unit_yuan,
        codes.kind_key || '/' || classes.label as identity_key
    from codes
    inner join classes
        on
            codes.kind_key = classes.kind_key
            and codes.classification = classes.classification
            and codes.tree_code = classes.class_code
    left join incomplete
        on
            classes.kind_key = incomplete.kind_key
            and classes.label = incomplete.label
    where incomplete.kind_key is null

)

{{ rule_columns('department_government_class', 'cells') }}
