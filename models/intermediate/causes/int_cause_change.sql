-- What the search for causes found: each cause with the changes that would mend it,
-- the best first. One row per cause, candidate, identity and changed cell.
{% for number in range(1, 5) %}
select * from {{ ref('int_cause_round_' ~ number) }}
{% if not loop.last %}union all{% endif %}
{% endfor %}
