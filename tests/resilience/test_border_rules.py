"""Replays whose gate passes what the border rules of the days let pass."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import landlink as ll
from landlink.resilience.base import ShockBase
from landlink.resilience.border_rules import rule_capacities, under_rules
from landlink.resilience.event_phases import event_of
from landlink.resilience.replay import replay_of
from landlink.resilience.shock import Disturbance
from landlink.study import Study
from tests.support.small_border import write_small_border

RULES = {
    "rule": """
rule_id,kind,crossing_id,open_from,open_to
shut,change,GATE,2024-03-04,2024-03-18
slow,change,GATE,2024-03-18,2024-04-01
planned,change,GATE,,
""",
    "rule_effect": """
rule_id,table,row,column,operation,value
shut,crossing,GATE/road,,close,
slow,stage,GATE/road/swap,mean_h,set,5
""",
    "event": """
event_id,phase,name,cause,places,begins,ends,capacity_factor
virus,1,Virus,epidemic,crossing:GATE/road,2024-03-01,2024-04-08,0.5
""",
}


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return ll.open_study(write_small_border(tmp_path_factory.mktemp("rules") / "study", **RULES))


def test_capacities_change_with_the_rules(study: Study) -> None:
    scenario = study.at(2023)
    found = rule_capacities(scenario, event_of(scenario, "virus"))
    assert [(one.begins.day, one.ends.day, one.rules) for one in found] == [
        (1, 4, ""), (4, 18, "shut"), (18, 1, "slow"), (1, 8, ""),
    ]  # fmt: skip
    usual, shut, slow, after = found
    assert (usual.factor, shut.factor, after.factor) == (1, 0, 1)
    # Swapping a pair takes ten times as long, and became the bottleneck.
    assert 0 < slow.factor < 1


def test_the_event_has_the_closures_of_the_rules(study: Study) -> None:
    scenario = study.at(2023)
    event = event_of(scenario, "virus")
    found = under_rules(event, rule_capacities(scenario, event))
    assert [(piece.begins, piece.phases) for piece in found.pieces] == [
        (date(2024, 3, 4), (1,)), (date(2024, 3, 18), (1,)),
    ]  # fmt: skip
    shut, slow = found.pieces
    assert shut.shock.disturbances == (Disturbance("crossing", "GATE/road", closed_days=14),)
    assert slow.shock.disturbances[0].capacity_factor < 1


def test_a_replay_by_rules_shuts_the_gate_as_they_do(study: Study, tmp_path: Path) -> None:
    base = ShockBase.of(study.at(2023))
    stated, ruled = replay_of(base, "virus"), replay_of(base, "virus", rules=True)
    assert [one.rules for one in stated.rules] == [one.rules for one in ruled.rules]
    first = next(part for part in ruled.course.parts if part.begins >= 0)
    assert first.passing == pytest.approx(0)
    assert stated.course.parts[1].passing > 0.4
