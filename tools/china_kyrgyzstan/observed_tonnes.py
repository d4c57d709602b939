"""Observed tonnes of 2019 to 2025 from ``tonnes.csv``, and the indicator that stands against each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from tools.china_kyrgyzstan.facts import read
from tools.china_kyrgyzstan.fitted import FITTED_TONNES
from tools.china_kyrgyzstan.observed_directions import direction_of
from tools.china_kyrgyzstan.periods import share_of_year, year_of
from tools.china_kyrgyzstan.transit import TONNES_PER_TEU

Row = dict[str, Any]

YEARS: Final = range(2019, 2026)
#: Units that an indicator can be brought to, with the factor from its own.
_UNITS: Final = {
    "Mt": 1e-6, "Mt/year": 1e-6, "bn tkm": 1e-9, "trains/day": 1.0, "pairs/day": 0.5, "t": 1.0,
    "thousand TEU": 1e-3 / TONNES_PER_TEU,
}  # fmt: skip

_DOMESTIC = "The figure includes domestic freight, which the study leaves out: the model should lie below."
_TRANSIT = "The indicator counts transit over this border too."
_OIL = "Crude oil and traffic to Iran and Russia are left out of the study."

#: Patterns of "scope | mode | direction | commodity", the first that fits counts: indicator and remark.
_RULES: Final[tuple[tuple[str, str, str], ...]] = (
    (r"KAZ-CHN rail.*\|rail\|both\|all", "border.tonnes_per_year[KAZ,CHN,rail] + border.tonnes_per_year[CHN,KAZ,rail]", ""),
    (r"KAZ-CHN rail.*\|rail\|KAZ to CHN\|all", "border.tonnes_per_year[KAZ,CHN,rail]", ""),
    (r"(Altynkol-)?Khorgos\|rail\|both\|all", "crossing.tonnes_per_year[KHOR,rail]", ""),
    (r"(Altynkol-)?Khorgos\|rail\|KAZ to CHN\|all", "crossing.tonnes_per_year[KHOR,rail,ab]", ""),
    (r"(Dostyk-)?Alashankou\|rail\|KAZ to CHN\|all", "crossing.tonnes_per_year[DOST,rail,ab]", ""),
    (r"(Dostyk-)?Alashankou\|rail\|CHN to KAZ\|all", "crossing.tonnes_per_year[DOST,rail,ba]", ""),
    (r"(Dostyk-)?Alashankou\|rail\|both\|all", "crossing.tonnes_per_year[DOST,rail]", ""),
    (r"(Dostyk-)?Alashankou\|road\|both\|all", "crossing.tonnes_per_year[DOST,road]", ""),
    (r"Khorgos\|road\|both\|all", "crossing.tonnes_per_year[KHOR,road]", ""),
    (r"Dostyk-Alashankou\|rail\|both\|trains", "crossing.trains_per_day[DOST]", "A plan."),
    (r"Saryagash-Keles\|rail\|both\|train", "crossing.trains_per_day[SRYA]", ""),
    (r"KAZ-RUS\|rail\|KAZ to RUS\|all", "border.trade_tonnes_per_year[KAZ,RUS,rail]", "The coal in it, 20.3 Mt, is an input."),
    (r"KAZ-RUS\|rail\|KAZ to RUS\|coal", "border.tonnes_per_year[KAZ,RUS,rail,coal]", ""),
    (r"KAZ-UZB\|rail\|KAZ to UZB\|all", "border.trade_tonnes_per_year[KAZ,UZB,rail]", "Exports of Kazakhstan only, of which grain and coal, 6.6 Mt, are inputs."),
    (r"KAZ-UZB\|rail\|KAZ to UZB\|(grain|coal)", "border.tonnes_per_year[KAZ,UZB,rail,{0}]", _TRANSIT),
    (r"KAZ-UZB\|rail\|both incl. transit", "border.tonnes_per_year[KAZ,UZB,rail] + border.tonnes_per_year[UZB,KAZ,rail]", ""),
    (r"KAZ\|all\|transit\|", "country.transit_tonnes_per_year[KAZ]", ""),
    (r"KAZ\|rail \(Dostyk-Moiynty context\)\|transit\|all", "country.transit_tonnes_per_year[KAZ,rail]", ""),
    (r"KAZ\|road\|transit\|all", "country.transit_tonnes_per_year[KAZ,road]", ""),
    (r"KAZ\|rail( \(KTZ\))?\|all\|all", "country.tonnes_per_year[KAZ,rail]", _DOMESTIC),
    (r"KAZ\|rail( \(KTZ\))?\|turnover", "country.tkm_per_year[KAZ,rail]", _DOMESTIC),
    (r"UZB\|rail\+road\|transit", "country.transit_tonnes_per_year[UZB]", ""),
    (r"UZB\|(rail|road)\|transit\|", "country.transit_tonnes_per_year[UZB,{0}]", ""),
    (r"UZB\|rail\|all", "country.tonnes_per_year[UZB,rail]", _DOMESTIC),
    (r"UZB\|rail\|turnover", "country.tkm_per_year[UZB,rail]", _DOMESTIC),
    (r"KGZ\|rail\|all\|", "country.tonnes_per_year[KGZ,rail]", _DOMESTIC),
    (r"KGZ\|rail\|turnover", "country.tkm_per_year[KGZ,rail]", _DOMESTIC),
    (r"KGZ-UZB\|all\|KGZ to UZB\|coal", "border.tonnes_per_year[KGZ,UZB,rail,coal] + border.tonnes_per_year[KGZ,UZB,road,coal]", ""),
    (r"TJK\|rail\|all", "country.tonnes_per_year[TJK,rail]", _DOMESTIC),
    (r"TJK\|rail\|turnover", "country.tkm_per_year[TJK,rail]", _DOMESTIC),
    (r"TJK\|all\|transit", "country.transit_tonnes_per_year[TJK]", ""),
    (r"TITR Middle Corridor\|rail and sea\|both", "link.tonnes_per_year[FY001] + link.tonnes_per_year[FY002]", _OIL),
    (r"Aktau port\|sea", "link.tonnes_per_year[FY001]", _OIL),
    (r"Kuryk port\|ferry", "link.tonnes_per_year[FY002]", ""),
    (r"North-South eastern branch", "crossing.tonnes_per_year[BOLA,rail]", ""),
    (r"Eurasian rail route CHN-EU-CHN\|rail\|both\|containers", "country_pair.tonnes_per_year[CHN,POL,rail] + country_pair.tonnes_per_year[POL,CHN,rail]", f"At {TONNES_PER_TEU:g} t a TEU."),
    (r"Sarakhs\|rail\|both\|all", "crossing.tonnes_per_year[SERA,rail]", ""),
    (r"Hairatan-Galaba\|rail\|to AFG", "crossing.tonnes_per_year[AYRI,rail]", ""),
    (r"Torghundi\|rail", "crossing.tonnes_per_year[SERH,rail]", ""),
    (r"Aqina\|rail", "crossing.tonnes_per_year[YMAM,rail]", ""),
)  # fmt: skip

#: Rail rows are kept even where no indicator counts them; of others only those that have a counterpart.
_RAIL: Final = re.compile(r"rail( \(.*\))?$")
#: The same figures as check points.
_CHECKED: Final = {
    ("KAZ-CHN rail, both crossings", "rail", "both", "all", "2023"),
    ("KAZ-UZB", "rail", "both incl. transit", "all", "2023"),
    ("KAZ", "all", "transit", "all", "2024"),
    ("UZB", "rail+road", "transit", "all", "2023"),
    ("KGZ", "rail", "all", "all", "2025"),
    ("TITR Middle Corridor", "rail and sea", "both", "all", "2024"),
    ("Aktau port", "sea", "all", "all", "2022"),
    ("Sarakhs", "rail", "both", "all", "2024-03/08"),
    ("Hairatan-Galaba", "rail", "to AFG mostly", "all", "2024-12-20/2025-01-20"),
    ("KGZ-UZB", "all", "KGZ to UZB", "coal", "2023"),
    ("Saryagash-Keles", "rail", "both", "trains", "2025M1-4"),
}


def rows(facts: Path) -> Iterator[Row]:
    """Rows of ``observed`` without identifier and source; ``source_title`` and ``word`` hold those as the facts do."""
    for row in read(facts, "tonnes.csv"):
        row["unit"] = row["unit"].replace("kTEU", "thousand TEU")
        year = year_of(row["period"])
        if year is None or year not in YEARS or row["unit"] not in _UNITS or row["quality"] == "estimated":
            continue
        if tuple(row[name] for name in ("scope", "mode", "direction", "commodity", "period")) in _CHECKED:
            continue
        observed = _row(row, year)
        if observed["indicator"] or _RAIL.match(row["mode"]):
            yield observed


def _row(row: dict[str, str], year: int) -> Row:
    what = f"{row['scope']}: {row['direction']}, {row['mode']}, {row['commodity']}"
    key = "|".join(row[name] for name in ("scope", "mode", "direction", "commodity"))
    indicator, remark = _indicator(key)
    daily = row["unit"].endswith("/day")
    share = 1.0 if daily else share_of_year(row["period"])
    given = (row["scope"], row["direction"], row["commodity"], row["period"]) in FITTED_TONNES
    notes = (remark, "The demand takes this figure as it is." if given else "", _said(row["note"]))
    return {
        "what": what,
        "heading": "Tonnes",
        "place": row["scope"],
        "period": row["period"],
        "year": year,
        "value": row["value"],
        "unit": row["unit"],
        "bound": "upper" if remark == _DOMESTIC else "value",
        "scope": "all_freight" if remark == _DOMESTIC else "",
        "indicator": indicator,
        "direction": direction_of(row["direction"], indicator),
        "scale": f"{_UNITS[row['unit']] * share:.6g}" if indicator else "",
        "scale_unit": f"{row['unit']}/t" if indicator and "TEU" in row["unit"] else "",
        "role": "input" if given else "",
        "note": " ".join(note for note in notes if note),
        "source_title": row["source"],
        "word": row["quality"],
    }


def _indicator(key: str) -> tuple[str, str]:
    for pattern, indicator, remark in _RULES:
        if found := re.match(pattern, key):
            groups = [group for group in found.groups() if group]
            return (indicator.format(*groups) if "{0}" in indicator else indicator), remark
    return "", "No counterpart: no indicator counts just this."


def _said(note: str) -> str:
    return f"Facts: {note}." if note else ""
