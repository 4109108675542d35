-- Findings that are no arithmetic: codes and names that disagree, names of older
-- editions, what could not be read. One row per finding and cell it names;
-- `finding_key` gathers the cells of one cause.
with

documents as (

    select * from {{ ref('int_document') }}

),

scans as (

    select * from {{ ref('stg_document') }} where is_read and scanned_pages is not null

),

tables as (

    select * from {{ ref('int_table') }}

),

statements as (

    select * from {{ ref('statement') }}

),

resolutions as (

    select * from {{ ref('int_row_resolution') }}

),

row_codes as (

    select * from {{ ref('int_row_code') }}

),

amounts as (

    select * from {{ ref('int_amount') }}

),

amount_cells as (

    select * from {{ ref('int_amount_cell') }}

),

columns as (

    select * from {{ ref('int_column') }}

),

cells as (

    select * from {{ ref('stg_cell') }}

),

gaps as (

    select * from {{ ref('int_reading_gap') }} where gap_kind = 'column_not_understood'

),

reasons as (

    select * from {{ ref('status_reason') }}

),

forms as (

    select distinct source_table_id from {{ ref('int_target_indicator') }}

),

target_gaps as (

    select * from {{ ref('int_target_gap') }}

),

target_cells as (

    select * from {{ ref('int_target_cell') }}

),

outside_figures as (

    select
        *,
        document_id || '/' || cast(coalesce(page, 0) as {{ dbt.type_string() }}) as finding_key
    from {{ ref('int_figures_outside') }}

),

titles_alone as (

    select
        *,
        document_id || '/' || cast(block as {{ dbt.type_string() }}) as finding_key
    from {{ ref('int_title_without_table') }}

),

-- What documents say against themselves and against each other.
document_conflicts as (

    select * from {{ ref('int_document_conflict') }}

),

resource_findings as (

    select * from {{ ref('int_finding_resource') }}

),

target_findings as (

    select * from {{ ref('int_finding_target') }}

),

policy_findings as (

    select * from {{ ref('int_finding_policy') }}

),

spans as (

    select * from {{ ref('int_text_span') }}

),

set_findings as (

    select * from {{ ref('int_finding_set') }}

),

rows_with_amounts as (

    select distinct source_table_id, row_number, pane_number
    from amounts

),

-- A document that numbers a class in its own way makes one finding of it.
conflicts as (

    select
        resolutions.document_id,
        resolutions.source_table_id,
        'code_name_conflict' as rule_id,
        resolutions.document_id || '/' || resolutions.classification || '/'
        || case
            when resolutions.classification = 'functional' then resolutions.printed_code || resolutions.plain_name
            else substr(resolutions.printed_code, 1, 3)
        end as finding_key,
        coalesce(row_codes.code_cell_id, row_codes.name_cell_id) as cell_id,
        resolutions.printed_code || ' ' || resolutions.printed_name as subject,
        resolutions.printed_code || ' ' || resolutions.printed_name
        || case
            when resolutions.official_name_of_printed is not null
                then '（该编码的规范名称为' || resolutions.official_name_of_printed || '）'
            else '（该编码不在科目表中）'
        end
        || case
            when resolutions.resolved_code is not null
                then '，按名称应为 ' || resolutions.resolved_code || '，且上级科目之和相符'
            else '，名称无法确定对应科目，未归入任何科目'
        end as detail
    from resolutions
    inner join row_codes
        on
            resolutions.source_table_id = row_codes.source_table_id
            and resolutions.row_number = row_codes.row_number
            and resolutions.pane_number = row_codes.pane_number
            and resolutions.slot = row_codes.slot
    inner join rows_with_amounts
        on
            resolutions.source_table_id = rows_with_amounts.source_table_id
            and resolutions.row_number = rows_with_amounts.row_number
            and resolutions.pane_number = rows_with_amounts.pane_number
    where resolutions.code_basis = 'conflict'

),

old_names as (

    select
        resolutions.document_id,
        resolutions.source_table_id,
        'old_name' as rule_id,
        resolutions.document_id || '/' || resolutions.classification || '/' || resolutions.resolved_code as finding_key,
        coalesce(row_codes.name_cell_id, row_codes.code_cell_id) as cell_id,
        resolutions.printed_name as subject,
        resolutions.printed_name || '（现行名称为' || resolutions.resolved_name || '）' as detail
    from resolutions
    inner join row_codes
        on
            resolutions.source_table_id = row_codes.source_table_id
            and resolutions.row_number = row_codes.row_number
            and resolutions.pane_number = row_codes.pane_number
            and resolutions.slot = row_codes.slot
    inner join rows_with_amounts
        on
            resolutions.source_table_id = rows_with_amounts.source_table_id
            and resolutions.row_number = rows_with_amounts.row_number
            and resolutions.pane_number = rows_with_amounts.pane_number
    where resolutions.name_kind = 'old_name' and resolutions.code_basis in ('printed', 'name')

),

