"""Compilation of kernels: kept in the user's cache, without the GIL and without reference counting.

A compiled function that takes arrays out of a tuple counts references to each of them with atomic instructions, which
can take longer than the work of a short loop. Kernels that create no arrays need no reference counting; without it the
sweeps of :mod:`landlink.equilibrium.shift_kernels` take a quarter of the time.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar

from numba import njit

from landlink.core.kernel_cache import kernel_cache

F = TypeVar("F", bound=Callable[..., object])

#: Division by zero gives infinity, as in numpy, which avoids a check at every division.
_OPTIONS: Final[dict[str, Any]] = {"nogil": True, "error_model": "numpy"}
_WITHOUT_COUNTING: Final[dict[str, Any]] = {"_nrt": False}
#: Without an entry point for C, which nothing calls and which takes time to compile.
_FOR_PYTHON: Final[dict[str, Any]] = {"no_cfunc_wrapper": True}
#: Kernels called only by other kernels need no cache file and no Python wrapper, which saves a sixth of compile time.
_FOR_KERNELS: Final[dict[str, Any]] = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}


def kernel(function: F) -> F:
    """Compile a function over plain arrays that creates no arrays.

    A kernel whose name begins with an underscore can only be called by other kernels of its file.
    """
    return _compiled(function, **_WITHOUT_COUNTING)


def allocating(function: F) -> F:
    """Compile a function over plain arrays that makes arrays; otherwise as :func:`kernel`."""
    return _compiled(function)


def inlined(function: F) -> F:
    """Compile a kernel that is inlined into the kernels of its file that call it, for kernels with few callers.

    A call passes each array of each tuple as seven values or more. Where tuples are large and calls short, that takes
    longer than the work: without inlining, the simulation of crossings takes twice the time.
    """
    compiled: F = njit(**_OPTIONS, **_FOR_KERNELS, **_WITHOUT_COUNTING, forceinline=True)(function)
    return compiled


def is_compiled(function: object) -> bool:
    """Whether the disk cache holds machine code of a compiled function for its current source.

    Where nothing can be kept on disk, and where numba does not allow the check, the result is True.
    """
    try:
        return bool(function._cache._cache_file._load_index())  # type: ignore[attr-defined]  # noqa: SLF001
    except (AttributeError, OSError):
        return True


def _compiled(function: F, **options: bool) -> F:
    private = function.__name__.startswith("_")
    chosen: dict[str, Any] = _OPTIONS | (_FOR_KERNELS if private else _FOR_PYTHON) | options
    compiled: F = njit(**chosen)(function)
    if not private and (cache := kernel_cache(function)) is not None:
        compiled._cache = cache  # type: ignore[attr-defined]  # noqa: SLF001  numba chooses the folder itself otherwise
    return compiled
