"""Calibration of a study whose truth is known."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import landlink as ll
from landlink.calibration.calibrate import uncalibrated
from landlink.calibration.held_out import folds_of
from landlink.core.errors import InputError
from landlink.study import Study
from tests.support.known_truth import INDICATORS, PARAMETERS, TRUTH, observed_csv, study_of_truth, true_values
from tests.support.small_study import write_small_study

pytestmark = pytest.mark.slow

WRITTEN = ("calibration", "adjustment", "posterior", "fit", "calibration_score")


@pytest.fixture(scope="module")
def truth(tmp_path_factory: pytest.TempPathFactory) -> dict[str, float]:
    return true_values(tmp_path_factory.mktemp("truth") / "study")


@pytest.fixture(scope="module")
def fitted(tmp_path_factory: pytest.TempPathFactory, truth: dict[str, float]) -> tuple[Study, Study, Path]:
    folder = tmp_path_factory.mktemp("fitted")
    study = study_of_truth(folder / "prior", truth)
    return study, ll.calibrate(study, folder / "posterior", workers=1, folds=2, members=10), folder / "posterior"


def scores(study: Study) -> dict[str, float]:
    frame = study.tables["calibration_score"]
    return dict(zip(frame.quantity, frame.value, strict=True))


def contents(folder: Path) -> dict[str, bytes]:
    return {name: (folder / f"{name}.csv").read_bytes() for name in WRITTEN if (folder / f"{name}.csv").exists()}


def test_known_parameters_are_recovered(fitted: tuple[Study, Study, Path]):
    estimates = fitted[1].tables["calibration"].set_index("parameter_id")
    for name, value in TRUTH.items():
        row = estimates.loc[name]
        off = np.log(row.estimate / value) if name != "gate" else row.estimate - value
        assert abs(off) <= 1.5 * row.standard_error, name
    # The data say more than the priors did.
    assert (estimates.standard_error < 0.5 * estimates.prior_sd).all()
    assert scores(fitted[1])["miss_after_fit"] < 0.02 < scores(fitted[1])["miss_before_fit"]


def test_inputs_stay_as_they_were_and_a_solve_applies_the_estimates(fitted: tuple[Study, Study, Path]):
    prior, posterior, _ = fitted
    for name, frame in prior.tables.items():
        if name not in WRITTEN:
            assert posterior.tables[name].equals(frame), name
    result = ll.solve(posterior.at(2023))
    seen = posterior.tables["fit"].set_index("observed_id").after
    for name, indicator in INDICATORS.items():
        assert result.indicator(indicator) == pytest.approx(seen[name], rel=1e-4)


def test_members_are_spread_as_the_estimates_say(fitted: tuple[Study, Study, Path]):
    posterior = fitted[1].tables["posterior"]
    assert posterior.member.nunique() == 10
    frame = posterior.pivot_table(index="member", columns="parameter_id", values="value")
    error = fitted[1].tables["calibration"].set_index("parameter_id").standard_error
    assert 0.3 < np.log(frame["truck-km"]).std() / error["truck-km"] < 2.5


def test_an_interrupted_calibration_is_resumed_to_the_same_bytes(
    tmp_path: Path, truth: dict[str, float], fitted: tuple[Study, Study, Path]
):
    study = study_of_truth(tmp_path / "prior", truth)
    calls = 0

    def stop(_: str, __: float | None) -> None:
        nonlocal calls
        calls += 1
        if calls == 40:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ll.calibrate(study, tmp_path / "again", workers=1, folds=2, members=10, progress=stop)
    kept = list((tmp_path / "again.calibrating").rglob("member-*.npy"))
    assert kept
    assert not (tmp_path / "again").exists()
    before = {file: file.stat().st_mtime_ns for file in kept}
    ll.calibrate(study, tmp_path / "again", workers=2, folds=2, members=10)
    assert contents(tmp_path / "again") == contents(fitted[2])
    assert before
    assert not (tmp_path / "again.calibrating").exists()


def test_what_an_earlier_calibration_wrote_is_ignored(fitted: tuple[Study, Study, Path]):
    assert uncalibrated(fitted[1]).hash == fitted[0].hash


def variant(tmp_path: Path, truth: dict[str, float], change: Callable[[str], str]) -> Study:
    observed = change(observed_csv(truth))
    return ll.open_study(write_small_study(tmp_path / "variant", parameter=PARAMETERS, observed=observed))


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory, truth: dict[str, float]) -> Study:
    study = variant(tmp_path_factory.mktemp("plain"), truth, lambda text: text)
    return ll.calibrate(study, workers=1, folds=2, members=2, demand=False)


def test_bounds_never_move_anything(tmp_path: Path, truth: dict[str, float], plain: Study):
    def bounded(text: str) -> str:
        head, *rows = text.splitlines()
        more = 'most,most,bound,2023,1,"crossing.trucks_per_day[GATE]",,,upper'
        return "\n".join([f"{head},bound", *(f"{row},value" for row in rows), more])

    limited = ll.calibrate(variant(tmp_path, truth, bounded), workers=1, folds=2, members=2, demand=False)
    assert limited.tables["calibration"].equals(plain.tables["calibration"])
    assert limited.tables["fit"].equals(plain.tables["fit"])


def test_an_observation_repeated_in_a_group_counts_once(tmp_path: Path, truth: dict[str, float], plain: Study):
    def repeated(text: str) -> str:
        head, first, *rows = text.splitlines()
        again = [first.replace("road-ab", f"road-ab-{k}") + ",same" for k in range(4)]
        return "\n".join([f"{head},group", f"{first},same", *again, *(f"{row}," for row in rows)])

    often = ll.calibrate(variant(tmp_path, truth, repeated), workers=1, folds=2, members=2, demand=False)
    one, other = (found.tables["calibration"] for found in (plain, often))
    assert other.estimate.to_numpy() == pytest.approx(one.estimate.to_numpy(), rel=1e-6)
    assert other.standard_error.to_numpy() == pytest.approx(one.standard_error.to_numpy(), rel=1e-6)


def test_demand_is_adjusted_where_parameters_cannot_explain(tmp_path: Path, truth: dict[str, float]):
    """Half of the freight from B is missing in the counts, which no price explains."""
    counts = {name: value * (0.5 if name.endswith("ba") else 1.0) for name, value in truth.items()}
    study = study_of_truth(tmp_path / "prior", counts, error=0.1)
    found = ll.calibrate(study, workers=1, folds=2, members=2)
    assert not scores(found)["demand_refused"]
    factors = found.tables["adjustment"].set_index(["origin_country", "destination_country", "commodity_id"]).factor
    assert factors["BBB", "AAA", "grain"] < 0.75
    assert scores(found)["held_out_all"] <= scores(found)["held_out_parameters"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"parameter": ""}, "nothing may be estimated"),
        ({"observed": observed_csv(dict.fromkeys(INDICATORS, 1.0)).replace("fit", "validation")}, "role fit"),
    ],
)
def test_nothing_to_fit_is_an_error(tmp_path: Path, change: dict[str, str], said: str):
    tables = {"parameter": PARAMETERS, "observed": observed_csv(dict.fromkeys(INDICATORS, 1.0)), **change}
    study = ll.open_study(write_small_study(tmp_path / "s", **{name: text for name, text in tables.items() if text}))
    with pytest.raises(InputError, match=said):
        ll.calibrate(study)


def test_unknown_parameters_folds_members_and_measures_are_errors(tmp_path: Path, truth: dict[str, float]):
    study = study_of_truth(tmp_path / "s", truth)
    with pytest.raises(InputError, match="did you mean 'truck-km'"):
        ll.calibrate(study, parameters=["truck-kn"])
    with pytest.raises(InputError) as error:
        ll.calibrate(study.apply("easy-gate"), folds=1, members=1)
    assert len(error.value.problems) == 3
    with pytest.raises(InputError, match="too few to leave one out"):
        ll.calibrate(study, folds=9)


def test_folds_are_of_similar_size_and_keep_groups_whole():
    groups = ["a"] * 5 + ["b"] * 3 + ["c", "d", "e"]
    assert folds_of(groups, None) == [{"a"}, {"b"}, {"c"}, {"d"}, {"e"}]
    parts = folds_of(groups, 2)
    assert sorted(sum(groups.count(name) for name in part) for part in parts) == [5, 6]
    assert set().union(*parts) == set(groups)
