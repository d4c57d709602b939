"""Tables of trips: costs between zones, routes leg by leg, and freight by mode and country."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from landlink.core.arrays import Floats, Ints, Ints32
from landlink.core.sums import sum_at, weighted_rows
from landlink.freight.definitions import HOURS
from landlink.freight.flow_summary import CONSTANTS, FlowSummary
from landlink.network.supernetwork import ROWS_OF, Kind
from landlink.tables.frames import numbers, texts
from landlink.tables.lists import split_list

KIND_NAMES = {
    Kind.ENTER: "access",
    Kind.RUN: "run",
    Kind.TERMINAL: "terminal",
    Kind.CROSSING: "crossing",
    Kind.LEAVE: "access",
}


#: Columns of the parts of constants.
_CONSTANT_COLUMNS: Final = {"resource": "resource_constant_usd_per_t", "resistance": "resistance_usd_per_t"}

#: Column of the part of money that is paid for CO2e.
CARBON_PAYMENT: Final = "carbon_payment_usd_per_t"
#: Columns of legs that are sums over the links of a leg.
_SUMMED: Final = ("distance_km", *HOURS, "money_usd_per_t", CARBON_PAYMENT, *_CONSTANT_COLUMNS.values())


def od_table(flow_summary: FlowSummary) -> pd.DataFrame:
    """Tonnes and flow-weighted means by origin, destination, commodity and alternative."""
    freight, option = flow_summary.freight, flow_summary.options
    tables = freight.network.tables
    zone, good = _names(tables["zone"]["zone_id"]), _names(tables["commodity"]["commodity_id"])
    market = freight.assignment.markets.option_market[option]
    order = _in_order_of_rows(flow_summary, market)
    commodity = freight.market_commodity[market]
    alternative = freight.class_alternative[freight.assignment.markets.option_class[option]]
    hours, money = flow_summary.option_hours, flow_summary.option_money
    time = np.sum(list(hours.values()), axis=0)
    goods = tables["commodity"]
    value = numbers(goods, "value_of_time_usd_per_t_h")[commodity]
    reliability = value * numbers(goods, "reliability_ratio")[commodity] * flow_summary.option_risk_h
    constants = flow_summary.option_constants
    names = _names(pd.Series([a.id for a in freight.alternatives], dtype="str"))
    table = pd.DataFrame(
        {
            "origin_zone_id": zone.take(freight.market_origin[market]),
            "destination_zone_id": zone.take(freight.market_destination[market]),
            "commodity_id": good.take(commodity),
            "alternative": names.take(alternative),
            "tonnes_per_year": flow_summary.shipped * freight.days,
            "distance_km": flow_summary.option_km,
            "time_h": time,
            **hours,
            "money_usd_per_t": money,
            **_paid(flow_summary.option_carbon_payment),
            "reliability_usd_per_t": reliability,
            **{_CONSTANT_COLUMNS[name]: constants[name] for name in CONSTANTS},
            "generalised_cost_usd_per_t": money + value * time + reliability + sum(constants.values()),
        }
    ).iloc[order].reset_index(drop=True)  # fmt: skip
    return _joined(table, ["origin_zone_id", "destination_zone_id", "commodity_id", "alternative"])


def _paid(carbon_payment: Floats | None) -> dict[str, Floats]:
    """Column of what is paid for CO2e; none if carbon has no price."""
    return {} if carbon_payment is None else {CARBON_PAYMENT: carbon_payment}


def _joined(table: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    """One row for each key: markets limited to different alternatives share some; means are weighted by tonnes."""
    if not table.duplicated(key).any():
        return table
    means = [str(name) for name in table if name not in (*key, "tonnes_per_year")]
    weighted = table.assign(**{name: table[name] * table["tonnes_per_year"] for name in means})
    sums = weighted.groupby(key, sort=False)[[name for name in table if name not in key]].sum().reset_index()
    return sums.assign(**{name: sums[name] / sums["tonnes_per_year"] for name in means})[list(table)]


def _names(column: pd.Series[str]) -> Any:
    """Names of rows as an array from which many are taken without spelling them out one by one."""
    return column.astype("str").array


def _in_order_of_rows(flow_summary: FlowSummary, market: Ints) -> Ints:
    """Order of markets by the rows of their commodity, origin and destination in the study's tables."""
    freight = flow_summary.freight
    keys = (freight.market_destination, freight.market_origin, freight.market_commodity)
    return np.lexsort(tuple(values[market] for values in keys))


