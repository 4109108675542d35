"""What rules and project texts set: standards, caps, tiers, shares, scores, dates.

A sentence is cut into clauses. Of each number with its unit the words before it in
the clause say what it is: a bound (不超过), a condition (超过1万元的), a rate (元/人).
Scoring tables are read by the headings of their columns.
"""

from __future__ import annotations

import calendar
import csv
import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from ingest.document import Cell, Table

_FULL = str.maketrans("０１２３４５６７８９．％（）－／", "0123456789.%()-/")
_NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?"
_FACTORS = {
    "亿元": 100_000_000,
    "百万元": 1_000_000,
    "万元": 10_000,
    "千元": 1_000,
    "百元": 100,
    "元": 1,
}
# What something is paid for, with its one form; a case (人次) is a head and a time.
_THINGS = {
    "人次": ("人", "次"), "人": ("人",), "位": ("人",), "名": ("人",), "生": ("生",),
    "家庭": ("户",), "户": ("户",), "家": ("家",), "村": ("村",), "社区": ("社区",),
    "班": ("班",), "亩": ("亩",), "公里": ("公里",), "平方米": ("平方米",),
    "立方米": ("立方米",), "吨": ("吨",), "头": ("头",), "只": ("只",), "株": ("株",),
    "棵": ("株",), "台": ("台",), "辆": ("辆",), "套": ("套",), "件": ("件",),
    "场": ("场",), "期": ("期",), "学时": ("学时",), "课时": ("学时",),
    "学年": ("学年",), "学期": ("学期",), "年": ("年",), "季度": ("季度",),
    "月": ("月",), "次": ("次",), "天": ("天",), "日": ("天",),
}  # fmt: skip
_TIMES = ("学年", "学期", "年", "季度", "月", "次", "天")
_THING = "|".join(sorted(_THINGS, key=len, reverse=True))
_EACH = rf"每[个一]?(?:{_THING})"
_QUANTITY = re.compile(
    rf"(?<![\d第.])(?P<number>{_NUMBER})(?:[-~～—至](?P<high>{_NUMBER}))?\s*"
    rf"(?P<unit>(?P<money>(?:亿|百万|万|千|百)?元)(?P<per>(?:[/·・](?:{_THING}))*)"
    r"|%|周岁|岁|人(?!次)|名|次|天|个工作日|个月|年|处|支|场)"
)
_CLAUSE = re.compile(r"[，；。、：;:()！？]|,(?!\d{3})")
_SEGMENT = re.compile(r"[；。;！？]")
# 不低于 and 不得低于 are floors that end like 低于.
_BEHIND_BOUND = rf"(?:{_EACH}|可|给予|补[助贴]|奖励|发放|支付|一次性|为|达)*$"
_MOST = (
    "不超过|不高于|不大于|不得超过|不得高于|至多|最多|最高|封顶|上限|未超过|以内"
    "|(?<![不得能应可])低于"
)
_LEAST = "不少于|(?<=[不得能应可])低于|至少|不得少于|最少|最低"
_AT_MOST = re.compile(rf"(?:{_MOST}){_BEHIND_BOUND}")
_AT_LEAST = re.compile(rf"(?:{_LEAST}){_BEHIND_BOUND}")
_SHARE_AT_MOST = re.compile(rf"(?:{_MOST})[^，。；、]{{1,30}}的$")
_SHARE_AT_LEAST = re.compile(rf"(?:{_LEAST})[^，。；、]{{1,30}}的$")
_WITHIN = re.compile("[以之]内(?!的)")
_ABOVE = re.compile(r"(?:超过|超出|高于|达到|满)$")
_GIVEN = re.compile(rf"标准|{_EACH}|给予|按|发放|补助|补贴|奖励$|[×*]$")
# 上级补助200万元: money that a budget has got, no rate that somebody is paid.
_APPROPRIATED = re.compile(
    "(?:上级|中央|省级?|市级?|县级?|区级|州级|本级|财政)(?:财政)?(?:专项)?补[助贴]$"
)
# 由90元提高到100元: the first is no longer in force, the second is of the same.
_RAISED = re.compile(
    "[，,]?(?:的?标准)?(?:统一|分别)?"
    "(?:提高|提升|调整|调高|调低|上调|下调|增加|提标|降低|降|减少)(?:到|至|为)"
)
_WORDS = re.compile(
    rf"(?:原则上|一般|{_MOST}|{_LEAST}|不得|不低于|超过|超出|给予|发放|按照?|{_EACH}"
    r"|可|为|其中|共计|[的×*=＝由从])+$"
)
_LEADING = re.compile(
    r"^(?:其中|并|可|对|按|的|和|且|第[一二三四五六七八九十百\d]+条\s*"
    r"|\d+年|\d{1,2}[.．、](?:\d{1,2}[.．])*(?!\d)|[.．])+"
)
_AGE = re.compile(r"\d周?岁")
_COUNTED = re.compile(r"\d[\d,.]*[\u4e00-\u9fff]?")
_OF_WHICH = re.compile(r"的(?=[，,]|不超过|给予|按|奖励|补助\d)|[且并、]?不超过")
_NOUN = re.compile(r"^的?+(?:标准)?+(?:给予|发放|执行|支付)?+([\u4e00-\u9fff]{2,20})")
_GRADES = re.compile(
    r"([\u4e00-\u9fff]{2,4}(?:、[\u4e00-\u9fff]{2,5}?){1,9})[一二三四五六七八九十\d]{1,2}个(?:等次|等级|档次|档|级)"
)
_PERCENTS = re.compile(rf"{_NUMBER}%(?:、{_NUMBER}%){{1,9}}")
_SHARED_BY = re.compile(
    r"(?:由([^由，。；]{1,10}?)(?:各|分别)?|((?:(?!由)[\u4e00-\u9fff]){1,4})(?:各|分别))(?:承担|负担|分担)$"
)
_PAYER = re.compile(
    r"由([\u4e00-\u9fff]{0,8}?(?:财政局|财政|[省市县区州]级|[省市县区州]))"
    r"(?:全额|按照?[^，。；]{0,10}?比例|负责|予以|统筹|共同)*(?:承担|负担|保障|解决|分担)(?!\d)"
)
_EVERY = re.compile(
    r"(?:每([两二三四五六])年|(?<!\d)([两二三四五六])年)[^，。；]{0,4}一次(?!性)"
    r"|每(半年|季度|季|年|月|周)度?[^，。；不至]{0,6}?一次(?!性)"
)
_YEAR_OF_STANDARD = re.compile(r"(20\d\d)年+度?年?(?:预算)?(?:安排)?标准")
_DAY = r"(20\d\d)年\s*(\d{0,2})\s*月\s*(\d{0,2})\s*日"
_EFFECTIVE = re.compile(rf"自\s*{_DAY}\s*起(?:开始|正式)?(?:实施|施行|执行|生效)")
_UNTIL = re.compile(rf"{_DAY}\s*至\s*{_DAY}")
_HAN_DIGITS = {"一": 1, "两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6}
_CONDITION_LENGTH = 80
_SUBJECT_LENGTH = 40


@dataclass(frozen=True, slots=True)
class Standard:
    """One thing that a rule sets, by its place in the text.

    Money counts in 元. ``lower`` and ``upper`` bound what it is for, a tier or a range;
    ``per`` is what it is paid for (人/年). A date that is left blank has no value.
    """

    start: int
    end: int
    kind: str
    subject: str | None = None
    value: Decimal | None = None
    value_unit: str | None = None
    bound: str | None = None
    lower: Decimal | None = None
    upper: Decimal | None = None
    bound_unit: str | None = None
    per: str | None = None
    condition: str | None = None
    payer: str | None = None
    valid_year: int | None = None
    start_date: str | None = None
    end_date: str | None = None
    is_blank: bool = False


def find_standards(text: str) -> list[Standard]:
    """What one sentence of a rule or project text sets, in order."""
    plain = text.translate(_FULL)
    found = [
        *_quantities(plain),
        *_payers(plain),
        *_frequencies(plain),
        *_dates(plain),
    ]
    return sorted(found, key=lambda item: (item.start, item.end))


def _quantities(text: str) -> Iterator[Standard]:
    graded = dict(_graded(text))
    year = _YEAR_OF_STANDARD.search(text)
    segment_start = 0
    for segment_end in [*(match.end() for match in _SEGMENT.finditer(text)), len(text)]:
        yield from _segment(
            text,
            segment_start,
            segment_end,
            graded,
            (year.end(), int(year[1])) if year else None,
        )
        segment_start = segment_end


def _segment(
    text: str,
    start: int,
    end: int,
    graded: dict[int, str],
    year: tuple[int, int] | None,
) -> Iterator[Standard]:
    lower: Decimal | None = None
    upper: Decimal | None = None
    condition: Standard | None = None  # a threshold that no amount has followed
    clause = start
    before: re.Match[str] | None = None  # the sum before, in the same clause
    last: Standard | None = None  # the sum whose parts may follow
    whole: Standard | None = None
    for match in _QUANTITY.finditer(text, start, end):
        clause = _clause_start(text, clause, match.start())
        if before is not None and before.start() < clause:
            before = None
        item = _described(text, start, clause, match, before, graded, year)
        if match["money"]:
            before = match
        if item is None:
            continue
        is_factor = text[: item.start].endswith(("×", "*"))
        if item.value_unit == "元" and not is_factor:
            if last is not None and "其中" in text[last.end : item.start]:
                whole = last
            if whole is not None:
                item = _as_part(item, whole)
            else:
                last = item
        if item.kind == "threshold":
            if item.upper is not None:
                upper = item.upper
            else:
                lower = item.lower
            condition = item
            continue
        if item.value_unit == "元" and (lower is not None or upper is not None):
            kind = "tier" if item.kind in ("cap", "standard", "floor") else item.kind
            item = _replaced(item, kind, lower, upper)
            lower = upper = condition = None
        yield item
    if condition is not None:
        yield condition


def _replaced(
    item: Standard, kind: str, lower: Decimal | None, upper: Decimal | None
) -> Standard:
    return replace(item, kind=kind, lower=lower, upper=upper, bound_unit="元")


def _as_part(item: Standard, whole: Standard) -> Standard:
    """Behind 其中: parts of money are money, parts of a rate are rates."""
    if item.per is not None:
        return item
    if whole.kind == "amount" and item.kind == "standard":
        return replace(item, kind="amount")
    is_within = (whole.value or 0) >= (item.value or 0)
    if whole.kind in ("standard", "cap") and item.kind == "amount" and is_within:
        return replace(item, kind="standard", per=whole.per)
    return item


def _segment_start(text: str, end: int) -> int:
    begin = max(0, end - 4 * _CONDITION_LENGTH)
    for match in _SEGMENT.finditer(text, begin, end):
        begin = match.end()
    return begin


def _clause_start(text: str, at: int, end: int) -> int:
    at = max(at, end - 2 * _CONDITION_LENGTH)
    for match in _CLAUSE.finditer(text, at, end):
        at = match.end()
    return at


def _described(
    text: str,
    segment: int,
    clause: int,
    match: re.Match[str],
    before: re.Match[str] | None,
    graded: dict[int, str],
    year: tuple[int, int] | None,
) -> Standard | None:
    left = text[max(clause, match.start() - 80) : match.start()]
    right = text[match.end() : match.end() + 30]
    own = left  # what is said of this number, not of the one before
    head = ""
    if before is not None:
        own = text[before.end() : match.start()]
        head = text[max(clause, before.start() - 80) : before.start()]
        raised = _RAISED.match(own)
        if raised:
            own = own[raised.end() :]
            if not re.search(_EACH, own):
                own = _each(head) + own
            left = own = _WORDS.sub("", head) + own
    number = Decimal(match["number"].replace(",", ""))
    high = match["high"]
    unit = match["unit"]
    bound = (
        "at_most"
        if _AT_MOST.search(left) or _WITHIN.match(right)
        else "at_least"
        if _AT_LEAST.search(left)
        else None
    )
    subject = _subject(text, segment, clause, left, right)
    if head and own != left:
        # 30元的救助和300元的路费: what follows a number is of that number
        subject = (
            (None if own.startswith("的") else _cleaned(own))
            or _noun(right)
            or _subject(text, segment, clause, head, "")
        )
    condition = _condition(text, segment, clause)
    place: dict[str, Any] = {"start": match.start(), "end": match.end()}
    if match["money"]:
        value = number * _FACTORS[match["money"]]
        common: dict[str, Any] = {
            "subject": subject,
            "value": value,
            "value_unit": "元",
            "condition": condition,
        }
        if _OF_WHICH.match(right) and (bound == "at_most" or _ABOVE.search(left)):
            side: dict[str, Any] = {"upper" if bound == "at_most" else "lower": value}
            return Standard(
                **place, kind="threshold", bound_unit="元", **common, **side
            )
        per = _per(match["per"], own)
        if bound is not None:
            kind = "cap" if bound == "at_most" else "floor"
        elif right.lstrip()[:1] in ("=", "＝") or (
            not left.rstrip().endswith(("=", "＝"))
            and (match["per"] or (_GIVEN.search(left) and not _is_sum(left)))
        ):
            kind = "standard"
        else:
            kind = "amount"
        if kind != "amount" and _RAISED.match(right):
            kind = "former"
        valid = year[1] if year and match.start() > year[0] else None
        return Standard(
            **place, kind=kind, bound=bound, per=per, valid_year=valid, **common
        )
    if unit == "%":
        if _SHARE_AT_MOST.search(left):
            bound = "at_most"
        elif _SHARE_AT_LEAST.search(left):
            bound = "at_least"
        return _share(place, number, left, subject, condition, bound, graded)
    if high is not None:
        if unit in ("名", "人"):
            return Standard(
                **place,
                kind="group_size",
                subject=_noun(right) or subject,
                value_unit=unit,
                lower=number,
                upper=Decimal(high.replace(",", "")),
                bound_unit=unit,
                condition=condition,
            )
        return None
    kind_of = {
        "周岁": "age", "岁": "age", "天": "period", "个工作日": "period",
        "个月": "period", "人": "headcount", "名": "headcount", "次": "frequency",
    }  # fmt: skip
    said = kind_of.get(unit)
    if unit == "年" and number < 100 and "." not in match["number"]:
        said = "period"
    if bound == "at_least" and unit in ("次", "处", "支", "场"):
        said = "floor"
    if said is None or (said == "frequency" and bound is None):
        return None
    return Standard(
        **place,
        kind=said,
        subject=subject,
        value=number,
        value_unit=unit,
        bound=bound,
        per=_per("", left) if said == "frequency" else None,
        condition=condition,
    )


def _is_sum(left: str) -> bool:
    return bool(_APPROPRIATED.search(left)) or left.endswith(
        ("共计", "合计", "总计", "总投入", "总投资", "资金")
    )


def _share(
    place: dict[str, Any],
    number: Decimal,
    left: str,
    subject: str | None,
    condition: str | None,
    bound: str | None,
    graded: dict[int, str],
) -> Standard:
    common: dict[str, Any] = {
        "bound": bound,
        "value": number,
        "value_unit": "%",
        "condition": condition,
    }
    if place["start"] in graded:
        grade, _, base = graded[place["start"]].partition("/")
        return Standard(
            **place,
            kind="payout_share",
            subject=base or subject,
            **common | {"condition": grade},
        )
    shared = _SHARED_BY.search(left)
    if shared:
        before = left[: shared.start()]
        return Standard(
            **place,
            kind="payer_share",
            subject=_cleaned(before) or subject,
            payer=shared[1] or shared[2],
            **common,
        )
    return Standard(**place, kind="share", subject=subject, **common)


def _graded(text: str) -> Iterator[tuple[int, str]]:
    """The shares that follow their grades: 优秀、良好…分别按…的110%、100%."""
    grades = _GRADES.search(text)
    shares = _PERCENTS.search(text)
    if grades is None or shares is None:
        return
    names = grades[1].split("、")
    names[0] = re.sub(r"^.*分(?=[\u4e00-\u9fff]{2})", "", names[0])
    values = list(re.finditer(rf"{_NUMBER}%", text[shares.start() : shares.end()]))
    if len(names) != len(values):
        return
    base = re.search(r"按([\u4e00-\u9fff]{2,12})的$", text[: shares.start()])
    for name, value in zip(names, values, strict=True):
        yield shares.start() + value.start(), f"{name}/{base[1] if base else ''}"


def _each(words: str) -> str:
    """What words say something is paid for: 每人每月."""
    return "".join(re.findall(_EACH, words))


def _per(printed: str, words: str) -> str | None:
    """Whom or what first, in the order of print, how often behind it."""
    things = [
        thing
        for each in re.findall(rf"(?:每[个一]?|[/·・])({_THING})", printed + words)
        for thing in _THINGS[each]
    ]
    return (
        "/".join(
            [
                *dict.fromkeys(thing for thing in things if thing not in _TIMES),
                *(time for time in _TIMES if time in things),
            ]
        )
        or None
    )


def _subject(text: str, segment: int, clause: int, left: str, right: str) -> str | None:
    own = _cleaned(left)
    if own is not None:
        return own
    noun = _noun(right)
    if noun is not None:
        return noun
    for before in reversed(_CLAUSE.split(text[max(segment, clause - 120) : clause])):
        # of what is said of a sum there, its own words do not name another
        quantity = _QUANTITY.search(before or "")
        if quantity is not None and before is not None:
            cleaned = _cleaned(before[: quantity.start()])
            cleaned = cleaned or _noun(before[quantity.end() :])
        else:
            cleaned = _cleaned(before or "")
        if cleaned is not None:
            return cleaned
    return None


def _cleaned(words: str) -> str | None:
    words = _LEADING.sub("", _WORDS.sub("", words.strip())).strip(' “”"')
    is_said = len(re.findall(r"[\u4e00-\u9fff]", _COUNTED.sub("", words))) >= 2
    return words[-_SUBJECT_LENGTH:] if is_said or _AGE.search(words) else None


def _noun(right: str) -> str | None:
    match = _NOUN.match(right)
    return match[1] if match else None


def _condition(text: str, segment: int, clause: int) -> str | None:
    begin = max(segment, clause - 2 * _CONDITION_LENGTH)
    words = text[begin:clause].strip(" ，、：:()")
    return words[-_CONDITION_LENGTH:] or None


def _payers(text: str) -> Iterator[Standard]:
    for match in _PAYER.finditer(text):
        segment = _segment_start(text, match.start())
        clause = _clause_start(text, segment, match.start())
        yield Standard(
            start=match.start(),
            end=match.end(),
            kind="payer",
            subject=_subject(text, segment, clause, text[clause : match.start()], ""),
            condition=_condition(text, segment, clause),
            payer=match[1],
        )


def _frequencies(text: str) -> Iterator[Standard]:
    for match in _EVERY.finditer(text):
        count = match[1] or match[2]
        per = f"{_HAN_DIGITS[count]}年" if count else match[3]
        segment = _segment_start(text, match.start())
        clause = _clause_start(text, segment, match.start())
        left = text[clause : match.end()]
        yield Standard(
            start=match.start(),
            end=match.end(),
            kind="frequency",
            subject=_noun(text[match.end() :]) or _cleaned(left),
            value=Decimal(1),
            value_unit="次",
            per=per,
            condition=_condition(text, segment, clause),
        )


def _dates(text: str) -> Iterator[Standard]:
    for match in _EFFECTIVE.finditer(text):
        day = _day(*match.groups())
        yield Standard(
            match.start(), match.end(), "effective_date",
            valid_year=int(match[1]), start_date=day, is_blank=day is None,
        )  # fmt: skip
    for match in _UNTIL.finditer(text):
        first, last = _day(*match.groups()[:3]), _day(*match.groups()[3:])
        yield Standard(
            match.start(), match.end(), "validity",
            valid_year=int(match[1]), start_date=first, end_date=last,
            is_blank=first is None or last is None,
        )  # fmt: skip


_MONTH = re.compile(
    r"(20\d\d)年\s?(\d{1,2})(?:月(?:\s?(\d{1,2})日)?|(?=[-~—至到]\d{1,2}月))"
    r"(?:[-~—至到]+(?:(20\d\d)年)?\s?(\d{1,2})月(?:\s?(\d{1,2})日)?)?"
)
_WHOLE_YEAR = re.compile(r"(20\d\d)年?(?:全年|度?[,，]?全年)度?")
_QUARTERS = re.compile(r"第([一二三四])(?:至|到|-|—)(?:第)?([一二三四])季度")


def find_schedule(text: str) -> Iterator[Standard]:
    """When a project is carried out: months, whole years, quarters of the year."""
    plain = text.translate(_FULL)
    for match in _MONTH.finditer(plain):
        year, month, day, last_year, last_month, last_day = match.groups()
        first = _date(year, month, day or "1")
        last = _date(
            last_year or year,
            last_month or month,
            last_day or (None if last_month else day),
        )
        if first is not None and last is not None:
            yield Standard(
                match.start(), match.end(), "schedule",
                valid_year=int(year), start_date=first, end_date=last,
            )  # fmt: skip
    for match in _WHOLE_YEAR.finditer(plain):
        yield Standard(
            match.start(), match.end(), "schedule", valid_year=int(match[1]),
            start_date=f"{match[1]}-01-01", end_date=f"{match[1]}-12-31",
        )  # fmt: skip
    for match in _QUARTERS.finditer(plain):
        yield Standard(
            match.start(), match.end(), "schedule", bound_unit="季度",
            lower=Decimal(_HAN_DIGITS[match[1]]), upper=Decimal(_HAN_DIGITS[match[2]]),
        )  # fmt: skip


def _date(year: str, month: str, day: str | None) -> str | None:
    """The day, or the last of the month; None where there is no such day."""
    try:
        last = calendar.monthrange(int(year), int(month))[1]
        return dt.date(int(year), int(month), int(day or last)).isoformat()
    except (ValueError, calendar.IllegalMonthError):
        return None


def _day(year: str, month: str, day: str) -> str | None:
    """The day as 2024-02-05; None where a part is left blank."""
    return f"{year}-{month:0>2}-{day:0>2}" if month and day else None


# Scoring tables -------------------------------------------------------------

_SUB_SCORE = re.compile(r"\(\s*(\d+(?:\.\d+)?)\s*分\s*\)")
_DEDUCTION = re.compile(r"([人例次处项个起])?扣\s*(\d+(?:\.\d+)?)\s*分")
_BONUS = re.compile(r"([\u4e00-\u9fff]{2,8}?)(?:得|加)?(\d+(?:\.\d+)?)分")
_FLOOR = re.compile(
    r"(?:至少|不少于)[\u4e00-\u9fff]{0,2}?(\d+|[一两二三四五六])(处|次|支|场|个)"
)
_SCORE = re.compile(r"(\d+(?:\.\d+)?)\s*分?")


class ScoreLabels:
    """Headings of scoring tables, of ``seeds/vocabulary/score_label.csv``."""

    def __init__(self, seeds: Path) -> None:
        path = seeds / "vocabulary" / "score_label.csv"
        with path.open(encoding="utf-8", newline="") as file:
            self._roles = {row["label"]: row["role"] for row in csv.DictReader(file)}

    def roles(self, cells: list[Cell]) -> dict[int, str]:
        """What the columns of a header row are; empty for another row."""
        roles = {
            cell.column: role
            for cell in cells
            if (role := self._roles.get(re.sub(r"\s", "", cell.text))) is not None
        }
        return roles if "score" in roles.values() and len(roles) >= 3 else {}


def find_scores(table: Table, labels: ScoreLabels) -> Iterator[tuple[Cell, Standard]]:
    """The weights, scores and deductions of a scoring table, with their cells.

    A blank dimension or item is that of the row above, also behind a header that is
    printed again.
    """
    rows: dict[int, list[Cell]] = {}
    for cell in table.cells:
        if cell.text.strip():
            rows.setdefault(cell.row, []).append(cell)
    roles: dict[int, str] = {}
    dimension: str | None = None
    item: str | None = None
    for row in sorted(rows):
        headings = labels.roles(rows[row])
        if headings:
            roles = headings
            continue
        for cell in sorted(rows[row], key=lambda cell: cell.column):
            role = roles.get(cell.column)
            text = cell.text.translate(_FULL).strip()
            if role == "dimension":
                dimension = _SUB_SCORE.sub("", text).strip()
                item = None
                for match in _SUB_SCORE.finditer(text):
                    yield cell, _scored(match, 1, "weight", dimension, None)
            elif role == "item":
                item = text
            elif role is not None:
                yield from (
                    (cell, part) for part in _parts(text, role, item, dimension)
                )


def _parts(
    text: str, role: str, item: str | None, dimension: str | None
) -> Iterator[Standard]:
    if role == "score":
        match = _SCORE.fullmatch(text)
        if match:
            yield _scored(match, 1, "score", item, dimension)
    elif role == "content":
        for match in _SUB_SCORE.finditer(text):
            yield _scored(match, 1, "sub_score", item, dimension)
        for match in _FLOOR.finditer(text):
            count = _HAN_DIGITS.get(match[1], match[1])
            yield Standard(
                match.start(), match.end(), "floor", subject=item,
                value=Decimal(count), value_unit=match[2], bound="at_least",
                condition=dimension,
            )  # fmt: skip
    elif role == "criteria":
        for match in _DEDUCTION.finditer(text):
            yield _scored(match, 2, "deduction", item, dimension, per=match[1])
        for match in _BONUS.finditer(text):
            if not match[1].endswith("扣"):
                yield _scored(match, 2, "bonus", item, match[1])


def _scored(
    match: re.Match[str],
    group: int,
    kind: str,
    subject: str | None,
    condition: str | None,
    per: str | None = None,
) -> Standard:
    return Standard(
        start=match.start(),
        end=match.end(),
        kind=kind,
        subject=subject,
        value=Decimal(match[group]),
        value_unit="分",
        per=per,
        condition=condition,
    )
