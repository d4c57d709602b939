"""Chains: the main route between two zones leg by leg, with time, money and their spread added up along it.

The data of a time-cost-distance chart (United Nations ESCAP, Time/Cost-Distance Methodology): distance along, time and
money up, a step at every crossing and terminal.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, TypeAlias

import pandas as pd

from landlink.analysis.chain_ends import find_alternatives, find_commodity, find_zone, tonnes_by_alternative
from landlink.analysis.chain_profile import LEAST_SHARE, ChainEnds, Profile, with_spread
from landlink.analysis.reopened import scenario_of
from landlink.core.errors import InputError, Problem
from landlink.core.progress import Progress
from landlink.freight.trip_tables import leg_table
from landlink.model.options import SolverOptions
from landlink.model.solve import solve
from landlink.results.result import Result
from landlink.study import Study
from landlink.study.study import Scenario
from landlink.tables.frames import texts

__all__ = [
    "Source",
    "alternatives_of",
    "check_alternatives",
    "ends_of",
    "profiles_of",
    "solved",
    "trace",
]

#: What a chain can be traced in.
Source: TypeAlias = "Result | Scenario | Study"
_KEY: Final = ("origin_zone_id", "destination_zone_id", "commodity_id")


def solved(
    sources: Iterable[Source], *, options: SolverOptions | None = None, progress: Progress | None = None
) -> list[Result]:
    """Solve the scenarios among some sources, each from the result before; results stay as they are."""
    found: list[Result] = []
    for source in sources:
        start = found[-1] if found else None
        found.append(
            source if isinstance(source, Result) else solve(source, options=options, start=start, progress=progress)
        )
    return found


def ends_of(sources: Sequence[Source], origin: str, destination: str, commodity: str) -> ChainEnds:
    """Find zones and commodity by what was typed; without a commodity, the one with the most tonnes in any source.

    Raises
    ------
    UnknownNameError
        There is no such zone or commodity.
    InputError
        Nothing goes from the one zone to the other.
    """
    tables = sources[0].tables
    begin, end = find_zone(tables, origin, "origin"), find_zone(tables, destination, "destination")
    good = find_commodity(tables, commodity) if commodity else ""
    found = pd.concat([_between(_flows(source), begin, end) for source in sources])
    found = found[found["tonnes_per_year"] > 0]
    rows = found[found["commodity_id"] == good] if good else found
    if rows.empty:
        raise InputError(_nothing(_flows(sources[0]), ChainEnds(begin, end, good), found))
    sums = rows.groupby("commodity_id", sort=True)["tonnes_per_year"].sum()
    return ChainEnds(begin, end, str(sums.idxmax()))


def check_alternatives(sources: Sequence[Source], asked: Sequence[str]) -> None:
    """Refuse alternatives that no source has, before anything is solved.

    Raises
    ------
    UnknownNameError
        There is no such alternative.
    """
    known: dict[str, None] = {}
    for source in sources:
        if isinstance(source, Result):
            known |= dict.fromkeys(map(str, source.tables["od"]["alternative"].unique()))
        else:
            settings = (source.study if isinstance(source, Scenario) else source).settings
            known |= dict.fromkeys(one.id for one in settings.alternatives)
    find_alternatives(asked, list(known))


def _flows(source: Source) -> pd.DataFrame:
    """Tonnes a year by zones and commodity: of the flows of a result, or of the demand of a scenario."""
    return source.tables["od" if isinstance(source, Result) else "demand"]


def _between(frame: pd.DataFrame, origin: str, destination: str) -> pd.DataFrame:
    return frame[(frame["origin_zone_id"] == origin) & (frame["destination_zone_id"] == destination)]


def _nothing(flows: pd.DataFrame, ends: ChainEnds, found: pd.DataFrame) -> Problem:
    """Say that nothing goes from zone to zone, and what does."""
    where = f"{ends.origin} to {ends.destination}"
    if len(found):
        goods = ", ".join(dict.fromkeys(texts(found, "commodity_id")))
        return Problem("commodity", f"none of it goes from {where}", value=ends.commodity, allowed=goods)
    sums = flows[flows["origin_zone_id"] == ends.origin].groupby("destination_zone_id")["tonnes_per_year"].sum()
    most = ", ".join(map(str, sums.sort_values(ascending=False, kind="stable").index[:8]))
    return Problem("destination", f"there is no demand from {where}", value=ends.destination, allowed=most or "none")


def trace(
    result: Result, ends: ChainEnds, *, options: SolverOptions | None = None, progress: Progress | None = None
) -> pd.DataFrame:
    """Legs of the main route of each alternative, as in the table ``leg``.

    They come from the routes of a result solved in this process, or from its table ``leg``; for any other pair, a saved
    result is solved again from its loads, which takes a moment.

    Raises
    ------
    ResultError
        The result has to be solved again, and its study has changed or cannot be opened.
    """
    if result.flow_summary is None:
        kept = result.tables["leg"] if "leg" in result.tables else pd.DataFrame(columns=list(_KEY))
        rows = _between(kept, ends.origin, ends.destination)
        rows = rows[rows["commodity_id"] == ends.commodity]
        if len(rows):
            return rows.reset_index(drop=True)
        result = solve(scenario_of(result), options=options, start=result, progress=progress)
    assert result.flow_summary is not None  # noqa: S101  it has just been solved
    return leg_table(result.flow_summary, [(ends.origin, ends.destination, ends.commodity)])


def profiles_of(legs: pd.DataFrame, result: Result, alternatives: Sequence[str]) -> dict[str, Profile]:
    """Profile of each alternative that is among the legs of a pair."""
    found: dict[str, Profile] = {}
    for name in alternatives:
        rows = legs[legs["alternative"] == name]
        if len(rows):
            rows = rows.sort_values("leg", kind="stable").reset_index(drop=True)
            found[name] = with_spread(rows, result.tables, seed=result.provenance.run.seed)
    return found


def alternatives_of(legs: Sequence[pd.DataFrame], asked: Sequence[str]) -> list[str]:
    """Alternatives to show, those with the most tonnes first; without a choice, those that carry at least 1 %."""
    firsts = pd.concat([frame.drop_duplicates("alternative") for frame in legs])
    shares = firsts.groupby("alternative", sort=False)["share"].max()
    known = list(tonnes_by_alternative(firsts.assign(tonnes_per_year=firsts["share"])))
    return [name for name in find_alternatives(asked, known) if asked or float(shares[name]) >= LEAST_SHARE]
