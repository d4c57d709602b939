"""What follows from yearly flows: present values, rates of return, ratios, paybacks, switching values, the tornado."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from landlink.appraisal.cash_flow import bcr, irr_each, irr_roots, payback
from landlink.appraisal.inputs import Input, factors_of, is_cost_input
from landlink.appraisal.series import GROWTH, Evaluated, Series
from landlink.core.arrays import Floats

__all__ = ["Outcomes", "outcomes_of", "rates_note", "switching_table", "tornado_table"]

#: Switching values of a growth are looked for within these, %/year, on grids that divide one another.
_GROWTHS: Final = (-50.0, 50.0)
_GRID: Final = 65
_DIVISIONS: Final = 6


@dataclass(frozen=True, eq=False)
class Outcomes:
    """Outcomes of draws; shape (draws,) each.

    Attributes
    ----------
    npv, benefits, costs
        Present values, USD: net, of the benefits, and of the costs of the project.
    bcr
        Benefits over costs; NaN where the project costs nothing.
    eirr, firr
        Economic and financial internal rate of return, a fraction; NaN where there is none, or several.
    fnpv
        Financial net present value for those who pay, USD.
    payback
        Calendar year in which undiscounted net benefits have paid the project back; NaN if they never do.
    """

    npv: Floats
    benefits: Floats
    costs: Floats
    bcr: Floats
    eirr: Floats
    fnpv: Floats
    firr: Floats
    payback: Floats


def outcomes_of(series: Series, found: Evaluated) -> Outcomes:
    """Outcomes of evaluated draws."""
    npv, costs, fnpv = (values @ series.discount for values in (found.net, found.costs, found.financial))
    return Outcomes(
        npv,
        npv + costs,
        costs,
        bcr(npv + costs, costs),
        irr_each(found.net),
        fnpv,
        irr_each(found.financial),
        # A year's benefits come in its course: the period of a year ends with it.
        payback(found.net, periods=series.years + 1.0),
    )


def rates_note(flow: Floats, years: Floats) -> tuple[Floats, str]:
    """All internal rates of return of a flow, and what is to be said of them: nothing of one."""
    roots = irr_roots(flow)
    if len(roots) == 1:
        return roots, ""
    if len(roots):
        listed = ", ".join(f"{100 * root:.2f} %" for root in roots)
        return roots, f"several: {listed}; none of them says whether the project is worth its cost"
    if not flow.any():
        return roots, "none: costs and benefits are 0 in every year"
    sign = "costs" if (flow <= 0).all() else "benefits" if (flow >= 0).all() else ""
    return roots, f"none: there are only {sign}" if sign else f"none: no rate balances {years[0]:g} to {years[-1]:g}"


def tornado_table(series: Series, inputs: Sequence[Input]) -> pd.DataFrame:
    """Net present value with each input at its low and its high value, the widest first; those not varied left out."""
    varied = [place for place, one in enumerate(inputs) if one.is_varied]
    central = np.array([one.value for one in inputs])
    values = np.tile(central, (2 * len(varied), 1))
    for row, place in enumerate(varied):
        values[2 * row, place], values[2 * row + 1, place] = inputs[place].low, inputs[place].high
    npv = (
        (series.evaluate(factors_of(inputs, values)).net @ series.discount).reshape(-1, 2)
        if varied
        else np.zeros((0, 2))
    )
    table = pd.DataFrame(
        {
            "input": pd.Series([inputs[place].name for place in varied], dtype="str"),
            "low": [inputs[place].low for place in varied],
            "high": [inputs[place].high for place in varied],
            "npv_low_usd": npv[:, 0],
            "npv_high_usd": npv[:, 1],
        }
    )
    width = (table["npv_high_usd"] - table["npv_low_usd"]).abs()
    return table.assign(width=-width).sort_values(["width", "input"]).drop(columns="width").reset_index(drop=True)


def switching_table(series: Series, inputs: Sequence[Input]) -> pd.DataFrame:
    """Value of each input at which the net present value is 0, and its change; NaN where there is none.

    A factor moves the net present value in a straight line, so that its switching value is exact. ``all costs`` moves
    every cost of the project at once.
    """
    rows = [_switched(series, inputs, [place], one.name) for place, one in enumerate(inputs)]
    costs = [place for place, one in enumerate(inputs) if is_cost_input(one.name)]
    if len(costs) > 1:
        total = sum(inputs[place].value for place in costs)
        rows.append(("all costs", total, *_rescaled(_switched(series, inputs, costs, "all costs"), total)))
    return pd.DataFrame(rows, columns=["input", "value", "switching_value", "change_percent", "note"])


def _switched(
    series: Series, inputs: Sequence[Input], places: list[int], name: str
) -> tuple[str, float, float, float, str]:
    central = np.array([one.value for one in inputs])
    value = float(central[places[0]])

    def npv(given: Floats) -> Floats:
        """Net present values where the growth has some values, or the inputs factors of their central values."""
        moved = np.tile(factors_of(inputs, central[None]), (len(given), 1))
        moved[:, places] = given[:, None]
        return np.asarray(series.evaluate(moved).net @ series.discount)

    if name == GROWTH:
        found = _zero(npv, *_GROWTHS)
        note = "" if math.isfinite(found) else f"none between {_GROWTHS[0]:g} and {_GROWTHS[1]:g} %/year"
        return name, value, found, math.nan, note
    now, none = npv(np.array([1.0, 0.0])).tolist()
    if now == none:
        return name, value, math.nan, math.nan, "it moves nothing"
    factor = none / (none - now)
    note = "" if factor >= 0 else "below 0: the net present value keeps its sign"
    return name, value, value * factor, 100 * (factor - 1), note


def _rescaled(row: tuple[str, float, float, float, str], total: float) -> tuple[float, float, str]:
    """Switching value of several inputs together, as their sum."""
    return total * (1 + row[3] / 100), row[3], row[4]


def _zero(npv: Callable[[Floats], Floats], low: float, high: float) -> float:
    """Growth at which the net present value changes its sign; NaN if it does not.

    The first such interval of a grid is divided again and again.
    """
    for _ in range(_DIVISIONS):
        grid = np.linspace(low, high, _GRID)
        value = npv(grid)
        change = np.flatnonzero(value[:-1] * value[1:] <= 0)
        if not len(change):
            return math.nan
        low, high = float(grid[change[0]]), float(grid[change[0] + 1])
    return (low + high) / 2
