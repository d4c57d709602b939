"""Indicators of places: crossings, borders, links and terminals."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Final

from landlink.freight.indicators import ids_of
from landlink.indicators.registry import IndicatorSet, TableView

__all__ = ["PLACES", "crossings_by"]

PLACES: Final = IndicatorSet()

_ROAD: Final = {"family": "road"}
_RAIL: Final = {"family": "rail"}


def crossings_by(columns: list[str], family: str = "") -> Callable[[TableView], Iterable[tuple[str, ...]]]:
    """Distinct combinations of columns over the crossings of a family, or of all families."""

    def listing(view: TableView) -> Iterable[tuple[str, ...]]:
        table = view["crossing"]
        rows = table[table["family"] == family] if family else table
        return list(dict.fromkeys(zip(*(rows[column] for column in columns), strict=True)))

    return listing


def _crossings_either_way(family: str) -> Callable[[TableView], Iterable[tuple[str, ...]]]:
    """Crossings of a family, with and without the direction."""

    def listing(view: TableView) -> Iterable[tuple[str, ...]]:
        columns = (["crossing_id"], ["crossing_id", "direction"])
        return [arguments for names in columns for arguments in crossings_by(names, family)(view)]

    return listing


def _borders_and_commodities(view: TableView) -> Iterable[tuple[str, ...]]:
    borders = crossings_by(["from_country", "to_country", "family"])(view)
    commodities = list(dict.fromkeys(view["crossing_commodity"]["commodity_id"]))
    return [(*border, commodity) for border in borders for commodity in commodities]


def _neighbours(view: TableView) -> Iterable[tuple[str, ...]]:
    """Pairs of countries with a road crossing between them, in alphabetical order."""
    pairs = crossings_by(["from_country", "to_country"], "road")(view)
    return list(dict.fromkeys(tuple(sorted(pair)) for pair in pairs))


# Crossings and borders


#: Positions in the figures of a crossing.
_T, _COUNTED, _DESIGN, _LOADED = range(4)


def _passages(view: TableView) -> dict[tuple[str, str, str], tuple[float, ...]]:
    """Figures of each crossing: tonnes a year, vehicles counted on a mean day, on the design day, and loaded.

    By crossing, family and direction.
    """
    t = view["crossing"]
    keys = zip(t["crossing_id"], t["family"], t["direction"], strict=True)
    counted = t["vehicles_per_day"] + t["background_vehicles_per_day"]
    # Results saved before loaded vehicles were told apart do not have them.
    loaded = t["loaded_vehicles_per_day"] if "loaded_vehicles_per_day" in t else [math.nan] * len(t)
    figures = zip(t["tonnes_per_year"], counted, t["design_vehicles_per_day"], loaded, strict=True)
    return dict(zip(keys, figures, strict=True))


def _crossing_sum(view: TableView, column: int, crossing: str, family: str, direction: str = "") -> float:
    nothing = (0.0, 0.0, 0.0, 0.0)
    ways = (direction,) if direction else ("ab", "ba")
    passages = view.derived(_passages)
    return sum(passages.get((crossing, family, way), nothing)[column] for way in ways)


@PLACES.indicator(
    "crossing.trucks_per_day",
    arguments="crossing[,direction]",
    unit="vehicles/day",
    meaning="Road vehicles that a counter at the crossing would find on a mean day, loaded, empty and background: in "
    "direction ab or ba, or in both if no direction is given.",
    tables=("crossing",),
    listing=crossings_by(["crossing_id"], "road"),
    implied=_ROAD,
    every=crossings_by(["crossing_id", "direction"], "road"),
)
def _crossing_trucks(view: TableView, crossing: str, direction: str = "") -> float:
    return _crossing_sum(view, _COUNTED, crossing, "road", direction)


@PLACES.indicator(
    "crossing.trains_per_day",
    arguments="crossing[,direction]",
    unit="trains/day",
    meaning="Trains that a counter at the crossing would find on a mean day, loaded, empty and background: in "
    "direction ab or ba, or in both if no direction is given.",
    tables=("crossing",),
    listing=crossings_by(["crossing_id"], "rail"),
    implied=_RAIL,
    every=crossings_by(["crossing_id", "direction"], "rail"),
)
def _crossing_trains(view: TableView, crossing: str, direction: str = "") -> float:
    return _crossing_sum(view, _COUNTED, crossing, "rail", direction)


@PLACES.indicator(
    "crossing.loaded_trucks_per_day",
    arguments="crossing[,direction]",
    unit="vehicles/day",
    meaning="Loaded road vehicles of the demand at the crossing on a mean day: in direction ab or ba, or in both if no "
    "direction is given.",
    tables=("crossing",),
    implied=_ROAD,
    every=_crossings_either_way("road"),
)
def _crossing_loaded_trucks(view: TableView, crossing: str, direction: str = "") -> float:
    return _crossing_sum(view, _LOADED, crossing, "road", direction)


_DESIGN_DAY: Final = (
    "on the design day, to which the capacity applies: those of the demand with the peak factor, and background ones."
)


@PLACES.indicator(
    "crossing.design_trucks_per_day",
    arguments="crossing",
    unit="vehicles/day",
    meaning=f"Road vehicles at the crossing, both directions, {_DESIGN_DAY}",
    tables=("crossing",),
    every=crossings_by(["crossing_id"], "road"),
    implied=_ROAD,
)
def _crossing_design_trucks(view: TableView, crossing: str) -> float:
    return _crossing_sum(view, _DESIGN, crossing, "road")


@PLACES.indicator(
    "crossing.design_trains_per_day",
    arguments="crossing",
    unit="trains/day",
    meaning=f"Trains at the crossing, both directions, {_DESIGN_DAY}",
    tables=("crossing",),
    every=crossings_by(["crossing_id"], "rail"),
    implied=_RAIL,
)
def _crossing_design_trains(view: TableView, crossing: str) -> float:
    return _crossing_sum(view, _DESIGN, crossing, "rail")


@PLACES.indicator(
    "crossing.tonnes_per_year",
    arguments="crossing,family[,direction]",
    unit="t/year",
    meaning="Freight at the crossing in direction ab or ba, or in both if no direction is given.",
    tables=("crossing",),
    listing=crossings_by(["crossing_id", "family"]),
    every=crossings_by(["crossing_id", "family", "direction"]),
)
def _crossing_tonnes(view: TableView, crossing: str, family: str, direction: str = "") -> float:
    return _crossing_sum(view, _T, crossing, family, direction)


def _trade(view: TableView) -> dict[tuple[str, str, str, str], float]:
    """Tonnes a year by crossing, family, country of origin and country of destination; either or both may be empty."""
    table = view["crossing_trade"]
    ends = ["origin_country", "destination_country"]
    found: dict[tuple[str, str, str, str], float] = {}
    for given in (ends, ends[:1], ends[1:]):
        sums = table.groupby(["crossing_id", "family", *given], as_index=False)["tonnes_per_year"].sum()
        parts = [sums[name] if name in sums else [""] * len(sums) for name in ("crossing_id", "family", *ends)]
        found.update(zip(zip(*parts, strict=True), sums["tonnes_per_year"].tolist(), strict=True))
    return found


def _crossings_and_countries(end: str) -> Callable[[TableView], Iterable[tuple[str, ...]]]:
    """Crossings with the countries that send freight over them, or get some."""

    def listing(view: TableView) -> Iterable[tuple[str, ...]]:
        table = view["crossing_trade"]
        return list(dict.fromkeys(zip(table["crossing_id"], table["family"], table[end], strict=True)))

    return listing


@PLACES.indicator(
    "crossing.tonnes_from_per_year",
    arguments="crossing,family,from[,to]",
    unit="t/year",
    meaning="Freight at the crossing whose origin is in a country, and its destination in another if that is given; "
    "what remains of crossing.tonnes_per_year is transit from elsewhere.",
    tables=("crossing_trade",),
    every=_crossings_and_countries("origin_country"),
)
def _crossing_tonnes_from(view: TableView, crossing: str, family: str, start: str, end: str = "") -> float:
    return view.derived(_trade).get((crossing, family, start, end), 0.0)


@PLACES.indicator(
    "crossing.tonnes_to_per_year",
    arguments="crossing,family,to",
    unit="t/year",
    meaning="Freight at the crossing whose destination is in a country.",
    tables=("crossing_trade",),
    every=_crossings_and_countries("destination_country"),
)
def _crossing_tonnes_to(view: TableView, crossing: str, family: str, end: str) -> float:
    return view.derived(_trade).get((crossing, family, "", end), 0.0)


def _borders(view: TableView) -> dict[tuple[str, str, str], tuple[float, float]]:
    """Tonnes a year and vehicles counted on a mean day by country of exit, country of entry and family."""
    keys = ["from_country", "to_country", "family"]
    crossing = view["crossing"]
    counted = crossing["vehicles_per_day"] + crossing["background_vehicles_per_day"]
    sums = crossing.assign(counted=counted).groupby(keys)[["tonnes_per_year", "counted"]].sum()
    return {key: (row[0], row[1]) for key, row in zip(sums.index, sums.to_numpy(), strict=True)}


def _border_commodities(view: TableView) -> dict[tuple[str, str, str, str], float]:
    """Tonnes a year by country of exit, country of entry, family and commodity."""
    keys = ["crossing_id", "family", "direction"]
    rows = view["crossing"][[*keys, "from_country", "to_country"]].drop_duplicates()
    flows = view["crossing_commodity"].merge(rows, on=keys)
    names = ["from_country", "to_country", "family", "commodity_id"]
    sums = flows.groupby(names, as_index=False)["tonnes_per_year"].sum()
    return dict(zip(zip(*(sums[name] for name in names), strict=True), sums["tonnes_per_year"].tolist(), strict=True))


@PLACES.indicator(
    "border.tonnes_per_year",
    arguments="from,to,family[,commodity]",
    unit="t/year",
    meaning="Freight that crosses the border from one country to another.",
    tables=("crossing", "crossing_commodity"),
    listing=crossings_by(["from_country", "to_country", "family"]),
    every=_borders_and_commodities,
)
def _border_tonnes(view: TableView, start: str, end: str, family: str, commodity: str = "") -> float:
    if not commodity:
        return view.derived(_borders).get((start, end, family), (0.0, 0.0))[0]
    return view.derived(_border_commodities).get((start, end, family, commodity), 0.0)


def _bilateral(view: TableView) -> dict[tuple[str, str, str], float]:
    """Tonnes a year from a country to its neighbour over their own border, by family."""
    keys = ["crossing_id", "family", "direction"]
    trade = view["crossing_trade"].merge(view["crossing"][[*keys, "from_country", "to_country"]], on=keys)
    own = trade["origin_country"].eq(trade["from_country"]) & trade["destination_country"].eq(trade["to_country"])
    sums = trade[own].groupby(["from_country", "to_country", "family"])["tonnes_per_year"].sum()
    return dict(zip(sums.index.tolist(), sums.tolist(), strict=True))


@PLACES.indicator(
    "border.trade_tonnes_per_year",
    arguments="from,to,family",
    unit="t/year",
    meaning="Freight that crosses the border between two countries from one to the other and was sent from the first "
    "to the second: without transit.",
    tables=("crossing", "crossing_trade"),
    every=crossings_by(["from_country", "to_country", "family"]),
)
def _border_trade(view: TableView, start: str, end: str, family: str) -> float:
    return view.derived(_bilateral).get((start, end, family), 0.0)


@PLACES.indicator(
    "border.trucks_per_day",
    arguments="country,country",
    unit="vehicles/day",
    meaning="Road vehicles that cross the border between two countries on a mean day: both directions, loaded, empty "
    "and background.",
    tables=("crossing",),
    listing=_neighbours,
    implied=_ROAD,
)
def _border_trucks(view: TableView, one: str, other: str) -> float:
    borders = view.derived(_borders)
    return sum(borders.get((a, b, "road"), (0.0, 0.0))[1] for a, b in ((one, other), (other, one)))


@PLACES.indicator(
    "border.trucks_one_way_per_day",
    arguments="from,to",
    unit="vehicles/day",
    meaning="Road vehicles that cross the border from one country to another on a mean day: loaded, empty and "
    "background.",
    tables=("crossing",),
    implied=_ROAD,
    every=crossings_by(["from_country", "to_country"], "road"),
)
def _border_trucks_one_way(view: TableView, start: str, end: str) -> float:
    return view.derived(_borders).get((start, end, "road"), (0.0, 0.0))[1]


@PLACES.indicator(
    "border.trains_one_way_per_day",
    arguments="from,to",
    unit="trains/day",
    meaning="Trains that cross the border from one country to another on a mean day: loaded, empty and background.",
    tables=("crossing",),
    implied=_RAIL,
    every=crossings_by(["from_country", "to_country"], "rail"),
)
def _border_trains_one_way(view: TableView, start: str, end: str) -> float:
    return view.derived(_borders).get((start, end, "rail"), (0.0, 0.0))[1]


# Links and terminals


def _tonnes_by_link(view: TableView) -> dict[tuple[str, str], float]:
    sums = view["link"].groupby("link_id")["tonnes_per_year"].sum()
    return {(str(name), ""): float(value) for name, value in sums.items()}


def _tonnes_by_link_and_alternative(view: TableView) -> dict[tuple[str, str], float]:
    sums = view["link_alternative"].groupby(["link_id", "alternative"])["tonnes_per_year"].sum()
    return dict(zip(sums.index.tolist(), sums.tolist(), strict=True))


@PLACES.indicator(
    "link.tonnes_per_year",
    arguments="link[,alternative]",
    unit="t/year",
    meaning="Freight on the link, both directions; with an alternative, only what is shipped by it, such as what goes "
    "by road on a ferry.",
    tables=("link", "link_alternative"),
    every=ids_of("link", "link_id"),
)
def _link_tonnes(view: TableView, link: str, alternative: str = "") -> float:
    derive = _tonnes_by_link_and_alternative if alternative else _tonnes_by_link
    return view.derived(derive).get((link, alternative), 0.0)


def _tonnes_by_terminal(view: TableView) -> dict[str, float]:
    sums = view["terminal"].groupby("terminal_id")["tonnes_per_year"].sum()
    return {str(name): float(value) for name, value in sums.items()}


@PLACES.indicator(
    "terminal.tonnes_per_year",
    arguments="terminal",
    unit="t/year",
    meaning="Freight transferred at the terminal, both directions.",
    tables=("terminal",),
    listing=ids_of("terminal", "terminal_id"),
)
def _terminal_tonnes(view: TableView, terminal: str) -> float:
    return view.derived(_tonnes_by_terminal).get(terminal, 0.0)
