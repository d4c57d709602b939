"""Rehearsals compile what a router calls, and say what they compile."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest

import landlink.paths
from landlink.paths import rehearsals

#: Compiled when first called: large graphs, arcs without cost, sums over all paths, and what other kernels hold too.
RARE = {
    "subtrees", "has_cycle", "shortest_tree", "reached_from",
    "factorise", "hand_down", "measure", "plain_sweeps", "wide_sweeps",
}  # fmt: skip

ROUTER = """
import numpy as np
from landlink.core.compilation import announced
from landlink.paths import rehearsals
from landlink.paths.router import Router, Trips

first_out, head, tail = rehearsals._grid(20)
cost, zone = np.random.default_rng(0).random(len(head)), np.arange(150)
for one in rehearsals.for_paths(400, 150, routes=True, skims=True):
    one.play()
with announced(lambda what, done: print(what)):
    router = Router(first_out, head, tail)
    router.skim(cost, zone, zone, quantities=cost[None, :])
    router.cheapest_routes(lambda _: cost, Trips(np.zeros(150, dtype=np.int64), zone, zone[::-1]), np.full(150, np.inf))
"""


@pytest.mark.parametrize("one", rehearsals.EVERY, ids=lambda one: one.what)
def test_a_rehearsal_compiles_its_kernels(one):
    one.play()
    assert one.missing() == 0


def test_every_kernel_is_rehearsed_or_rare():
    modules = [import_module(f"landlink.paths.{each.name}") for each in iter_modules(landlink.paths.__path__)]
    kept = {
        name for module in modules if module.__name__.endswith("_kernels") for name, value in vars(module).items()
        if hasattr(value, "py_func") and not name.startswith("_")
    }  # fmt: skip
    assert kept - RARE == {kernel.py_func.__name__ for one in rehearsals.EVERY for kernel in one.kernels}


@pytest.mark.slow
def test_nothing_is_left_to_compile_after_rehearsals(tmp_path: Path):
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", ROUTER], env=environment, check=True, capture_output=True, text=True)
    assert done.stdout == ""
