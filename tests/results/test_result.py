"""Results: kept whole, refused when damaged, the same bytes every time, and every indicator of the vocabulary."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import landlink as ll
from landlink.analysis.sensitivity import sensitivity
from landlink.core.errors import ResultError, UnknownNameError
from landlink.indicators.registry import INDICATORS
from landlink.results.result import Result
from landlink.results.storage import MARKER
from tests.support.bundled import bundled_study
from tests.support.small_study import SETTINGS, TABLES, write_small_study


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> ll.Study:
    return ll.open_study(write_small_study(tmp_path_factory.mktemp("study") / "two"))


@pytest.fixture(scope="module")
def result(study) -> Result:
    return ll.solve(study)


def same(one: Result, other: Result) -> bool:
    return all(one.tables[name].equals(other.tables[name]) for name in one.tables)


def test_provenance_suffices_to_reproduce_the_result(study, result):
    run, certificate = result.provenance.run, result.provenance.certificate
    assert run.study_hash == study.hash
    assert certificate.converged
    assert 0 <= certificate.relative_gap <= certificate.target_gap == 1e-6
    assert certificate.conservation < 1e-9
    assert (run.year, run.seed, run.measures) == (2023, 1, ())
    assert run.landlink == ll.__version__
    assert run.versions
    with pytest.raises(dataclasses.FrozenInstanceError):
        run.year = 1  # type: ignore[misc]
    with pytest.raises(TypeError):
        result.tables["link"] = pd.DataFrame()  # type: ignore[index]


def test_a_result_does_not_depend_on_threads_or_on_the_run(study, result):
    assert same(result, ll.solve(study, options=ll.SolverOptions(threads=1)))
    assert same(result, ll.solve(study, options=ll.SolverOptions(threads=2)))


def test_the_bundled_study_gives_the_same_bytes_on_one_and_two_threads():
    study = bundled_study()
    one, two = (ll.solve(study, options=ll.SolverOptions(relative_gap=1e-4, threads=threads)) for threads in (1, 2))
    assert same(one, two)


def test_a_warm_start_ends_within_the_gap(study, result):
    warm = ll.solve(study, start=result)
    assert warm.provenance.certificate.converged
    name = "total.generalised_cost_musd_per_year"
    assert warm.indicator(name) == pytest.approx(result.indicator(name), rel=1e-3)
    assert warm.provenance.certificate.objective == pytest.approx(result.provenance.certificate.objective, rel=1e-6)


def test_a_saved_result_is_the_same_result(result, tmp_path: Path):
    opened = ll.open_result(result.save(tmp_path / "out"))
    assert set(opened.tables) == set(result.tables)
    assert same(result, opened)
    assert opened.provenance == result.provenance


def _cut(folder: Path) -> None:
    (folder / "od.parquet").write_bytes((folder / "od.parquet").read_bytes()[:100])


def _lose(folder: Path) -> None:
    (folder / "od.parquet").unlink()


def _rewrite(**changes: object):
    def change(folder: Path) -> None:
        content = json.loads((folder / MARKER).read_text(encoding="utf-8"))
        (folder / MARKER).write_text(json.dumps(content | changes), encoding="utf-8")

    return change


def _text(text: str):
    return lambda folder: (folder / MARKER).write_text(text, encoding="utf-8")


def _marker_as_a_folder(folder: Path) -> None:
    (folder / MARKER).unlink()
    (folder / MARKER).mkdir()


def _without_values(folder: Path) -> None:
    table = pd.read_parquet(folder / "indicator.parquet")
    table.drop(columns="value").to_parquet(folder / "indicator.parquet", index=False)


@pytest.mark.parametrize(
    "damage",
    [
        _cut, _lose, _text("{"), _text("[]"), _text("3"), _rewrite(format=99), _rewrite(tables=[]),
        _rewrite(tables={}), _rewrite(provenance=None), _rewrite(tables={"od": 3}),
        lambda folder: (folder / MARKER).unlink(), _rewrite(provenance={}), _rewrite(provenance={"label": "x"}),
        _marker_as_a_folder, _without_values,
    ],
)  # fmt: skip
def test_damaged_and_unknown_results_are_refused(damage, result, tmp_path: Path):
    folder = result.save(tmp_path / "out")
    damage(folder)
    with pytest.raises(ResultError):
        ll.open_result(folder)


def test_a_missing_folder_is_not_a_result(tmp_path: Path):
    with pytest.raises(ResultError, match="landlink run"):
        ll.open_result(tmp_path / "nowhere")


ARGUMENTS = {
    "mode": "road", "alternative": "rail", "country,family": "AAA,road", "country[,family]": "AAA", "crossing": "GATE",
    "crossing[,direction]": "GATE,ab",
    "crossing,family,from[,to]": "GATE,road,AAA,BBB", "crossing,family,to": "GATE,rail,BBB", "from,to": "AAA,BBB",
    "from,to,family": "AAA,BBB,road",
    "crossing,family[,direction]": "GATE,road,ab", "crossing,family,direction": "GATE,rail,ba",
    "from,to,family[,commodity]": "AAA,BBB,road,grain", "crossing,family": "GATE,road",
    "country,country": "BBB,AAA", "country,country[,alternative]": "AAA,BBB,road",
    "link[,alternative]": "R1,road", "link": "R1", "terminal": "T",
    "country[,partner[,alternative[,commodity]]]": "BBB,AAA,road,grain",
    "country[,alternative[,commodity]]": "AAA,road,grain", "corridor,family": "C,road",
    "country,group": "AAA,fuels", "country,stage": "AAA,raw", "country[,partner]": "AAA,BBB",
    "country[,commodity[,family]]": "AAA,grain,road", "from,to[,alternative]": "BBB,AAA,road",
    "[country[,family]]": "AAA,road", "[country]": "AAA", "family[,country]": "road,AAA", "commodity": "grain",
    "group": "fuels", "crossing[,family[,direction]]": "GATE,road,ab",
    "country": "AAA", "country[,partner[,commodity]]": "AAA,BBB,grain",
    "origin,destination[,alternative]": "Z1,Z2,road", "node,node,mode": "N1,N2,road", "": "",
}  # fmt: skip


# Those of other commands have tests of their own (tests/resilience/test_assess.py).
@pytest.mark.parametrize("name", [name for name, one in INDICATORS.items() if not one.made_by])
def test_every_indicator_of_the_vocabulary_computes(name: str, result):
    value = result.indicator(f"{name}[{ARGUMENTS[INDICATORS[name].arguments]}]")
    # The study has no terminal, transit, hard capacity, constant, corridor, hours of opening or domestic freight.
    zero = name.startswith(("terminal", "country.transit", "country.domestic", "corridor.t"))
    zero = zero or "shadow_price" in name or "resistance" in name or name.endswith("domestic_share")
    # Its commodities have no groups or stages; and trucks from AAA to BBB are the fuller ones.
    zero = zero or name.endswith(("group_share", "stage_share")) or name == "border.implied_empties_per_day"
    # Its trains run on diesel, and carbon has no price.
    zero = zero or name in ("corridor.co2e_t_per_year", "energy.electricity_share", "emissions.group_t_per_year")
    zero = zero or name == "emissions.domestic_t_per_year" or "carbon_payment" in name
    # It has no plants, and its measures no costs.
    zero = zero or name == "emissions.spared_t_per_year" or name.startswith(("grid.", "investment."))
    # Its demand is fixed, so that trade has no figures of its own.
    undefined = "one_more_hour" in name or name.startswith("trade.")
    undefined = undefined or (name.startswith("corridor.") and not name.endswith("_per_year"))
    undefined = undefined or name == "emissions.group_g_per_tkm"
    assert np.isnan(value) if undefined else np.isfinite(value)
    assert (value == 0) == (zero and not undefined)


def test_indicators_add_up_and_divide(result):
    value = result.indicator
    both = value("border.tonnes_per_year[AAA,BBB,road] + border.tonnes_per_year[AAA,BBB,rail]")
    assert both == pytest.approx(700_000)
    share = value("border.tonnes_per_year[AAA,BBB,rail,grain] / border.tonnes_per_year[AAA,BBB,rail]")
    assert 0 < share < 1
    assert value("distance.km[N1,N2,road]") == 200
    assert value("total.tkm_per_year") == pytest.approx(
        value("country.tkm_per_year[AAA,road]+country.tkm_per_year[ALL,rail]+country.tkm_per_year[BBB,road]")
    )


@pytest.mark.parametrize("text", ["od.time", "total.tonnes_per_year[a,b]", "a / b / c", "od.time_h[Z1]", ""])
def test_unknown_indicators_are_refused(text: str, result):
    with pytest.raises(UnknownNameError):
        result.indicator(text)


def test_comparison_counts_the_change(study, result):
    table = ll.compare(result, ll.solve(study.apply("closed-gate"), label="closed"))
    row = table.loc["crossing.trucks_per_day[GATE]"]
    assert row["Today"] > 0
    assert not row["closed"] > 0  # none, or no row for what is shut
    assert table.loc["total.tonnes_per_year", "change"] == pytest.approx(0, abs=1e-3)
    assert table.loc["total.mean_time_h", "unit"] == "h"


def test_bounds_of_observations_are_exact(tmp_path: Path):
    observed = """
