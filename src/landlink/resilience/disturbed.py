r"""Freight on a disturbed network: what closures and slowdowns add to the costs of arcs, and take from capacities.

A closure is a wait, not a deletion. Whoever comes to a place that is closed for :math:`D` days can wait until it opens,
half of them on average, and the goods are worth no more than their value. An arc of a closed place therefore costs

.. math:: c_{ka} = \min(12 D \, v_k, \; s \, w_k) + \min(12 D, h) \, u_a

USD a tonne more, with the value of time :math:`v_k` and the value :math:`w_k` of a commodity, the share :math:`s` of it
that is lost if it never arrives, and what a vehicle that waits costs an hour, :math:`u_a`, for at most :math:`h` hours.
The equilibrium decides who waits and who goes another way; nothing is unreachable, and no demand is dropped: what flows
over closed arcs is the freight that waits, or is lost. A route that passes two closed places waits at both.

A slowdown costs no more than that. Whoever comes to a place whose capacity is lower for :math:`D` days can wait until
it is back; its delay is at most what it would be undisturbed plus the hours that cost no commodity more than a closure
for as long:

.. math:: t'(v) = \min\bigl(t(v / f), \; t(v) + \min_{k, a} c_{ka} / v_k\bigr)

with the value of time :math:`v_k`, by which delays count.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from landlink.core.arrays import Bools, Floats, Ints
from landlink.core.errors import InputError, Problem, first_suggestions
from landlink.equilibrium.lost_capacity import with_lost_capacity
from landlink.freight.assignment import Freight
from landlink.network.supernetwork import ROWS_OF, Kind, Supernetwork
from landlink.resilience.shock import Disturbance, Shock
from landlink.study.effects import matching_rows, row_keys
from landlink.study.resilience_settings import ResilienceSettings
from landlink.tables.frames import Tables, numbers

__all__ = ["DisturbedFreight", "Effect", "PlaceArcs", "disturbed", "effect_of"]

#: Kind of the arcs of each table.
_KINDS: Final = {ROWS_OF[kind][0]: kind for kind in (Kind.RUN, Kind.CROSSING, Kind.TERMINAL)}
#: Mean wait at a place that is closed for a day, h.
_MEAN_WAIT_H: Final = 12.0


@dataclass(frozen=True)
class Effect:
    """What a shock does to arcs and load groups.

    Attributes
    ----------
    cost
        What it adds to the cost of arcs, USD/t; shape (commodities, arcs).
    capacity_factor
        Factor on the capacity of each load group, shape (groups,).
    most_h
        The most that a lower capacity adds to the delay of each load group, h; shape (groups,).
    closed
        Arcs that are closed for a time; shape (arcs,).
    """

    cost: Floats
    capacity_factor: Floats
    most_h: Floats
    closed: Bools


@dataclass(frozen=True)
class DisturbedFreight:
    """Freight as a shock leaves it, and what the shock does."""

    freight: Freight
    effect: Effect


class PlaceArcs:
    """Arcs of places by their names; found once for each place.

    Parameters
    ----------
    network
        The network.
    tables
        Tables of the study, which also name places that are not in service.
    """

    def __init__(self, network: Supernetwork, tables: Tables) -> None:
        self._network, self._tables = network, tables
        self._known: dict[tuple[str, str], Ints] = {}

    def of(self, disturbance: Disturbance) -> Ints:
        """Arcs of a place, ascending; none if it is not in service.

        Raises
        ------
        InputError
            The table has no such row.
        """
        place = disturbance.table, disturbance.row
        if place not in self._known:
            self._known[place] = self._found(*place)
        return self._known[place]

    def _found(self, table: str, row: str) -> Ints:
        every, arcs = self._tables[table], self._network.arcs
        if not matching_rows(every, table, row).any():
            near = first_suggestions()(row, row_keys(every, table))
            allowed = f"a key of the table {table}" + (f"; {near}" if near else "")
            raise InputError(Problem("shock", f"unknown row of {table}", column="row", value=row, allowed=allowed))
        rows = np.flatnonzero(matching_rows(self._network.tables[table], table, row))
        return np.flatnonzero((arcs.kind == _KINDS[table]) & np.isin(arcs.entity, rows))


def effect_of(freight: Freight, shock: Shock, settings: ResilienceSettings, places: PlaceArcs) -> Effect:
    """What a shock does to freight.

    Parameters
    ----------
    freight
        The undisturbed freight.
    shock
        The shock.
    settings
        What waiting costs.
    places
        Arcs of the places of its network.

    Raises
    ------
    InputError
        The shock names unknown places; all are listed.
    """
    found: list[tuple[Disturbance, Ints]] = []
    problems: list[Problem] = []
    for one in shock.disturbances:
        try:
            found.append((one, places.of(one)))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    size = len(freight.network.arcs)
    cost = np.zeros((len(freight.network.tables["commodity"]), size))
    factor, most_h = np.ones(len(freight.network.groups)), np.zeros(len(freight.network.groups))
    value_of_time = numbers(freight.network.tables["commodity"], "value_of_time_usd_per_t_h")
    wait = np.zeros(size)
    for one, arcs in found:
        cost[:, arcs] += value_of_time[:, None] * one.extra_h + one.extra_usd_per_t
        wait[arcs] = np.maximum(wait[arcs], _MEAN_WAIT_H * one.closed_days)
        if one.capacity_factor != 1.0:
            grouped = arcs[freight.network.arcs.group[arcs] >= 0]
            group = freight.network.arcs.group[grouped]
            # Places that share a group share its capacity too: the one that is slowed most decides, and the one that
            # is slowed longest for how long.
            factor[group] = np.minimum(factor[group], one.capacity_factor)
            longest_h = np.full(len(most_h), np.inf)
            np.minimum.at(longest_h, group, _longest_wait_h(freight, grouped, one.slowed_days, settings))
            most_h[group] = np.maximum(most_h[group], longest_h[group])
    shut = np.flatnonzero(wait)
    cost[:, shut] += _waiting_cost(freight, shut, wait[shut], settings)
    return Effect(cost, factor, np.where(factor < 1, most_h, np.inf), wait > 0)


def _longest_wait_h(freight: Freight, arcs: Ints, days: float, settings: ResilienceSettings) -> Floats:
    """Hours of delay at some arcs that cost no commodity more than that they are closed for some days."""
    cost = _waiting_cost(freight, arcs, np.full(len(arcs), _MEAN_WAIT_H * days), settings)
    value_of_time = numbers(freight.network.tables["commodity"], "value_of_time_usd_per_t_h")
    return np.asarray((cost / value_of_time[:, None]).min(axis=0))


def _waiting_cost(freight: Freight, arcs: Ints, hours: Floats, settings: ResilienceSettings) -> Floats:
    """Cost of some hours of waiting at closed arcs, USD/t; shape (commodities, arcs)."""
    goods, vehicle = freight.network.tables["commodity"], freight.network.tables["vehicle"]
    lost = settings.lost_value_share * numbers(goods, "value_usd_per_t")
    value_of_time = numbers(goods, "value_of_time_usd_per_t_h")
    of_goods = np.minimum(np.multiply.outer(value_of_time, hours), lost[:, None])
    # An arc without a vehicle, as at terminals, has none that waits.
    standing = np.append(numbers(vehicle, "standing_usd_per_h") / numbers(vehicle, "payload_t"), 0.0)
    of_vehicle = np.minimum(hours, settings.vehicle_wait_h) * standing[freight.network.arcs.mode[arcs]]
    return np.asarray(of_goods + np.multiply.outer(numbers(goods, "load_factor"), of_vehicle))


def disturbed(freight: Freight, shock: Shock, settings: ResilienceSettings, places: PlaceArcs) -> DisturbedFreight:
    """Freight on a network that a shock disturbs; for the arguments see :func:`effect_of`.

    The demand is that of the undisturbed network, and routes spread as widely as there.
    """
    effect = effect_of(freight, shock, settings, places)
    assignment = freight.assignment
    classes = replace(assignment.classes, fixed=assignment.classes.fixed + effect.cost[freight.class_commodity])
    lost = effect.capacity_factor, effect.most_h
    groups, own = with_lost_capacity(assignment.groups, *lost), freight.network.groups
    # Those of the network are others only where waits at hard capacities are priced.
    network = replace(freight.network, groups=groups if own is assignment.groups else with_lost_capacity(own, *lost))
    changed = replace(assignment, classes=classes, groups=groups)
    return DisturbedFreight(replace(freight, network=network, assignment=changed, closure_cost=effect.cost), effect)
