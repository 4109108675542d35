{# Text functions that engines spell differently, and the folding of print. #}

{% macro regex_matches(text, pattern) -%}
    {{ return(adapter.dispatch('regex_matches')(text, pattern)) }}
{%- endmacro %}
{% macro default__regex_matches(text, pattern) -%}
    regexp_matches({{ text }}, {{ pattern }})
{%- endmacro %}
{% macro spark__regex_matches(text, pattern) -%}
    regexp_like({{ text }}, {{ java_pattern(pattern) }})
{%- endmacro %}

{% macro regex_extract(text, pattern, group) -%}
    {{ return(adapter.dispatch('regex_extract')(text, pattern, group)) }}
{%- endmacro %}
{% macro default__regex_extract(text, pattern, group) -%}
    nullif(regexp_extract({{ text }}, {{ pattern }}, {{ group }}), '')
{%- endmacro %}
{% macro spark__regex_extract(text, pattern, group) -%}
    nullif(regexp_extract({{ text }}, {{ java_pattern(pattern) }}, {{ group }}), '')
{%- endmacro %}

{% macro regex_replace(text, pattern, replacement) -%}
    {{ return(adapter.dispatch('regex_replace')(text, pattern, replacement)) }}
{%- endmacro %}
{% macro default__regex_replace(text, pattern, replacement) -%}
    regexp_replace({{ text }}, {{ pattern }}, {{ replacement }}, 'g')
{%- endmacro %}
{% macro spark__regex_replace(text, pattern, replacement) -%}
    regexp_replace({{ text }}, {{ java_pattern(pattern) }}, {{ modules.re.sub('\\\\([0-9])', '$\\1', replacement) }})
{%- endmacro %}

{% macro string_aggregate(expression, separator, order_by) -%}
    {{ return(adapter.dispatch('string_aggregate')(expression, separator, order_by)) }}
{%- endmacro %}
{% macro default__string_aggregate(expression, separator, order_by) -%}
    string_agg({{ expression }}, {{ separator }} order by {{ order_by }})
{%- endmacro %}
{% macro spark__string_aggregate(expression, separator, order_by) -%}
    listagg({{ expression }}, {{ separator }}) within group (order by {{ order_by }})
{%- endmacro %}

{# A text without blanks at its ends, in every width in which they are printed. #}
{% macro trimmed(text) -%}
    {{ return(adapter.dispatch('trimmed')(text)) }}
{%- endmacro %}
{% macro default__trimmed(text) -%}
    trim({{ text }})
{%- endmacro %}
{# Of Spark, which knows the blank of ASCII alone. #}
{% macro spark__trimmed(text) -%}
    btrim({{ text }}, '{{ ' \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000' }}')
{%- endmacro %}

{# Full-width digits, letters and signs as half-width ones; blanks stay. #}
{% macro half_width(text) -%}
    translate(
        {{ text }},
        '０１２３４５６７８９．，（）－＋％＝：【】〔〕［］　−–',
        '0123456789.,()-+%=:()()() --'
    )
{%- endmacro %}

{# Traditional characters of the words of budgets as simplified ones, for comparison
   alone; `ingest/columns/characters.py` has the same. #}
{% macro simplified(text) -%}
    {%- set traditional = [
        '佔來係倉個偵備傳債傷僅僑僱價億償優儲兌兒內兩冊別則創劃動務勞勵匯區協參員問單嘗噸',
        '國園圖團執堅報場墾壓壞壩夥夾妝婦學實審寫將專對層屬島峽崗師幣幹庫廠廢廣廳張強彌後',
        '徑從復徵態慶應懲戰戶掃掛採揚換損撈撥撫擁擔據擴攝攤數斷於時暫書會東條棄業極榮構樁',
        '標樣機橫檔檢欄權歷歸殘殯氣汙決沒況減測準溼漁漢潔潤濕濟灣災為無煉煙營爭爲獄獎獨現',
        '環產畢異當疊療發監盤眾矯確碼礎礦稅種稱積穩競節範築簡籌籤粵糧紀約紅納級紡細終組結',
        '絡統經綜維網線緝編練縣縮總績織繕繪繳續罰羣義習聞聯聲職脫臨臺與興舊莊華萬葉藝藥蘇',
        '處號虧蟲衆術衛補裝見規視觀訂計訊討訓託記訪設許訴評詢試該認語誤說説調請諮證識譯議',
        '護讀變讓財貧貨貯貴買貸費貼貿賃資賠質賬購賽贈跡車軍軟較載輔輛輪輸輻轄轉辦農這連進',
        '遊運過遠遷選遺還邊郵鄉鄭醫鈾銀銜銷鋪錄錢錯鎮鏈鐵鑑長門閉開間關陝陳陽隊際險雙離難',
        '電鞏響頁項順須預領頭題額類風飲養餘館駐驗驛體鵬鹹鹽黃點黨齡龍'
    ] | join -%}
    {%- set simple = [
        '占来系仓个侦备传债伤仅侨雇价亿偿优储兑儿内两册别则创划动务劳励汇区协参员问单尝吨',
        '国园图团执坚报场垦压坏坝伙夹妆妇学实审写将专对层属岛峡岗师币干库厂废广厅张强弥后',
        '径从复征态庆应惩战户扫挂采扬换损捞拨抚拥担据扩摄摊数断于时暂书会东条弃业极荣构桩',
        '标样机横档检栏权历归残殡气污决没况减测准湿渔汉洁润湿济湾灾为无炼烟营争为狱奖独现',
        '环产毕异当叠疗发监盘众矫确码础矿税种称积稳竞节范筑简筹签粤粮纪约红纳级纺细终组结',
        '络统经综维网线缉编练县缩总绩织缮绘缴续罚群义习闻联声职脱临台与兴旧庄华万叶艺药苏',
        '处号亏虫众术卫补装见规视观订计讯讨训托记访设许诉评询试该认语误说说调请咨证识译议',
        '护读变让财贫货贮贵买贷费贴贸赁资赔质账购赛赠迹车军软较载辅辆轮输辐辖转办农这连进',
        '游运过远迁选遗还边邮乡郑医铀银衔销铺录钱错镇链铁鉴长门闭开间关陕陈阳队际险双离难',
        '电巩响页项顺须预领头题额类风饮养余馆驻验驿体鹏咸盐黄点党龄龙'
    ] | join -%}
    {{ return(adapter.dispatch('simplified')(text, traditional, simple)) }}
{%- endmacro %}
{# DuckDB reads the alphabets of translate() anew for every row, which takes longer than
   all else that is done to a label; hardly any has such a character. #}
{% macro default__simplified(text, traditional, simple) -%}
    case
        when regexp_matches({{ text }}, '[{{ traditional }}]')
            then translate({{ text }}, '{{ traditional }}', '{{ simple }}')
        else {{ text }}
    end
{%- endmacro %}
{% macro spark__simplified(text, traditional, simple) -%}
    translate({{ text }}, '{{ traditional }}', '{{ simple }}')
{%- endmacro %}

{# A printed label for comparison: half-width, without tags (<b>合计</b>), blanks
   and quotes. #}
{% macro fold_label(text) -%}
    {{ regex_replace(simplified(half_width(text)), "'</?[A-Za-z][^<>]{0,38}>|[\\s“”\"‘’「」《》\\x{00a0}\\x{2000}-\\x{200f}\\x{202f}\\x{205f}\\x{2060}\\x{feff}]+'", "''") }}
{%- endmacro %}

{# A folded label without its leading number (一、 （一） 1. ① 其中：). #}
{% macro strip_ordinal(folded) -%}
    {{ regex_replace(
        folded,
        "'^(其中:|[①②③④⑤⑥⑦⑧⑨⑩]|\\([一二三四五六七八九十]+\\)|[一二三四五六七八九十]+[、.．]|\\(?[0-9]{1,2}[、.)．])+'",
        "''"
    ) }}
{%- endmacro %}

{# The last value that is not NULL, up to the current row. #}
{% macro last_known(expression, partition_by, order_by) -%}
    {{ return(adapter.dispatch('last_known')(expression, partition_by, order_by)) }}
{%- endmacro %}
{% macro default__last_known(expression, partition_by, order_by) -%}
    last_value({{ expression }} ignore nulls) over (
        partition by {{ partition_by }}
        order by {{ order_by }}
        rows between unbounded preceding and current row
    )
{%- endmacro %}
{% macro spark__last_known(expression, partition_by, order_by) -%}
    last_value({{ expression }}, true) over (
        partition by {{ partition_by }}
        order by {{ order_by }}
        rows between unbounded preceding and current row
    )
{%- endmacro %}

{# One row for each part of a separated text. #}
{% macro split_rows(text, separator) -%}
    {{ return(adapter.dispatch('split_rows')(text, separator)) }}
{%- endmacro %}
{% macro default__split_rows(text, separator) -%}
    unnest(string_split({{ text }}, {{ separator }}))
{%- endmacro %}
{% macro spark__split_rows(text, separator) -%}
    explode(split({{ text }}, '\Q' || {{ separator }} || '\E'))
{%- endmacro %}

{# What a text must hold where a regular expression of a seed fits it, as patterns of
   `like` for its alternatives, separated by `|`: 本年%合计%|%总计%. An engine reads an
   expression that stands in a column anew for each text, a hundred times as slow as
   `like`, and few words are in a text. Of groups and classes nothing is required. #}
{% macro words_of_pattern(pattern) -%}
    {%- set bare = namespace(text=regex_replace(regex_replace(pattern, "'\\\\.'", "'%'"), "'\\[[^\\]]*\\]'", "'%'")) -%}
    {%- for depth in range(4) -%}
        {%- set bare.text = regex_replace(bare.text, "'\\([^()]*\\)'", "'%'") -%}
    {%- endfor -%}
    case
        when {{ regex_matches(bare.text, "'[()]'") }} or {{ regex_matches(pattern, "'\\(\\?[a-z]'") }} then '%'
        else '%' || replace({{ regex_replace(bare.text, "'.[?*]|.\\{[^}]*\\}|[+.^$]'", "'%'") }}, '|', '%|%') || '%'
    end
{%- endmacro %}

{# Whether the expression fits the text (all of it, where it is whole), tried only where
   the words of one of its alternatives are there. #}
{% macro fits_pattern(text, pattern, words, whole=false) -%}
    case
        when {{ text }} like {{ words }}
            then {{ regex_matches(text, "'^(?:' || " ~ pattern ~ " || ')$'" if whole else pattern) }}
        else false
    end
{%- endmacro %}

{# One row for each place in a text where two characters stand. #}
{% macro places_of_pairs(text) -%}
    {{ return(adapter.dispatch('places_of_pairs')(text)) }}
{%- endmacro %}
{% macro default__places_of_pairs(text) -%}
    unnest(range(1, length({{ text }})))
{%- endmacro %}
{% macro spark__places_of_pairs(text) -%}
    explode(sequence(1, greatest(length({{ text }}) - 1, 1)))
{%- endmacro %}

{# Chinese digits as digits: 二〇二四年十二月五日 gives 2024年十2月5日. #}
{% macro digits_of_han(text) -%}
    translate({{ text }}, '〇○零一二三四五六七八九', '000123456789')
{%- endmacro %}

{# A number below a hundred after `digits_of_han`: 十2 is 12, 2十 is 20, 3 is 3. #}
{% macro number_of_han(text) -%}
    case
        when {{ text }} like '%十%'
            then cast(
                10 * coalesce(try_cast({{ regex_extract(text, "'^([0-9])十'", 1) }} as integer), 1)
                + coalesce(try_cast({{ regex_extract(text, "'十([0-9])$'", 1) }} as integer), 0)
                as {{ dbt.type_string() }}
            )
        else {{ text }}
    end
{%- endmacro %}

{# A date as text, 2024-02-05, from its printed parts; NULL where there is no such day. #}
{% macro iso_date(year, month, day) -%}
    cast(
        try_cast(
            {{ year }} || '-' || lpad({{ month }}, 2, '0') || '-' || lpad({{ day }}, 2, '0') as date
        ) as {{ dbt.type_string() }}
    )
{%- endmacro %}

{# A folded label of a performance form without its leading number, the unit in
   brackets and the colon behind it. #}
{% macro target_label_text(folded) -%}
    {{ regex_replace(
        strip_ordinal(folded),
        "'[(](?:单位:)?(?:人民币)?(?:" ~ unit_words() ~ ")[)]|[:：]+$|^[-★☆*#]+'",
        "''"
    ) }}
{%- endmacro %}

{# What a folded title of a table says beyond its number, the year and what stands in
   brackets. #}
{% macro title_core(folded, ordinal) -%}
    {{ regex_replace(
        regex_replace(folded, ordinal, "''"),
        "'\\([^()]*\\)|(?:20[0-9]{2}|二[〇○零]..)年度?|[.…·]+[0-9]*$'",
        "''"
    ) }}
{%- endmacro %}
