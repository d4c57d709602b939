"""Combined distribution and assignment of road networks: known by hand, held against a reference, and refusals."""

from __future__ import annotations

import json
import math

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import brentq

import landlink as ll
from landlink.core.errors import InputError
from tests.support.tntp import FOLDER, collected

REFERENCE = FOLDER.parent / "trade" / "evans"
LINKS = pd.DataFrame(
    {
        "from": [1, 1], "to": [2, 3], "free_flow_time": [1.0, 2.0], "capacity": [1.0, 1.0], "b": [1.0, 1.5],
        "power": [1.0, 1.0],
    }
)  # fmt: skip
#: From zone 1 over roads that cost 1 + x and 2 + 3 y.
FORK = ll.RoadNetwork.from_links(LINKS, zones=3)
NINE = [[0, 4, 5], [0, 0, 0], [0, 0, 0]]


def split(beta: float, ratio: float = 1.0) -> float:
    """Trips of 9 that go to zone 2: x / y = ratio exp(-beta (1 + x - 2 - 3 y))."""
    return brentq(
        lambda x: math.log(x / (9 - x) / ratio) + beta * (1 + x - 2 - 3 * (9 - x)), 1e-9, 9 - 1e-9, xtol=1e-13
    )


@pytest.fixture(scope="module")
def sioux_falls() -> ll.ElasticAssigned:
    return ll.assign_elastic(collected("SiouxFalls", "SiouxFalls"), beta=0.1, gap=1e-13)


@pytest.mark.facts
@pytest.mark.skipif(not REFERENCE.is_dir(), reason="needs the shared folder beside the checkout")
def test_sioux_falls_is_that_of_the_reference(sioux_falls: ll.ElasticAssigned):
    known = json.loads((REFERENCE / "siouxfalls_evans.json").read_text())["0.1"]
    assert sioux_falls.converged
    assert sioux_falls.trip_ends < 1e-12
    assert sioux_falls.objective == pytest.approx(known["evans_objective"], rel=1e-10)
    assert sioux_falls.assigned.objective == pytest.approx(known["beckmann"], rel=1e-6)
    table = np.loadtxt(REFERENCE / "siouxfalls_beta0.1_od.csv", delimiter=",")
    assert sioux_falls.trips.matrix() == pytest.approx(table, abs=0.01)
    links = np.loadtxt(REFERENCE / "siouxfalls_beta0.1_links.csv", delimiter=",", skiprows=1)
    flows = {(int(a), int(b)): value for a, b, value, _ in links}
    for start, end, flow in sioux_falls.flows[["from", "to", "flow"]].itertuples(index=False):
        assert flow == pytest.approx(flows[start, end], rel=1e-5)
    spent = float(sioux_falls.flow @ sioux_falls.assigned.cost)
    assert spent == pytest.approx(known["tstt"], rel=1e-6)


@pytest.mark.facts
@pytest.mark.skipif(not REFERENCE.is_dir(), reason="needs the shared folder beside the checkout")
def test_threads_change_no_byte_and_a_start_saves_rounds(sioux_falls: ll.ElasticAssigned):
    network = sioux_falls.assigned.network
    two = ll.assign_elastic(network, beta=0.1, gap=1e-13, threads=2)
    assert two.flow.tobytes() == sioux_falls.flow.tobytes()
    assert two.trips.trips.tobytes() == sioux_falls.trips.trips.tobytes()
    again = ll.assign_elastic(network.replaced(capacity=network.capacity * 1.01), beta=0.1, start=sioux_falls)
    cold = ll.assign_elastic(network.replaced(capacity=network.capacity * 1.01), beta=0.1)
    assert again.converged
    assert again.iterations < cold.iterations
    assert again.objective == pytest.approx(cold.objective, rel=1e-9)


