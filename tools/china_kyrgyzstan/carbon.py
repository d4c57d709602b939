"""Tables ``carrier``, ``grid``, ``fleet`` and ``handling``: what the region's vehicles run on, and what that emits."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from landlink.study.carbon_defaults import default_rows
from landlink.tables.frames import is_missing, records
from tools.china_kyrgyzstan.facts import read
from tools.china_kyrgyzstan.quality import quality_of
from tools.china_kyrgyzstan.sources import Sources

Row = dict[str, Any]

BASE_YEAR = 2023
WORLD = "*"
#: Carriers that the study uses or may come to use; the package has others.
CARRIERS = ("diesel", "lng", "electricity", "marine_gas_oil")


def build(facts: Path, sources: Sources, _: dict[str, list[Row]]) -> dict[str, list[Row]]:
    """Rows of the four tables."""
    choices = tomllib.loads((Path(__file__).parent / "carbon.toml").read_text("utf-8"))
    gathered = {row["item"]: row for row in read(facts, "emissions.csv")}
    own = sources.add("Own estimate for energy and emissions, from the figures gathered")
    return {
        "carrier": carrier_rows(facts, sources, choices["carrier"], own),
        "grid": grid_rows(gathered, sources, choices["grid"], own),
        "fleet": fleet_rows(gathered, sources, choices["fleet"], own),
        "handling": handling_rows(sources, choices["handling"], own),
    }


def carrier_rows(facts: Path, sources: Sources, choices: dict[str, Any], own: str) -> list[Row]:
    """The package's factors with the region's prices."""
    (diesel,) = (row for row in read(facts, "costs.csv") if (row["category"], row["item"]) == ("fuel price", "diesel"))
    prices = choices["price_usd_per_unit"] | {"diesel": float(diesel["value"])}
    titles = {row["source_id"]: row for row in records(default_rows("source"))}
    rows = []
    for row in records(default_rows("carrier")):
        if row["carrier_id"] in CARRIERS:
            cited = [titles[name] for name in row["source"].split(";") if name != "own"]
            of = [sources.add(s["title"], licence=s["licence"], url=s["url"], note=s["note"]) for s in cited]
            kept = {name: cell for name, cell in row.items() if not is_missing(cell) and cell != ""}
            rows.append(
                kept
                | {
                    "price_usd_per_unit": prices[row["carrier_id"]],
                    "quality": "estimated",
                    "source": ";".join([*of, own]),
                }
            )
    return rows


def grid_rows(gathered: dict[str, dict[str, str]], sources: Sources, choices: dict[str, Any], own: str) -> list[Row]:
    """Every country of the study by year, and the world for any other."""
    rows = []
    for country, path in choices["path"].items():
        base = _base_row(country, gathered, sources, choices, own)
        base |= {"loss_percent": _loss(country, gathered, choices["loss_percent"])}
        twh = choices["generation"]["twh"][country]
        rows.append(base | {"generation_gwh_per_year": round(twh * 1000, 1)})
        for number, year in enumerate(choices["years"]):
            growth = choices["generation"]["growth"][number]
            rows.append(
                base | {
                    "year": year, "g_per_kwh": path[number] if path else base["g_per_kwh"],
                    "generation_gwh_per_year": round(twh * 1000 * growth, 1), "quality": "estimated", "source": own,
                    "note": choices["path_note"] if path else choices["held_note"],
                }
            )  # fmt: skip
    world = choices["world"]
    return [
        *rows,
        *(
            {
                "country": WORLD,
                "year": year,
                "g_per_kwh": grams,
                "loss_percent": 8,
                "quality": "estimated",
                "source": own,
                "note": world["note" if year == BASE_YEAR else "path_note"],
            }
            for year, grams in zip((BASE_YEAR, *choices["years"]), world["g_per_kwh"], strict=True)
        ),
    ]


def _base_row(
    country: str, gathered: dict[str, dict[str, str]], sources: Sources, choices: dict[str, Any], own: str
) -> Row:
    common = {"country": country, "year": BASE_YEAR}
    generation = choices["generation"]["note"]
    if country in choices["recalled"]:
        note = f"{choices['here_note']} {generation}"
        return common | {"g_per_kwh": choices["recalled"][country], "quality": "estimated", "source": own, "note": note}
    working = choices["working"].get(country, "")
    fact = gathered[working or f"grid carbon intensity {country}"]
    said = f"{choices['working_note']} {fact['source']}." if working else f"Figure of {fact['year']}."
    return common | {
        "g_per_kwh": round(float(fact["value"]), 1), "quality": quality_of(fact["quality"], fact["source"]),
        "source": own if working else f"{sources.add(fact['source'])};{own}", "note": f"{said} {generation}",
    }  # fmt: skip


def _loss(country: str, gathered: dict[str, dict[str, str]], choices: dict[str, Any]) -> float:
    if country in choices["central_asia"]:
        return round(100 * (1 - 1 / float(gathered["T&D loss factor"]["value"])), 1)
    return float(choices[country])


def fleet_rows(gathered: dict[str, dict[str, str]], sources: Sources, choices: dict[str, Any], own: str) -> list[Row]:
    """Shares of drives by mode and country."""
    fact = gathered["fleet age uplift"]
    uplift, aged = float(fact["value"]), sources.add(fact["source"])
    rows = [
        {
            "mode": mode, "country": country, "year": year, "drive_id": drive, "share": share,
            "energy_factor": uplift if factor == "uplift" else factor, "quality": "estimated",
            "source": f"{own};{aged}" if factor == "uplift" else own, "note": note,
        }
        for mode, country, year, drive, share, factor, note in choices["rows"]
    ]  # fmt: skip
    young = {"mode": "road", "year": BASE_YEAR, "drive_id": "truck_diesel", "share": 1.0, "energy_factor": 1.0}
    young |= {"quality": "estimated", "source": own, "note": choices["young_note"]}
    return [*rows, *(young | {"country": country} for country in choices["young"])]


def handling_rows(sources: Sources, choices: dict[str, Any], own: str) -> list[Row]:
    """What a tonne needs at each kind of terminal."""
    lifts = sources.add("own estimate 3 l per container /22 t")
    return [
        {
            "mode_a": a,
            "mode_b": b,
            "carrier": carrier,
            "amount_per_t": amount,
            "quality": "estimated",
            "source": f"{own};{lifts}",
            "note": note,
        }
        for a, b, carrier, amount, note in choices["rows"]
    ]
