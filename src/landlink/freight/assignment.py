"""Freight as an assignment: classes and markets from a study's commodities, alternatives and demand."""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from landlink.core.arrays import Bools, Floats, Ints
from landlink.core.memory import check_memory
from landlink.equilibrium.interactions import Interactions
from landlink.equilibrium.problem import Assignment, Classes, Markets
from landlink.freight.constants import ArcConstants, OptionConstants, arc_constants, option_constants
from landlink.freight.crossing_curves import NetworkWithCrossings, SimulatedCrossing
from landlink.network.build import row_ranks
from landlink.network.supernetwork import Supernetwork, rows_of
from landlink.study.constant_places import BaseService
from landlink.study.settings import Alternative, Settings
from landlink.tables.frames import integers, numbers, texts
from landlink.tables.lists import split_list


@dataclass(frozen=True)
class UnservedDemand:
    """Demand without a route that was left out, as asked: origin, destination, commodity and tonnes a year."""

    table: pd.DataFrame


@dataclass(frozen=True, eq=False)
class Freight:
    """An assignment and the study rows that its numbers stand for.

    Attributes
    ----------
    network
        The supernetwork.
    assignment
        The assignment to solve.
    class_commodity, class_alternative
        Row of the commodity table and number of the alternative of each class; shape (classes,).
    market_commodity, market_origin, market_destination
        Rows of the commodity and zone tables of each market; shape (markets,).
    market_limit, limits
        Number of the alternatives that each market is limited to, shape (markets,), and what the numbers stand for:
        ids joined by semicolons, ``""`` for every alternative. The same goods between the same zones are several
        markets if they are limited to different alternatives.
    money
        Money without the value of time and risk, USD/t; shape (commodities, arcs).
    carbon_payment
        The part of it that is paid for CO2e, likewise; ``None`` if carbon has no price.
    days
        Days over which a year's tonnes are spread: the days of operation divided by the peak factor, so that a day is
        the design day to which capacities apply.
    peak_factor
        Flow of the design day over that of a mean day of operation.
    extra_h
        Hours that a commodity takes on an arc beyond those of the arc, shape (commodities, arcs); ``None`` if none.
    interactions
        Load groups whose delay depends on the loads of others; ``None`` if there are none.
    simulated
        Crossings whose waits were simulated.
    unserved
        Demand without a route that was left out, as asked; ``None`` if none was.
    arc_constants, option_constants
        Constants on arcs and on options, included in the costs of the assignment; ``None`` if there are none.
    closure_cost
        What places that are closed or slowed for a time add to the costs of the assignment, USD/t, shape (commodities,
        arcs); ``None`` if nothing is. It moves the spread of routes, not its width.
    """

    network: Supernetwork
    assignment: Assignment
    alternatives: tuple[Alternative, ...]
    class_commodity: Ints
    class_alternative: Ints
    market_commodity: Ints
    market_origin: Ints
    market_destination: Ints
    market_limit: Ints
    limits: tuple[str, ...]
    money: Floats
    days: float
    peak_factor: float = 1.0
    extra_h: Floats | None = None
    interactions: Interactions | None = None
    simulated: tuple[SimulatedCrossing, ...] = ()
    unserved: UnservedDemand | None = None
    arc_constants: ArcConstants | None = None
    option_constants: OptionConstants | None = None
    carbon_payment: Floats | None = None
    closure_cost: Floats | None = None

    @property
    def domestic_markets(self) -> Bools:
        """Whether origin and destination of each market are in one country; shape (markets,)."""
        country = self.network.tables["zone"]["country"].to_numpy()
        return np.asarray(country[self.market_origin] == country[self.market_destination], dtype=np.bool_)


