"""``landlink resilience`` and ``landlink replay``: what disturbances cost a year, and how events are borne."""

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
from landlink.cli.program import command_line
from landlink.trade.modes import TRADE_MODES

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from landlink.core.currency import Currency
    from landlink.resilience.replay import Replay
    from landlink.resilience.replay_observed import ObservedBeside
    from landlink.results.result import Result
    from landlink.study import Study
    from landlink.study.study import Scenario

_MILLION = 1e6
#: Hazards and pairs that are printed.
_SHOWN = 10


def add_verbs(verbs: Verbs) -> None:
    """Register ``resilience`` and ``replay``."""
    _add_resilience(verbs)
    _add_replay(verbs)


def _add_resilience(verbs: Verbs) -> None:
    parser = arguments.add_verb(
        verbs,
        "resilience",
        _resilience,
        summary="say what disturbances cost a year, and how bad years can be",
        description="Draw years of the hazards of a study, solve what is disturbed in them, and say what that costs\n"
        "whom, by what cause, and how bad years can be. Replays the events of the study, and looks for ways round the\n"
        "busiest places. Interrupted, the same command with --folder goes on where it stopped.",
        example="landlink resilience china-kyrgyzstan --workers 2 --folder shocks -o resilience\n"
        "landlink resilience china-kyrgyzstan --scenario cku-2030 --years 2000 -o resilience-cku\n"
        "landlink resilience my-study --solved-years 0 --no-replays",
    )
    parser.add_argument("study", metavar="STUDY", help=arguments.STUDY_HELP)
    parser.add_argument("--scenario", metavar="NAME", help="scenario of the study (its base year without measures)")
    group = parser.add_argument_group("draws")
    group.add_argument(
        "--years", metavar="N", type=arguments.positive_integer, default=1000, help="years that are drawn (1000)"
    )
    group.add_argument(
        "--solved-years", metavar="N", type=arguments.whole_number, default=100,
        help="years in which events that overlap are solved together; in the others, their costs are added (100)",
    )  # fmt: skip
    group.add_argument(
        "--members", metavar="N", type=arguments.positive_integer, default=200,
        help="members for intervals, which carry what is not known of rates (200)",
    )  # fmt: skip
    group.add_argument(
        "--posterior", metavar="N", type=arguments.whole_number, default=0,
        help="members of the posterior ensemble for intervals, which solve every event again (0)",
    )  # fmt: skip
    group.add_argument("--seed", metavar="N", type=arguments.whole_number, help="seed of the draws (the study's)")
    group = parser.add_argument_group("besides losses")
    group.add_argument(
        "--event", metavar="ID", type=arguments.ids, action="append", help="events to replay (all of the study)"
    )
    group.add_argument("--no-replays", action="store_true", help="replay no events")
    group.add_argument("--no-redundancy", action="store_true", help="look for no ways round places")
    group = parser.add_argument_group("effort")
    group.add_argument("--folder", metavar="DIR", type=Path, help="folder in which finished shocks are kept")
    group.add_argument("--gap", metavar="G", type=arguments.positive_number, help="relative gap of each solve")
    add_pool(group, "shocks")
    add_output(parser, metavar="DIR", help="folder to write: tables as CSV, and the result within it")


