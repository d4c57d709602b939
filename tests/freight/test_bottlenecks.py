"""What more capacity is worth: by hand, against finite differences at fixed flows, and against solving again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import landlink as ll
from landlink.border.bottleneck import open_hours_per_day
from landlink.border.transit_times import horizon_pipeline
from landlink.freight.bottlenecks import bottleneck_table
from landlink.indicators.expressions import parse_expression
from landlink.indicators.registry import INDICATORS
from tests.support.small_border import TABLES as BORDER
from tests.support.small_border import write_small_border
from tests.support.small_study import TABLES as STUDY
from tests.support.small_study import write_small_study
from tests.support.two_roads import TIGHT, two_roads


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> ll.Result:
    return ll.solve(ll.open_study(write_small_study(tmp_path_factory.mktemp("s") / "two")), options=TIGHT)


@pytest.fixture(scope="module")
def staged(tmp_path_factory: pytest.TempPathFactory) -> ll.Result:
    return ll.solve(ll.open_study(write_small_border(tmp_path_factory.mktemp("b") / "two")))


def row_of(result: ll.Result, place: str, **more: str) -> dict[str, float]:
    table = result["bottleneck"]
    for column, value in {"place_id": place, **more}.items():
        table = table[table[column] == value]
    (row,) = table.to_dict("records")
    return row  # type: ignore[return-value]


def test_the_worth_of_a_crossing_by_hand(result: ll.Result) -> None:
    gate = row_of(result, "GATE", family="road")
    # Delay 6 h x (load / 150)^4, at the value of time of the grain and machinery that pass by road.
    tonnes = result["crossing_commodity"].query("family == 'road'").groupby("commodity_id")["tonnes_per_year"].sum()
    usd_per_h = tonnes["grain"] * 0.1 + tonnes["machinery"] * 1.5
    delay = 6 * (gate["load"] / 150) ** 4
    assert gate["delay_h"] == pytest.approx(delay, rel=1e-9)
    assert gate["use"] == pytest.approx(gate["load"] / 150, rel=1e-12)
    assert gate["delay_cost_usd_per_year"] == pytest.approx(usd_per_h * delay, rel=1e-6)
    # The derivative of 6 (v / C)^4 by C is -4/C of the delay itself.
    assert gate["one_more_usd_per_year"] == pytest.approx(4 * usd_per_h * delay / 150, rel=1e-6)
    assert gate["one_percent_usd_per_year"] == pytest.approx(0.04 * usd_per_h * delay, rel=1e-6)


def test_places_are_ranked_by_what_one_per_cent_more_is_worth(result: ll.Result) -> None:
    table = result["bottleneck"]
    assert table["rank"].tolist() == list(range(1, len(table) + 1))
    assert table["one_percent_usd_per_year"].is_monotonic_decreasing
    places = set(zip(table["kind"], table["place_id"], table["family"], strict=True))
    links = {("link", name, "") for name in ("R1", "R2", "T1", "T2")}
    assert places == {("crossing", "GATE", "road"), ("crossing", "GATE", "rail")} | links
    assert result.indicator("crossing.one_more_vehicle_usd_per_year[GATE,road]") == table["one_more_usd_per_year"][0]
    assert result.indicator("link.one_more_vehicle_usd_per_year[R1]") > 0
    assert result.indicator("terminal.one_more_tonne_usd_per_year[none]") == 0


@pytest.mark.parametrize("case", ["result", "staged"])
def test_the_worth_is_the_derivative_of_the_delay_cost_at_fixed_flows(
    case: str, request: pytest.FixtureRequest
) -> None:
    solved: ll.Result = request.getfixturevalue(case)
    summary = solved.flow_summary
    assert summary is not None
    groups, step = summary.freight.assignment.groups, 1e-6
    grouped = summary.freight.assignment.group >= 0
    worth_h = np.bincount(
        summary.freight.assignment.group[grouped],
        (summary.freight.assignment.classes.value_of_time[:, None] * summary.class_flow).sum(axis=0)[grouped],
        len(groups),
    )

    def cost(factor: float) -> np.ndarray:
        # Larger capacities at the same loads: curves by points are stretched along their loads.
        return worth_h * replace(groups, capacity=groups.capacity * factor).delay_h(summary.equilibrium.load)

    saved = (cost(1 - step) - cost(1 + step)) / (2 * step * groups.capacity) * summary.freight.days
    table = bottleneck_table(summary).set_index(["kind", "place_id", "family", "direction"])
    for name, expected in zip(groups.names, saved.tolist(), strict=True):
        kind, _, rest = name.partition(":")
        parts = rest.split("/")
        key = (kind, parts[0], parts[1] if len(parts) > 1 else "", parts[2] if len(parts) > 2 else "both")
        assert table.loc[key, "one_more_usd_per_year"] == pytest.approx(expected, rel=1e-5, abs=1e-9)


def test_solving_again_with_more_capacity_saves_as_much_in_order(tmp_path: Path, result: ll.Result) -> None:
    more = STUDY["crossing"].replace("6,5,150,", "6,5,151.5,")
    after = ll.solve(ll.open_study(write_small_study(tmp_path / "more", crossing=more)), options=TIGHT)
    saved = [one.indicator("total.expected_cost_musd_per_year") * 1e6 for one in (result, after)]
    predicted = row_of(result, "GATE", family="road")["one_percent_usd_per_year"]
    # Freight that the shorter wait attracts takes some of it away.
    assert 0.2 * predicted < saved[0] - saved[1] < predicted


def test_a_hard_capacity_is_worth_its_shadow_price(tmp_path: Path) -> None:
    result = ll.solve(two_roads(tmp_path / "s"), options=TIGHT)
    road = row_of(result, "R1")
    price = result.indicator("link.shadow_price_usd_per_vehicle[R1]")
    assert price > 0
    assert road["capacity"] == 60
    assert road["one_more_usd_per_year"] == pytest.approx(price * 365, rel=1e-12)
    assert result["bottleneck"]["place_id"].tolist() == ["R1"]


def test_an_hour_more_saves_what_solving_again_with_it_does(tmp_path: Path) -> None:
    # With a tenth of the demand hardly anybody queues: nearly all waiting is for the opening. Nobody books, since an
    # hour more of appointments would change when vehicles come.
    light = {
        "demand": STUDY["demand"].replace("00000\n", "0000\n"),
        "arrival": BORDER["arrival"].replace("2;2;2;2;2;1;0,,1", "2;2;2;2;2;1;0,,0"),
    }
    stage, crossing = BORDER["stage"], BORDER["crossing"]
    longer = {
        "stage": stage.replace("14:00-20:00=2", "14:00-21:00=2").replace("10:00-19:00", "10:00-20:00"),
        "crossing": crossing.replace("08:00-20:00", "08:00-21:00"),
    }
    before, after = (
        ll.solve(ll.open_study(write_small_border(tmp_path / name, **light, **changed)))
        for name, changed in (("now", {}), ("longer", longer))
    )
    gate = before["bottleneck"].query("place_id == 'GATE' and family == 'road'").set_index("direction")
    for way in ("ab", "ba"):
        hours = [
            one["crossing"].query(f"family == 'road' and direction == '{way}'")["time_h"].item()
            for one in (before, after)
        ]
        rows = before["crossing_commodity"].query(f"family == 'road' and direction == '{way}'")
        tonnes = rows.groupby("commodity_id")["tonnes_per_year"].sum()
        saved = (tonnes.get("grain", 0.0) * 0.1 + tonnes.get("machinery", 0.0) * 1.5) * (hours[0] - hours[1])
        hour = gate.loc[way, "one_more_hour_usd_per_year"]
        # What the derivative by capacity says is far less, since it knows only the queue.
        per_hour = gate.loc[way, "one_more_usd_per_year"] * gate.loc[way, "capacity"] / gate.loc[way, "open_h_per_day"]
        # Trucks to AAA are few, and wait in pairs: their hours vary more between draws.
        assert hour == pytest.approx(saved, rel=0.2 if way == "ab" else 1.0)
        assert hour > 0
        assert 0 <= per_hour < 0.5 * hour
        assert before.indicator(f"crossing.one_more_hour_usd_per_year[GATE,road,{way}]") == hour


def test_directions_that_queue_apart_are_ranked_apart(staged: ll.Result) -> None:
    gate = staged["bottleneck"].query("place_id == 'GATE' and family == 'road'").set_index("direction")
    assert set(gate.index) == {"ab", "ba"}
    both = staged.indicator("crossing.one_more_vehicle_usd_per_year[GATE,road]")
    assert both == pytest.approx(gate["one_more_usd_per_year"].sum(), rel=1e-12)


def test_an_hour_above_capacity_is_worth_less_than_all_hours_there_cost(tmp_path: Path) -> None:
    # All trucks to BBB are weighed, at ten times the length: they queue without end.
    slow = BORDER["stage"].replace("gamma,0.2,0.5,0.5", "gamma,2.0,0.5,1")
    result = ll.solve(ll.open_study(write_small_border(tmp_path / "full", stage=slow)))
    row = row_of(result, "GATE", family="road", direction="ab")
    time_h = result["crossing"].query("family == 'road' and direction == 'ab'")["time_h"].item()
    assert row["use"] > 1
    assert 0 < row["one_more_hour_usd_per_year"] < row["delay_cost_usd_per_year"] / row["delay_h"] * time_h


def test_hours_of_the_limiting_stage(tmp_path: Path) -> None:
    study = ll.open_study(write_small_border(tmp_path / "b"))
    pipeline = horizon_pipeline(study, "GATE", "road", 2023)
    hours = [open_hours_per_day(pipeline, (way,)) for way in (0, 1)]
    # Documents and swaps are open 12 h, scales 9 h, on six days of seven.
    assert all(
        hour == pytest.approx(12 * 6 / 7, abs=0.2) or hour == pytest.approx(9 * 6 / 7, abs=0.2) for hour in hours
    )


def test_a_crossing_without_hours_says_nothing_of_an_hour(result: ll.Result) -> None:
    assert np.isnan(row_of(result, "GATE", family="road")["one_more_hour_usd_per_year"])
    assert np.isnan(result.indicator("crossing.one_more_hour_usd_per_year[GATE,road]"))
    assert not any("one_more_hour" in name for name in result.indicators["indicator"])


def test_every_place_that_an_indicator_lists_fits_its_arguments(tmp_path: Path) -> None:
    """An ensemble asks for all of them by name; directions that queue apart are none of an indicator of both."""
    rules = {"rule": "rule_id,kind\n", "rule_effect": "rule_id,table,row,column,operation\n"}
    rows = "crossing_id,family,stage_id,order,direction,servers,law,mean_h\n"
    apart = rows + "GATE,road,out,1,ab,1,exponential,0.3\nGATE,road,in,1,ba,1,exponential,0.3\n"
    measures = {name: STUDY[name] for name in ("measure", "effect")}
    service = {"service": "crossing_id,family,stage_id,direction,vehicle_class\n"}
    study = ll.open_study(write_small_border(tmp_path / "s", stage=apart, **rules, **measures, **service))
    view = ll.solve(study, options=ll.SolverOptions(threads=1)).view
    assert {"ab", "ba"} <= set(view["bottleneck"]["direction"])
    named = [one.with_arguments(*place) for one in INDICATORS.values() for place in one.places(view)]
    assert any(name.startswith("crossing.delay_cost_usd_per_year[GATE,road]") for name in named)
    for name in named:
        parse_expression(name)
