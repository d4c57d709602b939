"""Indicators of response: how soon units come, what countries save by sharing them, and what refusing to costs.

What is saved is that of agreements in force: the pairs of countries that the choice of sites was made for. Each set of
agreements has its own best sites, so that nobody sharing is not made worse than it is.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from landlink.indicators.registry import IndicatorSet, TableView
from landlink.tables.frames import records
from landlink.tables.lists import split_list

__all__ = ["EVERY_UNIT", "RESPONSE_INDICATORS"]

RESPONSE_INDICATORS: Final = IndicatorSet()

#: Stands for all kinds of units whose delay is counted in money.
EVERY_UNIT: Final = "ALL"
_MADE_BY: Final = "landlink response --coordination"
_ALL: Final = f" {EVERY_UNIT}: all kinds of units that reopen places."
#: What the objective of a kind counts, of those whose best sites make the least delay.
_MONEY, _HOURS = "money", "hours"


@dataclass(frozen=True)
class _Kind:
    """What a kind of units achieves by sets of agreements.

    Attributes
    ----------
    counts
        ``money``: USD a year; ``hours``: hours of waiting a year, of all events; empty: something else.
    hours
        Mean time by weight until a place is served, h.
    shared
        Pairs of countries that have agreed to share, each in order.
    agreed
        Objective for these.
    cases
        Objective by case and who, of each set of agreements.
    """

    counts: str
    hours: float
    shared: frozenset[str]
    agreed: float
    cases: Mapping[tuple[str, str], float]

    def value(self, case: str, who: str = "") -> float:
        return self.cases.get((case, who), math.nan)

    def saved(self) -> float:
        """What the agreements save, against nobody sharing."""
        return max(self.value("nobody") - self.agreed, 0.0)

    def lost(self) -> float:
        """What is lost since not everybody shares."""
        return max(self.agreed - self.value("everybody"), 0.0)

    def saved_by(self, pair: str) -> float:
        """What two countries save if only they share; nothing where they have not agreed, or have nothing to share."""
        if not self.cases or pair not in self.shared:
            return 0.0 if self.cases else math.nan
        return max(self.value("nobody") - self.cases.get(("only", pair), self.value("nobody")), 0.0)

    def lost_by(self, pair: str) -> float:
        """What it costs if two countries refuse and all others share; nothing where they have nothing to share."""
        if not self.cases:
            return math.nan
        return max(self.cases.get(("refused", pair), self.value("everybody")) - self.value("everybody"), 0.0)


def _kinds(view: TableView) -> dict[str, _Kind]:
    table = view["response"]
    found = {}
    for row in records(table[table["record"] == "total"]):
        own = table[table["unit_id"] == row["unit_id"]]
        sharing = own[own["record"] == "sharing"]
        keys = zip(sharing["case"].astype(str), sharing["row"].fillna("").astype(str), strict=True)
        found[str(row["unit_id"])] = _Kind(
            _counted(row, own),
            float(row["hours"]),
            frozenset(split_list(str(row["shared"] or ""))),
            float(row["value"]),
            dict(zip(keys, sharing["value"].astype(float).tolist(), strict=True)),
        )
    return found


def _counted(total: Mapping[str, Any], own: pd.DataFrame) -> str:
    if total["objective"] != "median":
        return ""
    if math.isfinite(float(total["worth_usd_per_year"])):
        return _MONEY
    places = own[own["record"] == "place"]
    return _HOURS if (places["hazard_id"].fillna("") != "").any() else ""


def _of(view: TableView, unit: str, counts: str, amount: Callable[[_Kind], float]) -> float:
    """Amount of a kind of units, or the sum over all that count the same; NaN if nothing is known."""
    kinds = view.derived(_kinds)
    chosen = [one for name, one in kinds.items() if unit in (EVERY_UNIT, name) and one.counts == counts]
    return math.fsum(map(amount, chosen)) if chosen else math.nan


def _counting(counts: str) -> Callable[[TableView], Iterable[tuple[str, ...]]]:
    """Kinds of units that count something and whose agreements are known, after all of them where they are money."""

    def listing(view: TableView) -> Iterable[tuple[str, ...]]:
        names = [name for name, one in view.derived(_kinds).items() if one.counts == counts and one.cases]
        every = [EVERY_UNIT] if counts == _MONEY and names else []
        return [(name,) for name in (*every, *names)]

    return listing


def _pairs(view: TableView) -> Iterable[tuple[str, ...]]:
    """Pairs of countries of kinds that count money."""
    kinds = [one for one in view.derived(_kinds).values() if one.counts == _MONEY]
    found = sorted({who for one in kinds for case, who in one.cases if case == "only"})
    return [(*who.split("-"),) for who in found]


@RESPONSE_INDICATORS.indicator(
    "resilience.response_hours",
    arguments="unit",
    unit="h",
    meaning="Mean time, by what an hour of delay weighs, until a place is served by the units of a kind where they are"
    " best kept.",
    tables=("response",),
    made_by="landlink response",
    listing=lambda view: [(name,) for name in view.derived(_kinds)],
)
def _response_hours(view: TableView, unit: str) -> float:
    kind = view.derived(_kinds).get(unit)
    return math.nan if kind is None else kind.hours


def _shared(name: str, counts: str, unit: str, meaning: str, amount: Callable[[_Kind], float]) -> None:
    @RESPONSE_INDICATORS.indicator(
        f"resilience.{name}",
        arguments="unit",
        unit=unit,
        meaning=meaning,
        tables=("response",),
        made_by=_MADE_BY,
        listing=_counting(counts),
    )
    def shared(view: TableView, kind: str) -> float:
        return _of(view, kind, counts, amount)


_shared(
    "sharing_saves_usd_per_year", _MONEY, "USD/year",
    "Loss avoided in a year since countries let each other's response units in, as they have agreed, against each on"
    f" its own with its own best sites.{_ALL}",
    _Kind.saved,
)  # fmt: skip
_shared(
    "refusal_costs_usd_per_year", _MONEY, "USD/year",
    f"Loss of a year that would be avoided if all countries let each other's response units in.{_ALL}",
    _Kind.lost,
)  # fmt: skip
_shared(
    "sharing_saves_h_per_year", _HOURS, "h/year",
    "Hours of waiting for help that are saved in a year, over all events, since countries let each other's units in, as"
    " they have agreed.",
    _Kind.saved,
)  # fmt: skip
_shared(
    "refusal_costs_h_per_year", _HOURS, "h/year",
    "Hours of waiting for help in a year, over all events, that would be saved if all countries let each other's units"
    " in.",
    _Kind.lost,
)  # fmt: skip


def _of_pair(name: str, meaning: str, amount: Callable[[_Kind, str], float]) -> None:
    @RESPONSE_INDICATORS.indicator(
        f"country_pair.{name}",
        arguments="country,country[,unit]",
        unit="USD/year",
        meaning=f"{meaning} By all kinds of units that reopen places, or one.",
        tables=("response",),
        made_by=_MADE_BY,
        listing=_pairs,
    )
    def of_pair(view: TableView, one: str, other: str, unit: str = EVERY_UNIT) -> float:
        pair = "-".join(sorted((one, other)))
        return _of(view, unit, _MONEY, lambda kind: amount(kind, pair))


_of_pair(
    "sharing_saves_usd_per_year",
    "Loss avoided in a year if only these two countries let each other's response units in, against nobody; 0 unless"
    " they have agreed to.",
    _Kind.saved_by,
)  # fmt: skip
_of_pair(
    "refusal_costs_usd_per_year",
    "Loss of a year if these two countries refuse each other's response units and all others share; 0: the best does"
    " not need them to share.",
    _Kind.lost_by,
)  # fmt: skip
