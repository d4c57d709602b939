"""What freight pays for CO2e by country and family of modes: a table of results, and its indicators."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from landlink.carbon.arc_places import HUBS, arc_countries, arc_families
from landlink.core.sums import sum_at
from landlink.freight.flow_summary import FlowSummary
from landlink.study.carbon_price import TABLE, prices_in
from landlink.study.study import Scenario
from landlink.tables.carbon_schemas import EVERY_COUNTRY
from landlink.tables.column import Column, Table
from landlink.tables.outputs import Output
from landlink.tables.schemas import FAMILIES

__all__ = ["CARBON_PAYMENT", "PAYMENT_TABLES", "payment_sums"]

CARBON_PAYMENT: Final = Table(
    "carbon_payment",
    "What freight pays for CO2e, by the country that levies it: a transfer, and a part of money. A link in several "
    "countries is divided equally between them, as is a crossing between its two. Empty where carbon has no price.",
    (
        Column("country", "text", "Country where it is emitted.", required=True, key=True),
        Column(
            "family",
            "text",
            f"Family of modes; {HUBS}: what terminals do.",
            required=True,
            key=True,
            allowed=(*FAMILIES, HUBS),
        ),
        Column(
            "co2e_t_per_year",
            "number",
            "Emissions that are charged: those at hours without congestion.",
            unit="t/year",
            required=True,
        ),
        Column("usd_per_year", "number", "Payment.", unit="USD/year", required=True),
    ),
)


def payment_sums(summary: FlowSummary, scenario: Scenario) -> pd.DataFrame:
    """The table ``carbon_payment`` of solved freight."""
    freight = summary.freight
    columns = [column.name for column in CARBON_PAYMENT.columns]
    if freight.carbon_payment is None:
        return CARBON_PAYMENT.typed(pd.DataFrame(columns=columns))
    prices = prices_in(scenario.tables[TABLE], scenario.year)
    names, arc, country, share = arc_countries(freight.network)
    price = np.array([prices.get(name, prices.get(EVERY_COUNTRY, 0.0)) for name in names])[country]
    paid = (freight.carbon_payment * summary.commodity_flow).sum(axis=0)
    # Each arc was charged at the mean price of its countries.
    mean = sum_at(arc, price * share, len(paid))[arc]
    charged = np.where(mean > 0, share * paid[arc] / np.where(mean > 0, mean, 1.0), 0.0)
    families = arc_families(freight.network)
    known = sorted(set(families))
    number = {family: place for place, family in enumerate(known)}
    slot = country * len(known) + np.array([number[family] for family in families], dtype=np.int64)[arc]
    size = len(names) * len(known)
    tonnes, usd = sum_at(slot, charged, size), sum_at(slot, charged * price, size)
    rows = np.flatnonzero(tonnes > 0)
    return pd.DataFrame(
        {
            "country": [names[row // len(known)] for row in rows],
            "family": [known[row % len(known)] for row in rows],
            "co2e_t_per_year": tonnes[rows],
            "usd_per_year": usd[rows],
        }
    ).astype({"country": "str", "family": "str"})


PAYMENT_TABLES: Final = (Output(CARBON_PAYMENT, (FlowSummary, Scenario), payment_sums),)
