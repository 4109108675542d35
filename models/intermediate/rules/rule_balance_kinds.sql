-- 收支总表按支出性质列示时：基本支出等于人员经费与公用经费之和，本年支出合计等于基本支出与项目支出等之和。
-- A balance that lists kinds of expenditure: a kind equals the kinds printed below it
-- (基本支出: 人员经费 and 公用经费), the total the topmost kinds. 商品和服务支出 is of 项目支出
-- where it stands below it.
with

amounts as (

    select
        *,
        source_table_id || '/' || cast(column_number as {{ dbt.type_string() }}) as column_key
    from {{ ref('int_amount') }}
    where
        family = 'balance'
        and side = 'expenditure'
        and fact = 'functional'
        and row_role in ('total', 'grand_total')
        and not coalesce(is_repeated, false)

),

measures as (

    select * from {{ ref('measure') }}

),

-- A kind with each kind that contains it; 1 is the nearest.
ancestors as (

    select
        measures.measure,
        measures.parent as ancestor,
        1 as distance
    from measures
    where measures.parent is not null
    union all
    select
        measures.measure,
        parents.parent as ancestor,
        2 as distance
    from measures
    inner join measures as parents on measures.parent = parents.measure
    where parents.parent is not null
    union all
    select
        measures.measure,
        grandparents.parent as ancestor,
        3 as distance
    from measures
    inner join measures as parents on measures.parent = parents.measure
    inner join measures as grandparents on parents.parent = grandparents.measure
    where grandparents.parent is not null

),

-- What each line is below: 项目支出, another kind, or a total, after which all begins anew.
placed as (

    select
        amounts.*,
        {{ last_known(
            "case when label_kind = 'total' then 'total' when measure not in ('wages_welfare', 'goods_services', 'individuals_families', 'capital') then measure end",
            'column_key',
            'row_number'
        ) }} as kind_above
    from amounts

),

-- Below 项目支出 the lines are its own, unless the kinds stand first and then the lines of
-- all of them: those add up to more.
project_lines as (

    select
        column_key,
        sum(case
            when kind_above = 'project' and measure in ('wages_welfare', 'goods_services', 'individuals_families', 'capital')
                then amount_yuan
        end) <= max(case when measure = 'project' then amount_yuan end)
        or max(case
            when kind_above in ('basic', 'personnel', 'operating') and measure not in ('basic', 'project')
                then 1
            else 0
        end) = 1 as are_of_project
    from placed
    where label_kind = 'measure'
    group by column_key

),

kinds as (

    select
        placed.*,
        coalesce(
            placed.kind_above = 'project' and placed.measure <> 'project' and project_lines.are_of_project,
            false
        ) as is_of_project
    from placed
    left join project_lines on placed.column_key = project_lines.column_key
    where
        placed.label_kind = 'measure'
        and (
            placed.kind_above is null
            or placed.kind_above <> 'project'
            or placed.measure = 'project'
            or project_lines.are_of_project
        )

),

other_lines as (

    select distinct
        source_table_id,
        column_number
    from {{ ref('int_amount') }}
    where fact = 'balance_item' and side = 'expenditure' and amount_yuan <> 0

),

-- 本年支出合计 before 总计, which holds what is left over too.
wholes as (

    select
        amounts.*,
        row_number() over (
            partition by amounts.column_key, amounts.measure
            order by case amounts.row_role when 'total' then 0 else 1 end, amounts.row_number
        ) as whole_rank
    from amounts
    left join other_lines
        on
            amounts.source_table_id = other_lines.source_table_id
            and amounts.column_number = other_lines.column_number
    where
        amounts.label_kind = 'measure'
        or (
            amounts.label_kind = 'total'
            and (amounts.row_role = 'total' or other_lines.source_table_id is null)
        )

),

nearest as (

    select
        kinds.cell_id,
        wholes.cell_id as whole_cell_id,
        wholes.measure as whole_measure,
        row_number() over (partition by kinds.cell_id order by ancestors.distance) as distance_rank
    from kinds
    inner join ancestors
        on
            kinds.measure = ancestors.measure
            and (not kinds.is_of_project or ancestors.ancestor = 'total')
    inner join wholes
        on
            kinds.column_key = wholes.column_key
            and case when kinds.is_of_project then 'project' else ancestors.ancestor end = wholes.measure
            and wholes.whole_rank = 1

),

terms as (

    select
        kinds.*,
        nearest.whole_cell_id as identity_key,
        nearest.whole_measure,
        'term' as term_role
    from kinds
    inner join nearest
        on
            kinds.cell_id = nearest.cell_id
            and nearest.distance_rank = 1

),

totals as (

    select
        wholes.*,
        wholes.cell_id as identity_key,
        wholes.measure as whole_measure,
        'total' as term_role
    from wholes
    where wholes.cell_id in (select terms.identity_key from terms)

),

-- 其中 names some of the parts; a single part is seldom all of them.
partial as (

    select terms.identity_key
    from terms
    inner join totals on terms.identity_key = totals.identity_key
    group by terms.identity_key
    having
        (
            count(*) = 1
            or max(case when {{ regex_matches('terms.row_name', "'其中'") }} then 1 else 0 end) = 1
        )
        and sum(terms.amount_yuan) < max(totals.amount_yuan)

),

cells as (

    {% for side in ('totals', 'terms') -%}
    select
        identity_key,
        document_id,
        statement,
        whole_measure as subject_code,
        measure,
        fund,
        year_basis,
        phase,
        cell_id,
        term_role,
        1 as sign,
        amount_yuan,
        half_unit_yuan
    from {{ side }}
    where identity_key not in (select partial.identity_key from partial)
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

{{ rule_columns('balance_kinds', 'cells') }}
