"""The observations that a calibration looks at: which are fitted, which only judged by, in logarithms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from landlink.core.arrays import Bools, Floats
from landlink.core.errors import InputError, Problem
from landlink.indicators.observations import comparable, observation_weights
from landlink.study import Study
from landlink.tables.frames import numbers, texts

__all__ = ["Observations", "observations_of"]

#: Roles that are looked at: fitted, or only judged by.
ROLES: Final = ("fit", "validation")
#: Standard error of the logarithm of an observation that states none.
UNSTATED: Final = 0.3
#: Share of an observation added to it and to the model, so that nothing is still a finite distance away.
SOFTENING: Final = 0.01


@dataclass(frozen=True)
class Observations:
    """Observations that can be compared with a model year, in the order of the table.

    Attributes
    ----------
    ids, groups, roles
        Identifier, group and role of each.
    indicators
        Expression of each.
    factor
        Factor from the indicator to the unit of the observation.
    value
        Observed value, brought to the year.
    error
        Standard error of its logarithm.
    weight
        Weight: rows of a group that repeat one another share that of one.
    """

    ids: tuple[str, ...]
    groups: tuple[str, ...]
    roles: tuple[str, ...]
    indicators: tuple[str, ...]
    factor: Floats
    value: Floats
    error: Floats
    weight: Floats

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def logs(self) -> Floats:
        """Logarithms of the observed values."""
        return np.log((1 + SOFTENING) * self.value)

    @property
    def is_fitted(self) -> Bools:
        """Whether each is fitted; the others are validation."""
        return np.array([role == "fit" for role in self.roles], dtype=np.bool_)

    def log_of(self, indicators: Floats) -> Floats:
        """Logarithms of indicators, comparable with those of the observations; shape (..., observations).

        A model value of 0 is 4.6 below the observation instead of infinitely far.
        """
        return np.asarray(np.log(np.maximum(indicators * self.factor, 0.0) + SOFTENING * self.value))

    def only(self, rows: Bools) -> Observations:
        """Some of them."""
        picked = np.flatnonzero(rows)

        def some(part: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(part[i] for i in picked)

        return Observations(
            some(self.ids), some(self.groups), some(self.roles), some(self.indicators), self.factor[picked],
            self.value[picked], self.error[picked], self.weight[picked],
        )  # fmt: skip


def observations_of(study: Study, year: int) -> Observations:
    """Observations of a study that are values comparable with a year, to be fitted or to judge by.

    Raises
    ------
    InputError
        None of them is to be fitted.
    """
    frame = comparable(study.tables["observed"], year)
    usable = (frame["why_not"] == "") & frame["role"].isin(ROLES) & (frame["indicator"] != "")
    usable &= (frame["value"] > 0) & (frame["bound"] == "value")
    frame = frame[usable]
    if not (frame["role"] == "fit").any():
        message = f"no observation with the role fit can be compared with {year}"
        raise InputError(Problem("observed", message, column="role", allowed="rows with the role fit"))
    error = numbers(frame, "log_error")
    return Observations(
        tuple(texts(frame, "observed_id")), tuple(texts(frame, "group")), tuple(texts(frame, "role")),
        tuple(texts(frame, "indicator")), numbers(frame, "factor"), numbers(frame, "value"),
        np.where(np.isfinite(error), error, UNSTATED), _weights_by_role(frame),
    )  # fmt: skip


def _weights_by_role(frame: pd.DataFrame) -> Floats:
    """Weights within each role, so that an observation that is never fitted takes no weight from one that is."""
    weight = np.zeros(len(frame))
    for role in ROLES:
        rows = (frame["role"] == role).to_numpy(dtype=bool)
        weight[rows] = observation_weights(frame[rows])
    return weight
