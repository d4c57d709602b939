"""What an import took over, changed, assumed and left out, with counts: no row is lost in silence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, Literal

import pandas as pd

__all__ = ["KINDS", "REPORT_NAME", "Entry", "ImportReport"]

Kind = Literal["taken over", "changed", "assumed", "left out", "to do"]
#: Kinds of entries, in the order in which they are listed.
KINDS: Final[tuple[Kind, ...]] = ("taken over", "left out", "changed", "assumed", "to do")
#: File of a new study with the report; names that begin with ``x_`` belong to the user.
REPORT_NAME: Final = "x_import.csv"
_SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the report.

    Attributes
    ----------
    table
        File of the source, without its extension; empty if the entry concerns all.
    kind
        One of :data:`KINDS`.
    rows
        Number of rows concerned; ``None`` if it is not about rows.
    text
        What happened, in one sentence that includes the number and names some of the rows.
    """

    table: str
    kind: Kind
    rows: int | None
    text: str


@dataclass
class ImportReport:
    """A growing list of entries."""

    entries: list[Entry] = field(default_factory=list)

    def add(self, kind: Kind, table: str, text: str, *, rows: int | None = None, examples: Iterable[str] = ()) -> None:
        """Add an entry; the examples are named in its text."""
        self.entries.append(self.entry(kind, table, text, rows=rows, examples=examples))

    @staticmethod
    def entry(kind: Kind, table: str, text: str, *, rows: int | None = None, examples: Iterable[str] = ()) -> Entry:
        """Make an entry."""
        named = [str(name) for name in examples]
        shown = ", ".join(named[:_SHOWN]) + (", ..." if len(named) > _SHOWN else "")
        text = text.removesuffix(".") + (f" ({shown})." if shown else ".")
        return Entry(table, kind, rows, text)

    @property
    def notes(self) -> list[str]:
        """What a person should read: everything but the rows taken over, the most important first."""
        told = [entry for entry in self.entries if entry.kind != "taken over"]
        return [entry.text for entry in sorted(told, key=lambda entry: entry.kind != "to do")]

    def frame(self) -> pd.DataFrame:
        """Return the report as a table."""
        order = sorted(self.entries, key=lambda entry: (KINDS.index(entry.kind), entry.table))
        return pd.DataFrame(
            {
                "table": [entry.table for entry in order],
                "kind": [entry.kind for entry in order],
                "rows": pd.array([entry.rows for entry in order], dtype="Int64"),
                "what": [entry.text for entry in order],
            }
        )
