"""The account of a result: energy per tonne of links and places put on the arcs of the solved network."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from landlink.carbon.accounting import MEASURES, ArcTerm, EmissionAccount
from landlink.carbon.arc_places import arc_countries, return_arcs
from landlink.carbon.link_energy import ELEMENTS as LINK_ELEMENTS
from landlink.carbon.link_energy import LinkEnergy, link_energy
from landlink.carbon.place_energy import PlaceEnergy, place_energy
from landlink.core.arrays import Floats, Ints
from landlink.freight.flow_summary import FlowSummary
from landlink.network.supernetwork import Kind, Supernetwork
from landlink.study.study import Scenario
from landlink.tables.frames import numbers

__all__ = ["account_of", "arc_terms", "emission_account"]

_KG_PER_T = 1000.0


def account_of(summary: FlowSummary, scenario: Scenario) -> EmissionAccount:
    """Account of a solved scenario; it is made once for each."""
    return summary.derived(_made, scenario)


def _made(summary: FlowSummary, scenario: Scenario) -> EmissionAccount:
    tables, year = scenario.tables, scenario.year
    return emission_account(summary, link_energy(tables, year), place_energy(tables, year))


def emission_account(summary: FlowSummary, links: LinkEnergy, places: PlaceEnergy) -> EmissionAccount:
    """Account of solved freight with given energy per tonne.

    Parameters
    ----------
    summary
        The solved freight.
    links, places
        Energy of a tonne on links, and of vehicles and freight at places, of the same tables and year.
    """
    freight = summary.freight
    terms = arc_terms(freight.network, summary.arc_hours, freight.extra_h, links, places)
    notices = tuple(dict.fromkeys([*links.notices, *places.notices]))
    return EmissionAccount(summary, links.load_of, terms, notices)


def arc_terms(
    network: Supernetwork,
    hours: Mapping[str, Floats],
    extra_h: Floats | None,
    links: LinkEnergy,
    places: PlaceEnergy,
) -> list[ArcTerm]:
    """What a tonne uses on the arcs of a network.

    Parameters
    ----------
    network
        The network.
    hours
        Hours of each arc by activity, shape (arcs,) each: at least ``stop_h`` and ``crossing_h``.
    extra_h
        Hours that a commodity takes beyond them, shape (commodities, arcs); ``None`` if none.
    links, places
        As for :func:`emission_account`.
    """
    made = _Terms(network, hours, extra_h, links, places)
    terms = [*made.links(), *made.standing(), *made.waiting(), *made.handling(), *made.access()]
    return [one for one in terms if one.used]


class _Terms:
    """Terms of arcs, from the energy of links and places."""

    def __init__(
        self,
        network: Supernetwork,
        hours: Mapping[str, Floats],
        extra_h: Floats | None,
        links: LinkEnergy,
        places: PlaceEnergy,
    ) -> None:
        self._network, self._links, self._places = network, links, places
        self._hours, self._extra_h = hours, extra_h
        vehicle = self._network.tables["vehicle"]
        self._payload, self._empty = numbers(vehicle, "payload_t"), numbers(vehicle, "empty_return")
        self._factor = links.load_factors
        self._countries, self._back = arc_countries(self._network), return_arcs(self._network)
        self._number = {country: place for place, country in enumerate(places.countries)}

    def _arcs(self, *kinds: Kind) -> Ints:
        arcs = self._network.arcs
        return np.flatnonzero(np.isin(arcs.kind, kinds) & (arcs.entity >= 0))

    def links(self) -> Iterator[ArcTerm]:
        """What vehicles under way use."""
        arc, arcs, energy = self._arcs(Kind.RUN), self._network.arcs, self._links
        link, way = arcs.entity[arc], arcs.backward[arc].astype(np.int64)
        for number, carrier in enumerate(energy.carriers):
            factors = energy.ttw_kg_per_mj[number], energy.wtt_kg_per_mj[link, number]
            for place, element in enumerate(LINK_ELEMENTS):
                mj = energy.mj_per_t[:, link, way, number, place]
                yield ArcTerm(element, carrier, arc, _measured(mj, *factors))

    def standing(self) -> Iterator[ArcTerm]:
        """What vehicles use that rest, stand in yards or are held up on links."""
        arc = self._arcs(Kind.RUN)
        yield from self._vehicles("standing", arc, "stop_h", self._places.resting_mj_per_vehicle_h)

    def waiting(self) -> Iterator[ArcTerm]:
        """What vehicles use that wait or are controlled at crossings."""
        arc = self._arcs(Kind.CROSSING)
        yield from self._vehicles("waiting", arc, "crossing_h", self._places.waiting_mj_per_vehicle_h)

    def _vehicles(self, element: str, arc: Ints, hours: str, mj_per_vehicle_h: Floats) -> Iterator[ArcTerm]:
        """What vehicles use by the hour, those included that return empty and meet the hours of the other way."""
        mode = self._network.arcs.mode[arc]
        of_arc = self._hours[hours]
        round_trip = of_arc[arc] + self._empty[mode] * of_arc[self._back][arc]
        extra_h = self._extra_h if element == "waiting" else None
        factor = numbers(self._network.tables["commodity"], "load_factor")[:, None]
        per_hour = self._by_country(arc, mode, mj_per_vehicle_h) / self._payload[mode]
        for carrier, of_carrier in zip(self._places.carriers, np.moveaxis(per_hour, 1, 0), strict=True):
            per_t = of_carrier[:, None] * (self._factor[:, None] * round_trip)
            extra = None if extra_h is None else of_carrier[:, None] * (factor * extra_h[:, arc])
            yield ArcTerm(element, carrier, arc, per_t, extra)

    def _by_country(self, arc: Ints, mode: Ints, mj: Floats) -> Floats:
        """Measures of an hour of a vehicle on arcs, the mean of each arc's countries; shape (measures, carriers, n)."""
        names, arc_of, country_of, share = self._countries
        total = np.zeros((len(MEASURES), len(self._places.carriers), len(self._network.arcs)))
        number = np.array([self._number[name] for name in names], dtype=np.int64)[country_of]
        of_mode = np.zeros(len(self._network.arcs), dtype=np.int64)
        of_mode[arc] = mode
        used = mj[of_mode[arc_of], number] * share[:, None]
        wtt = np.where(used > 0, used * self._places.wtt_kg_per_mj[number], 0.0)
        measured = used, used * self._places.ttw_kg_per_mj / _KG_PER_T, wtt / _KG_PER_T
        for row, values in zip(total, measured, strict=True):
            np.add.at(row.T, arc_of, values)
        return total[:, :, arc]

    def handling(self) -> Iterator[ArcTerm]:
        """What terminals use to move freight between modes."""
        arc, places = self._arcs(Kind.TERMINAL), self._places
        terminal = self._network.arcs.entity[arc]
        country = places.terminal_country[terminal]
        for number, carrier in enumerate(places.carriers):
            mj = self._same(places.handling_mj_per_t[terminal, number])
            wtt = places.wtt_kg_per_mj[country, number]
            yield ArcTerm("handling", carrier, arc, _measured(mj, places.ttw_kg_per_mj[number], wtt))
        beside = np.array([places.handling_ttw_kg_per_t[terminal], places.handling_wtt_kg_per_t[terminal]]) / _KG_PER_T
        yield ArcTerm("handling", "", arc, np.array([self._same(one) for one in (0.0 * beside[0], *beside)]))

    def access(self) -> Iterator[ArcTerm]:
        """What vehicles use that fetch freight in zones and bring it there."""
        arc, places = self._arcs(Kind.ENTER, Kind.LEAVE), self._places
        zone, mode = self._network.arcs.entity[arc], self._network.arcs.mode[arc]
        country = places.zone_country[zone]
        for number, carrier in enumerate(places.carriers):
            mj = places.access_mj_per_t[:, zone, mode, number]
            wtt = places.wtt_kg_per_mj[country, number]
            yield ArcTerm("access", carrier, arc, _measured(mj, places.ttw_kg_per_mj[number], wtt))

    def _same(self, per_t: Floats) -> Floats:
        """The same for tonnes of any load factor; shape (loads, n)."""
        return np.repeat(per_t[None, :], len(self._factor), axis=0)


def _measured(mj: Floats, ttw_kg_per_mj: Floats | float, wtt_kg_per_mj: Floats) -> Floats:
    """MJ, and t CO2e from tank to wheel and from well to tank; factors without meaning where nothing is used."""
    wtt = np.where(mj != 0, mj * wtt_kg_per_mj, 0.0)
    return np.array([mj, mj * ttw_kg_per_mj / _KG_PER_T, wtt / _KG_PER_T])
