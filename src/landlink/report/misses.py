"""How far the model is from what was counted at the crossings that a report is about."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from landlink.report.effects import crossing_tonnes
from landlink.report.subject import Subject
from landlink.report.validation import observations
from landlink.report.view import View
from landlink.tables.shared_columns import FAMILIES

__all__ = ["Miss", "miss_sentence", "misses_by_crossing"]

#: Counts of traffic at one crossing, either direction or both.
_COUNT: Final = re.compile(
    r"crossing\.(tonnes_per_year|trucks_per_day|loaded_trucks_per_day|trains_per_day)\[(\w+)([^\]]*)\]"
)
#: Crossings that change most among which misses are sought, how many are told, and the factor from which they are.
_SOUGHT: Final = 6
_NAMED: Final = 2
_TOLD: Final = 1.25
#: Factor from which the row of a crossing is marked.
_MARKED: Final = 1.5
#: Families of the vehicles that an indicator counts.
_FAMILIES: Final = {"trucks_per_day": "road", "loaded_trucks_per_day": "road", "trains_per_day": "rail"}


@dataclass(frozen=True, slots=True)
class Miss:
    """The model over a count, and the year of the count; ``family`` is empty for a count of all families."""

    crossing: str
    family: str
    ratio: float
    year: int

    @property
    def size(self) -> float:
        """Distance from agreement, as a logarithm."""
        return abs(math.log(self.ratio))


def misses_by_crossing(views: Sequence[View]) -> dict[tuple[str, str], Miss]:
    """Return the worst miss of each crossing and family, where it is larger than a factor of 1.5."""
    worst: dict[tuple[str, str], Miss] = {}
    for miss in (*_compared(views), *_fitted(views[0])):
        key = (miss.crossing, miss.family)
        if miss.size > max(math.log(_MARKED), worst[key].size if key in worst else 0.0):
            worst[key] = miss
    return worst


def miss_sentence(views: Sequence[View], subject: Subject) -> str:
    """Say where the model misses what was counted most, among the crossings that the scenario changes most.

    Empty without a baseline, and where no such crossing was counted or the model agrees with the counts.
    """
    view, baseline, words = subject.view, subject.baseline, subject.view.words
    if baseline is None:
        return ""
    change = crossing_tonnes(view).sub(crossing_tonnes(baseline), fill_value=0.0).abs()
    places = {
        *map(str, change[change > 0].nlargest(_SOUGHT).index),
        *(view.changed_crossings - baseline.changed_crossings),
    }
    worst: dict[str, Miss] = {}
    for miss in (*_compared(views), *_fitted(view)):
        if miss.crossing in places and miss.size > max(math.log(_TOLD), worst.get(miss.crossing, miss).size - 1e-12):
            worst[miss.crossing] = miss
    told = sorted(worst.values(), key=lambda one: -one.size)[:_NAMED]
    if not told:
        return ""
    texts = (
        words(
            "first.miss",
            name=view.crossing_name(miss.crossing),
            factor=words.rough_number(miss.ratio),
            year=words.year(miss.year),
        )
        for miss in told
    )
    return words("first.misses", list=words("common.list_separator").join(texts))


def _compared(views: Sequence[View]) -> Iterator[Miss]:
    """Misses of observations that a result of their year is held against."""
    frame = observations(views)
    yield from _misses(frame[frame.verdict.isin(["within", "outside"])], "model", "value_in_year")


def _fitted(view: View) -> Iterator[Miss]:
    """Misses that are left in the base year after a calibration."""
    fit = view.result.tables.get("fit", pd.DataFrame())
    if not {"observed_id", "observed", "after"} <= set(fit):
        return
    kept = fit[["observed_id", "observed", "after"]]
    yield from _misses(view.table("observed").merge(kept, on="observed_id"), "after", "observed")


def _misses(frame: pd.DataFrame, model: str, observed: str) -> Iterator[Miss]:
    columns = ("indicator", "year", "bound", model, observed)
    if not set(columns) <= set(frame):
        return
    for indicator, year, bound, ours, theirs in frame[list(columns)].itertuples(index=False):
        place = _COUNT.fullmatch(str(indicator))
        if place is None or bound not in ("", "value") or pd.isna(year) or not (ours > 0 and theirs > 0):
            continue
        family = _FAMILIES.get(place[1]) or next((name for name in place[3].split(",") if name in FAMILIES), "")
        yield Miss(place[2], family, float(ours / theirs), int(year))
