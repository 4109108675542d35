-- What single lines of a document say of who publishes it, for which year and
-- stage, when and where: each claim with the words that make it and their weight.
-- Nothing is decided here. One row per document, attribute, value and line.
with

documents as (

    select * from {{ ref('stg_document') }} where is_read

),

lines as (

    select * from {{ ref('int_document_line') }}

),

paragraphs as (

    select * from {{ ref('stg_paragraph') }}

),

cells as (

    select * from {{ ref('stg_cell') }}

),

publisher_labels as (

    select * from {{ ref('publisher_label') }}

),

publication_labels as (

    select * from {{ ref('publication_label') }}

),

kinds as (

    select
        *,
        {{ split_rows(words_of_pattern('pattern'), "'|'") }} as words
    from {{ ref('document_kind') }}

),

suffixes as (

    select * from {{ ref('organization_suffix') }}

),

-- 公开01表 部门：某县水利局 金额单位：万元 without the table's number and unit. 公开, 编制 and
-- their like end a name only as part of the next label: 某县机构编制中心 编制日期：…
labelled_lines as (

    select
        *,
        {{ regex_extract('plain_text', "'^([^:]{2,16}?)(?:\\((?:公章|盖章|签章|章)\\))?:.'", 1) }} as label_text,
        {{ regex_extract(
            'plain_text',
            "'^[^:]{2,24}:((?:[\\[(]?[0-9]{3,}[\\])]?[-—_]*)?[^:0-9、。，,;]{3,40}?)(?:(?:金额)?单位:|预算年度|年度:|"
            ~ "(?:公开|公布|联系|填报|填表|编制)(?:日期|时间|年月|电话|方式|人(?:[^员才]|员?:|$)|(?:单位|部门|机关|科室)?:)|公开表?[0-9]|"
            ~ "日期|20[0-9]{2}年|$)'",
            1
        ) }} as label_value
    from (
        select
            *,
            {{ regex_replace(
                regex_replace('folded_text', "'(?:金额)?单位:(?:人民币)?[百千万亿]{0,2}元'", "''"),
                "'^[^:]{0,12}?[0-9]+(?:-[0-9]+)?表'", "''"
            ) }} as plain_text
        from lines
        where source_kind <> 'title' and {{ regex_matches('folded_text', "':'") }}
    ) as plain_lines

),

labelled_names as (

    select
        labelled_lines.*,
        publisher_labels.names,
        publisher_labels.weight,
        row_number() over (
            partition by
                labelled_lines.document_id, labelled_lines.source_kind, labelled_lines.folded_text
            order by length(publisher_labels.label) desc, publisher_labels.label
        ) as label_rank
    from labelled_lines
    inner join publisher_labels
        on
            labelled_lines.label_text = publisher_labels.label
            or (
                length(publisher_labels.label) >= 4
                and labelled_lines.label_text like '%' || publisher_labels.label
            )
    where labelled_lines.label_value is not null

),

-- 某县水利局2024年部门预算, 2024年某县水利局部门预算; a number in front is a code.
titled_lines as (

    select
        *,
        {{ regex_replace(
            regex_replace('folded_text', "'^附[件表][0-9一二三四五六七八九十]*[-_.、:]+'", "''"),
            "'^[\\[(]?[0-9]+[\\])]?[-_.、]*([^年度0-9])'", "'\\1'"
        ) }} as plain_text
    from lines

),

titled_names as (

    select
        *,
        {{ regex_extract(
            'plain_text',
            "'^(?:第.{1,2}部分)?([^0-9、。:，,]{4,40}?)20[0-9]{2}年?度?(?:区级|县级|市级)?(?:部门|单位)?(?:综合)?(?:预算|决算)'",
            1
        ) }} as name_before_year,
        {{ regex_extract(
            'plain_text',
            "'^20[0-9]{2}年?度?([^0-9、。:，,]{4,40}?)(?:部门|单位)(?:预算|决算)'",
            1
        ) }} as name_after_year,
        {{ regex_extract(
            'plain_text',
            "'^20[0-9]{2}年?度?([^0-9、。:，,]{4,40}?)(?:综合)?(?:预算|决算)(?:信息)?(?:公开)?$'",
            1
        ) }} as bare_name_after_year,
        -- 某县水利局2024年部门收支预算总表: a title of a table names it, too
        {{ regex_extract(
            'plain_text',
            "'^(?:表[0-9一二三四五六七八九十]+)?([^0-9、。:，,]{4,40}?)20[0-9]{2}年?度?[^0-9、。:，,]{2,30}表(?:[(].*[)])?$'",
            1
        ) }} as name_in_table_title
    from titled_lines

),

