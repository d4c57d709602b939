"""How kernels are compiled: machine code kept on disk, other threads free to run, no counting of references.

A function that picks arrays out of a tuple counts references to each of them, with locked instructions that take longer
than the work in a short loop. A kernel that makes no array needs no counting: without it the sweeps of
:mod:`landlink.equilibrium.shift_kernels` take a quarter of the time.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar

from numba import njit

F = TypeVar("F", bound=Callable[..., object])

#: Dividing by zero gives an infinite number, as it does in numpy, rather than a question at every division.
_OPTIONS: Final[dict[str, Any]] = {"cache": True, "nogil": True, "error_model": "numpy", "_nrt": False}


def kernel(function: F) -> F:
    """Compile a function over plain arrays that makes no array of its own."""
    compiled: F = njit(**_OPTIONS)(function)
    return compiled


def is_compiled(function: object) -> bool:
    """Whether machine code of a compiled function lies on disk, made from its present source.

    Where numba does not let itself be asked, the answer is yes.
    """
    try:
        return bool(function._cache._cache_file._load_index())  # type: ignore[attr-defined]  # noqa: SLF001
    except (AttributeError, OSError):
        return True
