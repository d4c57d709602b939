"""``landlink resilience``: what disturbances cost a year."""

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
from landlink.cli.replays import days_text, million_of, percent_text, rows_of, source_of

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from landlink.results.result import Result

#: Hazards and pairs that are printed.
_SHOWN = 10


def add_verbs(verbs: Verbs) -> None:
    """Register ``resilience``."""
    _add_resilience(verbs)


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
        help="members of the posterior ensemble for intervals of losses, replays, ways round and shares over one"
        " crossing; each solves all of that again (0)",
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
            source_of(study, args.scenario),
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


def _facts(result: Result) -> dict[str, Any]:
    names = ("loss", "loss_hazard", "loss_risk", "loss_curve", "replay")
    tables = {name: rows_of(result.tables[name]) for name in names if name in result.tables}
    return {"label": result.label, "provenance": result.provenance.as_dict(), **tables}


def _say(result: Result) -> None:
    money, factor = million_of(result.currency)
    printing.say(f"{result.provenance.presentation.title}: {result.label}")
    printing.say()
    _say_losses(result, money, factor)
    _say_risk(result, money, factor)
    _say_hazards(result, money, factor)
    if "replay" in result.tables:
        _say_replays(result, money, factor)
    if "redundancy" in result.tables:
        _say_redundancy(result)
        _say_shares(result)
    for note in result.provenance.presentation.notes:
        printing.say(f"Note: {note}.")


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
        found = of_event.set_index("quantity")
        days = (_replayed(found.loc[name]) for name in ("triangle", "recovery", "recovery_passing", "clearing"))
        rows.append(
            (
                str(of_event["what"].iat[0]), f"{of_event['ends_day'].iat[0]:.0f}", *days,
                _replayed(found.loc["added_cost"], factor),
            )
        )  # fmt: skip
    if not rows:
        return
    printing.say("Events put through the equilibrium")
    heads = ("", "days", "days lost", "90 % back", "at its places", "cleared after", f"cost, {money}")
    printing.say(printing.grid(rows, headers=heads, right=(1, 2, 3, 4, 5, 6)))
    if (totals["members"] > 0).any():
        printing.say(f"In brackets: P10 to P90 of {int(totals['members'].max())} members of the calibration.")
    printing.say()


def _replayed(row: pd.Series[Any], factor: float = 1.0) -> str:
    """A total of a replay, with its interval where it has one that is not the value alone."""
    value, low, high = (days_text(row[name] * factor) for name in ("model", "p10", "p90"))
    return value if not row["members"] or value == low == high else f"{value} ({low} to {high})"


def _say_redundancy(result: Result) -> None:
    """How much dearer the freight of countries is by another way, and how much of it has none."""
    from landlink.indicators.registry import INDICATORS

    names = ("resilience.redundancy", "resilience.single_way_share")
    countries = [place[0] for place in INDICATORS[names[0]].places(result.view)]
    ends = _Ends(result)
    rows = []
    for country in countries:
        ratio, without = (result.indicator(f"{name}[{country}]") for name in names)
        more = ends(f"{names[0]}[{country}]", lambda value: percent_text(value - 1))
        rows.append(
            (
                "all countries" if country == "ALL" else country, percent_text(ratio - 1) + more,
                "" if math.isnan(without) else _of_whole(without) + ends(f"{names[1]}[{country}]", _of_whole),
            )
        )  # fmt: skip
    printing.say("Without the busiest place on its cheapest way, freight (by value)")
    printing.say(printing.grid(rows, headers=("", "costs more by another way", "has no other way"), right=(1, 2)))
    printing.say()


def _say_shares(result: Result) -> None:
    """The largest share of the exports and imports of countries of the region that one crossing carries."""
    from landlink.indicators.registry import INDICATORS

    table = result.tables["crossing_exposure"]
    whole = table[(table["commodity_id"] == "ALL") & (table["family"] == "all")]
    keys = zip(whole["country"].tolist(), whole["flow"].tolist(), strict=True)
    largest = dict(
        zip(keys, zip(whole["value_share"].tolist(), whole["crossing_id"].tolist(), strict=True), strict=True)
    )
    listing = INDICATORS["country.exports_crossing_exposure"].listing
    region = () if listing is None else listing(result.view)
    ends, rows = _Ends(result), []
    for country in dict.fromkeys(place[0] for place in region):
        cells = []
        for flow in ("export", "import"):
            share, crossing = largest.get((country, flow), (0.0, ""))
            between = ends(f"country.{flow}s_crossing_exposure[{country}]", _of_whole)
            cells += [_of_whole(share) + between, crossing]
        rows.append((country, *cells))
    if not rows:
        return
    printing.say("Largest share of trade over one crossing, by value")
    printing.say(printing.grid(rows, headers=("", "exports", "by", "imports", "by"), right=(1, 3)))
    printing.say()


class _Ends:
    """Intervals of indicators in brackets; empty where there is none, or where it reads as the value alone."""

    def __init__(self, result: Result) -> None:
        from landlink.ensemble.ensemble import ensemble_of

        self._result, self._ensemble = result, ensemble_of(result)

    def __call__(self, indicator: str, told: Callable[[float], str]) -> str:
        if self._ensemble is None or indicator not in self._ensemble.place_of:
            return ""
        low, _, high = self._ensemble.interval(indicator)
        ends = [told(low), told(high)]
        if not (low <= high) or ends == [told(self._result.indicator(indicator))] * 2:
            return ""
        return f" ({ends[0]} to {ends[1]})"


def _of_whole(share: float) -> str:
    """Per cent of a whole; what is little is not nothing."""
    return "under 1%" if 0 < share < 0.005 else f"{share:.0%}"
