"""``landlink hazards``: what may close or slow places, how often and for how long, and who says so."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import TYPE_CHECKING

import landlink as ll
from landlink.cli import arguments, printing
from landlink.cli.arguments import Verbs
from landlink.cli.program import command_line
from landlink.cli.reader_language import language_of

if TYPE_CHECKING:
    from landlink.cli.reader_language import ReaderLanguage
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
    arguments.add_languages(parser, "what is printed")


def _hazards(args: argparse.Namespace) -> int:
    from landlink.resilience.hazard_listing import hazards_about, listed_hazards
    from landlink.resilience.hazards import hazards_of

    scenario = _scenario(args)
    say = language_of(args, scenario.study.settings.languages)
    every, idle = listed_hazards(scenario, say.names), hazards_of(scenario).idle
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
        printing.say(say("no_hazards", command=command_line("landlink", "tables", "hazard")))
        return 0
    if args.full or args.about:
        for number, one in enumerate(found):
            printing.say([*([""] if number else []), *_told(say, one)])
        printing.say()
    else:
        printing.say(_grid(say, found))
        printing.say()
        printing.say([say("cannot_strike", name=name, reason=reason) for name, reason in idle.items()])
    printing.say(_count(say, len(found), len(every), scenario.year))
    if not args.full and not args.about:
        printing.say(say("in_full", command=command_line("landlink", "hazards", args.study, "--full")))
    return 0


def _count(say: ReaderLanguage, found: int, every: int, year: int) -> str:
    if found < every:
        return say("hazards_of_all", count=say.fixed(found), every=say.fixed(every), year=say.year(year))
    return say("hazard_in" if every == 1 else "hazards_in", count=say.fixed(every), year=say.year(year))


def _scenario(args: argparse.Namespace) -> Scenario:
    study = ll.open_study(args.study)
    if args.scenario:
        named = study.scenario(args.scenario)
        return named if args.year is None else named.at(args.year)
    return study.at(study.settings.base_year if args.year is None else args.year)


def _grid(say: ReaderLanguage, found: list[ListedHazard]) -> list[str]:
    heads = [
        *map(say, ("hazard", "cause", "events_a_year", "rate_interval")),
        *map(say, ("basis", "season", "days", "places")),
    ]  # fmt: skip
    rows = [
        (
            one.id, say.cause(one.cause), say.rough(one.events_per_year), _interval(say, one), _basis(say, one),
            one.season, say.rough(one.mean_days), _short_places(say, one),
        )
        for one in found
    ]  # fmt: skip
    return printing.grid(rows, headers=heads, right=(2, 6))


def _interval(say: ReaderLanguage, one: ListedHazard) -> str:
    return f"{say.rough(one.low)}–{say.rough(one.high)}" if one.low < one.high else ""


def _basis(say: ReaderLanguage, one: ListedHazard) -> str:
    if one.years_observed is None:
        return say("stated")
    return say("counted", events=say.fixed(one.events_observed or 0), years=say.rough(one.years_observed))


def _short_places(say: ReaderLanguage, one: ListedHazard) -> str:
    keys = [place.partition(":")[2] for place in one.places]
    return _counted(say, keys, "common.comma")


def _counted(say: ReaderLanguage, items: list[str], joint: str) -> str:
    named = say(joint).join(items[:_NAMED])
    return say("and_more", names=named, count=say.fixed(len(items) - _NAMED)) if len(items) > _NAMED else named


def _recovery(say: ReaderLanguage, one: ListedHazard) -> str:
    days = say.number(one.recovery_days)
    if one.recovery_factor is None:
        return say("whole_again", days=days)
    return say("reduced", share=say.fixed(100 * one.recovery_factor), days=days)


def _told(say: ReaderLanguage, one: ListedHazard) -> list[str]:
    rate, interval = say.rough(one.events_per_year), _interval(say, one)
    lasts = say("lasts", days=say.rough(one.mean_days))
    if one.shortest_days < one.longest_days:
        ends = say("security.ends", low=say.rough(one.shortest_days), high=say.rough(one.longest_days))
        lasts = say("common.with_note", value=lasts, note=ends)
    often = [
        say.cause(one.cause),
        say("often_between" if interval else "often", rate=rate, interval=interval, basis=_basis(say, one)),
        *([say("begins", season=one.season)] if one.season else []),
    ]
    lines = [
        f"{one.id}: {one.name}", f"  {say('common.list_separator').join(often)}",
        f"  {say('common.list_separator').join([lasts, *_state(say, one)])}",
    ]  # fmt: skip
    if one.group:
        lines.append("  " + say("struck", share=say.fixed(100 * one.group_share), group=one.group))
    named = [f"{place} ({name})" if name else place for place, name in one.places.items()]
    lines.append("  " + _counted(say, named, "common.list_separator"))
    lines += [f"  {one.note}"] if one.note else []
    sources = _counted(say, list(one.sources), "common.list_separator")
    return [*lines, *(["  " + say("sources", sources=sources)] if sources else [])]


def _state(say: ReaderLanguage, one: ListedHazard) -> list[str]:
    """State of the places, and how it ends."""
    closed = one.capacity_factor == 0
    told = [say("closed") if closed else say("capacity_left", share=say.fixed(100 * one.capacity_factor))]
    told += [say("extra_time", hours=say.plain(one.extra_h))] if one.extra_h else []
    told += [say("extra_money", money=say.plain(one.extra_usd_per_t))] if one.extra_usd_per_t else []
    return told + ([_recovery(say, one)] if one.recovery_days else [])
