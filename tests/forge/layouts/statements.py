"""The statements of a disclosure, each with what provinces do differently.

A function prints one statement into a book; its arguments are the choices of a
layout: labels, where codes and totals stand, which columns there are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from tests.forge import rows as make
from tests.forge.book import Accepted, Book, Column, Meaning, Money, Pane, Row
from tests.forge.truth import Entry

M = Meaning
GENERAL = "general_public_budget"
FUNDS = "government_funds"
STATE = "state_capital"


def text(*labels: str, role: str) -> Column:
    """A column of words."""
    return Column(labels, role)


def amount(*labels: str, **meaning: Any) -> Column:
    """A column of amounts; the keywords are those of ``Meaning``."""
    return Column(labels, meaning=Meaning(**meaning))


def meanings(columns: Sequence[Column]) -> list[Meaning]:
    return [column.meaning for column in columns if column.meaning]


CODE_COLUMNS: dict[str, list[Column]] = {
    "joined": [text("科目编码", role="code"), text("科目名称", role="name")],
    "joined_under": [
        text("功能分类科目", "科目编码", role="code"),
        text("功能分类科目", "科目名称", role="name"),
    ],
    "item_under": [
        text("项目", "科目编码", role="code"),
        text("项目", "科目名称", role="name"),
    ],
    "split": [
        text("科目编码", "类", role="class"),
        text("科目编码", "款", role="section"),
        text("科目编码", "项", role="item"),
        text("科目名称", role="name"),
    ],
    "split_deep": [
        text("功能分类科目", "科目编码", "类", role="class"),
        text("功能分类科目", "科目编码", "款", role="section"),
        text("功能分类科目", "科目编码", "项", role="item"),
        text("功能分类科目", "科目名称", role="name"),
    ],
    "split_bare": [
        text("项目", "功能分类科目编码", "类", role="class"),
        text("项目", "功能分类科目编码", "款", role="section"),
        text("项目", "功能分类科目编码", "项", role="item"),
        text("项目", "功能分类科目名称", role="name"),
    ],
    "glued": [text("功能分类科目", role="glued")],
    "glued_spaced": [text("科目名称", role="spaced")],
    "lost": [
        text("科目编码", "类", role="class"),
        text("科目编码", "款", role="section_lost"),
        text("科目编码", "项", role="item_lost"),
        text("科目名称", role="name"),
    ],
    "steps": [
        text("科目编码", role="code"),
        text("科目名称", role="indented"),
    ],
    "dashed": [text("科目编码", role="dashed"), text("科目名称", role="name")],
}
ECONOMIC_COLUMNS: dict[str, list[Column]] = {
    "joined": [text("科目编码", role="code"), text("科目名称", role="name")],
    "joined_under": [
        text("经济分类科目", "科目编码", role="code"),
        text("经济分类科目", "科目名称", role="name"),
    ],
    "split": [
        text("科目编码", "类", role="class"),
        text("科目编码", "款", role="section"),
        text("科目名称", role="name"),
    ],
    "split_deep": [
        text("部门预算支出经济分类科目", "科目编码", "类", role="class"),
        text("部门预算支出经济分类科目", "科目编码", "款", role="section"),
        text("部门预算支出经济分类科目", "科目名称", role="name"),
    ],
    "lost": [
        text("科目编码", "类", role="class"),
        text("科目编码", "款", role="section_lost"),
        text("科目名称", role="name"),
    ],
    "glued": [text("部门预算支出经济分类科目", role="glued")],
    "names": [text("部门预算支出经济科目名称", role="name")],
    "pair": [
        text("部门预算支出经济分类科目", "科目编码", role="code"),
        text("部门预算支出经济分类科目", "科目名称", role="name"),
        text("政府预算支出经济分类科目", "科目编码", role="government_code"),
        text("政府预算支出经济分类科目", "科目名称", role="government_name"),
    ],
    "pair_split": [
        text("部门预算经济分类", "类", role="class"),
        text("部门预算经济分类", "款", role="section"),
        text("部门预算经济分类", "科目名称", role="name"),
        text("政府预算经济分类", "类", role="government_class"),
        text("政府预算经济分类", "款", role="government_section"),
        text("政府预算经济分类", "科目名称", role="government_name"),
    ],
}


def first_text(columns: Sequence[Column], inside: str) -> str:
    """The role that a total's label stands in: its name, or the first column's."""
    roles = [column.role for column in columns if column.role]
    if inside == "first":
        return roles[0]
    return next(
        role for role in roles if role in ("name", "glued", "spaced", "indented")
    )


def by_function(
    book: Book,
    statement: str,
    title: str,
    columns: Sequence[Column],
    *,
    codes: str = "joined",
    total: str = "first",
    total_label: str = "合计",
    inside: str = "first",
    merged_total: bool = False,
    levels: Sequence[int] = (3, 5, 7),
    base: Meaning | None = None,
    show: Callable[[str], str] | None = None,
    unit_rows: str = "",
    unit_columns: Sequence[Column] = (),
    table_fact: dict[str, Accepted] | None = None,
    **print_options: Any,
) -> None:
    """A statement whose rows are functional codes.

    ``unit_rows``: "" none, "heads" the department above all codes, "groups" the codes
    of a unit below its row, "columns" the unit in columns of every code's row.
    """
    truth = book.truth
    base = base or Meaning()
    base_keep = make.within(truth, base)
    first = [*unit_columns, *CODE_COLUMNS[codes]]
    wanted = meanings(columns)
    fact = {**make.functional_total(truth), **(table_fact or {})}
    rows: list[Row] = []
    label_at = first_text(first, inside)
    whole = make.total_row(
        total_label,
        label_at,
        base_keep,
        fact,
        span=len(first) if merged_total and inside == "first" else 1,
    )
    if unit_rows in ("groups", "columns"):
        group_fact = {"table": "functional", "functional_code": None}
        for unit in make.units(truth, group_fact):
            keep = unit.keep
            assert keep is not None
            unit.keep = make.both(keep, base_keep)
            own = unit.facts[0]["unit_name"]
            below = make.functional(
                truth, wanted, keep=unit.keep, levels=levels, unit=own, show=show
            )
            if unit_rows == "columns":
                for row in below:
                    row.texts["unit_code"] = unit.texts["unit_code"]
                    row.texts["unit_name"] = unit.texts["unit_name"]
                rows += below
            elif below:
                rows += [unit, *below]
        for row in rows:
            for each in row.facts:
                each.update(table_fact or {})
    else:
        if unit_rows == "heads":
            rows.append(make.department(truth, fact))
            rows[-1].keep = base_keep
        rows += make.functional(truth, wanted, keep=base_keep, levels=levels, show=show)
        for row in rows:
            for each in row.facts:
                each.update(table_fact or {})
    if total == "first":
        rows.insert(0, whole)
    elif total == "last":
        rows.append(whole)
    book.statement(statement, title, [Pane([*first, *columns], rows)], **print_options)


def by_economy(
    book: Book,
    statement: str,
    title: str,
    columns: Sequence[Column],
    *,
    codes: str = "joined",
    classification: str = "department",
    scope: str = "basic",
    total: str = "first",
    total_label: str = "合计",
    inside: str = "first",
    levels: Sequence[int] = (3, 5),
    base: Meaning,
    first: Sequence[Column] = (),
    unit_head: bool = False,
    **print_options: Any,
) -> None:
    """A statement whose rows are economic codes, or pairs of them."""
    truth = book.truth
    keep = make.within(truth, base)
    first = first or ECONOMIC_COLUMNS[codes]
    wanted = meanings(columns)
    if codes.startswith("pair"):
        rows = make.paired(truth, wanted, scope=scope, keep=keep)
    else:
        rows = make.economic(
            truth,
            wanted,
            classification=classification,
            scope=scope,
            keep=keep,
            levels=levels,
        )
    fact = make.economic_total(truth, classification, scope)
    if unit_head:
        head = make.department(truth, fact)
        head.keep = keep
        head.texts = {"class": head.texts["code"], "name": head.texts["name"]}
        rows.insert(0, head)
    whole = make.total_row(total_label, first_text(first, inside), keep, fact)
    if total == "first":
        rows.insert(0, whole)
    elif total == "last":
        rows.append(whole)
    book.statement(statement, title, [Pane([*first, *columns], rows)], **print_options)


SOURCE_LABELS = {
    GENERAL: "一般公共预算拨款收入",
    FUNDS: "政府性基金预算拨款收入",
    STATE: "国有资本经营预算拨款收入",
    "fiscal_account": "财政专户管理资金收入",
    "institution_income": "事业收入",
    "superior_subsidy": "上级补助收入",
    "affiliated_remittance": "附属单位上缴收入",
    "business_income": "事业单位经营收入",
    "other_income": "其他收入",
}


def sources(
    book: Book,
    *,
    labels: dict[str, str] | None = None,
    numbered: bool = True,
    basis: str = "all",
    says: tuple[str, ...] = ("all", "current_year"),
) -> list[Row]:
    """Left half of a balance: the revenue sources."""
    found = labels or SOURCE_LABELS
    return [
        make.source(
            book.truth,
            f"{make.ordinal(number)}、{label}" if numbered else label,
            fund,
            basis=basis,
            says=says,
        )
        for number, (fund, label) in enumerate(found.items(), 1)
    ]


def numbered_class(number: int, code: str, name: str) -> str:
    return f"{make.ordinal(number)}、{name}"


def bracketed_class(number: int, code: str, name: str) -> str:
    return f"（{make.ordinal(number)}）{name}"


def plain_class(number: int, code: str, name: str) -> str:
    return name


def balance(
    book: Book,
    statement: str,
    title: str,
    left: Sequence[Row],
    right: Sequence[Row],
    *,
    left_columns: Sequence[Column] | None = None,
    right_columns: Sequence[Column] | None = None,
    pad_to_last: int = 0,
    **print_options: Any,
) -> None:
    """Two panes; the last ``pad_to_last`` rows of both stand on the same lines."""
    left_columns = left_columns or [
        text("收入", "项目", role="source"),
        amount("收入", "预算数"),
    ]
    right_columns = right_columns or [
        text("支出", "项目", role="spent"),
        amount("支出", "预算数"),
    ]
    left, right = list(left), list(right)
    if pad_to_last:
        gap = len(right) - len(left)
        at = pad_to_last
        if gap > 0:
            left[len(left) - at : len(left) - at] = [Row({})] * gap
        elif gap < 0:
            right[len(right) - at : len(right) - at] = [Row({})] * -gap
    book.statement(
        statement,
        title,
        [Pane(list(left_columns), left), Pane(list(right_columns), right)],
        **print_options,
    )


def three_public_columns(
    book: Book,
    title: str,
    labels: Sequence[tuple[str, tuple[str, ...]]],
    meaning: Meaning,
    *,
    first: Sequence[Column] = (),
    rows: Sequence[Row] | None = None,
    phases: Sequence[tuple[str, str]] = (),
    top: Sequence[str] = (),
    **print_options: Any,
) -> None:
    """三公 with an item a column; with ``phases`` the whole set once a phase."""
    columns = list(first)
    spans = [
        (label, Meaning(**{**_fields(meaning), "phase": phase}))
        for phase, label in phases
    ]
    for label, one in spans or [("", meaning)]:
        for item, path in labels:
            keep, fact = make.three_public(book.truth, item)
            head = (*top, *((label,) if label else ()), *path)
            columns.append(Column(head, meaning=one, keep=keep, facts=(fact,)))
    book.statement(
        "three_public",
        title,
        [Pane(columns, list(rows) if rows is not None else [Row({}, make.everything)])],
        **print_options,
    )


def _fields(meaning: Meaning) -> dict[str, Any]:
    return {name: getattr(meaning, name) for name in meaning.__slots__}


def three_public_rows(
    book: Book,
    title: str,
    labels: Sequence[tuple[str, str]],
    columns: Sequence[Column],
    **print_options: Any,
) -> None:
    """三公 with an item a row."""
    rows = [make.three_public_row(book.truth, item, label) for item, label in labels]
    book.statement(
        "three_public",
        title,
        [Pane([text("项目", role="item"), *columns], rows)],
        **print_options,
    )


def project_list(
    book: Book,
    title: str,
    columns: Sequence[Column],
    *,
    first: Sequence[Column],
    base: Meaning | None = None,
    total: str = "first",
    total_at: str = "project_name",
    total_label: str = "合计",
    unit_rows: bool = False,
    **print_options: Any,
) -> None:
    """A row per project, below its unit's when ``unit_rows``."""
    truth = book.truth
    base = base or Meaning(measure="project")
    keep: Callable[[Entry], bool] = make.within(truth, base)
    fact: dict[str, Accepted] = {
        "table": "project",
        "project_name": None,
        "unit_name": make.publisher(truth),
        "measure": ("total", "project"),
    }
    listed = make.projects(truth, meanings(columns), keep)
    for row in listed:
        row.facts[0]["measure"] = ("total", "project")
    rows: list[Row] = []
    if unit_rows:
        for unit in make.units(truth, fact):
            assert unit.keep is not None
            unit.keep = make.both(unit.keep, keep)
            unit.texts["project_name"] = unit.texts["unit_name"]
            accepted = unit.facts[0]["unit_name"]
            own = [
                row
                for row in listed
                if isinstance(accepted, tuple) and row.texts["unit_name"] in accepted
            ]
            for row in own:
                row.texts["unit_name"] = ""
            unit.texts["unit_name"] = ""
            if own:
                rows += [unit, *own]
    else:
        rows = listed
    whole = make.total_row(total_label, total_at, keep, fact)
    if total == "first":
        rows.insert(0, whole)
    elif total == "last":
        rows.append(whole)
    book.statement("project", title, [Pane([*first, *columns], rows)], **print_options)


def empty(
    book: Book,
    statement: str,
    title: str,
    columns: Sequence[Column],
    *,
    codes: str = "joined",
    lone_total: bool = True,
    zero: str = "",
    **print_options: Any,
) -> None:
    """A statement that this unit has nothing to print in."""
    rows = []
    if lone_total:
        first = CODE_COLUMNS[codes]
        rows.append(Row({first_text(first, "first"): "合计"}))
    book.statement(
        statement,
        title,
        [Pane([*CODE_COLUMNS[codes], *columns], rows or [Row({})])],
        **print_options,
    )


__all__ = ["FUNDS", "GENERAL", "STATE", "M", "Money"]
