"""Ensembles: what a member costs beside its work, growth with members, workers and the network, processes and Dask."""

from __future__ import annotations

import pickle
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.child import MissingError, ask, peak_mb
from benchmarks.tables import Goal, Table, number, progress

if TYPE_CHECKING:
    from landlink.ensemble.worker_pool import Pool

#: Members of trivial work, and members of a run that is stored.
TRIVIAL = 2_000
STORED = (1_000, 10_000, 50_000)
#: Members that take some processor time, seconds each, and workers.
BUSY, BUSY_S = 240, 0.025
WORKERS = (1, 2, 4)
#: Nodes and zones of synthetic freight studies, and members measured in each.
NETWORKS = ((1_000, 100), (4_000, 100), (16_000, 100), (40_000, 100))
SHOCKS = 5
#: Numbers of a member.
_FIGURES = 200
_OVERHEAD_GOAL_S, _SPEEDUP_GOAL = 0.002, 1.8


def tables() -> list[Table]:
    """Measure all, in some four minutes."""
    found = [_overheads(), _growth_with_members(), _growth_with_workers(), _growth_with_network()]
    return [_goals(), *found]


def trivial(item: int) -> np.ndarray:
    """Work that is nothing."""
    return np.full(_FIGURES, float(item))


@dataclass(frozen=True)
class Busy:
    """Work that takes some processor time."""

    seconds: float

    def __call__(self, item: int) -> np.ndarray:
        """Spend the time."""
        until = time.thread_time() + self.seconds
        while time.thread_time() < until:
            pass
        return trivial(item)


@contextmanager
def pool_of(kind: str, workers: int) -> Iterator[Pool]:
    """Open a pool of processes, or of workers of a Dask cluster on this machine."""
    from landlink.ensemble.worker_pool import WorkerPool  # noqa: PLC0415

    if kind == "processes":
        with WorkerPool(workers) as pool:
            yield pool
        return
    from distributed import LocalCluster  # noqa: PLC0415

    from landlink.ensemble.cluster_pool import ClusterPool  # noqa: PLC0415

    with (
        LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None) as cluster,
        ClusterPool(cluster.scheduler_address) as pool,
    ):
        yield pool


def timed(kind: str, workers: int, members: int, work_s: float = 0.0, *, stored: bool = False) -> dict[str, Any]:
    """Seconds of a run on workers that are started, and processor time of the process that it runs in."""
    from landlink.ensemble.members import Member  # noqa: PLC0415
    from landlink.ensemble.run import run_members  # noqa: PLC0415

    work = Busy(work_s) if work_s else trivial
    items = [Member(position, position) for position in range(members)]
    with tempfile.TemporaryDirectory() as folder, pool_of(kind, workers) as pool:
        # Processes start with a first run, and load the work.
        run_members(items[: 4 * workers], Busy(0.05), workers=pool)
        begin, spent = time.perf_counter(), time.process_time()
        run_members(items, work, Path(folder) / "run" if stored else None, workers=pool, progress=lambda _, __: None)
        return {"seconds": time.perf_counter() - begin, "processor": time.process_time() - spent}


def stored_run(members: int) -> dict[str, Any]:
    """Store members of trivial work and read them again, in this process."""
    from landlink.ensemble.members import Member  # noqa: PLC0415
    from landlink.ensemble.run import run_members  # noqa: PLC0415
    from landlink.ensemble.run_folder import remove_run_folder  # noqa: PLC0415

    before = peak_mb()
    items = [Member(position, position) for position in range(members)]
    with tempfile.TemporaryDirectory() as parent:
        folder, marks = Path(parent) / "run", [time.perf_counter()]
        for _ in range(2):
            run_members(items, trivial, folder, workers=1, progress=lambda _, __: None)
            marks.append(time.perf_counter())
        disk = sum(file.stat().st_blocks * 512 for file in folder.iterdir())
        remove_run_folder(folder)
        marks.append(time.perf_counter())
    store, again, remove = np.diff(marks)
    return {"store": store, "again": again, "remove": remove, "disk_mb": disk / 1e6, "memory_mb": peak_mb() - before}


def pack_base(nodes: int, zones: int, path: str) -> dict[str, Any]:
    """Solve a synthetic study, and pack the work of shocks to it with the names of links that are much used."""
    import landlink as ll  # noqa: PLC0415
    from benchmarks.freight_study import write_study  # noqa: PLC0415
    from landlink.model.options import SolverOptions  # noqa: PLC0415
    from landlink.network.supernetwork import Kind  # noqa: PLC0415
    from landlink.resilience.base import ShockBase  # noqa: PLC0415
    from landlink.resilience.shock_work import ShockWork  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as folder:
        write_study(Path(folder) / "study", nodes=nodes, zones=zones)
        study = ll.open_study(Path(folder) / "study")
    begin = time.process_time()
    base = ShockBase.of(study.at(study.settings.base_year), SolverOptions(threads=1))
    solved = time.process_time() - begin
    arcs = base.freight.network.arcs
    flow = np.where(arcs.kind == Kind.RUN, base.class_flow.sum(axis=0), 0.0)
    busiest = np.argsort(-flow)[: SHOCKS * 40 : 40]
    names = base.freight.network.tables["link"]["link_id"].astype(str).to_numpy()[arcs.entity[busiest]].tolist()
    Path(path).write_bytes(pickle.dumps(ShockWork(base, fast=False), protocol=5))
    sizes = {"links": len(study.tables["link"]), "demand": len(study.tables["demand"])}
    return {**sizes, "base": solved, "work_mb": Path(path).stat().st_size / 1e6, "names": names}


