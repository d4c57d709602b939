"""Registers and scoreboards as tables for an office: the same columns in a workbook and in a document."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from landlink.report.stated_values import duration_text, quantity_text, shown_value
from landlink.report.words import Words
from landlink.statement.clause_wording import wording_of
from landlink.statement.criterion import Reason
from landlink.statement.observed_series import known_unit
from landlink.statement.register import Register
from landlink.statement.register_records import Entry
from landlink.statement.score_line import Assessment, ScoreLine
from landlink.statement.scoreboard import Scoreboard

__all__ = ["OfficeTable", "about_register", "register_tables", "scoreboard_tables"]

#: Verdicts in the order in which they are counted.
_VERDICTS: Final = ("met", "not_met", "right_way", "wrong_way", "no_change", "not_testable")


@dataclass(frozen=True)
class OfficeTable:
    """A table with its heading.

    Attributes
    ----------
    name
        Key of its heading among the messages ``export``.
    heads
        Names of the columns.
    rows
        Cells: text, numbers or None.
    widths
        Relative widths of the columns on paper.
    shared
        Places of the columns that share one on paper; by default each stands alone.
    """

    name: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str | float | None]]
    widths: Sequence[float]
    shared: Sequence[Sequence[int]] = ()


def about_register(register: Register, words: Words) -> list[tuple[str, str]]:
    """Facts about a register: label and text."""
    source = register.source
    return [
        (words("export.source"), source.title_in(words.language)),
        (words("export.issued"), source.issued.isoformat() if source.issued else ""),
        (words("export.language"), source.language),
        (words("review.parties"), ", ".join(words.country(party) for party in register.parties)),
        (words("export.read_by"), source.read_by or ""),
        (words("export.hash"), source.sha256),
        (words("review.note"), source.note or ""),
        (words("export.remark"), words("export.reading")),
    ]


def register_tables(register: Register, words: Words) -> list[OfficeTable]:
    """Tables of a register: clauses, suggestions, later events, projects, sentences without a clause."""
    heads = _Heads(words)
    return [
        OfficeTable(
            "clauses",
            heads("export.id export.text export.place review.strength review.topic review.parties review.quantity "
                  "review.target review.baseline review.deadline export.indicator export.unit review.note "
                  "export.status export.reviewer export.flags"),
            [_clause(entry, register, words) for entry in register.clauses],
            (6, 22, 8, 8, 10, 7, 30, 16, 9, 9, 9),
            ((0,), (1,), (2,), (3,), (4,), (5,), tuple(range(6, 12)), (12,), (13,), (14,), (15,)),
        ),
        OfficeTable(
            "suggestions",
            heads("export.id export.field export.value export.why export.rule review.by"),
            [
                [entry.id, _field(field, words), shown_value(item.value, words), item.why, item.rule, item.accepted_by]
                for entry in register.clauses for field, item in entry.suggested.items()
            ],
            (6, 10, 24, 26, 9, 10),
        ),
        OfficeTable(
            "outcomes",
            heads("export.id export.when export.finding export.value export.unit export.what export.source"),
            [
                [entry.id, item.when, _finding(item.finding, words), item.value, _unit(entry), item.what, item.source]
                for entry in register.clauses for item in entry.outcomes
            ],
            (6, 9, 11, 8, 10, 28, 20),
        ),
        OfficeTable(
            "projects",
            heads("export.id export.title export.measure review.parties"),
            [[item.id, item.title, item.measure, ", ".join(item.countries)] for item in register.projects],
            (8, 20, 10, 10),
        ),
        OfficeTable(
            "unclassified",
            heads("export.place export.language export.text export.flags"),
            [
                [f"{item.start}\u2013{item.end}", item.language, item.quote, _flags(item.flags, words)]
                for item in register.unclassified
            ],
            (8, 6, 40, 12),
        ),
    ]  # fmt: skip


def scoreboard_tables(board: Scoreboard, words: Words) -> list[OfficeTable]:
    """Tables of a scoreboard: counts by case, then every clause with each piece of evidence."""
    heads = _Heads(words)
    rows = [_result(line, item, board.register, words) for line in board.lines for item in line.assessments or (None,)]
    return [
        OfficeTable(
            "counts",
            [words("export.case"), *(words(f"statement.{verdict}") for verdict in _VERDICTS)],
            [
                [label, *(counts[name] for name in _VERDICTS)]
                for label, counts in (
                    *((label, board.tally(case)) for case, label in board.cases),
                    (words("statement.seen"), board.tally_observed()),
                )
            ],
            (16, 7, 7, 9, 9, 8, 8),
        ),
        OfficeTable(
            "results",
            heads("export.id export.text export.test export.indicator export.unit export.case export.when export.value "
                  "security.interval export.verdict export.distance export.remark export.source"),
            rows,
            (6, 22, 26, 14, 9, 8, 10, 8, 12, 12),
            ((0,), (1,), (2, 3, 4), (5,), (6,), (7, 8), (9,), (10,), (11,), (12,)),
        ),
    ]  # fmt: skip


class _Heads:
    """Looks several messages up at once."""

    def __init__(self, words: Words) -> None:
        self._words = words

    def __call__(self, keys: str) -> list[str]:
        return [self._words(key) for key in keys.split()]


def _clause(entry: Entry, register: Register, words: Words) -> list[str | float | None]:
    quantity = entry.quantity
    deadline = entry.accepted_value("deadline")
    return [
        entry.id,
        _text(entry, register, words),
        f"{entry.start}\u2013{entry.end}",
        words(f"review.s{entry.strength}") if entry.strength is not None else None,
        ", ".join(words.term("topic", topic) for topic in entry.topics),
        ", ".join(entry.parties),
        quantity_text(quantity, words) if quantity else None,
        shown_value(entry.accepted_value("target"), words),
        shown_value(entry.accepted_value("baseline"), words) or entry.baseline_words,
        deadline.isoformat() if deadline else _due_after(entry, words),
        entry.accepted_value("indicator"),
        _unit(entry),
        entry.note,
        words(f"review.st_{entry.status}"),
        entry.accepted_by,
        _flags(entry.flags, words),
    ]


def _text(entry: Entry, register: Register, words: Words) -> str | None:
    """What a clause says in the reader's language, and below it the quotation where that is in another."""
    told = wording_of(entry, register, words.language).text
    return "\n".join(dict.fromkeys(text for text in (told, entry.quote) if text)) or None


