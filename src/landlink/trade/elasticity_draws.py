"""How far a counterfactual depends on the elasticity: solutions for many draws of it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from landlink.core.arrays import Floats
from landlink.core.errors import InputError, Problem, hint
from landlink.trade.elasticities import Elasticities
from landlink.trade.flow_tables import Missing, PairTable, read_tables
from landlink.trade.gravity_counterfactual import Mode, check_arguments, position, solve_counterfactual
from landlink.trade.shown_changes import ShownChanges
from landlink.trade.structural_gravity import Deficits

__all__ = ["ElasticityDraws", "draw_elasticities", "drawn_elasticities"]

_MAIN: Final = ("exports_percent", "imports_percent", "price_index_percent", "real_gdp_percent", "real_income_percent")


@dataclass(frozen=True, eq=False, repr=False)
class ElasticityDraws(ShownChanges):
    """Counterfactuals of one change of trade costs for many elasticities.

    Attributes
    ----------
    countries
        Names.
    sigma
        Elasticities of substitution drawn; shape (draws,).
    changes
        By column of :meth:`Counterfactual.table`: changes in percent; shape (draws, countries).
    """

    countries: tuple[str, ...]
    sigma: Floats
    changes: dict[str, Floats]

    def _title(self) -> str:
        size = f"{len(self.countries):,} countries, {len(self.sigma):,} draws of the elasticity"
        return f"Counterfactual of {size}, on average {self.sigma.mean():.3g}: medians and 90 % intervals; in %"

    def _shown(self) -> pd.DataFrame:
        return self.table(["real_income_percent", "exports_percent"]).rename(columns=_head)

    def table(self, columns: Sequence[str] = _MAIN, *, level: float = 0.9) -> pd.DataFrame:
        """Median and interval of changes by country.

        Parameters
        ----------
        columns
            Columns of :meth:`Counterfactual.table`.
        level
            Share of the draws within the interval, the rest divided equally.

        Returns
        -------
        pandas.DataFrame
            country, and for each column its median and, with ``_low`` and ``_high`` added, the ends of its interval.

        Raises
        ------
        InputError
            Unknown columns, or a level that is not between 0 and 1.
        """
        if not 0 < level < 1:
            raise InputError(Problem("", "invalid level", value=str(level), allowed="a share between 0 and 1"))
        unknown = [name for name in columns if name not in self.changes]
        if unknown:
            allowed = f"a column of the table of countries{hint(unknown[0], self.changes)}"
            raise InputError(Problem("", "unknown column", value=unknown[0], allowed=allowed))
        found: dict[str, Sequence[str] | Floats] = {"country": list(self.countries)}
        for name in columns:
            low, middle, high = np.quantile(self.changes[name], [(1 - level) / 2, 0.5, (1 + level) / 2], axis=0)
            found |= {name: middle, f"{name}_low": low, f"{name}_high": high}
        return pd.DataFrame(found)


def _head(column: str) -> str:
    """Head of a column where the title says what its unit is."""
    return column.replace("_percent", "").replace("_", " ")


def draw_elasticities(  # noqa: PLR0913  those of a counterfactual, and of the draws
    flows: PairTable,
    shock: PairTable,
    *,
    sigma: float,
    sigma_error: float,
    draws: int = 500,
    seed: int = 1,
    mode: Mode = "full",
    deficits: Deficits | None = None,
    reference: str | None = None,
    missing: Missing = "refuse",
) -> ElasticityDraws:
    """Solve a counterfactual for many draws of the elasticity.

    The trade elasticity sigma - 1 is drawn from the lognormal distribution with this mean and standard error, so that
    no draw is below what the model allows.

    Parameters
    ----------
    flows, shock, mode, deficits, reference, missing
        As for :func:`counterfactual`.
    sigma
        Mean of the elasticity of substitution, above 1.
    sigma_error
        Its standard error, above 0.
    draws
        Number of draws, at least 2.
    seed
        Seed of the draws.

    Raises
    ------
    InputError
        Invalid tables or arguments.
    ConvergenceError
        Markets do not clear for some draw.

    Examples
    --------
    >>> rows = [("A", "A", 80.0), ("A", "B", 20.0), ("B", "A", 20.0), ("B", "B", 180.0)]
    >>> drawn = draw_elasticities(rows, [("A", "B", 0.9)], sigma=5, sigma_error=1, draws=50)
    >>> interval = drawn.table(["exports_percent"])
    >>> bool((interval["exports_percent_low"] < interval["exports_percent_high"]).all())
    True
    """
    check_arguments(sigma, mode, deficits, missing)
    _check_draws(sigma_error, draws)
    countries, base, ratio = read_tables(flows, shock, missing=missing)
    anchor = position(reference, countries)
    drawn = _sigmas(sigma, sigma_error, draws, seed)
    tables = [
        solve_counterfactual(
            countries, base, ratio, sigma=float(one), mode=mode, deficits=deficits, anchor=anchor
        ).table()
        for one in drawn
    ]
    names = [name for name in tables[0].columns if name != "country"]
    changes = {name: np.array([table[name].to_numpy(dtype=np.float64) for table in tables]) for name in names}
    return ElasticityDraws(tuple(countries), drawn, changes)


def drawn_elasticities(known: Elasticities, number: int) -> Elasticities:
    """Draw elasticities of substitution of some sectors from their standard errors, each by itself.

    Parameters
    ----------
    known
        Their means and standard errors; one without an error is as it is.
    number
        Number of the draw.
    """
    stream = np.random.default_rng(number)
    scale = np.sqrt(np.log1p((known.sigma_error / (known.sigma - 1)) ** 2))
    drawn = 1 + (known.sigma - 1) * np.exp(stream.normal(size=len(scale)) * scale - scale**2 / 2)
    return replace(known, sigma=np.where(known.sigma_error > 0, drawn, known.sigma))


def _sigmas(sigma: float, error: float, draws: int, seed: int) -> Floats:
    """Elasticities whose excess over 1 is lognormal with the mean and standard error asked for."""
    variance = math.log1p((error / (sigma - 1)) ** 2)
    centre = math.log(sigma - 1) - variance / 2
    return 1 + np.exp(np.random.default_rng(seed).normal(centre, math.sqrt(variance), draws))


def _check_draws(error: float, draws: int) -> None:
    problems = []
    if not (math.isfinite(error) and error > 0):
        problems.append(Problem("", "invalid standard error", value=str(error), allowed="a number above 0"))
    if draws < 2:
        problems.append(Problem("", "too few draws", value=str(draws), allowed="a whole number of 2 or more"))
    if problems:
        raise InputError(problems)
