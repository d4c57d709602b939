"""The progress line of a solve."""

from __future__ import annotations

from landlink.core.progress import Progress


def announce_compilation(progress: Progress) -> None:
    """Say that the kernels are compiled first, where nothing was ever solved on this machine."""
    from landlink.core.jit import is_compiled
    from landlink.equilibrium.shift_kernels import advance

    if not is_compiled(advance):
        progress("compiling the solver, once on this machine: about half a minute", None)
