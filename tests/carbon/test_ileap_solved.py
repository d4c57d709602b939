"""The iLEAP export of solved studies, in Python and from the shell."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import landlink as ll
from landlink.cli import main
from tests.support.ileap_schemas import DATA, faults, footprint_schema
from tests.support.small_study import TABLES, write_small_study

_KINDS = {"shipment": "shipment-footprint", "toc": "toc", "hoc": "hoc"}


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Result folder of the small study, its ports in China and Kyrgyzstan."""
    folder = tmp_path_factory.mktemp("ileap")
    here = {name: text.replace("AAA", "CHN").replace("BBB", "KGZ") for name, text in TABLES.items()}
    study = ll.open_study(write_small_study(folder / "study", **here))
    return ll.solve(study.scenario("today")).save(folder / "today")


def footprints(path: Path) -> dict[str, list[dict[str, Any]]]:
    """Product footprints of a file by kind, each of which satisfies its schema."""
    found: dict[str, list[dict[str, Any]]] = {kind: [] for kind in _KINDS}
    for one in json.loads(path.read_text(encoding="utf-8"))["data"]:
        kind = one["productIds"][0].split(":")[5]
        assert faults(one, footprint_schema(_KINDS[kind])) == []
        found[kind].append(one)
    return found


def test_emissions_are_those_of_the_legs(saved: Path, tmp_path: Path) -> None:
    result = ll.open_result(saved)
    ll.export_ileap(result, tmp_path / "footprints.json")
    (shipment,) = footprints(tmp_path / "footprints.json")["shipment"]
    legs, used = result["leg"], result["emission_leg"]
    tonnes = legs.groupby("alternative")["tonnes_per_year"].first()
    per_t = used.groupby("alternative")["co2e_kg_per_t"].sum()
    expected = math.fsum(tonnes[name] * per_t[name] for name in tonnes.index)
    assert float(shipment["pcf"]["pCfExcludingBiogenic"]) == pytest.approx(expected, rel=1e-8)
    data = shipment["extensions"][0]["data"]
    assert float(data["mass"]) == pytest.approx(tonnes.sum() * 1000, rel=1e-8)
    assert {tce["origin"]["country"] for tce in data["tces"]} == {"CN", "KG"}


def test_every_category_that_a_shipment_names_is_there(saved: Path, tmp_path: Path) -> None:
    ll.export_ileap(ll.open_result(saved), tmp_path / "footprints.json")
    found = footprints(tmp_path / "footprints.json")
    tces = [tce for one in found["shipment"] for tce in one["extensions"][0]["data"]["tces"]]
    for kind in ("toc", "hoc"):
        listed = {one["extensions"][0]["data"][f"{kind}Id"] for one in found[kind]}
        named = {tce[f"{kind}Id"] for tce in tces if f"{kind}Id" in tce}
        assert named
        assert named <= listed
    assert any("all freight of the year" in one["productDescription"] for one in found["toc"])


def test_the_mean_of_a_country_is_that_of_its_links(saved: Path, tmp_path: Path) -> None:
    result = ll.open_result(saved)
    ll.export_ileap(result, tmp_path / "footprints.json")
    means = {one["productDescription"]: one["pcf"] for one in footprints(tmp_path / "footprints.json")["toc"]}
    links = result["emission_link"].merge(result["link"][["link_id", "direction", "country"]])
    road = links[(links["family"] == "road") & (links["country"] == "CHN")]
    # Stops on the way belong to the transport operation, and are listed by place.
    places = result["emission_place"]
    stops = places[(places["kind"] == "stop") & places["place_id"].isin(road["link_id"])]
    expected = (road["co2e_t_per_year"].sum() + stops["co2e_t_per_year"].sum()) * 1000 / road["tkm_per_year"].sum()
    found = means["Road in China: all freight of the year, by the distance travelled"]["pCfExcludingBiogenic"]
    assert float(found) == pytest.approx(expected, rel=1e-6)


