"""``landlink resilience``: what disturbances cost a year."""

from __future__ import annotations

import argparse
import math
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import landlink as ll
from landlink.cli import arguments, printing
from landlink.cli.arguments import Verbs
from landlink.cli.compiling import compile_for_study, showing_compilation
from landlink.cli.outputs import add_output, checked_output
from landlink.cli.pools import add_pool, check_pool, opened_pool
from landlink.cli.program import command_line
from landlink.cli.reader_language import language_of
from landlink.cli.replays import days_text, million_of, percent_text, rows_of, source_of
from landlink.core.languages import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from landlink.cli.reader_language import ReaderLanguage
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
        "landlink resilience my-study --solved-years 0 --no-replays --language ru",
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
    arguments.add_languages(parser, "what is printed")


def _resilience(args: argparse.Namespace) -> int:
    from landlink.resilience.files import RESILIENCE_FOLDER, save_folder

    if args.no_replays and args.event:
        raise ll.InputError("--event and --no-replays: one of the two")
    check_pool(args)
    if args.output:
        checked_output(args, args.output, RESILIENCE_FOLDER)
    study = ll.open_study(args.study)
    say = language_of(args, study.settings.languages)  # one that it does not know is refused before anything is solved
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
    _say(say, result)
    if args.output:
        printing.say(say("wrote", path=args.output))
        printing.say(say("next", command=command_line("landlink", *_next(args))))
    else:
        printing.say(say("add_folder"))
    return 0


def _next(args: argparse.Namespace) -> list[object]:
    """The command that shows what was found, in the language of this one."""
    from landlink.resilience.files import RESULT_NAME

    asked = {"--language": args.language if args.language in LANGUAGES else "en", "--names": args.names}
    chosen = [part for option, value in asked.items() if value not in ("", "en") for part in (option, value)]
    return ["report", args.output / RESULT_NAME, *chosen, "-o", "report.html"]


def _facts(result: Result) -> dict[str, Any]:
    names = ("loss", "loss_hazard", "loss_risk", "loss_curve", "replay")
    tables = {name: rows_of(result.tables[name]) for name in names if name in result.tables}
    return {"label": result.label, "provenance": result.provenance.as_dict(), **tables}


def _say(say: ReaderLanguage, result: Result) -> None:
    money, factor = million_of(say, result.currency)
    shown = result.provenance.presentation
    printing.say(say.headed(say.title(shown.titles, shown.title), say.title(shown.labels, result.label)))
    printing.say()
    _say_losses(say, result, money, factor)
    _say_risk(say, result, money, factor)
    _say_hazards(say, result, money, factor)
    if "replay" in result.tables:
        _say_replays(say, result, money, factor)
    if "redundancy" in result.tables:
        _say_redundancy(say, result)
        _say_shares(say, result)
    for note in shown.notes:
        printing.say(say("note", note=f"{note}."))


def _say_losses(say: ReaderLanguage, result: Result, money: str, factor: float) -> None:
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
            f"{say.cause(str(cause))} {say.percent(value / total)}"
            for cause, value in causes["expected_usd_per_year"].head(3).items()
            if total > 0 and value / total >= 0.01
        ]
        interval = say.range(whole["p10"] * factor, whole["p90"] * factor)
        waiting = say.rough(whole["waiting_tonne_days_per_year"])
        rows.append((_country(say, country), say.rough(total * factor), interval, waiting, say.list(told)))
    printing.say(say("expected_title", unit=money))
    heads = ("", say("expected"), say("security.interval"), say("waiting_days"), say("most_by"))
    printing.say(printing.grid(rows, headers=heads, right=(1, 2, 3)))
    printing.say()


def _country(say: ReaderLanguage, country: object) -> str:
    return say("all_countries") if country == "ALL" else str(country)


def _say_risk(say: ReaderLanguage, result: Result, money: str, factor: float) -> None:
    risk, curve = result.tables["loss_risk"], result.tables["loss_curve"]
    rows = [
        (
            say("not_exceeded", percent=say.plain(row["percent"])), say.rough(row["value_at_risk_usd"] * factor),
            _interval(say, row, "p10", "p90", factor), say("beyond", value=say.rough(row["conditional_usd"] * factor)),
        )
        for row in risk[(risk["country"] == "ALL") & risk["value_at_risk_usd"].notna()].to_dict("records")
    ]  # fmt: skip
    rows += [
        (
            say("exceeded_once", years=say.plain(row["return_period_years"])), say.rough(row["loss_usd"] * factor),
            _interval(say, row, "p10", "p90", factor), "",
        )
        for row in curve[curve["country"] == "ALL"].to_dict("records")
    ]  # fmt: skip
    if not rows:
        return
    printing.say(say("bad_years", unit=money))
    heads = ("", say("loss"), say("security.interval"), say("on_average"))
    printing.say(printing.grid(rows, headers=heads, right=(1, 2, 3)))
    printing.say()


def _interval(say: ReaderLanguage, row: dict[Any, Any], low: str, high: str, factor: float) -> str:
    return say.range(row[low] * factor, row[high] * factor)


def _days(say: ReaderLanguage, row: dict[Any, Any]) -> str:
    """Length of an event, and of the recovery that its loss includes."""
    days = say.rough(row["days_per_event"])
    return f"{days} + {say.rough(row['recovery_days'])}" if row["recovery_days"] > 0 else days


