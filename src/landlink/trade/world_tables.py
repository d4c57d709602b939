"""Worlds of many sectors as a folder of long tables, read by keys and written.

========================= ============================================= ==========================================
file                      columns                                       what
========================= ============================================= ==========================================
``flows.csv``             exporter, importer, sector, value             values before tariffs, domestic sales too
``value_added.csv``       region, sector, share                         value added per gross output
``inputs.csv``            region, sector, input, share                  inputs from a sector per gross output
``elasticities.csv``      sector, theta or sigma                        trade elasticity, or substitution
``consumption.csv``       region, sector, share                         optional: else what flows leave for it
``tariffs.csv``           importer, exporter, sector, tariff            optional: shares of the value before them
``regions.csv``           region, value_added, deficit                  optional: else what flows imply
========================= ============================================= ==========================================
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from landlink.core.arrays import Bools, Floats
from landlink.core.atomic_files import new_folder
from landlink.core.errors import InputError, Problem
from landlink.core.problem_list import ProblemList
from landlink.tables.destinations import check_new_folder
from landlink.tables.read import read_texts
from landlink.trade.long_tables import (
    LongTable,
    Missing,
    check_names,
    check_numbers,
    check_rows,
    missing_problems,
    placed,
    raise_problems,
    read_long,
)

__all__ = [
    "ANY",
    "RATIO",
    "TARIFF",
    "Bound",
    "Names",
    "cell_table",
    "check_value_added",
    "read_cells",
    "read_world",
    "write_world",
]

#: Names along each key of a table.
Names = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Bound:
    """Which numbers are allowed: finite ones, not below ``least``, nor at it where that is excluded."""

    words: str
    least: float = -np.inf
    excluded: bool = False

    def refuses(self, number: Floats) -> Bools:
        """Whether each number is not allowed."""
        low = number <= self.least if self.excluded else number < self.least
        return np.asarray(~np.isfinite(number) | low)


ANY: Final = Bound("a finite number")
RATIO: Final = Bound("a finite ratio above 0", 0.0, excluded=True)
TARIFF: Final = Bound("a share of the value before tariffs, 0 or more", 0.0)
_SHARE: Final = Bound("a share from 0 to 1", 0.0)
_NOT_NEGATIVE: Final = Bound("a finite number, 0 or more", 0.0)
#: How far value added may be from what flows and its shares imply before they contradict each other.
_CONTRADICTION: Final = 0.2
#: Lowest consumption, as a share of a region's income, that is rounding.
_ROUNDING: Final = 1e-6
#: Trade elasticities all below this are their own inverses.
_LEAST_THETA: Final = 1.0


def read_cells(
    table: LongTable, name: str, known: Names, value: str, bound: Bound = ANY, *, where: str = "the flows"
) -> Floats:
    """Read a long table as an array in the order of ``known``; NaN where a combination is not listed.

    Parameters
    ----------
    table
        The table.
    name
        Its name in messages.
    known
        Names along each axis.
    value
        Column of the number.
    bound
        Which numbers are allowed.
    where
        Where the names are known from.

    Raises
    ------
    InputError
        Unknown or blank names, duplicate rows, numbers that are not allowed.
    """
    keys = tuple(known)
    frame = read_long(table, name, keys, (value,))
    problems = ProblemList(by_column=True)
    check_rows(frame, name, keys, problems, what="combination")
    check_names(frame, name, known, problems, where=where)
    words = (f"blank {value}", f"invalid {value}", bound.words)
    check_numbers(frame, name, keys, bound.refuses(frame["number"].to_numpy()), problems, words)
    raise_problems(problems)
    return placed(frame, known)


def read_world(folder: str | os.PathLike[str], *, missing: Missing = "refuse") -> dict[str, object]:
    """Read the tables of a world as the arguments of :class:`landlink.trade.World`.

    Raises
    ------
    InputError
        A table is missing or invalid, or tables contradict each other.
    """
    if missing not in {"refuse", "zero"}:
        raise InputError(Problem("", "unknown treatment of missing flows", value=str(missing), allowed="refuse, zero"))
    place = Path(folder)
    _check_files(place)
    flows, regions, sectors = _flows(place / "flows.csv", missing)
    at = {"region": regions, "sector": sectors}
    own = read_cells(place / "value_added.csv", "value_added.csv", at, "share", _SHARE)
    # Inputs may be slightly negative, as where stocks fell; the world says how much.
    inputs = read_cells(place / "inputs.csv", "inputs.csv", at | {"input": sectors}, "share").transpose(0, 2, 1)
    triples = {"importer": regions, "exporter": regions, "sector": sectors}
    tariff = _optional(place / "tariffs.csv", triples, "tariff", TARIFF)
    consumption = _optional(place / "consumption.csv", at, "share", _SHARE)
    problems = ProblemList(by_column=True)
    abroad = np.broadcast_to(~np.eye(len(regions), dtype=bool)[:, :, None], flows.shape)
    problems.extend(missing_problems(own, "value_added.csv", at))
    if missing == "refuse":
        turned = {"region": regions, "input": sectors, "sector": sectors}
        problems.extend(missing_problems(inputs, "inputs.csv", turned))
        if tariff is not None:
            problems.extend(missing_problems(tariff, "tariffs.csv", triples, abroad))
        if consumption is not None:
            problems.extend(missing_problems(consumption, "consumption.csv", at))
    raise_problems(problems)
    duty = np.zeros_like(flows) if tariff is None else np.nan_to_num(tariff)
    check_own_tariffs("tariffs.csv", regions, sectors, duty)
    arrays = _accounts(flows, duty, own, np.nan_to_num(inputs), consumption, regions, sectors)
    arrays["theta"] = _theta(place / "elasticities.csv", sectors)
    arrays |= _given_regions(place / "regions.csv", regions, arrays)
    return {"regions": tuple(regions), "sectors": tuple(sectors), "tariff": duty, **arrays}


def _check_files(folder: Path) -> None:
    needed = ("flows.csv", "value_added.csv", "inputs.csv", "elasticities.csv")
    absent = [name for name in needed if not (folder / name).is_file()]
    if absent:
        allowed = f"a folder with {', '.join(needed)}; consumption.csv, tariffs.csv and regions.csv may be there too"
        raise InputError([Problem(name, "missing table", value=str(folder), allowed=allowed) for name in absent])


def _flows(path: Path, missing: Missing) -> tuple[Floats, list[str], list[str]]:
    """Values before tariffs, shape (importers, exporters, sectors), and the names of the world."""
    keys = ("importer", "exporter", "sector")
    frame = read_long(path, path.name, keys, ("value",))
    problems = ProblemList(by_column=True)
    check_rows(frame, path.name, keys, problems, what="combination")
    blank = frame["text"].eq("").to_numpy() & (missing == "zero")
    number = frame["number"].to_numpy()
    words = ("blank flow", "invalid flow", f"{_NOT_NEGATIVE.words}; a flow of none is written 0")
    check_numbers(frame, path.name, keys, _NOT_NEGATIVE.refuses(number) & ~blank, problems, words)
    raise_problems(problems)
    regions = sorted({*frame["importer"], *frame["exporter"]})
    sectors = sorted(set(frame["sector"]))
    known = {"importer": regions, "exporter": regions, "sector": sectors}
    flows = placed(frame, known)
    if missing == "refuse":
        problems.extend(missing_problems(flows, path.name, known))
    sold = np.nansum(flows, axis=(0, 2))
    for i in np.flatnonzero(~(sold > 0)).tolist():
        allowed = "sales of at least one sector, domestic ones included"
        problems.add(Problem(path.name, "a region that sells nothing", regions[i], "value", "0", allowed))
    raise_problems(problems)
    return np.nan_to_num(flows), regions, sectors


def _optional(path: Path, known: Names, value: str, bound: Bound) -> Floats | None:
    return read_cells(path, path.name, known, value, bound) if path.is_file() else None


def _accounts(
    flows: Floats,
    tariff: Floats,
    own: Floats,
    inputs: Floats,
    consumption: Floats | None,
    regions: Sequence[str],
    sectors: Sequence[str],
) -> dict[str, Floats]:
    """Shares, value added and deficits that flows imply."""
    bought = flows * (1 + tariff)
    spent, output = bought.sum(axis=1), flows.sum(axis=0)
    # Where nothing of a sector is bought, its shares matter to nobody.
    at_home = np.broadcast_to(np.eye(len(regions))[:, :, None], flows.shape)
    share = np.divide(bought, spent[:, None, :], out=at_home.copy(), where=spent[:, None, :] > 0)
    final = spent - np.einsum("nkj,nj->nk", inputs, output)
    if consumption is None:
        income = final.sum(axis=1, keepdims=True)
        wrong = final < -_ROUNDING * np.abs(income)
        if wrong.any() or not np.all(income > 0):
            problems = ProblemList()
            for n, k in np.argwhere(wrong | (income <= 0)).tolist():
                row = f"{regions[n]},{sectors[k]}"
                message = "sectors buy more of an input than the region buys in all"
                allowed = "0 or more left to consume"
                problems.add(Problem("inputs.csv", message, row, "share", f"{final[n, k]:g}", allowed))
            raise_problems(problems)
        consumption = np.maximum(final, 0) / np.maximum(final, 0).sum(axis=1, keepdims=True)
    return {
        "expenditure_share": share,
        "value_added_share": own,
        "input_share": inputs,
        "consumption_share": np.nan_to_num(consumption),
        "value_added": (own * output).sum(axis=1),
        "deficit": flows.sum(axis=(1, 2)) - flows.sum(axis=(0, 2)),
    }


def check_own_tariffs(table: str, regions: Sequence[str], sectors: Sequence[str], tariff: Floats) -> None:
    """Refuse tariffs of regions on what they make themselves, which would tax all their sales at home.

    Parameters
    ----------
    table
        Where they are given, for messages.
    regions, sectors
        Names.
    tariff
        NaN where none is given; shape (importers, exporters, sectors).

    Raises
    ------
    InputError
        There are some.
    """
    problems = ProblemList(by_column=True)
    for n, j in np.argwhere(np.nan_to_num(np.einsum("nnj->nj", tariff)) > 0).tolist():
        row, value = f"{regions[n]},{regions[n]},{sectors[j]}", f"{tariff[n, n, j]:g}"
        problems.add(Problem(table, "tariff of a region on its own goods", row, "tariff", value, "0, or no row"))
    raise_problems(problems)


def _theta(path: Path, sectors: Sequence[str]) -> Floats:
    known = {"sector": sectors}
    frame = read_long(path, path.name, ("sector",), ("theta", "sigma"))
    problems = ProblemList(by_column=True)
    check_rows(frame, path.name, ("sector",), problems, what="sector")
    check_names(frame, path.name, known, problems, where="the flows")
    column = str(frame["value"].iloc[0])
    least = {"theta": 0.0, "sigma": 1.0}.get(column)
    if least is None:
        allowed = "columns sector, theta or sigma"
        raise InputError(Problem(path.name, "missing column", "", "theta", column, allowed))
    number = frame["number"].to_numpy()
    allowed = f"a finite number above {least:g}: " + (
        "the trade elasticity, sigma - 1" if column == "theta" else "the elasticity of substitution, theta + 1"
    )
    wrong: Bools = ~(np.isfinite(number) & (number > least))
    check_numbers(frame, path.name, ("sector",), wrong, problems, ("blank elasticity", "invalid elasticity", allowed))
    raise_problems(problems)
    theta = placed(frame, known) - least
    problems.extend(missing_problems(theta, path.name, known))
    if not problems and float(theta.max()) < _LEAST_THETA:
        found = f"{theta.min():g} to {theta.max():g}"
        allowed = "trade elasticities, of which one at least is above 1; dispersions are their inverse, 1 / theta"
        problems.add(Problem(path.name, "elasticities that look like their inverse", "", column, found, allowed))
    raise_problems(problems)
    return theta


def _given_regions(path: Path, regions: Sequence[str], implied: Mapping[str, Floats]) -> dict[str, Floats]:
    """Value added and deficits of a table of regions, if there is one, checked against the flows."""
    if not path.is_file():
        return {}
    known = {"region": regions}
    given: dict[str, Floats] = {}
    problems = ProblemList(by_column=True)
    frame, faults = read_texts(path, path.name)
    problems.extend(faults)
    raise_problems(problems)
    for column in ("value_added", "deficit"):
        if column in frame:
            bound = _NOT_NEGATIVE if column == "value_added" else ANY
            given[column] = read_cells(path, path.name, known, column, bound)
            problems.extend(missing_problems(given[column], path.name, known))
    if not given:
        allowed = "columns region, value_added, deficit; one of the last two may be left out"
        raise InputError(Problem(path.name, "missing column", "", "value_added", ", ".join(frame.columns), allowed))
    raise_problems(problems)
    if "value_added" in given:
        check_value_added(path.name, regions, given["value_added"], implied["value_added"])
    return given


def check_value_added(table: str, regions: Sequence[str], given: Floats, paid: Floats) -> None:
    """Check that value added is near what flows and its shares in output pay for it.

    Parameters
    ----------
    table
        Where it is given, for messages.
    regions
        Names.
    given, paid
        Value added as given, and the shares of value added times sales; shape (regions,).

    Raises
    ------
    InputError
        They contradict each other.
    """
    problems = ProblemList()
    for i in np.flatnonzero(~(np.abs(given / paid - 1) <= _CONTRADICTION)).tolist():
        allowed = f"within {_CONTRADICTION:.0%} of {paid[i]:.6g}, the shares of value added times the sales"
        message = "value added contradicts the flows"
        problems.add(Problem(table, message, regions[i], "value_added", f"{given[i]:.6g}", allowed))
    raise_problems(problems)


def cell_table(array: Floats, known: Names, value: str, keep: Bools | None = None) -> pd.DataFrame:
    """Write an array as a long table, one row a cell, or a cell of those to keep."""
    places = np.indices(array.shape).reshape(array.ndim, -1)
    chosen = slice(None) if keep is None else keep.ravel()
    names = [np.array(one, dtype=object)[place[chosen]] for one, place in zip(known.values(), places, strict=True)]
    return pd.DataFrame(dict(zip(known, names, strict=True)) | {value: array.ravel()[chosen]})


def write_world(folder: str | os.PathLike[str], tables: Mapping[str, pd.DataFrame]) -> Path:
    """Write tables as a new folder of CSV files, whole or not at all.

    Raises
    ------
    OutputError
        The folder is not empty or cannot be written.
    """
    check_new_folder(folder)
    with new_folder(folder) as made:
        for name, frame in tables.items():
            frame.to_csv(made / name, index=False, lineterminator="\n")
    return Path(folder)
