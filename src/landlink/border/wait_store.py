"""Cache of simulated waits on disk, keyed by everything that they depend on."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from pathlib import Path
from typing import Any, Final

import numpy as np

from landlink.border.bottleneck import Bottleneck
from landlink.border.load_sweep import LoadPoint
from landlink.border.pipeline import Pipeline
from landlink.border.wait_fit import WaitCurve
from landlink.border.waits import CrossingWaits, DelayCurve
from landlink.core.atomic_files import write_text
from landlink.core.cache_folder import private_folder
from landlink.core.errors import OutputError
from landlink.core.input_files import read_input
from landlink.core.version import VERSION

__all__ = ["keep_load_point", "keep_waits", "kept_load_point", "kept_waits", "wait_key"]

#: Increased whenever the simulator or the fit gives other results for the same tables.
FORMAT: Final = 4
#: Largest entry of the cache.
_MAX_BYTES: Final = 16 * 1024 * 1024


def wait_key(pipeline: Pipeline, **options: object) -> str:
    """SHA-256 of a crossing and of the options of its simulation."""
    digest = hashlib.sha256(json.dumps([FORMAT, VERSION, sorted(options.items())], default=str).encode())
    _add(digest, pipeline)
    return digest.hexdigest()


def _add(digest: Any, value: object) -> None:
    if dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            digest.update(field.name.encode())
            _add(digest, getattr(value, field.name))
    elif isinstance(value, np.ndarray):
        digest.update(f"{value.dtype}{value.shape}".encode())
        digest.update(np.ascontiguousarray(value).tobytes())
    else:
        digest.update(repr(value).encode())


def kept_waits(key: str) -> CrossingWaits | None:
    """Read the waits stored under a key; ``None`` if there are none or they cannot be read."""
    try:
        return _waits(_kept(key))
    except (OSError, OutputError, ValueError, KeyError, TypeError, RecursionError):
        return None


def keep_waits(key: str, waits: CrossingWaits) -> None:
    """Store waits under a key, if the cache can be written."""
    _keep(key, waits)


def kept_load_point(key: str) -> LoadPoint | None:
    """Read the load point stored under a key; ``None`` if there is none or it cannot be read."""
    try:
        return _load_point(_kept(key))
    except (OSError, OutputError, ValueError, KeyError, TypeError, RecursionError):
        return None


def keep_load_point(key: str, point: LoadPoint) -> None:
    """Store a load point under a key, if the cache can be written."""
    _keep(key, point)


def _kept(key: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(read_input(_file(key), most=_MAX_BYTES).decode("utf-8"))
    return found


def _file(key: str) -> Path:
    """File of a key.

    Raises
    ------
    OutputError
        The cache cannot be written, or others could have written to it.
    """
    folder, reason = private_folder("waits")
    if folder is None:
        raise OutputError(reason)
    return folder / f"{key}.json"


def _keep(key: str, value: CrossingWaits | LoadPoint) -> None:
    text = json.dumps(dataclasses.asdict(value), default=lambda array: array.tolist())
    try:
        write_text(_file(key), text)
    except OutputError:
        return


def _waits(found: dict[str, Any]) -> CrossingWaits:
    names = ("vehicles_per_day", "offset_h", "class_h", "p95_extra_h")
    arrays = {name: np.array(found[name], dtype=np.float64) for name in names}
    return CrossingWaits(
        crossing_id=found["crossing_id"],
        family=found["family"],
        classes=tuple(found["classes"]),
        delay_curves=tuple(_delay_curve(one) for one in found["delay_curves"]),
        **arrays,
    )


def _delay_curve(found: dict[str, Any]) -> DelayCurve:
    stop, curve = found["bottleneck"], found["curve"]
    return DelayCurve(
        Bottleneck(tuple(stop["directions"]), np.array(stop["weight"]), float(stop["capacity"])),
        WaitCurve(np.array(curve["load"]), np.array(curve["wait_h"])),
        tuple(_load_point(one) for one in found["points"]),
    )


def _load_point(found: dict[str, Any]) -> LoadPoint:
    load = float(found.pop("load"))
    return LoadPoint(load=load, **{name: np.array(value, dtype=np.float64) for name, value in found.items()})
