"""Criticality: every link, crossing and terminal closed in turn, each closure an equilibrium of its own."""

from __future__ import annotations

import os
from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path
from types import NoneType
from typing import Final

import numpy as np

from landlink.core.arguments import check_kind
from landlink.core.arrays import Floats, Ints
from landlink.core.errors import InputError, Problem
from landlink.core.progress import Progress, shown_progress
from landlink.ensemble.posterior import Posterior, posterior_of
from landlink.ensemble.worker_pool import Pool, opened_pool
from landlink.model.options import SolverOptions
from landlink.resilience.base import ShockBase
from landlink.resilience.closure_checks import checked
from landlink.resilience.closure_losses import LOSS, ClosureLosses, Intervals, same_closures
from landlink.resilience.closure_places import Place, class_tonnes, every_place
from landlink.resilience.criticality_notes import notes_of
from landlink.resilience.criticality_pairs import PairsAsked, closed_pairs
from landlink.resilience.criticality_result import Criticality
from landlink.resilience.criticality_table import Context, criticality_table
from landlink.resilience.criticality_worst import check_country
from landlink.resilience.figures import Figures, figure_names
from landlink.resilience.ranks import rank_intervals
from landlink.resilience.shock_members import ShockQuestion, member_runs
from landlink.resilience.shock_runs import ShockRuns, told
from landlink.resilience.shock_trade import TRADE_FIGURES, TradeShockWork, trade_of
from landlink.resilience.topology import topology_of
from landlink.study.disturbed_places import PlaceNames, PlaceRow
from landlink.study.study import Scenario, Study
from landlink.tables.frames import texts
from landlink.trade.modes import TRADE_MODES, TradeMode

__all__ = ["TOP", "criticality"]

#: Worst places of which more is found, unless another number is asked for.
TOP: Final = 10


def criticality(  # noqa: PLR0913  each is an option of the command
    scenario: Scenario | Study,
    *,
    programme: Scenario | None = None,
    days: float | None = None,
    pairs: bool = False,
    pairs_above: float | None = None,
    countries: Collection[str] = (),
    closures: Collection[str] = (),
    losses_of: str = "",
    top: int = TOP,
    members: int | None = None,
    trade: TradeMode = "fixed",
    compare: bool = False,
    workers: int | Pool | None = None,
    folder: str | os.PathLike[str] | None = None,
    options: SolverOptions | None = None,
    progress: Progress | bool | None = None,
) -> Criticality:
    """Close every link, crossing and terminal in turn, and say what a day of it costs, and whom.

    Every closure that can cost something is solved to an equilibrium of its own with the demand of the scenario, see
    :doc:`/criticality`. Places that carry no freight cost nothing and are not solved.

    Parameters
    ----------
    scenario
        The scenario; a study is taken in its base year, with the measures applied to it.
    programme
        A scenario with a programme: the same with it, and what it changes place by place.
    days
        Days that a place is closed, by default ``closure_days`` of the section ``[resilience]``. Whoever comes waits
        half of them on average, or goes another way.
    pairs
        Close pairs of places too: those of the 40 busiest closures, of places in line one.
    pairs_above
        Close all pairs of places too that carry more freight than this, t/day.
    countries
        Close only places in these countries or on their borders, by their codes; all by default.
    closures
        Close only these places, in the words of hazards, such as ``crossing:TORU/road``; each row on its own.
    losses_of
        Country by whose own loss the worst places are found and listed, by its code; everybody's by default. Closures
        are the same, and so are the ranks of the table.
    top
        Worst places of which intervals, lost trade and the steps to topology are found.
    members
        First members of the posterior ensemble in which the worst places are solved again, for intervals of their
        losses and ranks; ``None``: no intervals.
    trade
        ``elastic`` or ``general``: trade lost by the worst places, where demand responds to costs.
    compare
        Compare with betweenness and with removal and rerouting.
    workers
        Number of processes (all processors by default), or a pool. The figures do not depend on it.
    folder
        Where finished closures are kept, so that an analysis that was interrupted goes on; in memory by default.
    options
        Accuracy and effort of each solve; by default from the study's settings.
    progress
        ``True`` for a line on the terminal, or a function called with the current step and the share done.

    Returns
    -------
    Criticality

    Raises
    ------
    InputError
        A number is out of range, nothing is shipped, the study has no posterior ensemble or no trade accounts and these
        are asked for, or the folder holds another analysis.
    ConvergenceError
        The undisturbed scenario missed the gap.
    EnsembleError
        Too many closures failed; gives the first reasons.

    Examples
    --------
    >>> import landlink as ll
    >>> study = ll.open_study("china-kyrgyzstan")
    >>> found = ll.criticality(study.scenario("base-2023"), days=30, progress=True)  # doctest: +SKIP
    >>> found.places.head(10)  # doctest: +SKIP
    """
    check_kind("scenario", scenario, (Scenario, Study), allowed="a scenario or a study")
    check_kind("programme", programme, (Scenario, NoneType), allowed="a scenario, or nothing")
    check_kind("options", options, (SolverOptions, NoneType), allowed="SolverOptions, or nothing")
    first = scenario if isinstance(scenario, Scenario) else scenario.at(scenario.settings.base_year)
    settings = first.study.settings
    asked = _Asked(
        settings.resilience.closure_days if days is None else days,
        PairsAsked(pairs_above) if pairs or pairs_above is not None else None, frozenset(countries), tuple(closures),
        losses_of, top, trade, compare,
        None if members is None else posterior_of(first.study).first(members),
    )  # fmt: skip
    scenarios = (first,) if programme is None else (first, programme)
    _check(asked, scenarios)
    with shown_progress(progress) as report, opened_pool(workers) as pool:
        how = ShockRuns(pool, None if folder is None else Path(folder), report)
        found: list[ClosureLosses] = []
        bases: list[ShockBase] = []
        for name, one in zip(("scenario", "programme"), scenarios, strict=False):
            base = ShockBase.of(one, options, progress=report)
            bases.append(base)
            known = {found[0].places[i].key for i in found[0].worst_for(losses_of)[:top].tolist()} if found else set()
            found.append(_losses(base, asked, how.within(name), known))
    losses, within = tuple(found), tuple(sorted(asked.countries))
    return Criticality(
        table=criticality_table(losses, Context(asked.days, trade, within, asked.closures, losses_of)),
        scenarios=losses,
        days=asked.days,
        trade=trade,
        bases=tuple(bases),
        title=settings.title,
        money=settings.money,
        notes=tuple(notes_of(losses, asked.days, trade)),
        losses_of=losses_of,
        within=within,
        only=asked.closures,
    )


