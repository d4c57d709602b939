"""Tables of energy and emissions: what vehicles run on, how they are driven, and what their energy emits.

All are optional: what a study leaves out is taken from the package's own rows
(:mod:`landlink.study.carbon_defaults`), each with its source.
"""

from __future__ import annotations

from typing import Final

from landlink.tables.column import Column, Table
from landlink.tables.shared_columns import EARLIEST_YEAR, LATEST_YEAR, NAMES, OPEN, PROVENANCE

__all__ = [
    "CARBON_PRICE", "CARBON_TABLES", "CARRIER", "DRIVE", "DRIVE_KINDS", "ELECTRICITY", "EVERY_COUNTRY", "FLEET", "GRID",
    "HANDLING", "LINK_CLIMBS", "MOST_USD_PER_T", "RENEWABLE", "SEASON_LENGTHS",
]  # fmt: skip

#: Carrier whose emissions are those of the grid of the country and year.
ELECTRICITY: Final = "electricity"
#: Stands for every country without a row of its own.
EVERY_COUNTRY: Final = "*"
#: Limit of carbon prices, USD/t: far above any estimate of the damage of a tonne.
MOST_USD_PER_T: Final = 100_000
DRIVE_KINDS: Final = ("road", "rail", "factor")
#: Values of a season: quarters or months.
SEASON_LENGTHS: Final = (4, 12)

#: Optional columns of the table ``link``.
LINK_CLIMBS: Final = (
    Column("climb_ab_m", "number", "Sum of all climbs from from_node_id to to_node_id; empty: that of the other direction and the elevations of the ends, or an estimate from the elevations and max_grade_pct.", unit="m", minimum=0, maximum=100_000),
    Column("climb_ba_m", "number", "Sum of all climbs from to_node_id to from_node_id, likewise.", unit="m", minimum=0, maximum=100_000),
)

CARRIER: Final = Table(
    "carrier",
    "Energy carriers: their energy, and what is emitted when they are used (tank to wheel) and before (well to tank). Emissions of electricity are those of the table grid. Carriers without a row are the package's.",
    (
        Column("carrier_id", "text", f"Identifier; `{ELECTRICITY}` is the one that the grid supplies.", required=True, key=True, named=True),
        Column("name", "text", "Name in any language."),
        *NAMES,
        Column("unit", "text", "Unit in which the carrier is sold.", required=True, allowed=("l", "kg", "kWh", "m3")),
        Column("mj_per_unit", "number", "Energy of a unit: lower heating value, 3.6 for a kilowatt-hour.", unit="MJ/unit", required=True, above=0, maximum=1000),
        Column("ttw_kg_per_unit", "number", "Greenhouse gases emitted where a unit is used, as CO2e over 100 years.", unit="kg/unit", required=True, minimum=0, maximum=100),
        Column("wtt_kg_per_unit", "number", "Greenhouse gases emitted until a unit is at hand, as CO2e over 100 years; not used for electricity.", unit="kg/unit", required=True, minimum=-100, maximum=100),
        Column("price_usd_per_unit", "number", "Price of a unit; empty: unknown.", unit="USD/unit", minimum=0, maximum=10_000),
        *PROVENANCE,
    ),
)  # fmt: skip

GRID: Final = Table(
    "grid",
    "Emissions of electricity by country and year: linear between the years given, held before the first and after the last. A study with rows needs one for every country whose electricity is used, or a row `*`.",
    (
        Column("country", "text", f"Country, as an ISO 3166-1 alpha-3 code, or `{EVERY_COUNTRY}` for all without rows of their own.", required=True, key=True),
        Column("year", "integer", "Year.", required=True, key=True, minimum=EARLIEST_YEAR, maximum=LATEST_YEAR),
        Column("g_per_kwh", "number", "Greenhouse gases of a kilowatt-hour sent out by the power stations, over their life cycle, as CO2e.", unit="g/kWh", required=True, minimum=0, maximum=2000),
        Column("loss_percent", "number", "Share of what is sent out that is lost in transmission and distribution.", unit="%", default=8.0, minimum=0, maximum=60),
        Column("renewable_percent", "number", "Share of renewable sources in generation; shown, not used in calculations.", unit="%", minimum=0, maximum=100),
        Column("generation_gwh_per_year", "number", "Electricity generated; needed where projects of the table renewable change the grid.", unit="GWh/year", above=0, maximum=1e9),
        *PROVENANCE,
    ),
)  # fmt: skip

