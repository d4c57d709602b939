"""What holds for every world of trade, and the faults that codes of this kind were found to have."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import landlink as ll
from landlink.core.errors import ConvergenceError
from landlink.trade import structural_gravity
from landlink.trade.gravity_counterfactual import MODES, solve_counterfactual
from landlink.trade.structural_gravity import DEFICITS, solve_full
from tests.support.trade_worlds import World, random_world

CLOSURES = [*(("full", deficits) for deficits in DEFICITS), ("conditional", None), ("one-pass", None)]
worlds = st.builds(random_world, st.integers(2, 9), st.integers(0, 10_000))
sigmas = st.floats(1.3, 12.0)


def solved(world, ratio, sigma, closure, **options):
    mode, deficits = closure
    return solve_counterfactual(
        world.countries, world.flows, ratio, sigma=sigma, mode=mode, deficits=deficits, **options
    )


def balanced(world: World) -> World:
    """Without deficits, so that those kept at their value never exceed an income."""
    return World(world.countries, (world.flows + world.flows.T) / 2, world.ratio)


@given(worlds, sigmas, st.sampled_from(CLOSURES))
def test_no_shock_changes_nothing(world, sigma, closure) -> None:
    found = solved(world, np.ones_like(world.flows), sigma, closure)
    assert found.flows == pytest.approx(found.baseline, rel=1e-9)
    numbers = found.table().drop(columns="country").to_numpy()
    assert np.abs(numbers).max() < 1e-7
    if closure[1] != "zero":
        assert found.baseline == pytest.approx(world.flows)


@settings(deadline=None)
@given(worlds, sigmas, st.sampled_from([c for c in CLOSURES if c[0] != "one-pass"]))
def test_flows_add_up_to_outputs_and_expenditures(world, sigma, closure) -> None:
    world = balanced(world)
    found = solved(world, world.ratio, sigma, closure)
    assert found.flows.sum(axis=1) == pytest.approx(found.output, rel=1e-9)
    assert found.flows.sum(axis=0) == pytest.approx(found.expenditure, rel=1e-9)
    assert found.flows.sum() == pytest.approx(world.flows.sum(), rel=1e-9)
    # Prices of goods, not of factors alone: the index is that of the flows.
    share = found.baseline / found.baseline.sum(axis=0)
    index = (share * (found.source_price[:, None] * world.ratio) ** (1 - sigma)).sum(axis=0) ** (1 / (1 - sigma))
    assert found.price_index == pytest.approx(index, rel=1e-9)


@given(worlds, sigmas, st.sampled_from(CLOSURES), st.floats(1e-6, 1e9))
def test_the_unit_of_flows_does_not_matter(world, sigma, closure, unit) -> None:
    world = balanced(world)
    one = solved(world, world.ratio, sigma, closure)
    other = solved(World(world.countries, world.flows * unit, world.ratio), world.ratio, sigma, closure)
    assert other.flows == pytest.approx(one.flows * unit, rel=1e-8)
    assert other.real_income == pytest.approx(one.real_income, rel=1e-8)


@given(worlds, sigmas, st.sampled_from(CLOSURES), st.floats(0.5, 2.0))
def test_the_same_change_of_all_costs_changes_prices_alone(world, sigma, closure, change) -> None:
    world = balanced(world)
    found = solved(world, np.full_like(world.flows, change), sigma, closure)
    assert found.flows == pytest.approx(found.baseline, rel=1e-8)
    assert found.real_gdp == pytest.approx(np.full(len(world.countries), 1 / change), rel=1e-8)


@given(worlds, sigmas)
def test_dearer_trade_harms_and_cheaper_trade_helps_a_mirrored_world(world, sigma) -> None:
    abroad = 1 - np.eye(len(world.countries))
    flows = np.full_like(world.flows, 10.0) + 50 * np.eye(len(world.countries))
    for change, sign in ((0.9, 1), (1.1, -1)):
        ratio = np.where(abroad, change, 1.0)
        found = solve_counterfactual(world.countries, flows, ratio, sigma=sigma)
        assert (sign * (found.real_income - 1) > 0).all()


@given(worlds, sigmas, st.integers(0, 8))
def test_real_changes_do_not_depend_on_the_reference(world, sigma, anchor) -> None:
    closure = ("full", "proportional")
    one = solved(world, world.ratio, sigma, closure)
    other = solved(world, world.ratio, sigma, closure, anchor=anchor % len(world.countries))
    assert other.price_index[anchor % len(world.countries)] == pytest.approx(1)
    assert other.real_income == pytest.approx(one.real_income, rel=1e-9)
    assert other.outward_resistance * other.price_index == pytest.approx(
        one.outward_resistance * one.price_index, rel=1e-9
    )


@given(worlds, sigmas, st.permutations(range(9)))
def test_rows_are_placed_by_their_keys(world, sigma, order) -> None:
    """Sparse tables in any order: a zero that is left out must not move the rows after it."""
    flows = world.flows.copy()
    flows[0, 1] = 0.0
    rows = world.rows(flows)
    shuffled = [row for k in order for row in rows[k::9] if row[2] > 0]
    costs = [row for k in order for row in world.rows(world.ratio)[k::9]]
    found = ll.trade.counterfactual(shuffled, costs, sigma=sigma, missing="zero")
    expected = solve_counterfactual(world.countries, flows, world.ratio, sigma=sigma)
    assert found.countries == tuple(world.countries)
    assert found.flows == pytest.approx(expected.flows, rel=1e-9)


@given(worlds, sigmas, st.sampled_from(CLOSURES))
def test_small_changes_are_their_first_order(world, sigma, closure) -> None:
    world = balanced(world)
    small = world.ratio**1e-4
    table = solved(world, small, sigma, closure).table()
    assert np.abs(table["higher_order_percent"]).max() < 1e-3 * max(np.abs(table["real_income_percent"]).max(), 1e-4)


@given(worlds)
def test_the_elasticity_is_not_read_as_its_inverse(world) -> None:
    """At fixed prices, imports answer a cost change with the power 1 - sigma."""
    ratio = np.ones_like(world.flows)
    ratio[0, 1] = 1.0001
    for sigma in (2.0, 8.0):
        found = solve_counterfactual(world.countries, world.flows, ratio, sigma=sigma, mode="conditional")
        relative = found.flows / world.flows
        slope = np.log(relative[0, 1] * relative[1, 0] / (relative[0, 0] * relative[1, 1])) / np.log(1.0001)
        assert slope == pytest.approx(1 - sigma, rel=1e-5)


@pytest.mark.parametrize("sigma", [1.01, 1.5, 5.0, 20.0])
@pytest.mark.parametrize("mode", MODES)
def test_violent_shocks_are_solved(sigma: float, mode: str) -> None:
    world = random_world(25, seed=3)
    ratio = np.exp(np.random.default_rng(1).normal(0, 1, world.flows.shape))
    found = solve_counterfactual(world.countries, world.flows, ratio, sigma=sigma, mode=mode)
    if mode != "one-pass":
        assert np.abs(found.output_residual).max() < 1e-10


def test_not_converged_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    world = random_world(5)
    monkeypatch.setattr(structural_gravity, "_MOST_STEPS", 2)
    with pytest.raises(ConvergenceError, match="does not reach equilibrium"):
        solve_full(world.flows, world.ratio, 5.0, deficits="zero")


def test_a_deficit_larger_than_what_a_country_can_owe_is_an_error() -> None:
    flows = np.array([[1.0, 100.0], [1.0, 100.0]])
    with pytest.raises(ConvergenceError):
        solve_full(flows, np.array([[1.0, 30.0], [1.0, 1.0]]), 8.0, deficits="fixed")
