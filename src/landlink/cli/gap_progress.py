"""The progress line of a solve."""

from __future__ import annotations

import math
from collections.abc import Callable

from landlink.core.progress import TerminalProgress


def gap_drawer(progress: TerminalProgress, target: float) -> Callable[[int, float], None]:
    """Draw how far the gap has come on its way from 1 to the target, on the scale of its digits.

    Where nothing was ever solved the kernels are compiled first; the line says so until the first iteration.
    """
    from landlink.core.jit import is_compiled
    from landlink.equilibrium.shift_kernels import advance

    if not is_compiled(advance):
        progress("compiling the solver, once on this machine: about half a minute")

    def draw(iteration: int, gap: float) -> None:
        share = math.log(max(min(gap, 1.0), target)) / math.log(target) if gap > 0 and target < 1 else None
        progress(f"iteration {iteration}, relative gap {gap:.1e}", share)

    return draw
