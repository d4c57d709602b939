"""How much memory this process has held."""

from __future__ import annotations

import sys


def peak_memory_mb() -> float | None:
    """Most memory the process ever held, MB; ``None`` where the platform does not tell."""
    try:
        import resource  # noqa: PLC0415  Windows has none
    except ImportError:
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (1024 * 1024 if sys.platform == "darwin" else 1024), 1)
