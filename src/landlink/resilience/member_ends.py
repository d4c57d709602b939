"""Figures of replays, ways round and indicators in posterior members, and the intervals that tables show of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np
import pandas as pd

from landlink.core.arrays import Floats
from landlink.ensemble.quantiles import quantiles
from landlink.resilience.output_tables import REDUNDANCY, REPLAY
from landlink.tables.frames import cells_of

__all__ = ["RATIOS", "MemberFigures", "market_keys", "replay_keys", "with_ends"]

#: Ratios of ways round that have intervals.
RATIOS: Final = ("ratio", "crossing_ratio", "disjoint_ratio")
#: Number of a member without figures.
_MISSING: Final = -1


@dataclass(frozen=True, eq=False)
class MemberFigures:
    """Figures of posterior members.

    Attributes
    ----------
    rows, markets
        Keys of the rows of replays and of the markets whose figures these are.
    names
        Indicators.
    ids
        Numbers of the members, from 0.
    values
        Their figures: of rows, of markets and of indicators, one after the other; shape (members, figures).
    """

    rows: tuple[tuple[object, ...], ...]
    markets: tuple[tuple[object, ...], ...]
    names: tuple[str, ...]
    ids: tuple[int, ...]
    values: Floats

    def in_order(self, order: Sequence[int]) -> MemberFigures:
        """Figures of members in some order, each as often as it is named; NaN for members without figures."""
        row = {name: number for number, name in enumerate(self.ids)}
        padded = np.vstack([self.values, np.full(self.values.shape[1], np.nan)])
        values = padded[[row.get(name, len(row)) for name in order]]
        return replace(self, ids=tuple(name if name in row else _MISSING for name in order), values=values)

    @property
    def count(self) -> int:
        """Number of members that have figures."""
        return len(set(self.ids) - {_MISSING})

    @cached_property
    def of_rows(self) -> Floats:
        """Figures of the rows of replays; shape (members, rows)."""
        return self.values[:, : len(self.rows)]

    @cached_property
    def ratios(self) -> Floats:
        """Ratios of the ways round; shape (members, markets, 3)."""
        begin, count = len(self.rows), len(self.markets)
        found = self.values[:, begin : begin + count * len(RATIOS)]
        return found.reshape(len(self.values), count, len(RATIOS))

    @cached_property
    def indicators(self) -> Floats:
        """Values of the indicators, NaN where there is none; shape (members, indicators)."""
        return self.values[:, self.values.shape[1] - len(self.names) :]


def with_ends(name: str, table: pd.DataFrame, figures: MemberFigures) -> pd.DataFrame:
    """A table of replays or of ways round with the intervals of its figures.

    Parameters
    ----------
    name
        ``replay`` or ``redundancy``.
    table
        The table of the study as it stands.
    figures
        Figures of members of the same question.
    """
    if name == REPLAY.name:
        at = {key: number for number, key in enumerate(figures.rows)}
        low, high = _ends(figures.of_rows)
        place = [at.get(key, -1) for key in replay_keys(table)]
        known = np.array(place, dtype=np.int64) >= 0
        return table.assign(
            p10=np.where(known, np.append(low, np.nan)[place], np.nan),
            p90=np.where(known, np.append(high, np.nan)[place], np.nan),
            members=np.where(known, figures.count, 0),
        )
    at_market = {key: number for number, key in enumerate(figures.markets)}
    rows = [at_market[key] for key in market_keys(table)]
    ends: dict[str, Floats] = {}
    for number, ratio in enumerate(RATIOS):
        low, high = _ends(figures.ratios[:, :, number])
        ends |= {f"{ratio}_p10": low[rows], f"{ratio}_p90": high[rows]}
    return table.assign(**ends, members=figures.count)


def _ends(values: Floats) -> tuple[Floats, Floats]:
    """P10 and P90 over members; NaN where they are infinite, as without figures."""
    low, high = quantiles(values, (0.1, 0.9))
    return np.where(np.isposinf(low), np.nan, low), np.where(np.isposinf(high), np.nan, high)


def replay_keys(table: pd.DataFrame) -> tuple[tuple[object, ...], ...]:
    """Keys of rows of replays."""
    return tuple(cells_of(table, *REPLAY.key))


def market_keys(table: pd.DataFrame) -> tuple[tuple[object, ...], ...]:
    """Keys of markets."""
    return tuple(cells_of(table, *REDUNDANCY.key))
