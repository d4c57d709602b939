"""Checks of parameters and of what a calibration wrote; no measure can change these tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from landlink.core.errors import Problem, hint
from landlink.study.parameters import DEMAND, parameter_rows, parameters
from landlink.tables.frames import Row, Tables, is_missing, records, texts
from landlink.tables.lists import split_list
from landlink.tables.schemas import TABLES

__all__ = ["parameter_problems"]


def parameter_problems(tables: Tables) -> list[Problem]:
    """List parameters of nothing, and estimates of unknown parameters."""
    return [*_parameters_of_nothing(tables), *_unknown_parameters(tables)]


def _parameters_of_nothing(tables: Tables) -> Iterable[Problem]:
    """Find parameters that no column or row answers to, and limits that exclude the prior."""
    by_id = {one.id: one for one in parameters(tables)}
    for row in records(tables["parameter"]):
        name, found = str(row["parameter_id"]), list(_column_problems(row))
        if not found:
            found = list(_where_problems(row))
        if not found and not parameter_rows(tables, by_id[name]).any():
            message = f"no row of {row['table']} answers to row and where"
            found = [Problem("parameter", message, name, "row", row["row"], f"keys of {row['table']}, or *")]
        yield from found
        yield from _limit_problems(row)


def _column_problems(row: Row) -> Iterator[Problem]:
    name, columns = str(row["parameter_id"]), TABLES[row["table"]].by_name
    numeric = [column.name for column in columns.values() if column.type == "number"]
    for column in split_list(row["column"]):
        if column not in numeric:
            message = f"no numeric column of {row['table']}" + hint(column, numeric)
            yield Problem("parameter", message, name, "column", column, ", ".join(numeric))


def _where_problems(row: Row) -> Iterator[Problem]:
    for condition in split_list(row["where"]):
        path, equals, _ = condition.partition("=")
        column, _, further = path.strip().partition(".")
        declared = TABLES[row["table"]].by_name.get(column)
        other = declared.references.partition(".")[0] if declared and declared.references else ""
        if equals and declared and (not further or (other and further in TABLES[other].by_name)):
            continue
        allowed = (
            "column=value or column=value|value, with columns of the table, or of one that it refers to after a dot"
        )
        yield Problem("parameter", "invalid condition", str(row["parameter_id"]), "where", condition, allowed)


def _limit_problems(row: Row) -> Iterator[Problem]:
    name, factor = str(row["parameter_id"]), row["operation"] == "multiply"
    prior = row["prior_mean"] if not is_missing(row["prior_mean"]) else 1.0 if factor else 0.0
    for column, sign, side in (("low", -1, "at most"), ("high", 1, "at least")):
        if not is_missing(row[column]) and sign * (row[column] - prior) < 0:
            message = "the prior lies outside the limits"
            yield Problem("parameter", message, name, column, f"{row[column]:g}", f"{side} the prior, {prior:g}")
    for column in ("prior_mean", "low"):
        if factor and not is_missing(row[column]) and row[column] <= 0:
            yield Problem("parameter", "a factor must be above 0", name, column, f"{row[column]:g}", "a number above 0")


def _unknown_parameters(tables: Tables) -> Iterable[Problem]:
    """Find estimates and members of parameters that the study does not have, and factors between unknown countries."""
    known = {one.id for one in parameters(tables)}
    for table in ("calibration", "posterior"):
        for name in dict.fromkeys(texts(tables[table], "parameter_id")):
            if name not in known and not (table == "posterior" and name.startswith(DEMAND)):
                message = "no such parameter" + hint(name, known)
                yield Problem(table, message, name, "parameter_id", name, "a parameter, or a constant with a prior_sd")
    countries = set(texts(tables["zone"], "country"))
    for number, row in enumerate(records(tables["adjustment"]), start=1):
        for column in ("origin_country", "destination_country"):
            if row[column] not in countries:
                message = "no zone lies in this country"
                yield Problem("adjustment", message, f"row {number}", column, row[column], "a country with zones")
