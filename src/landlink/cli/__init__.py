"""The command line: ``landlink`` and its commands.

Every verb is registered by the module of its group. Heavy imports are deferred
until a verb runs, so that ``--help`` responds at once.

Exit codes: 0 done; 1 failed, or the gap was missed; 2 bad input; 130
interrupted.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import TextIO

import landlink
from landlink.cli import border, printing, results, solving, statements, studies, tables
from landlink.cli import traffic as assigning
from landlink.core.errors import ConvergenceError, LandlinkError

__all__ = ["EXIT_BAD_INPUT", "EXIT_DONE", "EXIT_FAILED", "build_parser", "main"]

EXIT_DONE = 0
EXIT_FAILED = 1
EXIT_BAD_INPUT = 2
_EXIT_INTERRUPTED = 130
_EXIT_BROKEN_PIPE = 141

_EPILOG = """\
start here:
  landlink demo                                   the bundled study, solved, with a report
  landlink init my-study                          your own copy of it
  landlink check my-study                         list its problems, if any
  landlink run my-study --year 2030               solve it

`landlink VERB --help` explains a command and shows an example.
Exit codes: 0 done; 1 failed, or the gap was missed; 2 bad input.
"""


def build_parser() -> argparse.ArgumentParser:
    """Build the parser of the whole command line."""
    parser = argparse.ArgumentParser(
        prog="landlink",
        description="Model freight on cross-border corridors: the effects of a railway, a road or an easier border.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"landlink {landlink.__version__}")
    verbs = parser.add_subparsers(title="commands", metavar="VERB", dest="verb", required=True)
    solving.add_demo(verbs)
    studies.add_verbs(verbs)
    tables.add_verb(verbs)
    solving.add_run(verbs)
    results.add_verbs(verbs)
    border.add_verbs(verbs)
    statements.add_verbs(verbs)
    assigning.add_verbs(verbs)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Parameters
    ----------
    arguments
        Arguments after ``landlink``; by default those of the process.

    Returns
    -------
    int
        The exit code.
    """
    _open_missing_streams()
    for stream in (sys.stdout, sys.stderr):
        _show_any_sign(stream)
    words = sys.argv[1:] if arguments is None else list(arguments)
    parser = build_parser()
    if not words:
        parser.print_help(sys.stderr)
        return EXIT_BAD_INPUT
    try:
        code = _run(parser.parse_args(words))
        printing.flush()
    except LandlinkError as error:
        print(f"landlink: {error}", file=sys.stderr)
        _discard_output()
        return EXIT_BAD_INPUT
    except KeyboardInterrupt:
        print("landlink: interrupted", file=sys.stderr)
        return _EXIT_INTERRUPTED
    except BrokenPipeError:
        # The reader closed the pipe, as `head` does.
        _discard_output()
        return _EXIT_BROKEN_PIPE
    return code


def _run(arguments: argparse.Namespace) -> int:
    try:
        return int(arguments.command(arguments))
    except LandlinkError as error:
        printing.say_error(error, as_json=arguments.json)
        return EXIT_FAILED if isinstance(error, ConvergenceError) else EXIT_BAD_INPUT


def _open_missing_streams() -> None:
    """Open streams that the caller has closed; else the next file that is opened would take their place."""
    with suppress(OSError):
        while (handle := os.open(os.devnull, os.O_RDWR)) <= 2:
            pass
        os.close(handle)
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115  stays open


def _discard_output() -> None:
    """Send what is still to be printed nowhere; Python would report the fault again when it closes the stream."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _show_any_sign(stream: TextIO) -> None:
    """Print characters missing from the terminal's encoding as ``?`` instead of failing."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="replace")
