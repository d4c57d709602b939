"""Tables of flows: links, crossings and terminals, one row for each direction."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from landlink.core.antimeridian import middle_longitude
from landlink.core.arrays import Bools, Floats, Ints
from landlink.core.sums import sum_at, weighted_rows
from landlink.equilibrium.volume_delay import DelayFunction
from landlink.freight.crossing_service import background_vehicles, crossing_service
from landlink.freight.flow_summary import FlowSummary
from landlink.freight.hard_capacities import limit_columns
from landlink.network.supernetwork import ROWS_OF, Kind
from landlink.tables.frames import flags, numbers, texts
from landlink.tables.schemas import TABLES
from landlink.tables.shared_columns import NAMES


def _names(base: pd.DataFrame) -> dict[str, pd.Series]:
    """Names of rows in the languages of landlink."""
    return {name: base[name] for name in ("name", *(column.name for column in NAMES))}


def _further_names(base: pd.DataFrame, table: str) -> dict[str, pd.Series]:
    """Names of rows in the further languages of the study, which follow the declared columns."""
    return {str(name): base[name] for name in base if TABLES[table].further_language(str(name))}


def _selected(flow_summary: FlowSummary, kind: Kind) -> tuple[Ints, Ints, int]:
    """Arcs of a kind that stand for a row, the slot of each (row x direction), and the number of slots."""
    arcs = flow_summary.freight.network.arcs
    table, _ = ROWS_OF[kind]
    chosen = np.flatnonzero((arcs.kind == kind) & (arcs.entity >= 0))
    slot = arcs.entity[chosen] * 2 + arcs.backward[chosen]
    return chosen, slot, 2 * len(flow_summary.freight.network.tables[table])


def _tonnes(flow_summary: FlowSummary, chosen: Ints, slot: Ints, slots: int) -> Floats:
    """t/year in each slot."""
    return sum_at(slot, flow_summary.commodity_flow[:, chosen].sum(axis=0), slots)


def _domestic(flow_summary: FlowSummary, chosen: Ints, slot: Ints, slots: int) -> dict[str, Floats]:
    """t/year of freight within countries in each slot, as a column; no column if there is no such freight."""
    flow = flow_summary.domestic_flow
    return {} if flow is None else {"domestic_tonnes_per_year": sum_at(slot, flow[chosen], slots)}


def _loaded(flow_summary: FlowSummary, chosen: Ints) -> Floats:
    """Loaded vehicles of each arc on a mean day of operation."""
    freight, tables = flow_summary.freight, flow_summary.freight.network.tables
    load = weighted_rows(numbers(tables["commodity"], "load_factor"), flow_summary.commodity_flow[:, chosen])
    payload = numbers(tables["vehicle"], "payload_t")[freight.network.arcs.mode[chosen]]
    return np.asarray(load / (freight.days * freight.peak_factor) / payload)


def _vehicles(flow_summary: FlowSummary, chosen: Ints, slot: Ints, slots: int) -> Floats:
    """Vehicles in each slot on a mean day of operation, loaded and returning empty.

    Empties return the way their load came, in the slot of the other direction. Where nothing can go back, such as on a
    one-way link, they are counted with the loaded vehicles, as in its load group, so that none is lost.
    """
    network = flow_summary.freight.network
    full = _loaded(flow_summary, chosen)
    empty = full * numbers(network.tables["vehicle"], "empty_return")[network.arcs.mode[chosen]]
    other = slot + 1 - 2 * (slot % 2)
    back = np.where(_present(slot, slots)[other], other, slot)
    return sum_at(slot, full, slots) + sum_at(back, empty, slots)


def _present(slot: Ints, slots: int) -> Bools:
    """Whether any arc stands for a slot."""
    present = np.zeros(slots, dtype=np.bool_)
    present[slot] = True
    return present


def _determined(flow_summary: FlowSummary, chosen: Ints, slot: Ints, slots: int) -> dict[str, Bools]:
    """Whether the flow in each slot, and that of both directions, is the same in every equilibrium."""
    of_direction, of_both = flow_summary.undetermined
    columns = {"determined": of_direction, "both_determined": of_both}
    found = {name: np.ones(slots, dtype=np.bool_) for name in columns}
    for name, arcs in columns.items():
        found[name][slot[arcs[chosen]]] = False
    both = found["both_determined"].reshape(-1, 2).all(axis=1)
    return found | {"both_determined": np.repeat(both, 2)}


def _hours(chosen: Ints, slot: Ints, slots: int, hours: Floats) -> Floats:
    """Hours in each slot, from any of its arcs, which differ only by stage; NaN if it has no arc."""
    out = np.full(slots, np.nan)
    out[slot] = hours[chosen]
    return out


def _directions(rows: int) -> tuple[Ints, list[str], Ints]:
    slots = np.arange(2 * rows)
    return slots // 2, ["ab", "ba"] * rows, slots


def _shared_load(flow_summary: FlowSummary, chosen: Ints, slot: Ints, slots: int) -> Floats:
    """Load of each slot's group, background included; NaN where no delay function applies."""
    group = flow_summary.freight.network.arcs.group[chosen]
    groups = flow_summary.freight.network.groups
    load = np.append(flow_summary.group_load + groups.background, np.nan)
    out = np.full(slots, np.nan)
    out[slot] = load[group]
    return out


