"""What a reader of a criticality analysis should know, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from landlink.resilience.closure_losses import ClosureLosses, Pairs
from landlink.resilience.topology import FEWEST, Topology

__all__ = ["length_text", "notes_of"]

#: Costs of so many times the accuracy are known well.
_WELL: Final = 10.0


def notes_of(scenarios: Sequence[ClosureLosses], days: float, trade: str) -> Iterator[str]:
    """Notes of all scenarios; names of scenarios are given where there are several."""
    for found in scenarios:
        of = f"{found.label}: " if len(scenarios) > 1 else ""
        idle = f"; no freight passes {_plural(len(found.unused), 'further place')}, whose closure costs nothing"
        yield f"{of}{_plural(len(found.places), 'closure')} solved to an equilibrium each{idle if found.unused else ''}"
        if found.checked:
            yield (
                f"{of}added costs of {_plural(found.checked, 'closure')}, solved again ten times as closely, differ by"
                f" up to {_rough(found.check_most)} USD/day, and freight at crossings by"
                f" {_rough(found.flow_accuracy)} t/day"
            )
        yield f"{of}places whose added costs differ by less than {_rough(found.accuracy)} USD/day share a rank"
        yield from (f"{of}{failure}" for failure in found.failures)
        if found.intervals is not None:
            yield (
                f"{of}intervals are those of {len(found.intervals.members)} members of the posterior ensemble, and"
                f" ranks in them those among the {len(found.intervals.places)} places that were solved in each"
            )
        if found.pairs is not None:
            yield f"{of}{_of_pairs(found.pairs)}"
        if (topology := found.topology) is not None:
            told = "; ".join(_correlation(found, topology, name) for name in ("betweenness", "reroute"))
            yield f"{of}rank correlation with the equilibrium (Spearman, Kendall): {told}"
            yield from (f"{of}{told}" for told in _misses(found, topology))
    if trade != "fixed":
        yield (
            "lost trade and real income are those of trade that has adjusted to the costs of the closure, by long-run"
            f" elasticities; a closure {length_text(days)}, with stores and contracts, takes less"
        )


def length_text(days: float) -> str:
    """Length of closures, as it follows them in a text.

    Examples
    --------
    >>> length_text(1), length_text(30), length_text(np.inf)
    ('of 1 day', 'of 30 days', 'for good')
    """
    return "for good" if np.isinf(days) else f"of {days:g} day{'s' if days != 1 else ''}"


def _of_pairs(pairs: Pairs) -> str:
    which = f"the {pairs.places} busiest closures, of places in line one" if pairs.busiest else f"{pairs.places} places"
    passing = f"with more than {_rough(pairs.above)} t/day each"
    return f"{_plural(len(pairs), 'pair')} of {which}, {passing}, closed at the same time"


def _plural(number: int, of: str) -> str:
    return f"{number:,} {of}{'s' if number != 1 else ''}"


def _rough(amount: float) -> str:
    return f"{amount:,.0f}" if amount >= _WELL else f"{amount:.1g}"


def _correlation(found: ClosureLosses, topology: Topology, name: str) -> str:
    """Both rank correlations of a measure, or why there are none."""
    measure = "betweenness" if name == "betweenness" else "removal and rerouting"
    if np.isfinite(topology.spearman[name]):
        return f"{measure} {topology.spearman[name]:.2f}, {topology.kendall[name]:.2f}"
    if len(found.places) < FEWEST:
        return f"{measure} has none, since {len(found.places)} places with freight are too few to rank"
    if not np.ptp(found.rank):
        return f"{measure} has none, since the equilibrium cannot tell the {len(found.places)} places apart"
    return f"{measure} has none, since it is the same at all {len(found.places)} places"


def _misses(found: ClosureLosses, topology: Topology) -> Iterator[str]:
    """How far removal and rerouting is from the equilibrium, over places whose cost is known well."""
    known = found.loss > _WELL * found.accuracy
    if known.any():
        low, median, high = np.quantile(topology.reroute[known] / found.loss[known] - 1, (0.1, 0.5, 0.9)).tolist()
        yield (
            f"removal and rerouting, an approximation, differs from the equilibrium by {median:+.0%} at the median of"
            f" {known.sum():,} places, by {low:+.0%} to {high:+.0%} at eight in ten"
        )
