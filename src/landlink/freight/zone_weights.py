"""What zones produce and consume, as shares of their country."""

from __future__ import annotations

from typing import Final, Literal

import numpy as np
import pandas as pd

from landlink.core.arrays import Floats, Ints
from landlink.tables.frames import Tables, numbers, texts

__all__ = ["zone_weights"]

_PRODUCES: Final = "produces"


def zone_weights(tables: Tables, rows: Ints, commodity: str, what: Literal["produces", "consumes"]) -> Floats:
    """Shares of zones in what they produce or consume of a commodity together.

    They are those of the table ``zone_share``. Where it has none for these zones, production is in proportion to
    product, and consumption half to product and half to population; without either, zones are alike.

    Parameters
    ----------
    tables
        Tables of a study: ``zone`` and ``zone_share``.
    rows
        Rows of the table ``zone``, such as the internal zones of a country.
    commodity
        The commodity.
    what
        Column of ``zone_share``.

    Returns
    -------
    Floats
        Shares that add to 1; shape (rows,).
    """
    zone, share = tables["zone"], tables["zone_share"]
    share = share[share["commodity_id"] == commodity]
    given = pd.Series(numbers(share, what), texts(share, "zone_id"), dtype=float)
    weight = given.reindex(zone["zone_id"].to_numpy()[rows]).to_numpy()
    if np.nansum(weight) > 0:
        return np.asarray(np.nan_to_num(weight) / np.nansum(weight))
    people, product = (zone[name].astype(float).to_numpy()[rows] for name in ("population", "gdp_musd"))
    masses = [values / values.sum() for values in (product, people) if np.all(values > 0)]
    if not masses:
        return np.full(len(rows), 1 / len(rows))
    return np.asarray(masses[0] if what == _PRODUCES else sum(masses) / len(masses))
