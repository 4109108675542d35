-- What is wrong with the form of rules and citations. In the columns of a form finding,
-- one row per finding and cell it names.
with

documents as (

    select * from {{ ref('int_document') }} where reason_code is null

),

citations as (

    select * from {{ ref('stg_citation') }}

),

-- One finding for each number as printed, however often it is cited.
brackets as (

    select
        citations.document_id,
        citations.source_table_id,
        'citation_brackets' as rule_id,
        citations.document_id || '/' || citations.printed_number as finding_key,
        citations.cell_id,
        citations.printed_number as subject,
        '“' || citations.printed_number || '”的括号不成对，应为 ' || citations.document_number as detail
    from citations
    inner join documents on citations.document_id = documents.document_id
    where citations.bracket_status = 'mismatched'

),

-- 自2024年 月 日起实施: a rule in force from a day that nobody can know.
blank_dates as (

    select
        standards.document_id,
        standards.source_table_id,
        'blank_date' as rule_id,
        standards.document_id as finding_key,
        standards.cell_id,
        standards.printed_text as subject,
        '“' || standards.printed_text || '”中的日期没有填写' as detail
    from {{ ref('int_policy_standard') }} as standards
    inner join documents on standards.document_id = documents.document_id
    where standards.is_blank

),

score_sums as (

    select
        sums.document_id,
        sums.source_table_id,
        'score_weights' as rule_id,
        sums.source_table_id || '/' || sums.sum_kind || '/' || sums.sum_of as finding_key,
        sums.cell_id,
        sums.sum_of as subject,
        sums.sum_of || '：' || case sums.sum_kind
            when 'table' then '各维度分值合计应为 '
            when 'dimension' then '各项目分值之和应等于该维度的 '
            else '各小项分值之和应等于该项目的 '
        end
        || {{ plain_number('sums.printed_value') }} || '分，实际为 '
        || {{ plain_number('sums.computed_value') }} || '分' as detail
    from {{ ref('int_score_sum') }} as sums
    inner join documents on sums.document_id = documents.document_id
    where sums.printed_value <> sums.computed_value

)

select * from brackets
union all
select * from blank_dates
union all
select * from score_sums
