"""``landlink trade``: what changes of trade costs do to trade and real income."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

import landlink as ll
from landlink.cli import arguments, printing
from landlink.cli.arguments import Verbs
from landlink.cli.outputs import add_output, checked_output

if TYPE_CHECKING:
    import pandas as pd

    from landlink.trade import Counterfactual

#: Columns on the screen: header and column of the table.
_SHOWN = (
    ("exports %", "exports_percent"),
    ("imports %", "imports_percent"),
    ("prices %", "price_index_percent"),
    ("real GDP %", "real_gdp_percent"),
    ("real income %", "real_income_percent"),
)


def add_verbs(verbs: Verbs) -> None:
    """Register ``trade`` and its own commands."""
    parser = verbs.add_parser(
        "trade",
        help="compute what changes of trade costs do to trade and real income",
        description="Compute what changes of trade costs do to trade, prices and real income of countries.",
        epilog="example:\n  landlink trade counterfactual flows.csv --shock costs.csv --sigma 5 -o out.csv",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    own = parser.add_subparsers(title="commands", metavar="WHAT", dest="what", required=True)
    _add_counterfactual(own)


def _add_counterfactual(verbs: Verbs) -> None:
    parser = arguments.add_verb(
        verbs,
        "counterfactual",
        _counterfactual,
        summary="solve a counterfactual of one-sector structural gravity",
        description="Solve structural gravity in exact changes: flows between countries, domestic ones included, and\n"
        "ratios of new to old trade costs, to changes of exports, imports, prices and real GDP. Every market\n"
        "clears, or the command fails with exit code 1.",
        example="landlink trade counterfactual flows.csv --shock costs.csv --sigma 5 -o out.csv\n"
        "landlink trade counterfactual flows.csv --shock costs.csv --sigma 5 --mode conditional\n"
        "landlink trade counterfactual flows.csv --shock costs.csv --sigma 5 --table flows -o flows-after.csv",
    )
    parser.add_argument("flows", metavar="FLOWS", type=Path, help="flows: exporter, importer, value (CSV)")
    parser.add_argument(
        "--shock",
        metavar="COSTS",
        type=Path,
        required=True,
        help="trade costs: exporter, importer, change as a ratio of new to old (CSV); other pairs keep theirs",
    )
    parser.add_argument("--sigma", metavar="S", required=True, help="elasticity of substitution, above 1")
    parser.add_argument(
        "--mode",
        choices=("full", "conditional", "one-pass"),
        default="full",
        help="full: incomes answer until markets clear (default); conditional: outputs and expenditures are fixed;\n"
        "one-pass: prices are updated once, and markets do not clear",
    )
    parser.add_argument(
        "--deficits",
        choices=("proportional", "fixed", "zero"),
        help="trade deficits in full mode: in proportion to output (default), of fixed value, or balanced first",
    )
    parser.add_argument("--reference", metavar="COUNTRY", help="country whose prices stay (by default world output)")
    parser.add_argument("--missing-zero", action="store_true", help="flows that are blank or not listed are zero")
    parser.add_argument(
        "--table",
        choices=("countries", "flows", "residuals"),
        default="countries",
        help="what to write: changes by country (default), flows by pair, or what markets miss",
    )
    add_output(parser, help="table to write; .csv or .parquet")


def _counterfactual(args: argparse.Namespace) -> int:
    from landlink.trade.saved_tables import TRADE_FILE

    if args.output is not None:
        checked_output(args, args.output, TRADE_FILE)
    found = ll.trade.counterfactual(
        args.flows,
        args.shock,
        sigma=_sigma(args.sigma),
        mode=args.mode,
        deficits=args.deficits,
        reference=args.reference,
        missing="zero" if args.missing_zero else "refuse",
    )
    if args.output is not None:
        found.save(args.output, table=args.table, force=args.force)
    facts = _facts(found)
    if args.json:
        countries = found.table().to_dict("records")
        printing.say_json({"ok": True, "output": args.output} | facts | {"countries": countries})
    else:
        _say(found, facts, args.output)
    return 0


def _sigma(text: str) -> Any:
    """A number; or the text itself, which is refused with the other arguments."""
    try:
        return float(text)
    except ValueError:
        return text


def _facts(found: Counterfactual) -> dict[str, Any]:
    return {
        "mode": found.mode,
        "sigma": found.sigma,
        "deficits": found.deficits or None,
        "iterations": found.iterations,
        "markets_clear": found.mode != "one-pass",
        "largest_output_residual": float(abs(found.output_residual).max()),
        "largest_expenditure_residual": float(abs(found.expenditure_residual).max()),
    }


def _say(found: Counterfactual, facts: dict[str, Any], output: Path | None) -> None:
    """Print the changes where they are not written, and how well markets clear."""
    pairs = int((found.cost_ratio != 1).sum())
    printing.say(f"{len(found.countries):,} countries, {pairs:,} pairs with other trade costs, sigma {found.sigma:g}")
    if not pairs:
        printing.say("Note: no trade cost changes, so nothing does")
    if output is None:
        table = found.table()
        rows = [[str(row["country"]), *_cells(row)] for _, row in table.iterrows()]
        columns = range(1, len(_SHOWN) + 1)
        printing.say(printing.grid(rows, headers=["country", *(name for name, _ in _SHOWN)], right=list(columns)))
    worst = max(facts["largest_output_residual"], facts["largest_expenditure_residual"])
    how = "markets clear" if facts["markets_clear"] else "one pass: markets do not clear"
    printing.say(f"{how[0].upper()}{how[1:]}; the largest residual is {worst:.1e} of a market")
    if output is not None:
        printing.say(f"Table: {output}")


def _cells(row: pd.Series) -> list[str]:
    """Changes with two decimals; a dash where there was nothing before."""
    values = (float(row[column]) for _, column in _SHOWN)
    return ["-" if value != value else f"{value + 0.0:+.2f}" for value in values]  # noqa: PLR0124  NaN alone
