"""Resilience of a scenario as a result: losses, redundancy and replays, with intervals that carry what is not known."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import NoneType
from typing import Final

import numpy as np
import pandas as pd

from landlink.core.arguments import check_kind, check_whole
from landlink.core.arrays import Floats
from landlink.core.errors import Problem, UnknownNameError, hint
from landlink.core.progress import Progress, shown_progress
from landlink.ensemble.ensemble import OUTPUT_TABLES as ENSEMBLE_TABLES
from landlink.ensemble.ensemble import Ensemble
from landlink.ensemble.posterior import posterior_of
from landlink.ensemble.worker_pool import Pool
from landlink.freight.assignment import UnservedDemand
from landlink.freight.warm_start import WarmStart
from landlink.model.options import SolverOptions
from landlink.model.solve import solution_of
from landlink.resilience.base import ShockBase
from landlink.resilience.loss_statistics import LEVELS, borne, years_needed
from landlink.resilience.loss_tables import loss_tables
from landlink.resilience.losses import Losses, LossOptions, losses_of
from landlink.resilience.member_ends import MemberFigures, with_ends
from landlink.resilience.member_figures import FigureQuestion, figures_of_members
from landlink.resilience.output_tables import EVERY_COUNTRY, ResilienceTables
from landlink.resilience.redundancy import redundancy_table
from landlink.resilience.replay import Replay, replay_of
from landlink.resilience.replay_tables import replay_table
from landlink.resilience.shock_runs import ShockRuns
from landlink.results.provenance import EnsembleRun
from landlink.results.result import Result
from landlink.results.result_tables import LazyTables
from landlink.study import Study
from landlink.study.study import Scenario
from landlink.trade.modes import TradeMode

__all__ = ["event_ids", "replay", "resilience"]

_MILLION: Final = 1e6


def resilience(  # noqa: PLR0913  each changes what is drawn, looked at, or how long it takes
    scenario: Scenario | Study,
    *,
    years: int = LossOptions.years,
    solved_years: int = LossOptions.solved_years,
    members: int = LossOptions.members,
    posterior: int = 0,
    seed: int | None = None,
    events: Sequence[str] | None = None,
    redundancy: bool = True,
    workers: int | Pool | None = None,
    folder: str | Path | None = None,
    options: SolverOptions | None = None,
    progress: Progress | bool | None = None,
) -> Result:
    """What disturbances cost a scenario in a year, how well its freight gets round them, and how it bears events.

    Parameters
    ----------
    scenario
        A scenario of a study with hazards; a study is taken in its base year, with the measures applied to it.
    years
        Years of hazards that are drawn. A value at risk takes so many that five of them lie beyond it: 100 at 95 %,
        500 at 99 %; a point of the loss curve five times its return period.
    solved_years
        The first of these, in which events that overlap are solved together; see :mod:`landlink.resilience.loss_years`.
        All years drawn if it is above their number.
    members
        Members that carry what is not known of rates: Gamma after counts, lognormal around stated rates.
    posterior
        Members of the study's posterior ensemble that carry what is not known of the calibration too, in losses,
        replays, ways round and the shares over one crossing, at most as many as members; 0: none. Each solves all of
        that again.
    seed
        Seed of the draws; by default that of the study.
    events
        Events to replay; by default all of the study.
    redundancy
        Whether to look for ways round the busiest places.
    workers
        Number of processes (by default all processors), or a pool that stays for several runs. No figure depends on
        it.
    folder
        Where finished shocks are kept, so that a run that was interrupted goes on; in memory by default.
    options
        Accuracy and effort of each solve; by default from the study's settings.
    progress
        ``True`` for a line on the terminal, or a function called with the current step and the share done.

    Returns
    -------
    Result
        The result of the scenario, with the tables ``loss``, ``loss_hazard``, ``loss_risk``, ``loss_curve``,
        ``redundancy`` and ``replay``, and the tables ``quantile`` and ``member`` of its losses; with a posterior, of
        its replays, ways round and shares over one crossing too.

    Raises
    ------
    InputError
        A number has no meaning; the study has no posterior ensemble and one is asked for; the folder holds other
        shocks.
    UnknownNameError
        There is no such event.
    EnsembleError
        A shock cannot be solved.

    Examples
    --------
    >>> import landlink as ll
    >>> study = ll.open_study("china-kyrgyzstan")
    >>> result = ll.resilience(study.scenario("base-2030"), workers=2)  # doctest: +SKIP
    >>> result.indicator("resilience.expected_loss_musd_per_year[KGZ,avalanche]")  # doctest: +SKIP
    """
    check_kind("scenario", scenario, (Scenario, Study), allowed="a scenario or a study")
    numbers = {"years": years, "solved_years": solved_years, "members": members, "posterior": posterior}
    for name, value in (numbers if seed is None else {**numbers, "seed": seed}).items():
        check_whole(name, value)
    check_kind("events", events, (list, tuple, NoneType), allowed="a list of events, or nothing")
    check_kind("options", options, (SolverOptions, NoneType), allowed="SolverOptions, or nothing")
    scenario = scenario if isinstance(scenario, Scenario) else scenario.at(scenario.settings.base_year)
    asked = LossOptions(years, solved_years, members, posterior, seed).checked()
    chosen = event_ids(scenario.study, events)
    with shown_progress(progress) as report:
        solution, provenance = solution_of(scenario, options=options, progress=report)
        base = ShockBase.of(scenario, options, start=WarmStart.of(solution.flow_summary), progress=report)
        runs = ShockRuns(workers, None if folder is None else Path(folder), report)
        losses = losses_of(base, asked, runs)
        frames = loss_tables(losses, scenario.study)
        if redundancy:
            frames["redundancy"] = redundancy_table(base, report)
        if chosen:
            frames["replay"] = replay_table(_replays(base, chosen, report))
        figures = _figures(base, frames, losses, runs)
    if figures is not None:
        frames |= {name: with_ends(name, frames[name], figures) for name in ("replay", "redundancy") if name in frames}
    left_out: UnservedDemand | None = solution.flow_summary.freight.unserved
    parts = (*solution.parts, ResilienceTables(frames), *(() if left_out is None else (left_out,)))
    ensemble = _ensemble(losses, figures, base, asked)
    made = {output.name: output.made_of((ensemble,)) for output in ENSEMBLE_TABLES}
    run = EnsembleRun(
        members=len(ensemble.ids), effective=ensemble.effective, draws=ensemble.draws, about="disturbances"
    )
    tables = {**LazyTables(scenario, *parts), **made}
    notes = (*provenance.presentation.notes, *_notes(losses, solved_years))
    presentation = dataclasses.replace(provenance.presentation, notes=notes)
    return Result(tables, dataclasses.replace(provenance, ensemble=run, presentation=presentation), None)


def event_ids(study: Study, events: Sequence[str] | None) -> list[str]:
    """Events of a study by identifier; all of them by default.

    Raises
    ------
    UnknownNameError
        There is no such event.
    """
    known = list(dict.fromkeys(study.tables["event"]["event_id"]))
    if events is None:
        return known
    return [_known(name, known) for name in events]


def replay(  # noqa: PLR0913  each changes what is replayed, or how long it takes
    scenario: Scenario | Study,
    event: str,
    *,
    trade: TradeMode = "fixed",
    rules: bool = False,
    members: int | None = None,
    workers: int | Pool | None = None,
    folder: str | Path | None = None,
    options: SolverOptions | None = None,
    progress: Progress | bool | None = None,
) -> Replay:
    """Put an event through the equilibrium of a scenario, phase by phase, beside what was observed.

    Parameters
    ----------
    scenario
        A scenario of a study with the event; a study is taken in its base year.
    event
        The event.
    trade
        How demand responds to the costs of each phase: ``fixed``, ``elastic`` or ``general``.
    rules
        Whether simulated crossings pass what the border rules of those days let pass, instead of what phases state.
    members
        First members of the study's posterior ensemble in which the event is replayed too, for intervals of what it
        comes to; ``None``: no intervals.
    workers
        Number of processes that replay it in members (by default all processors), or a pool.
    folder
        Where finished members are kept, so that a run that was interrupted goes on; in memory by default.
    options
        Accuracy and effort of each solve; by default from the study's settings.
    progress
        ``True`` for a line on the terminal, or a function called with the current step and the share done.

    Returns
    -------
    Replay

    Raises
    ------
    UnknownNameError
        There is no such event.
    InputError
        Trade in general equilibrium is asked for, and the study has no trade accounts; or members, and it has no
        posterior ensemble or fewer.
    EnsembleError
        Too many members failed.

    Examples
    --------
    >>> import landlink as ll
    >>> study = ll.open_study("china-kyrgyzstan")
    >>> found = ll.replay(study, "pandemic-kg-cn-2020", trade="elastic")  # doctest: +SKIP
    >>> found.course.triangle_days(), found.course.recovery_days()  # doctest: +SKIP
    """
    check_kind("scenario", scenario, (Scenario, Study), allowed="a scenario or a study")
    check_kind("event", event, str, allowed="the identifier of an event")
    check_kind("options", options, (SolverOptions, NoneType), allowed="SolverOptions, or nothing")
    scenario = scenario if isinstance(scenario, Scenario) else scenario.at(scenario.settings.base_year)
    event_ids(scenario.study, [event])
    if members is not None:
        check_whole("members", members)
    posterior = None if members is None else posterior_of(scenario.study).first(members)
    with shown_progress(progress) as report:
        base = ShockBase.of(scenario, options, progress=report)
        found = replay_of(base, event, trade=trade, rules=rules, progress=report)
        if posterior is None:
            return found
        question = FigureQuestion.of(base, {"replay": found.table}, trade=trade, rules=rules, named=False)
        runs = ShockRuns(workers, None if folder is None else Path(folder), report)
        return found.with_members(figures_of_members(base, question, posterior, runs))


def _known(name: str, known: Sequence[str]) -> str:
    if name not in known:
        message = "no such event" + hint(name, known)
        raise UnknownNameError(Problem("event", message, value=name, allowed=", ".join(sorted(known)) or "none"))
    return name


def _replays(base: ShockBase, events: Sequence[str], progress: Progress | None) -> Iterator[Replay]:
    for number, name in enumerate(events):
        if progress is not None:
            progress(f"replay of {name}", number / len(events))
        yield replay_of(base, name)


def _notes(losses: Losses, solved_years: int) -> list[str]:
    """What a reader of the losses should know."""
    if not len(losses.hazards):
        return ["no hazard of the study may strike in the scenario, so that its losses are 0"]
    options = losses.options
    return [*_of_overlaps(losses, solved_years), *_of_few_years(options.years)]


def _of_overlaps(losses: Losses, asked: int) -> list[str]:
    """In how many years overlaps are solved."""
    options = losses.options
    if options.solved_years >= options.years:
        if asked <= options.years:
            return []
        return [f"overlaps are solved in all {options.years} years drawn, as solved_years is above them ({asked})"]
    told = f"overlaps of disturbances are solved in {options.solved_years} of {options.years} years drawn"
    if options.solved_years:
        told += f"; on these, the other years' way to sum is off by {losses.overlap_error:.1%} of a loss on average"
    return [told]


def _of_few_years(years: int) -> list[str]:
    """Which values at risk so few years do not bear."""
    short = [level for level, there in zip(LEVELS, borne(years), strict=True) if not there]
    if not short:
        return []
    takes = " and ".join(f"{years_needed(level)} for the loss not exceeded in {100 * level:g} %" for level in short)
    told = (
        f"{years} years drawn are too few for some losses of bad years: it takes {takes} of the years, and five times"
    )
    return [f"{told} its return period for a point of the loss curve"]


def _figures(
    base: ShockBase, frames: Mapping[str, pd.DataFrame], losses: Losses, runs: ShockRuns
) -> MemberFigures | None:
    """Figures of replays and ways round in the members that losses have; ``None`` without a posterior."""
    count = losses.options.posterior
    if not count:
        return None
    posterior = posterior_of(base.scenario.study).first(count)
    found = figures_of_members(base, FigureQuestion.of(base, frames), posterior, runs)
    # Members of losses go through the posterior in its order; so do these, so that they can be taken together.
    order = losses.posterior
    return found.in_order([order[member % len(order)] for member in range(len(losses.members.rates))])


def _ensemble(losses: Losses, figures: MemberFigures | None, base: ShockBase, options: LossOptions) -> Ensemble:
    """Figures of members as indicators, by the names that the registry gives them."""
    members = losses.members
    names: list[str] = []
    columns: list[Floats] = []
    for place, country in enumerate((EVERY_COUNTRY, *losses.countries)):
        expected = members.expected[:, :, place]
        parts = {f"{country}": expected.sum(axis=1)}
        parts |= {f"{country},{cause}": expected[:, losses.of_cause(cause)].sum(axis=1) for cause in losses.causes}
        found = {f"resilience.expected_loss_musd_per_year[{name}]": values for name, values in parts.items()}
        # So many years as bear them; the table leaves the others empty.
        for row, level in enumerate(LEVELS):
            if not losses.borne[row]:
                continue
            where = f"[{country},{100 * level:g}]"
            found[f"resilience.value_at_risk_musd{where}"] = members.at_risk[:, row, place]
            found[f"resilience.conditional_value_at_risk_musd{where}"] = members.conditional[:, row, place]
        names += found
        columns += [values / _MILLION for values in found.values()]
    if figures is not None:
        names += figures.names
        columns += list(figures.indicators.T)
    seed = base.scenario.study.settings.seed if options.seed is None else options.seed
    drawn = f"resilience {base.scenario.study.settings.id} {seed} {options.posterior}"
    ids = tuple(range(1, len(members.rates) + 1))
    digest = hashlib.sha256(drawn.encode()).hexdigest()
    return Ensemble(ids, tuple(names), np.array(columns).T, digest, base.scenario.study.settings.money)
