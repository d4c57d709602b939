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
_OPTIONS: Final[dict[str, Any]] = {"nogil": True, "error_model": "numpy"}
_WITHOUT_COUNTING: Final[dict[str, Any]] = {"_nrt": False}
#: No way in from C: nobody takes it, and it has to be compiled.
_FOR_PYTHON: Final[dict[str, Any]] = {"cache": True, "no_cfunc_wrapper": True}
#: What only kernels call is kept within their machine code: no file and no way in from Python, a sixth less to compile.
_FOR_KERNELS: Final[dict[str, Any]] = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}


def kernel(function: F) -> F:
    """Compile a function over plain arrays that makes no array of its own.

    One whose name begins with an underscore can be called by other kernels of its file alone.
    """
    return _compiled(function, **_WITHOUT_COUNTING)


def allocating(function: F) -> F:
    """Compile a function over plain arrays that makes arrays; otherwise as :func:`kernel`."""
    return _compiled(function)


def inlined(function: F) -> F:
    """Compile a kernel that other kernels of its file call, into each of them; for those called from few places.

    A call hands over each array of each tuple as seven numbers or more: where tuples are large and calls short, that
    takes longer than the work. Without it the events of a crossing take twice the time.
    """
    compiled: F = njit(**_OPTIONS, **_FOR_KERNELS, **_WITHOUT_COUNTING, forceinline=True)(function)
    return compiled


def is_compiled(function: object) -> bool:
    """Whether machine code of a compiled function lies on disk, made from its present source.

    Where numba does not let itself be asked, the answer is yes.
    """
    try:
        return bool(function._cache._cache_file._load_index())  # type: ignore[attr-defined]  # noqa: SLF001
    except (AttributeError, OSError):
        return True


def _compiled(function: F, **options: bool) -> F:
    private = function.__name__.startswith("_")
    chosen: dict[str, Any] = _OPTIONS | (_FOR_KERNELS if private else _FOR_PYTHON) | options
    compiled: F = njit(**chosen)(function)
    return compiled
