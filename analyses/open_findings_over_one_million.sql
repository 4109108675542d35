-- 涉及金额超过 100 万元、尚未确认的发现有哪些？
-- Which findings of more than 1,000,000 yuan are still open?
select
    case severity when 'error' then '错误' when 'warning' then '警告' else '提示' end as "级别",
    unit_name as "单位",
    fiscal_year as "年度",
    title as "发现",
    cast(abs(difference_yuan) * 0.0001 as decimal(20, 2)) as "差额（万元）",
    page as "页",
    line as "行"
from marts.fct_finding
where not is_acknowledged and abs(difference_yuan) > 1000000
order by abs(difference_yuan) desc, finding_id
