"""How demand may respond to costs."""

from __future__ import annotations

from typing import Final, Literal

__all__ = ["TRADE_MODES", "TradeMode"]

#: Not at all; by elasticities of each pair and commodity; in general equilibrium of trade.
TradeMode = Literal["fixed", "elastic", "general"]
TRADE_MODES: Final[tuple[TradeMode, ...]] = ("fixed", "elastic", "general")