def test_a_pair_that_is_not_listed_is_traced(saved: Path, tmp_path: Path) -> None:
    result = ll.open_result(saved)
    ll.export_ileap(result, tmp_path / "footprints.json", shipment=["East", "West"])
    found = footprints(tmp_path / "footprints.json")
    (shipment,) = found["shipment"]
    assert shipment["productDescription"].startswith("Grain, East - West")
    assert not any("all freight of the year" in one["productDescription"] for one in found["toc"])
    od = result["od"]
    sent = od[(od["origin_zone_id"] == "Z2") & (od["tonnes_per_year"] > 0)]
    mass = Decimal(shipment["extensions"][0]["data"]["mass"])
    assert float(mass) == pytest.approx(sent["tonnes_per_year"].sum() * 1000, rel=1e-6)


def test_nothing_goes_that_way(saved: Path, tmp_path: Path) -> None:
    with pytest.raises(ll.InputError, match="lists no such shipment"):
        ll.export_ileap(ll.open_result(saved), tmp_path / "x.json", shipment=["East", "West", "machinery"])


def test_the_command_writes_what_python_writes(saved: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target, beside = tmp_path / "footprints.json", tmp_path / "tad.json"
    words = ["export", str(saved), "--ileap", str(target), "--activity", str(beside), "--from", "West", "--to", "Z2"]
    assert main(words) == 0
    assert "footprints.json" in capsys.readouterr().out
    ll.export_ileap(ll.open_result(saved), tmp_path / "other.json", shipment=["Z1", "Z2"])
    assert target.read_bytes() == (tmp_path / "other.json").read_bytes()
    activities = json.loads(beside.read_text(encoding="utf-8"))["data"]
    assert activities
    assert all(faults(one, DATA["tad"]) == [] for one in activities)
    assert main([*words, "--json"]) == 0  # what an export made is replaced
    assert json.loads(capsys.readouterr().out)["written"] == [str(target), str(beside)]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--ileap", "x.txt"], "must end in .json"),
        (["--ileap", "x.json", "--to", "csv"], "names a zone"),
        (["--ileap", "x.json", "-o", "y.json"], "leave -o out"),
        (["--ileap", "x.json", "--from", "Osh"], "no such name"),
        (["--ileap", "x.json", "--commodity", "coal"], "no such name"),
        (["--ileap", "x.json", "--activity", "x.json"], "a file each"),
        (["--to", "csv", "--from", "West"], "needs --ileap"),
        (["--to", "csv", "--company", "Ministry"], "needs --ileap"),
        ([], "--ileap"),
    ],
)
def test_wrong_words_are_refused(
    words: list[str],
    told: str,
    saved: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["export", str(saved), *words]) == 2
    printed = capsys.readouterr()
    assert told in printed.err
    assert "Traceback" not in printed.err
    assert list(tmp_path.iterdir()) == []


def test_a_file_of_somebody_else_is_kept(saved: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "footprints.json"
    target.write_text('{"data": []}', encoding="utf-8")
    assert main(["export", str(saved), "--ileap", str(target)]) == 2
    assert "--force" in capsys.readouterr().err
    assert target.read_text(encoding="utf-8") == '{"data": []}'
    assert main(["export", str(saved), "--ileap", str(target), "--force"]) == 0


def test_a_result_without_emissions_is_refused(saved: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    result = ll.open_result(saved)
    tables = {name: table for name, table in result.tables.items() if not name.startswith("emission")}
    old = replace(result, tables=tables).save(tmp_path / "old")
    assert main(["export", str(old), "--ileap", str(tmp_path / "x.json")]) == 2
    told = capsys.readouterr().err
    assert "emission_leg" in told
    assert "landlink run" in told


def test_the_owner_of_the_data_is_named(saved: Path, tmp_path: Path) -> None:
    ll.export_ileap(ll.open_result(saved), tmp_path / "x.json", company="Ministry of Transport")
    one = footprints(tmp_path / "x.json")["shipment"][0]
    assert one["companyName"] == "Ministry of Transport"
    assert one["companyIds"] == ["urn:pathfinder:company:customcode:vendor-assigned:Ministry%20of%20Transport"]


@pytest.mark.parametrize("shipment", ["Kashgar", ["Z1", "Z2", "machinery", "road"]])
def test_a_shipment_named_by_something_else_is_refused(saved: Path, tmp_path: Path, shipment: Any) -> None:
    with pytest.raises(ll.InputError, match="origin, destination and commodity"):
        ll.export_ileap(ll.open_result(saved), tmp_path / "x.json", shipment=shipment)
