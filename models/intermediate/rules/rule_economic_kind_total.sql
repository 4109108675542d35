-- 经济分类：人员经费合计等于工资福利支出与对个人和家庭的补助之和，公用经费合计等于
-- 商品和服务支出与资本性支出等各类之和。
-- Economic classification: a row 人员经费合计 (公用经费合计) equals the sum of
-- the classes of that kind of expenditure (seed economic_class_measure).
{{ kind_sums_to_total('economic_kind_total') }}
