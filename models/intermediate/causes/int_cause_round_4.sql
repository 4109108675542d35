-- The search for causes, the fourth round of four: see macros/causes.sql. One row per
-- candidate chosen or equally good, identity and changed cell.
{{ cause_round(4, is_last=true) }}
