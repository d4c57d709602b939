"""``landlink criticality``: which link, crossing or terminal, closed, costs whom how much."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import landlink as ll
from landlink.cli import arguments, printing
from landlink.cli.arguments import Verbs
from landlink.cli.closure_flows import flows_of
from landlink.cli.compiling import compile_for_study, showing_compilation
from landlink.cli.criticality_listing import say_criticality, worst_of
from landlink.cli.outputs import add_output, checked_output
from landlink.cli.pools import add_pool, check_pool, opened_pool
from landlink.trade.modes import TRADE_MODES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from landlink.resilience.criticality_result import Criticality
    from landlink.study.study import Scenario, Study

#: Worst places that are printed.
_SHOWN: Final = 10


def add_verb(verbs: Verbs) -> None:
    """Register ``criticality``."""
    parser = arguments.add_verb(
        verbs,
        "criticality",
        _criticality,
        summary="close every link, crossing and terminal in turn: what it costs, and whom",
        description="Close every link, crossing and terminal that carries freight in turn, each to an equilibrium of\n"
        "its own: what a day of it costs more, what waits, and who loses. Interrupted, the same command with --folder\n"
        "goes on where it stopped.",
        example="landlink criticality china-kyrgyzstan --for KGZ --days 30 --folder closures -o criticality.csv\n"
        "landlink criticality my-study --scenario base-2030 --programme plan-2030 --members 20 --top 5\n"
        "landlink criticality my-study --pairs --above 500 --compare",
    )
    parser.add_argument("study", metavar="STUDY", help=arguments.STUDY_HELP)
    parser.add_argument("--scenario", metavar="NAME", help="scenario of the study (its base year without measures)")
    parser.add_argument("--programme", metavar="NAME", help="scenario with a programme, to compare place by place")
    parser.add_argument(
        "--days", metavar="D", type=arguments.positive_number, help="days of a closure (closure_days of study.toml: 30)"
    )
    parser.add_argument(
        "--country", metavar="COUNTRY", action="append", default=[], help="only places there or on its borders (all)"
    )
    parser.add_argument(
        "--closure", metavar="PLACE", action="append", default=[],
        help="only this place, as hazards name it: crossing:TORU/road, link:RD008; with a list of where its freight"
        " goes (all)",
    )  # fmt: skip
    parser.add_argument(
        "--for",
        metavar="COUNTRY",
        dest="losses_of",
        help="rank by what this country loses (by all loss)",
    )
    parser.add_argument(
        "--pairs", action="store_true", help="close pairs of places too: of the 40 busiest closures, unless --above"
    )
    parser.add_argument(
        "--above", metavar="T", type=arguments.number_from_zero,
        help="tonnes a day above which all places make pairs (those of the 40 busiest closures)",
    )  # fmt: skip
    _add_worst(parser)
    group = parser.add_argument_group("effort")
    group.add_argument("--folder", metavar="DIR", type=Path, help="folder in which finished closures are kept")
    group.add_argument("--gap", metavar="G", type=arguments.positive_number, help="relative gap of each solve")
    add_pool(group, "closures")
    add_output(parser, help="file to write: .csv, .parquet or .xlsx for the table, .svg for the map")
    parser.add_argument(
        "--flows", metavar="FILE", dest="flows_file", type=Path,
        help="file to write with the crossings that freight turns to: .csv or .parquet",
    )  # fmt: skip
    arguments.add_languages(parser)


def _add_worst(parser: argparse.ArgumentParser) -> None:
    """Add the options of the worst places."""
    group = parser.add_argument_group("worst places")
    group.add_argument(
        "--top", metavar="N", type=arguments.positive_integer, default=_SHOWN,
        help=f"worst places to print, and to find more of ({_SHOWN})",
    )  # fmt: skip
    group.add_argument(
        "--members", metavar="N", type=arguments.positive_integer,
        help="members of the posterior ensemble for intervals of losses and ranks (none)",
    )  # fmt: skip
    group.add_argument(
        "--trade", choices=TRADE_MODES, default="fixed", help="how demand responds, for trade that is lost (fixed)"
    )
    group.add_argument(
        "--compare", action="store_true", help="compare with betweenness, and with removal and shortest ways"
    )


def _criticality(args: argparse.Namespace) -> int:
    from landlink.report.words import Words
    from landlink.resilience.closure_flow_schema import CLOSURE_FLOW_FILE
    from landlink.resilience.criticality_schema import CRITICALITY_FILE

    Words(args.language)  # a language that it does not know is refused before anything is solved
    if args.above is not None and not args.pairs:
        raise ll.InputError("--above T goes with --pairs: pairs of places that carry more than T t/day")
    if args.output and args.flows_file and args.output.resolve() == args.flows_file.resolve():
        raise ll.InputError("-o and --flows name the same file")
    check_pool(args)
    for path, kind in ((args.output, CRITICALITY_FILE), (args.flows_file, CLOSURE_FLOW_FILE)):
        if path:
            checked_output(args, path, kind)
    study = ll.open_study(args.study)
    source: Scenario | Study = study.scenario(args.scenario) if args.scenario else study
    programme = study.scenario(args.programme) if args.programme else None
    with showing_compilation() as progress, opened_pool(args) as pool:
        if not study.border_alone:
            compile_for_study(study, progress)
        found = ll.criticality(
            source,
            programme=programme,
            days=args.days,
            pairs=args.pairs,
            pairs_above=args.above,
            countries=_countries(study, args.country),
            closures=args.closure,
            losses_of=_countries(study, [args.losses_of])[0] if args.losses_of else "",
            top=args.top,
            members=args.members,
            trade=args.trade,
            compare=args.compare,
            workers=pool,
            folder=args.folder,
            options=ll.SolverOptions(relative_gap=args.gap),
            progress=progress,
        )
    written = {}
    if args.output:
        found.save(args.output, language=args.language, names=args.names, force=args.force)
        written["written"] = args.output.resolve()
    if args.flows_file:
        found.save_flows(args.flows_file, force=args.force)
        written["flows_written"] = args.flows_file.resolve()
    if args.json:
        printing.say_json({"ok": True, **written, **_facts(found, args.top)})
        return 0
    say_criticality(found, args)
    printing.say(f"Wrote {args.output}" if args.output else "Add -o criticality.csv for all places and countries.")
    if args.flows_file:
        printing.say(f"Wrote {args.flows_file}")
    return 0


def _countries(study: Study, names: Sequence[str]) -> list[str]:
    """Codes of countries that are named by code or name."""
    from landlink.core.countries import country_code
    from landlink.freight.bottleneck_places import study_names

    known = sorted({str(one) for name in ("zone", "node") for one in study.table(name)["country"] if one})
    return [country_code(name, known, study_names(study.tables)) for name in names]


def _facts(found: Criticality, top: int) -> dict[str, Any]:
    table = found.table.astype(object).where(found.table.notna(), None)
    flows = [
        row
        for one in found.scenarios
        for row in flows_of(found, worst_of(found, one.label, top)).to_dict("records")
    ]  # fmt: skip
    return {
        "days": found.days, "trade": found.trade, "notes": list(found.notes), "rows": table.to_dict("records"),
        "scenarios": [one.label for one in found.scenarios], "flows": flows, **_own_facts(found),
    }  # fmt: skip


def _own_facts(found: Criticality) -> dict[str, Any]:
    """Countries and places asked for, and closures ranked by the loss of a country, if one was."""
    asked: dict[str, Any] = {"within": list(found.within), "only": list(found.only)}
    if not found.losses_of:
        return asked
    worst = found.worst().astype(object)
    return {**asked, "for": found.losses_of, "worst": worst.where(worst.notna(), None).to_dict("records")}
