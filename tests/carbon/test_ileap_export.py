from __future__ import annotations

import json
import tracemalloc
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import landlink as ll
from tests.support.ileap_result import EMISSIONS, LEGS, RAIL, ROAD, result_by_hand, tables_by_hand
from tests.support.ileap_schemas import DATA, faults, footprint_schema, published_schema

KINDS = {"shipment": "shipment-footprint", "toc": "toc", "hoc": "hoc"}


def exported(path: Path, result: ll.Result | None = None, **options: Any) -> list[dict[str, Any]]:
    """Product footprints of an export."""
    ll.export_ileap(result or result_by_hand(), path, **options)
    return json.loads(path.read_text(encoding="utf-8"))["data"]


def kind_of(footprint: dict[str, Any]) -> str:
    (product,) = footprint["productIds"]
    return product.removeprefix("urn:pathfinder:product:customcode:vendor-assigned:").partition(":")[0]


def data_of(footprints: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    return [one["extensions"][0]["data"] for one in footprints if kind_of(one) == kind]


@pytest.fixture
def footprints(tmp_path: Path) -> list[dict[str, Any]]:
    return exported(tmp_path / "footprints.json")


@pytest.fixture
def chain(footprints: list[dict[str, Any]]) -> list[dict[str, Any]]:
    (shipment,) = data_of(footprints, "shipment")
    return shipment["tces"]


def test_a_chain_by_hand(footprints: list[dict[str, Any]], chain: list[dict[str, Any]]) -> None:
    # Road: 1,000 t x 8.1, 0.18 and 27 kg/t. Rail: 500 t x 3, 0.36 and 3.4 kg/t. Transport activity by the shortest
    # feasible distance: 150 km beyond the Gate by road, not the 200 km over the Pass.
    names = ("mass", "transportActivity", "co2eWTW", "co2eTTW")
    assert [tuple(tce[name] for name in names) for tce in chain] == [
        ("1000000", "100000", "8100", "6600"),
        ("1000000", "0", "180", "150"),
        ("1000000", "150000", "27000", "22000"),
        ("500000", "100000", "1500", "0"),
        ("500000", "0", "180", "150"),
        ("500000", "90000", "1700", "1000"),
    ]
    assert [tce["distance"] for tce in chain] == [
        {"actual": "100", "gcd": "80", "sfd": "100"},
        {"actual": "0"},
        {"actual": "200", "gcd": "90", "sfd": "150"},
        {"actual": "200", "gcd": "80", "sfd": "200"},
        {"actual": "0"},
        {"actual": "180", "gcd": "90", "sfd": "180"},
    ]
    pcf = footprints[0]["pcf"]
    assert (pcf["unitaryProductAmount"], pcf["pCfExcludingBiogenic"]) == ("440000", "38660")
    assert footprints[0]["extensions"][0]["data"]["mass"] == pcf["productMassPerDeclaredUnit"] == "1500000"


def test_categories_by_hand(footprints: list[dict[str, Any]], chain: list[dict[str, Any]]) -> None:
    toc = {one["tocId"]: one for one in data_of(footprints, "toc")}
    to_gate, _, from_gate, _, _, train = (toc.get(tce.get("tocId")) for tce in chain)
    assert to_gate is not None
    assert from_gate is not None
    assert train is not None
    # 8.1 kg/t over 100 km; 27 kg/t over 150 km; 3.4 kg/t over 180 km.
    assert (to_gate["co2eIntensityWTW"], to_gate["co2eIntensityTTW"]) == ("0.081", "0.066")
    assert (from_gate["co2eIntensityWTW"], from_gate["co2eIntensityTTW"]) == ("0.18", "0.146666667")
    assert (train["co2eIntensityWTW"], train["co2eIntensityTTW"]) == ("0.0188888889", "0.0111111111")
    # Half a km empty for each loaded one is a third of all; a quarter for each is a fifth.
    assert (to_gate["emptyDistanceFactor"], train["emptyDistanceFactor"]) == ("0.333333333", "0.2")
    assert (to_gate["mode"], train["mode"]) == ("Road", "Rail")
    assert to_gate["description"] == "Road in China, Kashgar - Gate: Grain"
    diesel, electricity = train["energyCarriers"]
    assert diesel == {
        "energyCarrier": "Diesel",
        "relativeShare": "0.75",
        "feedstocks": [{"feedstock": "Fossil", "feedstockShare": "1"}],
        "energyConsumption": "0.15",
        "energyConsumptionUnit": "MJ",
        "emissionFactorWTW": "0.0925925926",
        "emissionFactorTTW": "0.0740740741",
    }
    assert electricity["feedstocks"] == [{"feedstock": "Grid", "feedstockShare": "1", "regionProvenance": "KG"}]
    assert (electricity["relativeShare"], electricity["emissionFactorWTW"]) == ("0.25", "0.1")


def test_hubs_by_hand(footprints: list[dict[str, Any]], chain: list[dict[str, Any]]) -> None:
    hoc = {one["hocId"]: one for one in data_of(footprints, "hoc")}
    gate, gauge = hoc[chain[1]["hocId"]], hoc[chain[4]["hocId"]]
    assert (gate["co2eIntensityWTW"], gate["co2eIntensityTTW"]) == ("0.18", "0.15")
    assert (gauge["co2eIntensityWTW"], gauge["inboundTransportMode"], gauge["outboundTransportMode"]) == (
        "0.36", "Rail", "Rail",
    )  # fmt: skip
    assert gate["inboundTransportMode"] == "Road"
    assert gate["hubLocation"] == {"city": "Gate", "country": "CN", "lat": "40.553", "lng": "75.395"}


def test_elements_follow_each_other_within_their_consignment(chain: list[dict[str, Any]]) -> None:
    before = [tce["prevTceIds"] for tce in chain]
    ids = [tce["tceId"] for tce in chain]
    assert before == [[], [ids[0]], [ids[1]], [], [ids[3]], [ids[4]]]
    assert len({tce["consignmentId"] for tce in chain[:3]}) == len({tce["consignmentId"] for tce in chain[3:]}) == 1
    assert chain[0]["consignmentId"] != chain[3]["consignmentId"]
    assert [(tce["origin"]["city"], tce["destination"]["city"]) for tce in chain[:3]] == [
        ("Kashgar", "Gate"), ("Gate", "Gate"), ("Gate", "Naryn"),
    ]  # fmt: skip


def test_emissions_are_intensity_times_activity(footprints: list[dict[str, Any]], chain: list[dict[str, Any]]) -> None:
    toc = {one["tocId"]: one for one in data_of(footprints, "toc")}
    hoc = {one["hocId"]: one for one in data_of(footprints, "hoc")}
    for tce in chain:
        if "tocId" in tce:
            intensity, amount = toc[tce["tocId"]]["co2eIntensityWTW"], Decimal(tce["transportActivity"])
        else:
            intensity, amount = hoc[tce["hocId"]]["co2eIntensityWTW"], Decimal(tce["mass"]) / 1000
        assert Decimal(tce["co2eWTW"]) == pytest.approx(Decimal(intensity) * amount, rel=Decimal("1e-8"))


def test_factors_times_consumption_are_the_intensity(footprints: list[dict[str, Any]]) -> None:
    for data in [*data_of(footprints, "toc"), *data_of(footprints, "hoc")]:
        parts = [float(one["energyConsumption"]) * float(one["emissionFactorWTW"]) for one in data["energyCarriers"]]
        assert sum(parts) == pytest.approx(float(data["co2eIntensityWTW"]), rel=1e-7)
        assert sum(Decimal(one["relativeShare"]) for one in data["energyCarriers"]) == 1


def _schemas(kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
    yield "ours", DATA[kind]
    if (published := published_schema(kind)) is not None:
        yield "published", published


def test_footprints_satisfy_the_schemas(footprints: list[dict[str, Any]]) -> None:
    assert {kind_of(one) for one in footprints} == set(KINDS)
    for one in footprints:
        kind = KINDS[kind_of(one)]
        assert faults(one, footprint_schema(kind)) == []
        if (published := published_schema("data-model-schema")) is not None:
            assert faults(one, published) == []
        for whose, schema in _schemas(kind):
            assert faults(one["extensions"][0]["data"], schema) == [], whose


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("pcf", "declaredUnit"), "tkm"),
        (("pcf", "pCfExcludingBiogenic"), 38660),
        (("pcf", "pCfExcludingBiogenic"), "3.8e4"),
        (("extensions", 0, "data", "tces", 0, "co2eWTW"), 8100.0),
        (("extensions", 0, "data", "tces", 0, "distance"), {}),
        (("extensions", 0, "data", "tces", 0, "hocId"), "b2f5ff47-4366-51b6-a533-2d8979dc40f7"),
        (("extensions", 0, "data", "tces"), []),
        (("productCategoryCpc",), "8311"),
    ],
)
def test_the_schemas_find_what_is_wrong(
    footprints: list[dict[str, Any]], place: tuple[Any, ...], value: object
) -> None:
    document: Any = footprints[0]
    for step in place[:-1]:
        document = document[step]
    document[place[-1]] = value
    assert faults(footprints[0], footprint_schema("shipment-footprint"))


