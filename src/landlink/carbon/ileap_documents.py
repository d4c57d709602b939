"""Documents of the iLEAP 1.0 data model: shipment footprints, transport and hub operation categories, activity data.

The data model is that of the iLEAP Technical Specifications 1.0.0 (Smart Freight Centre and SINE Foundation, 27 May
2025), https://sine-fdn.github.io/ileap-extension/. Every number is a decimal in text. Emissions of an element are, to
the digits written, the intensity of its category times its transport activity or its tonnes, as ISO 14083 has it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import NAMESPACE_URL, UUID, uuid5

from landlink.carbon.decimal_text import decimal_text, shares
from landlink.carbon.ileap_chain import CarrierUse, Element, Place, Shipment
from landlink.carbon.ileap_terms import FEEDSTOCKS
from landlink.core.json_text import json_text

__all__ = [
    "ChainDocuments",
    "Document",
    "activity_data",
    "chain_documents",
    "energy_carriers",
    "scope_of",
    "time_text",
    "with_id",
]

#: A JSON object.
Document = dict[str, Any]

#: A namespace of landlink's own (RFC 9562, version 5).
_NAMESPACE: Final = uuid5(NAMESPACE_URL, "urn:landlink:ileap")


def scope_of(*parts: str) -> UUID:
    """Namespace of the identifiers of one result, from what identifies it: the same parts give the same identifiers.

    Examples
    --------
    >>> scope_of("a" * 64, "2030") == scope_of("a" * 64, "2030")
    True
    """
    return uuid5(_NAMESPACE, "\x1f".join(parts))


@dataclass(frozen=True, slots=True)
class ChainDocuments:
    """Documents of one shipment.

    Attributes
    ----------
    footprint
        Its ``ShipmentFootprint``.
    transport_categories, hub_categories
        The ``TOC`` and ``HOC`` that it refers to, by their ids.
    """

    footprint: Document
    transport_categories: Mapping[str, Document]
    hub_categories: Mapping[str, Document]


def chain_documents(shipment: Shipment, scope: UUID) -> ChainDocuments:
    """Write a shipment as iLEAP documents.

    Parameters
    ----------
    shipment
        The shipment; at least one consignment with an element.
    scope
        Namespace of the identifiers.
    """
    shipment_id = str(uuid5(scope, "shipment\x1f" + "\x1f".join(shipment.key)))
    tces: list[Document] = []
    transport: dict[str, Document] = {}
    hubs: dict[str, Document] = {}
    for alternative, elements in shipment.consignments.items():
        before: list[str] = []
        for element in elements:
            kind, category = _category(element, shipment, scope)
            (hubs if element.is_hub else transport)[category[kind]] = category
            tce = _tce(element, shipment_id, alternative, before, category)
            tces.append(tce)
            before = [tce["tceId"]]
    footprint = {"mass": decimal_text(shipment.mass_kg), "shipmentId": shipment_id, "tces": tces}
    return ChainDocuments(footprint, transport, hubs)


def _tce(element: Element, shipment_id: str, alternative: str, before: Sequence[str], category: Document) -> Document:
    """Write an element; its emissions are those of its category for its activity, to the digits written."""
    name = "hub" if element.is_hub else "transport"
    tce_id = str(uuid5(UUID(shipment_id), f"{alternative}\x1f{element.leg}\x1f{name}"))
    reference = {"hocId": category["hocId"]} if element.is_hub else {"tocId": category["tocId"]}
    ends = {
        key: _location(place)
        for key, place in (("origin", element.origin), ("destination", element.destination))
        if place is not None
    }
    return {
        "tceId": tce_id,
        "prevTceIds": list(before),
        **reference,
        "shipmentId": shipment_id,
        "consignmentId": _consignment_id(shipment_id, alternative),
        "mass": decimal_text(element.mass_kg),
        "distance": _distance(element),
        **ends,
        "transportActivity": decimal_text(element.activity_tkm),
        "co2eWTW": decimal_text(element.wtw_kg_per_t * element.tonnes),
        "co2eTTW": decimal_text(element.ttw_kg_per_t * element.tonnes),
    }


def _consignment_id(shipment_id: str, alternative: str) -> str:
    return str(uuid5(UUID(shipment_id), f"consignment\x1f{alternative}"))


def _distance(element: Element) -> Document:
    """Distances that are known, km; a hub has none, which the data model writes as 0."""
    if element.is_hub:
        return {"actual": "0"}
    known = {"actual": element.actual_km, "gcd": element.gcd_km, "sfd": element.sfd_km}
    return {name: decimal_text(value) for name, value in known.items() if math.isfinite(value)}


def _location(place: Place) -> Document:
    known = {"lat": place.lat, "lng": place.lon}
    where = {name: decimal_text(value) for name, value in known.items() if math.isfinite(value)}
    return {"city": place.name, "country": place.country, **(where if len(where) == len(known) else {})}


def _category(element: Element, shipment: Shipment, scope: UUID) -> tuple[str, Document]:
    """Name of the identifier of an element's category, and the category."""
    body = {
        "energyCarriers": energy_carriers(element.carriers, element.tonne_km),
        "co2eIntensityWTW": decimal_text(element.wtw_kg_per_t / element.tonne_km),
        "co2eIntensityTTW": decimal_text(element.ttw_kg_per_t / element.tonne_km),
    }
    if element.is_hub:
        return "hocId", with_id("hocId", _hub_head(element, shipment) | body | {"hubActivityUnit": "tonnes"}, scope)
    head = _transport_head(element, shipment)
    return "tocId", with_id("tocId", head | body | {"transportActivityUnit": "tkm"}, scope)


