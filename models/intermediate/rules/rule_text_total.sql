-- 文字所列各项之和等于其后（或其前）的总计、合计。
-- What a sentence lists sums to the total it names: a list that ends in 总计, or a total
-- and the formulas it consists of.
with

{{ formula_identity_cells("formulas.formula_kind <> 'expression'") }}

{{ rule_columns('text_total', 'identity_cells') }}
