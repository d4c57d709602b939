"""Tables ``measure`` and ``effect``: the projects of the facts, rules at borders and closures."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from tools.china_kyrgyzstan.facts import read
from tools.china_kyrgyzstan.measure_effects import Row, Tables, effect_rows
from tools.china_kyrgyzstan.quality import quality_of
from tools.china_kyrgyzstan.sources import Sources

_FILES = ("measures.toml", "rules.toml", "facilitation.toml", "green.toml", "recovery.toml")
_FACT_COLUMNS = ("fact", "id", "effects", "effect_note", "source", "quality", "note")
#: Stages in one word each; the facts say more in places.
_STAGES = {
    "opening 2025": "completed",
    "completing": "completed",
    "operating": "completed",
    "in stages": "under_construction",
    "preparatory": "planned",
    "stalled/planned": "planned",
    "agreement only": "planned",
}


def build(facts: Path, sources: Sources, tables: Tables) -> dict[str, list[Row]]:
    """Rows of ``measure`` and ``effect``; every project of the facts is there.

    Raises
    ------
    SystemExit
        When a project has no entry, or an entry names what the study does not have.
    """
    projects = {row["project_id"]: row for row in read(facts, "projects.csv")}
    measures: list[Row] = []
    effects: list[Row] = []
    for entry in _entries():
        project = projects.pop(entry["fact"]) if "fact" in entry else None
        measure = _measure(entry, project, sources)
        measures.append(measure)
        effects += _effects(entry, measure, tables)
    _exclude_both_ways(measures)
    if projects:
        raise SystemExit(f"projects without a measure: {', '.join(projects)}")
    return {"measure": measures, "effect": effects}


def _exclude_both_ways(measures: list[Row]) -> None:
    """Make exclusions between measures symmetric."""
    excluded = {row["measure_id"]: [name for name in row.get("excludes", "").split(";") if name] for row in measures}
    for row in measures:
        back = [other for other, names in excluded.items() if row["measure_id"] in names]
        row["excludes"] = ";".join(dict.fromkeys(excluded[row["measure_id"]] + back))


def _entries() -> list[dict[str, Any]]:
    here = Path(__file__).parent
    return [entry for name in _FILES for entry in tomllib.loads((here / name).read_text("utf-8"))["measure"]]


def _measure(entry: dict[str, Any], project: dict[str, str] | None, sources: Sources) -> Row:
    """One measure: the project in the facts, with the additions and corrections of the entry."""
    row: Row = _from_project(project) if project else {}
    row |= {key: value for key, value in entry.items() if key not in _FACT_COLUMNS}
    row["measure_id"] = entry["id"]
    row["name_en"] = row["name"]
    titles = entry.get("source", project["source"] if project else "Own what-if case, after no event")
    row["source"] = ";".join(sources.add(title) for title in titles.split("; ") if title)
    row["quality"] = quality_of(entry.get("quality", project["quality"] if project else "estimated"), titles)
    row["modelled"] = int("effects" in entry)
    row["note"] = " ".join(part for part in (_description(project), _note(entry, project)) if part)
    return row


def _from_project(project: dict[str, str]) -> Row:
    return {
        "name": project["name"],
        "kind": "project",
        "countries": project["countries"],
        "cost_musd": project["cost_musd"],
        "cost_year": project["cost_year"],
        "length_km": project["length_km"],
        "stage": _STAGES.get(project["status"], project["status"]),
    }


def _description(project: dict[str, str] | None) -> str:
    """The facts' own words, with what they say of capacity and years, in one sentence each."""
    if project is None:
        return ""
    parts = [
        project["description"],
        f"Capacity: {project['expected_capacity']}" if project["expected_capacity"] else "",
        f"Construction: {project['construction_years']}" if project["construction_years"] else "",
    ]
    return " ".join(part.rstrip(".") + "." for part in parts if part)


def _note(entry: dict[str, Any], project: dict[str, str] | None) -> str:
    if "note" in entry or "effects" in entry or project is None:
        return str(entry.get("note", ""))
    if project["mode"] == "energy":
        return "Not modelled: an energy project, without effect on freight."
    years = re.findall(r"\d{4}", project["construction_years"])
    return f"Not modelled: completed{' in ' + years[-1] if years else ''}, before the base year; the network holds it."


def _effects(entry: dict[str, Any], measure: Row, tables: Tables) -> list[Row]:
    """Effects of one measure; a size that follows from a rule is an estimate and carries the rule as its note."""
    note = entry.get("effect_note", "")
    rows: list[Row] = []
    for text in entry.get("effects", []):
        for row in effect_rows(text, tables):
            ruled = note if row["column"] else ""
            rows.append(
                {"measure_id": entry["id"], "source": measure["source"], "note": ruled}
                | {"quality": "estimated" if ruled else measure["quality"]}
                | row
            )
    return rows
