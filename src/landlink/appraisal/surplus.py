r"""Users' surplus between two results, by market and by what it consists of.

A market is an origin, a destination and a commodity. Its surplus is the fall of its expected cost, the logsum of the
choice between alternatives (table ``choice``), times the mean demand on the way
(:mod:`landlink.appraisal.demand_area`). Between results of fixed demand it is exact; of elastic trade, whose demand is
exponential in the cost, exact for every consignment of one leg; of trade in general equilibrium a quadrature between
the two ends, by the elasticity that they show, since incomes and price indices shift the demand too: the exact measure
there is real income.

What the surplus consists of is a **decomposition**, never an addition: time, reliability, money, constants and
resistances of the alternatives, each followed along the straight way of the costs between both ends,

.. math:: S_{part} = \bar T \sum_o \int_0^1 p_o(\lambda)\, d\lambda \, (g^{part}_{o0} - g^{part}_{o1}), \qquad
          p_o(\lambda) \propto p_{o0}^{1 - \lambda} p_{o1}^{\lambda},

over the alternatives :math:`o` that both results have: for a logit, the shares :math:`p_o(\lambda)` are those at the
costs on the way. What is left is **variety**: the value of alternatives and routes that one of the results lacks.
All parts together are the surplus exactly.

The **rule of half** stands beside it, by alternative. It is defined for markets that have the same alternatives in both
results only (Nellthorp & Hyman 2001): an alternative that is new has no cost before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from landlink.appraisal.demand_area import Form, mean_demand
from landlink.appraisal.notes import Note
from landlink.core.arrays import Floats, Ints
from landlink.core.sums import sum_at
from landlink.results.provenance import TradeRun
from landlink.tables.frames import Tables, mapped, numbers

__all__ = ["MARKET", "PARTS", "SAME_DEMAND", "Markets", "UsersSurplus", "form_of", "paired_markets", "users_surplus"]

#: Columns that name a market.
MARKET: Final = ("origin_zone_id", "destination_zone_id", "commodity_id")
#: Parts of the surplus, in the order in which they are shown.
PARTS: Final = ("time", "reliability", "money", "resource_constant", "resistance", "variety")
#: Share of a demand up to which it counts as the same: saved tables are rounded.
SAME_DEMAND: Final = 1e-6
#: Share of a cost below which a difference is rounding.
_ROUNDING: Final = 1e-12
#: Nodes and weights of Gauss and Legendre for the way between both ends.
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(16)
_EACH: Final = {
    "reliability": "reliability_usd_per_t",
    "money": "money_usd_per_t",
    "resource_constant": "resource_constant_usd_per_t",
    "resistance": "resistance_usd_per_t",
}


@dataclass(frozen=True, eq=False)
class Markets:
    """Markets of two results, those of either in one order; NaN where a result has none.

    Attributes
    ----------
    names
        Columns origin_zone_id, destination_zone_id, commodity_id.
    tonnes
        Demand before and after, t/year, 0 where a result has none; shape (2, markets).
    cost
        Expected cost before and after, USD/t; shape (2, markets).
    """

    names: pd.DataFrame
    tonnes: Floats
    cost: Floats

    @property
    def in_both(self) -> np.ndarray:
        """Markets that both results serve, shape (markets,)."""
        return np.asarray(np.isfinite(self.cost).all(axis=0))

    @property
    def demand_change(self) -> Floats:
        """Demand after less that before, t/year; shape (markets,)."""
        return np.asarray(self.tonnes[1] - self.tonnes[0])

    @property
    def has_same_demand(self) -> bool:
        """Whether every market ships the same tonnes in both."""
        return float(np.abs(self.demand_change).sum()) <= SAME_DEMAND * float(self.tonnes[0].sum())

    def surplus(self, form: Form, price_before: Floats | None = None) -> Floats:
        """Users' surplus of each market, USD/year; 0 for a market that a result lacks; shape (markets,)."""
        return np.asarray(self.mean_tonnes(form, price_before) * self.fall)

    @property
    def fall(self) -> Floats:
        """Fall of the expected cost, USD/t; 0 for a market that a result lacks; shape (markets,)."""
        return np.where(self.in_both, _difference(self.cost), 0.0)

    def mean_tonnes(self, form: Form, price_before: Floats | None = None) -> Floats:
        """Mean demand between both ends, t/year; shape (markets,)."""
        return mean_demand(self.tonnes[0], self.tonnes[1], form, price_before=price_before, cost_change=-self.fall)


def paired_markets(before: Tables, after: Tables) -> Markets:
    """Pair the markets of two results by their names."""
    return _paired(before["choice"], after["choice"])[0]


