"""Sides of border crossings to which links, zones and terminals belong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from landlink.tables.frames import texts
from landlink.tables.lists import split_list

#: A node that is not split by a crossing of the family, and the two sides of a node that is.
WHOLE: Final = 0
SIDE_A: Final = 1
SIDE_B: Final = 2


@dataclass(frozen=True)
class BorderSides:
    """Nodes split by crossings, for each family of modes.

    Attributes
    ----------
    countries
        ``(country_a, country_b)`` by ``(node_id, family)``.
    """

    countries: Mapping[tuple[str, str], tuple[str, str]]

    def of(self, node: str, family: str, countries: Iterable[str]) -> int:
        """Side of a node for an element located in some countries."""
        pair = self.countries.get((node, family))
        if pair is None:
            return WHOLE
        return SIDE_A if pair[0] in countries else SIDE_B

    def all_of(self, node: str, family: str) -> tuple[int, ...]:
        """All sides of a node."""
        return (SIDE_A, SIDE_B) if (node, family) in self.countries else (WHOLE,)

    def lies_in(self, side: int, border: tuple[str, str], country: str) -> bool:
        """Whether a side of a border, given by node and family, is in a country; true away from borders."""
        return not side or self.countries[border][side - 1] == country

    def joins(self, a: int, b: int, border: tuple[str, str], countries: set[str]) -> bool:
        """Whether a terminal may connect two ends at a node: at a border only if both are in one country.

        Parameters
        ----------
        a, b
            Side of each end.
        border
            Node, and the family of the end that is split, if any.
        countries
            Countries of the links at the end that is not split; if none is one of the border's two, both sides match.
        """
        if not (a and b) and (a or b):
            pair = self.countries[border]
            return pair[(a or b) - 1] in countries or not countries.intersection(pair)
        return a == b


def find_border_sides(crossing: pd.DataFrame) -> BorderSides:
    """Find the nodes split by crossings, including closed ones."""
    node, family, country_a, country_b = (
        texts(crossing, name) for name in ("node_id", "family", "country_a", "country_b")
    )
    keys, pairs = zip(node, family, strict=True), zip(country_a, country_b, strict=True)
    return BorderSides({key: pair for key, pair in zip(keys, pairs, strict=True) if key[0]})


def sides_of_ends(
    sides: BorderSides, nodes: Iterable[str], families: Iterable[str], countries: Iterable[str]
) -> NDArray[np.int64]:
    """Side of the end of each link."""
    found = [
        sides.of(node, family, split_list(country)) if (node, family) in sides.countries else WHOLE
        for node, family, country in zip(nodes, families, countries, strict=True)
    ]
    return np.array(found, dtype=np.int64)
