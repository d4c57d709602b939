"""Figures of an appraisal as arrays, from which its workbook writes inputs and the values that formulas carry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from landlink.appraisal.appraisal import Appraisal
from landlink.appraisal.series import COST_ITEMS, GROWTH, TRAFFIC
from landlink.core.arrays import Bools, Floats, Ints
from landlink.tables.frames import numbers, records

__all__ = ["BookFigures", "Stream"]

_PAYERS: Final = ("governments", "operators")
_KEY: Final = ["country", "group", "item", "input", "traffic"]


class Stream(NamedTuple):
    """What flows to a country and group for an item, in proportion to one input and perhaps the traffic.

    Attributes
    ----------
    country, group, item
        Whom it falls to, and for what.
    input
        Place of its input among the inputs; -1: none.
    traffic, cost, cash
        Whether it is in proportion to the traffic, a cost of the project, and cash of those who pay.
    shadow
        Economic over stated amount.
    cost_item
        Place among the costs as stated; -1: it is none.
    """

    country: str
    group: str
    item: str
    input: int
    traffic: bool
    cost: bool
    cash: bool
    shadow: float
    cost_item: int


@dataclass(frozen=True, eq=False)
class BookFigures:
    """Arrays of an appraisal; amounts are in millions of the study's currency.

    Attributes
    ----------
    found
        The appraisal.
    """

    found: Appraisal

    @property
    def scale(self) -> float:
        """Millions of the study's currency for a USD."""
        return self.found.terms.currency_per_usd / 1e6

    @cached_property
    def years(self) -> Ints:
        """All years, ascending; shape (years,)."""
        return self.found.tables["by_year"]["year"].to_numpy(dtype=np.int64)

    @cached_property
    def inputs(self) -> list[dict[str, object]]:
        """Rows of the table ``input``."""
        return records(self.found.tables["input"])

    @cached_property
    def input_names(self) -> list[str]:
        """Names of the inputs, in their order."""
        return [str(row["name"]) for row in self.inputs]

    @property
    def traffic(self) -> int:
        """Place of the traffic among the inputs."""
        return self.input_names.index(TRAFFIC)

    @property
    def growth(self) -> int:
        """Place of the growth among the inputs."""
        return self.input_names.index(GROWTH)

    @cached_property
    def _laid_out(self) -> tuple[list[Stream], Floats]:
        table = self.found.tables["stream"]
        place = {int(year): number for number, year in enumerate(self.years)}
        costs = self.found.tables["cost_item"]
        item_of = {str(name): number for number, name in enumerate(costs["input"])}
        shadows, streams, amounts = numbers(costs, "shadow_factor"), list[Stream](), list[Floats]()
        for key, rows in table.groupby(_KEY, sort=True):
            country, group, item, given = map(str, key[:4])
            is_cost = item in COST_ITEMS
            cash = numbers(rows, "financial_usd")
            cost_item = item_of.get(given, -1) if is_cost else -1
            amount = np.zeros(len(self.years))
            at = [place[int(year)] for year in rows["year"]]
            # A cost is stated as cash, and a shadow factor makes it economic.
            amount[at] = (cash if cost_item >= 0 else numbers(rows, "usd")) * self.scale
            streams.append(
                Stream(
                    country, group, item, self.input_names.index(given) if given else -1, bool(key[4]),
                    is_cost, is_cost or (group in _PAYERS and bool(cash.any())),
                    float(shadows[cost_item]) if cost_item >= 0 else 1.0, cost_item,
                )
            )  # fmt: skip
            amounts.append(amount)
        return streams, np.array(amounts).reshape(len(streams), len(self.years))

    @property
    def streams(self) -> list[Stream]:
        """What flows, by country, group, item and input."""
        return self._laid_out[0]

    @property
    def central(self) -> Floats:
        """Amounts as stated, before growth; shape (streams, years)."""
        return self._laid_out[1]

    @cached_property
    def discount(self) -> Floats:
        """Discount factors; shape (years,)."""
        return numbers(self.found.tables["by_year"], "factor")

    @cached_property
    def grown(self) -> Floats:
        """Growth beyond the last solved year; shape (years,)."""
        terms = self.found.terms
        return np.asarray((1 + terms.growth_percent / 100) ** np.maximum(self.years - terms.solved_years[-1], 0))

    @cached_property
    def _growth_of(self) -> Floats:
        return np.where(self.flags("traffic")[:, None], self.grown, 1.0)

    @cached_property
    def flows(self) -> Floats:
        """Economic amounts at the central inputs; shape (streams, years)."""
        return np.asarray(self.central * self._growth_of * np.array([one.shadow for one in self.streams])[:, None])

    @cached_property
    def cash(self) -> Floats:
        """Cash of those who pay by year; shape (years,)."""
        return np.asarray((self.central * self._growth_of)[self.flags("cash")].sum(axis=0))

    @cached_property
    def present(self) -> Floats:
        """Present values; shape (streams,)."""
        return np.asarray(self.flows @ self.discount)

    def flags(self, name: str) -> Bools:
        """One flag of all streams; shape (streams,)."""
        return np.array([getattr(one, name) for one in self.streams], dtype=np.bool_)

    @cached_property
    def net(self) -> Floats:
        """Net economic benefit by year; shape (years,)."""
        return np.asarray(self.flows.sum(axis=0))

    @cached_property
    def costs(self) -> Floats:
        """Costs of the project by year, above 0 where spent; shape (years,)."""
        return np.asarray(-self.flows[self.flags("cost")].sum(axis=0))

    @property
    def npv(self) -> float:
        """Net present value."""
        return float(self.net @ self.discount)

    @property
    def tonnes(self) -> Floats:
        """Tonnes of CO2 equivalent avoided before growth; shape (years,)."""
        return np.asarray(numbers(self.found.tables["by_year"], "co2e_t") / self.grown)

    def items(self, *, cost: bool) -> list[str]:
        """Items of costs of the project, or of its benefits, in the order of their present values' size."""
        names = dict.fromkeys(one.item for one in self.streams if one.cost == cost)
        size = {name: sum(self.present[self.rows(item=name)].tolist()) for name in names}
        return sorted(names, key=lambda name: (-abs(size[name]), name))

    def rows(self, **wanted: str) -> list[int]:
        """Places of the streams that have some country, group or item."""
        return [
            place
            for place, one in enumerate(self.streams)
            if all(getattr(one, name) == value for name, value in wanted.items())
        ]

    @cached_property
    def countries(self) -> list[str]:
        """Countries, those first that gain or lose most."""
        names = dict.fromkeys(one.country for one in self.streams)
        size = {name: float(self.present[self.rows(country=name)].sum()) for name in names}
        return sorted(names, key=lambda name: (-abs(size[name]), name))

    def groups(self, order: Sequence[str]) -> list[str]:
        """Groups that anything falls to, in some order, others after it."""
        names = dict.fromkeys(one.group for one in self.streams)
        return [name for name in order if name in names] + sorted(set(names) - set(order))

    def moved(self, place: int) -> Bools:
        """Whether an input scales each stream; shape (streams,)."""
        if place == self.traffic:
            return self.flags("traffic")
        return np.array([one.input == place for one in self.streams], dtype=np.bool_)

    def npv_at_growth(self, percent: float) -> float:
        """Net present value at another growth."""
        beyond = np.maximum(self.years - self.found.terms.solved_years[-1], 0)
        before = (self.flows / self._growth_of)[self.flags("traffic")].sum(axis=0)
        rest = self.present[~self.flags("traffic")].sum()
        return float((before * (1 + percent / 100) ** beyond) @ self.discount + rest)

    @property
    def financing(self) -> pd.DataFrame:
        """Rows of the table ``flow`` that move money only: loans and their service."""
        flow = self.found.tables["flow"]
        known = {(one.country, one.group, one.item) for one in self.streams}
        names = zip(flow["country"], flow["group"], flow["item"], strict=True)
        return flow[[name not in known for name in names]]
