"""What a person reads while a solve runs."""

from __future__ import annotations

from collections.abc import Callable

from landlink.core.progress import TerminalProgress, gap_share


def say_if_compiling(progress: TerminalProgress) -> None:
    """Say that kernels are compiled first, where nothing was ever solved on this machine."""
    from landlink.core.jit import is_compiled
    from landlink.equilibrium.shift_kernels import sweep

    if not is_compiled(sweep):
        progress("compiling the solver, once on this machine: about half a minute")


def gap_drawer(progress: TerminalProgress, target: float) -> Callable[[int, float], None]:
    """Draw how far the gap has come on its way from 1 to the target."""
    say_if_compiling(progress)

    def draw(iteration: int, gap: float) -> None:
        progress(f"iteration {iteration}, relative gap {gap:.1e}", gap_share(gap, target))

    return draw
