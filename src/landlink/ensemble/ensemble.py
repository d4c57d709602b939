"""An ensemble: values of every indicator in each of its members, and what they say of a figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, Protocol

import numpy as np
import pandas as pd

from landlink.core.arrays import Floats
from landlink.core.currency import Currency
from landlink.core.errors import Problem, ResultError, UnknownNameError, hint
from landlink.ensemble.quantiles import INTERVAL, effective_members, quantiles
from landlink.indicators.expressions import Expression, Term, no_rate, parse_expression
from landlink.indicators.registry import INDICATORS
from landlink.results.provenance import Provenance
from landlink.tables.column import Column, Table
from landlink.tables.frames import numbers
from landlink.tables.outputs import Output

__all__ = ["Ensemble", "HasTables", "ensemble_of"]


#: Relative difference below which two figures are equal but for rounding.
_ROUNDING: Final = 1e-12


class HasTables(Protocol):
    """A result, or what a report takes for one."""

    @property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """Tables by name."""

    @property
    def provenance(self) -> Provenance:
        """What was run."""


@dataclass(frozen=True)
class Ensemble:
    """Values of indicators by member.

    Attributes
    ----------
    ids
        Members, in order.
    names
        Indicators, with their arguments.
    values
        Shape (members, indicators); NaN where nothing flows that the indicator could describe, or a time has no end.
    draws
        SHA-256 of the members' parameters.
    currency
        Currency of the study.
    """

    ids: tuple[int, ...]
    names: tuple[str, ...]
    values: Floats
    draws: str = ""
    currency: Currency = field(default_factory=Currency)

    @cached_property
    def place_of(self) -> dict[str, int]:
        """Column of each indicator."""
        return {name: place for place, name in enumerate(self.names)}

    @cached_property
    def effective(self) -> float:
        """Number of independent members that it is worth."""
        return effective_members(self.values)

    @cached_property
    def with_endless(self) -> Floats:
        """The values, times without an end being infinite; shape (members, indicators).

        A time has none where a member that knows other figures of the same place has no value of it.
        """
        values, known = self.values.copy(), ~np.isnan(self.values)
        parts = [name.partition("[")[::2] for name in self.names]
        for place, (name, arguments) in enumerate(parts):
            if name in INDICATORS and INDICATORS[name].endless:
                same = [other for other, (_, those) in enumerate(parts) if those == arguments]
                values[known[:, same].any(axis=1) & ~known[:, place], place] = np.inf
        return values

    def values_of(self, indicator: str | Expression) -> Floats:
        """Values of an indicator, or of an expression of several, by member; shape (members,).

        Infinite for a time without an end.

        Raises
        ------
        UnknownNameError
            It is no expression of indicators, or members have no value of one, such as that of an unknown place.
        """
        expression = parse_expression(indicator) if isinstance(indicator, str) else indicator
        sums = [np.sum([self._term(term, expression) for term in side], axis=0) for side in expression.sides]
        if len(sums) == 1:
            return np.asarray(sums[0], dtype=np.float64)
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(sums[1] != 0, sums[0] / sums[1], np.nan)

    def interval(self, indicator: str | Expression) -> tuple[float, float, float]:
        """P10, P50 and P90 of an indicator or an expression; see :meth:`values_of`."""
        low, median, high = quantiles(self.values_of(indicator).reshape(-1, 1)).ravel().tolist()
        return low, median, high

    def differences(self, base: Ensemble, indicator: str | Expression) -> tuple[tuple[int, ...], Floats]:
        """Differences of an expression from another scenario, member by member: the doubt that both share cancels.

        Returns
        -------
        members : tuple
            Members of both, in order.
        differences : ndarray
            Shape (members,).

        Raises
        ------
        UnknownNameError
            The ensembles are not of the same draws, or one has no such indicator.
        """
        both = self.common(base)
        after, before = (
            one.values_of(indicator)[[one.ids.index(member) for member in both]] for one in (self, base)
        )  # fmt: skip
        # What rounding makes of equal figures is no difference, nor is what ends neither before nor after.
        with np.errstate(invalid="ignore"):
            change = after - before
            same = np.abs(change) <= _ROUNDING * np.maximum(np.abs(after), np.abs(before))
        return both, np.where((same & np.isfinite(change)) | (after == before), 0.0, change)

    def rows_of(self, members: Sequence[int]) -> Floats:
        """Values of some members, shape (members, indicators)."""
        return self.values[[self.ids.index(member) for member in members]]

    def common(self, base: Ensemble) -> tuple[int, ...]:
        """Members of both, in order.

        Raises
        ------
        UnknownNameError
            The ensembles are not of the same draws.
        """
        there = set(base.ids)
        both = tuple(member for member in self.ids if member in there)
        if not both or self.draws != base.draws:
            message = "the ensembles are not of the same draws, so that members cannot be compared one by one"
            raise UnknownNameError(Problem("member", message, allowed="two scenarios of one calibrated study"))
        return both

    def _term(self, term: Term, expression: Expression) -> Floats:
        name = term.indicator.with_arguments(*term.arguments)
        place = self.place_of.get(name)
        if place is None:
            same = [known for known in self.names if known.startswith(f"{term.indicator.name}[")]
            message = "members of the ensemble have no value of this indicator"
            raise UnknownNameError(Problem("member", message + hint(name, same), value=expression.text))
        values = self.with_endless[:, place] if term.indicator.endless else self.values[:, place]
        if not term.currency:
            return values
        if term.currency != self.currency.code:
            raise UnknownNameError(no_rate(term, self.currency))
        return values * self.currency.factor(term.indicator.unit.text)


_QUANTILE: Final = Table(
    "quantile",
    "What the ensemble says of every indicator at every place: the median, and the interval that holds 80 % of it.",
    (
        Column("indicator", "text", "Indicator, with its arguments.", required=True, key=True),
        Column("unit", "text", "Unit of the values."),
        Column(
            "p10",
            "number",
            "Value that one member in ten lies below; empty if nothing flows that it could describe, or it never ends.",
        ),
        Column("p50", "number", "Median."),
        Column("p90", "number", "Value that one member in ten lies above."),
        Column("members", "integer", "Members in which the indicator has a value."),
    ),
)

_MEMBER: Final = Table(
    "member",
    "Values of every indicator at every place in each member of the ensemble.",
    (
        Column("indicator", "text", "Indicator, with its arguments.", required=True, key=True),
        Column("member", "integer", "Number of the member in the study's table `posterior`.", required=True, key=True),
        Column("value", "number", "Value; empty if nothing flows that it could describe."),
    ),
)


def _quantile_table(ensemble: Ensemble) -> pd.DataFrame:
    values = ensemble.with_endless
    # An end that is never reached is empty, as in the table of replays.
    low, median, high = (np.where(np.isposinf(end), np.nan, end) for end in quantiles(values, INTERVAL))
    return pd.DataFrame(
        {
            "indicator": pd.Series(ensemble.names, dtype="str"),
            "unit": pd.Series([parse_expression(name).unit.text for name in ensemble.names], dtype="str"),
            "p10": low,
            "p50": median,
            "p90": high,
            "members": (~np.isnan(values)).sum(axis=0).astype(np.int64),
        }
    )


def _member_table(ensemble: Ensemble) -> pd.DataFrame:
    members, count = ensemble.values.shape
    names = pd.Series(ensemble.names, dtype="str")
    return pd.DataFrame(
        {
            "indicator": names.iloc[np.repeat(np.arange(count), members)].reset_index(drop=True),
            "member": np.tile(np.array(ensemble.ids, dtype=np.int64), count),
            "value": ensemble.values.T.ravel(),
        }
    )


def ensemble_of(result: HasTables) -> Ensemble | None:
    """Read the ensemble of a result; ``None`` if it has none.

    Raises
    ------
    ResultError
        Its table of members is damaged.
    """
    run = result.provenance.ensemble
    if run is None or "member" not in result.tables:
        return None
    table = result.tables["member"]
    code, known = pd.factorize(table["indicator"])
    member = table["member"].to_numpy(dtype=np.int64)
    ids, names = pd.unique(member), tuple(map(str, known))
    whole = np.array_equal(code, np.repeat(np.arange(len(names)), len(ids)))
    if not (whole and np.array_equal(member, np.tile(ids, len(names)))):
        raise ResultError("the table member of the result is damaged: members lack indicators; run the scenario again")
    values = numbers(table, "value").reshape(len(names), len(ids)).T
    return Ensemble(
        tuple(ids.tolist()), names, np.ascontiguousarray(values), run.draws, result.provenance.presentation.money
    )


#: Tables of a result that has an ensemble.
OUTPUT_TABLES: Final = (
    Output(_QUANTILE, (Ensemble,), _quantile_table),
    Output(_MEMBER, (Ensemble,), _member_table, bulky=True),
)