-- The folder of a department (01.某县应急管理局/表1.xlsx) within its county's.
own_folders as (

    select
        lines.document_id,
        lines.source_kind,
        lines.printed_text,
        lines.block,
        lines.cell_id,
        {{ regex_extract('lines.folded_text', "'^[\\[(]?[0-9]{0,3}[\\])]?[-_.、]*([^0-9.、]{4,40})(?:\\.(?:zip|ZIP))?$'", 1) }}
            as folder_name
    from lines
    inner join documents on lines.document_id = documents.document_id
    where
        lines.source_kind = 'folder'
        and lines.folded_text = {{ fold_label(regex_extract('documents.relative_path', "'([^/]+)/[^/]+$'", 1)) }}

),

raw_names as (

    select
        document_id, source_kind, printed_text, block, cell_id,
        label_value as raw_name,
        names,
        weight,
        true as is_labelled
    from labelled_names
    where label_rank = 1

    union all

    select
        document_id, source_kind, printed_text, block, cell_id,
        {{ regex_replace('name_before_year', "'^(?:关于|附件|附表|纳入)'", "''") }} as raw_name,
        'unit' as names,
        case source_kind when 'folder' then 0 when 'file_name' then 2 else 20 end as weight,
        false as is_labelled
    from titled_names
    where name_before_year is not null

    union all

    select
        document_id, source_kind, printed_text, block, cell_id,
        coalesce(name_after_year, bare_name_after_year) as raw_name,
        'unit' as names,
        case
            when source_kind = 'folder' then 0
            when source_kind = 'file_name' then 2
            when name_after_year is not null then 10
            else 9
        end as weight,
        false as is_labelled
    from titled_names
    where coalesce(name_after_year, bare_name_after_year) is not null

    union all

    select
        document_id, source_kind, printed_text, block, cell_id,
        name_in_table_title as raw_name,
        'unit' as names,
        8 as weight,
        false as is_labelled
    from titled_names
    where
        name_in_table_title is not null and name_before_year is null
        and source_kind not in ('file_name', 'folder')

    union all

    select
        document_id, source_kind, printed_text, block, cell_id,
        folder_name as raw_name,
        'unit' as names,
        0 as weight,
        false as is_labelled
    from own_folders
    where folder_name is not null

),

cleaned_names as (

    select
        *,
        {{ regex_extract('raw_name', "'^[\\[(]?([0-9]{3,})[\\])]?'", 1) }} as unit_code,
        {{ regex_replace(
            regex_replace('raw_name', "'^[\\[(]?[0-9]+[\\])]?[-—_]*'", "''"),
            "'(?:部门|单位)$'", "''"
        ) }} as clean_name
    from raw_names

),

organizations as (

    select distinct names.clean_name
    from (select distinct clean_name from cleaned_names) as names
    inner join suffixes
        on
            names.clean_name like '%' || suffixes.suffix
            or names.clean_name like '%' || suffixes.suffix || '(本级)'
            or names.clean_name like '%' || suffixes.suffix || '(机关)'

),

