"""Tables of flows and of trade-cost changes by pairs of countries, as matrices."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np
import pandas as pd

from landlink.core.arrays import Floats
from landlink.core.errors import InputError, Problem, hint
from landlink.core.problem_list import ProblemList
from landlink.tables.read import read_texts
from landlink.trade.long_tables import (
    LINE,
    Missing,
    check_names,
    check_numbers,
    check_rows,
    placed,
    raise_problems,
    read_long,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Missing", "PairTable", "cost_ratios", "flow_matrix", "read_tables", "selected_flows"]

#: A table of pairs: a CSV file, a data frame, or rows of (exporter, importer, number).
PairTable: TypeAlias = "str | os.PathLike[str] | pd.DataFrame | Iterable[tuple[str, str, float]]"

_KEYS: Final = ("exporter", "importer")
_FLOWS: Final = "flows"
_COSTS: Final = "costs"
_NOT_NEGATIVE: Final = "a finite number, 0 or more"
_POSITIVE: Final = "a finite ratio above 0: 0.9 for costs 10 % lower, 1 for no change"
_PAIR: Final = "pair of countries"


def read_tables(flows: PairTable, shock: PairTable, *, missing: Missing) -> tuple[list[str], Floats, Floats]:
    """Read flows and changes of trade costs; gives countries, flows and ratios.

    Raises
    ------
    InputError
        The problems of both tables; see :func:`flow_matrix` and :func:`cost_ratios`.
    """
    try:
        countries, base = flow_matrix(flows, missing=missing)
    except InputError as faulty:
        # Which countries there are is not known then; all else of the costs can be checked.
        try:
            cost_ratios(shock, None)
        except InputError as other:
            raise InputError([*faulty.problems, *other.problems]) from None
        raise
    return countries, base, cost_ratios(shock, countries)


def flow_matrix(table: PairTable, *, missing: Missing = "refuse") -> tuple[list[str], Floats]:
    """Read flows as a matrix.

    Parameters
    ----------
    table
        Columns exporter, importer and value; domestic flows included.
    missing
        Whether a pair that is blank or not listed is refused or means zero. Domestic flows are never missing.

    Returns
    -------
    countries
        In alphabetical order.
    flows
        Shape (countries, countries), exporters in rows.

    Raises
    ------
    InputError
        Negative, blank or infinite flows, duplicate pairs, no domestic flow, a part of the world that trades with
        nobody else.
    """
    frame = read_long(table, _FLOWS, _KEYS, ("value",))
    problems = ProblemList(by_column=True)
    check_rows(frame, _FLOWS, _KEYS, problems, what=_PAIR)
    blank = frame["text"].eq("")
    wrong = ~(np.isfinite(frame["number"]) & (frame["number"] >= 0)) & ~(blank & (missing == "zero"))
    words = ("blank flow", "invalid flow", f"{_NOT_NEGATIVE}; a flow of none is written 0")
    check_numbers(frame, _FLOWS, _KEYS, wrong.to_numpy(), problems, words)
    raise_problems(problems)
    countries = sorted({*frame["exporter"], *frame["importer"]})
    flows = placed(frame, {"exporter": countries, "importer": countries})
    _check_world(countries, flows, missing, problems)
    raise_problems(problems)
    return countries, np.nan_to_num(flows, nan=0.0)


def selected_flows(
    path: str | os.PathLike[str], *, column: str | None = None, where: Mapping[str, str] | None = None
) -> pd.DataFrame:
    """Take one column of flows, or the rows of one year or sector, from a file that has several.

    Parameters
    ----------
    path
        The CSV file.
    column
        Column of the flows; by default ``value``, or the only one there is.
    where
        What other columns must hold, such as ``{"year": "2019"}``.

    Returns
    -------
    pandas.DataFrame
        exporter, importer, value as text; the index holds the lines of the file.

    Raises
    ------
    InputError
        The file is no table, a column is missing, or no row is left.
    """
    name = os.path.basename(path)  # noqa: PTH119  may be either kind
    frame, problems = read_texts(path, name)
    if problems:
        raise InputError(problems)
    wanted = dict(where or {})
    for text in [*wanted, *([column] if column else [])]:
        if text not in frame:
            allowed = f"a column of the table{hint(text, frame.columns)}"
            raise InputError(Problem(name, "missing column", "", text, "", allowed))
    frame = frame.set_index(pd.RangeIndex(2, 2 + len(frame), name=LINE))
    for text, value in wanted.items():
        if not (frame[text] == value).any():
            held = ", ".join(sorted(frame[text].unique())[:12])
            raise InputError(Problem(name, "no such row", "", text, value, f"one of {held}"))
        frame = frame[frame[text] == value]
    kept = [key for key in _KEYS if key in frame]
    others = [text for text in frame if text not in wanted and text not in kept]
    return frame[[*kept, column]].rename(columns={column: "value"}) if column else frame[[*kept, *others]]


def cost_ratios(table: PairTable, countries: Sequence[str] | None) -> Floats:
    """Read changes of trade costs as a matrix of ratios, 1 for pairs that are not listed.

    Parameters
    ----------
    table
        Columns exporter, importer and change: new over old trade cost.
    countries
        Countries of the flows; ``None`` for those of the table itself.

    Raises
    ------
    InputError
        Unknown countries, duplicate pairs, ratios that are not above 0.
    """
    frame = read_long(table, _COSTS, _KEYS, ("change",))
    problems = ProblemList(by_column=True)
    check_rows(frame, _COSTS, _KEYS, problems, what=_PAIR)
    countries = sorted({*frame["exporter"], *frame["importer"]} - {""}) if countries is None else list(countries)
    known = {"exporter": countries, "importer": countries}
    check_names(frame, _COSTS, known, problems, where="the flows")
    wrong = ~(np.isfinite(frame["number"]) & (frame["number"] > 0))
    fault = "invalid change of trade cost"
    check_numbers(frame, _COSTS, _KEYS, wrong.to_numpy(), problems, (fault, fault, _POSITIVE))
    raise_problems(problems)
    ratios = placed(frame, known)
    return np.where(np.isnan(ratios), 1.0, ratios)


def _check_world(countries: Sequence[str], flows: Floats, missing: Missing, problems: ProblemList) -> None:
    """Check that every country sells to itself, that every pair is stated, and that the world is one."""
    for i, country in enumerate(countries):
        if not flows[i, i] > 0:
            allowed = "domestic sales above 0: gross output less exports"
            found = "" if np.isnan(flows[i, i]) else f"{flows[i, i]:g}"
            problems.add(Problem(_FLOWS, "no domestic flow", f"{country},{country}", "value", found, allowed))
    if missing == "refuse":
        for i, j in np.argwhere(np.isnan(flows)).tolist():
            if i != j:
                allowed = "every pair of countries; 0 where there is no trade, or say that missing flows are zero"
                problems.add(Problem(_FLOWS, "pair not listed", f"{countries[i]},{countries[j]}", allowed=allowed))
    if not problems:
        apart = [countries[i] for i in np.flatnonzero(~_joined(flows > 0)).tolist()]
        if apart:
            message = f"countries that do not trade with {countries[0]}, not even through others"
            problems.add(Problem(_FLOWS, message, value=", ".join(apart), allowed="a world joined by trade"))


def _joined(trades: Any) -> Any:
    """Which countries trade with the first one, directly or through others."""
    linked = trades | trades.T
    reached = linked[0]
    while True:
        wider = linked[reached].any(axis=0)
        if np.array_equal(wider, reached):
            return reached
        reached = wider
