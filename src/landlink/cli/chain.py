"""``landlink chain``: time, money and distance of a shipment from zone to zone, scenarios laid over each other."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import landlink as ll
from landlink.cli import arguments, printing
from landlink.cli.arguments import Verbs
from landlink.cli.compiling import compile_for_study, showing_compilation
from landlink.cli.outputs import add_output, checked_output
from landlink.cli.solving import add_cases, chosen_scenarios

if TYPE_CHECKING:
    import pandas as pd

    from landlink.report.chain import Chain
    from landlink.results.result import Result
    from landlink.study import Study
    from landlink.study.study import Scenario

#: Most results that one chart tells apart.
_MOST: Final = 6


def add_verb(verbs: Verbs) -> None:
    """Register ``chain``."""
    parser = arguments.add_verb(
        verbs,
        "chain",
        _chain,
        summary="time, money and distance from zone to zone, step by step",
        description="Trace a shipment from zone to zone: time, money and distance along the main route, with the\n"
        "steps at border crossings and terminals. Scenarios are laid over each other. Give a study, whose scenarios\n"
        "are solved, or saved result folders. Without scenarios, those of the latest year are taken.",
        example="landlink chain china-kyrgyzstan --from G-XIAN --to Tashkent --commodity machinery -o chain.html\n"
        "landlink chain results/base-2030 results/cku-2030 --from Kashgar --to Bishkek\n"
        "landlink chain my-study --from Z1 --to Z2 --apply bypass --year 2030 --alternative road -o chain.svg",
    )
    parser.add_argument(
        "source",
        metavar="STUDY|RESULT",
        nargs="+",
        help="a study (its name or folder), or result folders, the base first",
    )
    parser.add_argument("--from", dest="origin", metavar="PLACE", required=True, help="zone of origin: an id or a name")
    parser.add_argument("--to", dest="destination", metavar="PLACE", required=True, help="zone of destination")
    parser.add_argument("--commodity", metavar="NAME", default="", help="commodity (that with the most tonnes)")
    parser.add_argument(
        "--alternative",
        metavar="NAME",
        type=arguments.ids,
        action="append",
        help="alternatives to show, such as rail (all that carry at least 1%% of the tonnes)",
    )
    add_cases(parser, "to show")
    add_output(parser, help="file to write: .html for a page, .svg for the chart, .csv for the table")
    arguments.add_languages(parser)


def _chain(args: argparse.Namespace) -> int:
    from landlink.report.chain import CHAIN_FILE
    from landlink.report.words import Words

    Words(args.language)  # a language that it does not know is refused before anything is solved
    if args.output:
        checked_output(args, args.output, CHAIN_FILE)
    with showing_compilation() as progress:
        sources, taken = _sources(args)
        if len(sources) > _MOST:
            raise ll.InputError(f"a chain shows at most {_MOST} results, not {len(sources)}; choose with --scenario")
        if not isinstance(sources[0], ll.Result):
            compile_for_study(sources[0].study, progress)
        found = ll.chain(
            sources,
            args.origin,
            args.destination,
            args.commodity,
            alternative=arguments.joined_ids(args.alternative),
            progress=progress,
        ).in_language(args.language, args.names)
    if args.output:
        found.save(args.output, force=args.force)
    if args.json:
        written = {"written": args.output.resolve()} if args.output else {}
        ends = {"origin": found.ends.origin, "destination": found.ends.destination, "commodity": found.ends.commodity}
        printing.say_json({"ok": True, **ends, **written, "legs": found.table.to_dict("records")})
        return 0
    _say(found, taken)
    if args.output:
        printing.say(f"Wrote {args.output}")
    else:
        printing.say("Add -o chain.html for the chart, .svg for a picture, .csv for the table.")
    return 0


def _sources(args: argparse.Namespace) -> tuple[Sequence[Scenario | Result], str]:
    """Results that were given, or scenarios of a study; and what was taken where none was named."""
    from landlink.tables.destinations import RESULT_FILE

    paths = [Path(text) for text in args.source]
    saved = [(path / RESULT_FILE).is_file() for path in paths]
    asked = args.scenario or args.apply or args.change or args.carbon_price is not None or args.year is not None
    if all(saved):
        if asked:
            raise ll.InputError("results are solved already: --scenario, --apply, --change and --year need a study")
        return [ll.open_result(path) for path in paths], ""
    if len(paths) > 1:
        other = args.source[saved.index(False)]
        raise ll.InputError(f"give one study, or result folders alone; {other} is no result")
    args.study = args.source[0]
    if asked:
        chosen = chosen_scenarios(args)
        # What measures and changes do shows beside the same year without them.
        if not args.scenario and chosen[0].measures:
            chosen = [chosen[0].study.bare().at(chosen[0].year), *chosen]
        return chosen, ""
    return _latest(ll.open_study(args.study))


def _latest(study: Study) -> tuple[list[Scenario], str]:
    """Scenarios of the latest year for which a study names several; all it names if there is none, else the base."""
    named = list(study.scenarios.values())
    if not named:
        year = study.settings.base_year
        return [study.at(year)], f"The study names no scenarios: shown is {year}, its base year."
    years = [one.year for one in named]
    several = [year for year in years if years.count(year) > 1]
    chosen = [one for one in named if one.year == max(several)] if several else named
    listed = ", ".join(one.id for one in chosen[:_MOST])
    return chosen[:_MOST], f"Scenarios: {listed}. Choose others with --scenario."


def _say(found: Chain, taken: str) -> None:
    """Print the totals, then every route leg by leg."""
    from landlink.tables.frames import records

    printing.say(found.title)
    if taken:
        printing.say(taken)
    table, currency = found.table, found.results[0].currency
    money = currency.name_of("at_usd_per_t")
    ends = table.groupby(["result", "alternative"], sort=False).last().reset_index()
    printing.say()
    heads = ("result", "alternative", "km", "hours", "5 to 95%", currency.unit_of("USD/t"))
    rows = [
        (one["result"], one["alternative"], *_figures(one, money))
        for one in records(ends)
    ]  # fmt: skip
    printing.say(printing.grid(rows, headers=heads, right=(2, 3, 4, 5)))
    for (label, alternative), legs in table.groupby(["result", "alternative"], sort=False):
        printing.say(["", f"{label}, {alternative}"])
        printing.say(_legs(legs, money, currency.unit_of("USD/t")))
    printing.say()


def _legs(legs: pd.DataFrame, money: str, unit: str) -> list[str]:
    from landlink.tables.frames import records

    rows = [
        (
            f"{one['from_name']} - {one['to_name']}" if one["kind"] == "run" else str(one["name"] or one["from_name"]),
            f"{one['kind']}, {one['mode']}",
            f"{one['distance_km']:,.0f}",
            f"{one['time_h']:,.1f}",
            *_figures(one, money),
        )
        for one in records(legs)
    ]
    heads = ("leg", "", "km", "hours", "km so far", "hours", "5 to 95%", unit)
    return list(printing.grid(rows, headers=heads, right=range(2, 8)))


def _figures(row: dict[str, Any], money: str) -> tuple[str, str, str, str]:
    """Distance, time, its band and money up to the end of a leg."""
    at = {name: float(row[name]) for name in ("at_km", "at_h", "at_p05_h", "at_p95_h", money)}
    low, high = at["at_p05_h"], at["at_p95_h"]
    band = f"{low:,.1f} to {high:,.1f}" if low < high else ""
    return f"{at['at_km']:,.0f}", f"{at['at_h']:,.1f}", band, f"{at[money]:,.0f}"
