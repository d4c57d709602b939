"""Recovery plans: the cheapest and the earliest set of measures that meets a traffic target under a limit of entries.

Crossings are simulated separately, each with the options that change it, and sets of options are compared with common
random numbers (Nelson and Matejcik 1995). Small catalogues are enumerated, so the plan is optimal: bounds and a
screening rule most sets out, and all others are simulated in full. In large catalogues, sets that servers and quotas
alone rule out are skipped and a local search removes and swaps options while this saves money.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
import pandas as pd

from landlink.border.catalogue import Catalogue, catalogue_of
from landlink.border.display import html_table, text_table, with_interval, wrapped
from landlink.border.recovery_case import Case, CaseMaker, Decision
from landlink.border.recovery_search import RecoverySearch
from landlink.border.recovery_target import Target
from landlink.core.currency import Currency
from landlink.core.progress import Progress
from landlink.study import Study

__all__ = ["Binding", "Recovery", "RecoveryOptions", "recover"]

#: Default horizon of running costs, days.
YEAR: Final = 365.0


@dataclass(frozen=True)
class RecoveryOptions:
    """Options of a recovery plan.

    Attributes
    ----------
    day
        Day of the decision, whose rules apply unless measures change them.
    limit
        Limit of infectious entries per week; infinite: no limit, and no health tables are needed.
    horizon_days
        Days from the decision over which running costs count.
    seed, threads
        Seed and threads of the simulations.
    exhaustive
        Whether to evaluate all sets; ``None``: if the catalogue is small.
    """

    day: date
    limit: float = np.inf
    horizon_days: float = YEAR
    seed: int = 1
    threads: int | None = None
    exhaustive: bool | None = None


#: Unit in which costs of plans are shown.
MILLION: Final = "million USD"


@dataclass(frozen=True)
class Binding:
    """Why a target cannot be met.

    Attributes
    ----------
    constraint
        ``capacity``, or ``entries`` for the limit of infectious entries.
    best
        Set with the highest capacity, or of those that pass the target the one with the fewest infectious entries.
    under
        Set that passes most vehicles within the limit of infectious entries; ``None`` without a limit.
    """

    constraint: str
    best: Case
    under: Case | None


@dataclass(frozen=True, repr=False)
class Recovery:
    """A recovery plan.

    Attributes
    ----------
    target, options
        Target and options of the plan.
    catalogue
        Available measures.
    now
        Evaluation without any measure.
    cheapest, earliest
        Best sets of measures; ``None`` if none meets the target.
    cases
        All sets that were evaluated.
    proven
        Whether all allowed sets were evaluated, so that the plan is optimal.
    phases
        Evaluations of the cheapest and the earliest plan as their measures take effect.
    simulated
        Number of distinct pipelines that were simulated, at all crossings.
    """

    target: Target
    options: RecoveryOptions
    catalogue: Catalogue
    now: Case
    cheapest: Case | None
    earliest: Case | None
    cases: tuple[Case, ...]
    proven: bool
    phases: tuple[tuple[Case, ...], ...]
    simulated: int

    @property
    def feasible(self) -> bool:
        """Whether the target can be met."""
        return self.cheapest is not None

    @property
    def best(self) -> tuple[tuple[str, Case], ...]:
        """The cheapest and the earliest plan; one plan, ``cheapest_earliest``, if they are the same set."""
        if self.cheapest is None or self.earliest is None:
            return ()
        if self.cheapest.chosen == self.earliest.chosen:
            return (("cheapest_earliest", self.cheapest),)
        return ("cheapest", self.cheapest), ("earliest", self.earliest)

    def binding(self) -> Binding | None:
        """Find the constraint that is binding if the target cannot be met, and the best that can be reached."""
        if self.feasible:
            return None
        most = max(self.cases, key=lambda case: (case.vehicles_per_day, -case.cost_usd))
        target, limit = self.target.vehicles_per_day, self.options.limit
        under = None
        if np.isfinite(limit):
            under = max(self.cases, key=lambda case: (case.most_under(limit), -case.cost_usd))
        if most.low < target:
            return Binding("capacity", most, under)
        fewest = min((c for c in self.cases if c.low >= target), key=lambda case: case.entries_per_week)
        return Binding("entries", fewest, under)

    def reason(self) -> str:
        """Explain which constraint is binding if the target cannot be met, and the best that can be reached."""
        binding = self.binding()
        if binding is None:
            return ""
        target, limit, best = self.target.vehicles_per_day, self.options.limit, binding.best
        if binding.constraint == "capacity":
            text = (
                f"capacity is binding: at most {best.vehicles_per_day:.0f} of {target:g} vehicles per day can pass"
                f" ({self._named(best)})"
            )
            if best.entries_per_week > limit:
                text += f", with {best.entries_per_week:.3g} infectious entries per week"
        else:
            text = (
                f"the limit of infectious entries is binding: {target:g} vehicles per day can pass, but with at least"
                f" {best.entries_per_week:.3g} infectious entries per week ({self._named(best)})"
            )
        if (under := binding.under) is not None:
            text += (
                f"; within {limit:g} per week the maximum is {under.most_under(limit):.0f} vehicles per day"
                f" ({self._named(under)})"
            )
        return text

    def _named(self, case: Case) -> str:
        names = ", ".join(self.catalogue.options[i].name for i in case.chosen)
        return f"with {names}" if names else "without measures"

    def decisions(self) -> dict[Decision, int]:
        """Count the sets by how it was decided whether they meet the target and the limit."""
        return {decision: sum(case.decision is decision for case in self.cases) for decision in Decision}

    def frontier(self) -> pd.DataFrame:
        """Tabulate the Pareto frontier in vehicles, infectious entries and cost, by cost."""
        return self.table(self.frontier_cases())

    def frontier_cases(self) -> list[Case]:
        """List the sets that no other set beats in vehicles up to the target, infectious entries and cost, by cost."""
        cases = sorted(self.cases, key=lambda case: (case.cost_usd, case.entries_per_week, -case.vehicles_per_day))
        kept: list[Case] = []
        for case in cases:
            if not any(_dominates(other, case, self.target.vehicles_per_day) for other in kept):
                kept.append(case)
        return kept

    def table(self, cases: list[Case] | tuple[Case, ...]) -> pd.DataFrame:
        """Tabulate sets of measures."""
        return pd.DataFrame(
            [
                {
                    "measures": ";".join(self.catalogue.options[i].measure_id for i in case.chosen),
                    "cost_usd": case.cost_usd,
                    "ready_days": case.ready_days,
                    "vehicles_per_day": case.vehicles_per_day,
                    "vehicles_low": case.low,
                    "entries_per_week": case.entries_per_week,
                    "entries_low": case.entries_low,
                    "entries_high": case.entries_high,
                    "meets": case.meets(self.target, self.options.limit),
                    "fails": ";".join(case.fails(self.target, self.options.limit)),
                    "decided_by": case.decision.value,
                    **{
                        f"vehicles_per_day_{name}": one.per_day
                        for name, one in zip(self.target.crossings, case.capacities, strict=True)
                    },
                }
                for case in cases
            ]
        )

    def schedule(self, case: Case) -> pd.DataFrame:
        """Tabulate when each measure of a plan takes effect, and the capacity and entries from then on."""
        steps = self.phases[0] if case == self.cheapest else self.phases[-1]
        chosen = sorted(case.chosen, key=lambda i: (self.catalogue.options[i].lead_days, i))
        by_days = {step.ready_days: step for step in steps}
        rows = []
        for i in chosen:
            option = self.catalogue.options[i]
            step = by_days[option.lead_days]
            rows.append(
                {
                    "measure_id": option.measure_id,
                    "name": option.name,
                    "works_from": self.options.day + timedelta(days=option.lead_days),
                    "lead_days": option.lead_days,
                    "cost_usd": option.cost_usd(self.options.horizon_days),
                    "vehicles_per_day_then": step.vehicles_per_day,
                    "entries_per_week_then": step.entries_per_week,
                }
            )
        return pd.DataFrame(rows)

    def __repr__(self) -> str:
        parts = [wrapped(self._title()), text_table(self._heads, self._headline()), wrapped(self._note(), lines=4)]
        return "\n".join(parts)

    def _repr_html_(self) -> str:
        return html_table(self._title(), self._heads, self._headline(), self._note())

    def crossing_names(self) -> list[str]:
        """Names of the crossings of the target."""
        rows = self.catalogue.study.tables["crossing"].drop_duplicates("crossing_id").set_index("crossing_id")
        return [str(rows["name"].get(name) or name) for name in self.target.crossings]

    @property
    def currency(self) -> Currency:
        """Currency of the study, in which costs are shown; tables hold USD."""
        return self.catalogue.study.settings.money

    @property
    def cost_unit(self) -> str:
        """Unit in which costs are shown: millions of the currency."""
        return self.currency.unit_of(MILLION)

    def cost(self, usd: float) -> float:
        """Cost in :attr:`cost_unit`, of one in USD."""
        return self.currency.amount(usd / 1e6, MILLION)

    @property
    def _heads(self) -> tuple[str, ...]:
        return ("", "vehicles per day", "entries per week", self.cost_unit, "ready after")

    def _title(self) -> str:
        limit = "" if np.isinf(self.options.limit) else f", at most {self.options.limit:g} infectious entries per week"
        names = " + ".join(self.crossing_names())
        return (
            f"Recovery of {names}: {self.target.vehicles_per_day:g} vehicles per day{limit},"
            f" decided on {self.options.day.isoformat()}"
        )

    def _headline(self) -> list[list[str]]:
        plans = (("now", self.now), *((name.replace("_", " and "), case) for name, case in self.best))
        return [
            [
                name,
                with_interval(case.vehicles_per_day, case.low, 2 * case.vehicles_per_day - case.low),
                with_interval(case.entries_per_week, case.entries_low, case.entries_high),
                f"{self.cost(case.cost_usd):.2f}",
                f"{case.ready_days} days",
            ]
            for name, case in plans
        ]

    def _note(self) -> str:
        if not self.feasible:
            return f"The target cannot be met: {self.reason()}."
        return self.search_note()

    def search_note(self) -> str:
        """State how many sets were evaluated, and what showed that the others do not meet the target and the limit."""
        sets = f"{len(self.cases)} packages of measures evaluated"
        if not self.proven:
            return f"{sets}: a better one may exist."
        numbers = self.decisions()
        why = {
            Decision.SIMULATION: "{} simulated in full",
            Decision.SERVERS: "{} excluded by servers, opening hours and quotas",
            Decision.ENTRIES: "{} by infectious entries",
            Decision.SCREENING: "{} by a screening",
        }
        told = ", ".join(text.format(numbers[one]) for one, text in why.items() if numbers[one])
        return f"{sets}, which are all possible ones: {told}."


def _dominates(one: Case, other: Case, enough: float) -> bool:
    """Whether one set is nowhere worse than another; vehicles beyond those needed do not count."""
    return (
        one.cost_usd <= other.cost_usd
        and min(one.vehicles_per_day, enough) >= min(other.vehicles_per_day, enough)
        and one.entries_per_week <= other.entries_per_week
    )


def recover(study: Study, target: Target, options: RecoveryOptions, *, progress: Progress | None = None) -> Recovery:
    """Plan how crossings recover to a target of traffic.

    Parameters
    ----------
    study
        The study, with measures applied; its measures with ``lead_days`` form the catalogue.
    target
        Vehicles per day to reach.
    options
        Day of the decision, limit and effort.
    progress
        Called after each set that was evaluated.

    Raises
    ------
    InputError
        A crossing of the target cannot be simulated, there are no measures to choose from, or health tables are missing
        although a limit is given.
    """
    catalogue = catalogue_of(study, target.crossings)
    with CaseMaker(
        catalogue, target, options.day, horizon_days=options.horizon_days, seed=options.seed, threads=options.threads,
        health=bool(np.isfinite(options.limit)),
    ) as maker:  # fmt: skip
        search = RecoverySearch(maker, options.limit, progress)
        now = search.evaluate(())
        whole = search.is_small() if options.exhaustive is None else options.exhaustive
        cheapest, earliest = search.whole() if whole else search.local()
        phases = tuple(search.phases(case) for case in (cheapest, earliest) if case is not None)
        cases = tuple(search.cases.values())
        return Recovery(
            target, options, catalogue, now, cheapest, earliest, cases, whole, phases, simulated=maker.simulated
        )
