-- 文字中的算式按印列的数字重新计算，应等于印列的结果（人数、标准为准确数，结果按末位的区间比较）。
-- A formula in the text, computed again from what it prints, gives its printed result:
-- counts and standards are exact, the result is known to its last place.
with

{{ formula_identity_cells("formulas.formula_kind = 'expression'") }}

{{ rule_columns('text_formula', 'identity_cells') }}
