"""The data of a world of many sectors: shares, elasticities, tariffs and value added, checked."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self, TypeAlias

import numpy as np
import pandas as pd

from landlink.core.arrays import Bools, Floats
from landlink.core.errors import InputError, Problem
from landlink.core.problem_list import ProblemList
from landlink.tables.read import read_texts
from landlink.trade.long_tables import LINE, LongTable, Missing, framed
from landlink.trade.world_tables import (
    RATIO,
    TARIFF,
    Bound,
    cell_table,
    check_own_tariffs,
    check_value_added,
    read_cells,
    read_world,
    write_world,
)

__all__ = ["Shock", "World", "check_tariff"]

#: How far shares may be from adding to one, as rounded tables are; they are then scaled to add exactly.
_ROUNDING: Final = 1e-4
#: Lowest share of an input: tables have small negative entries where stocks fell or by-products are deducted.
_LEAST_INPUT: Final = -0.01
#: Rounds in which expenditure settles; the share of inputs in output is what each leaves.
_MOST_ROUNDS: Final = 5000

#: Tariffs or cost ratios: an array, or a long table of those that change.
Shock: TypeAlias = "Floats | LongTable"


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

    @classmethod
    def load(cls, folder: str | os.PathLike[str], *, missing: Missing = "refuse") -> Self:
        """Read a world from a folder of long tables, keyed by names; the order of rows does not matter.

        Parameters
        ----------
        folder
            Holds ``flows.csv`` (exporter, importer, sector, value; before tariffs, domestic sales included),
            ``value_added.csv`` (region, sector, share), ``inputs.csv`` (region, sector, input, share) and
            ``elasticities.csv`` (sector, theta or sigma). Also, if they are not what flows imply, ``consumption.csv``
            (region, sector, share), ``tariffs.csv`` (importer, exporter, sector, tariff) and ``regions.csv`` (region,
            value_added, deficit).
        missing
            ``zero`` if flows, inputs, tariffs and consumption that are not listed are zero; by default they are
            refused.

        Raises
        ------
        InputError
            Tables are missing, invalid or contradict each other; every problem with its row.
        """
        return cls(**read_world(folder, missing=missing))  # type: ignore[arg-type]

    def save(self, folder: str | os.PathLike[str]) -> Path:
        """Write the world as a new folder of long tables, as :meth:`load` reads them.

        Flows have the size that the accounts give them at the wages of the data; their shares are those of the world.

        Raises
        ------
        InputError
            Value added is far from what such flows pay for it.
        OutputError
            The folder is not empty or cannot be written.
        """
        at = {"region": self.regions, "sector": self.sectors}
        triples = {"importer": self.regions, "exporter": self.regions, "sector": self.sectors}
        flows = self.expenditure_share * self.base_expenditure()[:, None, :] / (1 + self.tariff)
        paid = (self.value_added_share * flows.sum(axis=0)).sum(axis=1)
        check_value_added("value_added", self.regions, self.value_added, paid)
        abroad = np.broadcast_to(~np.eye(len(self.regions), dtype=bool)[:, :, None], flows.shape)
        turned = {"region": self.regions, "sector": self.sectors, "input": self.sectors}
        regions = {"region": self.regions, "value_added": self.value_added, "deficit": self.deficit}
        tables = {
            "flows.csv": cell_table(flows, triples, "value"),
            "value_added.csv": cell_table(self.value_added_share, at, "share"),
            "inputs.csv": cell_table(self.input_share.transpose(0, 2, 1), turned, "share"),
            "consumption.csv": cell_table(self.consumption_share, at, "share"),
            "elasticities.csv": cell_table(self.theta, {"sector": self.sectors}, "theta"),
            "tariffs.csv": cell_table(self.tariff, triples, "tariff", abroad),
            "regions.csv": pd.DataFrame(regions),
        }
        return write_world(folder, tables)

    def base_expenditure(self) -> Floats:
        """Spending on each sector at the wages of the data, tariffs included; shape (regions, sectors)."""
        income = self.value_added + self.deficit
        spent = np.maximum(self.consumption_share, 1e-12) * income[:, None]
        for _ in range(_MOST_ROUNDS):
            value = self.expenditure_share * spent[:, None, :] / (1 + self.tariff)
            total = income + spent.sum(axis=1) - value.sum(axis=(1, 2))
            inputs = np.einsum("nkj,nj->nk", self.input_share, value.sum(axis=0))
            new = np.maximum(self.consumption_share * total[:, None] + inputs, 1e-12 * spent)
            settled = bool(np.abs(new - spent).max() <= 1e-13 * new.max())
            spent = new
            if settled:
                break
        return np.asarray(spent)

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


def check_tariff(world: World, tariff: Shock, name: str) -> Floats:
    """Check new tariffs, or cost ratios where ``name`` is ``cost_ratio``.

    Parameters
    ----------
    world
        The world that they are for.
    tariff
        An array of the shape of the world's tariffs; or a long table: importer, exporter, sector and tariff or change,
        of which the column sector may be left out where all sectors change alike. What is not listed stays.
    name
        ``tariff`` or ``cost_ratio``.

    Raises
    ------
    InputError
        Wrong shape, unknown names, or numbers that are not allowed.
    """
    ratio = name == "cost_ratio"
    bound = RATIO if ratio else TARIFF
    if not isinstance(tariff, np.ndarray):
        listed = _listed_shock(world, tariff, "change" if ratio else "tariff", bound)
        if not ratio:
            check_own_tariffs("tariffs", world.regions, world.sectors, listed)
        return np.where(np.isnan(listed), 1.0 if ratio else world.tariff, listed)
    values = np.array(tariff, dtype=np.float64)
    if values.shape != world.tariff.shape:
        problem = Problem(name, "wrong shape", value=str(values.shape), allowed=str(world.tariff.shape))
        raise InputError(problem)
    problems = ProblemList()
    for n, i, j in np.argwhere(bound.refuses(values)).tolist():
        row = f"{world.regions[n]} from {world.regions[i]}, {world.sectors[j]}"
        problems.add(Problem(name, "invalid value", row, "", f"{values[n, i, j]:g}", bound.words))
    _raise(problems)
    return values


def _listed_shock(world: World, table: LongTable, value: str, bound: Bound) -> Floats:
    """A long table as an array, NaN for what is not listed."""
    name = "costs" if value == "change" else "tariffs"
    if isinstance(table, str | os.PathLike):
        frame, problems = read_texts(table, os.path.basename(table))  # noqa: PTH119  may be either kind
        if problems:
            raise InputError(problems)
        table = frame.set_index(pd.RangeIndex(2, 2 + len(frame), name=LINE))
    elif not isinstance(table, pd.DataFrame):
        table = framed(table, name, ["importer", "exporter", "sector", value])
    # Rows are named in the order of the file, which is the exporter's first for trade costs.
    ends = ("exporter", "importer") if value == "change" else ("importer", "exporter")
    known = dict.fromkeys(ends, world.regions)
    if "sector" in table:
        cells = read_cells(table, name, known | {"sector": world.sectors}, value, bound, where="the world")
        return cells.swapaxes(0, 1) if value == "change" else cells
    everywhere = read_cells(table, name, known, value, bound, where="the world")
    everywhere = everywhere.T if value == "change" else everywhere
    return np.repeat(everywhere[:, :, None], len(world.sectors), axis=2)


def _raise(problems: ProblemList) -> None:
    if problems:
        raise InputError(problems.listed())
