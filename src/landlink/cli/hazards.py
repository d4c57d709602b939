"""``landlink hazards``: what may close or slow places, how often and for how long, and who says so."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import TYPE_CHECKING

import landlink as ll
from landlink.cli import arguments, printing
from landlink.cli.arguments import Verbs
from landlink.cli.program import command_line

if TYPE_CHECKING:
    from landlink.resilience.hazard_listing import ListedHazard
    from landlink.study import Scenario

#: Places and sources named in a line; the others are counted.
_NAMED = 4


def add_verb(verbs: Verbs) -> None:
    """Register ``hazards``."""
    parser = arguments.add_verb(
        verbs,
        "hazards",
        _hazards,
        summary="list the hazards of a study: how often, how long, where",
        description="List the hazards that may strike in a scenario: events a year with the interval that holds the\n"
        "rate with a probability of 80 %, what it was fitted to, season, duration and places. With --about\n"
        "or --full also recovery, groups and sources.",
        example="landlink hazards china-kyrgyzstan\nlandlink hazards china-kyrgyzstan --about torugart",
    )
    parser.add_argument("study", metavar="STUDY", help=arguments.STUDY_HELP)
    parser.add_argument("--scenario", metavar="ID", help="scenario whose places are in service (the study itself)")
    parser.add_argument("--year", metavar="YEAR", type=arguments.whole_number, help="year (that of the scenario)")
    parser.add_argument("--about", metavar="WORD", help="only hazards that name this in any way")
    parser.add_argument("--full", action="store_true", help="all that is known of each hazard")
    parser.add_argument("--language", metavar="LANGUAGE", default="en", help="language of names (en)")


def _hazards(args: argparse.Namespace) -> int:
    from landlink.resilience.hazard_listing import hazards_about, listed_hazards
    from landlink.resilience.hazards import hazards_of

    scenario = _scenario(args)
    every, idle = listed_hazards(scenario, args.language), hazards_of(scenario).idle
    found = hazards_about(every, args.about) if args.about else every
    if args.about and not found:
        allowed = "a word of `landlink hazards` without --about"
        raise ll.InputError(ll.Problem("--about", "no hazard names it", value=args.about, allowed=allowed))
    if args.json:
        listed = [asdict(one) for one in found]
        study = scenario.study.settings.id
        printing.say_json({"ok": True, "study": study, "year": scenario.year, "hazards": listed, "idle": dict(idle)})
        return 0
    if not every and not idle:
        printing.say("The study has no hazards: see  " + command_line("landlink", "tables", "hazard"))
        return 0
    if args.full or args.about:
        for number, one in enumerate(found):
            printing.say([*([""] if number else []), *_told(one)])
        printing.say()
    else:
        printing.say(_grid(found))
        printing.say()
        printing.say([f"{name} cannot strike: {reason}" for name, reason in idle.items()])
    which = f" of {len(every)}" if len(found) < len(every) else ""
    what = "hazard" if len(every) == 1 else "hazards"
    printing.say(f"{len(found)}{which} {what} in {scenario.year}")
    if not args.full and not args.about:
        printing.say("In full: " + command_line("landlink", "hazards", args.study, "--full"))
    return 0


def _scenario(args: argparse.Namespace) -> Scenario:
    study = ll.open_study(args.study)
    if args.scenario:
        named = study.scenario(args.scenario)
        return named if args.year is None else named.at(args.year)
    return study.at(study.settings.base_year if args.year is None else args.year)


def _grid(found: list[ListedHazard]) -> list[str]:
    headers = ("hazard", "cause", "events a year", "80 %", "from", "season", "days", "places")
    rows = [
        (
            one.id, one.cause.replace("_", " "), printing.rough(one.events_per_year), _interval(one), _basis(one),
            one.season, printing.rough(one.mean_days), _short_places(one),
        )
        for one in found
    ]  # fmt: skip
    return printing.grid(rows, headers=headers, right=(2, 6))


def _interval(one: ListedHazard) -> str:
    return f"{printing.rough(one.low)}–{printing.rough(one.high)}" if one.low < one.high else ""


def _basis(one: ListedHazard) -> str:
    if one.years_observed is None:
        return "stated"
    return f"{one.events_observed} in {printing.rough(one.years_observed)} years"


def _short_places(one: ListedHazard) -> str:
    keys = [place.partition(":")[2] for place in one.places]
    return _counted(keys, ", ")


def _counted(items: list[str], joint: str) -> str:
    rest = f" and {len(items) - _NAMED} more" if len(items) > _NAMED else ""
    return joint.join(items[:_NAMED]) + rest


def _recovery(one: ListedHazard) -> str:
    days = f"{printing.number(one.recovery_days)} days"
    if one.recovery_factor is None:
        return f"whole again after {days} more"
    return f"then {100 * one.recovery_factor:.0f} % of the capacity for {days}"


def _told(one: ListedHazard) -> list[str]:
    interval = f" ({_interval(one)})" if one.low < one.high else ""
    often = f"{printing.rough(one.events_per_year)} events a year{interval}, {_basis(one)}"
    lasts = f"{printing.rough(one.mean_days)} days"
    if one.shortest_days < one.longest_days:
        lasts += f" ({printing.rough(one.shortest_days)} to {printing.rough(one.longest_days)})"
    state = "closed" if one.capacity_factor == 0 else f"{100 * one.capacity_factor:.0f} % of the capacity"
    extras = [f"{one.extra_h:g} h more"] if one.extra_h else []
    extras += [f"{one.extra_usd_per_t:g} USD/t more"] if one.extra_usd_per_t else []
    extras += [_recovery(one)] if one.recovery_days else []
    lines = [
        f"{one.id}: {one.name}",
        f"  {one.cause.replace('_', ' ')}; {often}" + (f"; begins {one.season}" if one.season else ""),
        f"  {'; '.join([lasts, state, *extras])}",
    ]
    if one.group:
        lines.append(f"  struck by {100 * one.group_share:.0f} % of the events of the group {one.group}")
    named = [f"{place} ({name})" if name else place for place, name in one.places.items()]
    lines.append("  " + _counted(named, "; "))
    lines += [f"  {one.note}"] if one.note else []
    return lines + ([f"  sources: {_counted(list(one.sources), '; ')}"] if one.sources else [])
