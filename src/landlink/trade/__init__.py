"""How trade answers changes of trade costs: structural gravity in general equilibrium; knows no network.

    >>> import landlink as ll
    >>> rows = [("A", "A", 80.0), ("A", "B", 20.0), ("B", "A", 20.0), ("B", "B", 180.0)]
    >>> dearer = [("A", "B", 1.1), ("B", "A", 1.1)]
    >>> found = ll.trade.counterfactual(rows, dearer, sigma=5)
    >>> found.table()[["country", "exports_percent", "real_gdp_percent"]].round(2).values.tolist()
    [['A', -28.28, -1.68], ['B', -28.28, -0.77]]

The names below are loaded when first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from landlink.trade.elasticity_draws import ElasticityDraws, draw_elasticities
    from landlink.trade.gravity_counterfactual import Counterfactual, counterfactual
    from landlink.trade.gravity_estimation import GravityEstimate, estimate
    from landlink.trade.multisector import SectorCounterfactual, sector_counterfactual
    from landlink.trade.multisector_world import World
    from landlink.trade.published import published_elasticities
    from landlink.trade.reexports import net_reexports
    from landlink.trade.trade_freight import FreightDemand, freight_demand

__all__ = [
    "Counterfactual",
    "ElasticityDraws",
    "FreightDemand",
    "GravityEstimate",
    "SectorCounterfactual",
    "World",
    "counterfactual",
    "draw_elasticities",
    "estimate",
    "freight_demand",
    "net_reexports",
    "published_elasticities",
    "sector_counterfactual",
]

#: Module of each public name.
_HOME = {
    "Counterfactual": "gravity_counterfactual",
    "ElasticityDraws": "elasticity_draws",
    "FreightDemand": "trade_freight",
    "GravityEstimate": "gravity_estimation",
    "SectorCounterfactual": "multisector",
    "World": "multisector_world",
    "counterfactual": "gravity_counterfactual",
    "draw_elasticities": "elasticity_draws",
    "estimate": "gravity_estimation",
    "freight_demand": "trade_freight",
    "net_reexports": "reexports",
    "published_elasticities": "published",
    "sector_counterfactual": "multisector",
}


def __getattr__(name: str) -> object:
    if name not in _HOME:
        message = f"module 'landlink.trade' has no attribute {name!r}"
        raise AttributeError(message)
    value = getattr(import_module(f"landlink.trade.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
