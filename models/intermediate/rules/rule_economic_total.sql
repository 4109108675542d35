-- 经济分类：合计等于最上级科目（类）之和。
-- Economic classification: the total row equals the sum of the topmost codes
-- printed in the same column.
{{ classes_sum_to_total('economic_total', 'economic') }}
