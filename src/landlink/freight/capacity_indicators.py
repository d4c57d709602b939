"""Indicators of hard capacities: what one more unit of each would save."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from landlink.indicators.registry import IndicatorSet, TableView

__all__ = ["CAPACITIES"]

CAPACITIES: Final = IndicatorSet()


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


@CAPACITIES.indicator(
    "link.shadow_price_usd_per_vehicle",
    arguments="link",
    unit="USD/vehicle",
    meaning=_WORTH,
    tables=("group", "link"),
    listing=_limited_links,
)
def _link_shadow_price(view: TableView, link: str) -> float:
    return view.derived(_shadow_prices).get(view.derived(_groups_of_links).get(link, ""), 0.0)


@CAPACITIES.indicator(
    "crossing.shadow_price_usd_per_vehicle",
    arguments="crossing,family",
    unit="USD/vehicle",
    meaning=_WORTH,
    tables=("group",),
    listing=_limited("crossing", 2),
)
def _crossing_shadow_price(view: TableView, crossing: str, family: str) -> float:
    return view.derived(_shadow_prices).get(f"crossing:{crossing}/{family}", 0.0)


@CAPACITIES.indicator(
    "terminal.shadow_price_usd_per_t",
    arguments="terminal",
    unit="USD/t",
    meaning=_WORTH,
    tables=("group",),
    listing=_limited("terminal", 1),
)
def _terminal_shadow_price(view: TableView, terminal: str) -> float:
    return view.derived(_shadow_prices).get(f"terminal:{terminal}", 0.0)
