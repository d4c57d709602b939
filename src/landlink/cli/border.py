"""Commands ``landlink border simulate`` and ``landlink border recover``."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import landlink as ll
from landlink.cli import arguments, printing
from landlink.cli.arguments import Verbs
from landlink.cli.border_cases import Case, add_case_options, cases_of, direction_names
from landlink.cli.border_fit import add_fit
from landlink.cli.border_tables import (
    explained_holdups,
    inactive_measures,
    labels_in_words,
    recovery_facts,
    say_recovery,
    say_simulation,
    simulation_facts,
)
from landlink.cli.compiling import showing_compilation
from landlink.cli.outputs import add_output, checked_output
from landlink.core.file_names import as_file_name
from landlink.core.languages import LANGUAGES
from landlink.core.progress import Progress

if TYPE_CHECKING:
    import pandas as pd

    from landlink.border.crossing import Crossing
    from landlink.border.simulate import Simulation
    from landlink.study import Study

_STUDY = "china-kyrgyzstan"


def add_verbs(verbs: Verbs) -> None:
    """Register ``border`` and its subcommands."""
    parser = verbs.add_parser("border", help="simulate a border crossing, or plan its recovery to full traffic")
    group = parser.add_subparsers(title="commands", metavar="VERB", dest="border_verb", required=True)
    _add_simulate(group)
    _add_recover(group)
    add_fit(group)


def _add_simulate(verbs: Verbs) -> None:
    parser = arguments.add_verb(
        verbs,
        "simulate",
        _simulate,
        summary="simulate a crossing stage by stage",
        description="Simulate a crossing that has stages. Prints throughput, times and waits by stage, and writes a\n"
        "page. With --against, --against-scenario or --against-apply two cases are compared with the same random\n"
        "arrivals. Vehicles come as they were counted; with --scenario, as that scenario of the study sends them.\n"
        "Without STUDY, the crossing is one of the study in the working directory: the directory itself, or the\n"
        f"only study in it. If there is none, it is one of the bundled study {_STUDY}.",
        example="landlink border simulate torugart\n"
        "landlink border simulate torugart --start 2023-07-03 --against 2024-07-01\n"
        "landlink border simulate torugart --scenario base-2030 --against-scenario cku-2030\n"
        "landlink border simulate my-study GATE --days 56 -o gate.html",
    )
    parser.add_argument("where", metavar="[STUDY] CROSSING", nargs="+", help="crossing, and the study that it is in")
    add_case_options(parser)
    parser.add_argument("--days", metavar="N", type=arguments.positive_integer, default=28, help="days that count (28)")
    parser.add_argument(
        "--load", metavar="F", type=arguments.positive_number, default=1.0, help="factor on all arrivals (1)"
    )
    parser.add_argument(
        "--replications", metavar="N", type=arguments.positive_integer, default=10, help="replications (10)"
    )
    parser.add_argument(
        "--validate", action="store_true", help="also compare the model with observations there; takes minutes"
    )
    _add_common(parser, "CROSSING.html")


def _add_recover(verbs: Verbs) -> None:
    parser = arguments.add_verb(
        verbs,
        "recover",
        _recover,
        summary="plan the recovery of crossings to full traffic",
        description="Find the cheapest and the earliest package of measures with which crossings reach a throughput,\n"
        "within a limit of infectious entries. The catalogue is every measure of the study with lead_days.\n"
        "Exit code 1 if the target cannot be met, with the binding constraint.",
        example=f"landlink border recover {_STUDY} --date 2020-11-15 \\\n"
        '  --target "torugart+irkeshtam >= 300/day" --max-entries 1/week',
    )
    parser.add_argument("study", metavar="STUDY", help=arguments.STUDY_HELP)
    parser.add_argument("--target", metavar="TEXT", required=True, help='such as "torugart+irkeshtam >= 300/day"')
    parser.add_argument("--max-entries", metavar="RATE", help="limit of infectious entries, such as 1/week (no limit)")
    parser.add_argument(
        "--date",
        metavar="DATE",
        type=arguments.day,
        help="day of the decision, whose rules apply (1 June of the base year)",
    )
    parser.add_argument(
        "--horizon-days",
        metavar="N",
        type=arguments.positive_number,
        default=365.0,
        help="days over which running costs count (365)",
    )
    parser.add_argument(
        "--apply", metavar="A,B", type=arguments.ids, action="append", help="measures that are in effect anyway"
    )
    _add_common(parser, "recovery.html")


def _add_common(parser: argparse.ArgumentParser, page: str) -> None:
    add_output(parser, help=f"page to write ({page})")
    parser.add_argument("--language", choices=LANGUAGES, default="en", help="language of the page (en)")
    parser.add_argument("--threads", metavar="N", type=arguments.thread_count, help="threads to use (all cores)")


def _simulate(args: argparse.Namespace) -> int:
    from landlink.border.waits import crossing_waits
    from landlink.report.border_page import BORDER_PAGE, BorderFacts, border_page

    study, crossing = _found(args)
    page = checked_output(args, args.output or Path(f"{as_file_name(crossing.crossing_id.lower())}.html"), BORDER_PAGE)
    with showing_compilation() as progress:
        cases = cases_of(args, study, crossing.crossing_id, progress)
        labels = [one.label for one in cases]
        found = [_simulated(one, args, _prefixed(progress, one.label)) for one in cases]
        holdups = explained_holdups(study, found, labels, args.threads, progress)
        year = cases[0].day.year
        waits = crossing_waits(cases[0].crossing, year=year, threads=args.threads or 2, progress=progress)
        validation = _validated(study, crossing, progress) if args.validate else None
    title = _title(study, crossing.crossing_id, args.language)
    names = _stage_names(study, crossing, args.language)
    facts = BorderFacts(
        title,
        labels_in_words(study, cases, args.language),
        found[0],
        found[1] if len(found) > 1 else None,
        waits,
        validation=validation,
        stage_names=names,
        first_days=tuple(one.day for one in cases),
        direction_names=direction_names(study, crossing.crossing_id, args.language),
        models=tuple(one.model for one in cases),
        holdups=holdups,
        inactive=inactive_measures(cases, args.language),
    )
    border_page(facts, page, language=args.language, force=args.force)
    told = list(zip(cases, found, holdups, strict=True))
    # The terminal speaks English; only the page is in another language.
    title, names = _title(study, crossing.crossing_id, "en"), _stage_names(study, crossing, "en")
    ways = direction_names(study, crossing.crossing_id, "en")
    idle = inactive_measures(cases, "en")
    if args.json:
        facts_by_case = {one.label: simulation_facts(made, one, holdup) for one, made, holdup in told}
        facts_of_study = {"study": study.settings.id, "crossing": crossing.crossing_id}
        printing.say_json({"ok": True, **facts_of_study, "cases": facts_by_case, "page": page})
        return 0
    for (one, made, holdup), measures in zip(told, idle, strict=True):
        case = f": {one.label}" if len(cases) > 1 else ""
        printing.say(f"{title} ({study.settings.id}), {args.days} days from {one.day.isoformat()}{case}")
        printing.say(one.traffic(_arrivals(made), ways))
        printing.say([f"“{name}” is not in force in {year} and changes nothing here." for name, year in measures])
        say_simulation(made, names, ways, holdup)
    if cases[0].model is None and study.scenarios:
        named = next(iter(study.scenarios))
        printing.say(f"With the traffic that a scenario sends there, as in reports: --scenario {named}")
    printing.say(f"Page: {page}")
    return 0


def _arrivals(simulation: Simulation) -> float:
    """Vehicles that arrive a day, both directions."""
    from landlink.tables.frames import row_of

    flows = simulation.throughput().set_index(["direction", "vehicle_class", "outcome"])
    return float(row_of(flows, ("*", "*", "arrived"))["per_day"])


def _found(args: argparse.Namespace) -> tuple[Study, Crossing]:
    """Open the study and find the crossing."""
    if len(args.where) > 2:
        raise ll.InputError(
            ll.Problem(
                "", "too many names", value=" ".join(args.where), allowed="a crossing, or a study and a crossing"
            )
        )
    *named, place = args.where
    here = None if named else study_here()
    study = ll.open_study(named[0] if named else here or _STUDY)
    try:
        return study, ll.crossing(study, place)
    except ll.UnknownNameError as error:
        if here is None:
            raise
        message = "only the study in the working directory was searched"
        allowed = f"a study before the crossing, such as {_STUDY}"
        raise ll.UnknownNameError(
            [*error.problems, ll.Problem("", message, value=str(here), allowed=allowed)]
        ) from None


def study_here() -> Path | None:
    """Find the study in the working directory: the directory itself, or the only study in it.

    Raises
    ------
    InputError
        The directory has several studies.
    """
    from landlink.study.settings import FILE_NAME

    here = Path()
    if (here / FILE_NAME).is_file():
        return here
    found = sorted(path.parent for path in here.glob(f"*/{FILE_NAME}") if path.is_file())
    if len(found) > 1:
        names = ", ".join(str(folder) for folder in found)
        message = "the working directory has several studies; name the one that is meant before the crossing"
        raise ll.InputError(ll.Problem("", message, value=names, allowed="landlink border simulate STUDY CROSSING"))
    return found[0] if found else None


def _prefixed(progress: Progress, prefix: str) -> Progress:
    return lambda what, done: progress(f"{prefix}: {what}", done)


def _simulated(case: Case, args: argparse.Namespace, progress: Progress) -> Simulation:
    # The hours of a result are those of weeks that begin without a queue. Else a warm-up of whole weeks, so that weeks
    # of the simulation begin on the weekday of its first day.
    return case.crossing.simulate(
        start=case.day, days=args.days, warm_up_days=7 if case.model is None else 0,
        replications=args.replications, load=args.load,
        vehicles_per_day=None if case.model is None else case.model.vehicles_per_day,
        threads=args.threads, progress=progress,
    )  # fmt: skip


def _validated(study: Study, crossing: Crossing, progress: Progress) -> pd.DataFrame:
    from landlink.border.validation import validate

    rows = study.tables["observation"]
    here = rows[[crossing.crossing_id in text.split(";") for text in rows["crossing_id"]]]
    return validate(study, observations=here["observation_id"].tolist(), progress=progress)


def _title(study: Study, crossing_id: str, language: str) -> str:
    rows = study.tables["crossing"].set_index("crossing_id").loc[[crossing_id]].iloc[0]
    return str(rows[f"name_{language}"] or rows["name"] or crossing_id)


def _stage_names(study: Study, crossing: Crossing, language: str) -> dict[str, str]:
    stage = study.tables["stage"]
    here = stage[(stage["crossing_id"] == crossing.crossing_id) & (stage["family"] == crossing.family)]
    columns = zip(here["stage_id"], here[f"name_{language}"], here["name"], strict=True)
    return {str(name): str(own or plain or name) for name, own, plain in columns}


def _recover(args: argparse.Namespace) -> int:
    import math

    from landlink.border.recovery import RecoveryOptions, recover
    from landlink.border.recovery_target import parse_limit, parse_target
    from landlink.report.border_page import BORDER_PAGE, BorderFacts, border_page

    study = ll.open_study(args.study).apply(*arguments.joined_ids(args.apply))
    target = parse_target(args.target, study)
    limit = parse_limit(args.max_entries) if args.max_entries else math.inf
    day = args.date or date(study.settings.base_year, 6, 1)
    page = checked_output(args, args.output or Path("recovery.html"), BORDER_PAGE)
    options = RecoveryOptions(day, limit, args.horizon_days, study.settings.seed, args.threads)
    with showing_compilation() as progress:
        found = recover(study, target, options, progress=progress)
    names = " + ".join(_title(study, crossing, args.language) for crossing in target.crossings)
    border_page(BorderFacts(names, [], recovery=found), page, language=args.language, force=args.force)
    if args.json:
        printing.say_json(recovery_facts(found) | {"page": page})
    else:
        say_recovery(found, names)
        printing.say(f"Page: {page}")
    return 0 if found.feasible else 1
