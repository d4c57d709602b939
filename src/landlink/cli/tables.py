"""``landlink tables``: the tables, columns and settings of a study, and the tables of a result."""

from __future__ import annotations

import argparse
import shutil
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from landlink.cli import arguments, printing
from landlink.cli.arguments import Verbs
from landlink.cli.program import command_line
from landlink.core.errors import Problem, UnknownNameError, suggestion

if TYPE_CHECKING:
    from landlink.tables.column import Column, Table

#: Name that stands for the settings.
_SETTINGS: Final = "study.toml"
#: Width where output is no terminal, and the least that a column of sentences needs beside others.
_WIDTH: Final = 100
_LEAST: Final = 36


def add_verb(verbs: Verbs) -> None:
    """Register ``tables``."""
    parser = arguments.add_verb(
        verbs,
        "tables",
        _tables,
        summary="list the tables, columns and settings of a study",
        description="List the tables of a study, or the columns of one with their types, units, defaults and allowed\n"
        "values; with study.toml, the settings. With --results, the same for the tables of a result.",
        example="landlink tables\nlandlink tables crossing\nlandlink tables link.toll\nlandlink tables study.toml\n"
        "landlink tables --results crossing",
    )
    parser.add_argument(
        "name", metavar="NAME", nargs="?", help="a table, a column as TABLE.COLUMN, or study.toml (all tables)"
    )
    parser.add_argument("--results", action="store_true", help="tables of a result instead of those of a study")


def _tables(args: argparse.Namespace) -> int:
    known = _known(results=args.results)
    if args.name is None:
        if args.json:
            printing.say_json({"ok": True, "tables": [_table_facts(table) for table in known.values()]})
        else:
            _say_list(known, results=args.results)
        return 0
    shown = _named(args.name, known, results=args.results)
    if args.json:
        printing.say_json({"ok": True, "tables": [_table_facts(table) for table in shown]})
    else:
        for number, table in enumerate(shown):
            printing.say([*([""] if number else []), *_head(table, results=args.results), ""])
            printing.say(_column_lines(table.columns, _width()))
        _say_money(shown)
    return 0


def _known(*, results: bool) -> dict[str, Table]:
    if results:
        from landlink.tables.outputs import OUTPUTS

        return {name: output.table for name, output in OUTPUTS.items()}
    from landlink.tables.schemas import TABLES

    return dict(TABLES)


def _named(text: str, known: Mapping[str, Table], *, results: bool) -> list[Table]:
    """Tables that a name stands for: one, one with a single column, or the sections of the settings."""
    from dataclasses import replace

    if text in (_SETTINGS, "settings", "study") and not results:
        from landlink.tables.settings_schemas import SETTINGS

        return list(SETTINGS.values())
    plain = text.removesuffix(".csv").removesuffix(".parquet")
    name, _, column = (plain, "", "") if plain in known else plain.partition(".")
    if name not in known:
        raise UnknownNameError(_unknown_table(text, name, known, results=results))
    table = known[name]
    if not column:
        return [table]
    if column not in table.by_name:
        near = suggestion(column, list(table.by_name)) or f"a column that `landlink tables {name}` lists"
        raise UnknownNameError(Problem("", f"no such column of {name}", value=column, allowed=near))
    return [replace(table, columns=(table.by_name[column],))]


def _unknown_table(text: str, name: str, known: Mapping[str, Table], *, results: bool) -> Problem:
    """Say which tables have a similar name, or that it is one of the other kind, or a column of some."""
    message = "a result has no such table" if results else "a study has no such table"
    if name in _known(results=not results):
        where = "study" if results else "result"
        command = command_line("landlink", "tables", *([] if results else ["--results"]), name)
        return Problem("", f"{message}, but a {where} has: {command}", value=text)
    holders = [f"{table.name}.{name}" for table in known.values() if name in table.by_name]
    if holders:
        return Problem("", f"{message}; it is a column", value=text, allowed=", ".join(holders))
    names = [*known, *([] if results else [_SETTINGS])]
    return Problem("", message, value=text, allowed=suggestion(name, names) or ", ".join(names))


