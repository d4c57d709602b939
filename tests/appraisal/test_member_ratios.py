"""Members of ensembles in appraisals: surplus by what each saves, tonnes by what each emits."""

from __future__ import annotations

import numpy as np
import pytest

import landlink as ll
from landlink.cli import main
from landlink.ensemble.ensemble import ensemble_of
from landlink.ensemble.quantiles import quantiles
from tests.support.posterior_study import write_posterior_study

YEARS = 30
MEASURES = """
measure_id,name,kind,open_from
easy-gate,Faster checks,policy,2023
clean-fuel,Cleaner fuel,policy,2023
"""
EFFECTS = """
measure_id,table,row,column,operation,value
easy-gate,crossing,GATE/road,time_ab_h,multiply,0.5
clean-fuel,carrier,diesel,ttw_kg_per_unit,multiply,0.5
"""


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """Results with ensembles: the base, an easier gate and a cleaner fuel."""
    folder = tmp_path_factory.mktemp("members")
    carrier = "carrier_id,unit,mj_per_unit,ttw_kg_per_unit,wtt_kg_per_unit\ndiesel,l,36,2.5,0.6\n"
    study = write_posterior_study(folder / "s", 5, measure=MEASURES, effect=EFFECTS, carrier=carrier)
    toml = study / "study.toml"
    toml.write_text(toml.read_text(encoding="utf-8").split("[[scenario]]")[0], encoding="utf-8")
    found = {}
    for name in ("base", "easy-gate", "clean-fuel"):
        measures = [] if name == "base" else ["--apply", name]
        chosen = ["--year", "2023", "--ensemble", "--workers", "1", "--threads", "1", "--carbon-price", "50"]
        assert main(["run", str(study), *measures, *chosen, "-o", str(folder / name)]) == 0
        found[name] = ll.open_result(folder / name)
    return found


def differences(results, plan, indicator):
    base, other = (ensemble_of(results[name]) for name in ("base", plan))
    return other.differences(base, indicator)[1]


def interval(appraisal, quantity):
    return appraisal["summary"].set_index("quantity").loc[quantity, ["p10", "p50", "p90"]].to_numpy(dtype=float)


def expected(values):
    return np.sort(quantiles(values.reshape(-1, 1)).ravel())


def test_tonnes_are_those_of_each_member(results):
    found = ll.appraise(results["base"], results["easy-gate"])
    tonnes = -differences(results, "easy-gate", "emissions.co2e_t_per_year")
    # Some members emit more and some less, which no ratio of what shippers gain can tell.
    assert tonnes.min() < 0 < tonnes.max()
    assert interval(found, "abated_t") == pytest.approx(expected(YEARS * tonnes), rel=1e-4)
    drawn = ll.appraise(results["base"], results["easy-gate"], trials=400, seed=3)
    assert interval(drawn, "abated_t")[0] < 0 < interval(drawn, "abated_t")[2]


def test_shippers_gain_what_each_member_saves_payments_for_carbon_included(results):
    found = ll.appraise(results["base"], results["easy-gate"])
    saved = -1e6 * differences(results, "easy-gate", "total.expected_cost_musd_per_year")
    by_country = found["by_country"].groupby("group")[["present_value_usd", "p10", "p90"]].sum()
    flow = found["flow"][lambda flow: flow["group"] == "shippers"].groupby("year")["usd"].sum()
    factor = by_country.loc["shippers", "present_value_usd"] / flow.iloc[0]
    ends = expected(saved)
    assert by_country.loc["shippers", "p10"] == pytest.approx(factor * ends[0], rel=1e-3)
    assert by_country.loc["shippers", "p90"] == pytest.approx(factor * ends[2], rel=1e-3)


def test_measures_of_energy_alone_have_intervals_of_tonnes(results):
    base, plan = results["base"], results["clean-fuel"]
    cheaper = ll.appraise(base, plan)
    tonnes = -differences(results, "clean-fuel", "emissions.co2e_t_per_year")
    assert (tonnes > 0).all()
    assert interval(cheaper, "abated_t") == pytest.approx(expected(YEARS * tonnes), rel=1e-4)
