"""Figures of a shock: what each day of it costs, whom, and what waits; the same list for every shock of a base."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from landlink.core.arrays import Bools, Floats
from landlink.core.sums import dot, sum_at
from landlink.freight.assignment import Freight
from landlink.resilience.base import ShockBase
from landlink.tables.frames import texts

__all__ = [
    "CROSSING_TONNES", "TOTAL", "TRACE", "Figures", "Response", "Sums", "crossing_tonnes", "figure_names",
    "figures_of", "figures_of_sums",
    "isolated_zones", "named", "sums_of",
]  # fmt: skip

#: Place of figures that are sums over all countries.
TOTAL: Final = "total"
#: Share of a zone's freight below which what moves does not count: logits leave traces everywhere.
TRACE: Final = 1e-3
#: Share of a sum below which a difference from the base is the rounding of that sum.
_ROUNDING: Final = 1e-12


@dataclass(frozen=True, eq=False)
class Response:
    """How freight answers a shock.

    Attributes
    ----------
    market_cost
        Expected cost of each market, USD/t; shape (markets,).
    class_flow
        t/day of each class on each arc, what waits included; shape (classes, arcs).
    waiting
        t/day of each market that pass a closed arc: they wait, or are lost; shape (markets,).
    isolated
        Zones that send or receive freight, none of which moves without passing a closed arc; shape (zones,).
    relative_gap
        Relative gap of the flows.
    objective
        Lower and upper bound of the change of the objective of the equilibrium's program, vehicle-load hours a day.
    """

    market_cost: Floats
    class_flow: Floats
    waiting: Floats
    isolated: Bools
    relative_gap: float
    objective: tuple[float, float] = (np.nan, np.nan)


@dataclass(frozen=True, eq=False)
class Sums:
    """What a shock changes, as sums over all freight.

    Attributes
    ----------
    added_cost
        Change of the expected cost of each market, USD/t; shape (markets,).
    waiting, isolated
        As of :class:`Response`.
    tonne_km
        Change on the land of each country, t km/day; shape (countries,).
    co2e
        Change, t/day.
    crossing_tonnes
        t/day through each crossing and family, all of it; shape (crossings,).
    relative_gap
        Relative gap of the flows.
    objective
        As of :class:`Response`.
    """

    added_cost: Floats
    waiting: Floats
    isolated: Bools
    tonne_km: Floats
    co2e: float
    crossing_tonnes: Floats
    relative_gap: float
    objective: tuple[float, float] = (np.nan, np.nan)


#: Figures by country and in total, with their units.
BY_COUNTRY: Final[Mapping[str, str]] = {
    "added_cost": "USD/day",
    "waiting_tonnes": "t/day",
    "waiting_exports": "USD/day",
    "waiting_imports": "USD/day",
    "tonne_km": "t km/day",
}
#: Figures of the whole, with their units.
WHOLE: Final[Mapping[str, str]] = {
    "added_co2e": "t/day", "isolated_zones": "zones", "relative_gap": "",
    "objective_low": "h/day", "objective_high": "h/day",
}  # fmt: skip
#: Freight through crossings, by crossing and family.
CROSSING_TONNES: Final = "crossing_tonnes"
#: Figures by crossing and family, with their units.
BY_CROSSING: Final[Mapping[str, str]] = {CROSSING_TONNES: "t/day"}


def figure_names(base: ShockBase) -> tuple[str, ...]:
    """Names of the figures, such as ``added_cost[KGZ]`` and ``crossing_tonnes[TORU/road]``, in the order of vectors."""
    crossing = base.freight.network.tables["crossing"]
    gates = [
        f"{name}/{family}"
        for name, family in zip(*(texts(crossing, one) for one in ("crossing_id", "family")), strict=True)
    ]
    return (
        *(f"{name}[{place}]" for name in BY_COUNTRY for place in (TOTAL, *base.accounts.countries)),
        *WHOLE,
        *(f"{name}[{gate}]" for name in BY_CROSSING for gate in gates),
    )  # fmt: skip


def figures_of(base: ShockBase, found: Response) -> Floats:
    """Figures of a response, in the order of :func:`figure_names`.

    ``added_cost`` is what a day of the shock costs more than a day without: by country, the origin has its share of a
    market's loss and the destination the rest. ``waiting_tonnes`` count for both countries of a market, and once in
    total; ``waiting_exports`` and ``waiting_imports`` are goods between countries at their value. ``tonne_km`` and
    ``crossing_tonnes`` are of freight that moves or waits at a closed place on its way; ``tonne_km`` is the change.
    """
    moved = found.class_flow - base.class_flow
    flow = np.zeros((len(base.accounts.co2e), moved.shape[1]))
    np.add.at(flow, base.freight.class_commodity, moved)
    sums = Sums(
        found.market_cost - base.market_cost, found.waiting, found.isolated, *sums_of(base, flow),
        crossing_tonnes(base, found.class_flow), found.relative_gap, found.objective,
    )  # fmt: skip
    return figures_of_sums(base, sums)


def sums_of(base: ShockBase, flow: Floats) -> tuple[Floats, float]:
    """Tonne-kilometres by country and CO2e of a flow of each commodity on each arc, t/day."""
    total = flow.sum(axis=0)
    km = np.array([dot(of_country, total) for of_country in base.accounts.land])
    return km, float((base.accounts.co2e * flow).sum())


def figures_of_sums(base: ShockBase, found: Sums) -> Floats:
    """Figures of what a shock changes, in the order of :func:`figure_names`; see :func:`figures_of`."""
    accounts, markets = base.accounts, base.freight.assignment.markets
    change = np.where(np.abs(found.added_cost) <= _ROUNDING * np.abs(base.market_cost), 0.0, found.added_cost)
    cost = markets.demand * change
    whole = found.co2e, float(found.isolated.sum()), found.relative_gap, *found.objective
    parts = [
        _both(accounts.origin_share * cost, (1 - accounts.origin_share) * cost, base, float(cost.sum())),
        _waiting_tonnes(base, found.waiting),
        *_waiting_trade(base, found.waiting),
        _with_total(found.tonne_km),
        np.array(whole),
        found.crossing_tonnes,
    ]
    return np.concatenate(parts)


def _with_total(by_country: Floats) -> Floats:
    return np.append(by_country.sum(), by_country)


def _both(at_origin: Floats, at_destination: Floats, base: ShockBase, total: float) -> Floats:
    """Total, and sums by country of amounts of markets at both ends."""
    accounts = base.accounts
    size = len(accounts.countries)
    return np.append(
        total, sum_at(accounts.origin, at_origin, size) + sum_at(accounts.destination, at_destination, size)
    )


def _waiting_tonnes(base: ShockBase, waiting: Floats) -> Floats:
    """Once for a country that is both ends."""
    return _both(waiting, np.where(base.accounts.abroad, waiting, 0.0), base, float(waiting.sum()))


def _waiting_trade(base: ShockBase, waiting: Floats) -> tuple[Floats, Floats]:
    accounts = base.accounts
    value = np.where(accounts.abroad, waiting * accounts.value, 0.0)
    size = len(accounts.countries)
    exports, imports = (sum_at(end, value, size) for end in (accounts.origin, accounts.destination))
    return _with_total(exports), _with_total(imports)


def crossing_tonnes(base: ShockBase, flow: Floats) -> Floats:
    """t/day through each crossing and family, at flows on arcs of shape (any, arcs); shape (crossings,)."""
    gate = base.accounts.gate
    at_gate = gate >= 0
    return sum_at(gate[at_gate], flow.sum(axis=0)[at_gate], len(base.freight.network.tables["crossing"]))


def isolated_zones(freight: Freight, waiting: Floats) -> Bools:
    """Zones that send or receive freight, all of which waits but for a trace; shape (zones,).

    Parameters
    ----------
    freight
        The freight.
    waiting
        t/day of each market that pass a closed arc, shape (markets,).
    """
    zones = len(freight.network.origin)
    held, whole = (
        sum(sum_at(end, amount, zones) for end in (freight.market_origin, freight.market_destination))
        for amount in (waiting, freight.assignment.markets.demand)
    )
    return np.asarray((whole > 0) & (held >= (1 - TRACE) * whole))


@dataclass(frozen=True, eq=False)
class Figures:
    """Vectors of figures by name.

    Attributes
    ----------
    names
        See :func:`figure_names`.
    values
        Shape (shocks, figures).
    """

    names: tuple[str, ...]
    values: Floats

    @cached_property
    def _place(self) -> dict[str, int]:
        return {name: place for place, name in enumerate(self.names)}

    def __getitem__(self, name: str) -> Floats:
        """One figure of every shock, shape (shocks,)."""
        return np.asarray(self.values[:, self._place[name]])

    def by_place(self, name: str) -> dict[str, Floats]:
        """A figure of every shock at each of its places, without the total."""
        return named(name, self.names, self.values)


def named(name: str, names: tuple[str, ...], values: Floats) -> dict[str, Floats]:
    """Columns of a figure by place, without the total."""
    begin = f"{name}["
    return {
        one[len(begin) : -1]: np.asarray(values[:, place])
        for place, one in enumerate(names)
        if one.startswith(begin) and one != f"{begin}{TOTAL}]"
    }
