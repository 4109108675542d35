-- 功能分类：合计等于最上级科目（类）之和。
-- Functional classification: the total row (本年支出合计 before 总计) equals the
-- sum of the topmost codes printed in the same column.
{{ classes_sum_to_total('functional_total', 'functional') }}
