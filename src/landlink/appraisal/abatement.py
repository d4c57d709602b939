"""Marginal abatement cost curves: what measures abate and what a tonne costs, by solving every set anew.

See :mod:`landlink.appraisal.abatement_order` for the order, and :doc:`/green-measures` for what is counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

import numpy as np
import pandas as pd

from landlink.appraisal.abatement_costs import MeasureCost, measure_costs
from landlink.appraisal.abatement_curve import COLUMNS, AbatementCurve
from landlink.appraisal.abatement_order import AbatementOrder, SetOutcome, abatement_order, evaluations, needed
from landlink.appraisal.abatement_solver import SetSolver
from landlink.appraisal.abatement_state import YearState
from landlink.appraisal.notes import Note
from landlink.core.arguments import check_kind, check_number
from landlink.core.errors import InputError, Problem
from landlink.core.progress import Progress, shown_progress
from landlink.model.options import SolverOptions
from landlink.study.study import Scenario, Study
from landlink.tables.frames import row_of
from landlink.tables.lists import split_list

__all__ = ["SCOPES", "Scope", "abatement_curve"]

Scope = Literal["all", "freight"]
#: Whose emissions count: also those that renewable projects spare other users of their grids, or freight's alone.
SCOPES: Final = ("all", "freight")
_PER_CENT: Final = 100.0
#: Emissions known less well than this many gaps of the flows are said to be within the accuracy of the solves.
_GAPS: Final = 10.0


def abatement_curve(
    study: Study | Scenario,
    measures: Sequence[str],
    *,
    year: int | None = None,
    rate: float | None = None,
    scope: Scope = "all",
    options: SolverOptions | None = None,
    progress: Progress | bool | None = None,
) -> AbatementCurve:
    """Rank measures by what they cost for each tonne of CO2e they abate, on top of those already taken.

    Every set of measures that the order asks for is solved with fixed demand, each from the flows without them; sets
    that differ in energy alone (drives, grids, plants, wires) share their flows, to the last digit.

    Parameters
    ----------
    study
        A study, or a scenario on top of whose measures the curve is built.
    measures
        Measures of the study. Of those that exclude each other only the first taken stays on the curve.
    year
        Year of emissions and flows; by default the scenario's, or the last year of the study.
    rate
        Discount rate, per cent a year, by default that of the study's settings: investment is spread over the life of
        each measure, as a constant amount a year.
    scope
        ``all``: emissions of freight, and those that renewable projects spare other users of their grids; ``freight``:
        those of freight alone.
    options
        Accuracy and effort of each solve; by default from the study's settings.
    progress
        ``True`` for a line on the terminal, or a function called with the current step and the share done.

    Returns
    -------
    AbatementCurve

    Raises
    ------
    UnknownNameError
        The study has no such measure.
    InputError
        A measure is named twice, is in the scenario already, is not in force in the year, or requires one that is
        neither in the scenario nor named; no measure is named; the rate cannot discount.
    ConvergenceError
        A solve missed the gap.

    Examples
    --------
    >>> import landlink as ll
    >>> study = ll.open_study("china-kyrgyzstan")
    >>> curve = ll.abatement_curve(study, ["kashgar-osh-lng-trucks", "border-post-solar"], year=2030)  # doctest: +SKIP
    >>> curve.save("curve.svg")  # doctest: +SKIP
    """
    check_kind("study", study, (Study, Scenario), allowed="a study or a scenario")
    listed = "a list of identifiers of measures"
    check_kind("measures", measures, (list, tuple, set, frozenset, dict, pd.Series), allowed=listed)
    chosen = tuple(measures)
    for name in chosen:
        check_kind("measures", name, str, allowed=listed)
    if rate is not None:
        check_number("rate", rate, allowed="a rate above -100 % other than 0, in per cent")
    base = _base(study, year)
    _check(base, chosen, scope)
    settings = base.study.settings.appraisal
    percent = settings.discount_rate_percent if rate is None else rate
    costs = measure_costs(base.study, chosen, percent / _PER_CENT)
    with shown_progress(progress) as report:
        earning = frozenset(name for name, cost in costs.items() if cost.revenue_usd is not None)
        most = evaluations(len(chosen))
        solver = SetSolver(base, chosen, options or SolverOptions(), report, most=most, earning=earning)

        def outcome(some: frozenset[str]) -> SetOutcome:
            state = solver.state(some)
            return SetOutcome(_emitted(state, scope), _net_cost(state, some, costs))

        excludes, requires = _excludes(base.study, chosen), _requires(base.study, chosen)
        found = abatement_order(chosen, outcome, excludes=excludes, requires=requires)
    table = _table(base, found, solver, costs, scope)
    return AbatementCurve(
        table=table,
        base_t=_emitted(solver.state(frozenset()), scope),
        year=base.year,
        rate_percent=percent,
        scope=scope,
        label=base.label,
        register=base.study.table("measure").set_index("measure_id", drop=False),
        title=base.study.settings.title,
        money=base.study.settings.money,
        languages=base.study.settings.languages,
        study_hash=base.study.hash,
        notes=tuple(dict.fromkeys(_notes(found, solver, costs, scope))),
    )


def _base(study: Study | Scenario, year: int | None) -> Scenario:
    """The scenario without the measures of the curve."""
    if isinstance(study, Scenario):
        return study if year is None else study.at(year)
    settings = study.settings
    return study.at(max((settings.base_year, *settings.years)) if year is None else year)


def _check(base: Scenario, measures: tuple[str, ...], scope: str) -> None:
    """Refuse measures of which no curve can be made."""
    base.study.require_network()
    if scope not in SCOPES:
        raise InputError(Problem("", "unknown scope", value=scope, allowed=" or ".join(SCOPES)))
    if not measures:
        raise InputError(Problem("measure", "an abatement cost curve needs at least one measure"))
    problems = [
        Problem("measure", "named twice", value=name, allowed="each measure once")
        for name in dict.fromkeys(measures)
        if measures.count(name) > 1
    ]
    problems += [
        Problem("measure", "the scenario has it already", value=name, allowed="measures on top of the scenario")
        for name in measures
        if name in base.measures
    ]
    if problems:
        raise InputError(problems)
    needs = _requires(base.study, measures)
    for name in measures:
        # An unknown measure, or one without what it requires, is refused in the words of any other scenario.
        base.study.apply(*needed(name, needs), name)
    register = base.study.table("measure").set_index("measure_id", drop=False)
    late = base.study.with_only(measures).inactive_measures(base.year)
    problems = [
        Problem(
            "measure",
            f"not in force in {base.year}",
            name,
            "open_from",
            str(row_of(register, name)["open_from"]),
            "a year in which it is (--year)",
        )
        for name in late
    ]
    if problems:
        raise InputError(problems)


def _excludes(study: Study, measures: Sequence[str]) -> set[frozenset[str]]:
    """Pairs of measures that cannot be combined."""
    register = study.table("measure").set_index("measure_id", drop=False)
    return {
        frozenset((name, other))
        for name in measures
        for other in split_list(str(row_of(register, name)["excludes"]))
        if other in measures
    }


def _requires(study: Study, measures: Sequence[str]) -> dict[str, list[str]]:
    """Measures of the curve that others of it need."""
    register = study.table("measure").set_index("measure_id", drop=False)
    return {
        name: [other for other in split_list(str(row_of(register, name)["requires"])) if other in measures]
        for name in measures
        if name in register.index
    }


def _emitted(state: YearState, scope: str) -> float:
    return state.co2e_t if scope == "all" else state.freight_t


def _net_cost(state: YearState, some: frozenset[str], costs: dict[str, MeasureCost]) -> float:
    """What a set costs a year, with the energy of freight, less what it earns."""
    own = sum(costs[name].annual_usd - (costs[name].revenue_usd or 0.0) for name in sorted(some))
    return own + state.energy_usd - state.generation_usd


def _table(
    base: Scenario, found: AbatementOrder, solver: SetSolver, costs: dict[str, MeasureCost], scope: str
) -> pd.DataFrame:
    """Steps of the curve, measures left out, and all together."""
    steps = []
    for place, name in enumerate(found.order):
        before, after = found.sets[place], found.sets[place + 1]
        steps.append(_row(name, place + 1, before, after, solver, costs, scope))
    for name, other in found.left_out.items():
        steps.append(dict.fromkeys(COLUMNS, np.nan) | {"measure_id": name, "place": 0, "excluded_by": other})
    for row in steps:
        alone = found.alone[str(row["measure_id"])]
        one = _row(str(row["measure_id"]), 0, alone - {row["measure_id"]}, alone, solver, costs, scope)
        row |= {f"alone_{name}": one[name] for name in ("abated_t_per_year", "net_usd_per_year", "usd_per_t")}
    total = _row("", len(found.order), frozenset(), found.sets[-1], solver, costs, scope)
    names = base.study.table("measure").set_index("measure_id")["name"]
    frame = pd.DataFrame([*steps, total], columns=list(COLUMNS))
    frame["name"] = [str(names.get(one, "")) if one else "All together" for one in frame["measure_id"]]
    frame["excluded_by"] = frame["excluded_by"].fillna("")
    return frame.astype({"place": "int64"})


def _row(
    name: str,
    place: int,
    before: frozenset[str],
    after: frozenset[str],
    solver: SetSolver,
    costs: dict[str, MeasureCost],
    scope: str,
) -> dict[str, object]:
    """What the measures of one set add to those of another."""
    was, now = solver.state(before), solver.state(after)
    added = [costs[one] for one in sorted(after - before)]
    annual = sum(one.annual_usd for one in added)
    freight, grid = was.freight_t - now.freight_t, was.grid_t - now.grid_t
    abated = _emitted(was, scope) - _emitted(now, scope)
    saved = was.energy_usd - now.energy_usd
    made = now.generation_usd - was.generation_usd + sum(one.revenue_usd or 0.0 for one in added)
    net = annual - saved - made
    life = added[0].life_years if len(added) == 1 else np.nan
    return {
        "place": place, "measure_id": name, "name": "",
        "investment_usd": sum(one.investment_usd for one in added), "life_years": life, "annual_usd_per_year": annual,
        "energy_saved_mj_per_year": sum(was.energy_mj.values()) - sum(now.energy_mj.values()),
        "energy_saved_usd_per_year": saved, "generation_gwh_per_year": now.generation_gwh - was.generation_gwh,
        "generation_usd_per_year": made, "net_usd_per_year": net, "abated_freight_t_per_year": freight,
        "abated_grid_t_per_year": grid, "abated_t_per_year": abated, "abated_life_t": abated * life,
        "usd_per_t": net / abated if abated > 0 else np.nan,
        "users_gain_usd_per_year": was.users_usd - now.users_usd, "excluded_by": "",
    }  # fmt: skip


def _notes(
    found: AbatementOrder, solver: SetSolver, costs: dict[str, MeasureCost], scope: str
) -> list[Note]:  # fmt: skip
    """What a reader of the curve should know."""
    told = [note for cost in costs.values() for note in cost.notes]
    told += [Note("left_out", measure=name, other_measure=other) for name, other in found.left_out.items()]
    states = [solver.state(some) for some in found.sets]
    for place, name in enumerate(found.order):
        abated = _emitted(states[place], scope) - _emitted(states[place + 1], scope)
        if solver.shares_flows(found.sets[place], found.sets[place + 1]):
            continue
        known = _GAPS * max(states[place].relative_gap, states[place + 1].relative_gap) * states[place].freight_t
        if abs(abated) < known:
            told.append(Note("within_accuracy", ("measure", name), tonnes=known))
    unpriced = sorted({carrier for state in states for carrier in state.unpriced})
    if unpriced:
        told.append(Note("unpriced_carriers", carriers=unpriced))
    return told
