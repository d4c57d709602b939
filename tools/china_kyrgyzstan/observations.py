"""Table ``observation``: what was counted and timed at the posts, chosen in ``observations.toml``."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from tools.china_kyrgyzstan.facts import read
from tools.china_kyrgyzstan.quality import quality_of
from tools.china_kyrgyzstan.sources import Sources

Row = dict[str, Any]


def build(facts: Path, sources: Sources, _: dict[str, list[Row]]) -> dict[str, list[Row]]:
    """Rows of ``observation`` with the figures of the facts."""
    told = tomllib.loads((Path(__file__).parent / "observations.toml").read_text("utf-8"))
    return {"observation": [_row(facts, choice, told["stages"], sources) for choice in told["observation"]]}


def _row(facts: Path, choice: Row, stages: dict[str, str], sources: Sources) -> Row:
    fact = fact_of(facts, choice)
    value = float(f"{fact['value'] * choice.get('scale', 1) / choice.get('days', 1):.6g}")
    low, high = choice.get("bounds") or [float(f"{value * part:.4g}") for part in choice.get("range", ())] or ["", ""]
    # What is computed from a published figure is measured.
    computed = "measured" if "days" in choice and fact["quality"] == "published" else fact["quality"]
    said = f"Facts: {fact['note']}." if fact["note"] else ""
    return {
        "observation_id": choice["id"],
        "crossing_id": ";".join(choice["at"]),
        "family": "road",
        "begins": choice["period"][0],
        "ends": choice["period"][1],
        "direction": choice.get("direction", "both"),
        "quantity": choice.get("quantity", "vehicles_per_day"),
        "stage_id": stages[choice["stages"]] if "stages" in choice else "",
        "value": f"{value:g}",
        "low": low,
        "high": high,
        "sample": choice.get("sample", ""),
        "load": choice.get("load", ""),
        "fitted": choice.get("fitted", 0),
        "contradicts": ";".join(choice.get("contradicts", ())),
        "quality": choice.get("quality", computed),
        "source": sources.add(fact["source"]),
        "note": " ".join(part for part in (choice.get("note", ""), said) if part),
    }


def fact_of(facts: Path, choice: Row) -> Row:
    """Value, source, quality and note: of the only row of the facts that has the wanted cells, or as written."""
    if "file" not in choice:
        return {"value": choice["value"], "source": choice["source"], "quality": choice["quality"], "note": ""}
    source, found = "", []
    for row in read(facts, choice["file"]):
        # "same" means the source of the row above.
        source = row["source"] = source if row["source"] == "same" else row["source"]
        whole = row.get("activity", "total") == "total"
        if whole and all(row[column] == cell for column, cell in choice["match"].items()):
            found.append(row)
    if len(found) != 1:
        raise SystemExit(f"{choice['id']}: {len(found)} rows of {choice['file']} fit {choice['match']}")
    value = found[0]["value"] if "value" in found[0] else found[0]["time_h"]
    quality = quality_of(found[0]["quality"], found[0]["source"])
    return {"value": float(value), "source": found[0]["source"], "quality": quality, "note": found[0]["note"]}