def choice_table(flow_summary: FlowSummary) -> pd.DataFrame:
    """Expected cost of the choice between alternatives, by origin, destination and commodity.

    The expected minimum cost of a logit (Williams 1977; Small and Rosen 1981)::

        S = -(1 / theta) ln sum_o exp(-theta (cost_o + constant_o))

    A fall of it is the benefit of a shipper, also of those who change to an alternative that costs more and suits them
    better; a fall of the mean generalised cost is not, since it leaves preferences out.
    """
    freight = flow_summary.freight
    tables, markets = freight.network.tables, freight.assignment.markets
    cost = expected_costs(flow_summary)
    market = np.flatnonzero(np.isfinite(cost))
    zone, good = _names(tables["zone"]["zone_id"]), _names(tables["commodity"]["commodity_id"])
    table = pd.DataFrame(
        {
            "origin_zone_id": zone.take(freight.market_origin[market]),
            "destination_zone_id": zone.take(freight.market_destination[market]),
            "commodity_id": good.take(freight.market_commodity[market]),
            "tonnes_per_year": markets.demand[market] * freight.days,
            "expected_cost_usd_per_t": cost[market],
        }
    ).iloc[_in_order_of_rows(flow_summary, market)].reset_index(drop=True)  # fmt: skip
    return _joined(table, ["origin_zone_id", "destination_zone_id", "commodity_id"])


def expected_costs(flow_summary: FlowSummary) -> Floats:
    """Expected cost of the choice between alternatives of each market, USD/t: the logsum of :func:`choice_table`.

    Shape (markets,); infinite for a market without flow.
    """
    markets, option = flow_summary.freight.assignment.markets, flow_summary.options
    market, number = np.unique(markets.option_market[option], return_inverse=True)
    scale = markets.scale[market]
    cost = flow_summary.option_cost + markets.option_constant[option]
    least = np.full(len(market), np.inf)
    np.minimum.at(least, number, cost)
    beyond = sum_at(number, np.exp(-scale[number] * (cost - least[number])), len(market))
    found = np.full(len(markets.demand), np.inf)
    found[market] = least - np.log(beyond) / scale
    return found


def leg_table(flow_summary: FlowSummary, pairs: Iterable[tuple[str, str, str]]) -> pd.DataFrame:
    """The main route of each alternative between chosen zones, leg by leg.

    Consecutive links of one mode in one country form one leg. A pair given without a commodity is shown for the
    commodity with the most tonnes.
    """
    rows = [row for route in main_routes(flow_summary, pairs) for row in _legs(flow_summary, route)]
    unpaid = flow_summary.freight.carbon_payment is None
    return pd.DataFrame(rows, columns=[name for name in _LEG_COLUMNS if not (unpaid and name == CARBON_PAYMENT)])


_LEG_COLUMNS = (
    "origin_zone_id", "destination_zone_id", "commodity_id", "alternative", "tonnes_per_year", "share", "leg", "kind",
    "mode", "name", "from_name", "to_name", "country", "distance_km", *HOURS, "money_usd_per_t",
    CARBON_PAYMENT, *_CONSTANT_COLUMNS.values(), "link_ids",
)  # fmt: skip


