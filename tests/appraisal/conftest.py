"""Results of the study of a gate, solved once for all appraisals of it."""

from __future__ import annotations

import pytest

from tests.support.gate_study import gate_results, gate_study


@pytest.fixture(scope="package")
def study(tmp_path_factory):
    return gate_study(tmp_path_factory.mktemp("gate") / "s")


@pytest.fixture(scope="package")
def pair(study):
    return gate_results(study, "easy-gate")


@pytest.fixture(scope="package")
def later(study):
    return gate_results(study, "easy-gate", year=2035)
