"""``landlink statement review --serve``: serve the review page on this machine and save what it sends."""

from __future__ import annotations

import argparse
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING

import landlink as ll
from landlink.cli import printing

if TYPE_CHECKING:
    from landlink.statement.clause import Reading
    from landlink.study import Study

#: Largest number of a port.
_MOST_PORT = 65_535


def port(text: str) -> int:
    """Read the number of a port."""
    if not (text.isascii() and text.isdigit() and len(text) <= 5 and 0 < int(text) <= _MOST_PORT):
        raise argparse.ArgumentTypeError(f"invalid port {text!r}; allowed: 1 to {_MOST_PORT}")
    return int(text)


def study_of(args: argparse.Namespace) -> Study | None:
    """Open the study given, or else the one in whose folder the register lies."""
    folder = Path(args.register).absolute().parent
    if args.study:
        return ll.open_study(args.study)
    return ll.open_study(folder) if (folder / "study.toml").is_file() else None


def say_study(study: Study | None) -> None:
    """Say so if the page offers no indicators of crossings, since no study is at hand."""
    if study is None:
        printing.say("No study given: indicators of crossings and borders need --study STUDY.")


def serve(args: argparse.Namespace, reading: Reading, study: Study | None) -> int:
    """Serve the page until the user stops it.

    Raises
    ------
    InputError
        The register has problems, or the port cannot be used.
    OutputError
        The register cannot be written.
    """
    from landlink.core.atomic_files import check_writable, resolved
    from landlink.report.review_server import ReviewedFile, ReviewServer
    from landlink.report.words import Words

    words = Words(args.language)
    path = resolved(args.register)
    check_writable(path, (".yaml", ".yml"))
    file = ReviewedFile(path, reading.text, reading.sha256, study)
    file.read()
    try:
        server = ReviewServer(file, words, args.port or 0)
    except OSError as error:
        reason = error.strerror or str(error)
        allowed = "another --port, or none for any that is free"
        raise ll.InputError(
            ll.Problem("--port", f"cannot be used: {reason}", value=str(args.port), allowed=allowed)
        ) from None
    with server:
        if args.json:
            printing.say_json({"ok": True, "address": server.address, "register": path})
        else:
            printing.say(f"Review page: {server.address}")
            printing.say(f"It saves to {path}. Whoever has this address can change the file. Ctrl-C stops it.")
            say_study(study)
        printing.flush()
        if args.browser:
            webbrowser.open(server.address)
        try:
            server.serve_forever(poll_interval=0.2)
        except KeyboardInterrupt:
            if not args.json:
                printing.say("Stopped.")
    return 0
