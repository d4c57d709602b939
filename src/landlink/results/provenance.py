"""The provenance of a result: what was run, how exact the answer is, and how it is presented to people."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import MISSING, asdict, dataclass, field, fields
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

__all__ = ["AppliedMeasure", "Certification", "Presentation", "Provenance", "Run"]

Kind = TypeVar("Kind")


@dataclass(frozen=True, slots=True)
class AppliedMeasure:
    """A measure of the scenario: its id, its name, and whether it is in force in the year."""

    id: str
    name: str
    in_force: bool = True


@dataclass(frozen=True, kw_only=True)
class Run:
    """What was run: everything that it takes to make the result again.

    Attributes
    ----------
    study, study_path, study_hash
        The study, the folder it was read from, and SHA-256 of its tables, settings and measures.
    year, base_year
        Year that was solved, and the study's base year.
    scenario
        Id of the study's scenario that was solved; empty where it was none of them.
    measures
        Measures applied, in order.
    changed_links, changed_crossings
        Keys of the rows that the measures change.
    routing
        ``deterministic`` or ``stochastic``.
    seed, threads
        Seed of simulations; threads used.
    start
        What the solver began from: ``nothing``, ``loads`` or ``routes`` of an earlier result.
    landlink, versions
        Versions of landlink and of what it stands on.
    finished_at, seconds, peak_memory_mb
        When it was finished, how long it took, and the most memory the process ever held (``None``: not known).
    """

    study: str
    study_path: str
    study_hash: str
    year: int
    base_year: int = 0
    scenario: str = ""
    measures: tuple[AppliedMeasure, ...] = ()
    changed_links: tuple[str, ...] = ()
    changed_crossings: tuple[str, ...] = ()
    routing: str = "deterministic"
    seed: int = 1
    threads: int = 1
    start: str = "nothing"
    landlink: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)
    finished_at: str = ""
    seconds: float = 0.0
    peak_memory_mb: float | None = None


@dataclass(frozen=True, kw_only=True)
class Certification:
    """How exact the flows are, computed from them by code that shares nothing with the solver.

    Attributes
    ----------
    relative_gap, target_gap
        Gap of the flows, and the gap that was asked for.
    converged
        Whether the target was reached by flows that are conserved and keep hard capacities.
    conservation
        Largest imbalance at a node, over the demand.
    objective
        Value of the convex program.
    iterations
        Rounds of route search in the last solve.
    violation
        Largest load above a hard capacity, over that capacity; ``None`` where the study has none.
    slackness
        What waits would cost at hard capacities and do not, as those are not reached, over all costs; ``None`` where
        the study has none. The gap is taken at the waits found; where gap, violation and slackness are 0, the flows are
        the optimum within the limits.
    """

    relative_gap: float
    target_gap: float
    converged: bool
    conservation: float = 0.0
    objective: float = 0.0
    iterations: int = 0
    violation: float | None = None
    slackness: float | None = None


@dataclass(frozen=True, kw_only=True)
class Presentation:
    """What a reader sees of a result beside its figures.

    Attributes
    ----------
    title, titles
        Title of the study, and in other languages.
    label, labels
        What the result is called, and in other languages.
    licence, attribution, disclaimer
        Terms of the study's data.
    headline, headline_title, headline_titles
        Indicator whose dependence on inputs a report shows, and what it is called.
    quality
        Rows of each quality, by table.
    notes
        What a reader should know, such as measures that have no effect in the year.
    """

    title: str
    label: str
    titles: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    licence: str = ""
    attribution: tuple[str, ...] = ()
    disclaimer: str = ""
    headline: str = ""
    headline_title: str = ""
    headline_titles: Mapping[str, str] = field(default_factory=dict)
    quality: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Provenance:
    """How a result came about.

    Attributes
    ----------
    run
        What was run.
    certificate
        How exact the flows are.
    presentation
        How it is presented to people.
    """

    run: Run
    certificate: Certification
    presentation: Presentation

    def as_dict(self) -> dict[str, Any]:
        """Plain values, as ``result.json`` holds them."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Any) -> Provenance:
        """Read what :meth:`as_dict` gives.

        Raises
        ------
        ValueError
            Something is missing or of another type; the message says what.
        """
        return _read(cls, values, "provenance")


def _read(kind: type[Kind], values: Any, where: str) -> Kind:
    if not isinstance(values, Mapping):
        raise ValueError(f"{where} is not a table")  # noqa: TRY004  the file is wrong, not the caller
    hints = get_type_hints(kind)
    found = {}
    for item in fields(kind):  # type: ignore[arg-type]
        place = f"{where}.{item.name}"
        if item.name in values:
            found[item.name] = _value(hints[item.name], values[item.name], place)
        elif item.default is MISSING and item.default_factory is MISSING:
            raise ValueError(f"it lacks {place}")
    return kind(**found)


def _value(hint: Any, value: Any, where: str) -> Any:
    """One value in the type that its field declares."""
    of, parts = get_origin(hint), get_args(hint)
    if of in (Union, types.UnionType):
        return None if value is None else _value(parts[0], value, where)
    if of is tuple and isinstance(value, list | tuple):
        return tuple(_value(parts[0], item, where) for item in value)
    if of is Mapping and isinstance(value, Mapping):
        return {str(key): _value(parts[1], item, where) for key, item in value.items()}
    if hasattr(hint, "__dataclass_fields__"):
        return _read(hint, value, where)
    if hint is float and isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    if of is None and isinstance(value, hint) and not (hint is int and isinstance(value, bool)):
        return value
    raise ValueError(f"{where} is of the wrong type")
