"""Tables of traffic that stays within a country: domestic freight, the totals it is made from, and cars on roads.

What international freight shares roads and railways with. Each table is optional; settings and measures decide whether
its rows count (see the documentation of demand).
"""

from __future__ import annotations

from typing import Final

from landlink.tables.column import Column, Table
from landlink.tables.shared_columns import EARLIEST_YEAR, LATEST_YEAR, MOST_VEHICLES, PROVENANCE

__all__ = ["BACKGROUND", "DEMAND_DOMESTIC", "DEMAND_SHIPPED_BY", "DOMESTIC", "DOMESTIC_TABLES", "DOMESTIC_TOTAL", "ZONE_SHARE"]  # fmt: skip

#: Kind of the rows of domestic demand.
DOMESTIC: Final = "domestic"
_MOST_TONNES: Final = 100_000_000_000
_MOST_KM: Final = 40_000.0

_ALTERNATIVES: Final = "Alternatives that this freight may be shipped by, as in `study.toml`; empty: every one that can carry the commodity."
_INCLUDED: Final = Column("included", "boolean", "Whether the row counts: 1 or 0. Settings can leave all rows out, and measures set it.", default=True)

#: Optional columns of the table ``demand``.
DEMAND_SHIPPED_BY: Final = (Column("alternatives", "list", _ALTERNATIVES),)

DEMAND_DOMESTIC: Final = Table(
    "demand_domestic",
    "Freight between zones of one country in the base year, added to the demand; `landlink domestic` makes it from national totals.",
    (
        Column("origin_zone_id", "text", "Origin zone.", required=True, key=True, references="zone.zone_id"),
        Column("destination_zone_id", "text", "Destination zone, in the same country.", required=True, key=True, references="zone.zone_id"),
        Column("commodity_id", "text", "Commodity shipped.", required=True, key=True, references="commodity.commodity_id"),
        Column("kind", "text", "Type of flow.", key=True, named=True, default=DOMESTIC),
        Column("alternatives", "list", _ALTERNATIVES, key=True, default=""),
        Column("tonnes_per_year", "number", "Quantity in the base year.", unit="t/year", required=True, minimum=0, maximum=_MOST_TONNES),
        _INCLUDED,
        *PROVENANCE,
    ),
)

DOMESTIC_TOTAL: Final = Table(
    "domestic_total",
    "National totals of domestic freight, by country, alternative, commodity and distance band, from which `landlink domestic` makes the table `demand_domestic`; no solve reads it.",
    (
        Column("country", "text", "Country, as an ISO 3166-1 alpha-3 code.", required=True, key=True),
        Column("alternative", "text", "Alternative that carries it, as in `study.toml`; empty: shippers choose.", key=True, default=""),
        Column("commodity_id", "text", "Commodity.", required=True, key=True, references="commodity.commodity_id"),
        Column("from_km", "number", "Shortest haul of the distance band that the row counts.", unit="km", key=True, minimum=0, maximum=_MOST_KM, default=0.0),
        Column("to_km", "number", "Longest haul of the band; empty: no limit.", unit="km", above=0, maximum=_MOST_KM),
        Column("tonnes_per_year", "number", "Tonnes of the band.", unit="t/year", required=True, minimum=0, maximum=_MOST_TONNES),
        Column("tkm_per_year", "number", "Tonne-kilometres of the band, to which the mean haul is fitted; empty: tonnes fall in proportion to distance.", unit="tkm/year", minimum=0, maximum=1e15),
        Column("group", "text", "Rows of one country and alternative with the same group share one decay with distance, such as the commodities of a railway whose tonne-kilometres are known together only. Empty: the row has its own."),
        Column("haul_spread", "number", "Standard deviation of the logarithm of hauls. Given where the total contains freight that stays within zones: a lognormal distribution of hauls says how much does not. Empty: all of it moves between zones.", minimum=0.05, maximum=5),
        Column("year", "integer", "Year of the total.", minimum=EARLIEST_YEAR, maximum=LATEST_YEAR),
        *PROVENANCE,
    ),
)

ZONE_SHARE: Final = Table(
    "zone_share",
    "Weights of zones in what their country produces and consumes of a commodity, where mines, mills and fields say more than population and product. A country and commodity without rows has the masses of the table `zone`.",
    (
        Column("zone_id", "text", "Zone.", required=True, key=True, references="zone.zone_id"),
        Column("commodity_id", "text", "Commodity.", required=True, key=True, references="commodity.commodity_id"),
        Column("produces", "number", "Weight in production; if no zone of the country has one, its product or population.", minimum=0, maximum=1e12),
        Column("consumes", "number", "Weight in consumption; likewise.", minimum=0, maximum=1e12),
        *PROVENANCE,
    ),
)

BACKGROUND: Final = Table(
    "background",
    "Cars on links by class of road, as background load, and the delay that traffic causes there. A link whose `background_vehicles_per_day` or `curve` is given keeps its own.",
    (
        Column("mode", "text", "Mode of the links.", required=True, key=True, references="vehicle.mode"),
        Column("facility_type", "text", "Class of road, as in the table `link`.", required=True, key=True),
        Column("country", "text", "Country, as an ISO 3166-1 alpha-3 code; empty: every country without a row of its own.", key=True, default=""),
        Column("cars_per_day", "number", "Passenger cars, buses and vans a day on a mean link of the class, both directions.", unit="vehicles/day", required=True, minimum=0, maximum=MOST_VEHICLES),
        Column("trucks_per_car", "number", "Share of the capacity that a car takes, with a truck as 1.", required=True, minimum=0, maximum=10),
        Column("growth_pct_per_year", "number", "Growth of cars after the base year.", unit="%/year", minimum=-50, maximum=50, default=0.0),
        Column("curve", "text", "Volume-delay function of these links; empty: that of the vehicle.", allowed=("bpr", "conical", "none")),
        Column("curve_a", "number", "First parameter of the curve, as in the table `link`.", minimum=0, maximum=100),
        Column("curve_b", "number", "Second parameter of the curve.", minimum=0, maximum=20),
        _INCLUDED,
        *PROVENANCE,
    ),
)

DOMESTIC_TABLES: Final = (DEMAND_DOMESTIC, DOMESTIC_TOTAL, ZONE_SHARE, BACKGROUND)
