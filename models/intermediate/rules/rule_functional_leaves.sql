-- 功能分类：类级科目的金额等于其下末级科目（项）之和，不经款级。
-- Functional classification: the amount of a code equals the sum of the codes below it
-- that have none below them, past the rows between. Where a row between is misprinted
-- this one holds.
{{ children_sum_to_parent('functional_leaves', 'functional', past_rows_between=true) }}
