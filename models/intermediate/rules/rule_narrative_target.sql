-- 正文所称实行绩效目标管理的金额应与报表中的项目支出一致。
-- The money that the text says performance targets cover equals project expenditure. Not
-- every project need have a target, so that a difference is no error.
{{ narrative_equals_table('narrative_target') }}
