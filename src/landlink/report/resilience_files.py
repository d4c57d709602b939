"""Files of analyses of resilience that a report shows, told apart by their columns."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from shlex import quote
from typing import Final

import pandas as pd

from landlink.core.errors import InputError, Problem
from landlink.resilience.closure_flow_schema import CLOSURE_FLOW_FILE, read_closure_flows
from landlink.resilience.criticality_file import read_criticality
from landlink.resilience.criticality_schema import CRITICALITY_FILE
from landlink.resilience.files import RESILIENCE_FOLDER, RESULT_NAME, is_loss_table
from landlink.resilience.response_schema import RESPONSE_FILE, read_response
from landlink.tables.destinations import OutputFile
from landlink.tables.read import read_texts

__all__ = ["ResilienceFiles", "read_resilience_files"]


@dataclass(frozen=True, eq=False)
class ResilienceFiles:
    """Tables of analyses of resilience; ``None`` where none was given.

    Attributes
    ----------
    criticality
        What ``landlink criticality -o FILE.csv`` wrote.
    closure_flows
        What ``landlink criticality --flows FILE.csv`` wrote beside it.
    response
        What ``landlink response -o FILE.csv`` wrote.
    """

    criticality: pd.DataFrame | None = None
    closure_flows: pd.DataFrame | None = None
    response: pd.DataFrame | None = None


#: Kind of file of each table, how it is read, and the command that writes it.
_KINDS: Final[dict[str, tuple[OutputFile, Callable[[Path], pd.DataFrame], str]]] = {
    "criticality": (CRITICALITY_FILE, read_criticality, "landlink criticality -o FILE.csv"),
    "closure_flows": (CLOSURE_FLOW_FILE, read_closure_flows, "landlink criticality --flows FILE.csv"),
    "response": (RESPONSE_FILE, read_response, "landlink response -o FILE.csv"),
}


def read_resilience_files(paths: Sequence[str | os.PathLike[str]]) -> ResilienceFiles:
    """Read files that analyses of resilience wrote as CSV.

    Raises
    ------
    InputError
        A file is none of them, is damaged, or two are of the same kind; lists the problems of all.
    """
    tables, problems = dict[str, pd.DataFrame](), list[Problem]()
    for path in map(Path, paths):
        try:
            kind = _kind(path)
            table = _KINDS[kind][1](path)
        except InputError as error:
            problems += error.problems
            continue
        if kind == "response" and kind in tables and _of_other_units(tables[kind], table):
            table = pd.concat([tables[kind], table], ignore_index=True)
        elif kind in tables:
            problems.append(
                Problem("resilience", f"a second table {kind}", value=str(path), allowed="one of each kind")
            )
        tables[kind] = table
    problems += _apart(tables)
    if problems:
        raise InputError(problems)
    return ResilienceFiles(**tables)


def _apart(tables: Mapping[str, pd.DataFrame]) -> Iterator[Problem]:
    """Flows without the closures that they are of."""
    flows, closures = tables.get("closure_flows"), tables.get("criticality")
    if flows is None or (closures is not None and _closings(flows) <= _closings(closures)):
        return
    allowed = "together with the file that the same run wrote by -o FILE.csv"
    yield Problem("resilience", "where freight goes, of closures that are not given", "", "closure_flow", "", allowed)


def _closings(table: pd.DataFrame) -> set[tuple[str, float]]:
    """Studies with their measures, and days of the closures."""
    days = table["closed_days"].fillna(math.inf)
    return set(zip(table["study_hash"].tolist(), days.tolist(), strict=True))


def _of_other_units(known: pd.DataFrame, table: pd.DataFrame) -> bool:
    """Whether a choice of response sites is one of the same scenario for other kinds of units."""
    same = set(known["study_hash"]) == set(table["study_hash"])
    return same and not set(known["unit_id"]) & set(table["unit_id"])


def _in_result(path: Path) -> str:
    """What to do with losses and replays, which a report takes from the result beside their tables; else empty."""
    whole = RESILIENCE_FOLDER.listed(path) is not None
    if not (whole or is_loss_table(path)):
        return ""
    result = (path if whole else path.parent) / RESULT_NAME
    if result.is_dir():
        command = f"landlink report {quote(str(result))} -o report.html"
        return f"losses and replays are shown from the result beside their tables: `{command}`"
    command = "landlink resilience STUDY -o DIR"
    return f"losses and replays are shown from a result: `{command}`, then `landlink report DIR/{RESULT_NAME}`"


def _kind(path: Path) -> str:
    """Which table a file holds, by its first line."""
    allowed = " or ".join(f"what `{command}` wrote" for _, _, command in _KINDS.values())
    kind = next((kind for kind, (file, _, _) in _KINDS.items() if file.wrote(path)), "")
    if kind and path.suffix.lower() != ".csv":
        message = "not a CSV file: a report reads analyses of resilience in that form alone"
        raise InputError(Problem("resilience", message, value=str(path), allowed=allowed))
    if kind:
        return kind
    if told := _in_result(path):
        raise InputError(Problem("resilience", told, value=str(path), allowed=allowed))
    _, problems = read_texts(path, path.name)
    message = "no table of an analysis of resilience"
    raise InputError(problems or Problem("resilience", message, value=str(path), allowed=allowed))
