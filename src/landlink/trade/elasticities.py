"""Elasticities of substitution of a study's commodities: those of its table, else a published one for all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from landlink.core.arrays import Floats
from landlink.tables.frames import Tables, records

__all__ = ["OTHER", "Elasticities", "elasticities"]

#: The sector of all that a study carries no freight for.
OTHER: Final = "other"
#: Stands for every commodity without a row of its own.
EVERY: Final = "*"
#: Head and Mayer (2014): the median of 435 trade elasticities from structural gravity by tariffs and freight rates is
#: -5.03; the elasticity of substitution is that plus one. Its error spans most of the estimates by commodity.
PUBLISHED: Final = 6.03
PUBLISHED_ERROR: Final = 1.5
PUBLISHED_SOURCE: Final = "Head & Mayer 2014, table 5: median of structural gravity"


@dataclass(frozen=True)
class Elasticities:
    """Elasticities of substitution.

    Attributes
    ----------
    sigma, error
        Of each commodity asked for, and its standard error; shape (commodities,).
    source
        Where they come from.
    """

    sigma: Floats
    error: Floats
    source: str


def elasticities(tables: Tables, names: Sequence[str]) -> Elasticities:
    """Elasticities of some commodities, in their order.

    Parameters
    ----------
    tables
        Tables of a study, with or without ``elasticity``.
    names
        Commodities.
    """
    given = {str(row["commodity_id"]): row for row in records(tables["elasticity"])} if "elasticity" in tables else {}
    rows = [given.get(name, given.get(EVERY)) for name in names]
    sigma = [PUBLISHED if row is None else float(row["sigma"]) for row in rows]
    error = [PUBLISHED_ERROR if row is None else float(np.nan_to_num(row.get("sigma_error", 0.0))) for row in rows]
    sources = dict.fromkeys(PUBLISHED_SOURCE if row is None else str(row.get("source", "")) for row in rows)
    return Elasticities(np.array(sigma), np.array(error), "; ".join(filter(None, sources)))