def link_table(flow_summary: FlowSummary) -> pd.DataFrame:
    """Flows, vehicles and hours of each open link, by direction."""
    network = flow_summary.freight.network
    link, vehicle, geometry = network.tables["link"], network.tables["vehicle"], network.tables["geometry"]
    chosen, slot, slots = _selected(flow_summary, Kind.RUN)
    row, direction, _ = _directions(len(link))
    hours = flow_summary.arc_hours["run_h"] + flow_summary.arc_hours["stop_h"]
    family = dict(zip(vehicle["mode"], vehicle["family"], strict=True))
    shape = dict(zip(geometry["geometry_id"], geometry["geometry"], strict=True))
    base = link.iloc[row].reset_index(drop=True)
    backward = np.array(direction) == "ba"
    table = pd.DataFrame(
        {
            "link_id": base["link_id"],
            "direction": direction,
            "from_node_id": np.where(backward, base["to_node_id"], base["from_node_id"]),
            "to_node_id": np.where(backward, base["from_node_id"], base["to_node_id"]),
            "mode": base["mode"],
            "family": base["mode"].map(family),
            **_names(base),
            "country": base["country"],
            "length_km": numbers(base, "length"),
            "tonnes_per_year": _tonnes(flow_summary, chosen, slot, slots),
            **_domestic(flow_summary, chosen, slot, slots),
            **_determined(flow_summary, chosen, slot, slots),
            "vehicles_per_day": _vehicles(flow_summary, chosen, slot, slots),
            "free_time_h": _hours(chosen, slot, slots, network.arcs.run_h + network.arcs.stop_h),
            "time_h": _hours(chosen, slot, slots, hours),
            "load_group": base["load_group"].where(base["load_group"] != "", base["link_id"]),
            "group_vehicles_per_day": _shared_load(flow_summary, chosen, slot, slots),
            "capacity_vehicles_per_day": numbers(base, "capacity_vehicles_per_day"),
            "quality": base["quality"],
            "geometry": [shape.get(name, "") for name in base["geometry_id"]],
            **_further_names(base, "link"),
        }
    )
    exists: Bools = ~(flags(base, "directed") & backward)
    return table[exists].reset_index(drop=True)


def design_vehicles(flow_summary: FlowSummary) -> Floats:
    """Vehicles on the design day at every row of the crossings by direction, shape (rows, 2)."""
    chosen, slot, slots = _selected(flow_summary, Kind.CROSSING)
    vehicles = _vehicles(flow_summary, chosen, slot, slots).reshape(-1, 2)
    background = background_vehicles(flow_summary, _present(slot, slots).reshape(-1, 2))
    return np.asarray(vehicles * flow_summary.freight.peak_factor + background)


def mean_vehicles(flow_summary: FlowSummary) -> tuple[Floats, Floats]:
    """Loaded and empty vehicles on a mean day at every row of the crossings by direction, shape (rows, 2) each."""
    chosen, slot, slots = _selected(flow_summary, Kind.CROSSING)
    loaded = sum_at(slot, _loaded(flow_summary, chosen), slots)
    empty = _vehicles(flow_summary, chosen, slot, slots) - loaded
    return loaded.reshape(-1, 2), np.maximum(empty, 0.0).reshape(-1, 2)


