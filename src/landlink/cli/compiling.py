"""Compile what a command needs, the first time on a machine, and show how far that is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from landlink.core.progress import TerminalProgress

if TYPE_CHECKING:
    from landlink.core.progress import Progress
    from landlink.traffic.road_network import RoadNetwork


def compile_for_network(network: RoadNetwork, progress: Progress, *, traffic: bool, skims: bool) -> None:
    """Compile what the assignment of trips to a network calls, what skims of it call, or both."""
    from landlink.core.compilation import compile_ahead
    from landlink.paths.rehearsals import for_paths
    from landlink.traffic.rehearsals import for_assignment

    needed = [*for_assignment(network.nodes, network.zones)] if traffic else []
    if skims:
        needed += [one for one in for_paths(network.nodes, network.zones, skims=True) if one not in needed]
    compile_ahead(needed, progress=progress)


def compile_for_study(progress: Progress) -> None:
    """Compile what a solve of a study calls."""
    from landlink.core.compilation import compile_ahead
    from landlink.traffic.rehearsals import for_study

    compile_ahead(for_study(), progress=progress)


@contextmanager
def showing_compilation(*, prefix: str = "") -> Iterator[TerminalProgress]:
    """Show progress on the terminal, with kernels that are compiled on the way."""
    from landlink.core.compilation import announced

    with TerminalProgress(prefix=prefix) as progress, announced(progress):
        yield progress
