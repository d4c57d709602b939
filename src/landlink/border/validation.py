"""The model of a study's crossings held against what was observed there."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

import numpy as np
import pandas as pd

from landlink.border.figures import Figure, question_of, simulated
from landlink.border.pipeline_tables import crossings_with_stages
from landlink.border.simulate import interval
from landlink.core.errors import Problem, UnknownNameError, suggestion
from landlink.study import Study
from landlink.tables.lists import split_list

__all__ = ["VERDICTS", "chosen_rows", "held"]

#: What an observation says about the model.
VERDICTS: Final = ("fitted", "repeats arrivals", "inside", "outside", "no range", "no stages")
_WHY: Final = {
    "fitted": "parameters were fitted to it",
    "repeats arrivals": "nothing holds vehicles back, so what passes is what the study says comes",
    "inside": "",
    "outside": "",
    "no range": "no range was given",
    "no stages": "a crossing of it has a fixed time",
}


def held(
    study: Study,
    *,
    observations: Iterable[str] | None = None,
    replications: int = 10,
    seed: int = 1,
    warm_up_days: int = 28,
    threads: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> pd.DataFrame:
    """Hold the model against the table ``observation``.

    Parameters
    ----------
    study
        The study, with measures applied.
    observations
        Which; all where left out.
    replications, seed, warm_up_days, threads
        As for :func:`landlink.border.figures.simulated`.
    progress
        Called with observations done and wanted.

    Returns
    -------
    DataFrame
        One row an observation: its keys, ``value``, ``low`` and ``high`` as observed; ``model`` with a 95 % interval
        of its mean (``model_low``, ``model_high``) and ``ratio``; ``load``, the highest of a stage in the period;
        ``fitted``; ``inside``, whether the model's mean lies in the observed range (missing where none was given);
        ``verdict``, one of :data:`VERDICTS`; ``proves``, whether the comparison could have failed, and ``why`` not;
        ``contradicted``, the observations that it contradicts or that contradict it.

    Raises
    ------
    UnknownNameError
        An observation that the study does not have.
    """
    rows = chosen_rows(study, observations)
    opposed = _opposed(study.tables["observation"])
    staged = {family: set(crossings_with_stages(study, family=family)) for family in rows["family"].unique()}
    found = []
    for number, row in enumerate(rows.to_dict("records"), start=1):
        figure = None
        if set(split_list(row["crossing_id"])) <= staged[row["family"]]:
            figure = simulated(
                study,
                question_of(row),
                replications=replications,
                seed=seed,
                warm_up_days=warm_up_days,
                threads=threads,
            )
        found.append(_compared(row, figure) | {"contradicted": ";".join(opposed.get(row["observation_id"], ()))})
        if progress:
            progress(number, len(rows))
    return pd.DataFrame(found, columns=_COLUMNS)


_COLUMNS: Final = [
    "observation_id", "crossing_id", "begins", "ends", "direction", "quantity", "stage_id", "value", "low", "high",
    "model", "model_low", "model_high", "ratio", "load", "fitted", "inside", "verdict", "proves", "why", "contradicted",
    "quality", "source", "note",
]  # fmt: skip


def chosen_rows(study: Study, observations: Iterable[str] | None) -> pd.DataFrame:
    """Rows of the table ``observation``.

    Raises
    ------
    UnknownNameError
        Observations that the study does not have.
    """
    frame = study.tables["observation"]
    if observations is None:
        return frame
    known, wanted = list(frame["observation_id"]), list(observations)
    if unknown := [name for name in wanted if name not in known]:
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
    return frame[frame["observation_id"].isin(wanted)]


def _opposed(frame: pd.DataFrame) -> dict[str, list[str]]:
    """Observations against each other, from both sides."""
    found: dict[str, list[str]] = {}
    for name, others in frame[["observation_id", "contradicts"]].itertuples(index=False, name=None):
        for other in split_list(others):
            found.setdefault(name, []).append(other)
            found.setdefault(other, []).append(name)
    return found


def _compared(row: Any, figure: Figure | None) -> dict[str, Any]:
    values = np.full(1, np.nan) if figure is None else figure.values
    mean, low, high = (float(one) for one in interval(values))
    inside = _inside(mean, row["low"], row["high"])
    verdict = _verdict(bool(row["fitted"]), row["quantity"], figure, inside)
    return {name: row[name] for name in _COLUMNS if name in row} | {
        "model": mean,
        "model_low": low,
        "model_high": high,
        "ratio": mean / row["value"] if row["value"] else np.nan,
        "load": np.nan if figure is None else figure.load,
        "inside": inside,
        "verdict": verdict,
        "proves": verdict in ("inside", "outside"),
        "why": _WHY[verdict],
    }


def _inside(mean: float, low: Any, high: Any) -> bool | None:
    """Whether a figure lies in a range; ``None`` where there is no figure or no range."""
    if np.isnan(mean) or (pd.isna(low) and pd.isna(high)):
        return None
    return bool((pd.isna(low) or mean >= low) and (pd.isna(high) or mean <= high))


def _verdict(fitted: bool, quantity: str, figure: Figure | None, inside: bool | None) -> str:
    if figure is None:
        return "no stages"
    if fitted:
        return "fitted"
    if quantity == "vehicles_per_day" and figure.repeats_arrivals:
        return "repeats arrivals"
    if inside is None:
        return "no range"
    return "inside" if inside else "outside"