# Test cases 001 to 003 of the conformance tests of iLEAP 1.0.0 (appendix C), on the body of the answer.


def test_conformance_001_shipments_are_listed(footprints: list[dict[str, Any]]) -> None:
    shipments = [one for one in footprints if kind_of(one) == "shipment"]
    for one in shipments:
        data = one["extensions"][0]["data"]
        assert one["productIds"] == [f"urn:pathfinder:product:customcode:vendor-assigned:shipment:{data['shipmentId']}"]
        assert Decimal(one["pcf"]["unitaryProductAmount"]) == sum(Decimal(t["transportActivity"]) for t in data["tces"])
        assert Decimal(one["pcf"]["pCfExcludingBiogenic"]) == sum(Decimal(t["co2eWTW"]) for t in data["tces"])
        assert one["pcf"]["fossilGhgEmissions"] == one["pcf"]["pCfExcludingBiogenic"]
    assert shipments


@pytest.mark.parametrize(("kind", "unit", "amount"), [("toc", "ton kilometer", "1"), ("hoc", "kilogram", "1000")])
def test_conformance_002_and_003_categories_are_listed(
    footprints: list[dict[str, Any]], chain: list[dict[str, Any]], kind: str, unit: str, amount: str
) -> None:
    listed = {one["productIds"][0].rpartition(":")[2]: one["pcf"] for one in footprints if kind_of(one) == kind}
    named = {tce[f"{kind}Id"] for tce in chain if f"{kind}Id" in tce}
    assert named
    assert named <= set(listed)
    for data in data_of(footprints, kind):
        pcf = listed[data[f"{kind}Id"]]
        assert (pcf["declaredUnit"], pcf["unitaryProductAmount"]) == (unit, amount)
        assert pcf["pCfExcludingBiogenic"] == data["co2eIntensityWTW"]