def _options(flow_summary: FlowSummary, origin: str, destination: str, commodity: str) -> range:
    """Options of one market."""
    freight, tables = flow_summary.freight, flow_summary.freight.network.tables
    zone, good = texts(tables["zone"], "zone_id"), texts(tables["commodity"], "commodity_id")
    here = (freight.market_origin == zone.index(origin)) & (freight.market_destination == zone.index(destination))
    if commodity:
        here &= freight.market_commodity == good.index(commodity)
    found = np.flatnonzero(here)
    if len(found) == 0:
        return range(0)
    markets = freight.assignment.markets
    market = found[np.argmax(markets.demand[found])]
    return range(int(markets.first[market]), int(markets.first[market + 1]))


@dataclass(frozen=True)
class MainRoute:
    """The main route of an alternative between two zones.

    Attributes
    ----------
    key
        Columns by which the tables of legs name it, with its tonnes and the share of the alternative.
    commodity, origin, destination
        Rows of the tables ``commodity`` and ``zone``.
    legs
        Arcs of each leg.
    """

    key: dict[str, Any]
    commodity: int
    origin: int
    destination: int
    legs: list[list[int]]


def main_routes(flow_summary: FlowSummary, pairs: Iterable[tuple[str, str, str]]) -> Iterator[MainRoute]:
    """Give the main route of each alternative between chosen zones.

    A pair given without a commodity is shown for the commodity with the most tonnes.
    """
    for origin, destination, commodity in pairs:
        for option in _options(flow_summary, origin, destination, commodity):
            route = flow_summary.main_route(option)
            if route is not None:
                yield _main_route(flow_summary, option, *route)


def _main_route(flow_summary: FlowSummary, option: int, passed: Ints32, flow: float) -> MainRoute:
    freight = flow_summary.freight
    tables, markets = freight.network.tables, freight.assignment.markets
    market, category = int(markets.option_market[option]), int(markets.option_class[option])
    commodity = int(freight.class_commodity[category])
    ends = int(freight.market_origin[market]), int(freight.market_destination[market])
    zone = texts(tables["zone"], "zone_id")
    key = {
        "origin_zone_id": zone[ends[0]],
        "destination_zone_id": zone[ends[1]],
        "commodity_id": texts(tables["commodity"], "commodity_id")[commodity],
        "alternative": freight.alternatives[freight.class_alternative[category]].id,
        "tonnes_per_year": float(flow * freight.days),
        "share": float(flow_summary.equilibrium.option_flow[option] / markets.demand[market]),
    }
    return MainRoute(key, commodity, *ends, _legs_of(flow_summary, passed))


def _legs(flow_summary: FlowSummary, route: MainRoute) -> list[dict[str, Any]]:
    """The main route of an option, leg by leg."""
    legs: list[dict[str, Any]] = []
    for arcs in route.legs:
        first, *others = (_step(flow_summary, arc, route.commodity) for arc in arcs)
        for step in others:
            for name in _SUMMED:
                first[name] += step[name]
            first["to_name"] = step["to_name"]
            first["link_ids"] += ";" + step["link_ids"]
        legs.append(route.key | {"leg": len(legs)} | first)
    return legs


def _legs_of(flow_summary: FlowSummary, passed: Ints32) -> list[list[int]]:
    """Arcs of each leg of a route: consecutive links of one mode in one country form one leg."""
    freight = flow_summary.freight
    arcs, link = freight.network.arcs, flow_summary.rows["link"]
    legs: list[list[int]] = []
    last: tuple[int, str] | None = None
    for arc in passed.tolist():
        run = arcs.kind[arc] == Kind.RUN
        here = (int(arcs.mode[arc]), str(link[int(arcs.entity[arc])]["country"])) if run else None
        if run and here == last:
            legs[-1].append(arc)
        else:
            legs.append([arc])
        last = here
    return legs