@dataclass(frozen=True)
class _Asked:
    """What is asked of each scenario."""

    days: float
    pairs: PairsAsked | None
    countries: frozenset[str]
    closures: tuple[str, ...]
    losses_of: str
    top: int
    trade: TradeMode
    compare: bool
    posterior: Posterior | None


def _check(asked: _Asked, scenarios: tuple[Scenario, ...]) -> None:
    """Refuse what has no meaning; lists all of it."""
    above = None if asked.pairs is None else asked.pairs.above
    checks = (
        ("days", asked.days, asked.days > 0, "a number above 0; inf: for good"),
        ("pairs_above", above, above is None or 0 <= above < np.inf, "t/day, 0 or more"),
        ("top", asked.top, asked.top >= 1, "1 or more"),
        ("trade", asked.trade, asked.trade in TRADE_MODES, ", ".join(TRADE_MODES)),
    )
    problems = [
        Problem("criticality", f"invalid value of {name}", column=name, value=str(value), allowed=allowed)
        for name, value, valid, allowed in checks
        if not valid
    ]
    ids = [_label(one) for one in scenarios]
    if len(set(ids)) < len(ids):
        problems.append(Problem("criticality", "the programme is the scenario itself", "", "programme", ids[0]))
    if problems:
        raise InputError(problems)
    for one in scenarios:
        one.study.require_network()
        check_country(set(texts(one.tables["zone"], "country")) - {""}, asked.losses_of)
        _chosen(one.study, asked.closures)


def _label(scenario: Scenario) -> str:
    return scenario.id or scenario.label


