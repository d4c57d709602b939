"""Intervals over elasticities."""

from __future__ import annotations

import numpy as np
import pytest

import landlink as ll
from landlink.core.errors import InputError
from landlink.trade.elasticity_draws import _sigmas
from tests.support.trade_worlds import random_world


def draws(world, **options):
    given = {"sigma": 5.0, "sigma_error": 1.0, "draws": 400} | options
    return ll.trade.draw_elasticities(world.rows(world.flows), world.rows(world.ratio), **given)


def test_each_draw_is_the_counterfactual_of_its_elasticity() -> None:
    world = random_world(5)
    found = draws(world, draws=6)
    for row, sigma in enumerate(found.sigma):
        one = ll.trade.counterfactual(world.rows(world.flows), world.rows(world.ratio), sigma=float(sigma)).table()
        for name, changes in found.changes.items():
            assert changes[row] == pytest.approx(one[name].to_numpy(), abs=1e-12)


def test_elasticities_have_the_mean_and_the_error_asked_for() -> None:
    sigma = _sigmas(4.0, 1.5, 4000, 1)
    # Worlds are solved for the first of them only; the others take long and say no more.
    assert draws(random_world(2), sigma=4.0, sigma_error=1.5, draws=40, seed=1).sigma == pytest.approx(sigma[:40])
    assert sigma.min() > 1
    assert sigma.mean() == pytest.approx(4, abs=4 * 1.5 / 4000**0.5)
    assert sigma.std() == pytest.approx(1.5, rel=0.15)


def test_intervals_hold_their_share_of_the_draws() -> None:
    found = draws(random_world(4))
    table = found.table(level=0.8)
    inside = (found.changes["real_gdp_percent"] >= table["real_gdp_percent_low"].to_numpy()) & (
        found.changes["real_gdp_percent"] <= table["real_gdp_percent_high"].to_numpy()
    )
    assert inside.mean(axis=0) == pytest.approx(np.full(4, 0.8), abs=0.01)
    assert table["real_gdp_percent"].to_numpy() == pytest.approx(np.median(found.changes["real_gdp_percent"], axis=0))


def test_the_same_seed_gives_the_same_draws_and_another_others() -> None:
    world = random_world(3)
    one, same, other = (draws(world, draws=5, seed=seed) for seed in (3, 3, 4))
    assert np.array_equal(one.changes["exports_percent"], same.changes["exports_percent"])
    assert not np.array_equal(one.sigma, other.sigma)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"sigma_error": 0.0}, "standard error"),
        ({"sigma_error": float("nan")}, "standard error"),
        ({"draws": 1}, "too few draws"),
        ({"sigma": 0.2}, "invalid sigma"),
        ({"reference": "nowhere"}, "unknown reference"),
    ],
)
def test_invalid_arguments_are_refused(options, words) -> None:
    with pytest.raises(InputError, match=words):
        draws(random_world(3), **options)


def test_unknown_columns_and_levels_are_refused() -> None:
    found = draws(random_world(2), draws=2)
    with pytest.raises(InputError, match="unknown column"):
        found.table(["wealth"])
    with pytest.raises(InputError, match="invalid level"):
        found.table(level=1.0)
