"""On which side of a border crossing each link, zone and terminal end lies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from landlink.tables.lists import split_list

#: A place that no crossing of the family splits, and the two sides of one that does.
WHOLE: Final = 0
SIDE_A: Final = 1
SIDE_B: Final = 2


@dataclass(frozen=True)
class BorderSides:
    """Which places a crossing splits, for each family of modes.

    Attributes
    ----------
    countries
        ``(country_a, country_b)`` by ``(node_id, family)``.
    """

    countries: Mapping[tuple[str, str], tuple[str, str]]

    def of(self, node: str, family: str, countries: Iterable[str]) -> int:
        """Side of a split place to which something lying in some countries belongs."""
        pair = self.countries.get((node, family))
        if pair is None:
            return WHOLE
        return SIDE_A if pair[0] in countries else SIDE_B

    def all_of(self, node: str, family: str) -> tuple[int, ...]:
        """All sides that a place has."""
        return (SIDE_A, SIDE_B) if (node, family) in self.countries else (WHOLE,)

    def joins(self, a: int, b: int, border: tuple[str, str], countries: set[str]) -> bool:
        """Whether a terminal may join two ends at one place: at a border only if both lie in one country.

        Parameters
        ----------
        a, b
            Side of each end.
        border
            Node, and the family of the end that is split if one is.
        countries
            Countries of the links at the end that is whole; if none are of the border's two, either side will do.
        """
        if not (a and b) and (a or b):
            pair = self.countries[border]
            return pair[(a or b) - 1] in countries or not countries.intersection(pair)
        return a == b


def find_border_sides(crossing: pd.DataFrame) -> BorderSides:
    """Places split by crossings; one that is shut splits its place all the same."""
    node, family, country_a, country_b = (
        crossing[name].tolist() for name in ("node_id", "family", "country_a", "country_b")
    )
    keys, pairs = zip(node, family, strict=True), zip(country_a, country_b, strict=True)
    return BorderSides({key: pair for key, pair in zip(keys, pairs, strict=True) if key[0]})


def sides_of_ends(
    sides: BorderSides, nodes: Iterable[str], families: Iterable[str], countries: Iterable[str]
) -> NDArray[np.int64]:
    """Side of each link's end."""
    found = [
        sides.of(node, family, split_list(country)) if (node, family) in sides.countries else WHOLE
        for node, family, country in zip(nodes, families, countries, strict=True)
    ]
    return np.array(found, dtype=np.int64)
