"""The way of a build: ingest, load, dbt, expectations, publication, summary."""
