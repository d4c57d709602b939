"""Energy and emissions of one tonne on every link of a network, in both directions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from landlink.core.arrays import Floats, Ints
from landlink.tables.frames import Tables

__all__ = ["ELEMENTS", "LinkEnergy", "link_energy"]

#: Parts of the energy of a link: loaded vehicles as on the level, what grades add to that, and the empties that return.
ELEMENTS: Final = ("running", "climbing", "empty")


@dataclass(frozen=True, eq=False)
class LinkEnergy:
    """Energy of one tonne on each link, by direction, carrier and element.

    Attributes
    ----------
    carriers
        Carriers used on some link, in alphabetical order.
    drives
        Drives used on some link, in alphabetical order.
    drive_share
        Share of each drive in the vehicle-kilometres of each link; shape (links, drives).
    load_factors
        The distinct load factors of the commodities, ascending; shape (loads,).
    load_of
        Position of each commodity's load factor among them; shape (commodities,).
    mj_per_t
        Energy of one tonne, MJ; shape (loads, links, 2, carriers, 3). The third axis is the direction, ``ab`` then
        ``ba``; the last the element, see :data:`ELEMENTS`. ``climbing`` is below 0 where a link goes down. Empties are
        counted with the loads that they return from.
    ttw_kg_per_mj
        Emissions of a carrier where it is used, kg CO2e/MJ; shape (carriers,).
    wtt_kg_per_mj
        Emissions before it is used, by the grids of a link's countries for electricity; shape (links, carriers).
    notices
        What a reader should know: defaults used, years held.
    """

    carriers: tuple[str, ...]
    drives: tuple[str, ...]
    drive_share: Floats
    load_factors: Floats
    load_of: Ints
    mj_per_t: Floats
    ttw_kg_per_mj: Floats
    wtt_kg_per_mj: Floats
    notices: tuple[str, ...] = ()

    @property
    def ttw_kg_per_t(self) -> Floats:
        """Emissions of one tonne where energy is used, kg CO2e; the shape of :attr:`mj_per_t`."""
        return self.mj_per_t * self.ttw_kg_per_mj[:, None]

    @property
    def wtt_kg_per_t(self) -> Floats:
        """Emissions of one tonne before energy is used, kg CO2e; the shape of :attr:`mj_per_t`."""
        return self.mj_per_t * self.wtt_kg_per_mj[:, None, :, None]

    @property
    def wtw_kg_per_t(self) -> Floats:
        """Emissions of one tonne from well to wheel, all carriers and elements, kg CO2e; shape (loads, links, 2)."""
        per_mj = self.ttw_kg_per_mj + self.wtt_kg_per_mj
        return (self.mj_per_t.sum(axis=-1) * per_mj[:, None, :]).sum(axis=-1)


def link_energy(tables: Tables, year: int) -> LinkEnergy:
    """Energy and emissions of one tonne on every link.

    Parameters
    ----------
    tables
        Tables of a study in a year, as :attr:`landlink.study.study.Scenario.tables` or those of a network.
    year
        Year of the fleets and grids.

    Raises
    ------
    InputError
        Electricity is used in a country of which the table ``grid`` has no row.
    """
    raise NotImplementedError
