"""Open results and compare them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import MappingProxyType

import pandas as pd

from landlink.results.result import Result
from landlink.results.storage import read_result

__all__ = ["compare", "labels_of", "open_result"]


def open_result(path: str | Path) -> Result:
    """Open a saved result.

    Raises
    ------
    ResultError
        The folder holds no result, one of another format, or a damaged one.
    """
    tables, provenance = read_result(Path(path))
    return Result(MappingProxyType(tables), provenance)


def compare(*results: Result) -> pd.DataFrame:
    """Indicators of several results side by side.

    Parameters
    ----------
    *results
        The base first, then the results to compare with it.

    Returns
    -------
    pandas.DataFrame
        Indexed by indicator: ``unit``, a value column for each result named by its label, and for each after the first
        ``change`` and ``change_pct`` from the first (followed by the label where there are several).
    """
    if not results:
        raise ValueError("compare needs at least one result")
    labels = labels_of(results)
    columns = [
        r.tables["indicator"].set_index("indicator")["value"].rename(label)
        for r, label in zip(results, labels, strict=True)
    ]
    table = pd.concat(columns, axis=1, sort=False)
    units = pd.concat([r.tables["indicator"].set_index("indicator")["unit"] for r in results])
    table.insert(0, "unit", units[~units.index.duplicated()].reindex(table.index))
    for label in labels[1:]:
        suffix = "" if len(labels) == 2 else f" {label}"
        change = table[label] - table[labels[0]]
        table[f"change{suffix}"] = change
        table[f"change_pct{suffix}"] = (100 * change / table[labels[0]].abs()).where(table[labels[0]] != 0)
    return table


def labels_of(results: Sequence[Result]) -> list[str]:
    """Labels of results, a different one for each."""
    labels: list[str] = []
    for result in results:
        label = result.label
        labels.append(label if label not in labels else f"{label} ({len(labels) + 1})")
    return labels
