"""Selection of the headline indicators of results, and the names of places in them."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Final

from landlink.core.countries import country_name

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    import pandas as pd

    from landlink.report.words import Words
    from landlink.results.result import Result

#: Prefixes of the indicators that `run` shows, and how many of each, largest first.
_OF_ONE: Final = (
    ("total.", 9),
    ("mode.tonnes_per_year[", 9),
    ("crossing.trucks_per_day[", 6),
    ("crossing.trains_per_day[", 6),
)

#: Indicators that `compare` shows, and how many of one kind at most, so that one does not hide the others.
_MOST_CHANGES: Final = 30
_OF_ONE_KIND: Final = 3
#: Beginning of those that it always shows, what sums up the rest, and others that do.
_TOTALS: Final = "total."
_SUMMED: Final = ("emissions.co2e_t_per_year", "emissions.waiting_t_per_year", "emissions.g_per_tkm[all]",
                  "energy.mj_per_year")  # fmt: skip
#: Other emissions and energy, which follow from freight: shown when they are asked for.
_EMISSIONS: Final = ("emissions.", "energy.")
_EMITTED: Final = (".co2e_t_per_year", ".g_per_tkm")
#: Of trade that responds to costs, what is always shown of the countries where it changes most.
_TRADE: Final = ("trade.exports_change_percent", "trade.imports_change_percent", "trade.real_income_change_percent",
                 "trade.new_trade_share")  # fmt: skip
#: Of indicators with the same figures (a country's only border, the one railway), the first of these is shown.
_PREFERRED: Final = ("total", "crossing", "terminal", "border", "mode", "corridor", "country")
#: Those that say what a little more would be worth, which follow what happens.
_MARGINAL: Final = (".one_more_", ".shadow_price_")

#: What the constants of a study add up to: an assumption of how shippers choose, which nobody pays.
_ASSUMED: Final = "total.resistance"

#: Subjects whose arguments are countries.
_OF_COUNTRIES: Final = ("country", "country_pair", "border")
_CORRIDORS: Final = ("corridor", "corridor_id")
#: Tables whose rows occur in indicators: table and identifier.
_PLACES: Final = (("node", "node_id"), ("zone", "zone_id"), ("terminal", "terminal_id"), ("crossing", "crossing_id"))


def headlines(indicators: pd.DataFrame, focus: Collection[str] = (), first: str = "") -> pd.DataFrame:
    """Select the indicators that `run` prints: totals, modes, and crossings, those in focus before the busiest.

    Parameters
    ----------
    indicators
        Columns ``indicator``, ``value`` and ``unit``.
    focus
        Identifiers of the places that the result is about (:func:`focus_of`).
    first
        Indicator that comes before all others, if it is among them.
    """
    import pandas as pd

    told = (indicators["value"] != 0) & ~indicators["indicator"].str.startswith(_ASSUMED)
    told |= indicators["indicator"] == first
    indicators = indicators[told]
    groups = [indicators[indicators["indicator"] == first]]
    for start, limit in _OF_ONE:
        group = _starting(indicators, indicators["indicator"], start)
        place = group["indicator"].str.extract(r"\[([^\]]*)\]", expand=False)
        chosen = group[place.isin(list(focus)).to_numpy()]
        chosen = _largest(chosen.sort_values("value", ascending=False, kind="stable"), chosen["value"], limit)
        others = group[~group.index.isin(chosen.index)]
        groups += [chosen, _largest(others, others["value"], limit - len(chosen))]
    return pd.concat(groups).drop_duplicates("indicator")


def focus_of(result: Result) -> frozenset[str]:
    """Places that a result is about: of the study's headline, of its corridors, and those that its measures change."""
    from landlink.results.storage import columns_of
    from landlink.tables.lists import split_list

    run, headline = result.provenance.run, result.provenance.presentation.headline
    found = {name.strip() for inside in re.findall(r"\[([^\]]*)\]", headline) for name in inside.split(",")}
    found |= set(run.changed_crossings)
    links = columns_of(result.tables, "link", ("link_id", "from_node_id", "to_node_id"))
    changed = links[links["link_id"].isin(list(run.changed_links))]
    found |= {str(node) for end in ("from_node_id", "to_node_id") for node in changed[end]}
    if "crossing_id" in result.tables.get("corridor", ()):
        found |= {name for text in result.tables["corridor"]["crossing_id"] for name in split_list(str(text))}
    return frozenset(found)


