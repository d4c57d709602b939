"""Health rules at a border: read from the tables of a study on a day, or created in Python."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from landlink.border.pipeline import DIRECTIONS
from landlink.border.tables_by_day import tables_on
from landlink.core.errors import InputError, Problem, UnknownNameError, suggestion
from landlink.study import Study
from landlink.study.effects import rules_in_force
from landlink.study.health_checks import setting_problems
from landlink.tables.border_schemas import HEALTH_RULES
from landlink.tables.clock_cells import parse_settings
from landlink.tables.frames import records
from landlink.tables.health_schemas import SETTINGS
from landlink.tables.lists import split_list

__all__ = ["HealthRule", "health_rules"]

#: Directions to which a rule applies, in the order of ``DIRECTIONS``.
_WAYS: Final = {"both": (True, True), "ab": (True, False), "ba": (False, True)}


@dataclass(frozen=True, slots=True)
class HealthRule:
    """A health rule.

    The other attributes are the settings of :data:`landlink.tables.health_schemas.SETTINGS`; ``None`` stands for the
    parameter of the table ``health``.

    Attributes
    ----------
    kind
        One of :data:`landlink.tables.border_schemas.HEALTH_RULES`.
    rule_id
        Name of the rule.
    ways
        Whether it applies from a to b, and from b to a.
    classes
        Vehicle classes to which it applies; empty: all.
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
        """Create a rule from its settings.

        Raises
        ------
        InputError
            The kind or direction is unknown, or settings are unknown, missing or out of bounds.

        Examples
        --------
        >>> HealthRule.of("quarantine", days=14).days
        14.0
        """
        problems = []
        if direction not in _WAYS:
            problems.append(Problem("rule", "no such direction", rule_id, "direction", direction, ", ".join(_WAYS)))
        if kind not in HEALTH_RULES:
            problems.append(Problem("rule", "no such health rule", rule_id, "kind", kind, ", ".join(HEALTH_RULES)))
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
    """List the health rules in force at a crossing on a day, in the order in which drivers meet them.

    Raises
    ------
    UnknownNameError
        The crossing is unknown.
    InputError
        A measure or a rule leaves an invalid value in a cell.
    """
    known = list(dict.fromkeys(study.tables["crossing"]["crossing_id"]))
    if crossing_id not in known:
        near = suggestion(crossing_id, known)
        raise UnknownNameError(Problem("crossing", "no such crossing", value=crossing_id, allowed=near))
    tables = tables_on(study, crossing_id, when)
    rows = {str(row["rule_id"]): row for row in records(tables["rule"])}
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


assert tuple(_WAYS)[1:] == DIRECTIONS  # noqa: S101  the same order of directions everywhere
