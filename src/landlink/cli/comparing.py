"""``landlink compare``: what changed most between results."""

from __future__ import annotations

import argparse
import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING

import landlink as ll
from landlink.cli import arguments, printing
from landlink.cli.arguments import Verbs
from landlink.cli.ensembles import change_intervals
from landlink.cli.headlines import largest_changes, link_names, place_names, place_of
from landlink.cli.notes import said_once
from landlink.cli.outputs import add_output, checked_output
from landlink.core.countries import country_name
from landlink.core.errors import suggestion
from landlink.core.languages import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from landlink.results.result import Result

#: Letters that stand for results in column headers; more would not fit on a screen.
_SIGNS = "ABCDEFGH"


def add_verb(verbs: Verbs) -> None:
    """Register ``compare``."""
    parser = arguments.add_verb(
        verbs,
        "compare",
        _compare,
        summary="compare the indicators of results",
        description="Compare the indicators of two or more results; the first is the base.\n"
        "Leads with what changed most; ask for indicators by name, with * for any text, or by the name of a place.",
        example="landlink compare results/base results/railway\n"
        "landlink compare results/base results/railway --indicator 'crossing.*[TORU*' --indicator 'total.*'\n"
        "landlink compare results/base results/railway --indicator torugart --json\n"
        "landlink compare results/base results/railway -o comparison.xlsx",
    )
    parser.add_argument("results", metavar="DIR", nargs="+", type=Path, help="result folders, the base first")
    parser.add_argument(
        "--indicator",
        metavar="NAME",
        action="append",
        help="indicators to show, or a place that they name; * stands for any text; may be given several times",
    )
    parser.add_argument("--all", action="store_true", help="show every indicator that changes")
    add_output(parser, help="also write an Excel workbook (.xlsx): summary with charts, then every figure")
    parser.add_argument("--language", choices=LANGUAGES, default="en", help="language of the workbook (en)")


def _compare(args: argparse.Namespace) -> int:
    from landlink.indicators.amounts import compared_in_both
    from landlink.results.changes import changed_rows
    from landlink.results.compare import columns_of_values, labels_of, open_lazily

    if not 2 <= len(args.results) <= len(_SIGNS):
        raise ll.InputError(f"compare needs at least two results, the base first, and at most {len(_SIGNS)}")
    results = [open_lazily(folder) for folder in args.results]
    # One rate for all, so that changes are not those of the rate.
    table = compared_in_both(ll.compare(*results), results[0].currency)
    columns, labels = columns_of_values(results), labels_of(results)
    changed = changed_rows(table, columns)
    shown = _chosen(table, changed, columns, args, results)
    book = _workbook(shown, args, results)
    if args.json:
        _say_json(shown, columns, labels, args, results)
        return 0
    for sign, label, folder in zip(_SIGNS, labels, args.results, strict=False):
        printing.say(f"{sign}  {label}  ({folder})")
    printing.say()
    _say_comparison(shown, columns, results)
    left_out = len(changed) - len(shown)
    if left_out > 0 and not args.indicator:
        printing.say(["", f"{left_out:,} more indicators change: --all shows every one, --indicator 'od.*' some."])
    notes = said_once([result.provenance.presentation.notes for result in results], _SIGNS, link_names(results[0]))
    printing.say(["", *notes] if notes else [])
    if book is not None:
        printing.say(f"Workbook: {book}")
    return 0


def _workbook(shown: pd.DataFrame, args: argparse.Namespace, results: Sequence[Result]) -> Path | None:
    """Write the workbook, if one is asked for."""
    if args.output is None:
        return None
    from landlink.report.comparison_workbook import COMPARISON_BOOK, comparison_workbook

    target = checked_output(args, args.output, COMPARISON_BOOK)
    # With --json every row is shown, which is no summary.
    rows = None if args.json and not args.indicator else shown
    return comparison_workbook(results, target, language=args.language, shown=rows, force=args.force)


def _say_json(
    shown: pd.DataFrame, columns: list[str], labels: list[str], args: argparse.Namespace, results: Sequence[Result]
) -> None:
    """Print the rows with the labels of the results as names of their values."""
    named = dict(zip(columns, labels, strict=True))
    for prefix in ("change ", "change_pct "):
        named |= {prefix + column: prefix + label for column, label in zip(columns, labels, strict=True)}
    rows = shown.rename(columns=named).to_dict("records")
    indicators = [{"indicator": name, **row} for name, row in zip(shown.index, rows, strict=True)]
    notes = [result.provenance.presentation.notes for result in results]
    printing.say_json({"ok": True, "results": args.results, "labels": labels, "notes": notes, "indicators": indicators})


def _chosen(
    table: pd.DataFrame,
    changed: pd.DataFrame,
    columns: list[str],
    args: argparse.Namespace,
    results: Sequence[Result],
) -> pd.DataFrame:
    """Select rows by name, else all that change, else the largest changes; with ``--json``, every row."""
    if args.indicator:
        return _asked_for(table, args.indicator, columns, results)
    if args.json:
        return table
    return changed if args.all else largest_changes(changed, columns)


