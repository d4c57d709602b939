"""Capital cost of measures, with its quality and price year."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from landlink.report.view import View

__all__ = ["CostPart", "cost_parts", "cost_sentences"]


@dataclass(frozen=True, slots=True)
class CostPart:
    """Capital cost of the measures whose rows are of one quality.

    Attributes
    ----------
    measures
        Identifiers of the measures.
    amount
        The cost with its unit.
    quality
        Quality of the rows, in words.
    years
        Years of the prices, from the first to the last; empty if none is stated.
    """

    measures: tuple[str, ...]
    amount: str
    quality: str
    years: str


def cost_parts(view: View, measures: Sequence[str]) -> list[CostPart]:
    """Capital cost of measures by quality of the rows; empty if the study states none."""
    words, frame = view.words, view.table("measure")
    priced = frame[frame.measure_id.isin(list(measures)) & frame.cost_musd.notna()]
    return [
        CostPart(
            tuple(map(str, part.measure_id)),
            view.money(float(part.cost_musd.sum()), "million USD"),
            words.get(f"quality.{quality}", str(quality)),
            _years(view, part.cost_year.tolist()),
        )
        for quality, part in priced.groupby("quality", sort=False)
    ]


def _years(view: View, given: Sequence[float]) -> str:
    known = sorted({int(year) for year in given if math.isfinite(year)})
    return "–".join(view.words.year(year) for year in dict.fromkeys((known[0], known[-1]))) if known else ""


def cost_sentences(view: View, measures: Sequence[str]) -> list[str]:
    """State what measures cost to build, and for which of them the study states no cost."""
    words, parts = view.words, cost_parts(view, measures)
    found = [
        words(
            "first.cost_year" if part.years else "first.cost",
            names=_names(view, part.measures),
            cost=part.amount,
            quality=part.quality,
            years=part.years,
        )
        for part in parts
    ]
    priced = {measure for part in parts for measure in part.measures}
    projects = view.table("measure").set_index("measure_id").kind
    unknown = [one for one in measures if one not in priced and projects.get(one, "") == "project"]
    if unknown:
        found.append(words("first.cost_unknown", names=_names(view, unknown)))
    return found


def _names(view: View, measures: Sequence[str]) -> str:
    return view.words("common.list_separator").join(view.name("measure", measure) for measure in measures)
