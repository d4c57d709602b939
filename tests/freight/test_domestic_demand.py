"""Domestic freight from national totals, on a network small enough for its distances to be known."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

import landlink as ll
from tests.support.domestic_study import TOTAL, domestic_study


def made(folder: Path, total: str = TOTAL, **replaced: str) -> ll.DomesticDemand:
    study = ll.open_study(domestic_study(folder, domestic_total=total, **replaced))
    return ll.domestic_demand(study, smallest_t=0)


def test_tonnes_and_tonne_kilometres_of_every_total_are_met(tmp_path: Path) -> None:
    found = made(tmp_path / "s")
    km = {("Z1", "Z3"): 120, ("Z3", "Z4"): 300, ("Z1", "Z4"): 420}
    road, rail = (found.table[found.table["alternatives"] == way] for way in ("road", "rail"))
    assert set(zip(road["origin_zone_id"], road["destination_zone_id"], strict=True)) == {
        pair for a, b in km for pair in ((a, b), (b, a))
    }
    assert road["tonnes_per_year"].sum() == pytest.approx(900_000, abs=3)
    hauls = [km[min((a, b), (b, a))] for a, b in zip(road["origin_zone_id"], road["destination_zone_id"], strict=True)]
    assert (road["tonnes_per_year"] * hauls).sum() == pytest.approx(189e6, rel=1e-5)
    # The railway serves one pair of zones, whose haul is the mean; the way to the terminal is no tonne-kilometre.
    assert rail["tonnes_per_year"].sum() == pytest.approx(100_000)
    assert set(rail["origin_zone_id"]) == {"Z1", "Z3"}
    assert set(found.table["quality"]) == {"estimated"}
    assert found.totals["mean_km"].tolist() == pytest.approx([210, 120])


def test_zones_send_by_product_and_take_by_product_and_population(tmp_path: Path) -> None:
    # All hauls the same length in effect: the mean haul of the masses themselves leaves no decay.
    found = made(tmp_path / "s", "country,alternative,commodity_id,tonnes_per_year\nAAA,road,grain,1000000\n")
    tonnes = found.table.set_index(["origin_zone_id", "destination_zone_id"])["tonnes_per_year"]
    made_, used = {"Z1": 0.25, "Z3": 0.25, "Z4": 0.5}, {"Z1": 0.25, "Z3": 0.375, "Z4": 0.375}
    km = {("Z1", "Z3"): 120, ("Z3", "Z4"): 300, ("Z1", "Z4"): 420}
    weight = {(a, b): made_[a] * used[b] / km[min((a, b), (b, a))] for a, b in tonnes.index}
    for pair, value in tonnes.items():
        assert value == pytest.approx(1e6 * weight[pair] / sum(weight.values()), abs=1)
    assert found.totals["decay_per_km"].isna().all()


def test_known_places_of_production_replace_masses(tmp_path: Path) -> None:
    share = "zone_id,commodity_id,produces,consumes\nZ4,grain,3,\nZ3,grain,1,\nZ1,grain,,1\n"
    found = made(
        tmp_path / "s", TOTAL.replace("AAA,rail,grain,100000,12000000\n", "").replace("189", "351"), zone_share=share
    )
    tonnes = found.table.set_index(["origin_zone_id", "destination_zone_id"])["tonnes_per_year"]
    assert sorted(tonnes.index) == [("Z3", "Z1"), ("Z4", "Z1")]
    # 390 km on average, of 120 and 420.
    assert tonnes["Z4", "Z1"] == pytest.approx(810_000, abs=1)


def test_distance_bands_are_met_one_by_one(tmp_path: Path) -> None:
    total = """country,alternative,commodity_id,from_km,to_km,tonnes_per_year
