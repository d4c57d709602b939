"""Shocks of small networks, against what a pencil finds."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

import landlink as ll
from landlink.core.errors import InputError
from landlink.resilience.base import ShockBase
from landlink.resilience.figures import Figures, figure_names
from landlink.resilience.shock import Disturbance, Shock
from landlink.resilience.shock_work import ShockWork
from tests.support.small_study import write_small_study
from tests.support.three_countries import THREE

DAY_H = 24.0


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> ShockWork:
    """Shocks of a row of three countries, whose freight from end to end has to pass both gates."""
    return row_of_three(tmp_path_factory.mktemp("shocks") / "study")


def row_of_three(folder: Path, columns: str = "", cells: str = "") -> ShockWork:
    """The row, its links with further columns."""
    tables = {
        **THREE,
        "vehicle": "mode,family,payload_t,cost_usd_per_vehicle_km,standing_usd_per_h\nroad,road,20,1.2,6\n",
    }
    tables["link"] = "\n".join(line for line in THREE["link"].splitlines() if ",rail," not in line) + "\n"
    tables["crossing"] = "\n".join(line for line in THREE["crossing"].splitlines() if ",rail," not in line) + "\n"
    header, *links = tables["link"].strip().splitlines()
    tables["link"] = "\n".join([header + columns, *(line + cells for line in links)]) + "\n"
    path = write_small_study(folder, **tables)
    settings = (path / "study.toml").read_text(encoding="utf-8").partition("[[")[0]
    (path / "study.toml").write_text(settings, encoding="utf-8")
    study = ll.open_study(path)
    return ShockWork(ShockBase.of(study.at(study.settings.base_year)))


def figures(work: ShockWork, *shocks: Shock) -> Figures:
    return Figures(figure_names(work.base), np.array([work(shock) for shock in shocks]))


def waiting_cost(work: ShockWork, commodity: str, days: float) -> float:
    """USD/t of a wait at a closed place, by hand."""
    row = work.base.scenario.study.tables["commodity"].set_index("commodity_id").loc[commodity]
    hours = days * DAY_H / 2
    goods = min(hours * row["value_of_time_usd_per_t_h"], row["value_usd_per_t"])
    return float(goods + min(hours, 24.0) * 6 / 20 * row["load_factor"])


@pytest.mark.parametrize("days", [1.0, 30.0, math.inf])
def test_where_there_is_no_other_way_all_wait_and_pay_for_it(work: ShockWork, days: float) -> None:
    found = figures(work, Shock.closing("crossing", "BC/road", days=days))
    grain, machinery = (waiting_cost(work, name, days) for name in ("grain", "machinery"))
    expected = (45_000 * grain + 40_000 * machinery) / 365
    assert found["added_cost[total]"] == pytest.approx([expected], rel=1e-9)
    assert found["waiting_tonnes[total]"] == pytest.approx([85_000 / 365])
    # Half of a market's loss falls to either end.
    assert found["added_cost[BBB]"] == pytest.approx([5_000 * grain / 365 / 2], rel=1e-9)
    assert found["waiting_tonnes[CCC]"] == pytest.approx([85_000 / 365])
    assert found["isolated_zones"] == [1]


def test_exports_and_imports_that_wait_count_at_their_value(work: ShockWork) -> None:
    found = figures(work, Shock.closing("crossing", "BC", days=7))
    value = work.base.scenario.study.tables["commodity"].set_index("commodity_id")["value_usd_per_t"]
    assert found["waiting_exports[CCC]"] == pytest.approx([10_000 * value["machinery"] / 365])
    assert found["waiting_exports[total]"] == pytest.approx(found["waiting_imports[total]"])
    assert found["waiting_imports[AAA]"] == pytest.approx(found["waiting_exports[CCC]"])


@pytest.mark.parametrize("days", [1.0, 30.0])
def test_demand_beyond_a_hard_capacity_that_is_lowered_waits_as_if_closed(tmp_path: Path, days: float) -> None:
    """There is no other way, so that everybody waits at the margin: what costs no commodity more than a closure."""
    limited = row_of_three(tmp_path / "study", ",capacity_vehicles_per_day,hard_capacity", ",,200")
    slowed = Shock((Disturbance("link", "R2", capacity_factor=0.01, slowed_days=days),))
    found = figures(limited, slowed, Shock.closing("link", "R2", days=days))
    values = limited.base.scenario.study.tables["commodity"].set_index("commodity_id")["value_of_time_usd_per_t_h"]
    hours = min(waiting_cost(limited, name, days) / values[name] for name in ("grain", "machinery"))
    expected = (45_000 * values["grain"] + 40_000 * values["machinery"]) * hours / 365
    assert found["added_cost[total]"][0] == pytest.approx(expected, rel=1e-3)
    assert 0 < found["added_cost[total]"][0] <= found["added_cost[total]"][1] * (1 + 1e-9)


def test_both_gates_closed_are_waited_for_twice(work: ShockWork) -> None:
    one, other, both = figures(
        work,
        Shock.closing("crossing", "AB", days=3),
        Shock.closing("crossing", "BC", days=3),
        Shock.closing("crossing", "AB", "BC", days=3),
    )["added_cost[total]"]
    assert both == pytest.approx(one + other)


def test_everything_closed_is_answered(work: ShockWork) -> None:
    links = work.base.scenario.study.tables["link"]["link_id"].tolist()
    found = figures(work, Shock.closing("link", *links, days=math.inf))
    assert found["isolated_zones"] == [4]
    assert found["waiting_tonnes[total]"] == pytest.approx([192_000 / 365])
    assert np.isfinite(found.values).all()


def test_hours_and_money_are_what_they_say(work: ShockWork) -> None:
    slowed = Shock((Disturbance("crossing", "BC/road", extra_h=5.0, extra_usd_per_t=2.0),))
    found = figures(work, slowed)
    value = work.base.scenario.study.tables["commodity"].set_index("commodity_id")["value_of_time_usd_per_t_h"]
    expected = (45_000 * (5 * value["grain"] + 2) + 40_000 * (5 * value["machinery"] + 2)) / 365
    assert found["added_cost[total]"] == pytest.approx([expected])
    assert found["waiting_tonnes[total]"] == [0]


def test_nothing_disturbed_costs_nothing(work: ShockWork) -> None:
    found = figures(work, Shock())
    assert found["added_cost[total]"] == pytest.approx([0.0], abs=1e-6)
    assert found["added_co2e"] == pytest.approx([0.0], abs=1e-9)


def test_unknown_places_are_all_named(work: ShockWork) -> None:
    shock = Shock((Disturbance("crossing", "BX", closed_days=1), Disturbance("link", "R9", closed_days=1)))
    with pytest.raises(InputError) as refused:
        work(shock)
    assert [problem.value for problem in refused.value.problems] == ["BX", "R9"]


def test_a_shock_is_the_same_in_any_order() -> None:
    one, other = Disturbance("link", "a", closed_days=1), Disturbance("link", "b", extra_h=2)
    assert Shock((one, other)) == Shock((other, one, one))
    assert Shock((one,)) + Shock((other,)) == Shock((other, one))
    assert Shock((one, other)).key == "link:a closed=1; link:b hours=2"


@pytest.mark.parametrize("wrong", [{"capacity_factor": 0.0}, {"closed_days": -1.0}, {"extra_h": math.nan}])
def test_states_without_a_meaning_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="not a disturbance"):
        Disturbance("link", "a", **wrong)
