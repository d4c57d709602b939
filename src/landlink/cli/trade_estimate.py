"""``landlink trade estimate``: a gravity equation by PPML with fixed effects."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

import landlink as ll
from landlink.cli import arguments, printing
from landlink.cli.arguments import Verbs
from landlink.cli.outputs import add_output, checked_output

if TYPE_CHECKING:
    from landlink.trade import GravityEstimate
    from landlink.trade.long_tables import Missing

__all__ = ["add_verb"]


def add_verb(verbs: Verbs) -> None:
    """Register ``trade estimate``."""
    parser = arguments.add_verb(
        verbs,
        "estimate",
        _estimate,
        summary="estimate a gravity equation by PPML with fixed effects",
        description="Estimate how trade depends on distance, borders or the cost of freight, by Poisson pseudo\n"
        "maximum likelihood with fixed effects. Needs pip install 'landlink[estimate]'.",
        example='landlink trade estimate flows.csv --formula "value ~ log(distance) + border | exporter + importer"\n'
        'landlink trade estimate panel.csv --formula "value ~ log(cost) + border | exporter^year + importer^year" '
        "--cluster pair -o coefficients.csv --fitted fitted.csv",
    )
    parser.add_argument(
        "flows", metavar="FLOWS", type=Path, help="flows and covariates: exporter, importer, and others (CSV)"
    )
    parser.add_argument(
        "--formula",
        required=True,
        help="flows ~ covariates | fixed effects: columns, log(column) and products a:b; for fixed effects columns\n"
        "and combinations a^b",
    )
    parser.add_argument(
        "--cluster",
        metavar="COLUMN",
        help="cluster of errors, or two joined by +; pair for the two countries of a flow (by default errors are\n"
        "robust to heteroskedasticity)",
    )
    parser.add_argument("--missing-zero", action="store_true", help="flows that are blank are zero")
    parser.add_argument(
        "--fitted", metavar="FILE", type=Path, help="flows beside fitted flows to write; .csv or .parquet"
    )
    add_output(parser, help="coefficients to write; .csv or .parquet")


def _estimate(args: argparse.Namespace) -> int:
    from landlink.core.errors import InputError, Problem
    from landlink.trade.saved_tables import ESTIMATE_FILE

    targets = [path for path in (args.output, args.fitted) if path is not None]
    for path in targets:
        checked_output(args, path, ESTIMATE_FILE)
    if len({path.resolve() for path in targets}) < len(targets):
        raise InputError(Problem("", "two tables in one file", value=str(args.output), allowed="another for --fitted"))
    missing: Missing = "zero" if args.missing_zero else "refuse"
    found = ll.trade.estimate(args.flows, args.formula, cluster=args.cluster, missing=missing)
    if args.output is not None:
        found.save(args.output, force=args.force)
    if args.fitted is not None:
        found.save(args.fitted, table="fitted", force=args.force)
    if args.json:
        _say_json(found, args)
    else:
        _say(found, targets)
    return 0


def _say_json(found: GravityEstimate, args: argparse.Namespace) -> None:
    printing.say_json(
        {
            "ok": True,
            "output": args.output,
            "fitted": args.fitted,
            "formula": found.formula,
            "observations": found.observations,
            "separated": found.left_out("separated"),
            "singletons": found.left_out("singleton"),
            "collinear": list(found.collinear),
            "fixed_effects": dict(found.fixed_effects),
            "clusters": dict(found.clusters),
            "convention": found.convention,
            "r_squared": found.r_squared,
            "coefficients": found.table().drop(columns="convention").to_dict("records"),
        }
    )


def _say(found: GravityEstimate, targets: list[Path]) -> None:
    """Print the coefficients, what was left out, and how the errors are scaled."""
    numbers = (found.coefficient, found.std_error, found.std_error_stata)
    cells = [[f"{value:.4f}" for value in column] for column in numbers]
    ratios = [f"{value:.1f}" for value in found.coefficient / found.std_error]
    rows = [list(row) for row in zip(found.terms, *cells, ratios, strict=True)]
    headers = ["term", "coefficient", "std error", "as in Stata", "z"]
    printing.say(printing.grid(rows, headers=headers, right=[1, 2, 3, 4]))
    levels = ", ".join(f"{name} {count:,}" for name, count in found.fixed_effects.items()) or "none"
    printing.say(f"{found.observations:,} flows; fixed effects: {levels}; squared correlation {found.r_squared:.3f}")
    ways = " and ".join(f"{name} ({count:,})" for name, count in found.clusters.items())
    printing.say(f"Errors: {f'clustered by {ways}' if ways else 'robust to heteroskedasticity'}; {_factors(found)}")
    if separated := found.left_out("separated"):
        printing.say(f"Left out: {separated:,} separated flows, zeros that are fitted as 0 exactly")
    if singletons := found.left_out("singleton"):
        printing.say(f"Left out: {singletons:,} flows that are alone in a level of a fixed effect")
    if found.collinear:
        printing.say(f"Without a coefficient, determined by the others: {', '.join(found.collinear)}")
    for path in targets:
        printing.say(f"Table: {path}")


def _factors(found: GravityEstimate) -> str:
    return found.convention.partition("; ")[2].replace("std_error_stata:", "as in Stata:").replace("std_error: ", "")
