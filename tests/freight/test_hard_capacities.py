"""Hard capacities of a study: loads and shadow prices known by hand, refusals, and what stays as it was without any."""

from __future__ import annotations

from pathlib import Path

import pytest

import landlink as ll
from landlink.core.errors import InputError
from landlink.model import limited_flows
from landlink.model.problem import freight_problem
from tests.support import small_border
from tests.support.small_study import SETTINGS, TABLES, write_small_study
from tests.support.two_roads import DETOUR, PER_T, ROAD_ONLY, TIGHT, TWO_ROADS, WITHOUT_MEASURES, two_roads


def group(result: ll.Result, name: str) -> dict[str, float]:
    (row,) = result["group"][lambda table: table["group"] == name].to_dict("records")
    return {str(key): value for key, value in row.items()}


def problems_of(error: pytest.ExceptionInfo[InputError]) -> list[tuple[str, str, str, str]]:
    return [(problem.table, problem.row, problem.column, problem.value) for problem in error.value.problems]


def test_the_load_is_the_limit_and_the_shadow_price_what_the_detour_costs_more(tmp_path: Path):
    result = ll.solve(two_roads(tmp_path / "two"), options=TIGHT)
    found = group(result, "link:R1")
    assert result.converged
    assert found["load"] == pytest.approx(60, rel=1e-5)
    assert found["hard_capacity"] == 60
    assert found["violation"] <= 60 * 1e-5
    # The limit alone makes the group: it has no curve.
    assert found["capacity"] != found["capacity"]
    assert found["limit_wait_h"] == pytest.approx(DETOUR / 0.1, rel=1e-5)
    assert found["shadow_price"] == pytest.approx(DETOUR / PER_T, rel=1e-5)
    assert result.indicator("link.shadow_price_usd_per_vehicle[R1]") == found["shadow_price"]
    assert result.indicator("link.shadow_price_usd_per_vehicle[B1]") == 0
    listed = result.indicators["indicator"].tolist()
    assert [name for name in listed if "shadow" in name] == ["link.shadow_price_usd_per_vehicle[R1]"]
    # What both roads carry together.
    link = result["link"].groupby("link_id")["tonnes_per_year"].sum()
    assert link["R1"] == pytest.approx(60 / PER_T * 365, rel=1e-5)
    assert link["R1"] + link["B1"] == pytest.approx(500_000)
    certificate = result.provenance.certificate
    assert certificate.relative_gap <= 1e-9
    assert certificate.violation is not None
    assert certificate.violation <= 1e-5
    assert certificate.slackness == pytest.approx(0, abs=1e-5)
    assert result.provenance.presentation.notes == ()


def test_the_shadow_price_counts_what_passes_at_its_value_of_time(tmp_path: Path):
    """Grain alone would wait longer than machinery, which so sets the wait and fills what grain leaves."""
    demand = TWO_ROADS["demand"] + "Z1,Z2,machinery,300000\n"
    result = ll.solve(two_roads(tmp_path / "two", "120", demand=demand), options=TIGHT)
    grain, wait = 500_000 / 365, (1.3 * 50 / 20 + 1.5 * (150 / 80 - 100 / 60)) / 1.5
    machinery = (120 - grain * PER_T) / (1.3 * PER_T)
    found = group(result, "link:R1")
    assert found["limit_wait_h"] == pytest.approx(wait, rel=1e-4)
    assert found["shadow_price"] == pytest.approx(wait * (0.1 * grain + 1.5 * machinery) / 120, rel=1e-3)


def test_one_vehicle_more_saves_the_shadow_price(tmp_path: Path):
    """Cost of all freight without the wait at the limit, USD a day, by its difference over one vehicle a day."""
    spent = []
    for limit in ("60", "61"):
        result = ll.solve(two_roads(tmp_path / limit, limit), options=TIGHT)
        link = result["link"].groupby("link_id")["tonnes_per_year"].sum() / 365
        spent.append(link["B1"] * DETOUR)
    assert spent[0] - spent[1] == pytest.approx(DETOUR / PER_T, rel=1e-3)
    assert group(result, "link:R1")["shadow_price"] == pytest.approx(DETOUR / PER_T, rel=1e-3)


