"""``landlink run`` and ``landlink demo``: solve scenarios and print their results."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import landlink as ll
from landlink.cli import arguments, printing
from landlink.cli.arguments import Verbs
from landlink.cli.compiling import compile_for_study, showing_compilation
from landlink.cli.ensembles import add_ensemble, check_ensemble, say_ensemble, solved_ensemble
from landlink.cli.headlines import focus_of, headlines, link_names, place_names, place_of
from landlink.cli.notes import with_short_lists
from landlink.cli.outputs import add_force, add_output, checked_output
from landlink.cli.program import command_line
from landlink.cli.scoreboards import scoreboard_of
from landlink.cli.sensitivity import sensitivity_of
from landlink.cli.side import REPORTING, solving_process
from landlink.core.file_names import joined_file_name
from landlink.core.progress import TerminalProgress
from landlink.trade.modes import TRADE_MODES

if TYPE_CHECKING:
    from landlink.ensemble.side_process import SideProcess
    from landlink.results.provenance import TradeRun
    from landlink.results.result import Result
    from landlink.study.study import Scenario

_DEMO_STUDY = "china-kyrgyzstan"
_DEMO_FOLDER = Path("landlink-demo")
#: Arguments of the question that the demo proposes.
_QUESTION = ("--scenario", "cku-2030", "--change", "demand CHN->KGZ: +20%")
#: Overloaded places listed after a run.
_MOST_OVERLOADS = 10


def add_run(verbs: Verbs) -> None:
    """Register ``run``."""
    parser = arguments.add_verb(
        verbs,
        "run",
        _run,
        summary="solve scenarios of a study",
        description="Solve scenarios of a study, or a set of measures in a year. Writes a result folder for each and\n"
        "prints its certified relative gap. Exit code 1 if a gap was missed; the result is written nevertheless.",
        example="landlink run china-kyrgyzstan --scenario cku-2030\n"
        "landlink run china-kyrgyzstan --scenario base-2030 --scenario cku-2030 -o results\n"
        "landlink run my-study --apply cku-railway --year 2030 -o results/railway-2030\n"
        "landlink run china-kyrgyzstan --scenario cku-2030 --trade general -o results/cku-2030-trade\n"
        "landlink run china-kyrgyzstan --scenario cku-2030 --carbon-price 50 -o results/cku-2030-carbon\n"
        "landlink run my-study --scenario cku-2030 --ensemble -o results/cku-2030",
    )
    parser.add_argument("study", metavar="STUDY", help=arguments.STUDY_HELP)
    add_cases(parser, "to solve")
    add_output(
        parser,
        metavar="DIR",
        help="result folder, or parent folder of several (results/STUDY-SCENARIO or results/STUDY-YEAR-MEASURES)",
    )
    parser.add_argument(
        "--gap", metavar="G", type=arguments.positive_number, help="relative gap to reach (from study.toml)"
    )
    parser.add_argument("--threads", metavar="N", type=arguments.thread_count, help="threads to use (all cores)")
    parser.add_argument(
        "--trade",
        choices=TRADE_MODES,
        default="fixed",
        help="how demand responds to costs: not at all, by elasticities, or in general equilibrium of trade (fixed)",
    )
    arguments.add_unreachable(parser, "demand that has no route: an error, or left out and listed (refuse)")
    add_ensemble(parser)


def add_cases(parser: argparse.ArgumentParser, purpose: str) -> None:
    """Add the options that name scenarios, or make one of measures and changes at a year."""
    parser.add_argument(
        "--scenario", metavar="NAME", type=arguments.ids, action="append", help=f"scenarios of the study {purpose}"
    )
    parser.add_argument(
        "--apply", metavar="A,B", type=arguments.ids, action="append", help="measures to apply, in this order"
    )
    parser.add_argument(
        "--change",
        metavar="TEXT",
        action="append",
        help='what-if in one line, such as "crossing torugart: capacity x2"; may be repeated',
    )
    parser.add_argument(
        "--carbon-price",
        metavar="USD",
        type=arguments.number_from_zero,
        help="price of a tonne of CO2e that carriers pay and pass on, USD (that of the study; by default none)",
    )
    parser.add_argument(
        "--year", metavar="Y", type=arguments.whole_number, help=f"year {purpose} (the scenario's, or the base year)"
    )


def add_demo(verbs: Verbs) -> None:
    """Register ``demo``."""
    parser = arguments.add_verb(
        verbs,
        "demo",
        _demo,
        summary="solve the bundled study and write its report",
        description=f"Solve the scenarios of the bundled study {_DEMO_STUDY} and write results and a report into\n"
        f"./{_DEMO_FOLDER}. Works offline. The last line printed is the path of the report.",
        example="landlink demo\nlandlink demo --sensitivity",
    )
    parser.add_argument(
        "--sensitivity",
        action="store_true",
        help="include a sensitivity analysis in the report; solves the last scenario some 20 times more",
    )
    add_force(parser)


def _run(args: argparse.Namespace) -> int:
    check_ensemble(args)
    scenarios = chosen_scenarios(args)
    _say_years_outside(scenarios)
    folders = _folders(args, scenarios)
    options = ll.SolverOptions(
        relative_gap=args.gap, threads=args.threads, unreachable=args.unreachable, trade=args.trade
    )
    results: list[Result] = []
    said: set[str] = set()
    years = {scenario.year for scenario in scenarios}
    with solving_process(wanted=len(years) > 1 and not args.ensemble and args.threads != 1) as beside:
        solved = _ensembles(args, scenarios, folders, options) if args.ensemble else _solved(scenarios, options, beside)
        for result, folder in zip(solved, folders, strict=True):
            if not args.ensemble:
                _saved(result, folder, force=args.force)
            results.append(result)
            if not args.json:
                _say_result(result, said)
                say_ensemble(result)
                printing.say(f"Result: {folder}")
    if args.json:
        facts = [{"result": folder, **_facts(result)} for folder, result in zip(folders, results, strict=True)]
        one = {"ok": _converged(results[0]), **facts[0]}
        printing.say_json(one if len(facts) == 1 else {"ok": all(map(_converged, results)), "results": facts})
    else:
        verb = ("report", *folders, "-o", "report.html")
        printing.say("Next: " + command_line("landlink", *verb))
    return 0 if all(map(_converged, results)) else 1


def _ensembles(
    args: argparse.Namespace, scenarios: Sequence[Scenario], folders: Sequence[Path], options: ll.SolverOptions
) -> Iterator[Result]:
    for scenario, folder in zip(scenarios, folders, strict=True):
        with showing_compilation(prefix=scenario.title) as progress:
            compile_for_study(scenario.study, progress)
            result = solved_ensemble(scenario, folder, options, args, progress)
        yield result


def chosen_scenarios(args: argparse.Namespace) -> list[Scenario]:
    """Scenarios to solve: those given, else the measures in the given year."""
    from landlink.study.carbon_price import price_line

    study, measures = ll.open_study(args.study), arguments.joined_ids(args.apply)
    names, changes = arguments.joined_ids(args.scenario), list(args.change or [])
    if args.carbon_price is not None:
        changes.append(price_line(args.carbon_price))
    if not names:
        year = study.settings.base_year if args.year is None else args.year
        return [study.apply(*measures).what_if(*changes).at(year)]
    chosen = [study.scenario(name).apply(*measures) if measures else study.scenario(name) for name in names]
    if changes:
        chosen = [scenario.what_if(*changes) for scenario in chosen]
    return chosen if args.year is None else [scenario.at(args.year) for scenario in chosen]


def _say_years_outside(scenarios: Sequence[Scenario]) -> None:
    """Say which years the study does not speak of: they may be mistyped."""
    for scenario in scenarios:
        settings = scenario.study.settings
        years = sorted({settings.base_year, *settings.years, *(named.year for named in settings.scenarios)})
        if not years[0] <= scenario.year <= years[-1]:
            known = ", ".join(map(str, years))
            message = f"landlink: {scenario.year} is outside the years of the study ({known}); the nearest is"
            printing.say(f"{message} {min(years, key=lambda year: abs(year - scenario.year))}", sys.stderr)


def _folders(args: argparse.Namespace, scenarios: Sequence[Scenario]) -> list[Path]:
    """Folder of each result: the one given, a subfolder of it for each of several, or one in ``results``."""
    from landlink.results.storage import RESULT

    several = len(scenarios) > 1
    named = [scenario.id if args.scenario and scenario.id else _plain_name(scenario) for scenario in scenarios]
    if args.output:
        folders = [args.output / name for name in named] if several else [args.output]
    else:
        folders = [
            Path("results") / joined_file_name(scenario.study.settings.id, name)
            for scenario, name in zip(scenarios, named, strict=True)
        ]
    return [checked_output(args, folder, RESULT) for folder in folders]


def _plain_name(scenario: Scenario) -> str:
    return joined_file_name(str(scenario.year), *scenario.measures)


def _solved(
    scenarios: Sequence[Scenario], options: ll.SolverOptions, beside: SideProcess | None = None
) -> Iterator[Result]:
    """Solve scenarios, each from the previous one of its year if any."""
    from landlink.ensemble.scenario_chains import solve_scenarios

    with showing_compilation(prefix=scenarios[0].title) as progress:
        compile_for_study(scenarios[0].study, progress)
    return solve_scenarios(
        scenarios, options, lambda scenario: showing_compilation(prefix=scenario.title), beside=beside
    )


def _saved(result: Result, folder: Path, *, force: bool) -> None:
    with TerminalProgress(prefix=result.label) as progress:
        progress("writing the result")
        result.save(folder, force=force)


def _demo(args: argparse.Namespace) -> int:
    # A sensitivity analysis starts from the routes of the last result, which only the process has that solved it.
    with solving_process(wanted=not args.sensitivity) as beside:
        return _demo_with(args, beside)


def _demo_with(args: argparse.Namespace, beside: SideProcess | None) -> int:
    from landlink.results.storage import RESULT

    scenarios = list(ll.open_study(_DEMO_STUDY).scenarios.values())
    folders = [checked_output(args, _DEMO_FOLDER / scenario.id, RESULT) for scenario in scenarios]
    solved = _solved(scenarios, ll.SolverOptions(), beside)
    from landlink.ensemble.side_process import Imports
    from landlink.report.page import REPORT, write_report
    from landlink.report.section_making import Sources

    report = checked_output(args, _DEMO_FOLDER / "report.html", REPORT).resolve()
    results: list[Result] = []
    for result, folder in zip(solved, folders, strict=True):
        results.append(result)
        if beside is not None and len(results) == len(scenarios):
            beside.start(Imports(REPORTING))
        _saved(result, folder, force=args.force)
        if not args.json:
            printing.say(f"{result.label}: {_certificate(result)} -> {folder}")
    with TerminalProgress(prefix="report") as progress:
        sensitivity = sensitivity_of(results[-1], progress) if args.sensitivity else None
        progress("writing it")
        sources = Sources(results, "en", sensitivity=sensitivity, scoreboard=scoreboard_of(results))
        write_report(sources, report, force=args.force, beside=beside)
    if args.json:
        facts = [{"result": folder, **_facts(result)} for folder, result in zip(folders, results, strict=True)]
        printing.say_json({"ok": all(map(_converged, results)), "results": facts, "report": report})
    else:
        _say_demo(folders, report)
    return 0 if all(map(_converged, results)) else 1


def _say_demo(folders: Sequence[Path], report: Path) -> None:
    printing.say()
    if len(folders) > 1:
        printing.say("Compare them: " + command_line("landlink", "compare", *folders))
    printing.say("Ask a question: " + command_line("landlink", "run", _DEMO_STUDY, *_QUESTION))
    printing.say("Make your own: " + command_line("landlink", "init", "my-study"))
    printing.say("Open the report in a browser:")
    printing.say(str(report))


def _converged(result: Result) -> bool:
    return result.converged


def _certificate(result: Result) -> str:
    run, certificate = result.provenance.run, result.provenance.certificate
    missed = "" if _converged(result) else f" (MISSED the target of {certificate.target_gap:.1e})"
    memory = run.peak_memory_mb
    facts = [f"relative gap {certificate.relative_gap:.1e}{missed}", _counted(certificate.iterations, "iteration")]
    facts += [f"{run.seconds:.1f} s"] + ([f"{memory:.0f} MB"] if memory is not None else [])
    return ", ".join(facts)


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _agreement(trade: TradeRun) -> str:
    """How closely trade and freight agree, in words."""
    apart = f"; {trade.other_start_flow:.1e} from the answer of another start" if trade.other_start_flow else ""
    rounds = _counted(trade.rounds, "round")
    return (
        f"{trade.mode} trade against {trade.reference!r}: {rounds}, flows within {trade.flow_change:.1e},"
        f" trade costs within {trade.cost_change:.1e}{apart}"
    )


def _say_result(result: Result, said: set[str]) -> None:
    """Print what a result shows; notes that were ``said`` of a result before it are not repeated."""
    from landlink.indicators.amounts import indicators_in_both
    from landlink.results.determinacy import MARK, is_determined

    run, presentation = result.provenance.run, result.provenance.presentation
    measures = ", ".join(measure.name for measure in run.measures)
    titled = result.label != " + ".join([str(run.year), *(measure.id for measure in run.measures)])
    named = f": {result.label}" if titled else f", {run.year}{', with ' + measures if measures else ''}"
    printing.say(f"{presentation.title}{named}")
    printing.say(_certificate(result))
    if (trade := result.provenance.trade) is not None:
        printing.say(_agreement(trade))
    printing.say()
    names = place_names([result])
    chosen = headlines(result.indicators, focus_of(result), presentation.headline)
    shown = indicators_in_both(chosen.reset_index(drop=True), result.currency)
    marks = {str(name): "" if is_determined(str(name), result.tables) else MARK for name in shown["indicator"]}
    rows = [
        (str(name), marks[str(name)] + printing.number(float(value)), str(unit), place_of(str(name), names))
        for name, value, unit in zip(shown["indicator"], shown["value"], shown["unit"], strict=True)
    ]
    printing.say(printing.grid(rows, headers=("indicator", "value", "unit", ""), right=(1,)))
    printing.say()
    if result.currency.is_own:
        printing.say(f"Amounts: {result.currency}")
        printing.say()
    _say_overloads(result)
    notes = [note for note in (*_undetermined_note(result), *presentation.notes) if note not in said]
    said.update(notes)
    links = link_names(result) if notes else {}
    for note in notes:
        printing.say(f"Note: {with_short_lists(note, links)}")


def _say_overloads(result: Result) -> None:
    """List the places that are asked for much more than they can pass."""
    from landlink.freight.definitions import OVERLOADED

    over = result.tables["overload"]
    if over.empty:
        return
    rows = [
        (
            " ".join(part for part in (row["kind"], row["place_id"], row["family"]) if part),
            printing.number(row["load"]), printing.number(row["capacity"]), f"{row['ratio']:.2f}",
            printing.number(row["delay_h"]),
        )
        for row in over.head(_MOST_OVERLOADS).to_dict("records")
    ]  # fmt: skip
    printing.say(f"Overloaded: more than {OVERLOADED:g} times the capacity on the design day")
    heads = ("place", "load a day", "capacity", "ratio", "delay, h")
    printing.say(printing.grid(rows, headers=heads, right=(1, 2, 3, 4)))
    if len(over) > _MOST_OVERLOADS:
        printing.say(f"and {len(over) - _MOST_OVERLOADS} more, in the table overload")
    printing.say()


def _undetermined_note(result: Result) -> list[str]:
    """Say how many flows the equilibrium does not determine; nothing if it determines all."""
    from landlink.results.determinacy import MARK, undetermined_places

    by_way = {f"{name}s": places for name, places in undetermined_places(result.tables).items() if places}
    if not by_way:
        return []
    both = sum(map(len, undetermined_places(result.tables, both=True).values()))
    counts = ", ".join(f"{len(places)} {name}" for name, places in by_way.items())
    note = (
        f"the flows of {counts} are not determined by direction, nor those of {both} places for both together: other"
        " flows at the same costs are equilibria too, and the order of identifiers decided; see the columns"
        f" determined and both_determined; {MARK} marks figures above"
    )
    return [note]


def _facts(result: Result) -> dict[str, Any]:
    """Collect the provenance and every indicator of a result for ``--json``."""
    from landlink.indicators.amounts import indicators_in_both
    from landlink.results.determinacy import undetermined_places

    columns = indicators_in_both(result.indicators[["indicator", "value", "unit"]], result.currency)
    return {
        "provenance": result.provenance.as_dict(),
        "indicators": columns.to_dict("records"),
        "overloads": result.tables["overload"].to_dict("records"),
        "undetermined": undetermined_places(result.tables),
    }
