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


GONE = """
import pickle, sys, types
from pathlib import Path

module = types.ModuleType("gone_module")
module.Gone = type("Gone", (), {"__module__": "gone_module"})
sys.modules["gone_module"] = module
index = Path(sys.argv[1])
with index.open("rb") as file:
    version = pickle.load(file)
with index.open("wb") as file:
    pickle.dump(version, file)
    file.write(pickle.dumps((None, {module.Gone(): "x"})))
"""


def test_a_cache_index_with_a_removed_class_counts_as_empty(tmp_path: Path) -> None:
    (tmp_path / "kernels.py").write_text(
        "from landlink.core.jit import kernel\n\n\n@kernel\ndef twice(x):\n    return 2.0 * x\n", encoding="utf-8"
    )
    environment = os.environ | {
        "NUMBA_CACHE_DIR": str(tmp_path / "cache"), "PYTHONPATH": os.pathsep.join([str(tmp_path), *sys.path]),
    }  # fmt: skip
    call = [sys.executable, "-c", "import kernels; print(kernels.twice(21.0))"]
    assert subprocess.run(call, env=environment, capture_output=True, text=True, check=True).stdout == "42.0\n"
    (index,) = (tmp_path / "cache").rglob("*.nbi")
    subprocess.run([sys.executable, "-c", GONE, str(index)], check=True)
    assert subprocess.run(call, env=environment, capture_output=True, text=True, check=True).stdout == "42.0\n"
