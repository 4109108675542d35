-- Spans of running text that a citation, a standard or a formula refers to. One row
-- per span.
with

spans as (

    {% for model in ['stg_citation', 'stg_formula', 'stg_formula_term', 'int_policy_standard'] %}
    select
        cell_id,
        document_id,
        block,
        character_start,
        end_block,
        character_end,
        page,
        line,
        printed_text
    from {{ ref(model) }}
    where source_table_id is null
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

ranked as (

    select
        *,
        row_number() over (
            partition by cell_id
            order by end_block desc, character_end desc, length(printed_text) desc
        ) as span_rank
    from spans

)

select
    cell_id,
    document_id,
    block,
    character_start,
    end_block,
    character_end,
    page,
    line,
    printed_text
from ranked
where span_rank = 1
