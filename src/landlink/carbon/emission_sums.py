"""Tables of energy and emissions of a result, summed from its account by link, place, country and commodity."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from landlink.carbon.accounting import MEASURES, EmissionAccount
from landlink.carbon.arc_places import HUBS, arc_families
from landlink.carbon.emission_tables import EMISSION_COMMODITY, EMISSION_COUNTRY, EMISSION_LINK, EMISSION_PLACE
from landlink.core.arrays import Bools, Floats, Ints
from landlink.core.sphere import great_circle_km
from landlink.core.sums import sum_at, weighted_rows
from landlink.freight.flow_summary import FlowSummary
from landlink.network.supernetwork import ROWS_OF, Kind
from landlink.tables.column import Table
from landlink.tables.frames import flags, numbers, texts

__all__ = ["commodity_sums", "country_sums", "great_circles_of", "link_sums", "place_sums"]

#: Elements of vehicles under way on links.
UNDER_WAY: Final = ("running", "climbing", "empty")
#: Elements of hub operations: waits at crossings and what terminals do.
_HUB: Final = ("waiting", "handling")
#: What is summed at places of each kind: name, elements and the names of both directions.
_PLACES: Final = (
    ("crossing", Kind.CROSSING, ("waiting",), ("ab", "ba")),
    ("terminal", Kind.TERMINAL, ("handling",), ("ab", "ba")),
    ("stop", Kind.RUN, ("standing",), ("ab", "ba")),
    ("zone", Kind.ENTER, ("access",), ("out", "out")),
    ("zone", Kind.LEAVE, ("access",), ("in", "in")),
)
ELECTRICITY: Final = "electricity"
_G_PER_T: Final = 1e6
_KG_PER_T: Final = 1e3


def link_sums(account: EmissionAccount) -> pd.DataFrame:
    """Sum what vehicles under way use and emit on each open link, by direction."""
    network = account.flow_summary.freight.network
    arcs, link, vehicle = network.arcs, network.tables["link"], network.tables["vehicle"]
    chosen = np.flatnonzero((arcs.kind == Kind.RUN) & (arcs.entity >= 0))
    slot, slots = arcs.entity[chosen] * 2 + arcs.backward[chosen], 2 * len(link)

    def total(values: Floats) -> Floats:
        return sum_at(slot, values[chosen], slots)

    row, backward = np.arange(slots) // 2, np.arange(slots) % 2 == 1
    mode = _cells(link, "mode")[row]
    of_mode = {name: place for place, name in enumerate(texts(vehicle, "mode"))}
    number = np.array([of_mode[one] for one in texts(link, "mode")], dtype=np.int64)[row]
    tonnes, tkm, loaded = (total(v) for v in (account.tonnes, account.tonnes * arcs.km, account.vehicles * arcs.km))
    yearly = _yearly(np.array([total(values) for values in account.on_arcs(UNDER_WAY)]))
    empty = account.on_arcs(("empty",))
    electric = account.on_arcs(UNDER_WAY, ELECTRICITY)[0]
    frame = pd.DataFrame(
        {
            "link_id": _cells(link, "link_id")[row],
            "direction": np.where(backward, "ba", "ab"),
            "mode": mode,
            "family": _cells(vehicle, "family")[number],
            "corridor": _cells(link, "corridor")[row],
            "tonnes_per_year": tonnes,
            "tkm_per_year": tkm,
            "vehicle_km_per_year": loaded,
            "empty_vehicle_km_per_year": loaded * numbers(vehicle, "empty_return")[number],
            **yearly,
            "empty_co2e_t_per_year": total(empty[1] + empty[2]),
            "electricity_share": _ratio(total(electric), yearly["energy_mj_per_year"]),
            "g_per_tkm": _ratio(yearly["co2e_t_per_year"] * _G_PER_T, tkm),
        }
    )
    return _typed(frame[~(flags(link, "directed")[row] & backward)], EMISSION_LINK)


def place_sums(account: EmissionAccount) -> pd.DataFrame:
    """Sum what hubs and vehicles that stand use and emit, by place and direction; only links with stops are listed."""
    parts = [_at_places(account, *about) for about in _PLACES]
    return _typed(pd.concat(parts, ignore_index=True), EMISSION_PLACE)


def _at_places(
    account: EmissionAccount, name: str, kind: Kind, elements: tuple[str, ...], ways: tuple[str, str]
) -> pd.DataFrame:
    network = account.flow_summary.freight.network
    arcs, (table, (identifier, *_)) = network.arcs, ROWS_OF[kind]
    chosen = np.flatnonzero((arcs.kind == kind) & (arcs.entity >= 0))
    # One place by several families, such as a zone that trucks and trains serve, has a row for each.
    families, family = np.unique(np.array(arc_families(network), dtype=object)[chosen].astype(str), return_inverse=True)
    slot = (arcs.entity[chosen] * 2 + arcs.backward[chosen]) * max(1, len(families)) + family
    found, place = np.unique(slot, return_inverse=True)

    def total(values: Floats) -> Floats:
        return sum_at(place, values[chosen], len(found))

    entity, way = np.divmod(found // max(1, len(families)), 2)
    tonnes = total(account.tonnes)
    yearly = _yearly(np.array([total(values) for values in account.on_arcs(elements)]).reshape(len(MEASURES), -1))
    frame = pd.DataFrame(
        {
            "kind": name,
            "place_id": _cells(network.tables[table], identifier)[entity],
            "family": HUBS if kind == Kind.TERMINAL else families[found % max(1, len(families))],
            "direction": np.array(ways, dtype=object)[way],
            "tonnes_per_year": tonnes,
            "vehicle_h_per_year": np.nan if kind == Kind.TERMINAL else total(_vehicle_hours(account, elements)),
            **yearly,
            "kg_per_t": _ratio(yearly["co2e_t_per_year"] * _KG_PER_T, tonnes),
        }
    )
    return frame[frame["energy_mj_per_year"] != 0] if name == "stop" else frame


def _vehicle_hours(account: EmissionAccount, elements: tuple[str, ...]) -> Floats:
    """Hours a year of vehicles, loaded and returning empty, that stand, wait or fetch and bring, on each arc."""
    summary = account.flow_summary
    network = summary.freight.network
    name = {"waiting": "crossing_h", "standing": "stop_h", "access": "access_h"}[elements[0]]
    hours = summary.arc_hours[name]
    # The empties of freight one way meet the hours of the other.
    empty = numbers(network.tables["vehicle"], "empty_return")[network.arcs.mode]
    total = account.vehicles * (hours + empty * hours[account.back])
    if name == "crossing_h" and summary.freight.extra_h is not None:
        payload = numbers(network.tables["vehicle"], "payload_t")[network.arcs.mode]
        factor = numbers(network.tables["commodity"], "load_factor")
        total = total + weighted_rows(factor, summary.commodity_flow * summary.freight.extra_h) / payload
    return np.asarray(total)


def country_sums(account: EmissionAccount) -> pd.DataFrame:
    """Sum what arises in each country, by family, element and carrier."""
    names, family = np.unique(np.array(arc_families(account.flow_summary.freight.network)), return_inverse=True)
    countries = np.array(account.countries[0], dtype=object)
    parts = []
    for term in account.terms:
        sums = account.by_country(term, family, len(names))
        country, of_family = np.nonzero(sums.any(axis=0))
        about = {"country": countries[country], "family": names[of_family].astype(object)}
        measured = dict(zip(MEASURES, sums[:, country, of_family], strict=True))
        parts.append(pd.DataFrame({**about, "element": term.element, "carrier": term.carrier, **measured}))
    if not parts:
        return _typed(pd.DataFrame(), EMISSION_COUNTRY)
    keys = ["country", "family", "element", "carrier"]
    total = pd.concat(parts, ignore_index=True).groupby(keys, sort=True)[list(MEASURES)].sum().reset_index()
    yearly = _yearly(total[list(MEASURES)].to_numpy(dtype=np.float64).T)
    return _typed(total[keys].assign(**yearly), EMISSION_COUNTRY)


def commodity_sums(account: EmissionAccount) -> pd.DataFrame:
    """Sum what freight uses and emits from door to door, by countries of both ends, commodity and alternative."""
    summary = account.flow_summary
    freight, option = summary.freight, summary.options
    tables, markets = freight.network.tables, freight.assignment.markets
    names, country = np.unique(texts(tables["zone"], "country"), return_inverse=True)
    goods, ways = _cells(tables["commodity"], "commodity_id"), [one.id for one in freight.alternatives]
    shape = len(names), len(names), len(goods), len(ways)
    market = markets.option_market[option]
    start, end = freight.market_origin[market], freight.market_destination[market]
    keys = (
        country[start],
        country[end],
        freight.market_commodity[market],
        freight.class_alternative[markets.option_class[option]],
    )
    slot = np.ravel_multi_index(keys, shape)
    found, place = np.unique(slot, return_inverse=True)

    def total(values: Floats) -> Floats:
        return sum_at(place, values, len(found))

    tonnes = summary.shipped * freight.days
    tkm, gcd_tkm = total(tonnes * summary.option_km), total(tonnes * great_circles_of(summary, start, end))
    yearly = _yearly(np.array([total(values) for values in account.of_options()]))
    hubs = account.of_options(_HUB)
    a, b, good, way = np.unravel_index(found, shape)
    frame = pd.DataFrame(
        {
            "origin_country": names[a].astype(object),
            "destination_country": names[b].astype(object),
            "commodity_id": goods[good],
            "alternative": np.array(ways, dtype=object)[way],
            "tonnes_per_year": total(tonnes),
            "tkm_per_year": tkm,
            "gcd_tkm_per_year": gcd_tkm,
            **yearly,
            "hub_co2e_t_per_year": total(hubs[1] + hubs[2]),
            "g_per_tkm": _ratio(yearly["co2e_t_per_year"] * _G_PER_T, tkm),
            "g_per_gcd_tkm": _ratio(yearly["co2e_t_per_year"] * _G_PER_T, gcd_tkm),
        }
    )
    return _typed(frame, EMISSION_COMMODITY)


def great_circles_of(summary: FlowSummary, start: Ints, end: Ints) -> Floats:
    """Great-circle distance between the nodes of zones, km."""
    tables = summary.freight.network.tables
    place = tables["node"].set_index("node_id")[["x_coord", "y_coord"]].loc[tables["zone"]["node_id"]]
    x, y = numbers(place, "x_coord"), numbers(place, "y_coord")
    return great_circle_km(x[start], y[start], x[end], y[end])


def _yearly(sums: Floats) -> dict[str, Floats]:
    """Measures, shape (measures, rows), as columns, with their sum from well to wheel."""
    return {**dict(zip(MEASURES, sums, strict=True)), "co2e_t_per_year": sums[1] + sums[2]}


def _ratio(part: Floats, whole: Floats) -> Floats:
    positive: Bools = whole > 0
    return np.divide(part, whole, out=np.full(len(whole), np.nan), where=positive)


def _cells(frame: pd.DataFrame, column: str) -> NDArray[Any]:
    return np.array(texts(frame, column), dtype=object)


def _typed(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Columns in the order of the schema, texts as the texts of other tables."""
    columns: Mapping[str, Any] = {c.name: "str" for c in table.columns if c.type not in ("number", "integer")}
    if frame.empty:
        return pd.DataFrame(columns=[column.name for column in table.columns])
    return frame[[column.name for column in table.columns]].astype(columns).reset_index(drop=True)