DRIVE: Final = Table(
    "drive",
    "Drives: vehicles by what they run on, with the parameters of their physics. Drives without a row are the package's.",
    (
        Column("drive_id", "text", "Identifier.", required=True, key=True, named=True),
        Column("name", "text", "Name in any language."),
        *NAMES,
        Column("kind", "text", "road: truck physics; rail: train physics; factor: energy by the tonne-kilometre.", required=True, allowed=DRIVE_KINDS),
        Column("carrier", "text", "Carrier that it runs on, of the table carrier or of the package's.", required=True),
        Column("energy_mj_per_tkm", "number", "Energy of a tonne-kilometre, empty runs included; required for and only used by the kind factor.", unit="MJ/tkm", above=0, maximum=1000),
        Column("tare_t", "number", "road: mass of the empty vehicle; rail: mass of an empty wagon.", unit="t", above=0, maximum=1000),
        Column("wagon_payload_t", "number", "rail: payload of a wagon carrying the reference good; with the payload of the table vehicle it gives the number of wagons.", unit="t", above=0, maximum=1000),
        Column("locomotive_t", "number", "rail: mass of the locomotives of a train.", unit="t", minimum=0, maximum=10_000),
        Column("locomotive_wagons", "number", "rail: number of wagons whose resistance by the wagon equals that of the locomotives.", minimum=0, maximum=1000),
        Column("rolling_coefficient", "number", "road: coefficient of rolling resistance.", above=0, maximum=0.2),
        Column("drag_area_m2", "number", "road: drag coefficient times frontal area.", unit="m2", minimum=0, maximum=100),
        Column("davis_a_n_per_t", "number", "rail: constant part of the Davis resistance by the gross tonne.", unit="N/t", minimum=0, maximum=1000),
        Column("davis_a_n_per_wagon", "number", "rail: constant part by the wagon.", unit="N/wagon", minimum=0, maximum=10_000),
        Column("davis_b_n_per_t_kmh", "number", "rail: part that grows with speed, by the gross tonne.", unit="N h/t/km", minimum=0, maximum=10),
        Column("davis_b_n_per_wagon_kmh", "number", "rail: part that grows with speed, by the wagon.", unit="N h/wagon/km", minimum=0, maximum=1000),
        Column("davis_c_n_per_wagon_kmh2", "number", "rail: part that grows with the square of speed, by the wagon, at sea level: the resistance of air.", unit="N h·h/wagon/km/km", minimum=0, maximum=100),
        Column("rated_kw", "number", "Power at the wheels at sea level; climbs that need more are driven more slowly.", unit="kW", above=0, maximum=100_000),
        Column("efficiency", "number", "Work at the wheels for one more unit of energy: slope of the Willans line times the driveline; of electric drives from the point of supply to the wheels.", above=0, maximum=1),
        Column("friction_kw", "number", "Power that the running engine takes at the wheels' side to turn itself while it drives; 0 for electric drives.", unit="kW", default=0.0, minimum=0, maximum=10_000),
        Column("auxiliary_kw", "number", "Power of auxiliaries under way, in energy of the carrier.", unit="kW", default=0.0, minimum=0, maximum=10_000),
        Column("idle_kw", "number", "Power drawn while waiting in a queue, in energy of the carrier.", unit="kW", default=0.0, minimum=0, maximum=10_000),
        Column("rest_kw", "number", "Mean power drawn during rests and in yards, in energy of the carrier.", unit="kW", default=0.0, minimum=0, maximum=10_000),
        Column("regeneration", "number", "Share of braking work at the wheels that is saved for later use, losses taken out; 0: none.", default=0.0, minimum=0, maximum=0.95),
        Column("stops_per_100_km", "number", "Stops from the running speed, or their equivalent in lesser changes of speed.", unit="1/hundred km", default=0.0, minimum=0, maximum=1000),
        Column("derated_above_m", "number", "Elevation above which the engine loses power and efficiency.", unit="m", default=0.0, minimum=0, maximum=9000),
        Column("power_loss_percent_per_km", "number", "Power lost for each kilometre above that elevation.", unit="%/km", default=0.0, minimum=0, maximum=50),
        Column("efficiency_loss_percent_per_km", "number", "Efficiency lost for each kilometre above that elevation.", unit="%/km", default=0.0, minimum=0, maximum=50),
        Column("on_board", "boolean", "1: an electric train that carries its energy, such as in batteries; others run on electrified links only.", default=False),
        *PROVENANCE,
    ),
)  # fmt: skip

