"""Tables of measurements, as text for a terminal and as Markdown for the docs."""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass, field


@dataclass
class Table:
    """A table of texts with a title."""

    title: str
    columns: list[str]
    rows: list[list[str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def text(self) -> str:
        """The table with aligned columns."""
        lines = [self.columns, *self.rows]
        widths = [max(len(line[c]) for line in lines) for c in range(len(self.columns))]
        body = [_aligned(line, widths) for line in lines]
        return "\n".join([self.title, *body, *self.notes, ""])

    def markdown(self) -> str:
        """The table as a section of a page."""
        rule = ["---", *["---:"] * (len(self.columns) - 1)]
        body = ["| " + " | ".join(line) + " |" for line in [self.columns, rule, *self.rows]]
        notes = [f"- {note}" for note in self.notes]
        return "\n".join([f"## {self.title}", "", *body, *([""] if notes else []), *notes, ""])


def _aligned(line: list[str], widths: list[int]) -> str:
    cells = [line[0].ljust(widths[0]), *(cell.rjust(w) for cell, w in zip(line[1:], widths[1:], strict=True))]
    return "  ".join(cells).rstrip()


@dataclass(frozen=True)
class Goal:
    """A goal: a maximum, or a minimum ratio if ``against`` is given."""

    work: str
    goal: str
    ours: float
    bound: float
    against: float | None = None
    unit: str = "s"

    def row(self) -> list[str]:
        """Cells: work, goal, ours, the other's, ratio, whether reached."""
        mine = f"{number(self.ours)} {self.unit}"
        if self.against is None:
            return [self.work, f"at most {self.goal}", mine, "", "", _verdict(self.ours, self.ours <= self.bound)]
        ratio = self.against / self.ours
        other = f"{number(self.against)} {self.unit}"
        return [self.work, f"at least {self.goal}", mine, other, number(ratio), _verdict(ratio, ratio >= self.bound)]


def _verdict(value: float, reached: bool) -> str:
    return "not measured" if math.isnan(value) else "yes" if reached else "no"


def number(value: float) -> str:
    """Format a number with three digits, or a dash for NaN."""
    if math.isnan(value):
        return "–"
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}" if value < 100 else f"{value:.0f}"


def progress(name: str) -> None:
    """Print the current measurement on a terminal."""
    if sys.stderr.isatty():
        print(f"\r\033[K{name} ...", end="", file=sys.stderr, flush=True)
