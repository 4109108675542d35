{# The search for causes. A candidate is a change of the print that would make
   failing identities hold: another amount in a cell, a row left out, amounts in
   other columns, another unit. Each is tried on all identities that it touches;
   what it mends less what it would break is its score. #}

{# What an amount would have to be to become another by a slip of the hand, in
   units of its last printed place. CTE `cells` has cell_id, printed_units (as
   printed), asked_units (as arithmetic asks) and tolerance_units; gives one row per
   cell: the most plausible slip. #}
{% macro slips_of_cells() -%}
places as (

    {% for place in range(12) %}
    select
        cast({{ 10 ** place }} as decimal(13, 0)) as power,
        cast({{ '%.12f' | format(0.1 ** place) }} as decimal(13, 12)) as reciprocal
    {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

sized as (

    select
        cell_id,
        printed_units,
        asked_units,
        tolerance_units,
        cast(abs(printed_units) as decimal(22, 4)) as printed_size,
        cast(abs(asked_units) as decimal(22, 4)) as asked_size,
        case when asked_units < 0 then -1 else 1 end as asked_sign
    from cells
    where
        abs(printed_units) < 1000000000000
        and abs(asked_units) < 1000000000000000
        and abs(asked_units) > tolerance_units

),

-- The digits at each place, next to it and below it.
halved as (

    select
        sized.*,
        places.power,
        places.reciprocal,
        floor(sized.printed_size * places.reciprocal) as upper_digits
    from sized
    inner join places on places.power <= sized.printed_size * 10
    where (sized.printed_units < 0) = (sized.asked_units < 0)

),

cut as (

    select
        *,
        upper_digits % 10 as digit,
        floor(upper_digits * cast(0.1 as decimal(2, 1))) % 10 as next_digit,
        printed_size - upper_digits * power as lower_digits
    from halved

),

variants as (

    select cell_id, 'last_place' as cause_kind, asked_units as variant_units, asked_units, tolerance_units
    from sized
    where abs(asked_units - printed_units) = 1

    union all

    select cell_id, 'sign_lost' as cause_kind, -printed_units as variant_units, asked_units, tolerance_units
    from sized
    where printed_units <> 0

    {% for kind, exponents in [('decimal_shifted', [1, 2, 3]), ('unit_slip', [4, 8])] %}
    {% for exponent in exponents %}
    union all

    select cell_id, '{{ kind }}' as cause_kind, printed_units * cast({{ 10 ** exponent }} as decimal(9, 0)) as variant_units, asked_units, tolerance_units
    from sized
    where printed_units <> 0

    union all

    select cell_id, '{{ kind }}' as cause_kind, round(printed_units * cast({{ '%.8f' | format(0.1 ** exponent) }} as decimal(9, 8)), 0) as variant_units, asked_units, tolerance_units + 0.5
    from sized
    where
        printed_size >= {{ 10 ** exponent }}
        {% if kind == 'decimal_shifted' %}
        -- a point that moves loses no digit
        and printed_size % {{ 10 ** exponent }} = 0
        {% endif %}
    {% endfor %}
    {% endfor %}

    union all

    select cell_id, 'digits_swapped' as cause_kind, asked_sign * (printed_size + 9 * power * (digit - next_digit)) as variant_units, asked_units, tolerance_units
    from cut
    where digit <> next_digit and power * 10 <= printed_size

    union all

    select cell_id, 'digit_changed' as cause_kind, asked_sign * (printed_size + power * round((asked_size - printed_size) * reciprocal, 0)) as variant_units, asked_units, tolerance_units
    from cut
    where
        power > 2 * tolerance_units
        and round((asked_size - printed_size) * reciprocal, 0) between -digit and 9 - digit
        and power <= printed_size

    union all

    select cell_id, 'digit_missing' as cause_kind, asked_sign * (upper_digits * power * 10 + lower_digits + power * round((asked_size - upper_digits * power * 10 - lower_digits) * reciprocal, 0)) as variant_units, asked_units, tolerance_units
    from cut
    where
        power > 2 * tolerance_units
        and round((asked_size - upper_digits * power * 10 - lower_digits) * reciprocal, 0) between 0 and 9

    union all

    select cell_id, 'digit_added' as cause_kind, asked_sign * (floor(upper_digits * cast(0.1 as decimal(2, 1))) * power + lower_digits) as variant_units, asked_units, tolerance_units
    from cut
    where power <= printed_size and power * 10 > 2 * tolerance_units

),

fitting as (

    select
        variants.cell_id,
        variants.cause_kind,
        variants.variant_units,
        row_number() over (
            partition by variants.cell_id
            order by
                kinds.plausibility,
                abs(variants.variant_units - variants.asked_units),
                variants.cause_kind
        ) as fit_rank
    from variants
    inner join {{ ref('cause_kind') }} as kinds on variants.cause_kind = kinds.cause_kind
    where abs(variants.variant_units - variants.asked_units) <= variants.tolerance_units

),

slips as (

    select cell_id, cause_kind, variant_units from fitting where fit_rank = 1

)
{%- endmacro %}

{# One round: the candidates for what still fails after the rounds before, and of
   them those that no other candidate beats at any identity they mend. In the last
   round what still fails is given its best candidate. One row per candidate chosen
   (place 1) or equally good (2, 3, …), identity and changed cell (NULL where
   something unprinted would have to be added). #}
{% macro cause_round(number, is_last=false) -%}
with

kinds as (

    select * from {{ ref('cause_kind') }}

),

{% if number > 1 %}
moved as (

    select
        identity_key,
        sum(effect_yuan) as effect_yuan,
        sum(slack_yuan) as slack_yuan
    from (
        {% for earlier in range(1, number) %}
        select identity_key, effect_yuan, slack_yuan
        from {{ ref('int_cause_round_' ~ earlier) }}
        where place = 1
        {% if not loop.last %}union all{% endif %}
        {% endfor %}
    ) as effects
    group by identity_key

),
{% endif %}

every_state as (

    select
        identities.identity_key,
        identities.document_id,
        identities.rule_id,
        identities.subject_code,
        identities.is_column_sum,
        identities.is_row_sum,
        identities.is_copy,
        identities.table_key,
        identities.column_number,
        identities.has_secrecy_note,
        identities.terms,
        {% if number > 1 %}
        identities.residual_yuan + coalesce(moved.effect_yuan, 0) as residual_yuan,
        identities.bound_yuan + coalesce(moved.slack_yuan, 0) as bound_yuan
        {% else %}
        identities.residual_yuan,
        identities.bound_yuan
        {% endif %}
    from {{ ref('int_cause_identity') }} as identities
    {% if number > 1 %}
    left join moved on identities.identity_key = moved.identity_key
    {% endif %}

),

state as (

    select
        *,
        abs(residual_yuan) > bound_yuan as is_failing
    from every_state
    where document_id in (
        select other.document_id from every_state as other where abs(other.residual_yuan) > other.bound_yuan
    )

),

links as (

    select * from {{ ref('int_cause_link') }}
    where document_id in (select state.document_id from state)

),

failing as (

    select * from state where is_failing

),

failing_links as (

    select
        failing.*,
        links.cell_id,
        links.row_key,
        links.source_table_id,
        links.coefficient,
        links.amount_yuan,
        links.half_unit_yuan,
        links.places_per_yuan,
        links.column_number as column_number_of_cell,
        links.is_coarse
    from failing
    inner join links on failing.identity_key = links.identity_key

),

-- One cell: what a failing identity asks of it, tried on all its identities.
proposals as (

    select
        cell_id,
        identity_key as source_key,
        bound_yuan as source_bound_yuan,
        is_row_sum,
        row_key,
        source_table_id,
        amount_yuan,
        half_unit_yuan,
        places_per_yuan,
        is_coarse,
        cast(-residual_yuan * coefficient as decimal(20, 4)) as change_yuan
    from failing_links

),

-- What a cell moves: its own identities, and the bounds of all sums of its table when
-- only its own decimal places had made them so narrow.
cell_links as (

    select
        identity_key,
        cell_id,
        coefficient,
        cast(0 as decimal(20, 8)) as slack_yuan
    from links

    union all

    select
        identity_key,
        finest_cell_id as cell_id,
        0 as coefficient,
        cast(sum(finest_slack_yuan) as decimal(20, 8)) as slack_yuan
    from links
    where finest_cell_id is not null
    group by identity_key, finest_cell_id

),

cell_moves as (

    select
        identity_key,
        cell_id,
        sum(coefficient) as coefficient,
        sum(slack_yuan) as slack_yuan
    from cell_links
    group by identity_key, cell_id

),

proposal_scores as (

    select
        proposals.cell_id,
        proposals.source_key,
        sum(case
            when
                state.is_failing
                and abs(state.residual_yuan + moves.coefficient * proposals.change_yuan) <= state.bound_yuan + moves.slack_yuan
                then 1
            else 0
        end) as mended,
        sum(case
            when
                not state.is_failing
                and abs(state.residual_yuan + moves.coefficient * proposals.change_yuan) > state.bound_yuan + moves.slack_yuan
                then 1
            else 0
        end) as broken
    from proposals
    inner join cell_moves as moves on proposals.cell_id = moves.cell_id
    inner join state on moves.identity_key = state.identity_key
    group by proposals.cell_id, proposals.source_key

),

ranked_proposals as (

    select
        proposals.*,
        scores.mended - scores.broken as score,
        scores.broken,
        row_number() over (
            partition by proposals.cell_id
            order by scores.mended - scores.broken desc, proposals.source_bound_yuan, proposals.source_key
        ) as proposal_rank
    from proposals
    inner join proposal_scores as scores
        on proposals.cell_id = scores.cell_id and proposals.source_key = scores.source_key

),

best_cells as (

    select * from ranked_proposals where proposal_rank = 1

),

cells as (

    select
        cell_id,
        cast(cast(amount_yuan as decimal(22, 4)) * places_per_yuan as decimal(22, 4)) as printed_units,
        cast(cast(amount_yuan + change_yuan as decimal(22, 4)) * places_per_yuan as decimal(22, 4)) as asked_units,
        cast(cast(source_bound_yuan as decimal(22, 8)) * places_per_yuan as decimal(22, 4)) as tolerance_units
    from best_cells
    where places_per_yuan is not null

),

{{ slips_of_cells() }},

cell_changes as (

    select
        'cell/' || best_cells.cell_id as candidate_key,
        coalesce(slips.cause_kind, 'amount') as cause_kind,
        best_cells.cell_id,
        coalesce(
            cast(slips.variant_units * 2 * best_cells.half_unit_yuan as decimal(20, 4)) - best_cells.amount_yuan,
            best_cells.change_yuan
        ) as change_yuan
    from best_cells
    left join slips on best_cells.cell_id = slips.cell_id
    -- nobody budgets less than nothing by a slip
    where
        best_cells.amount_yuan < 0
        or best_cells.amount_yuan + best_cells.change_yuan >= -best_cells.source_bound_yuan
        or slips.cell_id is not null

),

-- All amounts of a row or a table in another unit: proposed by a cell of which
-- arithmetic asks just that.
scales as (

    {% for level, kind, key in [('row', 'row_unit', 'row_key'), ('table', 'table_unit', 'source_table_id')] %}
    select distinct
        '{{ level }}_unit/' || best_cells.{{ key }} || '/' || cast(factors.factor as {{ dbt.type_string() }}) as candidate_key,
        '{{ kind }}' as cause_kind,
        best_cells.{{ key }} as place_key,
        factors.factor
    from best_cells
    inner join (
        {% for exponent in [3, 4] %}
        select cast({{ 10 ** exponent }} as decimal(9, 4)) as factor
        union all
        select cast({{ '%.4f' | format(0.1 ** exponent) }} as decimal(9, 4)) as factor
        {% if not loop.last %}union all{% endif %}
        {% endfor %}
    ) as factors
        on
            abs(cast(best_cells.amount_yuan * factors.factor as decimal(28, 4)) - best_cells.amount_yuan - best_cells.change_yuan)
            <= best_cells.source_bound_yuan
            + best_cells.half_unit_yuan * case when factors.factor > 1 then factors.factor else 1 end
    -- what is asked to be next to nothing asks for no unit
    where
        abs(best_cells.amount_yuan * factors.factor)
        > 2 * (best_cells.source_bound_yuan + best_cells.half_unit_yuan)
    {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

row_cells as (

    select distinct row_key, source_table_id, column_number, cell_id, amount_yuan, half_unit_yuan from links

),

scale_changes as (

    {% for kind, key in [('row_unit', 'row_key'), ('table_unit', 'source_table_id')] %}
    select
        scales.candidate_key,
        scales.cause_kind,
        row_cells.cell_id,
        cast(cast(row_cells.amount_yuan * scales.factor as decimal(28, 4)) - row_cells.amount_yuan as decimal(28, 4)) as change_yuan,
        -- the places of the two units no longer match, so equal figures need not be equal
        cast(row_cells.half_unit_yuan * case when scales.factor > 1 then scales.factor else 1 end as decimal(20, 8))
            as slack_yuan
    from scales
    inner join row_cells on scales.place_key = row_cells.{{ key }}
    where scales.cause_kind = '{{ kind }}'
    {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

-- A row too many: without it the sums above hold.
extra_changes as (

    select
        'extra_row/' || row_cells.row_key as candidate_key,
        'extra_row' as cause_kind,
        row_cells.cell_id,
        -row_cells.amount_yuan as change_yuan,
        cast(0 as decimal(20, 8)) as slack_yuan
    from row_cells
    where
        row_cells.row_key in (
            select failing_links.row_key
            from failing_links
            where
                failing_links.is_column_sum
                and failing_links.coefficient = -1
                and failing_links.amount_yuan <> 0
                and abs(failing_links.residual_yuan + failing_links.amount_yuan) <= failing_links.bound_yuan
        )

),

-- A whole row: of each of its cells what the sums down the columns ask, and where
-- it prints nothing, what they lack.
row_proposals as (

    select
        row_key,
        cell_id,
        amount_yuan,
        change_yuan,
        source_bound_yuan,
        is_coarse,
        row_number() over (partition by cell_id order by source_bound_yuan, source_key) as proposal_rank
    from proposals
    where not is_row_sum

),

-- The sums that the row takes part in, in any column.
row_sums as (

    select distinct
        links.row_key,
        state.rule_id,
        state.table_key,
        state.subject_code,
        links.coefficient
    from links
    inner join state on links.identity_key = state.identity_key
    where state.is_column_sum

),

row_gaps as (

    select distinct
        row_sums.row_key,
        row_sums.coefficient,
        failing.identity_key,
        failing.table_key,
        failing.column_number,
        failing.residual_yuan,
        failing.bound_yuan
    from row_sums
    inner join failing
        on
            row_sums.rule_id = failing.rule_id
            and row_sums.table_key = failing.table_key
            and row_sums.subject_code = failing.subject_code
    left join links
        on failing.identity_key = links.identity_key and row_sums.row_key = links.row_key
    where links.cell_id is null

),

row_values as (

    select
        row_key,
        cell_id as change_key,
        amount_yuan,
        amount_yuan + change_yuan as asked_yuan,
        source_bound_yuan as tolerance_yuan,
        is_coarse and abs(change_yuan) < 1 as is_within_cents
    from row_proposals
    where proposal_rank = 1

    union all

    select
        row_key,
        'column ' || cast(column_number as {{ dbt.type_string() }}) as change_key,
        cast(0 as decimal(20, 4)) as amount_yuan,
        max(-residual_yuan * coefficient) as asked_yuan,
        max(bound_yuan) as tolerance_yuan,
        false as is_within_cents
    from row_gaps
    group by row_key, column_number

),

-- A value asked for that the row prints in another column has slipped there; one
-- that is asked to be nothing has slipped away.
row_matches as (

    select
        row_values.row_key,
        row_values.change_key,
        max(case
            when
                row_cells.cell_id <> row_values.change_key
                and row_cells.amount_yuan <> 0
                and abs(row_cells.amount_yuan - row_values.asked_yuan) <= row_values.tolerance_yuan
                then 1
            else 0
        end) as is_moved,
        max(case when abs(row_values.asked_yuan) <= row_values.tolerance_yuan then 1 else 0 end) as is_emptied,
        max(case when row_values.is_within_cents then 1 else 0 end) as is_within_cents
    from row_values
    inner join row_cells on row_values.row_key = row_cells.row_key
    group by row_values.row_key, row_values.change_key

),

row_kinds as (

    select
        row_key,
        case
            when min(is_within_cents) = 1 then 'cents_dropped'
            when sum(is_moved) > 0 and sum(case when is_moved = 1 or is_emptied = 1 then 0 else 1 end) = 0
                then 'column_shift'
            else 'row'
        end as cause_kind
    from row_matches
    group by row_key
    having count(*) > 1

),

-- Sums of one column that lack the same amount lack the same row.
column_gaps as (

    select
        one.identity_key,
        other.identity_key as other_key
    from failing as one
    inner join failing as other
        on
            one.table_key = other.table_key
            and one.column_number = other.column_number
            and one.is_column_sum
            and other.is_column_sum
            and abs(one.residual_yuan - other.residual_yuan) <= one.bound_yuan + other.bound_yuan

),

-- Other sums of the column's cells that are off by what the column lacks.
side_gaps as (

    select distinct
        one.identity_key,
        side.identity_key as other_key
    from failing as one
    inner join failing_links as side
        on
            one.table_key = side.source_table_id
            and one.column_number = side.column_number_of_cell
            and one.is_column_sum
            and not side.is_column_sum
            and not side.is_row_sum
            and abs(side.residual_yuan + side.coefficient * one.residual_yuan) <= side.bound_yuan + one.bound_yuan

),

-- Two columns of a table in each other's place: its own sums hold, what other tables
-- print does not.
swap_places as (

    select
        one.source_table_id,
        one.column_number as one_column,
        other.column_number as other_column
    from proposals
    inner join row_cells as one on proposals.cell_id = one.cell_id
    inner join row_cells as other
        on
            one.row_key = other.row_key
            and one.cell_id <> other.cell_id
            and one.amount_yuan <> other.amount_yuan
    inner join state on proposals.source_key = state.identity_key
    where
        not state.is_column_sum
        and abs(one.amount_yuan + proposals.change_yuan - other.amount_yuan) <= proposals.source_bound_yuan

    union all

    -- a whole and one of its parts
    select
        whole.source_table_id,
        whole.column_number_of_cell as one_column,
        part.column_number_of_cell as other_column
    from failing_links as whole
    inner join failing_links as part
        on whole.identity_key = part.identity_key and whole.row_key = part.row_key
    where
        whole.is_row_sum
        and whole.coefficient = 1
        and part.coefficient = -1
        and whole.amount_yuan <> part.amount_yuan
        and abs(whole.residual_yuan + 2 * (part.amount_yuan - whole.amount_yuan)) <= whole.bound_yuan

),

swaps as (

    select distinct
        source_table_id,
        case when one_column < other_column then one_column else other_column end as left_column,
        case when one_column < other_column then other_column else one_column end as right_column
    from swap_places

),

swapped_cells as (

    select
        'columns/' || swaps.source_table_id || '/' || cast(swaps.left_column as {{ dbt.type_string() }})
        || '/' || cast(swaps.right_column as {{ dbt.type_string() }}) as candidate_key,
        one.cell_id,
        one.row_key,
        swaps.source_table_id,
        swaps.left_column,
        swaps.right_column,
        other.cell_id as other_cell_id,
        coalesce(other.amount_yuan, 0) - one.amount_yuan as change_yuan
    from swaps
    inner join row_cells as one
        on
            swaps.source_table_id = one.source_table_id
            and one.column_number in (swaps.left_column, swaps.right_column)
    left join row_cells as other
        on
            one.row_key = other.row_key
            and other.column_number in (swaps.left_column, swaps.right_column)
            and one.column_number <> other.column_number
    where one.amount_yuan <> coalesce(other.amount_yuan, 0)

),

-- Columns that are parts of one sum across the row: there a blank one takes what the
-- other gives.
joint_swaps as (

    select distinct
        swaps.source_table_id,
        swaps.left_column,
        swaps.right_column
    from swaps
    inner join links as left_links
        on
            swaps.source_table_id = left_links.source_table_id
            and swaps.left_column = left_links.column_number
    inner join links as right_links
        on
            left_links.identity_key = right_links.identity_key
            and left_links.row_key = right_links.row_key
            and swaps.right_column = right_links.column_number
    inner join state on left_links.identity_key = state.identity_key
    where state.is_row_sum

),

swap_effects as (

    select
        swapped_cells.candidate_key,
        'columns_swapped' as cause_kind,
        swapped_cells.cell_id,
        swapped_cells.change_yuan,
        links.identity_key,
        cast(links.coefficient * swapped_cells.change_yuan as decimal(28, 4)) as effect_yuan,
        cast(0 as decimal(20, 8)) as slack_yuan
    from swapped_cells
    inner join links on swapped_cells.cell_id = links.cell_id
    inner join state on links.identity_key = state.identity_key
    left join joint_swaps
        on
            swapped_cells.source_table_id = joint_swaps.source_table_id
            and swapped_cells.left_column = joint_swaps.left_column
            and swapped_cells.right_column = joint_swaps.right_column
    where
        not state.is_column_sum
        and (
            not state.is_row_sum
            or swapped_cells.other_cell_id is not null
            or joint_swaps.source_table_id is null
        )

),

-- What is added where nothing is printed: in a row, a row, a column.
additions as (

    select
        'row/' || row_kinds.row_key as candidate_key,
        row_kinds.cause_kind,
        column_gaps.other_key as identity_key
    from row_kinds
    inner join row_gaps on row_kinds.row_key = row_gaps.row_key
    inner join column_gaps on row_gaps.identity_key = column_gaps.identity_key
    left join links
        on column_gaps.other_key = links.identity_key and row_kinds.row_key = links.row_key
    where links.cell_id is null

    union

    -- with an unprinted part the sum across the row says nothing
    select
        'row/' || row_kinds.row_key as candidate_key,
        row_kinds.cause_kind,
        state.identity_key
    from row_kinds
    inner join links on row_kinds.row_key = links.row_key
    inner join state on links.identity_key = state.identity_key
    where
        state.is_row_sum
        and row_kinds.row_key in (select row_gaps.row_key from row_gaps)

    union

    -- a blank in the place of a swapped amount
    select
        swapped_cells.candidate_key,
        'columns_swapped' as cause_kind,
        failing_links.identity_key
    from swapped_cells
    inner join failing_links on swapped_cells.row_key = failing_links.row_key
    left join links
        on
            failing_links.identity_key = links.identity_key
            and swapped_cells.cell_id = links.cell_id
    where
        swapped_cells.other_cell_id is null
        and failing_links.is_row_sum
        and links.cell_id is null

    union

    select
        'missing_row/' || failing.document_id || '/' || failing.rule_id || '/' || failing.subject_code as candidate_key,
        'missing_row' as cause_kind,
        column_gaps.other_key as identity_key
    from failing
    inner join (
        select * from column_gaps
        union
        select * from side_gaps
    ) as column_gaps
        on failing.identity_key = column_gaps.identity_key
    where failing.is_column_sum and failing.residual_yuan > 0

    union

    -- copies of one figure whose last places differ were rounded apart
    select
        'rounded_apart/' || document_id || '/' || rule_id || '/' || subject_code as candidate_key,
        'rounded_apart' as cause_kind,
        identity_key
    from failing_links
    where is_copy and abs(residual_yuan) <= 2 * half_unit_yuan

    union

    select
        case
            when is_row_sum
                then 'missing_column/' || table_key || '/' || cast(column_number as {{ dbt.type_string() }})
            when is_column_sum then 'unexplained/' || identity_key
            else 'unexplained/' || document_id || '/' || rule_id || '/' || subject_code
        end as candidate_key,
        case when is_row_sum then 'missing_column' else 'unexplained' end as cause_kind,
        identity_key
    from failing

),

row_changes as (

    select
        'row/' || row_kinds.row_key as candidate_key,
        row_kinds.cause_kind,
        row_proposals.cell_id,
        case
            when abs(row_proposals.amount_yuan + row_proposals.change_yuan) <= row_proposals.source_bound_yuan
                then -row_proposals.amount_yuan
            else row_proposals.change_yuan
        end as change_yuan,
        cast(0 as decimal(20, 8)) as slack_yuan
    from row_kinds
    inner join row_proposals
        on row_kinds.row_key = row_proposals.row_key and row_proposals.proposal_rank = 1

),

changes as (

    select * from scale_changes
    union all
    select * from extra_changes
    union all
    select * from row_changes

),

change_effects as (

    select
        changes.candidate_key,
        changes.cause_kind,
        changes.cell_id,
        changes.change_yuan,
        links.identity_key,
        cast(links.coefficient * changes.change_yuan as decimal(28, 4)) as effect_yuan,
        changes.slack_yuan
    from changes
    inner join links on changes.cell_id = links.cell_id

    union all

    select
        cell_changes.candidate_key,
        cell_changes.cause_kind,
        cell_changes.cell_id,
        cell_changes.change_yuan,
        moves.identity_key,
        cast(moves.coefficient * cell_changes.change_yuan as decimal(28, 4)) as effect_yuan,
        cast(moves.slack_yuan as decimal(20, 8)) as slack_yuan
    from cell_changes
    inner join cell_moves as moves on cell_changes.cell_id = moves.cell_id

),

-- An addition makes up for what the changes leave open.
effects as (

    select * from change_effects

    union all

    select * from swap_effects

    union all

    select
        additions.candidate_key,
        additions.cause_kind,
        cast(null as {{ dbt.type_string() }}) as cell_id,
        cast(null as decimal(20, 4)) as change_yuan,
        additions.identity_key,
        -state.residual_yuan - coalesce(changed.effect_yuan, 0) as effect_yuan,
        cast(0 as decimal(20, 8)) as slack_yuan
    from additions
    inner join state on additions.identity_key = state.identity_key
    left join (
        select candidate_key, identity_key, sum(effect_yuan) as effect_yuan
        from change_effects
        group by candidate_key, identity_key
    ) as changed
        on additions.candidate_key = changed.candidate_key and additions.identity_key = changed.identity_key

),

outcomes as (

    select
        effects.candidate_key,
        min(effects.cause_kind) as cause_kind,
        effects.identity_key,
        state.is_failing,
        state.has_secrecy_note,
        abs(state.residual_yuan + sum(effects.effect_yuan)) <= state.bound_yuan + sum(effects.slack_yuan) as is_holding
    from effects
    inner join state on effects.identity_key = state.identity_key
    group by effects.candidate_key, effects.identity_key, state.is_failing, state.has_secrecy_note, state.residual_yuan, state.bound_yuan

),

-- What two cells of a row mend each by itself, and break nothing, are two causes.
row_by_cells as (

    select
        row_changes.candidate_key,
        sum(case when best_cells.score > 0 and best_cells.broken = 0 then best_cells.score else 0 end) as score
    from row_changes
    inner join best_cells on row_changes.cell_id = best_cells.cell_id
    where row_changes.cause_kind = 'row'
    group by row_changes.candidate_key

),

-- Of all sums that lack a row the one with the fewest terms is the nearest.
nearness as (

    select
        'missing_row/' || document_id || '/' || rule_id || '/' || subject_code as candidate_key,
        min(terms) as terms
    from failing
    where is_column_sum
    group by document_id, rule_id, subject_code

),

candidates as (

    select
        outcomes.candidate_key,
        outcomes.cause_kind,
        case
            when outcomes.cause_kind = 'missing_row' and max(case when outcomes.has_secrecy_note then 1 else 0 end) = 1 then 0
            else kinds.plausibility
        end as plausibility,
        sum(case when outcomes.is_failing and outcomes.is_holding then 1 else 0 end) as mended,
        sum(case when not outcomes.is_failing and not outcomes.is_holding then 1 else 0 end) as broken
    from outcomes
    inner join kinds on outcomes.cause_kind = kinds.cause_kind
    group by outcomes.candidate_key, outcomes.cause_kind, kinds.plausibility

),

scored as (

    select
        candidates.candidate_key,
        candidates.cause_kind,
        candidates.plausibility,
        candidates.mended,
        candidates.broken,
        coalesce(nearness.terms, 0) as terms,
        case
            when candidates.cause_kind in ('missing_column', 'unexplained') then 1
            else candidates.mended - candidates.broken - coalesce(row_by_cells.score, 0)
        end as score
    from candidates
    left join row_by_cells on candidates.candidate_key = row_by_cells.candidate_key
    left join nearness on candidates.candidate_key = nearness.candidate_key
    where candidates.mended > 0

),

mends as (

    select
        scored.*,
        outcomes.identity_key,
        row_number() over (
            partition by outcomes.identity_key
            order by scored.score desc, scored.plausibility, scored.terms, scored.candidate_key
        ) as mend_rank
    from scored
    inner join outcomes on scored.candidate_key = outcomes.candidate_key
    where scored.score > 0 and outcomes.is_failing and outcomes.is_holding

),

{{ 'winners' if is_last else 'unbeaten' }} as (

    select
        candidate_key,
        min(score) as score,
        min(mended) as mended,
        min(cause_kind) as cause_kind
    from mends
    where mend_rank = 1
    group by candidate_key
    {% if not is_last %}
    having count(*) = min(mended)
    {% endif %}

),

{% if not is_last %}
-- What a stronger one moves is looked at again in the next round.
waiting as (

    select distinct mends.candidate_key
    from unbeaten as weaker
    inner join mends on weaker.candidate_key = mends.candidate_key
    inner join outcomes on mends.identity_key = outcomes.identity_key
    inner join unbeaten as stronger on outcomes.candidate_key = stronger.candidate_key
    where stronger.score > weaker.score

),

winners as (

    select * from unbeaten
    where candidate_key not in (select waiting.candidate_key from waiting)

),
{% endif %}

-- Other changes that would mend the same and break as little.
equals as (

    select
        winners.candidate_key as cause_key,
        mends.candidate_key,
        mends.cause_kind,
        mends.plausibility,
        mends.terms,
        row_number() over (
            partition by
                winners.candidate_key,
                case when mends.cause_kind = 'missing_row' then 'missing_row' else mends.candidate_key end
            order by mends.terms, mends.candidate_key
        ) as kind_rank
    from winners
    inner join mends as won on winners.candidate_key = won.candidate_key
    inner join mends on won.identity_key = mends.identity_key and winners.score = mends.score
    where
        mends.candidate_key = winners.candidate_key
        or (
            winners.cause_kind not in ('missing_column', 'unexplained')
            and mends.cause_kind not in ('missing_column', 'unexplained')
            and (winners.cause_kind <> 'missing_row' or mends.cause_kind <> 'missing_row')
        )
    group by winners.candidate_key, mends.candidate_key, mends.cause_kind, mends.plausibility, mends.terms
    having count(*) = min(winners.mended)

),

placed as (

    select
        cause_key,
        candidate_key,
        cause_kind,
        row_number() over (
            partition by cause_key
            order by
                case when candidate_key = cause_key then 0 else 1 end,
                plausibility,
                terms,
                candidate_key
        ) as place
    from equals
    where kind_rank = 1

)

select
    cast({{ number }} as integer) as round_number,
    placed.cause_key,
    placed.candidate_key,
    placed.cause_kind,
    cast(placed.place as integer) as place,
    effects.identity_key,
    effects.cell_id,
    cast(effects.change_yuan as decimal(28, 4)) as change_yuan,
    cast(effects.effect_yuan as decimal(28, 4)) as effect_yuan,
    effects.slack_yuan,
    cast(mends.mend_rank as integer) as mend_rank
from placed
inner join effects on placed.candidate_key = effects.candidate_key
left join mends
    on placed.candidate_key = mends.candidate_key and effects.identity_key = mends.identity_key
{%- endmacro %}
