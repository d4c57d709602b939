"""A scoreboard: each commitment against scenarios, observations and what happened later."""

from __future__ import annotations

import csv
import io
import json
import math
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from landlink.core.atomic_files import check_file, write_text
from landlink.statement.criterion import Criterion, Reason, Verdict
from landlink.statement.register import Entry, Register

__all__ = ["Line", "Mark", "Scoreboard"]

_COLUMNS: Final = (
    "clause", "strength", "hard", "measurable", "indicator", "kind", "case", "when", "value", "bound", "unit",
    "direction", "target", "tolerance", "baseline", "deadline", "due", "verdict", "distance", "reason", "source",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mark:
    """What one case says of one commitment.

    Attributes
    ----------
    kind
        ``scenario``, ``observed`` or ``outcome``.
    case
        Identifier of the scenario; rows of the observations; empty for an outcome.
    label
        What a person reads.
    when
        Year, or a finer period.
    year
        Its year.
    value
        In the indicator's unit; NaN where there is none.
    bound
        ``value``, ``lower`` or ``upper``.
    verdict
        ``met``, ``not_met`` or ``not_testable``.
    distance
        Value less target, in the indicator's unit; NaN where there is no test.
    due
        Whether the commitment was due by then.
    reason
        Why it is not testable.
    source
        Where an observation or an outcome was published.
    before
        Whether it was seen before the text was issued, and so says nothing of the promise.
    """

    kind: str
    case: str
    label: str
    when: str
    year: int
    value: float
    verdict: Verdict
    distance: float = math.nan
    bound: str = "value"
    due: bool = True
    reason: Reason | None = None
    source: str = ""
    before: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One commitment of the scoreboard: its clause, its test or the reason why there is none, and its marks."""

    entry: Entry
    criterion: Criterion | None
    reason: Reason | None
    marks: tuple[Mark, ...] = ()

    def of(self, *kinds: str) -> tuple[Mark, ...]:
        """Marks of some kinds."""
        return tuple(mark for mark in self.marks if mark.kind in kinds)

    @property
    def seen(self) -> tuple[Mark, ...]:
        """Observations and outcomes since the text was issued."""
        return tuple(mark for mark in self.of("observed", "outcome") if not mark.before)

    @property
    def proxy(self) -> bool:
        """Whether the indicator only stands for what was promised."""
        return bool(self.entry.accepted_value("measurable") == "proxy")

    @property
    def last_seen(self) -> Mark | None:
        """The latest observation or outcome that decides."""
        decided = [mark for mark in self.seen if mark.verdict != "not_testable"]
        return decided[-1] if decided else None

    @property
    def first_met(self) -> Mark | None:
        """The first observation or outcome since which it has always been met; none while it is not."""
        since = None
        for mark in self.seen:
            if mark.verdict == "met":
                since = since or mark
            elif mark.verdict == "not_met":
                since = None
        return since


@dataclass(frozen=True)
class Scoreboard:
    """Every clause of a register against every case.

    Attributes
    ----------
    register
        The register.
    lines
        A line for each clause, in the order of the text.
    cases
        Identifier and label of each scenario and year, in order.
    study
        Title of the study.
    """

    register: Register
    lines: tuple[Line, ...]
    cases: tuple[tuple[str, str], ...]
    study: str = ""

    @property
    def testable(self) -> tuple[Line, ...]:
        """Lines that have a test."""
        return tuple(line for line in self.lines if line.criterion is not None)

    def tally(self, case: str) -> dict[str, int]:
        """Lines that a case meets, does not meet, and cannot test."""
        counts = {"met": 0, "not_met": 0, "not_testable": 0}
        for line in self.lines:
            verdicts = [mark.verdict for mark in line.of("scenario") if mark.case == case]
            counts[verdicts[0] if verdicts else "not_testable"] += 1
        return counts

    def rows(self) -> Iterator[dict[str, Any]]:
        """A flat row for each mark, and one for each clause without any."""
        for line in self.lines:
            for mark in line.marks or (None,):
                yield dict(zip(_COLUMNS, _row(line, mark), strict=True))

    def as_dict(self) -> dict[str, Any]:
        """Everything, for machines."""
        source = self.register.source
        return {
            "study": self.study,
            "source": {"title": source.title, "sha256": source.sha256, "issued": source.issued},
            "cases": [{"case": case, "label": label, **self.tally(case)} for case, label in self.cases],
            "rows": list(self.rows()),
        }

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the scoreboard as ``.json`` or ``.csv``.

        Raises
        ------
        OutputError
            The name ends otherwise, or the place cannot be written.
        """
        target = Path(path)
        check_file(target, (".json", ".csv"))
        if target.suffix.lower() == ".json":
            text = json.dumps(_plain(self.as_dict()), ensure_ascii=False, indent=1, allow_nan=False) + "\n"
        else:
            stream = io.StringIO()
            writer = csv.DictWriter(stream, _COLUMNS, lineterminator="\n")
            writer.writeheader()
            writer.writerows({key: _cell(value) for key, value in row.items()} for row in self.rows())
            text = stream.getvalue()
        write_text(target, text)
        return target


def _target(criterion: Criterion | None) -> tuple[Any, ...]:
    """Unit, direction, target, tolerance, baseline and deadline of a criterion; empty where there is none."""
    if criterion is None:
        return (None,) * 6
    unit, direction, target = criterion.unit, criterion.direction, criterion.target
    return (unit, direction, target, criterion.tolerance, criterion.baseline, criterion.deadline)


def _row(line: Line, mark: Mark | None) -> tuple[Any, ...]:
    entry, criterion = line.entry, line.criterion
    reason = (mark.reason if mark else None) or line.reason
    return (
        entry.id, entry.strength, entry.hard, entry.accepted_value("measurable"), entry.accepted_value("indicator"),
        mark.kind if mark else None, mark.case if mark else None, mark.when if mark else None,
        mark.value if mark else None, mark.bound if mark else None,
        *_target(criterion),
        mark.due if mark else None, mark.verdict if mark else "not_testable", mark.distance if mark else None,
        str(reason) if reason else None, mark.source if mark else None,
    )  # fmt: skip


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)


def _cell(value: Any) -> Any:
    """A cell of the CSV; text that a spreadsheet would run as a formula is kept as text."""
    value = _plain(value)
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t"):
        return "'" + value
    return "" if value is None else value
