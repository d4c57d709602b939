"""Validation of a study's crossings: model predictions compared with observations."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import numpy as np
import pandas as pd

from landlink.border.pipeline_builder import crossings_with_stages
from landlink.border.predictions import Prediction, observable_of, predict
from landlink.border.simulate import interval
from landlink.core.errors import Problem, UnknownNameError, suggestion
from landlink.core.progress import Progress
from landlink.study import Study
from landlink.tables.frames import is_missing, records, texts
from landlink.tables.lists import split_list

__all__ = ["VERDICTS", "chosen_rows", "validate"]

#: What an observation says about the model.
VERDICTS: Final = ("fitted", "repeats arrivals", "inside", "outside", "no range", "no stages")
_REASONS: Final = {
    "fitted": "parameters were fitted to it",
    "repeats arrivals": "nothing limits throughput, so it equals the arrivals that the study states",
    "inside": "",
    "outside": "",
    "no range": "no range was given",
    "no stages": "one of its crossings has a fixed time",
}


def validate(
    study: Study,
    *,
    observations: Iterable[str] | None = None,
    replications: int = 10,
    seed: int = 1,
    warm_up_days: int = 28,
    threads: int | None = None,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Compare the model with the table ``observation``.

    Parameters
    ----------
    study
        The study, with measures applied.
    observations
        Identifiers of the observations; all by default.
    replications, seed, warm_up_days, threads
        As for :func:`landlink.border.predictions.predict`.
    progress
        Called after each observation.

    Returns
    -------
    DataFrame
        One row per observation: its key columns; ``value``, ``low`` and ``high`` as observed; ``model`` with a 95 %
        interval of its mean (``model_low``, ``model_high``) and ``ratio``; ``load``, the highest offered load of a
        stage in the period; ``fitted``; ``inside``, whether the model's mean lies in the observed range (missing if no
        range was given); ``verdict``, one of :data:`VERDICTS`; ``informative``, whether the model could have failed the
        comparison, and the ``reason`` if not; ``contradicted``, the observations that contradict this one.

    Raises
    ------
    UnknownNameError
        An observation is unknown.
    """
    rows = chosen_rows(study, observations)
    opposed = _opposed(study.tables["observation"])
    staged = {family: set(crossings_with_stages(study, family=family)) for family in rows["family"].unique()}
    found = []
    for number, row in enumerate(records(rows), start=1):
        prediction = None
        if set(split_list(row["crossing_id"])) <= staged[row["family"]]:
            prediction = predict(
                study,
                observable_of(row),
                replications=replications,
                seed=seed,
                warm_up_days=warm_up_days,
                threads=threads,
            )
        found.append(_compared(row, prediction) | {"contradicted": ";".join(opposed.get(row["observation_id"], ()))})
        if progress is not None:
            progress(f"observation {number} of {len(rows)}", number / len(rows))
    return pd.DataFrame(found, columns=_COLUMNS)


_COLUMNS: Final = [
    "observation_id", "crossing_id", "begins", "ends", "direction", "quantity", "stage_id", "value", "low", "high",
    "model", "model_low", "model_high", "ratio", "load", "fitted", "inside", "verdict", "informative", "reason",
    "contradicted", "quality", "source", "note",
]  # fmt: skip


def chosen_rows(study: Study, observations: Iterable[str] | None) -> pd.DataFrame:
    """Select rows of the table ``observation``, all of them for ``None``.

    Raises
    ------
    UnknownNameError
        An observation is unknown.
    """
    frame = study.tables["observation"]
    if observations is None:
        return frame
    known, chosen = texts(frame, "observation_id"), list(observations)
    if unknown := [name for name in chosen if name not in known]:
        raise UnknownNameError(
            Problem(
                "observation",
                "no such observation",
                column="observation_id",
                value=name,
                allowed=suggestion(name, known) or "a row of observation.csv",
            )
            for name in unknown
        )
    return frame[frame["observation_id"].isin(chosen)]


def _opposed(frame: pd.DataFrame) -> dict[str, list[str]]:
    """Map each observation to those that contradict it, in either direction."""
    found: dict[str, list[str]] = {}
    for name, others in frame[["observation_id", "contradicts"]].itertuples(index=False, name=None):
        for other in split_list(others):
            found.setdefault(name, []).append(other)
            found.setdefault(other, []).append(name)
    return found


def _compared(row: Any, prediction: Prediction | None) -> dict[str, Any]:
    values = np.full(1, np.nan) if prediction is None else prediction.values
    mean, low, high = (float(one) for one in interval(values))
    inside = _inside(mean, row["low"], row["high"])
    verdict = _verdict(bool(row["fitted"]), row["quantity"], prediction, inside)
    return {name: row[name] for name in _COLUMNS if name in row} | {
        "model": mean,
        "model_low": low,
        "model_high": high,
        "ratio": mean / row["value"] if row["value"] else np.nan,
        "load": np.nan if prediction is None else prediction.load,
        "inside": inside,
        "verdict": verdict,
        "informative": verdict in ("inside", "outside"),
        "reason": _REASONS[verdict],
    }


def _inside(mean: float, low: Any, high: Any) -> bool | None:
    """Whether a value lies in a range; ``None`` if there is no value or no range."""
    if np.isnan(mean) or (is_missing(low) and is_missing(high)):
        return None
    return bool((is_missing(low) or mean >= low) and (is_missing(high) or mean <= high))


def _verdict(fitted: bool, quantity: str, prediction: Prediction | None, inside: bool | None) -> str:
    if prediction is None:
        return "no stages"
    if fitted:
        return "fitted"
    if quantity == "vehicles_per_day" and prediction.repeats_arrivals:
        return "repeats arrivals"
    if inside is None:
        return "no range"
    return "inside" if inside else "outside"
