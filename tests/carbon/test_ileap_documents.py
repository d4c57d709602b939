"""iLEAP documents of any shipment."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landlink.carbon.ileap_chain import CarrierUse, Element, Place, Shipment
from landlink.carbon.ileap_documents import activity_data, chain_documents, scope_of
from landlink.carbon.ileap_terms import CARRIERS, energy_carrier, transport_mode
from landlink.carbon.pact_footprint import Issuer, hub_footprint, shipment_footprint, transport_footprint
from landlink.core.errors import InputError
from tests.support.ileap_schemas import DATA, faults, footprint_schema

SCOPE = scope_of("study", "2030")
ISSUER = Issuer(
    SCOPE, "Ministry", "urn:pathfinder:company:customcode:vendor-assigned:x", 2030, datetime(2026, 1, 1, tzinfo=UTC)
)

AMOUNTS = st.floats(min_value=1e-6, max_value=1e7)
PLACES = st.builds(
    Place,
    st.text(min_size=1, max_size=12),
    st.sampled_from(["CN", "KG"]),
    st.floats(min_value=-180, max_value=180) | st.just(float("nan")),
    st.floats(min_value=-90, max_value=90),
)
USES = st.builds(
    lambda carrier, energy, wtw, share: CarrierUse(carrier, energy, wtw, wtw * share, "KG"),
    st.sampled_from(sorted(set(CARRIERS.values()))),
    AMOUNTS,
    st.floats(min_value=0, max_value=1e5),
    st.floats(min_value=0, max_value=1),
)


@st.composite
def elements(draw: st.DrawFn, leg: int, tonnes: float) -> Element:
    hub, km = draw(st.booleans()), draw(st.floats(min_value=0.1, max_value=2e4))
    return Element(
        leg=leg,
        is_hub=hub,
        name=draw(st.text(max_size=8)),
        mode=draw(st.sampled_from(["Road", "Rail", "Sea"])),
        next_mode="Rail",
        tonnes=tonnes,
        actual_km=0.0 if hub else km,
        sfd_km=0.0 if hub else km * draw(st.floats(min_value=0.5, max_value=1)),
        gcd_km=float("nan"),
        hours=draw(st.floats(min_value=0, max_value=5000)),
        carriers=draw(st.lists(USES, min_size=1, max_size=3, unique_by=lambda use: use.carrier)),
        origin=draw(st.none() | PLACES),
        destination=draw(st.none() | PLACES),
        empty_share=draw(st.floats(min_value=0, max_value=0.99) | st.just(float("nan"))),
    )


@st.composite
def shipments(draw: st.DrawFn) -> Shipment:
    consignments = {}
    for name in draw(st.lists(st.sampled_from(["road", "rail", "sea"]), min_size=1, max_size=2, unique=True)):
        tonnes = draw(AMOUNTS)
        consignments[name] = [draw(elements(leg, tonnes)) for leg in range(draw(st.integers(1, 3)))]
    return Shipment("a", "b", "grain", "A", "B", "Grain", consignments)


def _numbers(document: Any) -> Iterator[object]:
    """Everything in a document that is neither text, nor an object or array of such."""
    if isinstance(document, dict | list):
        for item in document.values() if isinstance(document, dict) else document:
            yield from _numbers(item)
    elif not isinstance(document, str):
        yield document


@settings(max_examples=60, deadline=None)
@given(shipments())
def test_any_shipment_makes_documents_that_conform(shipment: Shipment) -> None:
    chain = chain_documents(shipment, SCOPE)
    assert faults(shipment_footprint(chain.footprint, "x", ISSUER), footprint_schema("shipment-footprint")) == []
    for toc in chain.transport_categories.values():
        assert faults(transport_footprint(toc, ISSUER), footprint_schema("toc")) == []
    for hoc in chain.hub_categories.values():
        assert faults(hub_footprint(hoc, ISSUER), footprint_schema("hoc")) == []
    for tad in activity_data(shipment, SCOPE, begins=datetime(2030, 1, 1, tzinfo=UTC)):
        assert faults(tad, DATA["tad"]) == []
    assert list(_numbers(chain.footprint)) == []


@settings(max_examples=60, deadline=None)
@given(shipments())
def test_elements_are_category_times_activity_and_add_up(shipment: Shipment) -> None:
    chain = chain_documents(shipment, SCOPE)
    categories = {**chain.transport_categories, **chain.hub_categories}
    tces = chain.footprint["tces"]
    for tce in tces:
        category = categories[tce.get("tocId") or tce["hocId"]]
        amount = Decimal(tce["transportActivity"]) if "tocId" in tce else Decimal(tce["mass"]) / 1000
        for kind in ("WTW", "TTW"):
            expected = float(Decimal(category[f"co2eIntensity{kind}"]) * amount)
            assert float(tce[f"co2e{kind}"]) == pytest.approx(expected, rel=1e-7, abs=1e-300)
        assert sum(Decimal(one["relativeShare"]) for one in category["energyCarriers"]) == 1
    pcf = shipment_footprint(chain.footprint, "x", ISSUER)["pcf"]
    assert Decimal(pcf["pCfExcludingBiogenic"]) == pytest.approx(sum(Decimal(tce["co2eWTW"]) for tce in tces))


@settings(max_examples=20, deadline=None)
@given(shipments())
def test_the_same_shipment_makes_the_same_text(shipment: Shipment) -> None:
    one, other = (json.dumps(chain_documents(shipment, SCOPE).footprint) for _ in range(2))
    assert one == other


@pytest.mark.parametrize("carrier", sorted(CARRIERS))
def test_carriers_are_those_of_the_data_model(carrier: str) -> None:
    assert energy_carrier(carrier.upper()) == CARRIERS[carrier]


def test_what_the_data_model_has_no_word_for_is_refused() -> None:
    with pytest.raises(InputError, match=re.escape("no energy carrier for it (found 'peat'); allowed: diesel")):
        energy_carrier("peat")
    with pytest.raises(InputError, match=re.escape("no mode of transport for it (found 'pipeline'); allowed: road")):
        transport_mode("pipeline")


@pytest.mark.parametrize(
    ("family", "mode", "found"),
    [
        ("road", "road", "Road"),
        ("rail", "rail_1520", "Rail"),
        ("water", "sea", "Sea"),
        ("water", "Lake ferry", "InlandWaterway"),
    ],
)
def test_modes_are_those_of_the_data_model(family: str, mode: str, found: str) -> None:
    assert transport_mode(family, mode) == found
