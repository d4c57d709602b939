"""What measures on energy are worth beside what shippers gain: energy saved, and emissions spared in grids."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from landlink.appraisal.notes import Note
from landlink.tables.frames import Tables, mapped, numbers

__all__ = ["SAME_FREIGHT", "energy_saved", "spared_elsewhere"]

#: Share of the tonne-kilometres that may move before freight counts as changed: what solves of the same freight that
#: start from different routes differ by.
SAME_FREIGHT: Final = 2e-6
_NEEDED: Final = ("energy_price", "emission_country", "link")


def energy_saved(before: Tables, after: Tables) -> tuple[list[tuple[str, str, str, str, float]], list[Note]]:
    """What operators spend less on energy, by country, where a plan moves no freight.

    The cost by the kilometre that shippers pay does not depend on what a vehicle is driven by. Where freight moves, the
    energy that it then uses is within its money costs, and there is nothing to add.

    Parameters
    ----------
    before, after
        Tables of results without and with the plan.

    Returns
    -------
    rows : list of tuple
        Country, group, item, input that scales it (none), and USD a year, above 0 if energy is saved.
    notes : list of Note
        Carriers whose price is not known.
    """
    if not (_tells(before) and _tells(after) and _has_same_freight(before, after)):
        return [], []
    spent = [_spent(tables) for tables in (before, after)]
    saved = spent[0].sub(spent[1], fill_value=0.0).groupby(level="country").sum(min_count=1)
    # Rounding of flows that agree is no saving.
    least = SAME_FREIGHT * float(np.nansum(spent[0]))
    rows = [(str(name), "operators", "energy", "", float(usd)) for name, usd in saved.items() if abs(usd) > least]
    unpriced = [one.index.get_level_values("carrier")[one.isna().to_numpy()] for one in spent]
    unknown = sorted({str(carrier) for carriers in unpriced for carrier in carriers})
    return rows, [Note("unpriced_energy", carriers=unknown)] if rows and unknown else []


def _tells(tables: Tables) -> bool:
    """Whether a result says what its freight spends on energy."""
    return all(name in tables for name in _NEEDED) and "energy_mj_per_year" in tables["emission_country"]


def _spent(tables: Tables) -> pd.Series[float]:
    """What energy costs by country and carrier, USD a year; NaN of a carrier without a price."""
    prices, used = tables["energy_price"], tables["emission_country"]
    usd_per_mj = dict(zip(prices["carrier"], numbers(prices, "usd_per_mj").tolist(), strict=True))
    usd = numbers(used, "energy_mj_per_year") * mapped(used["carrier"], usd_per_mj)
    sums = used.assign(usd=usd)[(used["carrier"] != "").to_numpy()].groupby(["country", "carrier"])["usd"]
    return sums.sum(min_count=1)


def _has_same_freight(before: Tables, after: Tables) -> bool:
    key = ["link_id", "direction", "mode"]
    one, other = (
        tables["link"]
        .assign(tkm=tables["link"]["tonnes_per_year"] * tables["link"]["length_km"])
        .groupby(key)["tkm"]
        .sum()
        for tables in (before, after)
    )
    moved = float(one.sub(other, fill_value=0.0).abs().sum())
    return moved <= SAME_FREIGHT * float(one.sum())


def spared_elsewhere(tables: Tables) -> pd.Series[float]:
    """Emissions that projects of renewable supply spare others than freight, t CO2e a year by measure and country."""
    keys = ["measure_id", "country"]
    if "grid_saving" not in tables:
        return pd.Series(dtype=np.float64, index=pd.MultiIndex.from_arrays([[], []], names=keys))
    saving = tables["grid_saving"].fillna({keys[0]: ""}).set_index(keys)
    return saving["spared_t_per_year"] - saving["freight_t_per_year"]
