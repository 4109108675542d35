-- 功能分类表的工资福利支出、商品和服务支出、对个人和家庭的补助、资本性支出各栏，等于基本支出表
-- 301、302、303、310 类。
-- The columns of a functional table by class of basic expenditure equal the classes of
-- the table of basic expenditure by economic code: 工资福利支出 301, 商品和服务支出 302,
-- 对个人和家庭的补助 303, 资本性支出 310. Where no class is printed its codes add up.
with

economic_figures as (

    {{ economic_figures() }}

),

kinds as (

    {% for class_code, measure in [
        ('301', 'wages_welfare'), ('302', 'goods_services'),
        ('303', 'individuals_families'), ('310', 'capital'),
    ] -%}
    select
        'department' as classification,
        '{{ class_code }}' as class_code,
        '{{ measure }}' as measure,
        '{{ class_code }}' as subject_code
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

{{ functional_equals_economic_kinds('economic_class') }}
