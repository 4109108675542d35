-- All figures and cells of all identities that the rules of running text form. One row
-- per identity, cell and role.
{% for rule in narrative_rule_models() %}
select * from {{ ref('rule_' ~ rule) }}
{% if not loop.last %}union all{% endif %}
{% endfor %}
