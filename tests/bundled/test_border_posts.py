"""Torugart and Irkeshtam in the bundled study: sources of rows, simulations of all years, classified comparisons."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from landlink.border.pipeline_builder import build_pipeline, crossings_with_stages
from landlink.border.predictions import Observable, observable_of, predict
from landlink.border.simulate import simulate
from landlink.border.validation import VERDICTS, validate
from landlink.core.errors import InputError, UnknownNameError
from landlink.study import Study
from landlink.tables.dates import parse_date
from landlink.tables.lists import split_list
from tests.support.bundled import bundled_study

TABLES = ("vehicle_class", "stage", "service", "arrival", "rule", "rule_effect", "observation")
POSTS = ("TORU", "IRKE")


@pytest.fixture(scope="module")
def study() -> Study:
    return bundled_study()


def rows_of(study: Study, name: str) -> pd.DataFrame:
    return study.tables["observation"].set_index("observation_id", drop=False).loc[[name]]


def predicted(study: Study, name: str, *, replications: int = 2, **changed: object) -> float:
    (row,) = rows_of(study, name).to_dict("records")
    return float(predict(study, observable_of(row | changed), replications=replications).values.mean())


@pytest.mark.parametrize("name", TABLES)
def test_every_row_says_where_it_comes_from(study: Study, name: str) -> None:
    rows, known = study.tables[name], set(study.tables["source"]["source_id"])
    assert len(rows)
    assert (rows["source"] != "").all()
    assert {one for cell in rows["source"] for one in split_list(cell)} <= known
    assert (rows["quality"] != "").all()


@pytest.mark.parametrize("name", TABLES[1:])
def test_own_figures_are_estimates_with_a_method(study: Study, name: str) -> None:
    rows, titles = study.tables[name], study.tables["source"].set_index("source_id")["title"]
    ours = rows["source"].map(lambda cell: any(titles[one].startswith("Own estimate") for one in split_list(cell)))
    assert (rows.loc[ours, "quality"] == "estimated").all()
    assert (rows.loc[ours, "note"] != "").all()


def test_the_posts_can_be_simulated_and_the_others_keep_their_fixed_times(study: Study) -> None:
    assert tuple(crossings_with_stages(study)) == POSTS
    assert len(study.tables["crossing"]) > 100
    with pytest.raises(InputError, match="the crossing has no stages"):
        build_pipeline(study, "KHOR", start=date(2023, 1, 1), days=7)
    with pytest.raises(UnknownNameError, match=r"no such crossing.*TORU"):
        build_pipeline(study, "TORO", start=date(2023, 1, 1), days=7)


@pytest.mark.parametrize("post", POSTS)
@pytest.mark.parametrize("year", range(2019, 2027))
def test_every_year_runs_and_keeps_up_with_what_comes(study: Study, post: str, year: int) -> None:
    observable = Observable(
        (post,), "road", date(year, 1, 1), date(year + 1, 1, 1), "both", "vehicles_per_day", (), 1.0
    )
    prediction = predict(study, observable, replications=1)
    assert prediction.load < 1
    assert prediction.repeats_arrivals
    assert prediction.values[0] > 0


def test_side_clocks_are_two_hours_apart(study: Study) -> None:
    pipeline = build_pipeline(study, "TORU", start=date(2023, 7, 3), days=1)
    steps, names = pipeline.stages.servers, pipeline.stages.names

    def hours(stage: str) -> list[tuple[float, int]]:
        here = slice(*steps.first[names.index(stage) : names.index(stage) + 2])
        return list(zip(steps.time_h[here].tolist(), (steps.value[here] > 0).tolist(), strict=True))

    # 09:00 to 17:00 in Bishkek; 11:00 to 19:00 in Shanghai is the same.
    assert hours("kg-out-customs") == hours("cn-out-customs") == [(0.0, False), (9.0, True), (17.0, False)]


def servers_on(study: Study, post: str, day: date, stage: str) -> list[int]:
    pipeline = build_pipeline(study, post, start=day, days=1)
    steps, at = pipeline.stages.servers, pipeline.stages.names.index(stage)
    return steps.value[steps.first[at] : steps.first[at + 1]].tolist()


def test_dated_rules_hold_on_their_days(study: Study) -> None:
    out, into = "kg-out-customs", "cn-in-customs"
    assert max(servers_on(study, "TORU", date(2023, 12, 20), out)) < max(
        servers_on(study, "TORU", date(2023, 12, 21), out)
    )
    # 21 June 2019 was a Friday, the 22nd a Saturday; no officers are on duty on holidays and closures.
    assert max(servers_on(study, "IRKE", date(2019, 6, 21), out)) > 0
    for day in (date(2019, 6, 22), date(2019, 10, 1), date(2020, 2, 5)):
        assert set(servers_on(study, "IRKE", day, out)) == {0}
    assert set(servers_on(study, "TORU", date(2019, 10, 4), out)) == {0}
    assert max(servers_on(study, "IRKE", date(2019, 10, 4), out)) > 0
    # Around the clock: the Kyrgyz side from March 2024, freight at Irkeshtam from June 2025, at Torugart not.
    assert 0 not in servers_on(study, "TORU", date(2024, 3, 6), out)
    assert 0 in servers_on(study, "IRKE", date(2025, 5, 29), into)
    assert 0 not in servers_on(study, "IRKE", date(2025, 6, 5), into)
    assert 0 in servers_on(study, "TORU", date(2025, 6, 5), into)


def test_under_the_special_algorithm_trailers_are_swapped_and_no_kyrgyz_truck_enters_china(study: Study) -> None:
    for day, swapped in ((date(2019, 7, 1), 0.0), (date(2022, 7, 1), 1.0), (date(2023, 7, 3), 0.0)):
        pipeline = build_pipeline(study, "TORU", start=day, days=1)
        names, kinds = pipeline.stages.names, pipeline.classes
        assert (pipeline.stages.share[names.index("swap")] == swapped).all()
        assert (pipeline.stages.share[names.index("cn-in-customs"), 0] == 1 - swapped).all()
        assert (pipeline.demand.rate_per_h[0, kinds.index("loaded")].sum() == 0) == bool(swapped)


def test_the_electronic_queue_gives_appointments(study: Study) -> None:
    before = build_pipeline(study, "TORU", start=date(2026, 3, 2), days=3)
    after = build_pipeline(study, "TORU", start=date(2026, 3, 16), days=3)
    assert not before.demand.slots.any()
    assert after.demand.slots[0].all()
    assert after.demand.slots_per_h.max() > 0
    assert not simulate(after, replications=2).unstable


def test_below_capacity_throughput_equals_arrivals_at_any_service_time(study: Study) -> None:
    slow = study.with_change("stage", "TORU/road", "mean_h", "multiply", "1.2")
    assert predicted(slow, "torugart-2025", replications=1) == pytest.approx(
        predicted(study, "torugart-2025", replications=1), rel=0.01
    )
    hours = {"quantity": "hours_mean"}
    assert predicted(slow, "torugart-2025", replications=1, **hours) > 1.1 * predicted(
        study, "torugart-2025", replications=1, **hours
    )


def test_comparisons_are_classified(study: Study) -> None:
    names = ["posts-2019", "torugart-2019-alone", "torugart-out-2021", "torugart-out-2022", "irkeshtam-in-2019"]
    frame = validate(study, observations=names, replications=2).set_index("observation_id")
    assert set(frame["verdict"]) <= set(VERDICTS)
    assert frame.at["posts-2019", "verdict"] == "repeats arrivals"
    assert not frame.at["posts-2019", "informative"]
    assert frame.at["torugart-out-2021", "verdict"] == "fitted"
    # The same count read for one post alone: it still proves nothing, and the model is not what it says.
    assert frame.at["torugart-2019-alone", "verdict"] == "repeats arrivals"
    assert not frame.at["torugart-2019-alone", "inside"]
    for name in ("torugart-out-2022", "irkeshtam-in-2019"):
        assert frame.at[name, "verdict"] in ("inside", "outside")
        assert frame.at[name, "informative"]
    assert frame.at["torugart-out-2021", "ratio"] == pytest.approx(1, abs=0.1)


def test_what_was_fitted_is_said_beside_the_factors(study: Study) -> None:
    observed, effect = study.tables["observation"], study.tables["rule_effect"]
    fitted = list(observed.loc[observed["fitted"], "observation_id"])
    rules = effect[effect["rule_id"].str.startswith("fitted-")]
    assert rules["rule_id"].nunique() == len(fitted) == 2
    assert (rules["quality"] == "estimated").all()
    for note in rules["note"]:
        assert all(name in note for name in fitted)
        assert "tools.border_posts fit" in note


def test_observations_and_the_older_table_do_not_differ(study: Study) -> None:
    """What both tables hold, of the same year and source, has the same value."""
    older = study.tables["observed"]
    older = older[older["unit"].isin(["trucks/day", "crossings/day"])]
    shared = 0
    for row in study.tables["observation"].to_dict("records"):
        year = parse_date(row["begins"]).year
        same = older[
            (older["source"] == row["source"]) & (older["year"] == year) & older["place"].str.contains("Torugart")
        ]
        if row["quantity"] == "vehicles_per_day" and row["load"] == 1 and "TORU" in row["crossing_id"] and len(same):
            assert row["value"] in set(same["value"]) or row["contradicts"] or row["direction"] != "both"
            shared += 1
    assert shared >= 4
