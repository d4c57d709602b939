"""Commands for results: ``landlink report`` and ``export``."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

import landlink as ll
from landlink.cli import arguments, printing
from landlink.cli.arguments import Verbs
from landlink.cli.outputs import add_output, checked_output
from landlink.cli.scoreboards import scoreboard_of
from landlink.cli.sensitivity import sensitivity_of
from landlink.cli.side import REPORTING, side_process
from landlink.core.errors import suggestion
from landlink.core.progress import TerminalProgress

if TYPE_CHECKING:
    from landlink.ensemble.side_process import SideProcess

_FORMATS = ("gpkg", "parquet", "csv", "xlsx")


def add_verbs(verbs: Verbs) -> None:
    """Register ``report`` and ``export``."""
    _add_report(verbs)
    _add_export(verbs)


def _add_report(verbs: Verbs) -> None:
    parser = arguments.add_verb(
        verbs,
        "report",
        _report,
        summary="write one HTML file that works offline",
        description="Write one HTML file about one or more results; the first is the base.\n"
        "It is self-contained: it can be mailed, printed, and opened on a phone. With --brief, its first page only,\n"
        "which prints on one page of A4; an installed Chromium, Chrome or Edge prints it to PDF.",
        example="landlink report results/base results/railway -o report.html\n"
        "landlink report results/base results/railway --brief -o brief.pdf\n"
        "landlink report results/base results/railway -o report.html --sensitivity",
    )
    parser.add_argument("results", metavar="DIR", nargs="+", type=Path, help="result folders, the base first")
    add_output(parser, default=Path("report.html"), help="file to write (report.html)")
    arguments.add_languages(parser)
    parser.add_argument(
        "--country", metavar="COUNTRY", default="", help="answer for this country (code or name): exports, bottleneck"
    )
    parser.add_argument("--brief", action="store_true", help="the first page only; FILE may be a .pdf")
    parser.add_argument(
        "--sensitivity",
        action="store_true",
        help="include a sensitivity analysis of the last result; solves it some 20 times more",
    )
    parser.add_argument(
        "--register", metavar="FILE", type=Path, help="register of commitments to score (the study's own, if any)"
    )
    parser.add_argument(
        "--steps",
        metavar="FILE",
        type=Path,
        help="what `landlink decompose` wrote, to be drawn in the section on trade",
    )
    parser.add_argument(
        "--abatement",
        metavar="FILE",
        type=Path,
        help="what `landlink abatement -o FILE.csv` wrote on top of one of the results, for a section of its own",
    )
    parser.add_argument(
        "--resilience",
        metavar="FILE",
        type=Path,
        nargs="+",
        action="extend",
        default=[],
        help="what `landlink criticality` and `landlink response` wrote as .csv, for the section on security; what"
        " `landlink resilience` wrote has a result, which is a DIR",
    )


def _add_export(verbs: Verbs) -> None:
    parser = arguments.add_verb(
        verbs,
        "export",
        _export,
        summary="write a result for QGIS, Excel or other programs",
        description="Write the tables of a result for other programs: gpkg for QGIS, parquet (GeoParquet), csv,\n"
        "or xlsx for Excel; or its emissions by shipment in the iLEAP data model (ISO 14083).",
        example="landlink export results/base --to gpkg\n"
        "landlink export results/base --ileap footprints.json --from Kashgar --to Bishkek",
    )
    parser.add_argument("result", metavar="DIR", type=Path, help="result folder")
    parser.add_argument(
        "--to",
        metavar="FORMAT|ZONE",
        default="",
        help=f"format: {', '.join(_FORMATS)}; with --ileap, shipments to this zone only",
    )
    add_output(parser, metavar="PATH", help="file, or folder for parquet and csv (next to the result)")
    _add_ileap(parser)


def _add_ileap(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("emissions by shipment")
    group.add_argument(
        "--ileap", metavar="FILE", type=Path, help="write product footprints of the iLEAP data model, .json"
    )
    group.add_argument("--from", dest="origin", metavar="ZONE", default="", help="shipments from this zone only")
    group.add_argument("--commodity", metavar="NAME", default="", help="shipments of this commodity only")
    group.add_argument("--company", metavar="NAME", default="", help="owner of the data (the title of the study)")
    group.add_argument("--activity", metavar="FILE", type=Path, help="write transport activity data too, .json")


def _report(args: argparse.Namespace) -> int:
    if args.brief and (args.sensitivity or args.register or args.steps or args.abatement or args.resilience):
        raise ll.InputError(
            "--brief shows neither a sensitivity analysis, nor a register, steps, a curve or closures: leave them out"
        )
    # The page of a single result is made sooner than another process is ready.
    with side_process(REPORTING, wanted=len(args.results) > 1 and not args.brief) as beside:
        _write_report(args, beside)
    if args.json:
        printing.say_json({"ok": True, "report": args.output.resolve(), "bytes": args.output.stat().st_size})
    else:
        printing.say(f"{'Brief' if args.brief else 'Report'}: {args.output.resolve()}")
    return 0


def _write_report(args: argparse.Namespace, beside: SideProcess | None) -> None:
    from landlink.report.page import BRIEF, REPORT, write_report
    from landlink.report.section_making import Sources
    from landlink.results.compare import open_lazily

    # Tables that the page does not show are not read.
    results = [open_lazily(folder) for folder in args.results]
    checked_output(args, args.output, BRIEF if args.brief else REPORT)
    steps = None
    if args.steps:
        from landlink.analysis.step_file import read_steps

        steps = read_steps(args.steps)
    curve = None
    if args.abatement:
        from landlink.appraisal.abatement_file import read_curve

        curve = read_curve(args.abatement, results[0])
    analyses = None
    if args.resilience:
        from landlink.report.resilience_files import read_resilience_files

        analyses = read_resilience_files(args.resilience)
    with TerminalProgress() as progress:
        swings = sensitivity_of(results[-1], progress) if args.sensitivity else None
        progress("writing the report")
        response = None if analyses is None else analyses.response
        board = None if args.brief else scoreboard_of(results, args.register, response)
        sources = Sources(results, args.language, args.names, swings, board, args.country, steps, curve, analyses)
        write_report(sources, args.output, brief=args.brief, force=args.force, beside=beside)


def _export(args: argparse.Namespace) -> int:
    from landlink.results.export import EXPORTS

    if args.ileap is not None:
        return _export_ileap(args)
    _check_format(args)
    result = ll.open_result(args.result)
    target = checked_output(args, args.output or _default_export(args.result, args.to), EXPORTS[args.to])
    with TerminalProgress() as progress:
        progress(f"writing {target}")
        written = ll.export(result, target, to=args.to, force=args.force)
    if args.json:
        printing.say_json({"ok": True, "written": written})
    else:
        printing.say(f"Wrote {target}")
    return 0


def _check_format(args: argparse.Namespace) -> None:
    """Refuse to go on without a format, or with options of another kind of export."""
    if not args.to:
        raise ll.InputError("give a format with --to, or a file of footprints with --ileap")
    if args.to not in _FORMATS:
        near = suggestion(args.to, _FORMATS)
        meant = f"{near} " if near.startswith("did you mean") else ""
        raise ll.InputError(f"argument --to: invalid choice: {args.to!r} ({meant}choose from {', '.join(_FORMATS)})")
    for name in ("from", "commodity", "company", "activity"):
        if getattr(args, "origin" if name == "from" else name):
            raise ll.InputError(f"--{name} is about shipments: it needs --ileap FILE")


def _export_ileap(args: argparse.Namespace) -> int:
    from landlink.analysis.ileap_export import ACTIVITY_FILE, FOOTPRINT_FILE

    if args.output:
        raise ll.InputError("--ileap names the file to write: leave -o out")
    if args.to in _FORMATS:
        raise ll.InputError(f"with --ileap, --to names a zone: leave out the format {args.to}, or --ileap")
    checked_output(args, args.ileap, FOOTPRINT_FILE)
    if args.activity:
        checked_output(args, args.activity, ACTIVITY_FILE)
    result = ll.open_result(args.result)
    with TerminalProgress() as progress:
        progress(f"writing {args.ileap}")
        ll.export_ileap(
            result,
            args.ileap,
            shipment=(args.origin, args.to, args.commodity),
            company=args.company,
            activity=args.activity,
            force=args.force,
            progress=progress,
        )
    written = [path for path in (args.ileap, args.activity) if path]
    if args.json:
        printing.say_json({"ok": True, "written": [path.resolve() for path in written]})
    else:
        printing.say(f"Wrote {', '.join(map(str, written))}")
    return 0


def _default_export(result: Path, to: str) -> Path:
    folder = result.resolve()
    return folder.parent / (f"{folder.name}.{to}" if to in ("gpkg", "xlsx") else f"{folder.name}-{to}")
