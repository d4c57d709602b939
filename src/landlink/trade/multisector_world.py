"""The data of a world of many sectors: shares, elasticities, tariffs and value added, checked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from landlink.core.arrays import Bools, Floats
from landlink.core.errors import InputError, Problem
from landlink.core.problem_list import ProblemList

__all__ = ["World", "check_tariff"]

#: How far shares may be from adding to one, as rounded tables are; they are then scaled to add exactly.
_ROUNDING: Final = 1e-4
#: Lowest share of an input: tables have small negative entries where stocks fell or by-products are deducted.
_LEAST_INPUT: Final = -0.01


@dataclass(frozen=True, eq=False)
class World:
    """Countries with many sectors, input–output links, tariffs and trade.

    Shares that add to one but for rounding are scaled so that they do.

    Parameters
    ----------
    regions, sectors
        Names.
    expenditure_share
        Share of each origin in what a region spends on a sector, tariffs included; shape (importers, exporters,
        sectors), purchases at home included.
    tariff
        Tariffs as shares of the value before them; same shape.
    value_added_share
        Share of value added in gross output; shape (regions, sectors).
    input_share
        Share of inputs from a sector in the gross output of another; shape (regions, selling sectors, buying sectors).
        With value added they add to one; small negative ones, as for stocks that fell, are kept.
    consumption_share
        Share of each sector in final consumption; shape (regions, sectors).
    theta
        Trade elasticity of each sector: the dispersion of productivity, or the elasticity of substitution less one;
        shape (sectors,).
    value_added
        Value added of each region; shape (regions,).
    deficit
        What each region spends beyond its income, in the same unit; they add to zero; shape (regions,).

    Raises
    ------
    InputError
        Wrong shapes, negative or infinite numbers, shares that do not add to one; every problem with its place.
    """

    regions: tuple[str, ...]
    sectors: tuple[str, ...]
    expenditure_share: Floats
    tariff: Floats
    value_added_share: Floats
    input_share: Floats
    consumption_share: Floats
    theta: Floats
    value_added: Floats
    deficit: Floats

    def __post_init__(self) -> None:
        n, j = len(self.regions), len(self.sectors)
        shapes = {
            "expenditure_share": (n, n, j),
            "tariff": (n, n, j),
            "value_added_share": (n, j),
            "input_share": (n, j, j),
            "consumption_share": (n, j),
            "theta": (j,),
            "value_added": (n,),
            "deficit": (n,),
        }
        problems = ProblemList()
        for name, shape in shapes.items():
            values = np.array(getattr(self, name), dtype=np.float64)
            object.__setattr__(self, name, values)
            if values.shape != shape:
                problems.add(Problem(name, "wrong shape", value=str(values.shape), allowed=str(shape)))
        _raise(problems)
        problems.extend(self._number_problems())
        _raise(problems)
        problems.extend(self._sum_problems())
        _raise(problems)
        self._scale()

    def _number_problems(self) -> Iterator[Problem]:
        for name in ("expenditure_share", "value_added_share", "input_share", "consumption_share"):
            values, least = getattr(self, name), _LEAST_INPUT if name == "input_share" else 0.0
            yield from self._marked(name, ~((values >= least) & (values <= 1 + _ROUNDING)), "a share from 0 to 1")
        yield from self._marked("tariff", ~((self.tariff >= 0) & np.isfinite(self.tariff)), "a share, 0 or more")
        yield from self._marked("theta", ~((self.theta > 0) & np.isfinite(self.theta)), "an elasticity above 0")
        fine = (self.value_added > 0) & np.isfinite(self.value_added)
        yield from self._marked("value_added", ~fine, "a finite value above 0")
        fine = np.isfinite(self.deficit) & (self.deficit > -self.value_added)
        yield from self._marked("deficit", ~fine, "a finite value; a surplus is less than value added")

    def _sum_problems(self) -> Iterator[Problem]:
        inputs = self.value_added_share + self.input_share.sum(axis=1)
        for name, sums in (
            ("expenditure_share", self.expenditure_share.sum(axis=1)),
            ("input_share", inputs),
            ("consumption_share", self.consumption_share.sum(axis=1)),
        ):
            yield from self._marked(name, np.abs(sums - 1) > _ROUNDING, "shares that add to 1", sums)
        yield from self._marked("value_added_share", self.value_added_share <= 0, "above 0")
        gap = float(self.deficit.sum())
        if abs(gap) > 1e-6 * float(self.value_added.sum()):
            yield Problem("deficit", "deficits do not add to zero", value=f"{gap:g}", allowed="a sum of 0")

    def _marked(self, name: str, wrong: Bools, allowed: str, values: Floats | None = None) -> Iterator[Problem]:
        """Problems of an array, by the names of the regions and sectors where they are."""
        values = getattr(self, name) if values is None else values
        for place in np.argwhere(wrong).tolist():
            row = ", ".join(self._names(name, place))
            yield Problem(name, "invalid value", row, "", f"{values[tuple(place)]:g}", allowed)

    def _names(self, name: str, place: Sequence[int]) -> list[str]:
        if name == "theta":
            return [self.sectors[place[0]]]
        last = [] if name in {"value_added", "deficit"} else [self.sectors[place[-1]]]
        ahead = place[: len(place) - len(last)]
        kinds = [self.regions, self.sectors if name == "input_share" else self.regions]
        return [*(kind[i] for kind, i in zip(kinds, ahead, strict=False)), *last]

    def _scale(self) -> None:
        """Make shares add to one exactly: incomes would leak otherwise, and markets never clear."""
        inputs = self.input_share.sum(axis=1)
        left = np.maximum(1 - self.value_added_share, 0)
        scale = np.divide(left, inputs, out=np.zeros_like(left), where=inputs > 0)
        value_added_share = np.where(inputs > 0, self.value_added_share, 1.0)
        object.__setattr__(self, "input_share", self.input_share * scale[:, None, :])
        object.__setattr__(self, "value_added_share", value_added_share)
        for name in ("expenditure_share", "consumption_share"):
            values = getattr(self, name)
            object.__setattr__(self, name, values / values.sum(axis=1, keepdims=True))
        object.__setattr__(
            self, "deficit", self.deficit - self.value_added * self.deficit.sum() / self.value_added.sum()
        )


def check_tariff(world: World, tariff: Floats, name: str) -> Floats:
    """Check a table of tariffs, or of cost ratios where ``name`` is ``cost_ratio``.

    Raises
    ------
    InputError
        Wrong shape, or numbers that are not allowed.
    """
    values = np.array(tariff, dtype=np.float64)
    if values.shape != world.tariff.shape:
        problem = Problem(name, "wrong shape", value=str(values.shape), allowed=str(world.tariff.shape))
        raise InputError(problem)
    ratio = name == "cost_ratio"
    wrong = ~(np.isfinite(values) & (values > 0 if ratio else values >= 0))
    problems = ProblemList()
    allowed = "a finite ratio above 0" if ratio else "a share of the value before tariffs, 0 or more"
    for n, i, j in np.argwhere(wrong).tolist():
        row = f"{world.regions[n]} from {world.regions[i]}, {world.sectors[j]}"
        problems.add(Problem(name, "invalid value", row, "", f"{values[n, i, j]:g}", allowed))
    _raise(problems)
    return values


def _raise(problems: ProblemList) -> None:
    if problems:
        raise InputError(problems.listed())