-- A region alone (某市某区2025年区级部门预算) publishes nothing; nor does 本部门, nor the
-- title of a table that stands before the next title (支出决算表第三部分2023年度部门决算情况说明).
names as (

    select
        cleaned_names.document_id,
        cleaned_names.source_kind,
        cleaned_names.printed_text,
        cleaned_names.block,
        cleaned_names.cell_id,
        cleaned_names.names,
        -- what only a title says, and does not end as an organisation does, counts least,
        -- and so does a name of three characters (县妇联)
        case
            when length(cleaned_names.clean_name) = 3 then 1
            when cleaned_names.is_labelled or organizations.clean_name is not null then cleaned_names.weight
            else 1
        end as weight,
        cleaned_names.is_labelled,
        cleaned_names.unit_code,
        cleaned_names.clean_name,
        organizations.clean_name is not null as is_organization
    from cleaned_names
    left join organizations on cleaned_names.clean_name = organizations.clean_name
    where
        (
            length(cleaned_names.clean_name) >= 4
            -- 办公室, 财务处: part of an organisation
            or (
                length(cleaned_names.clean_name) = 3
                and cleaned_names.is_labelled
                and cleaned_names.names = 'unit'
                and organizations.clean_name is not null
                and not {{ regex_matches('cleaned_names.clean_name', "'[室处所部站队]$|(机关|本级)$'") }}
            )
        )
        and not {{ regex_matches('cleaned_names.clean_name', "'^(本|我|各|全|该)[部单局委院校站所县区市]|^第.{1,2}部分'") }}
        and not {{ regex_matches('cleaned_names.clean_name', "'(收入|支出|收支|经费|预算|决算|总|情况|明细|拨款|分类|目标)表|第[一二三四五六七八九十]{1,2}部分|情况说明|三公经费'") }}
        and (
            organizations.clean_name is not null
            or (
                (cleaned_names.is_labelled or cleaned_names.weight > 10)
                and not {{ regex_matches('cleaned_names.clean_name', "'(省|市|县|区|旗|盟|州)(本级|级)?$'") }}
                and cleaned_names.source_kind <> 'folder'
            )
        )

),

-- The region before the year of a government's budget: its government publishes it.
government_names as (

    select
        document_id,
        source_kind,
        printed_text,
        block,
        cell_id,
        coalesce(
            {{ regex_replace(
                regex_extract(
                    'folded_text',
                    "'(?:^|关于)(?:附件[0-9]*:?)?((?:[^0-9、。:，,局委办]{2,20}?|[^0-9、。:，,局委办我全本各该])(?:县|区|市|旗|盟|州))(?:本级|级)?(?:人民)?(?:政府)?20[0-9]{2}年'",
                    1
                ),
                "'^关于'", "''"
            ) }},
            {{ regex_extract(
                'folded_text',
                "'^20[0-9]{2}年?度?((?:[^0-9、。:，,局委办全本]{2,18}?|[^0-9、。:，,局委办全本年度我各该])(?:县|区|市|旗|盟|州))(?:本级|级)?(?:人民)?(?:政府|财政|地方|一般公共预算|预算|决算|社会保险基金|国有资本)'",
                1
            ) }},
            {{ regex_extract(
                'folded_text',
                "'^(?:编制单位|单位名称|编制部门|填报单位|单位|部门):([^0-9、。:，,局委办]{2,18}?(?:县|区|市|旗|盟|州))(?:人民政府|财政局)'",
                1
            ) }}
        ) as region_name
    from lines
    where source_kind <> 'folder'

),

own_lines as (

    select
        *,
        -- 比2023年预算增加, 2023年当年执行数: another year than the document's
        {{ regex_replace('folded_text', "'[比较与同占]20[0-9]{2}年|20[0-9]{2}年当年'", "''") }} as own_text
    from lines
    where length(folded_text) <= 60

),

year_lines as (

    select
        *,
        {{ regex_extract('own_text', "'20[0-9]{2}年.{0,30}执行(?:情况)?.{0,6}?(20[0-9]{2})年'", 1) }} as planned_year,
        coalesce(
            {{ regex_extract('own_text', "'(20[0-9]{2})年?度?[^0-9。；]{0,40}(?:预算|决算|表$)'", 1) }},
            {{ regex_extract('own_text', "'(?:预算年度|预算年份|决算年度|年度|年份):(20[0-9]{2})'", 1) }}
        ) as plain_year,
        {{ regex_matches('folded_text', "'表(\\(.*\\))?$'") }} as says_table
    from own_lines

),

years as (

    select
        document_id, source_kind, printed_text, block, cell_id,
        coalesce(planned_year, plain_year) as fiscal_year,
        case when planned_year is not null then 12 when says_table then 3 else 1 end
        * case when block < 30 then 2 else 1 end
        -- running text speaks of other years, line after line; titles do not
        * case when {{ regex_matches('folded_text', "'[。；;，,%]'") }} then 1 else 10 end as weight
    from year_lines
    where coalesce(planned_year, plain_year) is not null

),

-- 一般公共预算 names money, not a stage.
stage_lines as (

    select
        *,
        {{ regex_replace('folded_text', "'(一般公共|公共财政|政府性基金|国有资本经营|国有资本|社会保险基金)预算'", "''") }}
            as stage_text
    from lines
    where source_kind <> 'folder'

),

