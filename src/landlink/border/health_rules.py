"""Health rules of a border as values: read from a study's tables on a day, or made in Python."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from landlink.border.in_force import rules_in_force, tables_on
from landlink.border.pipeline import DIRECTIONS
from landlink.core.errors import InputError, Problem, UnknownNameError, suggestion
from landlink.study import Study
from landlink.study.health_checks import setting_problems
from landlink.tables.border_schemas import HEALTH_RULES
from landlink.tables.clock_cells import parse_settings
from landlink.tables.health_schemas import SETTINGS
from landlink.tables.lists import split_list

__all__ = ["HealthRule", "health_rules"]

#: What each direction of a rule means, in the order of ``DIRECTIONS``.
_WAYS: Final = {"both": (True, True), "ab": (True, False), "ba": (False, True)}


@dataclass(frozen=True, slots=True)
class HealthRule:
    """One health rule; numbers as in :data:`landlink.tables.health_schemas.SETTINGS`, ``None``: the parameter holds.

    Attributes
    ----------
    kind
        One of :data:`landlink.tables.border_schemas.HEALTH_RULES`.
    rule_id
        Its name.
    ways
        Whether it holds from a to b, and from b to a.
    classes
        Vehicle classes that it is for; empty: all.
    """

    kind: str
    rule_id: str = ""
    ways: tuple[bool, bool] = (True, True)
    classes: tuple[str, ...] = ()
    test: str = ""
    sensitivity: float | None = None
    specificity: float | None = None
    hours_before: float = 0.0
    validity_h: float | None = None
    turnaround_h: float | None = None
    stopped_h: float = 0.0
    stopped_usd: float = 0.0
    days: float = 0.0
    contacts: float | None = None
    efficacy: float = 0.0
    coverage: float = 0.0
    share: float = 1.0
    hours: float = 0.0
    usd: float = 0.0

    @classmethod
    def of(
        cls,
        kind: str,
        *,
        rule_id: str = "",
        direction: str = "both",
        classes: tuple[str, ...] = (),
        **settings: float | str,
    ) -> HealthRule:
        """Make a rule from its settings.

        Raises
        ------
        InputError
            No such kind or direction, or settings that the kind does not know, that it lacks or that are out of bounds.

        Examples
        --------
        >>> HealthRule.of("quarantine", days=14).days
        14.0
        """
        problems = []
        if direction not in _WAYS:
            problems.append(Problem("rule", "no such direction", rule_id, "direction", direction, ", ".join(_WAYS)))
        if kind not in HEALTH_RULES:
            problems.append(Problem("rule", "no health rule", rule_id, "kind", kind, ", ".join(HEALTH_RULES)))
        else:
            found = {name: str(value) for name, value in settings.items()}
            written = ";".join(f"{name}={value}" for name, value in found.items())
            problems += setting_problems({"rule_id": rule_id, "kind": kind, "parameters": written}, found)
        if problems:
            raise InputError(problems)
        texts = {name: str(settings[name]) for name in settings if not SETTINGS[kind][name].number}
        numbers = {name: float(value) for name, value in settings.items() if name not in texts}
        return cls(kind, rule_id, _WAYS[direction], classes, **texts, **numbers)  # type: ignore[arg-type]


def health_rules(study: Study, crossing_id: str, when: date) -> tuple[HealthRule, ...]:
    """Health rules in force at a crossing on a day, measures applied, in the order of the table.

    Drivers meet them in this order.

    Raises
    ------
    UnknownNameError
        No such crossing.
    InputError
        A measure or a rule leaves a cell that no table may hold.
    """
    known = list(dict.fromkeys(study.tables["crossing"]["crossing_id"]))
    if crossing_id not in known:
        near = suggestion(crossing_id, known)
        raise UnknownNameError(Problem("crossing", "no such crossing", value=crossing_id, allowed=near))
    tables = tables_on(study, crossing_id, when)
    rows = {str(row["rule_id"]): row for row in tables["rule"].to_dict("records")}
    found = [rows[name] for name in rules_in_force(tables, crossing_id, when) if rows[name]["kind"] in HEALTH_RULES]
    return tuple(
        HealthRule.of(
            row["kind"],
            rule_id=row["rule_id"],
            direction=row["direction"],
            classes=split_list(row["vehicle_class"]),
            **(parse_settings(row["parameters"]) if row["parameters"].strip() else {}),
        )
        for row in found
    )


assert tuple(_WAYS)[1:] == DIRECTIONS  # noqa: S101  one order of directions everywhere
