"""On any grid of roads over three countries, freight passes open crossings only, and every table counts it alike."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import landlink as ll
from landlink.freight.flow_summary import FlowSummary
from landlink.indicators.expressions import parse_expression
from landlink.indicators.registry import TableView
from landlink.model.coupled_solution import CoupledSolution
from landlink.model.solve import solve_flows
from landlink.network.supernetwork import Kind
from landlink.results.result_tables import LazyTables
from tests.support.small_study import SETTINGS, TABLES

ROWS = 3
COUNTRIES = ("AAA", "BBB", "CCC")
#: Crossings by their column of the grid: X parts AAA from BBB, Y parts BBB from CCC.
BORDERS = {"X": ("AAA", "BBB"), "Y": ("BBB", "CCC")}
GATES = [f"{column}{row}" for column in BORDERS for row in range(ROWS)]
ZONES = ("A0", "A2", "B1", "C0", "C2")
STATES = ("both", "ab", "ba", "shut")


@st.composite
def grids(draw: st.DrawFn) -> dict[str, str]:
    """Tables of a grid whose crossings are open both ways, one way or not at all; one of each border is always open."""
    state = {gate: "both" if gate.endswith("1") else draw(st.sampled_from(STATES)) for gate in GATES}
    hours = st.integers(1, 9)
    node = [
        f"{column}{row},{70 + i * 0.5},{40 + row * 0.5},{country}"
        for i, (column, country) in enumerate(zip("AXBYC", ("AAA", "", "BBB", "", "CCC"), strict=True))
        for row in range(ROWS)
    ]
    across = [
        (f"{a}{row}", f"{b}{row}", country)
        for a, b, country in (("A", "X", "AAA"), ("X", "B", "BBB"), ("B", "Y", "BBB"), ("Y", "C", "CCC"))
        for row in range(ROWS)
    ]
    along = [
        (f"{c}{row}", f"{c}{row + 1}", country)
        for c, country in zip("ABC", COUNTRIES, strict=True)
        for row in range(ROWS - 1)
    ]
    link = [
        f"L{i},{a},{b},0,{60 + 10 * draw(hours)},60,road,{country},{draw(st.sampled_from(['', '30', '300']))}"
        for i, (a, b, country) in enumerate(across + along)
    ]
    gate = []
    for name, way in state.items():
        limit, said = draw(st.sampled_from(["", "40"])), "both,planned" if way == "shut" else f"{way},existing"
        gate.append(f"{name},road,{name},{','.join(BORDERS[name[0]])},{draw(hours)},{draw(hours)},{limit},{said}")
    pairs = st.tuples(st.sampled_from(ZONES), st.sampled_from(ZONES)).filter(lambda pair: pair[0] != pair[1])
    trips = draw(st.lists(pairs, min_size=1, max_size=8, unique=True))
    demand = [f"{a},{b},grain,{draw(st.integers(1, 300)) * 1000}" for a, b in trips]
    country = dict(zip("ABC", COUNTRIES, strict=True))
    return {
        "node": "\n".join(["node_id,x_coord,y_coord,country", *node]),
        "link": "\n".join(
            [
                "link_id,from_node_id,to_node_id,directed,length,free_speed,mode,country,capacity_vehicles_per_day",
                *link,
            ]
        ),
        "zone": "\n".join(["zone_id,node_id,country", *(f"{zone},{zone},{country[zone[0]]}" for zone in ZONES)]),
        "crossing": "\n".join(
            [
                "crossing_id,family,node_id,country_a,country_b,time_ab_h,time_ba_h,capacity_vehicles_per_day,directions,status",
                *gate,
            ]
        ),
        "demand": "\n".join(["origin_zone_id,destination_zone_id,commodity_id,tonnes_per_year", *demand]),
        "commodity": TABLES["commodity"],
        "vehicle": TABLES["vehicle"],
    }


ROAD_ONLY = SETTINGS[: SETTINGS.index('[[alternative]]\nid = "rail"')]


def solution_of(tables: dict[str, str]) -> tuple[ll.Study, CoupledSolution]:
    with tempfile.TemporaryDirectory() as folder:
        for name, text in tables.items():
            (Path(folder) / f"{name}.csv").write_text(text.strip() + "\n", encoding="utf-8")
        (Path(folder) / "study.toml").write_text(ROAD_ONLY, encoding="utf-8")
        study = ll.open_study(folder)
    return study, solve_flows(study.at(2023), ll.SolverOptions(relative_gap=1e-6, max_iterations=200))


def assert_borders_respected(flow_summary: FlowSummary) -> None:
    """Every route changes country only at a crossing that is open that way, and nowhere else."""
    arcs, tables = flow_summary.freight.network.arcs, flow_summary.freight.network.tables
    crossing, country_of = tables["crossing"], tables["link"]["country"].tolist()
    routes = flow_summary.equilibrium.routes
    for route in range(len(routes)):
        here = ""
        for arc in routes.arcs[routes.first[route] : routes.first[route + 1]]:
            row = int(arcs.entity[arc])
            if arcs.kind[arc] == Kind.CROSSING:
                gate, way = crossing.iloc[row], "ba" if arcs.backward[arc] else "ab"
                assert gate["in_service"]
                assert gate["directions"] in ("both", way)
                start, end = (gate["country_a"], gate["country_b"])[:: 1 if way == "ab" else -1]
                assert here in ("", start)
                here = end
            elif arcs.kind[arc] == Kind.RUN:
                assert here in ("", country_of[row])
                here = country_of[row]


def trade(demand: pd.DataFrame, starts: str, ends: str) -> float:
    """Tonnes a year from zones of some countries to zones of others, by the letters that their names begin with."""
    there = demand["origin_zone_id"].str[0].isin(list(starts)) & demand["destination_zone_id"].str[0].isin(list(ends))
    return float(demand.loc[there, "tonnes_per_year"].sum())


@settings(max_examples=20, deadline=None)
@given(grids())
def test_no_route_passes_a_shut_crossing_and_every_table_counts_alike(tables: dict[str, str]):
    study, solution = solution_of(tables)
    assert_borders_respected(solution.flow_summary)
    results = LazyTables(study.at(2023), solution, solution.flow_summary)
    crossing, country = results["crossing"], results["country"].set_index(["country", "family"])
    demand = study.tables["demand"]
    flow = crossing.groupby(["from_country", "to_country"])["tonnes_per_year"].sum()
    for (start, end), (near, far) in {("AAA", "BBB"): ("A", "BC"), ("BBB", "CCC"): ("AB", "C")}.items():
        # Net, since a way with one open direction may lead through a neighbour and back.
        net = flow[(start, end)] - flow[(end, start)]
        assert net == pytest.approx(trade(demand, near, far) - trade(demand, far, near), abs=1e-3)
        assert flow[(start, end)] >= trade(demand, near, far) - 1e-3
    seen = country.xs("all", level="family")
    for name, letter in zip(COUNTRIES, "ABC", strict=True):
        others = "ABC".replace(letter, "")
        own = trade(demand, letter, "ABC") + trade(demand, others, letter)
        assert seen.at[name, "tonnes_per_year"] - seen.at[name, "transit_tonnes_per_year"] == pytest.approx(own)
    assert seen.at["BBB", "transit_tonnes_per_year"] == pytest.approx(
        trade(demand, "A", "C") + trade(demand, "C", "A"), abs=1e-3
    )
    by_good = results["crossing_commodity"]["tonnes_per_year"].sum()
    assert by_good == pytest.approx(crossing["tonnes_per_year"].sum())
    keys = ["crossing_id", "family", "direction"]
    whole = crossing.set_index(keys)["tonnes_per_year"]
    by_country = results["crossing_trade"].groupby(keys)["tonnes_per_year"].sum()
    assert by_country.reindex(whole.index, fill_value=0.0).to_numpy() == pytest.approx(whole.to_numpy(), abs=1e-3)
    view = TableView(results)
    own = parse_expression("border.trade_tonnes_per_year[AAA,BBB,road]").value(view)
    assert own >= trade(demand, "A", "B") - 1e-3  # more only where a way leads back and over the border again
    link = results["link"]
    by_alternative = results["link_alternative"].groupby(["link_id", "direction"])["tonnes_per_year"].sum()
    each = link.set_index(["link_id", "direction"])["tonnes_per_year"]
    assert by_alternative.reindex(each.index, fill_value=0.0).to_numpy() == pytest.approx(each.to_numpy(), abs=1e-3)
    assert seen["tkm_per_year"].sum() == pytest.approx((link["tonnes_per_year"] * link["length_km"]).sum())
