"""The benefit of shippers: the fall of the expected cost of their choices, in total and by relation of trade.

It is defined between results of the same demand only. Where demand differs, that is told instead.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from landlink.appraisal.surplus import MARKET, Markets, paired_markets
from landlink.core.arrays import Floats
from landlink.report.intervals import Figure, change_of, interval_text
from landlink.report.view import View
from landlink.tables.frames import texts

__all__ = ["Benefit", "benefit_of", "benefit_sentence", "benefit_text", "demand_sentence", "has_same_demand"]

#: Shares of the expected cost below which a benefit is taken as none.
_NOTHING = 5e-5


@dataclass(frozen=True, slots=True)
class Benefit:
    """The benefit of shippers.

    Attributes
    ----------
    value
        Benefit, million USD (or the report's currency) a year; negative for a loss.
    share
        Share of the expected cost of freight in the baseline, without sign: of the same cost that falls.
    interval
        The same with its interval, where both results have ensembles and demand is the same.
    by_relation
        Benefit by pair of countries, either way.
    """

    value: float
    share: float
    interval: Figure | None
    by_relation: dict[tuple[str, str], float]

    @property
    def is_any(self) -> bool:
        """Whether there is any."""
        return self.share >= _NOTHING

    @property
    def is_unsure(self) -> bool:
        """Whether it may be a gain or a loss."""
        return self.interval is not None and self.interval.low < 0 < self.interval.high


def benefit_of(view: View, baseline: View) -> Benefit | None:
    """Benefit of a scenario; ``None`` if the results do not tell, or if their demand differs.

    It is the users' surplus of :mod:`landlink.appraisal.surplus`.
    """
    both, whole = _markets(view, baseline), baseline.value("total.expected_cost_musd_per_year")
    if not (both.in_both.any() and math.isfinite(whole) and whole and both.has_same_demand):
        return None
    gains = both.surplus("straight") / 1e6
    gain = float(gains.sum())
    if not math.isfinite(gain):
        return None
    interval = _interval(view, baseline)
    value = gain if interval is None else interval.value
    return Benefit(value, abs(gain) / abs(whole), interval, _by_relation(view, both, gains))


def has_same_demand(view: View, baseline: View) -> bool:
    """Whether every market of two results ships the same tonnes."""
    return _markets(view, baseline).has_same_demand


def demand_sentence(view: View, baseline: View) -> str:
    """Say by how much demand differs, and between which countries most; empty where it is the same."""
    both = _markets(view, baseline)
    if both.has_same_demand:
        return ""
    words, by_pair = view.words, _by_relation(view, both, both.demand_change)
    pair = max(by_pair, key=lambda one: abs(by_pair[one]))
    before, after = both.tonnes.sum(axis=1).tolist()
    return words(
        "summary.demand_differs",
        before=words.quantity(before, "t/year"),
        after=words.quantity(after, "t/year"),
        change=words.percent((after - before) / before, signed=True) if before else words("common.no_value"),
        pair=" – ".join(view.name("country", country) for country in pair),
        most=words.rough(by_pair[pair], "t/year", signed=True),
    )


def _markets(view: View, baseline: View) -> Markets:
    return paired_markets({"choice": baseline.table("choice")}, {"choice": view.table("choice")})


def _interval(view: View, baseline: View) -> Figure | None:
    """Benefit with its interval: where demand is the same, the fall of the expected cost, by member."""
    tonnes = change_of(view, baseline, "total.tonnes_per_year")
    cost = change_of(view, baseline, "total.expected_cost_musd_per_year")
    if tonnes is None or cost is None or not cost.has_interval or tonnes.low != tonnes.high:
        return None
    return replace(cost, value=-cost.value, low=-cost.high, high=-cost.low)


def _by_relation(view: View, both: Markets, gains: Floats) -> dict[tuple[str, str], float]:
    """Sum what is given by market by pair of countries, the same either way."""
    zones = view.table("zone")
    country = dict(zip(zones.zone_id.astype(str), zones.country.astype(str), strict=True))
    origins, destinations = (texts(both.names, name) for name in MARKET[:2])
    sums: dict[tuple[str, str], float] = {}
    for origin, destination, gain in zip(origins, destinations, gains.tolist(), strict=True):
        first, second = sorted((country.get(origin, ""), country.get(destination, "")))
        sums[first, second] = sums.get((first, second), 0.0) + gain
    return sums


def benefit_text(view: View, benefit: Benefit) -> str:
    """The amount without its sign, with its interval if there is one."""
    if benefit.interval is not None:
        return interval_text(view.words, benefit.interval.magnitude)
    return view.money(abs(benefit.value), "million USD/year", rough=True)


def benefit_sentence(view: View, benefit: Benefit, amount: str = "") -> str:
    """State the benefit; ``amount`` replaces the text of the amount."""
    words = view.words
    if not benefit.is_any:
        return words("summary.benefit_same")
    if benefit.is_unsure and benefit.interval is not None:
        return words("summary.benefit_unsure", change=interval_text(words, benefit.interval, signed=True))
    return words(
        "summary.benefit_more" if benefit.value > 0 else "summary.benefit_less",
        change=amount or benefit_text(view, benefit),
        share=words.percent(benefit.share, decimals=2 if benefit.share < 0.01 else 1),
    )
