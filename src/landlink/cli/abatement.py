"""``landlink abatement``: what measures abate and what a tonne costs, as a marginal abatement cost curve."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

import landlink as ll
from landlink.cli import arguments, printing
from landlink.cli.arguments import Verbs
from landlink.cli.compiling import compile_for_study, showing_compilation
from landlink.cli.outputs import add_output, checked_output

if TYPE_CHECKING:
    from landlink.appraisal.abatement_curve import AbatementCurve

_MILLION = 1e6


def add_verb(verbs: Verbs) -> None:
    """Register ``abatement``."""
    parser = arguments.add_verb(
        verbs,
        "abatement",
        _abatement,
        summary="rank green measures by the cost of a tonne of CO2e",
        description="Rank measures by what they cost for each tonne of CO2e that they abate on top of those already\n"
        "taken. Every set of measures is solved anew, so that the steps add up to all of them together.",
        example="landlink abatement china-kyrgyzstan --measures freight-exchange,border-post-solar --year 2030\n"
        "landlink abatement my-study --scenario base-2030 --measures a,b,c --rate 6 -o curve.svg\n"
        "landlink abatement my-study --measures a,b,c --scope freight -o curve.xlsx",
    )
    parser.add_argument("study", metavar="STUDY", help=arguments.STUDY_HELP)
    parser.add_argument(
        "--measures", metavar="A,B", type=arguments.ids, action="append", required=True, help="measures of the curve"
    )
    parser.add_argument(
        "--scenario", metavar="NAME", help="scenario on top of whose measures they come (the study without measures)"
    )
    parser.add_argument(
        "--year", metavar="Y", type=arguments.whole_number,
        help="year of emissions and flows (the scenario's, or the last year of the study)",
    )  # fmt: skip
    parser.add_argument(
        "--rate", metavar="PERCENT", type=float, help="discount rate, per cent a year (from study.toml, else 9)"
    )
    parser.add_argument(
        "--scope", choices=("all", "freight"), default="all",
        help="all: with what plants spare other users of their grids; freight: emissions of freight alone (all)",
    )  # fmt: skip
    parser.add_argument("--gap", metavar="G", type=arguments.positive_number, help="relative gap of each solve")
    parser.add_argument("--threads", metavar="N", type=arguments.thread_count, help="threads to use (all cores)")
    add_output(parser, help="file to write: .csv or .xlsx for the table, .svg for the picture, .html for a page")
    arguments.add_languages(parser)


def _abatement(args: argparse.Namespace) -> int:
    from landlink.appraisal.abatement_curve import ABATEMENT_FILE
    from landlink.report.words import Words

    Words(args.language)  # a language that it does not know is refused before anything is solved
    if args.output:
        checked_output(args, args.output, ABATEMENT_FILE)
    study = ll.open_study(args.study)
    source = study.scenario(args.scenario) if args.scenario else study
    with showing_compilation() as progress:
        if not study.border_alone:
            compile_for_study(study, progress)
        curve = ll.abatement_curve(
            source,
            arguments.joined_ids(args.measures),
            year=args.year,
            rate=args.rate,
            scope=args.scope,
            options=ll.SolverOptions(relative_gap=args.gap, threads=args.threads),
            progress=progress,
        )
    if args.output:
        curve.save(args.output, language=args.language, names=args.names, force=args.force)
    if args.json:
        printing.say_json({"ok": True, **_facts(curve), **({"written": args.output.resolve()} if args.output else {})})
        return 0
    _say(curve)
    printing.say(f"Wrote {args.output}" if args.output else "Add -o curve.svg for the picture, .html, .csv or .xlsx.")
    return 0


def _facts(curve: AbatementCurve) -> dict[str, Any]:
    return {
        "year": curve.year, "rate_percent": curve.rate_percent, "scope": curve.scope, "base_t_per_year": curve.base_t,
        "steps": curve.table.to_dict("records"), "notes": list(curve.notes),
    }  # fmt: skip


def _say(curve: AbatementCurve) -> None:
    """Print the steps with the figures of each measure alone, and all together."""
    from landlink.tables.frames import records

    money = curve.money
    million, per_t = money.factor("USD/year") / _MILLION, money.factor("USD/t")
    printing.say(f"{curve.title}: {curve.label}, {curve.year}; {curve.rate_percent:g} % a year")
    printing.say(f"Without the measures: {printing.rough(curve.base_t)} t CO2e a year")
    printing.say()
    heads = (
        "measure",
        "t a year",
        money.unit_of("million USD a year"),
        money.unit_of("USD/t"),
        "alone, t",
        money.unit_of("USD/t"),
    )
    rows = [
        (
            str(row["measure_id"]) or "all together",
            printing.rough(row["abated_t_per_year"]),
            printing.rough(row["net_usd_per_year"] * million),
            printing.rough(row["usd_per_t"] * per_t),
            printing.rough(row["alone_abated_t_per_year"]) if row["measure_id"] else "",
            printing.rough(row["alone_usd_per_t"] * per_t) if row["measure_id"] else "",
        )
        for row in [*records(curve.steps), curve.total]
    ]
    printing.say(printing.grid(rows, headers=heads, right=(1, 2, 3, 4, 5)))
    printing.say()
    for note in curve.notes:
        printing.say(f"Note: {note}")
