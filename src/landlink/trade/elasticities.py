"""Elasticities of substitution of a study's commodities, with published ones where the study gives none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from landlink.core.arrays import Floats
from landlink.tables.frames import Tables, numbers, texts
from landlink.tables.trade_schemas import EVERY_COMMODITY, OTHER

__all__ = ["PUBLISHED_SIGMA", "PUBLISHED_SIGMA_ERROR", "PUBLISHED_SOURCE", "Elasticities", "elasticities"]

#: Elasticity of substitution where a study has none: one more than the elasticity of trade of 5.03, the median of
#: estimates from tariffs that control for multilateral resistance.
PUBLISHED_SIGMA: Final = 6.03
#: Its standard error: other central estimates of the elasticity of trade are 4.1 (Simonovska & Waugh 2014) to 6.7 (the
#: mean of the same estimates).
PUBLISHED_SIGMA_ERROR: Final = 1.5
PUBLISHED_SOURCE: Final = (
    "K. Head, T. Mayer (2014), Gravity equations: workhorse, toolkit, and cookbook, Handbook of International"
    " Economics 4"
)


@dataclass(frozen=True, eq=False)
class Elasticities:
    """Elasticities of substitution by sector.

    Attributes
    ----------
    sectors
        Commodities in the order of the study, then ``other``.
    sigma
        Elasticities, above 1; shape (sectors,).
    sigma_error
        Their standard errors; shape (sectors,).
    origin
        Where each is from: ``study`` or ``published``.
    """

    sectors: tuple[str, ...]
    sigma: Floats
    sigma_error: Floats
    origin: tuple[str, ...]


def elasticities(tables: Tables) -> Elasticities:
    """Collect the elasticities of a study's commodities and of ``other``.

    Parameters
    ----------
    tables
        Tables of a study. A commodity without a row in ``elasticity`` takes that of ``*``, else the published one.

    References
    ----------
    K. Head, T. Mayer (2014), Gravity equations: workhorse, toolkit, and cookbook, Handbook of International
    Economics 4.
    I. Simonovska, M. Waugh (2014), The elasticity of trade, Journal of International Economics 92.
    """
    table = tables["elasticity"]
    errors = np.nan_to_num(numbers(table, "sigma_error"))
    rows = dict(zip(texts(table, "commodity_id"), zip(numbers(table, "sigma"), errors, strict=True), strict=True))
    default = rows.get(EVERY_COMMODITY)
    sectors = (*texts(tables["commodity"], "commodity_id"), OTHER)
    found = [rows.get(sector, default) for sector in sectors]
    values = np.array([row or (PUBLISHED_SIGMA, PUBLISHED_SIGMA_ERROR) for row in found], dtype=np.float64)
    origin = tuple("study" if row else "published" for row in found)
    return Elasticities(sectors, values[:, 0].copy(), values[:, 1].copy(), origin)
