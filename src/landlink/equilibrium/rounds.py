"""Progress reports of solvers by round."""

from __future__ import annotations

from landlink.core.progress import Progress, gap_share


def report_round(
    progress: Progress | None, number: int, gap: float, target: float, *, what: str = "relative gap"
) -> None:
    """Report a round, its gap, and the share done on a logarithmic scale.

    Parameters
    ----------
    progress
        Receives the report, unless it is ``None``.
    number
        Number of the round, from 1.
    gap, target
        Gap reached, and target.
    what
        Name of the gap.
    """
    if progress is not None:
        progress(f"round {number}, {what} {gap:.1e}", gap_share(gap, target))
