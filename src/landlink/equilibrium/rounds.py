"""How solvers tell their rounds."""

from __future__ import annotations

from landlink.core.progress import Progress, gap_share


def tell_round(
    progress: Progress | None, number: int, gap: float, target: float, *, what: str = "relative gap"
) -> None:
    """Tell a round and its gap, and how far that is on the way to the target by digits.

    Parameters
    ----------
    progress
        Who is told; nobody if ``None``.
    number
        Of the round, from 1.
    gap, target
        What was reached and what is wanted.
    what
        What the gap is called.
    """
    if progress is not None:
        progress(f"round {number}, {what} {gap:.1e}", gap_share(gap, target))
