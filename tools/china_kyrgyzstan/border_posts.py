"""Tables of the posts between Kyrgyzstan and China stage by stage, written by hand in ``border_posts.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from tools.china_kyrgyzstan.facts import read
from tools.china_kyrgyzstan.quality import quality_of
from tools.china_kyrgyzstan.sources import Sources

Row = dict[str, Any]

POSTS: Final = {"Torugart": "TORU", "Irkeshtam": "IRKE"}
EVERYWHERE: Final = tuple(POSTS.values())
#: Closures before this day are outside the period of the rules.
FIRST_DAY: Final = "2019-01-01"


def build(facts: Path, sources: Sources, tables: dict[str, list[Row]]) -> dict[str, list[Row]]:
    """Build all tables of the posts, and set time zones and opening hours of ``crossing``."""
    told = tomllib.loads((Path(__file__).parent / "border_posts.toml").read_text("utf-8"))
    _open(tables["crossing"], told["crossing"])
    rules = [*told["rule"], *_traffic(told), *_closures(facts, told["closures"]), *_fitted(told)]
    return {
        "crossing": tables["crossing"],
        "vehicle_class": [_cited(row, sources) for row in told["vehicle_class"]],
        "stage": [_cited(row, sources) for row in _stages(told)],
        "service": [_cited(row, sources) for row in _services(told)],
        "arrival": [_cited(row, sources) for row in _arrivals(told["arrival"])],
        "rule": [_cited(row, sources) for row in map(_rule, _explained(rules, told["why"]))],
        "rule_effect": [_cited(row, sources) for row in _effects(_explained(rules, told["why"]))],
    }


def _cited(row: Row, sources: Sources) -> Row:
    return row | {"source": ";".join(sources.add(title) for title in row["source"])}


def _open(crossings: list[Row], hours: dict[str, Row]) -> None:
    for row in crossings:
        if row["family"] == "road":
            row.update(hours.get(row["crossing_id"], {}))


def _explained(rows: list[Row], why: dict[str, Row]) -> list[Row]:
    """Add shared provenance to rows."""
    return [
        {name: cell for name, cell in row.items() if name != "why"} | (why[row["why"]] if "why" in row else {})
        for row in rows
    ]


def _stages(told: Row) -> Iterator[Row]:
    for post in EVERYWHERE:
        for row in _explained(told["stage"], told["why"]):
            of_post = {name: cell[post] for name, cell in row.items() if isinstance(cell, dict)}
            yield {"crossing_id": post, "family": "road"} | row | of_post


def _services(told: Row) -> Iterator[Row]:
    for post in EVERYWHERE:
        for row in told["service"]:
            yield {"crossing_id": post, "family": "road", "direction": "both"} | row | told["service_why"]


def _arrivals(told: Row) -> Iterator[Row]:
    shared = {name: told[name] for name in ("hour_profile", "weekday_profile", "quality", "source", "note")}
    for post in EVERYWHERE:
        for row in told["rows"]:
            yield {"crossing_id": post, "family": "road"} | row | shared


def _traffic(told: Row) -> Iterator[Row]:
    """Rules that scale arrivals to the traffic of a period."""
    for row in told["traffic"]:
        factor = f"{row['two_way'] / told['arrival']['two_way']:.6g}"
        until = f" to {row['to']}" if "to" in row else ""
        yield {
            "rule_id": f"traffic-{row['at'].lower()}-{row['from']}",
            "name": f"Traffic from {row['from']}{until}: {row['two_way']:g} vehicles a day",
            "at": [row["at"]],
            "from": row["from"],
            "to": row.get("to", ""),
            "effects": [["arrival", "{post}/road", "vehicles_per_day", "multiply", factor]],
            "quality": "estimated",
            "source": row["source"],
            "note": row["note"],
        }


def _closures(facts: Path, told: Row) -> Iterator[Row]:
    """Closures of single days, as listed in the facts."""
    for row in read(facts, "disruptions.csv"):
        at = [POSTS[place.strip()] for place in row["place"].split(",") if place.strip() in POSTS]
        wanted = row["type"] in told["types"] or row["event"] in told["events"]
        if not wanted or not at or row["start"] < FIRST_DAY:
            continue
        after = (date.fromisoformat(row["end"]) + timedelta(days=1)).isoformat()
        days = row["start"] if row["end"] == row["start"] else f"{row['start']}/{row['end']}"
        name = "-".join(post.lower() for post in at)
        yield {
            "rule_id": f"closed-{name}-{row['start']}",
            "name": f"Closed {row['start']} to {row['end']}: {row['event'].lower()}",
            "at": at,
            "from": row["start"],
            "to": after,
            "effects": [["crossing", "{post}/road", "holidays", "set", days]],
            "quality": "estimated" if "date_estimated" in row["quality"] else quality_of(row["quality"], row["source"]),
            "source": [row["source"]],
            "note": told["note"],
        }


def _fitted(told: Row) -> Iterator[Row]:
    """Rules whose factors were fitted."""
    choices = tomllib.loads((Path(__file__).parent / "observations.toml").read_text("utf-8"))["observation"]
    names = " and ".join(choice["id"] for choice in choices if choice.get("fitted"))
    why = told["fitted_why"]
    for rule in told["fitted"]:
        effects = [[*effect, f"{rule['value']:g}"] for effect in rule["effects"]]
        yield rule | why | {"effects": effects, "note": why["note"].format(observations=names)}


def _rule(rule: Row) -> Row:
    return {
        "rule_id": rule["rule_id"],
        "name": rule["name"],
        "kind": rule.get("kind", "change"),
        "crossing_id": ";".join(rule["at"]),
        "parameters": rule.get("parameters", ""),
        "status": rule.get("status", ""),
        "open_from": rule.get("from", ""),
        "open_to": rule.get("to", ""),
        **_provenance(rule),
    }


def _effects(rules: list[Row]) -> Iterator[Row]:
    for rule in rules:
        for table, row, column, operation, value in rule["effects"]:
            rows = dict.fromkeys(row.format(post=post) for post in rule["at"])
            yield {
                "rule_id": rule["rule_id"],
                "table": table,
                "row": ";".join(rows),
                "column": column,
                "operation": operation,
                "value": value,
                **_provenance(rule),
            }


def _provenance(row: Row) -> Row:
    return {"quality": row["quality"], "source": row["source"], "note": row.get("note", "")}