def test_a_limit_at_a_terminal_is_priced_in_usd_per_tonne(tmp_path: Path):
    """From the road to one of two railways that differ by 20 km: 20 USD/km for 1,500 t, 0.5 h at 0.1 USD."""
    tables = {
        "node": "node_id,x_coord,y_coord,country\nN1,70,40,AAA\nM1,70.01,40,AAA\nM2,70.01,40.01,AAA\nN2,70.02,40,AAA\n",
        "link": "link_id,from_node_id,to_node_id,directed,length,free_speed,mode,country\n"
        "A,N1,M1,0,100,60,road,AAA\nB,N1,M2,0,100,60,road,AAA\nC,M1,N2,0,100,40,rail,AAA\nD,M2,N2,0,120,40,rail,AAA\n",
        "zone": "zone_id,name,node_id,country\nZ1,West,N1,AAA\nZ2,East,N2,AAA\n",
        "terminal": "terminal_id,node_id,mode_a,mode_b,time_h,cost_usd_per_t,hard_capacity\n"
        "T1,M1,road,rail,2,1,1000\nT2,M2,road,rail,2,1,\n",
        "crossing": "crossing_id,family,country_a,country_b,time_ab_h,time_ba_h\n",
        "demand": TWO_ROADS["demand"].replace("Z2,Z1,grain,100000", "Z2,Z1,grain,0"),
        **WITHOUT_MEASURES,
    }
    path = write_small_study(tmp_path / "study", **tables)
    (path / "study.toml").write_text(ROAD_ONLY, encoding="utf-8")
    result = ll.solve(ll.open_study(path), options=TIGHT)
    found = group(result, "terminal:T1")
    assert found["load"] == pytest.approx(1000, rel=1e-5)
    assert found["shadow_price"] == pytest.approx(20 * 20 / 1500 + 0.5 * 0.1, rel=1e-4)
    assert result.indicator("terminal.shadow_price_usd_per_t[T1]") == found["shadow_price"]


def test_a_limit_that_does_not_bind_has_no_price(tmp_path: Path):
    result = ll.solve(two_roads(tmp_path / "two", "1000"), options=TIGHT)
    found = group(result, "link:R1")
    assert (found["violation"], found["limit_wait_h"], found["shadow_price"]) == (0, 0, 0)
    assert found["load"] == pytest.approx(500_000 / 365 * PER_T)
    assert result.provenance.certificate.violation == 0


def test_background_traffic_takes_room(tmp_path: Path):
    link = TWO_ROADS["link"].replace("hard_capacity\n", "hard_capacity,background_vehicles_per_day\n")
    link = link.replace("AAA,{limit}", "AAA,60,25").replace("AAA,\n", "AAA,,\n").replace("BBB,\n", "BBB,,\n")
    found = group(ll.solve(two_roads(tmp_path / "two", link=link), options=TIGHT), "link:R1")
    assert found["load"] == pytest.approx(35, rel=1e-4)
    assert found["background"] == 25


def test_links_of_a_load_group_share_one_limit(tmp_path: Path):
    """Both roads together have room for 60 vehicles, which demand exceeds: no flow keeps that."""
    link = TWO_ROADS["link"].replace("hard_capacity\n", "hard_capacity,load_group\n")
    link = link.replace("AAA,{limit}", "AAA,60,pass").replace("AAA,\n", "AAA,60,pass\n").replace("BBB,\n", "BBB,,\n")
    study = two_roads(tmp_path / "two", link=link)
    with pytest.raises(InputError, match="the demand exceeds these limits together") as error:
        ll.solve(study)
    assert problems_of(error) == [("link", "R1;B1", "hard_capacity", "60")]


