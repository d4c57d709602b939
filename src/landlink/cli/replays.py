"""``landlink replay``: how an event is borne, beside what was observed."""

from __future__ import annotations

import argparse
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import landlink as ll
from landlink.cli import arguments, printing
from landlink.cli.arguments import Verbs
from landlink.cli.compiling import compile_for_study, showing_compilation
from landlink.cli.event_listing import list_events
from landlink.cli.outputs import add_output, checked_output
from landlink.cli.pools import add_pool, check_pool, opened_pool
from landlink.cli.reader_language import language_of
from landlink.trade.modes import TRADE_MODES

if TYPE_CHECKING:
    import pandas as pd

    from landlink.cli.reader_language import ReaderLanguage
    from landlink.core.currency import Currency
    from landlink.resilience.replay import Replay
    from landlink.resilience.replay_observed import ObservedBeside
    from landlink.study import Study
    from landlink.study.study import Scenario

_MILLION = 1e6
#: Crossings that are listed.
_CROSSINGS = 6
#: Days from which a part of the course is shown: shorter ones would read as 0.
_SHORTEST = 0.5


def add_verbs(verbs: Verbs) -> None:
    """Register ``replay``."""
    parser = arguments.add_verb(
        verbs,
        "replay",
        _replay,
        summary="put an event through the equilibrium, beside what was observed",
        description="Put an event of the study through the equilibrium of a scenario, phase by phase: what passes,\n"
        "what waits and when it has cleared, what it costs whom, and what was observed beside it.\n"
        "Without EVENT, list the events of the study.",
        example="landlink replay china-kyrgyzstan\nlandlink replay china-kyrgyzstan kazakh-unrest-2022\n"
        "landlink replay china-kyrgyzstan pandemic-kg-cn-2020 --trade elastic --rules -o replay.csv\n"
        "landlink replay my-study flood-2021 --language ru -o replay.xlsx\n"
        "landlink replay china-kyrgyzstan kazakh-unrest-2022 --members 8",
    )
    parser.add_argument("study", metavar="STUDY", help=arguments.STUDY_HELP)
    parser.add_argument("event", metavar="EVENT", nargs="?", help="event of the study (without one, all are listed)")
    parser.add_argument("--scenario", metavar="NAME", help="scenario of the study (its base year without measures)")
    parser.add_argument(
        "--trade", choices=TRADE_MODES, default="fixed",
        help="how demand responds to the costs of each phase: not at all, by elasticities, or in general equilibrium"
        " of trade (fixed)",
    )  # fmt: skip
    parser.add_argument(
        "--rules", action="store_true",
        help="simulated crossings pass what the border rules of those days let pass, instead of what phases state",
    )  # fmt: skip
    group = parser.add_argument_group("effort")
    group.add_argument(
        "--members", metavar="N", type=arguments.positive_integer,
        help="members of the posterior ensemble that replay it too, for intervals (none)",
    )  # fmt: skip
    group.add_argument("--folder", metavar="DIR", type=Path, help="folder in which finished members are kept")
    group.add_argument("--gap", metavar="G", type=arguments.positive_number, help="relative gap of each solve")
    add_pool(group)
    add_output(
        parser, help="file to write: .csv, .parquet or .xlsx with course, totals, countries, crossings, observations"
    )
    arguments.add_languages(parser, "what is printed and of workbooks")


def _replay(args: argparse.Namespace) -> int:
    from landlink.resilience.files import REPLAY_FILE

    if args.event is None:
        return list_events(args)
    check_pool(args)
    _check_members(args)
    if args.output:
        checked_output(args, args.output, REPLAY_FILE)
    study = ll.open_study(args.study)
    say = language_of(args, study.settings.languages)  # one that it does not know is refused before anything is solved
    with showing_compilation() as progress, opened_pool(args) as pool:
        compile_for_study(study, progress)
        found = ll.replay(
            source_of(study, args.scenario),
            args.event,
            trade=args.trade,
            rules=args.rules,
            members=args.members,
            workers=pool,
            folder=args.folder,
            options=ll.SolverOptions(relative_gap=args.gap),
            progress=progress,
        )
    if args.output:
        found.save(args.output, language=say.names, force=args.force)
    if args.json:
        written = {"written": args.output.resolve()} if args.output else {}
        printing.say_json(
            {"ok": True, **written, "event": args.event, "trade": args.trade, "rows": rows_of(found.table)}
        )
        return 0
    _say_replay(say, found, study.settings.money)
    printing.say(say("wrote", path=args.output) if args.output else say("add_replay"))
    return 0


