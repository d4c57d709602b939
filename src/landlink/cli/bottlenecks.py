"""``landlink bottlenecks``: where a little more capacity is worth most."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Final

import landlink as ll
from landlink.cli import arguments, printing
from landlink.cli.arguments import Verbs
from landlink.cli.headlines import link_names, place_names
from landlink.cli.notes import said_once
from landlink.core.countries import country_code, country_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from landlink.results.result import Result

#: What places are ranked by, and the column of each.
_ORDERS: Final = {
    "percent": "one_percent_usd_per_year",
    "vehicle": "one_more_usd_per_year",
    "hour": "one_more_hour_usd_per_year",
}
_SIGNS: Final = "ABCDEFGH"
_SHOWN: Final = 15


def add_verb(verbs: Verbs) -> None:
    """Register ``bottlenecks``."""
    parser = arguments.add_verb(
        verbs,
        "bottlenecks",
        _bottlenecks,
        summary="rank crossings, terminals and links by what more capacity is worth",
        description="Rank crossings, terminals and links by what a little more capacity would save the freight that\n"
        "passes, at its value of time: 1 % more, one more vehicle (at terminals a tonne) a day, or one more hour of\n"
        "opening a day. Figures hold for small changes, at the flows of the result. Ranked are places in the region,\n"
        "as in the report: in a country with a zone that is no gateway, or on the borders of one.",
        example="landlink bottlenecks results/base-2030\n"
        "landlink bottlenecks results/base-2030 results/cku-2030 --country KGZ --by vehicle",
    )
    parser.add_argument("results", metavar="RESULT", nargs="+", type=Path, help="result folders")
    parser.add_argument("--by", choices=tuple(_ORDERS), default="percent", help="what to rank by (percent)")
    area = parser.add_mutually_exclusive_group()
    area.add_argument("--country", metavar="COUNTRY", help="only places in this country, or on its borders")
    area.add_argument("--everywhere", action="store_true", help="also places outside the region")
    parser.add_argument(
        "--top", metavar="N", type=arguments.positive_integer, default=_SHOWN, help=f"places to show ({_SHOWN})"
    )


def _bottlenecks(args: argparse.Namespace) -> int:
    from landlink.results.compare import title_of

    results = [ll.open_result(folder) for folder in args.results]
    tables = [_ranked(result, folder, args) for result, folder in zip(results, args.results, strict=True)]
    if args.json:
        labelled = zip(results, tables, strict=True)
        found = [{"label": title_of(result), "bottlenecks": table.to_dict("records")} for result, table in labelled]
        facts = {"results": args.results, "ranked_by": _ORDERS[args.by], "area": _area(results[0], args)[0]}
        printing.say_json({"ok": True, **facts, "found": found})
        return 0
    for number, (result, table, folder) in enumerate(zip(results, tables, args.results, strict=True)):
        printing.say([""] * (number > 0) + [f"{title_of(result)}  ({folder})", ""])
        _say_table(result, table)
    printing.say(
        [
            "",
            "Worth in a year at the value of time of what passes, for a small change and with the flows of the result;",
            f"an hour is one more of opening a day. {_meaning(args.by)}",
            *dict.fromkeys(_area(result, args)[1] for result in results),
        ]
    )
    if len(results) > 1:
        own = [result.provenance.presentation.notes for result in results]
        notes = said_once(own, _SIGNS, link_names(results[0]))
        printing.say(["", *notes] if notes else [])
    return 0


def _meaning(by: str) -> str:
    ranked = {"percent": "1 % more capacity", "vehicle": "one more vehicle a day, at terminals one more tonne",
              "hour": "one more hour of opening a day"}  # fmt: skip
    return f"Ranked by {ranked[by]}."


def _ranked(result: Result, folder: Path, args: argparse.Namespace) -> pd.DataFrame:
    """First rows of the ranking of a result, with the names of the places."""
    if "bottleneck" not in result.tables:
        raise ll.ResultError(f"{folder} was saved before bottlenecks were ranked; run the scenario again")
    from landlink.freight.bottleneck_places import lie_in

    table = result.tables["bottleneck"]
    if not args.everywhere:
        table = table[lie_in(result.tables, table, _countries(result, args.country))]
    column = _ORDERS[args.by]
    table = table[table[column] > 0].sort_values([column, "rank"], ascending=[False, True], kind="stable")
    names = _names(result)
    named = [names.get((kind, place), "") for kind, place in zip(table["kind"], table["place_id"], strict=True)]
    shown = table.assign(rank=range(1, len(table) + 1), name=named)
    return shown.head(args.top).reset_index(drop=True)


def _names(result: Result) -> dict[tuple[str, str], str]:
    """Names of crossings, terminals and of the first link of each load group."""
    names = {(kind, key): name for key, name in place_names([result]).items() for kind in ("crossing", "terminal")}
    link = result.tables["link"].drop_duplicates("load_group")
    return names | {("link", str(g)): str(n) for g, n in zip(link["load_group"], link["name"], strict=True)}


def _countries(result: Result, country: str | None) -> set[str]:
    """Countries whose places are ranked: the one asked for, else those of the region."""
    from landlink.freight.bottleneck_places import countries_of_places, region_of, study_names

    if not country:
        return region_of(result.tables)
    known = sorted(set().union(*countries_of_places(result.tables).values()))
    return {country_code(country, known, study_names(result.tables))}


def _area(result: Result, args: argparse.Namespace) -> tuple[str, str]:
    """The area that is ranked, as a word and as a sentence."""
    if args.everywhere:
        return "everywhere", "All places are ranked, also those outside the region."
    if args.country:
        (code,) = _countries(result, args.country)
        return code, f"Ranked are places in {country_name(code)} or on its borders."
    names = ", ".join(sorted(country_name(code) for code in _countries(result, None)))
    return "region", f"Ranked are places in the region ({names}) or on its borders; --everywhere ranks all."


def _say_table(result: Result, table: pd.DataFrame) -> None:
    if table.empty:
        printing.say("No capacity delays anything.")
        return
    money = result.currency
    rows = [_row(row, money.factor("USD")) for row in table.to_dict("records")]
    unit = money.unit_of("USD")
    heads = ("", "place", "use", "delay, h", f"1 % more, {unit}", f"one more a day, {unit}", f"an hour, {unit}", "")
    printing.say(printing.grid(rows, headers=heads, right=(0, 2, 3, 4, 5, 6)))


def _row(row: Mapping[object, object], factor: float) -> tuple[str, ...]:
    of = "" if row["direction"] == "both" else f" {row['direction']}"
    place = " ".join(filter(None, (str(row["kind"]), str(row["place_id"]), str(row["family"])))) + of
    worth = (printing.number(_float(row[column]) * factor) for column in _ORDERS.values())
    use, delay = printing.number(_float(row["use"])), printing.number(_float(row["delay_h"]))
    return (str(row["rank"]), place, use, delay, *worth, str(row["name"]))


def _float(value: object) -> float:
    return float(value)  # type: ignore[arg-type]
