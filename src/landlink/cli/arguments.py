"""Arguments that several commands share, read and checked in one way."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TypeAlias

#: What ``add_subparsers`` gives: where each group of commands registers its own.
Verbs: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001 -- it has no public name

#: What a command does: takes its arguments, returns the exit code.
Command = Callable[[argparse.Namespace], int]

STUDY_HELP = "name of a bundled study, such as china-kyrgyzstan, or a study folder"


def add_verb(
    verbs: Verbs, name: str, command: Command, *, summary: str, description: str, example: str
) -> argparse.ArgumentParser:
    """Register one command.

    Parameters
    ----------
    verbs
        Where commands are registered.
    name
        What is typed.
    command
        What it does.
    summary
        One line for the list of commands.
    description
        What ``--help`` says first.
    example
        Command lines shown at the end of ``--help``, one a line.

    Returns
    -------
    argparse.ArgumentParser
        To add arguments to; ``--json`` is there already.
    """
    lines = "\n".join(f"  {line}" for line in example.strip().splitlines())
    parser: argparse.ArgumentParser = verbs.add_parser(
        name,
        help=summary,
        description=description,
        epilog=f"example:\n{lines}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--json", action="store_true", help="print one JSON document, for machines")
    parser.set_defaults(command=command)
    return parser


def ids(text: str) -> list[str]:
    """Read a list of ids apart by commas; blanks around them do not count."""
    return [part.strip() for part in text.split(",") if part.strip()]


def joined_ids(lists: list[list[str]] | None) -> list[str]:
    """One list of ids from an option that may be given several times."""
    return [name for part in lists or [] for name in part]


def positive_number(text: str) -> float:
    """Read a finite number above zero."""
    value = float(text)
    if not 0 < value < float("inf"):
        raise argparse.ArgumentTypeError(f"{text} is not a number above 0")
    return value


def number_from_zero(text: str) -> float:
    """Read a finite number, 0 or above."""
    value = float(text)
    if not 0 <= value < float("inf"):
        raise argparse.ArgumentTypeError(f"{text} is not a number from 0")
    return value


def positive_integer(text: str) -> int:
    """Read a whole number above zero."""
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a whole number above 0")
    return value


# argparse names these in its messages: "invalid number value: 'x'".
positive_number.__name__ = number_from_zero.__name__ = "number"
positive_integer.__name__ = "whole number"
