"""The cases that ``landlink border simulate`` compares: a crossing, its first day, and where its traffic comes from."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import landlink as ll
from landlink.cli import arguments, printing
from landlink.core.countries import country_name
from landlink.core.progress import Progress

if TYPE_CHECKING:
    import pandas as pd

    from landlink.border.crossing import Crossing
    from landlink.report.border_facts import ModelTraffic
    from landlink.study.study import Scenario, Study

__all__ = ["Case", "add_case_options", "cases_of", "direction_names"]


@dataclass(frozen=True)
class Case:
    """A crossing to simulate from a day on; ``model`` is ``None`` where the traffic is that counted."""

    label: str
    crossing: Crossing
    day: date
    model: ModelTraffic | None = None

    def traffic(self, arrivals: float, directions: tuple[str, str]) -> list[str]:
        """Say where the traffic comes from; ``arrivals`` is the number of vehicles that arrive a day."""
        if self.model is None:
            number = printing.number(arrivals)
            return [f"Traffic as counted, {number} vehicles a day (tables arrival, arrival_count and rule)."]
        figures = (self.model.vehicles_per_day, self.model.time_h, self.model.p95_h)
        rows = (
            f"  {name}: {printing.number(vehicles)} vehicles a day, {hours:.1f} h on average, more than {p95:.1f} h for"
            " one in twenty"
            for name, vehicles, hours, p95 in zip(directions, *figures, strict=True)
        )
        head = f'Traffic of the scenario "{self.model.scenario}". Its result, over four weeks from no queue on:'
        tail = (
            "  Means by the delay curve of the equilibrium, one in twenty simulated at these flows. The tables below"
            " simulate them once more, with draws of their own."
        )
        return [head, *rows, tail]


def add_case_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that choose the cases."""
    parser.add_argument(
        "--start", metavar="DATE", type=arguments.day, help="first day that counts (1 July of the base year)"
    )
    parser.add_argument(
        "--scenario", metavar="NAME", help="with the traffic that this scenario of the study sends there, in its year"
    )
    parser.add_argument("--apply", metavar="A,B", type=arguments.ids, action="append", help="measures to apply")
    parser.add_argument("--against", metavar="DATE", type=arguments.day, help="compare with the rules of another day")
    parser.add_argument("--against-scenario", metavar="NAME", help="compare with the traffic of another scenario")
    parser.add_argument(
        "--against-apply",
        metavar="A,B",
        type=arguments.ids,
        action="append",
        help="compare with these further measures",
    )


def cases_of(args: argparse.Namespace, study: Study, place: str, progress: Progress) -> list[Case]:
    """Find the cases that the options ask for; scenarios are solved.

    Parameters
    ----------
    args
        Options of :func:`add_case_options`.
    study
        The study, without the measures of the options.
    place
        Name of the crossing.
    progress
        Called while scenarios are solved.

    Raises
    ------
    InputError
        Options contradict one another, or name what the study does not have.
    """
    from landlink.border.transit_times import HORIZON_START

    _check(args)
    measures, further = arguments.joined_ids(args.apply), arguments.joined_ids(args.against_apply)
    if args.scenario:
        return list(_model_cases(args, study, place, measures, further, progress))
    applied = study.apply(*measures)
    start = args.start or date(study.settings.base_year, *HORIZON_START)
    cases = [Case(start.isoformat(), ll.crossing(applied, place), start)]
    if args.against or further:
        day = args.against or start
        label = ", ".join([day.isoformat(), *further])
        cases.append(Case(label, ll.crossing(applied.apply(*further), place), day))
    return cases


def _check(args: argparse.Namespace) -> None:
    """Refuse options that contradict one another."""
    problems = []
    if args.scenario and (args.start or args.against):
        name = "--start" if args.start else "--against"
        message = f"{name} gives a day, but a scenario has a year of its own"
        problems.append(ll.Problem("", message, value=args.scenario, allowed=f"{name} or --scenario"))
    if args.against_scenario and not args.scenario:
        message = "--against-scenario needs a scenario to compare with"
        problems.append(ll.Problem("", message, value=args.against_scenario, allowed="--scenario NAME before it"))
    if problems:
        raise ll.InputError(problems)


def _model_cases(
    args: argparse.Namespace,
    study: Study,
    place: str,
    measures: list[str],
    further: list[str],
    progress: Progress,
) -> Iterator[Case]:
    """Cases with the traffic of solved scenarios."""
    first = _with_measures(study.scenario(args.scenario), measures)
    yield _model_case(first, place, args, progress)
    if args.against_scenario:
        first = _with_measures(study.scenario(args.against_scenario), measures)
    if args.against_scenario or further:
        yield _model_case(_with_measures(first, further), place, args, progress)


def _with_measures(scenario: Scenario, measures: list[str]) -> Scenario:
    return scenario.apply(*measures) if measures else scenario


def _model_case(scenario: Scenario, place: str, args: argparse.Namespace, progress: Progress) -> Case:
    """Solve a scenario and take the traffic of a crossing from it."""
    from landlink.border.transit_times import HORIZON_START
    from landlink.report.border_facts import ModelTraffic

    crossing = ll.crossing(scenario.study, place)
    options = ll.SolverOptions(threads=args.threads)
    told: Progress = lambda what, done: progress(f"{scenario.label}: {what}", done)  # noqa: E731
    result = ll.solve(scenario, options=options, progress=told)
    rows = result["crossing"]
    here = rows[(rows["crossing_id"] == crossing.crossing_id) & (rows["family"] == crossing.family)]
    if here.empty:
        message = "the crossing is not in service in this scenario"
        raise ll.InputError(ll.Problem("", message, value=f"{crossing.crossing_id} in {scenario.label}"))
    model = ModelTraffic(scenario.label, dict(scenario.titles), *(_by_way(here, name) for name in _FIGURES))
    return Case(scenario.label, crossing, date(scenario.year, *HORIZON_START), model)


_FIGURES = ("design_vehicles_per_day", "time_h", "p95_h")


def _by_way(rows: pd.DataFrame, column: str) -> tuple[float, float]:
    found = rows.set_index("direction")[column].reindex(["ab", "ba"]).tolist()
    return float(found[0]), float(found[1])


def direction_names(study: Study, crossing_id: str, language: str) -> tuple[str, str]:
    """Name the directions by their countries."""
    row = study.tables["crossing"].set_index("crossing_id").loc[[crossing_id]].iloc[0]
    a, b = (country_name(str(row[key]), language) or str(row[key]) for key in ("country_a", "country_b"))
    return f"{a} – {b}", f"{b} – {a}"
