"""Score a register: what solved scenarios, observations and later events say about each commitment."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from landlink.core.errors import Problem, UnknownNameError, suggestion
from landlink.core.progress import Progress
from landlink.ensemble.ensemble import ensemble_of
from landlink.indicators.expressions import parse_expression
from landlink.model.solve import solve
from landlink.results.result import Result
from landlink.statement.criterion import Criterion, Reason, criterion_of, evaluate, untestable, value_or_reason
from landlink.statement.observed_series import Point, observed_series, observed_value
from landlink.statement.register import Register
from landlink.statement.register_records import Baseline, Entry, Outcome
from landlink.statement.score_line import Assessment, ScoreLine
from landlink.statement.scoreboard import Scoreboard
from landlink.statement.trend import MOVEMENTS, TRENDS
from landlink.study import Study
from landlink.study.study import Scenario
from landlink.tables.frames import records

__all__ = ["Case", "score_cases", "score_results", "score_study"]


@dataclass(frozen=True)
class Case:
    """A scenario at a year, with the values of its indicators.

    Attributes
    ----------
    id
        Identifier; with the year if years were given.
    label
        What a reader is shown.
    year
        The year.
    value
        Returns the value of an indicator expression.
    scenario
        Identifier of the study's scenario, if the case is one at that scenario's own year.
    ends
        Returns P10 and P90 of an indicator expression, NaN where they are not known.
    """

    id: str
    label: str
    year: int
    value: Callable[[str], float]
    scenario: str = ""
    ends: Callable[[str], tuple[float, float]] = lambda _: (math.nan, math.nan)


def score_study(
    study: Study,
    register: Register,
    *,
    scenarios: Sequence[str] | None = None,
    years: Sequence[int] | None = None,
    amended: Callable[[Result], Result] = lambda result: result,
    progress: Progress | None = None,
) -> Scoreboard:
    """Solve scenarios of a study and score a register against them, observations and later events.

    Parameters
    ----------
    study
        The study.
    register
        The register.
    scenarios
        Identifiers of scenarios; by default all of the study. An empty sequence solves nothing, except baselines.
    years
        Years at which each scenario is solved; by default its own.
    amended
        Gives each result what other commands found of its scenario, such as its response units.
    progress
        Called with what is being done and the share done.

    Returns
    -------
    Scoreboard

    Raises
    ------
    UnknownNameError
        The study has no such scenario.

    Examples
    --------
    >>> import landlink as ll
    >>> study = ll.open_study("china-kyrgyzstan")
    >>> register = ll.statement.open_register(study.path / "register.yaml")
    >>> board = ll.statement.score_study(study, register, scenarios=[])
    >>> [(line.entry.id, line.met_since.when) for line in board.testable if line.met_since]
    [('C13', '2024')]
    """
    chosen = scenarios_of(study, scenarios)
    named = _baseline_scenarios(register, trends=bool(chosen))
    needed = [name for name in named if name not in [item.id for item in chosen]]
    wanted = [(scenario, year) for scenario in chosen for year in (years or (scenario.year,))]
    extra = [(scenario, scenario.year) for scenario in scenarios_of(study, needed)] if needed else []
    there = {(scenario.id, year) for scenario, year in wanted}
    missing = [(s, s.year) for s in chosen if s.id in named and (s.id, s.year) not in there]
    solved: list[Case] = []
    start: Result | None = None
    for done, (scenario, year) in enumerate((*wanted, *extra, *missing)):
        if progress is not None:
            progress(f"solving {scenario.label}, {year}", done / (len(wanted) + len(extra) + len(missing)))
        start = solve(scenario.at(year), start=start, label=scenario.label)
        solved.append(_case(scenario, year, amended(start), several=years is not None))
    return score_cases(
        register,
        solved[: len(wanted)],
        observed=study.tables["observed"],
        baselines={case.scenario: case.value for case in solved if case.scenario},
        study=study.settings.title,
    )


def scenarios_of(study: Study, names: Sequence[str] | None) -> list[Scenario]:
    """Look up scenarios by identifier; by default all, or the base year alone if the study has none."""
    known = study.scenarios
    if names is None:
        year = study.settings.base_year
        return list(known.values()) or [Scenario(study, year, "base", str(year))]
    if unknown := [name for name in names if name not in known]:
        raise UnknownNameError(
            Problem(
                "study.toml",
                "no such scenario",
                "",
                "scenario",
                name,
                suggestion(name, list(known)) or "a scenario of the study",
            )
            for name in unknown
        )
    return [known[name] for name in names]


def score_results(register: Register, results: Sequence[Result], *, study: str = "") -> Scoreboard:
    """Score a register against existing results; nothing is solved.

    Parameters
    ----------
    register
        The register.
    results
        One or more results of one study. A baseline that is a scenario has a value only if it is among them.
    study
        Title of the study.

    Returns
    -------
    Scoreboard

    Examples
    --------
    >>> import landlink as ll
    >>> study = ll.open_study("china-kyrgyzstan")
    >>> register = ll.statement.open_register(study.path / "register.yaml")
    >>> result = ll.solve(study)  # doctest: +SKIP
    >>> ll.statement.score_results(register, [result])  # doctest: +SKIP
    """
    cases = [
        Case(
            str(number),
            result.label,
            result.provenance.run.year,
            indicator_lookup(result),
            ends=interval_lookup(result),
        )
        for number, result in enumerate(results, 1)
    ]
    scenarios = [result.provenance.run.scenario for result in results]
    baselines = {scenario: case.value for scenario, case in zip(scenarios, cases, strict=True) if scenario}
    return score_cases(register, cases, observed=results[0].tables["observed"], baselines=baselines, study=study)


def indicator_lookup(result: Result) -> Callable[[str], float]:
    """Return a function that evaluates indicators of a result."""
    view = result.view
    return lambda indicator: parse_expression(indicator).value(view)


def interval_lookup(result: Result) -> Callable[[str], tuple[float, float]]:
    """Return a function that gives P10 and P90 of indicators of a result, NaN where it has no members of one."""
    ensemble = ensemble_of(result)

    def ends(indicator: str) -> tuple[float, float]:
        if ensemble is None:
            return math.nan, math.nan
        try:
            low, _, high = ensemble.interval(indicator)
        except UnknownNameError:
            return math.nan, math.nan
        return low, high

    return ends


def _case(scenario: Scenario, year: int, result: Result, *, several: bool) -> Case:
    own = year == scenario.year
    identifier = f"{scenario.id}@{year}" if several else scenario.id
    label = scenario.label if own else f"{scenario.label}, {year}"
    return Case(identifier, label, year, indicator_lookup(result), scenario.id if own else "")


def _baseline_scenarios(register: Register, *, trends: bool) -> list[str]:
    """List the scenarios that accepted baselines name; those of trends matter only if other scenarios are solved."""
    counted = [entry for entry in register.clauses if entry.counts and (trends or not _is_trend(entry))]
    baselines = [entry.accepted_value("baseline") for entry in counted]
    return list(dict.fromkeys(item.scenario for item in baselines if item is not None and item.scenario))


def _is_trend(entry: Entry) -> bool:
    target = entry.accepted_value("target")
    return target is not None and target.direction in TRENDS


def score_cases(
    register: Register,
    cases: Sequence[Case],
    *,
    observed: pd.DataFrame,
    baselines: Mapping[str, Callable[[str], float]],
    study: str = "",
) -> Scoreboard:
    """Score a register against cases.

    Parameters
    ----------
    register
        The register.
    cases
        Scenarios with the values of their indicators.
    observed
        The study's table ``observed``.
    baselines
        For each scenario that may be a baseline, a function that evaluates its indicators.
    study
        Title of the study.

    Returns
    -------
    Scoreboard
    """
    rows = {str(row["observed_id"]): row for row in records(observed)}

    def value_of(baseline: Baseline, indicator: str) -> float:
        if baseline.value is not None:
            return baseline.value
        if baseline.observed is not None:
            return observed_value(rows[baseline.observed]) if baseline.observed in rows else math.nan
        lookup = baselines.get(str(baseline.scenario))
        found = value_or_reason(lookup, indicator) if lookup is not None else math.nan
        return math.nan if isinstance(found, Reason) else found

    lines = []
    for entry in register.clauses:
        found = criterion_of(entry, value_of)
        criterion, reason = (found, None) if isinstance(found, Criterion) else (None, found)
        assessments = (
            *_scenario_assessments(entry, criterion, reason, cases),
            *_evidence(entry, criterion, observed, register),
        )
        lines.append(ScoreLine(entry, criterion, reason, assessments))
    return Scoreboard(register, tuple(lines), tuple((case.id, case.label) for case in cases), study)


def _scenario_assessments(
    entry: Entry, criterion: Criterion | None, reason: Reason | None, cases: Sequence[Case]
) -> Iterator[Assessment]:
    indicator = entry.accepted_value("indicator")
    if untestable(entry) is not None or not indicator:
        return
    for case in cases:
        found = value_or_reason(case.value, str(indicator))
        value = math.nan if isinstance(found, Reason) else found
        why = found if isinstance(found, Reason) else reason
        place = ("scenario", case.id, case.label, str(case.year), case.year, value)
        low, high = case.ends(str(indicator)) if math.isfinite(value) else (math.nan, math.nan)
        if criterion is None or isinstance(found, Reason):
            yield Assessment(*place, verdict="not_testable", reason=why, low=low, high=high)
            continue
        verdict, why = evaluate(criterion, value)
        if criterion.trend and _is_baseline(entry, case):
            verdict, why = "not_testable", Reason("is_baseline")
        yield Assessment(
            *place, verdict, value - criterion.target, due=criterion.due(case.year), reason=why, low=low, high=high
        )


def _has_scenario(entry: Entry) -> bool:
    """Whether its baseline is a scenario: a movement from the model to the world is none."""
    baseline = entry.accepted_value("baseline")
    return baseline is not None and baseline.scenario is not None


def _is_baseline(entry: Entry, case: Case) -> bool:
    baseline = entry.accepted_value("baseline")
    return bool(case.scenario) and baseline is not None and baseline.scenario == case.scenario


def _evidence(
    entry: Entry, criterion: Criterion | None, observed: pd.DataFrame, register: Register
) -> list[Assessment]:
    """Collect observations of the indicator and later events in chronological order."""
    if not entry.counts:
        return []
    assessments = [_outcome_assessment(outcome, criterion) for outcome in entry.outcomes]
    issued = register.source.issued
    indicator = entry.accepted_value("indicator")
    covered = {row for outcome in entry.outcomes for row in outcome.observed}
    if criterion is not None and indicator and not (criterion.trend and _has_scenario(entry)):
        sources = {str(row["observed_id"]): str(row.get("source") or "") for row in records(observed)}
        assessments += [
            _observed_assessment(point, criterion, sources)
            for point in observed_series(observed, str(indicator))
            if not covered.intersection(point.rows)
        ]
    if issued is not None:
        day = issued.isoformat()
        assessments = [
            replace(item, before=item.when[:4].isdigit() and item.when < day[: len(item.when)]) for item in assessments
        ]
    return sorted(assessments, key=lambda item: (item.year, item.when))


def _observed_assessment(point: Point, criterion: Criterion, sources: Mapping[str, str]) -> Assessment:
    verdict, reason = evaluate(criterion, point.value, point.bound)
    source = "; ".join(dict.fromkeys(sources.get(row, "") for row in point.rows))
    label = f"only {point.part}" if point.part else ""
    return Assessment(
        "observed", ";".join(point.rows), label, point.when, point.year, point.value, verdict,
        point.value - criterion.target, point.bound, criterion.due(point.year), reason, source,
    )  # fmt: skip


def _outcome_assessment(outcome: Outcome, criterion: Criterion | None) -> Assessment:
    year = int(outcome.when[:4])
    rest: dict[str, Any] = {"due": criterion.due(year) if criterion else True, "source": outcome.source}
    place = ("outcome", ";".join(outcome.observed), outcome.what, outcome.when, year)
    if outcome.value is not None and criterion is not None:
        verdict, reason = evaluate(criterion, outcome.value, outcome.bound or "value")
        rest |= {"reason": reason, "bound": outcome.bound or "value"}
        return Assessment(*place, outcome.value, verdict, outcome.value - criterion.target, **rest)
    value = outcome.value if outcome.value is not None else math.nan
    if outcome.finding in MOVEMENTS:
        return Assessment(*place, value, outcome.finding, **rest)
    if outcome.finding in ("kept", "not_kept"):
        return Assessment(*place, value, "met" if outcome.finding == "kept" else "not_met", **rest)
    return Assessment(*place, value, "not_testable", reason=Reason("unsettled", outcome.finding or ""), **rest)
