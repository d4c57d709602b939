"""``landlink statement``: from the text of a programme to a register of commitments and a scoreboard."""

from __future__ import annotations

import argparse
import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any

import landlink as ll
from landlink.cli import arguments, printing, scoring
from landlink.cli.arguments import Verbs
from landlink.core.atomic_files import check_file

if TYPE_CHECKING:
    from landlink.statement.clause import Reading
    from landlink.statement.register import Register

_REGISTER_HELP = "register of commitments, a YAML file"


def add_verbs(verbs: Verbs) -> None:
    """Register ``statement`` and its own commands."""
    parser = verbs.add_parser(
        "statement",
        help="read a signed text into commitments, review them, score them",
        description="From the text of a programme to a register of commitments that a person reviews, and to a\n"
        "scoreboard of what keeps them. Nothing counts before a named person has accepted it.",
        epilog="example:\n  landlink statement read statement.txt -o register.yaml\n"
        "  landlink statement review register.yaml --source statement.txt -o review.html\n"
        "  landlink statement check register.yaml --source statement.txt\n"
        "  landlink statement score china-kyrgyzstan",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    own = parser.add_subparsers(title="commands", metavar="WHAT", dest="what", required=True)
    _add_read(own)
    _add_review(own)
    _add_check(own)
    scoring.add_score(own)


def _add_read(verbs: Verbs) -> None:
    parser = arguments.add_verb(
        verbs,
        "read",
        _read,
        summary="read a text into a draft register",
        description="Read a joint statement in Arabic, Chinese, Russian or English into a draft register of\n"
        "commitments: each clause with its place in the text, its strength, topics, parties and numbers.\n"
        "Review every clause: a draft counts for nothing.",
        example="landlink statement read statement.txt -o register.yaml --issued 2022-02-06",
    )
    parser.add_argument("text", metavar="FILE", type=Path, help="the text, UTF-8")
    parser.add_argument(
        "-o", "--output", metavar="FILE", type=Path, default=Path("register.yaml"), help="register (register.yaml)"
    )
    parser.add_argument("--study", metavar="STUDY", help="study whose projects, crossings and places the text may name")
    parser.add_argument("--lexicons", metavar="DIR", type=Path, help="tables of your own that add to the built-in ones")
    _add_encoding(parser)
    parser.add_argument("--title", metavar="TEXT", help="what the text is called")
    parser.add_argument("--issued", metavar="DATE", type=_day, help="day it was issued, such as 2022-02-06")


def _add_encoding(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--encoding", metavar="NAME", help="encoding of the text (UTF-8)")


def _add_check(verbs: Verbs) -> None:
    parser = arguments.add_verb(
        verbs,
        "check",
        _check,
        summary="list every problem of a register",
        description="Check a register: its fields, the places and numbers of its clauses, its indicators; with the\n"
        "text also that each quotation stands where it says; with a study also the study's names.",
        example="landlink statement check register.yaml --source statement.txt --study china-kyrgyzstan",
    )
    parser.add_argument("register", metavar="REGISTER", type=Path, help=_REGISTER_HELP)
    parser.add_argument("--source", metavar="FILE", type=Path, help="the text it was read from")
    _add_encoding(parser)
    parser.add_argument("--study", metavar="STUDY", help=arguments.STUDY_HELP)


def _add_review(verbs: Verbs) -> None:
    parser = arguments.add_verb(
        verbs,
        "review",
        _review,
        summary="write the page on which a register is reviewed",
        description="Write one HTML file with the text and its clauses side by side. It works offline, by keyboard:\n"
        "j and k move, a accepts, r rejects, e edits the indicator, s saves the register.",
        example="landlink statement review register.yaml --source statement.txt -o review.html",
    )
    parser.add_argument("register", metavar="REGISTER", type=Path, help=_REGISTER_HELP)
    parser.add_argument("--source", metavar="FILE", type=Path, required=True, help="the text it was read from")
    _add_encoding(parser)
    parser.add_argument(
        "-o", "--output", metavar="FILE", type=Path, default=Path("review.html"), help="file to write (review.html)"
    )
    parser.add_argument("--language", metavar="LANGUAGE", default="en", help="language of the page (en)")


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is not a date such as 2022-02-06") from None


def _read(args: argparse.Namespace) -> int:
    from landlink.statement.reading_quality import quality_lines
    from landlink.statement.register_draft import draft

    check_file(args.output, (".yaml", ".yml"))
    study = ll.open_study(args.study) if args.study else None
    given = {"gazetteer": study} if study else {}
    reading = reading_of(args.text, args.encoding, lexicons=args.lexicons, **given)
    measures = study.tables["measure"].set_index("measure_id")["name"].to_dict() if study else None
    register = draft(reading, title=args.title, issued=args.issued, measures=measures)
    register.save(args.output)
    quality = quality_lines(reading.language)
    facts = _counts(register) | {"sentences": len(reading.sentences), "language": reading.language}
    if args.json:
        printing.say_json({"ok": True, "register": args.output, "quality": quality, **facts})
        return 0
    printing.say(f"{args.text}: {facts['language']}, {facts['sentences']:,} sentences, {facts['clauses']:,} clauses")
    printing.say(f"{facts['hard']:,} hard commitments, {facts['flagged']:,} clauses flagged; review needed for all")
    for line in quality:
        printing.say(line)
    printing.say(f"Register: {args.output}")
    review = ("landlink", "statement", "review", args.output, "--source", args.text, "-o", "review.html")
    printing.say("Next: " + printing.command_line(*review))
    return 0


def _review(args: argparse.Namespace) -> int:
    from landlink.report.review import review
    from landlink.statement.register import open_register

    check_file(args.output, (".html",))
    register = open_register(args.register)
    reading = reading_of(args.source, args.encoding)
    written = review(
        register,
        reading.text,
        args.output,
        sha256=reading.sha256,
        language=args.language,
        name=args.register.name,
    )
    if args.json:
        printing.say_json({"ok": True, "page": written.resolve(), **_counts(register)})
    else:
        printing.say(f"Review page: {written.resolve()}")
    return 0


def _check(args: argparse.Namespace) -> int:
    from landlink.statement.register import open_register
    from landlink.statement.register_check import check_register

    register = open_register(args.register)
    reading = reading_of(args.source, args.encoding) if args.source else None
    problems = check_register(
        register,
        text=reading.text if reading else None,
        sha256=reading.sha256 if reading else None,
        study=ll.open_study(args.study) if args.study else None,
        name=args.register.name,
    )
    if problems:
        raise ll.InputError(problems)
    facts = _counts(register)
    if args.json:
        printing.say_json({"ok": True, "problems": [], **facts})
        return 0
    printing.say(f"{args.register}: no problems found")
    told = ", ".join(f"{facts[name]:,} {name}" for name in ("clauses", "hard", "accepted", "draft", "rejected"))
    printing.say(told + f"; {facts['unclassified']:,} sentences without a clause")
    if not args.source:
        printing.say("Give the text with --source to hold the quotations against it.")
    return 0


def reading_of(path: Path, encoding: str | None = None, **options: Any) -> Reading:
    """Read a text file; options that are not given are left to the reader."""
    from landlink.statement.reading import read

    try:
        content = path.read_bytes()
    except OSError as error:
        raise ll.InputError(ll.Problem(str(path), f"cannot be read: {error.strerror or error}")) from None
    given = {name: value for name, value in {"encoding": encoding, **options}.items() if value is not None}
    return read(content, **given)


def _counts(register: Register) -> dict[str, Any]:
    clauses = register.clauses
    return {
        "clauses": len(clauses),
        "hard": sum(entry.hard for entry in clauses),
        "accepted": sum(entry.counts for entry in clauses),
        "draft": sum(entry.status == "draft" for entry in clauses),
        "rejected": sum(entry.status == "rejected" for entry in clauses),
        "flagged": sum(bool(entry.flags) for entry in clauses),
        "unclassified": len(register.unclassified),
    }
