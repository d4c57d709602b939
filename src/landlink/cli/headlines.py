"""Selection of the headline indicators of results, and the names of places in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from landlink.results.result import Result

#: Prefixes of the indicators that `run` shows, and how many of each, largest first.
_OF_ONE: Final = (
    ("total.", 9),
    ("mode.tonnes_per_year[", 9),
    ("crossing.trucks_per_day[", 6),
    ("crossing.trains_per_day[", 6),
)

#: Prefixes of the indicators that `compare` shows, and how many of each, largest change first.
_OF_SEVERAL: Final = (
    ("total.", 9),
    ("mode.tonnes_per_year[", 9),
    ("crossing.trucks_per_day[", 8),
    ("crossing.trains_per_day[", 8),
    ("country.transit_tonnes_per_year[", 8),
)

#: Tables whose rows occur in indicators: table and identifier.
_PLACES: Final = (("node", "node_id"), ("zone", "zone_id"), ("terminal", "terminal_id"), ("crossing", "crossing_id"))


def headlines(indicators: pd.DataFrame) -> pd.DataFrame:
    """Select the indicators that `run` prints: totals, modes and the busiest crossings.

    Parameters
    ----------
    indicators
        Columns ``indicator``, ``value`` and ``unit``.
    """
    import pandas as pd

    indicators = indicators[indicators["value"] != 0]
    groups = [_starting(indicators, indicators["indicator"], start) for start, _ in _OF_ONE]
    limits = [limit for _, limit in _OF_ONE]
    return pd.concat([_largest(group, group["value"], limit) for group, limit in zip(groups, limits, strict=True)])


def largest_changes(table: pd.DataFrame, labels: list[str]) -> pd.DataFrame:
    """Select the indicators that `compare` prints: totals, modes, and the largest changes of crossings and countries.

    Parameters
    ----------
    table
        Indexed by indicator, with a column of values for each label.
    labels
        The base first.
    """
    import pandas as pd

    shift = table[labels[1:]].sub(table[labels[0]], axis=0).abs().max(axis=1)
    parts = []
    for start, limit in _OF_SEVERAL:
        group = _starting(table, table.index.to_series(), start)
        parts.append(_largest(group, shift.reindex(group.index), limit))
    return pd.concat(parts)


def place_names(results: Iterable[Result]) -> dict[str, str]:
    """Names of crossings, terminals, zones and nodes by identifier."""
    names: dict[str, str] = {}
    for result in results:
        for table, key in _PLACES:
            frame = result.tables[table]
            names |= {str(k): str(v) for k, v in zip(frame[key], frame["name"], strict=True) if v}
    return names


def place_of(indicator: str, names: dict[str, str]) -> str:
    """Name of the place of an indicator, such as Irkeshtam for ``crossing.trucks_per_day[IRKE]``."""
    arguments = indicator.partition("[")[2].rstrip("]").split(",")
    return " – ".join(names[argument] for argument in arguments if argument in names)


def _starting(table: pd.DataFrame, names: pd.Series[str], start: str) -> pd.DataFrame:
    return table[names.str.startswith(start).to_numpy()]


def _largest(group: pd.DataFrame, by: pd.Series[float], limit: int) -> pd.DataFrame:
    """Select the rows with the largest values; the order is kept if all rows fit."""
    return group if len(group) <= limit else group.loc[by.nlargest(limit).index]
