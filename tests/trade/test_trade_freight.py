"""Freight made of the trade between countries, by hand on a study of two ports."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import landlink as ll
from landlink.cli import main
from landlink.trade.study_world import study_world
from tests.support.trading_study import TRADE_TABLES, trading_study, write_trading_study

#: AAA has two zones of unequal product; Z3 is at the border, less than 150 km from Z2.
TWO_ZONES = """
zone_id,name,node_id,country,kind,population,gdp_musd
Z1,West,N1,AAA,internal,1000,30
Z3,Middle,X,AAA,internal,3000,10
Z2,East,N2,BBB,internal,1000,10
"""
GATEWAYS = """
zone_id,name,node_id,country,kind
Z1,West,N1,AAA,internal
Z2,East,N2,BBB,internal
G,Gate,X,BBB,gateway
H,Harbour,N2,BBB,gateway
"""
#: 2 degrees along the parallel of 40 degrees.
KM = 2 * 6371.0088 * np.arcsin(np.cos(np.radians(40)) * np.sin(np.radians(1)))


def tonnes(found: ll.trade.FreightDemand, commodity: str) -> dict[tuple[str, str], float]:
    rows = found.table[found.table["commodity_id"] == commodity]
    ends = zip(rows["origin_zone_id"], rows["destination_zone_id"], strict=True)
    return dict(zip(ends, rows["tonnes_per_year"], strict=True))


def test_values_over_densities_are_tonnes_and_what_has_no_place_is_listed(tmp_path: Path) -> None:
    found = ll.trade.freight_demand(trading_study(tmp_path / "s"))
    assert tonnes(found, "grain") == {("Z1", "Z2"): 500_000, ("Z2", "Z1"): 133_333.333}
    assert tonnes(found, "machinery") == {("Z1", "Z2"): 375_000}
    assert (set(found.table["kind"]), set(found.table["quality"])) == ({"trade"}, {"estimated"})
    assert set(found.table["exporter"]) == set(found.table["importer"]) == {""}
    left = found.left_out.set_index(["exporter", "importer"])
    assert left["value_usd_per_year"].to_dict() == {("AAA", "CCC"): 2e9, ("BBB", "CCC"): 0.3e9, ("CCC", "AAA"): 4e9}
    assert set(left["reason"]) == {"no zone or gateway"}
    assert set(left["unplaced"]) == {"CCC"}


def test_zone_pairs_fall_with_distance_from_150_km(tmp_path: Path) -> None:
    study = trading_study(tmp_path / "s", zone=TWO_ZONES)
    found = tonnes(ll.trade.freight_demand(study), "machinery")
    far, near = 0.75 / KM, 0.25 / 150
    assert found["Z1", "Z2"] == pytest.approx(375_000 * far / (far + near), abs=0.001)
    assert found["Z3", "Z2"] == pytest.approx(375_000 * near / (far + near), abs=0.001)
    level = tonnes(ll.trade.freight_demand(study, decay=0), "machinery")
    assert level["Z1", "Z2"] == pytest.approx(0.75 * 375_000)
    # Buyers count by product and population alike: 1/2 (3/4 + 1/4) and 1/2 (1/4 + 3/4).
    back = tonnes(ll.trade.freight_demand(study, decay=0), "grain")
    assert back["Z2", "Z1"] == pytest.approx(back["Z2", "Z3"])


def test_known_places_of_production_replace_product(tmp_path: Path) -> None:
    share = "zone_id,commodity_id,produces,consumes\nZ3,grain,5,\n"
    found = ll.trade.freight_demand(trading_study(tmp_path / "s", zone=TWO_ZONES, zone_share=share))
    assert tonnes(found, "grain")["Z3", "Z2"] == 500_000
    assert ("Z1", "Z2") not in tonnes(found, "grain")
    assert ("Z1", "Z2") in tonnes(found, "machinery")


def test_small_pairs_give_their_tonnes_to_the_others_and_the_largest_stays(tmp_path: Path) -> None:
    study = trading_study(tmp_path / "s", zone=TWO_ZONES)
    assert tonnes(ll.trade.freight_demand(study, smallest_t=200_000), "machinery") == {("Z1", "Z2"): 375_000}
    assert tonnes(ll.trade.freight_demand(study, smallest_t=370_000), "machinery") == {("Z1", "Z2"): 375_000}
    found = ll.trade.freight_demand(study, smallest_t=400_000)
    assert tonnes(found, "machinery") == {}
    small = found.left_out[found.left_out["reason"] == "too few tonnes between zones"]
    assert small["value_usd_per_year"].tolist() == [3e9, 40e6]


def test_gateways_keep_their_shares_and_name_the_country(tmp_path: Path) -> None:
    gateway = "country,zone_id,share\nCCC,G,0.3\nCCC,H,0.7\n"
    found = ll.trade.freight_demand(trading_study(tmp_path / "s", zone=GATEWAYS, gateway=gateway))
    out = tonnes(found, "machinery")
    assert (out["Z1", "G"], out["Z1", "H"]) == (pytest.approx(75_000), pytest.approx(175_000))
    rows = found.table.set_index(["origin_zone_id", "destination_zone_id", "commodity_id"])
    assert rows.loc[("Z1", "G", "machinery"), ["exporter", "importer"]].tolist() == ["", "CCC"]
    assert rows.loc[("H", "Z1", "machinery"), ["exporter", "importer"]].tolist() == ["CCC", ""]
    assert found.left_out.empty


def test_a_row_for_several_countries_states_their_shares(tmp_path: Path) -> None:
    gateway = "country,zone_id,share\nCCC,G,1\nDDD,G,1\n"
    sold = ["AAA,DDD,machinery,6e9,0", "CCC,DDD,grain,30e6,0"]
    none = [f"{pair},other,,1" for pair in ("DDD,AAA", "BBB,DDD", "DDD,BBB", "DDD,CCC")]
    tables = {
        "trade": "\n".join([TRADE_TABLES["trade"].rstrip(), *sold, *none]),
        "trade_country": TRADE_TABLES["trade_country"].rstrip() + "\nDDD,100e9,190e9\n",
    }
    found = ll.trade.freight_demand(trading_study(tmp_path / "s", zone=GATEWAYS, gateway=gateway, **tables))
    row = found.table[(found.table["destination_zone_id"] == "G") & (found.table["commodity_id"] == "machinery")]
    assert row["importer"].tolist() == ["CCC=0.25;DDD=0.75"]
    assert row["tonnes_per_year"].tolist() == [1_000_000]
    # Both have the same gateway: nothing moves between zones.
    assert found.left_out["reason"].tolist() == ["no two different zones"]


def test_a_study_made_so_has_the_freight_of_its_trade_and_solves(tmp_path: Path) -> None:
    gateway = "country,zone_id,share\nCCC,G,0.3\nCCC,H,0.7\n"
    folder = write_trading_study(tmp_path / "s", zone=GATEWAYS, gateway=gateway)
    found = ll.trade.freight_demand(ll.open_study(folder), smallest_t=0)
    made = found.save(tmp_path / "made.csv")
    with pytest.raises(ll.OutputError, match="in use"):
        found.save(folder / "demand.csv", force=True)
    shutil.copy(made, folder / "demand.csv")
    assert found.save(folder / "demand.csv").read_bytes() == made.read_bytes()
    study = ll.open_study(folder)
    world = study_world(study.tables)
    goods = world.accounts.trade[:, :, :-1] * ~np.eye(3, dtype=bool)[:, :, None]
    assert world.freight[:, :, :-1] == pytest.approx(goods, rel=1e-8, abs=1)
    result = ll.solve(study.scenario("today"))
    assert result.indicator("total.tonnes_per_year") == pytest.approx(study.tables["demand"]["tonnes_per_year"].sum())


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    values=st.lists(st.floats(0, 1e11), min_size=4, max_size=4),
    decay=st.floats(0, 4),
    smallest=st.floats(0, 1e6),
)
def test_every_flow_keeps_its_tonnes_or_is_listed(
    study: ll.Study, values: list[float], decay: float, smallest: float
) -> None:
    keys = [("AAA", "BBB", "grain"), ("AAA", "BBB", "machinery"), ("BBB", "AAA", "grain"), ("BBB", "AAA", "machinery")]
    trade = study.tables["trade"].iloc[:4].copy()
    trade[["exporter", "importer", "commodity_id"]] = keys
    trade["value_usd_per_year"] = values
    density = {"grain": 300, "machinery": 8000}
    due = {key: value / density[key[2]] for key, value in zip(keys, values, strict=True) if value > 0}
    if all(total < smallest for total in due.values()):
        return
    found = ll.trade.freight_demand(study, trade, decay=decay, smallest_t=smallest)
    country = {"Z1": "AAA", "Z3": "AAA", "Z2": "BBB"}
    ends = (found.table[f"{end}_zone_id"].map(country) for end in ("origin", "destination"))
    sums = found.table["tonnes_per_year"].groupby([*ends, found.table["commodity_id"]]).sum().to_dict()
    left = set(zip(*(found.left_out[name] for name in ("exporter", "importer", "commodity_id")), strict=True))
    for key, total in due.items():
        if key in left:
            assert total < smallest
        else:
            assert sums.get(key, 0.0) == pytest.approx(total, abs=0.002)


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> ll.Study:
    return trading_study(tmp_path_factory.mktemp("two") / "s", zone=TWO_ZONES)


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("AAA,BBB,garin,5e6,0", "grain"),
        ("AAA,XYZ,grain,5e6,0", "XYZ"),
        ("AAA,BBB,grain,,0", "the value is empty"),
        ("AAA,BBB,other,5e6,0", "none of it is freight between zones"),
        ("AAA,CCC,grain,5e6,0", "none of it is freight between zones"),
    ],
)
def test_trade_that_cannot_be_freight_is_refused(tmp_path: Path, study: ll.Study, row: str, told: str) -> None:
    (tmp_path / "own.csv").write_text(f"exporter,importer,commodity_id,value_usd_per_year,blank_is_zero\n{row}\n")
    with pytest.raises(ll.InputError, match=told):
        ll.trade.freight_demand(study, tmp_path / "own.csv")


@pytest.mark.parametrize("wrong", [{"decay": -1.0}, {"decay": 11.0}, {"smallest_t": float("nan")}])
def test_invalid_numbers_are_refused(study: ll.Study, wrong: dict[str, float]) -> None:
    with pytest.raises(ll.InputError, match="invalid number"):
        ll.trade.freight_demand(study, **wrong)


def test_a_study_whose_demand_only_stands_in_gets_one(tmp_path: Path) -> None:
    row = "origin_zone_id,destination_zone_id,commodity_id,tonnes_per_year\nZ1,Z2,grain,0"
    assert len(ll.trade.freight_demand(trading_study(tmp_path / "s", demand=row)).table) == 3


def test_the_command_says_what_it_made_and_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_trading_study(tmp_path / "s")
    monkeypatch.chdir(tmp_path)
    assert main(["trade", "demand", "s", "-o", "demand.csv"]) == 0
    said = capsys.readouterr().out
    assert "3 rows of freight between zones" in said
    assert "Left out: 6.30 bn USD, 3 flows of trade: no zone or gateway" in said
    assert "CCC 6.30" in said
    first = Path("demand.csv").read_bytes()
    assert main(["trade", "demand", "s", "-o", "demand.csv", "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert Path("demand.csv").read_bytes() == first
    assert (facts["rows"], len(facts["left_out"])) == (3, 3)
    assert pd.read_csv("demand.csv")["tonnes_per_year"].sum() == pytest.approx(1_008_333.333)
    assert main(["trade", "demand", "s", "--decay", "far"]) == 2
    assert "--decay" in capsys.readouterr().err