-- In a balance too, a line that names no function is a line not understood.
unresolved as (

    select
        resolutions.document_id,
        resolutions.source_table_id,
        'unresolved_name' as rule_id,
        resolutions.document_id || '/' || resolutions.classification || '/' || resolutions.plain_name as finding_key,
        coalesce(row_codes.name_cell_id, row_codes.code_cell_id) as cell_id,
        resolutions.printed_name as subject,
        resolutions.printed_name || '（无编码，名称不能唯一对应到一个科目）' as detail
    from resolutions
    inner join row_codes
        on
            resolutions.source_table_id = row_codes.source_table_id
            and resolutions.row_number = row_codes.row_number
            and resolutions.pane_number = row_codes.pane_number
            and resolutions.slot = row_codes.slot
    inner join amounts
        on
            resolutions.source_table_id = amounts.source_table_id
            and resolutions.row_number = amounts.row_number
            and resolutions.pane_number = amounts.pane_number
            and (amounts.fact in ('functional', 'economic') or amounts.family = 'revenue_code')
    where resolutions.code_basis = 'unresolved'

),

lost_rows as (

    select
        document_id,
        source_table_id,
        'row_not_understood' as rule_id,
        document_id || '/' || statement || '/' || coalesce(side, '') || '/' || coalesce(plain_label, '') as finding_key,
        cell_id,
        coalesce(row_name, '（无名称）') as subject,
        coalesce(row_name, '（无名称）') || ' ' || printed_text as detail
    from amounts
    where
        fact is null
        and not is_unread_column
        and not is_contradicting
        -- 接待批次 and 车辆保有量 are no amounts
        and coalesce(label_kind, '') <> 'count'
        and cell_id not in (select resources.cell_id from {{ ref('int_resource') }} as resources)

),

-- 会议费 | 1.20 below columns of other amounts, each number with the words before it.
unplaced_rows as (

    select
        numbers.document_id,
        numbers.source_table_id,
        'row_not_understood' as rule_id,
        numbers.source_table_id || '/' || labels.folded_text as finding_key,
        numbers.cell_id,
        {{ trimmed('labels.printed_text') }} as subject,
        {{ trimmed('labels.printed_text') }} || ' ' || numbers.printed_text as detail,
        row_number() over (
            partition by numbers.cell_id order by labels.column_number desc
        ) as label_rank
    from {{ ref('int_reading_gap') }} as gaps
    inner join {{ ref('stg_table_row') }} as table_rows
        on
            gaps.source_table_id = table_rows.source_table_id
            and gaps.row_number = table_rows.row_number
            and table_rows.row_kind = 'unplaced'
    inner join cells as numbers on gaps.cell_id = numbers.cell_id
    inner join cells as labels
        on
            gaps.source_table_id = labels.source_table_id
            and gaps.row_number = labels.row_number
            and labels.column_number < gaps.column_number
            and not labels.is_number
            and labels.folded_text <> ''

),

lost_columns as (

    select
        cells.document_id,
        cells.source_table_id,
        'column_not_understood' as rule_id,
        cells.source_table_id || '/' || cast(cells.column_number as {{ dbt.type_string() }}) as finding_key,
        cells.cell_id,
        coalesce(columns.label_path, '（无栏目名称）') as subject,
        coalesce(columns.label_path, '（无栏目名称）') as detail
    from gaps
    inner join cells on gaps.cell_id = cells.cell_id
    left join columns
        on
            cells.source_table_id = columns.source_table_id
            and cells.column_number = columns.column_number

),

unreadable as (

    select
        document_id,
        source_table_id,
        'unreadable_amount' as rule_id,
        source_table_id || '/' || cell_id as finding_key,
        cell_id,
        substr({{ trimmed('printed_text') }}, 1, 40) as subject,
        '“' || substr({{ trimmed('printed_text') }}, 1, 60) || '”' as detail
    from amount_cells
    where amount_yuan is null

),

