"""Mathematics of cash flows: present values, ratios and paybacks of arrays; knows no tables and no currency.

Amounts lie at periods of equal length, years as a rule. The last axis of every array of amounts runs over the periods;
axes before it, such as the draws of a simulation, stay. A period may be any number, so that amounts at the end of a
year, or in its middle half a year earlier, are the same formula (:func:`periods_of`):

    present value = sum over t of a[t] / (1 + rate)**t

Rates are per period, as fractions: 0.09 for 9 %. All formulas hold for rates above -1; that a rate of 0 or less is no
discount rate is for those to say who read it (:func:`check_rate`).
"""

from __future__ import annotations

import math
from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike

from landlink.appraisal.internal_rate import irr_each, irr_roots
from landlink.core.arrays import Floats
from landlink.core.errors import InputError, Problem

__all__ = [
    "annuity", "bcr", "check_rate", "equivalent_annual_cost", "first_year_return", "irr_each", "irr_roots", "npv",
    "payback", "periods_of", "perpetuity", "present_value",
]  # fmt: skip

Timing = Literal["end", "mid"]
#: How much earlier than the end of a year its amounts fall due.
_EARLIER: Final = {"end": 0.0, "mid": 0.5}


def check_rate(rate: float, what: str = "the discount rate") -> float:
    """Return a rate that can discount.

    Parameters
    ----------
    rate
        Rate per period, as a fraction.
    what
        Its name in messages.

    Raises
    ------
    InputError
        The rate is 0, -1 or below, or no number.
    """
    if not math.isfinite(rate) or rate <= -1 or rate == 0:
        raise InputError(
            Problem("", f"{what} cannot be used", value=f"{100 * rate:g} %", allowed="above -100 %, not 0")
        )
    return rate


def periods_of(years: ArrayLike, discount_year: float, timing: Timing = "end") -> Floats:
    """Periods from the end of the discount year to the amounts of each year.

    Parameters
    ----------
    years
        Calendar years, shape ``(n,)``.
    discount_year
        Year at whose end present values are taken: its own amounts, if due at its end, are not discounted.
    timing
        ``end``: the amounts of a year fall due at its end; ``mid``: in its middle, which raises every present value by
        the factor ``(1 + rate)**0.5``.

    Examples
    --------
    >>> periods_of([2025, 2026], 2023).tolist(), periods_of([2025, 2026], 2023, "mid").tolist()
    ([2.0, 3.0], [1.5, 2.5])
    """
    return np.asarray(years, dtype=np.float64) - discount_year - _EARLIER[timing]


def present_value(amounts: ArrayLike, rate: ArrayLike, periods: ArrayLike) -> Floats:
    """Present value of each amount.

    Parameters
    ----------
    amounts
        Amounts, shape ``(..., n)``.
    rate
        Discount rate per period, above -1: one, or shape ``(...)``.
    periods
        Period of each amount, shape ``(n,)``.

    Returns
    -------
    ndarray
        Shape ``(..., n)``.

    Examples
    --------
    >>> present_value([110.0, 121.0], 0.1, [1, 2]).round(9).tolist()
    [100.0, 100.0]
    """
    growth = 1 + np.asarray(rate, dtype=np.float64)[..., np.newaxis]
    return np.asarray(amounts, dtype=np.float64) * growth ** -np.asarray(periods, dtype=np.float64)


def npv(flow: ArrayLike, rate: ArrayLike, *, periods: ArrayLike | None = None) -> Floats:
    """Net present value of a flow.

    Parameters
    ----------
    flow
        Net amounts, benefits positive, shape ``(..., n)``.
    rate
        Discount rate per period, above -1: one, or shape ``(...)``.
    periods
        Period of each amount; by default 0, 1, 2 ..., so that the first is not discounted. (Spreadsheets' ``NPV``
        begins with 1.)

    Returns
    -------
    ndarray
        Shape ``(...)``.

    Examples
    --------
    >>> float(npv([-100, 60, 60], 0.1).round(6))
    4.132231
    """
    amounts = np.asarray(flow, dtype=np.float64)
    at = np.arange(amounts.shape[-1]) if periods is None else periods
    return np.asarray(present_value(amounts, rate, at).sum(axis=-1))


def annuity(rate: ArrayLike, periods: ArrayLike) -> Floats:
    """Present value of 1 at the end of each of some periods: ``(1 - (1 + rate)**-periods) / rate``.

    At a rate of 0 it is the number of periods, the limit of the formula.

    Examples
    --------
    >>> float(annuity(0.09, 30).round(6)), float(annuity(0.0, 30))
    (10.273654, 30.0)
    """
    rates, counts = np.broadcast_arrays(np.asarray(rate, dtype=np.float64), np.asarray(periods, dtype=np.float64))
    safe = np.where(rates == 0, 1.0, rates)
    # expm1 and log1p keep the digits of small rates.
    return np.where(rates == 0, counts, -np.expm1(-counts * np.log1p(safe)) / safe)


