-- The same by economic classification: the summary of all expenditure where one
-- is printed, otherwise basic and project expenditure from their own tables;
-- `scope` says what is covered. A leaf whose code could not be established counts
-- under the class it is printed in.
with

facts as (

    select * from {{ ref('fct_economic') }}

),

documents as (

    select * from {{ ref('dim_document') }} where status = 'loaded'

),

leaves as (

    select
        facts.*,
        case when facts.unit_id = documents.unit_id then 0 else 1 end as is_rollup,
        coalesce(
            facts.economic_code,
            {{ regex_extract('facts.printed_code', "'^([0-9]{3})'", 1) }}
        ) as leaf_code,
        case when facts.scope = 'all' and facts.measure = 'total' then 0 else 1 end as source_rank
    from facts
    inner join documents on facts.document_id = documents.document_id
    where
        facts.is_leaf
        and facts.measure = 'total'
        and facts.unit_id is not null
        and facts.fund in ('all', 'general_public_budget', 'fiscal_appropriation')
        and (
            (facts.stage = 'budget' and facts.phase = 'budget')
            or (facts.stage = 'final_accounts' and facts.phase = 'final')
        )

),

widest as (

    {{ widest_figures('leaves') }}

),

sources as (

    select
        unit_id,
        fiscal_year,
        stage,
        classification,
        document_id,
        row_number() over (
            partition by unit_id, fiscal_year, stage, classification
            order by min(is_rollup), min(source_rank), count(*) desc, document_id
        ) as document_rank,
        min(source_rank) as best_rank,
        count(distinct scope) as scope_count
    from widest
    group by unit_id, fiscal_year, stage, classification, document_id

),

chosen as (

    select
        widest.*,
        case when sources.best_rank = 0 or sources.scope_count > 1 then 'all' else widest.scope end
            as covered_scope
    from widest
    inner join sources
        on
            widest.unit_id = sources.unit_id
            and widest.fiscal_year = sources.fiscal_year
            and widest.stage = sources.stage
            and widest.classification = sources.classification
            and widest.document_id = sources.document_id
            and sources.document_rank = 1
    where
        (sources.best_rank = 0 and widest.source_rank = 0)
        or sources.best_rank = 1

)

select
    unit_id,
    fiscal_year,
    stage,
    classification,
    leaf_code as economic_code,
    min(document_id) as document_id,
    min(unit_name) as unit_name,
    min(economic_name) as economic_name,
    min(covered_scope) as scope,
    try_cast(sum(amount_yuan) as decimal(20, 4)) as expenditure_yuan,
    try_cast(sum(case when scope = 'basic' then amount_yuan end) as decimal(20, 4)) as basic_yuan,
    try_cast(sum(case when scope = 'project' then amount_yuan end) as decimal(20, 4)) as project_yuan,
    case
        when max(case when proof = 'disputed' then 1 else 0 end) = 1 then 'disputed'
        when min(case when proof <> 'proven' then 0 else 1 end) = 1 then 'proven'
        else 'unchecked'
    end as proof
from chosen
where leaf_code is not null
group by unit_id, fiscal_year, stage, classification, leaf_code
