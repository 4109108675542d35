-- Which official code the names that running text gives mean, 类/款/项 or a name alone. The
-- last name counts; the names before it, what the tables of the document print and the
-- level choose among codes of one name, such as 行政运行. Names before it that are not
-- those of the code disagree: the code stays, the disagreement is a finding. One row per
-- document, path of names and preferred classification.
with

figures as (

    select * from {{ ref('stg_figure') }} where code_path is not null

),

code_names as (

    select * from {{ ref('int_code_name') }} where classification in ('functional', 'department')

),

codes as (

    select * from {{ ref('int_code') }} where classification in ('functional', 'department')

),

-- What the tables of the document print: its codes, and its own names for them.
printed_codes as (

    select distinct
        document_id,
        classification,
        plain_name,
        tree_code as code
    from {{ ref('int_row_resolution') }}
    where classification in ('functional', 'department') and tree_code is not null

),

paths as (

    select distinct
        document_id,
        code_path,
        {{ prefers_economic('figures') }} as prefers_economic
    from figures

),

parts as (

    {% for part in [1, 2, 3] -%}
    select
        document_id,
        code_path,
        prefers_economic,
        {{ part }} as part_number,
        1 + length(code_path) - length(replace(code_path, '/', '')) as part_count,
        {{ narrative_code_name(dbt.split_part('code_path', "'/'", part)) }} as part_name
    from paths
    where length(code_path) - length(replace(code_path, '/', '')) >= {{ part - 1 }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

-- 行政运行支出 and 行政运行 are one name.
known_names as (

    select
        cast(null as {{ dbt.type_string() }}) as document_id,
        classification,
        {{ regex_replace('folded_name', "'支出$'", "''") }} as core_name,
        code
    from code_names
    union
    select
        document_id,
        classification,
        {{ regex_replace('plain_name', "'支出$'", "''") }} as core_name,
        code
    from printed_codes
    where plain_name is not null

),

part_codes as (

    select distinct
        parts.document_id,
        parts.code_path,
        parts.prefers_economic,
        parts.part_number,
        parts.part_count,
        known_names.classification,
        known_names.code
    from parts
    inner join known_names
        on
            {{ regex_replace('parts.part_name', "'支出$'", "''") }} = known_names.core_name
            and (known_names.document_id is null or known_names.document_id = parts.document_id)

),

candidates as (

    select * from part_codes where part_number = part_count

),

-- How many of the names before it are those of codes above it, and of how many the level
-- fits too: of three names the first is a class and the second a section.
supported as (

    select
        candidates.document_id,
        candidates.code_path,
        candidates.prefers_economic,
        candidates.classification,
        candidates.code,
        count(distinct above.part_number) as above_count,
        count(distinct case
            when above.part_count < 3 or length(above.code) = 1 + 2 * above.part_number
                then above.part_number
        end) as level_count
    from candidates
    left join part_codes as above
        on
            candidates.document_id = above.document_id
            and candidates.code_path = above.code_path
            and candidates.prefers_economic = above.prefers_economic
            and candidates.classification = above.classification
            and above.part_number < candidates.part_number
            and length(above.code) < length(candidates.code)
            and above.code = substr(candidates.code, 1, length(above.code))
    group by
        candidates.document_id, candidates.code_path, candidates.prefers_economic,
        candidates.classification, candidates.code

),

document_codes as (

    select distinct document_id, classification, code from printed_codes

),

weighed as (

    select
        supported.*,
        codes.level,
        counts.part_count,
        rank() over (
            partition by supported.document_id, supported.code_path, supported.prefers_economic
            order by
                case when (supported.classification = 'department') = supported.prefers_economic then 0 else 1 end,
                supported.above_count desc,
                case when document_codes.code is not null then 0 else 1 end,
                case
                    when counts.part_count = 3 and codes.level = 'item' then 0
                    when counts.part_count < 3 and codes.level = 'class' then 0
                    else 1
                end,
                case when codes.code is not null then 0 else 1 end
        ) as code_rank
    from supported
    inner join (select distinct document_id, code_path, prefers_economic, part_count from parts) as counts
        on
            supported.document_id = counts.document_id
            and supported.code_path = counts.code_path
            and supported.prefers_economic = counts.prefers_economic
    left join codes
        on
            supported.classification = codes.classification
            and supported.code = codes.code
    left join document_codes
        on
            supported.document_id = document_codes.document_id
            and supported.classification = document_codes.classification
            and supported.code = document_codes.code

),

-- Two codes that nothing tells apart are neither.
chosen as (

    select
        document_id,
        code_path,
        prefers_economic,
        min(classification) as classification,
        min(code) as code,
        min(level) as level,
        min(part_count) as part_count,
        min(level_count) as level_count
    from weighed
    where code_rank = 1
    group by document_id, code_path, prefers_economic
    having count(*) = 1

)

select
    paths.document_id,
    paths.code_path,
    paths.prefers_economic,
    chosen.classification,
    chosen.code as resolved_code,
    chosen.level,
    coalesce(classes.name || '（类）', '')
    || coalesce(sections.name || '（款）', '')
    || coalesce(items.name || '（项）', '') as official_path,
    chosen.code is null
    or (
        chosen.level_count = chosen.part_count - 1
        and (chosen.part_count < 3 or coalesce(chosen.level, 'item') = 'item')
    ) as is_consistent
from paths
left join chosen
    on
        paths.document_id = chosen.document_id
        and paths.code_path = chosen.code_path
        and paths.prefers_economic = chosen.prefers_economic
left join codes as classes
    on
        chosen.classification = classes.classification
        and substr(chosen.code, 1, 3) = classes.code
left join codes as sections
    on
        chosen.classification = sections.classification
        and length(chosen.code) >= 5
        and substr(chosen.code, 1, 5) = sections.code
left join codes as items
    on
        chosen.classification = items.classification
        and length(chosen.code) = 7
        and chosen.code = items.code