AAA,road,grain,0,200,50000
AAA,road,grain,200,350,7000
AAA,road,grain,350,,1000
"""
    found = made(tmp_path / "s", total)
    tonnes = found.table.set_index(["origin_zone_id", "destination_zone_id"])["tonnes_per_year"]
    for pair, value in ((("Z1", "Z3"), 50_000), (("Z3", "Z4"), 7000), (("Z1", "Z4"), 1000)):
        assert tonnes[pair] + tonnes[pair[::-1]] == pytest.approx(value, abs=1)


def test_short_hauls_stay_within_zones(tmp_path: Path) -> None:
    total = "country,alternative,commodity_id,tonnes_per_year,tkm_per_year,haul_spread\nAAA,road,grain,9e6,5.4e8,1.2\n"
    found = made(tmp_path / "s", total)
    (row,) = found.totals.to_dict("records")
    # Nearest zones: 120 km from Z1 and Z3, 300 km from Z4, by what they send.
    assert 120 < row["beyond_km"] < 300
    assert row["tonnes_per_year"] + row["within_zones_t"] == pytest.approx(9e6)
    assert row["mean_km"] > row["beyond_km"]
    assert row["tonnes_per_year"] < 0.2 * 9e6


def test_rows_of_a_group_share_one_decay(tmp_path: Path) -> None:
    total = """country,alternative,commodity_id,tonnes_per_year,tkm_per_year,group
AAA,road,grain,900000,100000000,all
AAA,road,machinery,100000,110000000,all
"""
    share = "zone_id,commodity_id,produces,consumes\nZ4,machinery,1,\n"
    found = made(tmp_path / "s", total, zone_share=share)
    assert found.totals["decay_per_km"].nunique() == 1
    assert found.totals["tkm_per_year"].sum() == pytest.approx(210e6, rel=1e-9)
    assert found.totals["mean_km"].iloc[0] < found.totals["mean_km"].iloc[1]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("AAA,road,grain,1e6,9e9", "the mean haul is out of the reach of its pairs of zones (found '9000 km')"),
        (
            "BBB,road,grain,1e6,1e8",
            "no two zones are in this country (found 'BBB'); allowed: a country with two internal",
        ),
        ("AAA,raod,grain,1e6,1e8", "unknown alternative (found 'raod'); allowed: road, rail; did you mean 'road'?"),
        ("AAA,road,gran,1e6,1e8", "unknown commodity_id (found 'gran')"),
        ("AAA,road,grain,-1,1e8", "out of bounds"),
    ],
)
def test_totals_that_cannot_be_are_refused_by_name(tmp_path: Path, row: str, message: str) -> None:
    study = ll.open_study(domestic_study(tmp_path / "s"))
    path = tmp_path / "t.csv"
    path.write_text(f"country,alternative,commodity_id,tonnes_per_year,tkm_per_year\n{row}\n")
    with pytest.raises(ll.InputError) as caught:
        ll.domestic_demand(study, path)
    assert any(message in str(problem) for problem in caught.value.problems), str(caught.value)


def test_no_totals_and_invalid_tonnes_are_refused(tmp_path: Path) -> None:
    study = ll.open_study(domestic_study(tmp_path / "s"))
    with pytest.raises(ll.InputError, match="there are no totals"):
        ll.domestic_demand(study)
    with pytest.raises(ll.InputError, match="invalid tonnes"):
        ll.domestic_demand(study, smallest_t=math.nan)


def test_the_table_is_written_read_by_the_study_and_replaced(tmp_path: Path) -> None:
    folder = domestic_study(tmp_path / "s", domestic_total=TOTAL)
    (folder / "demand_domestic.csv").unlink()
    found = ll.domestic_demand(ll.open_study(folder))
    path = found.save(folder / "demand_domestic.csv")
    again = ll.open_study(folder)
    assert len(again.tables["demand_domestic"]) == len(found.table)
    assert again.at(2023).tables["demand"]["tonnes_per_year"].sum() == pytest.approx(1_800_000, abs=5)
    found.save(path)
    path.write_text("mine\n")
    with pytest.raises(ll.OutputError):
        found.save(path)
