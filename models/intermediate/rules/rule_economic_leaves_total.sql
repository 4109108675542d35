-- 经济分类：合计等于各末级科目（款）之和，不经类级。
-- Economic classification: the total row equals the sum of the codes that have none
-- below them in the same column, past the rows of classes.
{{ classes_sum_to_total('economic_leaves_total', 'economic', past_rows_between=true) }}
