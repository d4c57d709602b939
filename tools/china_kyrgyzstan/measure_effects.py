"""Convert the short notation of effects in ``measures.toml`` to rows of the table ``effect``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

Row = dict[str, Any]
Tables = dict[str, list[Row]]

_DIRECTED = re.compile(r"(?P<what>time|cost)(?:\[(?P<origin>[A-Z]{3})>(?P<destination>[A-Z]{3})\])?$")
#: Tables whose rows are named by their keys.
_BY_KEY = ("constant", "stage", "service", "arrival", "rule", "fleet", "renewable", "vehicle")
_COLUMN = {"time": "time_{}_h", "cost": "cost_{}_usd_per_vehicle"}


class Unknown(SystemExit):
    """An effect names an unknown row of the study."""


def effect_rows(text: str, tables: Tables) -> Iterator[Row]:
    """Rows of ``effect`` for one line, without the measure's identifier.

    Raises
    ------
    Unknown
        When the study has no such row.
    """
    table, rows, *rest = text.split()
    operation, value = (rest[0], "") if len(rest) == 1 else (rest[1], rest[2])
    column = "" if len(rest) == 1 else rest[0]
    if table in _BY_KEY:
        yield {"table": table, "row": rows, "column": column, "operation": operation, "value": value}
        return
    if table != "crossing":
        keys = _terminals(rows, tables) if table == "terminal" else _links(rows, tables)
        yield {"table": table, "row": ";".join(keys), "column": column, "operation": operation, "value": value}
        return
    yield from _crossing_rows(_crossings(rows, tables), column, operation, value)


def _crossing_rows(crossings: list[Row], column: str, operation: str, value: str) -> Iterator[Row]:
    """Effects on crossings; a direction is looked up in each, and crossings with the same answer share a row."""
    grouped: dict[tuple[str, str], list[str]] = {}
    for crossing in crossings:
        key = f"{crossing['crossing_id']}/{crossing['family']}"
        for name, content in _resolved(crossing, column, value):
            grouped.setdefault((name, content), []).append(key)
    for (name, content), keys in grouped.items():
        yield {
            "table": "crossing",
            "row": ";".join(dict.fromkeys(keys)),
            "column": name,
            "operation": operation,
            "value": content,
        }


def _resolved(crossing: Row, column: str, value: str) -> Iterator[tuple[str, str]]:
    """Column and value for one crossing, whose own sides say which way is ``ab``."""
    directed = _DIRECTED.match(column)
    if column == "directions":
        origin, destination = value.split(">")
        yield column, _direction(crossing, origin, destination)
    elif directed is None:
        yield column, value
    elif directed["origin"]:
        side = _direction(crossing, directed["origin"], directed["destination"])
        yield _COLUMN[directed["what"]].format(side), value
    else:
        for side in ("ab", "ba"):
            yield _COLUMN[directed["what"]].format(side), value


def _direction(crossing: Row, origin: str, destination: str) -> str:
    sides = (crossing["country_a"], crossing["country_b"])
    if sides == (origin, destination):
        return "ab"
    if sides == (destination, origin):
        return "ba"
    raise Unknown(f"{crossing['crossing_id']} does not lie between {origin} and {destination}")


def _links(rows: str, tables: Tables) -> list[str]:
    """Links by their identifier in the facts; a dual-gauge link has one for each gauge, which begin alike."""
    known = [row["link_id"] for row in tables["link"]]
    found: list[str] = []
    for wanted in rows.split(";"):
        matches = [link for link in known if link == wanted] or [x for x in known if x.startswith(wanted + "-")]
        if not matches:
            raise Unknown(f"no link {wanted}")
        found += matches
    return found


def _terminals(rows: str, tables: Tables) -> list[str]:
    """Terminals written as ``NODE:mode:mode``."""
    found: list[str] = []
    for wanted in rows.split(";"):
        node, *modes = wanted.split(":")
        matches = [
            row["terminal_id"]
            for row in tables["terminal"]
            if row["node_id"] == node and {row["mode_a"], row["mode_b"]} == set(modes)
        ]
        if not matches:
            raise Unknown(f"no terminal {wanted}")
        found += matches
    return found


def _crossings(rows: str, tables: Tables) -> list[Row]:
    """Crossings written as ``NODE``, ``NODE/family``, ``AAA-BBB/family`` or ``*/family``."""
    found: list[Row] = []
    for wanted in rows.split(";"):
        place, _, family = wanted.partition("/")
        matches = [row for row in tables["crossing"] if family in ("", row["family"]) and _is_at(row, place)]
        if not matches:
            raise Unknown(f"no crossing {wanted}")
        found += matches
    return found


def _is_at(crossing: Row, place: str) -> bool:
    if place == "*":
        return True
    if re.fullmatch(r"[A-Z]{3}-[A-Z]{3}", place):
        return {crossing["country_a"], crossing["country_b"]} == set(place.split("-"))
    return bool(place in (crossing.get("node_id"), crossing["crossing_id"]))
