-- Which organisations a document says in words to be units of its department
-- (纳入本部门预算编制范围的单位包括：…, in the sentence, in lines below it or in a table
-- without money) and of which department it says to be a unit itself (为某局所属二级预算
-- 单位). Only what is wholly the name of an organisation counts, directly behind such
-- words: prose names many offices. A name is given in each way in which another document
-- may print it. One row per document, relation and name.
{%- set count = "(?:[0-9一二三四五六七八九十两]+[个家户所])" %}
{%- set kind = "(?:(?:二级|三级|基层|独立核算|预算|决算|行政|事业|参公|参照公务员法管理|企业|[全差]额(?:拨款|预算)?|财政拨款|公益[一二]类|的)*(?:单位|机构))" %}
{%- set words = kind ~ "|" ~ count ~ "|\\([^()]*\\)|共有|共计|合计|总共|共|名单|情况|构成|具体|主要|分别" %}
{%- set scope = "(?:(?:预算|决算)(?:编制|汇编)?范围|(?:预算|决算)单位构成|(?:所属|下属|直属|下设|下辖)(?:的|有|共有|" ~ count ~ ")*" ~ kind ~ "|二级(?:预算|决算)?(?:单位|机构)|(?:行政|事业|参公|预算)单位" ~ count ~ ")" %}
{%- set mark = "(?:(?:" ~ words ~ ")*[有为是]|(?:" ~ words ~ "|[,，])*(?:包括|包含|分别[为是]|如下|:))" %}
{%- set lead = scope ~ mark ~ "(?:" ~ words ~ "|[,，:为是]|包括|包含)*|部门(?:预算|决算)(?:包括|包含):?" %}
{%- set itself = "(?:本|我|该)(?:单位|部门|中心|[局委办院校站所馆队处会社园场])" %}
{%- set kept_by = "[^,，。;；、:为系是属]{3,30}?" %}
with

sentences as (

    select
        document_id,
        sentence_number,
        {{ fold_label('printed_text') }} as folded_text
    from {{ ref('stg_sentence') }}

),

publishers as (

    select * from {{ ref('int_unit_name') }} where is_publisher

),

captions as (

    select * from {{ ref('int_table_caption') }}

),

cells as (

    select * from {{ ref('stg_cell') }}

),

amounts as (

    select * from {{ ref('int_amount') }}

),

suffixes as (

    select * from {{ ref('organization_suffix') }}

),

lead_sentences as (

    select
        document_id,
        sentence_number,
        {{ regex_extract('folded_text', "'(?:" ~ lead ~ ")(.*)$'", 1) }} as list_text
    from sentences
    where
        {{ regex_matches('folded_text', "'" ~ lead ~ "|^.{0,30}(?:预算|决算|所属|下属|二级)单位(?:构成|名单|情况)$'") }}
        -- what a county has is none of its departments'
        and (
            {{ regex_matches('folded_text', "'本(?:部门|单位|[局委办])'") }}
            or not {{ regex_matches('folded_text', "'全[县市区旗州省]|[县市区旗州][级直](?:各|部门|预算|财政|单位)|政府预算|财政总'") }}
        )
        and not {{ regex_matches('folded_text', "'一级预算(?:单位|部门)(?:共|有|[0-9]|包括|包含|分别|如下|:)'") }}

),

-- What is said of a list behind it (由县财政局会同县审计局…) is no part of it; a list
-- may have another in front (部门预算由本级和下属单位的预算组成，包括：…).
list_texts as (

    select
        document_id,
        sentence_number,
        {{ regex_replace(
            "'、' || list_text",
            "'[、,，。;；:][^、,，。;；:]*(?:的|会同|负责|配合|协助|按照|根据|接受|承担|共同|职责|有关|相关|不单|不独|不纳|不含|未纳|未单|除外|由[县市区旗我本上]|[与同向报经对][县市区旗]).*$'",
            "''"
        ) }} as list_text
    from (
        select
            document_id,
            sentence_number,
            coalesce(
                {{ regex_extract('list_text', "'(?:包括|包含|如下|分别[为是]):(.*)$'", 1) }},
                list_text
            ) as list_text
        from lead_sentences
        where list_text is not null

        union all

        select
            sentences.document_id,
            sentences.sentence_number,
            sentences.folded_text as list_text
        from sentences
        left join lead_sentences
            on
                sentences.document_id = lead_sentences.document_id
                and sentences.sentence_number = lead_sentences.sentence_number
        where lead_sentences.document_id is null and length(sentences.folded_text) <= 60
    ) as whole_lists

),

