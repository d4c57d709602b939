"""Schemas of the tables of energy and emissions that every result has.

Emissions are well to wheel, CO2 equivalents: from tank to wheel (``ttw``), and from well to tank (``wtt``), the
provision of the energy. Words follow ISO 14083: a leg is a transport chain element, what a terminal or a crossing does
is a hub operation, and freight on a link bears the empty return of its vehicles.
"""

from __future__ import annotations

from typing import Final

from landlink.carbon.accounting import ELEMENTS
from landlink.carbon.arc_places import HUBS
from landlink.tables.column import Column, Table
from landlink.tables.schemas import FAMILIES

__all__ = [
    "EMISSION_COMMODITY",
    "EMISSION_COUNTRY",
    "EMISSION_LEG",
    "EMISSION_LINK",
    "EMISSION_NOTICE",
    "EMISSION_PLACE",
    "PLACE_KINDS",
]

#: Kinds of places: where vehicles wait, where freight changes vehicles, links on which vehicles stand, and zones in
#: which they fetch and bring it.
PLACE_KINDS: Final = ("crossing", "terminal", "stop", "zone")


def _key(name: str, meaning: str, allowed: tuple[str, ...] = ()) -> Column:
    return Column(name, "text", meaning, required=True, key=True, allowed=allowed)


def _number(name: str, meaning: str, unit: str, *, required: bool = False) -> Column:
    return Column(name, "number", meaning, unit=unit, required=required)


_YEARLY: Final = (
    _number("energy_mj_per_year", "Energy used by vehicles and terminals (final energy).", "MJ/year", required=True),
    _number("ttw_t_per_year", "Emissions from tank to wheel.", "t/year", required=True),
    _number("wtt_t_per_year", "Emissions of the provision of the energy, from well to tank.", "t/year", required=True),
    _number("co2e_t_per_year", "Emissions from well to wheel: the sum of both.", "t/year", required=True),
)
_TONNES: Final = _number("tonnes_per_year", "Freight.", "t/year", required=True)
_TKM: Final = _number("tkm_per_year", "Tonne-kilometres by the distance travelled.", "tkm/year", required=True)
_G_PER_TKM: Final = _number(
    "g_per_tkm", "Emission intensity: CO2e per tonne-kilometre; empty without freight.", "g/tkm"
)
_WAYS: Final = ("ab", "ba")
_FAMILY: Final = _key("family", f"Family of modes; {HUBS}: what terminals do.", (*FAMILIES, HUBS))
_ENDS: Final = (
    _key("origin_country", "Country of the zone of origin."),
    _key("destination_country", "Country of the zone of destination; the same as that of origin: domestic freight."),
)

EMISSION_LINK: Final = Table(
    "emission_link",
    "Energy and emissions of vehicles under way on links, by direction of the freight, which bears its vehicles' empty"
    " return.",
    (
        _key("link_id", "Link."),
        _key("direction", "ab: from the first end to the second; ba: the opposite direction.", _WAYS),
        Column("mode", "text", "Mode.", required=True),
        Column("family", "text", "Family of the mode.", required=True, allowed=FAMILIES),
        Column("corridor", "list", "Corridors of the link."),
        _TONNES,
        _TKM,
        _number("vehicle_km_per_year", "Distance travelled by loaded vehicles.", "vehicle-km/year", required=True),
        _number("empty_vehicle_km_per_year", "Distance of their empty return.", "vehicle-km/year", required=True),
        *_YEARLY,
        _number("empty_co2e_t_per_year", "The part of the empty return.", "t/year", required=True),
        _number("electricity_share", "Share of electricity in the energy; empty without energy.", ""),
        _G_PER_TKM,
    ),
)

EMISSION_PLACE: Final = Table(
    "emission_place",
    "Energy and emissions of vehicles that wait, and of hub operations: at crossings, at terminals, of stops on links,"
    " and of fetching and bringing in zones.",
    (
        _key("kind", "Kind of place; stop: vehicles standing on a link.", PLACE_KINDS),
        _key("place_id", "Crossing, terminal, link or zone."),
        _FAMILY,
        _key("direction", "ab or ba; of a zone out (freight that it sends) or in.", (*_WAYS, "out", "in")),
        _TONNES,
        _number(
            "vehicle_h_per_year",
            "Time of vehicles there, loaded and empty ones; none at terminals.",
            "vehicle-h/year",
        ),
        *_YEARLY,
        _number("kg_per_t", "Emissions per tonne that passes; empty without freight.", "kg/t"),
    ),
)

EMISSION_COMMODITY: Final = Table(
    "emission_commodity",
    "Energy and emissions of freight from door to door, by country of origin and of destination, commodity and"
    " alternative.",
    (
        *_ENDS,
        _key("commodity_id", "Commodity."),
        _key("alternative", "Alternative."),
        _TONNES,
        _TKM,
        _number(
            "gcd_tkm_per_year",
            "Transport activity by the great-circle distance from door to door (GCD).",
            "tkm/year",
            required=True,
        ),
        *_YEARLY,
        _number("hub_co2e_t_per_year", "The part of waits at crossings and of terminals.", "t/year", required=True),
        _G_PER_TKM,
        _number("g_per_gcd_tkm", "Emission intensity by the great-circle distance.", "g/tkm"),
    ),
)

EMISSION_COUNTRY: Final = Table(
    "emission_country",
    "Energy and emissions by the country where they arise, family, element and carrier. A link in several countries is"
    " divided equally between them, as is a crossing between its two.",
    (
        _key("country", "Country where it arises."),
        _FAMILY,
        _key("element", "What vehicles or terminals do.", ELEMENTS),
        _key("carrier", "Energy carrier."),
        *_YEARLY,
    ),
)

EMISSION_LEG: Final = Table(
    "emission_leg",
    "Energy and emissions of a tonne on the main route of chosen pairs, by leg (transport chain element), element and"
    " carrier: the legs are those of the table leg.",
    (
        _key("origin_zone_id", "Origin zone."),
        _key("destination_zone_id", "Destination zone."),
        _key("commodity_id", "Commodity."),
        _key("alternative", "Alternative."),
        Column("leg", "integer", "Index of the leg, starting at 0.", required=True, key=True),
        _key("element", "What vehicles or terminals do.", ELEMENTS),
        _key("carrier", "Energy carrier."),
        Column("operation", "text", "transport or hub: the kind of the chain element.", allowed=("transport", "hub")),
        Column("mode", "text", "Mode."),
        Column("country", "list", "Countries of the leg."),
        _number("distance_km", "Distance travelled.", "km"),
        _number("gcd_km", "Great-circle distance between the ends of the leg.", "km"),
        _number("energy_mj_per_t", "Energy.", "MJ/t", required=True),
        _number("ttw_kg_per_t", "Emissions from tank to wheel.", "kg/t", required=True),
        _number("wtt_kg_per_t", "Emissions from well to tank.", "kg/t", required=True),
        _number("co2e_kg_per_t", "Emissions from well to wheel.", "kg/t", required=True),
    ),
)

EMISSION_NOTICE: Final = Table(
    "emission_notice",
    "What a reader of energy and emissions should know: rows of the package that stand in, years that are held.",
    (
        Column("number", "integer", "Number of the notice, from 1.", required=True, key=True),
        Column("notice", "text", "The notice.", required=True),
    ),
)
