"""Counterfactuals of trade: flows before, changes of trade costs, and what follows for every country."""

from __future__ import annotations

import math
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias, get_args

import numpy as np
import pandas as pd

from landlink.core.arrays import Floats
from landlink.core.errors import InputError, Problem, hint
from landlink.trade.flow_tables import Missing, PairTable, read_tables
from landlink.trade.saved_tables import SavedTable, save_table
from landlink.trade.shown_changes import ShownChanges
from landlink.trade.structural_gravity import (
    DEFICITS,
    Deficits,
    GravityEquilibrium,
    solve_conditional,
    solve_full,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "MODES",
    "Counterfactual",
    "Mode",
    "check_arguments",
    "counterfactual",
    "position",
    "solve_counterfactual",
]

#: What answers to a change of trade costs: incomes and resistances, resistances alone, or incomes once.
Mode: TypeAlias = Literal["full", "conditional", "one-pass"]
MODES: Final[tuple[Mode, ...]] = get_args(Mode)
#: Columns that are shown, by what heads them.
SHOWN: Final = {
    "exports_percent": "exports", "imports_percent": "imports", "price_index_percent": "prices",
    "real_gdp_percent": "real GDP", "real_income_percent": "real income",
}  # fmt: skip


@dataclass(frozen=True, eq=False, repr=False)
class Counterfactual(ShownChanges):
    """Trade before and after a change of trade costs. Matrices have exporters in rows; vectors one value a country.

    Attributes
    ----------
    countries
        In the order of rows and columns.
    sigma
        Elasticity of substitution.
    mode
        What answered, see :func:`counterfactual`.
    deficits
        What became of trade deficits; empty where the mode does not ask.
    cost_ratio
        New over old trade costs.
    baseline, flows
        Flows before and after, in the unit of the input. The baseline is balanced where deficits are zeroed.
    output_price, price_index, outward_resistance
        Ratios of factory-gate prices, inward price indices and outward multilateral resistances to the base.
    source_price
        Ratios of the prices at which each country sells: factory-gate prices, or where outputs are fixed, the
        reciprocals of outward resistances.
    output, expenditure
        Values after.
    output_residual, expenditure_residual
        What flows miss of output and expenditure, as a share of them. Below 1e-10 but for one pass, which stops before
        markets clear.
    iterations
        Steps of the solver.
    """

    countries: tuple[str, ...]
    sigma: float
    mode: Mode
    deficits: str
    cost_ratio: Floats
    baseline: Floats
    flows: Floats
    output_price: Floats
    price_index: Floats
    outward_resistance: Floats
    source_price: Floats
    output: Floats
    expenditure: Floats
    output_residual: Floats
    expenditure_residual: Floats
    iterations: int

    def _title(self) -> str:
        deficits = f", deficits {self.deficits}" if self.deficits else ""
        return f"Counterfactual of {len(self.countries):,} countries: {self.mode}, sigma {self.sigma:g}{deficits}; in %"

    def _shown(self) -> pd.DataFrame:
        return self.table()[["country", *SHOWN]].rename(columns=SHOWN)

    @property
    def real_gdp(self) -> Floats:
        """Ratio of real GDP to the base: the price of what is made over the price of what is bought."""
        return np.asarray(self.output / self.baseline.sum(axis=1) / self.price_index)

    @property
    def real_income(self) -> Floats:
        """Ratio of real income to the base, exactly: expenditure over its price index."""
        return np.asarray(self.expenditure / self.baseline.sum(axis=0) / self.price_index)

    def table(self) -> pd.DataFrame:
        """Changes by country, in percent; empty where the base is zero.

        Columns: country, exports_percent, imports_percent, price_index_percent, real_gdp_percent, real_income_percent,
        factory_gate_price_percent, outward_resistance_percent, domestic_sales_percent, and those of
        :meth:`decomposition`.
        """
        exact = pd.DataFrame(
            {
                "country": list(self.countries),
                "exports_percent": _percent(_abroad(self.flows, 1), _abroad(self.baseline, 1)),
                "imports_percent": _percent(_abroad(self.flows, 0), _abroad(self.baseline, 0)),
                "price_index_percent": _percent(self.price_index),
                "real_gdp_percent": _percent(self.real_gdp),
                "real_income_percent": _percent(self.real_income),
                "factory_gate_price_percent": _percent(self.output_price),
                "outward_resistance_percent": _percent(self.outward_resistance),
                "domestic_sales_percent": _percent(np.diag(self.flows), np.diag(self.baseline)),
            }
        )
        return exact.merge(self.decomposition(), on="country", validate="1:1")

    def decomposition(self) -> pd.DataFrame:
        r"""Real income to the first order beside the exact change, in percent.

        With base shares :math:`s_{ki}` of origin k in what country i buys, the terms of trade are
        :math:`d\ln p_i - \sum_k s_{ki} \, d\ln p_k`, trade costs :math:`-\sum_k s_{ki} \, d\ln\tau_{ki}`, and
        transfers :math:`d\ln E_i - d\ln Y_i`. Papers report such sums as welfare; they differ from the exact change
        of real income by the column higher_order_percent, most of it what substitution gains.
        """
        share = self.baseline / self.baseline.sum(axis=0)
        output_change = np.log(self.output / self.baseline.sum(axis=1))
        terms = output_change - share.T @ np.log(self.source_price)
        costs = -(share * np.log(self.cost_ratio)).sum(axis=0)
        transfers = np.log(self.expenditure / self.baseline.sum(axis=0)) - output_change
        first_order = terms + costs + transfers
        return pd.DataFrame(
            {
                "country": list(self.countries),
                "terms_of_trade_percent": 100 * terms,
                "trade_costs_percent": 100 * costs,
                "transfers_percent": 100 * transfers,
                "first_order_percent": 100 * first_order,
                "higher_order_percent": _percent(self.real_income) - 100 * first_order,
            }
        )

    def bilateral(self) -> pd.DataFrame:
        """Flows of each pair before and after: exporter, importer, before, after, change_percent."""
        count = len(self.countries)
        names = np.array(self.countries, dtype=object)
        before, after = self.baseline.ravel(), self.flows.ravel()
        return pd.DataFrame(
            {
                "exporter": np.repeat(names, count),
                "importer": np.tile(names, count),
                "before": before,
                "after": after,
                "change_percent": _percent(after, before),
            }
        )

    def residuals(self) -> pd.DataFrame:
        """What flows miss of output and of expenditure in every country, as a share of it."""
        return pd.DataFrame(
            {
                "country": list(self.countries),
                "output_residual": self.output_residual,
                "expenditure_residual": self.expenditure_residual,
            }
        )

    def save(
        self, path: str | os.PathLike[str], *, table: SavedTable = "countries", force: bool = False
    ) -> pd.DataFrame:
        """Write one of the tables as ``.csv`` or ``.parquet``, and return it.

        Parameters
        ----------
        path
            The file.
        table
            ``countries`` (:meth:`table`), ``flows`` (:meth:`bilateral`) or ``residuals`` (:meth:`residuals`).
        force
            Replace a file that landlink did not write.

        Raises
        ------
        InputError
            No such table, or another file name suffix.
        OutputError
            The path cannot be written, or holds something else.
        """
        tables = {"countries": self.table, "flows": self.bilateral, "residuals": self.residuals}
        if table not in tables:
            raise InputError(Problem("", "unknown table", value=str(table), allowed=", ".join(tables)))
        frame = tables[table]()
        save_table(path, frame, table, force=force)
        return frame


