r"""Estimation of gravity equations by Poisson pseudo maximum likelihood (PPML) with fixed effects.

The package pyfixest does the work; here are the reading of tables, what is left out and why, and the conventions of
standard errors.

References
----------
J. M. C. Santos Silva, S. Tenreyro (2006), The log of gravity, Review of Economics and Statistics 88(4).
S. Correia, P. Guimarães, T. Zylkin (2020), Fast Poisson estimation with high-dimensional fixed effects, Stata Journal
20(1).
"""

from __future__ import annotations

import math
import os
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from landlink.core.arrays import Bools, Floats, Ints
from landlink.core.errors import ConvergenceError, InputError, Problem
from landlink.trade.estimation_sample import FlowTable, Sample, read_sample
from landlink.trade.gravity_formula import read_formula
from landlink.trade.long_tables import Missing
from landlink.trade.saved_tables import ESTIMATE_TABLES, EstimateTable, save_estimate

if TYPE_CHECKING:
    from types import ModuleType

__all__ = ["GravityEstimate", "estimate"]

#: Normal quantile of intervals that hold 95 % of cases.
_Z95: Final = 1.959963984540054
_DEVIANCE_TOLERANCE: Final = 1e-12
_DEMEANING_TOLERANCE: Final = 1e-10
_MOST_ITERATIONS: Final = 200


@dataclass(frozen=True, eq=False)
class GravityEstimate:
    """A gravity equation estimated by PPML.

    Attributes
    ----------
    formula
        The equation.
    terms
        Names of the covariates that have a coefficient.
    coefficient
        One for each term; those of logarithms are elasticities.
    std_error
        Standard errors whose small-sample factor counts the fixed effects, as pyfixest and R's fixest compute them.
    std_error_stata
        The same with the asymptotic factor of Stata's commands ``ppml`` and ``ppmlhdfe``.
    convention
        The two factors in words.
    clusters
        Number of clusters by each way of clustering; empty where errors are only robust to heteroskedasticity.
    fixed_effects
        Number of levels of each fixed effect.
    collinear
        Covariates without a coefficient, since the others or the fixed effects determine them.
    observations
        Rows that the coefficients are estimated from.
    fitted
        All rows: exporter, importer and the columns of fixed effects, value, fitted, and status: ``used``,
        ``separated`` (zero flows that the covariates or fixed effects put at zero exactly: fitted as 0) or
        ``singleton`` (alone in a level of a fixed effect: fitted as they are).
    r_squared
        Squared correlation of flows and fitted flows among the rows used.
    """

    formula: str
    terms: tuple[str, ...]
    coefficient: Floats
    std_error: Floats
    std_error_stata: Floats
    convention: str
    clusters: Mapping[str, int]
    fixed_effects: Mapping[str, int]
    collinear: tuple[str, ...]
    observations: int
    fitted: pd.DataFrame = field(repr=False)
    r_squared: float

    def table(self) -> pd.DataFrame:
        """Coefficients: term, coefficient, std_error, z, p_value, low_95, high_95, std_error_stata, convention.

        Tests and intervals are those of the normal distribution and of ``std_error``.
        """
        z = self.coefficient / self.std_error
        return pd.DataFrame(
            {
                "term": list(self.terms),
                "coefficient": self.coefficient,
                "std_error": self.std_error,
                "z": z,
                "p_value": [math.erfc(abs(value) / math.sqrt(2)) for value in z],
                "low_95": self.coefficient - _Z95 * self.std_error,
                "high_95": self.coefficient + _Z95 * self.std_error,
                "std_error_stata": self.std_error_stata,
                "convention": self.convention,
            }
        )

    def flows(self, **where: str) -> pd.DataFrame:
        """Fitted flows as a table for :func:`landlink.trade.counterfactual`: exporter, importer, value.

        Parameters
        ----------
        where
            Rows to take, such as ``year="2019"``, where a pair has several.

        Raises
        ------
        InputError
            No such column.
        """
        rows = self.fitted
        for name, text in where.items():
            if name not in rows:
                known = ", ".join(map(str, rows.columns))
                raise InputError(Problem("fitted", "unknown column", "", name, "", f"one of {known}"))
            rows = rows[rows[name] == str(text)]
        return rows[["exporter", "importer"]].assign(value=rows["fitted"]).reset_index(drop=True)

    def left_out(self, status: str) -> int:
        """Number of rows with a status."""
        return int((self.fitted["status"] == status).sum())

    def save(
        self, path: str | os.PathLike[str], *, table: EstimateTable = "coefficients", force: bool = False
    ) -> pd.DataFrame:
        """Write the coefficients or the fitted flows as ``.csv`` or ``.parquet``, and return them.

        Parameters
        ----------
        path
            The file.
        table
            ``coefficients`` (:meth:`table`) or ``fitted``.
        force
            Replace a file that landlink did not write.

        Raises
        ------
        InputError
            No such table, or another file name suffix.
        OutputError
            The path cannot be written, or holds something else.
        """
        if table not in ESTIMATE_TABLES:
            raise InputError(Problem("", "unknown table", value=str(table), allowed=", ".join(ESTIMATE_TABLES)))
        frame = self.table() if table == "coefficients" else self.fitted
        save_estimate(path, frame, table, force=force)
        return frame


