-- Names of 类, 款 and 项 in running text that do not belong together, the last one saying the
-- code; and names under a known class that are no code's. In the columns of a form finding,
-- one row per finding and figure it names.
with

figures as (

    select * from {{ ref('int_narrative_figure') }} where subject_kind = 'code' and code_path is not null

),

codes as (

    select * from {{ ref('int_narrative_code') }}

),

mismatched as (

    select
        figures.document_id,
        cast(null as {{ dbt.type_string() }}) as source_table_id,
        'narrative_code_name' as rule_id,
        figures.document_id || '/' || figures.code_path as finding_key,
        figures.cell_id,
        replace(figures.code_path, '/', '—') as subject,
        '正文写作“' || replace(figures.code_path, '/', '—') || '”，科目表中为 ' || codes.resolved_code
        || ' ' || codes.official_path as detail
    from figures
    inner join codes
        on
            figures.document_id = codes.document_id
            and figures.code_path = codes.code_path
            and figures.classification = codes.classification
            and figures.subject_code = codes.resolved_code
    where not figures.is_code_consistent

),

unknown as (

    select
        document_id,
        cast(null as {{ dbt.type_string() }}) as source_table_id,
        'unresolved_name' as rule_id,
        document_id || '/text/' || code_path as finding_key,
        cell_id,
        replace(code_path, '/', '—') as subject,
        '正文写作“' || replace(code_path, '/', '—') || '”，最后一个名称不是所属类、款下的科目' as detail
    from figures
    where unplaced_reason = 'unknown_code' and code_path like '%/%/%'

)

select * from mismatched
union all
select * from unknown
