-- Every fund with each fund that contains it. One row per fund and ancestor.
with

funds as (

    select * from {{ ref('fund') }}

),

first_level as (

    select fund, parent as ancestor from funds where parent is not null

),

second_level as (

    select first_level.fund, funds.parent as ancestor
    from first_level
    inner join funds on first_level.ancestor = funds.fund
    where funds.parent is not null

),

third_level as (

    select second_level.fund, funds.parent as ancestor
    from second_level
    inner join funds on second_level.ancestor = funds.fund
    where funds.parent is not null

)

select * from first_level
union
select * from second_level
union
select * from third_level
