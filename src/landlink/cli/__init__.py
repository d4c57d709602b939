"""The command line: ``landlink`` and its commands.

Every verb is registered by the module of its group. Heavy imports are deferred
until a verb runs, so that ``--help`` responds at once.

Exit codes: 0 done; 1 failed, or the gap was missed; 2 bad input; 130
interrupted.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from functools import cache

import landlink
from landlink.cli import (
    abatement,
    appraising,
    arguments,
    border,
    bottlenecks,
    calibration,
    chain,
    comparing,
    completion,
    criticality,
    decomposing,
    domestic,
    emissions,
    ensembles,
    hazards,
    listing,
    printing,
    replays,
    resilience,
    response,
    results,
    solving,
    statements,
    studies,
    tables,
    trade,
)
from landlink.cli import traffic as assigning
from landlink.cli.interruption import noted_interruption
from landlink.cli.program import command_line
from landlink.cli.streams import discard, open_closed_streams, show_any_sign
from landlink.core.errors import ConvergenceError, EnsembleError, InputError, LandlinkError
from landlink.core.progress import progress_lines

__all__ = ["EXIT_BAD_INPUT", "EXIT_DONE", "EXIT_FAILED", "build_parser", "main"]

EXIT_DONE = 0
EXIT_FAILED = 1
EXIT_BAD_INPUT = 2
_EXIT_INTERRUPTED = 130
_EXIT_BROKEN_PIPE = 141

_EPILOG = """\
`landlink VERB --help` explains a command and shows an example. For the tab key: `landlink completion --help`.
Exit codes: 0 done; 1 failed, or the gap was missed; 2 bad input.
"""

#: What `landlink` alone says: three things to do, each a title and its command.
_START = (
    ("Look: solve the bundled study and write its report", ("demo",)),
    (
        "Ask: what would a change do",
        ("run", "china-kyrgyzstan", "--scenario", "cku-2030", "--change", "demand CHN->KGZ: +20%"),
    ),
    ("Make your own: a copy of the study to edit", ("init", "my-study")),
)


@cache
def build_parser() -> argparse.ArgumentParser:
    """Build the parser of the whole command line, once in a process."""
    parser: argparse.ArgumentParser = arguments.Parser(
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
    listing.add_verbs(verbs)
    hazards.add_verb(verbs)
    tables.add_verb(verbs)
    solving.add_run(verbs)
    calibration.add_verb(verbs)
    domestic.add_verb(verbs)
    comparing.add_verb(verbs)
    decomposing.add_verb(verbs)
    appraising.add_verb(verbs)
    bottlenecks.add_verb(verbs)
    criticality.add_verb(verbs)
    abatement.add_verb(verbs)
    response.add_verb(verbs)
    emissions.add_verb(verbs)
    results.add_verbs(verbs)
    chain.add_verb(verbs)
    ensembles.add_ask(verbs)
    resilience.add_verbs(verbs)
    replays.add_verbs(verbs)
    border.add_verbs(verbs)
    statements.add_verbs(verbs)
    trade.add_verbs(verbs)
    assigning.add_verbs(verbs)
    completion.add_verb(verbs)
    return parser


def main(words: Sequence[str] | None = None) -> int:
    """Run one command.

    Parameters
    ----------
    words
        Arguments after ``landlink``; by default those of the process.

    Returns
    -------
    int
        The exit code.
    """
    open_closed_streams()
    for stream in (sys.stdout, sys.stderr):
        show_any_sign(stream)
    words = sys.argv[1:] if words is None else list(words)
    parser = build_parser()
    completion.complete(parser)
    if not words:
        _say_start()
        return EXIT_BAD_INPUT
    with noted_interruption() as interrupted:
        try:
            code = _run(parser, words)
            printing.flush()
        except LandlinkError as error:
            # What failed may be standard output itself.
            printing.say(f"landlink: {error}", sys.stderr)
            discard(sys.stdout)
            return EXIT_BAD_INPUT
        except KeyboardInterrupt:
            return _say_interrupted()
        except BrokenPipeError:
            # The reader closed the pipe, as `head` does. Python would report it again when it closes the stream.
            discard(sys.stdout, sys.stderr)
            return _EXIT_BROKEN_PIPE
        except Exception:
            # An interruption during an import is often reported as a failure of the import.
            if interrupted.is_set():
                return _say_interrupted()
            raise
    return code


def _say_start() -> None:
    """Say the three things that one can do."""
    lines = ["landlink shows what a railway, a road or an easier border does to freight on cross-border corridors.", ""]
    for title, words in _START:
        lines += [title, f"  {command_line('landlink', *words)}"]
    printing.say([*lines, "", f"All commands: {command_line('landlink', '--help')}"], sys.stderr)


def _run(parser: argparse.ArgumentParser, words: Sequence[str]) -> int:
    try:
        args = parser.parse_args(words)
    except SystemExit:  # after --help, --version, or an error of the arguments
        printing.flush()
        raise
    try:
        with progress_lines(wanted=args.progress):
            return int(args.command(args))
    except LandlinkError as error:
        printing.say_error(error, as_json=args.json)
        return EXIT_FAILED if isinstance(error, ConvergenceError | EnsembleError) else EXIT_BAD_INPUT
    except MemoryError as error:
        # What an estimate missed; the operating system refused it.
        reason = f": {error}" if str(error) else ""
        printing.say_error(InputError(f"there is not enough memory for this input{reason}"), as_json=args.json)
        return EXIT_BAD_INPUT


def _say_interrupted() -> int:
    printing.say("landlink: interrupted", sys.stderr)
    return _EXIT_INTERRUPTED
