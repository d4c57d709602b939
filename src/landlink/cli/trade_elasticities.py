"""``landlink trade elasticities``: what others have estimated, and the choice of one by its sector."""

from __future__ import annotations

import argparse
from typing import Any

import landlink as ll
from landlink.cli import arguments, printing
from landlink.cli.arguments import Verbs

__all__ = ["add_verb", "elasticity"]

#: Sector whose elasticity is taken where none is given.
_DEFAULT = "goods"


def add_verb(verbs: Verbs) -> None:
    """Register ``trade elasticities``."""
    parser = arguments.add_verb(
        verbs,
        "elasticities",
        _list,
        summary="list published elasticities of substitution with their sources",
        description="List published elasticities of substitution between origins by sector, with their standard\n"
        "errors and sources. The first of each sector is used by default.",
        example="landlink trade elasticities\nlandlink trade elasticities coal",
    )
    parser.add_argument("sector", metavar="SECTOR", nargs="?", help="sector to list with all its estimates")


def _list(args: argparse.Namespace) -> int:
    table = ll.trade.published_elasticities(args.sector, alternatives=args.sector is not None)
    if args.json:
        records = table.astype(object).where(table.notna(), None).to_dict("records")
        printing.say_json({"ok": True, "elasticities": records})
        return 0
    errors = [f"{error:g}" if error > 0 else "" for error in table["sigma_error"]]
    sigmas = [f"{sigma:g}" for sigma in table["sigma"]]
    rows = [list(row) for row in zip(table["sector_id"], table["sector"], sigmas, errors, strict=True)]
    printing.say(printing.grid(rows, headers=["sector", "goods", "sigma", "std error"], right=[2, 3]))
    for source in dict.fromkeys(table["source"]):
        printing.say(f"Source: {source}")
    if args.sector is not None:
        for text in dict.fromkeys(table["estimated"]):
            printing.say(f"Estimated: {text}")
    return 0


def elasticity(text: str | None) -> tuple[Any, str | None]:
    """Read an elasticity: a number, or the sector of a published one, with its source.

    Raises
    ------
    InputError
        The text is neither.
    """
    try:
        return (float(text), None) if text is not None else _published(_DEFAULT)
    except ValueError:
        from landlink.core.errors import InputError, Problem, hint

        known = list(dict.fromkeys(ll.trade.published_elasticities()["sector_id"]))
        if text in known:
            return _published(str(text))
        allowed = "a number above 1, or a sector of `landlink trade elasticities`"
        problem = Problem("", "invalid sigma", value=str(text), allowed=f"{allowed}{hint(str(text).lower(), known)}")
        raise InputError(problem) from None


def _published(sector: str) -> tuple[float, str]:
    row = ll.trade.published_elasticities(sector, alternatives=False).iloc[0]
    return float(row["sigma"]), str(row["source"])
