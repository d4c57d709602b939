"""The calibration that comes with the bundled study: what it claims of itself, and that it is of these tables."""

from __future__ import annotations

import numpy as np
import pytest

from landlink.study import Study
from landlink.study.parameters import DEMAND, parameters
from tests.support.bundled import bundled_study


@pytest.fixture(scope="module")
def study() -> Study:
    return bundled_study()


def test_what_was_left_out_is_met_better_than_before_and_held_by_its_intervals(study: Study) -> None:
    score = study.tables["calibration_score"].set_index("quantity")["value"]
    assert score["held_out_all"] < score["miss_before_fit"]
    assert score["coverage_all"] >= 0.7
    fit = study.tables["fit"]
    left_out = fit[fit["role"] == "fit"]
    inside = left_out["observed"].between(left_out["held_out_p10"], left_out["held_out_p90"])
    assert inside.mean() >= 0.7, "rows that repeat one another included"


def test_estimates_are_of_the_parameters_of_the_study_and_within_their_limits(study: Study) -> None:
    known = {one.id: one for one in parameters(study.tables)}
    estimates = study.tables["calibration"].set_index("parameter_id")
    assert set(estimates.index) == set(known)
    for name, row in estimates.iterrows():
        assert row["prior"] == known[str(name)].prior
        assert row["prior_sd"] == known[str(name)].prior_sd
    posterior = study.tables["posterior"]
    assert posterior.groupby("member")["parameter_id"].count().nunique() == 1
    assert posterior["member"].nunique() == 200
    for name, values in posterior.groupby("parameter_id")["value"]:
        if not str(name).startswith(DEMAND):
            low, high = known[str(name)].limits
            ends = sorted((known[str(name)].value(low), known[str(name)].value(high)))
            assert ends[0] - 1e-9 <= values.min() <= values.max() <= ends[1] + 1e-9


def test_the_fit_is_of_the_observations_of_the_study(study: Study) -> None:
    observed = study.tables["observed"].set_index("observed_id")
    fit = study.tables["fit"].set_index("observed_id")
    assert set(fit.index) <= set(observed.index)
    assert (observed.loc[fit.index, "role"] == fit["role"]).all()
    assert np.isfinite(fit[["observed", "before", "after", "held_out"]].to_numpy(dtype=float)).all()
