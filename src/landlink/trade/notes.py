"""What a reader of a result should know about its trade, in words."""

from __future__ import annotations

from landlink.trade.solution import Mover, TradeSolution

__all__ = ["trade_notes"]

#: Distance between the equilibria of two starts, over the tolerance, from which they count as two.
APART = 10.0


def trade_notes(found: TradeSolution) -> list[str]:
    """List how demand responds, whether trade and freight agree, and whether another start leads elsewhere."""
    told = [*found.notes]
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
        elif max(starts.cost, starts.flow) > APART * found.tolerance:
            told.append(
                f"another start leads to another equilibrium of trade and freight: flows differ by {starts.flow:.1%},"
                f" trade costs by up to {starts.cost:.1%}"
            )
    return told


def _mover(one: Mover) -> str:
    swings = ", to and fro" if one.oscillates else ""
    return f"{one.commodity} from {one.exporter} to {one.importer} ({one.share:.0%}{swings})"