def _step(flow_summary: FlowSummary, arc: int, commodity: int) -> dict[str, Any]:
    """One arc as a leg."""
    freight = flow_summary.freight
    arcs = freight.network.arcs
    kind = Kind(arcs.kind[arc])
    entity = int(arcs.entity[arc])
    table, _ = ROWS_OF[kind]
    row = flow_summary.rows[table][entity] if entity >= 0 else {}
    here = str(row.get("node_id", ""))
    ends = [str(row.get("from_node_id", here)), str(row.get("to_node_id", here))]
    names = [flow_summary.place_names.get(node, "") for node in (ends[::-1] if arcs.backward[arc] else ends)]
    hours = {name: float(values[arc]) for name, values in flow_summary.arc_hours.items()}
    if freight.extra_h is not None:
        hours["crossing_h"] += float(freight.extra_h[commodity, arc])
    return {
        "kind": KIND_NAMES[kind],
        "mode": freight.network.tables["vehicle"]["mode"].iat[int(arcs.mode[arc])],
        "name": str(row.get("name", "")),
        "from_name": names[0],
        "to_name": names[1],
        "country": str(row.get("country", "")),
        "distance_km": float(arcs.km[arc]),
        **hours,
        "money_usd_per_t": float(freight.money[commodity, arc]),
        CARBON_PAYMENT: 0.0 if freight.carbon_payment is None else float(freight.carbon_payment[commodity, arc]),
        **{_CONSTANT_COLUMNS[part]: value for part, value in flow_summary.arc_constant(commodity, arc).items()},
        "link_ids": str(row.get("link_id", "")),
    }


def mode_table(flow_summary: FlowSummary) -> pd.DataFrame:
    """Tonnes a year that use each mode on some part of the route, and their tonne-kilometres."""
    arcs = flow_summary.freight.network.arcs
    modes = flow_summary.freight.network.modes
    runs = arcs.kind == Kind.RUN
    of_mode = runs & (arcs.mode == np.arange(len(modes))[:, None])
    tonnes = np.array([_total(flow) for _, flow in flow_summary.select_links(of_mode)]) * flow_summary.freight.days
    on_links = arcs.kind == Kind.RUN
    tkm = sum_at(arcs.mode[on_links], (flow_summary.commodity_flow.sum(axis=0) * arcs.km)[on_links], len(modes))
    return pd.DataFrame({"mode": modes, "tonnes_per_year": tonnes, "tkm_per_year": tkm})


def country_table(flow_summary: FlowSummary) -> pd.DataFrame:
    """Freight in each country by family of modes, and of all families together.

    Tonnes count in a country if they use at least one link in it; transit has neither origin nor destination there.
    Hours are those of loaded vehicles; a crossing's hours are split equally between its two countries. A link in
    several countries is divided equally among them.
    """
    arcs, tables = flow_summary.freight.network.arcs, flow_summary.freight.network.tables
    vehicle = tables["vehicle"]
    families = sorted(set(vehicle["family"]))
    family_of_mode = np.array([families.index(family) for family in vehicle["family"]], dtype=np.int64)
    countries, member, share = country_memberships(flow_summary)
    flow = flow_summary.commodity_flow.sum(axis=0)
    load = weighted_rows(numbers(tables["commodity"], "load_factor"), flow_summary.commodity_flow)
    trips = load / numbers(vehicle, "payload_t")[arcs.mode]
    arc_of = np.repeat(np.arange(len(arcs)), [len(m) for m in member])
    country_of = np.array([c for m in member for c in m], dtype=np.int64)
    slot = country_of * len(families) + family_of_mode[arcs.mode[arc_of]]
    slots = len(countries) * len(families)
    part = np.array([share[i] for i in arc_of])

    def total(values: Floats, kind: Kind | None = Kind.RUN) -> Floats:
        chosen = np.ones(len(arc_of), dtype=bool) if kind is None else arcs.kind[arc_of] == kind
        return sum_at(slot[chosen], (values[arc_of] * part)[chosen], slots)

    hours = flow_summary.arc_hours
    frame = pd.DataFrame(
        {
            "country": np.repeat(countries, len(families)),
            "family": families * len(countries),
            "tkm_per_year": total(flow * arcs.km),
            "vehicle_km_per_year": total(trips * arcs.km),
            "run_vehicle_h_per_year": total(trips * hours["run_h"]),
            "stop_vehicle_h_per_year": total(trips * hours["stop_h"]),
            "crossing_vehicle_h_per_year": total(trips * hours["crossing_h"], Kind.CROSSING),
        }
    )
    touching, transit = _touching(flow_summary, countries, families, arc_of, country_of, family_of_mode)
    frame["tonnes_per_year"], frame["transit_tonnes_per_year"] = touching[:, :-1].ravel(), transit[:, :-1].ravel()
    every = pd.DataFrame(
        {
            "country": countries,
            "family": "all",
            "tonnes_per_year": touching[:, -1],
            "transit_tonnes_per_year": transit[:, -1],
        }
    )
    sums = frame.groupby("country", sort=False)[
        [c for c in frame.columns if c.endswith("_year") and "tonnes" not in c]
    ].sum()
    every = every.join(sums, on="country")
    return pd.concat([frame, every], ignore_index=True)[list(frame.columns)]


