"""``landlink statement export``: a register as an Excel workbook or a Word document."""

from __future__ import annotations

import argparse
from pathlib import Path

from landlink.cli import arguments, printing
from landlink.cli.arguments import Verbs
from landlink.cli.outputs import add_output, checked_output

__all__ = ["add_export", "is_office_file"]

_OFFICE = (".xlsx", ".docx")


def is_office_file(path: Path) -> bool:
    """Whether a file name asks for a workbook or a document."""
    return path.suffix.lower() in _OFFICE


def add_export(verbs: Verbs) -> None:
    """Register ``export``."""
    parser = arguments.add_verb(
        verbs,
        "export",
        _export,
        summary="write a register as an Excel workbook or a Word document",
        description="Write a register with its decisions, reviewers, suggestions and later events for Excel or Word.\n"
        "Word needs python-docx: pip install 'landlink[documents]'.",
        example="landlink statement export register.yaml -o register.xlsx\n"
        "landlink statement export register.yaml -o register.docx --language ar",
    )
    parser.add_argument("register", metavar="REGISTER", type=Path, help="register of commitments, a YAML file")
    add_output(parser, default=Path("register.xlsx"), help="file to write: .xlsx or .docx (default: register.xlsx)")
    parser.add_argument("--language", metavar="LANGUAGE", default="en", help="language of the headings (default: en)")


def _export(args: argparse.Namespace) -> int:
    from landlink.report.statement_export import STATEMENT_FILE, export_register
    from landlink.statement.register import open_register

    checked_output(args, args.output, STATEMENT_FILE)
    register = open_register(args.register)
    written = export_register(register, args.output, language=args.language, force=args.force)
    if args.json:
        printing.say_json({"ok": True, "output": written.resolve(), "clauses": len(register.clauses)})
    else:
        printing.say(f"Register: {written.resolve()}")
    return 0
