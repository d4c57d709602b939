"""The events that ``landlink replay`` can replay."""

from __future__ import annotations

import argparse
from dataclasses import asdict

import landlink as ll
from landlink.cli import printing
from landlink.cli.program import command_line
from landlink.cli.reader_language import language_of

__all__ = ["list_events"]


def list_events(args: argparse.Namespace) -> int:
    """List the events that may be replayed."""
    from landlink.resilience.event_listing import listed_events

    given = {
        "--output": args.output, "--scenario": args.scenario, "--rules": args.rules or None, "--members": args.members,
        "--folder": args.folder, "--gap": args.gap, "--workers": args.workers, "--scheduler": args.scheduler,
    }  # fmt: skip
    if idle := [name for name, value in given.items() if value is not None]:
        raise ll.InputError(f"{' and '.join(idle)}: of a replay, which names its EVENT; without one, events are listed")
    study = ll.open_study(args.study)
    say = language_of(args, study.settings.languages)
    found = listed_events(study, say.names)
    if args.json:
        printing.say_json({"ok": True, "study": study.settings.id, "events": [asdict(one) for one in found]})
        return 0
    if not found:
        printing.say(say("no_events", command=command_line("landlink", "tables", "event")))
        return 0
    rows = [
        (
            one.id, one.name, one.begins.isoformat(), one.last.isoformat(), say.cause(one.cause),
            say.fixed(one.observed),
        )
        for one in found
    ]  # fmt: skip
    most = max(found, key=lambda one: one.observed)
    heads = ("event", "", "from_day", "last_day", "cause", "observations")
    printing.say(printing.grid(rows, headers=[say(one) if one else "" for one in heads], right=(5,)))
    printing.say()
    printing.say(say("next", command=command_line("landlink", "replay", args.study, most.id)))
    return 0
