"""Assignment and skims of road networks: answers known by hand, properties over random networks, refusals."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

import landlink as ll
from landlink.core.errors import InputError
from tests.support.tntp import LINKS, link, net_text, trips_text


def network(*links: tuple[float, ...], zones: int = 2, **known: object) -> ll.RoadNetwork:
    """Links as from, to, free-flow time, capacity, b, power, length, toll; what is not given is usual."""
    usual = (1, 2, 1.0, 1.0, 0.0, 1.0, 0.0, 0.0)
    rows = [(*row, *usual[len(row) :]) for row in links]
    columns = ["from", "to", "free_flow_time", "capacity", "b", "power", "length", "toll"]
    return ll.RoadNetwork.from_links(pd.DataFrame(rows, columns=columns), zones=zones, **known)


def trips(*values: tuple[int, int, float]) -> pd.DataFrame:
    return pd.DataFrame(values, columns=["origin", "destination", "trips"])


# Answers known by hand


def test_pigou() -> None:
    # One link always costs 1; the other costs its flow to the power 4. Everybody takes it until it costs 1.
    net = network((1, 2, 1.0), (1, 2, 0.5, 1.0, 1.0, 4.0))
    answer = ll.assign(net, trips((1, 2, 1.5)), gap=1e-12)
    assert answer.flow == pytest.approx([0.5, 1.0], abs=1e-9)
    assert answer.cost == pytest.approx([1, 1], abs=1e-9)
    assert answer.objective == pytest.approx(0.5 + 0.5 + 0.5 / 5, abs=1e-9)
    assert answer.skim()["time"][0, 1] == pytest.approx(1)


def test_braess() -> None:
    # The textbook's: 0 + 10 v, 50 + v, 50 + v, 10 + v, 0 + 10 v; zero times have no delay here, so 1e-9 and a large b.
    net = network((1, 3, 1e-9, 1, 1e10, 1), (1, 4, 50, 50, 1, 1), (3, 2, 50, 50, 1, 1), (3, 4, 10, 10, 1, 1),
                  (4, 2, 1e-9, 1, 1e10, 1))  # fmt: skip
    answer = ll.assign(net, trips((1, 2, 6)), gap=1e-12)
    assert answer.flow == pytest.approx([4, 2, 2, 2, 4], abs=1e-6)
    assert answer.skim()["cost"][0, 1] == pytest.approx(92, abs=1e-6)
    without = ll.assign(net.replaced(demand=trips((1, 2, 6)), capacity=[1, 50, 50, 1e-9, 1]), gap=1e-12)
    assert without.skim()["cost"][0, 1] == pytest.approx(83, abs=1e-4)  # a link nobody can use makes all quicker


def test_weights_of_length_and_toll() -> None:
    net = network((1, 2, 1.0, 1, 0, 1, 10, 0), (1, 2, 2.0, 1, 0, 1, 0, 3), length_weight=0.3, toll_weight=0.1)
    assert ll.assign(net, trips((1, 2, 5))).flow.tolist() == [0, 5]  # 4 against 2.3
    assert ll.assign(net, trips((1, 2, 5)), length_weight=0).flow.tolist() == [5, 0]  # 1 against 2.3
    assert ll.assign(net, trips((1, 2, 5)), toll_weight=1).cost.tolist() == [4, 5]
    assert ll.assign(net, trips((1, 2, 5)), length_weight=0.5, toll_weight=0).objective == 10
    skims = ll.skim(net)
    assert {name: float(matrix[0, 1]) for name, matrix in skims.items()} == {
        "cost": 2.3,
        "time": 2.0,
        "length": 0.0,
        "toll": 3.0,
    }
    assert ll.skim(net, length_weight=0)["length"][0, 1] == 10


def test_zones_below_the_first_thru_node_are_not_passed() -> None:
    # The way over zone 2 is quicker, and shut where zones are not passed.
    links = [(1, 2, 1.0), (2, 3, 1.0), (1, 4, 5.0), (4, 3, 5.0), (2, 4, 1.0), (4, 2, 1.0)]
    for first, expected in ((1, 2.0), (4, 10.0)):
        net = network(*links, zones=3, first_thru_node=first)
        assert ll.skim(net)["cost"][0, 2] == expected
        assert ll.assign(net, trips((1, 3, 1))).skim()["time"][0, 2] == expected
        assert ll.skim(net)["cost"][1, 2] == 1
        assert ll.skim(net)["cost"].diagonal().tolist() == [0, 0, 0]
    # Nodes from 3 on are passed, so zone 3 is, and zone 2 is not.
    assert ll.skim(network(*links, (3, 5, 1.0), zones=3, first_thru_node=3))["cost"].tolist()[0] == [0, 1, 10]


def test_delays_that_never_grow() -> None:
    # Power 0 with b 0, power 0 with b, b 0, no time: times 5, 7.5, 6, 0 + toll.
    net = network(
        (1, 2, 5, 1, 0, 0), (1, 2, 5, 1, 0.5, 0), (1, 2, 6, 0, 0, 4), (1, 2, 0, 0, 2, 4, 0, 50), toll_weight=0.1
    )
    answer = ll.assign(net, trips((1, 2, 100)), gap=1e-12)
    assert answer.cost.tolist() == [5, 7.5, 6, 5]
    assert answer.objective == pytest.approx(500)
    assert answer.flow[[1, 2]].tolist() == [0, 0]


@pytest.mark.parametrize("power", [0.5, 1.0, 3.7, 12.0, 20.0])
def test_equal_parallel_links_share(power: float) -> None:
    net = network(*[(1, 2, 2.0, 10.0, 0.15, power)] * 4)
    answer = ll.assign(net, trips((1, 2, 100)), gap=1e-10)
    assert answer.converged
    assert answer.flow == pytest.approx([25] * 4, rel=1e-4)


def test_tiny_capacities_and_high_powers() -> None:
    net = network((1, 2, 1.0, 1e-3, 1.0, 20.0), (1, 2, 3.0, 50.0, 0.15, 4.0))
    answer = ll.assign(net, trips((1, 2, 100)), gap=1e-10)
    assert answer.converged
    assert answer.cost[0] == pytest.approx(answer.cost[1], rel=1e-6)


def test_trips_that_use_no_link() -> None:
    for demand in (trips(), trips((1, 1, 5.0)), np.zeros((2, 2))):
        answer = ll.assign(network((1, 2, 1.0)), demand)
        assert answer.converged
        assert (answer.flow.tolist(), answer.objective, answer.relative_gap) == ([0], 0, 0)
        assert len(answer.paths()) == 0
        assert answer.select_link([0]).demand.total == 0
        assert answer.skim()["time"].tolist() == [[0, 1], [np.inf, 0]]
        assert ll.assign(network((1, 2, 1.0)), trips((1, 2, 3)), start=answer).flow.tolist() == [3]


def test_networks_of_one_zone_or_with_nodes_apart() -> None:
    lonely = network((1, 1, 1.0), zones=1)
    assert ll.assign(lonely, trips((1, 1, 5.0))).flow.tolist() == [0]
    assert ll.skim(lonely)["cost"].tolist() == [[0]]
    apart = network((1, 2, 1.0), zones=3, nodes=9, first_thru_node=4)
    assert ll.assign(apart, trips((1, 2, 1))).flow.tolist() == [1]
    assert np.isinf(ll.skim(apart)["length"][:, 2]).tolist() == [True, True, False]


def test_links_that_cost_nothing() -> None:
    # A ring of links without cost; the way out has a delay.
    net = network((1, 3, 0.0), (3, 4, 0.0), (4, 3, 0.0), (4, 2, 1.0, 5, 1, 1), (3, 2, 1.0, 5, 1, 1), zones=2)
    answer = ll.assign(net, trips((1, 2, 10)), gap=1e-12)
    assert answer.flow[[3, 4]] == pytest.approx([5, 5], abs=1e-6)
    assert answer.conservation < 1e-12


# Routes, chosen links, skims


@pytest.fixture(scope="module")
def square() -> ll.Assigned:
    """Two ways from 1 to 2 and two from 2 to 1, over 3 and over 4."""
    ways = [(1, 3), (3, 2), (1, 4), (4, 2), (2, 3), (3, 1), (2, 4), (4, 1)]
    net = network(*[(*ends, 1.0 + i / 10, 10.0, 1.0, 2.0, i, 8 - i) for i, ends in enumerate(ways)])
    return ll.assign(net, trips((1, 2, 20), (2, 1, 5)), gap=1e-12, toll_weight=0.01)


def test_routes_add_up_to_flows_and_trips(square: ll.Assigned) -> None:
    paths = square.paths()
    assert paths.columns.tolist() == ["origin", "destination", "flow", "cost", "links"]
    flow = np.zeros(8)
    for path in paths.itertuples():
        flow[list(path.links)] += path.flow
        assert path.cost == pytest.approx(square.cost[list(path.links)].sum())
        assert square.network.from_node[path.links[0]] == path.origin
        assert square.network.to_node[path.links[-1]] == path.destination
    assert flow == pytest.approx(square.flow)
    assert paths.groupby(["origin", "destination"])["flow"].sum().tolist() == pytest.approx([20, 5])


def test_flows_as_a_table(square: ll.Assigned) -> None:
    table = square.flows
    assert table.columns.tolist() == ["from", "to", "flow", "cost"]
    assert table["from"].tolist() == square.network.from_node.tolist()
    assert (table["flow"].to_numpy() == square.flow).all()


def test_select_link(square: ll.Assigned) -> None:
    over_3 = square.select_link([(1, 3)])
    assert over_3.demand.frame().to_dict("list") == {
        "origin": [1],
        "destination": [2],
        "trips": [pytest.approx(square.flow[0])],
    }
    assert over_3.flow == pytest.approx([square.flow[0], square.flow[0], 0, 0, 0, 0, 0, 0])
    assert square.select_link([0, (1, 4)]).demand.total == pytest.approx(20)
    assert square.select_link([0, 2], use="all").demand.total == 0
    assert square.select_link([0, 1], use="all").demand.total == pytest.approx(square.flow[0])
    assert square.select_link([0, 0]).demand.total == pytest.approx(square.flow[0])
    assert square.select_link([]).demand.total == 0
    assert square.select_link(np.arange(8)).flow == pytest.approx(square.flow)


def test_select_link_in_a_skim() -> None:
    net = network((1, 3, 1.0), (3, 2, 1.0), (1, 2, 5.0), (2, 3, 1.0), (3, 1, 9.0), zones=3)
    skims = ll.skim(net, select_link=[(1, 3), (3, 2)], quantities=())
    assert list(skims) == ["cost", "select_link"]
    assert skims["select_link"].tolist() == [[0, 1, 1], [0, 0, 0], [0, 1, 0]]


def test_custom_quantities() -> None:
    net = network((1, 3, 1.0), (3, 2, 1.0), (1, 2, 5.0), zones=2)
    skims = ll.skim(net, quantities={"g_co2e": [100, 20.5, 3], "heads": [1, -1, 0]})
    assert list(skims) == ["cost", "g_co2e", "heads"]
    assert skims["g_co2e"].tolist() == [[0, 120.5], [np.inf, 0]]
    assert skims["heads"][0, 1] == 0
    assert "the name is reserved" in message(ll.skim, net, quantities={"cost": [1, 2, 3]})
    assert list(ll.skim(net, quantities="length")) == ["cost", "length"]


def test_skims_are_saved_and_read(tmp_path: Path, square: ll.Assigned) -> None:
    skims = square.skim()
    for suffix in ("omx", "csv", "parquet"):
        again = ll.read_skims(skims.save(tmp_path / f"skims.{suffix}"))
        assert list(again) == ["cost", "time", "length", "toll"] or suffix == "omx"
        assert all(again[name].tobytes() == skims[name].tobytes() for name in skims)
        assert again.zones.tolist() == [1, 2]


# Starting from an earlier answer


def test_warm_start_from_an_earlier_solution(square: ll.Assigned) -> None:
    again = ll.assign(square.network, square.demand, gap=1e-12, toll_weight=0.01, start=square)
    assert again.flow == pytest.approx(square.flow, abs=1e-7)
    assert again.iterations <= 2
    more = ll.assign(square.network, trips((1, 2, 30)), gap=1e-12, start=square)
    assert more.flow == pytest.approx(ll.assign(square.network, trips((1, 2, 30)), gap=1e-12).flow, abs=1e-6)


def test_link_flows_are_found_without_memory_for_routes(square: ll.Assigned) -> None:
    weights = {"length_weight": square.length_weight, "toll_weight": square.toll_weight}
    bare = ll.assign(square.network, square.demand, gap=1e-5, memory_limit_mb=1e-6, **weights)
    assert square.keeps_routes
    assert not bare.keeps_routes
    assert bare.converged
    assert bare.flow == pytest.approx(square.flow, abs=1e-2 * square.flow.sum())
    assert bare.objective == pytest.approx(square.objective, rel=1e-5)
    with pytest.raises(ll.InputError, match="no routes were kept"):
        bare.paths()
    assert ll.assign(square.network, square.demand, gap=1e-8, start=bare, **weights).converged


def test_warm_start_with_added_and_removed_links(square: ll.Assigned) -> None:
    links = square.network.links()
    quicker = links.loc[[0]].assign(free_flow_time=0.5)
    links = pd.concat([links, quicker], ignore_index=True)
    for table in (links, links.drop(index=[0, 3]), links.iloc[::-1]):
        net = ll.RoadNetwork.from_links(table, zones=2, demand=square.demand)
        warm, cold = ll.assign(net, gap=1e-12, start=square), ll.assign(net, gap=1e-12)
        assert warm.converged
        assert warm.flow == pytest.approx(cold.flow, abs=1e-6)


# Networks and demand


def test_networks_do_not_change() -> None:
    free_flow_time = np.array([1.0, 2.0])
    net = network((1, 2), (2, 1)).replaced(free_flow_time=free_flow_time)
    free_flow_time[0] = 9
    assert net.free_flow_time.tolist() == [1, 2]
    for values in (net.free_flow_time, ll.skim(net)["time"], ll.assign(net, trips((1, 2, 1))).flow):
        with pytest.raises(ValueError, match="read-only"):
            values[0] = 5
    with pytest.raises(dataclasses.FrozenInstanceError):
        net.zones = 5


def test_forms_of_demand() -> None:
    net = network((1, 2), (2, 1))
    matrix = [[1, 2], [0, 0]]
    given = [matrix, np.array(matrix), pd.DataFrame(matrix), trips((1, 2, 2), (1, 1, 1)), ll.TripTable.of(matrix, 2)]
    for demand in given:
        answer = ll.assign(net, demand)
        assert answer.demand.matrix().tolist() == matrix
        assert answer.flow.tolist() == [2, 0]
    assert ll.assign(net.replaced(demand=matrix)).demand.times(2).total == 6
    assert repr(net.replaced(demand=matrix)) == "RoadNetwork(2 zones, 2 nodes, 2 links, 3 trips)"


# What is refused


def message(function: object, *values: object, **options: object) -> str:
    with pytest.raises(InputError) as caught:
        function(*values, **options)
    return str(caught.value)


def test_trips_without_a_route_are_reported_by_origin() -> None:
    net = network((1, 3), (2, 4), zones=4)
    text = message(ll.assign, net, trips((1, 2, 5), (1, 4, 2), (2, 4, 1), (3, 1, 1.5)))
    assert "origin 1" in text
    assert "7 trips to 2, 4" in text
    assert "1.5 trips to 1" in text
    assert "origin 2" not in text


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"gap": -1.0}, "gap"),
        ({"gap": np.nan}, "gap"),
        ({"max_iterations": 0}, "max_iterations"),
        ({"threads": 0}, "threads"),
        ({"length_weight": -0.1}, "length_weight"),
        ({"toll_weight": np.inf}, "toll_weight"),
    ],
)
def test_invalid_options(options: dict[str, float], words: str) -> None:
    assert words in message(ll.assign, network((1, 2)), trips((1, 2, 1)), **options)


@pytest.mark.parametrize(
    ("demand", "words"),
    [
        (np.full((2, 2), np.nan), "nan"),
        ([[0, -1], [0, 0]], "-1"),
        ([[0, np.inf], [0, 0]], "inf"),
        (np.zeros((3, 3)), "shape (3, 3)"),
        ([["a", 1], [1, 1]], "number"),
        (trips((1, 3, 1)), "unknown zone (found"),
        (trips((0, 1, 1)), "unknown zone (found"),
        (trips((1.5, 1, 1)), "unknown zone (found"),
        (trips((1, 2, 1), (1, 2, 1)), "duplicate pair"),
        (ll.TripTable.of(np.zeros((3, 3)), 3), "zones"),
    ],
)
def test_invalid_demand(demand: object, words: str) -> None:
    assert words in message(ll.assign, network((1, 2)), demand)


def test_no_demand() -> None:
    assert "the network has none" in message(ll.assign, network((1, 2)))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"capacity": [-1.0]}, "capacity"),
        ({"free_flow_time": [np.nan]}, "free_flow_time"),
        ({"b": [np.inf]}, "column b"),
        ({"power": [-1.0]}, "power"),
        ({"power": [20.5]}, "0 to 20"),
        ({"toll": [-1.0]}, "toll"),
        ({"length": [1.0, 2.0]}, "one number for each link"),
        ({"b": ["x"]}, "number"),
        ({"from_node": [1.5]}, "unknown node"),
        ({"to_node": [3]}, "unknown node"),
        ({"capacity": [0.0], "b": [1.0]}, "no capacity"),
        ({"zones": 0}, "zones"),
        ({"zones": 3}, "nodes"),
        ({"first_thru_node": 4}, "first_thru_node"),
        ({"first_thru_node": 1.5}, "first_thru_node"),
        ({"length_weight": -1}, "length_weight"),
        ({"coordinates": np.zeros((3, 2))}, "coordinates"),
        ({"demand": np.zeros((3, 3))}, "shape (3, 3)"),
    ],
)
def test_invalid_networks(change: dict[str, object], words: str) -> None:
    assert words in message(network((1, 2)).replaced, **change)


def test_tables_that_lack_columns() -> None:
    text = message(ll.RoadNetwork.from_links, pd.DataFrame({"from": [1], "to": [2], "capacity": [1.0]}), zones=2)
    assert all(f"column {name}" in text for name in ("free_flow_time", "b", "power"))


def test_links_and_quantities_that_are_unknown(square: ll.Assigned) -> None:
    text = message(square.select_link, [8, -1, (1, 2), (1, 2, 3), "ab", 1.5])
    assert text.startswith("6 problems")
    assert "any, all" in message(square.select_link, [0], use="some")
    assert "unknown quantity" in message(ll.skim, square.network, quantities=["time", "fuel"])
    assert "finite number" in message(ll.skim, square.network, quantities={"fuel": [1, 2]})
    assert "threads" in message(ll.skim, square.network, threads=0)
    assert "toll_weight" in message(ll.skim, square.network, toll_weight=-1)


def test_starts_of_other_networks(square: ll.Assigned) -> None:
    assert "the start has other nodes or zones" in message(ll.assign, network((1, 2)), trips((1, 2, 1)), start=square)


# Properties


@st.composite
def cases(draw: st.DrawFn) -> tuple[ll.RoadNetwork, np.ndarray]:
    """A ring through all nodes with chords, some of them parallel, of no time or no delay; and any demand."""
    zones = draw(st.integers(1, 5))
    nodes = zones + draw(st.integers(1, 4))
    through = draw(st.sampled_from([1, zones + 1]))
    pairs = st.tuples(st.integers(1, nodes), st.integers(1, nodes))
    inner = range(through, nodes + 1)
    ring = [(n, inner[(i + 1) % len(inner)]) for i, n in enumerate(inner)]
    connectors = [pair for zone in range(1, through) for pair in ((zone, nodes), (nodes, zone))]
    ends = [*ring, *connectors, *draw(st.lists(pairs, max_size=10))]
    # Free-flow time, capacity, b, power, length.
    values = ([0.0, 1.0, 2.5], [1.0, 10.0], [0.0, 0.15, 1.0], [0.0, 1.0, 4.0], [0.5, 2.0])
    numbers = st.tuples(*map(st.sampled_from, values))
    rows = [(*pair, *draw(numbers)) for pair in draw(st.permutations(ends))]
    flows = st.sampled_from([0.0, 0.0, 1.0, 7.3])
    demand = np.array([[draw(flows) for _ in range(zones)] for _ in range(zones)])
    return network(*rows, zones=zones, nodes=nodes, first_thru_node=through, length_weight=0.1), demand


@pytest.mark.parametrize("suffix", [".omx", ".csv", ".parquet"])
@pytest.mark.parametrize("rows", [1, 2, 7])
def test_skims_written_in_blocks_are_those_in_memory(
    suffix: str, rows: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("landlink.traffic.skims.ROWS", rows)
    net = network((1, 3, 1.0, 2.0, 0.0, 1.0), (3, 2, 1.0, 1.5, 0.0, 1.0), (2, 1, 1.0, 4.0, 0.0, 1.0), zones=3)
    skims = ll.skim(net, select_link=[(3, 2)])
    told: list[str] = []
    path = ll.skim_to(tmp_path / f"s{suffix}", net, select_link=[(3, 2)], progress=lambda text, _: told.append(text))
    read = ll.read_skims(path)
    assert set(read) == set(skims)
    assert all(np.array_equal(read[name], skims[name]) for name in skims)
    assert told[-1] == "skims from 3 of 3 zones"
    solved = ll.assign(net, trips((1, 2, 5.0)))
    again = ll.read_skims(solved.skim_to(tmp_path / f"t{suffix}"))
    assert all(np.array_equal(again[name], matrix) for name, matrix in solved.skim().items())


@given(cases())
def test_skims_are_those_of_another_program(case: tuple[ll.RoadNetwork, np.ndarray]) -> None:
    net, _ = case
    cost = net.time(np.zeros(len(net))) + 0.1 * net.length
    skims = ll.skim(net, threads=1)
    through = np.arange(1, net.nodes + 1) >= net.first_thru_node
    for zone in range(1, net.zones + 1):
        # Links out of this zone and out of nodes that are passed; parallel ones by their cheapest.
        usable = through[net.from_node - 1] | (net.from_node == zone)
        dense = np.full((net.nodes, net.nodes), np.inf)
        np.minimum.at(dense, (net.from_node[usable] - 1, net.to_node[usable] - 1), cost[usable] + 1e-300)
        graph = csr_array(np.where(np.isfinite(dense), dense, 0.0))
        expected = dijkstra(graph, indices=zone - 1)[: net.zones]
        expected[zone - 1] = 0.0
        assert skims["cost"][zone - 1] == pytest.approx(expected, abs=1e-12)
    assert skims["cost"] == pytest.approx(skims["time"] + 0.1 * skims["length"], abs=1e-12)


@given(cases())
def test_solutions_are_equilibria(case: tuple[ll.RoadNetwork, np.ndarray]) -> None:
    net, demand = case
    answer = ll.assign(net, demand, gap=1e-9, threads=1)
    assert answer.converged
    assert answer.flow.min(initial=0) >= 0
    assert answer.conservation < 1e-12
    # Nobody on a used route could go cheaper, but for the gap.
    cheapest = answer.skim(threads=1)["cost"]
    paths = answer.paths()
    least = cheapest[paths["origin"] - 1, paths["destination"] - 1]
    spent = float((paths["flow"] * paths["cost"]).sum())
    excess = float((paths["flow"] * (paths["cost"] - least)).sum())
    assert -1e-12 * spent <= excess <= 1e-9 * spent + 1e-12
    everything = answer.select_link(range(len(net)))
    assert everything.flow == pytest.approx(answer.flow, abs=1e-9)
    moving = demand.sum() - np.trace(demand)
    assert everything.demand.total == pytest.approx(moving)


@given(cases(), st.sampled_from([1e-15, 1e-9, 1 / 60, 1e12]))
def test_units_do_not_matter(case: tuple[ll.RoadNetwork, np.ndarray], unit: float) -> None:
    net, demand = case
    one = ll.assign(net, demand, gap=1e-9, threads=1)
    times = ll.assign(
        net.replaced(free_flow_time=net.free_flow_time * unit, length_weight=0.1 * unit), demand, gap=1e-9, threads=1
    )
    flows = ll.assign(net.replaced(capacity=net.capacity * unit), demand * unit, gap=1e-9, threads=1)
    assert times.converged
    assert flows.converged
    assert times.objective == pytest.approx(one.objective * unit, rel=1e-8)
    assert flows.objective == pytest.approx(one.objective * unit, rel=1e-8)


@given(cases(), st.randoms(use_true_random=False))
def test_the_order_of_links_does_not_matter(case: tuple[ll.RoadNetwork, np.ndarray], random: object) -> None:
    net, demand = case
    order = np.array(random.sample(range(len(net)), len(net)))
    shuffled = ll.RoadNetwork.from_links(
        net.links().iloc[order],
        zones=net.zones,
        nodes=net.nodes,
        first_thru_node=net.first_thru_node,
        length_weight=0.1,
    )
    one, other = (ll.assign(each, demand, gap=1e-10, threads=1) for each in (net, shuffled))
    assert one.objective == pytest.approx(other.objective, rel=1e-8, abs=1e-12)
    assert ll.skim(net)["cost"] == pytest.approx(ll.skim(shuffled)["cost"])


def test_results_do_not_depend_on_threads(square: ll.Assigned) -> None:
    rng = np.random.default_rng(1)
    side, zones = 8, 20
    at = np.arange(side * side).reshape(side, side)
    pairs = np.concatenate(
        [np.stack([a.ravel(), b.ravel()], 1) for a, b in ((at[1:], at[:-1]), (at[:, 1:], at[:, :-1]))]
    )
    ends = np.concatenate([pairs, pairs[:, ::-1]]) + 1
    rows = [
        (*pair, *values, 0.15, 4.0, 1.0) for pair, values in zip(ends, rng.uniform(1, 9, (len(ends), 2)), strict=True)
    ]
    net = network(*rows, zones=zones, demand=rng.uniform(0, 2, (zones, zones)))
    answers = [ll.assign(net, gap=1e-8, threads=threads) for threads in (1, 2, 5, 1)]
    assert len({answer.flow.tobytes() for answer in answers}) == 1
    assert len({answer.skim(threads=3 - i % 2)["time"].tobytes() for i, answer in enumerate(answers)}) == 1


def test_files_and_tables_give_the_same(tmp_path: Path) -> None:
    (tmp_path / "net").write_text(net_text([*LINKS, link(1, 2, 5, 1, 80)]))
    (tmp_path / "trips").write_text(trips_text("Origin 1\n 2 : 6;"))
    read = ll.read_tntp(tmp_path / "net", tmp_path / "trips")
    built = ll.RoadNetwork.from_links(read.links(), zones=2, demand=trips((1, 2, 6)))
    assert ll.assign(read).flow.tobytes() == ll.assign(built).flow.tobytes()