@pytest.mark.parametrize("beta", [0.01, 0.3, 2.0])
def test_two_destinations_of_one_origin(beta: float):
    found = ll.assign_elastic(FORK, NINE, beta=beta, totals="origins", gap=1e-12)
    x = split(beta)
    assert found.converged
    assert found.trips.trips == pytest.approx([x, 9 - x], rel=1e-6)
    assert found.flow == pytest.approx([x, 9 - x], rel=1e-6)
    # trips = exp(-beta (cost - worth)), with one worth for the origin.
    worth = 1 + x + math.log(x) / beta
    assert found.origin_worth == pytest.approx([worth, 0, 0], rel=1e-6)
    assert not found.destination_worth.any()
    entropy = sum(value * (math.log(value) - 1) for value in (x, 9 - x)) / beta
    y = 9 - x
    assert found.objective == pytest.approx(x + x**2 / 2 + 2 * y + 1.5 * y**2 + entropy, rel=1e-9)


def test_both_totals_leave_nothing_to_choose_here():
    found = ll.assign_elastic(FORK, NINE, beta=0.3)
    assert found.trips.trips == pytest.approx([4, 5], rel=1e-9)
    assert found.flow == pytest.approx(ll.assign(FORK, NINE).flow)


def test_totals_at_destinations_and_none_at_all():
    back = ll.RoadNetwork.from_links(LINKS.rename(columns={"from": "to", "to": "from"}), zones=3)
    found = ll.assign_elastic(back, np.transpose(NINE), beta=0.3, totals="destinations", gap=1e-12)
    assert found.trips.trips == pytest.approx([split(0.3), 9 - split(0.3)], rel=1e-6)
    free = ll.assign_elastic(
        FORK, NINE, beta=0.5, totals="none", prior=[[0, 40, 1e-6], [0, 0, 0], [0, 0, 0]], gap=1e-12
    )
    x = brentq(lambda x: x - 40 * math.exp(-0.5 * (1 + x)), 0.0, 40.0)
    assert free.trips.trips[0] == pytest.approx(x, rel=1e-6)


def test_a_prior_pulls_and_trips_within_a_zone_stay():
    within = [[7, 4, 5], [0, 0, 0], [0, 0, 0]]
    found = ll.assign_elastic(FORK, within, beta=0.3, totals="origins", prior=[[0, 3, 1], [0] * 3, [0] * 3], gap=1e-12)
    x = split(0.3, ratio=3.0)
    assert found.trips.matrix()[0] == pytest.approx([7, x, 9 - x], rel=1e-6)
    routes = found.assigned.paths()
    assert routes["flow"].to_numpy() == pytest.approx([x, 9 - x], rel=1e-6)


def test_nobody_who_leaves_a_zone():
    found = ll.assign_elastic(FORK, [[7, 0, 0], [0] * 3, [0] * 3], beta=0.3)
    assert found.converged
    assert not found.flow.any()
    assert found.trips.total == 7


def test_a_gap_that_is_missed_is_said():
    found = ll.assign_elastic(FORK, NINE, beta=2.0, totals="origins", gap=1e-13, max_iterations=1)
    assert not found.converged
    assert found.relative_gap > 1e-13
    assert "missed" in repr(found)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"beta": 0.0}, "invalid value of beta"),
        ({"beta": math.nan}, "invalid value of beta"),
        ({"beta": 1.0, "totals": "rows"}, "invalid value of totals"),
        ({"beta": 1.0, "prior": [[0, 1, 0], [0] * 3, [0] * 3]}, "its pairs are not those of the demand"),
        ({"beta": 1.0, "demand": [[0, 0, 0], [1, 0, 0], [0] * 3]}, "no route"),
        ({"beta": 1.0, "demand": None}, "the network has none"),
        ({"beta": 1.0, "threads": 0}, "threads"),
    ],
)
def test_refusals(options: dict[str, object], told: str):
    with pytest.raises(InputError, match=told):
        ll.assign_elastic(FORK, **({"demand": NINE} | options))


def test_a_start_of_other_pairs_is_refused():
    found = ll.assign_elastic(FORK, NINE, beta=0.3)
    with pytest.raises(InputError, match="other nodes or pairs"):
        ll.assign_elastic(FORK, [[0, 4, 0], [0] * 3, [0] * 3], beta=0.3, start=found)
