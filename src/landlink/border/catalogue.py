"""What a recovery may be made of: measures of the study with a time until they work."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import pandas as pd

from landlink.core.errors import InputError, Problem
from landlink.study import Study
from landlink.study.checks import clashes
from landlink.tables.lists import split_list
from landlink.tables.schemas import TABLES

__all__ = ["Catalogue", "Option", "catalogue_of"]


@dataclass(frozen=True)
class Option:
    """A measure that a plan may choose.

    Attributes
    ----------
    measure_id, name
        Which one.
    lead_days
        Days from the decision until it works.
    capital_usd, running_usd_per_day
        What it costs.
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
        """Money until the end of a horizon that begins with the decision."""
        return self.capital_usd + self.running_usd_per_day * max(0.0, horizon_days - self.lead_days)

    def changes(self, crossing_id: str) -> bool:
        """Whether it may change a crossing."""
        return not self.crossings or crossing_id in self.crossings


@dataclass(frozen=True)
class Catalogue:
    """Options, and the study they belong to with dates of those options taken off: a plan sets them."""

    study: Study
    options: tuple[Option, ...]

    def allowed(self, chosen: Iterable[int]) -> bool:
        """Whether options can stand beside each other and have what they need."""
        names = tuple(self.options[i].measure_id for i in sorted(chosen))
        return not any(clashes(self.study.tables["measure"], self.study.measures + names))

    def with_options(self, chosen: Iterable[int]) -> Study:
        """The study with options applied, as if all of them worked already."""
        return self.study.apply(*(self.options[i].measure_id for i in sorted(chosen)))


def catalogue_of(study: Study, crossings: Iterable[str]) -> Catalogue:
    """Measures that a recovery of some crossings may choose: those with ``lead_days`` that change one of them.

    Raises
    ------
    InputError
        There is none.
    """
    measure, effect = study.tables["measure"], study.tables["effect"]
    wanted = list(crossings)
    options = []
    for row in measure[measure["lead_days"].notna()].to_dict("records"):
        if row["measure_id"] in study.measures:
            continue
        touched = _crossings_of(effect[effect["measure_id"] == row["measure_id"]], study.tables)
        if touched is not None and (not touched or touched & set(wanted)):
            options.append(_option(row, touched))
    if not options:
        allowed = "measures with lead_days whose effects change stages, arrivals or rules of the crossings"
        raise InputError(
            Problem("measure", "there is nothing to choose from", column="lead_days", value="", allowed=allowed)
        )
    undated = measure.copy()
    chosen = undated["measure_id"].isin([option.measure_id for option in options])
    undated.loc[chosen, ["open_from", "open_to"]] = ""
    tables = MappingProxyType({**study.tables, "measure": undated})
    return Catalogue(replace(study, tables=tables), tuple(options))


def _option(row: Mapping[Any, Any], touched: frozenset[str]) -> Option:
    def number(name: str) -> float:
        return 0.0 if pd.isna(row[name]) else float(row[name])

    return Option(
        str(row["measure_id"]),
        str(row["name"] or row["name_en"] or row["measure_id"]),
        int(row["lead_days"]),
        1e6 * number("cost_musd"),
        number("running_usd_per_day"),
        touched,
    )


def _crossings_of(effects: pd.DataFrame, tables: Mapping[str, pd.DataFrame]) -> frozenset[str] | None:
    """Crossings that effects change: empty for all, ``None`` where they change no border."""
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
        elif table in ("crossing", "stage", "service", "arrival") and "crossing_id" in TABLES[table].key:
            if text.strip() == "*":
                return frozenset()
            found |= {row.split("/")[0] for row in rows}
            border = True
    return frozenset(found) if border else None
