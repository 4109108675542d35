-- Every name by which an official code is printed: its official name, shortened
-- and older ones. One row per classification, name and code.
with

codes as (

    select * from {{ ref('int_code') }}

),

functional_aliases as (

    select * from {{ ref('functional_alias') }}

),

economic_aliases as (

    select * from {{ ref('economic_alias') }}

),

revenue_aliases as (

    select * from {{ ref('revenue_alias') }}

),

changes as (

    select * from {{ ref('functional_change') }} where change_kind = 'rename'

),

names as (

    select
        classification,
        folded_name,
        code,
        'official' as name_kind
    from codes

    union all

    -- balances print the classes without the word 支出
    select
        classification,
        {{ regex_replace('folded_name', "'支出$'", "''") }} as folded_name,
        code,
        'variant' as name_kind
    from codes
    where classification = 'functional' and level = 'class'

    union all

    select
        'functional' as classification,
        {{ fold_label('name') }} as folded_name,
        functional_code as code,
        kind as name_kind
    from functional_aliases

    union all

    select
        'functional' as classification,
        {{ fold_label('old_name') }} as folded_name,
        functional_code as code,
        'old_name' as name_kind
    from changes
    where old_name is not null

    union all

    select
        classification,
        {{ fold_label('name') }} as folded_name,
        economic_code as code,
        kind as name_kind
    from economic_aliases

    union all

    select
        'revenue' as classification,
        {{ fold_label('name') }} as folded_name,
        revenue_code as code,
        kind as name_kind
    from revenue_aliases

),

ranked as (

    select
        names.*,
        codes.level,
        codes.parent_code,
        row_number() over (
            partition by names.classification, names.folded_name, names.code
            order by case names.name_kind when 'official' then 0 when 'variant' then 1 else 2 end
        ) as name_rank
    from names
    inner join codes
        on
            names.classification = codes.classification
            and names.code = codes.code

)

select
    classification,
    folded_name,
    code,
    name_kind,
    level,
    parent_code
from ranked
where name_rank = 1