def shocked(path: str, names: list[str]) -> dict[str, Any]:
    """Close links one after the other, each a full solve from the base, as a worker process does."""
    from landlink.resilience.shock import Shock  # noqa: PLC0415

    work = pickle.loads(Path(path).read_bytes())
    # The first one loads kernels, and derives what all need.
    work(Shock.closing("link", names[0], days=30))
    spent = []
    for name in names:
        begin = time.process_time()
        work(Shock.closing("link", name, days=30))
        spent.append(time.process_time() - begin)
    return {"member": median(spent), "slowest": max(spent), "memory_mb": peak_mb()}


def _goals() -> Table:
    progress("ensembles: goals")
    least = [ask("ensembles:timed", kind="processes", workers=1, members=TRIVIAL, stored=True)["seconds"] / TRIVIAL]
    least.append(ask("ensembles:timed", kind="processes", workers=2, members=TRIVIAL, stored=True)["seconds"] / TRIVIAL)
    one, two = (
        ask("ensembles:timed", kind="processes", workers=workers, members=BUSY, work_s=BUSY_S)["seconds"]
        for workers in (1, 2)
    )  # fmt: skip
    table = Table("Ensembles: goals", ["work", "goal", "landlink", "other code", "ratio", "reached"])
    for name, seconds in zip(("this process", "two processes"), least, strict=True):
        table.rows.append(Goal(f"a stored member beside its work, {name}", "2 ms", seconds, _OVERHEAD_GOAL_S).row())
    work = f"{BUSY} members of {BUSY_S * 1e3:.0f} ms on two workers"
    table.rows.append(Goal(work, f"{_SPEEDUP_GOAL} × one", two, _SPEEDUP_GOAL, one).row())
    table.notes.append("The other code is one worker.")
    return table


def _overheads() -> Table:
    table = Table("A member beside its work", ["workers", "in memory", "stored", "processor time of the run, stored"])
    table.notes.append(f"{TRIVIAL:,} members of trivial work and {_FIGURES} numbers each, on workers that are started.")
    for kind, workers in _pools():
        progress(f"ensembles: overhead, {workers} {kind}")
        kept, stored = (_asked(kind=kind, workers=workers, members=TRIVIAL, stored=stored) for stored in (False, True))
        if kept and stored:
            spent = kept["seconds"], stored["seconds"], stored["processor"]
            cells = [f"{number(seconds / TRIVIAL * 1e3)} ms" for seconds in spent]
            table.rows.append([_called(kind, workers), *cells])
    return table


def _growth_with_members() -> Table:
    columns = ["members", "to store one", "to read one again", "to remove all", "on disk", "memory"]
    table = Table("Growth with members", columns, notes=["Memory is that of the run, which keeps all vectors."])
    for members in STORED:
        progress(f"ensembles: {members:,} members")
        found = ask("ensembles:stored_run", members=members)
        cells = [f"{number(found[name] / members * 1e3)} ms" for name in ("store", "again")]
        sizes = [f"{number(found[name])} MB" for name in ("disk_mb", "memory_mb")]
        table.rows.append([f"{members:,}", *cells, f"{number(found['remove'])} s", *sizes])
    return table


def _growth_with_workers() -> Table:
    table = Table("Growth with workers", ["workers", "members a second", "times one worker"], notes=[
        f"{BUSY} members that take {BUSY_S * 1e3:.0f} ms of processor time each, not stored.",
    ])  # fmt: skip
    for kind in ("processes", "Dask"):
        first = None
        for workers in WORKERS:
            progress(f"ensembles: {workers} {kind}")
            found = _asked(kind=kind, workers=workers, members=BUSY, work_s=BUSY_S)
            if found:
                seconds = found["seconds"]
                first = first or seconds
                table.rows.append([_called(kind, workers), number(BUSY / seconds), number(first / seconds)])
    return table


def _growth_with_network() -> Table:
    columns = ["links", "rows of demand", "base", "a member", "slowest", "work", "memory of a process"]
    table = Table("Growth with the network", columns)
    table.notes.append(
        f"Synthetic freight studies; a member closes one of {SHOCKS} much used links for 30 days: a full solve "
        "from the routes of the base to the study's gap, processor time of one process. Work is what a process is sent."
    )
    for nodes, zones in NETWORKS:
        progress(f"ensembles: a network of {nodes:,} nodes")
        with tempfile.TemporaryDirectory() as folder:
            path = str(Path(folder) / "work")
            base = ask("ensembles:pack_base", nodes=nodes, zones=zones, path=path)
            found = base | ask("ensembles:shocked", path=path, names=base["names"])
        seconds = [f"{number(found[name])} s" for name in ("base", "member", "slowest")]
        sizes = [f"{number(found[name])} MB" for name in ("work_mb", "memory_mb")]
        table.rows.append([f"{found['links']:,}", f"{found['demand']:,}", *seconds, *sizes])
    return table


def _pools() -> list[tuple[str, int]]:
    return [(kind, workers) for kind in ("processes", "Dask") for workers in WORKERS]


def _asked(**arguments: Any) -> dict[str, Any]:
    """Times of a run in a process of its own; none without the package that it needs."""
    try:
        return ask("ensembles:timed", **arguments)
    except MissingError:
        return {}


def _called(kind: str, workers: int) -> str:
    if kind == "processes":
        return "this process" if workers == 1 else f"{workers} processes"
    return f"Dask, {workers} worker{'s' if workers > 1 else ''}"
