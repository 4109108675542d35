-- 经济分类：人员经费合计（公用经费合计）等于所属各类下末级科目（款）之和，不经类级。
-- Economic classification: a row 人员经费合计 (公用经费合计) equals the codes that have none
-- below them of the classes of that kind (seed economic_class_measure), past the rows
-- of classes.
{{ kind_sums_to_total('economic_kind_leaves', past_rows_between=true) }}
