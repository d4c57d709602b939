"""``landlink statement compare`` and ``track``: statements against one another, and over the years."""

from __future__ import annotations

import argparse
import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

from landlink.cli import arguments, printing
from landlink.cli.arguments import Verbs
from landlink.cli.outputs import add_output, checked_output

if TYPE_CHECKING:
    from landlink.statement.comparison import Comparison, ComparisonLine
    from landlink.statement.track_table import Track, TrackedCommitment
    from landlink.tables.destinations import OutputFile

#: Longest text of a clause in a printed table.
_WIDTH = 44
_PAGE = ".html"
_LANGUAGE_HELP = "language of the page (default: en)"


def add_compare(verbs: Verbs) -> None:
    """Register ``compare``."""
    parser = arguments.add_verb(
        verbs,
        "compare",
        _compare,
        summary="compare two registers clause by clause",
        description="Compare two registers: of the same parties at different dates, or of two programmes. Shows what\n"
        "is new, dropped, unchanged, hardened, softened or contradictory, also across languages. Pairs of clauses are\n"
        "found by similarity; a file of pairs corrects them.",
        example="landlink statement compare 2022.yaml 2025.yaml\n"
        "landlink statement compare 2022.yaml 2025.yaml --pairs pairs.csv -o comparison.html --language ru\n"
        "landlink statement compare 2022.yaml 2025.yaml -o comparison.xlsx",
    )
    parser.add_argument("before", metavar="BEFORE", type=Path, help="earlier register, or that of one programme")
    parser.add_argument("after", metavar="AFTER", type=Path, help="later register, or that of the other programme")
    parser.add_argument(
        "--pairs", metavar="FILE", type=Path, help="CSV file with the columns before and after that corrects pairs"
    )
    add_output(parser, help="file to write: .html for a page, or .csv, .xlsx or .json")
    parser.add_argument("--language", metavar="LANGUAGE", default="en", help=_LANGUAGE_HELP)


def add_track(verbs: Verbs) -> None:
    """Register ``track``."""
    parser = arguments.add_verb(
        verbs,
        "track",
        _track,
        summary="follow commitments through the registers of several summits",
        description="Follow each commitment through a folder of dated registers: when it was stated, restated,\n"
        "hardened, softened or dropped, when it is due, and whether reviewers found it kept. The folder may also\n"
        "hold pairs.csv, status.csv and scoreboards in JSON.",
        example="landlink statement track programme --date 2026-06-30\n"
        "landlink statement track programme --overdue -o track.html\n"
        "landlink statement track programme -o track.csv",
    )
    parser.add_argument("registers", metavar="DIR", type=Path, help="folder of dated registers")
    parser.add_argument("--pairs", metavar="FILE", type=Path, help="file of pairs (default: pairs.csv of the folder)")
    parser.add_argument(
        "--date", metavar="DATE", type=_day, help="day of the status (default: latest day of a register or finding)"
    )
    parser.add_argument("--overdue", action="store_true", help="print overdue commitments only")
    add_output(parser, help="file to write: .html for a page, or .csv, .xlsx or .json")
    parser.add_argument("--language", metavar="LANGUAGE", default="en", help=_LANGUAGE_HELP)


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"invalid date {text!r}; allowed: a date such as 2026-06-30") from None


def _check(args: argparse.Namespace, page: OutputFile, table: OutputFile) -> None:
    """Refuse an output that cannot be written, before anything is read."""
    from landlink.report.words import Words

    Words(args.language)
    if args.output is not None:
        checked_output(args, args.output, _either(page, table) if not _is_page(args.output) else page)


def _either(page: OutputFile, table: OutputFile) -> OutputFile:
    """A table, with the ending of the page among those that are allowed."""
    from landlink.tables.destinations import OutputFile

    return OutputFile(table.name, (*page.suffixes, *table.suffixes), table.wrote)


def _is_page(path: Path) -> bool:
    return path.suffix.lower() == _PAGE


def _compare(args: argparse.Namespace) -> int:
    from landlink.report.comparison_page import COMPARISON_PAGE, comparison_page
    from landlink.statement.comparison import COMPARISON, compare
    from landlink.statement.pairs_file import open_pairs
    from landlink.statement.track_folder import open_registers

    _check(args, COMPARISON_PAGE, COMPARISON)
    # Two files of one name, in two folders, are two registers.
    opened = open_registers({"before": args.before, "after": args.after})
    pairs = open_pairs(args.pairs, opened["before"], opened["after"]) if args.pairs else ()
    found = compare(opened["before"], opened["after"], pairs=pairs)
    if args.output is not None and _is_page(args.output):
        comparison_page(found, args.output, language=args.language, force=args.force)
    elif args.output is not None:
        found.save(args.output, force=args.force)
    if args.json:
        printing.say_json({"ok": True, "output": args.output, **found.as_dict()})
        return 0
    _say_comparison(found)
    if args.output is not None:
        printing.say(["", f"Comparison: {args.output}"])
    return 0


