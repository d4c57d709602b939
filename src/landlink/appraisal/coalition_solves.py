"""Values of coalitions of countries, each from a solution of its own: what its members gain if they build alone.

A coalition builds the sections that lie in its countries: effects of the measures on links, crossings and terminals
outside them are left out, those on anything else are kept by all together only. What its members then gain is appraised
as the whole is; its cost is the part of the whole cost that the length of its sections has.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Final

import numpy as np
import pandas as pd

from landlink.appraisal.appraise import present_values
from landlink.appraisal.coalitions import MOST_PLAYERS, members
from landlink.appraisal.fair_shares import Coalitions, sections_of
from landlink.core.errors import InputError, Problem
from landlink.core.progress import Progress, shown_progress
from landlink.model.options import SolverOptions
from landlink.model.solve import solve
from landlink.results.result import Result
from landlink.study.effects import matching_rows
from landlink.study.study import Study
from landlink.tables.frames import texts
from landlink.tables.lists import split_list

__all__ = ["countries_of_effects", "solve_coalitions", "with_sections_of"]

_NOTE: Final = "sections of these countries alone, solved"
#: Tables whose rows lie in countries.
_PLACED: Final = ("link", "crossing", "terminal")


def solve_coalitions(
    study: Study,
    base: Sequence[Result],
    plan: Sequence[Result],
    *,
    rate: float | None = None,
    price_year: int | None = None,
    options: SolverOptions | None = None,
    progress: Progress | bool | None = None,
) -> Coalitions:
    """Solve what each coalition of the countries of a plan can build alone.

    Parameters
    ----------
    study
        The study, with the measures of the plan applied.
    base, plan
        Results without and with the measures, of the same years.
    rate, price_year
        As for :func:`landlink.appraise`.
    options
        Accuracy and effort of the solves, each of which starts from the base.
    progress
        ``True`` for a line on the terminal, or a function called with the current step and the share done.

    Raises
    ------
    InputError
        The measures lie in fewer than 2 or more than 12 countries.
    """
    sections = sections_of(base[-1], plan[-1])
    players = tuple(sections)
    if not 2 <= len(players) <= MOST_PLAYERS:
        allowed = f"measures with sections in 2 to {MOST_PLAYERS} countries"
        listed = ", ".join(players) or "none"
        raise InputError(Problem("shares", "no coalitions can be solved", value=listed, allowed=allowed))
    whole, cost = present_values(base, plan, rate=rate, price_year=price_year)
    inside = members(len(players))
    benefit, costs = np.zeros((2, len(inside)))
    share = np.array([sections[country] for country in players])
    measures = set(study.measures) - {one.id for one in base[-1].provenance.run.measures}
    with shown_progress(progress) as report:
        for number in range(1, len(inside)):
            chosen = {country for country, here in zip(players, inside[number], strict=True) if here}
            costs[number] = cost * float(share[inside[number]].sum())
            if report is not None:
                report(f"coalition {', '.join(sorted(chosen))}", number / len(inside))
            gains = (
                whole
                if len(chosen) == len(players)
                else _gains(study, base, chosen, measures, rate, price_year, options)
            )
            benefit[number] = sum(gains.get(country, 0.0) for country in chosen)
    return Coalitions(players, benefit, costs, _NOTE)


def _gains(
    study: Study,
    base: Sequence[Result],
    chosen: set[str],
    measures: set[str],
    rate: float | None,
    price_year: int | None,
    options: SolverOptions | None,
) -> Mapping[str, float]:
    """What countries gain if some build their sections; nothing if there is nothing to build."""
    alone = with_sections_of(study, measures, chosen)
    if not alone.tables["effect"]["measure_id"].isin(measures).any():
        return {}
    built = [solve(alone.at(one.provenance.run.year), options=options, start=one) for one in base]
    return present_values(base, built, rate=rate, price_year=price_year)[0]


def with_sections_of(study: Study, measures: set[str], countries: set[str]) -> Study:
    """The study with those effects of measures only that lie in some countries."""
    effect = study.tables["effect"]
    places = countries_of_effects(study, effect)
    kept = [
        owner not in measures or (bool(where) and where <= countries)
        for owner, where in zip(texts(effect, "measure_id"), places, strict=True)
    ]
    tables = MappingProxyType({**study.tables, "effect": effect[kept].reset_index(drop=True)})
    return replace(study, tables=tables)


def countries_of_effects(study: Study, effect: pd.DataFrame) -> list[set[str]]:
    """Countries in which the rows lie that each effect changes; empty for what lies in none."""
    at_node = dict(zip(texts(study.tables["node"], "node_id"), texts(study.tables["node"], "country"), strict=True))
    found = []
    for table, row in zip(texts(effect, "table"), texts(effect, "row"), strict=True):
        if table not in _PLACED:
            found.append(set[str]())
            continue
        frame = study.tables[table]
        rows = frame[matching_rows(frame, table, row)]
        if table == "link":
            cells = [part for text in texts(rows, "country") for part in split_list(text)]
        elif table == "crossing":
            cells = [*texts(rows, "country_a"), *texts(rows, "country_b")]
        else:
            pairs = zip(texts(rows, "country"), texts(rows, "node_id"), strict=True)
            cells = [country or at_node.get(node, "") for country, node in pairs]
        found.append({one for one in cells if one})
    return found
