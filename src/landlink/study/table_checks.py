"""Consistency checks of what many tables have: names of files, periods, and money."""

from __future__ import annotations

from collections.abc import Iterable

from landlink.core.currency import USD
from landlink.core.errors import Problem
from landlink.core.file_names import file_name_fault
from landlink.study.check_registry import looks_at
from landlink.tables.dates import decimal_year
from landlink.tables.frames import Tables, cells_of, texts
from landlink.tables.schemas import TABLES


@looks_at(**{table.name: "" for table in TABLES.values() if any(column.file_name for column in table.columns)})
def names_of_no_file(tables: Tables) -> Iterable[Problem]:
    """Find names after which files are named and which no file can have on every system."""
    for table in TABLES.values():
        for column in table.columns:
            for name in dict.fromkeys(texts(tables[table.name], column.name)) if column.file_name else ():
                parts = name.split("/") if column.file_name == "parts" else [name]
                if fault := next((fault for part in parts if (fault := file_name_fault(part))), ""):
                    message = f"the name {fault}, but files are named after it"
                    yield Problem(table.name, message, name, column.name, name, column.accepts)


@looks_at(
    link="open_from open_to",
    terminal="open_from open_to",
    crossing="open_from open_to",
    measure="open_from open_to",
    stage="open_from open_to",
    rule="open_from open_to",
    constant="open_from open_to",
)
def periods_that_never_come(tables: Tables) -> Iterable[Problem]:
    """Find rows and measures that end before they begin."""
    for name in ("link", "terminal", "crossing", "measure", "stage", "rule", "constant"):
        frame = tables[name]
        for i, (begin, end) in enumerate(cells_of(frame, "open_from", "open_to")):
            if begin and end and decimal_year(end) <= decimal_year(begin):
                yield Problem(
                    name, "open_to is not after open_from", str(frame[TABLES[name].key[0]].iat[i]),
                    "open_to", str(end), f"a date after {begin}, or empty",
                )  # fmt: skip


@looks_at(config="currency")
def other_money(tables: Tables) -> Iterable[Problem]:
    """Find a currency of tolls that is neither USD nor, since tolls in it are converted by now, that of the study."""
    for text in tables["config"]["currency"]:
        if text != USD:
            allowed = "USD, or the currency of study.toml"
            yield Problem("config", "unsupported currency", column="currency", value=str(text), allowed=allowed)
