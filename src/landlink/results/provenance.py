"""The provenance of a result: what was run, how accurate it is, and how it is presented."""

from __future__ import annotations

import math
import types
from collections.abc import Mapping
from dataclasses import MISSING, asdict, dataclass, field, fields
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from landlink.core.currency import USD, Currency, currencies
from landlink.study.idle_effects import IdleEffect
from landlink.study.settings import Doubt, NamedScenario

__all__ = ["AppliedMeasure", "Certification", "EnsembleRun", "Presentation", "Provenance", "Run", "TradeRun"]

Kind = TypeVar("Kind")


@dataclass(frozen=True, slots=True)
class AppliedMeasure:
    """A measure of the scenario: its id, its name, whether it is in force in the year, and its idle effects."""

    id: str
    name: str
    in_force: bool = True
    idle: tuple[IdleEffect, ...] = ()

    @property
    def acts(self) -> bool:
        """Whether any of its effects can act on the flows."""
        return self.in_force and not any(idle.whole for idle in self.idle)


@dataclass(frozen=True, kw_only=True)
class Run:
    """What was run: everything needed to reproduce the result.

    Attributes
    ----------
    study, study_path, study_hash
        The study, the folder it was read from, and SHA-256 of its tables, settings and measures.
    year, base_year
        Year solved, and the study's base year.
    scenario
        Id of the scenario in the study; empty if the study does not define it.
    measures
        Measures applied, in order.
    changed_links, changed_crossings
        Keys of the rows that the measures change.
    routing
        ``deterministic`` or ``spread``.
    carbon_price
        Price of CO2e that carriers pay in the year, USD/t, by country; ``*``: every other country. Empty: none.
    seed, threads
        Seed of the simulations; number of threads.
    start
        What the solver started from: ``nothing``, or ``loads`` or ``routes`` of an earlier result.
    landlink, versions
        Versions of landlink and of the libraries it depends on.
    finished_at, seconds, peak_memory_mb
        Time of completion, duration, and peak memory of the process (``None`` if unknown).
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
    carbon_price: Mapping[str, float] = field(default_factory=dict)
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
    """Accuracy of the flows, computed from them by code independent of the solver.

    Attributes
    ----------
    relative_gap, target_gap
        Gap of the flows, and the target.
    converged
        Whether the target was reached, flow is conserved and hard capacities are kept.
    conservation
        Largest imbalance at a node, relative to the demand.
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
    demand_gap
        Part of the gap that is due to demand that is not the one asked for at the least costs; ``None`` unless demand
        is elastic.
    """

    relative_gap: float
    target_gap: float
    converged: bool
    conservation: float = 0.0
    objective: float = 0.0
    iterations: int = 0
    violation: float | None = None
    slackness: float | None = None
    demand_gap: float | None = None


@dataclass(frozen=True, kw_only=True)
class EnsembleRun:
    """The ensemble of a result.

    Attributes
    ----------
    members
        Number of members that have figures.
    effective
        Number of independent members that they are worth.
    failures
        Reasons of the members that failed, by their numbers.
    draws
        SHA-256 of the members' parameters; ensembles with the same can be compared member by member.
    about
        What differs between members: ``parameters`` that a calibration estimated, or ``disturbances``, how often they
        strike.
    """

    members: int
    effective: float
    failures: Mapping[str, str] = field(default_factory=dict)
    draws: str = ""
    about: str = "parameters"


@dataclass(frozen=True, kw_only=True)
class TradeRun:
    """How demand responded to costs.

    Attributes
    ----------
    mode
        ``elastic`` or ``general``.
    reference
        Label of the reference from whose costs demand responds.
    elasticities
        Where the elasticities come from: ``study``, ``published``, or both.
    rounds
        Number of rounds of freight and trade.
    cost_change, flow_change
        Largest change of the logarithm of a trade cost in the last round; tonnes by which the demand that costs ask for
        differs from the demand, over all tonnes.
    tolerance, cost_tolerance
        Largest ``flow_change`` and ``cost_change`` at which rounds end.
    converged
        Whether they ended there.
    other_start_cost, other_start_flow
        How far the equilibrium from another start is, in trade costs and in flows; ``None`` if there was none.
    market_residual
        Largest imbalance of a market of the world, as a share; ``None`` without a world.
    """

    mode: str
    reference: str = ""
    elasticities: str = ""
    rounds: int = 0
    cost_change: float = 0.0
    flow_change: float = 0.0
    tolerance: float = 0.0
    cost_tolerance: float = 0.0
    converged: bool = True
    other_start_cost: float | None = None
    other_start_flow: float | None = None
    market_residual: float | None = None


@dataclass(frozen=True, kw_only=True)
class Presentation:
    """How a result is presented, besides its figures.

    Attributes
    ----------
    title, titles
        Title of the study, and its translations.
    label, labels
        Label of the result, and its translations.
    languages
        Further languages that the study gives names in, besides those of landlink.
    licence, attribution, disclaimer, disclaimers
        Terms of use of the study's data, and translations of the disclaimer by language.
    headline, headline_title, headline_titles
        Indicator of the sensitivity analysis in reports, and its title.
    currency, currency_per_usd, rate_date, rate_source
        Currency in which the study gives and shows amounts, its units for one USD, the date of that rate, and its
        source. The tables of the result hold USD.
    quality
        Number of rows of each quality, by table.
    notes
        Remarks for the reader, such as measures without effect in the year.
    doubts
        Questions that data cannot settle, with the scenarios that stand for their answers.
    answers
        These scenarios, with their titles and measures.
    """

    title: str
    label: str
    titles: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    languages: tuple[str, ...] = ()
    licence: str = ""
    attribution: tuple[str, ...] = ()
    disclaimer: str = ""
    disclaimers: Mapping[str, str] = field(default_factory=dict)
    headline: str = ""
    headline_title: str = ""
    headline_titles: Mapping[str, str] = field(default_factory=dict)
    currency: str = USD
    currency_per_usd: float = 1.0
    rate_date: str = ""
    rate_source: str = ""
    quality: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    answers: tuple[NamedScenario, ...] = ()

    @property
    def money(self) -> Currency:
        """Currency of the study with its rate."""
        return Currency(self.currency, self.currency_per_usd, self.rate_date, self.rate_source)


@dataclass(frozen=True)
class Provenance:
    """The provenance of a result.

    Attributes
    ----------
    run
        What was run.
    certificate
        How accurate the flows are.
    presentation
        How it is presented.
    ensemble
        Its ensemble; ``None`` if it has none.
    trade
        How demand responded to costs; ``None`` where it is fixed.
    """

    run: Run
    certificate: Certification
    presentation: Presentation
    ensemble: EnsembleRun | None = None
    trade: TradeRun | None = None

    def as_dict(self) -> dict[str, Any]:
        """Convert to plain values, as stored in ``result.json``."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Any) -> Provenance:
        """Read the output of :meth:`as_dict`.

        Raises
        ------
        ValueError
            A field is missing or of the wrong type; the message names it.
        """
        found = _read(cls, values, "provenance")
        money = found.presentation.money
        if money.code not in currencies() or not 0 < money.per_usd < math.inf:
            raise ValueError("provenance.presentation.currency is not a currency with a rate")
        return found


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
            raise ValueError(f"{place} is missing")
    return kind(**found)


def _value(hint: Any, value: Any, where: str) -> Any:
    """Convert a value to the declared type of its field."""
    of, parts = get_origin(hint), get_args(hint)
    if of in (Union, types.UnionType):
        return None if value is None else _value(parts[0], value, where)
    if of is tuple and isinstance(value, list | tuple):
        return tuple(_value(parts[0], item, where) for item in value)
    if of is Mapping and isinstance(value, Mapping):
        return {str(key): _value(parts[1], item, where) for key, item in value.items()}
    if hasattr(hint, "__dataclass_fields__"):
        return _read(hint, value, where)
    if hint is float and not isinstance(value, bool) and (value is None or isinstance(value, int | float)):
        return float("nan") if value is None else float(value)  # JSON has no number that is not finite
    if of is None and isinstance(value, hint) and not (hint is int and isinstance(value, bool)):
        return value
    raise ValueError(f"{where} is of the wrong type")
