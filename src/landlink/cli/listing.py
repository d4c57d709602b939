"""``landlink scenarios`` and ``landlink measures``: what a study can be asked about."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import TYPE_CHECKING

import landlink as ll
from landlink.cli import arguments, printing
from landlink.cli.arguments import Verbs
from landlink.cli.program import command_line

if TYPE_CHECKING:
    from landlink.study.measure_listing import ListedMeasure


def add_verbs(verbs: Verbs) -> None:
    """Register ``scenarios`` and ``measures``."""
    parser = arguments.add_verb(
        verbs,
        "scenarios",
        _scenarios,
        summary="list the scenarios of a study",
        description="List the scenarios that a study defines: year, title, and the measures that each applies.",
        example="landlink scenarios china-kyrgyzstan\nlandlink scenarios china-kyrgyzstan --language ru",
    )
    _add_study(parser)
    parser = arguments.add_verb(
        verbs,
        "measures",
        _measures,
        summary="list the measures of a study, and what each changes",
        description="List the measures of a study: when each comes into force, what it costs, and what it changes.",
        example="landlink measures china-kyrgyzstan --about torugart\nlandlink measures my-study --language zh",
    )
    _add_study(parser)
    parser.add_argument(
        "--about", metavar="WORD", help="only measures that name this in identifier, title or the places they change"
    )


def _add_study(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("study", metavar="STUDY", help=arguments.STUDY_HELP)
    parser.add_argument("--language", metavar="LANGUAGE", default="en", help="language of titles and names (en)")


def _scenarios(args: argparse.Namespace) -> int:
    study = ll.open_study(args.study)
    scenarios = study.settings.scenarios
    titles = [one.names.get(args.language, one.title) for one in scenarios]
    if args.json:
        found = [
            {"id": one.id, "year": one.year, "title": title, "measures": list(one.apply)}
            for one, title in zip(scenarios, titles, strict=True)
        ]
        printing.say_json({"ok": True, "study": study.settings.id, "scenarios": found})
        return 0
    if not scenarios:
        printing.say("The study defines no scenarios.")
        year = study.settings.base_year
        printing.say("Next: " + command_line("landlink", "run", args.study, "--year", year))
        return 0
    rows = [(one.id, str(one.year), title) for one, title in zip(scenarios, titles, strict=True)]
    printing.say(printing.grid(rows, headers=("scenario", "year", "title"), right=(1,)))
    printing.say()
    for one in scenarios:
        printing.say(f"{one.id} applies {', '.join(one.apply) or 'no measures'}")
    printing.say("Next: " + command_line("landlink", "run", args.study, "--scenario", scenarios[-1].id))
    return 0


def _measures(args: argparse.Namespace) -> int:
    from landlink.study.measure_listing import measures_about, measures_of

    study = ll.open_study(args.study)
    every = measures_of(study, args.language)
    found = measures_about(every, args.about) if args.about else every
    if args.about and every and not found:
        places = sorted({text for one in every for text in (one.id, *one.places)})
        problem = ll.Problem("--about", "no measure names it", value=args.about)
        raise ll.InputError(_with_hint(problem, args.about, places))
    if args.json:
        printing.say_json({"ok": True, "study": study.settings.id, "measures": [asdict(one) for one in found]})
        return 0
    for number, one in enumerate(found):
        printing.say([*([""] if number else []), *_told(one)])
    which = f" of {len(every)}" if len(found) < len(every) else ""
    printing.say(["", f"{len(found)}{which} measures"])
    if found:
        named = [one for one in study.settings.scenarios if found[0].id not in one.apply]
        # The first scenario of the latest year is what measures are added to.
        latest = max(named, key=lambda one: one.year, default=None)
        where = ("--scenario", latest.id) if latest else ("--year", study.settings.years[-1])
        printing.say("Next: " + command_line("landlink", "run", args.study, *where, "--apply", found[0].id))
    return 0


def _with_hint(problem: ll.Problem, word: str, known: list[str]) -> ll.Problem:
    from dataclasses import replace

    from landlink.core.errors import suggestion

    return replace(problem, allowed=suggestion(word, known) or "a word of `landlink measures` without --about")


def _told(one: ListedMeasure) -> list[str]:
    facts = [one.kind]
    facts += [f"from {one.open_from}"] if one.open_from else []
    facts += [f"{printing.number(one.cost_musd)} million USD"] if one.cost_musd is not None else []
    facts += [f"{printing.number(one.running_usd_per_day)} USD a day while it works"] if one.running_usd_per_day else []
    facts += [f"needs {', '.join(one.requires)}"] if one.requires else []
    facts += [f"not with {', '.join(one.excludes)}"] if one.excludes else []
    lines = [f"{one.id}: {one.title}", f"  {'; '.join(facts)}"]
    return lines + [f"  {line}" for line in one.changes or ("changes nothing: it has no effects",)]
