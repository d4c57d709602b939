"""Yearly amounts of an appraisal as functions of its inputs, evaluated for many draws at once.

Every series is a country, group and item; its amount in a year is its central amount times the factors of the inputs
that it is exposed to, and, if it grows, times the growth beyond the last solved year. Present values, yearly sums and
all that follows are the same code for one set of inputs, the ends of their ranges, and ten thousand draws.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import pandas as pd

from landlink.appraisal.timeline import growth_beyond
from landlink.core.arrays import Bools, Floats, Ints

__all__ = ["COST_ITEMS", "DISPLACED", "GROWTH", "TRAFFIC", "Evaluated", "Series"]

#: Items that are costs of the project itself; all others are its benefits, negative ones included, and what it earns.
COST_ITEMS: Final = ("construction", "operation", "renewal", "residual")
#: Input that scales all that depends on traffic, and the growth beyond the last solved year.
TRAFFIC: Final = "traffic"
GROWTH: Final = "growth_percent"
#: Input that scales what plants spare others who use their grids.
DISPLACED: Final = "displaced_generation"


@dataclass(frozen=True, eq=False)
class Evaluated:
    """What draws of the inputs give.

    Attributes
    ----------
    net, costs, financial
        Economic net benefit, project costs (above 0: spent) and cash of those who pay, by year, USD; shape (draws,
        years).
    present
        Present value of each country and group in the order of ``Series.parties``; shape (draws, parties).
    """

    net: Floats
    costs: Floats
    financial: Floats
    present: Floats


@dataclass(frozen=True, eq=False)
class Series:
    """Yearly amounts and what scales them.

    Attributes
    ----------
    names
        Columns country, group, item; one row for each series.
    years
        All years, ascending; shape (years,).
    usd, financial
        Central amounts before growth, USD; shape (series, years).
    inputs
        Names of the inputs.
    exposure
        Whether an input multiplies a series; shape (series, inputs).
    grows
        Whether a series grows beyond the last solved year; shape (series,).
    solved
        Column of the ratios of members that scales a series: the solved year that it stems from, and beyond them those
        of tonnes of CO2 equivalent; -1 for what does not depend on the traffic; shape (series,).
    last
        The last solved year.
    discount
        Discount factors; shape (years,).
    """

    names: pd.DataFrame
    years: Ints
    usd: Floats
    financial: Floats
    inputs: tuple[str, ...]
    exposure: Bools
    grows: Bools
    solved: Ints
    last: int
    discount: Floats

    @cached_property
    def parties(self) -> list[tuple[str, str]]:
        """Countries and groups, in the order of the alphabet."""
        return sorted(set(zip(self.names["country"], self.names["group"], strict=True)))

    @cached_property
    def _party(self) -> Ints:
        place = {party: k for k, party in enumerate(self.parties)}
        ends = zip(self.names["country"], self.names["group"], strict=True)
        return np.array([place[end] for end in ends], dtype=np.int64)

    @cached_property
    def is_cost(self) -> Bools:
        """Whether a series is a cost of the project; shape (series,)."""
        return self.names["item"].isin(COST_ITEMS).to_numpy()

    @cached_property
    def pays(self) -> Bools:
        """Whether a series is cash of governments and operators, or a cost of the project; shape (series,)."""
        return self.names["group"].isin(["governments", "operators"]).to_numpy() | self.is_cost

    @cached_property
    def _classes(self) -> tuple[Ints, Ints]:
        """Class of each series that is scaled alike, and a series of each class."""
        scaled = np.column_stack([self.exposure, self.grows, self.solved])
        _, first, of = np.unique(scaled, axis=0, return_index=True, return_inverse=True)
        return of.ravel(), first

    def amounts(self, values: Floats) -> tuple[Floats, Floats]:
        """Economic and financial amounts of every series at one set of inputs; shape (series, years) each."""
        given = values.reshape(1, -1)
        factor = np.where(self.exposure, given, 1.0).prod(axis=1)[:, None]
        growth = np.where(self.grows[:, None], self._growth(given), 1.0)
        return self.usd * factor * growth, self.financial * factor * growth

    def by_country(self, growth_percent: float) -> tuple[dict[str, float], float]:
        """Central present value of what each country gains without the cost of the project, and that cost, USD."""
        factors = np.ones(len(self.inputs))
        factors[self.inputs.index(GROWTH)] = growth_percent
        present = self.amounts(factors)[0] @ self.discount
        gains = pd.Series(present[~self.is_cost]).groupby(self.names.loc[~self.is_cost, "country"].to_numpy()).sum()
        return {str(country): float(usd) for country, usd in gains.items()}, -float(present[self.is_cost].sum())

    def evaluate(self, values: Floats, ratios: Floats | None = None) -> Evaluated:
        """Evaluate draws.

        Parameters
        ----------
        values
            Inputs of each draw; shape (draws, inputs). The growth is in per cent, all others are factors.
        ratios
            Further factor of what depends on the traffic, as an ensemble gives it, by the columns of ``solved``; shape
            (draws, columns).
        """
        growth, draws, years = self._growth(values), len(values), len(self.years)
        net, costs, financial = np.zeros((3, draws, years))
        present = np.zeros((draws, len(self.parties)))
        for factor, grows, rows in self._scaled(values, ratios):
            weight = factor[:, None] * growth if grows else np.broadcast_to(factor[:, None], (draws, years))
            net += weight * self.usd[rows].sum(axis=0)
            costs -= weight * self.usd[rows][self.is_cost[rows]].sum(axis=0)
            financial += weight * self.financial[rows][self.pays[rows]].sum(axis=0)
            by_party = np.zeros((len(self.parties), years))
            np.add.at(by_party, self._party[rows], self.usd[rows])
            present += self._discounted(factor, growth if grows else None, by_party)
        return Evaluated(net, costs, financial, present)

    def _discounted(self, factor: Floats, growth: Floats | None, by_party: Floats) -> Floats:
        if growth is None:
            return np.outer(factor, by_party @ self.discount)
        held = by_party.any(axis=1)
        found = np.zeros((len(factor), len(by_party)))
        found[:, held] = (growth * self.discount) @ by_party[held].T * factor[:, None]
        return found

    def _scaled(self, values: Floats, ratios: Floats | None) -> Iterator[tuple[Floats, bool, Ints]]:
        """Factor of each class of series by draw, whether it grows, and its series."""
        of, first = self._classes
        for number, one in enumerate(first.tolist()):
            factor = values[:, self.exposure[one]].prod(axis=1)
            if ratios is not None and self.solved[one] >= 0:
                factor = factor * ratios[:, self.solved[one]]
            yield factor, bool(self.grows[one]), np.flatnonzero(of == number)

    def _growth(self, values: Floats) -> Floats:
        """Growth beyond the last solved year; shape (draws, years)."""
        place = self.inputs.index(GROWTH)
        return growth_beyond(self.last, self.years, values[:, place] / 100)
