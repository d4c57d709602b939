"""Effects of measures that cannot act: which cells a solve does not read, or that something else sets, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np
import pandas as pd

from landlink.core.arrays import Bools
from landlink.study import effects
from landlink.study.domestic_traffic import with_domestic_traffic
from landlink.study.settings import Settings
from landlink.study.solve_reads import BY_ITSELF, READ, REASONS, staged_crossings, unread_cells
from landlink.tables.border_schemas import RULE_TARGETS
from landlink.tables.frames import Tables, row_of, texts

__all__ = ["IdleEffect", "idle_effects", "idle_measures", "told"]

_SERVICE: Final = frozenset(("status", "open_from", "open_to"))
#: Reasons that are told of measures that act in part too.
REPLACED: Final = frozenset(("stages", "no_stages", "rule", "closed"))
#: Those that are told of single rows of an effect that acts on others: a word such as a crossing's name means them all.
_OF_A_ROW: Final = frozenset(("stages", "rule"))
#: Rows and effects named in a note; the others are counted.
_NAMED: Final = 3


@dataclass(frozen=True, slots=True)
class IdleEffect:
    """An effect of a measure that changes nothing in a solve.

    Attributes
    ----------
    measure
        The measure.
    table, rows, column
        Cells that it names; the column is empty for open and close.
    reason
        Key of :data:`landlink.study.solve_reads.REASONS`.
    detail
        The rule or measure that sets the cells; empty for other reasons.
    whole
        Whether no effect of the measure acts.
    """

    measure: str
    table: str
    rows: tuple[str, ...]
    column: str
    reason: str
    detail: str = ""
    whole: bool = False


@dataclass(frozen=True, slots=True)
class _Effect:
    #: The measure, or the rule.
    measure: str
    table: str
    row: str
    column: str
    operation: str
    value: str

    @property
    def columns(self) -> frozenset[str]:
        return frozenset((self.column,)) if self.column else _SERVICE

    @property
    def replaces(self) -> bool:
        """Whether it leaves nothing of the value before."""
        return self.operation not in effects.ARITHMETIC or (self.operation == "multiply" and float(self.value) == 0)


def idle_effects(tables: Tables, settings: Settings, measures: Sequence[str], year: int) -> list[IdleEffect]:
    """Find effects of the measures in force in a year that cannot act on a solve.

    An effect is idle if each of its cells is idle, for one of the :data:`REASONS`. What the measures do outside a
    solve, such as the infections that a health rule prevents, is not looked at.

    Parameters
    ----------
    tables
        The study's tables without measures.
    settings
        Its settings.
    measures
        Measures applied, in order.
    year
        Year of the scenario.
    """
    register = tables["measure"].set_index("measure_id", drop=False)
    acting = [measure for measure in measures if effects.in_force(row_of(register, measure), year)]
    steps = [step for measure in acting for step in _effects_of(tables["effect"], "measure_id", measure)]
    if not steps:
        return []
    view = _View(tables, settings, year, steps)
    found, acts = list[IdleEffect](), set[str]()
    for number, step in enumerate(steps):
        idle, some = view.idle(number)
        found += idle
        acts |= {step.measure} if some else set()
    return [replace(idle, whole=idle.measure not in acts) for idle in found]


def idle_measures(found: Iterable[IdleEffect]) -> tuple[str, ...]:
    """Measures of which no effect acts."""
    return tuple(dict.fromkeys(idle.measure for idle in found if idle.whole))


def told(found: Sequence[IdleEffect], year: int) -> list[str]:
    """Say in a sentence for each measure that cannot act in a year, wholly or in part, and why.

    Of a measure that acts in part, only cells that something replaces are told: it may well repeat a value, or describe
    what it builds.
    """
    lines = []
    for measure in dict.fromkeys(idle.measure for idle in found):
        mine = [idle for idle in found if idle.measure == measure]
        shown = mine if mine[0].whole else [idle for idle in mine if idle.reason in REPLACED]
        words = list(dict.fromkeys(map(_words, shown)))
        more = f"; and {len(words) - _NAMED} more" if len(words) > _NAMED else ""
        if words:
            part = "" if mine[0].whole else " in part"
            lines.append(f"{measure} has no effect{part} on the flows of {year}: {'; '.join(words[:_NAMED])}{more}")
    return lines


def _words(idle: IdleEffect) -> str:
    rows = ", ".join(idle.rows[:_NAMED]) + (f" and {len(idle.rows) - _NAMED} more" if len(idle.rows) > _NAMED else "")
    place = " ".join(part for part in (idle.table, rows, idle.column) if part)
    return f"{place} ({REASONS[idle.reason].format(detail=idle.detail)})"


def _effects_of(frame: pd.DataFrame, by: str, name: str) -> Iterator[_Effect]:
    columns = (texts(frame, column) for column in (by, "table", "row", "column", "operation", "value"))
    for of, table, row, column, operation, value in zip(*columns, strict=True):
        if of == name:
            yield _Effect(of, table, row, column, operation, value.strip())


class _View:
    """Tables before and after the effects, and the cells that a solve does not read."""

    def __init__(self, tables: Tables, settings: Settings, year: int, steps: Sequence[_Effect]) -> None:
        self._year, self._settings, self._steps = year, settings, steps
        self._before = _with_service(with_domestic_traffic(tables, settings, year), year)
        after, self._same, self._serves, self._rows = dict(tables), list[Bools](), list[Bools](), list[Bools]()
        for step in steps:
            frame = after[step.table]
            changed = effects.changed_frame(frame, step.table, step.row, step.column, step.operation, step.value)
            self._rows.append(effects.matching_rows(frame, step.table, step.row))
            self._same.append(self._unchanged(frame, changed, step))
            self._serves.append(self._served(frame, changed, step))
            after[step.table] = changed
        self._after = _with_service(with_domestic_traffic(after, settings, year), year)
        self._unread: dict[str, list[tuple[frozenset[str], Bools, str]]] = {}
        self._by_rules: dict[str, list[_Effect]] = {}

    def idle(self, number: int) -> tuple[list[IdleEffect], bool]:
        """Rows of an effect that do not act, by reason, and whether others do: then only those that are replaced."""
        step = self._steps[number]
        keys = effects.row_keys(self._after[step.table], step.table)
        by_reason: dict[tuple[str, str], list[str]] = {}
        acts = False
        for row in np.flatnonzero(self._rows[number]).tolist():
            reason = self._reason(number, row)
            if reason is None:
                acts = True
            else:
                by_reason.setdefault(reason, []).append(str(keys.iat[row]))
        if not by_reason and not acts:
            by_reason["same", ""] = []
        found = [
            IdleEffect(step.measure, step.table, tuple(names), step.column, *reason)
            for reason, names in by_reason.items()
            if not acts or reason[0] in _OF_A_ROW
        ]
        return found, acts

    def _reason(self, number: int, row: int) -> tuple[str, str] | None:
        """Why one row of an effect does not act, and what sets the cell instead; ``None`` if it acts."""
        step = self._steps[number]
        if not step.columns & READ.get(step.table, frozenset()):
            return "unread", ""
        for columns, rows, reason in self._cells(step.table):
            if rows[row] and step.columns <= columns:
                return reason, ""
        if rule := self._rule(step, row):
            return "rule", rule
        if self._same[number][row] or self._served_alike(number, row):
            return self._alike(step, row)
        for later in range(number + 1, len(self._steps)):
            other = self._steps[later]
            if other.measure != step.measure and _sets(other, step) and self._rows[later][row]:
                return "overwritten", other.measure
        return None

    def _served_alike(self, number: int, row: int) -> bool:
        """Whether a row is in service with an effect on dates or status as without it, and no later effect counts."""
        later = zip(self._steps[number + 1 :], self._rows[number + 1 :], strict=True)
        table = self._steps[number].table
        counts = any(one.table == table and one.columns & _SERVICE and rows[row] for one, rows in later)
        return not counts and bool(self._serves[number][row])

    def _alike(self, step: _Effect, row: int) -> tuple[str, str]:
        """Why an effect that leaves a row as it was does not act; for one out of service, what would open it."""
        frame = self._after[step.table]
        if not step.column or not step.columns <= _SERVICE or effects.is_open(frame.iloc[[row]], self._year).iloc[0]:
            return "same", ""
        if frame["status"].iat[row] == "existing":
            return "closed", ""
        opening = next(
            (
                measure
                for measure in texts(self._after["measure"], "measure_id")
                for other in _effects_of(self._after["effect"], "measure_id", measure)
                if other.table == step.table and other.operation == "open"
                if effects.matching_rows(frame, step.table, other.row)[row]
            ),
            "",
        )
        return ("opened_by", opening) if opening else ("planned", "")

    @cached_property
    def _staged(self) -> set[tuple[str, str]]:
        return staged_crossings(self._after)

    def _cells(self, table: str) -> list[tuple[frozenset[str], Bools, str]]:
        if table not in self._unread:
            before = list(unread_cells(table, self._before, self._settings, self._year))
            after = list(unread_cells(table, self._after, self._settings, self._year))
            self._unread[table] = [
                (then.columns, then.rows & now.rows if then.reason in BY_ITSELF else then.rows, then.reason)
                for then, now in zip(after, before, strict=False)
            ]
        return self._unread[table]

    def _rule(self, step: _Effect, row: int) -> str:
        """Rule in force that sets a cell of a simulated crossing after the measures; empty if there is none."""
        if step.table not in RULE_TARGETS or "crossing_id" not in self._after[step.table]:
            return ""
        frame = self._after[step.table]
        crossing, family = str(frame["crossing_id"].iat[row]), str(frame["family"].iat[row])
        if (crossing, family) not in self._staged:
            return ""
        for other in self._set_by_rules(crossing):
            if _sets(other, step) and effects.matching_rows(frame, step.table, other.row)[row]:
                return other.measure
        return ""

    def _set_by_rules(self, crossing: str) -> list[_Effect]:
        """Effects of the rules in force at a crossing."""
        if crossing not in self._by_rules:
            rules = effects.rules_in_force(self._after, crossing, effects.reference_day(self._year))
            frame = self._after["rule_effect"]
            self._by_rules[crossing] = [one for rule in rules for one in _effects_of(frame, "rule_id", rule)]
        return self._by_rules[crossing]

    def _served(self, before: pd.DataFrame, after: pd.DataFrame, step: _Effect) -> Bools:
        """Rows that are in service in the year after an effect on dates or status if they were before; else none."""
        if not step.columns <= _SERVICE or not _SERVICE.issubset(before):
            return np.zeros(len(before), dtype=np.bool_)
        return np.asarray(effects.is_open(before, self._year) == effects.is_open(after, self._year), dtype=np.bool_)

    def _unchanged(self, before: pd.DataFrame, after: pd.DataFrame, step: _Effect) -> Bools:
        """Rows of which an effect leaves the cells as they were; a row that stays open or closed counts as such."""
        if not step.column:
            return self._served(before, after, step)
        one, two = before[step.column], after[step.column]
        return np.asarray((one == two).fillna(False) | (one.isna() & two.isna()), dtype=np.bool_)


def _sets(other: _Effect, step: _Effect) -> bool:
    """Whether an effect that comes later sets the cells of another anew, in rows that both name."""
    return other.table == step.table and step.columns <= other.columns and other.replaces


def _with_service(tables: Mapping[str, pd.DataFrame], year: int) -> dict[str, pd.DataFrame]:
    """Tables with a column that says which crossings and links are in service."""
    served = {
        name: tables[name].assign(in_service=effects.is_open(tables[name], year)) for name in ("crossing", "link")
    }
    return {**tables, **served}
