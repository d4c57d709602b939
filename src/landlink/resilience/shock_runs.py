"""Figures of many shocks of one base: side by side in processes, kept in a folder, resumed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from landlink.core.atomic_files import resolved
from landlink.core.progress import Progress
from landlink.core.version import VERSION
from landlink.ensemble.members import Member, MemberRuns, Work
from landlink.ensemble.run import run_members
from landlink.ensemble.worker_pool import Pool
from landlink.resilience.base import ShockBase
from landlink.resilience.figures import figure_names
from landlink.resilience.shock import Shock
from landlink.resilience.shock_work import ShockWork

__all__ = ["ShockRuns", "described_base", "digest", "told"]

#: Places that words about shocks name.
_NAMED: Final = 5


@dataclass(frozen=True)
class ShockRuns:
    """Where and how shocks are computed.

    Attributes
    ----------
    workers
        Number of processes, or a pool; all processors if ``None``.
    folder
        Folder in which each run has a folder of its own; ``None``: in memory.
    progress
        Called with the current step and the share done.
    """

    workers: int | Pool | None = None
    folder: Path | None = None
    progress: Progress | None = None

    def within(self, name: str) -> ShockRuns:
        """The same, in a folder of that name."""
        return self if self.folder is None else replace(self, folder=self.folder / name)

    def of_shocks(self, base: ShockBase, shocks: Sequence[Shock], name: str, what: str) -> MemberRuns:
        """Compute the figures of shocks; members are numbered in their order.

        Parameters
        ----------
        base
            The undisturbed freight.
        shocks
            The shocks.
        name
            Name of the run, and of its folder.
        what
            What a shock is, for the progress.
        """
        described = {"shocks": told(shocks)}
        return self.of(ShockWork(base), shocks, base, name, what, described)

    def of(
        self,
        work: Work,
        items: Sequence[Any],
        base: ShockBase,
        name: str,
        what: str,
        described: Mapping[str, Any],
    ) -> MemberRuns:
        """Compute any work on any items of a base.

        Parameters
        ----------
        work, items
            The work and what it is called with; members are numbered in their order.
        base
            The undisturbed freight that the figures depend on.
        name, what
            As for :meth:`of_shocks`.
        described
            What the figures depend on besides the base.
        """
        folder = None if self.folder is None else self.folder / name
        if folder is not None:
            resolved(folder).parent.mkdir(parents=True, exist_ok=True)
        members = [Member(number, item) for number, item in enumerate(items)]
        run = {**described_base(base), "run": name, **described}
        return run_members(members, work, folder, run=run, workers=self.workers, progress=self.progress, what=what)


def described_base(base: ShockBase) -> dict[str, Any]:
    """All of a base that figures of shocks depend on; the hash of the study holds its tables and settings."""
    study = base.scenario.study
    return {
        "landlink": VERSION,
        "study": study.settings.id,
        "study_hash": study.hash,
        "year": base.scenario.year,
        "measures": list(base.scenario.measures),
        "relative_gap": base.options.relative_gap,
        "max_iterations": base.options.max_iterations,
        "unreachable": base.options.unreachable,
        "figures": digest(figure_names(base)),
    }


def told(shocks: Sequence[Shock]) -> str:
    """Shocks in words, for people who meet a folder of others; with their digest, which tells all of them apart."""
    days = sorted({one.closed_days for shock in shocks for one in shock.disturbances if one.closed_days > 0})
    length = "" if not days else f" of {days[0]:g} days" if len(days) == 1 else f" of {days[0]:g} to {days[-1]:g} days"
    places = ["+".join(f"{one.table}:{one.row}" for one in shock.disturbances) or "nothing" for shock in shocks]
    named = places if len(places) <= _NAMED else [*places[: _NAMED - 1], "...", places[-1]]
    return f"{len(shocks)} disturbances{length} at {', '.join(named)}; SHA-256 {digest(shock.key for shock in shocks)}"


def digest(texts: Any) -> str:
    """SHA-256 of some texts in their order."""
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()
