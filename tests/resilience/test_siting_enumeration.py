"""Choices of sites against all choices, valued by the definitions in plain Python."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from landlink.resilience.siting import choose_sites
from landlink.resilience.siting_problem import SitingProblem, SitingRules

_QUICK = settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


def _served(times: list[float], needed: int, busy: float, levels: int):
    """Probability and time of every way in which called units are free or busy; None if too few are free."""
    called = times[:levels] + [math.inf] * max(0, levels - len(times))
    for free in itertools.product((True, False), repeat=levels):
        chance = math.prod((1 - busy) if one else busy for one in free)
        there = [time for time, one in zip(called, free, strict=True) if one]
        yield chance, (there[needed - 1] if len(there) >= needed else math.inf)


def value_of(problem: SitingProblem, rules: SitingRules, units: tuple[int, ...]) -> float:
    total, longest = 0.0, 0.0
    for place in range(problem.places):
        times = sorted(float(problem.hours[place, site]) for site, count in enumerate(units) for _ in range(count))
        weight, outside = float(problem.weight[place]), float(problem.outside_h[place])
        if rules.objective == "centre":
            there = [*times, *[math.inf] * rules.needed][rules.needed - 1]
            longest = max(longest, min(there, outside) if weight else 0.0)
        elif rules.objective == "cover":
            near = [time for time in times if time <= rules.within_h]
            ways = _served(near, rules.needed, rules.busy, len(near))
            total += weight * sum(chance for chance, time in ways if time <= rules.within_h)
        else:
            ways = _served(times, rules.needed, rules.busy, rules.most_called)
            total += weight * sum(chance * min(time, outside) for chance, time in ways)
    if rules.objective == "centre":
        return longest
    yearly = sum(count * float(cost) for count, cost in zip(units, problem.yearly_cost, strict=True))
    return total + (yearly + rules.annuity * cost_of(problem, units) if rules.is_free else 0.0)


def cost_of(problem: SitingProblem, units: tuple[int, ...]) -> float:
    rows = zip(units, problem.standing, problem.opening_cost, problem.unit_cost, strict=True)
    return sum(
        (float(opening) if count and not there else 0.0) + max(0, count - int(there)) * float(unit)
        for count, there, opening, unit in rows
    )


def allowed(problem: SitingProblem, rules: SitingRules):
    least = [0] * problem.sites if rules.move else problem.standing.tolist()
    for units in itertools.product(*(range(a, b + 1) for a, b in zip(least, problem.most.tolist(), strict=True))):
        few = rules.units is None or sum(units) <= problem.standing.sum() + rules.units
        if few and (rules.budget is None or cost_of(problem, units) <= rules.budget):
            yield units


@st.composite
def cases(draw, objective: str):
    places, sites = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    whole = st.integers(0, 6)
    hours = np.array(draw(st.lists(st.one_of(whole, st.just(99)), min_size=places * sites, max_size=places * sites)))
    hours = np.where(hours == 99, np.inf, hours).reshape(places, sites)
    column = st.lists(whole, min_size=sites, max_size=sites)
    standing = np.array(draw(st.lists(st.integers(0, 1), min_size=sites, max_size=sites)))
    problem = SitingProblem(
        hours, np.array(draw(st.lists(whole, min_size=places, max_size=places)), dtype=float), standing,
        standing + np.array(draw(st.lists(st.integers(0, 1), min_size=sites, max_size=sites))),
        *(np.array(draw(column), dtype=float) for _ in range(3)),
        np.array(draw(st.lists(st.integers(3, 7), min_size=places, max_size=places)), dtype=float),
    )  # fmt: skip
    limit = draw(st.sampled_from(("units", "budget", *(("none",) if objective == "median" else ()))))
    rules = SitingRules(
        objective,
        units=draw(st.integers(0, 3)) if limit == "units" else None,
        budget=float(draw(st.integers(0, 12))) if limit == "budget" else None,
        move=draw(st.booleans()), within_h=draw(st.integers(0, 5)), needed=draw(st.sampled_from((1, 2))),
        annuity=draw(st.sampled_from((0.0, 0.5))),
        busy=draw(st.sampled_from((0.0, 0.25, 0.6))) if objective != "centre" else 0.0,
    )  # fmt: skip
    return problem, rules


@pytest.mark.parametrize("objective", ["median", "cover", "centre"])
def test_no_choice_is_better_and_the_bound_holds(objective: str) -> None:
    @_QUICK
    @given(cases(objective))
    def holds(case) -> None:
        problem, rules = case
        found = choose_sites(problem, rules)
        values = [value_of(problem, rules, units) for units in allowed(problem, rules)]
        best = max(values) if objective == "cover" else min(values)
        chosen = tuple(found.units.tolist())
        assert chosen in set(allowed(problem, rules))
        assert found.value == pytest.approx(value_of(problem, rules, chosen), abs=1e-9)
        assert found.value == pytest.approx(best, rel=1e-6, abs=1e-7)
        assert found.bound == pytest.approx(best, rel=1e-6, abs=1e-6)

    holds()


@_QUICK
@given(cases("median"), st.randoms(use_true_random=False))
def test_names_and_order_of_places_do_not_matter(case, random) -> None:
    problem, rules = case
    order = list(range(problem.places))
    random.shuffle(order)
    turned = SitingProblem(
        problem.hours[order], problem.weight[order], problem.standing, problem.most, problem.opening_cost,
        problem.unit_cost, problem.yearly_cost, problem.outside_h[order],
    )  # fmt: skip
    assert choose_sites(turned, rules).value == pytest.approx(choose_sites(problem, rules).value, abs=1e-7)


@_QUICK
@given(cases("median"))
def test_one_more_unit_never_makes_it_worse(case) -> None:
    problem, rules = case
    values = [choose_sites(problem, SitingRules(units=n, busy=rules.busy)).value for n in range(4)]
    assert all(later <= earlier + 1e-7 for earlier, later in itertools.pairwise(values))
