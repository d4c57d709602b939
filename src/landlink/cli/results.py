"""Commands for results: ``landlink compare``, ``report`` and ``export``."""

from __future__ import annotations

import argparse
import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING

import landlink as ll
from landlink.cli import arguments, printing
from landlink.cli.arguments import Verbs
from landlink.cli.ensembles import change_intervals
from landlink.cli.headlines import largest_changes, place_names, place_of
from landlink.cli.outputs import add_output, checked_output
from landlink.cli.scoreboards import scoreboard_of
from landlink.cli.sensitivity import sensitivity_of
from landlink.core.progress import TerminalProgress

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from landlink.results.result import Result

_FORMATS = ("gpkg", "parquet", "csv", "xlsx")

#: Letters that stand for results in column headers; more would not fit on a screen.
_SIGNS = "ABCDEFGH"

#: Relative change below which a change is regarded as rounding.
_ROUNDING = 1e-12


def add_verbs(verbs: Verbs) -> None:
    """Register ``compare``, ``report`` and ``export``."""
    _add_compare(verbs)
    _add_report(verbs)
    _add_export(verbs)


def _add_compare(verbs: Verbs) -> None:
    parser = arguments.add_verb(
        verbs,
        "compare",
        _compare,
        summary="compare the indicators of results",
        description="Compare the indicators of two or more results; the first is the base.\n"
        "Shows totals, modes, and the crossings and countries that change most; ask for others by name.",
        example="landlink compare results/base results/railway\n"
        "landlink compare results/base results/railway --indicator 'od.time_h[*' --json",
    )
    parser.add_argument("results", metavar="DIR", nargs="+", type=Path, help="result folders, the base first")
    parser.add_argument(
        "--indicator", metavar="NAME", action="append", help="indicators to show; * stands for any text"
    )
    parser.add_argument("--all", action="store_true", help="show every indicator that changes")


def _add_report(verbs: Verbs) -> None:
    parser = arguments.add_verb(
        verbs,
        "report",
        _report,
        summary="write one HTML file that works offline",
        description="Write one HTML file about one or more results; the first is the base.\n"
        "It is self-contained: it can be mailed, printed, and opened on a phone. With --brief, its first page only, which\n"
        "prints on one page of A4; an installed Chromium, Chrome or Edge prints it to PDF.",
        example="landlink report results/base results/railway -o report.html\n"
        "landlink report results/base results/railway --brief -o brief.pdf\n"
        "landlink report results/base results/railway -o report.html --sensitivity",
    )
    parser.add_argument("results", metavar="DIR", nargs="+", type=Path, help="result folders, the base first")
    add_output(parser, default=Path("report.html"), help="file to write (report.html)")
    arguments.add_languages(parser)
    parser.add_argument("--brief", action="store_true", help="the first page only; FILE may be a .pdf")
    parser.add_argument(
        "--sensitivity",
        action="store_true",
        help="include a sensitivity analysis of the last result; solves it some 20 times more",
    )
    parser.add_argument(
        "--register", metavar="FILE", type=Path, help="register of commitments to score (the study's own, if any)"
    )


def _add_export(verbs: Verbs) -> None:
    parser = arguments.add_verb(
        verbs,
        "export",
        _export,
        summary="write a result for QGIS, Excel or other programs",
        description="Write the tables of a result for other programs: gpkg for QGIS, parquet (GeoParquet), csv,\n"
        "or xlsx for Excel.",
        example="landlink export results/base --to gpkg",
    )
    parser.add_argument("result", metavar="DIR", type=Path, help="result folder")
    parser.add_argument("--to", choices=_FORMATS, required=True, help="format")
    add_output(parser, metavar="PATH", help="file, or folder for parquet and csv (next to the result)")


def _compare(args: argparse.Namespace) -> int:
    from landlink.indicators.amounts import compared_in_both

    if not 2 <= len(args.results) <= len(_SIGNS):
        raise ll.InputError(f"compare needs at least two results, the base first, and at most {len(_SIGNS)}")
    results = [ll.open_result(folder) for folder in args.results]
    # One rate for all, so that changes are not those of the rate.
    table = compared_in_both(ll.compare(*results), results[0].currency)
    labels = [str(column) for column in table.columns[1 : 1 + len(results)]]
    shown = _chosen(table, labels, args)
    if args.json:
        notes = [result.provenance.presentation.notes for result in results]
        rows = [{"indicator": name, **row} for name, row in zip(shown.index, shown.to_dict("records"), strict=True)]
        printing.say_json({"ok": True, "results": args.results, "labels": labels, "notes": notes, "indicators": rows})
        return 0
    for sign, label, folder in zip(_SIGNS, labels, args.results, strict=False):
        printing.say(f"{sign}  {label}  ({folder})")
    for sign, result in zip(_SIGNS, results, strict=False):
        for note in result.provenance.presentation.notes:
            printing.say(f"Note on {sign}: {note}")
    printing.say()
    _say_comparison(shown, labels, results)
    left_out = len(_changed(table, labels)) - len(shown)
    if left_out > 0 and not args.indicator:
        printing.say(["", f"{left_out:,} more indicators change: --all shows every one, --indicator 'od.*' some."])
    return 0


