r"""Users' surplus of a market between two ends: the area under its demand function between two costs.

With demand :math:`T(c)` that falls with the expected cost :math:`c`, shippers gain :math:`\int_{c_1}^{c_0} T(c)\,dc`
when the cost falls from :math:`c_0` to :math:`c_1`: the fall of the cost times the **mean demand** on the way, which
depends on the form of the function between its two ends :math:`T_0` and :math:`T_1`.

- **Fixed** or **straight**: the mean of both ends. The area is the rule of half, exact for linear demand.
- **Exponential**, :math:`T = T_0 e^{-\beta (c - c_0)}`: the logarithmic mean,
  :math:`(T_1 - T_0) / \ln (T_1 / T_0)`.
- **Constant elasticity** in a price that contains the cost, :math:`T = T_0 (p / p_0)^{-\varepsilon}` with
  :math:`p = p_0 + c - c_0`: with :math:`q = \ln (p_1 / p_0)` and :math:`s = \ln (T_1 / T_0)`,
  :math:`T_0\, p_0\, q\, \varphi(q + s) / (c_1 - c_0)`, where :math:`\varphi(x) = (e^x - 1) / x`.

Parameters of the function need not be known: both ends lie on it.

References
----------
K. Small, H. Rosen (1981), Applied welfare economics with discrete choice models, Econometrica 49(1). J. Nellthorp,
G. Hyman (2001), Alternatives to the rule of half in matrix based appraisal, European Transport Conference. H. Williams
(1977), On the formation of travel demand models and economic evaluation measures of user benefit, Environment and
Planning A 9(3).
"""

from __future__ import annotations

from typing import Final, Literal

import numpy as np

from landlink.core.arrays import Floats

__all__ = ["FORMS", "Form", "area_under_demand", "mean_demand"]

Form = Literal["straight", "exponential", "constant_elasticity"]
#: Forms of a demand function between two ends.
FORMS: Final = ("straight", "exponential", "constant_elasticity")
#: Argument below which a series stands for a quotient that rounding spoils.
_SMALL: Final = 1e-5


def mean_demand(
    before: Floats, after: Floats, form: Form, *, price_before: Floats | None = None, cost_change: Floats | None = None
) -> Floats:
    """Mean of a demand function between two ends, over the cost.

    Parameters
    ----------
    before, after
        Demand at both ends, t/year, 0 or more; shape (markets,).
    form
        Form of the function. A demand of 0 at one end lies on no exponential or power: a straight line stands in.
    price_before
        Of a constant elasticity: the price before, in which the cost is contained, USD/t; above 0.
    cost_change
        Of a constant elasticity: the cost after less that before, USD/t. Where the price would fall to 0 or below, the
        exponential stands in.

    Returns
    -------
    numpy.ndarray
        Mean demand, t/year; shape (markets,).

    Examples
    --------
    >>> mean_demand(np.array([100.0]), np.array([200.0]), "straight").tolist()
    [150.0]
    >>> mean_demand(np.array([100.0]), np.array([200.0]), "exponential").round(3).tolist()
    [144.27]
    """
    straight = 0.5 * (before + after)
    if form == "straight":
        return np.asarray(straight)
    known = (before > 0) & (after > 0)
    log_ratio = np.log(np.where(known, after, 1.0) / np.where(known, before, 1.0))
    mean = np.where(known, before * _phi(log_ratio), straight)
    if form == "exponential" or price_before is None or cost_change is None:
        return np.asarray(mean)
    held = known & (price_before > 0) & (price_before + cost_change > 0)
    share = np.where(held, cost_change, 0.0) / np.where(held, price_before, 1.0)
    log_price = np.log1p(share)
    # q / (e^q - 1): the price's own part of the mean.
    power = before * _phi(log_price + log_ratio) / _phi(log_price)
    return np.where(held, power, mean)


def area_under_demand(
    cost_before: Floats,
    cost_after: Floats,
    before: Floats,
    after: Floats,
    form: Form,
    *,
    price_before: Floats | None = None,
) -> Floats:
    """Users' surplus: the integral of demand from the cost after to the cost before, USD a year.

    Parameters
    ----------
    cost_before, cost_after
        Expected cost at both ends, USD/t; shape (markets,).
    before, after
        Demand at both ends, t/year; shape (markets,).
    form
        Form of the demand function, see :func:`mean_demand`.
    price_before
        Of a constant elasticity: the price before, USD/t.

    Examples
    --------
    Demand of constant elasticity 1, 1000 / p: the integral from 8 to 10 is 1000 ln(10 / 8).

    >>> ends = [np.array([value]) for value in (10.0, 8.0, 100.0, 125.0)]
    >>> area_under_demand(*ends, "constant_elasticity", price_before=np.array([10.0])).round(4).tolist()
    [223.1436]
    """
    change = cost_after - cost_before
    return np.asarray(-change * mean_demand(before, after, form, price_before=price_before, cost_change=change))


def _phi(x: Floats) -> Floats:
    """The function (e^x - 1) / x, 1 at 0."""
    small = np.abs(x) < _SMALL
    return np.where(small, 1 + x / 2 + x * x / 6, np.expm1(x) / np.where(small, 1.0, x))