def _check_members(args: argparse.Namespace) -> None:
    """Refuse options of members where none are asked for."""
    given = {"--folder": args.folder, "--workers": args.workers, "--scheduler": args.scheduler}
    if args.members is None and (idle := [name for name, value in given.items() if value is not None]):
        raise ll.InputError(f"{' and '.join(idle)}: of members, which --members N asks for")


def _say_replay(say: ReaderLanguage, found: Replay, currency: Currency) -> None:
    money, factor = million_of(say, currency)
    name, demand = say.name(found.table.iloc[0].to_dict(), "what"), say(f"demand_{found.trade}")
    printing.say(say("replay_head", name=name, cause=say.cause(found.event.cause), demand=demand))
    printing.say()
    if found.event.idle:
        idle = say.list(f"{one.table}:{one.key}" for one in found.event.idle)
        printing.say(say("out_of_service", places=idle))
    course = found.course
    rows = [
        (
            found.day(part.begins).isoformat(), say.fixed(part.days), part.span.phase_text,
            say.percent(part.arriving), say.percent(part.passing), say.fixed(part.cost_index, 2),
            say.rough(part.waiting_at_end),
        )
        for part in course.parts
        if part.days >= _SHORTEST
    ]  # fmt: skip
    heads = ("from_day", "days", "phase", "arriving", "at_places", "cost_index", "waiting_at_end")
    printing.say(printing.grid(rows, headers=[say(one) for one in heads], right=(1, 3, 4, 5, 6)))
    if course.clears:
        printing.say(say("goes_on"))
    printing.say()
    _say_totals(say, found, money, factor)
    _say_crossings(say, found)
    if found.observed:
        _say_observed(say, found)
    else:
        printing.say([say("nothing_counted"), ""])


def _say_totals(say: ReaderLanguage, found: Replay, money: str, factor: float) -> None:
    course = found.course
    amounts = {
        "triangle": (say("full_loss"), course.triangle_days(), 1.0),
        "recovery": (say("arrives_again"), course.recovery_days(), 1.0),
        "recovery_passing": (say("passes_again"), course.recovery_days("passing"), 1.0),
        "clearing": (say("has_cleared"), course.clearing_days, 1.0),
        "added_cost": (say("cost", unit=money), float(found.added_cost.sum()), factor),
    }
    if found.trade != "fixed":
        amounts["lost_trade"] = (say("trade_lost", unit=money), float(found.lost_exports.sum()), factor)
    rows = [
        (
            name, days_text(say, value * scale if math.isfinite(value) else math.nan),
            _ends_of(say, found, quantity, scale),
        )
        for quantity, (name, value, scale) in amounts.items()
    ]  # fmt: skip
    if found.members is None:
        printing.say(printing.grid([row[:2] for row in rows], right=(1,)))
    else:
        printing.say(printing.grid(rows, headers=("", "", _between(say)), right=(1, 2)))
    lost = sorted(zip(found.countries, found.added_cost.tolist(), strict=True), key=lambda one: -one[1])
    total = float(found.added_cost.sum())
    if total > 0:
        told = say.list(
            f"{country} {say.percent(value / total)}" for country, value in lost[:4] if value >= 0.01 * total
        )
        printing.say(say("bears", countries=told))
    for line in explained(found, say):
        printing.say(line)
    if found.members is not None:
        printing.say(say("members_note", count=say.fixed(found.members.count)))
    printing.say()


def _between(say: ReaderLanguage) -> str:
    """What the ends of intervals are."""
    return say("security.ends", low="P10", high="P90")


def _ends_of(say: ReaderLanguage, found: Replay, quantity: str, factor: float) -> str:
    """Interval of a total; empty without members."""
    return "" if found.members is None else _ends_text(say, *(end * factor for end in found.interval(quantity)))


def _ends_text(say: ReaderLanguage, low: float, high: float) -> str:
    """Both ends of an interval; without an end: never."""
    return say("security.ends", low=days_text(say, low), high=days_text(say, high))


def explained(found: Replay, say: ReaderLanguage) -> list[str]:
    """What figures that puzzle mean."""
    course, told = found.course, list[str]()
    several = [part.span.phase_text for part in course.parts if len(part.span.phases) > 1]
    if several:
        told.append(say("phases_together", phases=several[0]))
    if course.recovery_days() == 0:
        told.append(say("always_arrives"))
    if course.recovery_days("passing") == 0:
        told.append(say("always_passes"))
    if not math.isfinite(course.clearing_days):
        told.append(say("never_cleared"))
    return told


