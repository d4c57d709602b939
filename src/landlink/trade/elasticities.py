"""Elasticities of substitution of a study's commodities, with published ones where the study gives none."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from landlink.core.arrays import Floats
from landlink.tables.frames import Tables, numbers, texts
from landlink.tables.trade_schemas import EVERY_COMMODITY, OTHER
from landlink.trade.published import published_elasticities

__all__ = ["Elasticities", "elasticities"]


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
        Tables of a study. A commodity without a row in ``elasticity`` takes that of ``*``, else the published one of
        all goods, see :func:`landlink.trade.published_elasticities`.
    """
    table = tables["elasticity"]
    errors = np.nan_to_num(numbers(table, "sigma_error"))
    rows = dict(zip(texts(table, "commodity_id"), zip(numbers(table, "sigma"), errors, strict=True), strict=True))
    default = rows.get(EVERY_COMMODITY)
    sectors = (*texts(tables["commodity"], "commodity_id"), OTHER)
    found = [rows.get(sector, default) for sector in sectors]
    published = () if all(found) else _published()
    values = np.array([row or published for row in found], dtype=np.float64)
    origin = tuple("study" if row else "published" for row in found)
    return Elasticities(sectors, values[:, 0].copy(), values[:, 1].copy(), origin)


def _published() -> tuple[float, float]:
    """Elasticity of all goods and its standard error."""
    goods = published_elasticities("goods", alternatives=False).iloc[0]
    return float(goods["sigma"]), float(goods["sigma_error"])
