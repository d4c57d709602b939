"""A process beside that of a command, where there is a processor for it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from landlink.ensemble.side_process import SideProcess

#: Processors from which a command uses two processes.
_PROCESSES: Final = 2
#: Modules that a process needs that solves scenarios, and one that makes sections of a report.
_SOLVING: Final = ("landlink.ensemble.scenario_chains", "landlink.study.opening")
REPORTING: Final = ("landlink.report.page", "landlink.report.sections")


@contextmanager
def side_process(modules: tuple[str, ...], *, wanted: bool) -> Iterator[SideProcess | None]:
    """Start a process beside this one, if it is wanted and there is a processor for it.

    Parameters
    ----------
    modules
        Modules that it imports when it starts.
    wanted
        Whether there is work for it.
    """
    if not wanted or (os.cpu_count() or 1) < _PROCESSES:
        yield None
        return
    from landlink.ensemble.side_process import SideProcess

    with SideProcess(modules) as beside:
        yield beside


@contextmanager
def solving_process(*, wanted: bool) -> Iterator[SideProcess | None]:
    """Start a process beside this one that will solve scenarios; until these are known, it loads kernels."""
    with side_process(_SOLVING, wanted=wanted) as beside:
        if beside is not None:
            from landlink.cli.compiling import LoadedKernels

            beside.start(LoadedKernels())
        yield beside
