"""What a person reads while a solve runs."""

from __future__ import annotations

from collections.abc import Callable

from landlink.core.progress import TerminalProgress, gap_share


def gap_drawer(progress: TerminalProgress, target: float) -> Callable[[int, float], None]:
    """Draw how far the gap has come on its way from 1 to the target."""

    def draw(iteration: int, gap: float) -> None:
        progress(f"iteration {iteration}, relative gap {gap:.1e}", gap_share(gap, target))

    return draw
