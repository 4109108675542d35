-- 经济分类：类级科目的金额等于其款级科目之和。
-- Economic classification: the amount of a class equals the sum of the sections
-- printed below it.
{{ children_sum_to_parent('economic_children', 'economic') }}
