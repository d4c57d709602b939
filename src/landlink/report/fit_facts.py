"""What a calibration found, ready to be shown: its tables with names in the language of the reader."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from landlink.core.arrays import Floats
from landlink.report.words import Words
from landlink.tables.frames import Row, numbers, records, texts
from landlink.tables.lists import split_list

__all__ = ["Fit", "fit_of"]


@dataclass(frozen=True)
class Fit:
    """A calibration in the language of the reader.

    Attributes
    ----------
    words
        The language.
    tables
        Tables ``calibration``, ``adjustment``, ``fit`` and ``calibration_score`` of a result, with ``boundary`` and
        ``commodity`` for names.
    """

    words: Words
    tables: Mapping[str, pd.DataFrame]

    @cached_property
    def scores(self) -> dict[str, float]:
        """Quantities of the table ``calibration_score``."""
        frame = self.tables["calibration_score"]
        return dict(zip(texts(frame, "quantity"), numbers(frame, "value").tolist(), strict=True))

    def score(self, name: str) -> float:
        """A quantity; NaN if the calibration does not give it."""
        return self.scores.get(name, math.nan)

    def factor(self, name: str) -> str:
        """A quantity that is a logarithm, as a factor."""
        value = math.exp(self.score(name))
        return self.words.number(value, decimals=2 if value < 10 else 0)

    @cached_property
    def observations(self) -> pd.DataFrame:
        """Observations in the order in which they are shown, with ratios of the model to them.

        Those fitted come first, groups with the largest left-out miss first, and the largest of a group first.
        """
        frame = self.tables["fit"]
        observed = numbers(frame, "observed")
        ratios = {f"{name}_ratio": numbers(frame, name) / observed for name in _COMPARED}
        frame = frame.assign(**ratios)
        frame = frame.assign(
            inside=(numbers(frame, "held_out_p10") <= observed) & (observed <= numbers(frame, "held_out_p90")),
            miss=_miss(numbers(frame, "held_out_ratio")),
            fitted=frame["role"] == "fit",
        )
        worst = frame.groupby(["fitted", "group"])["miss"].transform("max")
        keys = {"fitted": ~frame["fitted"], "worst": -worst, "group": frame["group"], "miss": -frame["miss"]}
        order = pd.DataFrame(keys).sort_values(list(keys), kind="stable").index
        return frame.loc[order].reset_index(drop=True)

    @cached_property
    def shared_groups(self) -> frozenset[str]:
        """Groups of several observations."""
        counts = self.tables["fit"]["group"].value_counts()
        return frozenset(map(str, counts.index[counts > 1]))

    @cached_property
    def _observed(self) -> dict[str, str]:
        frame = self.tables["fit"]
        names = frame["what"] if "what" in frame else frame["observed_id"]
        return dict(zip(texts(frame, "observed_id"), map(str, names), strict=True))

    def observation(self, identifier: str) -> str:
        """What was observed."""
        return self.words.isolated(self._observed.get(identifier) or identifier)

    def observation_list(self, identifiers: str | Iterable[str]) -> str:
        """What several observations are, as one text."""
        ids = split_list(identifiers) if isinstance(identifiers, str) else identifiers
        return self.words("common.list_separator").join(self.observation(one) for one in ids)

    @cached_property
    def parameters(self) -> list[Row]:
        """Parameters, those that moved most first."""
        rows = records(self.tables["calibration"])
        return sorted(rows, key=lambda row: (-abs(row["moved"]), str(row["parameter_id"])))

    def parameter(self, row: Row) -> str:
        """Name of a parameter."""
        return self.words.isolated(self.words.name(row, "parameter_id"))

    @cached_property
    def factors(self) -> list[Row]:
        """Factors on demand, the largest change first."""
        rows = records(self.tables["adjustment"])
        return sorted(rows, key=lambda row: -abs(math.log(row["factor"])))

    @cached_property
    def _names(self) -> dict[str, dict[str, str]]:
        boundary, commodity = (self.tables.get(name, pd.DataFrame()) for name in ("boundary", "commodity"))
        return {
            "country": {str(row["country"]): self.words.country_name(row) for row in records(boundary)},
            "commodity": {str(row["commodity_id"]): self.words.name(row, "commodity_id") for row in records(commodity)},
        }

    def country(self, code: str) -> str:
        """Name of a country."""
        return self.words.isolated(self._names["country"].get(code) or self.words.country(code) or code)

    def commodity(self, identifier: str) -> str:
        """Name of a commodity."""
        return self.words.isolated(self._names["commodity"].get(identifier) or identifier)


_COMPARED = ("before", "after", "held_out", "held_out_p10", "held_out_p90")


def _miss(ratio: Floats) -> Floats:
    """Distance of ratios from 1, in logarithms; without a flow the largest of all."""
    with np.errstate(divide="ignore"):
        return np.asarray(np.abs(np.log(ratio)))


def fit_of(tables: Mapping[str, pd.DataFrame], words: Words) -> Fit | None:
    """The calibration in the tables of a result; ``None`` if its study was not calibrated."""
    if any(not len(tables.get(name, ())) for name in ("calibration_score", "fit", "calibration")):
        return None
    return Fit(words, {"adjustment": pd.DataFrame(), **tables})
