r"""Counterfactuals of many sectors with input–output links and tariffs.

References
----------
L. Caliendo, F. Parro (2015), Estimates of the trade and welfare effects of NAFTA, Review of Economic Studies 82(1).
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import pandas as pd

from landlink.core.arrays import Floats
from landlink.core.errors import InputError, Problem
from landlink.trade.multisector_solver import SectorEquilibrium, solve_sectors
from landlink.trade.multisector_world import Shock, World, check_tariff
from landlink.trade.saved_tables import SectorTable, save_sector_table
from landlink.trade.shown_changes import ShownChanges
from landlink.trade.structural_gravity import DEFICITS, Deficits
from landlink.trade.world_tables import cell_table

__all__ = ["SectorCounterfactual", "sector_counterfactual"]

#: Columns that are shown, by what heads them.
SHOWN: Final = {
    "exports_percent": "exports", "imports_percent": "imports", "price_index_percent": "prices",
    "real_income_percent": "real income", "first_order_percent": "first order",
}  # fmt: skip


@dataclass(frozen=True, eq=False, repr=False)
class SectorCounterfactual(ShownChanges):
    """Two equilibria of one world, before and after a change of tariffs or trade costs.

    Attributes
    ----------
    world
        Shares and elasticities of the data.
    deficits
        What became of trade deficits.
    before, after
        The equilibria. Where deficits are not zeroed and the accounts of the data close, ``before`` is the data.
    tariff_before, tariff_after
        Tariffs as shares; shape (importers, exporters, sectors).
    """

    world: World
    deficits: Deficits
    before: SectorEquilibrium
    after: SectorEquilibrium
    tariff_before: Floats
    tariff_after: Floats

    @property
    def real_income(self) -> Floats:
        """Ratio of real income, exactly: income over the consumers' price index; shape (regions,)."""
        return np.asarray(self.after.income / self.after.price_index / (self.before.income / self.before.price_index))

    @property
    def real_wage(self) -> Floats:
        """Ratio of real wages; shape (regions,)."""
        return np.asarray(self.after.wage / self.after.price_index / (self.before.wage / self.before.price_index))

    @property
    def baseline_gap(self) -> float:
        """How far the wages of the base are from those of the data, as a share.

        Zero but for rounding where the accounts of the data close; where deficits are zeroed, what balancing changes.
        """
        return float(np.abs(self.before.wage - 1).max())

    def terms_of_trade(self) -> Floats:
        """First-order gain from export prices over import prices, as a share of income; shape (regions,)."""
        cost = self._cost_change()
        exports = np.einsum("jni,ij->i", self.before.imports, cost)
        imports = np.einsum("jni,ij->n", self.before.imports, cost)
        return np.asarray((exports - imports) / self.before.income)

    def volume_of_trade(self) -> Floats:
        """First-order gain from more imports on which tariffs are paid, as a share of income; shape (regions,)."""
        value = self.before.imports
        change = np.zeros_like(value)
        np.divide(self.after.imports - value, value, out=change, where=value > 0)
        real_change = change - self._cost_change().T[:, None, :]
        tariff = self.tariff_before.transpose(2, 0, 1)
        return np.asarray((tariff * value * real_change).sum(axis=(0, 2)) / self.before.income)

    def _cost_change(self) -> Floats:
        """Relative changes of unit costs; shape (regions, sectors).

        Relative changes, not logarithms, stand for differentials, as in the published figures.
        """
        return np.asarray(self.after.unit_cost / self.before.unit_cost - 1)

    def table(self) -> pd.DataFrame:
        """Changes by region, in percent.

        Columns: region; exports_percent and imports_percent, of values before tariffs; price_index_percent;
        real_income_percent, the exact change; real_wage_percent; terms_of_trade_percent and volume_of_trade_percent,
        the first-order parts of welfare as Caliendo and Parro report them, and first_order_percent, their sum.
        """
        terms, volume = self.terms_of_trade(), self.volume_of_trade()
        old, new = _traded(self.before.imports), _traded(self.after.imports)
        return pd.DataFrame(
            {
                "region": list(self.world.regions),
                "exports_percent": 100 * (new[0] / old[0] - 1),
                "imports_percent": 100 * (new[1] / old[1] - 1),
                "price_index_percent": 100 * (self.after.price_index / self.before.price_index - 1),
                "real_income_percent": 100 * (self.real_income - 1),
                "real_wage_percent": 100 * (self.real_wage - 1),
                "terms_of_trade_percent": 100 * terms,
                "volume_of_trade_percent": 100 * volume,
                "first_order_percent": 100 * (terms + volume),
            }
        )

    def bilateral(self) -> pd.DataFrame:
        """Flows by pair and sector, before tariffs: exporter, importer, sector, before, after, change_percent."""
        old, new = (state.imports.transpose(2, 1, 0) for state in (self.before, self.after))
        names = {"exporter": self.world.regions, "importer": self.world.regions, "sector": self.world.sectors}
        found = cell_table(np.ascontiguousarray(old), names, "before")
        found["after"] = new.ravel()
        ratio = np.full(len(found), np.nan)
        np.divide(found["after"], found["before"], out=ratio, where=found["before"].to_numpy() > 0)
        return found.assign(change_percent=100 * (ratio - 1))

    def save(
        self, path: str | os.PathLike[str], *, table: SectorTable = "countries", force: bool = False
    ) -> pd.DataFrame:
        """Write one of the tables as ``.csv`` or ``.parquet``, and return it.

        Parameters
        ----------
        path
            The file.
        table
            ``countries`` (:meth:`table`) or ``flows`` (:meth:`bilateral`).
        force
            Replace a file that landlink did not write.

        Raises
        ------
        InputError
            No such table, or another file name suffix.
        OutputError
            The path cannot be written, or holds something else.
        """
        tables = {"countries": self.table, "flows": self.bilateral}
        if table not in tables:
            raise InputError(Problem("", "unknown table", value=str(table), allowed=", ".join(tables)))
        frame = tables[table]()
        save_sector_table(path, frame, table, force=force)
        return frame

    def _title(self) -> str:
        size = f"{len(self.world.regions):,} regions and {len(self.world.sectors):,} sectors"
        return f"Counterfactual of {size}: deficits {self.deficits}; in %"

    def _shown(self) -> pd.DataFrame:
        return self.table()[["region", *SHOWN]].rename(columns=SHOWN)

    def residuals(self) -> dict[str, float]:
        """Largest imbalances after the change, as shares: goods, labour, price indices."""
        found = self.after
        return {"goods": found.goods_residual, "labour": found.factor_residual, "prices": found.price_residual}


