"""``landlink trade demand``: freight between zones from the trade between countries."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

import landlink as ll
from landlink.cli import arguments, printing
from landlink.cli.arguments import Verbs
from landlink.cli.outputs import add_output, checked_output

if TYPE_CHECKING:
    import pandas as pd

    from landlink.trade import FreightDemand

__all__ = ["add_verb"]


def add_verb(verbs: Verbs) -> None:
    """Register ``trade demand``."""
    parser = arguments.add_verb(
        verbs,
        "demand",
        _demand,
        summary="make the freight between zones from the trade between countries",
        description="Turn the values that countries sell each other into tonnes, at the value densities of the\n"
        "commodities, and spread them over zones and gateways by gravity. Without a file, the trade is that of\n"
        "the study, in trade.csv. What no zone or gateway carries is listed.",
        example="landlink trade demand my-study -o demand.csv\n"
        "landlink trade demand my-study trade.csv --smallest 500 -o demand.csv",
    )
    parser.add_argument("study", metavar="STUDY", help=arguments.STUDY_HELP)
    parser.add_argument("trade", metavar="TRADE", type=Path, nargs="?", help="trade, with the columns of trade (CSV)")
    parser.add_argument(
        "--decay", metavar="POWER", default="1", help="power of distance with which freight falls between zones (1)"
    )
    parser.add_argument(
        "--smallest", metavar="T", default="3000", help="tonnes a year below which a pair of zones is left out (3000)"
    )
    add_output(parser, help="table to write; .csv")


def _demand(args: argparse.Namespace) -> int:
    from landlink.trade.trade_freight import TRADE_DEMAND_FILE

    if args.output is not None:
        checked_output(args, args.output, TRADE_DEMAND_FILE)
    decay, smallest = _number("--decay", args.decay), _number("--smallest", args.smallest)
    found = ll.trade.freight_demand(ll.open_study(args.study), args.trade, decay=decay, smallest_t=smallest)
    if args.output is not None:
        found.save(args.output, force=args.force)
    if args.json:
        facts = {"flows": found.flows.to_dict("records"), "left_out": found.left_out.to_dict("records")}
        printing.say_json({"ok": True, "output": args.output, "rows": len(found.table)} | facts)
    else:
        _say(found, args.output)
    return 0


def _number(name: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ll.InputError([ll.Problem(name, "not a number", value=text, allowed="a number, such as 1")]) from None


def _say(found: FreightDemand, output: Path | None) -> None:
    """Print what is carried by exporter, and what is left out and why."""
    sums = found.flows.groupby("exporter")[["tonnes_per_year", "value_usd_per_year", "pairs"]].sum()
    rows = [
        [str(name), f"{tonnes / 1e6:,.2f}", f"{value / 1e9:,.2f}", f"{pairs:,.0f}"]
        for name, (tonnes, value, pairs) in zip(sums.index, sums.to_numpy().tolist(), strict=True)
    ]
    printing.say(printing.grid(rows, headers=["exporter", "Mt", "bn USD", "flows"], right=[1, 2, 3]))
    printing.say(f"{len(found.table):,} rows of freight between zones")
    _say_left_out(found.left_out)
    if output is not None:
        printing.say(f"Table: {output}")


def _say_left_out(left: pd.DataFrame) -> None:
    """Print the value of trade that is not in the table, and of which countries it is."""
    sums = left.groupby("reason")["value_usd_per_year"].agg(["size", "sum"])
    for reason, (count, value) in zip(sums.index, sums.to_numpy().tolist(), strict=True):
        printing.say(f"Left out: {value / 1e9:,.2f} bn USD, {count:,.0f} flows of trade: {reason}")
    names = left.assign(country=left["unplaced"].str.split(";")).explode("country")
    worth = names[names["country"] != ""].groupby("country")["value_usd_per_year"].sum()
    if len(worth):
        each = ", ".join(f"{name} {value / 1e9:,.2f}" for name, value in worth.items())
        printing.say(f"Trade of countries with no zone or gateway, bn USD (between two of them, at both): {each}")
