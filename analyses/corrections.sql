-- 更正后重新公布的文件改了哪些数字？
-- Which figures did a corrected edition change?
select
    unit_name as "单位",
    fiscal_year as "年度",
    statement as "报表",
    code as "科目",
    row_name as "名称",
    cast(old_amount_yuan * 0.0001 as decimal(20, 2)) as "原数（万元）",
    cast(new_amount_yuan * 0.0001 as decimal(20, 2)) as "新数（万元）",
    cast(difference_yuan * 0.0001 as decimal(20, 2)) as "差额（万元）"
from marts.rpt_correction
order by abs(difference_yuan) desc nulls last, code
