"""Codes and English names of currencies, from ISO 4217 as the package pycountry carries it."""

from __future__ import annotations

import csv
import json
import zipfile
from pathlib import Path
from typing import Final

from tools.downloads import PYCOUNTRY, fetch

TABLE: Final = Path(__file__).parents[2] / "src/landlink/core/currencies.csv"

#: Codes of the standard that are no money: metals, bonds, tests, and none.
NO_MONEY: Final = frozenset({"XAG", "XAU", "XPD", "XPT", "XBA", "XBB", "XBC", "XBD", "XTS", "XXX"})


def build() -> None:
    """Write the table of currencies."""
    with zipfile.ZipFile(fetch(PYCOUNTRY) / PYCOUNTRY.file) as archive:
        known = json.loads(archive.read("pycountry/databases/iso4217.json"))["4217"]
    rows = sorted((row["alpha_3"], row["name"]) for row in known if row["alpha_3"] not in NO_MONEY)
    with TABLE.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("code", "name"))
        writer.writerows(rows)
    print(f"{TABLE.name}: {len(rows)} currencies, {TABLE.stat().st_size / 1e3:.0f} kB")
