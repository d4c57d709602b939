"""What-ifs in one line: "crossing torugart: capacity x2" becomes a measure of its own with its effects."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import pandas as pd

from landlink.core.errors import InputError, Problem, hint
from landlink.study.effects import effect_problems, row_keys
from landlink.study.place_names import names_by_key
from landlink.tables.frames import Tables
from landlink.tables.schemas import TABLES

__all__ = ["with_what_ifs"]

_LINE: Final = re.compile(r"\s*(?P<table>[a-z_]+)\s+(?P<rows>[^:]+?)\s*:\s*(?P<what>.+?)\s*")
_FORM: Final = "TABLE ROWS: COLUMN CHANGE, as in: crossing torugart: capacity x2"
_NUMBER: Final = r"\d+(?:\.\d+)?"
#: What may follow the column: a factor, a share, an amount, a value.
_FACTOR: Final = re.compile(rf"(?P<column>\w*?)\s*(?:(?<!\w)x|[×*])\s*(?P<by>{_NUMBER})")
_SHARE: Final = re.compile(rf"(?P<column>\w*)\s*(?P<sign>[+\-−])\s*(?P<by>{_NUMBER})\s*%")
_AMOUNT: Final = re.compile(rf"(?P<column>\w+)\s*(?P<sign>[+\-−])\s*(?P<by>{_NUMBER})")
_VALUE: Final = re.compile(r"(?P<column>\w+)\s*(?:=|\s)\s*(?P<value>\S.*)")
#: Column that a change without one is about.
_DEFAULT: Final = {"demand": "tonnes_per_year", "demand_domestic": "tonnes_per_year"}
#: Tables whose rows go from one zone to another.
_BETWEEN: Final = ("demand", "demand_domestic")
#: Tables whose rows lie at a place that has a name in another table.
_AT: Final = {"crossing": "crossing", "stage": "crossing", "service": "crossing", "arrival": "crossing"}
_LONGEST_ID: Final = 60


def with_what_ifs(tables: Tables, lines: Iterable[str]) -> tuple[MappingProxyType[str, pd.DataFrame], tuple[str, ...]]:
    """Add a measure for each line to the tables of a study.

    Parameters
    ----------
    tables
        Tables of the study.
    lines
        Each names a table, its rows (keys, with ``*`` for any letters, names of places, or ``KGZ->CHN`` for demand) and
        what changes: ``capacity x2``, ``time -20%``, ``length +5``, ``open_from 2029``, ``open`` or ``close``.

    Returns
    -------
    tuple of mapping and tuple of str
        The tables with the measures and their effects, and the identifiers of the measures.

    Raises
    ------
    InputError
        With every problem of every line.
    """
    measures: list[dict[str, Any]] = []
    effects: list[dict[str, Any]] = []
    problems: list[Problem] = []
    taken = set(tables["measure"]["measure_id"])
    for line in lines:
        try:
            found = list(_effects(tables, line))
        except InputError as error:
            problems += error.problems
            continue
        name = _identifier(line, taken)
        taken.add(name)
        measures.append({"measure_id": name, "name": line.strip(), "kind": "shock", "quality": "estimated"})
        effects += [{"measure_id": name, **effect} for effect in found]
    if not problems:
        changed = {"measure": _extended(tables, "measure", measures), "effect": _extended(tables, "effect", effects)}
        after = MappingProxyType({**tables, **changed})
        own = {**after, "effect": after["effect"].iloc[len(tables["effect"]) :]}
        problems = [Problem("--change", p.message, p.row, p.column, p.value, p.allowed) for p in effect_problems(own)]
    if problems:
        raise InputError(problems)
    return after, tuple(str(one["measure_id"]) for one in measures)


def _effects(tables: Tables, line: str) -> Iterator[dict[str, str]]:
    match = _LINE.fullmatch(line)
    if match is None:
        raise InputError(Problem("--change", "not understood", value=line, allowed=_FORM))
    table = match["table"]
    known = TABLES["effect"].by_name["table"].allowed
    if table not in known:
        message = "no such table, or none that a change acts on" + hint(table, known)
        raise InputError(Problem("--change", message, value=table, allowed=_FORM))
    rows = ";".join(_rows(tables, table, match["rows"], line))
    if match["what"] in ("open", "close"):
        yield {"table": table, "row": rows, "column": "", "operation": match["what"], "value": ""}
        return
    column, operation, value = _change(table, match["what"], line)
    for name in _columns(table, column, line, numeric=operation != "set"):
        yield {"table": table, "row": rows, "column": name, "operation": operation, "value": value}


def _change(table: str, what: str, line: str) -> tuple[str, str, str]:
    """Column as written, operation and value of a change."""
    default = _DEFAULT.get(table, "")
    if match := _FACTOR.fullmatch(what):
        return match["column"] or default, "multiply", match["by"]
    if match := _SHARE.fullmatch(what):
        share = float(match["by"]) / 100
        return match["column"] or default, "multiply", f"{1 + share if match['sign'] == '+' else 1 - share:.10g}"
    if match := _AMOUNT.fullmatch(what):
        return match["column"], "add", ("" if match["sign"] == "+" else "-") + match["by"]
    if match := _VALUE.fullmatch(what):
        return match["column"], "set", match["value"]
    raise InputError(Problem("--change", "not understood", value=line, allowed=_FORM))


def _columns(table: str, written: str, line: str, *, numeric: bool) -> list[str]:
    """Columns that a name stands for: itself, or those that begin with it: ``capacity``, ``time`` both ways."""
    names = [column.name for column in TABLES[table].columns if not column.key]
    if written in names:
        return [written]
    numbers = [column.name for column in TABLES[table].columns if column.type in ("number", "integer")]
    found = [name for name in numbers if written and name.startswith(f"{written}_")]
    if not found or (len(found) > 1 and not numeric):
        message = f"no such column of {table}" + hint(written, names)
        raise InputError(Problem("--change", message, column=written, value=line, allowed=", ".join(found or names)))
    return found


def _rows(tables: Tables, table: str, written: str, line: str) -> list[str]:
    """Keys of the rows that some words stand for, or their beginnings."""
    if "->" in written:
        return _flows(tables, table, written, line)
    keys = _keys(tables[table], table)
    begins = list(dict.fromkeys(key.partition("/")[0] for key in keys))
    found: list[str] = []
    for word in (part.strip() for part in written.split(",")):
        if word == "*":
            return ["*"]
        sought = word.casefold()
        here = [key for key in (*begins, *keys) if fnmatchcase(key.casefold(), sought)]
        here = here or _named(tables, table, sought)
        if not here:
            called = (name for names in _names(tables, table).values() for name in names)
            message = f"no such row of {table}" + hint(word.strip("*"), [*begins, *called])
            if table == "demand" and (ends := re.fullmatch(r"(\S+)\s*(?:-|–|=>|→|\bto\b)\s*(\S+)", word)):
                message += f"; did you mean {ends[1]}->{ends[2]}?"
            raise InputError(Problem("--change", message, value=line, allowed="a key, a name, or * for all rows"))
        found += here
    return list(dict.fromkeys(found))


def _flows(tables: Tables, table: str, written: str, line: str) -> list[str]:
    """Rows of demand between two countries or zones: "CHN->KGZ"."""
    if table not in _BETWEEN:
        raise InputError(Problem("--change", "only demand goes from one place to another", value=line, allowed=_FORM))
    country = dict(zip(tables["zone"]["zone_id"], tables["zone"]["country"], strict=True))
    ends = [part.strip() for part in written.split("->", 1)]
    frame = tables[table]
    masks = [
        np.array([end in ("*", zone, country.get(zone)) for zone in frame[column]], dtype=bool)
        for end, column in zip(ends, ("origin_zone_id", "destination_zone_id"), strict=True)
    ]
    found = _keys(frame[masks[0] & masks[1]], table)
    if not found:
        known = sorted({*country, *country.values()})
        near = "".join(hint(end, known) for end in ends if end not in known)
        raise InputError(Problem("--change", "no demand from the one to the other" + near, value=line, allowed=_FORM))
    return found


def _keys(frame: pd.DataFrame, table: str) -> list[str]:
    """Keys of rows; one whose last part is a list, which would divide it, without that part."""
    keys = row_keys(frame, table)
    return list(dict.fromkeys(key.rpartition("/")[0] if ";" in key else key for key in keys))


def _names(tables: Tables, table: str) -> dict[str, list[str]]:
    """Names of the places of rows, by the first part of their key."""
    at = _AT.get(table, table)
    return names_by_key(tables[at], at)


def _named(tables: Tables, table: str, sought: str) -> list[str]:
    """Rows at the places whose name holds some words or, with ``*`` for any text, is like them."""
    known = {key.partition("/")[0] for key in row_keys(tables[table], table)}
    pattern = sought if "*" in sought else f"*{sought}*"
    there = _names(tables, table).items()
    return [k for k, names in there if k in known and any(fnmatchcase(name.casefold(), pattern) for name in names)]


def _identifier(line: str, taken: set[str]) -> str:
    plain = line.strip().casefold().replace("->", " to ").replace("%", "pct")
    plain = re.sub(r"[-−](?=\d)", " minus", plain).replace("+", " plus").replace(".", "_")
    plain = re.sub(r"[^\w]+", "-", plain).strip("-")[:_LONGEST_ID]
    name, number = plain, 2
    while name in taken:
        name, number = f"{plain}-{number}", number + 1
    return name


def _extended(tables: Tables, table: str, rows: list[dict[str, Any]]) -> pd.DataFrame:
    """A table with further rows; what they do not say is as where a file leaves it out."""
    frame = tables[table]
    blank = {
        column.name: column.default if column.default is not None else _missing(frame[column.name])
        for column in TABLES[table].columns
        if column.name in frame
    }
    more = pd.DataFrame([blank | row for row in rows]).reindex(columns=frame.columns)
    return pd.concat([frame, more.astype(frame.dtypes.to_dict())], ignore_index=True)


def _missing(values: pd.Series[Any]) -> Any:
    return "" if values.dtype == "str" else None