def _asked_for(table: pd.DataFrame, patterns: list[str], columns: list[str], results: Sequence[Result]) -> pd.DataFrame:
    """Rows that match any pattern, in the order of the table; refuse patterns that match nothing."""
    import pandas as pd

    names, wanted, computed = list(map(str, table.index)), set[str](), []
    places: dict[str, str] = {}
    for pattern in patterns:
        found = {name for name in names if _matches(name, pattern)}
        offered = _by_name_only(pattern, results[0], listed=not found)
        if further := [name for name in offered if name not in names and name not in wanted]:
            computed += [row for name in further if (row := _computed(name, columns, results)) is not None]
            wanted |= {*found, *further}
            continue
        if not found and (row := _computed(pattern, columns, results)) is not None:
            computed.append(row)
            continue
        if not found:
            places = places or _words(names, results)
            found = {name for name in names if pattern.strip("*").lower() in places.get(name, "").lower()}
        if not found:
            raise ll.UnknownNameError(f"no indicator matches {pattern}{_near(pattern, names)}")
        wanted |= found
    rows = table[[name in wanted for name in names]]
    return pd.concat([rows, *computed]) if computed else rows


def _by_name_only(pattern: str, result: Result, *, listed: bool) -> list[str]:
    """Indicators of places that match a pattern, of kinds that the table of indicators leaves out, or of all kinds."""
    from landlink.indicators.registry import INDICATORS

    begin = pattern.partition("*")[0].partition("[")[0]
    if "*" not in pattern or "." not in begin:
        return []
    kinds = [one for one in INDICATORS.values() if one.name.startswith(begin) and (listed or not one.listed)]
    named = (one.with_arguments(*places) for one in kinds for places in one.places(result.view))
    return [name for name in named if _matches(name, pattern)]


def _computed(pattern: str, columns: list[str], results: Sequence[Result]) -> pd.DataFrame | None:
    """Row of an indicator that is available by name only; ``None`` if it is none."""
    import pandas as pd

    from landlink.indicators.expressions import parse_expression
    from landlink.results.changes import notes_of

    try:
        unit = parse_expression(pattern).unit.text
    except ll.UnknownNameError:
        return None
    values = [result.indicator(pattern) for result in results]
    row = pd.DataFrame([values], index=[pattern], columns=columns).assign(unit=unit)
    return row.assign(note=notes_of(row, columns))


def _words(names: Sequence[str], results: Sequence[Result]) -> dict[str, str]:
    """Names of the places of indicators that have any."""
    places = place_names(results)
    return {name: words for name in names if (words := place_of(name, places))}


def _near(pattern: str, names: Sequence[str]) -> str:
    """Suggest indicators, with the place of the pattern if there is one, that were probably meant."""
    head, bracket, inside = pattern.strip("*").partition("[")
    kinds = list(dict.fromkeys(name.partition("[")[0] for name in names))
    if not bracket:
        told = suggestion(head, kinds)
        return f"; {told}" if told else ""
    if any(_matches(name, f"{pattern}*") for name in names):
        return f"; did you mean '{pattern}*'?"
    first = inside.strip("*]").partition(",")[0]
    near_kind = [kind for kind in kinds if fnmatch.fnmatchcase(kind, head)]
    known = {name.partition("[")[2].rstrip("]").partition(",")[0] for name in names if _is_of(name, near_kind)}
    begins = first.casefold()
    of_country = [code for code in sorted(known - {""}) if begins and country_name(code).casefold().startswith(begins)]
    if of_country and near_kind:
        return f"; did you mean '{head}[{of_country[0]}*'?"
    told = suggestion(first, sorted(known - {""})) if near_kind else suggestion(head, kinds)
    return f"; {told}" if told.startswith("did you mean") else ""


def _is_of(name: str, kinds: Sequence[str]) -> bool:
    return name.partition("[")[0] in kinds


def _matches(name: str, pattern: str) -> bool:
    # A bracket is part of an indicator's name, not a character class.
    return fnmatch.fnmatchcase(name, pattern.replace("[", "[[]"))


def _say_comparison(table: pd.DataFrame, columns: list[str], results: Sequence[Result]) -> None:
    """Print the indicators; figures that another equilibrium would give differently have a mark."""
    from landlink.results.changes import is_change
    from landlink.results.determinacy import MARK, Determinacy

    if table.empty:
        printing.say("No indicator changes.")
        return
    rows, names = [], place_names(results)
    determined = [Determinacy(result.tables) for result in results]
    intervals = change_intervals(results, list(map(str, table.index)))
    shown = table[["unit", "note", *columns]]
    for place, (indicator, unit, note, *values) in enumerate(shown.itertuples(name=None)):
        marks = ["" if one.holds(str(indicator)) else MARK for one in determined]
        numbers = [mark + printing.number(float(value)) for mark, value in zip(marks, values, strict=True)]
        scale = (1.0 if unit == "%" else 100.0) if is_change(str(indicator)) else 0.0
        changes = [
            printing.points(scale * float(values[0]), scale * float(value))
            if scale
            else printing.change(float(values[0]), float(value))
            for value in values[1:]
        ]
        changes += [column[place] for column in intervals]
        words = "; ".join(filter(None, (place_of(str(indicator), names), str(note))))
        rows.append((str(indicator), *numbers, *changes, str(unit), words))
    signs = list(_SIGNS[: len(columns)])
    heads = ("indicator", *signs, *(f"{signs[0]} to {sign}" for sign in signs[1:]))
    heads += tuple(f"{sign} - {signs[0]}, P10 to P90" for sign in signs[1:] if intervals)
    heads += ("unit", "")
    printing.say(printing.grid(rows, headers=heads, right=range(1, len(heads) - 2)))
    if any(MARK in cell for row in rows for cell in row):
        printing.say(f"{MARK} another equilibrium with the same costs gives another figure")
