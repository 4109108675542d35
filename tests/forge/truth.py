"""What really was planned and spent: the atoms from which every table is summed.

An entry is one amount of one unit that has one functional item, one economic
code, one kind, one source and one year basis. Every printed figure of a
disclosure is a sum of entries, so all tables of one truth agree to the fen; only
printing rounds.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from tests.forge import codes

APPROPRIATIONS = ("general_public_budget", "government_funds", "state_capital")
SOURCES = (
    *APPROPRIATIONS,
    "fiscal_account",
    "institution_income",
    "superior_subsidy",
    "affiliated_remittance",
    "business_income",
    "other_income",
)
PERSONNEL = ("301", "303")
OPERATING = ("302", "310")


@dataclass(frozen=True, slots=True)
class Entry:
    """An amount in fen. ``kind``: basic, project, business or unspent.

    Unspent money came in and is carried on to the next year.
    """

    unit: str
    item: str
    economic: str
    kind: str
    fund: str
    basis: str
    fen: int
    project: str = ""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of a department; ``kind`` as in ``unit_type`` of the contract."""

    code: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Project:
    """A project; ``kind`` is its measure: other operating or specific target."""

    code: str
    name: str
    unit: str
    kind: str


@dataclass(slots=True)
class Truth:
    """A department's year. ``phases`` holds the entries of each version."""

    county: str
    department: Unit
    units: list[Unit]
    projects: list[Project]
    year: int
    phases: dict[str, list[Entry]] = field(default_factory=dict)
    quantities: dict[str, int] = field(default_factory=dict)

    @property
    def is_single(self) -> bool:
        """The department is its only unit."""
        return len(self.units) == 1

    def unit_kind(self, name: str) -> str:
        return next(unit.kind for unit in self.units if unit.name == name)

    def project(self, name: str) -> Project:
        return next(project for project in self.projects if project.name == name)

    def total(self, phase: str, keep: Callable[[Entry], bool]) -> int:
        """Sum in fen of the entries to keep."""
        return sum(entry.fen for entry in self.phases.get(phase, ()) if keep(entry))

    def government_code(self, entry: Entry) -> str:
        return codes.partner(entry.economic, self.unit_kind(entry.unit))

    def has(self, keep: Callable[[Entry], bool], phases: Iterable[str]) -> bool:
        return any(self.total(phase, keep) for phase in phases)


@dataclass(frozen=True, slots=True)
class Archetype:
    """A department of every county: its name, its section, what it runs."""

    name: str
    section: str
    running: str
    institution: str
    institution_item: str
    items: tuple[str, ...]


