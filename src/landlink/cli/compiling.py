"""Compile the kernels a command needs, on first use on a machine, and show progress."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from landlink.core.progress import TerminalProgress

if TYPE_CHECKING:
    from collections.abc import Callable

    from landlink.core.progress import Progress
    from landlink.study import Study
    from landlink.traffic.road_network import RoadNetwork


def compile_for_network(network: RoadNetwork, progress: Progress, *, traffic: bool, skims: bool) -> None:
    """Compile the kernels of traffic assignment, of skims, or both."""
    from landlink.core.compilation import compile_ahead
    from landlink.paths.rehearsals import for_paths
    from landlink.traffic.rehearsals import for_assignment

    needed = [*for_assignment(network.nodes, network.zones)] if traffic else []
    if skims:
        needed += [one for one in for_paths(network.nodes, network.zones, skims=True) if one not in needed]
    compile_ahead(needed, progress=progress)


def compile_for_study(study: Study, progress: Progress) -> None:
    """Compile the kernels of a study's solve."""
    from landlink.core.compilation import compile_ahead
    from landlink.traffic.rehearsals import for_study

    compile_ahead(for_study(spread=study.settings.routing == "spread"), progress=progress)


@dataclass(frozen=True, slots=True)
class LoadedKernels:
    """A job for a process that will solve a study: load the kernels that are compiled, while it has nothing to do."""

    def __call__(self, _: Callable[[Any], None]) -> None:
        """Play their rehearsals, unless one would compile."""
        from landlink.traffic.rehearsals import for_study

        rehearsals = for_study(spread=True)
        if not any(one.missing() for one in rehearsals):
            for one in rehearsals:
                one.play()


@contextmanager
def showing_compilation(*, prefix: str = "") -> Iterator[TerminalProgress]:
    """Show progress on the terminal, including kernels compiled meanwhile."""
    from landlink.core.compilation import announced

    with TerminalProgress(prefix=prefix) as progress, announced(progress):
        yield progress
