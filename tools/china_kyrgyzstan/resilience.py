"""Tables ``hazard``, ``event`` and ``event_observed``: disruptions of the facts, chosen in ``resilience.toml``."""

from __future__ import annotations

import math
import statistics
import tomllib
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

from tools.china_kyrgyzstan.facts import read
from tools.china_kyrgyzstan.observations import fact_of
from tools.china_kyrgyzstan.quality import quality_of
from tools.china_kyrgyzstan.sources import Sources

Row = dict[str, Any]

_LANGUAGES: Final = ("ru", "zh", "ky", "ar")
#: Columns that an entry gives as they are.
_COPIED: Final = (
    "cause", "places", "events_per_year", "rate_spread", "season", "capacity_factor", "extra_h", "extra_usd_per_t",
    "recovery_days", "recovery", "recovery_factor", "group", "group_share",
)  # fmt: skip
#: Events that tell of the spread of a duration.
_ENOUGH: Final = 3


def build(facts: Path, sources: Sources, tables: dict[str, list[Row]]) -> dict[str, list[Row]]:
    """Rows of the three tables.

    Raises
    ------
    SystemExit
        An entry names a disruption that the facts do not have.
    """
    told = tomllib.loads((Path(__file__).parent / "resilience.toml").read_text("utf-8"))
    found = _Disruptions(read(facts, "disruptions.csv"), told, sources)
    posts = tomllib.loads((Path(__file__).parent / "border_posts.toml").read_text("utf-8"))
    phases = _Phases(found, posts["traffic"], tables["crossing"], sources)
    return {
        "hazard": [found.hazard(entry) for entry in told["hazard"]],
        "event": [row for entry in told["event"] for row in phases.of(entry)],
        "event_observed": [_observed(facts, entry, sources) for entry in told["observed"]],
    }


class _Disruptions:
    """The disruptions of the facts, and what is counted of them."""

    def __init__(self, rows: Sequence[Row], told: Row, sources: Sources) -> None:
        self._rows, self._told, self._sources = rows, told, sources

    def find(self, names: Sequence[str]) -> Row:
        """The disruption of a first day and event, and of a place where several have both."""
        start, event, *place = names
        for row in self._rows:
            if (row["start"], row["event"]) == (start, event) and row["place"] in (place or (row["place"],)):
                return row
        raise SystemExit(f"no disruption {', '.join(names)}")

    def cited(self, rows: Sequence[Row], *, ours: bool) -> str:
        titles = [row["source"] for row in rows] + ([self._told["source"]] if ours else [])
        return ";".join(dict.fromkeys(self._sources.add(title) for title in titles))

    def hazard(self, entry: Row) -> Row:
        """A row of ``hazard``."""
        counted = [self.find(names) for names in entry.get("counted", ())] + list(self._holidays(entry))
        lasted = [self.find(names) for names in entry.get("durations_of", ())] or counted
        median, spread = self._duration(entry, [float(row["duration_days"]) for row in lasted])
        cited = [*counted, *lasted, *self._estimate(entry)]
        window = self._told["windows"].get(entry.get("window", ""), {})
        rate = (
            {"events_observed": len(counted) + entry.get("also", 0), "years_observed": _years(window)} if window else {}
        )
        note = " ".join(text for text in (entry.get("note", ""), window.get("why", "")) if text)
        return {
            "hazard_id": entry["id"],
            **_names(entry),
            **{name: entry[name] for name in _COPIED if name in entry},
            **rate,
            "duration_days": f"{median:.3g}",
            "duration_spread": f"{spread:.2g}",
            "quality": "estimated",
            "source": self.cited(cited, ours=True),
            "note": note,
        }

    def _duration(self, entry: Row, lasted: Sequence[float]) -> tuple[float, float]:
        """Median and spread: geometric mean and deviation of the lengths of events, where three and more tell of it."""
        logs = [math.log(days) for days in lasted]
        spread = statistics.stdev(logs) if len(logs) > 1 else 0.0
        usual = 0.0 if len(logs) >= _ENOUGH else self._told["usual_spread"]
        median = math.exp(statistics.fmean(logs))
        return median, entry.get("spread", min(max(spread, usual), self._told["most_spread"]))

    def _holidays(self, entry: Row) -> Iterator[Row]:
        """All disruptions of a type that begin in the window."""
        if wanted := entry.get("counted_type"):
            window = self._told["windows"][entry["window"]]
            yield from (
                row
                for row in self._rows
                if row["type"] == wanted
                and window["begins"] <= row["start"] < window["ends"]
                and row["place"] != "Irkeshtam"  # the same days as at Torugart
            )

    def _estimate(self, entry: Row) -> Iterator[Row]:
        """The estimate of a frequency in the facts."""
        if names := entry.get("facts"):
            yield self._frequency(*names)

    def _frequency(self, event: str, place: str) -> Row:
        for row in self._rows:
            if (row["event"], row["place"], row["type"]) == (event, place, "frequency"):
                return row
        raise SystemExit(f"no frequency of {event} at {place}")


