"""A short text and what was read from it, made by hand, for the tests of registers."""

from __future__ import annotations

import datetime as dt
import hashlib

import pandas as pd

from landlink.statement.clause import Clause, Quantity, Reading, Sentence
from landlink.statement.register import Register
from landlink.statement.register_records import Baseline, Entry, Outcome, Source, Suggestion, Target

TEXT = (
    "The two governments will raise traffic at the Gate to 120 trucks a day by 2030.\n"
    "They stressed the weight of friendship.\n"
    "The weather was fine.\n"
    "سيعزز الجانبان التعاون في النقل العابر.\n"
)
HASH = hashlib.sha256(TEXT.encode()).hexdigest()
WHO = "A. Reviewer"
TRUCKS = "crossing.trucks_per_day[GATE]"


def place(words: str) -> tuple[int, int]:
    start = TEXT.index(words)
    return start, start + len(words)


def reading() -> Reading:
    trucks, friendship, transit = (
        "raise traffic at the Gate to 120 trucks a day by 2030",
        "stressed the weight of friendship",
        ("سيعزز الجانبان التعاون في النقل العابر"),
    )
    number = place("120 trucks")
    lines = [(TEXT.index(line), TEXT.index(line) + len(line)) for line in TEXT.strip().split("\n")]
    clauses = (
        Clause(
            *place(trucks), trucks, 3, True, ("border_crossing", "road"), ("AAA", "BBB"),
            quantity=Quantity(120.0, "vehicles", *number, per="day", direction="at_least"),
            deadline=dt.date(2030, 12, 31),
            indicator="crossing.trucks_per_day[GATE]", flags=("missing_baseline",), sentence=0,
            rules={"strength": "cue.will", "indicator": "indicator.trucks", "hard": "cue.will"},
        ),
        Clause(*place(friendship), friendship, 1, False, ("politics",), ("AAA", "BBB"), sentence=1),
        Clause(
            *place(transit), transit, 3, True, ("transport_transit",), ("AAA", "BBB"), projects=("corridor",),
            flags=("anaphora",), sentence=3, rules={"projects": "anaphora.project"},
        ),
    )  # fmt: skip
    sentences = tuple(
        Sentence(*where, "ar" if number == 3 else "en", number != 2) for number, where in enumerate(lines)
    )
    return Reading(TEXT, HASH, "en", sentences, clauses, tuple(range(len(TEXT) + 1)))


def entry(identifier: str = "C1", **fields) -> Entry:
    words = fields.pop("words", "raise traffic at the Gate to 120 trucks a day by 2030")
    start, end = place(words)
    return Entry(identifier, start, end, **({"quote": words, "status": "accepted", "accepted_by": WHO} | fields))


def trucks(target: Target, indicator: str = TRUCKS, **fields) -> Entry:
    """An accepted clause whose indicator and target were suggested and accepted."""
    suggested = {"indicator": Suggestion(indicator, accepted_by=WHO), "target": Suggestion(target, accepted_by=WHO)}
    if "baseline" in fields:
        suggested["baseline"] = Suggestion(fields.pop("baseline"), accepted_by=WHO)
    return entry(strength=3, suggested=suggested, **fields)


def register(*entries: Entry, issued: dt.date | None = dt.date(2022, 2, 6)) -> Register:
    return Register(Source("en", HASH, len(TEXT), issued=issued), entries, ("AAA", "BBB"))


__all__ = ["HASH", "TEXT", "WHO", "Baseline", "Outcome", "Target", "entry", "place", "reading", "register", "trucks"]


def observed_frame(*rows: tuple[object, ...]) -> pd.DataFrame:
    """Observations as the table of a study holds them."""
    names = ("observed_id", "place", "period", "year", "value", "bound", "indicator", "scale", "quality")
    return pd.DataFrame([dict(zip(names, row, strict=True)) for row in rows])
