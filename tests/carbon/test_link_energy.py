"""Energy of one tonne on the links of a small study: by hand, by direction, by carrier, by country and year."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import landlink as ll
from landlink.carbon.link_energy import ELEMENTS, LinkEnergy, link_energy
from landlink.carbon.road_energy import mj_per_km as truck_mj_per_km
from landlink.core.errors import InputError
from tests.support.carbon_cases import FLEET, GRID, HANDLING, electrified
from tests.support.drives import PACKAGE
from tests.support.small_study import TABLES, write_small_study

GRIDS = {"grid": f"{GRID['grid']}BBB,2023,100,0,\nBBB,2033,50,0,\n"}
RUN, CLIMB, EMPTY = range(len(ELEMENTS))


def solved(folder: Path, year: int = 2023, **replaced: str) -> tuple[LinkEnergy, list[str]]:
    tables = ll.open_study(write_small_study(folder, **replaced)).at(year).tables
    return link_energy(tables, year), tables["link"]["link_id"].tolist()


def with_columns(**columns: str) -> dict[str, str]:
    """Links with more columns; the cells of each are joined by blanks."""
    header, *rows = TABLES["link"].strip().splitlines()
    cells = [values.split(" ") for values in columns.values()]
    return {
        "link": "\n".join(
            [",".join([header, *columns]), *(",".join([r, *c]) for r, *c in zip(rows, *cells, strict=True))]
        )
    }


def test_a_level_road_is_the_truck_by_hand(tmp_path: Path) -> None:
    """100 km at 60 km/h: a loaded truck of 20 t and half an empty one back."""
    energy, links = solved(tmp_path / "s", **with_columns(max_grade_pct="0.000001 0.000001 0.000001 0.000001 0"))
    load = int(np.flatnonzero(energy.load_factors == 1.0)[0])
    found = energy.mj_per_t[load, links.index("R1"), :, energy.carriers.index("diesel")]
    truck = PACKAGE["truck_diesel"]
    loaded, empty = (float(truck_mj_per_km(truck, tonnes, 60.0)) * 100 / 20 for tonnes in (20.0, 0.0))
    for direction in (0, 1):
        assert found[direction, RUN] == pytest.approx(loaded, rel=1e-9)
        assert found[direction, CLIMB] == pytest.approx(0.0, abs=1e-5)
        assert found[direction, EMPTY] == pytest.approx(0.5 * empty, rel=1e-6)


def test_light_goods_take_more_energy_by_the_tonne(tmp_path: Path) -> None:
    energy, links = solved(tmp_path / "s")
    grain, machinery = energy.load_of.tolist()
    assert energy.load_factors.tolist() == [1.0, 1.3]
    light, heavy = (energy.wtw_kg_per_t[number, links.index("R1"), 0] for number in (machinery, grain))
    assert heavy < light < 1.3 * heavy


def test_up_takes_more_than_down_and_the_empties_come_the_other_way(tmp_path: Path) -> None:
    node = (
        TABLES["node"].replace("country\n", "country,z_coord\n").replace("AAA\n", "AAA,500\n").replace("BBB", "BBB,500")
    )
    node = node.replace("40.0,\n", "40.0,,2500\n")
    energy, links = solved(tmp_path / "s", node=node)
    found = energy.mj_per_t[0, links.index("R1"), :, energy.carriers.index("diesel")]
    assert found[0, CLIMB] > found[0, RUN] > 0
    assert found[1, CLIMB] < 0
    assert found[0, EMPTY] < found[1, EMPTY]
    assert found[0].sum() + found[1].sum() > 2 * found[0, RUN]
    lifted = 20 + PACKAGE["truck_diesel"].tare_t
    least = lifted * 1000 * 9.80665 * 2000 / 0.43 / 1e6 / 20
    assert found[0, CLIMB] == pytest.approx(least, rel=0.25)


def test_given_climbs_are_used(tmp_path: Path) -> None:
    estimated, links = solved(tmp_path / "a")
    hilly, _ = solved(tmp_path / "b", **with_columns(climb_ab_m="3000    ", climb_ba_m="3000    "))
    diesel, of = hilly.carriers.index("diesel"), links.index("R1")
    assert hilly.mj_per_t[0, of, 0, diesel, CLIMB] > 2 * estimated.mj_per_t[0, of, 0, diesel, CLIMB]
    assert np.array_equal(hilly.mj_per_t[:, 1], estimated.mj_per_t[:, 1])


def test_electric_trains_run_where_the_line_is_electrified(tmp_path: Path) -> None:
    energy, links = solved(tmp_path / "s", **GRIDS, **electrified(line="T2"))
    electricity, diesel = (energy.carriers.index(name) for name in ("electricity", "diesel"))
    used = energy.mj_per_t[0].sum(axis=(1, 3))
    assert used[links.index("T2"), electricity] > 0 == used[links.index("T2"), diesel]
    assert used[links.index("T1"), diesel] > 0 == used[links.index("T1"), electricity]
    share = dict(zip(energy.drives, energy.drive_share[links.index("T1")].tolist(), strict=True))
    assert share == {"train_diesel": 1.0, "train_electric": 0.0, "truck_diesel": 0.0}


@pytest.mark.parametrize(("year", "g_per_kwh"), [(2023, 100), (2028, 75), (2033, 50)])
def test_grids_are_linear_between_their_years(tmp_path: Path, year: int, g_per_kwh: float) -> None:
    energy, links = solved(tmp_path / "s", year, **GRIDS, **electrified(line="T2"))
    electricity = energy.carriers.index("electricity")
    assert energy.wtt_kg_per_mj[links.index("T2"), electricity] == pytest.approx(g_per_kwh / 3600, rel=1e-12)
    assert energy.ttw_kg_per_mj[electricity] == 0


@pytest.mark.parametrize(("year", "side"), [(2020, "earlier"), (2022, "earlier"), (2034, "later"), (2060, "later")])
def test_years_beyond_a_grid_are_refused_before_anything_is_solved(tmp_path: Path, year: int, side: str) -> None:
    study = ll.open_study(write_small_study(tmp_path / "s", **GRIDS, **electrified(line="T2")))
    with pytest.raises(InputError) as refused:
        _ = study.at(year).tables
    (problem,) = refused.value.problems
    assert (problem.table, problem.row, problem.column, problem.value) == ("grid", "BBB", "year", str(year))
    assert problem.message == (
        f"electricity is used in {year} (the link T2), but the rows of the grid are of 2023 to 2033"
    )
    assert problem.allowed == f"a year from 2023 to 2033, or also a row of BBB for {year} or {side}"
    # Whoever computes with tables of another year is told the same.
    with pytest.raises(InputError, match=f"electricity is used here in {year}, but the rows of the grid are of 2023"):
        link_energy(study.at(2023).tables, year)


def test_all_grids_that_a_year_lacks_are_told_at_once(tmp_path: Path) -> None:
    lines = electrified(line="T1")
    lines["link"] = "\n".join(row[:-1] + "1" if row.startswith("T2,") else row for row in lines["link"].splitlines())
    study = ll.open_study(write_small_study(tmp_path / "s", **GRIDS, **lines))
    with pytest.raises(InputError) as refused:
        _ = study.at(2061).tables
    assert [problem.row for problem in refused.value.problems] == ["AAA", "BBB"]


def test_a_year_beyond_a_grid_that_nobody_uses_is_no_error(tmp_path: Path) -> None:
    terminal = f"{HANDLING}rail,road,diesel,0.5\n"
    energy, _ = solved(tmp_path / "s", 2070, handling=terminal, **GRIDS)
    assert "electricity" not in energy.carriers


def test_a_project_cannot_feed_a_grid_of_another_year(tmp_path: Path) -> None:
    rows = "project_id,technology,country,mw,capacity_factor,open_from\ndam,hydro,AAA,100,0.5,2030\n"
    study = ll.open_study(write_small_study(tmp_path / "s", renewable=rows, **GRIDS))
    assert len(study.at(2029).tables["renewable"]) == 1
    with pytest.raises(InputError, match=r"row AAA, column year: electricity is used in 2070 \(the project dam\)"):
        _ = study.at(2070).tables


@pytest.mark.parametrize("year", [2000, 2023, 2050])
def test_the_grid_of_the_package_reaches_the_years_that_are_planned_for(tmp_path: Path, year: int) -> None:
    study = ll.open_study(write_small_study(tmp_path / "s", **electrified(line="T2")))
    energy = link_energy(study.at(year).tables, year)
    assert "electricity" in energy.carriers


@pytest.mark.parametrize("year", [1999, 2051])
def test_the_grid_of_the_package_is_no_guess_beyond_them(tmp_path: Path, year: int) -> None:
    study = ll.open_study(write_small_study(tmp_path / "s", **electrified(line="T2")))
    with pytest.raises(
        InputError, match=r"the package's grid are of 2000 to 2050.*a table grid of the study with a row"
    ):
        _ = study.at(year).tables


def test_losses_on_the_way_are_generated_too(tmp_path: Path) -> None:
    energy, links = solved(tmp_path / "s", **GRIDS, **electrified(line="T1"))
    found = energy.wtt_kg_per_mj[links.index("T1"), energy.carriers.index("electricity")]
    assert found == pytest.approx(500 / 3600 / 0.9, rel=1e-12)


def test_a_grid_that_a_measure_takes_away_is_told(tmp_path: Path) -> None:
    tables = dict(ll.open_study(write_small_study(tmp_path / "s", **GRIDS, **electrified(line="T2"))).at(2023).tables)
    tables["grid"] = tables["grid"][tables["grid"]["country"] != "BBB"]
    with pytest.raises(InputError, match="grid, row BBB, column country: electricity is used here, but its emissions"):
        link_energy(tables, 2023)


def test_fleets_are_linear_between_their_years(tmp_path: Path) -> None:
    rows = ["road,*,2020,truck_diesel,1,1", "road,*,2030,truck_diesel,0.5,1", "road,*,2030,truck_battery,0.5,1"]
    fleet = "\n".join([FLEET.strip() + ",energy_factor", *rows, "road,BBB,2020,truck_diesel,1,1.2"])
    energy, links = solved(tmp_path / "s", 2023, fleet=fleet)
    share = dict(zip(energy.drives, energy.drive_share[links.index("R1")].tolist(), strict=True))
    assert share["truck_battery"] == pytest.approx(0.15)
    assert share["truck_diesel"] == pytest.approx(0.85)
    plain, _ = solved(tmp_path / "p", 2023)
    of_diesel, diesel = energy.carriers.index("diesel"), plain.carriers.index("diesel")
    r1, r2 = links.index("R1"), links.index("R2")
    assert energy.mj_per_t[0, r1, 0, of_diesel] == pytest.approx(0.85 * plain.mj_per_t[0, r1, 0, diesel])
    assert energy.mj_per_t[0, r2, 0, of_diesel] == pytest.approx(1.2 * plain.mj_per_t[0, r2, 0, diesel])


def test_a_corridor_has_a_fleet_of_its_own(tmp_path: Path) -> None:
    fleet = "mode,country,corridor_id,year,drive_id,share\nroad,*,,2023,truck_diesel,1\nroad,*,silk,2023,truck_lng,1\n"
    energy, links = solved(tmp_path / "s", fleet=fleet, **with_columns(corridor="silk    "))
    lng = energy.carriers.index("lng")
    used = energy.mj_per_t[0, :, 0, lng].sum(axis=-1) > 0
    assert {name for name, runs in zip(links, used.tolist(), strict=True) if runs} == {"R1"}


def test_a_measure_can_electrify_a_line(tmp_path: Path) -> None:
    effect = f"{TABLES['effect']}easy-gate,link,T1,electrified,set,1\n"
    study = ll.open_study(write_small_study(tmp_path / "s", effect=effect, **GRIDS, **electrified(line="T2")))
    before, after = (link_energy(one.tables_in(2023), 2023) for one in (study, study.apply("easy-gate")))
    place = study.tables_in(2023)["link"]["link_id"].tolist().index("T1")
    assert after.mj_per_t[0, place].sum() < 0.6 * before.mj_per_t[0, place].sum()


def test_a_dam_lowers_the_grid_by_what_it_replaces(tmp_path: Path) -> None:
    """100 MW at 0.5 give 438 GWh of 10,000; they replace 800 g/kWh: 500 - 800 * 0.0438 = 464.96 g/kWh."""
    header = "project_id,technology,country,mw,capacity_factor,displaced_g_per_kwh,open_from"
    rows = f"{header}\ndam,hydro,AAA,100,0.5,800,2030\n"
    grids = {"grid": f"{GRIDS['grid']}AAA,2033,500,10,10000\n"}
    for year, grams in ((2029, 500.0), (2030, 464.96)):
        energy, links = solved(tmp_path / str(year), year, renewable=rows, **grids, **electrified(line="T1"))
        found = energy.wtt_kg_per_mj[links.index("T1"), energy.carriers.index("electricity")]
        assert found * 3600 * 0.9 == pytest.approx(grams, rel=1e-9)


def test_what_stands_in_is_told(tmp_path: Path) -> None:
    energy, _ = solved(tmp_path / "s")
    assert "carrier, grid, drive, handling" in energy.notices[0]
    assert energy.notices[1].endswith("road, rail")


def test_totals_are_the_sums_of_the_parts(tmp_path: Path) -> None:
    energy, _ = solved(tmp_path / "s", **GRIDS, **electrified(line="T2"))
    parts = (energy.ttw_kg_per_t + energy.wtt_kg_per_t).sum(axis=(-1, -2))
    assert np.allclose(parts, energy.wtw_kg_per_t, rtol=1e-12)


@pytest.mark.parametrize(("year", "told"), [(2023, False), (2026, False), (2030, False), (2031, True)])
def test_fleets_held_beyond_their_years_are_told(tmp_path: Path, year: int, told: bool) -> None:
    fleet = "mode,country,corridor_id,year,drive_id,share\nroad,*,,2023,truck_diesel,1\nroad,*,,2030,truck_diesel,1\n"
    energy, _ = solved(tmp_path / "s", year, fleet=fleet)
    held = [text for text in energy.notices if "table fleet has no row beyond" in text]
    expected = [f"shares of drives in {year} are those of 2030, since the table fleet has no row beyond: road"]
    assert held == (expected if told else [])