-- What a table calls itself that is no known statement.
printed_titles as (

    select
        source_table_id,
        printed_text
    from (
        select
            source_table_id,
            printed_text,
            row_number() over (partition by source_table_id order by distance, printed_text) as title_rank
        from {{ ref('int_table_caption') }}
        where {{ regex_matches('folded_text', "'表([(].*[)])?$'") }} and length(folded_text) between 3 and 60
    ) as ranked_captions
    where title_rank = 1

),

lost_tables as (

    select
        tables.document_id,
        tables.source_table_id,
        'table_not_understood' as rule_id,
        tables.source_table_id as finding_key,
        cast(null as {{ dbt.type_string() }}) as cell_id,
        coalesce(tables.title, printed_titles.printed_text, '（无表名）') as subject,
        coalesce(tables.title, printed_titles.printed_text, '（无表名）') || '：'
        || {{ regex_replace('coalesce(reasons.message_zh, tables.reason_code)', "'。$'", "''") }} as detail
    from tables
    left join reasons on tables.reason_code = reasons.reason_code
    left join printed_titles on tables.source_table_id = printed_titles.source_table_id
    where tables.status = 'not_understood'

),

lost_title_words as (

    select
        document_id,
        source_table_id,
        'title_not_understood' as rule_id,
        source_table_id as finding_key,
        cast(null as {{ dbt.type_string() }}) as cell_id,
        title as subject,
        title || '：“' || words || '”不在词表中' as detail
    from {{ ref('int_title_gap') }}

),

-- Together they would count twice what is of several units.
repeated_statements as (

    select
        document_id,
        source_table_id,
        'statement_repeated' as rule_id,
        document_id as finding_key,
        cell_id,
        title as subject,
        '“' || title || '”再次出现，合计 ' || {{ trimmed('printed_text') }}
        || '，首次为 ' || {{ trimmed('first_text') }} as detail
    from {{ ref('int_statement_repeat') }}

),

inferred_units as (

    select
        tables.document_id,
        tables.source_table_id,
        'unit_from_figures' as rule_id,
        tables.source_table_id as finding_key,
        cast(null as {{ dbt.type_string() }}) as cell_id,
        tables.title as subject,
        tables.title || '：与同一文件中注明单位为' || tables.amount_unit || '的报表逐行数字相同，据此确定单位' as detail
    from tables
    where tables.status = 'loaded' and tables.unit_basis = 'figures'

),

unread_pages as (

    select
        document_id,
        cast(null as {{ dbt.type_string() }}) as source_table_id,
        'page_not_read' as rule_id,
        document_id as finding_key,
        cast(null as {{ dbt.type_string() }}) as cell_id,
        '第' || replace(unread_pages, ',', '、') || '页' as subject,
        '文件共' || cast(page_count as {{ dbt.type_string() }}) || '页，其中第'
        || replace(unread_pages, ',', '、') || '页无法读取' as detail
    from documents
    where unread_pages is not null and duplicate_of_document_id is null

),

scanned_pages as (

    select
        document_id,
        cast(null as {{ dbt.type_string() }}) as source_table_id,
        'page_scanned' as rule_id,
        document_id as finding_key,
        cast(null as {{ dbt.type_string() }}) as cell_id,
        '第' || replace(scanned_pages, ',', '、') || '页' as subject,
        '文件共' || cast(page_count as {{ dbt.type_string() }}) || '页，其中第'
        || replace(scanned_pages, ',', '、')
        || '页为扫描图像或含有文字图像，未经识别；安装识别组件（make ocr）后重新运行，可识别这些页面' as detail
    from scans

),

unread_pictures as (

    select
        document_id,
        cast(null as {{ dbt.type_string() }}) as source_table_id,
        'picture_not_read' as rule_id,
        document_id as finding_key,
        cast(null as {{ dbt.type_string() }}) as cell_id,
        cast(picture_count as {{ dbt.type_string() }}) || '幅图片' as subject,
        '文件中有' || cast(picture_count as {{ dbt.type_string() }}) || '幅印有文字或表格的图片，未经识别；'
        || coalesce('其中第1幅在“' || text_before || '”之后', '其中第1幅在文首')
        || '（' || first_name || '）。如为报表，可另存为PDF，安装识别组件（make ocr）后重新运行' as detail
    from {{ ref('int_unread_picture') }}

),