ARCHETYPES = (
    Archetype(
        "财政局",
        "20106",
        "2010601",
        "国库支付中心",
        "2010650",
        ("2010604", "2010605", "2010607", "2010608"),
    ),
    Archetype(
        "统计局",
        "20105",
        "2010501",
        "普查中心",
        "2010550",
        ("2010505", "2010507", "2010508"),
    ),
    Archetype(
        "审计局",
        "20108",
        "2010801",
        "审计信息中心",
        "2010850",
        ("2010804", "2010805", "2010806"),
    ),
    Archetype(
        "发展和改革局",
        "20104",
        "2010401",
        "重点项目服务中心",
        "2010450",
        ("2010404", "2010405", "2010408"),
    ),
    Archetype(
        "市场监督管理局",
        "20138",
        "2013801",
        "消费维权服务中心",
        "2013850",
        ("2013805", "2013816", "2013808"),
    ),
    Archetype(
        "商务局",
        "20113",
        "2011301",
        "招商服务中心",
        "2011350",
        ("2011308", "2011307", "2011302"),
    ),
    Archetype(
        "司法局",
        "20406",
        "2040601",
        "公共法律服务中心",
        "2040650",
        ("2040604", "2040605", "2040607", "2040610"),
    ),
    Archetype(
        "教育局",
        "20501",
        "2050101",
        "第一小学",
        "2050202",
        ("2050102", "2050201", "2050203", "2050299"),
    ),
    Archetype(
        "民政局",
        "20802",
        "2080201",
        "社会福利院",
        "2081005",
        ("2080208", "2081001", "2081002", "2081901"),
    ),
    Archetype(
        "人力资源和社会保障局",
        "20801",
        "2080101",
        "社会保险中心",
        "2080109",
        ("2080105", "2080111", "2080799", "2080704"),
    ),
    Archetype(
        "退役军人事务局",
        "20809",
        "2080102",
        "烈士陵园管理所",
        "2080808",
        ("2080901", "2080803", "2080805", "2080802"),
    ),
    Archetype(
        "残疾人联合会",
        "20811",
        "2081101",
        "残疾人康复中心",
        "2081104",
        ("2081105", "2081107", "2081199"),
    ),
    Archetype(
        "卫生健康局",
        "21001",
        "2100101",
        "疾病预防控制中心",
        "2100401",
        ("2100408", "2100409", "2100717", "2100302"),
    ),
    Archetype(
        "住房和城乡建设局",
        "21201",
        "2120101",
        "房产服务中心",
        "2120109",
        ("2120106", "2120303", "2210108", "2120501"),
    ),
    Archetype(
        "农业农村局",
        "21301",
        "2130101",
        "农业技术推广站",
        "2130104",
        ("2130106", "2130108", "2130109", "2130599"),
    ),
    Archetype(
        "林业局",
        "21302",
        "2130201",
        "国有林场",
        "2130204",
        ("2130205", "2130207", "2130209"),
    ),
    Archetype(
        "水利局",
        "21303",
        "2130301",
        "水库管理所",
        "2130306",
        ("2130305", "2130310", "2130314"),
    ),
    Archetype(
        "交通运输局",
        "21401",
        "2140101",
        "公路养护中心",
        "2140106",
        ("2140104", "2140110", "2140112"),
    ),
    Archetype(
        "自然资源局",
        "22001",
        "2200101",
        "不动产登记中心",
        "2200150",
        ("2200104", "2200106", "2200109"),
    ),
    Archetype(
        "应急管理局",
        "22401",
        "2240101",
        "应急救援中心",
        "2240150",
        ("2240106", "2240108", "2240109"),
    ),
    Archetype(
        "文化和旅游局",
        "20701",
        "2070101",
        "图书馆",
        "2070104",
        ("2070108", "2070109", "2070111", "2070113"),
    ),
    Archetype(
        "工业和信息化局",
        "21505",
        "2150501",
        "中小企业服务中心",
        "2150550",
        ("2150517", "2150502"),
    ),
)

FUND_ITEMS = {
    "government_funds": (
        "2120803",
        "2120804",
        "2120814",
        "2296002",
        "2296006",
        "2121301",
    ),
    "state_capital": ("2230105", "2230107"),
}
FIRST = "云青临安永新宁长石龙凤清白松柏梅兰竹桂枫杉柳榆桐栗"
SECOND = "溪岩川湖屏泉坪塘桥浦湾林坡潭沙陂洲埠墩"
PROJECT_WORDS = (
    (
        "业务工作经费",
        "信息系统运行维护费",
        "专项检查经费",
        "设施设备更新改造",
        "宣传培训经费",
    ),
    (
        "惠民补助资金",
        "基层服务能力提升项目",
        "监测体系建设",
        "购买服务项目",
        "试点示范补助",
    ),
)
BASIC_GOODS = tuple(
    f"302{section}"
    for section in (
        *("01", "02", "05", "06", "07", "09", "11", "13", "15"),
        *("16", "17", "26", "28", "29", "31", "39", "99"),
    )
)
PROJECT_CODES = (
    *("30201", "30202", "30211", "30213", "30214", "30216", "30226", "30227"),
    *("30299", "30305", "30309", "30399", "31002", "31003", "31007"),
    *("31204", "39999"),
)


@dataclass(slots=True)
class Wish:
    """What a layout needs to be in a truth, beside what chance puts in it."""

    units: int = 1
    carryover: bool = False
    funds: tuple[str, ...] = ()  # beyond the general public budget
    projects: int = 4
    unspent: bool = False
    unit_kind: str = ""
    business: bool = False
    lean: bool = False  # few codes
    base: int = 0  # code of the department; 0 leaves it to chance
    phases: tuple[str, ...] = ("budget",)


