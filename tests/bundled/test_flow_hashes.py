"""Flows keep their bytes: SHA-256 of solved cases, as they were before the package was laid out in floors.

The bytes depend on the compiler and on the mathematical functions of the platform. Where those are not the recorded
ones, sums are compared instead, within what the gap allows.
"""

from __future__ import annotations

import hashlib
import platform
import sys
import tomllib
from pathlib import Path

import numba
import numpy as np
import pytest

import landlink as ll
from tests.support.tntp import FOLDER, needs_folder

RECORDED = tomllib.loads((Path(__file__).parent / "flow_hashes.toml").read_text(encoding="utf-8"))
HERE = {
    "platform": f"{sys.platform} {platform.machine()}", "numba": numba.__version__, "numpy": np.__version__,
}  # fmt: skip
SAME_PLATFORM = RECORDED["recorded_with"] == HERE


def digest(*arrays: object) -> str:
    found = hashlib.sha256()
    for array in arrays:
        found.update(np.ascontiguousarray(array, dtype=np.float64).tobytes())
    return found.hexdigest()


def scenario_of(name: str) -> ll.Scenario:
    study = ll.open_study("china-kyrgyzstan")
    return study.apply("posts-simulated").at(2023) if name == "posts-simulated" else study.scenario(name)


@pytest.mark.slow
@pytest.mark.parametrize("name", RECORDED["scenario"])
def test_scenarios_of_the_bundled_study(name: str) -> None:
    kept, tables = RECORDED["scenario"][name], ll.solve(scenario_of(name)).tables
    flows = (
        tables["link"]["tonnes_per_year"], tables["od"]["tonnes_per_year"], tables["crossing"]["tonnes_per_year"],
        tables["group"]["load"],
    )  # fmt: skip
    if SAME_PLATFORM:
        assert digest(*flows) == kept["flows"]
        assert digest(tables["indicator"]["value"]) == kept["indicators"]
    assert [float(one.sum()) for one in flows] == pytest.approx(kept["sums"], rel=1e-4)


@needs_folder[0]
@needs_folder[1]
@pytest.mark.parametrize("name", RECORDED["network"])
def test_networks_of_the_collection(name: str) -> None:
    kept = RECORDED["network"][name]
    folder = FOLDER / kept["folder"]
    network = ll.read_tntp(folder / f"{name}_net.tntp", folder / f"{name}_trips.tntp")
    flow = ll.assign(network, gap=kept["gap"]).flow
    if SAME_PLATFORM:
        assert digest(flow) == kept["flow"]
    assert float(flow.sum()) == pytest.approx(kept["sum"], rel=1e-6)
