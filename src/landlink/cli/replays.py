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
from landlink.cli.outputs import add_output, checked_output
from landlink.cli.pools import add_pool, check_pool, opened_pool
from landlink.trade.modes import TRADE_MODES

if TYPE_CHECKING:
    import pandas as pd

    from landlink.core.currency import Currency
    from landlink.resilience.replay import Replay
    from landlink.resilience.replay_course import CoursePart
    from landlink.resilience.replay_observed import ObservedBeside
    from landlink.study import Study
    from landlink.study.study import Scenario

_MILLION = 1e6
#: Crossings that are listed.
_CROSSINGS = 6


def add_verbs(verbs: Verbs) -> None:
    """Register ``replay``."""
    parser = arguments.add_verb(
        verbs,
        "replay",
        _replay,
        summary="put an event through the equilibrium, beside what was observed",
        description="Put an event of the study through the equilibrium of a scenario, phase by phase: what passes,\n"
        "what waits and when it has cleared, what it costs whom, and what was observed beside it.",
        example="landlink replay china-kyrgyzstan kazakh-unrest-2022\n"
        "landlink replay china-kyrgyzstan pandemic-kg-cn-2020 --trade elastic --rules -o replay.csv\n"
        "landlink replay china-kyrgyzstan kazakh-unrest-2022 --members 8",
    )
    parser.add_argument("study", metavar="STUDY", help=arguments.STUDY_HELP)
    parser.add_argument("event", metavar="EVENT", help="event of the study")
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
    add_output(parser, help="file to write: .csv with the course, totals, countries and observations")


def _replay(args: argparse.Namespace) -> int:
    from landlink.resilience.files import REPLAY_FILE

    check_pool(args)
    _check_members(args)
    if args.output:
        checked_output(args, args.output, REPLAY_FILE)
    study = ll.open_study(args.study)
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
        found.save(args.output, force=args.force)
    if args.json:
        written = {"written": args.output.resolve()} if args.output else {}
        printing.say_json(
            {"ok": True, **written, "event": args.event, "trade": args.trade, "rows": rows_of(found.table)}
        )
        return 0
    _say_replay(found, study.settings.money)
    printing.say(f"Wrote {args.output}" if args.output else "Add -o replay.csv for the whole course.")
    return 0


def _check_members(args: argparse.Namespace) -> None:
    """Refuse options of members where none are asked for."""
    given = {"--folder": args.folder, "--workers": args.workers, "--scheduler": args.scheduler}
    if args.members is None and (idle := [name for name, value in given.items() if value is not None]):
        raise ll.InputError(f"{' and '.join(idle)}: of members, which --members N asks for")


def _say_replay(found: Replay, currency: Currency) -> None:
    money, factor = million_of(currency)
    name = str(found.table["what"].iat[0])
    printing.say(f"{name}: {found.event.cause.replace('_', ' ')}, demand {found.trade}")
    printing.say()
    if found.event.idle:
        idle = ", ".join(f"{one.table}:{one.key}" for one in found.event.idle)
        printing.say(f"Not in service in the scenario: {idle}")
    course = found.course
    rows = [
        (
            found.day(part.begins).isoformat(), f"{part.days:.0f}", _phases(part),
            f"{part.arriving:.0%}", f"{part.passing:.0%}", f"{part.cost_index:.2f}",
            printing.rough(part.waiting_at_end),
        )
        for part in course.parts
    ]  # fmt: skip
    heads = ("from", "days", "phase", "arriving", "at its places", "cost index", "t waiting at its end")
    printing.say(printing.grid(rows, headers=heads, right=(1, 3, 4, 5, 6)))
    printing.say()
    _say_totals(found, money, factor)
    _say_crossings(found)
    if found.observed:
        _say_observed(found)


def _phases(part: CoursePart) -> str:
    return "+".join(map(str, part.span.phases))


def _say_totals(found: Replay, money: str, factor: float) -> None:
    course = found.course
    amounts = {
        "triangle": ("days of full loss", course.triangle_days(), 1.0),
        "recovery": ("90 % arrives again after days", course.recovery_days(), 1.0),
        "recovery_passing": ("90 % passes its places again after days", course.recovery_days("passing"), 1.0),
        "clearing": ("what waited has cleared days after its end", course.clearing_days, 1.0),
        "added_cost": (f"cost, {money}", float(found.added_cost.sum()), factor),
    }
    if found.trade != "fixed":
        amounts["lost_trade"] = (f"trade lost, {money}", float(found.lost_exports.sum()), factor)
    rows = [
        (name, days_text(value * scale if math.isfinite(value) else math.nan), ends_of(found, quantity, scale))
        for quantity, (name, value, scale) in amounts.items()
    ]
    if found.members is None:
        printing.say(printing.grid([row[:2] for row in rows], right=(1,)))
    else:
        printing.say(printing.grid(rows, headers=("", "", "P10 to P90"), right=(1, 2)))
    lost = sorted(zip(found.countries, found.added_cost.tolist(), strict=True), key=lambda one: -one[1])
    total = float(found.added_cost.sum())
    if total > 0:
        told = ", ".join(f"{country} {value / total:.0%}" for country, value in lost[:4] if value / total >= 0.01)
        printing.say(f"Who bears the cost: {told}")
    for line in explained(found):
        printing.say(line)
    if found.members is not None:
        printing.say(f"P10 to P90: of {found.members.count} members of the calibration, with what demand they have.")
    printing.say()


