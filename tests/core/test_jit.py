"""Kernels know whether their machine code lies on disk."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ASK = """
import numpy as np
from landlink.equilibrium.route_kernels import add_loads
from landlink.core.jit import is_compiled
before = is_compiled(add_loads)
empty = np.zeros(1, dtype=np.int64)
add_loads(0, 0, empty, empty, empty, np.zeros(1), np.zeros(1))
print(before, is_compiled(add_loads))
"""


def test_a_kernel_is_compiled_once_and_then_found(tmp_path: Path):
    run = [sys.executable, "-c", ASK]
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)}
    answers = [
        subprocess.run(run, env=environment, check=True, capture_output=True, text=True).stdout.split() for _ in "12"
    ]
    assert answers == [["False", "True"], ["True", "True"]]
