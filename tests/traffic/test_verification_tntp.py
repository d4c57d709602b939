"""Published equilibria of the Transportation Networks collection."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

import landlink as ll
from landlink.traffic.assign import Assigned
from tests.support.tntp import collected, needs_folder, published

pytestmark = needs_folder


@dataclass(frozen=True)
class Case:
    """A network of the collection and what its page says of the best known solution."""

    folder: str
    name: str
    length_weight: float = 0.0
    toll_weight: float = 0.0
    objective: float | None = None
    gap: float = 1e-12

    def solved(self) -> Assigned:
        return ll.assign(
            collected(self.folder, self.name),
            gap=self.gap,
            length_weight=self.length_weight,
            toll_weight=self.toll_weight,
        )


#: The page of Sioux Falls gives 42.31335287107440 in units of 100,000.
SIOUX_FALLS = Case("SiouxFalls", "SiouxFalls", objective=4231335.287107440)
ANAHEIM = Case("Anaheim", "Anaheim")
CHICAGO_SKETCH = Case("Chicago-Sketch", "ChicagoSketch", 0.04, 0.02, objective=17313018.7387477)


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(SIOUX_FALLS, id="SiouxFalls"),
        pytest.param(ANAHEIM, id="Anaheim"),
        pytest.param(CHICAGO_SKETCH, id="ChicagoSketch", marks=pytest.mark.slow),
    ],
)
def case(request: pytest.FixtureRequest) -> tuple[Case, Assigned]:
    return request.param, request.param.solved()


def test_the_gap_is_reached_and_flows_are_conserved(case: tuple[Case, Assigned]) -> None:
    asked, answer = case
    assert answer.converged
    assert answer.relative_gap <= asked.gap
    assert answer.conservation < 1e-12


def test_the_published_objective(case: tuple[Case, Assigned]) -> None:
    asked, answer = case
    expected = asked.objective
    if expected is None:  # the page gives none, so that of the published flows
        net, flow = answer.network, published(asked.folder, asked.name, answer.network)
        growth = net.b * net.capacity / (net.power + 1) * (flow / net.capacity) ** (net.power + 1)
        expected = float(net.free_flow_time @ (flow + growth))
    assert answer.objective == pytest.approx(expected, rel=1e-10)


def test_the_published_flows(case: tuple[Case, Assigned]) -> None:
    asked, answer = case
    expected = published(asked.folder, asked.name, answer.network)
    # Links whose cost does not grow may share their flow otherwise.
    grows = ~answer.network.constant
    assert np.abs(answer.flow - expected)[grows].sum() < 1e-6 * expected.sum()


def test_nothing_passes_through_a_zone_of_anaheim() -> None:
    network = collected(ANAHEIM.folder, ANAHEIM.name)
    assert network.first_thru_node == network.zones + 1
    answer = ll.assign(network, gap=1e-8)
    sent = network.demand.matrix().sum(axis=1)
    leaving = np.bincount(network.from_node, answer.flow)[1 : network.zones + 1]
    assert leaving == pytest.approx(sent, rel=1e-12)


def test_sioux_falls_has_the_published_total_cost() -> None:
    answer = SIOUX_FALLS.solved()
    assert float(answer.flow @ answer.cost) == pytest.approx(7480225.34, abs=0.1)


def test_braess() -> None:
    answer = ll.assign(collected("Braess-Example", "Braess"), gap=1e-12)
    # Each of the three routes carries 2 and costs 92.
    assert answer.flow == pytest.approx([4, 2, 2, 2, 4], abs=1e-5)
    assert answer.skim()["cost"][0, 1] == pytest.approx(92, abs=1e-5)
    assert answer.objective == pytest.approx(386, rel=1e-9)
