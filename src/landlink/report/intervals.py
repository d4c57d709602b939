"""Figures with their intervals, to the digits that these bear."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Self

from landlink.core.errors import UnknownNameError
from landlink.ensemble.digits import digit_place
from landlink.ensemble.quantiles import quantiles
from landlink.indicators.expressions import parse_expression
from landlink.indicators.registry import TableView
from landlink.report.view import View
from landlink.report.words import Words, round_half_up
from landlink.report.written_number import WrittenNumber

__all__ = [
    "Figure", "change_of", "changed_text", "ends_text", "figure_of", "interval_cell", "interval_text", "tonnes_at",
    "with_range", "written_to",
]  # fmt: skip


@dataclass(frozen=True)
class Figure:
    """A figure of a result.

    Attributes
    ----------
    value
        Median of the ensemble, or the value of the study as it stands.
    low, high
        Ends of the 80 % interval; NaN without an ensemble.
    unit
        Unit, in the currency of the report.
    """

    value: float
    low: float
    high: float
    unit: str

    @property
    def has_interval(self) -> bool:
        """Whether it comes from an ensemble."""
        return math.isfinite(self.low) and math.isfinite(self.high)

    @property
    def magnitude(self) -> Self:
        """The figure without its sign, where the whole interval has the same."""
        ends = sorted((abs(self.low), abs(self.high)))
        return type(self)(abs(self.value), ends[0], ends[1], self.unit)

    def in_currency(self, view: View) -> Self:
        """Convert from USD to the currency of the report."""
        factor = view.currency.factor(self.unit)
        return type(self)(self.value * factor, self.low * factor, self.high * factor, view.unit(self.unit))


def tonnes_at(view: View, crossing: str) -> str:
    """Expression of the tonnes a year at a crossing, all families."""
    table = view.table("crossing")
    families = dict.fromkeys(table.family[table.crossing_id == crossing])
    return " + ".join(f"crossing.tonnes_per_year[{crossing},{family}]" for family in families)


def figure_of(view: View, indicator: str) -> Figure:
    """An indicator or expression of a result, with its interval where the result has an ensemble."""
    expression = parse_expression(indicator)
    unit = expression.unit.text
    if view.ensemble is not None:
        try:
            low, value, high = view.ensemble.interval(expression)
        except UnknownNameError:
            # A place that the scenario does not have.
            low, value, high = math.nan, math.nan, math.nan
        if math.isfinite(value):
            return Figure(value, low, high, unit).in_currency(view)
    if indicator in view.indicators:
        value, unit = view.indicators[indicator]
        return Figure(value, math.nan, math.nan, unit)
    value = expression.value(TableView(view.result.tables, currency=view.provenance.presentation.money))
    return Figure(value, math.nan, math.nan, unit).in_currency(view)


def change_of(view: View, baseline: View, indicator: str) -> Figure | None:
    """Change of an indicator or expression from another result, member by member; ``None`` if draws are not common."""
    mine, base = view.ensemble, baseline.ensemble
    if mine is None or base is None or mine.draws != base.draws:
        return None
    try:
        changes = mine.differences(base, indicator)[1]
    except UnknownNameError:
        return None
    low, value, high = quantiles(changes.reshape(-1, 1)).ravel().tolist()
    return Figure(value, low, high, parse_expression(indicator).unit.text).in_currency(view)


def changed_text(view: View, baseline: View, indicator: str, value: float, unit: str) -> str:
    """Format a change, with its interval where both results have ensembles of the same draws, else as it is given."""
    found = change_of(view, baseline, indicator)
    if found is None or not found.has_interval:
        return view.words.rough(value, unit, signed=True)
    return interval_text(view.words, found, signed=True)


def interval_text(words: Words, figure: Figure, *, signed: bool = False, most: int | None = None) -> str:
    """Format a figure with its interval: ``11.3 Mt/year (9.9 to 12.7)``; without one, the figure alone, roughly.

    ``most`` is the number of digits of the larger end beyond which none are shown, whatever the interval bears.
    """
    if not figure.has_interval:
        return words.rough(figure.value, figure.unit, signed=signed)
    divisor, larger = words.scale_of(max(abs(figure.low), abs(figure.high)), figure.unit)
    return interval_cell(words, figure, divisor, words.unit(larger), signed=signed, most=most)


def interval_cell(
    words: Words, figure: Figure, divisor: float, unit: str = "", *, signed: bool = False, most: int | None = None
) -> str:  # fmt: skip
    """Format a figure and its interval as multiples of a divisor, followed by a unit if that is given."""
    place = digit_place(figure.low / divisor, figure.high / divisor)
    if place is None:
        # Members of an ensemble that all agree bear the usual digits; a figure without one bears fewer.
        write = words.number if figure.has_interval else words.rough_number
        text = write(figure.value / divisor, signed=signed)
        return text + f"\u00a0{unit}" if unit else text
    if most is not None:
        largest = max(abs(figure.low), abs(figure.high)) / divisor
        place = max(place, math.floor(math.log10(largest)) - most + 1)
    scaled = Figure(figure.value / divisor, figure.low / divisor, figure.high / divisor, figure.unit)
    return written_to(words, scaled, place, unit, signed=signed)


def written_to(words: Words, figure: Figure, place: int, unit: str = "", *, signed: bool = True) -> str:
    """Format a figure and its interval, if it has one, to a power of ten, followed by a unit if that is given."""
    value, low, high = (_borne(words, one, place, signed=signed) for one in (figure.value, figure.low, figure.high))
    ends = (low, high) if figure.has_interval else (value, value)
    return WrittenNumber(with_range(words, value, *ends, unit), figure.value, unit)


def with_range(words: Words, text: str, low: str, high: str, unit: str = "") -> str:
    """A figure, followed by a unit if that is given, with its interval in brackets; alone where all read the same."""
    shown = f"{text}\u00a0{unit}" if unit else text
    return shown if text == low == high else words("uncertainty.range", value=shown, low=low, high=high)


def ends_text(words: Words, low: float, high: float, unit: str) -> tuple[str, str, str]:
    """Both ends of a range as numbers in one unit, and that unit."""
    divisor, larger = words.scale_of(max(abs(low), abs(high)), unit)
    return words.rough_number(low / divisor), words.rough_number(high / divisor), words.unit(larger)


def _borne(words: Words, value: float, place: int, *, signed: bool = False) -> str:
    """Format a number to a power of ten."""
    if not math.isfinite(value):
        return words.number(value)
    return words.number(round_half_up(value, -place), decimals=max(0, -place), signed=signed)
