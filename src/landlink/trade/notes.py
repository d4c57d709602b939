"""What a reader of a result should know about its trade, in words."""

from __future__ import annotations

import numpy as np

from landlink.trade.solution import Mover, TradeSolution

__all__ = ["trade_notes"]

#: Growth from which trade is said to be far beyond the reference, where it makes this share of all change.
FAR = 3.0
LARGE = 0.02
#: Channels that are named; the others are counted.
MOST_NAMED = 3
#: Distance between the equilibria of two starts, over the tolerance, from which they count as two.
APART = 10.0


def trade_notes(found: TradeSolution) -> list[str]:
    """List how demand responds, whether trade and freight agree, and whether another start leads elsewhere."""
    told = [*found.notes, *_far_beyond(found)]
    if not found.converged:
        moved = "; ".join(_mover(one) for one in found.movers)
        told.append(
            f"trade and freight have not converged: after {len(found.rounds)} rounds flows still differ by"
            f" {found.flow_change:.1e} and trade costs change by {found.cost_change:.1e}"
            + (f"; most of it: {moved}" if moved else "")
        )
    if (starts := found.starts) is not None:
        if not starts.converged:
            told.append("from another start, trade and freight have not converged")
        elif starts.flow > APART * found.tolerance or starts.cost > APART * found.cost_tolerance:
            told.append(
                f"another start leads to another equilibrium of trade and freight: flows differ by {starts.flow:.1%},"
                f" trade costs by up to {starts.cost:.1%}"
            )
    return told


def _far_beyond(found: TradeSolution) -> list[str]:
    """Say which trade grows so far beyond the reference that what limits it outside the model matters."""
    part = found.consignments
    channel, number = np.unique(part.channel, return_inverse=True)
    before = np.bincount(number, part.tonnes, len(channel))
    after = np.bincount(number, part.tonnes * np.exp(found.log_ratio), len(channel))
    new = float(np.abs(after - before).sum())
    far = np.flatnonzero((after > FAR * before) & (after - before > LARGE * new))
    if not len(far):
        return []
    shape = len(part.countries), len(part.countries), len(part.commodities)
    names = []
    for place in far[np.argsort(before[far] - after[far], kind="stable")][:MOST_NAMED].tolist():
        i, n, k = (int(one) for one in np.unravel_index(channel[place], shape))
        times = after[place] / before[place]
        names.append(f"{part.commodities[k]} from {part.countries[i]} to {part.countries[n]} ({times:.3g} times)")
    more = f" and {len(far) - MOST_NAMED} more" if len(far) > MOST_NAMED else ""
    told = f"trade grows far beyond the reference: {', '.join(names)}{more}"
    return [f"{told}; nothing but prices limits it: no capacity of mines, plants or buyers"]


def _mover(one: Mover) -> str:
    swings = ", to and fro" if one.oscillates else ""
    return f"{one.commodity} from {one.exporter} to {one.importer} ({one.share:.0%}{swings})"
