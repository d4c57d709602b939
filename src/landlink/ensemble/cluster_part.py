"""What a worker of a cluster does: computes some members of a run, with work that each of its threads loads once."""

from __future__ import annotations

import hashlib
import importlib.metadata
import pickle
import platform
import threading
import time
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

from landlink.core.errors import LandlinkError
from landlink.core.version import VERSION
from landlink.ensemble.members import Outcome, Work
from landlink.ensemble.worker import computed

__all__ = ["UnfitWorkerError", "computed_part", "installed", "kept"]

#: Packages on whose versions the last digits of figures, or the reading of messages, depend.
_PACKAGES: Final = ("numba", "llvmlite", "numpy", "scipy", "pandas", "pyarrow")
_PACKAGE: Final = Path(__file__).parents[1]

_loaded = threading.local()


class UnfitWorkerError(LandlinkError):
    """A worker of the cluster would not compute what this process computes."""


@cache
def installed() -> tuple[tuple[str, str], ...]:
    """Name and version of all that figures depend on, in the process that asks."""
    known = [("Python", platform.python_version()), ("landlink", VERSION), ("the code of landlink", _code())]
    return (*known, *((name, importlib.metadata.version(name)) for name in _PACKAGES))


def kept(packed: bytes) -> bytes:
    """Keep packed work on the cluster: the result of this is passed from worker to worker."""
    return packed


def computed_part(
    packed: bytes, name: str, wanted: tuple[tuple[str, str], ...], items: Sequence[Any]
) -> tuple[float, list[Outcome]]:
    """Compute some members of a run.

    Parameters
    ----------
    packed
        The work.
    name
        Its name, unique to the run; a thread loads the work when it first meets it, and drops that of earlier runs.
    wanted
        What is installed where the run is.
    items
        What the work is called with.

    Returns
    -------
    seconds : float
        How long it took.
    outcomes : list
        One for each item.

    Raises
    ------
    UnfitWorkerError
        Another version of something is installed here, or the work cannot be loaded.
    """
    work = _work(packed, name, wanted)
    began = time.perf_counter()
    outcomes = [computed(work, item) for item in items]
    return time.perf_counter() - began, outcomes


def _work(packed: bytes, name: str, wanted: tuple[tuple[str, str], ...]) -> Work:
    if getattr(_loaded, "name", None) != name:
        here = dict(installed())
        if others := [f"{what} {here[what]} instead of {version}" for what, version in wanted if here[what] != version]:
            raise UnfitWorkerError(f"a worker on {platform.node()} has {', '.join(others)}")
        _loaded.name = _loaded.work = None
        try:
            _loaded.work = pickle.loads(packed)  # noqa: S301  packed by the run, which the cluster trusts
        except Exception as error:  # noqa: BLE001  told to the run
            message = f"a worker on {platform.node()} cannot load the work: {type(error).__name__}: {error}"
            raise UnfitWorkerError(message) from None
        _loaded.name = name
    work: Work = _loaded.work
    return work


def _code() -> str:
    """Digest of the package's own code, of which two versions can have the same number."""
    digest = hashlib.sha256()
    for file in sorted(_PACKAGE.rglob("*.py"), key=lambda path: path.relative_to(_PACKAGE).parts):
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:12]
