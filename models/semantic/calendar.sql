-- The days of the years that disclosures may be of; the semantic layer asks for them.
{{ config(materialized='view', schema='intermediate') }}

{{ days_between('2010-01-01', '2039-12-31') }}
