"""Open results and compare them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Final

import numpy as np
import pandas as pd

from landlink.core.arguments import check_kind
from landlink.results.changes import is_change, notes_of, ranked_by_change
from landlink.results.comparison import Comparison
from landlink.results.result import Result
from landlink.results.storage import read_lazily, read_result

__all__ = ["columns_of_values", "compare", "labels_of", "open_lazily", "open_result", "title_of"]

#: Longest label that names a column.
_SHORT: Final = 20
#: Measures that the title of a result without a scenario names; the rest are counted.
_NAMED: Final = 2


def open_result(path: str | Path) -> Result:
    """Open a saved result.

    Raises
    ------
    ResultError
        The folder holds no result, one of another format, or a damaged one.
    """
    tables, provenance = read_result(Path(path))
    return Result(MappingProxyType(tables), provenance)


def open_lazily(path: str | Path) -> Result:
    """Open a saved result for a few of its figures: tables are read and checked when they are first asked for.

    Raises
    ------
    ResultError
        The folder holds no result, or one of another format; later, a table that is asked for is damaged.
    """
    tables, provenance = read_lazily(Path(path))
    return Result(tables, provenance)


def compare(*results: Result) -> pd.DataFrame:
    """Indicators of several results side by side, what changed most first.

    Parameters
    ----------
    *results
        The base first, then the results to compare with it.

    Returns
    -------
    pandas.DataFrame
        Indexed by indicator: a value column for each result, ``unit``, ``note``, which says where the demand alone
        decides a figure or a result was saved without it, and for each result after the first ``change`` and
        ``change_pct`` from the first (followed by the name of its column where there are several). Values have the
        label of their result if that is short, else the scenario's id; ``table.attrs["labels"]`` holds the labels. A
        narrow terminal, which shows the first and the last columns, thus shows a value and a change.
        Of an indicator that is a change itself, as in percent of the reference, there is no relative change.
        Rows are in the order of :func:`landlink.results.changes.ranked_by_change`. A notebook shows the
        first of them, in round figures.

    Examples
    --------
    >>> import landlink as ll
    >>> ll.compare(base, plan).loc["total.mean_time_h"]  # doctest: +SKIP
    """
    if not results:
        raise ValueError("compare needs at least one result")
    for result in results:
        check_kind("results", result, Result, allowed="a result, as of solve or open_result")
    names = columns_of_values(results)
    columns = [
        r.tables["indicator"].set_index("indicator")["value"].rename(name)
        for r, name in zip(results, names, strict=True)
    ]
    table = pd.concat(columns, axis=1, sort=False)
    units = pd.concat([r.tables["indicator"].set_index("indicator")["unit"] for r in results])
    table["unit"] = units[~units.index.duplicated()].reindex(table.index)
    table["note"] = notes_of(table, names, [result.tables for result in results])
    for name in names[1:]:
        suffix = "" if len(names) == 2 else f" {name}"
        change = table[name] - table[names[0]]
        table[f"change{suffix}"] = change
        relative = (table[names[0]] != 0) & ~np.array([is_change(str(name)) for name in table.index], dtype=np.bool_)
        table[f"change_pct{suffix}"] = (100 * change / table[names[0]].abs()).where(relative)
    table = Comparison(ranked_by_change(table, names))
    table.attrs["labels"] = dict(zip(names, labels_of(results), strict=True))
    table._results = results  # noqa: SLF001
    return table


def labels_of(results: Sequence[Result]) -> list[str]:
    """Labels of results, a different one for each: titles, or the year with the titles of the measures."""
    return _distinct([title_of(result) for result in results])


def title_of(result: Result) -> str:
    """Title of a result; the year with the titles of its measures, the first two and a count, where it has none.

    Examples
    --------
    >>> title_of(solve(study.apply("railway").at(2030)))  # doctest: +SKIP
    '2030 with A railway through the gate'
    """
    run = result.provenance.run
    if not run.measures or result.label != " + ".join([str(run.year), *(measure.id for measure in run.measures)]):
        return result.label
    names = [measure.name for measure in run.measures]
    shown = names if len(names) <= _NAMED + 1 else [*names[:_NAMED], f"{len(names) - _NAMED} more measures"]
    return f"{run.year} with " + ", ".join(shown[:-1]) + (" and " if shown[:-1] else "") + shown[-1]


def columns_of_values(results: Sequence[Result]) -> list[str]:
    """Names of columns of results: the label if it is short, else the id of the scenario, so that values have room."""
    short = [
        label if len(label) <= _SHORT else result.provenance.run.scenario or label
        for label, result in zip(map(title_of, results), results, strict=True)
    ]
    return _distinct(short if len(set(short)) == len(set(labels_of(results))) else labels_of(results))


def _distinct(names: Sequence[str]) -> list[str]:
    found: list[str] = []
    for name in names:
        found.append(name if name not in found else f"{name} ({len(found) + 1})")
    return found
