-- The search for causes, the third round of four: see macros/causes.sql. One row per
-- candidate chosen or equally good, identity and changed cell.
{{ cause_round(3) }}