-- One finding a table, which names the cells that gave no fact.
unproven as (

    select
        recognised.document_id,
        recognised.source_table_id,
        'recognised_unproven' as rule_id,
        recognised.source_table_id as finding_key,
        recognised.cell_id,
        coalesce(tables.title, '（无表名）') as subject,
        coalesce(tables.title, '（无表名）') || '：由图像识别 '
        || cast(recognised.amount_count as {{ dbt.type_string() }}) || ' 个金额，其中 '
        || cast(recognised.left_out_count as {{ dbt.type_string() }})
        || ' 个没有等式能够证明，未载入，也未计入支出汇总；请对照原件' as detail
    from (
        select
            *,
            count(*) over (partition by source_table_id) as amount_count,
            count(case when not is_accepted then 1 end) over (partition by source_table_id) as left_out_count
        from {{ ref('int_recognised_amount') }}
    ) as recognised
    inner join tables on recognised.source_table_id = tables.source_table_id
    where not recognised.is_accepted

),

-- Without a unit or a year the facts stand, but nothing can be summed or compared.
unknown_publishers as (

    select
        document_id,
        cast(null as {{ dbt.type_string() }}) as source_table_id,
        'publisher_unknown' as rule_id,
        document_id as finding_key,
        cast(null as {{ dbt.type_string() }}) as cell_id,
        file_name as subject,
        case
            when unit_name is null and fiscal_year is null then '单位名称和年度均未找到'
            when unit_name is null then '单位名称未找到'
            else '年度未找到'
        end || '，金额已入库，但未计入汇总' as detail
    from documents
    where
        reason_code is null
        and document_kind in ('budget', 'final_accounts', 'government_budget')
        and (unit_name is null or fiscal_year is null)

),

-- The disclosure of a unit and year that lies in pieces in one archive: 封面, 表1, 表2.
archived as (

    select
        document_id,
        {{ regex_extract('relative_path', "'^(.*[.][Zz][Ii][Pp])/'", 1) }} as archive_path,
        {{ fold_label('unit_name') }} as unit_key,
        fiscal_year,
        stage
    from documents

),

with_tables_beside as (

    select distinct archived.document_id
    from archived
    inner join archived as others
        on
            archived.archive_path = others.archive_path
            and archived.unit_key = others.unit_key
            and archived.fiscal_year = others.fiscal_year
            and archived.stage = others.stage
    inner join tables
        on
            others.document_id = tables.document_id
            and tables.status = 'loaded'
    where archived.archive_path <> ''

),

-- A budget of which not one table was found: its figures may stand in pictures
-- or attachments, or in lines that no reader takes for a table.
without_tables as (

    select
        documents.document_id,
        cast(null as {{ dbt.type_string() }}) as source_table_id,
        'no_table_found' as rule_id,
        documents.document_id as finding_key,
        cast(null as {{ dbt.type_string() }}) as cell_id,
        documents.file_name as subject,
        '文件可以打开，但没有识别到任何报表，没有金额入库' as detail
    from documents
    where
        documents.reason_code is null
        and documents.document_kind in ('budget', 'final_accounts', 'government_budget')
        and not exists (
            select 1
            from tables
            where
                tables.document_id = documents.document_id
                and (
                    tables.status <> 'not_a_statement'
                    or tables.source_table_id in (select forms.source_table_id from forms)
                )
        )

),

-- Beside tables that were read; a document without any is without_tables.
lost_lines as (

    select
        documents.document_id,
        cast(null as {{ dbt.type_string() }}) as source_table_id,
        'figures_outside_tables' as rule_id,
        outside_figures.finding_key,
        cast(null as {{ dbt.type_string() }}) as cell_id,
        outside_figures.first_text as subject,
        coalesce('第' || cast(outside_figures.page as {{ dbt.type_string() }}) || '页', '文中')
        || '有 ' || cast(outside_figures.line_count as {{ dbt.type_string() }})
        || ' 行数字不在任何报表中，自“' || substr(outside_figures.first_text, 1, 40) || '”起，未载入' as detail
    from outside_figures
    inner join documents on outside_figures.document_id = documents.document_id
    where
        documents.reason_code is null
        and documents.document_kind in ('budget', 'final_accounts', 'government_budget')
        and outside_figures.document_id not in (select without_tables.document_id from without_tables)

),

lost_titles as (

    select
        documents.document_id,
        cast(null as {{ dbt.type_string() }}) as source_table_id,
        'title_without_table' as rule_id,
        titles_alone.finding_key,
        cast(null as {{ dbt.type_string() }}) as cell_id,
        titles_alone.printed_text as subject,
        '“' || titles_alone.printed_text || '”之下没有识别到表格，表中金额未载入' as detail
    from titles_alone
    inner join documents on titles_alone.document_id = documents.document_id
    where
        documents.reason_code is null
        and documents.document_kind in ('budget', 'final_accounts', 'government_budget')
        and titles_alone.document_id not in (select without_tables.document_id from without_tables)

),

