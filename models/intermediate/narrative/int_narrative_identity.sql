-- Each identity of running text with its verdict. One row per identity.
{{ identities_with_verdicts(ref('int_narrative_identity_cell')) }}
