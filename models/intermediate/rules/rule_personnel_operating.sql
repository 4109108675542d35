-- 人员经费等于 301 与 303 类之和，公用经费等于 302、310 等类之和。
-- 人员经费 (公用经费) of a functional table equals the classes of that kind in the table of
-- basic expenditure (seed economic_class_measure), where that table has no such columns
-- itself; a county may draw the line between the two elsewhere.
with

economic_figures as (

    {{ economic_figures() }}

),

kinds as (

    select
        classification,
        class_code,
        measure,
        measure as subject_code
    from {{ ref('economic_class_measure') }}
    where measure in ('personnel', 'operating')

),

-- Tables that print 人员经费 and 公用经费 are compared column by column elsewhere.
split_tables as (

    select distinct source_table_id
    from economic_figures
    where kind in ('personnel', 'operating')

),

{{ functional_equals_economic_kinds('personnel_operating', left_out='split_tables') }}
