"""Faults that public codes of trade in general equilibrium were found to have, each with a test that would find it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import landlink as ll
from landlink.trade.multisector_solver import solve_sectors
from tests.support.trade_worlds import closed_sectors, random_sectors, random_world


def test_prices_are_those_of_the_wages_where_the_solver_stops() -> None:
    """Codes that stop once wages stand still leave price indices behind: computed anew here from unit costs alone."""
    world = random_sectors(5, 4, seed=1)
    ratio = np.random.default_rng(0).uniform(0.6, 1.5, world.tariff.shape)
    found = solve_sectors(world, world.tariff * 0.2, ratio)
    change = ratio * (1 + world.tariff * 0.2) / (1 + world.tariff)
    price = np.ones_like(found.price)
    for _ in range(2000):
        bought_in = np.exp(np.einsum("nkj,nk->nj", world.input_share, np.log(price)))
        cost = found.wage[:, None] ** world.value_added_share * bought_in
        power = world.expenditure_share * (cost[None] * change) ** -world.theta
        price = power.sum(axis=1) ** (-1 / world.theta)
    np.testing.assert_allclose(found.price, price, rtol=1e-7)
    np.testing.assert_allclose(found.unit_cost, cost, rtol=1e-7)


def test_the_elasticity_is_not_read_as_its_inverse() -> None:
    """Trade shares answer a small change of one cost by minus theta, not by the far smaller 1 / theta."""
    world = replace(random_sectors(4, 1, seed=2, tariffs=False), theta=np.array([6.0]))
    ratio = np.ones_like(world.tariff)
    ratio[0, 1, 0] = 1 + 1e-4
    found = ll.trade.sector_counterfactual(world, cost_ratio=ratio)
    old, new = found.before.imports[0], found.after.imports[0]
    # Against another origin of the same importer, whose own costs change by far less than this.
    relative = (new[0, 1] / new[0, 2]) / (old[0, 1] / old[0, 2])
    costs = found.after.unit_cost[:, 0] / found.before.unit_cost[:, 0]
    assert np.log(relative) / np.log(ratio[0, 1, 0] * costs[1] / costs[2]) == pytest.approx(-6.0, rel=1e-6)
    gravity = random_world(5)
    shock = np.where(np.arange(25).reshape(5, 5) == 3, 1 + 1e-4, 1.0)
    answer = ll.trade.counterfactual(gravity.rows(gravity.flows), gravity.rows(shock), sigma=7)
    share = answer.flows / answer.baseline
    price = answer.output_price
    relative = share[0, 3] / share[1, 3] / (price[0] / price[1]) ** -6
    assert np.log(relative) / np.log(1 + 1e-4) == pytest.approx(-6.0, rel=1e-6)


@pytest.mark.parametrize("deficits", ["zero", "fixed", "proportional"])
def test_a_baseline_reproduces_itself_under_no_shock(deficits) -> None:
    world = closed_sectors(5, 3, seed=3)
    same_cost = np.ones_like(world.tariff)
    found = ll.trade.sector_counterfactual(world, tariff=world.tariff, cost_ratio=same_cost, deficits=deficits)
    np.testing.assert_allclose(found.after.imports, found.before.imports, rtol=1e-7)
    # The base is the data, unless its deficits are taken away.
    assert (found.baseline_gap < 1e-7) == (deficits != "zero")
    gravity = random_world(6)
    same = ll.trade.counterfactual(
        gravity.rows(gravity.flows), gravity.rows(np.ones((6, 6))), sigma=4, deficits=deficits
    )
    np.testing.assert_allclose(same.flows, same.baseline, rtol=1e-9)


def test_sparse_tables_are_placed_by_keys(tmp_path) -> None:
    """Rows without trade left out, the others in any order: a code that reshapes by position moves every later cell."""
    gravity = random_world(6)
    flows = gravity.flows.copy()
    flows[[0, 2, 4], [3, 5, 1]] = 0.0
    rows = gravity.rows(flows)
    expected = ll.trade.counterfactual(rows, gravity.rows(gravity.ratio), sigma=5)
    sparse = [row for row in rows if row[2] > 0]
    np.random.default_rng(1).shuffle(sparse)
    table = pd.DataFrame(sparse, columns=["exporter", "importer", "value"])
    found = ll.trade.counterfactual(table, gravity.rows(gravity.ratio)[::-1], sigma=5, missing="zero")
    pd.testing.assert_frame_equal(found.table(), expected.table(), check_exact=True)

    world = closed_sectors(4, 3, seed=4)
    world.save(tmp_path / "world")
    path = tmp_path / "world" / "flows.csv"
    cells = pd.read_csv(path)
    gone = cells.index.isin([5, 13, 27])
    cells.assign(value=cells["value"].where(~gone, 0.0)).to_csv(path, index=False)
    expected = ll.trade.World.load(tmp_path / "world")
    cells[~gone].sample(frac=1, random_state=2).to_csv(path, index=False)
    found = ll.trade.World.load(tmp_path / "world", missing="zero")
    np.testing.assert_array_equal(found.expenditure_share, expected.expenditure_share)
