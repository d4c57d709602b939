"""``landlink trade counterfactual`` with a world of many sectors, inputs and tariffs."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

import landlink as ll
from landlink.cli import printing

if TYPE_CHECKING:
    from landlink.trade import SectorCounterfactual
    from landlink.trade.structural_gravity import Deficits

__all__ = ["add_options", "say_large", "solve"]

#: Columns on the screen: header and column of the table.
_SHOWN = (
    ("exports %", "exports_percent"),
    ("imports %", "imports_percent"),
    ("prices %", "price_index_percent"),
    ("real income %", "real_income_percent"),
    ("first order %", "first_order_percent"),
)
#: Difference of wages from the data, as a share, from which it can be seen in the changes printed.
_TOLD_GAP = 5e-4
#: Ratio or tariff beyond what trade costs do, as per cents read as such would be.
_LARGE = 5.0
#: Options that only one sector has.
_ONE_SECTOR = ("sigma", "column", "where", "reexports", "mode", "reference")


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of many sectors."""
    many = parser.add_argument_group("many sectors")
    many.add_argument(
        "--world",
        metavar="FOLDER",
        type=Path,
        help="tables of a world: flows.csv, value_added.csv, inputs.csv, elasticities.csv, and where they are not\n"
        "what flows imply consumption.csv, tariffs.csv and regions.csv",
    )
    many.add_argument(
        "--tariffs",
        metavar="NEW",
        type=Path,
        help="new tariffs: importer, exporter, sector, tariff as a share of value (CSV); others stay",
    )


def solve(args: argparse.Namespace) -> int:
    """Solve the world of the arguments.

    Raises
    ------
    InputError
        Arguments that only one sector has, nothing that changes, or invalid tables.
    """
    from landlink.trade.multisector_world import check_tariff

    _check(args)
    folder = args.world if args.world is not None else args.flows
    world = ll.trade.World.load(folder, missing="zero" if args.missing_zero else "refuse")
    deficits: Deficits = args.deficits or "zero"
    found = ll.trade.sector_counterfactual(world, tariff=args.tariffs, cost_ratio=args.shock, deficits=deficits)
    if args.output is not None:
        found.save(args.output, table=args.table, force=args.force)
    facts = _facts(found)
    if args.json:
        regions = found.table().to_dict("records")
        printing.say_json({"ok": True, "output": args.output} | facts | {"regions": regions})
    else:
        if args.shock is not None:
            largest = float(check_tariff(world, args.shock, "cost_ratio").max())
            say_large(largest, "ratio of trade costs", "1 is no change, 0.9 is 10 % less")
        _say(found, facts, args.output)
    return 0


def say_large(value: float, what: str, meaning: str) -> None:
    """Print a note on a number so large that it may be meant in per cent."""
    if value > _LARGE:
        printing.say(f"Note: the largest {what} is {value:g}: {meaning}")


def _check(args: argparse.Namespace) -> None:
    from landlink.core.errors import InputError, Problem

    allowed = "with one sector: FLOWS as a file of exporter, importer, value"
    given = [name for name in _ONE_SECTOR if getattr(args, name) is not None]
    problems = [Problem("", f"--{name} has no effect with many sectors", allowed=allowed) for name in given]
    if args.world is not None and args.flows is not None:
        problems.append(Problem("", "FLOWS and --world exclude each other", value=str(args.flows)))
    if args.tariffs is None and args.shock is None:
        problems.append(Problem("", "nothing changes", allowed="--tariffs, --shock or both"))
    if args.table == "residuals":
        problems.append(Problem("", "unknown table", value=args.table, allowed="countries, flows"))
    if problems:
        raise InputError(problems)


def _facts(found: SectorCounterfactual) -> dict[str, Any]:
    return {
        "regions_count": len(found.world.regions),
        "sectors_count": len(found.world.sectors),
        "deficits": found.deficits,
        "baseline_gap": found.baseline_gap,
        "sweeps": found.before.sweeps + found.after.sweeps,
        "markets_clear": True,
        "residuals": found.residuals(),
    }


def _say(found: SectorCounterfactual, facts: dict[str, Any], output: Path | None) -> None:
    printing.say(f"{facts['regions_count']:,} regions, {facts['sectors_count']:,} sectors, deficits {found.deficits}")
    if found.baseline_gap >= _TOLD_GAP:
        why = "as trade is balanced" if found.deficits == "zero" else "whose accounts do not close"
        printing.say(
            f"Changes are from a base whose wages differ by up to {found.baseline_gap:.1%} from the data, {why}"
        )
    if (tariff := float(found.tariff_after.max())) > float(found.tariff_before.max()):
        say_large(tariff, "new tariff", "a share, 0.1 for 10 %")
    if output is None:
        table = found.table()
        cells = [[f"{value + 0.0:+.2f}".replace("+nan", "-") for value in table[column]] for _, column in _SHOWN]
        rows = [list(row) for row in zip(table["region"], *cells, strict=True)]
        headers = ["region", *(name for name, _ in _SHOWN)]
        printing.say(printing.grid(rows, headers=headers, right=list(range(1, len(headers)))))
    worst = max(facts["residuals"].values())
    printing.say(f"Markets clear; the largest residual is {worst:.1e} of a market")
    if output is not None:
        printing.say(f"Table: {output}")