def crossing_table(flow_summary: FlowSummary) -> pd.DataFrame:
    """Flows, vehicles, hours and charges at each crossing in service, by direction and family."""
    network = flow_summary.freight.network
    crossing, node = network.tables["crossing"], network.tables["node"]
    chosen, slot, slots = _selected(flow_summary, Kind.CROSSING)
    row, direction, _ = _directions(len(crossing))
    base = crossing.iloc[row].reset_index(drop=True)
    back = np.array(direction) == "ba"
    place = node.set_index("node_id")[["x_coord", "y_coord"]].reindex(base["node_id"])
    middle = _middles(network.tables)
    vehicles = _vehicles(flow_summary, chosen, slot, slots)
    background = background_vehicles(flow_summary, _present(slot, slots).reshape(-1, 2)).ravel()
    design = vehicles * flow_summary.freight.peak_factor + background
    free_h, time_h, p95_extra_h = (
        _hours(chosen, slot, slots, hours)
        for hours in (network.arcs.crossing_h, flow_summary.arc_hours["crossing_h"], network.arcs.risk_h)
    )
    by_direction = (one.reshape(-1, 2) for one in (design, free_h, time_h, p95_extra_h))
    service = crossing_service(flow_summary, *by_direction)
    on_link = [middle.get(name, (np.nan, np.nan)) for name in base["crossing_id"]]
    table = pd.DataFrame(
        {
            "crossing_id": base["crossing_id"],
            "family": base["family"],
            "direction": direction,
            "from_country": np.where(back, base["country_b"], base["country_a"]),
            "to_country": np.where(back, base["country_a"], base["country_b"]),
            **_names(base),
            "node_id": base["node_id"],
            "x_coord": np.where(base["node_id"] == "", [x for x, _ in on_link], numbers(place, "x_coord")),
            "y_coord": np.where(base["node_id"] == "", [y for _, y in on_link], numbers(place, "y_coord")),
            "tonnes_per_year": _tonnes(flow_summary, chosen, slot, slots),
            **_domestic(flow_summary, chosen, slot, slots),
            **_determined(flow_summary, chosen, slot, slots),
            "vehicles_per_day": vehicles,
            "loaded_vehicles_per_day": sum_at(slot, _loaded(flow_summary, chosen), slots),
            "background_vehicles_per_day": background,
            "design_vehicles_per_day": design,
            "free_time_h": free_h,
            "time_h": time_h,
            "p95_h": service.p95_h.ravel(),
            "queue_vehicles": service.queue_vehicles.ravel(),
            "p95_extra_h": p95_extra_h,
            "cost_usd_per_vehicle": np.where(
                back, numbers(base, "cost_ba_usd_per_vehicle"), numbers(base, "cost_ab_usd_per_vehicle")
            ),
            "capacity_vehicles_per_day": service.capacity_per_day.ravel(),
            "capacity_used": service.capacity_used.ravel(),
            "quality": base["quality"],
            **_further_names(base, "crossing"),
        }
    )  # fmt: skip
    return table[table["time_h"].notna()].reset_index(drop=True)


def _middles(tables: Mapping[str, pd.DataFrame]) -> dict[str, tuple[float, float]]:
    """Coordinates of crossings on links: the midpoint of the link's ends."""
    node = tables["node"]
    place = dict(
        zip(texts(node, "node_id"), zip(numbers(node, "x_coord"), numbers(node, "y_coord"), strict=True), strict=True)
    )
    named = tables["link"][tables["link"]["crossing_id"] != ""]
    return {
        name: (middle_longitude(np.array([place[a][0], place[b][0]])), (place[a][1] + place[b][1]) / 2)
        for name, a, b in zip(
            *(texts(named, end) for end in ("crossing_id", "from_node_id", "to_node_id")), strict=True
        )
    }


def terminal_table(flow_summary: FlowSummary) -> pd.DataFrame:
    """Flows and hours at each open terminal, by direction."""
    network = flow_summary.freight.network
    terminal = network.tables["terminal"]
    chosen, slot, slots = _selected(flow_summary, Kind.TERMINAL)
    row, direction, _ = _directions(len(terminal))
    base = terminal.iloc[row].reset_index(drop=True)
    back = np.array(direction) == "ba"
    place = network.tables["node"].set_index("node_id")[["x_coord", "y_coord"]].reindex(base["node_id"])
    table = pd.DataFrame(
        {
            "terminal_id": base["terminal_id"],
            **_names(base),
            "node_id": base["node_id"],
            "x_coord": numbers(place, "x_coord"),
            "y_coord": numbers(place, "y_coord"),
            "direction": direction,
            "mode_from": np.where(back, base["mode_b"], base["mode_a"]),
            "mode_to": np.where(back, base["mode_a"], base["mode_b"]),
            "tonnes_per_year": _tonnes(flow_summary, chosen, slot, slots),
            **_domestic(flow_summary, chosen, slot, slots),
            **_determined(flow_summary, chosen, slot, slots),
            "free_time_h": numbers(base, "time_h"),
            "time_h": _hours(chosen, slot, slots, flow_summary.arc_hours["terminal_h"]),
            "capacity_t_per_day": numbers(base, "capacity_t_per_day"),
            "quality": base["quality"],
            **_further_names(base, "terminal"),
        }
    )
    return table[table["time_h"].notna()].reset_index(drop=True)