def _say_comparison(found: Comparison) -> None:
    for label, register in (("before", found.before), ("after", found.after)):
        issued = register.source.issued
        parties = " ".join(register.parties)
        title = register.source.title or "untitled"
        when = issued.isoformat() if issued else "undated"
        printing.say(f"{label:6}  {title}, {when}, {len(register.clauses):,} clauses, parties {parties or 'unknown'}")
    printing.say(", ".join(f"{count:,} {kind}" for kind, count in found.counts.items()))
    headers = ("kind", "before", "after", "alike", "changes", "clause")
    printing.say(["", *printing.grid([_comparison_row(line) for line in found.lines], headers=headers, right=(3,))])
    if found.conflicts:
        printing.say(["", "Further contradictions, between clauses that do not correspond:"])
        printing.say(f"  {one} and {other}" for one, other in found.conflicts)
    dates = [register.source.issued for register in (found.before, found.after)]
    if dates[0] is not None and dates[1] is not None and dates[1] < dates[0]:
        printing.say(["", "Note: the first register is dated later than the second."])


def _comparison_row(line: ComparisonLine) -> list[str]:
    from landlink.statement.clause_features import clause_text
    from landlink.statement.summary_display import fitted

    changes = [change.what.replace("_", " ") for change in line.changes]
    if line.kind in ("new", "dropped"):
        near = line.nearest
        changes = [f"nearest {near.id} ({near.similarity:.2f})" if near else "nothing similar"]
    alike = "by hand" if line.by_hand else "" if line.similarity is None else f"{line.similarity:.2f}"
    return [
        line.kind,
        line.before.id if line.before else "–",
        line.after.id if line.after else "–",
        alike,
        ", ".join(changes),
        fitted(" ".join(clause_text(line.entry).split()), _WIDTH),
    ]


def _track(args: argparse.Namespace) -> int:
    from landlink.report.track_page import TRACK_PAGE, track_page
    from landlink.statement.track_folder import open_track
    from landlink.statement.track_table import TRACK
    from landlink.statement.tracking import track

    _check(args, TRACK_PAGE, TRACK)
    folder = open_track(args.registers, pairs=args.pairs)
    found = track(folder.registers, pairs=folder.pairs, findings=folder.findings, date=args.date)
    if args.output is not None and _is_page(args.output):
        track_page(found, args.output, language=args.language, force=args.force)
    elif args.output is not None:
        found.save(args.output, force=args.force)
    if args.json:
        printing.say_json({"ok": True, "output": args.output, **found.as_dict()})
        return 0
    _say_track(found, overdue=args.overdue)
    if args.output is not None:
        printing.say(["", f"Track: {args.output}"])
    return 0


def _say_track(found: Track, *, overdue: bool) -> None:
    for name, register in found.registers.items():
        printing.say(f"{register.source.issued}  {name}: {register.source.title or 'untitled'}")
    counted = ", ".join(f"{count:,} {status.replace('_', ' ')}" for status, count in found.counts.items() if count)
    printing.say([f"At {found.date}: {counted or 'no commitments'}", ""])
    days = [str(register.source.issued) for register in found.registers.values()]
    rows = [_track_row(found, one) for one in found.commitments if one.overdue or not overdue]
    printing.say(printing.grid(rows, headers=("commitment", "status", "due", *days, "clause")))


def _track_row(found: Track, one: TrackedCommitment) -> list[str]:
    from landlink.statement.clause_features import clause_text
    from landlink.statement.summary_display import fitted

    cells = []
    for name in found.registers:
        kinds = [event.kind for event in one.events if event.register == name and event.kind not in ("due", "finding")]
        cells.append("resumed" if "resumed" in kinds else kinds[-1] if kinds else "–")
    deadline = one.deadline.isoformat() if one.deadline else "–"
    text = fitted(" ".join(clause_text(one.entry).split()), _WIDTH)
    return [one.id, one.status.replace("_", " "), deadline, *cells, text]
