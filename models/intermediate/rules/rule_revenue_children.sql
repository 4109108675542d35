-- 政府收入分类：上级科目的收入等于其下级科目之和（项→款→类）。
-- Revenue by kind in a county's own budget: the amount of a code equals the sum of
-- the codes printed below it.
{{ children_sum_to_parent('revenue_children', 'revenue') }}