def _paired(*tables: pd.DataFrame) -> tuple[Markets, list[Ints]]:
    """Markets of the first two tables, and the market of each row of all of them, -1 for one of neither."""
    number, names = _numbered(tables, MARKET)
    size = len(names)
    tonnes, cost = np.zeros((2, size)), np.full((2, size), np.nan)
    for side, (frame, row) in enumerate(zip(tables[:2], number[:2], strict=True)):
        tonnes[side, row] = numbers(frame, "tonnes_per_year")
        cost[side, row] = numbers(frame, "expected_cost_usd_per_t")
    return Markets(names, tonnes, cost), number


def _numbered(tables: Sequence[pd.DataFrame], columns: Sequence[str]) -> tuple[list[Ints], pd.DataFrame]:
    """Number the names in several tables alike: numbers by table, and the names in the order of first appearance."""
    code, ends = np.zeros(sum(map(len, tables)), dtype=np.int64), np.cumsum([len(one) for one in tables])[:-1]
    for name in columns:
        part, known = pd.factorize(pd.concat([one[name] for one in tables], ignore_index=True))
        code = code * max(1, len(known)) + part
    number, kept = pd.factorize(code)
    first = np.zeros(len(kept), dtype=np.int64)
    first[number[::-1]] = np.arange(len(number))[::-1]
    names = pd.concat([one[list(columns)] for one in tables], ignore_index=True).iloc[first].reset_index(drop=True)
    return np.split(number.astype(np.int64), ends), names


@dataclass(frozen=True, eq=False)
class UsersSurplus:
    """Users' surplus by market.

    Attributes
    ----------
    markets
        The markets.
    form
        Form of the demand between both ends.
    is_exact
        Whether demand has this form in the model: with fixed demand and elastic trade, not in general equilibrium.
    surplus
        Surplus of each market, USD/year; shape (markets,).
    parts
        By name of :data:`PARTS`: what the surplus consists of, USD/year; shape (markets,) each.
    half
        The rule of half by alternative, USD/year; NaN where it is not defined; shape (markets,).
    notes
        What a reader should know.
    """

    markets: Markets
    form: Form
    is_exact: bool
    surplus: Floats
    parts: Mapping[str, Floats]
    half: Floats
    notes: tuple[Note, ...] = ()

    @property
    def usd(self) -> float:
        """Surplus of all markets, USD a year."""
        return float(self.surplus.sum())

    def table(self) -> pd.DataFrame:
        """One row for each market: names, tonnes and costs of both results, surplus, its parts, the rule of half."""
        both, frame = self.markets, self.markets.names.copy()
        for side, when in enumerate(("before", "after")):
            frame[f"tonnes_{when}"] = both.tonnes[side]
            frame[f"expected_cost_{when}_usd_per_t"] = both.cost[side]
        frame["surplus_usd"] = self.surplus
        for name in PARTS:
            frame[f"{name}_usd"] = self.parts[name]
        return frame.assign(half_usd=self.half)


def form_of(runs: Sequence[TradeRun | None], *, same_demand: bool) -> tuple[Form, bool]:
    """Form of the demand between two results, and whether it is that of the model.

    Demand that differs though trade does not respond has been moved by something else, such as a measure or another
    year: a straight line stands in.
    """
    if same_demand:
        return "straight", True
    modes = {"fixed" if run is None else run.mode for run in runs}
    references = {run.reference for run in runs if run is not None}
    if len(modes) > 1 or len(references) > 1:
        return "straight", False
    return {"elastic": ("exponential", True), "general": ("constant_elasticity", False)}.get(
        modes.pop(), ("straight", False)
    )  # type: ignore[return-value]


def users_surplus(before: Tables, after: Tables, runs: Sequence[TradeRun | None] = (None, None)) -> UsersSurplus:
    """Users' surplus between two results, by market.

    Parameters
    ----------
    before, after
        Tables of both results, with ``choice``, ``od`` and ``commodity``.
    runs
        How demand responded in each.
    """
    both, (_, _, *of_od) = _paired(before["choice"], after["choice"], before["od"], after["od"])
    form, is_exact = form_of(runs, same_demand=both.has_same_demand)
    frames = before["od"], after["od"]
    price = _prices(both, before, frames[0], of_od[0]) if form == "constant_elasticity" else None
    mean = both.mean_tonnes(form, price)
    surplus = mean * both.fall
    way = _Alternatives(frames, of_od, len(surplus), before["commodity"])
    parts = {name: mean * np.where(both.in_both, fall, 0.0) for name, fall in way.falls().items()}
    parts["variety"] = surplus - np.sum([parts[name] for name in PARTS[:-1]], axis=0)
    half = np.where(both.in_both & way.is_same, way.half(), np.nan)
    notes = _notes(both, form, is_exact, half)
    return UsersSurplus(both, form, is_exact, surplus, parts, half, notes)