stages as (

    select
        document_id, source_kind, printed_text, block, cell_id,
        case when {{ regex_matches('stage_text', "'决算'") }} then 'final_accounts' else 'budget' end as stage
    from stage_lines
    where
        {{ regex_matches('stage_text', "'预算|决算'") }}
        and (
            {{ regex_matches('stage_text', "'表(\\(.*\\))?$'") }}
            or {{ regex_matches('stage_text', "'20[0-9]{2}年?度?(部门|单位|区级部门|县级部门)?(预算|决算)'") }}
            -- 2024年某县水利局部门预算
            or {{ regex_matches('stage_text', "'^20[0-9]{2}年?度?[^0-9、。:，,]{4,40}(部门|单位)(预算|决算)(信息)?(公开)?(情况)?(说明|文本|报告)?$'") }}
        )

),

matched_kinds as (

    select
        lines.document_id, lines.source_kind, lines.printed_text, lines.block, lines.cell_id,
        kinds.document_kind,
        row_number() over (
            partition by lines.document_id, lines.source_kind, lines.folded_text
            order by kinds.priority
        ) as kind_rank
    from lines
    inner join kinds
        on {{ fits_pattern('lines.folded_text', 'kinds.pattern', 'kinds.words') }}
    where lines.source_kind in ('cover', 'file_name') and length(lines.folded_text) <= 60

),

-- Dates and addresses of publication count only beside a label that says so.
dated_texts as (

    select
        document_id,
        case paragraph_kind when 'property' then 'property' else 'text' end as source_kind,
        printed_text,
        block,
        cast(null as {{ dbt.type_string() }}) as cell_id,
        {{ half_width('printed_text') }} as plain_text,
        -- PubDate: 2024-02-05 in the head of a web page
        case when paragraph_kind = 'property' then lower({{ regex_extract('printed_text', "'^([^ ]+?): '", 1) }}) end
            as property_name
    from paragraphs
    where
        length(printed_text) <= 600
        and coalesce(paragraph_kind, 'text') <> 'picture'
        and {{ regex_matches('printed_text', "'20[0-9]{2}[-年/.][0-9]{1,2}[-月/.][0-9]{1,2}|https?://'") }}

    union all

    -- an information table: 发布日期 | 2024-02-05
    select
        labels.document_id,
        'table_head' as source_kind,
        labels.printed_text || ' ' || dates.printed_text as printed_text,
        0 as block,
        dates.cell_id,
        {{ half_width("labels.printed_text || ':' || dates.printed_text") }} as plain_text,
        cast(null as {{ dbt.type_string() }}) as property_name
    from cells as labels
    inner join cells as dates
        on
            labels.source_table_id = dates.source_table_id
            and labels.row_number = dates.row_number
            and labels.column_number + labels.column_span = dates.column_number
    inner join publication_labels
        on {{ regex_replace('labels.folded_text', "':$'", "''") }} = publication_labels.label

),

labelled_publications as (

    select
        *,
        {{ regex_extract(
            'plain_text',
            "'([\\p{Han}A-Za-z]{2,16})[\\s:：]*20[0-9]{2}[-年/.][0-9]{1,2}[-月/.][0-9]{1,2}'", 1
        ) }} as date_label,
        {{ regex_extract('plain_text', "'(20[0-9]{2})[-年/.][0-9]{1,2}[-月/.][0-9]{1,2}'", 1) }} as year_text,
        {{ regex_extract('plain_text', "'20[0-9]{2}[-年/.]([0-9]{1,2})[-月/.][0-9]{1,2}'", 1) }} as month_text,
        {{ regex_extract('plain_text', "'20[0-9]{2}[-年/.][0-9]{1,2}[-月/.]([0-9]{1,2})'", 1) }} as day_text,
        {{ regex_extract('plain_text', "'([\\p{Han}]{2,16})[\\s:：]*https?://'", 1) }} as url_label,
        {{ regex_extract('plain_text', "'(https?://[A-Za-z0-9._~:/?#@!$&*+=%-]+)'", 1) }} as url
    from dated_texts

),

