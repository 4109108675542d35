-- Which official code a printed code or name stands for. A printed code counts
-- when its official name agrees with the printed one; a name alone counts when
-- it is one code's, or one child's of the section above. Where code and name
-- disagree, the name's code counts only if its parent is printed and the sum of
-- the parent's children agrees; otherwise the code stays NULL. `tree_code` is
-- what the row hangs under in the printed hierarchy, resolved or not.
with

row_codes as (

    select * from {{ ref('int_row_code') }}

),

rows_in_tables as (

    select * from {{ ref('int_row') }} where row_role = 'code'

),

families as (

    select * from {{ ref('int_table_family') }}

),

codes as (

    select * from {{ ref('int_code') }}

),

code_names as (

    select * from {{ ref('int_code_name') }}

),

crosswalk as (

    select distinct department_code, government_code from {{ ref('economic_crosswalk') }}

),

row_totals as (

    select * from {{ ref('int_row_total') }}

),

code_rows as (

    select
        row_codes.document_id,
        row_codes.source_table_id,
        row_codes.row_number,
        row_codes.pane_number,
        row_codes.slot,
        row_codes.printed_code,
        row_codes.code_digits,
        row_codes.printed_name,
        row_codes.plain_name,
        families.family,
        -- balances list classes only, by function and by economic code
        rows_in_tables.statement in ('balance', 'appropriation_balance')
        -- and so does 二、其他支出 without a code: what is below a class has another number
        or (
            row_codes.code_digits is null
            and coalesce({{ regex_matches('row_codes.folded_name', "'^[一二三四五六七八九十]+[、.．]'") }}, false)
        ) as lists_classes,
        case
            when families.family in ('functional', 'balance') then 'functional'
            when families.family = 'revenue_code' then 'revenue'
            when row_codes.classification in ('department', 'government')
                then row_codes.classification
            when {{ regex_matches('row_codes.code_digits', "'^5'") }} then 'government'
            else 'department'
        end as classification
    from row_codes
    inner join rows_in_tables
        on
            row_codes.source_table_id = rows_in_tables.source_table_id
            and row_codes.row_number = rows_in_tables.row_number
            and row_codes.pane_number = rows_in_tables.pane_number
    inner join families
        on
            row_codes.source_table_id = families.source_table_id
            and row_codes.pane_number = families.pane_number
    where
        (
            families.family in ('functional', 'economic', 'revenue_code')
            or (families.family = 'balance' and rows_in_tables.pane_side = 'expenditure')
        )
        and (
            rows_in_tables.label_kind is null
            or families.family in ('functional', 'economic', 'revenue_code')
        )
        and coalesce(row_codes.code_digits, row_codes.plain_name) is not null

),

name_counts as (

    select
        classification,
        folded_name,
        count(distinct code) as code_count,
        min(code) as only_code
    from code_names
    group by classification, folded_name

),

-- Names alone: the section above tells which 行政运行 is meant.
named as (

    select
        code_rows.*,
        name_counts.code_count,
        name_counts.only_code,
        {{ last_known(
            "case when name_counts.code_count = 1 and length(name_counts.only_code) in (3, 5) then name_counts.only_code end",
            'code_rows.source_table_id, code_rows.pane_number, code_rows.slot',
            'code_rows.row_number'
        ) }} as code_above
    from code_rows
    left join name_counts
        on
            code_rows.classification = name_counts.classification
            and code_rows.plain_name = name_counts.folded_name

),

-- The department code beside a government name narrows a name that several have.
department_of_row as (

    select
        named.source_table_id,
        named.row_number,
        named.pane_number,
        coalesce(named.code_digits, named.only_code) as department_code
    from named
    where named.slot = 'main' and named.classification = 'department'

),

name_candidates as (

    select
        named.source_table_id,
        named.row_number,
        named.pane_number,
        named.slot,
        min(code_names.code) as name_code,
        count(distinct code_names.code) as candidate_count
    from named
    inner join code_names
        on
            named.classification = code_names.classification
            and named.plain_name = code_names.folded_name
    left join department_of_row
        on
            named.slot = 'paired'
            and named.source_table_id = department_of_row.source_table_id
            and named.row_number = department_of_row.row_number
            and named.pane_number = department_of_row.pane_number
    left join crosswalk
        on
            department_of_row.department_code = crosswalk.department_code
            and code_names.code = crosswalk.government_code
    where
        -- a printed code is overruled by an official name only
        (named.code_digits is null or code_names.name_kind = 'official')
        and (
            named.code_count = 1
            or (named.lists_classes and code_names.level = 'class')
            or (named.slot = 'paired' and crosswalk.government_code is not null)
            or (
                named.slot = 'main'
                and code_names.parent_code = named.code_above
            )
            -- a printed code under the right parent with a wrong last part
            or (
                named.code_digits is not null
                and code_names.parent_code
                = substr(named.code_digits, 1, length(named.code_digits) - 2)
            )
        )
    group by
        named.source_table_id, named.row_number, named.pane_number, named.slot

),