def sector_counterfactual(
    world: World,
    *,
    tariff: Shock | None = None,
    cost_ratio: Shock | None = None,
    deficits: Deficits = "zero",
) -> SectorCounterfactual:
    """Compute what a change of tariffs or trade costs does in a world of many sectors.

    The world is solved at its own tariffs first, under the same treatment of deficits, and changes are from there.

    Parameters
    ----------
    world
        Data.
    tariff
        New tariffs as shares; shape (importers, exporters, sectors); those of the world by default. Or a long table
        (a CSV file, a data frame, or rows) of those that change: importer, exporter, sector, tariff.
    cost_ratio
        New over old trade costs other than tariffs; same shape, or a long table: importer, exporter, sector, change.
        Without the column sector a table changes all sectors alike.
    deficits
        ``zero``: trade is balanced before and after. ``fixed``: deficits keep their value in units of world value
        added. ``proportional``: expenditure keeps its ratio to income before transfers, up to one factor for the world.

    Returns
    -------
    SectorCounterfactual

    Raises
    ------
    InputError
        Invalid arrays or arguments.
    ConvergenceError
        Markets do not clear.
    """
    if deficits not in DEFICITS:
        problem = Problem("", "unknown treatment of deficits", value=str(deficits), allowed=", ".join(DEFICITS))
        raise InputError(problem)
    new_tariff = world.tariff if tariff is None else check_tariff(world, tariff, "tariff")
    ratio = None if cost_ratio is None else check_tariff(world, cost_ratio, "cost_ratio")
    closure: Literal["fixed", "zero"] = "zero" if deficits == "zero" else "fixed"
    before = solve_sectors(world, world.tariff, deficits=closure)
    kept = before.income / (before.value_added + before.revenue) if deficits == "proportional" else None
    after = solve_sectors(world, new_tariff, ratio, deficits=closure, income_ratio=kept, start=before)
    return SectorCounterfactual(world, deficits, before, after, world.tariff, new_tariff)


def _traded(imports: Floats) -> tuple[Floats, Floats]:
    """Exports and imports of each region, those at home left out."""
    pairs = imports.sum(axis=0)
    abroad = pairs - np.diag(np.diag(pairs))
    return abroad.sum(axis=0), abroad.sum(axis=1)
