"""Observations are compared in their own year and their own unit."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import landlink as ll
from landlink.indicators.observations import comparable, factor_to_observation, observation_weights, score
from landlink.indicators.units import parse_unit
from landlink.tables.schemas import TABLES
from tests.support.small_study import write_small_study

HEAD = "observed_id,what,year,value,unit,tolerance,indicator,scale,scale_unit"


def solved(folder: Path, rows: str, year: int = 2023, head: str = HEAD) -> pd.DataFrame:
    study = ll.open_study(write_small_study(folder, observed=f"{head}\n{rows.strip()}\n"))
    return ll.solve(study.at(year))["observed"].set_index("observed_id")


YEARS_HEAD = "observed_id,what,year,to_year,years_apart,value,unit,tolerance,indicator"
YEARS = """
own,Trade,2023,,,0.8,Mt,0.01,total.tonnes_per_year
later,Trade,2025,,,0.8,Mt,0.01,total.tonnes_per_year
near,Trade,2025,same,,0.8,Mt,0.01,total.tonnes_per_year
far,Trade,2025,same,1,0.8,Mt,0.01,total.tonnes_per_year
always,Trade,,,,0.8,Mt,0.01,total.tonnes_per_year
none,Trade,2025,,,0.8,Mt,0.01,
"""


def test_an_observation_is_judged_in_its_own_year_only(tmp_path: Path) -> None:
    observed = solved(tmp_path / "s", YEARS, head=YEARS_HEAD)
    assert observed["verdict"].to_dict() == {
        "own": "within", "later": "other year", "near": "within", "far": "other year", "always": "within",
        "none": "no counterpart",
    }  # fmt: skip
    assert observed["model"].notna().to_dict() == {
        "own": True, "later": False, "near": True, "far": False, "always": True, "none": False,
    }  # fmt: skip
    assert observed.loc["own", "ratio"] == pytest.approx(1.0)
    assert observed.loc["later", "why_not"] == "it is of 2025, and no rule brings it to 2023"
    assert observed.loc["far", "why_not"] == "it is of 2025, more than 1 years from 2023"


def test_a_result_of_2030_is_not_judged_by_observations_of_2023(tmp_path: Path) -> None:
    verdicts = solved(tmp_path / "s", YEARS, 2030, YEARS_HEAD)["verdict"]
    assert set(verdicts.drop(["always", "none"])) == {"other year"}
    assert verdicts["always"] == "within"


def rows_of(**columns: object) -> pd.DataFrame:
    """A table ``observed`` of one row, with the defaults of its schema."""
    row = {"observed_id": "o", "what": "Trade", "value": 1.0, "indicator": "total.tonnes_per_year"} | columns
    schema = TABLES["observed"]
    cells = {c.name: row.get(c.name, "" if c.default is None else c.default) for c in schema.columns}
    numeric = [c.name for c in schema.columns if c.type in ("number", "integer")]
    return pd.DataFrame([cells]).assign(**{name: pd.to_numeric(pd.Series([cells[name]])) for name in numeric})


def test_growth_brings_the_value_and_adds_its_own_error() -> None:
    observed = rows_of(year=2025, value=121.0, to_year="growth", growth_pct_per_year=10.0, standard_error=0.06)
    (line,) = comparable(observed, 2023).to_dict("records")
    assert line["value"] == pytest.approx(100.0, rel=1e-12)
    assert line["log_error"] == pytest.approx(math.hypot(0.06, math.log(1.1)), rel=1e-12)  # half of two years' growth
    assert comparable(observed, 2025).loc[0, ["value", "log_error"]].tolist() == [121.0, 0.06]
    assert comparable(observed, 2026)["value"].item() == pytest.approx(133.1)
    assert math.isnan(comparable(observed, 2022)["value"].item())


def test_comparable_gives_one_row_per_observation_in_order() -> None:
    observed = pd.concat(
        [
            rows_of(observed_id="b", unit="Mt", group="g", year=2023),
            rows_of(observed_id="a", indicator=""),
            rows_of(observed_id="c", role="bound", bound="upper", scope="all_freight"),
        ],
        ignore_index=True,
    )
    lines = comparable(observed, 2023)
    assert lines.columns.tolist() == [
        "observed_id", "indicator", "factor", "value", "log_error", "role", "group", "bound", "why_not",
    ]  # fmt: skip
    assert lines["observed_id"].tolist() == ["b", "a", "c"]
    assert lines["factor"].tolist()[0] == pytest.approx(1e-6)
    assert lines["group"].tolist() == ["g", "a", "c"]
    assert lines["why_not"].tolist() == ["", "no indicator counts this", ""]
    assert lines["log_error"].isna().all()


@pytest.mark.parametrize(
    ("scope", "bound", "reason"),
    [
        ("international", "value", ""),
        ("sample", "value", ""),
        ("all_freight", "value", "it includes domestic freight, so it is no value to compare with"),
        ("all_freight", "upper", ""),
        ("all_freight", "lower", "it includes domestic freight, so it is no lower bound"),
        ("all_vehicles", "value", "it includes vehicles without freight, so it is no value to compare with"),
        ("wider", "upper", ""),
        ("part", "lower", ""),
        ("part", "upper", "it counts only a part of what the indicator counts, so it is no upper bound"),
        ("one_day", "value", "it is of a single day or a peak, so it is no value to compare with"),
        ("one_service", "lower", ""),
    ],
)
def test_what_counts_more_or_less_is_a_bound_at_most(scope: str, bound: str, reason: str) -> None:
    role = "validation" if bound == "value" else "bound"
    assert comparable(rows_of(scope=scope, bound=bound, role=role), 2023)["why_not"].tolist() == [reason]


def test_a_value_of_zero_has_no_ratio() -> None:
    assert comparable(rows_of(value=0.0), 2023)["why_not"].tolist() == ["a value of zero or less has no ratio"]


# Scores


def judged(
    ratios: list[float], groups: list[str], indicators: list[str], roles: list[str], bounds: list[str]
) -> pd.DataFrame:
    """Rows of the output table ``observed`` that a score reads."""
    return pd.DataFrame(
        {
            "observed_id": [f"o{i}" for i in range(len(ratios))], "ratio": ratios, "group": groups,
            "indicator": indicators, "role": roles, "bound": bounds, "why_not": "",
        }
    )  # fmt: skip


RATIOS = st.floats(0.01, 100.0)
INDICATORS = st.sampled_from(["a.b[1]", "a.b[2]", "a.b[1] + a.b[2]"])


@st.composite
def tables(draw: st.DrawFn) -> pd.DataFrame:
    ratios = draw(st.lists(RATIOS, min_size=1, max_size=12))
    size = len(ratios)

    def many(values: st.SearchStrategy[str]) -> list[str]:
        return draw(st.lists(values, min_size=size, max_size=size))

    roles = many(st.sampled_from(["fit", "validation"]))
    return judged(ratios, many(st.sampled_from(["", "g", "h"])), many(INDICATORS), roles, ["value"] * size)


@given(tables(), st.lists(st.tuples(RATIOS, st.sampled_from(["lower", "upper"]), INDICATORS), max_size=8))
def test_bounds_inputs_and_incomparable_rows_never_move_a_score(
    table: pd.DataFrame, others: list[tuple[float, str, str]]
) -> None:
    bounds = judged(
        [r for r, _, _ in others],
        ["g"] * len(others),
        [i for _, _, i in others],
        ["bound"] * len(others),
        [b for _, b, _ in others],
    )
    inputs = bounds.assign(role="input", bound="value")
    refused = bounds.assign(role="fit", bound="value", why_not="it is of a single day or a peak")
    every = pd.concat([bounds, table, inputs, refused], ignore_index=True)
    every["observed_id"] = [f"p{i}" for i in range(len(every))]
    assert score(every) == score(table)


@given(tables(), st.integers(2, 5), st.integers(0, 11))
def test_an_observation_repeated_in_its_group_counts_once(table: pd.DataFrame, times: int, which: int) -> None:
    row = table.iloc[[which % len(table)]].assign(group="alone", indicator="x.y")
    once = pd.concat([table, row], ignore_index=True)
    often = pd.concat([table, *[row] * times], ignore_index=True)
    assert observation_weights(often)[-times:] == pytest.approx([1 / times] * times)
    assert score(often).log_ratio == pytest.approx(score(once).log_ratio)
    assert score(often).weight == pytest.approx(score(once).weight)


@given(st.lists(RATIOS, min_size=1, max_size=15))
def test_without_groups_the_score_is_the_median(ratios: list[float]) -> None:
    size = len(ratios)
    table = judged(ratios, [""] * size, ["a.b[1]"] * size, ["fit"] * size, ["value"] * size)
    deviation = np.abs(np.log(ratios))
    assert score(table).log_ratio == pytest.approx(np.median(deviation))
    assert score(table).worst_factor == pytest.approx(np.exp(deviation.max()))
    assert score(table, ("validation",)).rows == 0


def test_the_order_of_terms_makes_no_other_indicator() -> None:
    table = judged([1.0, 2.0], ["g", "g"], ["a.b[1] + a.b[2]", "a.b[2]+a.b[1]"], ["fit"] * 2, ["value"] * 2)
    assert observation_weights(table).tolist() == [0.5, 0.5]


def test_a_model_without_flow_is_infinitely_far_off() -> None:
    table = judged([0.0, 1.0, 1.0], [""] * 3, ["a.b[1]"] * 3, ["fit"] * 3, ["value"] * 3)
    assert (score(table).factor, score(table).worst_factor) == (1.0, math.inf)


@pytest.mark.parametrize(
    ("indicator", "unit", "scale", "scale_unit", "factor"),
    [
        ("t/year", "Mt", 1.0, "", 1e-6),
        ("t/year", "Mt/year", 1.0, "", 1e-6),
        ("t/year", "Mt", 7.5e-7, "", 7.5e-7),
        ("t/year", "t", 1.0, "", 1.0),
        ("h", "days", 1.0, "", 1 / 24),
        ("vehicles/day", "vehicles/year", 1.0, "", 365.0),
        ("vehicles/day", "trucks/day", 0.5, "", 0.5),
        ("USD/t", "USD/FEU", 20.0, "t/FEU", 20.0),
        ("USD/t", "USD/FEU", 20_000.0, "kg/FEU", 20.0),
        ("t/year", "", 3.0, "", 3.0),
    ],
)
def test_the_model_is_converted_to_the_unit_of_the_observation(
    indicator: str, unit: str, scale: float, scale_unit: str, factor: float
) -> None:
    row = {"unit": unit, "scale": scale, "scale_unit": scale_unit}
    assert factor_to_observation(parse_unit(indicator), row) == pytest.approx(factor, rel=1e-12)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("a,Trade,2023,0.8,km,0.01,total.tonnes_per_year,,", "not comparable"),
        ("a,Trade,2023,0.8,Mt,0.01,total.tonnes_per_year,0.5,", "leaves out the factor of 1e-06 from t/year to Mt"),
        ("a,Time,2023,3,days,0.01,total.mean_time_h,0.5,", "leaves out the factor of 0.0416667 from h to days"),
    ],
)
def test_units_that_do_not_convert_are_refused_by_name(tmp_path: Path, row: str, said: str) -> None:
    with pytest.raises(ll.InputError, match=said):
        ll.open_study(write_small_study(tmp_path / "s", observed=f"{HEAD}\n{row}\n"))
