{# What Apache Spark lacks or does differently, apart from single functions: those
   stand beside their DuckDB spelling in the other files. #}

{# A pattern of RE2 (DuckDB) for java.util.regex, with the same matches: `$` is the very
   end of the text, `.` is everything but a line feed, `\s` has no vertical tab. A
   pattern that is computed may use no more of these than `$` outside brackets. #}
{% macro java_pattern(pattern) -%}
    {%- set literal = pattern | trim -%}
    {%- if modules.re.fullmatch("'(?:[^']|'')*'", literal) -%}
        {%- set java = namespace(text="'(?d)") -%}
        {%- for token in modules.re.findall('\\\\p\\{Han\\}|\\\\.|\\[\\^?(?:\\\\.|[^\\]\\\\])*\\]|[^\\\\]', literal[1:-1]) -%}
            {%- if token == '$' -%}
                {%- set java.text = java.text ~ '\\z' -%}
            {%- elif token == '\\s' -%}
                {%- set java.text = java.text ~ '[\\t\\n\\f\\r ]' -%}
            {%- elif token == '\\S' -%}
                {%- set java.text = java.text ~ '[^\\t\\n\\f\\r ]' -%}
            {%- elif token[0] == '[' -%}
                {%- set java.text = java.text ~ token.replace('\\s', '\\t\\n\\f\\r ').replace('\\p{Han}', '\\p{IsHan}') -%}
            {%- else -%}
                {%- set java.text = java.text ~ token.replace('\\p{Han}', '\\p{IsHan}') -%}
            {%- endif -%}
        {%- endfor -%}
        {{ return(java.text ~ "'") }}
    {%- else -%}
        {{ return("'(?d)' || replace(" ~ literal ~ ", '$', '\\z')") }}
    {%- endif -%}
{%- endmacro %}

{# Of dbt-spark, which writes NULL of a seed as the word None and loses quotes. #}
{% macro spark__load_csv_rows(model, agate_table) -%}
    {%- set column_types = model['config'].get('column_types', {}) -%}
    {%- set names = agate_table.column_names -%}
    {%- set types = [] -%}
    {%- for name in names -%}
        {%- do types.append(column_types.get(name, adapter.convert_type(agate_table, loop.index0))) -%}
    {%- endfor -%}
    {%- for rows in agate_table.rows | batch(get_batch_size()) -%}
        {%- set sql -%}
            insert into {{ this.render() }}
            select {% for type in types %}cast({{ '`' ~ names[loop.index0] ~ '`' }} as {{ type }}){{ ', ' if not loop.last }}{% endfor %}
            from values
            {% for row in rows -%}
                ({% for value in row %}
                    {%- if value is none %}cast(null as string){% else %}'{{ value | string | replace("'", "' || chr(39) || '") }}'{% endif %}{{ ', ' if not loop.last }}
                {%- endfor %}){{ ', ' if not loop.last }}
            {% endfor -%}
            as seed (`{{ names | join('`, `') }}`)
        {%- endset -%}
        {%- do adapter.add_query(sql, abridge_sql_log=True) -%}
    {%- endfor -%}
    {{ return('') }}
{%- endmacro %}

{# The columns that a contract promises, in Spark's names of types. #}
{% macro spark__get_empty_schema_sql(columns) -%}
    select
    {% for column in columns.values() %}
        cast(null as {{ column['data_type'] | replace('timestamp with time zone', 'timestamp') }}) as {{ column['name'] }}{{ ',' if not loop.last }}
    {% endfor %}
    where false
{%- endmacro %}

{# Of dbt-spark, which escapes the separator for another setting of the parser. #}
{% macro spark__split_part(string_text, delimiter_text, part_number) -%}
    split_part({{ string_text }}, {{ delimiter_text }}, {{ part_number }})
{%- endmacro %}

{# The body of the expression `name` in a `with recursive`: the members of `seeds`, and
   whatever `edges` leads to from one of them. An edge leads from its column `source` to
   its column `member`. The model fails if Spark needs more rounds. #}
{% macro closure(name, member, seeds, edges, source, rounds=1000) -%}
    {{ return(adapter.dispatch('closure')(name, member, seeds, edges, source, rounds)) }}
{%- endmacro %}
{% macro default__closure(name, member, seeds, edges, source, rounds) -%}
    select {{ member }} from {{ seeds }}
    union
    select {{ edges }}.{{ member }}
    from {{ edges }}
    inner join {{ name }} on {{ edges }}.{{ source }} = {{ name }}.{{ member }}
{%- endmacro %}
{# A recursion of Spark knows `union all` alone and would go round a ring for ever. So
   the members become a table, to which `close_step` adds until nothing is new. #}
{% macro spark__closure(name, member, seeds, edges, source, rounds) -%}
    select distinct
        {{ member }},
        0 as round
    from {{ seeds }} /* closed over {{ edges }} from {{ source }} to {{ member }} in {{ rounds }} rounds */
{%- endmacro %}

{# Adds to the table `step` what the edges lead to from those of the round before, until
   a round adds nothing. #}
{% macro close_step(step, edges, source, member, rounds) -%}
    {%- set closed = namespace(is_so=false) -%}
    {%- for round in range(1, rounds + 1) -%}
        {%- if not closed.is_so -%}
            {%- do run_query(
                'insert into ' ~ step ~ ' select distinct edges.' ~ member ~ ', ' ~ round
                ~ ' from (' ~ edges ~ ') as edges'
                ~ ' inner join ' ~ step ~ ' as known on edges.' ~ source ~ ' = known.' ~ member
                ~ ' left anti join ' ~ step ~ ' as present on edges.' ~ member ~ ' = present.' ~ member
                ~ ' where known.round = ' ~ (round - 1)
            ) -%}
            {%- set added = run_query('select count(*) from ' ~ step ~ ' where round = ' ~ round) -%}
            {%- set closed.is_so = added.rows[0][0] == 0 -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if not closed.is_so -%}
        {{ exceptions.raise_compiler_error(step ~ ' is not closed after ' ~ rounds ~ ' rounds') }}
    {%- endif -%}
{%- endmacro %}

{# Spark puts a common table expression in the place of each of its names, and those
   that it names in turn: in a long model thousands of times, each planned and read by
   itself. Where an expression would be repeated over a dozen relations or more, it
   becomes a table of the schema `steps`, gone after the build; so does a closure. #}
{% macro spark__create_table_as(temporary, relation, compiled_code, language='sql') -%}
    {%- set expressions = modules.re.findall('(?ms)^([a-z_0-9]+) as \\(\n(.*?)\n\\),?$', compiled_code) if execute else [] -%}
    {%- set closed = '/\\* closed over (\\w+) from (\\w+) to (\\w+) in (\\d+) rounds \\*/' -%}
    {%- set all_named = named_relations(compiled_code) -%}
    {%- set sizes = {} -%}
    {%- set steps = [] -%}
    {%- set before = [] -%}
    {%- for name, body in expressions -%}
        {%- set relations = namespace(count=0) -%}
        {%- for named in named_relations(body) -%}
            {%- set relations.count = relations.count + sizes.get(named, 1) -%}
        {%- endfor -%}
        {%- set expression = namespace(body=body) -%}
        {%- set closure = modules.re.search(closed, body) -%}
        {%- if closure or (relations.count > 1 and relations.count * (all_named.count(name) - 1) >= 12) -%}
            {%- set step = 'steps.' ~ relation.identifier ~ '__' ~ name -%}
            {%- set above = 'with ' ~ (before | join(', ')) if before else '' -%}
            {%- do run_query('create schema if not exists steps') -%}
            {%- do run_query('drop table if exists ' ~ step) -%}
            {%- do run_query('create table ' ~ step ~ ' as ' ~ above ~ '\n' ~ body) -%}
            {%- if closure -%}
                {%- set edges = above ~ ' select * from ' ~ closure.group(1) -%}
                {%- do close_step(step, edges, closure.group(2), closure.group(3), closure.group(4) | int) -%}
            {%- endif -%}
            {%- set expression.body = 'select * from ' ~ step -%}
            {%- do steps.append(step) -%}
            {%- do sizes.update({name: 1}) -%}
        {%- else -%}
            {%- do sizes.update({name: [relations.count, 1] | max}) -%}
        {%- endif -%}
        {%- do before.append(name ~ ' as (\n' ~ expression.body ~ '\n)') -%}
    {%- endfor -%}
    {%- set code = 'with ' ~ (before | join(', ')) ~ modules.re.split('(?m)^\\),?$', compiled_code)[-1] if steps else compiled_code -%}
    {{ return(dbt.spark__create_table_as(temporary, relation, code, language)) }}
{%- endmacro %}

{# What a statement reads from, each as often as it is named. #}
{% macro named_relations(sql) -%}
    {{ return(modules.re.findall('\\b(?:from|join)\\s+([\\w.`]+)', modules.re.sub('--.*', '', sql))) }}
{%- endmacro %}