publications as (

    select
        labelled_publications.document_id,
        publication_labels.tells,
        case publication_labels.tells
            when 'url' then labelled_publications.url
            else {{ iso_date('labelled_publications.year_text', 'labelled_publications.month_text', 'labelled_publications.day_text') }}
        end as value,
        labelled_publications.source_kind,
        labelled_publications.printed_text,
        labelled_publications.block,
        labelled_publications.cell_id,
        publication_labels.weight
    from labelled_publications
    inner join publication_labels
        on
            labelled_publications.property_name = lower(publication_labels.label)
            or (
                labelled_publications.property_name is null
                and publication_labels.tells = 'date'
                and labelled_publications.date_label like '%' || publication_labels.label
            )
            or (
                labelled_publications.property_name is null
                and publication_labels.tells = 'url'
                and labelled_publications.url_label like '%' || publication_labels.label
            )

),

-- A date that fills a line of the cover, in digits or in words, or that the name
-- of the file holds in full.
dated_lines as (

    select
        *,
        {{ digits_of_han('folded_text') }} as plain_text
    from lines
    where source_kind in ('cover', 'file_name')

),

bare_dates as (

    select
        document_id, source_kind, printed_text, block, cell_id,
        case source_kind
            when 'cover'
                then {{ iso_date(
                    regex_extract('plain_text', "'^(20[0-9]{2})年[0-9十]{1,3}月[0-9十]{1,3}日$'", 1),
                    number_of_han(regex_extract('plain_text', "'^20[0-9]{2}年([0-9十]{1,3})月[0-9十]{1,3}日$'", 1)),
                    number_of_han(regex_extract('plain_text', "'^20[0-9]{2}年[0-9十]{1,3}月([0-9十]{1,3})日$'", 1))
                ) }}
            else {{ iso_date(
                regex_extract('folded_text', "'(?:^|[^0-9])(20[0-9]{2})[-_.年][0-9]{1,2}[-_.月][0-9]{1,2}(?:[^0-9]|$)'", 1),
                regex_extract('folded_text', "'(?:^|[^0-9])20[0-9]{2}[-_.年]([0-9]{1,2})[-_.月][0-9]{1,2}(?:[^0-9]|$)'", 1),
                regex_extract('folded_text', "'(?:^|[^0-9])20[0-9]{2}[-_.年][0-9]{1,2}[-_.月]([0-9]{1,2})(?:[^0-9]|$)'", 1)
            ) }}
        end as value,
        case source_kind when 'cover' then 20 else 10 end as weight
    from dated_lines

),

claims as (

    select
        document_id,
        case names when 'department' then 'department_name' else 'unit_name' end as attribute,
        clean_name as value,
        source_kind, printed_text, block, cell_id, weight, is_organization, is_labelled
    from names

    union all

    -- where nothing else is named the department itself publishes
    select
        document_id,
        'unit_name' as attribute,
        clean_name as value,
        source_kind, printed_text, block, cell_id, weight, is_organization, is_labelled
    from names
    where names = 'department'

    union all

    select
        document_id,
        'unit_code' as attribute,
        unit_code as value,
        source_kind, printed_text, block, cell_id, weight, true as is_organization, is_labelled
    from names
    where unit_code is not null and names = 'unit' and is_labelled

    union all

    select
        document_id,
        'government_name' as attribute,
        region_name || '人民政府' as value,
        source_kind, printed_text, block, cell_id,
        case source_kind when 'file_name' then 10 else 20 end as weight,
        true as is_organization,
        false as is_labelled
    from government_names
    where region_name is not null

    union all

    select
        document_id,
        'fiscal_year' as attribute,
        fiscal_year as value,
        source_kind, printed_text, block, cell_id, weight,
        true as is_organization, false as is_labelled
    from years

    union all

    select
        document_id,
        'stage' as attribute,
        stage as value,
        source_kind, printed_text, block, cell_id, 1 as weight,
        true as is_organization, false as is_labelled
    from stages

    union all

    select
        document_id,
        'document_kind' as attribute,
        document_kind as value,
        source_kind, printed_text, block, cell_id,
        case source_kind when 'cover' then 2 else 1 end as weight,
        true as is_organization, false as is_labelled
    from matched_kinds
    where kind_rank = 1

    union all

    select
        document_id,
        case tells when 'url' then 'source_url' else 'published_date' end as attribute,
        value,
        source_kind, printed_text, block, cell_id, weight,
        true as is_organization, true as is_labelled
    from publications
    where value is not null

    union all

    select
        document_id,
        'published_date' as attribute,
        value,
        source_kind, printed_text, block, cell_id, weight,
        true as is_organization, false as is_labelled
    from bare_dates
    where value is not null

)

select claims.*
from claims
inner join documents on claims.document_id = documents.document_id
