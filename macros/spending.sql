{# Which leaves of `leaves` count, so that a figure of a unit counts once for its
   year and stage; for each code set (功能分类, one of the economic classifications).

   `leaves` has the columns document_id, source_table_id, cell_id, statement,
   statement_rank, unit_id, fiscal_year, stage, code_set, scope, leaf_code, is_class,
   measure, fund, year_basis, amount_yuan. What counts is told in models/marts/fct_spending.yml. #}
{% macro spending_leaves(leaves) -%}
documents as (

    select * from {{ ref('dim_document') }}

),

superseded_statements as (

    select * from {{ ref('int_supersession') }}

),

parents as (

    select * from {{ ref('int_unit_parent') }}

),

-- The whole budget of a county is no spending beside that of its departments, but its
-- list of departments (县级部门预算汇总) has the spending of each.
counting_leaves as (

    select
        leaves.*,
        documents.unit_id as publisher_id,
        coalesce(documents.coverage, '') as coverage
    from {{ leaves }} as leaves
    inner join documents
        on
            leaves.document_id = documents.document_id
            and documents.status = 'loaded'
            and (
                documents.document_kind <> 'government_budget'
                or (documents.coverage = 'department' and leaves.unit_id <> documents.unit_id)
            )
    left join superseded_statements
        on
            leaves.document_id = superseded_statements.document_id
            and leaves.statement = superseded_statements.statement
    where
        superseded_statements.document_id is null
        and documents.unit_id is not null
        and leaves.unit_id is not null

),

widest as (

    {{ widest_figures('counting_leaves') }}

),

department_documents as (

    select distinct publisher_id, fiscal_year, stage
    from counting_leaves
    where coverage <> 'unit'

),

-- All files of one publisher, year and stage are one publication; a department's
-- own office (本级) beside the department is another.
published as (

    select
        widest.*,
        widest.publisher_id
        || case
            when widest.coverage = 'unit' and department_documents.publisher_id is not null then '/office'
            else ''
        end as publication_key,
        max(case when widest.unit_id <> widest.publisher_id then 1 else 0 end) over (
            partition by widest.source_table_id, widest.code_set
        ) as has_unit_rows
    from widest
    left join department_documents
        on
            widest.publisher_id = department_documents.publisher_id
            and widest.fiscal_year = department_documents.fiscal_year
            and widest.stage = department_documents.stage

),

-- Of a statement that several files print, the file with the most of it.
statement_files as (

    select
        publication_key,
        fiscal_year,
        stage,
        code_set,
        statement,
        document_id,
        min(statement_rank) over (
            partition by publication_key, fiscal_year, stage, code_set
        ) as best_rank,
        row_number() over (
            partition by publication_key, fiscal_year, stage, code_set, statement
            order by has_unit_rows desc, leaf_count desc, document_id asc
        ) as file_rank,
        has_unit_rows
    from (
        select
            publication_key,
            fiscal_year,
            stage,
            code_set,
            statement,
            document_id,
            min(statement_rank) as statement_rank,
            max(has_unit_rows) as has_unit_rows,
            count(*) as leaf_count
        from published
        group by publication_key, fiscal_year, stage, code_set, statement, document_id
    ) as files

),

-- The preferred statement alone, where it is printed; of its tables those with rows
-- of units, where there are any; a figure that two tables print once.
figures as (

    select
        *,
        min(table_rank) over (
            partition by
                publication_key, fiscal_year, stage, code_set, unit_id, leaf_code, scope, measure, fund, year_basis
        ) as first_table
    from (
        select
            published.*,
            dense_rank() over (
                partition by published.publication_key, published.fiscal_year, published.stage
                order by
                    published.statement_rank,
                    published.document_id,
                    length(published.source_table_id),
                    published.source_table_id
            ) as table_rank
        from published
        inner join statement_files
            on
                published.publication_key = statement_files.publication_key
                and published.fiscal_year = statement_files.fiscal_year
                and published.stage = statement_files.stage
                and published.code_set = statement_files.code_set
                and published.statement = statement_files.statement
                and published.document_id = statement_files.document_id
                and statement_files.file_rank = 1
                and published.has_unit_rows = statement_files.has_unit_rows
        where
            (statement_files.best_rank = 1 and published.statement_rank = 1)
            or (statement_files.best_rank > 1 and published.statement_rank > 1)
    ) as ranked_tables

),

-- 301 of 收支总表 beside 30101 of 基本支出表: a class is no leaf where another statement
-- prints its sections, and in a balance none where another prints the class.
detailed as (

    select
        *,
        max(detail) over (
            partition by
                publication_key, fiscal_year, stage, code_set, scope, measure, substr(leaf_code, 1, 3), unit_id
        ) as finest_of_unit,
        max(detail) over (
            partition by publication_key, fiscal_year, stage, code_set, scope, measure, substr(leaf_code, 1, 3)
        ) as finest_of_publication
    from (
        select
            *,
            case
                when not is_class then 2
                when statement in ('balance', 'appropriation_balance') then 0
                else 1
            end as detail
        from figures
        where table_rank = first_table
    ) as first_figures

),

leaf_figures as (

    select *
    from detailed
    where
        detail = finest_of_unit
        -- the rows of units are those of the publisher as well
        and (detail = finest_of_publication or has_unit_rows = 1 or unit_id <> publisher_id)

),

-- Whose figure it is: a row of the publisher among rows of its units is that of its
-- own office, and so is what 某局本级 publishes.
owned as (

    select
        leaf_figures.*,
        case
            when leaf_figures.has_unit_rows = 1 and leaf_figures.unit_id = leaf_figures.publisher_id
                then leaf_figures.unit_id || '/office'
            when leaf_figures.publication_key like '%/office' and leaf_figures.unit_id = leaf_figures.publisher_id
                then leaf_figures.unit_id || '/office'
            when parents.parent_basis = 'name' then parents.parent_unit_id || '/office'
            else leaf_figures.unit_id
        end as owner_key,
        case
            when leaf_figures.unit_id = leaf_figures.publisher_id and leaf_figures.has_unit_rows = 0 then 0
            else 1
        end as is_row_of_rollup
    from leaf_figures
    left join parents on leaf_figures.unit_id = parents.unit_id

),

-- The unit's own document before the row in its department's.
sources as (

    select
        owner_key,
        fiscal_year,
        stage,
        code_set,
        publication_key,
        row_number() over (
            partition by owner_key, fiscal_year, stage, code_set
            order by min(is_row_of_rollup), min(statement_rank), count(*) desc, publication_key
        ) as source_rank
    from owned
    group by owner_key, fiscal_year, stage, code_set, publication_key

),

sourced as (

    select owned.*
    from owned
    inner join sources
        on
            owned.owner_key = sources.owner_key
            and owned.fiscal_year = sources.fiscal_year
            and owned.stage = sources.stage
            and owned.code_set = sources.code_set
            and owned.publication_key = sources.publication_key
            and sources.source_rank = 1

),

-- A department without rows of units, beside documents of its units.
owners as (

    select distinct owner_key, unit_id, fiscal_year, stage, code_set, is_row_of_rollup, coverage
    from sourced

),

memberships as (

    select distinct
        departments.owner_key as department_key,
        members.owner_key as member_key,
        departments.fiscal_year,
        departments.stage,
        departments.code_set
    from owners as departments
    inner join owners as members
        on
            departments.fiscal_year = members.fiscal_year
            and departments.stage = members.stage
            and departments.code_set = members.code_set
            and departments.owner_key <> members.owner_key
    left join parents on members.unit_id = parents.unit_id
    where
        departments.is_row_of_rollup = 0
        and departments.coverage <> 'unit'
        and departments.owner_key = departments.unit_id
        and (
            parents.parent_unit_id = departments.unit_id
            or members.owner_key = departments.unit_id || '/office'
        )

),

code_totals as (

    select
        owner_key,
        fiscal_year,
        stage,
        code_set,
        leaf_code,
        sum(amount_yuan) as amount_yuan
    from sourced
    where measure = 'total'
    group by owner_key, fiscal_year, stage, code_set, leaf_code

),

member_totals as (

    select
        memberships.department_key,
        memberships.fiscal_year,
        memberships.stage,
        memberships.code_set,
        code_totals.leaf_code,
        sum(code_totals.amount_yuan) as amount_yuan
    from memberships
    inner join code_totals
        on
            memberships.member_key = code_totals.owner_key
            and memberships.fiscal_year = code_totals.fiscal_year
            and memberships.stage = code_totals.stage
            and memberships.code_set = code_totals.code_set
    group by
        memberships.department_key,
        memberships.fiscal_year,
        memberships.stage,
        memberships.code_set,
        code_totals.leaf_code

),

department_totals as (

    select
        memberships.department_key,
        code_totals.fiscal_year,
        code_totals.stage,
        code_totals.code_set,
        code_totals.leaf_code,
        code_totals.amount_yuan
    from (
        select distinct department_key, fiscal_year, stage, code_set from memberships
    ) as memberships
    inner join code_totals
        on
            memberships.department_key = code_totals.owner_key
            and memberships.fiscal_year = code_totals.fiscal_year
            and memberships.stage = code_totals.stage
            and memberships.code_set = code_totals.code_set

),

-- Do the units' figures fit into the department's, and do they fill it?
fits as (

    select
        coalesce(department_totals.department_key, member_totals.department_key) as department_key,
        coalesce(department_totals.fiscal_year, member_totals.fiscal_year) as fiscal_year,
        coalesce(department_totals.stage, member_totals.stage) as stage,
        coalesce(department_totals.code_set, member_totals.code_set) as code_set,
        sum(coalesce(department_totals.amount_yuan, 0)) as department_yuan,
        sum(coalesce(member_totals.amount_yuan, 0)) as member_yuan,
        sum(least(
            coalesce(department_totals.amount_yuan, 0), coalesce(member_totals.amount_yuan, 0)
        )) as common_yuan
    from department_totals
    full outer join member_totals
        on
            department_totals.department_key = member_totals.department_key
            and department_totals.fiscal_year = member_totals.fiscal_year
            and department_totals.stage = member_totals.stage
            and department_totals.code_set = member_totals.code_set
            and department_totals.leaf_code = member_totals.leaf_code
    group by 1, 2, 3, 4

),

-- Nine tenths: rounding and single misprints do not decide it.
verdicts as (

    select
        *,
        case
            when 10 * common_yuan < 9 * member_yuan then 'apart'
            when 1000 * common_yuan >= 999 * department_yuan then 'by_units'
            else 'by_department'
        end as department_verdict
    from fits

),

judged_leaves as (

    select
        sourced.*,
        own.department_verdict as own_verdict,
        max(case when above.department_verdict = 'by_department' then 1 else 0 end) over (
            partition by sourced.cell_id, sourced.code_set
        ) as is_within_department,
        row_number() over (
            partition by sourced.cell_id, sourced.code_set order by memberships.department_key
        ) as leaf_copy
    from sourced
    left join verdicts as own
        on
            sourced.owner_key = own.department_key
            and sourced.fiscal_year = own.fiscal_year
            and sourced.stage = own.stage
            and sourced.code_set = own.code_set
    left join memberships
        on
            sourced.owner_key = memberships.member_key
            and sourced.fiscal_year = memberships.fiscal_year
            and sourced.stage = memberships.stage
            and sourced.code_set = memberships.code_set
    left join verdicts as above
        on
            memberships.department_key = above.department_key
            and memberships.fiscal_year = above.fiscal_year
            and memberships.stage = above.stage
            and memberships.code_set = above.code_set

)
{%- endmacro %}


{# What the models of spending give of `judged_leaves`. #}
{% macro spending_columns() -%}
select
    cell_id,
    document_id,
    source_table_id,
    unit_id,
    unit_name,
    publisher_id,
    owner_key,
    fiscal_year,
    stage,
    code_set,
    statement,
    scope,
    leaf_code,
    leaf_name,
    measure,
    amount_yuan,
    proof,
    own_verdict as department_verdict,
    case
        when own_verdict = 'by_units' then 'carried_by_units'
        when is_within_department = 1 then 'within_department'
        else 'counted'
    end as spending_place
from judged_leaves
where leaf_copy = 1
{%- endmacro %}
