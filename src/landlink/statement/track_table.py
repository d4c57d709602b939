"""A track as a table: commitments, their events, and their status at a date."""

from __future__ import annotations

import datetime as dt
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from landlink.core.atomic_files import write_text
from landlink.core.json_text import json_text
from landlink.formats.authorship import MARK, any_of, csv_header_is, marked_json, marked_workbook
from landlink.statement.clause_features import clause_text
from landlink.statement.register import Register
from landlink.statement.register_records import Entry
from landlink.statement.stated_terms import stated_target, target_text
from landlink.statement.status_events import STATUSES, Event, Status
from landlink.statement.summary_display import SummaryTable, html_summary, text_summary
from landlink.tables.destinations import OutputFile, check_output

__all__ = ["COLUMNS", "TRACK", "Track", "TrackedCommitment"]

#: Columns of the table: a row for each event.
COLUMNS: Final = (
    "commitment", "status", "overdue", "deadline", "date", "event", "register", "clause", "changes", "finding", "what",
    "source", "strength", "topics", "parties", "target", "text",
)  # fmt: skip
#: The kind of file that a track is.
TRACK: Final = OutputFile(
    "a track of commitments",
    (".json", ".csv", ".xlsx"),
    any_of({".json": marked_json("track"), ".csv": csv_header_is(COLUMNS), ".xlsx": marked_workbook("export")}),
)


@dataclass(frozen=True, slots=True)
class TrackedCommitment:
    """A commitment through several registers.

    Attributes
    ----------
    id
        Register and clause that first stated it: ``2022/C03``.
    statements
        Name of each register that states it, and the clause, in order of date.
    events
        What happened to it, in order of date.
    status
        ``open``, ``overdue``, ``kept``, ``partly_kept``, ``not_kept``, ``dropped`` or ``not_yet_stated``.
    deadline
        When it is due, by the terms that stand at the date of the track.

    Examples
    --------
    >>> import datetime as dt
    >>> import landlink as ll
    >>> register = ll.statement.draft_register(ll.statement.read("They will build a road."), issued=dt.date(2024, 5, 1))
    >>> ll.statement.track({"2024": register}).commitments[0].id
    '2024/C01'
    """

    id: str
    statements: tuple[tuple[str, Entry], ...]
    events: tuple[Event, ...]
    status: Status = "open"
    deadline: dt.date | None = None

    @property
    def entry(self) -> Entry:
        """The clause that states it last."""
        return self.statements[-1][1]

    @property
    def overdue(self) -> bool:
        """Whether its deadline has passed and nothing says that it was kept or not."""
        return self.status == "overdue"

    def clause_in(self, register: str) -> Entry | None:
        """Return the clause of a register that states it.

        Parameters
        ----------
        register
            Name of the register.

        Returns
        -------
        Entry or None
        """
        return next((entry for name, entry in self.statements if name == register), None)


@dataclass(frozen=True, repr=False)
class Track:
    """All commitments of several registers.

    Attributes
    ----------
    registers
        The registers by name, in order of date.
    commitments
        In the order in which they were first stated.
    date
        Day of the status.

    Examples
    --------
    >>> import datetime as dt
    >>> import landlink as ll
    >>> register = ll.statement.draft_register(ll.statement.read("They will build a road."), issued=dt.date(2024, 5, 1))
    >>> ll.statement.track({"2024": register}).counts["open"]
    1
    """

    registers: Mapping[str, Register]
    commitments: tuple[TrackedCommitment, ...]
    date: dt.date

    @property
    def counts(self) -> dict[Status, int]:
        """Number of commitments by status."""
        found = Counter(one.status for one in self.commitments)
        return {status: found[status] for status in STATUSES}

    def rows(self) -> Iterator[dict[str, Any]]:
        """Yield a flat row for each event of each commitment."""
        for one in self.commitments:
            for event in one.events:
                yield dict(zip(COLUMNS, _row(one, event), strict=True))

    def as_dict(self) -> dict[str, Any]:
        """Return everything as plain mappings and lists, for machines."""
        registers = [
            {"register": name, "issued": register.source.issued, "title": register.source.title}
            for name, register in self.registers.items()
        ]
        return {
            "date": self.date,
            "registers": registers,
            "counts": self.counts,
            "commitments": [_as_dict(one) for one in self.commitments],
        }

    def save(self, path: str | os.PathLike[str], *, force: bool = False) -> Path:
        """Write the track as a table of events.

        Parameters
        ----------
        path
            A file name that ends with ``.csv``, ``.xlsx`` or ``.json``; an older track is replaced.
        force
            Whether to replace a file that landlink did not write.

        Returns
        -------
        pathlib.Path
            The file written.

        Raises
        ------
        OutputError
            The name has another ending, or the file cannot be written or holds something else.
        """
        target = Path(path)
        check_output(target, TRACK, force=force)
        if target.suffix.lower() == ".json":
            write_text(target, json_text({MARK: "track"} | self.as_dict()))
            return target
        from landlink.statement.table_files import save_table  # noqa: PLC0415  loads data frames

        about = [("status at", self.date.isoformat())]
        about += [(status.replace("_", " "), f"{count:,}") for status, count in self.counts.items()]
        dates = [register.source.issued for register in self.registers.values()]
        save_table(target, "track", list(self.rows()), COLUMNS, numbers=("strength",), about=about, dates=dates)
        return target

    def __repr__(self) -> str:
        names = ", ".join(self.registers)
        counted = ", ".join(f"{count:,} {status.replace('_', ' ')}" for status, count in self.counts.items() if count)
        return text_summary(self._head(), [("registers", names), ("at", self.date.isoformat()), ("status", counted)])

    def _repr_html_(self) -> str:
        rows = [(status.replace("_", " "), [count]) for status, count in self.counts.items()]
        table = SummaryTable(f"Status at {self.date.isoformat()}", ("status", "commitments"), rows)
        return html_summary(self._head(), ", ".join(self.registers), [], [table])

    def _head(self) -> str:
        return f"Track of {len(self.commitments):,} commitments in {len(self.registers):,} registers"


def _row(one: TrackedCommitment, event: Event) -> tuple[Any, ...]:
    entry = one.clause_in(event.register) or one.entry
    return (
        one.id, one.status, one.overdue, one.deadline, event.date, event.kind, event.register, event.clause,
        "; ".join(change.what for change in event.changes), event.finding, event.text, event.source,
        entry.strength, " ".join(entry.topics), " ".join(entry.accepted_value("parties") or ()),
        target_text(stated_target(entry)), clause_text(entry),
    )  # fmt: skip


def _as_dict(one: TrackedCommitment) -> dict[str, Any]:
    return {
        "commitment": one.id,
        "status": one.status,
        "overdue": one.overdue,
        "deadline": one.deadline,
        "topics": one.entry.topics,
        "parties": one.entry.accepted_value("parties") or (),
        "text": clause_text(one.entry),
        "statements": [
            {
                "register": name,
                "clause": entry.id,
                "strength": entry.strength,
                "target": target_text(stated_target(entry)),
                "text": clause_text(entry),
            }
            for name, entry in one.statements
        ],
        "events": list(one.events),
    }
