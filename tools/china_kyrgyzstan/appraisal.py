"""Tables of appraisal: what measures cost and when, prices, exchange rates, carbon values, levies and safety."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from tools.china_kyrgyzstan.facts import read
from tools.china_kyrgyzstan.quality import quality_of
from tools.china_kyrgyzstan.sources import Sources

Row = dict[str, Any]
_MADE = ("measure", "item", "share", "mw", "capacity_factor", "usd_per_kwh", "source", "note")


def build(facts: Path, sources: Sources, tables: dict[str, list[Row]]) -> dict[str, list[Row]]:
    """Rows of all tables of appraisal."""
    choices = tomllib.loads((Path(__file__).parent / "appraisal.toml").read_text("utf-8"))
    measures = {row["measure_id"]: row for row in tables["measure"]}
    estimate = sources.add(choices["estimate"]["source"], note=choices["estimate"]["note"])
    return {
        "investment": [investment_row(item, measures[item["measure"]], sources, estimate) for item in choices["item"]],
        "cost_share": [row for split in choices["split"] for row in split_rows(split, sources)],
        "price_index": [row for one in choices["index"] for row in dated_rows(one, "index", sources)],
        "exchange_rate": [row for one in choices["rate"] for row in dated_rows(one, "units_per_usd", sources)],
        "carbon_value": carbon_rows(facts, choices["carbon"], sources),
        "levy": levy_rows(choices, sources),
        "safety": safety_rows(choices["safety"], sources),
    }


def investment_row(item: dict[str, Any], measure: Row, sources: Sources, estimate: str) -> Row:
    """One item; an amount that is the measure's own has its source and quality, all others are estimates."""
    row: Row = {"measure_id": item["measure"], "item_id": item["item"]}
    row |= {key: value for key, value in item.items() if key not in _MADE}
    note, of_measure = item.get("note", ""), ";".join(filter(None, (measure["source"], estimate)))
    row["source"] = f"{sources.add(item['source'])};{estimate}" if "source" in item else of_measure
    if "amount_musd" in item:
        row.setdefault("quality", "estimated")
    elif "amount_million" in item:
        row["quality"] = measure["quality"]
    elif "share" in item:
        amount = item["share"] * float(measure["cost_musd"])
        row |= {"amount_musd": round(amount, 3), "price_year": measure["cost_year"], "quality": "estimated"}
        note = f"{100 * item['share']:g} % of the cost of {float(measure['cost_musd']):,.10g} M USD. {note}"
    elif "mw" in item:
        gwh = item["mw"] * 8.76 * item["capacity_factor"]
        row |= {"amount_musd": round(gwh * item["usd_per_kwh"], 2), "quality": "estimated"}
        row.setdefault("price_year", measure.get("cost_year") or 2024)
        made = (
            f"{item['mw']:,} MW at {100 * item['capacity_factor']:.3g} % of the time make {gwh:,.0f} GWh a year, worth "
        )
        note = f"{made}{item['usd_per_kwh']:g} USD/kWh. {note}"
    else:
        row |= {"amount_musd": measure["cost_musd"], "price_year": measure["cost_year"], "quality": measure["quality"]}
    return row | {"note": note.strip(), "attribute_quality": "estimated"}


def split_rows(split: dict[str, Any], sources: Sources) -> list[Row]:
    """Agreed shares of measures."""
    common = {key: split[key] for key in ("debt_share", "debt_years", "interest_percent", "lender") if key in split}
    source = sources.add(split["source"])
    return [
        {
            "measure_id": measure,
            "country": country,
            "share": share,
            **common,
            "quality": "estimated",
            "source": source,
            "note": split["note"],
        }
        for measure in split["measures"]
        for country, share in split["shares"].items()
    ]


def dated_rows(series: dict[str, Any], column: str, sources: Sources) -> list[Row]:
    """A series of one currency by year."""
    source = sources.add(series["source"], licence=series.get("licence", ""), url=series.get("url", ""))
    return [
        {
            "currency": series["currency"],
            "year": series["first"] + i,
            column: value,
            "quality": series["quality"],
            "source": source,
            "note": series.get("note", ""),
        }
        for i, value in enumerate(series["values"])
    ]


def carbon_rows(facts: Path, choice: dict[str, Any], sources: Sources) -> list[Row]:
    """The shadow path: a value of the facts that grows."""
    (fact,) = (row for row in read(facts, "costs.csv") if row["item"] == choice["fact"])
    begins, value = int(fact["year"]), float(fact["value"])
    source = sources.add(fact["source"])
    return [
        {
            "kind": "shadow", "country": "*", "year": year, "price_year": begins, "low": choice["low"], "high": choice["high"],
            "usd_per_t": round(value * (1 + choice["growth_percent"] / 100) ** (year - begins), 2),
            "quality": quality_of(fact["quality"], fact["source"]), "source": source, "note": choice["note"],
        }
        for year in choice["years"]
    ]  # fmt: skip


def levy_rows(choices: dict[str, Any], sources: Sources) -> list[Row]:
    """Levies, a row for each country."""
    usual = choices["levies"]
    return [
        {
            "country": country,
            **{key: value for key, value in levy.items() if key not in ("countries", "source", "note")},
            "quality": "estimated", "source": sources.add(levy.get("source", usual["source"])),
            "note": levy.get("note", usual["note"]),
        }
        for levy in choices["levy"]
        for country in levy["countries"]
    ]  # fmt: skip


def safety_rows(choice: dict[str, Any], sources: Sources) -> list[Row]:
    """Casualties and what they are worth where they happen."""
    source = sources.add(choice["source"])
    rows = []
    for family in ("road", "rail"):
        for country, deaths in choice[family].items():
            life = choice["lives_per_head"] * choice["usd_per_head"][country]
            rows.append(
                {
                    "country": country, "family": family, "deaths_per_bn_vehicle_km": deaths,
                    "injuries_per_bn_vehicle_km": deaths * choice["injuries_per_death"], "usd_per_death": life,
                    "usd_per_injury": round(life * choice["injury_over_death"]), "price_year": choice["price_year"],
                    "low": choice["low"], "high": choice["high"], "quality": "estimated", "source": source,
                    "note": choice["note"],
                }
            )  # fmt: skip
    return rows