def _add_replay(verbs: Verbs) -> None:
    parser = arguments.add_verb(
        verbs,
        "replay",
        _replay,
        summary="put an event through the equilibrium, beside what was observed",
        description="Put an event of the study through the equilibrium of a scenario, phase by phase: what passes,\n"
        "what waits and when it has cleared, what it costs whom, and what was observed beside it.",
        example="landlink replay china-kyrgyzstan kazakh-unrest-2022\n"
        "landlink replay china-kyrgyzstan pandemic-kg-cn-2020 --trade elastic --rules -o replay.csv",
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
    parser.add_argument("--gap", metavar="G", type=arguments.positive_number, help="relative gap of each solve")
    add_output(parser, help="file to write: .csv with the course, totals, countries and observations")


def _resilience(args: argparse.Namespace) -> int:
    from landlink.resilience.files import RESILIENCE_FOLDER, RESULT_NAME, save_folder

    if args.no_replays and args.event:
        raise ll.InputError("--event and --no-replays: one of the two")
    check_pool(args)
    if args.output:
        checked_output(args, args.output, RESILIENCE_FOLDER)
    study = ll.open_study(args.study)
    with showing_compilation() as progress, opened_pool(args) as pool:
        compile_for_study(study, progress)
        result = ll.resilience(
            _source(study, args.scenario),
            years=args.years,
            solved_years=args.solved_years,
            members=args.members,
            posterior=args.posterior,
            seed=args.seed,
            events=[] if args.no_replays else arguments.joined_ids(args.event) or None,
            redundancy=not args.no_redundancy,
            workers=pool,
            folder=args.folder,
            options=ll.SolverOptions(relative_gap=args.gap),
            progress=progress,
        )
    if args.output:
        save_folder(result, args.output, force=args.force)
    if args.json:
        written = {"written": args.output.resolve()} if args.output else {}
        printing.say_json({"ok": True, **written, **_facts(result)})
        return 0
    _say(result)
    if args.output:
        printing.say(f"Wrote {args.output}")
        verb = ("report", args.output / RESULT_NAME, "-o", "report.html")
        printing.say("Next: " + command_line("landlink", *verb))
    else:
        printing.say("Add -o DIR for all tables and for the result, which reports and the scoreboard read.")
    return 0


def _source(study: Study, scenario: str | None) -> Scenario | Study:
    return study.scenario(scenario) if scenario else study


def _facts(result: Result) -> dict[str, Any]:
    names = ("loss", "loss_hazard", "loss_risk", "loss_curve", "replay")
    tables = {name: _records(result.tables[name]) for name in names if name in result.tables}
    return {"label": result.label, "provenance": result.provenance.as_dict(), **tables}


def _records(table: pd.DataFrame) -> list[dict[Any, Any]]:
    return table.astype(object).where(table.notna(), None).to_dict("records")


def _say(result: Result) -> None:
    money, factor = _million(result.currency)
    printing.say(f"{result.provenance.presentation.title}: {result.label}")
    printing.say()
    _say_losses(result, money, factor)
    _say_risk(result, money, factor)
    _say_hazards(result, money, factor)
    if "replay" in result.tables:
        _say_replays(result, money, factor)
    if "redundancy" in result.tables:
        _say_redundancy(result)
    for note in result.provenance.presentation.notes:
        printing.say(f"Note: {note}.")


def _million(currency: Currency) -> tuple[str, float]:
    return currency.unit_of("million USD"), currency.factor("USD") / _MILLION


def _say_losses(result: Result, money: str, factor: float) -> None:
    """Expected losses by country, with the causes that cost it most."""
    table = result.tables["loss"]
    rows = []
    for country in dict.fromkeys(table["country"]):
        of_country = table[table["country"] == country].set_index("cause")
        whole, causes = of_country.loc["all"], of_country.drop(index="all").sort_values("expected_usd_per_year")[::-1]
        total = whole["expected_usd_per_year"]
        if abs(total * factor) < 1e-4 and country != "ALL":
            continue
        told = [
            f"{str(cause).replace('_', ' ')} {value / total:.0%}"
            for cause, value in causes["expected_usd_per_year"].head(3).items()
            if total > 0 and value / total >= 0.01
        ]
        interval = _ends(whole["p10"] * factor, whole["p90"] * factor)
        waiting = printing.rough(whole["waiting_tonne_days_per_year"])
        name = "all countries" if country == "ALL" else str(country)
        rows.append((name, printing.rough(total * factor), interval, waiting, ", ".join(told)))
    printing.say(f"Expected loss of a year, {money}")
    heads = ("", "expected", "P10 to P90", "t waiting x days", "most by")
    printing.say(printing.grid(rows, headers=heads, right=(1, 2, 3)))
    printing.say()


def _say_risk(result: Result, money: str, factor: float) -> None:
    risk, curve = result.tables["loss_risk"], result.tables["loss_curve"]
    rows = [
        (
            f"not exceeded in {row['percent']:g} % of the years", printing.rough(row["value_at_risk_usd"] * factor),
            _interval(row, "p10", "p90", factor), f"{printing.rough(row['conditional_usd'] * factor)} beyond it",
        )
        for row in risk[(risk["country"] == "ALL") & risk["value_at_risk_usd"].notna()].to_dict("records")
    ]  # fmt: skip
    rows += [
        (
            f"exceeded once in {row['return_period_years']:g} years", printing.rough(row["loss_usd"] * factor),
            _interval(row, "p10", "p90", factor), "",
        )
        for row in curve[curve["country"] == "ALL"].to_dict("records")
    ]  # fmt: skip
    if not rows:
        return
    printing.say(f"Losses of bad years, all countries together, {money}")
    printing.say(printing.grid(rows, headers=("", "loss", "P10 to P90", "on average"), right=(1, 2, 3)))
    printing.say()


def _interval(row: dict[Any, Any], low: str, high: str, factor: float) -> str:
    return _ends(row[low] * factor, row[high] * factor)


def _ends(low: float, high: float) -> str:
    """Both ends, or the value alone where they read the same."""
    least, most = printing.rough(low), printing.rough(high)
    return least if least == most else f"{least} to {most}"


def _say_hazards(result: Result, money: str, factor: float) -> None:
    table = result.tables["loss_hazard"].sort_values("expected_usd_per_year", ascending=False, kind="stable")
    able = table[table["idle"] == ""]
    rows = [
        (
            str(row["name"] or row["hazard_id"]), printing.rough(row["events_per_year"]),
            _interval(row, "p10", "p90", 1.0), printing.rough(row["days_per_event"]),
            printing.rough(row["usd_per_event"] * factor), printing.rough(row["expected_usd_per_year"] * factor),
        )
        for row in able.head(_SHOWN).to_dict("records")
    ]  # fmt: skip
    if not rows:
        return
    printing.say(f"Hazards that cost most, {money}")
    heads = ("", "events a year", "P10 to P90", "days", "an event", "a year")
    printing.say(printing.grid(rows, headers=heads, right=(1, 2, 3, 4, 5)))
    if len(able) > _SHOWN:
        printing.say(f"and {len(able) - _SHOWN} more, in the table loss_hazard")
    overlaps = float((able["expected_usd_per_year"] - able["alone_usd_per_year"]).sum()) * factor
    if printing.rough(overlaps) != "0":
        printing.say(
            "A year is events times an event, plus the hazard's share of what changes where events overlap: "
            f"{printing.rough(overlaps)} of all hazards together."
        )
    printing.say()


def _say_replays(result: Result, money: str, factor: float) -> None:
    table = result.tables["replay"]
    totals = table[table["record"] == "total"]
    rows = []
    for event in dict.fromkeys(totals["event_id"]):
        of_event = totals[totals["event_id"] == event]
        found = of_event.set_index("quantity")["model"]
        rows.append(
            (
                str(of_event["what"].iat[0]), f"{of_event['ends_day'].iat[0]:.0f}", _days(found["triangle"]),
                _days(found["recovery"]), _days(found["recovery_passing"]), _days(found["clearing"]),
                printing.rough(found["added_cost"] * factor),
            )
        )  # fmt: skip
    if not rows:
        return
    printing.say("Events put through the equilibrium")
    heads = ("", "days", "days lost", "90 % back", "at its places", "cleared after", f"cost, {money}")
    printing.say(printing.grid(rows, headers=heads, right=(1, 2, 3, 4, 5, 6)))
    printing.say()


def _days(value: float) -> str:
    return "never" if math.isnan(value) else printing.rough(value)


def _say_redundancy(result: Result) -> None:
    """How much dearer the freight of countries is by another way, and how much of it has none."""
    from landlink.indicators.registry import INDICATORS

    names = ("resilience.redundancy", "resilience.single_way_share")
    countries = [place[0] for place in INDICATORS[names[0]].places(result.view)]
    rows = []
    for country in countries:
        ratio, without = (result.indicator(f"{name}[{country}]") for name in names)
        name = "all countries" if country == "ALL" else country
        rows.append((name, _percent(ratio - 1), "" if math.isnan(without) else _of_whole(without)))
    printing.say("Without the busiest place on its cheapest way, freight (by value)")
    printing.say(printing.grid(rows, headers=("", "costs more by another way", "has no other way"), right=(1, 2)))
    printing.say()


def _of_whole(share: float) -> str:
    """Per cent of a whole; what is little is not nothing."""
    return "under 1%" if 0 < share < 0.005 else f"{share:.0%}"


def _replay(args: argparse.Namespace) -> int:
    from landlink.resilience.files import REPLAY_FILE

    if args.output:
        checked_output(args, args.output, REPLAY_FILE)
    study = ll.open_study(args.study)
    with showing_compilation() as progress:
        compile_for_study(study, progress)
        found = ll.replay(
            _source(study, args.scenario),
            args.event,
            trade=args.trade,
            rules=args.rules,
            options=ll.SolverOptions(relative_gap=args.gap),
            progress=progress,
        )
    if args.output:
        found.save(args.output, force=args.force)
    if args.json:
        written = {"written": args.output.resolve()} if args.output else {}
        printing.say_json(
            {"ok": True, **written, "event": args.event, "trade": args.trade, "rows": _records(found.table)}
        )
        return 0
    _say_replay(found, study.settings.money)
    printing.say(f"Wrote {args.output}" if args.output else "Add -o replay.csv for the whole course.")
    return 0


def _say_replay(found: Replay, currency: Currency) -> None:
    money, factor = _million(currency)
    name = str(found.table["what"].iat[0])
    printing.say(f"{name}: {found.event.cause.replace('_', ' ')}, demand {found.trade}")
    printing.say()
    if found.event.idle:
        idle = ", ".join(f"{one.table}:{one.key}" for one in found.event.idle)
        printing.say(f"Not in service in the scenario: {idle}")
    course = found.course
    rows = [
        (
            found.day(part.begins).isoformat(), f"{part.days:.0f}", "+".join(map(str, part.span.phases)),
            f"{part.arriving:.0%}", f"{part.passing:.0%}", f"{part.cost_index:.2f}",
            printing.rough(part.waiting_at_end),
        )
        for part in course.parts
    ]  # fmt: skip
    heads = ("from", "days", "phase", "arriving", "at its places", "cost index", "t waiting at its end")
    printing.say(printing.grid(rows, headers=heads, right=(1, 3, 4, 5, 6)))
    if any(len(part.span.phases) > 1 for part in course.parts):
        printing.say("A phase such as 1+2: both are in force at the same time.")
    printing.say()
    _say_totals(found, money, factor)
    if found.observed:
        _say_observed(found)


def _say_totals(found: Replay, money: str, factor: float) -> None:
    course = found.course
    lines: dict[str, Callable[[], str]] = {
        "days of full loss": lambda: _days(course.triangle_days()),
        "90 % arrives again after days": lambda: _days(course.recovery_days()),
        "90 % passes its places again after days": lambda: _days(course.recovery_days("passing")),
        "what waited has cleared days after its end": lambda: (
            _days(course.clearing_days) if math.isfinite(course.clearing_days) else "never"
        ),
        f"cost, {money}": lambda: printing.rough(float(found.added_cost.sum()) * factor),
    }
    if found.trade != "fixed":
        lines[f"trade lost, {money}"] = lambda: printing.rough(float(found.lost_exports.sum()) * factor)
    rows = [(name, value()) for name, value in lines.items()]
    printing.say(printing.grid(rows, right=(1,)))
    for line in _explained(found):
        printing.say(line)
    lost = sorted(zip(found.countries, found.added_cost.tolist(), strict=True), key=lambda one: -one[1])
    total = float(found.added_cost.sum())
    if total > 0:
        told = ", ".join(f"{country} {value / total:.0%}" for country, value in lost[:4] if value / total >= 0.01)
        printing.say(f"Who bears the cost: {told}")
    printing.say()


def _explained(found: Replay) -> list[str]:
    """What figures that puzzle mean."""
    course, told = found.course, []
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


def _say_observed(found: Replay) -> None:
    rows = [
        (
            one.what or one.indicator, f"{one.begins.isoformat()} to {one.ends.isoformat()}",
            {"lower": ">= ", "upper": "<= "}.get(one.bound, "") + printing.number(one.observed),
            printing.number(one.model), one.unit, _beside(one),
            "reference" if one.reference else _percent(one.index_error),
        )
        for one in found.observed
    ]  # fmt: skip
    printing.say(
        "Beside what was observed; the last column compares shares of the reference, the last observation before"
    )
    printing.say("the event, and of an undisturbed day of the replay")
    heads = ("", "when", "observed", "replay", "", "replay/observed", "off in shares by")
    printing.say(printing.grid(rows, headers=heads, right=(2, 3, 5, 6)))
    printing.say()


def _beside(one: ObservedBeside) -> str:
    """Replay over observation; whether a bound is kept."""
    if one.bound != "value":
        return "within" if one.error == 0 else "outside"
    return "" if math.isnan(one.ratio) else printing.rough(one.ratio)


def _percent(share: float) -> str:
    return "" if math.isnan(share) else f"{share:+.0%}"
