"""Rows of the statements: codes, sources, lines of a balance, units, projects."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from tests.forge import codes
from tests.forge.book import Accepted, Meaning, Row
from tests.forge.truth import Entry, Truth

Keep = Callable[[Entry], bool]
LEVELS = (3, 5, 7)
DIGITS = "〇一二三四五六七八九十"


def ordinal(number: int) -> str:
    """1 as 一, 21 as 二十一."""
    if number <= 10:
        return DIGITS[number]
    tens, ones = divmod(number, 10)
    return f"{'' if tens == 1 else DIGITS[tens]}十{DIGITS[ones] if ones else ''}"


def everything(_: Entry) -> bool:
    return True


def both(one: Keep, other: Keep) -> Keep:
    return lambda entry: one(entry) and other(entry)


def within(truth: Truth, meaning: Meaning) -> Keep:
    """Entries of one statement, such as those of the general public budget."""
    return lambda entry: meaning.keeps(entry, truth)


def publisher(truth: Truth) -> Accepted:
    """The unit that a row without a unit of its own belongs to."""
    if truth.is_single:
        return truth.units[0].name
    return truth.department.name


def _spread(code: str, name: str) -> dict[str, str]:
    """Every way to print a code; a column picks one."""
    deep = len(code) - 3
    return {
        "code": code,
        "name": name,
        "glued": code + name,
        "spaced": f"{code} {name}",
        "indented": "　" * (deep // 2) + name,
        "section_glued": code[3:5] + name if deep else "",
        "class_or_name": code[:3] if deep else code + name,
        "class": code[:3],
        "section": code[3:5],
        "item": code[5:7],
        "section_lost": str(int(code[3:5])) if code[3:5] else "",
        "item_lost": str(int(code[5:7])) if code[5:7] else "",
        "section_joined": code[:5] if deep else "",
        "item_joined": code if deep > 2 else "",
        "class_alone": code if deep == 0 else "",
        "section_alone": code[3:5] if deep == 2 else "",
        "item_alone": code[5:7] if deep == 4 else "",
        "dashed": "-".join(filter(None, (code[:3], code[3:5], code[5:7]))),
    }


def total_row(
    label: str,
    inside: str,
    keep: Keep,
    fact: dict[str, Accepted],
    *,
    role: Accepted = ("total", "grand_total"),
    span: int = 1,
    heads: dict[str, str] | None = None,
) -> Row:
    return Row(
        {**(heads or {}), inside: label},
        keep,
        [{**fact, "row_role": role}],
        spans={inside: span} if span > 1 else {},
    )


def functional(
    truth: Truth,
    meanings: Sequence[Meaning],
    *,
    keep: Keep = everything,
    levels: Sequence[int] = LEVELS,
    unit: Accepted = None,
    show: Callable[[str], str] | None = None,
) -> list[Row]:
    """Rows of the functional codes that any of ``meanings`` has money for."""
    unit = unit or publisher(truth)
    names = codes.functional_names()
    items = {
        entry.item
        for meaning in meanings
        for entry in truth.phases.get(meaning.phase, ())
        if keep(entry) and meaning.keeps(entry, truth)
    }
    found = sorted({item[:level] for item in items for level in levels})
    rows = []
    for code in found:
        name = show(code) if show else names[code]
        rows.append(
            Row(
                _spread(code, name),
                both(keep, lambda entry, code=code: entry.item.startswith(code)),
                [
                    {
                        "table": "functional",
                        "functional_code": code,
                        "unit_name": unit,
                    }
                ],
            )
        )
    return rows


def functional_total(truth: Truth, unit: Accepted = None) -> dict[str, Accepted]:
    return {
        "table": "functional",
        "functional_code": None,
        "unit_name": unit or publisher(truth),
    }


def economic_code(truth: Truth, classification: str) -> Callable[[Entry], str]:
    if classification == "department":
        return lambda entry: entry.economic
    return truth.government_code


def economic(
    truth: Truth,
    meanings: Sequence[Meaning],
    *,
    classification: str = "department",
    scope: str = "basic",
    keep: Keep = everything,
    levels: Sequence[int] = (3, 5),
    only: Callable[[str], bool] = lambda code: True,
    zeros: bool = False,
) -> list[Row]:
    """Rows of economic codes; ``zeros`` prints the official list, used or not."""
    names = codes.economic_names(classification)
    code_of = economic_code(truth, classification)
    used = {
        code_of(entry)
        for meaning in meanings
        for entry in truth.phases.get(meaning.phase, ())
        if entry.economic and keep(entry) and meaning.keeps(entry, truth)
    }
    if zeros:
        used |= {code for code in names if len(code) == 5 and only(code)}
    found = sorted({code[:level] for code in used for level in levels if only(code)})
    return [
        Row(
            _spread(code, names[code]),
            both(
                keep,
                lambda entry, code=code: (
                    bool(entry.economic) and code_of(entry).startswith(code)
                ),
            ),
            [
                {
                    "table": "economic",
                    "economic_code": code,
                    "classification": classification,
                    "scope": scope,
                    "unit_name": publisher(truth),
                }
            ],
        )
        for code in found
    ]


def economic_total(
    truth: Truth, classification: str = "department", scope: str = "basic"
) -> dict[str, Accepted]:
    return {
        "table": "economic",
        "economic_code": None,
        "classification": classification,
        "scope": scope,
        "unit_name": publisher(truth),
    }


def paired(
    truth: Truth,
    meanings: Sequence[Meaning],
    *,
    scope: str = "basic",
    keep: Keep = everything,
) -> list[Row]:
    """Rows of a department code with its government code, in order of the pair."""
    names = codes.economic_names("department")
    others = codes.economic_names("government")
    pairs = sorted(
        {
            (entry.economic, truth.government_code(entry))
            for meaning in meanings
            for entry in truth.phases.get(meaning.phase, ())
            if entry.economic and keep(entry) and meaning.keeps(entry, truth)
        }
    )
    rows = []
    for department, government in pairs:
        texts = _spread(department, names[department])
        texts |= {
            f"government_{role}": text
            for role, text in _spread(government, others[government]).items()
        }
        facts: list[dict[str, Accepted]] = [
            {
                "table": "economic",
                "economic_code": code,
                "classification": classification,
                "scope": scope,
                "unit_name": publisher(truth),
            }
            for code, classification in (
                (department, "department"),
                (government, "government"),
            )
        ]
        rows.append(
            Row(
                texts,
                both(
                    keep,
                    lambda entry, pair=(department, government): (
                        bool(entry.economic)
                        and (entry.economic, truth.government_code(entry)) == pair
                    ),
                ),
                facts,
            )
        )
    return rows


def source(
    truth: Truth,
    label: str,
    fund: str,
    *,
    basis: str = "all",
    says: tuple[str, ...] = ("all", "current_year"),
) -> Row:
    """A revenue source of a balance."""
    return Row(
        {"source": label},
        everything,
        [
            {
                "table": "revenue",
                "revenue_source": fund,
                "unit_name": publisher(truth),
            }
        ],
        {"fund": fund, "side": "revenue", "basis": basis},
        says,
    )


def revenue_total(
    truth: Truth,
    label: str,
    fund: str,
    basis: str,
    role: str,
    says: tuple[str, ...] = (),
) -> Row:
    """本年收入合计 and 收入总计. ``fund`` is the money the balance is about."""
    return Row(
        {"source": label},
        everything,
        [
            {
                "table": "revenue",
                "revenue_source": ("all", fund),
                "row_role": ("total", "grand_total") if says else role,
                "unit_name": publisher(truth),
            }
        ],
        {"fund": fund, "side": "revenue", "basis": basis},
        says or (basis,),
    )


def carried_in(truth: Truth, label: str, fund: str) -> Row:
    """上年结转, whole or of one budget."""
    return Row(
        {"source": label},
        everything,
        [
            {
                "table": "balance_item",
                "side": "revenue",
                "item": "carryover_in",
                "unit_name": publisher(truth),
            }
        ],
        {"fund": fund, "side": "revenue", "basis": "carryover"},
    )


def carried_out(truth: Truth, label: str, fund: str) -> Row:
    """结转下年: what came in and was not spent."""
    return Row(
        {"spent": label},
        everything,
        [
            {
                "table": "balance_item",
                "side": "expenditure",
                "item": "carryover_out",
                "unit_name": publisher(truth),
            }
        ],
        {"fund": fund, "side": "kept"},
        ("all", "current_year"),
    )


def blank_line(role: str, label: str) -> Row:
    """A line that this unit has nothing for."""
    return Row({role: label})


def spent_on_class(
    truth: Truth,
    meanings: Sequence[Meaning],
    word: Callable[[int, str, str], str],
    *,
    every: bool,
    names: Iterable[tuple[str, str]] | None = None,
) -> list[Row]:
    """Right half of a balance: functional classes, all or those with money."""
    rows = []
    number = 0
    for code, name in names or codes.classes():
        keep: Keep = lambda entry, code=code: entry.item.startswith(code)  # noqa: E731
        has = any(
            truth.total(m.phase, lambda e, m=m, k=keep: k(e) and m.keeps(e, truth))
            for m in meanings
        )
        if not (has or every):
            continue
        number += 1
        rows.append(
            Row(
                {"spent": word(number, code, name), "spent_code": code},
                keep,
                [
                    {
                        "table": "functional",
                        "functional_code": code,
                        "unit_name": publisher(truth),
                    }
                ],
            )
        )
    return rows


def spent_total(
    truth: Truth, label: str, role: Accepted, *, with_kept: bool = False
) -> Row:
    """本年支出合计, or 支出总计 with what is carried on to the next year."""
    return Row(
        {"spent": label},
        everything,
        [
            {
                "table": "functional",
                "functional_code": None,
                "row_role": role,
                "unit_name": publisher(truth),
            }
        ],
        {"side": "revenue"} if with_kept else {},
    )


def units(
    truth: Truth, fact: dict[str, Accepted], *, head_note: str = "（本级）"
) -> list[Row]:
    """A row per unit."""
    rows = []
    for unit in truth.units:
        printed = unit.name
        if unit.name == truth.department.name and not truth.is_single:
            printed += head_note
        rows.append(
            Row(
                {
                    "unit_code": unit.code,
                    "unit_name": printed,
                    "name": printed,
                    "code": unit.code,
                },
                lambda entry, name=unit.name: entry.unit == name,
                [{**fact, "row_role": "unit", "unit_name": (unit.name, printed)}],
            )
        )
    return rows


def department(truth: Truth, fact: dict[str, Accepted]) -> Row:
    """The department's row above its units'."""
    name = truth.department.name
    code = truth.department.code
    return Row(
        {"unit_code": code, "unit_name": name, "name": name, "code": code},
        everything,
        [{**fact, "row_role": "unit", "unit_name": name}],
    )


def projects(
    truth: Truth, meanings: Sequence[Meaning], keep: Keep = everything
) -> list[Row]:
    """A row per project that any of the meanings has money for."""
    words = {
        "project_other_operating": "其他运转类",
        "project_specific_target": "特定目标类",
    }
    rows = []
    for number, project in enumerate(truth.projects, 1):
        own: Keep = lambda entry, name=project.name: entry.project == name  # noqa: E731
        if not truth_has(truth, meanings, both(own, keep)):
            continue
        rows.append(
            Row(
                {
                    "project_name": project.name,
                    "project_code": project.code,
                    "project_type": words[project.kind],
                    "unit_name": project.unit,
                    "number": str(number),
                },
                both(own, keep),
                [
                    {
                        "table": "project",
                        "project_name": project.name,
                        "unit_name": (project.unit, f"{project.unit}（本级）"),
                    }
                ],
            )
        )
    return rows


def truth_has(truth: Truth, meanings: Sequence[Meaning], keep: Keep) -> bool:
    return any(
        truth.total(m.phase, lambda e, m=m: keep(e) and m.keeps(e, truth)) != 0
        for m in meanings
    )


THREE_PUBLIC = {
    "total": ("30212", "30217", "30231", "31013"),
    "overseas": ("30212",),
    "reception": ("30217",),
    "vehicles": ("30231", "31013"),
    "vehicle_purchase": ("31013",),
    "vehicle_operation": ("30231",),
    "meetings": ("30215",),
    "training": ("30216",),
}


def three_public(truth: Truth, item: str) -> tuple[Keep, dict[str, Accepted]]:
    """What a 三公 item is summed from, and the fact it gives."""
    fact: dict[str, Accepted] = {
        "table": "three_public",
        "item": item,
        "row_role": ("total", "code") if item == "total" else "code",
        "unit_name": publisher(truth),
    }
    if item == "agency_operation":
        offices = {u.name for u in truth.units if u.kind != "institution"}
        return (
            lambda e: (
                e.unit in offices
                and e.kind == "basic"
                and e.economic[:3] in ("302", "310")
            ),
            fact,
        )
    wanted = THREE_PUBLIC[item]
    return (lambda e: e.economic in wanted), fact


def three_public_row(truth: Truth, item: str, label: str) -> Row:
    keep, fact = three_public(truth, item)
    return Row({"item": label}, keep, [fact])
