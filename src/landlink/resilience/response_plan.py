"""A choice of response sites: its table, its file, and the study with the closures that it shortens."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from landlink.core.arrays import Floats
from landlink.core.currency import Currency
from landlink.formats.matrices import write_table
from landlink.resilience.record_files import Heading, save_records
from landlink.resilience.response_problem import MILLION, KindProblem, Pairs
from landlink.resilience.response_schema import RESPONSE, RESPONSE_FILE, SHEETS
from landlink.resilience.response_sharing import Sharing
from landlink.resilience.siting import Siting
from landlink.resilience.siting_problem import SitingProblem, SitingRules
from landlink.study.study import Scenario, Study
from landlink.tables.frames import numbers, texts
from landlink.tables.names import names_of
from landlink.tables.schemas import TABLES

__all__ = ["KindPlan", "ResponsePlan"]

_DAY_H = 24.0


@dataclass(frozen=True, eq=False)
class KindPlan:
    """Units of one kind: those that stand, and those chosen.

    Attributes
    ----------
    kind
        Sites and places.
    pairs
        Pairs of countries that let each other's units in.
    problem
        The siting problem.
    rules
        What was made best within which limits.
    now, chosen
        What the units that stand achieve, and those chosen.
    annuity
        Share of what is paid once that each year of a life bears.
    sharing
        The same for other agreements; ``None`` if it was not asked for.
    """

    kind: KindProblem
    pairs: Pairs
    problem: SitingProblem
    rules: SitingRules
    now: Siting
    chosen: Siting
    annuity: float
    sharing: Sharing | None = None

    @property
    def id(self) -> str:
        """Identifier of the kind."""
        return self.kind.id

    @property
    def name(self) -> str:
        """Name of the kind."""
        return self.names["name"]

    @property
    def names(self) -> dict[str, str]:
        """Names of the kind by the columns of their languages."""
        return {"name": self.id, **names_of(self.kind.unit, TABLES["response_unit"])}

    @property
    def cost_usd(self) -> float:
        """Cost once of what is chosen beyond what stands, USD."""
        return self.problem.cost(self.chosen.units)

    @property
    def keeping_usd_per_year(self) -> float:
        """Cost of keeping the units chosen, USD/year."""
        return self.problem.yearly(self.chosen.units, 0.0)

    @property
    def added_keeping_usd_per_year(self) -> float:
        """Cost of keeping what is chosen beyond what stands, USD/year."""
        return self.keeping_usd_per_year - self.problem.yearly(self.now.units, 0.0)

    @property
    def added_cost_usd_per_year(self) -> float:
        """What is chosen beyond what stands costs a year, the cost once spread over a life, USD/year."""
        return self.added_keeping_usd_per_year + self.annuity * self.cost_usd

    def loss(self, siting: Siting) -> Floats:
        """What the time until each place is served costs a year, USD; NaN where weights are not money."""
        weights = self.problem.weight if self.kind.by_money else np.full(self.problem.places, np.nan)
        return weights * siting.expected_h

    def mean_hours(self, siting: Siting) -> float:
        """Mean time until a place is served, by weight, h."""
        total = float(self.problem.weight.sum())
        return float((self.problem.weight * siting.expected_h).sum()) / total if total > 0 else float("nan")

    def reached(self, siting: Siting) -> float:
        """Share of the weight that is served within the time asked for."""
        total = float(self.problem.weight.sum())
        return float((self.problem.weight * siting.covered).sum()) / total if total > 0 else float("nan")

    @property
    def worth_usd_per_year(self) -> float:
        """Loss avoided a year by what is changed, USD; NaN where weights are not money."""
        return float((self.loss(self.now) - self.loss(self.chosen)).sum())


@dataclass(frozen=True, eq=False)
class ResponsePlan:
    """Where response units are best kept; made by :func:`landlink.response_sites`.

    Attributes
    ----------
    table
        Rows of :data:`landlink.resilience.response_schema.RESPONSE`: totals, sites, places, nodes, agreements.
    kinds
        Each kind of units.
    scenario
        The scenario.
    within_h
        Time in which places should be reached, h.
    notes
        What a reader should know.
    """

    table: pd.DataFrame
    kinds: tuple[KindPlan, ...]
    scenario: Scenario
    within_h: float
    notes: tuple[str, ...] = ()

    def __repr__(self) -> str:
        told = ", ".join(f"{one.id}: {int(one.chosen.units.sum())} units" for one in self.kinds)
        return f"ResponsePlan({self.scenario.label!r}; {told})"

    @property
    def title(self) -> str:
        """Title of the study."""
        return self.scenario.study.settings.title

    @property
    def money(self) -> Currency:
        """Currency of the study."""
        return self.scenario.study.settings.money

    def rows(self, record: str, unit_id: str = "") -> pd.DataFrame:
        """Rows of one record: total, site, place, node or sharing; of one kind, or of all.

        Columns that have no meaning for the record are left out.
        """
        of = self.table["record"] == record
        if unit_id:
            of &= self.table["unit_id"] == unit_id
        found = self.table[of].reset_index(drop=True)
        empty = [name for name in found if found[name].isna().all() or (found[name].astype(str) == "").all()]
        kept = ("row", "name", "needed") if record == "sharing" else ("row", "name")
        dropped = [*empty, *(("needed",) if record != "sharing" else ())]
        return found.drop(columns=[name for name in dropped if name not in kept])

    @cached_property
    def durations_days(self) -> dict[str, float]:
        """Median duration of each hazard whose places are served sooner or later than now, days.

        A duration that was observed holds the response of the units that stood then: the time saved is taken off. Of a
        hazard with several places, the mean of what is saved at each; of one that several kinds are called to, the
        least that any saves.
        """
        saved: dict[str, dict[str, list[float]]] = {}
        for plan in self.kinds:
            if not plan.kind.by_money:
                continue
            gains = (plan.now.expected_h - plan.chosen.expected_h).tolist()
            for need, gain in zip(plan.kind.needs, gains, strict=True):
                saved.setdefault(need.hazard, {}).setdefault(plan.id, []).append(gain)
        hazard = self.scenario.tables["hazard"]
        medians = dict(zip(texts(hazard, "hazard_id"), numbers(hazard, "duration_days").tolist(), strict=True))
        spreads = dict(zip(texts(hazard, "hazard_id"), numbers(hazard, "duration_spread").tolist(), strict=True))
        found = {}
        for name, kinds in sorted(saved.items()):
            gain = min((sum(gains) / len(gains) for gains in kinds.values()), key=abs)
            if name and gain != 0:
                # The spread stays, so that median and mean fall alike.
                mean = medians[name] * float(np.exp(spreads[name] ** 2 / 2))
                found[name] = medians[name] * max(1e-3, 1 - gain / _DAY_H / mean)
        return found

    def study(self) -> Study:
        """The study with the durations of hazards that the units chosen lead to, for losses before and after."""
        study = self.scenario.study
        for name, days in self.durations_days.items():
            study = study.with_change("hazard", name, "duration_days", "set", f"{days:.6g}")
        return study

    def save(self, path: str | os.PathLike[str], *, language: str = "en", force: bool = False) -> Path:
        """Write the table as a file, by the ending of its name.

        Parameters
        ----------
        path
            ``.csv``: the table, which a report may show; ``.parquet``: the same; ``.xlsx``: a workbook with a sheet for
            each kind of rows.
        language
            Language of names in the workbook, also one that the study declares; the other files have them in all.
        force
            Whether to replace a file that landlink did not write.

        Raises
        ------
        OutputError
            The name has another ending, or the file cannot be written or holds something else.
        UnknownNameError
            There is no such language.
        """
        notes = [("Note", note) for note in self.notes]
        return save_records(
            path, self.table, RESPONSE, RESPONSE_FILE, write_csv=lambda target: write_table(target, self.table),
            sheets=SHEETS, heading=Heading(f"{self.title}: response units", self.scenario, notes), language=language,
            force=force,
        )  # fmt: skip

    def facts(self) -> dict[str, Any]:
        """Totals of each kind, for machines."""
        return {
            plan.id: {
                "units_now": int(plan.now.units.sum()), "units": int(plan.chosen.units.sum()),
                "hours_now": plan.mean_hours(plan.now), "hours": plan.mean_hours(plan.chosen),
                "reached_now": plan.reached(plan.now), "reached": plan.reached(plan.chosen),
                "worth_usd_per_year": plan.worth_usd_per_year, "cost_musd": plan.cost_usd / MILLION,
                "added_keeping_musd_per_year": plan.added_keeping_usd_per_year / MILLION,
                "added_cost_musd_per_year": plan.added_cost_usd_per_year / MILLION,
                "value": plan.chosen.value, "bound": plan.chosen.bound, "gap": plan.chosen.gap,
            }
            for plan in self.kinds
        }  # fmt: skip