FLEET: Final = Table(
    "fleet",
    "Shares of drives in the vehicle-kilometres of each mode: linear between the years given, held before the first and after the last. Electric trains run on electrified links only; elsewhere the other drives share their part, or the package's diesel train takes it. Modes without rows have the package's.",
    (
        Column("mode", "text", "Mode, or a family for all its modes without rows of their own.", required=True, key=True),
        Column("country", "text", f"Country, as an ISO 3166-1 alpha-3 code, or `{EVERY_COUNTRY}` for all without rows of their own.", required=True, key=True),
        Column("corridor_id", "text", "Corridor of the links that the row is for; rows with a corridor come before those without.", key=True, default=""),
        Column("year", "integer", "Year.", required=True, key=True, minimum=EARLIEST_YEAR, maximum=LATEST_YEAR),
        Column("drive_id", "text", "Drive, of the table drive or of the package's.", required=True, key=True),
        Column("share", "number", "Share of the vehicle-kilometres; those of a mode, country, corridor and year add to 1.", required=True, minimum=0, maximum=1),
        Column("energy_factor", "number", "Factor on the energy for the age and upkeep of the vehicles.", default=1.0, above=0, maximum=10),
        *PROVENANCE,
    ),
)  # fmt: skip

HANDLING: Final = Table(
    "handling",
    "Energy and emissions of terminals by the tonne that changes mode or gauge: several rows add. Pairs of modes without rows have the package's.",
    (
        Column("mode_a", "text", "One mode, or a family for all its modes without rows of their own; both directions are meant.", required=True, key=True),
        Column("mode_b", "text", "The other mode, or its family.", required=True, key=True),
        Column("carrier", "text", "Carrier used, of the table carrier or of the package's; empty: emissions only.", key=True, default=""),
        Column("amount_per_t", "number", "Amount of the carrier for each tonne.", unit="unit/t", minimum=0, maximum=1000),
        Column("ttw_kg_per_t", "number", "Greenhouse gases emitted directly beside those of the carrier, as CO2e.", unit="kg/t", default=0.0, minimum=0, maximum=1000),
        Column("wtt_kg_per_t", "number", "Greenhouse gases emitted upstream beside those of the carrier, as CO2e.", unit="kg/t", default=0.0, minimum=0, maximum=1000),
        *PROVENANCE,
    ),
)  # fmt: skip

RENEWABLE: Final = Table(
    "renewable",
    "Projects of renewable supply. Those in service replace marginal generation of their country's grid, whose emissions fall with it.",
    (
        Column("project_id", "text", "Identifier.", required=True, key=True, named=True),
        Column("measure_id", "text", "Measure that builds it, whose effect opens this row.", references="measure.measure_id"),
        Column("name", "text", "Name in any language."),
        *NAMES,
        Column("technology", "text", "hydro, solar, wind or another source.", required=True, allowed=("hydro", "solar", "wind", "other")),
        Column("country", "text", "Country whose grid it feeds, as an ISO 3166-1 alpha-3 code.", required=True),
        Column("mw", "number", "Installed power.", unit="MW", required=True, above=0, maximum=1_000_000),
        Column("capacity_factor", "number", "Mean output over a year divided by the installed power.", required=True, above=0, maximum=1),
        Column("season", "numbers", "Output in each quarter or month, relative to the others: 4 or 12 numbers; empty: even.", minimum=0, maximum=1e9),
        Column("investment_musd", "number", "Investment.", unit="million USD", minimum=0, maximum=10_000_000),
        Column("energy_usd_per_mwh", "number", "Cost of running it and of grid services, by the energy.", unit="USD/MWh", minimum=0, maximum=10_000),
        Column("life_g_per_kwh", "number", "Greenhouse gases of its own energy over its life cycle.", unit="g/kWh", default=0.0, minimum=0, maximum=2000),
        Column("displaced_g_per_kwh", "number", "Greenhouse gases of the generation that it replaces; empty: the mean of the grid.", unit="g/kWh", minimum=0, maximum=2000),
        *OPEN,
        *PROVENANCE,
    ),
)  # fmt: skip

CARBON_PRICE: Final = Table(
    "carbon_price",
    "Price of CO2e that carriers pay and pass on, by country and year: it adds to the money of a route, and so changes "
    "routes and modes. Prices between two years are interpolated; before the first and after the last they are held. "
    "Rows replace the price of the section [carbon] of study.toml.",
    (
        Column("country", "text", f"Country where the price is paid, or `{EVERY_COUNTRY}` for every country without a row of its own.", required=True, key=True, named=True),
        Column("year", "integer", "Year of the price.", required=True, key=True, minimum=EARLIEST_YEAR, maximum=LATEST_YEAR),
        Column("usd_per_t", "number", "Price of a tonne of CO2e, well-to-wheel.", unit="USD/t", required=True, minimum=0, maximum=MOST_USD_PER_T),
        *PROVENANCE,
    ),
)  # fmt: skip

CARBON_TABLES: Final = (CARRIER, GRID, DRIVE, FLEET, HANDLING, RENEWABLE, CARBON_PRICE)
