"""Flows keep their bytes: SHA-256 of solved cases, as they were before the package was laid out in floors.

The bytes depend on the compiler, the processor that it compiles for, and the mathematical functions of the platform.
Where those are not the recorded ones, sums are compared instead, within what the gap allows. ``python -m
tools.flow_hashes`` records them anew.
"""

from __future__ import annotations

import hashlib
import platform
import sys
import tomllib
from pathlib import Path
from typing import Any

import numba
import numpy as np
import pytest
from llvmlite.binding import get_host_cpu_name

import landlink as ll
from tests.support.bundled import bundled_result, bundled_study
from tests.support.tntp import FOLDER, needs_folder

FILE = Path(__file__).parent / "flow_hashes.toml"
RECORDED = tomllib.loads(FILE.read_text(encoding="utf-8"))
HERE = {
    "platform": f"{sys.platform} {platform.machine()}", "processor": get_host_cpu_name(), "numba": numba.__version__,
    "numpy": np.__version__,
}  # fmt: skip
SAME_PLATFORM = RECORDED["recorded_with"] == HERE


def digest(*arrays: object) -> str:
    found = hashlib.sha256()
    for array in arrays:
        found.update(np.ascontiguousarray(array, dtype=np.float64).tobytes())
    return found.hexdigest()


def result_of(name: str) -> ll.Result:
    if name != "posts-with-fixed-times":
        return bundled_result(name)
    return ll.solve(bundled_study().apply(name).at(2023), options=ll.SolverOptions(require_convergence=True))


def digests_of_scenario(name: str) -> dict[str, Any]:
    tables = result_of(name).tables
    flows = (
        tables["link"]["tonnes_per_year"], tables["od"]["tonnes_per_year"], tables["crossing"]["tonnes_per_year"],
        tables["group"]["load"],
    )  # fmt: skip
    return {
        "flows": digest(*flows),
        "indicators": digest(tables["indicator"]["value"]),
        "sums": [float(one.sum()) for one in flows],
    }


def digest_of_network(name: str, kept: dict[str, Any]) -> dict[str, Any]:
    folder = FOLDER / kept["folder"]
    network = ll.read_tntp(folder / f"{name}_net.tntp", folder / f"{name}_trips.tntp")
    flow = ll.assign(network, gap=kept["gap"]).flow
    return {"flow": digest(flow), "sum": float(flow.sum())}


@pytest.mark.slow
@pytest.mark.parametrize("name", RECORDED["scenario"])
def test_scenarios_of_the_bundled_study(name: str) -> None:
    kept, found = RECORDED["scenario"][name], digests_of_scenario(name)
    if SAME_PLATFORM:
        assert {key: found[key] for key in ("flows", "indicators")} == {
            key: kept[key] for key in ("flows", "indicators")
        }
    assert found["sums"] == pytest.approx(kept["sums"], rel=1e-4)


@needs_folder[0]
@needs_folder[1]
@pytest.mark.parametrize("name", RECORDED["network"])
def test_networks_of_the_collection(name: str) -> None:
    kept = RECORDED["network"][name]
    found = digest_of_network(name, kept)
    if SAME_PLATFORM:
        assert found["flow"] == kept["flow"]
    assert found["sum"] == pytest.approx(kept["sum"], rel=1e-6)
