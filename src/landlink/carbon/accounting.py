"""The account of energy and emissions: what freight on each arc of the network uses and emits, summed in any way.

Energy is proportional to freight: an arc's terms give MJ per tonne, empty returns and waits included. Sums over arcs
(links, places, countries) and sums over routes (commodities, pairs of countries) are therefore of the same products,
and agree to the rounding of floats.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from landlink.carbon.arc_places import arc_countries, return_arcs
from landlink.core.arrays import Floats, Ints
from landlink.core.sums import sum_at, weighted_rows
from landlink.freight.flow_summary import FlowSummary
from landlink.tables.frames import numbers

__all__ = ["ELEMENTS", "MEASURES", "ArcTerm", "EmissionAccount", "per_tonne"]

#: What vehicles and terminals do when they use energy; in this order in tables and pictures.
ELEMENTS: Final = ("running", "climbing", "empty", "standing", "waiting", "handling", "access")
#: What is accounted for a year: energy, and emissions from tank to wheel and from well to tank.
MEASURES: Final = ("energy_mj_per_year", "ttw_t_per_year", "wtt_t_per_year")


@dataclass(frozen=True, eq=False)
class ArcTerm:
    """What one element uses of one carrier on some arcs, by tonne.

    Attributes
    ----------
    element
        One of :data:`ELEMENTS`.
    carrier
        Energy carrier; empty for emissions beside those of carriers.
    arc
        The arcs, ascending; shape (n,).
    per_t
        MJ, and t CO2e from tank to wheel and from well to tank, per tonne; shape (measures, loads, n), by the distinct
        load factors of the commodities.
    extra_per_t
        What some commodities use beside that, shape (measures, commodities, n); ``None`` if none.
    """

    element: str
    carrier: str
    arc: Ints
    per_t: Floats
    extra_per_t: Floats | None = None

    @property
    def used(self) -> bool:
        """Whether anything is used on any of the arcs."""
        return bool(self.per_t.any()) or (self.extra_per_t is not None and bool(self.extra_per_t.any()))


def per_tonne(terms: Sequence[ArcTerm], load_of: Ints, arcs: int) -> Floats:
    """Measures of a tonne of each commodity on each arc; shape (measures, commodities, arcs).

    Parameters
    ----------
    terms
        What a tonne uses.
    load_of
        Position of each commodity among the distinct load factors; shape (commodities,).
    arcs
        Number of arcs of the network.
    """
    total = np.zeros((len(MEASURES), int(load_of.max(initial=0)) + 1, arcs))
    for term in terms:
        total[:, :, term.arc] += term.per_t
    by_commodity = total[:, load_of]
    for term in terms:
        if term.extra_per_t is not None:
            by_commodity[:, :, term.arc] += term.extra_per_t
    return by_commodity


@dataclass(frozen=True, eq=False)
class EmissionAccount:
    """Energy and emissions of solved freight, a year.

    Attributes
    ----------
    flow_summary
        The solved freight.
    load_of
        Position of each commodity among the distinct load factors; shape (commodities,).
    terms
        What a tonne uses on its arcs.
    notices
        What a reader should know: defaults used, years held.
    """

    flow_summary: FlowSummary
    load_of: Ints
    terms: Sequence[ArcTerm]
    notices: tuple[str, ...] = ()

    @cached_property
    def tonnes(self) -> Floats:
        """Freight on each arc, t/year."""
        return np.asarray(self.flow_summary.commodity_flow.sum(axis=0))

    @cached_property
    def tonnes_by_load(self) -> Floats:
        """Freight on each arc by load factor, t/year; shape (loads, arcs)."""
        flow = self.flow_summary.commodity_flow
        total = np.zeros((int(self.load_of.max(initial=0)) + 1, flow.shape[1]))
        np.add.at(total, self.load_of, flow)
        return total

    @cached_property
    def vehicles(self) -> Floats:
        """Loaded vehicles on each arc a year."""
        network = self.flow_summary.freight.network
        load = weighted_rows(numbers(network.tables["commodity"], "load_factor"), self.flow_summary.commodity_flow)
        return np.asarray(load / numbers(network.tables["vehicle"], "payload_t")[network.arcs.mode])

    @cached_property
    def countries(self) -> tuple[list[str], Ints, Ints, Floats]:
        """Countries of arcs; see :func:`~landlink.carbon.arc_places.arc_countries`."""
        return arc_countries(self.flow_summary.freight.network)

    @cached_property
    def back(self) -> Ints:
        """Arc by which the vehicles of each arc return; see :func:`~landlink.carbon.arc_places.return_arcs`."""
        return return_arcs(self.flow_summary.freight.network)

    @cached_property
    def amounts(self) -> tuple[Floats, ...]:
        """Measures of each term on its arcs, a year; shape (measures, n) each."""
        return tuple(self._amounts(term) for term in self.terms)

    def _amounts(self, term: ArcTerm) -> Floats:
        total = (term.per_t * self.tonnes_by_load[:, term.arc]).sum(axis=1)
        if term.extra_per_t is not None:
            total = total + (term.extra_per_t * self.flow_summary.commodity_flow[:, term.arc]).sum(axis=1)
        return np.asarray(total)

    def on_arcs(self, elements: Collection[str] = ELEMENTS, carrier: str | None = None) -> Floats:
        """Measures of some elements, and of one carrier if it is named, on each arc; shape (measures, arcs)."""
        total = np.zeros((len(MEASURES), len(self.tonnes)))
        for term, amounts in zip(self.terms, self.amounts, strict=True):
            if term.element in elements and carrier in (None, term.carrier):
                total[:, term.arc] += amounts
        return total

    def per_tonne(self, elements: Collection[str] = ELEMENTS) -> Floats:
        """Measures of a tonne of each commodity on each arc; shape (measures, commodities, arcs)."""
        chosen = [term for term in self.terms if term.element in elements]
        return per_tonne(chosen, self.load_of, len(self.tonnes))

    def of_options(self, elements: Collection[str] = ELEMENTS) -> Floats:
        """Measures of the freight of each option with a flow, a year; shape (measures, options)."""
        flow = self.flow_summary.shipped * self.flow_summary.freight.days
        return np.array([self.flow_summary.option_mean(values) * flow for values in self.per_tonne(elements)])

    def by_country(self, term: ArcTerm, slot: Ints, slots: int) -> Floats:
        """Measures of a term in each slot and country of its arcs; shape (measures, countries, slots).

        Parameters
        ----------
        term
            One of the terms.
        slot
            Slot of each arc of the network; shape (arcs,).
        slots
            Number of slots.
        """
        names, arc_of, country_of, share = self.countries
        first = np.searchsorted(arc_of, np.arange(len(self.tonnes) + 1))
        count = np.diff(first)[term.arc]
        entry = np.repeat(np.arange(len(term.arc)), count)
        at = np.repeat(first[term.arc], count) + np.arange(len(entry)) - np.repeat(np.cumsum(count) - count, count)
        place = country_of[at] * slots + slot[term.arc[entry]]
        amounts = self.amounts[self.terms.index(term)]
        sums = [sum_at(place, values[entry] * share[at], len(names) * slots) for values in amounts]
        return np.array(sums).reshape(len(MEASURES), len(names), slots)
