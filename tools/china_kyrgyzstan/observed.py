"""Table ``observed``: published figures, each with the indicator that should reproduce it."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from tools.china_kyrgyzstan import city_pairs, observed_2026, observed_tonnes
from tools.china_kyrgyzstan.facts import read
from tools.china_kyrgyzstan.fitted import FITTED
from tools.china_kyrgyzstan.observed_directions import direction_of
from tools.china_kyrgyzstan.observed_use import used
from tools.china_kyrgyzstan.periods import share_of_year, year_of
from tools.china_kyrgyzstan.quality import quality_of
from tools.china_kyrgyzstan.sources import Sources

Row = dict[str, Any]

#: CPMM's words for the two speeds.
_SPEEDS: Final = {"speed without delay": "speed_without_delay_kmh", "speed with delay": "speed_with_delay_kmh"}
_CPMM_NOTE: Final = (
    "CAREC samples trips on its six corridors; the indicator weights all freight of the study by its km."
)
_DAYS_PER_HOUR: Final = 1 / 24
#: Columns of a row that only help to make the table.
_WORKING: Final = {"stated_error", "stated_why", "growth", "growth_why"}


def build(facts: Path, sources: Sources, tables: dict[str, list[Row]]) -> dict[str, list[Row]]:
    """Rows of ``observed``, each with an identifier made of its words."""
    choices = tomllib.loads((Path(__file__).parent / "observed.toml").read_text("utf-8"))
    rows = [
        *_checks(facts, choices["check"]),
        *_counts(facts, choices["count"]),
        *_speeds(facts),
        *observed_tonnes.rows(facts),
        *_journeys(facts, choices["journey"]),
        *city_pairs.rows(facts, tables["link"]),
        *observed_2026.rows(facts),
        *_claims(choices["claim"]),
    ]
    taken: set[str] = set()
    return {"observed": [_finished(row, sources, taken) for row in rows]}


def _finished(row: Row, sources: Sources, taken: set[str]) -> Row:
    """A row with identifier, source and quality."""
    row = dict(row)
    title, word = row.pop("source_title"), row.pop("word")
    identifier = row.pop("id", "") or _slug(f"{row['what']} {row.get('period', '')} {row.get('unit', '')}")
    number, unique = 2, identifier
    while unique in taken:
        unique, number = f"{identifier}-{number}", number + 1
    taken.add(unique)
    # What the facts add to a unit, such as "each way", the title says too.
    row["unit"] = str(row.get("unit", "")).removesuffix(" each way")
    row |= {"observed_id": unique, "source": sources.add(title), "quality": quality_of(word, title)}
    return {name: value for name, value in used(row).items() if name not in _WORKING}


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.replace("–", "-")).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", plain))


def _checks(facts: Path, choices: dict[str, Row]) -> Iterator[Row]:
    """Every row of ``check_points.csv``."""
    for row in read(facts, "check_points.csv"):
        choice = choices[row["id"]]
        remarks = (row["note"], row["related_to"])
        notes = (
            choice.get("note", ""),
            f"An input of the demand: {FITTED[row['id']]}." if row["id"] in FITTED else "",
            f"Why it matters: {row['why']}.",
            f"Facts: {'; '.join(remark for remark in remarks if remark)}." if any(remarks) else "",
        )
        yield {
            "id": f"check-{row['id'].lower()}",
            "what": row["what"],
            "heading": "Check points",
            "place": row["group"],
            "period": row["year"],
            "year": year_of(row["year"]),
            "value": row["value"],
            "unit": row["unit"],
            "tolerance": choice.get("tolerance", _tolerance(row["tolerance"])),
            "bound": "lower" if row["tolerance"] == "lower bound" else "value",
            "indicator": choice.get("indicator", ""),
            "scale": _scale(choice, row["year"]),
            "scale_unit": choice.get("scale_unit", ""),
            "role": "input" if row["id"] in FITTED else "",
            "note": " ".join(note for note in notes if note),
            "source_title": row["source"],
            "word": row["quality"],
        }


def _tolerance(text: str) -> float | str:
    return round(float(text.rstrip("%")) / 100, 4) if text.endswith("%") else ""


def _scale(choice: Row, period: str) -> float | str:
    if not choice.get("indicator"):
        return ""
    return float(f"{choice.get('scale', 1.0) * (share_of_year(period) if choice.get('year_share') else 1.0):.6g}")


def _counts(facts: Path, choices: list[Row]) -> Iterator[Row]:
    """Chosen rows of the two tables of traffic at crossings; guesses of the facts are no observations and left out."""
    for choice in choices:
        row = _matching(facts, choice["file"], choice["match"])
        place, what = row.get("bcp") or row["crossing"], row.get("metric") or row["what"]
        detail = row.get("scope") or row["direction"]
        yield {
            "what": f"{place}: {what}, {detail}" if detail else f"{place}: {what}",
            "heading": "Crossings",
            "place": place,
            "period": row["period"],
            "year": choice.get("year", year_of(row["period"])),
            "value": row["value"],
            "unit": row["unit"],
            "bound": choice.get("bound", "value"),
            "indicator": choice.get("indicator", ""),
            "direction": direction_of(row.get("direction", ""), choice.get("indicator", "")),
            "scale": _scale(choice, row["period"]),
            "scale_unit": choice.get("scale_unit", ""),
            "note": _note(choice, row),
            "source_title": row["source"],
            "word": row["quality"],
        }


def _note(choice: Row, row: dict[str, str]) -> str:
    return " ".join(part for part in (choice.get("note", ""), f"Facts: {row['note']}." if row["note"] else "") if part)


def _journeys(facts: Path, choices: list[Row]) -> Iterator[Row]:
    """Chosen rows of times, distances and rates from door to door."""
    for choice in choices:
        row = _matching(facts, "transit_times_rates.csv", choice["match"])
        scale = choice.get("scale", _DAYS_PER_HOUR if row["unit"] == "days" else 1.0)
        yield {
            "what": f"{row['route']}, {row['mode']}: {row['metric']}",
            "heading": "Journeys",
            "place": row["route"],
            "period": row["period"],
            "year": choice.get("year", year_of(row["period"]) or ""),
            "value": row["value"],
            "unit": row["unit"],
            "bound": choice.get("bound", "value"),
            "indicator": choice["indicator"],
            "scale": float(f"{scale:.6g}"),
            "scale_unit": choice.get("scale_unit", ""),
            "note": _note(choice, row),
            "source_title": row["source"],
            "word": row["quality"],
        }


def _matching(facts: Path, name: str, wanted: dict[str, str]) -> dict[str, str]:
    """First row of a table that has the wanted cells and covers the whole of its route or place."""
    source = ""
    for row in read(facts, name):
        # "same" means the source of the row above.
        source = row["source"] = source if row["source"] == "same" else row["source"]
        if all(row[column] == cell for column, cell in wanted.items()) and row.get("leg", "whole") == "whole":
            return row
    raise SystemExit(f"{name}: no row with {wanted}")


def _claims(choices: list[Row]) -> Iterator[Row]:
    """Claims about measures, which reports compare across scenarios."""
    for claim in choices:
        yield claim | {"heading": "Claims", "source_title": claim["source"], "word": claim["quality"]}


def _speeds(facts: Path) -> Iterator[Row]:
    """CPMM's speeds by country and year, road and rail."""
    for row in read(facts, "costs.csv"):
        family = row["category"].removeprefix("speed ")
        if not row["category"].startswith("speed ") or row["item"] not in _SPEEDS:
            continue
        area = "ALL" if row["place"] == "CAREC" else row["place"]
        yield {
            "what": f"{row['item'].capitalize()}, {family}, {row['place']}",
            "heading": "Speeds",
            "place": row["place"],
            "period": row["year"],
            "year": row["year"],
            "value": row["value"],
            "unit": "km/h",
            "indicator": f"country.{_SPEEDS[row['item']]}[{area},{family}]",
            "note": _CPMM_NOTE,
            "source_title": row["source"],
            "word": row["quality"],
        }
