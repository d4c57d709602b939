"""Arguments of another kind are refused with what is allowed, by every public function that takes one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import landlink as ll
from landlink.core.arguments import check_kind, check_number, check_results, check_whole
from tests.support.gate_study import gate_results, gate_study


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> ll.Study:
    return gate_study(tmp_path_factory.mktemp("arguments") / "s")


@pytest.fixture(scope="module")
def pair(study: ll.Study) -> tuple[ll.Result, ll.Result]:
    return gate_results(study, "easy-gate")


@pytest.mark.parametrize(
    ("given", "name", "allowed"),
    [
        ({"rate": "x"}, "rate", "per cent"),
        ({"rate": True}, "rate", "per cent"),
        ({"rate": [9.0]}, "rate", "per cent"),
        ({"price_year": "2024"}, "price_year", "a year"),
        ({"price_year": 2023.5}, "price_year", "a year"),
        ({"trials": "many"}, "trials", "a whole number of draws"),
        ({"trials": 1.5}, "trials", "a whole number of draws"),
        ({"seed": "a"}, "seed", "0 or more"),
        ({"benefit": 3}, "benefit", "users or income"),
        ({"trials": 10, "correlation": "x"}, "correlation", "from 0 to 1"),
        ({"coalitions": "x"}, "coalitions", "solve_coalitions"),
    ],
)
def test_appraisals_refuse_other_kinds(
    pair: tuple[ll.Result, ll.Result], given: dict[str, Any], name: str, allowed: str
) -> None:
    with pytest.raises(ll.InputError) as refused:
        ll.appraise(*pair, **given)
    (problem,) = refused.value.problems
    assert problem.table == name
    assert allowed in problem.allowed


@pytest.mark.parametrize("sides", [("folder", "other"), (None, None), (["folder"], ["other"]), (3, 4)])
def test_appraisals_compare_results_alone(sides: tuple[Any, Any]) -> None:
    with pytest.raises(ll.InputError, match=r"^base: of the kind .* allowed: results, as of solve or open_result"):
        ll.appraise(*sides)


#: Calls with a name of a folder, or a number, where an object is needed, and the argument that is told.
WRONG = {
    "emissions": (lambda given, _: ll.emissions(given), "result"),
    "export_ileap": (lambda given, path: ll.export_ileap(given, path / "x.json"), "result"),
    "export": (lambda given, path: ll.export(given, path / "x", to="csv"), "result"),
    "compare": (lambda given, _: ll.compare(given), "results"),
    "report": (lambda given, path: ll.report(given, path / "r.html"), "results"),
    "report of one": (lambda given, path: ll.report([given], path / "r.html"), "results"),
    "Results": (lambda given, _: ll.Results([given]), "results"),
    "solve": (lambda given, _: ll.solve(given), "scenario"),
    "sensitivity": (lambda given, _: ll.sensitivity(given), "scenario"),
    "run_ensemble": (lambda given, _: ll.run_ensemble(given), "scenario"),
    "decompose_effect": (lambda given, _: ll.decompose_effect(given, given), "before"),
    "chain": (lambda given, _: ll.chain(given, "Z1", "Z2"), "sources"),
    "abatement_curve": (lambda given, _: ll.abatement_curve(given, ["easy-gate"]), "study"),
    "domestic_demand": (lambda given, _: ll.domestic_demand(given), "study"),
    "calibrate": (lambda given, _: ll.calibrate(given), "study"),
    "fit_page": (lambda given, path: ll.fit_page(given, path / "f.html"), "study"),
    "border_page": (lambda given, path: ll.border_page(given, path / "b.html"), "facts"),
}


@pytest.mark.parametrize("call", WRONG)
@pytest.mark.parametrize("given", ["results/base", 3, None])
def test_public_functions_say_what_they_take(call: str, given: object, tmp_path: Path) -> None:
    function, name = WRONG[call]
    with pytest.raises(ll.InputError) as refused:
        function(given, tmp_path)
    (problem,) = refused.value.problems
    assert (problem.table, problem.message) == (name, f"of the kind {type(given).__name__}")
    assert problem.allowed
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({"measures": "easy-gate"}, "measures"),
        ({"measures": [3]}, "measures"),
        ({"measures": ["easy-gate"], "year": "2025"}, "year"),
        ({"measures": ["easy-gate"], "year": 2025.5}, "year"),
        ({"measures": ["easy-gate"], "rate": "x"}, "rate"),
    ],
)
def test_abatement_curves_refuse_other_kinds(study: ll.Study, given: dict[str, Any], name: str) -> None:
    with pytest.raises(ll.InputError, match=f"^{name}: of the kind "):
        ll.abatement_curve(study, **given)


@pytest.mark.parametrize(
    ("given", "name"),
    [({"options": 3}, "options"), ({"start": "x"}, "start"), ({"carbon_price": "x"}, "carbon_price")],
)
def test_solves_refuse_other_kinds(study: ll.Study, given: dict[str, Any], name: str) -> None:
    with pytest.raises(ll.InputError, match=f"^{name}: of the kind (int|str) .* allowed: "):
        ll.solve(study.at(2025), **given)


def test_names_and_years_of_other_kinds_are_unknown(study: ll.Study) -> None:
    with pytest.raises(ll.InputError, match=r"^year: of the kind str \(found '2025'\); allowed: a whole number"):
        study.at("2025")  # type: ignore[arg-type]
    with pytest.raises(ll.UnknownNameError, match=r"no such measure.*found '3'"):
        study.apply(3)  # type: ignore[arg-type]
    with pytest.raises(ll.UnknownNameError, match=r"no such scenario.*found '3'"):
        study.scenario(3)  # type: ignore[arg-type]


def test_numbers_of_other_libraries_are_numbers(pair: tuple[ll.Result, ll.Result]) -> None:
    plain = ll.appraise(*pair, rate=8, trials=5, seed=1)
    other = ll.appraise(*pair, rate=np.float64(8), trials=np.int64(5), seed=np.int64(1))  # type: ignore[arg-type]
    assert other.npv == plain.npv
    assert other.interval("npv_usd") == plain.interval("npv_usd")


def test_checks_pass_what_is_of_the_kind(pair: tuple[ll.Result, ll.Result]) -> None:
    check_kind("x", 3, (int, str), allowed="x")
    check_number("x", 3)
    check_whole("x", np.int32(3))
    assert check_results("x", iter(pair)) == list(pair)
    for wrong in (pair[0], "folder", 3):
        with pytest.raises(ll.InputError):
            check_results("x", wrong)