def _losses(base: ShockBase, asked: _Asked, how: ShockRuns, known: Collection[tuple[str, str]]) -> ClosureLosses:
    """Losses of the closures of one scenario; of known places as of the worst ones."""
    everywhere = every_place(base)
    chosen_rows = _chosen(base.scenario.study, asked.closures)
    every = tuple(
        place
        for place in _within(everywhere, asked.countries)
        if not asked.closures or PlaceRow(*place.key) in chosen_rows
    )
    places = tuple(place for place in every if place.tonnes_per_day > 0)
    if not places:
        raise InputError(Problem("criticality", "no freight passes any of the places", allowed="places with freight"))
    runs = how.of_shocks(base, [place.closed(asked.days) for place in places], "places", "solving closure").require()
    failures = [f"{':'.join(places[i].key)} has no figures: {why.reason}" for i, why in runs.failures.items()]
    solved = tuple(places[i] for i in runs.ids)
    scenario, figures = base.scenario, Figures(figure_names(base), runs.values)
    check = checked(base, solved, figures, asked.days, how)
    accuracy = check.accuracy
    found = ClosureLosses(
        label=_label(scenario),
        title=scenario.label,
        year=scenario.year,
        study_hash=scenario.study.hash,
        countries=base.accounts.countries,
        places=solved,
        figures=figures,
        crossings=tuple(place for place in everywhere if place.table == "crossing"),
        accuracy=accuracy,
        flow_accuracy=check.most_tonnes,
        checked=check.places,
        check_most=check.most,
        same=same_closures(solved, figures[LOSS], class_tonnes(base, solved), accuracy),
        unused=frozenset(place.key for place in every) - {place.key for place in places},
        failures=tuple(failures),
    )
    worst = {int(number) for number in found.worst_for(asked.losses_of)[: asked.top]} | {
        number for number, place in enumerate(solved) if place.key in known
    }
    chosen = np.array([number for number in found.order.tolist() if number in worst], dtype=np.int64)
    if asked.pairs is not None:
        found = replace(found, pairs=closed_pairs(base, found, asked.pairs, asked.days, how))
    if asked.trade != "fixed":
        found = replace(found, trade=_trade(base, found, chosen, asked, how))
    if asked.posterior is not None:
        found = replace(found, intervals=_intervals(base, found, chosen, asked.posterior, asked.days, how))
    if asked.compare:
        topology = topology_of(
            base, solved, found.loss, asked.days, same=found.same, top=asked.top, accuracy=accuracy,
            progress=how.progress,
        )  # fmt: skip
        found = replace(found, topology=topology)
    return found


def _chosen(study: Study, words: Collection[str]) -> frozenset[PlaceRow]:
    """Rows of places by the words of hazards; refuses what is no place of the study, all of it at once."""
    if not words:
        return frozenset()
    names, cell = PlaceNames(study.tables), ";".join(words)
    if faults := list(names.faults(cell)):
        raise InputError(
            Problem("criticality", str(error), column="closures", value=word, allowed=error.allowed)
            for word, error in faults
        )
    return frozenset(names.rows(cell))


def _within(places: tuple[Place, ...], countries: Collection[str]) -> tuple[Place, ...]:
    """Places in some countries or on their borders; all if none is named."""
    known = sorted({country for place in places for country in place.countries})
    if unknown := sorted(set(countries) - set(known)):
        raise InputError(
            Problem(
                "criticality", "no place lies in the country", column="countries", value=one, allowed=", ".join(known)
            )
            for one in unknown
        )
    return tuple(place for place in places if not countries or set(countries) & set(place.countries))


def _trade(
    base: ShockBase, found: ClosureLosses, chosen: Ints, asked: _Asked, how: ShockRuns
) -> dict[int, Floats]:  # fmt: skip
    """Lost trade and real income of some places."""
    work = TradeShockWork(base, trade_of(base, asked.trade))
    shocks = [found.places[number].closed(asked.days) for number in chosen.tolist()]
    described = {"shocks": told(shocks), "trade": asked.trade}
    runs = how.of(work, shocks, base, f"trade-{asked.trade}", "solving trade of closure", described).require()
    shape = len(TRADE_FIGURES), len(found.countries)
    return {int(chosen[i]): values.reshape(shape) for i, values in zip(runs.ids, runs.values, strict=True)}


def _intervals(
    base: ShockBase, found: ClosureLosses, chosen: Ints, posterior: Posterior, days: float, how: ShockRuns
) -> Intervals:
    """Losses and ranks of some places over the members of the posterior ensemble."""
    shocks = tuple(found.places[number].closed(days) for number in chosen.tolist())
    runs = member_runs(
        base, ShockQuestion(shocks), posterior, how, name="members", what="solving member",
        described={"shocks": told(shocks)},
    )  # fmt: skip
    names = figure_names(base)
    values = runs.values.reshape(len(runs.ids), len(shocks), len(names))
    losses = values[:, :, names.index(LOSS)]
    parts = np.array([values[:, :, names.index(f"added_cost[{country}]")] for country in found.countries])
    ids = tuple(posterior.members[i].id for i in runs.ids)
    return Intervals(chosen, rank_intervals(losses, found.accuracy), losses, ids, parts)