def with_id(key: str, body: Document, scope: UUID) -> Document:
    """Name a category by what it says, so that elements alike in everything share one.

    Parameters
    ----------
    key
        Name of its identifier: ``tocId`` or ``hocId``.
    body
        The category without it.
    scope
        Namespace of the identifiers.
    """
    return {key: str(uuid5(scope, json_text(body, sort_keys=True))), **body}


def _transport_head(element: Element, shipment: Shipment) -> Document:
    where = f" in {', '.join(element.countries)}" if element.countries else ""
    ends = [place.name for place in (element.origin, element.destination) if place is not None]
    relation = f", {' - '.join(ends)}" if len(set(ends)) == 2 else ""
    text = f"{element.mode}{where}{relation}: {shipment.commodity}"
    empty = {"emptyDistanceFactor": decimal_text(element.empty_share)} if math.isfinite(element.empty_share) else {}
    load = {"loadFactor": decimal_text(element.load_factor)} if math.isfinite(element.load_factor) else {}
    return {"description": text, "mode": element.mode, **load, **empty}


def _hub_head(element: Element, shipment: Shipment) -> Document:
    where = {} if element.origin is None else {"hubLocation": _location(element.origin)}
    modes = {"inboundTransportMode": element.mode, "outboundTransportMode": element.next_mode}
    return {"description": f"{element.name}: {shipment.commodity}", "hubType": "Transshipment", **where, **modes}


def energy_carriers(uses: Sequence[CarrierUse], per: float) -> list[Document]:
    """Write energy carriers with their consumption and their factors by MJ.

    Parameters
    ----------
    uses
        Energy carriers, the most used first.
    per
        What the uses are divided by to be those of a unit of activity.
    """
    parts = shares([use.mj_per_t for use in uses])
    return [
        {
            "energyCarrier": use.carrier,
            "relativeShare": decimal_text(part),
            **_feedstocks(use),
            "energyConsumption": decimal_text(use.mj_per_t / per),
            "energyConsumptionUnit": "MJ",
            "emissionFactorWTW": decimal_text(use.wtw_kg_per_t / use.mj_per_t),
            "emissionFactorTTW": decimal_text(use.ttw_kg_per_t / use.mj_per_t),
        }
        for use, part in zip(uses, parts, strict=True)
        if part > 0
    ]


def _feedstocks(use: CarrierUse) -> Document:
    source = FEEDSTOCKS.get(use.carrier)
    if source is None:
        return {}
    region = {"regionProvenance": use.region} if use.region else {}
    return {"feedstocks": [{"feedstock": source, "feedstockShare": "1", **region}]}


def activity_data(shipment: Shipment, scope: UUID, *, begins: datetime) -> Iterator[Document]:
    """Write the transport operations of a shipment as transport activity data (``TAD``).

    The data model asks for times of departure and arrival, which a model of a year does not have: consignments depart
    from the origin at the beginning of the year, and the hours of the chain give the rest. Elements of which an end is
    not known are left out.

    Parameters
    ----------
    shipment
        The shipment.
    scope
        Namespace of the identifiers.
    begins
        Beginning of the period, UTC.
    """
    shipment_id = str(uuid5(scope, "shipment\x1f" + "\x1f".join(shipment.key)))
    for alternative, elements in shipment.consignments.items():
        moment = begins
        for element in elements:
            departure, moment = moment, moment + timedelta(hours=element.hours)
            if not element.is_hub and element.origin is not None and element.destination is not None:
                yield {
                    "activityId": str(uuid5(UUID(shipment_id), f"activity\x1f{alternative}\x1f{element.leg}")),
                    "consignmentIds": [_consignment_id(shipment_id, alternative)],
                    "distance": _distance(element),
                    "mass": decimal_text(element.mass_kg),
                    **({"emptyDistanceFactor": decimal_text(element.empty_share)} if element.empty_share >= 0 else {}),
                    "origin": _location(element.origin),
                    "destination": _location(element.destination),
                    "departureAt": time_text(departure),
                    "arrivalAt": time_text(moment),
                    "mode": element.mode,
                    "energyCarriers": energy_carriers(element.carriers, element.tonne_km),
                }


def time_text(moment: datetime) -> str:
    """Write a time in UTC to the second, as ISO 8601 has it.

    Examples
    --------
    >>> time_text(datetime(2030, 1, 1, tzinfo=UTC))
    '2030-01-01T00:00:00Z'
    """
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