compared as (

    select
        named.*,
        codes.folded_name as official_name,
        codes.confidence,
        codes.code is not null as is_official,
        own_names.code is not null as is_known_name,
        own_names.name_kind,
        case when name_candidates.candidate_count = 1 then name_candidates.name_code end
            as name_code,
        case
            when named.code_digits is null then false
            when named.plain_name is null then true
            when own_names.code is not null then true
            when codes.code is null then false
            when name_candidates.name_code is not null then false
            when
                codes.folded_name like '%' || named.plain_name || '%'
                or named.plain_name like '%' || codes.folded_name || '%'
                then true
            else
                10 * levenshtein(codes.folded_name, named.plain_name)
                <= 6 * greatest(length(codes.folded_name), length(named.plain_name))
        end as names_agree
    from named
    left join codes
        on
            named.classification = codes.classification
            and named.code_digits = codes.code
    left join code_names as own_names
        on
            named.classification = own_names.classification
            and named.code_digits = own_names.code
            and named.plain_name = own_names.folded_name
    left join name_candidates
        on
            named.source_table_id = name_candidates.source_table_id
            and named.row_number = name_candidates.row_number
            and named.pane_number = name_candidates.pane_number
            and named.slot = name_candidates.slot

),

based as (

    select
        *,
        case
            when code_digits is null and name_code is not null then 'name'
            when code_digits is null then 'unresolved'
            when names_agree then 'printed'
            -- Not in the list and no other code's name: kept as printed. A list
            -- from memory is no ground to call a printed code wrong; the economic
            -- lists are short and complete.
            when not is_official and name_code is null and classification in ('functional', 'revenue')
                then 'printed'
            when
                not is_official
                and classification in ('functional', 'revenue')
                and substr(name_code, 1, 3) = substr(code_digits, 1, 3)
                and length(code_digits) in (3, 5, 7)
                then 'printed'
            when is_official and name_code is null and confidence <> 'high' then 'printed'
            else 'conflict'
        end as first_basis
    from compared

),

-- Where each row would hang: a conflicting row under its name's parent if that
-- parent is printed in the table.
printed_codes as (

    select distinct
        source_table_id,
        pane_number,
        slot,
        code_digits
    from based
    where code_digits is not null

),

placed as (

    select
        based.*,
        case
            when based.first_basis = 'conflict' and parents.code_digits is not null
                then based.name_code
            when based.code_digits is not null then based.code_digits
            else based.name_code
        end as provisional_code,
        based.first_basis = 'conflict' and parents.code_digits is not null
            as has_printed_parent
    from based
    left join printed_codes as parents
        on
            based.source_table_id = parents.source_table_id
            and based.pane_number = parents.pane_number
            and based.slot = parents.slot
            and substr(based.name_code, 1, length(based.name_code) - 2) = parents.code_digits
            and based.name_code is not null

),

parent_sums as (

    select
        children.source_table_id,
        children.pane_number,
        children.slot,
        substr(children.provisional_code, 1, length(children.provisional_code) - 2) as parent_code,
        sum(row_totals.amount_yuan) as children_yuan,
        sum(row_totals.half_unit_yuan) as children_bound
    from placed as children
    inner join row_totals
        on
            children.source_table_id = row_totals.source_table_id
            and children.row_number = row_totals.row_number
            and children.pane_number = row_totals.pane_number
    where length(children.provisional_code) in (5, 7)
    group by
        children.source_table_id,
        children.pane_number,
        children.slot,
        substr(children.provisional_code, 1, length(children.provisional_code) - 2)

),

closed_parents as (

    select distinct
        parent_sums.source_table_id,
        parent_sums.pane_number,
        parent_sums.slot,
        parent_sums.parent_code
    from parent_sums
    inner join placed as parents
        on
            parent_sums.source_table_id = parents.source_table_id
            and parent_sums.pane_number = parents.pane_number
            and parent_sums.slot = parents.slot
            and parent_sums.parent_code = parents.code_digits
    inner join row_totals
        on
            parents.source_table_id = row_totals.source_table_id
            and parents.row_number = row_totals.row_number
            and parents.pane_number = row_totals.pane_number
    where
        abs(row_totals.amount_yuan - parent_sums.children_yuan)
        <= row_totals.half_unit_yuan + parent_sums.children_bound

),

resolved as (

    select
        placed.*,
        closed_parents.parent_code is not null as parent_closes
    from placed
    left join closed_parents
        on
            placed.source_table_id = closed_parents.source_table_id
            and placed.pane_number = closed_parents.pane_number
            and placed.slot = closed_parents.slot
            and substr(placed.name_code, 1, length(placed.name_code) - 2) = closed_parents.parent_code

),

final as (

    select
        document_id,
        source_table_id,
        row_number,
        pane_number,
        slot,
        classification,
        printed_code,
        code_digits,
        printed_name,
        plain_name,
        name_kind,
        first_basis as code_basis,
        case
            when first_basis = 'conflict' and has_printed_parent and parent_closes then name_code
            when first_basis = 'printed' then code_digits
            when first_basis = 'name' then name_code
        end as resolved_code,
        case
            when first_basis = 'conflict' and has_printed_parent and parent_closes then name_code
            else coalesce(code_digits, name_code)
        end as tree_code,
        official_name as official_name_of_printed
    from resolved

)

select
    final.document_id,
    final.source_table_id,
    final.row_number,
    final.pane_number,
    final.slot,
    final.classification,
    final.printed_code,
    final.printed_name,
    final.plain_name,
    coalesce(final.name_kind, resolved_names.name_kind) as name_kind,
    final.code_basis,
    final.resolved_code,
    final.tree_code,
    final.official_name_of_printed,
    codes.name as resolved_name,
    codes.code is not null as is_official,
    case length(final.tree_code)
        when 3 then 'class'
        when 5 then 'section'
        when 7 then 'item'
    end as level
from final
left join codes
    on
        final.classification = codes.classification
        and final.resolved_code = codes.code
left join code_names as resolved_names
    on
        final.classification = resolved_names.classification
        and final.resolved_code = resolved_names.code
        and final.plain_name = resolved_names.folded_name