def counterfactual(
    flows: PairTable,
    shock: PairTable,
    *,
    sigma: float,
    mode: Mode = "full",
    deficits: Deficits | None = None,
    reference: str | None = None,
    missing: Missing = "refuse",
) -> Counterfactual:
    """Compute what a change of trade costs does to trade, prices and real income.

    One-sector structural gravity in exact changes (Armington, or Eaton–Kortum with trade elasticity sigma - 1).

    Parameters
    ----------
    flows
        Values of trade by exporter and importer, domestic flows (gross output less exports) included: a CSV file, a
        data frame with the columns exporter, importer and value, or rows of these three.
    shock
        Changes of trade costs by exporter and importer as ratios of new to old cost, in the same forms, with the column
        change. Pairs that are not listed keep their costs.
    sigma
        Elasticity of substitution between origins, above 1.
    mode
        ``full``: outputs, incomes and expenditures change with factory-gate prices until every market clears.
        ``conditional``: outputs and expenditures keep their values, multilateral resistances change. ``one-pass``:
        conditional resistances, from which prices are updated once, as the package gegravity computes its full effect;
        markets do not clear, as the residuals show.
    deficits
        In full mode ``proportional`` (default): expenditure keeps its base ratio to output, up to one factor for the
        world; ``fixed``: its excess over output keeps its value in units of world output; ``zero``: trade is balanced
        first, and changes are those from the balanced world.
    reference
        Country whose inward price index stays; by default world output keeps its value. Real changes do not depend on
        it, but for one pass, where it scales flows.
    missing
        ``zero`` if blank and unlisted flows are zero; by default they are refused.

    Returns
    -------
    Counterfactual

    Raises
    ------
    InputError
        Invalid tables or arguments; every problem is listed with its row.
    ConvergenceError
        Markets do not clear.

    Examples
    --------
    >>> rows = [("A", "A", 80.0), ("A", "B", 20.0), ("B", "A", 20.0), ("B", "B", 180.0)]
    >>> found = counterfactual(rows, [("A", "B", 1.1)], sigma=5)
    >>> bool(abs(found.output_residual).max() < 1e-10)
    True
    """
    check_arguments(sigma, mode, deficits, missing)
    countries, base, ratio = read_tables(flows, shock, missing=missing)
    anchor = position(reference, countries)
    return solve_counterfactual(countries, base, ratio, sigma=sigma, mode=mode, deficits=deficits, anchor=anchor)


