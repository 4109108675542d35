-- Each identity of the tables with its verdict. One row per identity.
{{ identities_with_verdicts(ref('int_identity_cell'), ref('int_identity_gap')) }}
