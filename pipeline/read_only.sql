-- What makes a session on a published warehouse harmless, beside opening it read-only:
-- no other file, no network, no extension, and no way to switch that on again.
set autoinstall_known_extensions = false;
set autoload_known_extensions = false;
-- Names need no schema. An exported copy has no raw layer.
set variable search_path = (
    select string_agg(schemas.schema_name, ',' order by orders.place)
    from duckdb_schemas() as schemas
    inner join (values ('marts', 1), ('audit', 2), ('raw', 3), ('meta', 4)) as orders (name, place)
        on schemas.schema_name = orders.name
    where schemas.database_name = current_database()
);
set search_path = getvariable('search_path');
-- The bar would run into the answer.
set enable_progress_bar = false;
-- A query gets half of the memory, so that a careless one does not take a build along.
set memory_limit = '50%';
set enable_external_access = false;
set lock_configuration = true;
