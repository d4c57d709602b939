"""Solved scenarios of the trade answer, and what compares two of them: see :mod:`tools.trade_answer`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import pandas as pd

import landlink as ll
from landlink.model.coupled_solution import CoupledSolution
from landlink.trade.country_table import real_income_draws

LEVEL: Final = 0.9


@dataclass(frozen=True, eq=False)
class Case:
    """A solved scenario."""

    result: ll.Result
    solution: CoupledSolution

    @cached_property
    def countries(self) -> pd.DataFrame:
        """Trade and real income by country."""
        return self.result["trade_country"].set_index("country")

    def of_country(self, country: str) -> dict[str, float]:
        """Trade and real income of a country."""
        return {str(name): float(value) for name, value in self.countries.loc[country].items()}

    @cached_property
    def flows(self) -> pd.DataFrame:
        """International trade by exporter, importer and commodity."""
        flow = self.result["trade_flow"]
        return flow[flow["exporter"] != flow["importer"]].set_index(["exporter", "importer", "commodity_id"])

    @cached_property
    def draws(self) -> pd.DataFrame:
        """Ratios of real income by draw of elasticities and country."""
        assert self.solution.trade is not None  # noqa: S101  it was solved with trade
        return pd.DataFrame(real_income_draws(self.solution.trade), columns=self.countries.index)


def income(before: Case, after: Case) -> pd.Series[float]:
    """Change of real income between two scenarios, percent."""
    ratios = [1 + case.countries["real_income_percent"] / 100 for case in (before, after)]
    return 100 * (ratios[1] / ratios[0] - 1)


def income_interval(before: Case, after: Case) -> tuple[pd.Series[float], pd.Series[float]]:
    """Ends of the interval of the change of real income over elasticities, draw by draw, percent."""
    change = (100 * (after.draws / before.draws - 1)).dropna()
    return change.quantile((1 - LEVEL) / 2), change.quantile((1 + LEVEL) / 2)
