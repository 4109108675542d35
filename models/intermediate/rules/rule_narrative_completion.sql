-- 文字中的完成率等于决算数除以预算数（预算为零时不比较）。
-- The completion that the text gives is the final amount over its budget, within the
-- last printed place. The budget is the one that the sentence names, else the last one of the same
-- subject before it. Of a budget of nothing nothing can be completed.
with

figures as (

    select * from {{ ref('int_narrative_operand') }}

),

completions as (

    select
        rates.cell_id,
        rates.document_id,
        rates.figure_number,
        rates.whole_cell_id,
        finals.cell_id as final_cell_id,
        finals.subject_key
    from figures as rates
    inner join figures as finals on rates.owner_cell_id = finals.cell_id
    where rates.meaning = 'completion' and finals.meaning = 'amount'

),

bases as (

    select
        completions.cell_id,
        budgets.cell_id as base_cell_id,
        row_number() over (
            partition by completions.cell_id
            order by
                case when budgets.cell_id = completions.whole_cell_id then 0 else 1 end,
                budgets.figure_number desc
        ) as base_rank
    from completions
    inner join figures as budgets
        on
            completions.document_id = budgets.document_id
            and (
                budgets.cell_id = completions.whole_cell_id
                or (
                    budgets.subject_key = completions.subject_key
                    and budgets.phase in ('budget', 'adjusted_budget')
                    and budgets.figure_number between completions.figure_number - 4 and completions.figure_number
                )
            )
    where
        budgets.meaning = 'amount'
        and budgets.cell_id <> completions.final_cell_id

),

triples as (

    select
        completions.cell_id as percent_cell_id,
        completions.final_cell_id as part_cell_id,
        bases.base_cell_id
    from completions
    inner join bases on completions.cell_id = bases.cell_id
    where bases.base_rank = 1

),

{{ percentage_of_base('narrative_completion') }}
