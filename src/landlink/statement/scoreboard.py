"""A scoreboard: each commitment against scenarios, observations and later events."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, get_args

from landlink.core.atomic_files import write_text
from landlink.core.json_text import json_text, plain
from landlink.formats.authorship import MARK, any_of, csv_header_is, marked_json
from landlink.statement.clause import STRENGTHS
from landlink.statement.criterion import Criterion, Verdict
from landlink.statement.register import Register
from landlink.statement.score_line import Assessment, ScoreLine
from landlink.statement.summary_display import SummaryTable, fitted, html_summary, text_summary
from landlink.statement.trend import MOVEMENTS
from landlink.tables.destinations import OutputFile, check_output

__all__ = ["SCOREBOARD", "Scoreboard"]

_COLUMNS: Final = (
    "clause", "page", "strength", "hard", "measurable", "indicator", "test", "kind", "case", "when", "value", "p10",
    "p90", "bound", "unit",
    "direction", "target", "tolerance", "baseline", "deadline", "due", "verdict", "distance", "reason", "source",
)  # fmt: skip
#: The kind of file that a scoreboard is.
SCOREBOARD: Final = OutputFile(
    "a scoreboard", (".json", ".csv"), any_of({".json": marked_json("scoreboard"), ".csv": csv_header_is(_COLUMNS)})
)
#: Verdicts as keys and in words; those on a trend stand apart from those on a number.
_VERDICTS: Final = {verdict: verdict.replace("_", " ") for verdict in get_args(Verdict)}
#: Name of the tally of observations and events.
_OBSERVED: Final = "observed since the text"
#: Most cases listed by ``repr``, and the width of their labels.
_MAX_CASES: Final = 6
_LABEL_WIDTH: Final = 32


@dataclass(frozen=True, repr=False)
class Scoreboard:
    """All commitments of a register against all cases.

    Attributes
    ----------
    register
        The register.
    lines
        A line for each clause, in text order.
    cases
        Identifier and label of each scenario and year, in order.
    study
        Title of the study.

    Examples
    --------
    >>> import landlink as ll
    >>> study = ll.open_study("china-kyrgyzstan")
    >>> register = ll.statement.open_register(study.path / "register.yaml")
    >>> board = ll.statement.score_study(study, register, scenarios=[])
    >>> [line.entry.id for line in board.testable]
    ['C13']
    """

    register: Register
    lines: tuple[ScoreLine, ...]
    cases: tuple[tuple[str, str], ...]
    study: str = ""

    @property
    def testable(self) -> tuple[ScoreLine, ...]:
        """Lines that have the test of a number."""
        return tuple(line for line in self.lines if line.criterion is not None and not line.criterion.trend)

    @property
    def directional(self) -> tuple[ScoreLine, ...]:
        """Lines that have the test of a direction, and no number that could be met."""
        return tuple(line for line in self.lines if line.criterion is not None and line.criterion.trend)

    def tally(self, case: str) -> dict[str, int]:
        """Count the lines that a case meets, does not meet, moves one way or the other, and cannot test.

        Parameters
        ----------
        case
            Identifier of the case.

        Returns
        -------
        dict[str, int]
            By verdict: ``met``, ``not_met``, ``right_way``, ``wrong_way``, ``no_change``, ``not_testable``.
        """
        return _tally(self.lines, case)

    def tally_observed(self) -> dict[str, int]:
        """Count the lines by what has been observed since the text was issued; the verdicts as in :meth:`tally`.

        Returns
        -------
        dict[str, int]
            By verdict.
        """
        return _evidence_tally(self.lines)

    def rows(self) -> Iterator[dict[str, Any]]:
        """Yield a flat row for each assessment, and one for each clause without any."""
        for line in self.lines:
            for item in line.assessments or (None,):
                yield dict(zip(_COLUMNS, _row(line, item), strict=True))

    def as_dict(self) -> dict[str, Any]:
        """Return everything as plain mappings and lists, for machines."""
        source = self.register.source
        return {
            "study": self.study,
            "source": {"title": source.title, "sha256": source.sha256, "issued": source.issued},
            "tests": {"number": len(self.testable), "direction": len(self.directional)},
            "cases": [{"case": case, "label": label, **self.tally(case)} for case, label in self.cases],
            "observed": self.tally_observed(),
            "rows": list(self.rows()),
        }

    def save(self, path: str | os.PathLike[str], *, force: bool = False) -> Path:
        """Write the scoreboard to a file.

        Parameters
        ----------
        path
            A file name that ends with ``.json`` or ``.csv``; an older scoreboard is replaced.
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
        check_output(target, SCOREBOARD, force=force)
        if target.suffix.lower() == ".json":
            text = json_text({MARK: "scoreboard"} | self.as_dict())
        else:
            stream = io.StringIO()
            writer = csv.DictWriter(stream, _COLUMNS, lineterminator="\n")
            writer.writeheader()
            writer.writerows({key: _cell(value) for key, value in row.items()} for row in self.rows())
            text = stream.getvalue()
        write_text(target, text)
        return target

    def __repr__(self) -> str:
        cases = [(fitted(label, _LABEL_WIDTH), _counts(self.tally(case))) for case, label in self.cases[:_MAX_CASES]]
        more = len(self.cases) - _MAX_CASES
        observed = _counts(_evidence_tally(self.lines)) if self.lines else ""
        facts = [*cases, ("more", f"{more:,} further cases" if more > 0 else ""), (_OBSERVED, observed)]
        return text_summary(self._head(), facts)

    def _repr_html_(self) -> str:
        return html_summary(self._head(), self.register.source.title or "", [], self._tables())

    def _head(self) -> str:
        count = len(self.lines)
        clauses = f"{count:,} clause{'s' if count != 1 else ''}"
        directions = f", {len(self.directional):,} of direction only" if self.directional else ""
        return f"Scoreboard of {clauses}, {len(self.testable):,} with a test{directions}"

    def _tables(self) -> list[SummaryTable]:
        heads = tuple(_VERDICTS.values())
        by_case = [(label, list(self.tally(case).values())) for case, label in self.cases]
        by_case.append((_OBSERVED, list(_evidence_tally(self.lines).values())))
        tables = [SummaryTable("Clauses by verdict", ("case", *heads), by_case)]
        case, label = self.cases[-1] if self.cases else ("", _OBSERVED)
        by_strength = [
            (name, list((_tally(lines, case) if case else _evidence_tally(lines)).values()))
            for name, lines in self._by_strength()
        ]
        return [*tables, SummaryTable(f"By strength: {label}", ("strength", *heads), by_strength)]

    def _by_strength(self) -> list[tuple[str, Sequence[ScoreLine]]]:
        """Group the lines by strength, the strongest first; strengths that do not occur are left out."""
        groups = [
            (name, [line for line in self.lines if (line.entry.strength or 0) == strength])
            for strength, name in enumerate(STRENGTHS)
        ]
        return [(name, lines) for name, lines in reversed(groups) if lines]


