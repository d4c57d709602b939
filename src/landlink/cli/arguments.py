"""Arguments shared by several commands, and their parsing."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Iterable
from datetime import date
from typing import TYPE_CHECKING, Any, NoReturn, TypeAlias

from landlink.cli import printing

if TYPE_CHECKING:
    from _typeshed import SupportsWrite

from landlink.core.errors import suggestion
from landlink.core.languages import LANGUAGES

#: Return type of ``add_subparsers``, to which each group of commands adds its own.
Verbs: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001 -- it has no public name

#: Implementation of a command: takes its arguments, returns the exit code.
Command = Callable[[argparse.Namespace], int]

#: Largest number of threads.
MOST_THREADS = 1024

STUDY_HELP = "name of a bundled study, such as china-kyrgyzstan, or a study folder"


class Parser(argparse.ArgumentParser):
    """A parser whose messages are printed like all others: safe, and not lost in silence."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the arguments, and end."""
        self.print_usage(sys.stderr)
        message += self._meant_option(message)
        printing.say(f"{self.prog}: error: {message}", sys.stderr)
        self.exit(2)

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Parse arguments, and keep them to know which verb an unknown option was given to."""
        self._given = list(sys.argv[1:] if args is None else args)
        return super().parse_known_args(args, namespace)

    def _meant_option(self, message: str) -> str:
        """Options that were probably meant by one that is unknown, of the verb that was given."""
        unknown = re.search(r"unrecognized arguments: .*?(--[\w-]+)", message)
        if unknown is None:
            return ""
        near = suggestion(unknown[1], sorted(_options(self, self._given)))
        return f"; {near}" if near.startswith("did you mean") else ""

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        """Suggest the choice that was probably meant."""
        if action.choices is not None and value not in action.choices:
            known = [str(choice) for choice in action.choices]
            near = suggestion(str(value), known)
            meant = f"{near} " if near.startswith("did you mean") else ""
            told = f"{meant}choose from {', '.join(known)}"
            raise argparse.ArgumentError(action, f"invalid choice: {str(value)!r} ({told})")

    def _print_message(self, message: str, file: SupportsWrite[str] | None = None) -> None:
        asked_for = file is sys.stdout
        printing.say(message.removesuffix("\n").split("\n"), sys.stdout if asked_for else sys.stderr)


def _options(parser: argparse.ArgumentParser, words: Iterable[str]) -> set[str]:
    """Options of a parser and of the verbs that were given to it."""
    given = set(words)
    found = {option for action in parser._actions for option in action.option_strings}  # noqa: SLF001
    for action in parser._actions:  # noqa: SLF001
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            for name in given.intersection(action.choices):
                found |= _options(action.choices[name], given)
    return found


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
        The command's parser, with ``--json`` and ``--progress`` already added.
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
    parser.add_argument("--progress", action="store_true", help="report progress in lines where there is no terminal")
    parser.set_defaults(command=command)
    return parser


def add_unreachable(parser: argparse._ActionsContainer, meaning: str) -> None:
    """Add the option for demand that has no route to a command or a group of its options."""
    parser.add_argument("--unreachable", choices=("refuse", "drop"), default="refuse", help=meaning)


def add_languages(parser: argparse.ArgumentParser, what: str = "the page") -> None:
    """Add the options for the language of a page, or of something else that is written, and for that of its names."""
    known = ", ".join(LANGUAGES)
    parser.add_argument("--language", metavar="LANGUAGE", default="en", help=f"language of {what}: {known} (en)")
    parser.add_argument(
        "--names",
        metavar="LANGUAGE",
        default="",
        help=f"language of names, also one that the study declares (that of {what})",
    )


def day(text: str) -> date:
    """Parse a date, such as 2024-06-03."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is not a date such as 2024-06-03") from None


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
    value = _whole(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a whole number above 0")
    return value


def thread_count(text: str) -> int:
    """Parse a number of threads: more than some for each processor of the largest machines only cost memory."""
    value = positive_integer(text)
    if value > MOST_THREADS:
        raise argparse.ArgumentTypeError(f"{text} is not a number of threads from 1 to {MOST_THREADS:,}")
    return value


def whole_number(text: str) -> int:
    """Parse a whole number."""
    return _whole(text)


def seed(text: str) -> int:
    """Parse the seed of random draws: a whole number from 0 on."""
    value = whole_number(text)
    if value < 0:
        raise argparse.ArgumentTypeError(f"{text!r} is no seed: give a whole number from 0 on")
    return value


def _whole(text: str) -> int:
    if not re.fullmatch(r"\s*[+-]?[0-9]{1,18}\s*", text):
        raise ValueError
    return int(text)


# argparse uses these names in its messages: "invalid number value: 'x'".
positive_number.__name__ = number_from_zero.__name__ = "number"
positive_integer.__name__ = thread_count.__name__ = whole_number.__name__ = "whole number"
