"""``landlink compare``, ``report`` and ``export``: what is done with results."""

from __future__ import annotations

import argparse
import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING

import landlink as ll
from landlink.cli import arguments, printing
from landlink.cli.arguments import Verbs
from landlink.progress import TerminalProgress

if TYPE_CHECKING:
    import pandas as pd

_FORMATS = ("gpkg", "parquet", "csv", "xlsx")
_LANGUAGES = ("en", "ru", "zh", "ky", "ar")

#: Indicators that `compare` shows when none are asked for.
_SHOWN = ("total.*", "mode.*", "country.t*", "crossing.trucks_per_day*", "crossing.trains_per_day*")


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
        summary="set the indicators of results side by side",
        description="Set the indicators of two or more results side by side; the first is the base.\n"
        "Shows totals, modes, countries and crossings that change; ask for others by name.",
        example="landlink compare results/base results/railway\n"
        "landlink compare results/base results/railway --indicator 'od.time_h[*' --json",
    )
    parser.add_argument("results", metavar="DIR", nargs="+", type=Path, help="result folders, the base first")
    parser.add_argument(
        "--indicator", metavar="NAME", action="append", help="indicators to show; * stands for any text"
    )
    parser.add_argument("--all", action="store_true", help="show those that do not change as well")


def _add_report(verbs: Verbs) -> None:
    parser = arguments.add_verb(
        verbs,
        "report",
        _report,
        summary="write one HTML file that works offline",
        description="Write one HTML file about one or more results; the first is the base.\n"
        "It loads nothing from anywhere: mail it, print it, open it on a phone.",
        example="landlink report results/base results/railway -o report.html",
    )
    parser.add_argument("results", metavar="DIR", nargs="+", type=Path, help="result folders, the base first")
    parser.add_argument(
        "-o", "--output", metavar="FILE", type=Path, default=Path("report.html"), help="file to write (report.html)"
    )
    parser.add_argument("--language", choices=_LANGUAGES, default="en", help="language of the report (en)")


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
    parser.add_argument(
        "-o", "--output", metavar="PATH", type=Path, help="file, or folder for parquet and csv (beside the result)"
    )


def _compare(args: argparse.Namespace) -> int:
    if len(args.results) < 2:
        raise ll.InputError("compare needs at least two results, the base first")
    results = [ll.open_result(folder) for folder in args.results]
    table = ll.compare(*results)
    wanted = tuple(args.indicator or _SHOWN)
    table = table[[_matches(str(name), wanted) for name in table.index]]
    if table.empty:
        raise ll.UnknownNameError(f"no indicator matches {', '.join(wanted)}")
    if args.json:
        rows = [{"indicator": name, **row} for name, row in zip(table.index, table.to_dict("records"), strict=True)]
        printing.say_json({"ok": True, "results": args.results, "indicators": rows})
        return 0
    names = [str(column) for column in table.columns[1 : 1 + len(results)]]
    _say_comparison(table, names, keep_all=args.all or bool(args.indicator))
    return 0


def _say_comparison(table: pd.DataFrame, names: list[str], *, keep_all: bool) -> None:
    rows = []
    for indicator, row in table.iterrows():
        values = [float(row[name]) for name in names]
        if keep_all or any(value != values[0] for value in values[1:]):
            changes = [printing.change(values[0], value) for value in values[1:]]
            rows.append((str(indicator), *map(printing.number, values), *changes, str(row["unit"])))
    if not rows:
        printing.say("No indicator changes.")
        return
    heads = ("indicator", *names, *(f"change of {name}" if len(names) > 2 else "change" for name in names[1:]), "unit")
    printing.say(printing.grid(rows, headers=heads, right=range(1, len(heads) - 1)))


def _matches(name: str, patterns: tuple[str, ...]) -> bool:
    # A bracket is part of an indicator's name, not a set of letters.
    return any(fnmatch.fnmatchcase(name, pattern.replace("[", "[[]")) for pattern in patterns)


def _report(args: argparse.Namespace) -> int:
    results = [ll.open_result(folder) for folder in args.results]
    with TerminalProgress() as progress:
        progress("writing the report")
        ll.report(results, args.output, language=args.language)
    if args.json:
        printing.say_json({"ok": True, "report": args.output.resolve(), "bytes": args.output.stat().st_size})
    else:
        printing.say(f"Report: {args.output.resolve()}")
    return 0


def _export(args: argparse.Namespace) -> int:
    result = ll.open_result(args.result)
    target = args.output or _default_export(args.result, args.to)
    with TerminalProgress() as progress:
        progress(f"writing {target}")
        written = ll.export(result, target, to=args.to)
    if args.json:
        printing.say_json({"ok": True, "written": written})
    else:
        printing.say(f"Wrote {target}")
    return 0


def _default_export(result: Path, to: str) -> Path:
    folder = result.resolve()
    return folder.parent / (f"{folder.name}.{to}" if to in ("gpkg", "xlsx") else f"{folder.name}-{to}")
