-- Sentences of project texts under the section that their headings name. A text begins
-- with each repetition of the heading that the first one began with. One row per sentence
-- below a known heading.
with

sentences as (

    select
        *,
        {{ fold_label('section_path') }} as folded_path,
        {{ fold_label('printed_text') }} = {{ fold_label('section_title') }} as is_title,
        {{ dbt.split_part('section_path', "'/'", 1) }} as root_title
    from {{ ref('stg_sentence') }}
    where section_path is not null

),

documents as (

    select * from {{ ref('int_policy_document') }}

),

sections as (

    select * from {{ ref('project_section') }}

),

-- The outermost heading that is known.
matches as (

    select
        sentences.document_id,
        sentences.sentence_number,
        sections.section,
        -- headings below that of the section are part of its text
        sentences.is_title
        and {{ regex_matches('sentences.folded_path', "sections.label || '[:：]?$'") }} as is_heading,
        row_number() over (
            partition by sentences.document_id, sentences.sentence_number
            order by {{ dbt.position('sections.label', 'sentences.folded_path') }}, length(sections.label) desc
        ) as section_rank
    from sentences
    inner join documents on sentences.document_id = documents.document_id
    inner join sections
        on {{ regex_matches(
            'sentences.folded_path',
            "'(^|/)([(]?[一二三四五六七八九十0-9]{1,3}[)、.．]+)?' || sections.label || '[:：]?(/|$)'"
        ) }}
    where
        documents.document_kind = 'project_text'
        or {{ is_project_text_path('sentences.section_path') }}

),

placed as (

    select
        sentences.*,
        matches.section,
        matches.is_heading
    from sentences
    inner join matches
        on
            sentences.document_id = matches.document_id
            and sentences.sentence_number = matches.sentence_number
            and matches.section_rank = 1

),

firsts as (

    select
        document_id,
        section as first_section
    from (
        select
            document_id,
            section,
            row_number() over (partition by document_id order by sentence_number) as section_rank
        from placed
    ) as ranked
    where section_rank = 1

),

counted as (

    select
        placed.*,
        sum(case when placed.is_heading and placed.section = firsts.first_section then 1 else 0 end) over (
            partition by placed.document_id
            order by placed.sentence_number
            rows between unbounded preceding and current row
        ) as text_number
    from placed
    inner join firsts on placed.document_id = firsts.document_id

)

select
    document_id,
    document_id || '-project' || cast(text_number as {{ dbt.type_string() }}) as project_text_id,
    cast(text_number as integer) as text_number,
    section,
    section_title,
    root_title,
    sentence_number,
    is_heading,
    block,
    character_start,
    page,
    line,
    printed_text
from counted
