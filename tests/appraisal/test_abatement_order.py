"""The order of abatement cost curves, on sets whose costs and emissions are written down."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from landlink.appraisal.abatement_order import SetOutcome, abatement_order, evaluations


def _additive(effects):
    """Costs and abatement that add, from 1,000 t."""
    return lambda chosen: SetOutcome(
        1000.0 - sum(effects[m][1] for m in chosen), sum(effects[m][0] for m in chosen)
    )  # fmt: skip


def test_what_saves_most_comes_first_then_the_cheapest_tonne_then_what_abates_nothing():
    effects = {
        "nothing": (5.0, 0.0), "dear": (900.0, 10.0), "cheap": (100.0, 50.0), "saves": (-10.0, 1.0),
        "saves-more": (-50.0, 40.0), "worse": (1.0, -3.0),
    }  # fmt: skip
    found = abatement_order(list(effects), _additive(effects))
    # By the tonne, "saves" (-10 USD/t) would come before "saves-more" (-1.25 USD/t).
    assert found.order == ("saves-more", "saves", "cheap", "dear", "worse", "nothing")
    assert found.sets[0] == frozenset()
    assert found.sets[-1] == frozenset(effects)


def test_a_measure_is_ranked_by_what_it_adds_to_those_already_taken():
    # A cleaner grid abates 10 t for 100 alone (10 USD/t), but 60 t with electric trains, that come at 8 USD/t.
    abated = {(): 0.0, ("grid",): 10.0, ("rail",): 50.0, ("shuttle",): 40.0, ("grid", "rail"): 110.0,
              ("grid", "shuttle"): 50.0, ("rail", "shuttle"): 90.0, ("grid", "rail", "shuttle"): 150.0}  # fmt: skip
    cost = {"grid": 100.0, "rail": 400.0, "shuttle": 360.0}

    def evaluate(chosen):
        return SetOutcome(500.0 - abated[tuple(sorted(chosen))], sum(cost[m] for m in chosen))

    found = abatement_order(["grid", "rail", "shuttle"], evaluate)
    assert found.order == ("rail", "grid", "shuttle")
    alone = abatement_order(["grid", "shuttle"], evaluate)
    assert alone.order == ("shuttle", "grid")


def test_excluded_measures_are_left_out_with_the_one_that_excludes_them():
    effects = {"a": (10.0, 10.0), "b": (30.0, 10.0), "c": (20.0, 10.0), "needs-b": (1.0, 1.0)}
    found = abatement_order(list(effects), _additive(effects), excludes=[frozenset("ab")], requires={"needs-b": ["b"]})
    assert found.order == ("a", "c")
    assert found.left_out == {"b": "a", "needs-b": "b"}
    assert found.alone["needs-b"] == {"b", "needs-b"}


def test_a_measure_waits_for_those_it_requires():
    effects = {"late": (1.0, 100.0), "first": (50.0, 10.0)}
    found = abatement_order(list(effects), _additive(effects), requires={"late": ["first"]})
    assert found.order == ("first", "late")


def test_each_set_is_evaluated_once():
    effects = {name: (float(place), 1.0) for place, name in enumerate("abcd")}
    asked = []

    def evaluate(chosen):
        asked.append(chosen)
        return _additive(effects)(chosen)

    abatement_order("abcd", evaluate)
    assert len(asked) == len(set(asked)) == evaluations(4) == 11


@given(st.data(), st.integers(1, 5))
def test_steps_add_up_to_the_whole_whatever_the_interactions(data, count):
    names = "abcde"[:count]
    values = st.floats(-1e6, 1e6)
    outcomes = {
        frozenset(some): SetOutcome(data.draw(values), data.draw(values))
        for size in range(count + 1)
        for some in itertools.combinations(names, size)
    }
    found = abatement_order(names, outcomes.__getitem__)
    assert sorted(found.order) == sorted(names)
    assert found.sets[-1] == frozenset(names)
    for before, after, taken in zip(found.sets, found.sets[1:], found.order, strict=False):
        assert after - before == {taken}
