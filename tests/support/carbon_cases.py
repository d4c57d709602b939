"""Faults of the tables of energy and emissions, by name: tables added to those of the small study, and what is told."""

from __future__ import annotations

from typing import Final

from tests.support.small_study import TABLES

GRID: Final = {"grid": "country,year,g_per_kwh,loss_percent,generation_gwh_per_year\nAAA,2023,500,10,10000\n"}
FLEET: Final = "mode,country,year,drive_id,share\n"
DRIVE: Final = "drive_id,kind,carrier,tare_t,rated_kw,efficiency,rolling_coefficient,drag_area_m2,energy_mj_per_tkm\n"
CARRIER: Final = "carrier_id,unit,mj_per_unit,ttw_kg_per_unit,wtt_kg_per_unit\n"
HANDLING: Final = "mode_a,mode_b,carrier,amount_per_t\n"
RENEWABLE: Final = "project_id,technology,country,mw,capacity_factor,season\n"
TERMINAL: Final = "terminal_id,node_id,mode_a,mode_b,time_h,cost_usd_per_t\nYARD,N2,road,rail,5,3\n"


def electrified(*, line: str) -> dict[str, str]:
    """Links of the small study, with one electrified line."""
    header, *rows = TABLES["link"].strip().splitlines()
    return {"link": "\n".join([f"{header},electrified", *(f"{row},{int(row.startswith(line + ','))}" for row in rows)])}


CASES: Final = {
    "shares that do not add": (
        {"fleet": f"{FLEET}road,*,2023,truck_diesel,0.7\nroad,*,2023,truck_battery,0.2\n"},
        "fleet, row road/*//2023, column share: the shares of the drives do not add to 1 (found '0.9')",
    ),
    "negative share": (
        {"fleet": f"{FLEET}road,*,2023,truck_diesel,1.5\nroad,*,2023,truck_battery,-0.5\n"},
        "column share: out of bounds (found '-0.5')",
    ),
    "unknown drive": (
        {"fleet": f"{FLEET}road,*,2023,truck_diesle,1\n"},
        "column drive_id: unknown drive_id (found 'truck_diesle'); allowed: did you mean 'truck_diesel'",
    ),
    "unknown mode": (
        {"fleet": f"{FLEET}raod,*,2023,truck_diesel,1\n"},
        "column mode: unknown mode (found 'raod'); allowed: did you mean 'road'",
    ),
    "unknown corridor": (
        {"fleet": "mode,country,corridor_id,year,drive_id,share\nroad,*,silk,2023,truck_diesel,1\n"},
        "row road/*/silk/2023/truck_diesel, column corridor_id: unknown corridor_id (found 'silk')",
    ),
    "unknown carrier of a drive": (
        {"drive": f"{DRIVE}tram,road,steam,10,100,0.5,0.006,5,\n"},
        "row tram, column carrier: unknown carrier (found 'steam'); allowed: known: diesel, electricity",
    ),
    "unknown carrier of a terminal": (
        {"handling": f"{HANDLING}road,rail,desiel,0.1\n"},
        "row road/rail/desiel, column carrier: unknown carrier (found 'desiel'); allowed: did you mean 'diesel'",
    ),
    "terminal of unknown modes": (
        {"handling": f"{HANDLING}road,rial,diesel,0.1\n"},
        "column mode_b: unknown mode_b (found 'rial'); allowed: did you mean 'rail'",
    ),
    "drive without parameters": (
        {"drive": f"{DRIVE}lorry,road,diesel,,300,0.4,,6,\n"},
        "drive, row lorry, column tare_t: needed for a drive of the kind road, but empty; allowed: a number",
    ),
    "factor without energy": (
        {"drive": f"{DRIVE}barge,factor,diesel,,,,,,\n"},
        "drive, row barge, column energy_mj_per_tkm: needed for a drive of the kind factor, but empty",
    ),
    "efficiency of zero": (
        {"drive": f"{DRIVE}lorry,road,diesel,15,300,0,0.006,6,\n"},
        "column efficiency: out of bounds (found '0.0')",
    ),
    "negative rolling resistance": (
        {"drive": f"{DRIVE}lorry,road,diesel,15,300,0.4,-0.006,6,\n"},
        "column rolling_coefficient: out of bounds (found '-0.006')",
    ),
    "truck as a train": (
        {"fleet": f"{FLEET}rail,*,2023,truck_diesel,1\n"},
        "whose family is rail (found 'truck_diesel'); allowed: a drive of the kind factor or rail",
    ),
    "electricity in litres": (
        {"carrier": f"{CARRIER}electricity,l,3.6,0,0\n"},
        "row electricity, column unit: the grid supplies electricity by the kilowatt-hour (found 'l'); allowed: kWh",
    ),
    "kilowatt-hour of other energy": (
        {"carrier": f"{CARRIER}electricity,kWh,3600,0,0\n"},
        "column mj_per_unit: out of bounds",
    ),
    "electricity that emits": (
        {"carrier": f"{CARRIER}electricity,kWh,3.6,0.5,0\n"},
        "column ttw_kg_per_unit: electricity emits where it is made: see the table grid (found '0.5'); allowed: 0",
    ),
    "carrier without energy": (
        {"carrier": f"{CARRIER}biodiesel,l,0,0.1,1\n"},
        "column mj_per_unit: out of bounds (found '0.0')",
    ),
    "electric line without grid": (
        GRID | electrified(line="T2"),
        "grid, row BBB, column country: electricity is used here by the link T2, but the grid has no row (found 'BBB')",
    ),
    "battery trucks without grid": (
        GRID | {"fleet": f"{FLEET}road,*,2023,truck_diesel,1\nroad,*,2030,truck_battery,1\n"},
        "grid, row BBB, column country: electricity is used here by the link R2",
    ),
    "electric terminal without grid": (
        GRID | {"terminal": TERMINAL, "handling": f"{HANDLING}rail,road,electricity,0.5\n"},
        "grid, row BBB, column country: electricity is used here by the terminal YARD",
    ),
    "carrier without amount": (
        {"handling": f"{HANDLING}road,rail,diesel,\n"},
        "handling, row road/rail/diesel, column amount_per_t: a carrier without an amount",
    ),
    "amount without carrier": (
        {"handling": f"{HANDLING}road,rail,,0.1\n"},
        "handling, row road/rail/, column carrier: an amount without a carrier",
    ),
    "capacity factor above 1": (
        GRID | {"renewable": f"{RENEWABLE}dam,hydro,AAA,100,1.2,\n"},
        "line 2 (dam), column capacity_factor: out of bounds (found '1.2')",
    ),
    "season of three": (
        GRID | {"renewable": f"{RENEWABLE}dam,hydro,AAA,100,0.5,1;2;3\n"},
        "renewable, row dam, column season: 3 numbers given (found '1;2;3'); allowed: 4 numbers, one a quarter",
    ),
    "supply of no grid": (
        GRID | {"renewable": f"{RENEWABLE}dam,hydro,BBB,100,0.5,\n"},
        "row dam, column country: the project feeds a grid whose generation is not given (found 'BBB')",
    ),
    "losses of everything": (
        {"grid": "country,year,g_per_kwh,loss_percent\nAAA,2023,500,100\n"},
        "column loss_percent: out of bounds (found '100.0')",
    ),
}  # fmt: skip
