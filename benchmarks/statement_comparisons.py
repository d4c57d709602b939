"""Quality of the pairing of clauses: precision and recall on registers paired by hand, in and across languages."""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from benchmarks.statement import GOLD, Tally
from benchmarks.tables import Table
from landlink.statement import draft_register, read
from landlink.statement.clause_matching import match
from landlink.statement.register import Register
from landlink.statement.register_records import Entry

COMPARISONS: Final = GOLD / "comparisons"
HALVES: Final = ("tune", "held")


@dataclass(frozen=True)
class Case:
    """Two registers whose clauses were paired by hand.

    Attributes
    ----------
    name, half
        Name of the case; ``tune`` if weights and thresholds were chosen on it, ``held`` if not.
    before, after
        The registers, as the reader drafts them.
    pairs
        Identifiers of the clauses that correspond.
    """

    name: str
    half: str
    before: Register
    after: Register
    pairs: frozenset[tuple[str, str]]

    @property
    def languages(self) -> str:
        """Languages of the two registers."""
        return f"{self.before.source.language}-{self.after.source.language}"


def cases() -> list[Case]:
    """Load all cases."""
    return [_case(path) for path in sorted(COMPARISONS.glob("*.csv"))]


def _case(path: Path) -> Case:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    sides = [[row for row in rows if row["side"] == side] for side in ("before", "after")]
    before, after = (_register([row["text"] for row in side], side[0]["language"]) for side in sides)
    numbers = [{row["pair"]: f"C{n:02}" for n, row in enumerate(side, 1) if row["pair"]} for side in sides]
    pairs = frozenset((number, numbers[1][pair]) for pair, number in numbers[0].items())
    return Case(path.stem, rows[0]["half"], before, after, pairs)


def _register(lines: list[str], language: str) -> Register:
    """Draft a register with one clause a line, so that the pairs do not depend on how the reader cuts sentences."""
    text = "\n".join(lines)
    draft = draft_register(read(text))
    entries = []
    start = 0
    for number, line in enumerate(lines, 1):
        end = start + len(line)
        inside = [entry for entry in draft.clauses if start <= entry.start < end]
        blank = Entry("", start, end)
        entry = inside[0] if inside else blank
        entries.append(replace(entry, id=f"C{number:02}", start=start, end=end, quote=line, gloss=None))
        start = end + 1
    return replace(draft, clauses=tuple(entries), source=replace(draft.source, language=language))


def tallies() -> dict[tuple[str, str], Tally]:
    """Count right, wrong and missed pairs by half, and by whether the registers are in one language."""
    found = {(half, kind): Tally() for half in HALVES for kind in ("one language", "two languages")}
    for case in cases():
        kind = "one language" if case.before.source.language == case.after.source.language else "two languages"
        found[case.half, kind].add(*counts(case))
    return found


def counts(case: Case) -> tuple[int, int, int]:
    """Return how many pairs were right, found and wanted."""
    found = {(one.before.id, one.after.id) for one in match(case.before, case.after) if one.before and one.after}
    return len(found & case.pairs), len(found), len(case.pairs)


def tables() -> list[Table]:
    """Tabulate precision and recall by case, and in all."""
    table = Table(
        "Pairing of clauses",
        ["case", "half", "languages", "pairs", "precision", "recall"],
        notes=["held: cases at which nobody looked while weights and thresholds were chosen"],
    )
    for case in sorted(cases(), key=lambda case: (HALVES.index(case.half), case.name)):
        tally = Tally()
        tally.add(*counts(case))
        table.rows.append([case.name, case.half, case.languages, *_figures(tally)])
    for (half, kind), tally in tallies().items():
        table.rows.append(["all", half, kind, *_figures(tally)])
    return [table]


def _figures(tally: Tally) -> list[str]:
    return [str(tally.right + tally.missed), f"{tally.precision:.2f}", f"{tally.recall:.2f}"]


if __name__ == "__main__":
    print("\n".join(table.text() for table in tables()))
