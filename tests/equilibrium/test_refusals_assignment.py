"""Assignments that cannot be solved: each fault is refused and named, and all faults at once."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landlink.core.errors import InputError
from landlink.equilibrium.checks import TOLD, check_assignment, check_start
from landlink.equilibrium.problem import Assignment
from landlink.equilibrium.solve import solve
from landlink.equilibrium.volume_delay import DelayFunction, HardCapacity, Points
from tests.support.networks import Arc, Delay, Market, several_classes
from tests.support.strategies import Parts, assignments


def sound() -> Assignment:
    """Two classes, three arcs, three groups: one of each curve that has parameters, one limit, one curve by points."""
    arcs = [Arc(0, 1, 0, (1.0, math.inf)), Arc(0, 1, 1, (2.0, 3.0)), Arc(1, 2, 2, (0.0, 0.0))]
    delays = [Delay(b=4.0), Delay(a=4.0, curve=DelayFunction.CONICAL), Delay(curve=DelayFunction.POINTS)]
    markets = [Market(0, 2, 5.0, options=((0, 0.0), (1, 2.0))), Market(0, 1, 3.0, options=((1, 0.0),))]
    made = several_classes(arcs, delays, markets, value_of_time=(1.0, 2.0))
    points = Points(np.array([0, 0, 0, 3]), np.array([0.0, 1.0, 2.0]), np.array([0.0, 1.0, 3.0]))
    hard_capacity = HardCapacity(np.array([np.inf, 9.0, np.inf]), np.zeros(3), np.array([0.0, 2.0, 0.0]))
    return replace(made, groups=replace(made.groups, points=points, hard_capacity=hard_capacity))


def put(assignment: Assignment, path: str, place: int | tuple[int, ...], value: float) -> Assignment:
    """The assignment with one entry of one of its arrays changed."""
    name, _, rest = path.partition(".")
    if rest:
        return replace(assignment, **{name: put(getattr(assignment, name), rest, place, value)})
    array = getattr(assignment, name).copy()
    array[place] = value
    return replace(assignment, **{name: array})


def refusal(assignment: Assignment) -> InputError:
    with pytest.raises(InputError) as caught:
        check_assignment(assignment)
    return caught.value


def test_a_valid_assignment_is_accepted():
    check_assignment(sound())
    check_assignment(put(sound(), "markets.demand", 0, 0.0))
    check_assignment(put(sound(), "groups.b", 0, 20.0))
    check_assignment(put(sound(), "groups.b", 0, 0.0))
    # What a curve does not use may be anything.
    check_assignment(put(sound(), "groups.b", 1, math.nan))


ODD = [math.nan, math.inf, -math.inf, -1.0]


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("markets.demand", ODD),
        ("markets.scale", [*ODD, 0.0]),
        ("markets.option_constant", ODD[:3]),
        ("classes.value_of_time", [*ODD, 0.0]),
        ("classes.load_factor", [*ODD, 0.0]),
        ("classes.fixed", [math.nan, -math.inf, -1e-9]),
        ("groups.capacity", [*ODD, 0.0]),
        ("groups.background", ODD),
        ("groups.scale_h", ODD),
        ("groups.load_per_t", [*ODD, 0.0]),
        ("groups.a", ODD),
        ("groups.b", [*ODD, 20.5]),
        ("groups.hard_capacity.limit", [math.nan, -1.0]),
        ("groups.hard_capacity.price", ODD),
        ("groups.hard_capacity.penalty", ODD),
        ("markets.origin", [-1, 3]),
        ("markets.destination", [-1, 3]),
        ("markets.option_class", [-1, 2]),
        ("groups.curve", [-1, 4]),
        ("head", [-1, 3]),
        ("group", [-2, 3]),
    ],
)
def test_each_invalid_value_is_reported_by_name(path: str, values: list[float]):
    for value in values:
        place = (0, 0) if path == "classes.fixed" else 0
        error = refusal(put(sound(), path, place, value))
        name = path.removeprefix("groups.").rpartition(".")[2]
        told = [problem for problem in error.problems if name in problem.column]
        assert told, (path, value, str(error))
        assert told[0].allowed
        assert told[0].row in {"0", "row of class 0, arc 0"}
        assert float(told[0].value) == value or math.isnan(value)


def test_a_conical_curve_needs_more_than_one():
    for value in (1.0, 0.5, math.nan, math.inf):
        assert "above 1 for a conical curve" in str(refusal(put(sound(), "groups.a", 1, value)))


@pytest.mark.parametrize(
    ("x", "y", "told"),
    [
        ([0.5, 1.0, 2.0], [0.0, 1.0, 3.0], "row 0, column points.x"),
        ([0.0, 1.0, 1.0], [0.0, 1.0, 3.0], "row 2, column points.x"),
        ([0.0, 2.0, 1.0], [0.0, 1.0, 3.0], "above the previous point"),
        ([0.0, 1.0, 2.0], [0.0, 1.0, 0.5], "not below the previous point"),
        ([0.0, 1.0, math.nan], [0.0, 1.0, 3.0], "found 'nan'"),
        ([0.0, 1.0, 2.0], [0.0, 1.0, math.inf], "found 'inf'"),
        ([0.0, 1.0, 2.0], [-1.0, 1.0, 3.0], "found '-1.0'"),
    ],
)
def test_points_that_make_no_curve(x: list[float], y: list[float], told: str):
    groups = sound().groups
    points = Points(groups.points.first, np.array(x), np.array(y))
    assert told in str(refusal(replace(sound(), groups=replace(groups, points=points))))


def test_a_curve_by_points_needs_two():
    points = Points(np.array([0, 0, 0, 1]), np.zeros(1), np.zeros(1))
    broken = replace(sound(), groups=replace(sound().groups, points=points))
    assert "2 points or more" in str(refusal(broken))


def test_the_slope_of_points_may_fall():
    points = Points(np.array([0, 0, 0, 3]), np.array([0.0, 1.0, 2.0]), np.array([0.0, 1.0, 1.5]))
    check_assignment(replace(sound(), groups=replace(sound().groups, points=points)))


def test_a_penalty_without_a_limit():
    assert "0 where there is no limit" in str(refusal(put(sound(), "groups.hard_capacity.penalty", 0, 1.0)))


def test_wrong_shapes():
    made = sound()
    error = refusal(replace(made, group=made.group[:2], markets=replace(made.markets, scale=np.ones(5))))
    assert {(problem.table, problem.column) for problem in error.problems} == {("graph", "group"), ("markets", "scale")}
    assert "(found '(5,)'); allowed: (2,)" in str(error)
    assert "fixed" in str(refusal(replace(made, classes=replace(made.classes, fixed=np.zeros(3)))))


def test_indices_that_are_not_integers():
    made = sound()
    assert "does not contain integers" in str(refusal(replace(made, head=made.head.astype(float))))
    first = made.markets.first.astype(float)
    assert "does not contain integers" in str(refusal(replace(made, markets=replace(made.markets, first=first))))


def test_invalid_offsets():
    made = sound()
    assert "does not begin at 0" in str(refusal(put(made, "markets.first", 0, 1)))
    assert "does not end where" in str(refusal(put(made, "markets.first", -1, 2)))
    assert "not below the previous entry" in str(refusal(put(made, "first_out", 1, 5)))
    assert "are here according to first_out" in str(refusal(put(made, "tail", 0, 1)))


def test_all_problems_are_reported_at_once():
    broken = put(put(sound(), "markets.demand", 0, math.nan), "classes.fixed", (1, 2), -3.0)
    broken = put(put(broken, "groups.capacity", 1, 0.0), "head", 1, 7)
    columns = {(problem.table, problem.column, problem.row) for problem in refusal(broken).problems}
    assert columns >= {
        ("markets", "demand", "0"),
        ("classes", "fixed", "row of class 1, arc 2"),
        ("groups", "capacity", "1"),
        ("graph", "head", "1"),
    }


def test_problems_of_one_array_are_limited():
    markets = [Market(0, 1, 1.0) for _ in range(1000)]
    made = several_classes([Arc(0, 1)], [], markets)
    broken = replace(made, markets=replace(made.markets, demand=np.full(1000, np.nan)))
    problems = refusal(broken).problems
    assert len(problems) == TOLD + 1
    assert f"{1000 - TOLD} more invalid entries" in problems[-1].message


@settings(max_examples=40, deadline=None, derandomize=True)
@given(assignments(), st.data())
def test_valid_assignments_are_accepted_and_invalid_numbers_never(parts: Parts, data: st.DataObject):
    arcs, delays, markets, values, factors = parts
    assignment = several_classes(arcs, delays, markets, value_of_time=values, load_factor=factors)
    check_assignment(assignment)
    path = data.draw(
        st.sampled_from(
            ["markets.demand", "markets.scale", "classes.value_of_time", "groups.capacity", "groups.background"]
        )
    )
    array = assignment
    for name in path.split("."):
        array = getattr(array, name)
    place = data.draw(st.integers(0, len(array) - 1))
    refusal(put(assignment, path, place, data.draw(st.sampled_from(ODD))))


def test_starting_flows_are_validated_likewise():
    made = several_classes([Arc(0, 1, 0), Arc(0, 1, -1, (2.0,))], [Delay()], [Market(0, 1, 5.0)])
    start = solve(made, relative_gap=1e-8)
    check_start(made, start)
    for path, value, told in (
        ("routes.flow", math.nan, "column routes.flow"),
        ("option_flow", -1.0, "column option_flow"),
        ("load", math.inf, "column load"),
        ("routes.arcs", 9, "column routes.arcs"),
        ("routes.option", 4, "column routes.option"),
    ):
        with pytest.raises(InputError) as caught:
            check_start(made, put(start, path, 0, value))
        assert told in str(caught.value)
    with pytest.raises(InputError, match="has the wrong shape"):
        check_start(made, replace(start, option_flow=np.zeros(7)))
