"""A result: what a solved scenario holds. Every figure of a report comes from one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import pandas as pd

from landlink.core.atomic_files import replaced_folder
from landlink.core.errors import ResultError
from landlink.freight.flow_summary import FlowSummary
from landlink.indicators.values import Indicators

MARKER: Final = "result.json"
#: Raised whenever the tables of a result change in a way that older readers cannot follow.
FORMAT: Final = 1
#: Tables without which a folder is no result.
NEEDED: Final = frozenset({"link", "crossing", "terminal", "od", "country", "indicator", "observed"})
#: What every result says of itself, and what each indicator holds.
NEEDED_FACTS: Final = frozenset(
    {"label", "measures", "year", "title", "study", "study_path", "study_hash", "converged"}
)
NEEDED_COLUMNS: Final = frozenset({"indicator", "value", "unit", "meaning"})


@dataclass(frozen=True)
class Result:
    """Tables of a solved scenario and where they come from; never changed in place.

    Attributes
    ----------
    tables
        By name: link, crossing, terminal, od, leg, country, indicator, observed and others. Treat them as read-only.
    provenance
        Study and its hash, measures, year, versions, seed, gap and what else it takes to make the result again.
    flow_summary
        Routes and flows behind the tables, from which another solve can start; ``None`` where it was read from disk.
    """

    tables: Mapping[str, pd.DataFrame]
    provenance: Mapping[str, Any]
    flow_summary: FlowSummary | None = field(default=None, repr=False, compare=False)

    def __getitem__(self, table: str) -> pd.DataFrame:
        """A copy of one table."""
        return self.tables[table].copy()

    @cached_property
    def _indicators(self) -> Indicators:
        return Indicators(self.tables)

    @property
    def indicators(self) -> pd.DataFrame:
        """Named indicators with value, unit and meaning."""
        return self.tables["indicator"].copy()

    def indicator(self, name: str) -> float:
        """Value of one indicator, also of those that the table leaves out, such as any pair of zones.

        Raises
        ------
        UnknownNameError
            No such indicator.
        """
        return self._indicators.value(name)

    def save(self, path: str | Path) -> Path:
        """Write the result as a folder of Parquet tables and one small JSON file, whole or not at all.

        Raises
        ------
        OutputError
            The folder holds something else, or cannot be written.
        """
        target = Path(path)
        with replaced_folder(target, marker=MARKER) as folder:
            for name, table in self.tables.items():
                table.to_parquet(folder / f"{name}.parquet", index=False)
            content = {
                "format": FORMAT,
                "tables": {name: len(table) for name, table in self.tables.items()},
                "provenance": dict(self.provenance),
            }
            text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)
            (folder / MARKER).write_text(text + "\n", encoding="utf-8")
        return target


def open_result(path: str | Path) -> Result:
    """Open a saved result.

    Raises
    ------
    ResultError
        The folder holds no result, one of another format, or a damaged one.
    """
    folder = Path(path)
    if not folder.is_dir():
        raise ResultError(f"{folder} is no folder; make a result with: landlink run STUDY -o {folder}")
    try:
        content = json.loads((folder / MARKER).read_text(encoding="utf-8"))
        known, counts, provenance = content["format"], dict(content["tables"]), dict(content["provenance"])
    except FileNotFoundError:
        raise ResultError(
            f"{folder} holds no {MARKER}, so it is no result; make one with: landlink run STUDY -o DIR"
        ) from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ResultError(f"{folder / MARKER} is damaged ({error}); run the scenario again") from None
    if known != FORMAT:
        raise ResultError(f"{folder} is of format {known}, this landlink reads format {FORMAT}; run the scenario again")
    if missing := sorted(NEEDED.difference(counts)):
        raise ResultError(f"{folder} lacks the tables {', '.join(missing)}; run the scenario again")
    if lost := sorted(NEEDED_FACTS.difference(provenance)):
        raise ResultError(f"{folder / MARKER} is damaged (it lacks {', '.join(lost)}); run the scenario again")
    tables = _read_tables(folder, counts)
    if lost := sorted(NEEDED_COLUMNS.difference(tables["indicator"])):
        raise ResultError(f"{folder}/indicator.parquet lacks the columns {', '.join(lost)}; run the scenario again")
    return Result(MappingProxyType(tables), MappingProxyType(provenance))


def _read_tables(folder: Path, counts: Mapping[str, int]) -> dict[str, pd.DataFrame]:
    tables: dict[str, pd.DataFrame] = {}
    for name, count in counts.items():
        try:
            tables[name] = pd.read_parquet(folder / f"{name}.parquet")
        except (OSError, ValueError, KeyError) as error:
            raise ResultError(
                f"{folder / name}.parquet is missing or damaged ({error}); run the scenario again"
            ) from None
        if len(tables[name]) != count:
            raise ResultError(
                f"{folder / name}.parquet has {len(tables[name])} rows, not {count}; run the scenario again"
            )
    return tables


def compare(*results: Result) -> pd.DataFrame:
    """Indicators of several results side by side.

    Parameters
    ----------
    *results
        The base first, then the scenarios to hold against it.

    Returns
    -------
    pandas.DataFrame
        Indexed by indicator: ``unit``, a value column for each result named by its label, and for each after the first
        ``change`` and ``change_pct`` from the first (followed by the label where there are several).
    """
    if not results:
        raise ValueError("compare needs at least one result")
    labels = _labels(results)
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


def _labels(results: tuple[Result, ...]) -> list[str]:
    """A different label for each result."""
    labels: list[str] = []
    for result in results:
        label = str(result.provenance["label"])
        labels.append(label if label not in labels else f"{label} ({len(labels) + 1})")
    return labels
