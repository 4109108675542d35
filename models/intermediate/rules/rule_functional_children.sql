-- 功能分类：上级科目的金额等于其下级科目之和（项→款→类）。
-- Functional classification: the amount of a code equals the sum of the codes
-- printed below it (项 into 款 into 类; where a level is skipped, the next one).
{{ children_sum_to_parent('functional_children', 'functional') }}
