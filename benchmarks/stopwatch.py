"""Time that a run spends in selected functions, regardless of how they are imported."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def stopwatch(*watched: tuple[Any, str]) -> Iterator[dict[str, float]]:
    """Measure the time spent in functions of modules or classes, including the functions they call.

    Parameters
    ----------
    *watched
        Module or class, and the name of its function.

    Yields
    ------
    dict
        Seconds by name; 0 for functions that were not called.
    """
    seconds = {name: 0.0 for _, name in watched}
    replaced: list[tuple[Any, str, Any]] = []
    for owner, name in watched:
        original = getattr(owner, name)
        timed = _timed(original, name, seconds)
        for place in [owner, *(m for key, m in list(sys.modules.items()) if key.startswith("landlink."))]:
            for known, value in list(vars(place).items()):
                if value is original:
                    replaced.append((place, known, original))
                    setattr(place, known, timed)
    try:
        yield seconds
    finally:
        for place, known, original in replaced:
            setattr(place, known, original)


def _timed(original: Callable[..., Any], name: str, seconds: dict[str, float]) -> Callable[..., Any]:
    def timed(*given: Any, **named: Any) -> Any:
        began = time.perf_counter()
        try:
            return original(*given, **named)
        finally:
            seconds[name] += time.perf_counter() - began

    return timed
