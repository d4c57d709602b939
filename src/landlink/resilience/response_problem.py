"""The siting problem of one kind of units: its sites, what they are called to, and their times by who lets whom in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Final, TypeAlias

import numpy as np

from landlink.core.arrays import Floats, Ints
from landlink.resilience.response_needs import Call, Need
from landlink.resilience.response_network import ResponseNetwork, Travel
from landlink.resilience.siting_problem import SitingProblem
from landlink.study.response_checks import countries_at
from landlink.tables.frames import Row, Tables, is_missing, records
from landlink.tables.names import names_of
from landlink.tables.schemas import TABLES

__all__ = [
    "KindProblem",
    "Pair",
    "Pairs",
    "ResponseSite",
    "every_pair",
    "pair_name",
    "pairs_of",
    "sites_of",
    "within_reach",
]

#: Two countries that let each other's units in.
Pair: TypeAlias = frozenset[str]
Pairs: TypeAlias = frozenset[Pair]
#: USD of a million.
MILLION: Final = 1e6


def pairs_of(names: Iterable[str]) -> Pairs:
    """Pairs of countries from names as ``KGZ-KAZ``."""
    return frozenset(frozenset(name.split("-")) for name in names)


def every_pair(countries: Iterable[str]) -> Pairs:
    """All pairs of countries."""
    return frozenset(frozenset(two) for two in combinations(sorted(set(countries)), 2))


def pair_name(pair: Pair) -> str:
    """Name of a pair, as ``KAZ-KGZ``."""
    return "-".join(sorted(pair))


@dataclass(frozen=True, slots=True)
class ResponseSite:
    """A site: a row of the table ``response_site`` with what its kind leaves out filled in.

    Attributes
    ----------
    id, names
        Identifier, and names by the columns of their languages.
    node, country
        Node, and country whose units they are.
    standing, most
        Units that stand there, and the most that can.
    opening_usd, unit_usd
        Costs once: of opening it, and of each unit added, USD.
    usd_per_year
        Cost of keeping a unit, USD/year.
    ready_h, speed_factor
        Time until a unit is under way, h; and its speed over the free speed of freight.
    """

    id: str
    names: Mapping[str, str]
    node: str
    country: str
    standing: int
    most: int
    opening_usd: float
    unit_usd: float
    usd_per_year: float
    ready_h: float
    speed_factor: float


def sites_of(tables: Tables, unit: Row) -> tuple[ResponseSite, ...]:
    """Sites of a kind of units, by identifier, ascending."""
    at = countries_at(tables)
    rows = [row for row in records(tables["response_site"]) if row["unit_id"] == unit["unit_id"]]
    found = [_site(row, unit, next(iter(at[row["node_id"]]), "")) for row in rows]
    return tuple(sorted(found, key=lambda site: site.id))


def _site(row: Row, unit: Row, country: str) -> ResponseSite:
    name, existing = str(row["site_id"]), row["status"] == "existing"
    units = int(row["units"])
    most = units if is_missing(row["most_units"]) else int(row["most_units"])
    ready_h, speed = (unit[name] if is_missing(row[name]) else row[name] for name in ("ready_h", "speed_factor"))
    return ResponseSite(
        name, {"name": name, **names_of(row, TABLES["response_site"])}, str(row["node_id"]),
        str(row["country"] or country),
        units if existing else 0, most, float(row["cost_musd"]) * MILLION, float(row["unit_cost_musd"]) * MILLION,
        float(row["cost_musd_per_year"]) * MILLION, float(ready_h), float(speed),
    )  # fmt: skip


@dataclass(frozen=True, eq=False)
class KindProblem:
    """Sites of one kind of units, and the places that they are called to.

    Attributes
    ----------
    unit
        Row of the table ``response_unit``.
    sites
        Its sites.
    needs
        Places.
    network
        Links on which its units travel.
    by_money
        Whether weights are USD.
    """

    unit: Row
    sites: tuple[ResponseSite, ...]
    needs: tuple[Need, ...]
    network: ResponseNetwork
    by_money: bool

    @property
    def id(self) -> str:
        """Identifier of the kind."""
        return str(self.unit["unit_id"])

    @cached_property
    def countries(self) -> tuple[str, ...]:
        """Countries with a site or a place, in order."""
        places = frozenset().union(*(self.network.countries_of(need.place) for need in self.needs))
        return tuple(sorted(places | {site.country for site in self.sites}))

    @cached_property
    def standing(self) -> Ints:
        """Units that stand at each site; shape (sites,)."""
        return np.array([site.standing for site in self.sites], dtype=np.int64)

    def travel(self, site: ResponseSite, pairs: Pairs) -> Travel:
        """How units of a site travel where pairs of countries let each other's units in."""
        others = {country for pair in pairs if site.country in pair for country in pair}
        return Travel(site.country, frozenset({site.country, *others}), site.speed_factor, float(self.unit["border_h"]))

    def hours(self, pairs: Pairs) -> Floats:
        """Time from the alarm until a unit of each site is at each place, h; shape (places, sites)."""
        places = [need.place for need in self.needs]
        columns = [
            site.ready_h + self.network.to_places(site.node, self.travel(site, pairs), places) for site in self.sites
        ]
        return np.column_stack(columns) if columns else np.empty((len(places), 0))

    def problem(self, pairs: Pairs) -> SitingProblem:
        """The siting problem where pairs of countries let each other's units in."""

        def of(name: str) -> Floats:
            return np.array([getattr(site, name) for site in self.sites], dtype=np.float64)

        return SitingProblem(
            hours=self.hours(pairs),
            weight=np.array([need.weight for need in self.needs], dtype=np.float64),
            standing=self.standing,
            most=np.array([site.most for site in self.sites], dtype=np.int64),
            opening_cost=of("opening_usd"),
            unit_cost=of("unit_usd"),
            yearly_cost=of("usd_per_year"),
            outside_h=np.array([need.most_h for need in self.needs], dtype=np.float64),
        )

    def hours_by_node(self, units: Ints, pairs: Pairs) -> dict[str, float]:
        """Hours of the nearest unit to each node of the network; ``inf`` where none comes."""
        there = [site for site, count in zip(self.sites, units.tolist(), strict=True) if count]
        ready = np.array([site.ready_h for site in there], dtype=np.float64)
        return self.network.nearest_by_node(
            [one.node for one in there], [self.travel(one, pairs) for one in there], ready
        )


def within_reach(
    unit: Row, sites: tuple[ResponseSite, ...], network: ResponseNetwork, calls: tuple[Call, ...]
) -> tuple[list[Call], list[Call]]:
    """Calls that some site answers before others help, if all countries share; and the others.

    Parameters
    ----------
    unit
        Row of the table ``response_unit``.
    sites
        Sites of the kind.
    network
        Links on which its units travel.
    calls
        Places to which they may be called.
    """
    everywhere = network.all_countries | {site.country for site in sites}
    places = [one.place for one in calls]
    hours = [
        site.ready_h
        + network.to_places(site.node, Travel(site.country, everywhere, site.speed_factor, unit["border_h"]), places)
        for site in sites
    ]
    nearest = np.min(hours, axis=0, initial=np.inf).tolist()
    reached = [one for one, time in zip(calls, nearest, strict=True) if time < one.most_h]
    return reached, [one for one, time in zip(calls, nearest, strict=True) if time >= one.most_h]
