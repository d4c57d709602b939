"""The page of a track: every commitment by summit, with its status at a date and its history."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Final

from landlink.core.atomic_files import write_text
from landlink.formats.authorship import marked_html
from landlink.report.statement_words import change_line, clause_words, options, register_facts, rendered
from landlink.report.words import Words
from landlink.statement.clause_wording import evidence_of
from landlink.statement.status_events import STATUSES, Event
from landlink.statement.track_table import Track, TrackedCommitment
from landlink.tables.destinations import OutputFile, check_output

__all__ = ["TRACK_PAGE", "track_page"]

#: The kind of file that the page of a track is.
TRACK_PAGE: Final = OutputFile("a page of a track", (".html",), marked_html("track"))
#: Events that a register itself is the occasion of.
_AT_REGISTER: Final = frozenset(
    {"stated", "restated", "hardened", "softened", "changed", "contradicted", "dropped", "resumed"}
)


def track_page(track: Track, path: str | os.PathLike[str], *, language: str = "en", force: bool = False) -> Path:
    """Write a track as a self-contained HTML page.

    Parameters
    ----------
    track
        The track.
    path
        The file to write; an older page is replaced.
    language
        Language of the page itself: ``en``, ``ru``, ``zh``, ``ky``, ``ar``, ``fr``, ``es`` or ``pt``.
    force
        Whether to replace a file that landlink did not write.

    Returns
    -------
    pathlib.Path
        The file written.

    Raises
    ------
    UnknownNameError
        The language is not supported.
    OutputError
        The file cannot be written, or holds something else.
    """
    words = Words(language)
    check_output(path, TRACK_PAGE, force=force)
    write_text(path, _page(track, words))
    return Path(path)


def _page(track: Track, words: Words) -> str:
    return rendered(
        "track.html.j2",
        words,
        ("statement_pages.css",),
        "statement_pages.js",
        title=words("track.title"),
        at=words("track.at", date=_isolated(track.date.isoformat(), words)),
        registers=[{"name": name} | register_facts(register, words) for name, register in track.registers.items()],
        counts=[(status, words(f"track.s_{status}"), track.counts[status]) for status in STATUSES],
        rows=[_row(track, one, number, words) for number, one in enumerate(track.commitments, 1)],
        **options((one.entry for one in track.commitments), words),
    )


def _isolated(day: str, words: Words) -> str:
    """Keep the order of year, month and day within text from right to left."""
    return f"\u2066{day}\u2069" if words.direction == "rtl" else day


def _row(track: Track, one: TrackedCommitment, number: int, words: Words) -> dict[str, Any]:
    entry, name = one.entry, one.statements[-1][0]
    text, told = evidence_of(entry, track.registers[name], words.language)
    return {
        "number": number,
        "id": one.id,
        "status": one.status,
        "status_name": words(f"track.s_{one.status}"),
        "topics": entry.topics,
        "topic_names": [words.term("topic", topic) for topic in entry.topics],
        "parties": entry.accepted_value("parties") or (),
        "text": clause_words(text),
        "told": clause_words(told),
        "deadline": one.deadline.isoformat() if one.deadline else "",
        "cells": [_cell(one, register, words) for register in track.registers],
        "events": [_event(track, event, one, words) for event in one.events],
    }


def _cell(one: TrackedCommitment, register: str, words: Words) -> dict[str, str]:
    """What a register did with a commitment; empty where it had not been stated yet, or has long been dropped."""
    found = [event for event in one.events if event.register == register and event.kind in _AT_REGISTER]
    if not found:
        return {"kind": "", "name": "", "clause": ""}
    # A commitment that comes back has two events on that day: what changed says less than that it is back.
    event = next((event for event in found if event.kind == "resumed"), found[-1])
    return {"kind": event.kind, "name": words(f"track.e_{event.kind}"), "clause": event.clause}


def _event(track: Track, event: Event, one: TrackedCommitment, words: Words) -> dict[str, Any]:
    name = words(f"track.f_{event.finding}") if event.kind == "finding" else words(f"track.e_{event.kind}")
    entry = one.clause_in(event.register) if event.kind in _AT_REGISTER and event.clause else None
    text, told = evidence_of(entry, track.registers[event.register], words.language) if entry else (None, None)
    return {
        "date": event.date.isoformat(),
        "kind": event.finding if event.kind == "finding" else event.kind,
        "name": name,
        "where": "/".join(filter(None, (event.register, event.clause))),
        "later": event.date > track.date,
        "changes": [change_line(change, words) for change in event.changes if change.effect != "none"],
        "what": event.text,
        "source": event.source,
        "text": clause_words(text),
        "told": clause_words(told),
    }