def _say_list(known: Mapping[str, Table], *, results: bool) -> None:
    rows = [
        (table.name, "required" if table.required and not results else "", str(len(table.columns)), table.meaning)
        for table in known.values()
    ]
    if not results:
        from landlink.tables.settings_schemas import SETTINGS

        count = sum(len(section.columns) for section in SETTINGS.values())
        rows.append((_SETTINGS, "required", str(count), "Settings of the study."))
    printing.say(_wrapped_grid(rows, ("table", "", "columns", "contents"), _width()))
    printing.say()
    flag = " --results" if results else ""
    printing.say(f"`landlink tables{flag} NAME` lists the columns of a table.")


def _head(table: Table, *, results: bool) -> list[str]:
    """Lines of name, file, status, meaning and key of a table."""
    from landlink.tables.settings_schemas import SETTINGS

    if table.name in SETTINGS:
        section = "" if table.name == "study" else f", {table.name}"
        return _filled(f"{_SETTINGS}{section}: {table.meaning}")
    status = "" if results else f" ({table.file_name}, {'required' if table.required else 'optional'})"
    key = f" A row is known by {' and '.join(table.key)}." if table.key else ""
    return _filled(f"{table.name}{status}: {table.meaning}{key}")


def _filled(text: str) -> list[str]:
    return textwrap.wrap(text, _width(), break_long_words=False, break_on_hyphens=False)


def _column_lines(columns: Sequence[Column], width: int) -> list[str]:
    rows = [(column.name, column.type, column.unit, _empty(column), _sentence(column)) for column in columns]
    return _wrapped_grid(rows, ("column", "type", "unit", "if empty", "meaning"), width)


def _empty(column: Column) -> str:
    from landlink.tables.descriptions import default_text

    return "required" if column.required else default_text(column) or "–"


def _sentence(column: Column) -> str:
    from landlink.tables.descriptions import allowed_values

    allowed = allowed_values(column)
    return f"{column.meaning} Allowed: {allowed}." if allowed else column.meaning


def _wrapped_grid(rows: Sequence[tuple[str, ...]], heads: tuple[str, ...], width: int) -> list[str]:
    """Lay out cells in columns, the last one wrapped to the width or, if there is no room, below the others."""
    short = [row[:-1] for row in (heads, *rows)]
    sizes = [max(len(row[place]) for row in short) for place in range(len(heads) - 1)]
    kept = [place for place, size in enumerate(sizes) if size]
    lead = sum(sizes[place] + 2 for place in kept)
    beside = width - lead >= _LEAST
    lines: list[str] = []
    for row in (heads, *rows):
        first = "".join(row[place].ljust(sizes[place] + 2) for place in kept)
        indent = " " * lead if beside else "    "
        text = textwrap.wrap(row[-1], width - len(indent), break_long_words=False, break_on_hyphens=False) or [""]
        if beside:
            lines += [(first + text[0]).rstrip(), *(indent + line for line in text[1:])]
        else:
            lines += [first.rstrip(), *(indent + line for line in text if row is not heads)]
    return lines


def _say_money(tables: Iterable[Table]) -> None:
    """Say that amounts can be given in the currency of the study, with an example from these tables."""
    from landlink.core.currency import Currency

    shilling = Currency("KES")
    columns = (column for table in tables for column in table.columns)
    names = (column.name for column in columns if shilling.unit_of(column.unit) != column.unit)
    if name := next((name for name in names if shilling.name_of(name) != name), ""):
        printing.say()
        printing.say(
            _filled(
                f"A study with its own currency can give amounts in it, {shilling.name_of(name)} in place of {name}"
                " if that is the Kenyan shilling."
            )
        )


def _width() -> int:
    return max(40, shutil.get_terminal_size((_WIDTH, 24)).columns)


def _table_facts(table: Table) -> dict[str, Any]:
    return {
        "name": table.name,
        "meaning": table.meaning,
        "required": table.required,
        "gmns": table.gmns,
        "key": table.key,
        "columns": [_column_facts(column) for column in table.columns],
    }


def _column_facts(column: Column) -> dict[str, Any]:
    names = (
        "name", "type", "unit", "required", "default", "minimum", "maximum", "above", "allowed", "references", "length",
        "meaning",
    )  # fmt: skip
    return {name: getattr(column, name) for name in names}