def freight_assignment(
    passages: NetworkWithCrossings,
    settings: Settings,
    base: BaseService | None = None,
    carbon_payment: Floats | None = None,
) -> Freight:
    """Build the assignment of a study's demand to its supernetwork.

    A class is a commodity on one alternative. Its cost on an arc is money, by the vehicle and by the tonne, plus its
    value of time times the hours, plus its reliability ratio times its value of time times the hours between mean and
    95th percentile at crossings, plus the constants of borders and corridors. Constants of modes and country pairs are
    added to the options.

    Parameters
    ----------
    passages
        The network with its simulated crossings.
    settings
        Settings of the study.
    base
        What was in service in the base year, so that constants know what is new; ``None``: nothing is new.
    carbon_payment
        What is paid for CO2e on each arc, USD/t, shape (commodities, arcs); ``None``: nothing. It does not depend on
        flows, so that the equilibrium remains the one convex program.
    """
    network = passages.network
    extra_h = passages.extra_h if passages.simulated else None
    commodity = network.tables["commodity"]
    parts = _classes(network, settings, commodity, extra_h, base, carbon_payment)
    classes, class_commodity, class_alternative, money, constants = parts
    demand, limits = _demand(network)
    markets, of_options, origin, destination = _markets(
        network, settings, commodity, demand, limits, class_commodity, class_alternative
    )
    arcs = network.arcs
    return Freight(
        network=network,
        assignment=Assignment(network.first_out, arcs.head, arcs.tail, arcs.group, network.groups, classes, markets),
        alternatives=settings.alternatives,
        class_commodity=class_commodity,
        class_alternative=class_alternative,
        market_commodity=integers(demand, "commodity"),
        market_origin=origin,
        market_destination=destination,
        market_limit=integers(demand, "limit"),
        limits=limits,
        money=money,
        days=settings.days,
        peak_factor=settings.peak_factor,
        extra_h=extra_h,
        interactions=passages.interactions,
        simulated=passages.simulated,
        arc_constants=constants,
        option_constants=of_options,
        carbon_payment=carbon_payment,
    )


def _classes(
    network: Supernetwork,
    settings: Settings,
    commodity: pd.DataFrame,
    extra_h: Floats | None,
    base: BaseService | None,
    carbon_payment: Floats | None,
) -> tuple[Classes, Ints, Ints, Floats, ArcConstants | None]:
    arcs, every_mode = network.arcs, set(network.modes)
    counts = len(commodity), len(settings.alternatives), len(arcs)
    check_memory(8.0 * math.prod(counts), "costs of {:,} commodities, {:,} alternatives and {:,} arcs".format(*counts))
    load_factor, value = numbers(commodity, "load_factor"), numbers(commodity, "value_of_time_usd_per_t_h")
    risk = value * numbers(commodity, "reliability_ratio")
    money = load_factor[:, None] * arcs.money_per_load + arcs.money_per_t
    if carbon_payment is not None:
        money = money + carbon_payment
    general = money + value[:, None] * arcs.free_h + risk[:, None] * arcs.risk_h
    if extra_h is not None:
        general = general + value[:, None] * extra_h
    constants = arc_constants(network, base, general)
    if constants is not None:
        general = general + constants.total

    @functools.cache
    def allowed(modes: frozenset[str], must_use: bool) -> Bools:
        return network.allowed(modes, must_use=must_use)

    of_commodity, of_alternative, fixed = [], [], []
    carried = commodity["modes"].tolist()
    for a, alternative in enumerate(settings.alternatives):
        for k in np.argsort(row_ranks(commodity, "commodity_id")).tolist():
            modes = frozenset(alternative.modes) & (set(split_list(carried[k])) or every_mode)
            if not modes or (alternative.must_use and not modes & set(alternative.must_use)):
                continue
            of_commodity.append(k)
            of_alternative.append(a)
            fixed.append(np.where(allowed(modes, bool(alternative.must_use)), general[k], np.inf))
    rows = np.array(of_commodity, dtype=np.int64)
    classes = Classes(np.array(fixed).reshape(len(rows), len(arcs)), value[rows], load_factor[rows])
    return classes, rows, np.array(of_alternative, dtype=np.int64), money, constants


