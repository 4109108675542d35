-- 正文中的金额应与报表中同一口径的金额一致。
-- An amount of running text equals the amount that the tables of its document print with
-- the same meaning (int_narrative_match). A copy proves nothing, but it may contradict.
{{ narrative_equals_table('narrative_table') }}
