"""Green measures: fleets of corridors, renewable plants, and what measures cost."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, Final

from tools.china_kyrgyzstan.sources import Sources

Row = dict[str, Any]

#: Hours of a year, and grams of CO2e of a kilowatt-hour over the life of a plant.
_HOURS: Final = 8760
_LIFE_G: Final = {"hydro": 24, "solar": 48, "wind": 11}


def build(_: Path, sources: Sources, tables: dict[str, list[Row]]) -> dict[str, list[Row]]:
    """Rows of fleets, plants and costs; rows that others built stay.

    Raises
    ------
    SystemExit
        A plant or a cost names a measure that the study does not have.
    """
    green = tomllib.loads((Path(__file__).parent / "green.toml").read_text("utf-8"))
    measures = {row["measure_id"]: row for row in tables["measure"]}
    found = {
        "fleet": _fleet(green, sources, tables),
        "renewable": [_plant(entry, green, sources, measures) for entry in green["renewable"]],
        "investment": [row for entry in green["cost"] for row in _costs(entry, green, sources, measures)],
    }
    return {name: tables.get(name, []) + rows for name, rows in found.items()}


def _fleet(green: Row, sources: Sources, tables: dict[str, list[Row]]) -> list[Row]:
    """Fleets of corridors before measures: those of their countries, with a further drive that has no share yet."""
    source = sources.add(green["source_own"])
    rows = []
    for entry in green["fleet"]:
        for country in entry["countries"]:
            of_road = [row for row in tables["fleet"] if row["mode"] == "road"]
            named = [row for row in of_road if row["country"] == country] or [
                row for row in of_road if row["country"] == "*"
            ]
            here = {"country": country, "corridor_id": entry["corridor_id"]}
            rows += [row | here for row in named]
            if entry["drive"] not in {row["drive_id"] for row in named}:
                new = {"mode": "road", "year": named[0]["year"], "drive_id": entry["drive"], "share": 0.0}
                told = {"quality": "estimated", "source": source, "note": "For a measure to bring."}
                rows.append(new | here | {"energy_factor": 1.0} | told)
    return rows


def _plant(entry: Row, green: Row, sources: Sources, measures: dict[str, Row]) -> Row:
    """A plant: capacity factor from power and energy, life cycle by technology, sources of its measure."""
    name = entry.get("measure_id", entry["project_id"])
    if name not in measures:
        raise SystemExit(f"no measure {name} for the plant {entry['project_id']}")
    row = {key: value for key, value in entry.items() if key != "gwh"}
    own = [source for source in (measures[name]["source"], sources.add(green["source_life"])) if source]
    return row | {
        "measure_id": name,
        "capacity_factor": round(entry["gwh"] * 1000 / entry["mw"] / _HOURS, 4),
        "life_g_per_kwh": _LIFE_G[entry["technology"]],
        "status": "planned",
        "quality": "estimated",
        "source": ";".join(own),
    }


def _costs(entry: Row, green: Row, sources: Sources, measures: dict[str, Row]) -> list[Row]:
    """Construction and operation of a measure."""
    name = entry["measure_id"]
    if name not in measures:
        raise SystemExit(f"no measure {name} for a cost")
    titles = entry.get("source", green["source_own"])
    published = "source" in entry
    shared = {
        "measure_id": name, "payer": "operator" if measures[name]["kind"] == "policy" else "government",
        "price_year": entry["price_year"], "source": ";".join(sources.add(title) for title in titles.split("; ")),
    }  # fmt: skip
    begins, ends = entry["years"]
    construction = shared | {
        "item_id": "construction", "kind": "construction", "amount_musd": entry["construction"], "begins": begins,
        "ends": ends, "life_years": entry["life"], "quality": "published" if published else "estimated",
        "low": 0.7, "high": 1.5, "note": entry.get("note", ""),
    }  # fmt: skip
    if not entry.get("operation"):
        return [construction]
    operation = shared | {
        "item_id": "operation", "kind": "operation", "amount_musd": entry["operation"], "quality": "estimated",
        "low": 0.5, "high": 2.0, "source": sources.add(green["source_own"]), "note": "By the rules of green measures.",
    }  # fmt: skip
    return [construction, operation]
