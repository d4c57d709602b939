"""Where commands write: the options for it, and the check of every place before anything is computed."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from landlink.tables.destinations import OutputFile, OutputFolder

__all__ = ["add_force", "add_output", "checked_new_folder", "checked_output", "inputs_of"]

#: Arguments that hold what a command writes, and arguments that name studies, which may be folders.
_WRITTEN: Final = frozenset({"output", "folder", "page", "fitted", "ileap", "activity", "flows_file"})
_STUDIES: Final = frozenset({"study", "source", "where"})


def add_output(parser: argparse.ArgumentParser, *, metavar: str = "FILE", **options: Any) -> None:
    """Add ``-o`` and ``--force`` to a command."""
    parser.add_argument("-o", "--output", metavar=metavar, type=Path, **options)
    add_force(parser)


def add_force(parser: argparse._ActionsContainer) -> None:
    """Add ``--force`` to a command or a group of its options."""
    parser.add_argument(
        "--force",
        action="store_true",
        help="replace a file that landlink did not write; never an input, nor a part of a study or result",
    )


def checked_output(args: argparse.Namespace, path: Path, kind: OutputFile | OutputFolder) -> Path:
    """Refuse a place that must not be written to; gives the path as it was.

    Raises
    ------
    OutputError
        The place is an input of the command, part of a study or result, or holds something else.
    """
    from landlink.tables.destinations import check_output

    check_output(path, kind, inputs=inputs_of(args), force=args.force)
    return path


def checked_new_folder(args: argparse.Namespace, path: Path) -> Path:
    """Refuse a place where no new folder can be made; gives the path as it was.

    Raises
    ------
    OutputError
        The place is taken, or is part of a study or result.
    """
    from landlink.tables.destinations import check_new_folder

    check_new_folder(path, inputs=inputs_of(args))
    return path


def inputs_of(args: argparse.Namespace) -> list[Path]:
    """Files and folders that a command reads: every path among its arguments, and studies that are folders."""
    return [path for name, value in vars(args).items() if name not in _WRITTEN for path in _paths(name, value)]


def _paths(name: str, value: object) -> Iterator[Path]:
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, Path):
            yield one
        elif isinstance(one, str) and name in _STUDIES:
            yield Path(one)
