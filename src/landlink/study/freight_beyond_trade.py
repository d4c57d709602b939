"""Freight that is worth far more than the trade that it belongs to: tables that contradict each other."""

from __future__ import annotations

from typing import Final

from landlink.study.freight_channels import freight_channels
from landlink.study.trade_checks import has_trade
from landlink.tables.frames import Tables, numbers

__all__ = ["freight_beyond_trade"]

#: Freight over trade in value from which a pair is named: value densities are known to a factor of two or three.
_FAR: Final = 3.0


def freight_beyond_trade(tables: Tables) -> list[str]:
    """Find pairs of countries whose freight, at its value densities, is worth more than three times their trade.

    Trade that answers to costs follows the values of ``trade``, and the study then carries all of a flow at most.

    Returns
    -------
    list of str
        Exporter and importer with the ratio, the largest value of freight first; none without the tables of trade.
    """
    if not has_trade(tables):
        return []
    parts = freight_channels(tables)
    parts = parts[parts["delivers"] & (parts["exporter"] != parts["importer"])]
    ends = ["exporter", "importer"]
    freight = parts.assign(value=parts["tonnes_per_year"] * parts["value_usd_per_t"]).groupby(ends)["value"].sum()
    trade = tables["trade"].assign(value=numbers(tables["trade"], "value_usd_per_year")).groupby(ends)["value"].sum()
    traded = trade.reindex(freight.index).fillna(0.0)
    far = freight[freight > _FAR * traded].sort_values(ascending=False, kind="stable")
    found = []
    for (exporter, importer), value in zip(far.index.tolist(), far.tolist(), strict=True):
        known = float(traded.loc[(exporter, importer)])
        ratio = f"{value / known:.3g} times" if known > 0 else "no trade"
        found.append(f"{exporter} to {importer} ({ratio})")
    return found
