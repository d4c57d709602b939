"""Recovery plans: targets as typed, the best of all sets, the binding constraint if there is none."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

import landlink as ll
from landlink.border.catalogue import catalogue_of
from landlink.border.option_scope import OptionScope, option_scopes
from landlink.border.pipeline import UNLIMITED
from landlink.border.recovery import Recovery, RecoveryOptions, recover
from landlink.border.recovery_case import CaseMaker, Decision
from landlink.border.recovery_target import parse_limit, parse_target
from landlink.border.simulate import simulate
from landlink.border.stability import capacity_bound
from landlink.core.errors import InputError
from landlink.study import Study
from tests.support.border_models import Plain, full_crossing, pipeline_of
from tests.support.recovery_study import EFFECTS, HEALTH, MEASURES
from tests.support.small_border import TABLES, write_small_border

DAY = date(2024, 6, 3)


def study_of(folder: Path, **tables: str) -> Study:
    return ll.open_study(write_small_border(folder, **{"measure": MEASURES, "effect": EFFECTS, **HEALTH} | tables))


def planned(study: Study, text: str, **options: object) -> Recovery:
    return recover(study, parse_target(text, study), RecoveryOptions(DAY, **options))


@pytest.mark.parametrize(
    ("text", "rate"),
    [("gate >= 300/day", 300.0), ("Gate≥2,100 per week", 300.0), ("GATE >= 36500/year", 100.0)],
)
def test_targets_are_read(tmp_path: Path, text: str, rate: float):
    target = parse_target(text, study_of(tmp_path / "s"))
    assert target.crossings == ("GATE",)
    assert target.vehicles_per_day == pytest.approx(rate)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("gate", "invalid target"),
        ("gate > 300/day", "invalid target"),
        ("nowhere+gate >= 300/day", "no such crossing .found 'nowhere'"),
        ("gate+gate >= 300/day", "the target lists a crossing twice"),
        ("gate >= many/day", "invalid rate in the target"),
        ("gate >= 0/day", "a positive rate, such as 300/day"),
    ],
)
def test_invalid_targets_are_refused(tmp_path: Path, text: str, message: str):
    with pytest.raises(InputError, match=message):
        parse_target(text, study_of(tmp_path / "s"))


def test_limits_are_read_and_refused():
    assert parse_limit("1/week") == pytest.approx(1.0)
    assert parse_limit("52/year") == pytest.approx(52 * 7 / 365)
    for text in ("1", "-1/week", "few/week"):
        with pytest.raises(InputError, match="invalid rate in the limit"):
            parse_limit(text)


@pytest.mark.parametrize("load", [0.7, 1.0, 1.6])
def test_no_simulation_passes_more_than_the_bound(load: float):
    stages = [Plain("papers", 1, (0.2, 0.35), share=(0.8, 1.0)), Plain("gate", 2, 0.05)]
    per_h = load * 4.0
    for pipeline in (
        pipeline_of(stages, vehicles_per_h=[[per_h / 2], [per_h / 2]], days=120),
        full_crossing(60),
    ):
        found = simulate(pipeline, replications=2, warm_up_days=10)
        assert found.stacked("per_day")[:, 0, 1].mean() <= 1.03 * capacity_bound(pipeline)
    assert (full_crossing(2).gate.balk_at >= UNLIMITED).all()


def test_the_catalogue_is_what_changes_the_crossing_and_has_a_time(tmp_path: Path):
    options = catalogue_of(study_of(tmp_path / "s"), ["GATE"]).options
    assert [option.measure_id for option in options] == ["hours", "staff", "scales2", "yard", "free"]
    assert options[2].cost_usd(100.0) == pytest.approx(200_000 + 50 * 10)
    assert options[2].cost_usd(30.0) == pytest.approx(200_000)


def test_nothing_to_choose_from_is_refused(tmp_path: Path):
    study = ll.open_study(write_small_border(tmp_path / "s"))
    with pytest.raises(InputError, match="no measure to choose from"):
        planned(study, "gate >= 100/day")


def test_the_best_of_all_sets_is_found(tmp_path: Path):
    """Enumeration by hand: every allowed set made anew and ranked here."""
    study = study_of(tmp_path / "s")
    found = planned(study, "gate >= 140/day", limit=20.0)
    target, limit = found.target, found.options.limit
    catalogue = catalogue_of(study, target.crossings)
    maker = CaseMaker(catalogue, target, DAY, horizon_days=365.0, seed=1, threads=1, health=True)
    sets = [one for n in range(6) for one in combinations(range(5), n) if not {0, 1} <= set(one)]
    full = {one: maker.case(one) for one in sets}
    met = [case for case in full.values() if case.low >= 140 and case.entries_per_week <= limit]
    assert found.proven
    assert len(found.cases) == len(sets) == 24
    assert found.cheapest is not None
    assert found.earliest is not None
    assert found.cheapest.cost_usd == min(case.cost_usd for case in met)
    assert found.earliest.ready_days == min(case.ready_days for case in met)
    assert "hours" in found.schedule(found.cheapest)["measure_id"].tolist()
    for case in found.cases:
        assert case.meets(target, limit) == full[case.chosen].meets(target, limit)
        assert case.vehicles_per_day == pytest.approx(full[case.chosen].vehicles_per_day, rel=0.05)


def test_what_rules_a_set_out_holds_in_a_full_simulation(tmp_path: Path):
    """Each kind of proof occurs, and the simulation that it replaces agrees with it."""
    study = study_of(tmp_path / "s")
    seen = set()
    for text, limit in (("gate >= 140/day", 20.0), ("gate >= 100/day", 0.5), ("gate >= 400/day", np.inf)):
        target = parse_target(text, study)
        found = recover(study, target, RecoveryOptions(DAY, limit=limit))
        health = bool(np.isfinite(limit))
        with CaseMaker(found.catalogue, target, DAY, horizon_days=365.0, seed=1, threads=2, health=health) as maker:
            for case in found.cases:
                seen.add(case.decision)
                full = maker.case(case.chosen)
                # Bounds go up to what they are computed for: somewhat more than the target.
                assert min(full.vehicles_per_day, target.vehicles_per_day) <= maker.most_vehicles(case.chosen)
                if case.decision in (Decision.SERVERS, Decision.SCREENING):
                    assert full.vehicles_per_day < target.vehicles_per_day
                    assert "throughput" in case.fails(target, limit)
                if case.decision is Decision.ENTRIES:
                    assert full.entries_per_week > limit or full.vehicles_per_day < target.vehicles_per_day
                if full.vehicles_per_day >= target.vehicles_per_day:
                    assert maker.least_entries(case.chosen) <= full.entries_per_week + 1e-9
    assert seen == set(Decision)


def test_sets_that_differ_only_in_health_rules_share_their_pipelines(tmp_path: Path):
    found = planned(study_of(tmp_path / "s"), "gate >= 140/day", limit=20.0)
    assert len(found.cases) == 24
    assert found.simulated == 12
    by_set = {case.chosen: case for case in found.cases}
    free = [option.measure_id for option in found.catalogue.options].index("free")
    for chosen, case in by_set.items():
        if free not in chosen:
            other = by_set[tuple(sorted((*chosen, free)))]
            if other.decision is case.decision:
                assert other.vehicles_per_day == case.vehicles_per_day
            assert other.entries_per_week > case.entries_per_week


def test_a_capacity_is_that_of_a_simulation_of_the_same_pipeline(tmp_path: Path):
    study = study_of(tmp_path / "s")
    target = parse_target("gate >= 140/day", study)
    catalogue = catalogue_of(study, target.crossings)
    with CaseMaker(catalogue, target, DAY, horizon_days=365.0, seed=1, threads=1, health=True) as maker:
        case = maker.case((0, 2))
        pipeline = maker.crossings[0].offered((0, 2)).pipeline
    found = simulate(pipeline, replications=4, seed=1, warm_up_days=14)
    assert case.vehicles_per_day == found.stacked("per_day")[:, 0, 1].mean()


@pytest.mark.parametrize(
    ("effect", "pipeline", "entries", "inputs"),
    [
        ("stage,GATE/road/scales,servers,set,2", True, False, False),
        ("crossing,GATE/road,hours,set,", True, False, False),
        ("crossing,GATE/road,directions,set,ab", True, True, False),
        ("arrival,GATE/road/ab/loaded,vehicles_per_day,multiply,2", True, True, False),
        ("rule,tested,,close,", False, True, False),
        ("rule,whole-day,,open,", True, True, True),
        ("prevalence,*,value,multiply,2", False, True, True),
    ],
)
def test_options_bear_on_what_their_effects_change(
    tmp_path: Path, effect: str, pipeline: bool, entries: bool, inputs: bool
):
    study = study_of(tmp_path / "s", effect=EFFECTS + f"free,{effect}\n" if "tested" not in effect else EFFECTS)
    rows = study.tables["effect"]
    only = rows[(rows["measure_id"] == "free")].tail(1)
    alone = replace(study, tables=study.tables | {"effect": only})
    assert option_scopes(alone, ["free", "yard"]) == {
        "free": OptionScope(pipeline, entries, inputs),
        "yard": OptionScope(pipeline=False, entries=False, inputs=False),
    }


def test_a_plan_that_is_cheapest_and_earliest_is_shown_once(tmp_path: Path):
    found = planned(study_of(tmp_path / "s"), "gate >= 140/day", limit=20.0)
    assert found.cheapest is not None
    assert found.earliest is not None
    same = found.cheapest.chosen == found.earliest.chosen
    assert [name for name, _ in found.best] == (["cheapest_earliest"] if same else ["cheapest", "earliest"])
    shown = replace(found, earliest=found.cheapest)
    assert shown.best == (("cheapest_earliest", found.cheapest),)
    assert "cheapest and earliest" in repr(shown)


def test_a_search_of_part_finds_what_a_search_of_all_does(tmp_path: Path):
    study = study_of(tmp_path / "s")
    whole, part = (planned(study, "gate >= 140/day", limit=20.0, exhaustive=full) for full in (True, False))
    assert whole.cheapest is not None
    assert part.cheapest is not None
    assert part.cheapest.cost_usd == whole.cheapest.cost_usd
    assert not part.proven
    assert len(part.cases) < len(whole.cases)


def test_where_servers_do_not_suffice_capacity_is_binding(tmp_path: Path):
    found = planned(study_of(tmp_path / "s"), "gate >= 5000/day")
    assert not found.feasible
    assert "capacity is binding" in found.reason()
    assert (
        f"{max(case.vehicles_per_day for case in found.cases):.0f} of 5000 vehicles per day can pass" in found.reason()
    )


def test_where_infections_are_too_many_the_limit_is_binding(tmp_path: Path):
    study = study_of(tmp_path / "s")
    found = planned(study, "gate >= 140/day", limit=1e-4)
    assert not found.feasible
    assert "the limit of infectious entries is binding" in found.reason()
    best = max(case.most_under(1e-4) for case in found.cases)
    assert 0 < best < 140
    assert f"the maximum is {best:.0f} vehicles per day" in found.reason()


def test_without_figures_of_infection_a_limit_is_refused(tmp_path: Path):
    nothing = {name: text.splitlines()[0] + "\n" for name, text in HEALTH.items()}
    with pytest.raises(InputError, match="no prevalence for the drivers of this country"):
        planned(study_of(tmp_path / "s", **nothing), "gate >= 100/day", limit=1.0)


def test_the_frontier_holds_nothing_that_another_set_beats(tmp_path: Path):
    table = planned(study_of(tmp_path / "s"), "gate >= 140/day", limit=20.0).frontier()
    figures = table[["cost_usd", "entries_per_week", "vehicles_per_day"]].to_numpy() * np.array([1, 1, -1])
    for i, one in enumerate(figures):
        others = np.delete(figures, i, axis=0)
        assert not ((others <= one).all(axis=1) & (others < one).any(axis=1)).any()


def test_plans_are_the_same_on_any_number_of_threads(tmp_path: Path):
    study = study_of(tmp_path / "s", stage=TABLES["stage"])
    tables = [planned(study, "gate >= 140/day", threads=threads).frontier() for threads in (1, 2)]
    assert tables[0].equals(tables[1])
