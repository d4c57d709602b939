"""``landlink statement merge``: merge the registers of several reviewers."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import landlink as ll
from landlink.cli import arguments, printing
from landlink.cli.arguments import Verbs
from landlink.cli.outputs import add_output, checked_output

if TYPE_CHECKING:
    from landlink.statement.register import Register
    from landlink.statement.register_records import Entry, Opinion

#: Longest value of an opinion in the printed table.
_WIDTH = 48


def add_merge(verbs: Verbs) -> None:
    """Register ``merge``."""
    parser = arguments.add_verb(
        verbs,
        "merge",
        _merge,
        summary="merge the registers of several reviewers",
        description="Merge the registers that several reviewers made of one text. What all agree on is taken over.\n"
        "Where they differ, the clause is a draft again and holds who said what, for the review page to settle.\n"
        "With --base, the draft from which they started, a change that only one of them made is taken over too.",
        example="landlink statement merge anna.yaml boris.yaml chen.yaml --base draft.yaml -o merged.yaml",
    )
    parser.add_argument("registers", metavar="REGISTER", type=Path, nargs="+", help="reviewed registers, two or more")
    add_output(parser, default=Path("merged.yaml"), help="register to write (default: merged.yaml)")
    parser.add_argument("--base", metavar="FILE", type=Path, help="draft register from which the reviewers started")


def _merge(args: argparse.Namespace) -> int:
    from landlink.statement.register import REGISTER, open_register
    from landlink.statement.register_check import check_register
    from landlink.statement.register_merge import merge_registers

    checked_output(args, args.output, REGISTER)
    given = {name: open_register(path) for name, path in _named(args.registers).items()}
    base = open_register(args.base) if args.base else None
    problems = [problem for name, register in given.items() for problem in check_register(register, name=name)]
    if problems:
        raise ll.InputError(problems)
    merged = merge_registers(given, base=base)
    merged.save(args.output, force=args.force)
    disputed = [entry for entry in merged.clauses if entry.disagreements]
    facts = {"clauses": len(merged.clauses), "disputed": len(disputed), "agreed": _agreed(merged)}
    if args.json:
        differing = [_as_json(entry, opinion) for entry in disputed for opinion in entry.disagreements]
        printing.say_json({"ok": True, "register": args.output, **facts, "disagreements": differing})
        return 0
    printing.say(f"{len(given)} registers, {facts['clauses']:,} clauses: {facts['agreed']:,} decided by agreement,")
    printing.say(f"{facts['disputed']:,} with disagreements")
    if disputed:
        printing.say(["", *printing.grid(_rows(disputed), headers=("clause", "field", "value", "by", "when")), ""])
    printing.say(f"Register: {args.output}")
    if disputed:
        printing.say("Settle the disagreements on the review page; until then these clauses do not count.")
    return 0


def _named(paths: list[Path]) -> dict[str, Path]:
    """Name each file by its stem, or by its whole path where two have the same stem."""
    if len({path.resolve() for path in paths}) < len(paths):
        given = ", ".join(map(str, paths))
        raise ll.InputError(ll.Problem("REGISTER", "the same file twice", value=given, allowed="different files"))
    stems = [path.stem for path in paths]
    return {path.stem if stems.count(path.stem) == 1 else str(path): path for path in paths}


def _agreed(register: Register) -> int:
    return sum(entry.status != "draft" and not entry.disagreements for entry in register.clauses)


def _rows(entries: list[Entry]) -> Iterator[tuple[str, ...]]:
    for entry in entries:
        shown, field = entry.id, ""
        if any(opinion.field == "clause" for opinion in entry.disagreements):
            # Whether there is such a clause can only be judged by its words.
            yield entry.id, "words", _cut(" ".join((entry.quote or entry.gloss or "").split())), "", ""
            shown = ""
        for opinion in entry.disagreements:
            when = opinion.when.isoformat() if opinion.when else ""
            yield shown, "" if opinion.field == field else opinion.field, _value(opinion), opinion.by, when
            shown, field = "", opinion.field


def _value(opinion: Opinion) -> str:
    from landlink.report.stated_values import shown_value
    from landlink.report.words import Words

    return _cut(shown_value(opinion.value, Words("en")).replace("\u00a0", " ") or "–")


def _cut(text: str) -> str:
    return text if len(text) <= _WIDTH else text[: _WIDTH - 1] + "…"


def _as_json(entry: Entry, opinion: Opinion) -> dict[str, Any]:
    from landlink.statement.register_text import plain

    value = plain(opinion.value, opinion.field)
    return {"clause": entry.id, "field": opinion.field, "value": value, "by": opinion.by, "when": opinion.when}