def test_footprints_have_ids_of_their_own(footprints: list[dict[str, Any]]) -> None:
    assert len({one["id"] for one in footprints}) == len(footprints)


def test_activity_data(tmp_path: Path) -> None:
    exported(tmp_path / "footprints.json", activity=tmp_path / "tad.json")
    found = json.loads((tmp_path / "tad.json").read_text(encoding="utf-8"))["data"]
    for one in found:
        for whose, schema in _schemas("tad"):
            assert faults(one, schema) == [], whose
    # 2 h to the Gate, 6 h there, 5 h on; and 5 h, 8 h, 4 h by rail.
    assert [(one["mode"], one["departureAt"][5:16], one["arrivalAt"][5:16]) for one in found] == [
        ("Road", "01-01T00:00", "01-01T02:00"),
        ("Road", "01-01T08:00", "01-01T13:00"),
        ("Rail", "01-01T00:00", "01-01T05:00"),
        ("Rail", "01-01T13:00", "01-01T17:00"),
    ]


def test_categories_of_countries(tmp_path: Path) -> None:
    tables = tables_by_hand()
    tables["country"] = pd.DataFrame(
        [("KGZ", "road", 2e9), ("KGZ", "all", 2e9), ("CHN", "road", 0.0)], columns=["country", "family", "tkm_per_year"]
    )
    tables["emission_country"] = pd.DataFrame(
        [
            ("KGZ", "road", "running", "diesel", 2.4e9, 120_000.0, 180_000.0),
            ("KGZ", "road", "empty", "diesel", 0.6e9, 30_000.0, 45_000.0),
            ("KGZ", "road", "waiting", "diesel", 9e9, 9e9, 9e9),
            ("CHN", "road", "running", "diesel", 1.0, 1.0, 1.0),
        ],
        columns=["country", "family", "element", "carrier", "energy_mj_per_year", "ttw_t_per_year", "co2e_t_per_year"],
    )
    found = data_of(exported(tmp_path / "footprints.json", result_by_hand(tables)), "toc")
    (mean,) = [one for one in found if "all freight" in one["description"]]
    # 225,000 t CO2e and 3,000 TJ over 2,000 million tkm; waits are of hubs.
    assert (mean["co2eIntensityWTW"], mean["co2eIntensityTTW"]) == ("0.1125", "0.075")
    assert mean["energyCarriers"][0]["energyConsumption"] == "1.5"
    assert faults(mean, DATA["toc"]) == []


def test_the_same_result_gives_the_same_bytes(tmp_path: Path) -> None:
    exported(tmp_path / "one.json")
    exported(tmp_path / "two.json")
    assert (tmp_path / "one.json").read_bytes() == (tmp_path / "two.json").read_bytes()


@pytest.mark.parametrize("run", [{"study_hash": "cd" * 32}, {"year": 2031}, {"seed": 2}])
def test_another_result_has_other_identifiers(run: dict[str, Any], tmp_path: Path) -> None:
    one = {one["id"] for one in exported(tmp_path / "one.json")}
    assert not one & {other["id"] for other in exported(tmp_path / "two.json", result_by_hand(**run))}


