"""The progress line of a solve."""

from __future__ import annotations

import math
from collections.abc import Callable

from landlink.core.progress import TerminalProgress


def gap_drawer(progress: TerminalProgress, target: float) -> Callable[[int, float], None]:
    """Draw how far the gap has come on its way from 1 to the target, on the scale of its digits."""

    def draw(iteration: int, gap: float) -> None:
        share = math.log(max(min(gap, 1.0), target)) / math.log(target) if gap > 0 and target < 1 else None
        progress(f"iteration {iteration}, relative gap {gap:.1e}", share)

    return draw