class _Phases:
    """Phases of events."""

    def __init__(self, found: _Disruptions, traffic: Sequence[Row], crossings: Sequence[Row], sources: Sources) -> None:
        self._found, self._traffic, self._sources = found, traffic, sources
        self._capacity = {
            row["crossing_id"]: float(row["capacity_vehicles_per_day"]) for row in crossings if row["family"] == "road"
        }

    def of(self, entry: Row) -> Iterator[Row]:
        """Rows of an event: of the quality of its disruptions, or estimated where a state is ours."""
        rows = [self._found.find(names) for names in entry["facts"]]
        for number, phase in enumerate(entry["phase"], 1):
            counted = self._counted(phase) if phase.get("traffic") else {}
            ours = any(name in phase for name in ("capacity_factor", "extra_h", "quality", "traffic"))
            guessed = ours or any(
                "estimated" in row["quality"] or quality_of(row["quality"], row["source"]) == "estimated"
                for row in rows
            )
            yield {
                "event_id": entry["id"],
                "phase": number,
                **_names(entry),
                "cause": entry["cause"],
                "hazard_id": entry["hazard"],
                **{
                    name: phase[name]
                    for name in ("places", "begins", "ends", "capacity_factor", "extra_h")
                    if name in phase
                },
                "quality": "estimated" if guessed else "published",
                "source": self._found.cited(rows, ours=ours),
                "note": phase.get("note", ""),
                **counted,
            }

    def _counted(self, phase: Row) -> Row:
        """Capacity of a post under a regime: the vehicles that passed, of those that it can handle."""
        post = phase["places"].partition(":")[2].partition("/")[0]
        row = next((row for row in self._traffic if (row["at"], row["from"]) == (post, phase["begins"])), None)
        if row is None:
            raise SystemExit(f"no traffic at {post} from {phase['begins']}")
        return {
            "capacity_factor": f"{row['two_way'] / self._capacity[post]:.3g}",
            "source": ";".join(self._sources.add(title) for title in row["source"]),
            "note": f"{row['two_way']:g} vehicles a day, over the capacity of {self._capacity[post]:g}. {row['note']}",
        }


def _observed(facts: Path, entry: Row, sources: Sources) -> Row:
    """A row of ``event_observed``."""
    fact = fact_of(facts, entry | {"id": entry["what"]})
    return {
        "event_id": entry["event"],
        "indicator": entry["indicator"],
        "begins": entry["period"][0],
        "ends": entry["period"][1],
        "what": entry["what"],
        "value": f"{fact['value'] * entry.get('scale', 1) / entry.get('days', 1):.6g}",
        "unit": entry.get("unit", "trucks/day"),
        "bound": entry.get("bound", ""),
        "quality": "measured" if "days" in entry and fact["quality"] == "published" else fact["quality"],
        "source": sources.add(fact["source"]),
        "note": " ".join(
            text for text in (entry.get("note", ""), f"Facts: {fact['note']}." if fact["note"] else "") if text
        ),
    }


def _names(entry: Row) -> Row:
    return {"name": entry["name"], "name_en": entry["name"]} | {
        f"name_{language}": name for language, name in zip(_LANGUAGES, entry["names"], strict=True)
    }


def _years(window: Row) -> str:
    days = date.fromisoformat(window["ends"]) - date.fromisoformat(window["begins"])
    return f"{days.days / 365.25:.4g}"
