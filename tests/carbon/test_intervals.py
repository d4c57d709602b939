"""Emissions in ensembles: every member keeps them, and expressions of them have intervals."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import landlink as ll
from landlink.ensemble.ensemble import ensemble_of
from tests.support.posterior_study import write_posterior_study


def test_totals_countries_and_expressions_have_intervals(tmp_path: Path):
    study = ll.open_study(write_posterior_study(tmp_path / "s", 4))
    scenario = study.scenario("today")
    ensemble = ensemble_of(ll.run_ensemble(scenario, members=4, workers=1))
    assert ensemble is not None
    names = (
        "emissions.co2e_t_per_year",
        "emissions.co2e_t_per_year[AAA,road] / emissions.co2e_t_per_year",
        "emissions.g_per_tkm[all]",
        "crossing.co2e_t_per_year[GATE]",
        "emissions.trade_g_per_tkm[AAA,BBB]",
    )
    for name in names:
        low, middle, high = ensemble.interval(name)
        assert 0 < low < middle < high, name
    # Costs and waits of the members differ, and so does what they emit.
    low, _, high = ensemble.interval("emissions.waiting_t_per_year")
    assert high > 1.05 * low
    assert np.isfinite(ensemble.interval("energy.mj_per_year")).all()
    whole = ensemble.interval("emissions.co2e_t_per_year")
    assert ensemble.interval("emissions.co2e_t_per_year[ALL,all]") == pytest.approx(whole)
