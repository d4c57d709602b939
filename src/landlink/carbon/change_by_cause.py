"""Why emissions of two results differ: freight, its modes, what carrying it takes, waits at borders, terminals.

Emissions of vehicles by family are tonne-kilometres times the family's share times its intensity. The logarithmic mean
Divisia index (LMDI-I, additive: Ang 2004, Energy Policy 32) divides the change of a product among its factors without a
rest, and treats both results alike. A family that only one of the results has is mode shift (the limit of a share that
goes to nothing: Ang and Liu 2007). Waits and hub operations are no product of these and are compared directly.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from landlink.carbon.arc_places import HUBS
from landlink.core.arrays import Floats
from landlink.tables.frames import Tables

__all__ = ["CAUSES", "change_by_cause", "divisia"]

#: Causes in their order.
CAUSES: Final = ("activity", "mode_shift", "intensity", "waiting", "terminals")
_CO2E: Final = "co2e_t_per_year"


def change_by_cause(before: Tables, after: Tables) -> dict[str, float]:
    """Divide the change of emissions from one result to another, t CO2e a year, by cause; the parts add up to it.

    Parameters
    ----------
    before, after
        Tables of two results, with ``emission_country`` and ``country``.

    Returns
    -------
    dict of str to float
        By cause: ``activity`` (tonne-kilometres in all), ``mode_shift`` (their division among families),
        ``intensity`` (what a tonne-kilometre of a family takes: routes and their grades, vehicles, energy, stops),
        ``waiting`` (at border crossings) and ``terminals`` (hub operations).
    """
    carrying = [_carrying(tables) for tables in (before, after)]
    families = sorted(set(carrying[0].index) | set(carrying[1].index))
    co2e, tkm = (
        np.array([one[name].reindex(families).fillna(0.0).to_numpy() for one in carrying]) for name in (_CO2E, "tkm")
    )
    activity, shift, intensity = divisia(co2e, tkm)
    moved = [_sum(tables, "waiting") for tables in (before, after)]
    hubs = [_sum(tables, "handling") for tables in (before, after)]
    parts = (activity, shift, intensity, moved[1] - moved[0], hubs[1] - hubs[0])
    return dict(zip(CAUSES, parts, strict=True))


def _carrying(tables: Tables) -> pd.DataFrame:
    """Emissions of vehicles without waits, and tonne-kilometres, by family."""
    table, country = tables["emission_country"], tables["country"]
    vehicles = table[(table["element"] != "waiting") & (table["family"] != HUBS)]
    co2e = vehicles.groupby("family")[_CO2E].sum()
    tkm = country[country["family"] != "all"].groupby("family")["tkm_per_year"].sum()
    return pd.DataFrame({_CO2E: co2e, "tkm": tkm}).fillna(0.0)


def _sum(tables: Tables, element: str) -> float:
    table = tables["emission_country"]
    return float(table.loc[table["element"] == element, _CO2E].sum())


def divisia(co2e: Floats, tkm: Floats) -> tuple[float, float, float]:
    """Divide a change of emissions among activity, structure and intensity.

    Parameters
    ----------
    co2e, tkm
        Emissions and tonne-kilometres by family, before and after; shape (2, families).

    Returns
    -------
    tuple of float
        What the sum of tonne-kilometres, the shares of families, and their intensities change; in all,
        ``co2e[1].sum() - co2e[0].sum()``.

    Examples
    --------
    Twice the freight, carried as before:

    >>> [round(one, 9) for one in divisia(np.array([[6.0, 2.0], [12.0, 4.0]]), np.array([[3.0, 2.0], [6.0, 4.0]]))]
    [8.0, 0.0, 0.0]
    """
    change = co2e[1] - co2e[0]
    both = (co2e > 0).all(axis=0) & (tkm > 0).all(axis=0)
    # The logarithmic mean; of two equal figures, the figure.
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.log(co2e[1] / co2e[0])
        mean = np.where(np.abs(ratio) > 1e-12, change / ratio, co2e[0])[both]
    whole = tkm.sum(axis=1)
    share, intensity = tkm[:, both] / whole[:, None], co2e[:, both] / tkm[:, both]
    activity = float((mean * np.log(whole[1] / whole[0])).sum()) if both.any() else 0.0
    structure = float((mean * np.log(share[1] / share[0])).sum() + change[~both].sum())
    return activity, structure, float((mean * np.log(intensity[1] / intensity[0])).sum())
