"""``landlink domestic``: domestic freight of a study from national totals."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

import landlink as ll
from landlink.cli import arguments, printing
from landlink.cli.arguments import Verbs
from landlink.cli.outputs import add_output, checked_output

if TYPE_CHECKING:
    from landlink.freight.domestic_demand import DomesticDemand


def add_verb(verbs: Verbs) -> None:
    """Register ``domestic``."""
    parser = arguments.add_verb(
        verbs,
        "domestic",
        _domestic,
        summary="make the freight within countries from national totals",
        description="Spread national totals of domestic freight over pairs of zones by gravity: tonnes and\n"
        "tonne-kilometres by country, alternative, commodity and distance band are met. Without a file, the totals\n"
        "are those of the study, in domestic_total.csv.",
        example="landlink domestic my-study totals.csv -o my-study/demand_domestic.csv\n"
        "landlink domestic china-kyrgyzstan --smallest 10000",
    )
    parser.add_argument("study", metavar="STUDY", help=arguments.STUDY_HELP)
    parser.add_argument(
        "totals", metavar="TOTALS", type=Path, nargs="?", help="totals, with the columns of domestic_total (CSV)"
    )
    parser.add_argument(
        "--smallest", metavar="T", default="3000", help="tonnes a year below which a pair of zones is left out (3000)"
    )
    add_output(parser, help="table to write; .csv")


def _domestic(args: argparse.Namespace) -> int:
    from landlink.freight.domestic_demand import DOMESTIC_FILE

    if args.output is not None:
        checked_output(args, args.output, DOMESTIC_FILE)
    found = ll.domestic_demand(ll.open_study(args.study), args.totals, smallest_t=_tonnes(args.smallest))
    if args.output is not None:
        found.save(args.output, force=args.force)
    if args.json:
        printing.say_json({"ok": True, "output": args.output, "rows": len(found.table), "totals": _facts(found)})
    else:
        _say(found, args.output)
    return 0


def _tonnes(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        message = "not a number of tonnes"
        raise ll.InputError([ll.Problem("--smallest", message, value=text, allowed="0 or more")]) from None


def _facts(found: DomesticDemand) -> list[dict[str, Any]]:
    """Rows of totals, with what is not known as null."""
    rows = found.totals.astype(object).where(found.totals.notna(), None)
    return [{str(name): cell for name, cell in row.items()} for row in rows.to_dict("records")]


def _say(found: DomesticDemand, output: Path | None) -> None:
    """Print what moves between zones by country and alternative."""
    names = ["tonnes_per_year", "tkm_per_year", "within_zones_t", "pairs"]
    sums = found.totals.groupby(["country", "alternative"], sort=False)[names].sum()
    rows = [
        [
            country, alternative or "any", f"{tonnes / 1e6:,.2f}", f"{tkm / 1e9:,.2f}",
            f"{tkm / tonnes:,.0f}" if tonnes > 0 else "", f"{within / 1e6:,.2f}", f"{pairs:,.0f}",
        ]
        for (country, alternative), (tonnes, tkm, within, pairs) in zip(
            sums.index, sums.to_numpy().tolist(), strict=True
        )
    ]  # fmt: skip
    heads = ["country", "by", "Mt", "bn tkm", "mean km", "Mt within zones", "flows"]
    printing.say(printing.grid(rows, headers=heads, right=list(range(2, len(heads)))))
    printing.say(f"{len(found.table):,} rows of domestic freight between zones")
    if output is not None:
        printing.say(f"Table: {output}")