@dataclass(frozen=True, slots=True)
class Origin:
    """Who publishes a document, and of which year; not left to chance."""

    county: str
    archetype: Archetype
    year: int


def origin_of(number: int, per_county: int) -> Origin:
    """Of a document among those of counties that publish so many each.

    A department publishes twice: of a year, and of the next. No two counties of the
    first 25,000 have one name.
    """
    county, place = divmod(number, per_county)
    department, turn = divmod(place, 2)
    names = len(FIRST) * len(SECOND) * (len(SECOND) + 1) * 3
    rest, kind = divmod(county * 7919 % names, 3)
    rest, third = divmod(rest, len(SECOND) + 1)
    first, second = divmod(rest, len(SECOND))
    name = FIRST[first] + SECOND[second] + SECOND[third : third + 1] + "县市区"[kind]
    archetype = ARCHETYPES[(county * 5 + department) % len(ARCHETYPES)]
    return Origin(name, archetype, 2022 + county % 3 + turn)


def make(
    rng: random.Random,
    wish: Wish,
    year: int,
    number: int,
    origin: Origin | None = None,
) -> Truth:
    """A department's year; ``number`` keeps the counties of a run apart."""
    pairs = [(one, two) for one in FIRST for two in SECOND]
    one, two = pairs[(number * 37) % len(pairs)]
    county = one + two + rng.choice(("县", "县", "县", "市", "区"))
    archetype = rng.choice(ARCHETYPES)
    if origin:
        county, archetype, year = origin.county, origin.archetype, origin.year
    base = rng.choice(range(101, 480))
    base += 200 if 301 <= base <= 313 else 0  # or a number may be a class
    base = wish.base or base
    head = Unit(
        f"{base}001",
        county + archetype.name,
        wish.unit_kind
        or rng.choice(("administrative", "administrative", "participating")),
    )
    if wish.unit_kind == "institution":
        head = replace(head, name=county + archetype.institution)
    units = [head]
    helpers = (
        (archetype.institution, "institution"),
        ("综合行政执法大队", "participating"),
        ("机关服务中心", "institution"),
        ("信息中心", "institution"),
    )
    for position, (name, kind) in enumerate(helpers[: wish.units - 1]):
        units.append(Unit(f"{base}{position + 2:03d}", county + name, kind))
    projects: list[Project] = []
    entries: list[Entry] = []
    for unit in units:
        entries += _basic(rng, unit, archetype, wish)
        entries += _projects(rng, unit, archetype, wish, projects, county)
    truth = Truth(
        county, Unit(str(base), county + archetype.name, "mixed"), units, projects, year
    )
    if len({entry.fund for entry in entries}) and wish.unspent:
        entries += [
            Entry(unit.name, entries[0].item, "", "unspent", "general_public_budget",
                  "current_year", _money(rng, 2_000_00, 90_000_00))
            for unit in units
        ]  # fmt: skip
    main = wish.phases[0]
    truth.phases[main] = _merged(entries)
    for phase in wish.phases[1:]:
        truth.phases[phase] = _merged(_varied(rng, truth.phases[main]))
    truth.quantities = {
        "overseas_groups": rng.randint(0, 3),
        "overseas_people": rng.randint(0, 8),
        "vehicles_bought": rng.randint(0, 2),
        "vehicles": rng.randint(1, 12),
        "receptions": rng.randint(3, 90),
        "guests": rng.randint(20, 900),
    }
    return truth