observed_id,what,value,tolerance,bound,indicator,scale,role
near,Tonnes,790,0.05,value,total.tonnes_per_year,0.001,validation
far,Tonnes,500,0.05,value,total.tonnes_per_year,0.001,
open,Tonnes,500,,value,total.tonnes_per_year,0.001,
given,Tonnes,500,0.05,value,alternative.tonnes_per_year[road] + alternative.tonnes_per_year[rail],0.001,input
floor,Tonnes,700,,lower,total.tonnes_per_year,0.001,bound
roof,Tonnes,700,,upper,total.tonnes_per_year,0.001,bound
none,Tonnes,700,,value,,1,
"""
    table = ll.solve(ll.open_study(write_small_study(tmp_path / "s", observed=observed))).tables["observed"]
    assert table["verdict"].tolist() == [
        "within", "outside", "no tolerance", "input", "kept", "broken", "no counterpart",
    ]  # fmt: skip
    assert table["ratio"].iat[0] == pytest.approx(800 / 790)


def test_higher_truck_costs_shift_freight_to_rail(tmp_path: Path):
    path = write_small_study(tmp_path / "s")
    varied = 'table = "vehicle"\ncolumn = "cost_usd_per_vehicle_km"\nlow = 0.8\nhigh = 1.2\n'
    inputs = "".join(f'\n[[sensitivity]]\ntitle = "{mode}"\nrow = "{mode}"\n{varied}' for mode in ("rail", "road"))
    text = SETTINGS + 'headline = "alternative.tonnes_per_year[rail]"\nheadline_title = "Rail"\n' + inputs
    (path / "study.toml").write_text(text, encoding="utf-8")
    table = sensitivity(ll.open_study(path), options=ll.SolverOptions(threads=2)).set_index("title")
    assert table.index.tolist() == ["road", "rail"]  # the widest first
    assert table.at["road", "headline_low"] < table.at["road", "headline_base"] < table.at["road", "headline_high"]
    assert table.at["rail", "headline_low"] > table.at["rail", "headline_base"] > table.at["rail", "headline_high"]


def test_a_study_without_demand_is_solved(tmp_path: Path):
    demand = TABLES["demand"].splitlines()[1] + "\nZ1,Z2,grain,0"
    result = ll.solve(ll.open_study(write_small_study(tmp_path / "s", demand=demand)))
    assert result.provenance.certificate.converged
    assert result.indicator("total.tonnes_per_year") == 0


def test_ids_may_hold_marks_of_expressions(tmp_path: Path):
    replaced = {name: text.replace("GATE", "GATE+A/B") for name, text in TABLES.items()}
    result = ll.solve(ll.open_study(write_small_study(tmp_path / "s", **replaced)))
    assert result.indicator("crossing.trucks_per_day[GATE+A/B]") > 0
