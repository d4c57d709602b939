"""A programme over the years: each commitment through the registers of several summits, with its status at a date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from landlink.core.errors import InputError, Problem
from landlink.statement.clause_changes import Change, changes, kind_of
from landlink.statement.clause_features import language_of
from landlink.statement.clause_matching import GivenPair, compared, match
from landlink.statement.pairs_file import TrackPair
from landlink.statement.register import Register
from landlink.statement.register_records import Entry
from landlink.statement.stated_terms import stated_deadline
from landlink.statement.status_events import Event, Finding, Status, findings_of, status_at
from landlink.statement.track_table import Track, TrackedCommitment

__all__ = ["track"]

#: Kinds of pairs, as events of a commitment.
_EVENTS = {
    "unchanged": "restated", "restated": "restated", "hardened": "hardened", "softened": "softened",
    "changed": "changed", "contradictory": "contradicted",
}  # fmt: skip


@dataclass
class _Thread:
    """A commitment while it is followed: the register and clause of each statement of it."""

    statements: list[tuple[str, Entry]]
    changes: list[tuple[Change, ...]] = field(default_factory=lambda: [()])
    kinds: list[str] = field(default_factory=lambda: ["stated"])

    @property
    def last(self) -> str:
        return self.statements[-1][0]


def track(
    registers: Mapping[str, Register],
    *,
    pairs: Iterable[TrackPair] = (),
    findings: Iterable[Finding] = (),
    date: dt.date | None = None,
) -> Track:
    """Follow every commitment through several registers.

    Each register is matched with the one before it; what remains is matched with commitments that earlier registers
    made and later ones dropped, the latest first.

    Parameters
    ----------
    registers
        Registers by name; each needs a date of issue of its own.
    pairs
        Pairings by a person, which win over the similarity.
    findings
        Findings beside those in the registers, such as those of a scoreboard or of a table of status notes.
    date
        Day of the status; by default the latest day of a register or finding.

    Returns
    -------
    Track

    Raises
    ------
    InputError
        There is no register, one has no date, or two have the same.

    Examples
    --------
    >>> import datetime as dt
    >>> import landlink as ll
    >>> draft = lambda text, year: ll.statement.draft_register(ll.statement.read(text), issued=dt.date(year, 5, 1))
    >>> registers = {
    ...     "2022": draft("The sides are ready to build a road.", 2022),
    ...     "2024": draft("The sides will build the road by 2026.", 2024),
    ... }
    >>> found = ll.statement.track(registers, date=dt.date(2027, 1, 1)).commitments[0]
    >>> [event.kind for event in found.events], found.status, found.overdue
    (['stated', 'hardened', 'due'], 'overdue', True)
    """
    ordered = _ordered(registers)
    threads = _followed(ordered, tuple(pairs))
    notes = list(findings)
    found = [_commitment(thread, ordered, notes) for thread in threads]
    until = date or max(
        [_issued(register) for register in ordered.values()]
        + [event.date for one in found for event in one.events if event.kind == "finding"]
    )
    return Track(ordered, tuple(_at(one, ordered, until) for one in found), until)


def _ordered(registers: Mapping[str, Register]) -> dict[str, Register]:
    """Order registers by date, and refuse what cannot be ordered."""
    problems: list[Problem] = []
    by_day: dict[dt.date, str] = {}
    if not registers:
        problems.append(Problem("", "there is no register to track", allowed="at least one register"))
    for name, register in registers.items():
        day = register.source.issued
        if day is None:
            problems.append(
                Problem(name, "missing", "source", "issued", allowed="the date of issue, such as 2022-02-06")
            )
        elif day in by_day:
            message, allowed = f"the register {by_day[day]} has the same date", "a date of its own for each register"
            problems.append(Problem(name, message, "source", "issued", day.isoformat(), allowed))
        else:
            by_day[day] = name
    if problems:
        raise InputError(problems)
    return {by_day[day]: registers[by_day[day]] for day in sorted(by_day)}


def _issued(register: Register) -> dt.date:
    issued = register.source.issued
    if issued is None:
        raise ValueError("registers are checked for dates before")
    return issued


def _followed(registers: Mapping[str, Register], pairs: Sequence[TrackPair]) -> list[_Thread]:
    names = list(registers)
    threads: list[_Thread] = []
    for number, name in enumerate(names):
        entries = {entry.id: entry for entry in compared(registers[name])}
        # The register directly before comes first, then older ones, for what was dropped and comes back.
        for earlier in reversed(names[:number]):
            waiting = {thread.statements[-1][1].id: thread for thread in threads if thread.last == earlier}
            for before, after in _pairs_between(registers, earlier, name, (waiting, entries), pairs):
                _continue(waiting[before], registers, name, entries.pop(after))
        threads += [_Thread([(name, entry)]) for entry in entries.values()]
    return threads


def _pairs_between(
    registers: Mapping[str, Register],
    earlier: str,
    later: str,
    left: tuple[Mapping[str, _Thread], Mapping[str, Entry]],
    pairs: Sequence[TrackPair],
) -> list[tuple[str, str]]:
    """Match the clauses of two registers that are still to be followed; the others have no pair here."""
    if not left[0] or not left[1]:
        return []
    own = [one.pair for one in pairs if (one.before_register, one.after_register) == (earlier, later)]
    other = [one for one in pairs if (one.before_register, one.after_register) != (earlier, later)]
    claimed = (
        {one.pair.before for one in other if one.before_register == earlier and one.pair.after},
        {one.pair.after for one in other if one.after_register == later and one.pair.before},
    )
    settled = ({pair.before for pair in own}, {pair.after for pair in own})
    given = [pair for pair in own if (pair.before or "") in ("", *left[0]) and (pair.after or "") in ("", *left[1])]
    given += [
        GivenPair(entry.id, None)
        for entry in compared(registers[earlier])
        if entry.id not in settled[0] and (entry.id in claimed[0] or entry.id not in left[0])
    ]
    given += [
        GivenPair(None, entry.id)
        for entry in compared(registers[later])
        if entry.id not in settled[1] and (entry.id in claimed[1] or entry.id not in left[1])
    ]
    found = match(registers[earlier], registers[later], given)
    return [
        (one.before.id, one.after.id)
        for one in found
        if one.before and one.after and one.before.id in left[0] and one.after.id in left[1]
    ]


def _continue(thread: _Thread, registers: Mapping[str, Register], name: str, entry: Entry) -> None:
    before, last = thread.statements[-1]
    found = changes((registers[before], last), (registers[name], entry))
    same = language_of(last, registers[before]) == language_of(entry, registers[name])
    thread.kinds.append(_EVENTS[kind_of(found, same_language=same)])
    thread.changes.append(found)
    thread.statements.append((name, entry))


def _commitment(thread: _Thread, registers: Mapping[str, Register], notes: Sequence[Finding]) -> TrackedCommitment:
    events = sorted(_events(thread, registers, notes), key=lambda event: event.order)
    first = thread.statements[0]
    return TrackedCommitment(f"{first[0]}/{first[1].id}", tuple(thread.statements), tuple(events))


def _events(thread: _Thread, registers: Mapping[str, Register], notes: Sequence[Finding]) -> Iterator[Event]:
    names = list(registers)
    stated = {name: n for n, (name, _) in enumerate(thread.statements)}
    dropped = False
    for name in names[names.index(thread.statements[0][0]) :]:
        day = _issued(registers[name])
        if name not in stated:
            if not dropped:
                yield Event(day, "dropped", name)
            dropped = True
            continue
        number = stated[name]
        if dropped:
            yield Event(day, "resumed", name, thread.statements[number][1].id)
        yield Event(day, thread.kinds[number], name, thread.statements[number][1].id, changes=thread.changes[number])
        dropped = False
    seen: set[tuple[object, ...]] = set()
    for name, entry in thread.statements:
        for event in findings_of(name, registers[name], entry, notes):
            # Later registers repeat the findings of earlier ones.
            if (key := (event.date, event.finding, event.text)) not in seen:
                seen.add(key)
                yield event
    yield from _due(thread, registers)


def _due(thread: _Thread, registers: Mapping[str, Register]) -> Iterator[Event]:
    """Yield the day on which the latest terms are due."""
    name, entry = thread.statements[-1]
    deadline = stated_deadline(registers[name], entry)
    if isinstance(deadline, dt.date):
        yield Event(deadline, "due", name, entry.id)


def _at(found: TrackedCommitment, registers: Mapping[str, Register], date: dt.date) -> TrackedCommitment:
    """Set the status of a commitment at a date, by what was known on that day."""
    known = [(name, entry) for name, entry in found.statements if _issued(registers[name]) <= date]
    deadline = stated_deadline(registers[known[-1][0]], known[-1][1]) if known else None
    due = deadline if isinstance(deadline, dt.date) else None
    status: Status = status_at(found.events, date, due) if known else "not_yet_stated"
    return TrackedCommitment(found.id, found.statements, found.events, status, due)
