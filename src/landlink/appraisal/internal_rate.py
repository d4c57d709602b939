"""Internal rates of return: every real one, found as a root of a polynomial and verified by substitution.

With ``x = 1 / (1 + rate)`` the net present value ``sum a[t] x**t`` is a polynomial, whose roots above 0 are the rates
above -1. Rates of 0 and more are its roots in ``(0, 1]``; rates below 0 those of the reversed polynomial in
``y = 1 + rate``. Both are found in the unit interval, where powers do not overflow, between the roots of the
derivative, where the polynomial is monotonic, and these likewise, down to a derivative whose coefficients have one sign
(the rule of Descartes). So no root is missed for want of a starting value, and none depends on one.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from landlink.core.arrays import Floats, Ints
from landlink.core.errors import InputError, Problem

__all__ = ["changes_sign", "check_sign_change", "irr_each", "irr_roots"]

_EPS: Final = float(np.finfo(np.float64).eps)
#: Largest net present value at a root, over the sum of the present values' sizes.
_RESIDUAL: Final = 1e-9
_BISECTIONS: Final = 200


def irr_roots(flow: ArrayLike) -> Floats:
    """Find all real internal rates of return above -1.

    Parameters
    ----------
    flow
        Net amounts at equal intervals, shape ``(n,)``.

    Returns
    -------
    ndarray
        Rates, ascending; empty if there is none. A rate at which the net present value touches zero without a change of
        sign is among them. Rates closer than about 1e-6 may count as one.

    Notes
    -----
    There are as many as the flow has changes of sign, or fewer by an even number. With several, none of them says
    whether the project is worth its cost: the net present value does.

    Examples
    --------
    >>> irr_roots([-1000, 2500, -1540]).round(9).tolist()
    [0.1, 0.4]
    >>> irr_roots([-100, 110]).round(9).tolist(), irr_roots([100, 50]).tolist()
    ([0.1], [])
    """
    amounts = np.trim_zeros(np.asarray(flow, dtype=np.float64))
    if not changes_sign(amounts):
        return np.empty(0)
    scaled = amounts / np.abs(amounts).max()
    ahead = [1 / x - 1 for x in _unit_roots(scaled) if _is_root(scaled, x)]
    back = scaled[::-1]
    below = [y - 1 for y in _unit_roots(back) if y < 1 and _is_root(back, y)]
    return np.sort(np.array([*below, *ahead], dtype=np.float64))


def changes_sign(flow: ArrayLike) -> bool:
    """Whether a flow has amounts above and below zero, without which no rate of return exists."""
    amounts = np.asarray(flow, dtype=np.float64)
    return bool((amounts > 0).any() and (amounts < 0).any())


def check_sign_change(years: ArrayLike, flow: ArrayLike) -> None:
    """Refuse a flow that has no rate of return.

    Raises
    ------
    InputError
        All amounts have one sign; names the years and their range.
    """
    if changes_sign(flow):
        return
    amounts, span = np.asarray(flow, dtype=np.float64), np.asarray(years)
    row = f"{span[0]:g} to {span[-1]:g}" if len(span) else ""
    value = f"{amounts.min():g} to {amounts.max():g}" if len(amounts) else ""
    allowed = "years with costs and years with benefits; there is no rate of return otherwise"
    raise InputError(Problem("flow", "the cash flow does not change its sign", row, "usd", value, allowed))


def irr_each(flows: ArrayLike) -> Floats:
    """Internal rate of return of each of many flows.

    Parameters
    ----------
    flows
        Net amounts at equal intervals, shape ``(m, n)``.

    Returns
    -------
    ndarray
        Shape ``(m,)``; NaN where a flow has no rate, or several.

    Notes
    -----
    Rows for which the rule of Descartes proves one root, in the coefficients about a rate of 0, are bisected together;
    the others are left to :func:`irr_roots`.
    """
    from scipy.linalg import pascal  # noqa: PLC0415  takes long

    amounts = np.asarray(flows, dtype=np.float64)
    size = np.abs(amounts).max(axis=1, initial=0.0, keepdims=True)
    amounts = amounts / np.where(size > 0, size, 1.0)
    # Coefficients in powers of the rate: at least as many changes of sign as there are roots on that side.
    shift = np.asarray(pascal(amounts.shape[1], kind="upper", exact=True), dtype=np.float64)
    ahead, below = _sign_changes(amounts[:, ::-1], shift), _sign_changes(amounts, shift)
    found = np.full(len(amounts), np.nan)
    one = ahead + below == 1
    found[one] = _bisected(amounts[one], positive=ahead[one] == 1)
    for row in np.flatnonzero(ahead + below > 1):
        roots = irr_roots(amounts[row])
        found[row] = roots[0] if len(roots) == 1 else np.nan
    return found


def _bisected(amounts: Floats, *, positive: np.ndarray) -> Floats:
    """The one rate of each flow, above 0 or below."""
    coefficients = np.where(positive[:, np.newaxis], amounts, amounts[:, ::-1])
    low, high = np.zeros(len(amounts)), np.ones(len(amounts))
    sign_high = np.sign(_values(coefficients, high))
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        if ((middle == low) | (middle == high)).all():
            break
        upper = np.sign(_values(coefficients, middle)) == sign_high
        high, low = np.where(upper, middle, high), np.where(upper, low, middle)
    root = (low + high) / 2
    return np.where(positive, 1 / root - 1, root - 1)


def _values(coefficients: Floats, x: Floats) -> Floats:
    """Values of polynomials, one for each row, by the scheme of Horner."""
    value = np.zeros(len(coefficients))
    for column in coefficients.T[::-1]:
        value = value * x + column
    return value


def _sign_changes(amounts: Floats, shift: Floats) -> Ints:
    """Changes of sign in the shifted coefficients of each row; what is within rounding of zero counts as zero."""
    coefficients, sizes = amounts @ shift.T, np.abs(amounts) @ shift.T
    signs = np.where(np.abs(coefficients) > _EPS * amounts.shape[1] * sizes, np.sign(coefficients), 0.0)
    # Zeros take the sign before them, so that a change across zeros counts once.
    for column in range(1, signs.shape[1]):
        signs[:, column] = np.where(signs[:, column] == 0, signs[:, column - 1], signs[:, column])
    return np.asarray((signs[:, 1:] * signs[:, :-1] < 0).sum(axis=1), dtype=np.int64)


def _unit_roots(coefficients: Floats) -> list[float]:
    """Roots in ``(0, 1]`` of a polynomial with ascending coefficients, the first and last not zero."""
    derivatives = [coefficients]
    while changes_sign(derivatives[-1]):
        step = derivatives[-1][1:] * np.arange(1, len(derivatives[-1]))
        derivatives.append(step / np.abs(step).max())
    roots: list[float] = []
    for polynomial in reversed(derivatives[:-1]):
        roots = _roots_between(polynomial, [0.0, *(x for x in roots if 0 < x < 1), 1.0])
    return roots


def _roots_between(polynomial: Floats, ends: list[float]) -> list[float]:
    """Roots of a polynomial that is monotonic between neighbouring ends, the first end not among them."""
    from scipy.optimize import brentq  # noqa: PLC0415  takes long

    def value(x: float) -> float:
        return float(np.polynomial.polynomial.polyval(x, polynomial))

    powers = np.abs(polynomial)
    noise = [4 * len(polynomial) * _EPS * float(np.polynomial.polynomial.polyval(x, powers)) for x in ends]
    at = [0.0 if abs(found) <= least else found for found, least in zip(map(value, ends), noise, strict=True)]
    roots = []
    for i in range(1, len(ends)):
        if at[i - 1] * at[i] < 0:
            roots.append(float(brentq(value, ends[i - 1], ends[i], xtol=1e-300, rtol=4 * _EPS, maxiter=1000)))
        if at[i] == 0:
            roots.append(ends[i])
    return roots


def _is_root(coefficients: Floats, x: float) -> bool:
    """Whether a root holds when it is put in."""
    terms = coefficients * x ** np.arange(len(coefficients))
    return bool(abs(terms.sum()) <= _RESIDUAL * np.abs(terms).sum())
