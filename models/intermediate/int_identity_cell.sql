-- All cells of all identities that the rules form. One row per identity, cell
-- and role.
{% for rule in rule_models() %}
select * from {{ ref('rule_' ~ rule) }}
{% if not loop.last %}union all{% endif %}
{% endfor %}