@pytest.mark.parametrize("shipment", [["Kashgar"], ["", "NA", "Grain"], ["XJ"]])
def test_shipments_are_chosen_by_id_or_name(shipment: list[str], tmp_path: Path) -> None:
    assert len(data_of(exported(tmp_path / "footprints.json", shipment=shipment), "shipment")) == 1


def test_what_has_no_legs_is_refused_with_what_has(tmp_path: Path) -> None:
    with pytest.raises(ll.InputError, match=r"lists no such shipment.*XJ to NA: grain"):
        exported(tmp_path / "footprints.json", shipment=["Naryn"])
    assert list(tmp_path.iterdir()) == []


def test_names_that_are_unknown_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ll.UnknownNameError, match="coal"):
        exported(tmp_path / "footprints.json", shipment=["", "", "coal"])


def test_a_result_of_an_earlier_version_is_refused(tmp_path: Path) -> None:
    tables = tables_by_hand()
    del tables["emission_leg"]
    with pytest.raises(ll.ResultError, match=r"no table emission_leg.*solve the scenario again"):
        exported(tmp_path / "footprints.json", result_by_hand(tables))


def _changed(row: tuple[Any, ...], **cells: Any) -> tuple[Any, ...]:
    columns = tables_by_hand()["emission_leg"].columns
    return tuple(cells.get(name, cell) for name, cell in zip(columns, row, strict=True))


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"carrier": "peat"}, r"no energy carrier for it \(found 'peat'\); allowed: diesel"),
        ({"energy_mj_per_t": 0.0, "carrier": ""}, "needs the energy carrier of all emissions"),
        ({"energy_mj_per_t": 0.0, "co2e_kg_per_t": 0.0}, "no energy is accounted for a leg that is travelled"),
    ],
)
def test_what_the_data_model_cannot_say_is_refused_and_nothing_written(
    cells: dict[str, Any], told: str, tmp_path: Path
) -> None:
    rows = [*EMISSIONS[:3], _changed(EMISSIONS[3], **cells), *EMISSIONS[4:]]
    with pytest.raises(ll.InputError, match=told):
        exported(tmp_path / "footprints.json", result_by_hand(tables_by_hand(emissions=rows)))
    assert list(tmp_path.iterdir()) == []


def test_a_hub_where_nothing_is_done_is_no_element(tmp_path: Path) -> None:
    rows = [row for row in EMISSIONS if row[:5] != (*ROAD, 1)]
    found = exported(tmp_path / "footprints.json", result_by_hand(tables_by_hand(emissions=rows)))
    assert [len(one["tces"]) for one in data_of(found, "shipment")] == [5]


def test_a_way_within_a_zone_counts_its_own_distance(tmp_path: Path) -> None:
    # 40 km of collection at the origin: the place begins and ends it, so that it has no great-circle distance.
    access = (*RAIL, 500.0, 0, "access", "rail_1435", "", "", "", "", 40.0, 0.0, 0.0, 0.0, 0.0, 3.0, "")
    legs = [*LEGS[:3], access, *((*row[:5], row[5] + 1, *row[6:]) for row in LEGS[3:])]
    used = (*RAIL, 0, "access", "diesel", "transport", "rail_1435", "CHN", 40.0, float("nan"), 40.0, 3.0, 0.6, 3.6)
    later = [(*row[:4], row[4] + 1, *row[5:]) for row in EMISSIONS[4:]]
    found = exported(tmp_path / "footprints.json", result_by_hand(tables_by_hand(legs, [*EMISSIONS[:4], used, *later])))
    (shipment,) = data_of(found, "shipment")
    tce = shipment["tces"][3]
    assert (tce["distance"], tce["transportActivity"], tce["co2eWTW"]) == (
        {"actual": "40", "sfd": "40"}, "20000", "1800",
    )  # fmt: skip


@pytest.mark.usefixtures("usual_garbage")
def test_many_shipments_do_not_fill_the_memory(tmp_path: Path) -> None:
    many = 250
    keys = [f"good-{number}" for number in range(many)]
    tables = tables_by_hand(
        [(*row[:2], key, *row[3:]) for key in keys for row in LEGS],
        [(*row[:2], key, *row[3:]) for key in keys for row in EMISSIONS],
    )
    tables["commodity"] = pd.DataFrame({"commodity_id": keys, "name": keys})
    result = result_by_hand(tables)
    exported(tmp_path / "warm.json")
    tracemalloc.start()
    ll.export_ileap(result, tmp_path / "footprints.json")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    size = (tmp_path / "footprints.json").stat().st_size
    assert size > 4_000_000
    assert peak < size / 2
