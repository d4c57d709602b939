"""Catalogue of a recovery plan: the measures of the study that have a lead time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import pandas as pd

from landlink.core.errors import InputError, Problem
from landlink.study import Study
from landlink.study.measure_checks import clashes
from landlink.tables.frames import is_missing, records
from landlink.tables.lists import split_list
from landlink.tables.schemas import TABLES

__all__ = ["Catalogue", "Option", "catalogue_of"]


@dataclass(frozen=True)
class Option:
    """A measure that a plan may include.

    Attributes
    ----------
    measure_id, name
        The measure.
    lead_days
        Days from the decision until it takes effect.
    capital_usd, running_usd_per_day
        Capital cost, and running cost while it is in effect.
    crossings
        Crossings that it changes; empty: any.
    """

    measure_id: str
    name: str
    lead_days: int
    capital_usd: float
    running_usd_per_day: float
    crossings: frozenset[str]

    def cost_usd(self, horizon_days: float) -> float:
        """Cost until the end of a horizon that begins with the decision."""
        return self.capital_usd + self.running_usd_per_day * max(0.0, horizon_days - self.lead_days)

    def changes(self, crossing_id: str) -> bool:
        """Whether the measure may change a crossing."""
        return not self.crossings or crossing_id in self.crossings


@dataclass(frozen=True)
class Catalogue:
    """Options and their study, in which the options have no dates: the plan sets them."""

    study: Study
    options: tuple[Option, ...]

    def allowed(self, chosen: Iterable[int]) -> bool:
        """Whether options are compatible and include the measures they require."""
        names = tuple(self.options[i].measure_id for i in sorted(chosen))
        return not any(clashes(self.study.tables["measure"], self.study.measures + names))

    def with_options(self, chosen: Iterable[int]) -> Study:
        """Apply options to the study as if all of them were in effect already."""
        return self.study.apply(*(self.options[i].measure_id for i in sorted(chosen)))


def catalogue_of(study: Study, crossings: Iterable[str]) -> Catalogue:
    """Collect the options for the recovery of some crossings: measures with ``lead_days`` that change one of them.

    Raises
    ------
    InputError
        There are none.
    """
    measure, effect = study.tables["measure"], study.tables["effect"]
    named = set(crossings)
    options = []
    for row in records(measure[measure["lead_days"].notna()]):
        if row["measure_id"] in study.measures:
            continue
        changed = _crossings_of(effect[effect["measure_id"] == row["measure_id"]], study.tables)
        if changed is not None and (not changed or changed & named):
            options.append(_option(row, changed))
    if not options:
        allowed = "measures with lead_days whose effects change stages, arrivals or rules of the crossings"
        raise InputError(Problem("measure", "no measure to choose from", column="lead_days", value="", allowed=allowed))
    undated = measure.copy()
    chosen = undated["measure_id"].isin([option.measure_id for option in options])
    undated.loc[chosen, ["open_from", "open_to"]] = ""
    tables = MappingProxyType({**study.tables, "measure": undated})
    return Catalogue(replace(study, tables=tables), tuple(options))


def _option(row: Mapping[Any, Any], crossings: frozenset[str]) -> Option:
    def number(name: str) -> float:
        return 0.0 if is_missing(row[name]) else float(row[name])

    return Option(
        str(row["measure_id"]),
        str(row["name"] or row["name_en"] or row["measure_id"]),
        int(row["lead_days"]),
        1e6 * number("cost_musd"),
        number("running_usd_per_day"),
        crossings,
    )


def _crossings_of(effects: pd.DataFrame, tables: Mapping[str, pd.DataFrame]) -> frozenset[str] | None:
    """Find the crossings that effects change: empty for all, ``None`` if they change no border."""
    found: set[str] = set()
    border = False
    for table, text in zip(effects["table"], effects["row"], strict=True):
        if table in ("vehicle_class", "prevalence", "sensitivity", "health"):
            return frozenset()
        rows = split_list(text)
        if table == "rule":
            register = tables["rule"].set_index("rule_id")["crossing_id"]
            named = [split_list(register[rule]) if rule in register.index else () for rule in rows]
            if text.strip() == "*" or not all(named):
                return frozenset()
            found |= {name for names in named for name in names}
            border = True
        elif (
            table in ("crossing", "stage", "service", "arrival", "arrival_count") and "crossing_id" in TABLES[table].key
        ):
            if text.strip() == "*":
                return frozenset()
            found |= {row.split("/")[0] for row in rows}
            border = True
    return frozenset(found) if border else None
