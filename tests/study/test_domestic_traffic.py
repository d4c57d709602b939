"""Domestic freight and cars in the tables of a year: switches, classes of roads, and faults by name."""

from __future__ import annotations

from pathlib import Path

import pytest

import landlink as ll
from tests.support.domestic_study import BACKGROUND, DOMESTIC, domestic_study

OFF = "[demand]\ndomestic = false\n[background]\ncars = false\n"
ON = ("demand_domestic *: included 1", "background *: included 1")


def test_domestic_rows_join_the_demand_unless_switched_off(tmp_path: Path) -> None:
    on = ll.open_study(domestic_study(tmp_path / "on")).at(2023).tables["demand"]
    off = ll.open_study(domestic_study(tmp_path / "off", OFF)).at(2023).tables["demand"]
    assert len(on) == len(off) + 3
    assert on["alternatives"].tolist()[-3:] == ["road", "rail", ""]
    assert on["kind"].tolist()[-3:] == ["domestic"] * 3


def test_measures_switch_what_the_settings_leave_out(tmp_path: Path) -> None:
    study = ll.open_study(domestic_study(tmp_path / "s", OFF, background=BACKGROUND))
    assert (study.at(2023).tables["link"]["background_vehicles_per_day"] == 0).all()
    changed = study.what_if(*ON).at(2023)
    assert len(changed.tables["demand"]) == 6
    assert not changed.idle_effects
    some = study.what_if("demand_domestic Z4: included 1").at(2023).tables["demand"]
    assert some["origin_zone_id"].tolist()[3:] == ["Z4"]
    within = study.what_if("demand_domestic AAA->Z3: included 1").at(2023).tables["demand"]
    assert within["alternatives"].tolist()[3:] == ["road", "rail"]
    # And the other way round, where they count.
    with_it = ll.open_study(domestic_study(tmp_path / "t"))
    assert len(with_it.what_if("demand_domestic *: included 0").at(2023).tables["demand"]) == 3


def test_a_change_of_rows_that_do_not_count_says_so(tmp_path: Path) -> None:
    study = ll.open_study(domestic_study(tmp_path / "s", OFF)).what_if("demand_domestic *: tonnes_per_year x2")
    (idle,) = study.at(2023).idle_effects
    assert (idle.reason, idle.whole) == ("left_out", True)


def test_a_study_without_the_tables_keeps_its_hash(tmp_path: Path) -> None:
    blank = {"demand_domestic": DOMESTIC.strip().splitlines()[0], "background": BACKGROUND.strip().splitlines()[0]}
    one, two = (ll.open_study(domestic_study(tmp_path / name, "", **blank)) for name in ("one", "two"))
    assert one.hash == two.hash
    (tmp_path / "two/study.toml").write_text(
        (tmp_path / "two/study.toml").read_text() + "\n[demand]\ndomestic = true\n"
    )
    (tmp_path / "two/demand_domestic.csv").unlink()
    assert ll.open_study(tmp_path / "two").hash == one.hash


def test_cars_load_links_by_class_and_country_and_grow(tmp_path: Path) -> None:
    study = ll.open_study(domestic_study(tmp_path / "s", background=BACKGROUND))
    link = study.at(2023).tables["link"].set_index("link_id")
    assert link["background_vehicles_per_day"].to_dict() == pytest.approx(
        {"R1": 50, "R2": 30, "R3": 50, "R4": 0, "T1": 0, "T2": 0, "T3": 0}
    )
    assert link.loc["R1", ["curve", "curve_a", "curve_b"]].tolist() == ["bpr", 0.8, 2]
    assert link.loc["R2", "curve"] == ""  # that of the vehicle
    later = study.at(2025).tables["link"].set_index("link_id")["background_vehicles_per_day"]
    assert later["R1"] == pytest.approx(50 * 1.21)
    assert later["R2"] == pytest.approx(30)


def test_a_link_keeps_its_own_load_and_curve(tmp_path: Path) -> None:
    from tests.support.domestic_study import LINK  # noqa: PLC0415

    own = LINK.replace("status\n", "status,background_vehicles_per_day,curve,curve_a\n").replace(
        "R1,N1,X,0,100,60,main,road,AAA,200,existing", "R1,N1,X,0,100,60,main,road,AAA,200,existing,7,conical,5"
    )
    own = "\n".join(
        line + ",,," if line.endswith(("existing", "planned")) else line for line in own.strip().splitlines()
    )
    study = ll.open_study(domestic_study(tmp_path / "s", link=own, background=BACKGROUND))
    row = study.at(2023).tables["link"].set_index("link_id").loc["R1"]
    assert (row["background_vehicles_per_day"], row["curve"], row["curve_a"]) == (7, "conical", 5)


def test_cars_slow_trucks_down(tmp_path: Path) -> None:
    free, full = (
        ll.solve(ll.open_study(domestic_study(tmp_path / name, setting, background=BACKGROUND)))
        for name, setting in (("free", "[background]\ncars = false\n"), ("full", ""))
    )
    hours = [result["link"].set_index(["link_id", "direction"])["time_h"]["R1", "ab"] for result in (free, full)]
    assert hours[1] > 1.05 * hours[0]


@pytest.mark.parametrize(
    ("replaced", "message"),
    [
        ({"demand_domestic": DOMESTIC.replace("Z4,Z1", "Z4,Z2")}, "the destination is in another country (found 'Z2')"),
        ({"demand_domestic": DOMESTIC.replace("Z4,Z1", "Z4,Z4")}, "origin and destination are the same zone"),
        ({"demand_domestic": DOMESTIC.replace(",rail,", ",rial,")}, "unknown alternative (found 'rial')"),
        ({"background": BACKGROUND.replace("main,,", "mian,,")}, "no link of the mode is of this class (found 'mian')"),
        ({"background": BACKGROUND.replace(",100,0.5", ",-1,0.5")}, "out of bounds"),
        ({"zone_share": "zone_id,commodity_id,produces\nZ1,grain,\n"}, "neither produces nor consumes is given"),
        (
            {"domestic_total": "country,commodity_id,from_km,to_km,tonnes_per_year\nAAA,grain,9,8,1\n"},
            "to_km is not above from_km (found '8')",
        ),
    ],
)
def test_faults_are_refused_by_name(tmp_path: Path, replaced: dict[str, str], message: str) -> None:
    with pytest.raises(ll.InputError) as caught:
        ll.open_study(domestic_study(tmp_path / "s", **replaced))
    assert any(message in str(problem) for problem in caught.value.problems), str(caught.value)


def test_settings_of_another_type_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ll.InputError, match="true or false"):
        ll.open_study(domestic_study(tmp_path / "s", '[demand]\ndomestic = "no"\n'))
