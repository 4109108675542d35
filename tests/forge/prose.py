"""Running text (情况说明) that tells a truth's figures, in words of several regions.

Each figure of a sentence is kept with its meaning as `tests/golden/narrative` writes
it down, so that reading is measured the same way, and with the claims that its
sentence makes of other figures: parts of a whole, shares, growth, completion, the same
again, the same in a table. Last year's amounts, procurement and counts are invented.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal

from tests.forge import codes
from tests.forge import rows as make
from tests.forge.book import Book, Meaning, Money
from tests.forge.layouts.registry import LAYOUTS
from tests.forge.paper import Block, PageBreak, Paper
from tests.forge.truth import Entry, Truth

GENERAL = "general_public_budget"
FUNDS = "government_funds"
STATE = "state_capital"
CENT = Decimal("0.01")
HALF = Decimal("0.005")

# Layouts whose tables do not print what the truth holds, or hold another's figures.
WITHOUT = (
    *("county_government", "county_final", "published_mistakes", "unit_nowhere"),
    *("tables_of_others", "three_panes"),
)
# Formats in which people publish running text.
STYLES_OF_TEXT = (
    *("txt", "txt-blanks", "txt-slid", "html", "html-cms", "html-line"),
    *("docx", "docx-runs", "pdf", "pdf-open", "pdf-watermark"),
)

Keep = Callable[[Entry], bool]
Values = Mapping[int, Decimal]


@dataclass(frozen=True, slots=True)
class Said:
    """A figure of a paragraph; ``start`` and ``end`` enclose number and unit.

    ``owner`` and ``whole`` are numbers of other figures. ``keep`` and ``phase`` tell
    which entries an amount is the sum of.
    """

    number: int
    paragraph: int
    start: int
    end: int
    printed: str
    meaning: str
    value: Decimal
    unit: str
    fields: Mapping[str, str]
    owner: int | None = None
    whole: int | None = None
    keep: Keep | None = None
    phase: str = ""
    words: tuple[int, int] | None = None  # 增加 or 减少 before it


@dataclass(frozen=True, slots=True)
class Claim:
    """What has to hold between figures, within what printing rounds."""

    kind: str
    figures: tuple[int, ...]
    gap: Callable[[Values], tuple[Decimal, Decimal]]  # how far apart, how far allowed
    is_implied: bool = True  # as of :class:`tests.forge.equalities.Equality`

    def fails(self, values: Values, times: int = 1) -> bool:
        apart, allowed = self.gap(values)
        return abs(apart) > allowed * times


@dataclass(slots=True)
class Prose:
    """The running text of a book: its paragraphs, where they are, what they say."""

    style: str
    paragraphs: list[str] = field(default_factory=list)
    figures: list[Said] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    first_block: int = 0  # of the paper's

    @property
    def values(self) -> dict[int, Decimal]:
        return {said.number: said.value for said in self.figures}

    def rows(self) -> list[dict[str, str]]:
        """The figures as rows of `tests/golden/narrative`, on one page."""
        seen: dict[str, int] = {}
        places = []
        for said in self.figures:
            seen[said.printed] = seen.get(said.printed, 0) + 1
            places.append(f"P0:{said.printed}#{seen[said.printed]}")
        return [
            {
                "place": places[said.number],
                "printed_text": said.printed,
                "meaning": said.meaning,
                "value": str(said.value),
                "value_unit": said.unit,
                "owner": "" if said.owner is None else places[said.owner],
                "whole": "" if said.whole is None else places[said.whole],
                "is_zero": str(said.value == 0).lower(),
                **said.fields,
            }
            for said in self.figures
        ]


FIELDS = (
    *("subject_kind", "subject_code", "side", "measure", "fund", "year_basis"),
    *("phase", "compared_year"),
)


class Teller:
    """Writes paragraphs figure by figure and keeps what each figure means."""

    def __init__(self, rng: random.Random, truth: Truth, prose: Prose) -> None:
        self.rng = rng
        self.truth = truth
        self.prose = prose
        self.year = truth.year
        self.phase = next(iter(truth.phases))
        self.name = str(make.publisher(truth))
        self.money = Money(comma=rng.choice((",", "")), zero="0.00")
        self.gap = rng.choice(("", "", " "))
        self.last = _last_year(truth, rng)
        self.line = ""

    # --- text ---------------------------------------------------------------

    def put(self, text: str) -> None:
        self.line += text

    def end(self) -> None:
        """Close the paragraph."""
        self.prose.paragraphs.append(self.line)
        self.line = ""

    def heading(self, text: str) -> None:
        self.put(text)
        self.end()

    # --- figures ------------------------------------------------------------

    def figure(
        self,
        printed: str,
        meaning: str,
        value: Decimal,
        unit: str,
        fields: Mapping[str, str],
        *,
        shown_unit: str | None = None,
        owner: int | None = None,
        whole: int | None = None,
        keep: Keep | None = None,
        phase: str = "",
        words: tuple[int, int] | None = None,
    ) -> int:
        shown = unit if shown_unit is None else shown_unit
        gap = self.gap if printed[0].isdigit() and shown else ""
        start = len(self.line) + len(gap)
        self.put(f"{gap}{printed}{gap if shown not in ('', '%') else ''}{shown}")
        number = len(self.prose.figures)
        self.prose.figures.append(
            Said(
                number,
                len(self.prose.paragraphs),
                start,
                len(self.line),
                printed,
                meaning,
                value,
                unit,
                {name: fields.get(name, "") for name in FIELDS},
                owner,
                whole,
                keep,
                phase,
                words,
            )
        )
        return number

    def total(self, keep: Keep, phase: str = "") -> int:
        return self.truth.total(phase or self.phase, keep)

    def amount(
        self,
        keep: Keep,
        kind: str,
        code: str = "",
        *,
        whole: int | None = None,
        phase: str = "",
        unit: str = "万元",
        **facets: str,
    ) -> int:
        """An amount of the truth, in 万元; ``facets`` are measure, fund and so on."""
        fen = self.total(keep, phase)
        return self.sum(
            fen, kind, code, whole=whole, phase=phase, unit=unit, keep=keep, **facets
        )

    def sum(
        self,
        fen: int,
        kind: str,
        code: str = "",
        *,
        whole: int | None = None,
        phase: str = "",
        unit: str = "万元",
        keep: Keep | None = None,
        **facets: str,
    ) -> int:
        side = {"total": code, "code": "expenditure"}.get(kind, "")
        fields = {
            "subject_kind": kind,
            "subject_code": code,
            "side": side,
            "phase": phase or self.phase,
            **facets,
        }
        return self.figure(
            self.money.text(fen),
            "amount",
            self.money.value(fen),
            "万元",
            fields,
            shown_unit=unit,
            whole=whole,
            keep=keep,
            phase=phase or self.phase,
        )

    def prior(self, of: int) -> int:
        """Fen of last year's amount."""
        keep = self.prose.figures[of].keep
        assert keep is not None
        return sum(entry.fen for entry in self.last if keep(entry))

    def change(
        self, of: int, same: str = "持平", words: tuple[str, str] = ("增加", "减少")
    ) -> int:
        """增加1.00万元 or 减少1.00万元 against last year, or that it is the same."""
        said = self.prose.figures[of]
        assert said.keep is not None
        fen = self.total(said.keep, said.phase) - self.prior(of)
        value = self.money.value(fen)
        fields = {**said.fields, "compared_year": str(self.year - 1)}
        if not value:
            return self.figure(same, "change", value, "", fields, owner=of)
        at = len(self.line)
        self.put(words[fen < 0])
        return self.figure(
            self.money.text(abs(fen)),
            "change",
            value,
            "万元",
            fields,
            owner=of,
            words=(at, len(self.line)),
        )

    def against(
        self, of: int, label: str = "年", *, words: tuple[str, str] = ("增加", "减少")
    ) -> int:
        """，比2024年增加1.00万元 or ，与2024年持平"""
        said = self.prose.figures[of]
        assert said.keep is not None
        moved = self.total(said.keep, said.phase) - self.prior(of)
        self.put(f"，{'比' if self.money.value(moved) else '与'}{self.year - 1}{label}")
        return self.change(of, words=words)

    def growth(
        self, of: int, by: int | None, words: tuple[str, str] = ("增长", "下降")
    ) -> int | None:
        """增长1.00% of last year's amount; ``by`` is the change that was told."""
        said = self.prose.figures[of]
        prior = self.prior(of)
        assert said.keep is not None
        change = self.total(said.keep, said.phase) - prior
        if prior <= 0 or not self.money.value(change):
            return None
        value = (Decimal(100) * change / prior).quantize(CENT, ROUND_HALF_UP)
        if not value:
            return None
        at = len(self.line)
        self.put(words[change < 0])
        number = self.figure(
            str(abs(value)),
            "growth",
            value,
            "%",
            {**said.fields, "compared_year": str(self.year - 1)},
            owner=of,
            words=(at, len(self.line)),
        )
        if by is not None:
            self.claim("growth", (of, by, number), _growth_gap(of, by, number))
        return number

    def share(self, of: int, whole: int, before: str = "占") -> int:
        """占1.00% of another amount."""
        part, all_ = (self.fen(number) for number in (of, whole))
        value = (Decimal(100) * part / all_).quantize(CENT, ROUND_HALF_UP)
        self.put(before)
        number = self.figure(
            str(value),
            "share",
            value,
            "%",
            self.prose.figures[of].fields,
            owner=of,
            whole=whole,
        )
        self.claim("share", (of, whole, number), _ratio_gap(of, whole, number))
        return number

    def completion(self, of: int, budget: int, before: str = "完成年初预算的") -> None:
        spent, planned = self.fen(of), self.fen(budget)
        if planned <= 0:
            return
        value = (Decimal(100) * spent / planned).quantize(CENT, ROUND_HALF_UP)
        self.put(f"，{before}")
        number = self.figure(
            str(value),
            "completion",
            value,
            "%",
            self.prose.figures[of].fields,
            owner=of,
            whole=budget,
        )
        self.claim("completion", (of, budget, number), _ratio_gap(of, budget, number))

    def count(
        self, number: int, unit: str, kind: str, code: str, whole: int | None = None
    ) -> int:
        shown = "台（套）" if unit == "台(套)" else unit
        fields = {"subject_kind": kind, "subject_code": code}
        return self.figure(
            str(number),
            "count",
            Decimal(number),
            unit,
            fields,
            shown_unit=shown,
            whole=whole,
        )

    def fen(self, number: int) -> int:
        said = self.prose.figures[number]
        return int(said.value * 1_000_000) if said.keep is None else self._kept(said)

    def _kept(self, said: Said) -> int:
        assert said.keep is not None
        return self.total(said.keep, said.phase)

    # --- claims -------------------------------------------------------------

    def claim(
        self,
        kind: str,
        figures: Sequence[int],
        gap: Callable[[Values], tuple[Decimal, Decimal]],
    ) -> None:
        self.prose.claims.append(Claim(kind, tuple(figures), gap))

    def parts(self, whole: int, parts: Sequence[int], kind: str = "parts") -> None:
        """The parts make the whole; of counts exactly."""
        half = HALF if self.prose.figures[whole].unit == "万元" else Decimal(0)
        allowed = half * (len(parts) + 1)

        def gap(values: Values) -> tuple[Decimal, Decimal]:
            found = sum((values[part] for part in parts), Decimal(0))
            return values[whole] - found, allowed

        self.claim(kind, (whole, *parts), gap)

    def same(self, one: int, other: int) -> None:
        def gap(values: Values) -> tuple[Decimal, Decimal]:
            return values[one] - values[other], Decimal(0)

        self.claim("same", (one, other), gap)

    # --- what several regions tell alike -------------------------------------

    def keep(self, *, code: str = "", **facets: str) -> Keep:
        meaning = Meaning(**facets)
        return lambda e: e.item.startswith(code) and meaning.keeps(e, self.truth)

    def codes(self, keep: Keep, length: int) -> list[str]:
        """Codes of that many digits for which money is kept, in order."""
        entries = self.truth.phases[self.phase]
        found = sorted({e.item[:length] for e in entries if keep(e)})
        return [
            code
            for code in found
            if self.total(lambda e, code=code: keep(e) and e.item.startswith(code)) > 0  # type: ignore[misc]
        ]

    def has(self, **facets: str) -> bool:
        return self.total(self.keep(**facets)) != 0

    def by_class(
        self,
        whole: int,
        label: str,
        *,
        shares: bool = False,
        between: str = "，",
        **facets: str,
    ) -> list[int]:
        """社会保障和就业支出1.00万元，卫生健康支出1.00万元"""
        keep = self.keep(**facets)
        told = []
        for code in self.codes(keep, 3):
            if told:
                self.put(between)
            name = codes.functional_names()[code]
            self.put(label.format(name=name, stem=name.removesuffix("支出")))
            told.append(
                self.amount(
                    self.keep(code=code, **facets),
                    "code",
                    code,
                    whole=whole,
                    **_printed(facets),
                )
            )
            if shares:
                self.put("，")
                self.share(told[-1], whole)
        self.parts(whole, told)
        return told

    def three_public(
        self, item: str, *, whole: int | None = None, phase: str = ""
    ) -> int:
        keep, _ = make.three_public(self.truth, item)
        return self.amount(keep, "three_public", item, whole=whole, phase=phase)

    def agency(self) -> Keep | None:
        """机关运行经费, where an office and not only an institution has any."""
        keep, _ = make.three_public(self.truth, "agency_operation")
        return keep if self.total(keep) else None

    def procurement(self, start: str, labels: tuple[str, str, str]) -> None:
        goods, works, services = (
            self.rng.choice((0, self.rng.randint(1, 400_000))) * 10_000
            for _ in range(3)
        )
        self.put(start)
        total = self.sum(goods + works + services, "procurement", "total")
        self.put("，其中：")
        told = []
        for label, fen, code in zip(
            labels,
            (goods, works, services),
            ("goods", "works", "services"),
            strict=True,
        ):
            self.put(("、" if told else "") + label)
            told.append(self.sum(fen, "procurement", code, whole=total))
        self.parts(total, told)
        self.put("。")
        self.end()

    def vehicles(self, start: str, kinds: Sequence[tuple[str, str]]) -> None:
        left = count = self.truth.quantities["vehicles"]
        self.put(start)
        whole = self.count(count, "辆", "resource", "vehicles")
        self.put("，其中：")
        told = []
        for number, (label, code) in enumerate(kinds, 1):
            mine = left if number == len(kinds) else self.rng.randint(0, left)
            left -= mine
            self.put(("、" if told else "") + label)
            told.append(self.count(mine, "辆", "resource", code, whole))
        self.parts(whole, told)
        self.put("；单位价值")
        self.limit(50, "equipment_general")
        self.put("以上通用设备")
        self.count(self.rng.randint(0, 3), "台(套)", "resource", "equipment_general")
        self.put("，单位价值")
        self.limit(100, "equipment_special")
        self.put("以上专用设备")
        self.count(self.rng.randint(0, 2), "台(套)", "resource", "equipment_special")
        self.put("。")
        self.end()

    def limit(self, value: int, code: str) -> None:
        fields = {"subject_kind": "resource", "subject_code": code}
        self.figure(str(value), "threshold", Decimal(value), "万元", fields)


