"""Shipments as chains of elements: what the iLEAP documents are made from, free of tables and of JSON."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from landlink.carbon.decimal_text import decimal, total

__all__ = ["CarrierUse", "Element", "Place", "Shipment"]

_KG_PER_T: Final = 1000


@dataclass(frozen=True, slots=True)
class Place:
    """Where an element begins or ends.

    Attributes
    ----------
    name
        Name of the place, as the study writes it.
    country
        Country, ISO 3166-1 alpha-2.
    lon, lat
        Location in degrees; not finite if unknown.
    """

    name: str
    country: str
    lon: float = float("nan")
    lat: float = float("nan")


@dataclass(frozen=True, slots=True)
class CarrierUse:
    """What an element uses of one energy carrier, for each tonne of the consignment.

    Attributes
    ----------
    carrier
        Energy carrier in the words of iLEAP.
    mj_per_t
        Energy, MJ per tonne of freight; above 0.
    wtw_kg_per_t, ttw_kg_per_t
        Emissions, kg CO2e per tonne of freight: well to wheel, and tank to wheel.
    region
        Country of a grid, ISO 3166-1 alpha-2; empty for fuels.
    """

    carrier: str
    mj_per_t: float
    wtw_kg_per_t: float
    ttw_kg_per_t: float
    region: str = ""


@dataclass(frozen=True, slots=True)
class Element:
    """One transport chain element of a consignment: a transport operation, or a hub operation.

    Attributes
    ----------
    leg
        Its number on the chain.
    is_hub
        Whether freight is handled or waits at a place, and is not carried.
    name
        What it is, for people.
    mode, next_mode
        Mode of transport in the words of iLEAP; of a hub, before and after it.
    tonnes
        Mass of the consignment, t.
    actual_km, sfd_km, gcd_km
        Distance along the route, shortest feasible distance and great-circle distance; 0 at a hub. A distance that is
        not known is NaN.
    hours
        Time from departure to arrival, h.
    carriers
        Energy carriers used, the most used first; at least one.
    countries
        Names of the countries in which it lies.
    origin, destination
        Where it begins and ends; ``None`` if not known.
    load_factor, empty_share
        Load over the largest legal load, and the share of a vehicle's distance run empty; NaN if not known.
    """

    leg: int
    is_hub: bool
    name: str
    mode: str
    next_mode: str
    tonnes: float
    actual_km: float
    sfd_km: float
    gcd_km: float
    hours: float
    carriers: Sequence[CarrierUse]
    countries: tuple[str, ...] = ()
    origin: Place | None = None
    destination: Place | None = None
    load_factor: float = float("nan")
    empty_share: float = float("nan")

    @property
    def mass_kg(self) -> Decimal:
        """Mass of the consignment, kg."""
        return decimal(self.tonnes * _KG_PER_T)

    @property
    def activity_km(self) -> Decimal:
        """Distance by which transport activity is counted: shortest feasible, else great-circle, else actual, km."""
        known = [value for value in (self.sfd_km, self.gcd_km, self.actual_km) if value > 0]
        return decimal(known[0]) if known and not self.is_hub else Decimal(0)

    @property
    def activity_tkm(self) -> Decimal:
        """Transport activity, tkm: mass times distance, exactly; 0 at a hub."""
        return (self.mass_kg * self.activity_km).scaleb(-3)

    @property
    def tonne_km(self) -> float:
        """Units of activity of one tonne: km of a transport operation, one of a hub operation."""
        return 1.0 if self.is_hub else float(self.activity_km)

    @property
    def wtw_kg_per_t(self) -> float:
        """Emissions from well to wheel, kg CO2e per tonne."""
        return math.fsum(use.wtw_kg_per_t for use in self.carriers)

    @property
    def ttw_kg_per_t(self) -> float:
        """Emissions from tank to wheel, kg CO2e per tonne."""
        return math.fsum(use.ttw_kg_per_t for use in self.carriers)


@dataclass(frozen=True, slots=True)
class Shipment:
    """Freight of one commodity between two zones in a year; each alternative that carries it is a consignment.

    Attributes
    ----------
    origin_id, destination_id, commodity_id
        Keys of the zones and the commodity.
    origin, destination, commodity
        Their names.
    consignments
        Elements by alternative, in the order in which they happen.
    """

    origin_id: str
    destination_id: str
    commodity_id: str
    origin: str
    destination: str
    commodity: str
    consignments: Mapping[str, Sequence[Element]]

    @property
    def key(self) -> tuple[str, str, str]:
        """Keys of origin, destination and commodity."""
        return self.origin_id, self.destination_id, self.commodity_id

    @property
    def mass_kg(self) -> Decimal:
        """Mass of all consignments, kg."""
        return total(elements[0].mass_kg for elements in self.consignments.values() if elements)
