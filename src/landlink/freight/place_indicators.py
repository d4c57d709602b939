"""Indicators of places: crossings, borders, links and terminals."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from landlink.freight.indicators import ids_of
from landlink.indicators.registry import IndicatorSet, TableView

__all__ = ["PLACES"]

PLACES: Final = IndicatorSet()

_ROAD: Final = {"family": "road"}
_RAIL: Final = {"family": "rail"}


def _crossings(columns: list[str], family: str = "") -> Callable[[TableView], Iterable[tuple[str, ...]]]:
    """Distinct combinations of columns over the crossings of a family, or of all families."""

    def listing(view: TableView) -> Iterable[tuple[str, ...]]:
        table = view["crossing"]
        rows = table[table["family"] == family] if family else table
        return list(dict.fromkeys(zip(*(rows[column] for column in columns), strict=True)))

    return listing


def _borders_and_commodities(view: TableView) -> Iterable[tuple[str, ...]]:
    borders = _crossings(["from_country", "to_country", "family"])(view)
    commodities = list(dict.fromkeys(view["crossing_commodity"]["commodity_id"]))
    return [(*border, commodity) for border in borders for commodity in commodities]


def _neighbours(view: TableView) -> Iterable[tuple[str, ...]]:
    """Pairs of countries with a road crossing between them, in alphabetical order."""
    pairs = _crossings(["from_country", "to_country"], "road")(view)
    return list(dict.fromkeys(tuple(sorted(pair)) for pair in pairs))


# Crossings and borders


#: Positions in the figures of a crossing.
_T, _COUNTED, _HOURS, _DESIGN = range(4)


def _passages(view: TableView) -> dict[tuple[str, str, str], tuple[float, ...]]:
    """Tonnes a year, vehicles counted on a mean day, hours and vehicles of the design day of each crossing.

    By crossing, family and direction.
    """
    t = view["crossing"]
    keys = zip(t["crossing_id"], t["family"], t["direction"], strict=True)
    counted = t["vehicles_per_day"] + t["background_vehicles_per_day"]
    figures = zip(t["tonnes_per_year"], counted, t["time_h"], t["design_vehicles_per_day"], strict=True)
    return dict(zip(keys, figures, strict=True))


def _crossing_sum(view: TableView, column: int, crossing: str, family: str, direction: str = "") -> float:
    nothing = (0.0, 0.0, 0.0, 0.0)
    ways = (direction,) if direction else ("ab", "ba")
    passages = view.derived(_passages)
    return sum(passages.get((crossing, family, way), nothing)[column] for way in ways)


@PLACES.indicator(
    "crossing.trucks_per_day",
    arguments="crossing",
    unit="vehicles/day",
    meaning="Road vehicles that a counter at the crossing would find on a mean day: both directions, loaded, empty and "
    "background.",
    tables=("crossing",),
    listing=_crossings(["crossing_id"], "road"),
    implied=_ROAD,
)
def _crossing_trucks(view: TableView, crossing: str) -> float:
    return _crossing_sum(view, _COUNTED, crossing, "road")


@PLACES.indicator(
    "crossing.trains_per_day",
    arguments="crossing",
    unit="trains/day",
    meaning="Trains that a counter at the crossing would find on a mean day: both directions, loaded, empty and "
    "background.",
    tables=("crossing",),
    listing=_crossings(["crossing_id"], "rail"),
    implied=_RAIL,
)
def _crossing_trains(view: TableView, crossing: str) -> float:
    return _crossing_sum(view, _COUNTED, crossing, "rail")


_DESIGN_DAY: Final = (
    "on the design day, to which the capacity applies: those of the demand with the peak factor, and background ones."
)


@PLACES.indicator(
    "crossing.design_trucks_per_day",
    arguments="crossing",
    unit="vehicles/day",
    meaning=f"Road vehicles at the crossing, both directions, {_DESIGN_DAY}",
    tables=("crossing",),
    every=_crossings(["crossing_id"], "road"),
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
    every=_crossings(["crossing_id"], "rail"),
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
    listing=_crossings(["crossing_id", "family"]),
    every=_crossings(["crossing_id", "family", "direction"]),
)
def _crossing_tonnes(view: TableView, crossing: str, family: str, direction: str = "") -> float:
    return _crossing_sum(view, _T, crossing, family, direction)


@PLACES.indicator(
    "crossing.time_h",
    arguments="crossing,family,direction",
    unit="h",
    meaning="Mean time to cross, including congestion.",
    tables=("crossing",),
    every=_crossings(["crossing_id", "family", "direction"]),
)
def _crossing_time(view: TableView, crossing: str, family: str, direction: str) -> float:
    return view.derived(_passages).get((crossing, family, direction), (0.0, 0.0, float("nan")))[_HOURS]


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
    listing=_crossings(["from_country", "to_country", "family"]),
    every=_borders_and_commodities,
)
def _border_tonnes(view: TableView, start: str, end: str, family: str, commodity: str = "") -> float:
    if not commodity:
        return view.derived(_borders).get((start, end, family), (0.0, 0.0))[0]
    return view.derived(_border_commodities).get((start, end, family, commodity), 0.0)


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


# Links and terminals


def _tonnes_by_link(view: TableView) -> dict[str, float]:
    sums = view["link"].groupby("link_id")["tonnes_per_year"].sum()
    return {str(name): float(value) for name, value in sums.items()}


@PLACES.indicator(
    "link.tonnes_per_year",
    arguments="link",
    unit="t/year",
    meaning="Freight on the link, both directions.",
    tables=("link",),
    every=ids_of("link", "link_id"),
)
def _link_tonnes(view: TableView, link: str) -> float:
    return view.derived(_tonnes_by_link).get(link, 0.0)


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


# Hard capacities


def _shadow_prices(view: TableView) -> dict[str, float]:
    """Shadow price of each group with a hard capacity."""
    group = view["group"]
    if "hard_capacity" not in group:
        return {}
    limited = group[group["hard_capacity"].notna()]
    return dict(zip(limited["group"].tolist(), limited["shadow_price"].tolist(), strict=True))


def _groups_of_links(view: TableView) -> dict[str, str]:
    """Name of the load group of each link."""
    link = view["link"]
    return {name: f"link:{group}" for name, group in zip(link["link_id"], link["load_group"], strict=True)}


def _limited(kind: str, parts: int) -> Callable[[TableView], Iterable[tuple[str, ...]]]:
    """Names of the groups of a kind that have a hard capacity, in so many parts."""

    def listing(view: TableView) -> Iterable[tuple[str, ...]]:
        names = (name.partition(":") for name in view.derived(_shadow_prices))
        return [tuple(name.rsplit("/", parts - 1)) for of, _, name in names if of == kind]

    return listing


def _limited_links(view: TableView) -> Iterable[tuple[str, ...]]:
    prices = view.derived(_shadow_prices)
    return [(link,) for link, group in view.derived(_groups_of_links).items() if group in prices]


_WORTH: Final = (
    "What one more unit of hard capacity a day would save a day: the wait at the limit at the value of time of what"
    " passes; 0 where no limit binds."
)


@PLACES.indicator(
    "link.shadow_price_usd_per_vehicle",
    arguments="link",
    unit="USD/vehicle",
    meaning=_WORTH,
    tables=("group", "link"),
    listing=_limited_links,
)
def _link_shadow_price(view: TableView, link: str) -> float:
    return view.derived(_shadow_prices).get(view.derived(_groups_of_links).get(link, ""), 0.0)


@PLACES.indicator(
    "crossing.shadow_price_usd_per_vehicle",
    arguments="crossing,family",
    unit="USD/vehicle",
    meaning=_WORTH,
    tables=("group",),
    listing=_limited("crossing", 2),
)
def _crossing_shadow_price(view: TableView, crossing: str, family: str) -> float:
    return view.derived(_shadow_prices).get(f"crossing:{crossing}/{family}", 0.0)


@PLACES.indicator(
    "terminal.shadow_price_usd_per_t",
    arguments="terminal",
    unit="USD/t",
    meaning=_WORTH,
    tables=("group",),
    listing=_limited("terminal", 1),
)
def _terminal_shadow_price(view: TableView, terminal: str) -> float:
    return view.derived(_shadow_prices).get(f"terminal:{terminal}", 0.0)