def commodity_table(flow_summary: FlowSummary, kind: Kind) -> pd.DataFrame:
    """Tonnes a year of each commodity on each link or crossing, by direction; zero flows are left out."""
    tables = flow_summary.freight.network.tables
    chosen, slot, slots = _selected(flow_summary, kind)
    goods = tables["commodity"]["commodity_id"].to_numpy()
    flow = np.array([sum_at(slot, row[chosen], slots) for row in flow_summary.commodity_flow])
    good, where = np.nonzero(flow.reshape(len(goods), -1))
    frame = tables["link" if kind == Kind.RUN else "crossing"]
    keys = ["link_id"] if kind == Kind.RUN else ["crossing_id", "family"]
    return pd.DataFrame(
        {
            **{key: frame[key].to_numpy()[where // 2] for key in keys},
            "direction": np.where(where % 2, "ba", "ab"),
            "commodity_id": goods[good],
            "tonnes_per_year": flow[good, where],
        }
    )


def alternative_table(flow_summary: FlowSummary) -> pd.DataFrame:
    """Tonnes a year of each alternative on each link, by direction; zero flows are left out."""
    freight = flow_summary.freight
    chosen, slot, slots = _selected(flow_summary, Kind.RUN)
    flow = np.zeros((len(freight.alternatives), slots))
    for number, row in zip(freight.class_alternative.tolist(), flow_summary.class_flow, strict=True):
        flow[number] += sum_at(slot, row[chosen], slots)
    which, where = np.nonzero(flow)
    names = np.array([alternative.id for alternative in freight.alternatives], dtype=object)
    return pd.DataFrame(
        {
            "link_id": freight.network.tables["link"]["link_id"].to_numpy()[where // 2],
            "direction": np.where(where % 2, "ba", "ab"),
            "alternative": names[which],
            "tonnes_per_year": flow[which, where] * freight.days,
        }
    )


def crossing_trade_table(flow_summary: FlowSummary) -> pd.DataFrame:
    """Tonnes a year at each crossing by country of origin and of destination; zero flows are left out."""
    freight, network = flow_summary.freight, flow_summary.freight.network
    crossing, arcs = network.tables["crossing"], network.arcs
    names, country = np.unique(texts(network.tables["zone"], "country"), return_inverse=True)
    pair = country[freight.market_origin] * len(names) + country[freight.market_destination]
    chosen, slot, slots = _selected(flow_summary, Kind.CROSSING)
    place = np.full(len(arcs), -1, dtype=np.int64)
    place[chosen] = slot
    # Only where something passes: selecting is the costly part.
    place[chosen[_tonnes(flow_summary, chosen, slot, slots)[slot] <= 0]] = -1
    where, market, tonnes = flow_summary.select_places(place)
    pairs = len(names) ** 2
    flow = sum_at(where * pairs + pair[market], tonnes, slots * pairs).reshape(slots, pairs)
    at, of = np.nonzero(flow)
    row = at // 2
    return pd.DataFrame(
        {
            **{key: crossing[key].to_numpy()[row] for key in ("crossing_id", "family")},
            "direction": np.where(at % 2, "ba", "ab"),
            "origin_country": names[of // len(names)],
            "destination_country": names[of % len(names)],
            "tonnes_per_year": flow[at, of] * freight.days,
        }
    )


def group_table(flow_summary: FlowSummary) -> pd.DataFrame:
    """Load, capacities and delay of every load group."""
    groups = flow_summary.freight.network.groups
    # A group that only has a hard capacity has no curve whose capacity could be shown.
    capacity = np.where(groups.curve == DelayFunction.NONE, np.nan, groups.capacity)
    return pd.DataFrame(
        {
            "group": list(groups.names),
            "load": flow_summary.group_load,
            "background": groups.background,
            "capacity": capacity,
            "delay_h": flow_summary.equilibrium.delay_h,
            **limit_columns(flow_summary),
        }
    )
