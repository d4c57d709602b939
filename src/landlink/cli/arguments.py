"""Arguments shared by several commands, and their parsing."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TypeAlias

from landlink.core.languages import LANGUAGES

#: Return type of ``add_subparsers``, to which each group of commands adds its own.
Verbs: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001 -- it has no public name

#: Implementation of a command: takes its arguments, returns the exit code.
Command = Callable[[argparse.Namespace], int]

STUDY_HELP = "name of a bundled study, such as china-kyrgyzstan, or a study folder"


def add_verb(
    verbs: Verbs, name: str, command: Command, *, summary: str, description: str, example: str
) -> argparse.ArgumentParser:
    """Register one command.

    Parameters
    ----------
    verbs
        Registry of commands.
    name
        Name of the command.
    command
        Its implementation.
    summary
        One line for the list of commands.
    description
        First paragraph of ``--help``.
    example
        Command lines shown at the end of ``--help``, one per line.

    Returns
    -------
    argparse.ArgumentParser
        The command's parser, with ``--json`` already added.
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


def add_unreachable(parser: argparse._ActionsContainer, meaning: str) -> None:
    """Add the option for demand that has no route to a command or a group of its options."""
    parser.add_argument("--unreachable", choices=("refuse", "drop"), default="refuse", help=meaning)


def add_languages(parser: argparse.ArgumentParser) -> None:
    """Add the options for the language of a page and for that of its names."""
    known = ", ".join(LANGUAGES)
    parser.add_argument("--language", metavar="LANGUAGE", default="en", help=f"language of the page: {known} (en)")
    parser.add_argument(
        "--names",
        metavar="LANGUAGE",
        default="",
        help="language of names, also one that the study declares (that of the page)",
    )


def ids(text: str) -> list[str]:
    """Parse a comma-separated list of ids; surrounding spaces are ignored."""
    return [part.strip() for part in text.split(",") if part.strip()]


def joined_ids(lists: list[list[str]] | None) -> list[str]:
    """Join the ids of an option that may be given several times."""
    return [name for part in lists or [] for name in part]


def positive_number(text: str) -> float:
    """Parse a finite number above zero."""
    value = float(text)
    if not 0 < value < float("inf"):
        raise argparse.ArgumentTypeError(f"{text} is not a number above 0")
    return value


def number_from_zero(text: str) -> float:
    """Parse a finite number, 0 or more."""
    value = float(text)
    if not 0 <= value < float("inf"):
        raise argparse.ArgumentTypeError(f"{text} is not a number, 0 or more")
    return value


def positive_integer(text: str) -> int:
    """Parse a whole number above zero."""
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a whole number above 0")
    return value


# argparse uses these names in its messages: "invalid number value: 'x'".
positive_number.__name__ = number_from_zero.__name__ = "number"
positive_integer.__name__ = "whole number"
