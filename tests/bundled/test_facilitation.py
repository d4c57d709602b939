"""Trade facilitation in the bundled study: each measure changes the stages, charges and constants that it names."""

from __future__ import annotations

import pandas as pd
import pytest

from landlink.study import Study
from tests.support.bundled import bundled_study

YEAR = 2030
POSTS = ("TORU", "IRKE")
KYRGYZ_CUSTOMS = {"kg-out-customs", "kg-in-customs"}
CHINESE_CUSTOMS = {"cn-out-customs", "cn-in-customs"}
CHECKS = {"kg-out-checks", "kg-in-checks"}
BORDER = {"kg-out-border", "kg-in-border", "cn-out-border", "cn-in-border"}
#: Mean time of a stage under a measure over that without it, and the stages.
FACTORS = {
    "kg-pre-arrival-processing": (0.77, KYRGYZ_CUSTOMS),
    "kg-single-window": (0.5, CHECKS),
    "kg-cn-one-stop-posts": (0.7, KYRGYZ_CUSTOMS | CHINESE_CUSTOMS | CHECKS | BORDER),
    "kg-cn-etir": (0.88, KYRGYZ_CUSTOMS | CHINESE_CUSTOMS),
    "kg-authorised-operators": (0.85, KYRGYZ_CUSTOMS),
}
ALL = (*FACTORS, "electronic-permits", "kg-cn-appointments")


@pytest.fixture(scope="module")
def study() -> Study:
    return bundled_study()


def stages(study: Study) -> pd.DataFrame:
    frame = study.tables_in(YEAR)["stage"]
    return frame[frame["crossing_id"].isin(POSTS)].set_index(["crossing_id", "stage_id"])


@pytest.mark.parametrize("measure", FACTORS)
def test_stages_take_the_stated_part_of_their_time_and_no_others_change(study: Study, measure: str) -> None:
    factor, changed = FACTORS[measure]
    before, after = stages(study), stages(study.apply(measure))
    ratio = after["mean_h"].astype(float) / before["mean_h"].astype(float)
    wanted = [factor if stage in changed else 1.0 for stage in ratio.index.get_level_values("stage_id")]
    assert ratio.tolist() == pytest.approx(wanted)


def test_trusted_traders_pass_without_some_checks(study: Study) -> None:
    share = stages(study.apply("kg-authorised-operators"))["share"].astype(float)
    for post in POSTS:
        assert share[post, "kg-out-checks"] == share[post, "kg-in-checks"] == 0.85


def test_transit_under_tir_pays_less(study: Study) -> None:
    charges = [one.tables_in(YEAR)["crossing"] for one in (study, study.apply("kg-cn-etir"))]
    for post in POSTS:
        before, after = (t[(t["crossing_id"] == post) & (t["family"] == "road")].iloc[0] for t in charges)
        assert after["cost_ab_usd_per_vehicle"] == pytest.approx(0.94 * before["cost_ab_usd_per_vehicle"])


def test_electronic_permits_lower_the_fitted_reluctance_and_are_said_to_act(study: Study) -> None:
    with_permits = study.apply("electronic-permits")
    before, after = (one.tables_in(YEAR)["constant"].set_index("constant_id")["value"] for one in (study, with_permits))
    assert before["kashgar-road"] > 0
    assert after["kashgar-road"] == pytest.approx(0.9 * before["kashgar-road"])
    assert with_permits.idle_effects(YEAR) == []


def test_trucks_out_of_kyrgyzstan_book_at_both_posts(study: Study) -> None:
    planned = study.tables["rule"].set_index("rule_id").loc["e-queue-irkeshtam"]
    assert planned["status"] == "planned"
    opened = study.apply("kg-cn-appointments").tables_in(YEAR)["rule"].set_index("rule_id").loc["e-queue-irkeshtam"]
    assert opened["status"] == "existing"


def test_all_can_be_combined_and_say_what_is_assumed(study: Study) -> None:
    assert study.apply(*ALL).measures == ALL
    register = study.table("measure").set_index("measure_id").loc[list(ALL)]
    # Published savings are of other borders: what they would be here is an estimate.
    assert (register["quality"] == "estimated").all()
    assert register["note"].str.len().min() > 80
    assert register["source"].ne("").all()