def _printed(facets: Mapping[str, str]) -> dict[str, str]:
    """Facets of a meaning under the names of the truth's columns."""
    names = {"measure": "measure", "fund": "fund", "basis": "year_basis"}
    return {names[name]: value for name, value in facets.items() if name in names}


def _growth_gap(
    this: int, change: int, growth: int
) -> Callable[[Values], tuple[Decimal, Decimal]]:
    def gap(values: Values) -> tuple[Decimal, Decimal]:
        prior = values[this] - values[change]
        if prior <= CENT:
            return Decimal(0), Decimal(1)
        rate = 100 * values[change] / prior
        moved = 100 * HALF * (3 + abs(rate) / 50) / prior
        return values[growth] - rate, HALF + moved

    return gap


def _ratio_gap(
    part: int, whole: int, ratio: int
) -> Callable[[Values], tuple[Decimal, Decimal]]:
    def gap(values: Values) -> tuple[Decimal, Decimal]:
        if values[whole] <= CENT:
            return Decimal(0), Decimal(1)
        found = 100 * values[part] / values[whole]
        moved = 100 * HALF * (1 + found / 100) / values[whole]
        return values[ratio] - found, HALF + moved * 2

    return gap


def _last_year(truth: Truth, rng: random.Random) -> list[Entry]:
    """Last year's entries: those that the tables print, or invented ones."""
    for phase in ("prior_budget", "prior_final"):
        if phase in truth.phases:
            return truth.phases[phase]
    main = next(iter(truth.phases.values()))
    return [
        replace(entry, fen=entry.fen * rng.choice((100, rng.randint(70, 125))) // 100)
        for entry in main
    ]


# --- regions ------------------------------------------------------------------

Style = Callable[[Teller], None]

VEHICLES = (
    ("机要通信用车", "vehicles_confidential"),
    ("应急保障用车", "vehicles_emergency"),
    ("执法执勤用车", "vehicles_law_enforcement"),
    ("特种专业技术用车", "vehicles_special_technical"),
    ("其他用车", "vehicles_other"),
)
BOUGHT = ("政府采购货物预算", "政府采购工程预算", "政府采购服务预算")


def southwest(t: Teller) -> None:
    """Sources and classes of both sides, then 一般公共预算 with its kinds."""
    y = t.year
    t.heading("二、部门收支总体情况")
    t.put(f"（一）收入预算：{y}年年初预算数")
    whole = t.amount(t.keep(side="revenue"), "total", "revenue")
    t.put("，其中：")
    labels = (
        (GENERAL, "一般公共预算财政拨款"),
        (FUNDS, "政府性基金预算财政拨款"),
        (STATE, "国有资本经营预算财政拨款"),
        ("fiscal_account", "财政专户管理资金"),
        ("institution_income", "事业收入"),
        ("superior_subsidy", "上级补助收入"),
        ("affiliated_remittance", "附属单位上缴收入"),
        ("business_income", "事业单位经营收入"),
        ("other_income", "其他收入"),
    )
    told = []
    for fund, label in labels:
        t.put(("，" if told else "") + label)
        keep = t.keep(side="revenue", fund=fund)
        told.append(t.amount(keep, "total", "revenue", whole=whole, fund=fund))
    t.parts(whole, told)
    t.put(f"。收入预算较{y - 1}年")
    t.change(whole)
    t.put("。")
    t.end()
    t.put(f"（二）支出预算：{y}年年初预算数")
    spent = t.amount(t.keep(), "total", "expenditure")
    t.put("，其中：")
    t.by_class(spent, "{name}")
    t.put(f"。支出预算较{y - 1}年")
    t.change(spent)
    t.put("。")
    t.end()
    t.heading("三、部门预算情况说明")
    t.put(f"{t.name}{y}年一般公共预算财政拨款收入")
    fund = {"fund": GENERAL}
    t.amount(t.keep(side="revenue", **fund), "total", "revenue", **fund)
    t.put("，一般公共预算财政拨款支出")
    spent = t.amount(t.keep(**fund), "total", "expenditure", **fund)
    changed = t.against(spent)
    t.put("，其中：")
    told, changes = [], []
    for kind, label in (("basic", "基本支出"), ("project", "项目支出")):
        t.put(("；" if told else "") + label)
        keep = t.keep(measure=kind, **fund)
        told.append(
            t.amount(keep, "total", "expenditure", whole=spent, measure=kind, **fund)
        )
        changes.append(t.against(told[-1]))
        t.put("，主要原因是人员和任务变动")
    t.parts(spent, told)
    if t.prose.figures[changed].unit and all(
        t.prose.figures[one].unit for one in changes
    ):
        t.parts(changed, changes, "change_parts")
    t.put("。")
    t.end()
    t.heading("四、“三公”经费情况说明")
    t.put(f"{y}年“三公”经费预算")
    whole = t.three_public("total")
    t.against(whole)
    t.put("，其中：")
    told = []
    for item, label in (
        ("overseas", "因公出国（境）费用"),
        ("reception", "公务接待费"),
        ("vehicle_operation", "公务用车运行维护费"),
        ("vehicle_purchase", "公务用车购置费"),
    ):
        t.put(("；" if told else "") + label)
        told.append(t.three_public(item, whole=whole))
        t.against(told[-1])
    t.parts(whole, told)
    t.put("。")
    t.end()
    t.heading("五、其他重要事项的情况说明")
    agency = t.agency()
    if agency:
        t.put(f"（一）机关运行经费。{y}年机关运行经费")
        told = [t.amount(agency, "agency_operation")]
        t.against(told[0])
        t.put("，主要用于办公费、印刷费、邮电费等。")
        t.end()
    t.procurement("（二）政府采购情况。政府采购预算总额", BOUGHT)
    t.vehicles(f"（三）截至{y - 1}年12月底，共有车辆", VEHICLES)


def north(t: Teller) -> None:
    """This year's money and carryover, shares of each source and class."""
    y = t.year
    t.heading(f"第三部分 {y}年度单位预算情况说明")
    t.heading("一、单位预算收支数据变动情况及原因")
    for side, label, own in (
        ("revenue", "预算收入总计", "本年收入"),
        ("expenditure", "支出预算总计", "本年预算安排"),
    ):
        t.put(f"{y}年度{t.name}{label}")
        whole = t.amount(t.keep(side=side), "total", side)
        t.put(f"，其中：{own}")
        told = [
            t.amount(
                t.keep(side=side, basis="current_year"),
                "total",
                side,
                whole=whole,
                year_basis="current_year",
            )
        ]
        t.put("，上年结转")
        told.append(
            t.amount(
                t.keep(side=side, basis="carryover"),
                "total",
                side,
                whole=whole,
                year_basis="carryover",
            )
        )
        t.parts(whole, told)
        t.put("，比上年")
        by = t.change(whole, words=("增长", "减少"))
        if t.prose.figures[by].unit:
            t.put("，")
            if t.growth(whole, by, ("增长", "下降")) is None:
                t.put("与上年基本相当")
        t.put("，主要原因是人员变动。")
        t.end()
    t.heading("二、收入预算情况说明")
    t.put(f"{y}年度{t.name}预算收入")
    whole = t.amount(t.keep(side="revenue"), "total", "revenue")
    t.put("，主要包括")
    told = []
    for fund, label in (
        (GENERAL, "一般公共预算拨款收入"),
        (FUNDS, "政府性基金预算拨款收入"),
        (STATE, "国有资本经营预算拨款收入"),
        ("fiscal_account", "财政专户管理资金收入"),
        ("unit_funds", "单位资金"),
    ):
        t.put(("；" if told else "") + label)
        keep = t.keep(side="revenue", fund=fund, basis="current_year")
        told.append(
            t.amount(
                keep,
                "total",
                "revenue",
                whole=whole,
                fund=fund,
                year_basis="|current_year",
            )
        )
        t.put("，")
        t.share(told[-1], whole)
    t.put("；上年结转")
    keep = t.keep(side="revenue", basis="carryover")
    told.append(t.amount(keep, "total", "revenue", whole=whole, year_basis="carryover"))
    t.put("，")
    t.share(told[-1], whole)
    t.parts(whole, told)
    t.put("。")
    t.end()
    t.heading("三、支出预算情况说明")
    t.put(f"{y}年度{t.name}支出预算")
    _kinds(t, "expenditure", shares=True)
    t.heading("五、一般公共预算支出情况说明")
    fund = {"fund": GENERAL, "basis": "current_year"}
    t.put(f"{y}年度{t.name}一般公共预算当年支出")
    one = t.amount(t.keep(**fund), "total", "expenditure", **_printed(fund))
    t.put(",比上年")
    by = t.change(one)
    if t.prose.figures[by].unit:
        t.put(",")
        if t.growth(one, by) is None:
            t.put("变化很小")
    t.put("。")
    t.end()
    t.put(f"{y}年度{t.name}一般公共预算当年支出")
    other = t.amount(t.keep(**fund), "total", "expenditure", **_printed(fund))
    t.same(one, other)
    t.put(",主要用于以下方面:")
    t.by_class(other, "{name}", shares=True, between=";", **fund)
    t.put("等。")
    t.end()
    t.heading("九、政府采购情况")
    t.procurement(f"{y}年{t.name}政府采购预算总额", BOUGHT)
    t.heading("十、绩效管理情况")
    t.put(f"{y}年{t.name}实行绩效目标管理的项目")
    t.count(len(t.truth.projects), "个", "performance", "projects")
    t.put("，涉及金额")
    t.amount(t.keep(measure="project"), "performance", "amount", measure="project|")
    t.put("。")
    t.end()
    t.heading("十一、国有资产占有使用情况")
    t.vehicles(f"截至{y - 1}年12月31日，{t.name}共有公务用车", VEHICLES)


def central(t: Teller) -> None:
    """Totals of both sides in one sentence, shares of kinds, 三公 item by item."""
    y = t.year
    t.heading("一、收入支出预算总体情况说明")
    t.put(f"{t.name}{y}年收入总计")
    revenue = t.amount(t.keep(side="revenue"), "total", "revenue")
    t.put("，支出总计")
    spent = t.amount(t.keep(), "total", "expenditure")
    t.put(f"，与{y - 1}年预算相比，收入")
    _change_and_growth(t, revenue)
    t.put("；支出")
    _change_and_growth(t, spent)
    t.put("。主要原因：人员经费和项目变动。")
    t.end()
    t.heading("二、支出预算总体情况说明")
    t.put(f"{t.name}{y}年支出合计")
    _kinds(t, "expenditure", shares=True)
    t.heading("三、一般公共预算支出情况说明")
    t.put(f"{t.name}{y}年一般公共预算支出年初预算为")
    whole = t.amount(t.keep(fund=GENERAL), "total", "expenditure", fund=GENERAL)
    t.put("。主要用于以下方面：")
    t.by_class(whole, "{stem}（类）支出", shares=True, between="；", fund=GENERAL)
    t.put("。")
    t.end()
    t.heading("四、一般公共预算基本支出情况说明")
    t.put(f"{t.name}{y}年一般公共预算基本支出年初预算为")
    whole = t.amount(
        t.keep(fund=GENERAL, measure="basic"),
        "total",
        "expenditure",
        fund=GENERAL,
        measure="basic",
    )
    t.put("。其中：")
    told = []
    for kind, label in (("personnel", "人员经费"), ("operating", "公用经费")):
        t.put(("；" if told else "") + label)
        keep = t.keep(fund=GENERAL, measure=kind)
        told.append(
            t.amount(
                keep, "total", "expenditure", whole=whole, fund=GENERAL, measure=kind
            )
        )
        t.put("，")
        t.share(told[-1], whole)
    t.parts(whole, told)
    t.put("。")
    t.end()
    t.heading("五、“三公”经费支出情况说明")
    t.put(f"我单位{y}年“三公”经费预算为")
    whole = t.three_public("total")
    t.against(whole)
    t.put("。具体支出情况如下：")
    t.end()
    told = []
    for number, item, label in (
        ("一", "overseas", "因公出国（境）费"),
        ("二", "reception", "公务接待费"),
        ("三", "vehicles", "公务用车购置及运行费"),
    ):
        t.put(f"（{number}）{label}")
        told.append(t.three_public(item))
        t.against(told[-1])
        if item == "vehicles":
            t.put("，其中：公务用车购置费")
            parts = [t.three_public("vehicle_purchase", whole=told[-1])]
            t.put("；公务用车运行维护费")
            parts.append(t.three_public("vehicle_operation", whole=told[-1]))
            t.parts(told[-1], parts)
        t.put("。")
        t.end()
    t.parts(whole, told)
    t.heading("六、其他重要事项情况说明")
    t.procurement(f"{y}年政府采购预算安排", BOUGHT)
    t.vehicles(f"{y - 1}年期末，我单位共有车辆", VEHICLES)


def east(t: Teller) -> None:
    """A list of items with class, section and item, and what was spent last year."""
    y = t.year
    t.heading(f"{y}年单位预算编制说明")
    t.put(f"{y}年，{t.name}收入预算")
    revenue = t.amount(t.keep(side="revenue"), "total", "revenue")
    t.put("，其中：财政拨款收入")
    fund = {"fund": "fiscal_appropriation"}
    own = t.amount(
        t.keep(side="revenue", **fund), "total", "revenue", whole=revenue, **fund
    )
    t.against(own, "年预算")
    t.put("。")
    t.end()
    t.put("支出预算")
    spent = t.amount(t.keep(), "total", "expenditure")
    t.put("，其中：财政拨款支出预算")
    own = t.amount(t.keep(**fund), "total", "expenditure", whole=spent, **fund)
    t.against(own, "年预算")
    t.put("。财政拨款支出预算中，")
    told = []
    for one, label in (
        (GENERAL, "一般公共预算拨款支出预算"),
        (FUNDS, "政府性基金拨款支出预算"),
        (STATE, "国有资本经营预算拨款支出预算"),
    ):
        t.put(("；" if told else "") + label)
        keep = t.keep(fund=one)
        told.append(t.amount(keep, "total", "expenditure", whole=own, fund=one))
        t.against(told[-1], "年预算")
    t.parts(own, told)
    t.put("。")
    t.end()
    t.heading("财政拨款支出主要内容如下：")
    items = []
    names = codes.functional_names()
    for number, item in enumerate(t.codes(t.keep(**fund), 7), 1):
        path = (names[item[:3]], names[item[:5]], names[item])
        written = "".join(
            f"{name}（{level}）" for name, level in zip(path, "类款项", strict=True)
        )
        t.put(f"{number}. “{written}”")
        keep = t.keep(code=item, **fund)
        items.append(t.amount(keep, "code", item, **fund))
        t.put("，主要用于人员和业务支出。")
        prior = t.prior(items[-1])
        if prior > 0 and "prior_budget" not in t.truth.phases:
            t.put(f"{y - 1}年当年预算执行数为")
            fen = prior
            facets = {"phase": "prior_final|final", **fund}
            t.sum(fen, "code", item, **facets)
            t.put(f"，{y}年预算安排")
            again = t.amount(keep, "code", item, **fund)
            t.same(items[-1], again)
            at = len(t.prose.figures)
            t.put(f"，比{y - 1}年预算执行数")
            if t.growth(again, None, ("增加", "减少")) is None:
                t.figure(
                    "持平",
                    "change",
                    Decimal(0),
                    "",
                    {
                        **t.prose.figures[again].fields,
                        "compared_year": str(y - 1),
                    },
                    owner=again,
                )
            else:
                t.claim(
                    "growth",
                    (again, again - 1, at),
                    _growth_from(again, again - 1, at),
                )
            t.put("。")
        t.end()
    t.heading("其他相关情况说明")
    t.put(f"{y}年“三公”经费预算数为")
    whole = t.three_public("total")
    t.against(whole, "年预算")
    t.put("。其中：")
    t.end()
    told = []
    for number_, item, label in (
        ("一", "overseas", "因公出国（境）费"),
        ("二", "vehicles", "公务用车购置及运行费"),
        ("三", "reception", "公务接待费"),
    ):
        t.put(f"（{number_}）{label}")
        told.append(t.three_public(item, whole=whole))
        t.against(told[-1], "年预算")
        t.put("。")
        t.end()
    t.parts(whole, told)
    t.procurement(f"{y}年度本单位政府采购预算", BOUGHT)


def accounts(t: Teller) -> None:
    """Final accounts: totals, shares, budget and completion of each item, 三公."""
    y = t.year
    t.heading(f"第三部分 {y}年度部门决算情况说明")
    t.heading("一、收入决算情况说明")
    t.put("本年收入合计")
    basis = {"basis": "current_year"}
    whole = t.amount(
        t.keep(side="revenue", **basis), "total", "revenue", year_basis="current_year"
    )
    t.put("，其中：财政拨款收入")
    own = t.amount(
        t.keep(side="revenue", fund="fiscal_appropriation", **basis),
        "total",
        "revenue",
        whole=whole,
        fund="fiscal_appropriation",
        year_basis="|current_year",
    )
    t.put("，")
    t.share(own, whole)
    t.put("。")
    t.end()
    t.heading("二、支出决算情况说明")
    t.put("本年支出合计")
    _kinds(t, "expenditure", shares=True, year_basis="|current_year")
    t.heading("三、一般公共预算财政拨款支出决算情况说明")
    t.put("一般公共预算财政拨款支出")
    whole = t.amount(t.keep(fund=GENERAL), "total", "expenditure", fund=GENERAL)
    t.put(f"。与{y - 1}年度相比，一般公共预算财政拨款支出")
    _change_and_growth(t, whole)
    t.put("。")
    t.end()
    t.put("一般公共预算财政拨款支出")
    again = t.amount(t.keep(fund=GENERAL), "total", "expenditure", fund=GENERAL)
    t.same(whole, again)
    t.put("，主要用于以下方面：")
    t.by_class(again, "{name}（类）", shares=True, between="；", fund=GENERAL)
    t.put("。")
    t.end()
    t.put("一般公共预算财政拨款支出年初预算为")
    _completed(t, "total", "expenditure", t.keep(fund=GENERAL), fund=GENERAL)
    t.put("。其中：")
    t.end()
    names = codes.functional_names()
    for number, item in enumerate(t.codes(t.keep(fund=GENERAL), 7), 1):
        t.put(
            f"{number}、{names[item[:3]]}（类）{names[item[:5]]}（款）{names[item]}（项）。"
            "主要用于：人员和业务支出。年初预算为"
        )
        _completed(t, "code", item, t.keep(code=item, fund=GENERAL), fund=GENERAL)
        t.put("。")
        t.end()
    t.heading("四、财政拨款“三公”经费支出决算情况说明")
    t.put("“三公”经费财政拨款支出年初预算为")
    keep, _ = make.three_public(t.truth, "total")
    whole = _completed(t, "three_public", "total", keep, before="完成预算的")
    t.put("，其中：")
    told = []
    for item, label in (
        ("overseas", "因公出国（境）费支出决算为"),
        ("vehicles", "公务用车购置及运行维护费支出决算为"),
        ("reception", "公务接待费支出决算为"),
    ):
        t.put(("；" if told else "") + label)
        told.append(t.three_public(item, whole=whole))
    t.parts(whole, told)
    t.put("。")
    t.end()
    t.heading("五、其他重要事项的情况说明")
    agency = t.agency()
    if agency:
        t.put("机关运行经费支出")
        one = t.amount(agency, "agency_operation")
        t.put(f"，比{y - 1}年度")
        _change_and_growth(t, one)
        t.put("。")
        t.end()
    t.vehicles(f"截至{y}年12月31日，{t.name}共有车辆", VEHICLES)


def terse(t: Teller) -> None:
    """Few words: two amounts with one unit, a growth rate without its change."""
    y = t.year
    t.heading("预算收支情况")
    t.put(f"{t.name}{y}年收入预算")
    one = t.amount(t.keep(side="revenue"), "total", "revenue")
    t.put("，支出预算")
    spent = t.amount(t.keep(), "total", "expenditure")
    t.put("，同比收入")
    if t.growth(one, None) is None:
        t.change(one)
    t.put("。其中基本支出、项目支出各是")
    facets = {"measure": "basic"}
    told = [
        t.amount(
            t.keep(**facets), "total", "expenditure", whole=spent, unit="", **facets
        )
    ]
    t.put("，")
    facets = {"measure": "project"}
    told.append(
        t.amount(t.keep(**facets), "total", "expenditure", whole=spent, **facets)
    )
    if not t.has(measure="business"):
        t.parts(spent, told)
    t.put("。")
    t.end()
    t.put("“三公”经费")
    whole = t.three_public("total")
    t.put("（因公出国（境）费")
    told = [t.three_public("overseas", whole=whole)]
    t.put("，公务用车购置及运行费")
    told.append(t.three_public("vehicles", whole=whole))
    t.put("，公务接待费")
    told.append(t.three_public("reception", whole=whole))
    t.parts(whole, told)
    t.put("）。")
    t.end()


def coast(t: Teller) -> None:
    """A change and its rate after each total; the parts of vehicles in brackets."""
    y = t.year
    t.heading(f"第三部分 {y}年部门预算情况说明")
    t.heading("一、部门预算收支增减变化情况")
    t.put(f"{y}年本部门收入预算")
    revenue = t.amount(t.keep(side="revenue"), "total", "revenue")
    t.put("，比上年")
    _change_and_growth(t, revenue)
    t.put("，主要原因是人员经费调整；支出预算")
    spent = t.amount(t.keep(), "total", "expenditure")
    t.put("，比上年")
    _change_and_growth(t, spent)
    t.put("，主要原因是人员经费调整。")
    t.end()
    t.heading("二、“三公”经费安排情况")
    t.put(f"{y}年本部门“三公”经费预算安排")
    whole = t.three_public("total")
    t.put("，比上年")
    _change_and_growth(t, whole)
    t.put("。其中：因公出国（境）费")
    told = [t.three_public("overseas", whole=whole)]
    t.put("，比上年")
    t.change(told[-1])
    t.put("；公务用车购置及运行维护费")
    told.append(t.three_public("vehicles", whole=whole))
    t.put("（其中：公务用车购置费")
    parts = [t.three_public("vehicle_purchase", whole=told[-1])]
    t.put("，公务用车运行维护费")
    parts.append(t.three_public("vehicle_operation", whole=told[-1]))
    t.parts(told[-1], parts)
    t.put("）；公务接待费")
    told.append(t.three_public("reception", whole=whole))
    t.put("，比上年")
    _change_and_growth(t, told[-1])
    t.parts(whole, told)
    t.put("。")
    t.end()
    agency = t.agency()
    if agency:
        t.heading("三、机关运行经费安排情况")
        t.put(f"{y}年，本部门机关运行经费安排")
        one = t.amount(agency, "agency_operation")
        t.put("，比上年")
        _change_and_growth(t, one)
        t.put("，主要原因是厉行节约。")
        t.end()
    t.heading("四、政府采购情况")
    labels = ("货物类采购预算", "工程类采购预算", "服务类采购预算")
    t.procurement(f"{y}年本部门政府采购安排", labels)
    t.heading("五、国有资产占有使用情况")
    t.vehicles(f"截至{y - 1}年12月31日，本部门占有使用车辆", VEHICLES)


def basin(t: Teller) -> None:
    """Final accounts: 收、支总计均为, completion of a budget that is not printed."""
    y = t.year
    t.heading("第二部分 部门决算情况说明")
    t.heading("一、收入支出决算总体情况说明")
    t.put(f"{y}年度收、支总计均为")
    both = t.amount(t.keep(side="revenue"), "total", "both", side="both")
    t.put(f"。与{y - 1}年度相比，收、支总计各")
    _change_and_growth(t, both)
    t.put("。主要变动原因是项目增减。")
    t.end()
    t.heading("二、支出决算情况说明")
    t.put(f"{y}年度本年支出合计")
    spent = len(t.prose.figures)
    _kinds(t, "expenditure", shares=True, year_basis="|current_year")
    t.heading("三、一般公共预算财政拨款支出决算情况说明")
    t.put(f"{y}年度一般公共预算财政拨款支出")
    whole = t.amount(t.keep(fund=GENERAL), "total", "expenditure", fund=GENERAL)
    t.put("，占本年支出合计的")
    t.share(whole, spent, before="")
    t.put(f"。与{y - 1}年度相比，一般公共预算财政拨款支出")
    _change_and_growth(t, whole)
    t.put("。")
    t.end()
    t.put(f"{y}年度一般公共预算财政拨款支出")
    again = t.amount(t.keep(fund=GENERAL), "total", "expenditure", fund=GENERAL)
    t.same(whole, again)
    t.put("，主要用于以下方面：")
    t.by_class(again, "{stem}（类）支出", shares=True, between="；", fund=GENERAL)
    t.put("。")
    t.end()
    names = codes.functional_names()
    for number, item in enumerate(t.codes(t.keep(fund=GENERAL), 7), 1):
        path = (names[item[:3]], names[item[:5]], names[item])
        written = "".join(
            f"{name.removesuffix('支出') if at == 0 else name}（{level}）"
            for at, (name, level) in enumerate(zip(path, "类款项", strict=True))
        )
        t.put(f"{number}.{written}：支出决算为")
        keep = t.keep(code=item, fund=GENERAL)
        one = t.amount(keep, "code", item, fund=GENERAL)
        _completion_alone(t, one, keep)
        t.put("。")
        t.end()
    t.heading("四、“三公”经费财政拨款支出决算情况说明")
    t.put(f"{y}年度“三公”经费财政拨款支出决算为")
    whole = t.three_public("total")
    keep, _ = make.three_public(t.truth, "total")
    _completion_alone(t, whole, keep)
    t.put("，较上年度")
    _change_and_growth(t, whole)
    t.put("。其中：")
    told = []
    for item, label in (
        ("overseas", "因公出国（境）费支出决算"),
        ("vehicles", "公务用车购置及运行维护费支出决算"),
        ("reception", "公务接待费支出决算"),
    ):
        t.put(("；" if told else "") + label)
        told.append(t.three_public(item, whole=whole))
        if t.fen(whole):
            t.put("，")
            t.share(told[-1], whole)
    t.parts(whole, told)
    t.put("。")
    t.end()


def lakes(t: Teller) -> None:
    """Parts before their whole, then 基本支出 with its kinds in one sentence."""
    y = t.year
    t.heading(f"一、关于{t.name}{y}年收支预算总体情况")
    t.put(f"按照综合预算的原则，{t.name}所有收入和支出均纳入预算管理。收入包括：")
    for number, (fund, label) in enumerate(
        (
            (GENERAL, "一般公共预算拨款收入"),
            (FUNDS, "政府性基金预算拨款收入"),
            ("institution_income", "事业收入"),
        )
    ):
        t.put(("、" if number else "") + label)
        t.amount(t.keep(side="revenue", fund=fund), "total", "revenue", fund=fund)
    t.put("；支出包括：")
    for number, code in enumerate(t.codes(t.keep(), 3)):
        t.put(("、" if number else "") + codes.functional_names()[code])
        t.amount(t.keep(code=code), "code", code)
    t.put(f"。{t.name}{y}年收支总预算")
    t.amount(t.keep(), "total", "both", side="both")
    t.put("。")
    t.end()
    t.heading(f"二、关于{t.name}{y}年支出预算情况")
    t.put(f"{t.name}{y}年支出预算")
    whole = t.amount(t.keep(), "total", "expenditure")
    t.put(f"，比{y - 1}年预算数")
    _change_and_growth(t, whole)
    t.put("。按支出性质分：基本支出")
    told = [
        t.amount(
            t.keep(measure="basic"),
            "total",
            "expenditure",
            whole=whole,
            measure="basic",
        )
    ]
    t.put("，")
    t.share(told[0], whole, before="占总支出的")
    t.put("；项目支出")
    told.append(
        t.amount(
            t.keep(measure="project"),
            "total",
            "expenditure",
            whole=whole,
            measure="project",
        )
    )
    t.put("，")
    t.share(told[1], whole, before="占总支出的")
    t.parts(whole, told)
    t.put("。")
    t.end()
    t.heading(f"三、关于{t.name}{y}年一般公共预算基本支出情况")
    facets = {"fund": GENERAL, "measure": "basic"}
    t.put(f"{t.name}{y}年一般公共预算基本支出")
    whole = t.amount(t.keep(**facets), "total", "expenditure", **facets)
    t.put("，其中：人员经费")
    told = []
    for kind, after in (
        ("personnel", "，主要包括：基本工资、津贴补贴；公用经费"),
        ("operating", "，主要包括：办公费、印刷费"),
    ):
        keep = t.keep(fund=GENERAL, measure=kind)
        told.append(
            t.amount(
                keep, "total", "expenditure", whole=whole, fund=GENERAL, measure=kind
            )
        )
        t.put(after)
    t.parts(whole, told)
    t.put("。")
    t.end()


def _completion_alone(t: Teller, of: int, keep: Keep) -> None:
    """完成预算的 1.00% of a budget that the text does not print."""
    planned = t.total(keep, "budget")
    if planned <= 0:
        return
    spent = t.fen(of)
    value = (Decimal(100) * spent / planned).quantize(CENT, ROUND_HALF_UP)
    t.put("，完成预算")
    fields = t.prose.figures[of].fields
    t.figure(str(value), "completion", value, "%", fields, owner=of)
    if value != 100:
        t.put(f"，决算数{'大' if value > 100 else '小'}于预算数的主要原因是业务变化")
    else:
        t.put("，决算数等于预算数")


def _kinds(t: Teller, side: str, *, shares: bool, year_basis: str = "") -> None:
    whole = t.amount(t.keep(side=side), "total", side, year_basis=year_basis)
    t.put("，其中：")
    told = []
    kinds = [("basic", "基本支出"), ("project", "项目支出")]
    if t.has(measure="business"):
        kinds.append(("business", "经营支出"))
    for kind, label in kinds:
        t.put(("；" if told else "") + label)
        told.append(
            t.amount(
                t.keep(measure=kind),
                "total",
                side,
                whole=whole,
                measure=kind,
                year_basis=year_basis,
            )
        )
        if shares:
            t.put("，")
            t.share(told[-1], whole)
    t.parts(whole, told)
    t.put("。")
    t.end()


def _change_and_growth(t: Teller, of: int) -> None:
    by = t.change(of)
    if t.prose.figures[by].unit:
        t.put("，")
        if t.growth(of, by) is None:
            t.put("变化很小")


def _completed(
    t: Teller,
    kind: str,
    code: str,
    keep: Keep,
    *,
    before: str = "完成年初预算的",
    **facets: str,
) -> int:
    budget = t.amount(keep, kind, code, phase="budget", **facets)
    t.put("，支出决算为")
    spent = t.amount(keep, kind, code, **facets)
    t.completion(spent, budget, before)
    return spent


def _growth_from(
    this: int, prior: int, growth: int
) -> Callable[[Values], tuple[Decimal, Decimal]]:
    def gap(values: Values) -> tuple[Decimal, Decimal]:
        if values[prior] <= CENT:
            return Decimal(0), Decimal(1)
        rate = 100 * (values[this] - values[prior]) / values[prior]
        moved = 100 * HALF * (2 + abs(rate) / 100) / values[prior]
        return values[growth] - rate, HALF + moved * 2

    return gap


BUDGET: tuple[Style, ...] = (southwest, north, central, east, coast, lakes, terse)
AFTER = (north, accounts, basin, terse)  # stand after the tables


def styles_for(truth: Truth, stage: str) -> tuple[Style, ...]:
    """Who tells of money left over or carried on in words that fit it."""
    if stage != "budget":
        return (accounts, basin) if "budget" in truth.phases else ()
    has = {entry.basis for entry in truth.phases["budget"]}
    kinds = {entry.kind for entry in truth.phases["budget"]}
    if "unspent" in kinds or any(e.fen < 0 for e in truth.phases["budget"]):
        return ()
    if "carryover" in has:
        return (north,)
    if "business" in kinds:
        return (central, east, coast, terse)
    return BUDGET


def tell(book: Book, layout: str, rng: random.Random) -> Prose | None:
    """Write running text into a book, before or after its tables."""
    if layout in WITHOUT:
        return None
    styles = styles_for(book.truth, LAYOUTS[layout].stage)
    if not styles:
        return None
    style = rng.choice(styles)
    prose = Prose(style.__name__)
    style(Teller(rng, book.truth, prose))
    blocks: list[Block] = [*book.paper.blocks]
    if style in AFTER:
        prose.first_block = len(blocks) + 1
        blocks += [PageBreak(), *prose.paragraphs]
    else:
        blocks = [*prose.paragraphs, PageBreak(), *blocks]
    book.paper = Paper(book.paper.title, blocks)
    return prose


def copies(book: Book, prose: Prose) -> Iterator[tuple[int, Decimal, Decimal]]:
    """Figures of the text that a table prints too: the value there and what rounding
    allows between the two.
    """
    entries = book.truth.phases
    by_fen: dict[int, list[Said]] = {}
    for said in prose.figures:
        if said.keep is not None and said.value:
            fen = book.truth.total(said.phase, said.keep)
            by_fen.setdefault(fen, []).append(said)
    seen: set[int] = set()
    for table in book.tables:
        for figure in table.figures:
            for said in by_fen.get(figure.fen, ()):
                if said.number in seen or figure.meaning.phase != said.phase:
                    continue
                assert said.keep is not None
                own = [e for e in entries[said.phase] if said.keep(e)]
                theirs = [e for e in entries[said.phase] if figure.keeps(e, book.truth)]
                if own == theirs:
                    seen.add(said.number)
                    value = figure.money.yuan(figure.fen) / 10_000
                    step = Decimal(figure.money.fen) / 1_000_000
                    half = step * Decimal(1).scaleb(-figure.money.places) / 2
                    allowed = Decimal(0) if half == HALF else half + HALF
                    yield said.number, value, allowed
