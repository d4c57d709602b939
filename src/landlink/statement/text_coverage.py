"""Which parts of a text are in no clause and not listed as sentences without one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, TypeAlias

from landlink.core.errors import Problem
from landlink.statement.clause import Clause, Reading, Sentence
from landlink.statement.register import Register
from landlink.statement.register_records import Entry, Unclassified

__all__ = ["Span", "covered_by", "gaps", "is_covered", "lost_text"]

Span: TypeAlias = tuple[int, int]
#: Longest gap, in characters, that can hold no more than a conjunction or a mark.
_SHORT_GAP: Final = 3
#: Longest part of a lost text in a message.
_MOST_SHOWN: Final = 80


def gaps(span: Span, taken: Iterable[Span]) -> list[Span]:
    """List the parts of a span that none of others covers, in order."""
    found = []
    at, stop = span
    for start, end in sorted(taken):
        if end <= at or start >= stop:
            continue
        if start > at:
            found.append((at, start))
        at = max(at, end)
    if at < stop:
        found.append((at, stop))
    return found


def is_covered(span: Span, taken: Iterable[Span], quote: str | None) -> bool:
    """Whether others cover a span, but for blanks, marks and conjunctions."""
    for start, end in gaps(span, taken):
        words = quote[start - span[0] : end - span[0]].strip() if quote is not None else "x" * (end - start)
        if len(words) > _SHORT_GAP and any(letter.isalnum() for letter in words):
            return False
    return True


def covered_by(register: Register) -> list[Span]:
    """Spans of the clauses of a register and of the sentences listed without one."""
    parts: tuple[Entry | Unclassified, ...] = (*register.clauses, *register.unclassified)
    return [(item.start, item.end) for item in parts]


def lost_text(register: Register, draft: Register | Reading, name: str) -> list[Problem]:
    """Find the clauses and sentences of a draft that a register reviewed from it has lost altogether.

    Parameters
    ----------
    register
        The register.
    draft
        The draft from which it was reviewed, or the reading of the text that makes the draft.
    name
        Name of the register in error messages.

    Returns
    -------
    list of Problem
        One for each span of the draft that no clause and no sentence under ``unclassified`` touches.
    """
    taken = covered_by(register)
    found = []
    for span, quote in _spans(draft):
        if any(start < span[1] and span[0] < end for start, end in taken):
            continue
        message = "text of the draft is in no clause and not under unclassified"
        shown = quote if len(quote) <= _MOST_SHOWN else quote[: _MOST_SHOWN - 1] + "…"
        allowed = "a clause with it, rejected if need be, or its sentence under unclassified"
        found.append(Problem(name, message, f"text at {span[0]} to {span[1]}", "", shown, allowed))
    return found


def _spans(draft: Register | Reading) -> Sequence[tuple[Span, str]]:
    """Spans of a draft with their words: of clauses, and of the sentences without one."""
    if isinstance(draft, Register):
        parts: tuple[Entry | Unclassified, ...] = (*draft.clauses, *draft.unclassified)
        return [((item.start, item.end), item.quote or "") for item in parts]
    classified = {clause.sentence for clause in draft.clauses}
    loose = [sentence for number, sentence in enumerate(draft.sentences) if number not in classified]
    found: tuple[Clause | Sentence, ...] = (*draft.clauses, *loose)
    return [((item.start, item.end), draft.text[item.start : item.end]) for item in found]