def _say_crossings(say: ReaderLanguage, found: Replay) -> None:
    """Crossings whose freight changes most, in the phase that moves most."""
    part = max(found.crossings, key=lambda one: one.moved, default=None)
    if part is None or not part.changes:
        return
    names = _crossing_names(say, found)
    rows = [
        (
            one.key, names.get(one.key) or one.name, say.rough(one.before), say.rough(one.after),
            ("+" if one.change > 0 else "") + say.rough(one.change),
            say("closed_waits") if one.key in part.closed and one.after > 0 else "",
        )
        for one in part.changes[:_CROSSINGS]
    ]  # fmt: skip
    in_phase = say("crossings_in_phase", phase=part.piece.phase_text)
    printing.say(in_phase if len(found.crossings) > 1 else say("crossings_title"))
    heads = ("", "", *map(say, ("usual", "meanwhile", "change")), "")
    printing.say(printing.grid(rows, headers=heads, right=(2, 3, 4)))
    printing.say()


def _crossing_names(say: ReaderLanguage, found: Replay) -> dict[str, str]:
    """Names of crossings by their keys, which tell their families; empty where a crossing is called by its node."""
    rows = found.scenario.tables["crossing"].to_dict("records")
    return {f"{row['crossing_id']}/{row['family']}": say.name(row) for row in rows}


def _say_observed(say: ReaderLanguage, found: Replay) -> None:
    rows = [
        (
            one.what or one.indicator,
            say("security.ends", low=one.begins.isoformat(), high=one.ends.isoformat()),
            {"lower": ">= ", "upper": "<= "}.get(one.bound, "") + say.number(one.observed),
            say.number(one.model), *ends, say.unit(one.unit), _beside(say, one),
            say("reference") if one.reference else percent_text(say, one.index_error),
        )
        for one, ends in zip(found.observed, _observed_ends(say, found), strict=True)
    ]  # fmt: skip
    with_ends = found.members is not None
    others = [not math.isnan(one.index_error) for one in found.observed if not one.reference]
    shares, referred = any(others), any(one.reference for one in found.observed)
    printing.say(say("beside"))
    ends_head, last = (_between(say),) * with_ends, say("off") if shares or referred else ""
    heads = ["", *map(say, ("when", "observed", "replay")), *ends_head, "", say("ratio"), last]
    printing.say(printing.grid(rows, headers=heads, right=(2, 3, *((4, 6, 7) if with_ends else (5, 6)))))
    if shares:
        printing.say(say("in_shares"))
    if not all(others):
        printing.say(say("some_shares" if shares else "no_shares" if referred else "no_reference"))
    printing.say()


def _observed_ends(say: ReaderLanguage, found: Replay) -> list[tuple[str, ...]]:
    """Interval of the replay beside each observation; none without members."""
    if found.members is None:
        return [()] * len(found.observed)
    rows = found.table[found.table["record"] == "observed"]
    return [
        (say("security.ends", low=say.number(low), high=say.number(high)) if math.isfinite(low + high) else "",)
        for low, high in zip(rows["p10"], rows["p90"], strict=True)
    ]


def _beside(say: ReaderLanguage, one: ObservedBeside) -> str:
    """Replay over observation; that a bound is kept, or broken."""
    if one.bound != "value" and one.error == 0:
        return say("within")
    ratio = "" if math.isnan(one.ratio) else say.rough(one.ratio)
    return ratio if one.bound == "value" else say("bound_broken", ratio=ratio or "–")


def source_of(study: Study, scenario: str | None) -> Scenario | Study:
    """The scenario named, or the study."""
    return study.scenario(scenario) if scenario else study


def rows_of(table: pd.DataFrame) -> list[dict[Any, Any]]:
    """Rows of a table for JSON."""
    return table.astype(object).where(table.notna(), None).to_dict("records")


def million_of(say: ReaderLanguage, currency: Currency) -> tuple[str, float]:
    """A million of the study's currency: its unit, and how much of it a USD is."""
    return say.unit(currency.unit_of("million USD")), currency.factor("USD") / _MILLION


def days_text(say: ReaderLanguage, value: float) -> str:
    """Days; without an end: never."""
    return say("never") if math.isnan(value) else say.rough(value)


def percent_text(say: ReaderLanguage, share: float) -> str:
    """A change in per cent; empty if it is not known."""
    return "" if math.isnan(share) else say.percent(share, signed=True)
