"""The command line: ``landlink`` and its commands.

Every verb is registered by the module of its group. Heavy imports are deferred
until a verb runs, so that ``--help`` responds at once.

Exit codes: 0 done; 1 failed, or the gap was missed; 2 bad input; 130
interrupted.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NoReturn, TextIO

import landlink
from landlink.cli import border, printing, results, solving, statements, studies
from landlink.cli import traffic as assigning
from landlink.core.errors import ConvergenceError, InputError, LandlinkError

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


class _Parser(argparse.ArgumentParser):
    """A parser whose messages, which quote the arguments, are safe to print."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        printing.say(f"{self.prog}: error: {message}", sys.stderr)
        self.exit(EXIT_BAD_INPUT)


def build_parser() -> argparse.ArgumentParser:
    """Build the parser of the whole command line."""
    parser = _Parser(
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
    _open_closed_streams()
    for stream in (sys.stdout, sys.stderr):
        _show_any_sign(stream)
    words = sys.argv[1:] if arguments is None else list(arguments)
    parser = build_parser()
    if not words:
        parser.print_help(sys.stderr)
        return EXIT_BAD_INPUT
    with _noted_interruption() as interrupted:
        try:
            code = _run(parser.parse_args(words))
            sys.stdout.flush()
        except KeyboardInterrupt:
            return _say_interrupted()
        except BrokenPipeError:
            # The reader closed the pipe, as `head` does. Python would report it again when it closes the stream.
            _discard(sys.stdout, sys.stderr)
            return _EXIT_BROKEN_PIPE
        except Exception:
            # An interruption during an import is often reported as a failure of the import.
            if interrupted.is_set():
                return _say_interrupted()
            raise
    return code


def _run(arguments: argparse.Namespace) -> int:
    try:
        code = int(arguments.command(arguments))
        sys.stdout.flush()
    except LandlinkError as error:
        printing.say_error(error, as_json=arguments.json)
        return EXIT_FAILED if isinstance(error, ConvergenceError) else EXIT_BAD_INPUT
    except MemoryError as error:
        # What an estimate missed; the operating system refused it.
        reason = f": {error}" if str(error) else ""
        printing.say_error(InputError(f"there is not enough memory for this input{reason}"), as_json=arguments.json)
        return EXIT_BAD_INPUT
    except OSError as error:
        # Errors of files are reported where the files are opened: this is one of the output itself, as on a full disk.
        if isinstance(error, BrokenPipeError) or not _is_lost(sys.stdout):
            raise
        _discard(sys.stdout)
        printing.say(f"landlink: cannot write the output: {error.strerror or error}", sys.stderr)
        return EXIT_FAILED
    return code


@contextmanager
def _noted_interruption() -> Iterator[threading.Event]:
    """Note whether the user has interrupted the command, whatever the code interrupted makes of it."""
    noted = threading.Event()
    main_thread = threading.current_thread() is threading.main_thread()
    if not main_thread or signal.getsignal(signal.SIGINT) in (signal.SIG_IGN, None):
        yield noted
        return

    def interrupt(*_: object) -> NoReturn:
        noted.set()
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, interrupt)
    try:
        yield noted
    finally:
        signal.signal(signal.SIGINT, before)


def _say_interrupted() -> int:
    printing.say("landlink: interrupted", sys.stderr)
    return _EXIT_INTERRUPTED


def _open_closed_streams() -> None:
    """Discard output whose stream was closed by the caller, and keep its number from being given to a file."""
    for name, number in (("stdin", 0), ("stdout", 1), ("stderr", 2)):
        if getattr(sys, name) is None:
            handle = os.open(os.devnull, os.O_RDONLY if number == 0 else os.O_WRONLY)
            if handle != number:
                os.dup2(handle, number)
                os.close(handle)
            stream = os.fdopen(number, "r" if number == 0 else "w", encoding="utf-8", closefd=False)
            setattr(sys, name, stream)


def _is_lost(stream: TextIO) -> bool:
    """Whether what a stream holds cannot be written."""
    try:
        stream.flush()
    except OSError:
        return True
    return False


def _discard(*streams: TextIO) -> None:
    """Send what streams still hold to nowhere, so that Python does not fail on it when it ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in streams:
        os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def _show_any_sign(stream: TextIO) -> None:
    """Print characters missing from the terminal's encoding as ``?`` instead of failing."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="replace")
