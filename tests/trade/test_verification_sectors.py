"""Many sectors with input–output links: the published case of NAFTA, and what holds for every world."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landlink.core.errors import ConvergenceError, InputError
from landlink.trade import multisector_solver
from landlink.trade.multisector import sector_counterfactual
from landlink.trade.multisector_solver import solve_sectors
from landlink.trade.multisector_world import World
from landlink.trade.structural_gravity import DEFICITS, solve_full
from tests.support.trade_worlds import REASON, REFERENCE, nafta, random_sectors, random_world

needs_reference = pytest.mark.skipif(not REFERENCE.is_dir(), reason=REASON)
worlds = st.builds(random_sectors, st.integers(2, 6), st.integers(1, 5), st.integers(0, 1000))


@needs_reference
def test_nafta_is_as_published_and_exact_beside_it() -> None:
    world, tariff = nafta()
    table = sector_counterfactual(world, tariff=tariff).table().set_index("region")
    published = {"Mexico": 1.31, "Canada": -0.06, "USA": 0.08}
    for region, welfare in published.items():
        assert table["first_order_percent"][region] == pytest.approx(welfare, abs=0.005)
    exact = {"Mexico": 0.007, "Canada": -0.110, "USA": 0.074}
    for region, income in exact.items():
        assert table["real_income_percent"][region] == pytest.approx(income, abs=0.0005)
    expected = pd.read_csv(REFERENCE / "caliendo_parro" / "expected_welfare_numpy_zero_deficit.csv", index_col=0)
    for ours, theirs in (
        ("real_income_percent", "exact_real_income_pct"),
        ("real_wage_percent", "real_wage_pct"),
        ("terms_of_trade_percent", "tot"),
        ("volume_of_trade_percent", "vot"),
        ("first_order_percent", "cp_welfare"),
    ):
        assert np.abs(table[ours] - expected[theirs]).max() < 1e-4, ours


@needs_reference
def test_prices_and_wages_of_nafta_are_those_of_the_reference() -> None:
    """A code that stops when wages stand still has prices that are not those of its wages."""
    world, tariff = nafta()
    found = sector_counterfactual(world, tariff=tariff)
    expected = pd.read_csv(REFERENCE / "caliendo_parro" / "expected_hats_zero_deficit.csv", index_col=0)
    for state, name in ((found.before, "bln"), (found.after, "cfl")):
        scale = float(np.median(expected[f"w_hat_{name}"] / state.wage))
        assert state.wage * scale == pytest.approx(expected[f"w_hat_{name}"], rel=1e-5)
        assert state.price_index * scale == pytest.approx(expected[f"P_hat_{name}"], rel=1e-5)
        assert state.income * scale == pytest.approx(expected[f"I_{name}"], rel=1e-5)


@needs_reference
def test_nafta_is_quick() -> None:
    world, tariff = nafta()
    start = time.perf_counter()
    sector_counterfactual(world, tariff=tariff)
    # The goal is 1 s on a machine that does nothing else.
    assert time.perf_counter() - start < 5


@settings(deadline=None)
@given(worlds, st.sampled_from(DEFICITS))
def test_no_shock_changes_nothing(world, deficits) -> None:
    found = sector_counterfactual(world, deficits=deficits)
    assert np.abs(found.table().drop(columns="region").to_numpy()).max() < 1e-6


@settings(deadline=None)
@given(worlds, st.sampled_from(DEFICITS), st.integers(0, 1000))
def test_every_market_clears(world, deficits, seed) -> None:
    random = np.random.default_rng(seed)
    value = 0.05 * world.value_added.min() * random.uniform(-1, 1, len(world.regions))
    world = replace(world, deficit=value - value.mean())
    ratio = random.uniform(0.8, 1.25, world.tariff.shape)
    found = sector_counterfactual(world, tariff=world.tariff / 2, cost_ratio=ratio, deficits=deficits)
    after = found.after
    # Sums over the flows themselves, apart from the solver.
    sales = after.imports.sum(axis=1).T
    spent = (after.imports * (1 + found.tariff_after.transpose(2, 0, 1))).sum(axis=2).T
    bought = np.einsum("nkj,nj->nk", world.input_share, sales)
    assert spent == pytest.approx(after.expenditure, rel=1e-7)
    assert bought + world.consumption_share * after.income[:, None] == pytest.approx(spent, rel=1e-6)
    assert (world.value_added_share * sales).sum(axis=1) == pytest.approx(world.value_added * after.wage, rel=1e-7)
    transfers = after.income - after.value_added - after.revenue
    abroad = after.imports.sum(axis=(0, 2)) - after.imports.sum(axis=(0, 1))
    scale = world.value_added.sum()
    assert transfers / scale == pytest.approx(abroad / scale, abs=1e-7)
    if deficits == "zero":
        assert np.abs(transfers).max() < 1e-9 * scale
    elif deficits == "fixed":
        assert transfers / scale == pytest.approx(world.deficit / scale, abs=1e-9)
    assert max(found.residuals().values()) < 1e-8


@pytest.mark.parametrize("deficits", DEFICITS)
def test_one_sector_without_inputs_is_structural_gravity(deficits) -> None:
    world = random_world(6, seed=4)
    flows, sigma = world.flows, 5.0
    output, spent = flows.sum(axis=1), flows.sum(axis=0)
    one = World(
        regions=tuple(world.countries),
        sectors=("goods",),
        expenditure_share=(flows / spent).T[:, :, None],
        tariff=np.zeros((6, 6, 1)),
        value_added_share=np.ones((6, 1)),
        input_share=np.zeros((6, 1, 1)),
        consumption_share=np.ones((6, 1)),
        theta=np.array([sigma - 1]),
        value_added=output,
        deficit=spent - output,
    )
    base = solve_full(flows, np.ones_like(flows), sigma, deficits="zero").flows if deficits == "zero" else flows
    gravity = solve_full(base, world.ratio, sigma, deficits=deficits)
    found = sector_counterfactual(one, cost_ratio=world.ratio.T[:, :, None], deficits=deficits)
    assert found.after.wage / found.before.wage == pytest.approx(gravity.price, rel=1e-7)
    np.testing.assert_allclose(found.after.imports[0].T, gravity.flows, rtol=1e-6)
    # The base reproduces the data, unless its deficits are taken away.
    assert (found.baseline_gap < 1e-7) == (deficits != "zero")


def test_data_whose_accounts_close_reproduce_themselves() -> None:
    """With tariffs, inputs and deficits: the data are an equilibrium that was solved before."""
    world = random_sectors(5, 4, seed=2)
    value = 0.05 * world.value_added.min() * np.array([1.0, -1.0, 0.5, 0.0, -0.5])
    data = solve_sectors(replace(world, deficit=value), world.tariff, deficits="fixed")
    bought = data.imports * (1 + world.tariff.transpose(2, 0, 1))
    share = (bought / bought.sum(axis=2, keepdims=True)).transpose(1, 2, 0)
    closed = replace(world, deficit=value, expenditure_share=share, value_added=data.value_added)
    for deficits in ("fixed", "proportional"):
        found = sector_counterfactual(closed, deficits=deficits)
        assert found.baseline_gap < 1e-7
        np.testing.assert_allclose(found.before.expenditure, data.expenditure, rtol=1e-7)
        np.testing.assert_allclose(found.after.expenditure, data.expenditure, rtol=1e-7)


def test_not_converged_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    world = random_sectors(4, 3)
    monkeypatch.setattr(multisector_solver, "_MOST_SWEEPS", 3)
    with pytest.raises(ConvergenceError, match="does not reach equilibrium"):
        solve_sectors(world, world.tariff)


@pytest.mark.parametrize(
    ("name", "change", "words"),
    [
        ("theta", lambda v: v * 0, "above 0"),
        ("theta", lambda v: v[:-1], "wrong shape"),
        ("tariff", lambda v: v - 1, "0 or more"),
        ("expenditure_share", lambda v: v * 0.9, "add to 1"),
        ("input_share", lambda v: v * 0.9, "add to 1"),
        ("consumption_share", lambda v: v * np.nan, "from 0 to 1"),
        ("value_added", lambda v: -v, "above 0"),
        ("deficit", lambda v: v + 0.01, "add to zero"),
    ],
)
def test_invalid_worlds_are_refused(name, change, words) -> None:
    world = random_sectors(3, 2)
    with pytest.raises(InputError, match=words) as refused:
        replace(world, **{name: change(getattr(world, name))})
    assert refused.value.problems[0].table == name


def test_invalid_shocks_are_refused() -> None:
    world = random_sectors(3, 2)
    tariff = world.tariff.copy()
    tariff[0, 1, 1] = -0.1
    with pytest.raises(InputError, match=r"R000 from R001, S01"):
        sector_counterfactual(world, tariff=tariff)
    with pytest.raises(InputError, match="ratio above 0"):
        sector_counterfactual(world, cost_ratio=np.zeros_like(tariff))
    with pytest.raises(InputError, match="unknown treatment"):
        sector_counterfactual(world, deficits="some")
