"""What a solve reads of a study's tables, and when: columns that it never reads, and cells that something replaces.

Every cell that a solve does not read has a *reason*, one of :data:`REASONS`. The rules below are data and small masks
of rows; :mod:`landlink.study.idle_effects` uses them to say which measures cannot act.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from landlink.core.arrays import Bools
from landlink.study import effects
from landlink.study.settings import Settings
from landlink.tables.carbon_schemas import DRIVE
from landlink.tables.column import Table
from landlink.tables.frames import Tables, flags, numbers, texts
from landlink.tables.lists import split_list

__all__ = ["BY_ITSELF", "READ", "REASONS", "Unread", "staged_crossings", "unread_cells"]

_CURVE: Final = ("curve", "curve_a", "curve_b")
_SERVICE: Final = ("status", "open_from", "open_to")
#: Columns of crossings that describe their simulated stages.
_OF_STAGES: Final = (
    "time_zone", "hours", "days", "holidays", "season", "parking_places", "quota_ab_per_day", "quota_ba_per_day",
    "slots_per_h", "punctuality_h",
)  # fmt: skip
#: Columns of crossings that simulated stages replace in both directions, and in one direction if it has arrivals.
_REPLACED: Final = ("p95_extra_h", "capacity_vehicles_per_day", "delay_h", *_CURVE)
_REPLACED_BY_WAY: Final = {"ab": "time_ab_h", "ba": "time_ba_h"}


def _numbers_of(table: Table) -> frozenset[str]:
    return frozenset(column.name for column in table.columns if column.type == "number")


#: Columns that a solve reads, by table; all others describe, or serve other calculations.
READ: Final[Mapping[str, frozenset[str]]] = {
    table: frozenset(columns)
    for table, columns in {
        "node": ("country", "z_coord"),
        "link": (
            "from_node_id", "to_node_id", "directed", "length", "free_speed", "toll", "mode", "country", "crossing_id",
            "max_grade_pct", "cost_factor", "capacity_vehicles_per_day", "load_group", "background_vehicles_per_day",
            "hard_capacity", "corridor", "electrified", "climb_ab_m", "climb_ba_m", *_CURVE, *_SERVICE,
        ),
        "zone": ("node_id", "country", "access_km", "access_h"),
        "terminal": (
            "node_id", "mode_a", "mode_b", "country", "time_h", "cost_usd_per_t", "capacity_t_per_day", "hard_capacity",
            *_CURVE, *_SERVICE,
        ),
        "crossing": (
            "node_id", "country_a", "country_b", "directions", "cost_ab_usd_per_vehicle", "cost_ba_usd_per_vehicle",
            "background_vehicles_per_day", "hard_capacity", "wait", *_REPLACED_BY_WAY.values(), *_REPLACED, *_OF_STAGES,
            *_SERVICE,
        ),
        "commodity": (
            "value_usd_per_t", "value_of_time_usd_per_t_h", "reliability_ratio", "load_factor", "modes", "logit_scale",
            "route_scale",
        ),
        "vehicle": (
            "family", "payload_t", "empty_return", "cost_usd_per_vehicle_km", "standing_usd_per_h", "stop_h_per_h",
            "load_h", "load_usd_per_t", "grade_free_pct", "grade_time", "grade_cost", *_CURVE,
        ),
        "demand": ("tonnes_per_year", "alternatives"),
        "demand_domestic": ("tonnes_per_year", "included"),
        "background": ("cars_per_day", "trucks_per_car", "growth_pct_per_year", "included", *_CURVE),
        "vehicle_class": ("commodities", "empty", "priority"),
        "stage": (
            "order", "direction", "servers", "hours", "days", "holidays", "time_zone", "law", "mean_h", "cv", "share",
            "discipline", "batch", "batch_wait_h", "paired", "places", "failure_mtbf_h", "repair_h", "order_ba",
            "departures", *_SERVICE,
        ),
        "service": ("law", "mean_h", "cv", "share"),
        "arrival": (
            "vehicles_per_day", "hour_profile", "weekday_profile", "month_profile", "books", "group", "timetable",
            "count_gaps",
        ),
        "arrival_count": ("vehicles",),
        "rule": ("crossing_id", *_SERVICE),
        "constant": (
            "kind", "modes", "families", "alternatives", "commodities", "country_a", "country_b", "direction",
            "crossing_id", "corridor_id", "value", "unit", "carries_over", "carries_to", "resource",
            *_SERVICE,
        ),
        # Energy and emissions are computed with the flows, which depend on them where carbon has a price.
        "carrier": ("mj_per_unit", "ttw_kg_per_unit", "wtt_kg_per_unit"),
        "grid": ("g_per_kwh", "loss_percent", "generation_gwh_per_year"),
        "drive": _numbers_of(DRIVE) | {"kind", "carrier", "on_board"},
        "fleet": ("share", "energy_factor"),
        "handling": ("amount_per_t", "ttw_kg_per_t", "wtt_kg_per_t"),
        "renewable": (
            "country", "mw", "capacity_factor", "life_g_per_kwh", "displaced_g_per_kwh", *_SERVICE,
        ),
        "carbon_price": ("usd_per_t",),
    }.items()
}  # fmt: skip

#: Why a cell has no effect on a solve, in the words of notes; reports have them in their languages.
REASONS: Final[Mapping[str, str]] = {
    "unread": "no part of a solve reads this column",
    "same": "the value is the same without it",
    "overwritten": "{detail}, applied later, sets the same cell",
    "closed": "the row is not in service in the year",
    "planned": "it is planned, so not in service whatever its dates",
    "opened_by": "it is planned, so not in service whatever its dates; the measure {detail} opens it",
    "stages": "the crossing has stages, and their simulated wait replaces it",
    "no_stages": "the crossing is not simulated, by its column wait or for want of stages and arrivals",
    "rule": "the rule {detail}, in force then, sets the same cell",
    "no_delay": "nothing is delayed there: it has no capacity, no curve or no time to be delayed by",
    "unused": "no demand and no open link uses it",
    "one_alternative": "there is only one alternative to choose",
    "routing": "it is used with spread routes only",
    "left_out": "the row does not count: its column included is 0",
}


#: Reasons that an effect can bring about by itself, such as a curve that is set to none: they count only if they held
#: before the measures too.
BY_ITSELF: Final = frozenset(("no_delay", "unused"))


@dataclass(frozen=True, slots=True)
class Unread:
    """Cells that a solve does not read: some columns of some rows, and the reason."""

    columns: frozenset[str]
    rows: Bools
    reason: str


def staged_crossings(tables: Tables) -> set[tuple[str, str]]:
    """Crossings in service, by id and family, whose waits are simulated: they have stages and arrivals."""
    stage, arrival, crossing = tables["stage"], tables["arrival"], tables["crossing"]
    some = numbers(arrival, "vehicles_per_day") > 0
    comes = {key for key, any_come in zip(_crossing_keys(arrival), some.tolist(), strict=True) if any_come}
    simulated = (crossing["wait"] == "simulated") & crossing["in_service"].astype(bool)
    chosen = {key for key, counts in zip(_crossing_keys(crossing), simulated.tolist(), strict=True) if counts}
    return chosen & comes & set(_crossing_keys(stage))


def _crossing_keys(frame: pd.DataFrame) -> Iterator[tuple[str, str]]:
    """Crossing and family of each row."""
    return zip(texts(frame, "crossing_id"), texts(frame, "family"), strict=True)


def unread_cells(table: str, tables: Tables, settings: Settings, year: int) -> Iterator[Unread]:
    """List the cells of a table that a solve does not read, beyond the columns that are not in :data:`READ`.

    Parameters
    ----------
    table
        The table.
    tables
        All tables after measures, with closed rows, and a column ``in_service`` of crossings.
    settings
        The study's settings.
    year
        Year solved.
    """
    others = READ.get(table, frozenset()).difference(_SERVICE)
    if "open_from" in tables[table] and table not in ("rule", "measure"):
        yield Unread(others, ~effects.is_open(tables[table], year).to_numpy(dtype=bool), "closed")
    if table in _RULES:
        yield from _RULES[table](tables, settings)


def _crossing(tables: Tables, _: Settings) -> Iterator[Unread]:
    frame, staged = tables["crossing"], staged_crossings(tables)
    simulated = np.array([key in staged for key in _crossing_keys(frame)], dtype=bool)
    yield Unread(frozenset(_REPLACED), simulated, "stages")
    arrival = tables["arrival"]
    comes = arrival[numbers(arrival, "vehicles_per_day") > 0]
    for way, column in _REPLACED_BY_WAY.items():
        here = set(comes.loc[comes["direction"] == way, "crossing_id"])
        yield Unread(frozenset((column,)), simulated & frame["crossing_id"].isin(here).to_numpy(dtype=bool), "stages")
    yield Unread(frozenset(_OF_STAGES), ~simulated, "no_stages")
    delay, capacity = numbers(frame, "delay_h"), numbers(frame, "capacity_vehicles_per_day")
    mean = (numbers(frame, "time_ab_h") + numbers(frame, "time_ba_h")) / 2
    flat = (frame["curve"] == "none").to_numpy(dtype=bool) | (numbers(frame, "curve_a") == 0)
    idle = ~simulated & (np.isnan(capacity) | (np.where(np.isnan(delay), mean, delay) == 0) | flat)
    yield Unread(frozenset(("delay_h", *_CURVE)), idle, "no_delay")
    yield Unread(frozenset(("capacity_vehicles_per_day",)), idle & ~np.isnan(capacity), "no_delay")


def _at_crossings(table: str) -> Callable[[Tables, Settings], Iterator[Unread]]:
    def rule(tables: Tables, _: Settings) -> Iterator[Unread]:
        frame, staged = tables[table], staged_crossings(tables)
        yield Unread(
            READ[table], np.array([key not in staged for key in _crossing_keys(frame)], dtype=bool), "no_stages"
        )

    return rule


def _vehicle_class(tables: Tables, _: Settings) -> Iterator[Unread]:
    if not staged_crossings(tables):
        yield Unread(READ["vehicle_class"], np.ones(len(tables["vehicle_class"]), dtype=bool), "no_stages")


def _commodity(tables: Tables, settings: Settings) -> Iterator[Unread]:
    goods, demand = tables["commodity"], tables["demand"]
    sent = set(demand.loc[demand["tonnes_per_year"] > 0, "commodity_id"])
    yield Unread(READ["commodity"], ~goods["commodity_id"].isin(sent).to_numpy(dtype=bool), "unused")
    every = np.ones(len(goods), dtype=bool)
    if len(settings.alternatives) < 2:
        yield Unread(frozenset(("logit_scale",)), every, "one_alternative")
    if settings.routing != "spread":
        yield Unread(frozenset(("route_scale",)), every, "routing")
    # The values of goods are what constants ad valorem are shares of, and nothing else in a solve.
    if not (tables["constant"]["unit"] == "ad_valorem").any():
        yield Unread(frozenset(("value_usd_per_t",)), every, "unread")


def _vehicle(tables: Tables, settings: Settings) -> Iterator[Unread]:
    link, frame = tables["link"], tables["vehicle"]
    offered = {mode for alternative in settings.alternatives for mode in alternative.modes} or set(frame["mode"])
    runs = set(link.loc[link["in_service"].astype(bool), "mode"]) & offered
    yield Unread(READ["vehicle"], ~frame["mode"].isin(runs).to_numpy(dtype=bool), "unused")


def _link(tables: Tables, settings: Settings) -> Iterator[Unread]:
    frame = tables["link"]
    offered = {mode for alternative in settings.alternatives for mode in alternative.modes}
    if offered:
        idle = ~frame["mode"].isin(offered).to_numpy(dtype=bool)
        yield Unread(READ["link"] - {"mode"}, idle, "unused")
    corridors = set(texts(tables["constant"], "corridor_id")) - {""}
    outside = [corridors.isdisjoint(split_list(text)) for text in texts(frame, "corridor")] if corridors else True
    yield Unread(frozenset(("corridor",)), np.full(len(frame), outside, dtype=bool), "unread")
    curves = dict(zip(tables["vehicle"]["mode"], tables["vehicle"]["curve"], strict=True))
    own = texts(frame, "curve")
    curve = [text or curves.get(mode, "") for text, mode in zip(own, texts(frame, "mode"), strict=True)]
    free = np.isnan(numbers(frame, "hard_capacity"))
    without = np.isnan(numbers(frame, "capacity_vehicles_per_day"))
    yield Unread(frozenset(_CURVE), without, "no_delay")
    yield Unread(frozenset(("background_vehicles_per_day",)), without & free, "no_delay")
    flat = np.array([name == "none" for name in curve], dtype=bool)
    yield Unread(frozenset(("capacity_vehicles_per_day", "curve_a", "curve_b")), flat, "no_delay")


def _by_included(table: str) -> Callable[[Tables, Settings], Iterator[Unread]]:
    def rule(tables: Tables, _: Settings) -> Iterator[Unread]:
        yield Unread(READ[table] - {"included"}, ~flags(tables[table], "included"), "left_out")

    return rule


_RULES: Final[Mapping[str, Callable[[Tables, Settings], Iterator[Unread]]]] = {
    "crossing": _crossing, "vehicle_class": _vehicle_class, "commodity": _commodity, "vehicle": _vehicle, "link": _link,
    **{table: _at_crossings(table) for table in ("stage", "service", "arrival", "arrival_count")},
    **{table: _by_included(table) for table in ("demand_domestic", "background")},
}  # fmt: skip
