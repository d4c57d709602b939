"""What the bundled study knows of hazards and events, as Markdown: ``python -m tools.hazards``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import landlink as ll
from landlink.cli.printing import rough
from landlink.resilience.event_phases import Event, event_of
from landlink.resilience.hazard_listing import ListedHazard, listed_hazards
from landlink.study import Scenario
from tools.markdown import grid

#: A year in which all places of hazards are in service.
YEAR: Final = 2030
_HEADS: Final = ("hazard", "events a year", "80 %", "from", "season", "days")


def report() -> Iterator[str]:
    """Lines: frequencies, then events."""
    scenario = ll.open_study("china-kyrgyzstan").at(YEAR)
    yield from ("### Frequencies", "")
    yield from grid(_HEADS, map(_frequency, listed_hazards(scenario)), right=(1, 5))
    yield from ("", "### Events", "")
    names = dict.fromkeys(scenario.study.tables["event"]["event_id"])
    events = [event_of(scenario, name) for name in names]
    yield from grid(("event", "from", "to", "phases", "places"), (_event(one, scenario) for one in events), right=(3,))


def _frequency(one: ListedHazard) -> tuple[str, ...]:
    basis = "estimate" if one.years_observed is None else f"{one.events_observed} in {rough(one.years_observed)} years"
    days = rough(one.mean_days)
    interval = f"{rough(one.low)}–{rough(one.high)}"
    return f"`{one.id}`", rough(one.events_per_year), interval, basis, one.season, days


def _event(one: Event, scenario: Scenario) -> tuple[str, ...]:
    frame = scenario.study.tables["event"]
    phases = int((frame["event_id"] == one.id).sum())
    places = dict.fromkeys(place.row for piece in one.pieces for place in piece.shock.disturbances)
    begins, ends = one.pieces[0].begins, one.pieces[-1].ends
    return f"`{one.id}`", begins.isoformat(), ends.isoformat(), str(phases), ", ".join(places)


if __name__ == "__main__":
    print("\n".join(report()))