-- Columns that the header gives one meaning and the rows different amounts.
contradictions as (

    select
        amounts.document_id,
        amounts.source_table_id,
        'contradicting_columns' as rule_id,
        amounts.source_table_id || '/' || cast(amounts.pane_number as {{ dbt.type_string() }}) as finding_key,
        amounts.cell_id,
        coalesce(columns.label_path, '（无栏目名称）') as subject,
        '“' || coalesce(columns.label_path, '（无栏目名称）') || '”栏（第'
        || cast(amounts.column_number + 1 as {{ dbt.type_string() }}) || '列）' as detail
    from amounts
    inner join columns
        on
            amounts.source_table_id = columns.source_table_id
            and amounts.column_number = columns.column_number
    where amounts.is_contradicting

),

-- What a performance form prints and no fact took.
lost_targets as (

    select
        target_cells.document_id,
        target_gaps.source_table_id,
        'target_not_placed' as rule_id,
        target_gaps.source_table_id || '/' || target_gaps.gap_kind as finding_key,
        target_gaps.cell_id,
        {{ trimmed('target_cells.printed_text') }} as subject,
        '“' || {{ trimmed('target_cells.printed_text') }} || '”：'
        || case target_gaps.gap_kind
            when 'no_unit' then '未注明金额单位，不猜测单位'
            when 'no_label' then '没有可识别的项目说明其含义'
            when 'unreadable' then '金额处的内容不是可读的数字'
            else '不在任何可识别的指标栏目中'
        end as detail
    from target_gaps
    inner join target_cells on target_gaps.cell_id = target_cells.cell_id

),

gathered as (

    select * from conflicts
    union
    select * from old_names
    union
    select * from unresolved
    union
    select * from lost_rows
    union
    select
        document_id,
        source_table_id,
        rule_id,
        finding_key,
        cell_id,
        subject,
        detail
    from unplaced_rows
    where label_rank = 1
    union
    select * from lost_columns
    union
    select * from unreadable
    union
    select * from lost_tables
    union
    select * from lost_title_words
    union
    select * from repeated_statements
    union
    select * from inferred_units
    union
    select * from unread_pages
    union
    select * from scanned_pages
    union
    select * from unread_pictures
    union
    select * from unproven
    union
    select * from unknown_publishers
    union
    select * from document_conflicts
    union
    select * from without_tables
    where document_id not in (select with_tables_beside.document_id from with_tables_beside)
    union
    select * from lost_lines
    union
    select * from lost_titles
    union
    select * from contradictions
    union
    select * from lost_targets
    union
    select * from resource_findings
    union all
    select * from target_findings
    union
    select * from set_findings
    union
    select * from policy_findings
    union
    select * from {{ ref('int_finding_narrative') }}
    union
    select * from {{ ref('int_finding_text_form') }}

)

select
    gathered.rule_id,
    gathered.rule_id || ':' || gathered.finding_key as cause_key,
    gathered.document_id,
    gathered.source_table_id,
    gathered.cell_id,
    -- printed text can be of any length, a sentence cannot
    case when length(gathered.subject) > 80 then substr(gathered.subject, 1, 80) || '…' else gathered.subject end
        as subject,
    case when length(gathered.detail) > 300 then substr(gathered.detail, 1, 300) || '…' else gathered.detail end
        as detail,
    statements.name_zh as statement_name,
    coalesce(
        cells.page,
        spans.page,
        tables.page,
        outside_figures.page,
        titles_alone.page,
        case
            when gathered.rule_id = 'page_scanned'
                then cast({{ dbt.split_part('scans.scanned_pages', "','", 1) }} as integer)
        end,
        cast({{ dbt.split_part('documents.unread_pages', "','", 1) }} as integer)
    ) as page,
    coalesce(cells.line, spans.line, tables.line, outside_figures.line, titles_alone.line) as line
from gathered
inner join documents on gathered.document_id = documents.document_id
-- a page that was not read has no table
left join tables on gathered.source_table_id = tables.source_table_id
left join statements on tables.statement = statements.statement
left join cells on gathered.cell_id = cells.cell_id
left join spans on gathered.cell_id = spans.cell_id
left join scans on gathered.document_id = scans.document_id
left join outside_figures
    on
        gathered.rule_id = 'figures_outside_tables'
        and gathered.finding_key = outside_figures.finding_key
left join titles_alone
    on
        gathered.rule_id = 'title_without_table'
        and gathered.finding_key = titles_alone.finding_key
