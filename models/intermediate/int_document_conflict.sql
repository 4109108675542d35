-- Where the sources of a document contradict each other, and where documents stand
-- side by side in a way that arithmetic alone cannot settle. One row per cause and
-- alternative, in the columns of a finding.
with

documents as (

    select * from {{ ref('int_document') }} where reason_code is null

),

claims as (

    select * from {{ ref('int_document_claim') }}

),

titles as (

    select * from {{ ref('int_table_title') }} where is_money

),

document_regions as (

    select * from {{ ref('int_document_region') }} where is_chosen

),

region_names as (

    select name from {{ ref('region') }}

),

prefixes as (

    select * from {{ ref('int_region_prefix') }}

),

unit_names as (

    select * from {{ ref('int_unit_name') }}

),

known_names as (

    select short_name as name, long_name from {{ ref('organization_alias') }}

),

statuses as (

    select * from {{ ref('int_document_status') }}

),

pairs as (

    select * from {{ ref('int_edition_pair') }}

),

spending as (

    select * from {{ ref('int_spending_functional') }}

),

units as (

    select * from {{ ref('int_unit') }}

),

parents as (

    select * from {{ ref('int_unit_parent') }}

),

-- Years that the title, the name of the file or the title of a statement gives.
year_witnesses as (

    select
        claims.document_id,
        cast(claims.value as integer) as other_year,
        claims.printed_text,
        '文件名“' || claims.printed_text || '”' as witness,
        cast(null as {{ dbt.type_string() }}) as source_table_id
    from claims
    where claims.attribute = 'fiscal_year' and claims.source_kind = 'file_name'

    union

    select
        document_id,
        cast(title_year as integer) as other_year,
        title as printed_text,
        '标题“' || title || '”' as witness,
        cast(null as {{ dbt.type_string() }}) as source_table_id
    from (
        select
            document_id,
            title,
            coalesce(
                {{ regex_extract(fold_label('title'), "'20[0-9]{2}年.{0,30}执行(?:情况)?.{0,6}?(20[0-9]{2})年'", 1) }},
                {{ regex_extract(fold_label('title'), "'(20[0-9]{2})年?度?[^0-9。；]{0,40}(?:预算|决算)'", 1) }}
            ) as title_year
        from documents
    ) as titled
    where title_year is not null

    union

    select
        document_id,
        cast(title_year as integer) as other_year,
        title as printed_text,
        '表名“' || title || '”' as witness,
        source_table_id
    from (
        select
            document_id,
            source_table_id,
            title,
            {{ regex_extract('folded_title', "'^[^0-9]{0,30}(20[0-9]{2})年'", 1) }} as title_year
        from titles
    ) as headed
    where title_year is not null

),

conflicting_years as (

    select
        documents.document_id,
        year_witnesses.source_table_id,
        'conflicting_year' as rule_id,
        documents.document_id as finding_key,
        cast(null as {{ dbt.type_string() }}) as cell_id,
        '采用' || cast(documents.fiscal_year as {{ dbt.type_string() }}) || '年' as subject,
        year_witnesses.witness || '为' || cast(year_witnesses.other_year as {{ dbt.type_string() }}) || '年，采用'
        || cast(documents.fiscal_year as {{ dbt.type_string() }}) || '年' as detail
    from documents
    inner join year_witnesses
        on
            documents.document_id = year_witnesses.document_id
            and documents.fiscal_year <> year_witnesses.other_year
            -- 2023年财政决算及2024年预算公开 names both
            and not (
                year_witnesses.other_year < documents.fiscal_year
                and {{ fold_label('year_witnesses.printed_text') }}
                like '%' || cast(documents.fiscal_year as {{ dbt.type_string() }}) || '年%'
            )
    where documents.document_kind in ('budget', 'final_accounts', 'government_budget')

),

publisher_witnesses as (

    select
        claims.document_id,
        claims.value,
        claims.cell_id,
        case claims.source_kind
            when 'file_name' then '文件名“'
            when 'table_head' then '表头“'
            else '标题“'
        end || claims.printed_text || '”' as witness,
        max(length(prefixes.prefix)) as prefix_length
    from claims
    left join document_regions on claims.document_id = document_regions.document_id
    left join prefixes
        on
            document_regions.region_code = prefixes.region_code
            and claims.value like prefixes.prefix || '%'
    where
        claims.attribute = 'unit_name'
        and claims.is_organization
        and (
            (claims.weight >= 20 and claims.source_kind in ('cover', 'title', 'table_head'))
            or claims.source_kind = 'file_name'
        )
    group by claims.document_id, claims.value, claims.cell_id, claims.source_kind, claims.printed_text

),

compared_publishers as (

    select
        documents.document_id,
        documents.unit_name,
        publisher_witnesses.cell_id,
        publisher_witnesses.witness,
        publisher_witnesses.value,
        substr(publisher_witnesses.value, coalesce(publisher_witnesses.prefix_length, 0) + 1) as plain_value,
        unit_names.canonical_name,
        unit_names.local_name
    from documents
    inner join publisher_witnesses on documents.document_id = publisher_witnesses.document_id
    inner join unit_names
        on
            documents.document_id = unit_names.document_id
            and {{ fold_label('documents.unit_name') }} = unit_names.folded_name
    where
        documents.document_kind in ('budget', 'final_accounts')
        and publisher_witnesses.value <> documents.unit_name
        and publisher_witnesses.value <> coalesce(documents.department_name, '')

),

