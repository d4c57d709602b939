"""Compute the members of a run in processes, keep what is finished, and go on where an earlier run stopped."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from landlink.core.progress import Progress, shown_progress
from landlink.ensemble.members import Member, MemberRuns, Outcome, Work
from landlink.ensemble.run_folder import RunFolder, run_folder
from landlink.ensemble.worker_pool import Pool, opened_pool

__all__ = ["run_members"]


def run_members(
    members: Sequence[Member],
    work: Work,
    folder: str | Path | None = None,
    *,
    run: Mapping[str, Any] | None = None,
    workers: int | Pool | None = None,
    progress: Progress | bool | None = None,
    what: str = "member",
) -> MemberRuns:
    """Compute members side by side.

    The outcome is the same, byte for byte, for any number of workers, and whether or not the run was interrupted: no
    member knows another, and the outcomes are put in the order of the members.

    Parameters
    ----------
    members
        What to compute, with distinct ids.
    work
        Computes the vector of a member from its item: a function of a module, or a picklable object.
    folder
        Where finished members are kept, so that a run that was interrupted or killed goes on; ``None``: in memory.
    run
        What is run, by name: all that the figures depend on besides id and item. A folder of another run is refused.
    workers
        Number of processes (all processors if ``None``), or a pool that stays for several runs.
    progress
        ``True`` for a line on the terminal, or a function called with the current step and the share done.
    what
        What a member is, for the progress.

    Returns
    -------
    MemberRuns
        Vectors and failures; :meth:`~MemberRuns.require` refuses too many failures.

    Raises
    ------
    ValueError
        Two members have the same id.
    InputError
        The folder holds members of another run.
    OutputError
        The folder cannot be written.
    EnsembleError
        Processes cannot be started.
    """
    if len({member.id for member in members}) < len(members):
        raise ValueError("members need distinct ids")
    with _opened(folder, run or {}) as kept, opened_pool(workers) as pool, shown_progress(progress) as report:
        outcomes = {} if kept is None else _finished(members, kept)
        missing = [member for member in members if member.id not in outcomes]
        _show(report, what, len(outcomes), len(members))
        for position, outcome in pool.run(work, [member.item for member in missing]):
            member = missing[position].id
            if kept is not None:
                kept.keep(member, outcome)
            outcomes[member] = outcome
            _show(report, what, len(outcomes), len(members))
    return MemberRuns.of(members, outcomes)


@contextmanager
def _opened(folder: str | Path | None, run: Mapping[str, Any]) -> Iterator[RunFolder | None]:
    if folder is None:
        yield None
        return
    with run_folder(Path(folder), run) as kept:
        yield kept


def _finished(members: Sequence[Member], kept: RunFolder) -> dict[int, Outcome]:
    found = ((member.id, kept.finished(member.id)) for member in members)
    return {name: outcome for name, outcome in found if outcome is not None}


def _show(report: Progress | None, what: str, done: int, total: int) -> None:
    if report is not None:
        report(f"{what} {done} of {total}", done / max(total, 1))