def _money(rng: random.Random, low: int, high: int) -> int:
    """Fen; many counties budget in whole yuan or hundreds."""
    step = rng.choice((1, 1, 100, 100, 10_000))
    return max(step, rng.randint(low, high) // step * step)


def _basic(
    rng: random.Random, unit: Unit, archetype: Archetype, wish: Wish
) -> list[Entry]:
    is_institution = unit.kind == "institution"
    running = archetype.institution_item if is_institution else archetype.running
    staff = rng.randint(3, 90)
    entries: list[Entry] = []

    def add(item: str, economic: str, low: int, high: int) -> None:
        entries.append(
            Entry(unit.name, item, economic, "basic", "general_public_budget",
                  "current_year", _money(rng, low * staff, high * staff))
        )  # fmt: skip

    for economic in ("30101", "30102", "30107" if is_institution else "30103", "30112"):
        add(running, economic, 800_00, 40_000_00)
    if rng.random() < 0.4:
        add(running, "30199", 500_00, 9_000_00)
    goods = rng.sample(
        BASIC_GOODS, rng.randint(4, 8) if wish.lean else rng.randint(8, 15)
    )
    for economic in sorted({*goods, "30201", "30231", "30217"}):
        add(running, economic, 30_00, 4_000_00)
    if rng.random() < 0.3:
        add(running, "31002", 50_00, 2_000_00)
    add("2080505", "30108", 9_000_00, 16_000_00)
    if rng.random() < 0.8:
        add("2080506", "30109", 4_000_00, 8_000_00)
    retired = "2080502" if is_institution else "2080501"
    add(retired, "30302", 500_00, 9_000_00)
    if rng.random() < 0.3:
        add(retired, "30299", 10_00, 300_00)
    if rng.random() < 0.4:
        add("2080801", "30304", 100_00, 3_000_00)
    add("2101102" if is_institution else "2101101", "30110", 3_000_00, 8_000_00)
    if not is_institution:
        add("2101103", "30111", 1_000_00, 4_000_00)
    add("2210201", "30113", 6_000_00, 14_000_00)
    if rng.random() < 0.3:
        add("2210203", "30102", 1_000_00, 9_000_00)
    return entries


def _projects(
    rng: random.Random,
    unit: Unit,
    archetype: Archetype,
    wish: Wish,
    projects: list[Project],
    county: str,
) -> list[Entry]:
    entries: list[Entry] = []
    sources = ["general_public_budget"] * max(1, wish.projects - len(wish.funds))
    for number, fund in enumerate([*sources, *wish.funds]):
        group = rng.randrange(2)
        kind = ("project_other_operating", "project_specific_target")[group]
        words = PROJECT_WORDS[group]
        item = rng.choice(FUND_ITEMS.get(fund, archetype.items))
        word = words[(number + len(projects)) % len(words)]
        name = f"{codes.functional_names()[item]}{word}"
        while any(project.name == name for project in projects):
            name = f"{name}（{unit.name.removeprefix(county)}）"
            if any(project.name == name for project in projects):
                name += "（续建）"
        project = Project(f"{rng.randint(10**20, 10**21 - 1)}", name, unit.name, kind)
        projects.append(project)
        for economic in rng.sample(PROJECT_CODES, rng.randint(1, 4)):
            entries.append(
                Entry(unit.name, item, economic, "project", fund, "current_year",
                      _money(rng, 2_000_00, 1_500_000_00), name)
            )  # fmt: skip
        if wish.carryover and fund in APPROPRIATIONS and rng.random() < 0.6:
            economic = rng.choice(PROJECT_CODES)
            entries.append(
                Entry(unit.name, item, economic, "project", fund, "carryover",
                      _money(rng, 2_000_00, 400_000_00), name)
            )  # fmt: skip
    if wish.carryover and not any(entry.basis == "carryover" for entry in entries):
        first = entries[0]
        entries.append(
            replace(first, basis="carryover", fen=_money(rng, 5_000_00, 90_000_00))
        )
    if wish.business and unit.kind == "institution":
        entries.append(
            Entry(unit.name, archetype.institution_item, "30299", "business",
                  "business_income", "current_year", _money(rng, 9_000_00, 90_000_00))
        )  # fmt: skip
    return entries


def _merged(entries: list[Entry]) -> list[Entry]:
    sums: dict[Entry, int] = {}
    for entry in entries:
        key = replace(entry, fen=0)
        sums[key] = sums.get(key, 0) + entry.fen
    return [replace(key, fen=fen) for key, fen in sums.items() if fen]


def _varied(rng: random.Random, entries: list[Entry]) -> list[Entry]:
    """The same year in another version: nearly every amount differs."""
    varied = []
    for entry in entries:
        draw = rng.random()
        if draw < 0.06:
            continue
        share = 100 if draw < 0.2 else rng.randint(60, 130)
        varied.append(replace(entry, fen=max(1, entry.fen * share // 100)))
    return varied