def estimate(
    flows: FlowTable, formula: str, *, cluster: str | None = None, missing: Missing = "refuse"
) -> GravityEstimate:
    """Estimate a gravity equation by PPML with fixed effects.

    Needs the package pyfixest: ``pip install 'landlink[estimate]'``.

    Parameters
    ----------
    flows
        A CSV file or data frame with the columns exporter and importer and those of the formula. Domestic flows belong
        to it where the fitted flows are to be the base of a counterfactual.
    formula
        Such as ``value ~ log(distance) + border | exporter^year + importer^year``: flows, covariates (columns,
        ``log(column)``, products ``a:b``) and fixed effects (columns, combinations ``a^b``).
    cluster
        Column by which errors are clustered, or two joined by ``+``; ``pair`` for the two countries of a flow in any
        order. By default errors are robust to heteroskedasticity.
    missing
        ``zero`` if blank flows are zero; by default they are refused.

    Returns
    -------
    GravityEstimate

    Raises
    ------
    InputError
        Invalid table or formula, pyfixest is not installed, or nothing can be estimated from the table.
    ConvergenceError
        The iterations do not settle.
    """
    equation = read_formula(formula)
    ways = _ways(cluster)
    if missing not in {"refuse", "zero"}:
        raise InputError(Problem("", "unknown treatment of missing flows", value=str(missing), allowed="refuse, zero"))
    pyfixest = _pyfixest()
    sample = read_sample(flows, equation, ways, missing=missing)
    separated, singleton = sample.prune()
    kept = ~(separated | singleton)
    if not kept.any():
        raise InputError(Problem("flows", "no flows are left once fixed effects fit what they fit alone"))
    fit, frame = _fit(pyfixest, sample, kept)
    by_covariates = np.zeros_like(kept)
    by_covariates[np.flatnonzero(kept)[np.array(fit.na_index, dtype=np.int64)]] = True
    separated, kept = separated | by_covariates, kept & ~by_covariates
    names = {f"x{place}": term.name for place, term in enumerate(equation.terms)} | {"Intercept": "constant"}
    coefficient = fit.coef()
    scales = _Scales(sample, kept, len(coefficient))
    raw = np.asarray(fit.se(), dtype=np.float64)
    fitted = np.where(singleton, sample.value, 0.0)
    fitted[kept] = np.asarray(fit.predict(type="response"), dtype=np.float64)
    status = np.where(separated, "separated", np.where(singleton, "singleton", "used"))
    return GravityEstimate(
        formula=formula,
        terms=tuple(names[name] for name in coefficient.index),
        coefficient=np.asarray(coefficient, dtype=np.float64),
        std_error=raw * math.sqrt(scales.counted()),
        std_error_stata=raw * math.sqrt(scales.asymptotic()),
        convention=scales.words(ways),
        clusters=dict(zip(ways, scales.groups, strict=True)),
        fixed_effects=dict(zip(equation.fixed_effect_names, scales.levels, strict=True)),
        collinear=tuple(text for name, text in names.items() if name in frame and name not in coefficient.index),
        observations=int(kept.sum()),
        fitted=sample.keys.assign(value=sample.value, fitted=fitted, status=status),
        r_squared=float(np.corrcoef(sample.value[kept], fitted[kept])[0, 1] ** 2),
    )