def solve_counterfactual(
    countries: Sequence[str],
    base: Floats,
    ratio: Floats,
    *,
    sigma: float,
    mode: Mode = "full",
    deficits: Deficits | None = None,
    anchor: int | None = None,
) -> Counterfactual:
    """Solve a counterfactual of checked matrices; see :func:`counterfactual`.

    Parameters
    ----------
    countries
        Names of rows and columns.
    base, ratio
        Base flows and ratios of trade costs; shape (countries, countries), exporters in rows.
    sigma, mode, deficits
        As for :func:`counterfactual`.
    anchor
        Position of the country whose inward price index stays.
    """
    closure: Deficits = deficits or "proportional"
    if mode == "full" and closure == "zero":
        base = solve_full(base, np.ones_like(base), sigma, deficits="zero", names=countries).flows
    if mode == "full":
        found = solve_full(base, ratio, sigma, deficits=closure, names=countries)
    else:
        found = solve_conditional(base, ratio, sigma, names=countries)
    # Real quantities do not depend on the unit of prices.
    unit = 1.0 if anchor is None else float(found.price_index[anchor])
    source, index = found.price / unit, found.price_index / unit
    output, expenditure, flows = found.output, found.expenditure, found.flows
    if mode == "full":
        output, expenditure, flows = output / unit, expenditure / unit, flows / unit
        outward = (found.price**sigma) ** (1 / (1 - sigma)) * unit
    else:
        outward = 1 / source
    if mode == "one-pass":
        output, expenditure, flows = _price_once(base, found, source)
    return Counterfactual(
        countries=tuple(countries),
        sigma=sigma,
        mode=mode,
        deficits=closure if mode == "full" else "",
        cost_ratio=ratio,
        baseline=base,
        flows=flows,
        output_price=np.ones_like(source) if mode == "conditional" else source,
        price_index=index,
        outward_resistance=outward,
        source_price=source,
        output=output,
        expenditure=expenditure,
        output_residual=flows.sum(axis=1) / output - 1,
        expenditure_residual=flows.sum(axis=0) / expenditure - 1,
        iterations=found.iterations,
    )


def _price_once(base: Floats, found: GravityEquilibrium, price: Floats) -> tuple[Floats, Floats, Floats]:
    """Update outputs and expenditures by the prices of conditional resistances, but not the resistances by them."""
    output, expenditure = base.sum(axis=1) * price, base.sum(axis=0) * price
    world = base.sum() / output.sum()
    return output, expenditure, found.flows * np.outer(price, price) * world


def position(reference: str | None, countries: Sequence[str]) -> int | None:
    """Position of the reference country, if there is one.

    Raises
    ------
    InputError
        It is not a country of the flows.
    """
    if reference is None:
        return None
    if reference not in countries:
        allowed = f"a country of the flows{hint(reference, countries)}"
        raise InputError(Problem("", "unknown reference country", value=reference, allowed=allowed))
    return list(countries).index(reference)


def check_arguments(sigma: float, mode: str, deficits: str | None, missing: str) -> None:
    """Check what is not a table; all problems together.

    Raises
    ------
    InputError
        An elasticity of 1 or below, unknown words, or deficits where the mode has none.
    """
    problems = []
    if not _is_elasticity(sigma):
        allowed = "a number above 1: the elasticity of substitution (trade elasticity + 1), not its inverse"
        problems.append(Problem("", "invalid sigma", value=str(sigma), allowed=allowed))
    if mode not in MODES:
        problems.append(Problem("", "unknown mode", value=str(mode), allowed=", ".join(MODES)))
    if deficits is not None and deficits not in DEFICITS:
        problems.append(Problem("", "unknown treatment of deficits", value=str(deficits), allowed=", ".join(DEFICITS)))
    elif deficits is not None and mode in {"conditional", "one-pass"}:
        allowed = "none given: only the full mode asks what becomes of deficits"
        problems.append(Problem("", f"deficits have no effect in mode {mode}", value=deficits, allowed=allowed))
    if missing not in {"refuse", "zero"}:
        problems.append(Problem("", "unknown treatment of missing flows", value=str(missing), allowed="refuse, zero"))
    if problems:
        raise InputError(problems)


def _is_elasticity(sigma: Any) -> bool:
    number = isinstance(sigma, int | float | np.integer | np.floating) and not isinstance(sigma, bool)
    return number and math.isfinite(sigma) and sigma > 1


def _abroad(flows: Floats, axis: int) -> Floats:
    """Flows with other countries, summed over importers (axis 1) or exporters (axis 0)."""
    return np.asarray(flows.sum(axis=axis) - np.diag(flows))


def _percent(after: Floats, before: Floats | float = 1.0) -> Floats:
    """Change in percent; NaN where there was nothing before."""
    before = np.broadcast_to(before, np.shape(after))
    ratio = np.full(np.shape(after), np.nan)
    np.divide(after, before, out=ratio, where=before > 0)
    return 100 * (ratio - 1)
