"""Indicators of freight within countries: its share on links and at crossings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from landlink.freight.indicators import ids_of
from landlink.freight.place_indicators import crossings_by
from landlink.indicators.registry import IndicatorSet, TableView

__all__ = ["DOMESTIC"]

DOMESTIC: Final = IndicatorSet()


def _domestic_by_row(table: str, key: tuple[str, ...]) -> Callable[[TableView], dict[tuple[str, ...], float]]:
    """Share of the tonnes of each row of a table, both directions together, that stays within one country."""

    def shares(view: TableView) -> dict[tuple[str, ...], float]:
        frame = view[table]
        # Results of scenarios without such freight do not have the column.
        domestic = frame.get("domestic_tonnes_per_year", 0.0)
        sums = frame.assign(part=domestic).groupby(list(key))[["part", "tonnes_per_year"]].sum()
        keys = [one if isinstance(one, tuple) else (one,) for one in sums.index.tolist()]
        return {
            name: part / whole if whole > 0 else 0.0
            for name, (part, whole) in zip(keys, sums.to_numpy().tolist(), strict=True)
        }

    return shares


_LINK_SHARES: Final = _domestic_by_row("link", ("link_id",))
_CROSSING_SHARES: Final = _domestic_by_row("crossing", ("crossing_id", "family"))


@DOMESTIC.indicator(
    "link.domestic_share",
    arguments="link",
    unit="share",
    meaning="Share of the freight on the link, both directions, whose origin and destination are in one country.",
    tables=("link",),
    every=ids_of("link", "link_id"),
)
def _link_domestic_share(view: TableView, link: str) -> float:
    return view.derived(_LINK_SHARES).get((link,), 0.0)


@DOMESTIC.indicator(
    "crossing.domestic_share",
    arguments="crossing,family",
    unit="share",
    meaning="Share of the freight at the crossing, both directions, whose origin and destination are in one country: "
    "it takes its way through another.",
    tables=("crossing",),
    every=crossings_by(["crossing_id", "family"]),
)
def _crossing_domestic_share(view: TableView, crossing: str, family: str) -> float:
    return view.derived(_CROSSING_SHARES).get((crossing, family), 0.0)
