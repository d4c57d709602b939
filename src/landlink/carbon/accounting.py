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

from landlink.carbon.arc_places import arc_countries
from landlink.core.arrays import Floats, Ints
from landlink.core.sums import weighted_rows
from landlink.freight.flow_summary import FlowSummary
from landlink.tables.frames import numbers

__all__ = ["ELEMENTS", "MEASURES", "ArcTerm", "EmissionAccount"]

#: What vehicles and terminals do when they use energy; in this order in tables and pictures.
ELEMENTS: Final = ("running", "empty", "standing", "waiting", "handling", "access")
#: What is accounted: energy, and emissions from tank to wheel and from well to tank; factors to their units a year.
MEASURES: Final = ("energy_mj_per_year", "ttw_t_per_year", "wtt_t_per_year")
_KG_PER_T: Final = 1000.0


@dataclass(frozen=True)
class ArcTerm:
    """Energy that one element uses of one carrier on some arcs; arrays of shape (n,), one entry for each of them.

    Attributes
    ----------
    element
        One of :data:`ELEMENTS`.
    carrier
        Energy carrier.
    arc
        The arcs.
    mj_per_load
        MJ per tonne of the reference good, multiplied by a commodity's load factor: what vehicles use as such.
    mj_per_t
        MJ per tonne of any commodity: what its weight needs.
    ttw_kg_per_mj, wtt_kg_per_mj
        Emissions of the carrier where the arc lies, kg CO2e/MJ: from tank to wheel and from well to tank.
    extra_mj_per_load
        Further MJ per tonne of the reference good by commodity, shape (commodities, n); ``None`` if none.
    """

    element: str
    carrier: str
    arc: Ints
    mj_per_load: Floats
    mj_per_t: Floats
    ttw_kg_per_mj: Floats
    wtt_kg_per_mj: Floats
    extra_mj_per_load: Floats | None = None

    @property
    def factors(self) -> tuple[Floats | float, ...]:
        """What a MJ counts in each of the measures: MJ and t CO2e."""
        return 1.0, self.ttw_kg_per_mj / _KG_PER_T, self.wtt_kg_per_mj / _KG_PER_T


@dataclass(frozen=True)
class EmissionAccount:
    """Energy and emissions of solved freight, a year.

    Attributes
    ----------
    flow_summary
        The solved freight.
    terms
        Energy per tonne on its arcs.
    """

    flow_summary: FlowSummary
    terms: Sequence[ArcTerm]

    @cached_property
    def load_factor(self) -> Floats:
        """Load factor of each commodity."""
        return numbers(self.flow_summary.freight.network.tables["commodity"], "load_factor")

    @cached_property
    def tonnes(self) -> Floats:
        """Freight on each arc, t/year."""
        return np.asarray(self.flow_summary.commodity_flow.sum(axis=0))

    @cached_property
    def load(self) -> Floats:
        """Freight on each arc in tonnes of the reference good, t/year: by the payload, vehicles."""
        return weighted_rows(self.load_factor, self.flow_summary.commodity_flow)

    @cached_property
    def vehicles(self) -> Floats:
        """Loaded vehicles on each arc a year; 0 where no mode applies."""
        network = self.flow_summary.freight.network
        return np.asarray(self.load / numbers(network.tables["vehicle"], "payload_t")[network.arcs.mode])

    @cached_property
    def countries(self) -> tuple[list[str], Ints, Ints, Floats]:
        """Countries of arcs; see :func:`~landlink.carbon.arc_places.arc_countries`."""
        return arc_countries(self.flow_summary.freight.network)

    @cached_property
    def energy(self) -> tuple[Floats, ...]:
        """Energy of each term on its arcs, MJ/year."""
        return tuple(self._energy(term) for term in self.terms)

    def _energy(self, term: ArcTerm) -> Floats:
        energy = term.mj_per_load * self.load[term.arc] + term.mj_per_t * self.tonnes[term.arc]
        if term.extra_mj_per_load is not None:
            flow = self.flow_summary.commodity_flow[:, term.arc]
            energy = energy + weighted_rows(self.load_factor, flow * term.extra_mj_per_load)
        return np.asarray(energy)

    def on_arcs(self, elements: Collection[str] = ELEMENTS) -> Floats:
        """Measures of some elements on each arc, shape (measures, arcs)."""
        total = np.zeros((len(MEASURES), len(self.tonnes)))
        for term, energy in zip(self.terms, self.energy, strict=True):
            if term.element in elements:
                for row, factor in zip(total, term.factors, strict=True):
                    row[term.arc] += energy * factor
        return total

    def of_carrier(self, carrier: str) -> Floats:
        """Energy of one carrier on each arc, MJ/year; shape (arcs,)."""
        total = np.zeros(len(self.tonnes))
        for term, energy in zip(self.terms, self.energy, strict=True):
            if term.carrier == carrier:
                total[term.arc] += energy
        return total

    def per_tonne(self, elements: Collection[str] = ELEMENTS) -> Floats:
        """Measures of a tonne on each arc by commodity, shape (measures, commodities, arcs): MJ/t and t CO2e/t."""
        arcs, factor = len(self.tonnes), self.load_factor[:, None]
        by_load, by_tonne = np.zeros((2, len(MEASURES), arcs))
        extra = np.zeros((len(MEASURES), len(self.load_factor), arcs)) if self._has_extra else None
        for term in (one for one in self.terms if one.element in elements):
            for place, counted in enumerate(term.factors):
                by_load[place][term.arc] += term.mj_per_load * counted
                by_tonne[place][term.arc] += term.mj_per_t * counted
                if extra is not None and term.extra_mj_per_load is not None:
                    extra[place][:, term.arc] += factor * term.extra_mj_per_load * counted
        total = factor * by_load[:, None, :] + by_tonne[:, None, :]
        return total if extra is None else total + extra

    @property
    def _has_extra(self) -> bool:
        return any(term.extra_mj_per_load is not None for term in self.terms)

    def of_options(self, elements: Collection[str] = ELEMENTS) -> Floats:
        """Measures of the freight of each option with a flow, a year; shape (measures, options)."""
        flow = self.flow_summary.shipped * self.flow_summary.freight.days
        return np.array([self.flow_summary.option_mean(values) * flow for values in self.per_tonne(elements)])
