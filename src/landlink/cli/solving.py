"""``landlink run`` and ``landlink demo``: solve scenarios and say what came out."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import landlink as ll
from landlink.cli import arguments, printing
from landlink.cli.arguments import Verbs
from landlink.cli.gap_progress import announce_compilation
from landlink.cli.headlines import headlines, place_names, place_of
from landlink.cli.scoreboards import scoreboard_of
from landlink.cli.sensitivity import sensitivity_of
from landlink.core.atomic_files import check_folder
from landlink.core.progress import TerminalProgress

if TYPE_CHECKING:
    from landlink.results.result import Result
    from landlink.study import Study

_DEMO_STUDY = "china-kyrgyzstan"
_DEMO_FOLDER = Path("landlink-demo")


def add_run(verbs: Verbs) -> None:
    """Register ``run``."""
    parser = arguments.add_verb(
        verbs,
        "run",
        _run,
        summary="solve one scenario of a study",
        description="Solve a study, with measures applied, in one year. Writes a result folder and prints the gap\n"
        "that certifies it. Exit code 1 when the gap was missed; the result is written all the same.",
        example="landlink run china-kyrgyzstan\n"
        "landlink run my-study --apply cku-railway --year 2030 -o results/railway-2030",
    )
    parser.add_argument("study", metavar="STUDY", help=arguments.STUDY_HELP)
    parser.add_argument(
        "--apply", metavar="A,B", type=arguments.ids, action="append", help="measures to apply, in this order"
    )
    parser.add_argument("--year", metavar="Y", type=int, help="year to solve (the study's base year)")
    parser.add_argument("-o", "--output", metavar="DIR", type=Path, help="result folder (results/STUDY-YEAR-MEASURES)")
    parser.add_argument(
        "--gap", metavar="G", type=arguments.positive_number, help="relative gap to reach (what study.toml says)"
    )
    parser.add_argument("--threads", metavar="N", type=arguments.positive_integer, help="threads to use (all cores)")


def add_demo(verbs: Verbs) -> None:
    """Register ``demo``."""
    parser = arguments.add_verb(
        verbs,
        "demo",
        _demo,
        summary="solve the bundled study and write its report",
        description=f"Solve the scenarios of the bundled study {_DEMO_STUDY} and write results and a report into\n"
        f"./{_DEMO_FOLDER}. Works without a network. The last line printed is where the report is.",
        example="landlink demo\nlandlink demo --sensitivity",
    )
    parser.add_argument(
        "--sensitivity",
        action="store_true",
        help="also show in the report which inputs matter most; solves the last scenario some 20 times more",
    )


def _run(args: argparse.Namespace) -> int:
    from landlink.results.result import MARKER

    study = ll.open_study(args.study).apply(*arguments.joined_ids(args.apply))
    year = study.settings.base_year if args.year is None else args.year
    folder = args.output or _default_folder(study, year)
    check_folder(folder, marker=MARKER)
    with TerminalProgress() as progress:
        announce_compilation(progress)
        result = ll.solve(
            study, year=year, relative_gap=args.gap, threads=args.threads, progress=progress, doing=progress
        )
        progress("writing the result")
        result.save(folder)
    if args.json:
        printing.say_json({"ok": _converged(result), "result": folder, **_facts(result)})
    else:
        _say_result(result)
        printing.say(f"Result: {folder}")
        printing.say("Next: " + printing.command_line("landlink", "report", folder, "-o", "report.html"))
    return 0 if _converged(result) else 1


def _demo(args: argparse.Namespace) -> int:
    from landlink.results.result import MARKER

    study = ll.open_study(_DEMO_STUDY)
    for scenario in study.settings.scenarios:
        check_folder(_DEMO_FOLDER / scenario.id, marker=MARKER)
    results: list[Result] = []
    folders: list[Path] = []
    for scenario in study.settings.scenarios:
        folder = _DEMO_FOLDER / scenario.id
        with TerminalProgress(prefix=scenario.title) as progress:
            announce_compilation(progress)
            result = ll.solve(
                study.apply(*scenario.apply),
                year=scenario.year,
                progress=progress,
                doing=progress,
                label=scenario.title,
                start=results[-1] if results else None,
            )
            result.save(folder)
        results.append(result)
        folders.append(folder)
        if not args.json:
            printing.say(f"{scenario.title}: {_certificate(result)} -> {folder}")
    report = (_DEMO_FOLDER / "report.html").resolve()
    with TerminalProgress(prefix="report") as progress:
        swings = sensitivity_of(results[-1], progress) if args.sensitivity else None
        progress("writing it")
        ll.report(results, report, sensitivity=swings, scoreboard=scoreboard_of(results))
    if args.json:
        facts = [{"result": folder, **_facts(result)} for folder, result in zip(folders, results, strict=True)]
        printing.say_json({"ok": all(map(_converged, results)), "results": facts, "report": report})
    else:
        _say_demo(folders, report)
    return 0 if all(map(_converged, results)) else 1


def _say_demo(folders: Sequence[Path], report: Path) -> None:
    printing.say()
    if len(folders) > 1:
        printing.say("Compare them: " + printing.command_line("landlink", "compare", *folders))
    printing.say("Make your own: landlink init my-study")
    printing.say("Open the report in a browser:")
    printing.say(str(report))


def _default_folder(study: Study, year: int) -> Path:
    return Path("results") / "-".join([study.settings.id, str(year), *study.measures])


def _converged(result: Result) -> bool:
    return bool(result.provenance["converged"])


def _certificate(result: Result) -> str:
    facts = result.provenance
    missed = "" if _converged(result) else f" (MISSED the {facts['target_gap']:.1e} asked for)"
    memory = facts["peak_memory_mb"]
    told = [f"relative gap {facts['relative_gap']:.1e}{missed}", f"{facts['iterations']} iterations"]
    told += [f"{facts['seconds']:.1f} s"] + ([f"{memory:.0f} MB"] if memory is not None else [])
    return ", ".join(told)


def _say_result(result: Result) -> None:
    facts = result.provenance
    measures = ", ".join(measure["name"] for measure in facts["measures"])
    printing.say(f"{facts['title']}, {facts['year']}{', with ' + measures if measures else ''}")
    printing.say(_certificate(result))
    printing.say()
    names = place_names([result])
    shown = headlines(result.indicators)
    rows = [
        (str(name), printing.number(float(value)), str(unit), place_of(str(name), names))
        for name, value, unit in zip(shown["indicator"], shown["value"], shown["unit"], strict=True)
    ]
    printing.say(printing.grid(rows, headers=("indicator", "value", "unit", ""), right=(1,)))
    printing.say()
    for note in facts["notes"]:
        printing.say(f"Note: {note}")


def _facts(result: Result) -> dict[str, Any]:
    """What a machine gets of a result: its provenance and every indicator."""
    columns = result.indicators[["indicator", "value", "unit"]]
    return {"provenance": result.provenance, "indicators": columns.to_dict("records")}
