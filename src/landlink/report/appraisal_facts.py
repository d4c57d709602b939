"""What an appraisal says, in the words, digits and currency of a report."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import pandas as pd

from landlink.appraisal.appraisal import Appraisal
from landlink.appraisal.appraise import appraise
from landlink.appraisal.headline import DIGITS
from landlink.core.errors import InputError
from landlink.report.costs import in_force
from landlink.report.intervals import Figure, interval_cell, interval_text
from landlink.report.subject import subject_of
from landlink.report.view import View
from landlink.report.words import Words
from landlink.results.result import Result
from landlink.tables.frames import numbers, texts

__all__ = ["AppraisalFacts", "appraised"]

#: Amounts are shown in millions.
_UNIT: Final = "million USD"
_MILLION: Final = 1e6
#: Draws of the inputs: enough for P10 and P90, and quick.
_TRIALS: Final = 2000


@dataclass(frozen=True)
class AppraisalFacts:
    """An appraisal beside the result that it appraises.

    Attributes
    ----------
    view
        The result with the measures, which gives names, language and currency.
    baseline
        Label of what it is compared with.
    found
        The appraisal.
    """

    view: View
    baseline: str
    found: Appraisal

    @property
    def words(self) -> Words:
        """The messages of the report's language."""
        return self.view.words

    @cached_property
    def scale(self) -> tuple[float, str]:
        """Divisor of millions and the unit in which all present values of the section are written."""
        parts = self.present_values["usd"].abs()
        largest = max(float(parts.max()), abs(self.found.npv)) / _MILLION * self._factor
        divisor, unit = self.words.scale_of(largest, self.view.unit(_UNIT))
        return divisor, self.words.unit(unit)

    @property
    def _factor(self) -> float:
        """Units of the report's currency for a USD."""
        return self.view.currency.factor(_UNIT)

    def figure(self, value: float, low: float = math.nan, high: float = math.nan) -> Figure:
        """An amount of USD in millions of the report's currency."""
        return Figure(value / _MILLION, low / _MILLION, high / _MILLION, _UNIT).in_currency(self.view)

    def money(self, value: float, low: float = math.nan, high: float = math.nan, *, signed: bool = False) -> str:
        """An amount with its unit and, where it is known, its interval."""
        return interval_text(self.words, self.figure(value, low, high), signed=signed, most=DIGITS)

    def cell(self, value: float, low: float = math.nan, high: float = math.nan, *, signed: bool = False) -> str:
        """An amount in the unit of the section, which is written beside it once."""
        figure = self.figure(value, low, high)
        return interval_cell(self.words, figure, self.scale[0], signed=signed, most=DIGITS)

    @cached_property
    def present_values(self) -> pd.DataFrame:
        """Present values by country, group and item: columns country, group, item, usd."""
        flow, by_year = self.found["flow"], self.found["by_year"]
        factor = dict(zip(by_year["year"].tolist(), numbers(by_year, "factor").tolist(), strict=True))
        present = numbers(flow, "usd") * [factor[year] for year in flow["year"].tolist()]
        sums = flow.assign(usd=present).groupby(["country", "group", "item"], sort=True)["usd"].sum()
        return sums.reset_index()

    @property
    def is_drawn(self) -> bool:
        """Whether quantities have intervals."""
        return self.found.terms.trials > 0 or self.found.terms.members > 0

    def spread(self, quantity: str) -> tuple[float, float, float]:
        """Median, P10 and P90 of a quantity of the summary; without draws its central value, and NaN."""
        quoted = self.found.headline(quantity)
        return quoted.value, quoted.low, quoted.high

    def item(self, name: str) -> str:
        """Name of an item of costs or benefits."""
        return self.words.term("appraisal_item", name)

    def group(self, name: str) -> str:
        """Name of a group that gains or pays."""
        return self.words.term("appraisal_group", name)

    def country(self, code: str) -> str:
        """Name of a country; what falls to no country is the world's."""
        return self.view.name("country", code) if code else self.words("appraisal.world")

    def input(self, name: str) -> str:
        """Name of an input that the appraisal varies."""
        plain, _, inside = name.rstrip("]").partition("[")
        if not inside:
            return self.words.term("appraisal_input", plain)
        if plain == "levy":
            return self.words.headed(self.words("appraisal_input.levy"), self.words.term("appraisal_levy", inside))
        measure, _, item = inside.partition("/")
        told = self._item_of(measure, item)
        # Of one measure there is no need to say whose cost it is, and the label fits a telephone.
        return (
            told if len(self.found.terms.measures) == 1 else self.words.headed(self.view.name("measure", measure), told)
        )

    def _item_of(self, measure: str, item: str) -> str:
        """Kind of an item of cost, and which one it is where the measure has several of the kind."""
        kind, country = self._items.get((measure, item), (item, ""))
        alike = [one for (owner, _), one in self._items.items() if owner == measure and one[0] == kind]
        if len(alike) < 2:
            return self.item(kind)
        told_apart = country and sum(one[1] == country for one in alike) == 1
        return f"{self.item(kind)} ({self.country(country) if told_apart else item})"

    @cached_property
    def _items(self) -> Mapping[tuple[str, str], tuple[str, str]]:
        """Kind and country of each item of cost, by its measure and identifier."""
        table = self.view.table("investment")
        columns = ("measure_id", "item_id", "kind", "country")
        return {
            (one[0], one[1]): (one[2], one[3]) for one in zip(*(texts(table, name) for name in columns), strict=True)
        }


def appraised(views: Sequence[View]) -> AppraisalFacts | InputError | None:
    """Appraise what a report is about against its baseline.

    Returns
    -------
    AppraisalFacts, InputError or None
        The appraisal; why there can be none, though the measures have costs; ``None`` where nothing is to appraise.
    """
    subject = subject_of(views)
    if subject.baseline is None or not _has_costs(subject.view, subject.added):
        return None
    base, plan = subject.baseline.result, subject.view.result
    if not (isinstance(base, Result) and isinstance(plan, Result)):
        return None
    try:
        return AppraisalFacts(subject.view, subject.baseline.label, appraise(base, plan, trials=_TRIALS))
    except InputError as error:
        return error


def _has_costs(view: View, measures: Sequence[str]) -> bool:
    """Whether some measures that are in force have costs."""
    stated = view.table("investment")
    known = set(stated["measure_id"].astype(str)) if len(stated) else set()
    table = view.table("measure")
    known |= set(table.loc[table["cost_musd"].notna(), "measure_id"].astype(str))
    return not known.isdisjoint(in_force(view, measures))
