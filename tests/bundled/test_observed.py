"""Observations of the bundled study: their roles follow from rules, and what is fitted can be compared."""

from __future__ import annotations

import numpy as np
import pytest

from landlink.indicators.observations import comparable
from tests.support.bundled import bundled_study
from tools.china_kyrgyzstan import observed_2026, observed_use
from tools.china_kyrgyzstan.observed_directions import direction_of
from tools.china_kyrgyzstan.periods import dates_of


@pytest.fixture(scope="module")
def observed():
    frame = bundled_study().tables["observed"].set_index("observed_id", drop=False)
    brought = comparable(frame, 2023).set_index("observed_id")[["why_not", "log_error"]]
    return frame.drop(columns="group").join(brought).assign(group=frame["group"])


def test_what_is_fitted_is_a_flow_of_the_years_around_the_base_that_can_be_compared(observed):
    fitted = observed[observed["role"] == "fit"]
    assert len(fitted) > 60
    assert (fitted["why_not"] == "").all()
    assert fitted["year"].isin([2022, 2023, 2024]).all()
    assert fitted["scope"].eq("international").all()
    assert fitted["indicator"].str.contains("tonnes_|trucks_per_day|trains_per_day").all()
    assert not fitted["indicator"].str.contains("od.time|cost|distance|speed").any()
    assert (fitted["group"] != "").all()
    assert fitted["group"].nunique() >= 15
    assert np.isfinite(fitted["log_error"]).all()


def test_every_error_has_its_reason_and_every_growth_its_source(observed):
    assert (observed.loc[observed["standard_error"].notna(), "error_reason"] != "").all()
    scored = observed["role"].isin(["fit", "validation"]) & (observed["indicator"] != "") & (observed["why_not"] == "")
    assert observed.loc[scored, "standard_error"].between(0.01, 0.6).all()
    assert observed.loc[observed["to_year"] == "growth", "note"].str.contains("Brought to 2023 by").all()


def test_single_days_services_and_domestic_freight_are_never_values(observed):
    for scope in ("one_day", "one_service", "all_freight", "all_vehicles", "wider"):
        values = observed[(observed["scope"] == scope) & (observed["bound"] == "value") & (observed["indicator"] != "")]
        assert (values["why_not"] != "").all(), scope
        assert values["role"].isin(["validation", "input"]).all(), scope


def test_inputs_of_the_demand_neither_fit_nor_score(observed):
    assert observed.loc[["check-c07", "check-c36", "check-c38", "check-c39"], "role"].eq("input").all()
    assert (
        observed.loc[observed["note"].str.contains("The demand takes this figure as it is"), "role"].eq("input").all()
    )


def test_the_further_observations_are_all_there_with_their_sources(observed):
    further = observed[observed.index.str.startswith("further-")]
    assert len(further) == 45
    assert (further["indicator"] != "").all()
    assert (further["source"] != "").all()
    assert (further["begins"] != "").all()


@pytest.mark.parametrize(
    ("period", "dates"),
    [
        ("2023", ("2023-01-01", "2024-01-01")),
        ("2024H2", ("2024-07-01", "2025-01-01")),
        ("2024Q1", ("2024-01-01", "2024-04-01")),
        ("2023M1-7", ("2023-01-01", "2023-08-01")),
        ("2025-12", ("2025-12-01", "2026-01-01")),
        ("2024-03/08", ("2024-03-01", "2024-09-01")),
        ("2024-09/2025-03", ("2024-09-01", "2025-04-01")),
        ("2024-06-01/07", ("2024-06-01", "2024-06-08")),
        ("2023-03-21/2024-03-19", ("2023-03-21", "2024-03-20")),
        ("2023-01-01/07-11", ("2023-01-01", "2023-07-12")),
        ("2022-03-21/2023-03-20 (inferred)", ("2022-03-21", "2023-03-21")),
        ("since opening to 2025-10-24", ("", "")),
    ],
)
def test_periods_are_read_as_dates(period, dates):
    assert dates_of(period) == dates


@pytest.mark.parametrize(
    ("text", "value", "found"),
    [
        ("20%", 1.8, ("value", 0.2)),
        ("0.12", 0.48, ("value", 0.25)),
        ("-45% to +10%", 1000.0, ("value", 0.45)),
        ("upper bound", 152.0, ("upper", "")),
        ("lower bound (25% slack)", 0.1, ("lower", "")),
    ],
)
def test_tolerances_are_read_as_the_facts_state_them(text, value, found):
    assert observed_2026._tolerance(text, value) == found


def test_directions_follow_the_indicator():
    assert direction_of("KAZ to RUS", "crossing.trucks_per_day[SYRY,ab]") == "ab"
    assert direction_of("IRN to TKM", "crossing.tonnes_per_year[ARTY,road,ba]") == "ba"
    assert direction_of("KAZ to RUS", "border.trade_tonnes_per_year[KAZ,RUS,rail]") == "one_way"
    assert direction_of("both, 98% in", "crossing.tonnes_per_year[AYRI,rail]") == "both"
    assert direction_of("transit", "country.transit_tonnes_per_year[KAZ]") == ""


def test_the_rules_look_at_sources_only():
    row = {
        "observed_id": "a-count", "heading": "Tonnes", "what": "Freight", "period": "2024H1", "year": 2024,
        "value": "1", "indicator": "crossing.tonnes_per_year[GATE,road]", "quality": "published",
        "note": "Facts: +14%; more.",
    }  # fmt: skip
    told = observed_use.used(row)
    assert (told["role"], told["to_year"], told["growth_pct_per_year"]) == ("fit", "growth", 14.0)
    assert told["standard_error"] == pytest.approx(np.hypot(0.1, 0.25 * np.sqrt(0.5 / 6)), abs=2e-3)
    assert "6 months scaled to a year: 7%" in told["error_reason"]
    later = observed_use.used(row | {"year": 2025, "period": "2025"})
    assert (later["role"], later["to_year"]) == ("validation", "growth")
    assert observed_use.used(row | {"note": "", "year": 2025, "period": "2025"})["to_year"] == "none"
    limit = observed_use.used(row | {"bound": "upper"})
    assert (limit["role"], limit["standard_error"]) == ("bound", "")