parts as (

    select
        document_id,
        sentence_number,
        {{ split_rows(
            regex_replace(
                regex_replace('list_text', "'(局|站|所|中学|小学|学校|院|馆|场|队|中心|委员会|办公室|本级|机关|幼儿园)(?:以及|及|和|与)'", "'\\1、'"),
                "'[、,，。;；:]+'", "'|'"
            ),
            "'|'"
        ) }} as part
    from list_texts

),

unit_tables as (

    select
        heads.source_table_id,
        heads.document_id,
        heads.row_number,
        heads.column_number
    from cells as heads
    inner join (
        select distinct source_table_id
        from captions
        where
            {{ regex_matches('folded_text', "'(?:预算|决算)单位构成|(?:预算|决算)(?:编制|汇编)?范围|(?:所属|下属|二级)(?:预算)?单位(?:构成|名单|情况|一览)'") }}
    ) as captioned
        on heads.source_table_id = captioned.source_table_id
    left join (select distinct source_table_id from amounts) as with_money
        on heads.source_table_id = with_money.source_table_id
    left join (select distinct source_table_id from cells where number_scale > 0) as with_decimals
        on heads.source_table_id = with_decimals.source_table_id
    where
        with_money.source_table_id is null
        and with_decimals.source_table_id is null
        and {{ regex_matches('heads.folded_text', "'^(?:所属|下属|二级|预算|决算|部门)*单位(?:名称|全称)$'") }}

),

printed_names as (

    select
        document_id,
        sentence_number,
        part as printed_name
    from parts

    union all

    select
        unit_tables.document_id,
        cast(null as integer) as sentence_number,
        cells.folded_text as printed_name
    from unit_tables
    inner join cells
        on
            unit_tables.source_table_id = cells.source_table_id
            and unit_tables.column_number = cells.column_number
            and unit_tables.row_number < cells.row_number

),

-- 所属事业单位某中心, 2.某站（全额拨款）, 某局本级预算, 某馆等3个单位
plain_names as (

    select
        document_id,
        sentence_number,
        {{ regex_replace(
            regex_replace(
                regex_replace(
                    regex_replace(
                        strip_ordinal('printed_name'),
                        "'^[\\[(]?[0-9]+[\\])]?[.、．:_-]*|^[.．_-]+'", "''"
                    ),
                    "'^(?:以及|及|和|与)?(?:本部门)?(?:所属|下属|直属|下设)[^局院校站队]{0,14}?单位'", "''"
                ),
                "'\\((本级|本部|机关)\\)'", "'\\1'"
            ),
            "'(?:\\([^()]*\\))?(?:(?:部门|单位)?(?:预算|决算))?(?:组成|构成)?(?:等(?:" ~ count ~ "?(?:所属|下属|二级|预算|事业|行政)*单位)?)?(?:\\([^()]*\\))?$'", "''"
        ) }} as plain_name
    from printed_names

),

organizations as (

    select distinct names.plain_name
    from (select distinct plain_name from plain_names) as names
    inner join suffixes
        on names.plain_name like '%' || suffixes.suffix
    where length(names.plain_name) >= 3

),

judged_names as (

    select
        plain_names.document_id,
        plain_names.sentence_number,
        plain_names.plain_name,
        organizations.plain_name is not null as is_organization
    from plain_names
    left join organizations on plain_names.plain_name = organizations.plain_name
    where plain_names.plain_name <> ''

),