def perpetuity(rate: ArrayLike, growth: ArrayLike = 0.0) -> Floats:
    """Present value of 1 at the end of each period for ever, growing by a rate: ``1 / (rate - growth)``.

    Infinite where the growth is not below the rate.
    """
    excess = np.asarray(rate, dtype=np.float64) - np.asarray(growth, dtype=np.float64)
    return np.where(excess > 0, 1 / np.where(excess > 0, excess, 1.0), np.inf)


def equivalent_annual_cost(value: ArrayLike, rate: ArrayLike, periods: ArrayLike) -> Floats:
    """Constant amount at the end of each period with a given present value: ``value / annuity(rate, periods)``."""
    return np.asarray(value, dtype=np.float64) / annuity(rate, periods)


def bcr(
    benefits: ArrayLike, investment: ArrayLike, operation: ArrayLike = 0.0, *, net_of_operation: bool = False
) -> Floats:
    """Benefit-cost ratio of present values.

    Parameters
    ----------
    benefits
        Present value of the benefits.
    investment
        Present value of construction and renewal, less that of the residual value, as a positive number.
    operation
        Present value of operation and maintenance, as a positive number.
    net_of_operation
        Where the costs of operation stand. False, as in the guidelines of ADB and the EU: among the costs,
        ``benefits / (investment + operation)``. True: taken from the benefits, ``(benefits - operation) / investment``,
        the return on what is scarce if only the capital is. Both exceed 1 in the same cases, where the net present
        value is above 0, but rank measures differently.

    Returns
    -------
    ndarray
        NaN where the denominator is not above 0.

    Examples
    --------
    >>> float(bcr(150.0, 80.0, 20.0)), float(bcr(150.0, 80.0, 20.0, net_of_operation=True))
    (1.5, 1.625)
    """
    gains, spent, run = (np.asarray(value, dtype=np.float64) for value in (benefits, investment, operation))
    above, below = (gains - run, spent) if net_of_operation else (gains, spent + run)
    above, below = np.broadcast_arrays(above, below)
    return np.where(below > 0, above / np.where(below > 0, below, 1.0), np.nan)


def payback(flow: ArrayLike, rate: ArrayLike = 0.0, *, periods: ArrayLike | None = None) -> Floats:
    """Period in which the accumulated flow first covers what was spent.

    Parameters
    ----------
    flow
        Net amounts, shape ``(..., n)``.
    rate
        0 for the simple payback; a discount rate for the discounted one.
    periods
        Ascending period of each amount; by default 0, 1, 2 ...

    Returns
    -------
    ndarray
        Shape ``(...)``: the period, linear between two amounts as if the later came evenly over the time between them;
        that of the first amount if nothing is ever owed; NaN if it is never covered. A later renewal may bring the sum
        below 0 again; the first time counts.

    Examples
    --------
    >>> float(payback([-100, 40, 40, 40])), float(payback([-100, 40, 40, 40], 0.1))
    (2.5, nan)
    """
    amounts = np.asarray(flow, dtype=np.float64)
    at = np.arange(amounts.shape[-1], dtype=np.float64) if periods is None else np.asarray(periods, dtype=np.float64)
    total = np.cumsum(present_value(amounts, rate, at), axis=-1)
    # What is owed in full and paid back to the last digit is covered.
    owed = total < -1e-12 * np.abs(amounts).sum(axis=-1, keepdims=True)
    covered = ~owed & (np.cumsum(owed, axis=-1) > 0)
    first = np.argmax(covered, axis=-1)
    before = np.maximum(first - 1, 0)
    after, prior = (np.take_along_axis(total, place[..., np.newaxis], -1)[..., 0] for place in (first, before))
    step = np.where(after > prior, after - prior, 1.0)
    crossing = at[before] + (at[first] - at[before]) * np.clip(-prior / step, 0.0, 1.0)
    return np.where(covered.any(axis=-1), crossing, np.where(owed.any(axis=-1), np.nan, at[0]))


def first_year_return(
    benefit: ArrayLike, investment: ArrayLike, rate: float, periods: ArrayLike, opening: int
) -> Floats:
    """First-year rate of return: the net benefit of the year of opening over what was invested, with interest to then.

    Below the discount rate, the measure gains by being put off, as long as benefits grow.

    Parameters
    ----------
    benefit
        Net benefit of the first year of service.
    investment
        Amounts invested, positive, shape ``(..., n)``.
    rate
        Discount rate per period.
    periods
        Period of each amount invested, shape ``(n,)``.
    opening
        Period of the benefit.

    Examples
    --------
    >>> float(first_year_return(12.1, [50.0, 50.0], 0.1, [0, 1], 1).round(6))
    0.115238
    """
    compounded = npv(investment, rate, periods=np.asarray(periods, dtype=np.float64) - opening)
    return np.asarray(benefit, dtype=np.float64) / np.where(compounded > 0, compounded, np.nan)
