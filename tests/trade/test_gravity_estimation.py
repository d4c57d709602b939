"""Gravity by PPML: Stata's coefficients, conventions of errors, what is left out, and what is refused."""

from __future__ import annotations

import warnings
from importlib import import_module
from importlib.util import find_spec

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import minimize

import landlink as ll
from landlink.core.errors import InputError
from landlink.trade import gravity_estimation
from landlink.trade.gravity_estimation import estimate
from tests.support.trade_worlds import REASON, REFERENCE, drawn_flows

WHY = "needs pyfixest: pip install 'landlink[estimate]'"
pytestmark = pytest.mark.skipif(find_spec("pyfixest") is None, reason=WHY)
needs_reference = pytest.mark.skipif(not REFERENCE.is_dir(), reason=REASON)
BORDERS = "trade ~ ln_DIST + CNTG + INTL_BRDR | exporter + importer"
FORMULA = "value ~ log(distance) + border | exporter + importer"


def peer(formula: str, data: pd.DataFrame, vcov: object) -> pd.Series:
    """Standard errors of pyfixest with its own conventions."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pyfixest = import_module("pyfixest")
        exact = pyfixest.MapDemeaner(fixef_tol=1e-10)
        return pyfixest.fepois(formula, data=data, vcov=vcov, iwls_tol=1e-12, demeaner=exact).se()


@needs_reference
def test_coefficients_and_errors_are_those_of_the_reference() -> None:
    table = pd.read_csv(REFERENCE / "agtpa_ge" / "input_trade_without_border_2006.csv.gz")
    expected = pd.read_csv(REFERENCE / "ppml" / "agtpa_2006_reference.csv").set_index("Coefficient")
    found = estimate(table, BORDERS)
    assert list(found.terms) == list(expected.index)
    assert np.abs(found.coefficient - expected["stata"]).max() < 1e-6
    assert np.abs(found.coefficient - expected["coef"]).max() < 1e-9
    assert np.abs(found.std_error - expected["se_hetero"]).max() < 1e-6
    assert found.observations == 69**2


@needs_reference
def test_fitted_flows_are_the_base_of_a_counterfactual() -> None:
    """Fixed effects keep totals, so conditional effects of the fitted flows are those of Stata."""
    table = pd.read_csv(REFERENCE / "agtpa_ge" / "input_trade_without_border_2006.csv.gz")
    found = estimate(table, BORDERS)
    border = found.coefficient[found.terms.index("INTL_BRDR")]
    costs = table.assign(change=np.exp(-border * table["INTL_BRDR"] / (1 - 7)))[["exporter", "importer", "change"]]
    effects = ll.trade.counterfactual(found.flows(), costs, sigma=7, mode="conditional").table().set_index("country")
    stata = pd.read_csv(REFERENCE / "agtpa_ge" / "exact_hat_vs_stata.csv", index_col=0).rename(index={"DEU": "ZZZ"})
    assert np.abs(effects["exports_percent"] - stata["change_Xi_CDL"].loc[effects.index]).max() < 0.002


def test_coefficients_maximise_the_likelihood() -> None:
    """Against a general optimiser over coefficients and fixed effects."""
    table = drawn_flows(5)
    found = estimate(table, FORMULA)
    codes = [pd.factorize(table[name])[0] for name in ("exporter", "importer")]
    covariates = np.column_stack([np.log(table["distance"]), table["border"]])
    value = table["value"].to_numpy()

    def loss(point: np.ndarray) -> tuple[float, np.ndarray]:
        eta = covariates @ point[:2] + point[2:7][codes[0]] + point[7:][codes[1]]
        off = np.exp(eta) - value
        slope = [covariates.T @ off, np.bincount(codes[0], off), np.bincount(codes[1], off)]
        return float((np.exp(eta) - value * eta).sum()), np.concatenate(slope)

    best = minimize(loss, np.ones(12), jac=True, method="BFGS", options={"gtol": 1e-6, "maxiter": 2000})
    assert found.coefficient == pytest.approx(best.x[:2], abs=1e-5)
    assert abs(found.coefficient[0] + 1) < 0.2


@pytest.mark.parametrize(
    ("cluster", "theirs"),
    [(None, "hetero"), ("pair", "pair"), ("exporter", "exporter"), ("exporter + importer", "exporter+importer")],
)
def test_errors_follow_both_conventions(cluster: str | None, theirs: str) -> None:
    table = drawn_flows()
    found = estimate(table, FORMULA, cluster=cluster)
    pair = ["-".join(sorted(names)) for names in zip(table["exporter"], table["importer"], strict=True)]
    data = table.assign(pair=pair, d=np.log(table["distance"]))
    vcov = theirs if theirs == "hetero" else {"CRV1": theirs}
    assert found.std_error == pytest.approx(peer("value ~ d + border | exporter + importer", data, vcov), rel=1e-6)
    groups = min(found.clusters.values()) if cluster else len(table)
    parameters = int(found.convention.partition("K = ")[2].partition(",")[0].partition(";")[0])
    factor = (64 - 1) / (64 - parameters) if cluster else 63 / (64 - parameters)
    assert found.std_error == pytest.approx(found.std_error_stata * np.sqrt(factor), rel=1e-12)
    assert str(groups) in found.convention or not cluster


def test_combined_fixed_effects_and_products_of_covariates() -> None:
    panel = pd.concat([drawn_flows(seed=year).assign(year=year) for year in (2018, 2019)])
    found = estimate(panel, "value ~ log(distance) + border:distance | exporter^year + importer^year", cluster="pair")
    assert found.terms == ("log(distance)", "border:distance")
    assert dict(found.fixed_effects) == {"exporter^year": 16, "importer^year": 16}
    totals = found.fitted.groupby(["exporter", "year"])[["value", "fitted"]].sum()
    assert totals["fitted"].to_numpy() == pytest.approx(totals["value"].to_numpy(), rel=1e-7)
    assert len(found.flows(year="2019")) == 64
    with pytest.raises(InputError, match="unknown column"):
        found.flows(decade="2010")


def test_without_fixed_effects_there_is_a_constant() -> None:
    found = estimate(drawn_flows(), "value ~ log(distance)")
    assert found.terms == ("constant", "log(distance)")
    assert found.fitted["fitted"].sum() == pytest.approx(found.fitted["value"].sum())


def test_separated_and_lone_flows_are_reported_and_change_nothing() -> None:
    table = drawn_flows()
    plain = estimate(table, FORMULA, cluster="pair")
    silent = table[table["exporter"] == "C0"].assign(exporter="S", value=0.0)
    lone = pd.DataFrame([("L", "C1", 7.0, 1.0, 1.0)], columns=table.columns)
    found = estimate(pd.concat([silent, table, lone]), FORMULA, cluster="pair")
    assert found.coefficient == pytest.approx(plain.coefficient, abs=1e-9)
    assert found.std_error == pytest.approx(plain.std_error, rel=1e-9)
    assert (found.left_out("separated"), found.left_out("singleton"), found.observations) == (8, 1, 64)
    status = found.fitted.set_index(["exporter", "importer"])
    assert status.loc[("S", "C1"), ["fitted", "status"]].tolist() == [0.0, "separated"]
    assert status.loc[("L", "C1"), ["fitted", "status"]].tolist() == [7.0, "singleton"]


def test_flows_that_a_covariate_separates_are_found() -> None:
    table = drawn_flows()
    rows = table.index[(table["border"] == 1)][[3, 17, 30]]
    table["embargo"] = table.index.isin(rows).astype(float)
    table.loc[rows, "value"] = 0.0
    found = estimate(table, FORMULA.replace("border", "border + embargo"))
    plain = estimate(table.drop(rows), FORMULA)
    assert found.collinear == ("embargo",)
    assert found.left_out("separated") == 3
    assert found.coefficient == pytest.approx(plain.coefficient, abs=1e-8)


def test_covariates_that_fixed_effects_determine_have_no_coefficient() -> None:
    table = drawn_flows().assign(size=lambda rows: rows["exporter"].str[1:].astype(float) + 1)
    found = estimate(table, FORMULA.replace("border", "border + log(size)"))
    assert found.collinear == ("log(size)",)
    assert found.terms == ("log(distance)", "border")


def test_order_of_rows_and_names_of_columns_do_not_matter() -> None:
    table = drawn_flows()
    found = estimate(table, FORMULA, cluster="pair")
    mixed = table.sample(frac=1, random_state=3).rename(columns={"value": "y", "distance": "c0", "border": "Intercept"})
    again = estimate(mixed, "y ~ log(c0) + Intercept | importer + exporter", cluster="pair")
    assert again.coefficient == pytest.approx(found.coefficient, abs=1e-10)
    assert again.std_error == pytest.approx(found.std_error, rel=1e-8)


def test_units_do_not_matter() -> None:
    table = drawn_flows()
    found = estimate(table, FORMULA, cluster="pair")
    other = table.assign(value=table["value"] * 1e9, distance=table["distance"] * 1000)
    again = estimate(other, FORMULA, cluster="pair")
    assert again.coefficient == pytest.approx(found.coefficient, abs=1e-9)
    assert again.std_error == pytest.approx(found.std_error, rel=1e-7)
    assert again.fitted["fitted"].to_numpy() == pytest.approx(1e9 * found.fitted["fitted"].to_numpy(), rel=1e-8)


def test_blank_flows_are_zero_only_where_it_is_said() -> None:
    table = drawn_flows()
    zero = table.assign(value=table["value"].where(table.index != 9, 0.0))
    blank = table.assign(value=table["value"].where(table.index != 9))
    with pytest.raises(InputError, match="line 10, column value: blank flow"):
        estimate(blank, FORMULA)
    expected = estimate(zero, FORMULA).coefficient
    assert estimate(blank, FORMULA, missing="zero").coefficient == pytest.approx(expected, abs=1e-12)


def _with(column: str, value: object) -> pd.DataFrame:
    table = drawn_flows().astype(object)
    table.loc[4, column] = value
    return table


@pytest.mark.parametrize(
    ("table", "options", "words"),
    [
        (_with("value", -1), {}, "line 5, column value: invalid flow"),
        (_with("value", "many"), {}, "invalid flow"),
        (_with("value", np.inf), {}, "invalid flow"),
        (_with("distance", 0), {}, "line 5, column distance: invalid covariate .*above 0"),
        (_with("border", "yes"), {}, "invalid covariate .*fixed effects, after"),
        (_with("exporter", ""), {}, "blank cell"),
        (pd.concat([drawn_flows(), drawn_flows().head(1)]), {}, "line 65: duplicate row"),
        (drawn_flows().drop(columns="border"), {}, "missing column"),
        (drawn_flows().drop(columns="importer"), {}, "missing column"),
        (drawn_flows().head(0), {}, "no rows"),
        (drawn_flows().assign(value=0), {}, "no flows are left"),
        (drawn_flows(), {"cluster": "pairs"}, "missing column"),
        (drawn_flows(), {"cluster": "a+b+c"}, "invalid cluster"),
        (drawn_flows(), {"missing": "drop"}, "unknown treatment"),
        (drawn_flows(2), {}, "too few flows|cannot be estimated"),
    ],
)
def test_invalid_input_is_refused(table: pd.DataFrame, options: dict[str, str], words: str) -> None:
    with pytest.raises(InputError, match=words):
        estimate(table, FORMULA, **options)


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gravity_estimation, "find_spec", lambda name: None)
    with pytest.raises(InputError, match=r"pyfixest.*pip install 'landlink\[estimate\]'"):
        estimate(drawn_flows(), FORMULA)
