"""Re-exports netted: totals that stay, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import landlink as ll
from landlink.core.errors import InputError
from landlink.trade import net_reexports
from tests.support.trade_worlds import random_world, square

FLOWS = [
    ("A", "A", 80), ("A", "B", 20), ("A", "C", 1), ("B", "A", 5), ("B", "B", 50), ("B", "C", 15), ("C", "A", 2),
    ("C", "B", 3), ("C", "C", 40),
]  # fmt: skip
NAMES = ["A", "B", "C"]


def test_the_legs_become_one_flow() -> None:
    net = square(net_reexports(FLOWS, [("A", "B", "C", 12)]), NAMES, "value")
    assert net.tolist() == [[80, 8, 13], [5, 50, 3], [2, 3, 40]]


def test_goods_that_return_are_domestic_sales() -> None:
    net = square(net_reexports(FLOWS, [("A", "B", "A", 4)]), NAMES, "value")
    assert net.tolist() == [[84, 16, 1], [1, 50, 15], [2, 3, 40]]


@given(st.integers(0, 1000))
def test_output_and_expenditure_of_the_ends_stay(seed: int) -> None:
    world = random_world(5, seed)
    random = np.random.default_rng(seed)
    exporter, hub, importer = random.permutation(5)[:3].tolist()
    value = 0.9 * min(world.flows[exporter, hub], world.flows[hub, importer])
    names = world.countries
    row = (names[exporter], names[hub], names[importer], value)
    net = square(net_reexports(world.rows(world.flows), [row]), names, "value")
    change_of_output = net.sum(axis=1) - world.flows.sum(axis=1)
    change_of_spending = net.sum(axis=0) - world.flows.sum(axis=0)
    expected = np.where(np.arange(5) == hub, -value, 0.0)
    assert change_of_output == pytest.approx(expected, abs=1e-9 * world.flows.sum())
    assert change_of_spending == pytest.approx(expected, abs=1e-9 * world.flows.sum())


def test_netting_decides_who_gains_from_a_cheaper_road() -> None:
    """What the hub sells on counts for it as its own exports while it is not netted, and a cheaper road for more."""
    cheaper = [("B", "C", 0.9)]
    gross = ll.trade.counterfactual(FLOWS, cheaper, sigma=5)
    net = ll.trade.counterfactual(net_reexports(FLOWS, [("A", "B", "C", 12)]), cheaper, sigma=5)
    assert 0 < net.real_gdp[1] - 1 < 0.7 * (gross.real_gdp[1] - 1)


def test_goods_sold_on_twice() -> None:
    """A to B to C to D in two rows: the second hub sells on what the first row brings there."""
    flows = [(i, j, 100.0 if i == j else 1.0) for i in "ABCD" for j in "ABCD"]
    flows = [(i, j, 10.0 if (i, j) in {("A", "B"), ("B", "C"), ("C", "D")} else value) for i, j, value in flows]
    net = square(net_reexports(flows, [("A", "B", "C", 9), ("A", "C", "D", 9)]), list("ABCD"), "value")
    assert net[0].tolist() == [100, 1, 1, 10]
    assert (net[1, 2], net[2, 3]) == (1, 1)


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([("A", "B", "C", 16)], r"row B,C, column value: re-exports exceed .*at most 15"),
        ([("A", "B", "C", 8), ("C", "B", "A", 4)], "row C,B.*exceed"),
        ([("A", "B", "C", -1)], "invalid re-export"),
        ([("A", "B", "C", "")], "invalid re-export"),
        ([("A", "A", "C", 1)], "hub is an end"),
        ([("A", "C", "C", 1)], "hub is an end"),
        ([("A", "D", "C", 1)], "unknown hub.*"),
        ([("A", "B", "C", 1)] * 2, "duplicate route"),
        ([], "no rows"),
    ],
)
def test_invalid_reexports_are_refused(rows: list[tuple[str, str, str, float]], words: str) -> None:
    with pytest.raises(InputError, match=words):
        net_reexports(FLOWS, rows)
