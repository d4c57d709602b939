"""Codes of all countries, from ISO 3166-1, and their names in every language of landlink, from Unicode CLDR.

The codes are those of the package pycountry, the names those of the package Babel, which carries CLDR. The few names
where usage in transport and in the countries themselves differs from CLDR's are in ``NAMED_OTHERWISE``.
"""

from __future__ import annotations

import csv
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Final

from landlink.core.languages import LANGUAGES
from tools.downloads import BABEL, PYCOUNTRY, fetch

TABLE: Final = Path(__file__).parents[2] / "src/landlink/core/countries.csv"

#: Names that replace CLDR's, by alpha-2 code: official names for the two Congos, which CLDR tells apart by their
#: capitals; no second name in brackets; what the country calls itself in a language that is official there.
NAMED_OTHERWISE: Final[dict[str, dict[str, str]]] = {
    "CD": {
        "en": "Democratic Republic of the Congo",
        "ru": "Демократическая Республика Конго",
        "ky": "Конго Демократиялык Республикасы",
        "ar": "جمهورية الكونغو الديمقراطية",
        "fr": "République démocratique du Congo",
        "es": "República Democrática del Congo",
        "pt": "República Democrática do Congo",
    },
    "CG": {
        "en": "Republic of the Congo",
        "ru": "Республика Конго",
        "ky": "Конго Республикасы",
        "ar": "جمهورية الكونغو",
        "fr": "République du Congo",
        "es": "República del Congo",
        "pt": "República do Congo",
    },
    "KG": {"ru": "Кыргызстан"},
    "MM": {
        "en": "Myanmar",
        "ru": "Мьянма",
        "ky": "Мьянма",
        "ar": "ميانمار",
        "fr": "Myanmar",
        "es": "Myanmar",
        "pt": "Mianmar",
    },
    "PS": {
        "en": "Palestine",
        "ru": "Палестина",
        "zh": "巴勒斯坦",
        "ky": "Палестина",
        "ar": "فلسطين",
        "fr": "Palestine",
        "es": "Palestina",
        "pt": "Palestina",
    },
    "SZ": {"ky": "Эсватини"},
}
#: Not in ISO 3166-1, but in wide use under codes that the standard leaves to its users.
USER_ASSIGNED: Final = {"alpha2": "XK", "alpha3": "XKX", "numeric": ""}

#: What to ask of the packages; a process of its own reads them, so that neither needs to be installed.
_QUESTION: Final = """
import json, sys
import pycountry
from babel import Locale
languages = sys.argv[1:]
codes = [{"alpha2": c.alpha_2, "alpha3": c.alpha_3, "numeric": c.numeric} for c in pycountry.countries]
names = {language: dict(Locale.parse(language).territories) for language in languages}
json.dump({"codes": codes, "names": names}, sys.stdout)
"""


def build() -> None:
    """Write the table of countries."""
    known = _ask(fetch(BABEL, PYCOUNTRY))
    rows = []
    for codes in sorted([*known["codes"], USER_ASSIGNED], key=lambda row: row["alpha3"]):
        alpha2 = codes["alpha2"]
        other = NAMED_OTHERWISE.get(alpha2, {})
        names = {language: other.get(language) or known["names"][language].get(alpha2, "") for language in LANGUAGES}
        if missing := [language for language, name in names.items() if not name]:
            raise SystemExit(f"{alpha2}: no name in {', '.join(missing)}")
        rows.append({**codes, **{f"name_{language}": name for language, name in names.items()}})
    with TABLE.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    print(f"{TABLE.name}: {len(rows)} countries, {TABLE.stat().st_size / 1e3:.0f} kB")


def _ask(folder: Path) -> dict[str, dict[str, dict[str, str]]]:
    unpacked = folder / "unpacked"
    for package in (BABEL, PYCOUNTRY):
        with zipfile.ZipFile(folder / package.file) as archive:
            archive.extractall(unpacked)
    command = [sys.executable, "-c", _QUESTION, *LANGUAGES]
    answer = subprocess.run(command, check=True, capture_output=True, env={"PYTHONPATH": str(unpacked)})  # noqa: S603
    found: dict[str, dict[str, dict[str, str]]] = json.loads(answer.stdout)
    return found
