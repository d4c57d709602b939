"""``landlink statement``: turn the text of a programme into a register of commitments and a scoreboard."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import landlink as ll
from landlink.cli import (
    arguments,
    merging,
    printing,
    scoring,
    serving,
    statement_compare,
    statement_exports,
)
from landlink.cli.arguments import Verbs
from landlink.cli.outputs import add_output, checked_output
from landlink.cli.program import command_line

if TYPE_CHECKING:
    from landlink.statement.clause import Reading
    from landlink.statement.register import Register

_REGISTER_HELP = "register of commitments, a YAML file"
_SOURCE_HELP = "text beside the register, or the file from which it was read"


def add_verbs(verbs: Verbs) -> None:
    """Register ``statement`` and its own commands."""
    parser = verbs.add_parser(
        "statement",
        help="read a programme's text into commitments, review and score them",
        description="Read the text of a programme into a register of commitments, review it, and score the\n"
        "commitments against scenarios and observations. Nothing counts until a named person has accepted it.",
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
    merging.add_merge(own)
    _add_check(own)
    scoring.add_score(own)
    statement_compare.add_compare(own)
    statement_compare.add_track(own)
    statement_exports.add_export(own)


def _add_read(verbs: Verbs) -> None:
    parser = arguments.add_verb(
        verbs,
        "read",
        _read,
        summary="read a text into a draft register",
        description="Read a joint statement in Arabic, Chinese, Russian or English into a draft register of\n"
        "commitments: each clause with its position in the text, its strength, topics, parties and numbers.\n"
        "Review every clause: drafts do not count.",
        example="landlink statement read statement.txt -o register.yaml --issued 2022-02-06",
    )
    parser.add_argument(
        "text",
        metavar="FILE",
        type=Path,
        help="statement: a PDF with a text layer, DOCX, HTML or plain text",
    )
    add_output(parser, default=Path("register.yaml"), help="register to write (default: register.yaml)")
    parser.add_argument("--study", metavar="STUDY", help="study whose projects, crossings and places are recognised")
    parser.add_argument(
        "--lexicons", metavar="DIR", type=Path, help="folder of lexicon tables that extend the built-in ones"
    )
    _add_encoding(parser)
    parser.add_argument("--title", metavar="TEXT", help="title of the text")
    parser.add_argument("--issued", metavar="DATE", type=_day, help="date of issue, such as 2022-02-06")


def _add_encoding(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--encoding", metavar="NAME", help="encoding of the text (default: UTF-8)")


def _add_check(verbs: Verbs) -> None:
    parser = arguments.add_verb(
        verbs,
        "check",
        _check,
        summary="list all problems of a register",
        description="Check the fields, spans, numbers and indicators of a register. With --source, also check that\n"
        "the quotations match the text; with --study, that the study has every name that the register uses.",
        example="landlink statement check register.yaml --source statement.txt --study china-kyrgyzstan",
    )
    parser.add_argument("register", metavar="REGISTER", type=Path, help=_REGISTER_HELP)
    parser.add_argument("--source", metavar="FILE", type=Path, help=_SOURCE_HELP)
    _add_encoding(parser)
    parser.add_argument("--base", metavar="FILE", type=Path, help="draft from which it was reviewed: no text is lost")
    parser.add_argument("--study", metavar="STUDY", help=arguments.STUDY_HELP)


def _add_review(verbs: Verbs) -> None:
    parser = arguments.add_verb(
        verbs,
        "review",
        _review,
        summary="write or serve a page for reviewing a register",
        description="Write one HTML file with the text and its clauses side by side. It works offline and by\n"
        "keyboard: j and k move, a accepts, r rejects, x splits, u undoes, s saves a copy of the register.\n"
        "With --serve, the page is served on this machine alone, and saves to the register itself.",
        example="landlink statement review register.yaml --source statement.txt -o review.html\n"
        "landlink statement review register.yaml --source statement.txt --serve",
    )
    parser.add_argument("register", metavar="REGISTER", type=Path, help=_REGISTER_HELP)
    parser.add_argument("--source", metavar="FILE", type=Path, required=True, help=_SOURCE_HELP)
    _add_encoding(parser)
    add_output(parser, help="file to write (default: review.html)")
    parser.add_argument(
        "--study",
        metavar="STUDY",
        help="study whose indicators can be chosen (default: the one in whose folder the register lies)",
    )
    parser.add_argument("--serve", action="store_true", help="serve the page on this machine; it saves to the register")
    parser.add_argument("--port", metavar="N", type=serving.port, help="port to serve on (default: any that is free)")
    parser.add_argument(
        "--no-browser", dest="browser", action="store_false", help="with --serve, open no browser; print the address"
    )
    parser.add_argument("--language", metavar="LANGUAGE", default="en", help="language of the page (default: en)")


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"invalid date {text!r}; allowed: a date such as 2022-02-06") from None


def _read(args: argparse.Namespace) -> int:
    from landlink.core.atomic_files import write_text
    from landlink.statement.language_detection import UNKNOWN, name_of
    from landlink.statement.lexicon import LANGUAGES
    from landlink.statement.reading_quality import quality_lines
    from landlink.statement.register import REGISTER, SOURCE_TEXT
    from landlink.statement.register_draft import draft_register
    from landlink.tables.frames import texts

    checked_output(args, args.output, REGISTER)
    study = ll.open_study(args.study) if args.study else None
    given = {"gazetteer": study} if study else {}
    reading = reading_of(args.text, args.encoding, lexicons=args.lexicons, **given)
    measure = study.tables["measure"] if study else None
    measures = None if measure is None else dict(zip(texts(measure, "measure_id"), texts(measure, "name"), strict=True))
    register = draft_register(reading, title=args.title, issued=args.issued, measures=measures)
    source, document = args.text, reading.document
    if document is not None and (document.format != "text" or reading.text != document.text):
        source = checked_output(args, _text_beside(args.output, args.text), SOURCE_TEXT)
        write_text(source, reading.text)
    register.save(args.output, force=args.force)
    quality = quality_lines(reading.language)
    facts = _counts(register) | {"sentences": len(reading.sentences), "language": reading.language}
    unread = Counter(sentence.language for sentence in reading.sentences if sentence.language not in LANGUAGES)
    if args.json:
        printing.say_json(
            {"ok": True, "register": args.output, "text": source} | {"quality": quality, "unread": unread, **facts}
        )
        return 0
    printing.say(f"{args.text}: {facts['language']}, {facts['sentences']:,} sentences, {facts['clauses']:,} clauses")
    printing.say(f"{facts['hard']:,} hard commitments, {facts['flagged']:,} clauses flagged; all need review")
    for language, count in unread.most_common():
        what = "a language" if language == UNKNOWN else f"{name_of(language)},"
        printing.say(f"Not read: {count:,} sentences in {what} which is not supported")
    if reading.layout:
        printing.say(f"Lines: {reading.layout}")
    for line in quality:
        printing.say(line)
    printing.say(f"Register: {args.output}")
    if source != args.text:
        printing.say(f"Text: {source} (as it was read: the offsets of the register are into it)")
    review = ["landlink", "statement", "review", args.output, "--source", source, "-o", "review.html"]
    review += ["--study", args.study] if args.study else []
    printing.say("Next: " + command_line(*review))
    return 0


def _text_beside(register: Path, given: Path) -> Path:
    """Where the text of a register stands: under its name, unless the file that was read has that name."""
    from landlink.statement.register import READ_TEXT

    beside = register.with_suffix(".txt")
    return register.with_name(register.stem + READ_TEXT) if beside.resolve() == given.resolve() else beside


def _review(args: argparse.Namespace) -> int:
    from landlink.report.review import REVIEW, review
    from landlink.statement.documents import source_text
    from landlink.statement.register import open_register

    if args.serve:
        if args.output is not None:
            raise ll.InputError(ll.Problem("-o", "not together with --serve", allowed="one of the two"))
        return serving.serve(args, reading_of(args.source, args.encoding), serving.study_of(args))
    output = checked_output(args, args.output or Path("review.html"), REVIEW)
    register = open_register(args.register)
    text, sha256 = source_text(args.source, register.source.sha256, encoding=args.encoding)
    study = serving.study_of(args)
    written = review(
        register,
        text,
        output,
        sha256=sha256,
        language=args.language,
        name=args.register.name,
        study=study,
        force=args.force,
    )
    if args.json:
        printing.say_json({"ok": True, "page": written.resolve(), **_counts(register)})
    else:
        printing.say(f"Review page: {written.resolve()}")
        serving.say_study(study)
    return 0


def _check(args: argparse.Namespace) -> int:
    from landlink.statement.documents import source_text
    from landlink.statement.register import open_register
    from landlink.statement.register_check import check_register

    try:
        register = open_register(args.register)
    except ll.InputError:
        if (args.source or args.study or args.base) and not args.json:
            later = "Checks against the text, the draft and the study follow once these problems are mended."
            printing.say(later, sys.stderr)
        raise
    text, sha256 = None, None
    if args.source:
        text, sha256 = source_text(args.source, register.source.sha256, encoding=args.encoding)
    problems = check_register(
        register,
        text=text,
        sha256=sha256,
        study=ll.open_study(args.study) if args.study else None,
        name=args.register.name,
    )
    problems += _lost(args, register, text)
    if problems:
        raise ll.InputError(problems)
    facts = _counts(register)
    if args.json:
        printing.say_json({"ok": True, "problems": [], **facts})
        return 0
    printing.say(f"{args.register}: no problems found")
    counts = ", ".join(f"{facts[name]:,} {name}" for name in ("clauses", "hard", "accepted", "draft", "rejected"))
    printing.say(counts + f"; {facts['unclassified']:,} sentences without a clause")
    if not args.source:
        printing.say("Add --source to check the quotations against the text.")
    return 0


def _lost(args: argparse.Namespace, register: Register, text: str | None) -> list[ll.Problem]:
    """Find text of the draft that the register lost: of the draft given, or of what the rules make of the text."""
    from landlink.core.version import VERSION
    from landlink.statement.register import open_register
    from landlink.statement.text_coverage import lost_text

    if args.base is not None:
        return lost_text(register, open_register(args.base), args.register.name)
    if text is None or register.source.read_by != f"landlink {VERSION}, rules":
        return []
    return lost_text(register, ll.statement.read(text), args.register.name)


def reading_of(path: Path, encoding: str | None = None, **options: Any) -> Reading:
    """Read a text or document; options that are None are left to their defaults."""
    from landlink.statement.documents import read_file

    given = {name: value for name, value in {"encoding": encoding, **options}.items() if value is not None}
    return read_file(path, **given)


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
