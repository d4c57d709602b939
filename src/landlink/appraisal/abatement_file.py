"""Saved abatement cost curves, read back."""

from __future__ import annotations

import os
from typing import Final

import pandas as pd

from landlink.appraisal.abatement_curve import CONTEXT, UNITS, AbatementCurve
from landlink.core.errors import InputError, Problem
from landlink.core.languages import LANGUAGES
from landlink.results.result import Result
from landlink.tables.column import Column, Table
from landlink.tables.frames import numbers, texts
from landlink.tables.read import read_table

__all__ = ["read_curve"]

_TEXTS: Final = ("measure_id", "name", "excluded_by", "scope", "scenario", "study_hash")
_WHOLE: Final = ("place", "year")
#: Figures without which there is no curve: those of rows that are on it, and of all together.
_NEEDED: Final = ("abated_t_per_year", "net_usd_per_year")
#: Relative difference of steps that do not add up.
_ROUNDING: Final = 1e-6


def _column(name: str, unit: str) -> Column:
    kind = "text" if name in _TEXTS else "integer" if name in _WHOLE else "number"
    required = name in CONTEXT or name == "place"
    return Column(name, kind, "As in the table of a curve.", unit=unit, required=required)  # type: ignore[arg-type]


_TABLE: Final = Table(
    "abatement",
    "A marginal abatement cost curve, as saved.",
    (
        *(_column(name, unit) for name, unit in (UNITS | CONTEXT).items()),
        *(Column(f"name_{code}", "text", "Name of the measure in a language.") for code in LANGUAGES),
    ),
)


def read_curve(path: str | os.PathLike[str], result: Result) -> AbatementCurve:
    """Read a curve that :meth:`.AbatementCurve.save` wrote as CSV.

    Parameters
    ----------
    path
        The file.
    result
        A result of the same study, which gives its title, currency and languages.

    Raises
    ------
    InputError
        The file is no curve: a column is missing, its rows are of several curves, or its steps do not add up.
    """
    frame, problems = read_table(path, _TABLE)
    problems = [*problems] or _faults(frame)
    if problems:
        raise InputError(problems)
    # Rows of a curve are told apart by their measure, and all together by none.
    frame = frame.assign(place=frame["place"].astype("int64"))
    first, shown = frame.iloc[0], result.provenance.presentation
    named = [name for name in frame.columns if name.startswith("name_")]
    return AbatementCurve(
        table=frame[list(UNITS)],
        base_t=float(first["base_t_per_year"]),
        year=int(first["year"]),
        rate_percent=float(first["rate_percent"]),
        scope=str(first["scope"]),
        label=str(first["scenario"]),
        title=shown.title,
        register=frame[["measure_id", "name", *named]].set_index("measure_id", drop=False),
        money=shown.money,
        study_hash=str(first["study_hash"]),
        languages=shown.languages,
    )


def _faults(frame: pd.DataFrame) -> list[Problem]:
    """Why rows are no curve."""
    name = _TABLE.name
    if not len(frame):
        return [Problem(name, "there are no measures", allowed="what `landlink abatement -o FILE.csv` writes")]
    if several := [column for column in CONTEXT if frame[column].nunique() > 1]:
        message = "the rows are of several curves"
        return [Problem(name, message, column=one, allowed="one value in all rows") for one in several]
    measures, places = texts(frame, "measure_id"), frame["place"].tolist()
    steps = [place for place, measure in zip(places, measures, strict=True) if place > 0 and measure]
    if measures[-1] or "" in measures[:-1] or steps != list(range(1, len(steps) + 1)):
        message = "the rows are not the steps of a curve in their order, with all together last"
        return [Problem(name, message, column="place", value=", ".join(map(str, places)))]
    on_curve = frame[frame["place"] > 0]
    for column in _NEEDED:
        values = numbers(on_curve, column)
        size = abs(values).max()
        if not abs(values[:-1].sum() - values[-1]) <= _ROUNDING * size:
            message = "the steps do not add up to all together"
            return [Problem(name, message, column=column, value=f"{values[:-1].sum():g}", allowed=f"{values[-1]:g}")]
    return []