def _due_after(entry: Entry, words: Words) -> str | None:
    return words.headed(words("review.due_after"), duration_text(entry.due_after, words)) if entry.due_after else None


def _field(field: str, words: Words) -> str:
    return words("export.indicator") if field == "indicator" else words(f"review.{field}")


def _unit(entry: Entry) -> str | None:
    indicator = entry.accepted_value("indicator")
    return known_unit(str(indicator)) or None if indicator else None


def _flags(flags: Sequence[str], words: Words) -> str:
    return ", ".join(words(f"review.f_{flag}") for flag in flags)


def _finding(finding: str | None, words: Words) -> str | None:
    return words.get(f"statement.{finding}", finding.replace("_", " ")) if finding else None


def _range(item: Assessment, words: Words) -> str | None:
    """Both ends of the interval of a value, if it has one."""
    if not item.has_interval:
        return None
    return words("security.ends", low=words.number(item.low), high=words.number(item.high))


def _result(line: ScoreLine, item: Assessment | None, register: Register, words: Words) -> list[str | float | None]:
    entry = line.entry
    verdict, reason = line.judged(item)
    return [
        entry.id,
        _text(entry, register, words),
        _test(line, words),
        entry.accepted_value("indicator"),
        _unit(entry),
        item.label or item.case if item else None,
        item.when if item else None,
        _number(item.value) if item else None,
        _range(item, words) if item else None,
        words(f"statement.{verdict}"),
        _number(item.distance) if item and not item.before else None,
        _reason(reason, words) if reason else None,
        item.source if item else None,
    ]


def _reason(reason: Reason, words: Words) -> str:
    told = words(f"statement.r_{reason.key}")
    return words.headed(told, reason.detail) if reason.detail else told


def _test(line: ScoreLine, words: Words) -> str | None:
    if line.criterion is None:
        return words("statement.direction") if line.directional else None
    target: Any = words.quantity(line.criterion.target, line.criterion.unit)
    return words(f"statement.{line.criterion.direction}", target=target)


def _number(value: float) -> float | None:
    return value if math.isfinite(value) else None
