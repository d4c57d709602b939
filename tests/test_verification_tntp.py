"""Published equilibria of the Transportation Networks collection."""

from __future__ import annotations

import numpy as np
import pytest

from tests.networks import Solved, solved
from tests.tntp import FOLDER, Network, read_flows, read_network

pytestmark = [
    pytest.mark.facts,
    pytest.mark.skipif(not FOLDER.is_dir(), reason="needs the shared folder beside the checkout"),
]


def flow_of_links(network: Network, case: Solved) -> np.ndarray:
    """Flow of each link in the file's order."""
    assignment = network.assignment()
    copies = len(assignment.first_out) - 1 - network.centroids
    head = np.where(assignment.head >= copies, assignment.head - copies, assignment.head)
    arcs = zip(assignment.tail.tolist(), head.tolist(), strict=True)
    flow = dict(zip(arcs, case.flow[0], strict=True))
    return np.array([flow[link[:2]] for link in network.links])


@pytest.fixture(scope="module")
def sioux_falls() -> tuple[Network, Solved]:
    network = read_network("SiouxFalls", "SiouxFalls")
    return network, solved(network.assignment(), relative_gap=1e-11)


def test_braess():
    network = read_network("Braess-Example", "Braess")
    case = solved(network.assignment())
    assert case.certificate.relative_gap < 1e-11
    assert sorted(flow_of_links(network, case)) == pytest.approx([2, 2, 2, 4, 4], abs=1e-6)


def test_sioux_falls_reaches_the_published_objective(sioux_falls):
    _, case = sioux_falls
    assert case.certificate.relative_gap <= 1e-11
    assert case.certificate.conservation < 1e-12
    # The collection gives 42.31335287107440 in units of 100,000.
    assert case.certificate.objective == pytest.approx(4231335.287107, rel=1e-8)


def test_sioux_falls_has_the_published_flows(sioux_falls):
    network, case = sioux_falls
    published = read_flows("SiouxFalls", "SiouxFalls")
    expected = [published[link[:2]] for link in network.links]
    assert flow_of_links(network, case) == pytest.approx(np.array(expected), rel=1e-4)


def test_sioux_falls_bears_the_published_cost(sioux_falls):
    network, case = sioux_falls
    flow = flow_of_links(network, case)
    times = [t * (1 + a * (v / c) ** b) for (_, _, t, c, a, b), v in zip(network.links, flow, strict=True)]
    assert float(flow @ times) == pytest.approx(7480225, rel=1e-4)


def test_anaheim_passes_no_centroid_and_has_the_published_flows():
    network = read_network("Anaheim", "Anaheim")
    case = solved(network.assignment(), relative_gap=1e-9)
    assert case.certificate.relative_gap <= 1e-9
    flow = flow_of_links(network, case)
    published = read_flows("Anaheim", "Anaheim")
    expected = np.array([published[link[:2]] for link in network.links])
    assert np.abs(flow - expected).max() < 2.0
    # What leaves a zone is its own demand alone: nothing passes through it.
    sent = np.bincount([o for o, _, _ in network.trips], [d for _, _, d in network.trips], network.centroids)
    tails = np.array([link[0] for link in network.links])
    leaving = np.bincount(tails, flow)[: network.centroids]
    assert leaving == pytest.approx(sent, rel=1e-9)
