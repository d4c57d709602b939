"""``landlink trade``: what changes of trade costs do to trade and real income, and gravity estimated."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

import landlink as ll
from landlink.cli import arguments, printing, trade_demand, trade_elasticities, trade_estimate, trade_sectors
from landlink.cli.arguments import Verbs
from landlink.cli.outputs import add_output, checked_output

if TYPE_CHECKING:
    import pandas as pd

    from landlink.trade import Counterfactual
    from landlink.trade.long_tables import Missing

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
        description="Compute what changes of trade costs do to trade, prices and real income of countries; estimate\n"
        "how trade depends on them.",
        epilog="example:\n  landlink trade counterfactual flows.csv --shock costs.csv --sigma 5 -o out.csv",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    own = parser.add_subparsers(title="commands", metavar="WHAT", dest="what", required=True)
    _add_counterfactual(own)
    trade_estimate.add_verb(own)
    trade_elasticities.add_verb(own)
    trade_demand.add_verb(own)


def _add_counterfactual(verbs: Verbs) -> None:
    parser = arguments.add_verb(
        verbs,
        "counterfactual",
        _counterfactual,
        summary="solve a counterfactual of structural gravity, of one sector or of many with inputs and tariffs",
        description="Solve structural gravity in exact changes: flows between countries, domestic ones included, and\n"
        "ratios of new to old trade costs, to changes of exports, imports, prices and real GDP. A folder of\n"
        "tables is a world of many sectors, with inputs and tariffs. Every market clears, or the command\n"
        "fails with exit code 1.",
        example="landlink trade counterfactual flows.csv --shock costs.csv --sigma 5 -o out.csv\n"
        "landlink trade counterfactual flows.csv --shock costs.csv --sigma 5 --mode conditional\n"
        "landlink trade counterfactual flows.csv --shock costs.csv --sigma 5 --table flows -o flows-after.csv\n"
        "landlink trade counterfactual --world world --tariffs new-tariffs.csv --deficits fixed -o out.csv",
    )
    parser.add_argument(
        "flows",
        metavar="FLOWS",
        type=Path,
        nargs="?",
        help="flows: exporter, importer, value (CSV); or a folder of many sectors, as for --world",
    )
    parser.add_argument(
        "--shock",
        metavar="COSTS",
        type=Path,
        help="trade costs: exporter, importer, change as a ratio of new to old (CSV); other pairs keep theirs",
    )
    one = parser.add_argument_group("one sector")
    one.add_argument(
        "--sigma",
        metavar="S",
        help="elasticity of substitution, above 1; or a sector of `landlink trade elasticities`, whose published\n"
        "one is taken (goods)",
    )
    one.add_argument("--column", metavar="NAME", help="column of the flows (value), such as fitted")
    one.add_argument(
        "--where",
        metavar="COLUMN=VALUE",
        action="append",
        help="take these rows of the flows only, such as year=2019; may be given several times",
    )
    one.add_argument(
        "--reexports",
        metavar="FILE",
        type=Path,
        help="re-exports within the flows, to be netted: exporter, hub, importer, value (CSV)",
    )
    one.add_argument(
        "--mode",
        choices=("full", "conditional", "one-pass"),
        help="full: incomes answer until markets clear (default); conditional: outputs and expenditures are fixed;\n"
        "one-pass: prices are updated once, and markets do not clear",
    )
    parser.add_argument(
        "--deficits",
        choices=("proportional", "fixed", "zero"),
        help="trade deficits in full mode: in proportion to output (default), of fixed value, or balanced first\n"
        "(default with many sectors)",
    )
    one.add_argument("--reference", metavar="COUNTRY", help="country whose prices stay (by default world output)")
    parser.add_argument("--missing-zero", action="store_true", help="flows that are blank or not listed are zero")
    trade_sectors.add_options(parser)
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
    if args.world is not None or (args.flows is not None and args.flows.is_dir()):
        return trade_sectors.solve(args)
    missing: Missing = "zero" if args.missing_zero else "refuse"
    _check_one_sector(args)
    sigma, source = trade_elasticities.elasticity(args.sigma)
    found = ll.trade.counterfactual(
        _flows(args, missing),
        args.shock,
        sigma=sigma,
        mode=args.mode or "full",
        deficits=args.deficits,
        reference=args.reference,
        missing=missing,
    )
    if args.output is not None:
        found.save(args.output, table=args.table, force=args.force)
    facts = _facts(found) | {"sigma_source": source}
    if args.json:
        countries = found.table().to_dict("records")
        printing.say_json({"ok": True, "output": args.output} | facts | {"countries": countries})
    else:
        _say(found, facts, args.output)
    return 0


def _check_one_sector(args: argparse.Namespace) -> None:
    """Refuse what one sector needs and has not, or has and does not use.

    Raises
    ------
    InputError
        All such arguments.
    """
    from landlink.core.errors import InputError, Problem

    needed = {"FLOWS": args.flows, "--shock": args.shock}
    problems = [Problem("", f"{name} is required with one sector") for name, value in needed.items() if value is None]
    if args.tariffs is not None:
        allowed = "a folder of many sectors in place of FLOWS; with one sector, tariffs are part of the trade costs"
        problems.append(Problem("", "--tariffs needs many sectors", value=str(args.tariffs), allowed=allowed))
    if problems:
        raise InputError(problems)


def _flows(args: argparse.Namespace, missing: Missing) -> Path | pd.DataFrame:
    """The flows: the file itself, or what options take of it."""
    from landlink.trade.flow_tables import selected_flows

    flows: Path | pd.DataFrame = args.flows
    if args.column is not None or args.where:
        flows = selected_flows(args.flows, column=args.column, where=dict(map(_condition, args.where or ())))
    return flows if args.reexports is None else ll.trade.net_reexports(flows, args.reexports, missing=missing)


def _condition(text: str) -> tuple[str, str]:
    from landlink.core.errors import InputError, Problem

    column, mark, value = text.partition("=")
    if not (column.strip() and mark):
        raise InputError(Problem("", "invalid condition", value=text, allowed="COLUMN=VALUE, such as year=2019"))
    return column.strip(), value.strip()


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
    if facts["sigma_source"]:
        printing.say(f"Elasticity: published, {facts['sigma_source']}")
    if not pairs:
        printing.say("Note: no trade cost changes, so nothing does")
    trade_sectors.say_large(float(found.cost_ratio.max()), "ratio of trade costs", "1 is no change, 0.9 is 10 % less")
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