def _prices(both: Markets, before: Tables, od: pd.DataFrame, market: Ints) -> Floats:
    """Delivered price of each market before: value density and what transport costs as it is shipped, USD/t."""
    value = dict(zip(before["commodity"]["commodity_id"], numbers(before["commodity"], "value_usd_per_t"), strict=True))
    tonnes = numbers(od, "tonnes_per_year")
    spent = sum_at(market, tonnes * numbers(od, "generalised_cost_usd_per_t"), len(both.names))
    shipped = sum_at(market, tonnes, len(both.names))
    level = np.divide(spent, shipped, out=np.zeros(len(spent)), where=shipped > 0)
    return mapped(both.names["commodity_id"], value) + np.maximum(level, 0.0)


class _Alternatives:
    """Alternatives of markets in two results, those of either in one order."""

    def __init__(
        self, frames: Sequence[pd.DataFrame], market: Sequence[Ints], markets: int, commodity: pd.DataFrame
    ) -> None:
        keyed = [
            pd.DataFrame({"market": of, "alternative": one["alternative"].to_numpy()})
            for one, of in zip(frames, market, strict=True)
        ]
        self._rows, names = _numbered(keyed, ("market", "alternative"))
        self._market, self._markets = names["market"].to_numpy(dtype=np.int64), markets
        self._frames = frames
        self._value = dict(zip(commodity["commodity_id"], numbers(commodity, "value_of_time_usd_per_t_h"), strict=True))
        self._tonnes = self._both("tonnes_per_year", missing=0.0)
        present = self._tonnes > 0
        self._common = present.all(axis=0)
        differ = present.any(axis=0) & ~self._common
        self.is_same = np.bincount(self._market[differ], minlength=markets) == 0

    def falls(self) -> dict[str, Floats]:
        """Fall of each part of the cost on the way between both ends, USD/t; shape (markets,) each."""
        share, found = self._share_on_the_way(), {}
        for name in PARTS[:-1]:
            ends = self._time() if name == "time" else self._both(_EACH[name])
            fall = np.where(self._common, share * _difference(ends), 0.0)
            found[name] = sum_at(self._market, fall, self._markets)
        return found

    def half(self) -> Floats:
        """The rule of half over the common alternatives, USD/year; shape (markets,)."""
        cost = self._both("generalised_cost_usd_per_t")
        gain = 0.5 * self._tonnes.sum(axis=0) * (cost[0] - cost[1])
        return sum_at(self._market, np.where(self._common, gain, 0.0), self._markets)

    def _share_on_the_way(self) -> Floats:
        """Mean share of each common alternative along the way between both ends."""
        logs = np.log(np.where(self._common, self._tonnes, 1.0))
        mean = np.zeros(len(self._market))
        for node, weight in zip((_NODES + 1) / 2, _WEIGHTS / 2, strict=True):
            at = np.zeros(len(self._market))
            at[self._common] = np.exp((1 - node) * logs[0] + node * logs[1])[self._common]
            total = sum_at(self._market, at, self._markets)[self._market]
            mean += weight * np.divide(at, total, out=np.zeros(len(at)), where=total > 0)
        return mean

    def _time(self) -> Floats:
        """Value of the hours of each alternative, USD/t; shape (2, alternatives)."""
        return self._filled([numbers(one, "time_h") * self._values_of_time(one) for one in self._frames], np.nan)

    def _values_of_time(self, frame: pd.DataFrame) -> Floats:
        return mapped(frame["commodity_id"], self._value)

    def _both(self, column: str, missing: float = np.nan) -> Floats:
        return self._filled([numbers(one, column) for one in self._frames], missing)

    def _filled(self, values: Sequence[Floats], missing: float) -> Floats:
        found = np.full((2, len(self._market)), missing)
        for side, (row, one) in enumerate(zip(self._rows, values, strict=True)):
            found[side, row] = one
        return found


def _difference(ends: Floats) -> Floats:
    """First less second, where it is more than rounding; shape (2, n)."""
    found = ends[0] - ends[1]
    return np.where(np.abs(found) <= _ROUNDING * np.abs(ends).max(axis=0), 0.0, found)


def _notes(both: Markets, form: Form, is_exact: bool, half: Floats) -> tuple[Note, ...]:
    notes = []
    lone = ~both.in_both
    if lone.any():
        tonnes = np.where(lone, both.tonnes, 0.0).sum(axis=1)
        before, after = tonnes.tolist()
        notes.append(Note("one_result_only", markets=int(lone.sum()), before=before, after=after))
    if not is_exact:
        notes.append(Note("quadrature_elasticity" if form == "constant_elasticity" else "quadrature_straight"))
    undefined = both.in_both & np.isnan(half)
    if undefined.any():
        tonnes_after = float(both.tonnes[1][undefined].sum())
        notes.append(Note("half_undefined", markets=int(undefined.sum()), tonnes=tonnes_after))
    return tuple(notes)
