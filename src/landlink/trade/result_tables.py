"""Tables that trade adds to a result, where demand responds to costs."""

from __future__ import annotations

from typing import Final

import pandas as pd

from landlink.study.study import Scenario
from landlink.tables.column import Column, Table
from landlink.tables.outputs import Output
from landlink.trade.channel_table import TRADE_FLOW, trade_flow_table
from landlink.trade.country_table import INCOME, TRADE_COUNTRY_RESULT, trade_country_table
from landlink.trade.solution import Mover, TradeSolution

__all__ = ["OUTPUT_TABLES"]

TRADE_ROUND: Final = Table(
    "trade_round",
    "Rounds in which freight and trade were solved in turn until both agreed.",
    (
        Column("round", "integer", "Number of the round, from 1.", required=True, key=True),
        Column("cost_change", "number", "Largest change of a trade cost's logarithm; at first, from the reference."),
        Column("flow_change", "number", "Tonnes by which costs ask for another demand than there is, over all tonnes."),
        Column("gap", "number", "Relative gap of the freight."),
        Column("exporter", "text", "Exporter of what differs most."),
        Column("importer", "text", "Importer of what differs most."),
        Column("commodity_id", "text", "Commodity that differs most."),
        Column("share", "number", "Its share of the difference."),
    ),
)  # fmt: skip


def trade_round_table(found: TradeSolution) -> pd.DataFrame:
    """The rounds and what moved most in each."""
    nothing = Mover("", "", "", 0.0)
    movers = [one.mover or nothing for one in found.rounds]
    rows = [
        (
            one.number,
            one.cost_change,
            one.flow_change,
            one.gap,
            most.exporter,
            most.importer,
            most.commodity,
            most.share,
        )
        for one, most in zip(found.rounds, movers, strict=True)
    ]
    return pd.DataFrame(rows, columns=[column.name for column in TRADE_ROUND.columns])


OUTPUT_TABLES: Final = (
    Output(TRADE_FLOW, (TradeSolution,), trade_flow_table),
    Output(TRADE_COUNTRY_RESULT, (TradeSolution, Scenario), trade_country_table, sometimes=frozenset({INCOME})),
    Output(TRADE_ROUND, (TradeSolution,), trade_round_table),
)