def largest_changes(table: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Select the indicators that `compare` prints: what changed most, kind by kind, then trade and totals.

    Parameters
    ----------
    table
        Indicators that change, what changed most first.
    columns
        Names of the columns of values, the base first.
    """
    import numpy as np

    table = _told_once(table, columns)
    names = table.index.astype(str)
    kind = np.array([name.partition("[")[0] for name in names], dtype=object)
    totals = np.array([name.startswith(_TOTALS) or name in _SUMMED for name in names], dtype=np.bool_)
    values = table[list(columns)].to_numpy(dtype=np.float64)
    # Where one of several results has no freight, a time there says nothing.
    told = np.isfinite(values).all(axis=1) | np.array([_is_amount(name) for name in kind], dtype=np.bool_)
    within = table.groupby(kind, sort=False).cumcount().to_numpy() < _OF_ONE_KIND
    of_trade = np.isin(kind, _TRADE)
    emitted = np.array([name.startswith(_EMISSIONS) or name.endswith(_EMITTED) for name in kind], dtype=np.bool_)
    trade = sorted(np.flatnonzero(of_trade & within).tolist(), key=lambda row: (_TRADE.index(kind[row]), row))
    first = np.flatnonzero(told & within & ~totals & ~of_trade & ~emitted)[:_MOST_CHANGES]
    groups = {name: place for place, name in enumerate(dict.fromkeys(kind[first]))}
    marginal = {name: any(part in name for part in _MARGINAL) for name in groups}
    ordered = sorted(first.tolist(), key=lambda row: (marginal[kind[row]], groups[kind[row]], row))
    summed = [row for row in np.flatnonzero(totals).tolist() if not names[row].startswith(_ASSUMED)]
    summed.sort(key=lambda row: names[row] in _SUMMED)
    return table.iloc[[*ordered, *trade, *summed]]


def _told_once(table: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Leave out indicators with the unit and figures of another one; the order stays."""
    subject = [str(name).partition(".")[0] for name in table.index]
    places = {name: place for place, name in enumerate(_PREFERRED)}
    figures = (
        table[list(columns)]
        .map(lambda value: f"{value:.9g}")
        .assign(
            unit=table["unit"], preference=[places.get(name, len(places)) for name in subject], row=range(len(table))
        )
    )
    kept = figures.sort_values(["preference", "row"]).drop_duplicates(["unit", *columns])["row"]
    return table.iloc[sorted(kept)]


def _is_amount(kind: str) -> bool:
    return kind.endswith(("_per_year", "_per_day"))


def place_names(results: Iterable[Result]) -> dict[str, str]:
    """Names of crossings, terminals, zones and nodes by identifier, and of corridors by theirs after a colon."""
    from landlink.results.storage import columns_of

    names: dict[str, str] = {}
    for result in results:
        # Results saved before corridors were measured have no table of them.
        for table, key in (_CORRIDORS, *_PLACES) if _CORRIDORS[0] in result.tables else _PLACES:
            frame = columns_of(result.tables, table, (key, "name"))
            sign = ":" if table == _CORRIDORS[0] else ""
            names |= {sign + str(k): str(v) for k, v in zip(frame[key], frame["name"], strict=True) if v}
    return names


def link_names(result: Result) -> dict[str, str]:
    """Names of links by identifier: of their ends."""
    from landlink.results.storage import columns_of

    node = columns_of(result.tables, "node", ("node_id", "name"))
    nodes = {str(key): str(name) or str(key) for key, name in zip(node["node_id"], node["name"], strict=True)}
    link = columns_of(result.tables, "link", ("link_id", "from_node_id", "to_node_id"))
    rows = link[["link_id", "from_node_id", "to_node_id"]].drop_duplicates("link_id").itertuples(index=False)
    return {str(key): f"{nodes.get(str(a), a)} – {nodes.get(str(b), b)}" for key, a, b in rows}


def place_of(indicator: str, names: dict[str, str]) -> str:
    """Name of the place of an indicator, such as Irkeshtam for ``crossing.trucks_per_day[IRKE]``."""
    kind, _, inside = indicator.partition("[")
    subject, arguments = kind.partition(".")[0], inside.rstrip("]").split(",")
    if subject == "corridor":
        found = [names.get(f":{arguments[0]}", "")]
    elif subject in _OF_COUNTRIES:
        found = [country_name(argument) for argument in arguments]
    else:
        found = [names.get(argument, "") for argument in arguments]
    return (" → " if _is_one_way(kind, len(arguments)) else " – ").join(filter(None, found))


@functools.cache
def _is_one_way(kind: str, arguments: int) -> bool:
    """Whether an indicator of two places is about one direction, as its title in reports says."""
    if arguments < 2:
        return False
    words = _english()
    return any("{0} → {1}" in words.get(f"indicator.{kind}.{count}", "") for count in range(2, arguments + 1))


@functools.cache
def _english() -> Words:
    from landlink.report.words import Words

    return Words()


def _starting(table: pd.DataFrame, names: pd.Series[str], start: str) -> pd.DataFrame:
    return table[names.str.startswith(start).to_numpy()]


def _largest(group: pd.DataFrame, by: pd.Series[float], limit: int) -> pd.DataFrame:
    """Select the rows with the largest values; the order is kept if all rows fit."""
    return group if len(group) <= limit else group.loc[by.nlargest(max(0, limit)).index]
