"""Peak memory of the process."""

from __future__ import annotations

import sys


def peak_memory_mb() -> float | None:
    """Peak memory of the process in MB; ``None`` if the platform does not report it."""
    try:
        import resource  # noqa: PLC0415  Windows has none
    except ImportError:
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (1024 * 1024 if sys.platform == "darwin" else 1024), 1)