def ends_of(found: Replay, quantity: str, factor: float) -> str:
    """Interval of a total; empty without members."""
    return "" if found.members is None else ends_text(*(end * factor for end in found.interval(quantity)))


def ends_text(low: float, high: float) -> str:
    """Both ends of an interval; without an end: never."""
    return f"{days_text(low)} to {days_text(high)}"


def explained(found: Replay) -> list[str]:
    """What figures that puzzle mean."""
    course, told = found.course, list[str]()
    several = [_phases(part) for part in course.parts if len(part.span.phases) > 1]
    if several:
        told.append(f"Phase {several[0]}: these phases of the event are in force at the same time.")
    if course.recovery_days() == 0:
        told.append("Arrives again after 0 days: by one way or another, 90 % or more arrives all the time.")
    if course.recovery_days("passing") == 0:
        told.append("Passes again after 0 days: its places let 90 % or more pass all the time.")
    if not math.isfinite(course.clearing_days):
        told.append(
            "Never cleared: on usual days what comes takes all the capacity of a place already, so that none is left "
            "for what has waited."
        )
    return told


def _say_crossings(found: Replay) -> None:
    """Crossings whose freight changes most, in the phase that moves most."""
    part = max(found.crossings, key=lambda one: one.moved, default=None)
    if part is None or not part.changes:
        return
    rows = [
        (
            one.key, one.name, printing.rough(one.before), printing.rough(one.after),
            ("+" if one.change > 0 else "") + printing.rough(one.change),
            "closed: this waits" if one.key in part.closed and one.after > 0 else "",
        )
        for one in part.changes[:_CROSSINGS]
    ]  # fmt: skip
    phase = "+".join(map(str, part.piece.phases))
    printing.say("Crossings whose freight changes most" + (f", phase {phase}" if len(found.crossings) > 1 else ""))
    heads = ("", "", "usual, t a day", "meanwhile", "change", "")
    printing.say(printing.grid(rows, headers=heads, right=(2, 3, 4)))
    printing.say()


def _say_observed(found: Replay) -> None:
    rows = [
        (
            one.what or one.indicator, f"{one.begins.isoformat()} to {one.ends.isoformat()}",
            {"lower": ">= ", "upper": "<= "}.get(one.bound, "") + printing.number(one.observed),
            printing.number(one.model), *ends, one.unit, _beside(one),
            "reference" if one.reference else percent_text(one.index_error),
        )
        for one, ends in zip(found.observed, _observed_ends(found), strict=True)
    ]  # fmt: skip
    with_ends = found.members is not None
    shares = any(not math.isnan(one.index_error) for one in found.observed if not one.reference)
    printing.say("Beside what was observed")
    between = ("P10 to P90",) * with_ends
    heads = ("", "when", "observed", "replay", *between, "", "replay/observed", "off in shares by" if shares else "")
    printing.say(printing.grid(rows, headers=heads, right=(2, 3, *((4, 6, 7) if with_ends else (5, 6)))))
    if shares:
        printing.say("In shares: of the reference, and of an undisturbed day of the replay.")
    printing.say()


def _observed_ends(found: Replay) -> list[tuple[str, ...]]:
    """Interval of the replay beside each observation; none without members."""
    if found.members is None:
        return [()] * len(found.observed)
    rows = found.table[found.table["record"] == "observed"]
    return [
        (f"{printing.number(low)} to {printing.number(high)}" if low == low else "",)  # noqa: PLR0124  no number
        for low, high in zip(rows["p10"], rows["p90"], strict=True)
    ]


def _beside(one: ObservedBeside) -> str:
    """Replay over observation; that a bound is kept."""
    if one.bound != "value" and one.error == 0:
        return "within"
    return "" if math.isnan(one.ratio) else printing.rough(one.ratio)


def source_of(study: Study, scenario: str | None) -> Scenario | Study:
    """The scenario named, or the study."""
    return study.scenario(scenario) if scenario else study


def rows_of(table: pd.DataFrame) -> list[dict[Any, Any]]:
    """Rows of a table for JSON."""
    return table.astype(object).where(table.notna(), None).to_dict("records")


def million_of(currency: Currency) -> tuple[str, float]:
    """A million of the study's currency: its unit, and how much of it a USD is."""
    return currency.unit_of("million USD"), currency.factor("USD") / _MILLION


def days_text(value: float) -> str:
    """Days; without an end: never."""
    return "never" if math.isnan(value) else printing.rough(value)


def percent_text(share: float) -> str:
    """A change in per cent; empty if it is not known."""
    return "" if math.isnan(share) else f"{share:+.0%}"