-- Lines below that are names as a whole go on with a list, numbered ones alone where the
-- list begins in its sentence (2); the number of a page does not end it.
judged_sentences as (

    select
        sentences.document_id,
        sentences.sentence_number,
        max(lead_sentences.sentence_number) is not null
        or {{ regex_matches('max(sentences.folded_text)', "'^(?:[(]?[0-9一二三四五六七八九十]{1,3}[、.:)．]|[①②③④⑤⑥⑦⑧⑨⑩]|[0-9])'") }}
            as is_numbered,
        case
            when max(lead_sentences.list_text) is not null then 2
            when max(lead_sentences.sentence_number) is not null then 1
            when not {{ regex_matches('max(sentences.folded_text)', "'\\p{Han}'") }} then null
            when min(case when judged_names.is_organization then 1 else 0 end) = 1 then null
            else 0
        end as list_mark
    from sentences
    left join judged_names
        on
            sentences.document_id = judged_names.document_id
            and sentences.sentence_number = judged_names.sentence_number
    left join lead_sentences
        on
            sentences.document_id = lead_sentences.document_id
            and sentences.sentence_number = lead_sentences.sentence_number
    group by sentences.document_id, sentences.sentence_number

),

list_sentences as (

    select
        document_id,
        sentence_number,
        is_numbered,
        {{ last_known('list_mark', 'document_id', 'sentence_number') }} as list_mark
    from judged_sentences

),

-- A sentence about the publisher, by name or as 本单位, or one that leaves that out.
own_departments as (

    select
        sentences.document_id,
        coalesce(
            {{ regex_extract('sentences.folded_text', "'(?:^|[^主附])(?:为|系|是|属于?)(" ~ kept_by ~ ")(?:所属|下属|直属|下设|管理|主管|举办|领导)的?[^,，。;；、:]{0,24}(?:单位|机构)'", 1) }},
            {{ regex_extract('sentences.folded_text', "'隶属于?(" ~ kept_by ~ ")(?:管理|领导|主管|的|[,，。;；]|$)'", 1) }}
        ) as plain_name
    from sentences
    inner join publishers on sentences.document_id = publishers.document_id
    where
        length(sentences.folded_text) <= 400
        -- the finance bureau runs accounts of all
        and not {{ regex_matches('sentences.folded_text', "'一级预算|资金|国库'") }}
        and (
            {{ regex_matches(strip_ordinal('sentences.folded_text'), "'^(?:" ~ itself ~ "|[为系是]|隶属)'") }}
            or {{ strip_ordinal('sentences.folded_text') }} like publishers.folded_name || '%'
            or {{ strip_ordinal('sentences.folded_text') }} like publishers.canonical_name || '%'
        )

),

listed as (

    select
        judged_names.document_id,
        'unit' as relation,
        judged_names.plain_name
    from judged_names
    left join list_sentences
        on
            judged_names.document_id = list_sentences.document_id
            and judged_names.sentence_number = list_sentences.sentence_number
    where
        judged_names.is_organization
        and (
            judged_names.sentence_number is null
            or list_sentences.list_mark = 1
            or (list_sentences.list_mark = 2 and list_sentences.is_numbered)
        )

    union

    -- What a county's government keeps is a department.
    select
        own_departments.document_id,
        'department' as relation,
        own_departments.plain_name
    from own_departments
    inner join suffixes
        on own_departments.plain_name like '%' || suffixes.suffix
    where not {{ regex_matches('own_departments.plain_name', "'(?:^|[县市区旗州盟省])(?:人民)?政府$|[县市区旗州盟省]委$'") }}

),

regional as (

    select
        listed.*,
        publishers.region_code
    from listed
    inner join publishers on listed.document_id = publishers.document_id

),

named as (

    {{ names_at_home('regional') }}

)

select
    document_id,
    relation,
    region_code,
    plain_name as listed_name
from named

union

-- 县图书馆, 区水利局
select
    document_id,
    relation,
    region_code,
    bare_name as listed_name
from named

union

select
    document_id,
    relation,
    region_code,
    own_name as listed_name
from named
