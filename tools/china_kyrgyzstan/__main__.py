"""Write every table of the bundled study."""

from __future__ import annotations

import csv
import importlib
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from landlink.tables.schemas import TABLES
from tools.china_kyrgyzstan.domestic import demand_rows
from tools.china_kyrgyzstan.sources import Sources

STUDY = Path(__file__).parents[2] / "src/landlink/studies/china-kyrgyzstan"

#: Modules with ``build(facts, sources, tables) -> {table: rows}``; a later one sees the tables of the earlier ones.
PARTS = (
    "network", "crossings", "border_posts", "vehicles", "carbon", "maps", "demand", "trade_accounts", "domestic", "constants",
    "measures", "appraisal", "green",
    "parameters", "observed",
    "observations", "health", "resilience", "response",
)  # fmt: skip


def write(name: str, rows: Iterable[dict[str, Any]], folder: Path) -> None:
    """Write a table with its columns in the order of the schema, leaving out columns that are empty throughout."""
    rows = list(rows)
    table = TABLES[name]
    unknown = {column for row in rows for column in row} - set(table.by_name)
    if unknown:
        raise SystemExit(f"{name}: the schema has no column {', '.join(sorted(unknown))}")
    used = [c.name for c in table.columns if c.required or any(str(row.get(c.name, "")) != "" for row in rows)]
    with (folder / table.file_name).open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, used, restval="", extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def main(facts: Path, only: Iterable[str] = PARTS) -> None:
    """Build all parts and write them to the study's folder."""
    sources = Sources()
    tables: dict[str, list[dict[str, Any]]] = {}
    for part in only:
        tables |= importlib.import_module(f"tools.china_kyrgyzstan.{part}").build(facts, sources, tables)
    tables["source"] = sources.rows()
    STUDY.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        write(name, rows, STUDY)
        print(f"{name}: {len(rows)} rows")
    if "domestic_total" in tables:
        (STUDY / TABLES["demand_domestic"].file_name).unlink(missing_ok=True)
        rows = demand_rows()
        write("demand_domestic", rows, STUDY)
        print(f"demand_domestic: {len(rows)} rows")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit("usage: python -m tools.china_kyrgyzstan FACTS")
    main(Path(sys.argv[1]))