def test_threads_and_starts_change_no_answer(tmp_path: Path):
    demand = TWO_ROADS["demand"] + "Z1,Z2,machinery,300000\n"
    study = two_roads(tmp_path / "two", "120", demand=demand)
    one, two = (ll.solve(study, options=ll.SolverOptions(threads=threads)) for threads in (1, 2))
    for table, column in (("link", "tonnes_per_year"), ("group", "shadow_price")):
        assert one[table][column].to_numpy().tobytes() == two[table][column].to_numpy().tobytes()
    opened = ll.open_result(one.save(tmp_path / "kept"))
    assert opened.provenance.certificate == one.provenance.certificate
    price = group(one, "link:R1")["shadow_price"]
    for start in (one, opened):
        assert start.warm_start.limit_waits == {"link:R1": group(one, "link:R1")["limit_wait_h"]}
        again = ll.solve(study, start=start)
        assert again.converged
        assert group(again, "link:R1")["shadow_price"] == pytest.approx(price, rel=1e-4)


def test_empty_columns_change_neither_the_hash_nor_the_groups(tmp_path: Path):
    plain = ll.open_study(write_small_study(tmp_path / "plain"))
    header, *rows = TABLES["crossing"].strip().splitlines()
    text = "\n".join([header + ",hard_capacity", *(row + "," for row in rows)])
    blank = ll.open_study(write_small_study(tmp_path / "blank", crossing=text))
    assert plain.hash == blank.hash
    assert blank.with_change("crossing", "GATE/road", "hard_capacity", "set", "40").hash != plain.hash
    assert not (freight_problem(plain.at(2023)).network.groups.hard_capacity.limit < float("inf")).any()
    result = ll.solve(plain)
    assert result["group"][["hard_capacity", "violation", "limit_wait_h", "shadow_price"]].isna().all(axis=None)
    assert result.provenance.certificate.violation is None


def test_a_measure_may_set_a_limit(tmp_path: Path):
    measure = TABLES["measure"].rstrip() + "\nquota,A quota at the gate,policy,,\n"
    effect = TABLES["effect"].rstrip() + "\nquota,crossing,GATE/road,hard_capacity,set,90\n"
    study = ll.open_study(write_small_study(tmp_path / "study", measure=measure, effect=effect))
    before, after = ll.solve(study), ll.solve(study.apply("quota"))
    assert group(before, "crossing:GATE/road")["load"] > 100
    found = group(after, "crossing:GATE/road")
    assert found["load"] == pytest.approx(90, rel=2e-5)
    assert after.indicator("crossing.shadow_price_usd_per_vehicle[GATE,road]") == found["shadow_price"] > 0
    # The wait at the limit is time of those who pass.
    (time,) = after["crossing"][lambda t: (t["family"] == "road") & (t["direction"] == "ab")]["time_h"]
    assert time == pytest.approx(6 + found["delay_h"])
    assert found["delay_h"] > found["limit_wait_h"] > 0


