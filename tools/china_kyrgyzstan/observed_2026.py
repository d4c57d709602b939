"""Observations gathered in 2026 (``observations_2026.csv``): tolerances, grades and scales as that table states them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from tools.china_kyrgyzstan.facts import read
from tools.china_kyrgyzstan.observed_directions import direction_of

Row = dict[str, Any]

#: Part of the stated tolerance that is taken for the standard error, by the grade that opens the note.
_ERROR_OF_TOLERANCE: Final = {
    "A": (0.5, "half the tolerance stated with the figure (grade A)"),
    "B": (2 / 3, "two thirds of the tolerance stated with the figure (grade B)"),
}
_SCALE: Final = re.compile(r"[Ss]cale (\d+(?:\.\d+)?(?:e-\d+)?)")
#: Units of the facts that are a period's amount.
_UNITS: Final = {"Mt/month": "Mt", "Mt/year": "Mt", "t/truck": "t/vehicle", "t/crossing": "t/vehicle"}


def rows(facts: Path) -> Iterator[Row]:
    """Rows of ``observed`` without source identifier."""
    choices = tomllib.loads((Path(__file__).parent / "observed_2026.toml").read_text("utf-8"))
    for row in read(facts, "observations_2026.csv"):
        choice = choices.get(row["id"], {})
        value = float(choice.get("value", row["value"]))
        indicator = choice.get("indicator", re.sub(r"[()]", "", row["indicator"]))
        bound, tolerance = _tolerance(choice.get("tolerance", row["tolerance"]), value)
        grade = row["note"][0] if row["note"][:2] in ("A.", "B.") else "B"
        share, why = _ERROR_OF_TOLERANCE[grade]
        stated = {"stated_error": round(share * float(tolerance), 4), "stated_why": why} if tolerance != "" else {}
        yield {
            "id": f"further-{row['id'].lower()}",
            "what": choice.get("what", row["what"]),
            "heading": _heading(row["unit"]),
            "period": row["period"],
            "year": row["year"],
            "value": f"{value:g}",
            "unit": _UNITS.get(row["unit"], row["unit"]),
            "tolerance": tolerance if bound == "value" else choice.get("slack", ""),
            "bound": bound,
            "indicator": indicator,
            "scale": _scale(row["note"] + " ", choice),
            "scale_unit": choice.get("scale_unit", ""),
            "direction": direction_of(row["direction"], indicator),
            "note": " ".join(filter(None, (choice.get("note", ""), f"Counted: {row['scope']}. {row['note']}"))),
            "source_title": row["source"],
            "word": row["quality"],
            **stated,
            **{key: choice[key] for key in ("scope", "role", "to_year", "growth", "growth_why") if key in choice},
        }


def _heading(unit: str) -> str:
    return "Tonnes" if unit.startswith("Mt") else "Crossings" if unit.endswith("/day") else "Shares and loads"


def _tolerance(text: str, value: float) -> tuple[str, float | str]:
    """Bound and relative tolerance: "20%", "0.12" of a share itself, "upper bound", "-45% to +10%"."""
    if "bound" in text:
        return text.partition(" ")[0], ""
    if found := re.match(r"-(\d+)% to \+\d+%$", text):
        return "value", int(found[1]) / 100
    if text.endswith("%"):
        return "value", round(float(text[:-1]) / 100, 4)
    return "value", round(float(text) / value, 4)


def _scale(note: str, choice: Row) -> float | str:
    if "scale" in choice:
        return float(f"{choice['scale']:.6g}")
    found = _SCALE.search(note)
    return float(found[1]) if found else 1.0
