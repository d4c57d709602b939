"""Indicators of corridors: time, cost, speed, reliability and freight, and CAREC's four by their names."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from landlink.freight.indicators import EVERYWHERE
from landlink.indicators.registry import IndicatorSet, TableView

__all__ = ["CORRIDORS"]

CORRIDORS: Final = IndicatorSet()

#: Unit and meaning by name, which is that of a column of the table.
_DECLARED: Final = {
    "tfi1_h": (
        "h",
        (
            "CAREC's TFI1: mean time taken to clear a border crossing point of the corridor, queue included, weighted"
            " by loaded vehicles."
        ),
    ),
    "tfi2_usd": (
        "USD",
        (
            "CAREC's TFI2: mean cost incurred at a border crossing point of the corridor, for a cargo of 20 t: the"
            " charges of the crossing."
        ),
    ),
    "tfi3_usd": (
        "USD",
        (
            "CAREC's TFI3: mean cost incurred to travel 500 km of the corridor, for a cargo of 20 t, charges at its"
            " crossings included."
        ),
    ),
    "swod_kmh": (
        "km/h",
        "CAREC's TFI4, speed without delay (SWOD): distance over time in motion of loaded vehicles on the corridor.",
    ),
    "swd_kmh": (
        "km/h",
        (
            "CAREC's TFI4, speed with delay (SWD): distance over time with stops, congestion and border crossings of"
            " vehicles on the corridor."
        ),
    ),
    "tonnes_per_year": ("t/year", "Freight that uses at least one link of the corridor."),
    "tkm_per_year": ("tkm/year", "Tonne-kilometres on the links of the corridor."),
    "time_h": ("h", "Time of one passage of the corridor at the speed with delay."),
    "time_without_delay_h": ("h", "Time of one passage of the corridor at the speed without delay."),
    "cost_usd_per_t": ("USD/t", "Cost of one passage of the corridor: money on its links and at its crossings."),
    "p95_extra_h": (
        "h",
        (
            "Reliability: mean hours between the mean and the 95th percentile of the time to clear a crossing of the"
            " corridor."
        ),
    ),
}
#: Those of one passage, which all corridors together do not have.
_OF_PASSAGE: Final = ("time_h", "time_without_delay_h", "cost_usd_per_t")


def _by_corridor(view: TableView) -> dict[tuple[str, str], dict[str, float]]:
    """Figures of each corridor by family."""
    table = view["corridor_performance"]
    figures = table[[*_DECLARED]].to_dict("records")
    keys = zip(table["corridor_id"], table["family"], strict=True)
    return dict(zip(keys, figures, strict=True))  # type: ignore[arg-type]


def _in_use(view: TableView) -> Iterable[tuple[str, ...]]:
    """Corridors and families with freight."""
    table = view["corridor_performance"]
    used = table[table["tonnes_per_year"] > 0]
    return list(zip(used["corridor_id"], used["family"], strict=True))


def _single(view: TableView) -> Iterable[tuple[str, ...]]:
    """Corridors with freight one by one: all together have no length to pass."""
    return [row for row in _in_use(view) if row[0] != EVERYWHERE]


def _every(view: TableView) -> Iterable[tuple[str, ...]]:
    table = view["corridor_performance"]
    return list(zip(table["corridor_id"], table["family"], strict=True))


def _declare(name: str, unit: str, meaning: str) -> None:
    without_flow = 0.0 if unit in ("t/year", "tkm/year") else float("nan")
    of_passage = name in _OF_PASSAGE
    whole = "" if of_passage else " ALL for all corridors together."

    @CORRIDORS.indicator(
        f"corridor.{name}",
        arguments="corridor,family",
        unit=unit,
        meaning=f"{meaning}{whole}",
        tables=("corridor_performance",),
        listing=_single if of_passage else _in_use,
        every=_every,
    )
    def compute(view: TableView, corridor: str, family: str) -> float:
        found = view.derived(_by_corridor).get((corridor, family))
        return without_flow if found is None else float(found[name])


for _name, _about in _DECLARED.items():
    _declare(_name, *_about)
