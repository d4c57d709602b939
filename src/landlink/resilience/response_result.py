"""A choice of response sites as a table of a result, so that indicators, questions and scoreboards read it."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd

from landlink.core.errors import InputError, Problem
from landlink.indicators.table import indicator_rows
from landlink.resilience.response_indicators import RESPONSE_INDICATORS
from landlink.resilience.response_schema import RESPONSE
from landlink.results.result import Result
from landlink.tables.frames import records

__all__ = ["is_of", "of_none", "with_response", "with_responses"]


def with_response(result: Result, table: pd.DataFrame) -> Result:
    """A result with a choice of response sites of its scenario.

    Parameters
    ----------
    result
        The result.
    table
        Table of a choice of sites: ``table`` of what :func:`landlink.response_sites` gives, or what
        :func:`landlink.resilience.response_schema.read_response` reads.

    Returns
    -------
    Result
        The same result with the table ``response``, in place of one that it had, and rows of its indicators.

    Raises
    ------
    InputError
        The choice is one of another study, of other measures or of another year.

    Examples
    --------
    >>> import landlink as ll
    >>> study = ll.open_study("china-kyrgyzstan")
    >>> plan = ll.response_sites(study, units=1, coordination=True)  # doctest: +SKIP
    >>> result = with_response(ll.solve(study), plan.table)  # doctest: +SKIP
    >>> result.indicator("resilience.sharing_saves_usd_per_year[ALL]")  # doctest: +SKIP
    """
    if not is_of(result, table):
        first = records(table.head(1))[0] if len(table) else {"scenario": "", "year": ""}
        message = f"a choice of response sites of another scenario or study, of the year {first['year']}"
        allowed = f"one of the study, the measures and the year of the result {result.label}"
        raise InputError(Problem("response", message, column="scenario", value=str(first["scenario"]), allowed=allowed))
    added = {RESPONSE.name: table[list(RESPONSE.by_name)].reset_index(drop=True)}
    # The tables of a result may be read when they are asked for.
    tables: Mapping[str, pd.DataFrame] = ChainMap(added, result.tables)  # type: ignore[arg-type]
    more = indicator_rows(replace(result, tables=tables).view, only=RESPONSE.name)
    known = result.tables["indicator"]
    names = {one.name for one in RESPONSE_INDICATORS}
    # A choice that the result had before is replaced.
    others = known.loc[[str(name).partition("[")[0] not in names for name in known["indicator"]]]
    added["indicator"] = pd.concat([others, more], ignore_index=True)
    return replace(result, tables=tables)


def with_responses(results: Sequence[Result], tables: Sequence[pd.DataFrame]) -> list[Result]:
    """Results, each with the choice of response sites of its scenario, where there is one.

    Parameters
    ----------
    results
        The results.
    tables
        Choices of sites. Several kinds of units of one scenario may come in several tables.

    Raises
    ------
    InputError
        A choice is one of none of the results, or two of a scenario are for the same kind of units.
    """
    problems = []
    found = list(results)
    for place, result in enumerate(results):
        own = [number for number, table in enumerate(tables) if is_of(result, table)]
        if not own:
            continue
        units = [unit for number in own for unit in tables[number]["unit_id"].unique()]
        if twice := sorted({unit for unit in units if units.count(unit) > 1}):
            problems.append(
                Problem("response", f"two choices of sites for {result.label}", column="unit_id",
                        value=", ".join(twice), allowed="one for each kind of units")
            )  # fmt: skip
            continue
        found[place] = with_response(result, pd.concat([tables[number] for number in own], ignore_index=True))
    problems += of_none(results, tables)
    if problems:
        raise InputError(problems)
    return found


def of_none(results: Sequence[Result], tables: Sequence[pd.DataFrame]) -> list[Problem]:
    """Choices of response sites that are of none of the results; for the arguments see :func:`with_responses`."""
    labels = ", ".join(result.label for result in results)
    return [
        Problem("response", "a choice of response sites of none of the results", column="scenario",
                value=str(table["scenario"].iloc[0]) if len(table) else "",
                allowed=f"one of the study, the measures and the year of one of: {labels}")
        for table in tables
        if not any(is_of(result, table) for result in results)
    ]  # fmt: skip


def is_of(result: Result, table: pd.DataFrame) -> bool:
    """Whether a choice of sites is one of a result's study with its measures, and of its year."""
    run = result.provenance.run
    return len(table) > 0 and set(zip(table["study_hash"], table["year"].astype(int), strict=True)) == {
        (run.study_hash, run.year)
    }
