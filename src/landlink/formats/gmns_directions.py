"""Directions of GMNS links: the column ``directed``, the older ``dir_flag``, or OpenStreetMap's ``oneway``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np
import pandas as pd

from landlink.core.arrays import Bools
from landlink.formats.gmns_files import GmnsFiles
from landlink.tables.listing import Fault, RowNames, problems_of

__all__ = ["Directions", "directions_of"]

_YES: Final = frozenset({"1", "1.0", "true", "t", "yes", "y"})
_NO: Final = frozenset({"0", "0.0", "false", "f", "no", "n"})
_ALONG: Final = frozenset({"1", "1.0", "+1", "with"})
_AGAINST: Final = frozenset({"-1", "-1.0", "against", "reverse"})
_BOTH: Final = frozenset({"0", "0.0", "2", "2.0", "both"})


@dataclass(frozen=True)
class Directions:
    """Directions, by link.

    Attributes
    ----------
    directed
        Whether the link has one direction only.
    against
        Whether that direction is from ``to_node_id`` to ``from_node_id``.
    shape_turned
        Whether the geometry runs against the direction of the link.
    """

    directed: Bools
    against: Bools
    shape_turned: Bools


def directions_of(files: GmnsFiles, usable: Bools) -> Directions:
    """Determine the directions of all links.

    ``directed`` decides; ``dir_flag`` then says which way the geometry runs. Where ``directed`` is missing,
    ``dir_flag`` is the older spelling of the direction itself: 0 both ways, 1 along, -1 against. A link of flag -1
    beside one of flag 1 in the other direction is listed once for each direction, so that only its geometry is turned.

    Values that are none of those known are added to the problems.
    """
    directed = files.text("link", "directed").str.lower()
    flag = files.text("link", "dir_flag").str.lower()
    oneway = files.text("link", "oneway").str.lower()
    _check(files, usable, directed, flag, oneway)
    known = (directed != "").to_numpy()
    one = np.asarray(directed.isin(_YES))
    older = ~known & (flag != "").to_numpy()
    turned = np.asarray(flag.isin(_AGAINST))
    pair = older & turned & _listed_both_ways(files, older & np.asarray(flag.isin(_ALONG)))
    against = older & turned & ~pair
    one = np.where(older, ~np.asarray(flag.isin(_BOTH)), one)
    of_street = ~known & ~older & (oneway != "").to_numpy()
    against |= of_street & np.asarray(oneway.isin(_AGAINST))
    one = np.where(of_street, np.asarray(oneway.isin(_YES | _AGAINST)), one)
    silent = ~known & ~older & ~of_street
    one = np.where(silent, True, one)
    _report(files, {"older": older & usable, "silent": silent & usable, "pair": pair & usable})
    # The shape of a link turned as a whole still runs from its first node to its second.
    return Directions(one, against, (turned & (known | pair)) | against)


def _check(
    files: GmnsFiles, usable: Bools, directed: pd.Series[str], flag: pd.Series[str], oneway: pd.Series[str]
) -> None:
    names = files.text("link", "link_id")
    for column, texts, known, allowed in (
        ("directed", directed, _YES | _NO, "0, 1, true or false"),
        ("dir_flag", flag, _ALONG | _AGAINST | _BOTH, "0 both ways, 1 along, -1 against"),
        ("oneway", oneway, _YES | _NO | _AGAINST, "yes, no or -1"),
    ):
        wrong = usable & (texts != "").to_numpy() & ~np.asarray(texts.isin(known))
        fault = Fault(column, "unknown direction", wrong, allowed, partial(_cell, files.text("link", column)))
        files.problems += problems_of("link", fault, RowNames((names,)))


def _cell(texts: pd.Series[str], row: int) -> str:
    return str(texts.iloc[row])


def _listed_both_ways(files: GmnsFiles, along: Bools) -> Bools:
    """Links for which another, flagged along, has the same ends the other way round."""
    start, end = files.text("link", "from_node_id"), files.text("link", "to_node_id")
    ways = set(zip(start[along], end[along], strict=True))
    return np.array([(b, a) in ways for a, b in zip(start, end, strict=True)], dtype=np.bool_)


def _report(files: GmnsFiles, found: dict[str, Bools]) -> None:
    texts = {
        "older": "Check directed: {} links have the direction of dir_flag instead, 0 both ways, 1 along, -1 against.",
        "pair": "{} links of dir_flag -1 have a twin in the other direction: only their geometry was turned.",
        "silent": "Check directed: {} links without a value were assumed to be one-way.",
    }
    for name, text in texts.items():
        if count := int(found[name].sum()):
            files.report.add("assumed", "link", text.format(count), rows=count)
