"""Constants of the generalised cost: charged where they say, once, apart from money, and known to what is new."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import landlink as ll
from landlink.freight.constants import LEAST_SHARE
from landlink.model.problem import bounded_constants, freight_problem
from tests.support.constant_rows import CONSTANT_COLUMNS, CORRIDOR, FREE, GATE, constant, in_corridor
from tests.support.small_study import SETTINGS, TABLES, write_small_study

PARTS = ["resource_constant_usd_per_t", "resistance_usd_per_t"]


def study_of(folder: Path, *rows: dict[str, object], settings: str = SETTINGS, **tables: str) -> ll.Study:
    extra = {"constant": constant(*rows)} if rows else {}
    write_small_study(folder, **(FREE | extra | tables))
    (folder / "study.toml").write_text(settings, encoding="utf-8")
    return ll.open_study(folder)


def od_of(study: ll.Study, year: int = 2023) -> pd.DataFrame:
    od = ll.solve(study.at(year)).tables["od"]
    return od.set_index(["origin_zone_id", "commodity_id", "alternative"]).sort_index()


def test_a_border_constant_shifts_the_logit_as_it_should(tmp_path: Path) -> None:
    plain = od_of(study_of(tmp_path / "a"))
    found = od_of(study_of(tmp_path / "b", GATE | {"direction": "ab", "value": 4, "resource": 0.25}))
    for good, scale in (("grain", 0.2), ("machinery", 0.2)):
        before, after = (np.log(od.loc[("Z1", good), "tonnes_per_year"]) for od in (plain, found))
        shift = (after["road"] - after["rail"]) - (before["road"] - before["rail"])
        assert shift == pytest.approx(-scale * 4, rel=1e-6)
        row = found.loc[("Z1", good, "road")]
        assert row[PARTS].tolist() == pytest.approx([1.0, 3.0])
        assert row["money_usd_per_t"] == pytest.approx(plain.loc[("Z1", good, "road"), "money_usd_per_t"], rel=1e-12)
        rise = row["generalised_cost_usd_per_t"] - plain.loc[("Z1", good, "road"), "generalised_cost_usd_per_t"]
        assert rise == pytest.approx(4)
    back = found.loc[("Z2", "grain")]
    assert (back[PARTS] == 0).all(axis=None)
    assert back["tonnes_per_year"].tolist() == plain.loc[("Z2", "grain"), "tonnes_per_year"].tolist()


def test_a_constant_of_zero_changes_no_byte(tmp_path: Path) -> None:
    rows = (GATE | {"value": 0}, {"kind": "mode", "alternatives": "rail", "value": 0})
    crowded = {name: TABLES[name] for name in ("link", "crossing")}
    plain, found = study_of(tmp_path / "a", **crowded), study_of(tmp_path / "b", *rows, **crowded)
    one, two = (ll.solve(study.at(2023)) for study in (plain, found))
    for name in ("od", "link", "crossing", "group", "choice"):
        pd.testing.assert_frame_equal(one.tables[name], two.tables[name], check_exact=True)


def test_a_study_without_constants_keeps_its_hash(tmp_path: Path) -> None:
    empty = {"constant": ",".join(CONSTANT_COLUMNS), "corridor": CORRIDOR.splitlines()[0]}
    assert study_of(tmp_path / "a").hash == study_of(tmp_path / "b", **empty).hash


def test_the_border_can_be_named_by_its_countries_in_either_order(tmp_path: Path) -> None:
    by_country = {key: value for key, value in GATE.items() if key != "crossing_id"} | {"value": 3}
    one = od_of(study_of(tmp_path / "a", by_country | {"country_a": "AAA", "country_b": "BBB", "direction": "ab"}))
    two = od_of(study_of(tmp_path / "b", by_country | {"country_a": "BBB", "country_b": "AAA", "direction": "ba"}))
    both = od_of(study_of(tmp_path / "c", by_country | {"country_a": "BBB"}))
    pd.testing.assert_frame_equal(one, two)
    assert one["resistance_usd_per_t"].tolist() == [0, 3, 0, 3, 0, 0]
    assert both["resistance_usd_per_t"].tolist() == [0, 3, 0, 3, 0, 3]


def test_a_mode_constant_is_that_of_the_alternative_and_is_shown(tmp_path: Path) -> None:
    preferred = SETTINGS.replace('must_use = ["rail"]', 'must_use = ["rail"]\nconstant_usd_per_t = 7.5')
    one = ll.solve(study_of(tmp_path / "a", settings=preferred).at(2023))
    two = ll.solve(study_of(tmp_path / "b", {"kind": "mode", "families": "rail", "value": 7.5}).at(2023))
    assert one.tables["od"]["tonnes_per_year"].tolist() == two.tables["od"]["tonnes_per_year"].tolist()
    a, b = (result.tables["choice"]["expected_cost_usd_per_t"].to_numpy() for result in (one, two))
    assert a == pytest.approx(b, rel=1e-12)
    od = two.tables["od"]
    assert od["resistance_usd_per_t"].tolist() == [7.5 * (name == "rail") for name in od["alternative"]]


def test_a_pair_constant_changes_costs_of_its_pair_alone(tmp_path: Path) -> None:
    plain = od_of(study_of(tmp_path / "a"))
    pair = {"kind": "pair", "country_a": "AAA", "country_b": "BBB", "direction": "ab", "value": 0.02}
    found = od_of(study_of(tmp_path / "b", pair | {"unit": "ad_valorem", "commodities": "machinery"}))
    assert found["tonnes_per_year"].to_numpy() == pytest.approx(plain["tonnes_per_year"].to_numpy(), rel=1e-9)
    assert found["resistance_usd_per_t"].tolist() == pytest.approx([0, 0, 160, 160, 0, 0])
    by_road = od_of(study_of(tmp_path / "c", pair | {"value": 5, "alternatives": "road", "direction": "ba"}))
    assert by_road["resistance_usd_per_t"].tolist() == [0, 0, 0, 0, 0, 5]


def test_several_constants_add_up(tmp_path: Path) -> None:
    rows = (
        GATE | {"value": 3},
        GATE | {"value": -1, "commodities": "grain"},
        GATE | {"value": 0.001, "unit": "ad_valorem"},
    )
    found = od_of(study_of(tmp_path / "a", *rows))["resistance_usd_per_t"]
    assert found["Z1", "grain", "road"] == pytest.approx(3 - 1 + 0.3)
    assert found["Z1", "machinery", "road"] == pytest.approx(3 + 8)


ALONG = {"kind": "corridor", "corridor_id": "way", "families": "road", "value": 6, "carries_over": 0}


def test_a_corridor_is_charged_once_and_by_length_for_a_part_of_it(tmp_path: Path) -> None:
    whole = od_of(study_of(tmp_path / "a", ALONG, corridor=CORRIDOR, link=in_corridor("R1", "R2")))
    assert whole["resistance_usd_per_t"].tolist() == pytest.approx([0, 6, 0, 6, 0, 6])
    longer = CORRIDOR.replace("The way,,", "The way,,400")
    part = od_of(study_of(tmp_path / "b", ALONG, corridor=longer, link=in_corridor("R1")))
    assert part["resistance_usd_per_t"].tolist() == pytest.approx([0, 1.5, 0, 1.5, 0, 1.5])
    gates = CORRIDOR.replace("The way,,", "The way,GATE,")
    passed = od_of(study_of(tmp_path / "c", ALONG, corridor=gates, link=in_corridor("R1")))
    assert passed["resistance_usd_per_t"].tolist() == pytest.approx([0, 6, 0, 6, 0, 6])


def test_cutting_a_link_of_a_corridor_changes_nothing(tmp_path: Path) -> None:
    cut = FREE["link"].replace("R1,N1,X,0,100", "R1,N1,M,0,30") + "R3,M,X,0,70,60,road,AAA,,existing\n"
    node = TABLES["node"] + "M,Middle,70.3,40.0,AAA\n"
    one = od_of(study_of(tmp_path / "a", ALONG, corridor=CORRIDOR, link=in_corridor("R1", "R2")))
    two = od_of(
        study_of(tmp_path / "b", ALONG, corridor=CORRIDOR, node=node, link=in_corridor("R1", "R2", "R3", link=cut))
    )
    for name in ("tonnes_per_year", "generalised_cost_usd_per_t", "resistance_usd_per_t"):
        assert two[name].to_numpy() == pytest.approx(one[name].to_numpy(), rel=1e-9)


@pytest.mark.parametrize("share", [0, 0.5, 1])
def test_new_links_of_a_corridor_take_what_carries_over(tmp_path: Path, share: float) -> None:
    links = in_corridor("R1", "R2", "B1", link=FREE["link"].replace("B1,N1,X,0,150", "B1,N1,X,0,110"))
    row = ALONG | {"carries_over": share}
    study = study_of(tmp_path / "s", row, corridor=CORRIDOR, link=links).apply("bypass")
    freight = freight_problem(study.at(2030))
    assert freight.arc_constants is not None
    link = freight.network.tables["link"]["link_id"].tolist()
    arcs = freight.network.arcs
    by_link = {
        name: freight.arc_constants.total[0, (arcs.kind == 1) & (arcs.entity == link.index(name))].tolist()
        for name in ("R1", "R2", "B1", "T1")
    }
    # The bypass of 110 km does not make the old passage of 200 km any cheaper.
    assert all(value == pytest.approx(3) for value in by_link["R1"] + by_link["R2"])
    assert all(value == pytest.approx(share * 6 * 110 / 200) for value in by_link["B1"])
    assert not any(by_link["T1"])


@pytest.mark.parametrize(
    ("cells", "carried"), [({}, 2.0), ({"carries_to": "rail"}, 2.0), ({"carries_to": "road"}, 0.0)]
)
def test_a_railway_that_opens_at_the_border_takes_what_carries_over(
    tmp_path: Path, cells: dict[str, object], carried: float
) -> None:
    crossing = FREE["crossing"].replace("curve_b\n", "curve_b,status\n").replace("bpr,1,4\n", "bpr,1,4,existing\n")
    closed = crossing[: crossing.rindex("existing")] + "under_construction\n"
    measure = TABLES["measure"] + "railway,The railway,project,2030,\n"
    effect = TABLES["effect"] + "railway,crossing,GATE/rail,,open,\n"
    row = GATE | {"value": 4, "carries_over": 0.5} | cells
    study = study_of(tmp_path / "s", row, crossing=closed, measure=measure, effect=effect)
    found = od_of(study.apply("railway"), 2030)
    assert found["resistance_usd_per_t"].tolist() == pytest.approx([carried, 4, carried, 4, carried, 4])
    # A crossing that was there in the base year, of a mode that is not concerned, is not charged.
    old = od_of(study_of(tmp_path / "t", row), 2030)
    assert old["resistance_usd_per_t"].tolist() == pytest.approx([0, 4, 0, 4, 0, 4])


def test_an_attraction_leaves_a_share_of_the_cost_and_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    study = study_of(tmp_path / "s", GATE | {"value": -500, "resource": 0.5})
    freight = freight_problem(study.at(2023))
    plain = freight_problem(study_of(tmp_path / "plain").at(2023))
    before, after = plain.assignment.classes.fixed, freight.assignment.classes.fixed
    arcs = freight.network.arcs
    road = (arcs.kind == 3) & (freight.network.tables["vehicle"]["mode"].to_numpy()[arcs.mode] == "road")
    finite = np.isfinite(before)
    assert (after[finite] >= 0).all()
    assert after[:, road][finite[:, road]] == pytest.approx(LEAST_SHARE * before[:, road][finite[:, road]])
    (note,) = bounded_constants(study)
    assert "constant c0 (-500)" in note
    assert "crossing GATE/road" in note
    notes = ll.solve(study.at(2023)).provenance.presentation.notes
    assert "attractions larger than the cost they act on are cut to it: c0 (all: landlink check)" in notes
    from landlink.cli import main  # noqa: PLC0415

    assert main(["check", str(tmp_path / "s")]) == 0
    assert "constant c0 (-500)" in capsys.readouterr().out


def test_a_policy_has_its_period_and_measures_change_it(tmp_path: Path) -> None:
    policy = {"kind": "policy", "crossing_id": "GATE", "families": "road", "value": 4, "carries_over": 1}
    measure = TABLES["measure"] + "permit-free,No permits,policy,2023,\nhalf,Half,policy,2023,\n"
    effect = TABLES["effect"] + "permit-free,constant,c0,,close,\nhalf,constant,c0,value,multiply,0.5\n"
    study = study_of(
        tmp_path / "s", policy | {"open_from": "2022-03-01", "open_to": "2028-01-01"}, measure=measure, effect=effect
    )
    assert od_of(study)["resistance_usd_per_t"].max() == 4
    assert od_of(study, 2030)["resistance_usd_per_t"].max() == 0
    assert od_of(study.apply("permit-free"))["resistance_usd_per_t"].max() == 0
    assert od_of(study.apply("half"))["resistance_usd_per_t"].max() == 2
    assert study.apply("half").idle_effects(2023) == []
    assert [idle.reason for idle in study.apply("half").idle_effects(2030)] == ["closed"]


def test_constants_with_spread_routes_are_told_apart_too(tmp_path: Path) -> None:
    settings = SETTINGS + '\n[solver]\nrouting = "spread"\n'
    commodity = TABLES["commodity"].replace("logit_scale\n", "logit_scale,route_scale\n").replace(",0.2\n", ",0.2,1\n")
    rows = (GATE | {"value": 4, "resource": 0.25}, {"kind": "mode", "families": "rail", "value": 2})
    plain = od_of(study_of(tmp_path / "a", settings=settings, commodity=commodity))
    found = od_of(study_of(tmp_path / "b", *rows, settings=settings, commodity=commodity))
    assert found.loc[("Z1", "grain", "road"), PARTS].tolist() == pytest.approx([1, 3], rel=1e-9)
    assert found.loc[("Z1", "grain", "rail"), PARTS].tolist() == pytest.approx([0, 2], rel=1e-9)
    before, after = (np.log(od.loc[("Z1", "grain"), "tonnes_per_year"]) for od in (plain, found))
    shift = (after["road"] - after["rail"]) - (before["road"] - before["rail"])
    assert shift == pytest.approx(-0.2 * (4 - 2), rel=1e-6)


def test_legs_show_where_a_constant_is_charged(tmp_path: Path) -> None:
    leg = ll.solve(study_of(tmp_path / "s", GATE | {"value": 4}).at(2023)).tables["leg"]
    charged = leg[leg["resistance_usd_per_t"] > 0]
    assert charged["kind"].tolist() == ["crossing"]
    assert charged["resistance_usd_per_t"].tolist() == [4]


def test_indicators_tell_resistance_apart(tmp_path: Path) -> None:
    rows = (GATE | {"value": 4, "resource": 0.25}, {"kind": "mode", "families": "rail", "value": 2})
    result = ll.solve(study_of(tmp_path / "s", *rows).at(2023))
    od = result.tables["od"]
    by_hand = od["tonnes_per_year"] * od["alternative"].map({"road": 3.0, "rail": 2.0})
    assert result.indicator("total.resistance_musd_per_year") == pytest.approx(by_hand.sum() / 1e6)
    assert result.indicator("od.resistance_usd_per_t[Z1,Z2,road]") == pytest.approx(3)
