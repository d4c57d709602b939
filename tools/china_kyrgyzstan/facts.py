"""Read the gathered facts."""

from __future__ import annotations

import csv
from pathlib import Path


def read(facts: Path, name: str) -> list[dict[str, str]]:
    """Rows of one table of the facts, cells stripped."""
    with (facts / name).open(newline="", encoding="utf-8-sig") as file:
        return [{key: (value or "").strip() for key, value in row.items() if key} for row in csv.DictReader(file)]