def _chosen(table: pd.DataFrame, labels: list[str], args: argparse.Namespace) -> pd.DataFrame:
    """Select rows by name, else all that change, else the largest changes; with ``--json``, every row."""
    if args.indicator:
        chosen = table[[_matches(str(name), args.indicator) for name in table.index]]
        if chosen.empty:
            raise ll.UnknownNameError(f"no indicator matches {' or '.join(args.indicator)}")
        return chosen
    if args.json:
        return table
    return _changed(table, labels) if args.all else largest_changes(_changed(table, labels), labels)


def _changed(table: pd.DataFrame, labels: list[str]) -> pd.DataFrame:
    """Indicators that change by more than rounding."""
    import numpy as np

    values = table[labels].to_numpy(dtype=np.float64)
    same = np.isclose(values, values[:, :1], rtol=_ROUNDING, atol=0.0, equal_nan=True)
    return table.iloc[np.flatnonzero(~same.all(axis=1))]


def _say_comparison(table: pd.DataFrame, labels: list[str], results: Sequence[Result]) -> None:
    """Print the indicators; figures that another equilibrium would give differently have a mark."""
    from landlink.results.determinacy import MARK, is_determined

    if table.empty:
        printing.say("No indicator changes.")
        return
    rows, names = [], place_names(results)
    intervals = change_intervals(results, list(map(str, table.index)))
    for place, (indicator, unit, *values) in enumerate(table[["unit", *labels]].itertuples(name=None)):
        marks = ["" if is_determined(str(indicator), result.tables) else MARK for result in results]
        numbers = [mark + printing.number(float(value)) for mark, value in zip(marks, values, strict=True)]
        changes = [printing.change(float(values[0]), float(value)) for value in values[1:]]
        changes += [column[place] for column in intervals]
        rows.append((str(indicator), *numbers, *changes, str(unit), place_of(str(indicator), names)))
    signs = list(_SIGNS[: len(labels)])
    heads = ("indicator", *signs, *(f"{signs[0]} to {sign}" for sign in signs[1:]))
    heads += tuple(f"{sign} - {signs[0]}, P10 to P90" for sign in signs[1:] if intervals)
    heads += ("unit", "")
    printing.say(printing.grid(rows, headers=heads, right=range(1, len(heads) - 2)))
    if any(MARK in cell for row in rows for cell in row):
        printing.say(f"{MARK} another equilibrium with the same costs gives another figure")


def _matches(name: str, patterns: list[str]) -> bool:
    # A bracket is part of an indicator's name, not a character class.
    return any(fnmatch.fnmatchcase(name, pattern.replace("[", "[[]")) for pattern in patterns)


def _report(args: argparse.Namespace) -> int:
    from landlink.report.page import BRIEF, REPORT

    if args.brief and (args.sensitivity or args.register):
        raise ll.InputError("--brief shows neither a sensitivity analysis nor a register: leave those options out")
    results = [ll.open_result(folder) for folder in args.results]
    checked_output(args, args.output, BRIEF if args.brief else REPORT)
    with TerminalProgress() as progress:
        swings = sensitivity_of(results[-1], progress) if args.sensitivity else None
        progress("writing the report")
        board = None if args.brief else scoreboard_of(results, args.register)
        ll.report(
            results,
            args.output,
            language=args.language,
            names=args.names,
            sensitivity=swings,
            scoreboard=board,
            brief=args.brief,
            force=args.force,
        )
    if args.json:
        printing.say_json({"ok": True, "report": args.output.resolve(), "bytes": args.output.stat().st_size})
    else:
        printing.say(f"{'Brief' if args.brief else 'Report'}: {args.output.resolve()}")
    return 0


def _export(args: argparse.Namespace) -> int:
    from landlink.results.export import EXPORTS

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


def _default_export(result: Path, to: str) -> Path:
    folder = result.resolve()
    return folder.parent / (f"{folder.name}.{to}" if to in ("gpkg", "xlsx") else f"{folder.name}-{to}")
