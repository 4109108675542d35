-- 功能分类：合计等于各末级科目（项）之和，不经类、款。
-- Functional classification: the total row equals the sum of the codes that have none
-- below them in the same column, past the rows between.
{{ classes_sum_to_total('functional_leaves_total', 'functional', past_rows_between=true) }}
