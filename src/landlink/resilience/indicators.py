"""Indicators of resilience: what disturbances cost a year, how bad years are, and how events were borne."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

import pandas as pd

from landlink.indicators.registry import IndicatorSet, TableView
from landlink.resilience.output_tables import EVERY_CAUSE, EVERY_COUNTRY
from landlink.tables.frames import records

__all__ = ["RESILIENCE"]

RESILIENCE: Final = IndicatorSet()

_MILLION: Final = 1e6
_ALL: Final = f" {EVERY_COUNTRY}: all countries together."
#: Command that makes the tables.
_MADE_BY: Final = "landlink resilience"


def _rows_by(table: str, *keys: str) -> Callable[[TableView], Mapping[tuple[str, ...], dict[str, Any]]]:
    """Return a function that gives the rows of a table by their keys."""

    def found(view: TableView) -> Mapping[tuple[str, ...], dict[str, Any]]:
        return {tuple(_text(row[key]) for key in keys): row for row in records(view[table])}

    return found


def _text(cell: Any) -> str:
    return f"{cell:g}" if isinstance(cell, float) else str(cell)


_losses: Final = _rows_by("loss", "country", "cause")
_risk: Final = _rows_by("loss_risk", "country", "percent")


def _value(row: Mapping[str, Any] | None, column: str, factor: float = 1.0) -> float:
    return math.nan if row is None else float(row[column]) * factor


def _countries_and_causes(view: TableView) -> Iterable[tuple[str, ...]]:
    """Countries, then countries with each cause."""
    keys = list(view.derived(_losses))
    return [*((country,) for country, cause in keys if cause == EVERY_CAUSE), *(k for k in keys if k[1] != EVERY_CAUSE)]


def _countries_and_percents(view: TableView) -> Iterable[tuple[str, ...]]:
    """Those whose value at risk the number of years drawn bears."""
    return [key for key, row in view.derived(_risk).items() if not math.isnan(float(row["value_at_risk_usd"]))]


@RESILIENCE.indicator(
    "resilience.expected_loss_musd_per_year",
    arguments="country[,cause]",
    unit="million USD/year",
    meaning="Expected loss of a year by disturbances: what they cost shippers more, waits included; by all causes or"
    f" one.{_ALL}",
    tables=("loss",),
    made_by=_MADE_BY,
    listing=_countries_and_causes,
    subject="resilience",
)
def _expected(view: TableView, country: str, cause: str = EVERY_CAUSE) -> float:
    rows = view.derived(_losses)
    if (country, EVERY_CAUSE) in rows and (country, cause) not in rows:
        return 0.0  # nothing of that cause may strike
    return _value(rows.get((country, cause)), "expected_usd_per_year", 1 / _MILLION)


@RESILIENCE.indicator(
    "resilience.waiting_tonne_days_per_year",
    arguments="country",
    unit="t/year",
    meaning=f"Freight that comes to closed places, tonnes a day times days, expected in a year.{_ALL}",
    tables=("loss",),
    made_by=_MADE_BY,
    listing=lambda view: [(country,) for country, cause in view.derived(_losses) if cause == EVERY_CAUSE],
)
def _waiting(view: TableView, country: str) -> float:
    return _value(view.derived(_losses).get((country, EVERY_CAUSE)), "waiting_tonne_days_per_year")


@RESILIENCE.indicator(
    "resilience.value_at_risk_musd",
    arguments="country,percent",
    unit="million USD",
    meaning=f"Loss of a year that is not exceeded in some per cent of the years.{_ALL}",
    tables=("loss_risk",),
    made_by=_MADE_BY,
    listing=_countries_and_percents,
)
def _at_risk(view: TableView, country: str, percent: str) -> float:
    return _value(view.derived(_risk).get((country, percent)), "value_at_risk_usd", 1 / _MILLION)


@RESILIENCE.indicator(
    "resilience.conditional_value_at_risk_musd",
    arguments="country,percent",
    unit="million USD",
    meaning=f"Mean loss of the years beyond some per cent of the years.{_ALL}",
    tables=("loss_risk",),
    made_by=_MADE_BY,
    listing=_countries_and_percents,
)
def _conditional(view: TableView, country: str, percent: str) -> float:
    return _value(view.derived(_risk).get((country, percent)), "conditional_usd", 1 / _MILLION)


def _totals(view: TableView) -> Mapping[tuple[str, str], float]:
    """Totals of replays by event and quantity."""
    table = view["replay"]
    rows = table[table["record"] == "total"]
    keys = zip(rows["event_id"], rows["quantity"], strict=True)
    return dict(zip(keys, rows["model"].tolist(), strict=True))


def _events(view: TableView) -> Iterable[tuple[str, ...]]:
    return list(dict.fromkeys((event,) for event, _ in view.derived(_totals)))


def _of_events(name: str, quantity: str, unit: str, factor: float, meaning: str, *, endless: bool = False) -> None:
    @RESILIENCE.indicator(
        f"resilience.{name}",
        arguments="event",
        unit=unit,
        meaning=meaning,
        tables=("replay",),
        made_by=_MADE_BY,
        listing=_events,
        endless=endless,
    )
    def total(view: TableView, event: str) -> float:
        return view.derived(_totals).get((event, quantity), math.nan) * factor


_of_events(
    "triangle_days", "triangle", "day", 1.0,
    "Area of the resilience triangle of an event: days of full loss of the freight that uses its places, by whatever"
    " way it arrives.",
)  # fmt: skip
_of_events(
    "recovery_days", "recovery", "day", 1.0,
    "Days from the beginning of an event until 90 % of the freight that uses its places arrives for good, by whatever"
    " way.",
    endless=True,
)  # fmt: skip
_of_events(
    "passage_recovery_days", "recovery_passing", "day", 1.0,
    "Days from the beginning of an event until 90 % of the freight that uses its places passes them for good.",
    endless=True,
)  # fmt: skip
_of_events(
    "clearing_days", "clearing", "day", 1.0,
    "Days from the end of an event until all freight that has waited has gone on.", endless=True,
)  # fmt: skip
_of_events(
    "event_cost_musd", "added_cost", "million USD", 1 / _MILLION,
    "What an event costs shippers more, waits included.",
)  # fmt: skip
_of_events(
    "lost_trade_musd", "lost_trade", "million USD", 1 / _MILLION,
    "Value of goods that are not traded because of an event; 0 where demand is fixed.",
)  # fmt: skip


def _by_country(view: TableView) -> dict[str, tuple[float, float, float]]:
    """Value of the trade of each country, the part with another way, and its ratio times that value."""
    table, zone = view["redundancy"], view["zone"]
    country = dict(zip(zone["zone_id"], zone["country"], strict=True))
    ends = [table[name].map(country) for name in ("origin_zone_id", "destination_zone_id")]
    value, ratio = table["value_usd_per_year"], table["ratio"]
    known = ratio.notna()
    parts = pd.DataFrame({"value": value, "known": value.where(known, 0.0), "ratio": (value * ratio).where(known, 0.0)})
    sums = parts.groupby(ends[0].rename("country")).sum()
    both = ends[0] != ends[1]
    sums = sums.add(parts[both].groupby(ends[1][both].rename("country")).sum(), fill_value=0.0)
    found = {str(name): tuple(map(float, row)) for name, row in zip(sums.index, sums.to_numpy(), strict=True)}
    found[EVERY_COUNTRY] = tuple(map(float, parts.sum().to_numpy()))
    return found  # type: ignore[return-value]


def _with_redundancy(view: TableView) -> Iterable[tuple[str, ...]]:
    return [(country,) for country in view.derived(_by_country)]


@RESILIENCE.indicator(
    "resilience.redundancy",
    arguments="country",
    unit="",
    meaning="Cost of the cheapest way that avoids the busiest place of the cheapest, over the cheapest: mean over the"
    f" freight of a country by value, where there is such a way.{_ALL}",
    tables=("redundancy", "zone"),
    made_by=_MADE_BY,
    listing=_with_redundancy,
)
def _redundancy(view: TableView, country: str) -> float:
    _, known, ratio = view.derived(_by_country).get(country, (0.0, 0.0, 0.0))
    return ratio / known if known > 0 else math.nan


@RESILIENCE.indicator(
    "resilience.single_way_share",
    arguments="country",
    unit="share",
    meaning=f"Share of the value of a country's freight that has no way round the busiest place of the cheapest.{_ALL}",
    tables=("redundancy", "zone"),
    made_by=_MADE_BY,
    listing=_with_redundancy,
)
def _single(view: TableView, country: str) -> float:
    value, known, _ = view.derived(_by_country).get(country, (0.0, 0.0, 0.0))
    return 1 - known / value if value > 0 else math.nan


def _by_pair(view: TableView) -> dict[tuple[str, str], tuple[float, float]]:
    """Tonnes with another way, and their ratio times them, by pair of zones."""
    table = view["redundancy"].dropna(subset=["ratio"])
    tonnes = table["tonnes_per_year"]
    parts = pd.DataFrame({"tonnes": tonnes, "ratio": tonnes * table["ratio"]})
    sums = parts.groupby([table["origin_zone_id"], table["destination_zone_id"]]).sum()
    return dict(zip(sums.index.tolist(), map(tuple, sums.to_numpy().tolist()), strict=True))


@RESILIENCE.indicator(
    "od.redundancy",
    arguments="origin,destination",
    unit="",
    meaning="Cost of the cheapest way between two zones that avoids the busiest place of the cheapest, over the"
    " cheapest: mean over the freight, where there is such a way.",
    tables=("redundancy",),
    made_by=_MADE_BY,
    every=lambda view: list(view.derived(_by_pair)),
)
def _pair(view: TableView, origin: str, destination: str) -> float:
    tonnes, ratio = view.derived(_by_pair).get((origin, destination), (0.0, 0.0))
    return ratio / tonnes if tonnes > 0 else math.nan
