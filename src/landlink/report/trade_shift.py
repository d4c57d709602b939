"""How the exports of the countries that measures touch move from one way of shipping to another."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from landlink.report.intervals import changed_text
from landlink.report.trade_change import responds, touched_countries
from landlink.report.view import View

__all__ = ["trade_sentence"]

#: Share of a country's exports above which a shift is told, and the number of countries.
_TOLD: Final = 1e-3
_COUNTRIES: Final = 3
#: Share of a country's largest change from which its other ways are told, so that what one gains is seen to be lost.
_PART: Final = 0.1
_WAY: Final = re.compile(r"country\.exports_tonnes_per_year\[(?P<country>\w+),ALL,(?P<way>[^\],]+)\]")


@dataclass(frozen=True, slots=True)
class _Shift:
    """Change of a country's exports by way of shipping, t/year."""

    country: str
    ways: Mapping[str, float]
    total: float
    total_change: float

    @property
    def share(self) -> float:
        """The largest change of a way of shipping as a share of all exports."""
        return max(map(abs, self.ways.values()), default=0.0) / self.total


def trade_sentence(view: View, baseline: View, measures: Sequence[str]) -> str:
    """Say what the measures do to exports by way of shipping; empty where hardly anything shifts."""
    words, touched = view.words, touched_countries(view, measures)
    found = [shift for code in touched if (shift := _shift(view, baseline, code)) and shift.share > _TOLD]
    if not found:
        return ""
    shown = sorted(found, key=lambda one: -one.share)[:_COUNTRIES]
    fixed = not responds(view) and all(abs(one.total_change) <= 1e-6 * one.total for one in shown)
    shifts = words("common.list_separator").join(_told(view, baseline, one) for one in shown)
    return words("first.trade_fixed" if fixed else "first.trade", shifts=shifts)


def _shift(view: View, baseline: View, country: str) -> _Shift | None:
    whole = f"country.exports_tonnes_per_year[{country}]"
    before, after = baseline.value(whole), view.value(whole)
    if not (math.isfinite(before) and math.isfinite(after) and before > 0):
        return None
    matches = (_WAY.fullmatch(name) for name in view.indicators)
    names = [match for match in matches if match and match["country"] == country]
    ways = {one["way"]: view.value(one[0]) - baseline.value(one[0]) for one in names}
    return _Shift(country, {way: value for way, value in ways.items() if math.isfinite(value)}, before, after - before)


def _told(view: View, baseline: View, shift: _Shift) -> str:
    """Name a country with its ways of shipping that change, the largest change first."""
    words = view.words
    least = _PART * max(map(abs, shift.ways.values()))
    told = {way: value for way, value in shift.ways.items() if abs(value) >= least}
    parts = [
        f"{words.term('mode', way)} "
        + changed_text(
            view, baseline, f"country.exports_tonnes_per_year[{shift.country},ALL,{way}]", told[way], "t/year"
        )
        for way in sorted(told, key=lambda one: -abs(told[one]))
    ]
    return words("first.trade_of", country=view.name("country", shift.country), ways=words("common.comma").join(parts))