def country_memberships(flow_summary: FlowSummary) -> tuple[list[str], list[list[int]], Floats]:
    """Countries, the countries of each arc, and the share of the arc attributed to each."""
    arcs, tables = flow_summary.freight.network.arcs, flow_summary.freight.network.tables
    of_link = [split_list(text) for text in tables["link"]["country"]]
    of_crossing = list(zip(tables["crossing"]["country_a"], tables["crossing"]["country_b"], strict=True))
    countries = sorted({c for names in of_link for c in names} | {c for pair in of_crossing for c in pair})
    number = {country: i for i, country in enumerate(countries)}
    link_numbers = [[number[c] for c in names] for names in of_link]
    crossing_numbers = [[number[c] for c in pair] for pair in of_crossing]
    empty: list[int] = []
    run, crossing = int(Kind.RUN), int(Kind.CROSSING)
    member = [
        link_numbers[e] if k == run else crossing_numbers[e] if k == crossing and e >= 0 else empty
        for k, e in zip(arcs.kind.tolist(), arcs.entity.tolist(), strict=True)
    ]
    return countries, member, np.array([1 / max(1, len(m)) for m in member])


def _touching(
    flow_summary: FlowSummary,
    countries: Sequence[str],
    families: Sequence[str],
    arc_of: Ints,
    country_of: Ints,
    family_of_mode: Ints,
) -> tuple[Floats, Floats]:
    """Tonnes a year in, and in transit through, each country by family; the last column is all families together."""
    freight = flow_summary.freight
    arcs, zone = freight.network.arcs, freight.network.tables["zone"]
    runs = arcs.kind[arc_of] == Kind.RUN
    home = {country: i for i, country in enumerate(countries)}
    of_zone = np.array([home.get(country, -1) for country in zone["country"]], dtype=np.int64)
    ends = of_zone[freight.market_origin], of_zone[freight.market_destination]
    shape = len(countries), len(families) + 1
    chosen = np.zeros((*shape, len(arcs)), dtype=np.bool_)
    for column in (family_of_mode[arcs.mode[arc_of]], len(families)):
        chosen[country_of, column, arc_of] |= runs
    touching, transit = np.zeros((2, *shape))
    for place, (market, flow) in zip(
        np.ndindex(shape), flow_summary.select_links(chosen.reshape(-1, len(arcs))), strict=True
    ):
        shipped = flow * freight.days
        abroad = (ends[0][market] != place[0]) & (ends[1][market] != place[0])
        touching[place], transit[place] = _total(shipped), _total(shipped[abroad])
    return touching, transit


def _total(values: Floats) -> float:
    """Sum of values in a fixed order."""
    return float(sum_at(np.zeros(len(values), dtype=np.int64), values, 1)[0])