-- 妇女联合会 on one page and 妇联 on the other.
full_names as (

    select
        compared.document_id,
        compared.value,
        known_names.long_name || substr(compared.plain_value, length(known_names.name) + 1) as full_value
    from compared_publishers as compared
    inner join known_names on compared.plain_value like known_names.name || '%'

),

-- The name with or without its region, its office or a word more is the same name;
-- with another region in front it is another office's.
conflicting_publishers as (

    select
        compared.document_id,
        cast(null as {{ dbt.type_string() }}) as source_table_id,
        'conflicting_publisher' as rule_id,
        compared.document_id as finding_key,
        compared.cell_id,
        '采用' || compared.unit_name as subject,
        compared.witness || '写的是' || compared.value || '，采用' || compared.unit_name as detail
    from compared_publishers as compared
    left join region_names
        on compared.plain_value = region_names.name || compared.local_name
    where
        region_names.name is not null
        or not (
            compared.plain_value like '%' || compared.local_name || '%'
            or compared.local_name like '%' || compared.plain_value || '%'
            or compared.plain_value like '%' || compared.canonical_name || '%'
            or compared.canonical_name like '%' || compared.plain_value || '%'
            or exists (
                select 1
                from full_names
                where
                    full_names.document_id = compared.document_id
                    and full_names.value = compared.value
                    and (
                        full_names.full_value like '%' || compared.canonical_name || '%'
                        or compared.canonical_name like '%' || full_names.full_value || '%'
                    )
            )
        )

),

competing_versions as (

    select
        case when one.relative_path > other.relative_path then one.document_id else other.document_id end
            as document_id,
        cast(null as {{ dbt.type_string() }}) as source_table_id,
        'competing_versions' as rule_id,
        pairs.document_id || '/' || pairs.other_document_id as finding_key,
        cast(null as {{ dbt.type_string() }}) as cell_id,
        one.file_name || ' 与 ' || other.file_name as subject,
        one.file_name || '（' || pairs.document_id || '）与 ' || other.file_name || '（'
        || pairs.other_document_id || '）为同一单位同一年度的公开文件，'
        || cast(pairs.shared_count as {{ dbt.type_string() }}) || ' 个共有数字中有 '
        || cast(pairs.changed_count as {{ dbt.type_string() }})
        || ' 个不同，没有发布日期或更正标记可以判断先后；汇总时每张报表只取其中一份' as detail
    from pairs
    inner join documents as one on pairs.document_id = one.document_id
    inner join documents as other on pairs.other_document_id = other.document_id
    inner join statuses as one_status
        on
            pairs.document_id = one_status.document_id
            and one_status.status = 'loaded'
    inner join statuses as other_status
        on
            pairs.other_document_id = other_status.document_id
            and other_status.status = 'loaded'
    where pairs.relation = 'version' and pairs.earlier_document_id is null

),

department_sources as (

    select distinct
        document_id,
        owner_key,
        fiscal_year,
        stage,
        department_verdict
    from spending
    where department_verdict in ('by_department', 'apart')

),

-- The units whose documents are left out beside their department's; others of it may be
-- there, of which no document says so, and count.
left_out_units as (

    select distinct
        department_sources.document_id,
        department_sources.owner_key,
        case
            when spending.unit_id = department_sources.owner_key then '其本级'
            else units.unit_name
        end as unit_name
    from department_sources
    inner join spending
        on
            department_sources.fiscal_year = spending.fiscal_year
            and department_sources.stage = spending.stage
            and spending.spending_place = 'within_department'
    inner join units on spending.unit_id = units.unit_id
    left join parents on spending.unit_id = parents.unit_id
    where
        department_sources.department_verdict = 'by_department'
        and (
            parents.parent_unit_id = department_sources.owner_key
            or spending.owner_key = department_sources.owner_key || '/office'
        )

),

left_out as (

    select
        document_id,
        owner_key,
        {{ string_aggregate('unit_name', "'、'", 'unit_name') }} as unit_names
    from left_out_units
    group by document_id, owner_key

),

departments_beside_units as (

    select
        department_sources.document_id,
        cast(null as {{ dbt.type_string() }}) as source_table_id,
        'department_beside_units' as rule_id,
        department_sources.document_id as finding_key,
        cast(null as {{ dbt.type_string() }}) as cell_id,
        units.unit_name as subject,
        case department_sources.department_verdict
            when 'by_department'
                then
                    '部门文件没有分单位数据，已公开的下属单位数据包含在部门数据之内但不是其全部，汇总采用部门数据，'
                    || coalesce(left_out.unit_names, '下属单位') || '的文件不再计入'
            else '部门文件没有分单位数据，下属单位的数据不能包含在部门数据之内，视为部门本级，汇总时两者都计入'
        end as detail
    from department_sources
    inner join units on department_sources.owner_key = units.unit_id
    left join left_out
        on
            department_sources.document_id = left_out.document_id
            and department_sources.owner_key = left_out.owner_key

)

select * from conflicting_years
union
select * from conflicting_publishers
union
select * from competing_versions
union
select * from departments_beside_units