def _tally(lines: Sequence[ScoreLine], case: str) -> dict[str, int]:
    counts = dict.fromkeys(_VERDICTS, 0)
    for line in lines:
        verdicts = [item.verdict for item in line.of("scenario") if item.case == case]
        counts[verdicts[0] if verdicts else "not_testable"] += 1
    return counts


def _evidence_tally(lines: Sequence[ScoreLine]) -> dict[str, int]:
    """Count lines by what the evidence since the text was issued says."""
    counts = dict.fromkeys(_VERDICTS, 0)
    for line in lines:
        latest = line.latest_verdict
        counts[latest.verdict if latest else "not_testable"] += 1
    return counts


def _counts(tally: dict[str, int]) -> str:
    """Counts in words; those of directions only where there are any."""
    shown = [name for name in _VERDICTS if tally[name] or name not in MOVEMENTS]
    return ", ".join(f"{tally[name]:,} {_VERDICTS[name]}" for name in shown)


def _ends(item: Assessment | None) -> tuple[float | None, float | None]:
    return (item.low, item.high) if item and item.has_interval else (None, None)


def _test(line: ScoreLine) -> str | None:
    """What is tested: a number, a direction or nothing."""
    if line.directional:
        return "direction"
    return "number" if line.criterion is not None else None


def _target(criterion: Criterion | None) -> tuple[Any, ...]:
    """Return unit, direction, target, tolerance, baseline and deadline of a criterion; Nones if there is none."""
    if criterion is None:
        return (None,) * 6
    unit, direction, target = criterion.unit, criterion.direction, None if criterion.trend else criterion.target
    return (unit, direction, target, criterion.tolerance, criterion.baseline, criterion.deadline)


def _row(line: ScoreLine, item: Assessment | None) -> tuple[Any, ...]:
    entry, criterion = line.entry, line.criterion
    verdict, reason = line.judged(item)
    return (
        entry.id, entry.page, entry.strength, entry.hard, entry.accepted_value("measurable"),
        entry.accepted_value("indicator"), _test(line),
        item.kind if item else None, item.case if item else None, item.when if item else None,
        item.value if item else None, *_ends(item), item.bound if item else None,
        *_target(criterion),
        item.due if item else None, verdict, item.distance if item and not item.before else None,
        str(reason) if reason else None, item.source if item else None,
    )  # fmt: skip


def _cell(value: Any) -> Any:
    """Return a cell of the CSV; text that a spreadsheet would run as a formula is escaped."""
    value = plain(value)
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t"):
        return "'" + value
    return "" if value is None else value
