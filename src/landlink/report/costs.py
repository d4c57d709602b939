"""Capital cost of measures, with its quality and price year."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from landlink.report.view import View

__all__ = ["CostPart", "cost_parts", "cost_sentences", "in_force"]


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


def in_force(view: View, measures: Sequence[str]) -> list[str]:
    """Those of some measures that are in force in the year of a result; the others cost nothing in it."""
    active = {measure.id for measure in view.provenance.run.measures if measure.in_force}
    return [one for one in measures if one in active]


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
    """State what the measures in force cost, and for which of them the study states no cost."""
    active = in_force(view, measures)
    words, parts = view.words, cost_parts(view, active)
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
    known = set(view.table("measure").measure_id)
    unknown = [one for one in active if one not in priced and one in known]
    if unknown:
        found.append(words("first.cost_unknown", names=_names(view, unknown)))
    return found


def _names(view: View, measures: Sequence[str]) -> str:
    return view.words("common.list_separator").join(view.name("measure", measure) for measure in measures)