def test_a_limit_that_is_missed_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Without a round that sets prices the load stays above the limit."""
    kept = limited_flows.solve_within_limits
    monkeypatch.setattr(limited_flows, "solve_within_limits", lambda a, **options: kept(a, **options, max_rounds=0))
    result = ll.solve(two_roads(tmp_path / "two"))
    assert not result.converged
    assert result.provenance.certificate.violation == pytest.approx(500_000 / 365 * PER_T / 60 - 1)
    (note,) = result.provenance.presentation.notes
    assert "the hard capacity of link:R1 is exceeded: 102.74 against 60" in note
    assert "tolerance of 0.001%" in note
    with pytest.raises(ll.ConvergenceError, match=r"above the hard capacities by 0\.71"):
        ll.solve(two_roads(tmp_path / "again"), options=ll.SolverOptions(require_convergence=True))


def refused(folder: Path, settings: str = SETTINGS, **replaced: str) -> pytest.ExceptionInfo[InputError]:
    path = write_small_study(folder, **replaced)
    (path / "study.toml").write_text(settings, encoding="utf-8")
    with pytest.raises(InputError) as error:
        ll.open_study(path)
    return error


def with_limits(table: str, *limits: str, text: str = "") -> dict[str, str]:
    header, *rows = (text or TABLES[table]).strip().splitlines()
    return {table: "\n".join([header + ",hard_capacity", *(f"{r},{x}" for r, x in zip(rows, limits, strict=True))])}


def test_spread_routes_keep_limits(tmp_path: Path):
    settings = SETTINGS + '\n[solver]\nrouting = "spread"\n'
    goods = TABLES["commodity"].replace("logit_scale", "logit_scale,route_scale").replace(",0.2\n", ",0.2,0.5\n")
    path = write_small_study(tmp_path / "a", commodity=goods, **with_limits("link", "120", "", "", "", ""))
    (path / "study.toml").write_text(settings, encoding="utf-8")
    result = ll.solve(ll.open_study(path))
    assert result.converged
    group = result["group"].set_index("group").loc["link:R1"]
    assert group["load"] + group["background"] == pytest.approx(120, rel=2e-5)
    assert group["limit_wait_h"] > 0


def test_simulated_crossings_refuse_limits(tmp_path: Path):
    text = small_border.TABLES["crossing"]
    error = refused(tmp_path / "a", **(small_border.TABLES | with_limits("crossing", "60", "", text=text)))
    assert problems_of(error) == [("crossing", "GATE/road", "hard_capacity", "60")]
    # With the times of the table, or on a row without stages, a limit is fine.
    header, road, rail = text.strip().splitlines()
    for limits in (
        f"{header},wait,hard_capacity\n{road},table,60\n{rail},,\n",
        f"{header},hard_capacity\n{road},\n{rail},9\n",
    ):
        path = small_border.write_small_border(tmp_path / str(len(limits)), crossing=limits)
        assert ll.open_study(path).settings.id == "two-ports"


def test_other_refusals(tmp_path: Path):
    below = (
        TABLES["crossing"].replace("curve_b\n", "curve_b,background_vehicles_per_day\n").replace(",1,4\n", ",1,4,70\n")
    )
    error = refused(tmp_path / "a", **with_limits("crossing", "60", "80", text=below))
    assert problems_of(error) == [("crossing", "GATE/road", "hard_capacity", "60")]
    assert "at least the background_vehicles_per_day of the row (70)" in str(error.value)
    rows = zip(TABLES["link"].strip().splitlines(), ("load_group", "G", "G", "", "", ""), strict=True)
    text = "\n".join(f"{row},{name}" for row, name in rows)
    error = refused(tmp_path / "b", **with_limits("link", "50", "60", "", "", "", text=text))
    assert [(one.table, one.column, one.value) for one in error.value.problems] == [
        ("link", "hard_capacity", "50.0, 60.0")
    ]
    assert "different values within the load group G" in str(error.value)
    error = refused(tmp_path / "c", **with_limits("link", "0", "", "", "", ""))
    assert problems_of(error) == [("link", "line 2 (R1)", "hard_capacity", "0.0")]


@pytest.mark.slow
def test_limits_beside_a_simulated_crossing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Directions of the gate feel each other, so its equilibrium is found by diagonalisation, within the limit."""
    monkeypatch.setenv("LANDLINK_CACHE", str(tmp_path / "cache"))
    free = ll.solve(ll.open_study(small_border.write_small_border(tmp_path / "free")))
    load = group(free, "link:R1")["load"]
    link = with_limits("link", f"{0.8 * load:.6f}", "", "", "", "")
    study = ll.open_study(small_border.write_small_border(tmp_path / "limited", **link))
    result = ll.solve(study)
    assert result.flow_summary is not None
    assert result.flow_summary.freight.interactions is not None
    assert result.converged
    assert group(result, "link:R1")["load"] == pytest.approx(0.8 * load, rel=2e-5)
    assert result.indicator("link.shadow_price_usd_per_vehicle[R1]") > 0