def _demand(network: Supernetwork) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Sum tonnes a year by commodity, origin, destination and limit, as row numbers; zeros are left out.

    They are sorted by the identifiers, and summed in ascending order, so that the order of rows has no influence.
    """
    tables = network.tables
    by_id = {name: np.argsort(row_ranks(tables[name], f"{name}_id")) for name in ("zone", "commodity")}
    zone = {zone: i for i, zone in enumerate(sorted(texts(tables["zone"], "zone_id")))}
    good = {good: i for i, good in enumerate(sorted(texts(tables["commodity"], "commodity_id")))}
    table = tables["demand"]
    limited = [";".join(sorted(split_list(text))) for text in texts(table, "alternatives")]
    limits = tuple(sorted({"", *limited}))
    limit = {text: i for i, text in enumerate(limits)}
    shape = len(good), len(zone), len(zone), len(limits)
    parts = (("commodity_id", good), ("origin_zone_id", zone), ("destination_zone_id", zone))
    rows = [rows_of(table[name], row_of) for name, row_of in parts]
    market = np.ravel_multi_index([*rows, np.array([limit[text] for text in limited], dtype=np.int64)], shape)
    tonnes = numbers(table, "tonnes_per_year")
    order = np.lexsort((tonnes, market))
    order = order[tonnes[order] > 0]
    total = pd.Series(tonnes[order]).groupby(market[order]).sum()
    commodity, origin, destination, limit_of = np.unravel_index(total.index.to_numpy(dtype=np.int64), shape)
    demand = pd.DataFrame(
        {
            "commodity": by_id["commodity"][commodity],
            "origin": by_id["zone"][origin],
            "destination": by_id["zone"][destination],
            "limit": limit_of,
            "tonnes": total.to_numpy(),
        }
    )
    return demand, limits


def _markets(
    network: Supernetwork,
    settings: Settings,
    commodity: pd.DataFrame,
    demand: pd.DataFrame,
    limits: tuple[str, ...],
    class_commodity: Ints,
    class_alternative: Ints,
) -> tuple[Markets, OptionConstants | None, Ints, Ints]:
    """Build the markets, each with an option for every class of its commodity that it is not limited from."""
    good = integers(demand, "commodity")
    origin, destination = (integers(demand, name) for name in ("origin", "destination"))
    named = [set(split_list(text)) for text in limits]
    open_to = np.array([[not ids or one.id in ids for one in settings.alternatives] for ids in named], dtype=np.bool_)
    kinds = [
        np.flatnonzero((class_commodity == k) & open_to[limit, class_alternative])
        for k in range(len(commodity))
        for limit in range(len(limits))
    ]
    kind = good * len(limits) + integers(demand, "limit")
    sizes = np.array([len(options) for options in kinds], dtype=np.int64)
    count, begins = sizes[kind], (np.cumsum(sizes) - sizes)[kind]
    first = np.append(0, np.cumsum(count))
    # The place of each option among those of its kind of market.
    place = np.arange(first[-1]) - np.repeat(first[:-1] - begins, count)
    option_class = np.concatenate(kinds)[place]
    names = texts(commodity, "commodity_id")
    constant = np.array(
        [settings.alternatives[a].constant(names[k]) for k, a in zip(class_commodity, class_alternative, strict=True)]
    )[option_class]
    market = np.repeat(np.arange(len(good)), count)
    of_options = option_constants(
        network.tables,
        settings.alternatives,
        good[market],
        class_alternative[option_class],
        origin[market],
        destination[market],
    )
    markets = Markets(
        origin=network.origin[origin],
        destination=network.destination[destination],
        demand=numbers(demand, "tonnes") / settings.days,
        scale=numbers(commodity, "logit_scale")[good],
        first=first,
        option_class=option_class,
        option_constant=constant if of_options is None else constant + of_options.total,
    )
    return markets, of_options, origin, destination
