-- The project that each project text is about: its name under 项目名称, or in the title
-- (…项目经费情况说明), and the row of the table of projects of the same unit and year. One
-- row per project text.
with

sentences as (

    select * from {{ ref('int_project_section') }} where not is_heading

),

documents as (

    select * from {{ ref('int_policy_document') }}

),

projects as (

    select
        unit_id,
        fiscal_year,
        document_id,
        cell_id,
        amount_yuan,
        project_name,
        {{ fold_label('project_name') }} as folded_name
    from {{ ref('fct_project') }}
    where
        row_role = 'code'
        and project_name is not null
        and stage = 'budget'
        and measure = 'total'
        and fund = 'all'
        and phase = 'budget'
        and year_basis in ('all', 'current_year')

),

named as (

    select
        document_id,
        project_text_id,
        text_number,
        min(root_title) as root_title,
        {{ string_aggregate("case when section = 'name' then printed_text end", "''", 'sentence_number') }} as printed_name
    from sentences
    group by document_id, project_text_id, text_number

),

texts as (

    select
        named.document_id,
        named.project_text_id,
        named.text_number,
        documents.unit_id,
        documents.fiscal_year,
        coalesce(
            nullif({{ regex_replace("named.printed_name", "'[。；]$'", "''") }}, ''),
            case
                when {{ is_project_text_path('named.root_title') }}
                    then nullif({{ regex_replace(
                        'named.root_title', "'(项目)?(支出|经费)?(情况说明|文本)$|^[（(]?[一二三四五六七八九十0-9]{1,3}[)）、.．]+'", "''"
                    ) }}, '')
            end
        ) as project_name
    from named
    inner join documents on named.document_id = documents.document_id

),

matches as (

    select
        texts.project_text_id,
        projects.cell_id as project_cell_id,
        projects.document_id as project_document_id,
        projects.amount_yuan as project_amount_yuan,
        row_number() over (
            partition by texts.project_text_id
            order by
                case when projects.document_id = texts.document_id then 0 else 1 end,
                projects.document_id,
                projects.cell_id
        ) as match_rank
    from texts
    inner join projects
        on
            texts.unit_id = projects.unit_id
            and texts.fiscal_year = projects.fiscal_year
            and {{ fold_label('texts.project_name') }} = projects.folded_name

)

select
    texts.document_id,
    texts.project_text_id,
    texts.text_number,
    texts.project_name,
    matches.project_cell_id,
    matches.project_document_id,
    matches.project_amount_yuan
from texts
left join matches
    on
        texts.project_text_id = matches.project_text_id
        and matches.match_rank = 1
