"""Tables of energy and emissions that every result has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import pandas as pd

from landlink.carbon import emission_sums as sums
from landlink.carbon import emission_tables as declared
from landlink.carbon.accounting import EmissionAccount
from landlink.carbon.arc_terms import account_of
from landlink.carbon.leg_emissions import leg_emissions
from landlink.freight.flow_summary import FlowSummary
from landlink.study.study import Scenario
from landlink.tables.outputs import Output

__all__ = ["OUTPUT_TABLES"]


def _of_account(make: Callable[[EmissionAccount], pd.DataFrame]) -> Callable[[FlowSummary, Scenario], pd.DataFrame]:
    return lambda summary, scenario: make(account_of(summary, scenario))


def _legs(summary: FlowSummary, scenario: Scenario) -> pd.DataFrame:
    return leg_emissions(account_of(summary, scenario), scenario.study.settings.pairs)


def _notices(account: EmissionAccount) -> pd.DataFrame:
    return pd.DataFrame({"number": range(1, len(account.notices) + 1), "notice": list(account.notices)})


_PARTS: Final = (FlowSummary, Scenario)

OUTPUT_TABLES: Final = (
    Output(declared.EMISSION_LINK, _PARTS, _of_account(sums.link_sums)),
    Output(declared.EMISSION_PLACE, _PARTS, _of_account(sums.place_sums)),
    Output(declared.EMISSION_COMMODITY, _PARTS, _of_account(sums.commodity_sums)),
    Output(declared.EMISSION_COUNTRY, _PARTS, _of_account(sums.country_sums)),
    Output(declared.EMISSION_LEG, _PARTS, _legs),
    Output(declared.EMISSION_NOTICE, _PARTS, _of_account(_notices)),
)