def _say_hazards(say: ReaderLanguage, result: Result, money: str, factor: float) -> None:
    table = result.tables["loss_hazard"].sort_values("expected_usd_per_year", ascending=False, kind="stable")
    able = table[table["idle"] == ""]
    rows = [
        (
            say.name(row, "hazard_id"), say.rough(row["events_per_year"]),
            _interval(say, row, "p10", "p90", 1.0), _days(say, row),
            say.rough(row["usd_per_event"] * factor), say.rough(row["expected_usd_per_year"] * factor),
        )
        for row in able.head(_SHOWN).to_dict("records")
    ]  # fmt: skip
    if not rows:
        return
    printing.say(say("hazards_title", unit=money))
    heads = ("", *map(say, ("events_a_year", "security.interval", "days_and_recovery", "an_event", "a_year")))
    printing.say(printing.grid(rows, headers=heads, right=(1, 2, 3, 4, 5)))
    if len(able) > _SHOWN:
        printing.say(say("more_hazards", count=say.fixed(len(able) - _SHOWN)))
    overlaps = float((able["expected_usd_per_year"] - able["alone_usd_per_year"]).sum()) * factor
    if printing.rough(overlaps) != "0":
        printing.say(say("overlaps", value=say.rough(overlaps)))
    printing.say()


def _say_replays(say: ReaderLanguage, result: Result, money: str, factor: float) -> None:
    table = result.tables["replay"]
    totals = table[table["record"] == "total"]
    rows = []
    for event in dict.fromkeys(totals["event_id"]):
        of_event = totals[totals["event_id"] == event]
        found = of_event.set_index("quantity")
        lengths = ("triangle", "recovery", "recovery_passing", "clearing")
        times = (_replayed(say, found.loc[one]) for one in lengths)
        first = of_event.iloc[0].to_dict()
        name, cost = say.name(first, "what"), _replayed(say, found.loc["added_cost"], factor)
        rows.append((name, say.fixed(first["ends_day"]), *times, cost))
    if not rows:
        return
    printing.say(say("events_title"))
    heads = ("", *map(say, ("days", "days_lost", "back", "at_places", "cleared")), say("cost", unit=money))
    printing.say(printing.grid(rows, headers=heads, right=(1, 2, 3, 4, 5, 6)))
    if (totals["members"] > 0).any():
        printing.say(say("members_brackets", count=say.fixed(totals["members"].max())))
    printing.say()


def _replayed(say: ReaderLanguage, row: pd.Series[Any], factor: float = 1.0) -> str:
    """A total of a replay, with its interval where it has one that is not the value alone."""
    value, low, high = (days_text(say, row[name] * factor) for name in ("model", "p10", "p90"))
    return _with_ends(say, value, low, high) if row["members"] else value


def _with_ends(say: ReaderLanguage, value: str, low: str, high: str) -> str:
    """A figure with its interval in brackets; alone where all three read the same."""
    return value if value == low == high else say("uncertainty.range", value=value, low=low, high=high)


def _say_redundancy(say: ReaderLanguage, result: Result) -> None:
    """How much dearer the freight of countries is by another way, and how much of it has none."""
    from landlink.indicators.registry import INDICATORS

    names = ("resilience.redundancy", "resilience.single_way_share")
    countries = [place[0] for place in INDICATORS[names[0]].places(result.view)]
    ends = _Ends(say, result)
    rows = []
    for country in countries:
        dearer, without = (f"{name}[{country}]" for name in names)
        share = "" if math.isnan(result.indicator(without)) else ends(without, partial(_of_whole, say))
        more = ends(dearer, lambda value: percent_text(say, value - 1))
        rows.append((_country(say, country), more, share))
    if not rows:
        return
    printing.say(say("redundancy_title"))
    printing.say(printing.grid(rows, headers=("", say("other_way"), say("no_other_way")), right=(1, 2)))
    printing.say()


def _say_shares(say: ReaderLanguage, result: Result) -> None:
    """The largest share of the exports and imports of countries of the region that one crossing carries."""
    from landlink.freight.structure_indicators import EXPOSURES, exposed_countries
    from landlink.tables.frames import cells_of

    table = result.tables["crossing_exposure"]
    whole = table[(table["commodity_id"] == "ALL") & (table["family"] == "all")]
    largest = {
        (country, flow): crossing for country, flow, crossing in cells_of(whole, "country", "flow", "crossing_id")
    }
    told, ends, rows = partial(_of_whole, say), _Ends(say, result), []
    for country in exposed_countries(result.view):
        cells = []
        for flow, indicator in EXPOSURES.items():
            crossing = largest.get((country, flow), "")
            cells += [ends(f"{indicator}[{country}]", told) if crossing else told(0.0), crossing]
        rows.append((country, *cells))
    if not rows:
        return
    printing.say(say("shares_title"))
    heads = ("", *map(say, ("share_exports", "share_by", "share_imports", "share_by")))
    printing.say(printing.grid(rows, headers=heads, right=(1, 3)))
    printing.say()


class _Ends:
    """Indicators as texts, with the ends of intervals in brackets unless these read as the value alone."""

    def __init__(self, say: ReaderLanguage, result: Result) -> None:
        from landlink.ensemble.ensemble import ensemble_of

        self._say, self._result, self._ensemble = say, result, ensemble_of(result)

    def __call__(self, indicator: str, told: Callable[[float], str]) -> str:
        value = told(self._result.indicator(indicator))
        if self._ensemble is None or indicator not in self._ensemble.place_of:
            return value
        low, _, high = self._ensemble.interval(indicator)
        return _with_ends(self._say, value, told(low), told(high)) if low <= high else value


def _of_whole(say: ReaderLanguage, share: float) -> str:
    """Per cent of a whole; what is little is not nothing."""
    return say("under", share=say.percent(0.01)) if 0 < share < 0.005 else say.percent(share)
