"""Factors of rules found again from observations that were made with them, and what is refused."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

import landlink as ll
from landlink.border.parameter_fit import Parameter, fit, with_factor
from landlink.border.periods import periods
from landlink.border.predictions import observable_of, predict
from landlink.border.validation import validate
from landlink.core.errors import InputError, UnknownNameError
from landlink.study import Study
from tests.support.small_border import TABLES, write_small_border

RULES = TABLES["rule"].rstrip() + "\npace,change,GATE,both,,,\ntraffic,change,GATE,both,,2024-05-01,\n"
EFFECTS = (
    TABLES["rule_effect"].rstrip()
    + "\npace,stage,GATE/road/documents,mean_h,multiply,1\npace,service,GATE/road/documents,mean_h,multiply,1"
    + "\ntraffic,arrival,GATE/road,vehicles_per_day,multiply,1\n"
)
HEAD = "observation_id,crossing_id,begins,ends,direction,quantity,stage_id,value,low,high,fitted,contradicts"
# No pairs, room for all and no breakdowns, so that hours grow with service times and no vehicle is blocked.
STAGES = (
    TABLES["stage"]
    .replace("swap,3,both,1,,,constant,0.5,,1,2,3,1,20,,", "swap,3,both,1,,,constant,0.1,,1,,,0,,,")
    .replace("gamma,0.2,0.5,0.5,,,0,12,200,8", "gamma,0.2,0.5,0.5,,,0,,,")
)
OBSERVED = f"""{HEAD}
papers,GATE,2024-04-01,2024-05-01,ab,hours_mean,documents,{{papers}},,,1,
count,GATE,2024-05-01,2024-06-01,both,vehicles_per_day,,{{count}},1,200,1,
later,GATE,2024-06-01,2024-07-01,ba,hours_p95,,10,,,0,
queue,GATE,2024-04-01,2024-05-01,both,queue_mean,,10,5,,0,papers
busiest,GATE,2024-04-01,2024-05-01,both,busiest_day,,10,,20,0,
"""
BOTH = (Parameter("pace", 0.4, 2.5), Parameter("traffic", 0.5, 1.6))


def written(folder: Path, *, papers: float = 1.0, count: float = 80.0, **replaced: str) -> Study:
    tables = {
        "stage": STAGES,
        "rule": RULES,
        "rule_effect": EFFECTS,
        "observation": OBSERVED.format(papers=papers, count=count),
    }
    return ll.open_study(write_small_border(folder / "study", **tables | replaced))


def answers(study: Study, *, seed: int, names: tuple[str, ...]) -> dict[str, float]:
    rows = study.tables["observation"].set_index("observation_id", drop=False).loc[list(names)]
    return {
        row["observation_id"]: float(predict(study, observable_of(row), replications=20, seed=seed).values.mean())
        for row in rows.to_dict("records")
    }


def with_values(study: Study, values: dict[str, float]) -> Study:
    for name, value in values.items():
        study = study.with_change("observation", name, "value", "set", f"{value}")
    return study


def test_one_factor_is_found_again(tmp_path: Path) -> None:
    study = written(tmp_path)
    truth = answers(with_factor(study, "pace", 1.2), seed=99, names=("papers",))
    found = fit(with_values(study, truth), BOTH[:1], observations=["papers"], seed=3)
    assert found.factors["pace"] == pytest.approx(1.2, rel=0.06)
    assert found.misfit < 0.02
    assert found.at_bound == ()
    assert set(found.held_out) == {"count", "later", "queue", "busiest"}


@pytest.mark.slow
def test_two_factors_are_found_again(tmp_path: Path) -> None:
    study = written(tmp_path)
    true = with_factor(with_factor(study, "pace", 1.15), "traffic", 0.8)
    truth = answers(true, seed=99, names=("papers", "count"))
    study = with_values(study, truth)
    found = fit(study, BOTH, replications=3, tolerance=0.02)
    assert found.factors["pace"] == pytest.approx(1.15, rel=0.06)
    assert found.factors["traffic"] == pytest.approx(0.8, rel=0.04)
    assert list(found.observations["observation_id"]) == ["papers", "count"]


def test_a_factor_that_the_bounds_shut_out_is_said_to_be_at_its_bound(tmp_path: Path) -> None:
    study = written(tmp_path)
    truth = answers(with_factor(study, "pace", 2.4), seed=1, names=("papers",))
    target = with_values(study, truth)
    found, again = (
        fit(target, [Parameter("pace", 0.5, 1.2)], observations=["papers"], replications=2, threads=threads)
        for threads in (2, 1)
    )
    assert found.factors["pace"] == pytest.approx(1.2)
    assert found.at_bound == ("pace",)
    assert again.factors == found.factors
    assert again.trials == found.trials


def test_what_cannot_be_fitted_is_refused_all_at_once(tmp_path: Path) -> None:
    study = written(tmp_path)
    with pytest.raises(InputError) as error:
        fit(with_values(study, {"papers": 0.0}), [Parameter("pace", 2, 1), *BOTH], tolerance=0)
    said = str(error.value)
    assert "invalid number of parameters" in said
    assert "invalid bounds of the factor" in said
    assert "an observation of 0 cannot be fitted" in said
    assert "invalid tolerance" in said
    with pytest.raises(InputError, match="no observations to fit"):
        fit(study, BOTH[:1], observations=[])
    with pytest.raises(UnknownNameError, match=r"no such observation.*papers"):
        fit(study, BOTH[:1], observations=["paper"])
    with pytest.raises(UnknownNameError, match=r"no such rule.*pace"):
        fit(study, [Parameter("pase", 0.5, 2)])
    with pytest.raises(InputError, match="no effect of the rule multiplies"):
        fit(study, [Parameter("tested", 0.5, 2)])
    with pytest.raises(InputError, match="invalid factor"):
        with_factor(study, "pace", float("nan"))


def test_validation_classifies_each_comparison(tmp_path: Path) -> None:
    study = written(tmp_path).with_change("observation", "count", "fitted", "set", "0")
    frame = validate(study, replications=3).set_index("observation_id")
    assert frame["verdict"].to_dict() == {
        "papers": "fitted",
        "count": "repeats arrivals",
        "later": "no range",
        "queue": "inside" if frame.at["queue", "model"] >= 5 else "outside",
        "busiest": "outside",
    }
    assert not frame.at["count", "informative"]
    assert "it equals the arrivals that the study states" in frame.at["count", "reason"]
    assert frame.at["count", "model"] == pytest.approx(81, rel=0.08)
    assert frame.at["papers", "contradicted"] == "queue"
    assert frame.at["queue", "contradicted"] == "papers"
    assert (frame["model_low"] <= frame["model"]).all()
    assert (frame["model"] <= frame["model_high"]).all()


def test_throughput_of_an_overloaded_crossing_does_not_repeat_arrivals(tmp_path: Path) -> None:
    study = with_factor(written(tmp_path), "pace", 6.0).with_change("observation", "count", "fitted", "set", "0")
    row = validate(study, observations=["count"], replications=2).iloc[0]
    assert row["load"] > 1
    assert row["model"] < 70
    assert row["verdict"] in ("inside", "outside")


def test_a_crossing_without_stages_is_left_alone(tmp_path: Path) -> None:
    rail = OBSERVED.format(papers=1, count=80).replace(",begins", ",family,begins").replace("GATE,", "GATE,road,")
    rail = rail.rstrip() + "\ntrains,GATE,rail,2024,2025,both,vehicles_per_day,,4,,,0,\n"
    study = ll.open_study(write_small_border(tmp_path / "s", rule=RULES, rule_effect=EFFECTS, observation=rail))
    row = validate(study, observations=["trains"]).iloc[0]
    assert row["verdict"] == "no stages"
    assert np.isnan(row["model"])
    assert row["inside"] is None


def test_a_window_is_split_where_stages_change_and_closed_days_have_no_vehicles(tmp_path: Path) -> None:
    rules = RULES + "slow,change,GATE,both,,2024-04-11,2024-04-21\nshut,change,GATE,both,,2024-04-21,2024-04-26\n"
    effects = EFFECTS + "slow,stage,GATE/road/documents,mean_h,set,0.4\nshut,crossing,GATE/road,,close,\n"
    study = written(tmp_path, rule=rules, rule_effect=effects)
    cut = periods(study, "GATE", date(2024, 4, 1), date(2024, 5, 1), warm_up_days=7)
    assert [(one.start.isoformat(), one.days, one.warm_up_days, one.is_open) for one in cut] == [
        ("2024-03-25", 17, 7, True),
        ("2024-04-11", 10, 0, True),
        ("2024-04-21", 5, 0, False),
        ("2024-04-26", 5, 0, True),
    ]
    assert sum(one.counted_days for one in cut) == 30
    row = study.tables["observation"].set_index("observation_id").loc["busiest"].to_dict()
    whole = row | {"quantity": "vehicles_per_day"}
    # Those that are inside when a period ends are lost to the count.
    assert 0.8 * 81 * 25 / 30 < predict(study, observable_of(whole), replications=4).values.mean() < 81 * 25 / 30


BAD = {
    "backwards": ("2024-04-01,2024-05-01,ab", "2024-04-01,2024-03-01,ab", "ends is not after begins"),
    "range": (",80.0,1,200,1,", ",80.0,90,200,1,", "the value is outside its range"),
    "stage": ("hours_mean,documents", "hours_mean,document", "unknown stage"),
    "stage of a count": ("vehicles_per_day,,", "vehicles_per_day,scales,", "stages can only be given for hours"),
    "itself": ("0,papers", "0,queue", "refers to itself"),
    "nothing": ("0,papers", "0,paper", "contradicts"),
    "quantity": ("queue_mean", "queue_length", "quantity"),
    "crossing": ("papers,GATE", "papers,GATES", "crossing_id"),
    "negative": (",80.0,", ",-80.0,", "value"),
}


@pytest.mark.parametrize("case", BAD)
def test_invalid_observations_are_refused(tmp_path: Path, case: str) -> None:
    old, new, said = BAD[case]
    text = OBSERVED.format(papers=1.0, count=80.0)
    assert old in text
    with pytest.raises(InputError) as error:
        written(tmp_path, observation=text.replace(old, new))
    assert said in str(error.value)
