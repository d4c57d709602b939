"""What happened to a commitment, in order of date, and the status that follows from it at a day."""

from __future__ import annotations

import datetime as dt
import math
from calendar import monthrange
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from landlink.statement.clause_changes import Change
from landlink.statement.criterion import Criterion, criterion_of, evaluate
from landlink.statement.register import Register
from landlink.statement.register_records import Baseline, Entry, Outcome

__all__ = ["EVENTS", "STATUSES", "Event", "Finding", "Status", "end_of", "findings_of", "status_at"]

Status = Literal["open", "overdue", "kept", "partly_kept", "not_kept", "dropped", "not_yet_stated"]
#: States of a commitment, in the order in which they are counted.
STATUSES: Final[tuple[Status, ...]] = (
    "overdue", "not_kept", "partly_kept", "open", "kept", "dropped", "not_yet_stated",
)  # fmt: skip
#: Kinds of events, in the order in which those of one day stand.
EVENTS: Final = (
    "resumed", "stated", "restated", "hardened", "softened", "changed", "contradicted", "dropped", "due", "finding",
)  # fmt: skip
#: Events after which an earlier finding no longer says whether the commitment is kept: its terms are others.
_NEW_TERMS: Final = frozenset({"hardened", "softened", "changed", "contradicted"})
_DECISIVE: Final[dict[str, Status]] = {"kept": "kept", "partly_kept": "partly_kept", "not_kept": "not_kept"}


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found about a commitment later, from outside its register.

    Attributes
    ----------
    register, clause
        The clause that it is about: the name of a register, and the identifier of the clause in it.
    when
        Year, month or day: ``2024``, ``2024-06`` or ``2024-06-30``.
    finding
        ``kept``, ``partly_kept``, ``not_kept`` or ``open``.
    what, source
        What happened, and where it was published.

    Examples
    --------
    >>> import landlink as ll
    >>> ll.statement.Finding("2022", "C03", "2024-06", "kept", "The post opened.", "a newspaper").finding
    'kept'
    """

    register: str
    clause: str
    when: str
    finding: str
    what: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a commitment.

    Attributes
    ----------
    date
        The day; of a finding about a year or month, its last day.
    kind
        ``stated``, ``restated``, ``hardened``, ``softened``, ``changed``, ``contradicted``, ``dropped``, ``resumed``,
        ``due`` or ``finding``.
    register, clause
        Where it stands; the clause is empty where the register drops it.
    changes
        What changed.
    finding, text, source
        Of a finding.

    Examples
    --------
    >>> import datetime as dt
    >>> import landlink as ll
    >>> ll.statement.Event(dt.date(2024, 5, 1), "stated", "2024", "C01").kind
    'stated'
    """

    date: dt.date
    kind: str
    register: str
    clause: str = ""
    changes: tuple[Change, ...] = ()
    finding: str = ""
    text: str = ""
    source: str = ""

    @property
    def order(self) -> tuple[dt.date, int, str, str]:
        """Place among the events of a commitment."""
        return self.date, EVENTS.index(self.kind), self.finding, self.text


def end_of(period: str) -> dt.date:
    """Last day of a year, a month or a day.

    Parameters
    ----------
    period
        ``2024``, ``2024-06`` or ``2024-06-30``.

    Returns
    -------
    datetime.date

    Raises
    ------
    ValueError
        It is none of them.
    """
    parts = [int(part) for part in period.split("-")]
    if len(parts) == 3:
        return dt.date.fromisoformat(period)
    year, month = parts[0], parts[1] if len(parts) == 2 else 12
    return dt.date(year, month, monthrange(year, month)[1])


def findings_of(name: str, register: Register, entry: Entry, notes: Iterable[Finding]) -> Iterator[Event]:
    """Yield the findings about a clause: of its register's outcomes, and of further notes.

    Parameters
    ----------
    name, register, entry
        Name of the register, the register, and the clause.
    notes
        Further findings.

    Yields
    ------
    Event
    """
    criterion = criterion_of(entry, _number)
    for outcome in entry.outcomes:
        finding = outcome.finding or _tested(outcome, criterion if isinstance(criterion, Criterion) else None)
        day = end_of(outcome.when)
        if register.source.issued is None or day >= register.source.issued:
            yield Event(day, "finding", name, entry.id, (), finding, outcome.what, outcome.source)
    for note in notes:
        if (note.register, note.clause) == (name, entry.id):
            yield Event(end_of(note.when), "finding", name, entry.id, (), note.finding, note.what, note.source)


def _number(baseline: Baseline, _indicator: str) -> float:
    """Value of a baseline that is given as a number; observations and scenarios need a study."""
    return math.nan if baseline.value is None else baseline.value


def _tested(outcome: Outcome, criterion: Criterion | None) -> str:
    """Finding of an outcome that gives a number only: it decides once the commitment is due."""
    if outcome.value is None or criterion is None:
        return "open"
    verdict, _ = evaluate(criterion, outcome.value, outcome.bound or "value")
    if verdict == "met":
        return "kept"
    due = criterion.deadline is not None and end_of(outcome.when) >= criterion.deadline
    return "not_kept" if verdict == "not_met" and due else "open"


def status_at(events: Sequence[Event], date: dt.date, deadline: dt.date | None) -> Status:
    """Status of a commitment at a day.

    The latest finding on the terms that then stood decides. Without one, a commitment that the latest register no
    longer states is dropped; one whose deadline has passed is overdue; any other is open.

    Parameters
    ----------
    events
        Its events.
    date
        The day; what comes later is not known.
    deadline
        When the terms that stand on that day are due, if they say.

    Returns
    -------
    str
        A member of :data:`STATUSES`.
    """
    finding, dropped = "", False
    for event in sorted(events, key=lambda event: event.order):
        if event.date > date or event.kind == "due":
            continue
        if event.kind == "finding":
            finding = event.finding
        elif event.kind in _NEW_TERMS:
            finding = ""
        dropped = event.kind == "dropped" or (dropped and event.kind == "finding")
    if finding in _DECISIVE:
        return _DECISIVE[finding]
    if dropped:
        return "dropped"
    return "overdue" if deadline is not None and deadline < date else "open"
