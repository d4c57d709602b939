"""Indicators of bottlenecks: what one more vehicle a day, or one more hour of opening, would save."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from landlink.indicators.registry import IndicatorSet, TableView

__all__ = ["BOTTLENECKS"]

BOTTLENECKS: Final = IndicatorSet()

_FIRST_ORDER: Final = (
    "at the value of time of what passes and at the flows of the result: of first order; 0 where no capacity delays"
    " anything."
)
_VEHICLE, _HOUR, _COST = "one_more_usd_per_year", "one_more_hour_usd_per_year", "delay_cost_usd_per_year"


def _figures(view: TableView) -> dict[tuple[str, str, str, str], dict[str, float]]:
    """Worth of each place, by kind, identifier, family and direction."""
    table = view["bottleneck"]
    keys = zip(*(table[name] for name in ("kind", "place_id", "family", "direction")), strict=True)
    return dict(zip(keys, table[[_VEHICLE, _HOUR, _COST]].to_dict("records"), strict=True))  # type: ignore[arg-type]


def _of_crossing(view: TableView, column: str, crossing: str, family: str, direction: str) -> float:
    """Worth at a crossing: its shared queue, else those of the direction or of both together."""
    figures = view.derived(_figures)
    if (shared := figures.get(("crossing", crossing, family, "both"))) is not None:
        return shared[column]
    ways = (direction,) if direction else ("ab", "ba")
    found = [figures[key] for way in ways if (key := ("crossing", crossing, family, way)) in figures]
    return sum(row[column] for row in found)


def _crossings(view: TableView) -> Iterable[tuple[str, ...]]:
    """Crossings with a capacity, in total and, where directions queue apart, by direction."""
    table = view["bottleneck"]
    rows = table[table["kind"] == "crossing"].sort_values(["place_id", "family", "direction"])
    whole = zip(rows["place_id"], rows["family"], strict=True)
    apart = rows[rows["direction"] != "both"]
    return [*dict.fromkeys(whole), *zip(apart["place_id"], apart["family"], apart["direction"], strict=True)]


def _both_directions(view: TableView) -> Iterable[tuple[str, ...]]:
    """Crossings with a capacity, in total."""
    return [one for one in _crossings(view) if len(one) == 2]


def _with_hours(view: TableView) -> Iterable[tuple[str, ...]]:
    """Crossings whose hours of opening limit them."""
    table = view["bottleneck"]
    known = table[table[_HOUR].notna()]
    keys = set(zip(known["place_id"], known["family"], known["direction"], strict=True))
    whole = {key[:2] for key in keys}
    return [one for one in _crossings(view) if one in keys or one in whole]


def _terminals(view: TableView) -> Iterable[tuple[str, ...]]:
    table = view["bottleneck"]
    return [(name,) for name in sorted(table.loc[table["kind"] == "terminal", "place_id"])]


@BOTTLENECKS.indicator(
    "crossing.one_more_vehicle_usd_per_year",
    arguments="crossing,family[,direction]",
    unit="USD/year",
    meaning=f"What one more vehicle a day of capacity at the crossing would save in a year, {_FIRST_ORDER} Where"
    " directions queue apart, one more in the direction given, or in each.",
    tables=("bottleneck",),
    listing=_crossings,
)
def _crossing_vehicle(view: TableView, crossing: str, family: str, direction: str = "") -> float:
    return _of_crossing(view, _VEHICLE, crossing, family, direction)


@BOTTLENECKS.indicator(
    "crossing.one_more_hour_usd_per_year",
    arguments="crossing,family[,direction]",
    unit="USD/year",
    meaning="What one more hour of opening a day of all stages of the crossing would save in a year, simulated at the"
    " flows of the result: shorter queues and a shorter wait for the opening, at the value of time of what passes;"
    " undefined where the stages are not simulated or never close.",
    tables=("bottleneck",),
    listing=_with_hours,
)
def _crossing_hour(view: TableView, crossing: str, family: str, direction: str = "") -> float:
    figures = view.derived(_figures)
    if not any(key[:3] == ("crossing", crossing, family) for key in figures):
        return float("nan")
    return _of_crossing(view, _HOUR, crossing, family, direction)


@BOTTLENECKS.indicator(
    "crossing.delay_cost_usd_per_year",
    arguments="crossing,family",
    unit="USD/year",
    meaning="What the congestion delay at the crossing costs the freight that passes, at its value of time.",
    tables=("bottleneck",),
    every=_both_directions,
)
def _crossing_delay_cost(view: TableView, crossing: str, family: str) -> float:
    return _of_crossing(view, _COST, crossing, family, "")


@BOTTLENECKS.indicator(
    "terminal.one_more_tonne_usd_per_year",
    arguments="terminal",
    unit="USD/year",
    meaning=f"What one more tonne a day of capacity at the terminal would save in a year, {_FIRST_ORDER}",
    tables=("bottleneck",),
    every=_terminals,
)
def _terminal_tonne(view: TableView, terminal: str) -> float:
    return view.derived(_figures).get(("terminal", terminal, "", "both"), {_VEHICLE: 0.0})[_VEHICLE]


def _groups(view: TableView) -> dict[str, str]:
    """Load group of each link."""
    link = view["link"]
    return dict(zip(link["link_id"], link["load_group"], strict=True))


@BOTTLENECKS.indicator(
    "link.one_more_vehicle_usd_per_year",
    arguments="link",
    unit="USD/year",
    meaning=f"What one more vehicle a day of capacity of the link's load group would save in a year, {_FIRST_ORDER}",
    tables=("bottleneck", "link"),
)
def _link_vehicle(view: TableView, link: str) -> float:
    group = view.derived(_groups).get(link, "")
    return view.derived(_figures).get(("link", group, "", "both"), {_VEHICLE: 0.0})[_VEHICLE]