def _pyfixest() -> ModuleType:
    """The package that estimates, without the warnings that it raises about others."""
    if find_spec("pyfixest") is None:
        message = "estimating gravity takes a package that is not installed"
        raise InputError(Problem("", message, value="pyfixest", allowed="pip install 'landlink[estimate]'"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return import_module("pyfixest")


def _ways(cluster: str | None) -> tuple[str, ...]:
    ways = () if cluster is None else tuple(part.strip() for part in cluster.split("+"))
    if len(ways) > 2 or len(set(ways)) < len(ways) or "" in ways:
        allowed = "a column, or two joined by +; pair for the two countries of a flow"
        raise InputError(Problem("", "invalid cluster", value=str(cluster), allowed=allowed))
    return ways


def _fit(pyfixest: ModuleType, sample: Sample, kept: Bools) -> tuple[Any, pd.DataFrame]:
    """Estimate, with standard errors that have no small-sample factor.

    Columns get names of their own, since those of the table might mean something in a formula of the package.
    """
    covariates, effects, clusters = sample.covariates[kept], sample.fixed_effects[kept], sample.clusters[kept]
    parts = {"y": sample.value[kept]}
    parts |= {f"x{place}": column for place, column in enumerate(covariates.T)}
    parts |= {f"f{place}": column for place, column in enumerate(effects.T)}
    parts |= {f"c{place}": column for place, column in enumerate(clusters.T)}
    frame = pd.DataFrame(parts)
    right, fixed, ways = (" + ".join(name for name in parts if name[0] == kind) for kind in "xfc")
    formula = f"y ~ {right} | {fixed}" if fixed else f"y ~ {right}"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            fit = pyfixest.fepois(
                formula,
                data=frame,
                vcov={"CRV1": ways.replace(" ", "")} if ways else "hetero",
                ssc=pyfixest.ssc(k_adj=False, G_adj=False),
                fixef_rm="none",
                separation_check=["ir"],
                iwls_tol=_DEVIANCE_TOLERANCE,
                iwls_maxiter=_MOST_ITERATIONS,
                demeaner=pyfixest.MapDemeaner(fixef_tol=_DEMEANING_TOLERANCE),
            )
        except (ValueError, np.linalg.LinAlgError) as error:
            if "collinear" in str(error).lower():
                message = "every covariate is a sum of the fixed effects or of other covariates"
                allowed = "a covariate that varies within the fixed effects, such as one of pairs of countries"
                raise InputError(Problem("flows", message, allowed=allowed)) from error
            message = f"the gravity equation cannot be estimated: {str(error).strip() or 'no solution'}"
            raise InputError(Problem("flows", message)) from error
    if not fit.convergence:
        message = f"PPML does not settle in {_MOST_ITERATIONS} iterations: coefficients may grow without bound"
        raise ConvergenceError(message)
    return fit, frame


class _Scales:
    """Small-sample factors of the covariance matrix."""

    def __init__(self, sample: Sample, kept: Bools, coefficients: int) -> None:
        effects, clusters = sample.fixed_effects[kept], sample.clusters[kept]
        self.rows = int(kept.sum())
        self.levels = [len(np.unique(column)) for column in effects.T]
        self.groups = [len(np.unique(column)) for column in clusters.T]
        # Levels within one cluster cost no degree of freedom; each fixed effect but one has a level to spare.
        nested = [any(_within(column, way) for way in clusters.T) for column in effects.T]
        lost = sum(self.levels) - max(len(self.levels) - 1, 0)
        lost -= sum(count - 1 for count, inside in zip(self.levels, nested, strict=True) if inside)
        self.parameters = coefficients + lost

    def asymptotic(self) -> float:
        """Factor of Stata's ppml and ppmlhdfe."""
        count = min(self.groups) if self.groups else self.rows
        return count / (count - 1)

    def counted(self) -> float:
        """Factor of fixest, which counts the parameters."""
        left = self.rows - self.parameters
        if left <= 0 or (self.groups and min(self.groups) < 2):
            found = f"{self.rows} flows, {self.parameters} parameters, clusters {self.groups or 'none'}"
            allowed = "more flows than parameters, and two clusters or more"
            raise InputError(Problem("flows", "too few flows for standard errors", value=found, allowed=allowed))
        return (self.rows - 1) / left * self.asymptotic() if self.groups else self.rows / left

    def words(self, ways: tuple[str, ...]) -> str:
        if not self.groups:
            return (
                f"robust to heteroskedasticity; std_error: N/(N-K) with N = {self.rows}, K = {self.parameters};"
                " std_error_stata: N/(N-1)"
            )
        return (
            f"clustered by {' and '.join(ways)}; std_error: (N-1)/(N-K) * G/(G-1) with N = {self.rows},"
            f" K = {self.parameters}, G = {min(self.groups)}; std_error_stata: G/(G-1)"
        )


def _within(inner: Ints, outer: Ints) -> bool:
    """Whether each level of one column has one level of another."""
    return len(np.unique(np.stack([inner, outer]), axis=1).T) == len(np.unique(inner))
