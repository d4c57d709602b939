"""Games of coalitions: answers in closed form, the axioms, the core."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landlink.appraisal.coalitions import (
    core_excess,
    in_core,
    least_subsidy,
    members,
    separable_costs_remaining_benefits,
    shapley,
    stabilising_subsidy,
)
from landlink.core.errors import InputError

games = st.integers(1, 5).flatmap(
    lambda n: st.lists(st.integers(-100, 100), min_size=2**n - 1, max_size=2**n - 1).map(
        lambda values: np.array([0.0, *values])
    )
)


def game_of(players: int, value) -> np.ndarray:
    return np.array([value([i for i in range(players) if s >> i & 1]) for s in range(2**players)], dtype=float)


def by_orders(values: np.ndarray) -> np.ndarray:
    """The Shapley value from its definition: the mean over all orders of joining."""
    players = int(math.log2(len(values)))
    total = np.zeros(players)
    for order in itertools.permutations(range(players)):
        coalition = 0
        for player in order:
            total[player] += values[coalition | 1 << player] - values[coalition]
            coalition |= 1 << player
    return total / math.factorial(players)


@pytest.mark.parametrize("needs", [[1, 2, 3], [5, 5, 8, 20], [10.0, 4.0, 7.0, 7.0, 1.0, 30.0]])
def test_an_airport_is_shared_by_those_who_need_each_part(needs):
    """Littlechild & Owen 1973: each metre of the runway is paid by those that need it, evenly."""
    found = shapley(game_of(len(needs), lambda s: max((needs[i] for i in s), default=0)))
    steps = np.diff([0, *sorted(needs)])
    users = len(needs) - np.arange(len(needs))
    paid = dict(zip(sorted(needs), np.cumsum(steps / users), strict=True))
    np.testing.assert_allclose(found, [paid[need] for need in needs])


@pytest.mark.parametrize(("left", "right"), [(1, 1), (2, 1), (3, 2)])
def test_gloves(left, right):
    game = game_of(left + right, lambda s: min(sum(i < left for i in s), sum(i >= left for i in s)))
    np.testing.assert_allclose(shapley(game), by_orders(game))
    if (left, right) == (2, 1):
        np.testing.assert_allclose(shapley(game), [1 / 6, 1 / 6, 2 / 3])


def test_an_additive_game_gives_each_its_own():
    own = np.array([3.0, -2.0, 7.0, 0.5])
    np.testing.assert_allclose(shapley(members(4) @ own), own, atol=1e-12)


@settings(deadline=None)
@given(games)
def test_the_value_is_its_definition_and_efficient(game):
    found = shapley(game)
    np.testing.assert_allclose(found, by_orders(game), atol=1e-9)
    assert found.sum() == pytest.approx(game[-1], abs=1e-9)


@given(games, st.integers(0, 100))
def test_a_player_that_adds_nothing_gets_nothing(game, seed):
    with_null = np.concatenate([game, game])
    found = shapley(with_null)
    assert found[-1] == pytest.approx(0, abs=1e-9)
    np.testing.assert_allclose(found[:-1], shapley(game), atol=1e-9)


@given(games)
def test_players_that_are_alike_get_alike_and_games_add(game):
    players = int(math.log2(len(game)))
    inside = members(players)
    alike = game_of(players, lambda s: float(len(s) ** 2))
    np.testing.assert_allclose(shapley(alike), np.full(players, players))
    np.testing.assert_allclose(shapley(game + alike), shapley(game) + shapley(alike), atol=1e-9)
    assert inside.sum() == players * 2 ** (players - 1)


def test_twelve_players_are_exact_and_draws_are_solved_together():
    random = np.random.default_rng(1)
    own = random.uniform(size=12)
    game = members(12) @ own + (members(12).sum(axis=1) == 12) * 12.0
    np.testing.assert_allclose(shapley(game), own + 1)
    np.testing.assert_allclose(shapley(np.stack([game, 2 * game])), np.stack([own + 1, 2 * own + 2]))


def test_separable_costs_and_remaining_benefits_by_hand():
    """A dam: costs alone 60 and 80, together 100. Separable 20 and 40; the other 40 by remaining benefits."""
    costs = [0, 60, 80, 100]
    np.testing.assert_allclose(separable_costs_remaining_benefits(costs, [100, 100]), [40, 60])
    # Who gains only 30 has 10 left beside the other's 40, and bears a fifth of the rest.
    np.testing.assert_allclose(separable_costs_remaining_benefits(costs, [30, 100]), [28, 72])
    np.testing.assert_allclose(separable_costs_remaining_benefits(costs, [10, 10]), [40, 60])


@given(st.lists(st.floats(1, 100), min_size=2, max_size=5), st.floats(0, 100))
def test_separable_costs_add_to_the_whole(alone, common):
    players = len(alone)
    costs = members(players) @ np.array(alone) + common * (np.arange(2**players) > 0)
    found = separable_costs_remaining_benefits(costs, 2 * np.array(alone) + common)
    assert found.sum() == pytest.approx(costs[-1])
    assert (found >= np.array(alone) - 1e-9).all()


def test_the_core():
    gloves = game_of(3, lambda s: min(sum(i < 2 for i in s), sum(i >= 2 for i in s)))
    assert in_core(gloves, [0, 0, 1])
    assert not in_core(gloves, shapley(gloves))
    assert not in_core(gloves, [0, 0, 0.5])
    assert core_excess(gloves, [1 / 6, 1 / 6, 2 / 3]).max() == pytest.approx(1 / 6)
    # The more join, the more each adds: the Shapley value of a convex game lies in its core (Shapley 1971).
    convex = game_of(4, lambda s: len(s) ** 2.0)
    assert in_core(convex, shapley(convex))


def test_the_subsidy_that_keeps_everybody_in():
    majority = game_of(3, lambda s: float(len(s) >= 2))
    assert stabilising_subsidy(majority) == pytest.approx(0.5)
    assert stabilising_subsidy(game_of(3, lambda s: float(len(s)) ** 2)) == pytest.approx(0, abs=1e-9)
    assert stabilising_subsidy(1e9 * majority) == pytest.approx(5e8)


def test_the_least_subsidy_by_hand():
    found = least_subsidy([80, 20, 10], [50, 40, 35])
    np.testing.assert_allclose(found.received, [0, 20, 25])
    assert (found.from_partners, found.from_outside) == (30, 15)
    assert least_subsidy([10, 10], [5, 5]).received.sum() == 0
    np.testing.assert_allclose(least_subsidy([10, 10], [5, 5], gain=6).received, [1, 1])


@given(st.lists(st.tuples(st.floats(0, 100), st.floats(0, 100)), min_size=1, max_size=6))
def test_only_what_the_whole_lacks_comes_from_outside(partners):
    benefits, costs = np.array(partners).T
    found = least_subsidy(benefits, costs)
    assert found.from_outside == pytest.approx(max(0.0, float((costs - benefits).sum())), abs=1e-9)
    assert (benefits - costs + found.received >= -1e-9).all()


@pytest.mark.parametrize(
    ("values", "told"),
    [([0, 1, 2], "a game has a value for each coalition"), ([0], "a game has"), ([1, 2], "nobody has a value"),
     (np.zeros(2**13), "too many players")],
)  # fmt: skip
def test_what_is_no_game_is_refused(values, told):
    with pytest.raises(InputError, match=told):
        shapley(values)
    with pytest.raises(InputError, match="one benefit for each player"):
        separable_costs_remaining_benefits([0, 1, 1, 1], [1, 2, 3])
