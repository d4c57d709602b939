"""Members on a real Dask cluster: the same bytes as in this process, whatever happens to workers and scheduler."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from collections import Counter
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

import landlink
from landlink.core.errors import EnsembleError, InputError
from landlink.ensemble.members import Member
from landlink.ensemble.run import run_members
from tests.support.ensemble_work import Logged, Unloadable, calls, many_members, ten_members, waves

if find_spec("distributed") is None:
    pytest.skip("needs distributed: pip install 'landlink[cluster]'", allow_module_level=True)

from landlink.ensemble import cluster_connection
from landlink.ensemble.cluster_connection import scheduler_address
from landlink.ensemble.cluster_pool import ClusterPool
from tests.support.dask_cluster import cluster_of

EXPECTED = np.array([waves(number / 10) for number in range(10)])


@pytest.fixture(scope="module")
def cluster():
    with cluster_of(2) as made:
        yield made


@pytest.fixture
def pool(cluster):
    with ClusterPool(cluster.address) as made:
        yield made


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_the_same_bytes_as_in_this_process(pool, tmp_path):
    on_cluster = run_members(many_members(500), waves, tmp_path / "cluster", run={"a": 1}, workers=pool)
    here = run_members(many_members(500), waves, tmp_path / "here", run={"a": 1}, workers=1)
    assert on_cluster.ids == here.ids
    assert on_cluster.values.tobytes() == here.values.tobytes()
    assert files(tmp_path / "cluster") == files(tmp_path / "here")


def test_both_workers_compute_and_a_pool_stays_for_several_runs(pool, tmp_path):
    work = Logged(tmp_path / "log", seconds=0.05)
    for _ in range(2):
        assert run_members(ten_members(), work, workers=pool).values.tobytes() == EXPECTED.tobytes()
    assert len(calls(work.log)) == 20
    assert len({process for _, process in calls(work.log)}) == 2
    assert run_members([], waves, workers=pool).ids == ()


def test_members_that_fail_do_so_as_in_this_process(pool, tmp_path):
    work = Logged(tmp_path / "log", refused=(0.4,), broken=(0.7,))
    on_cluster, here = (run_members(ten_members(), work, workers=workers) for workers in (pool, 1))
    assert on_cluster.failures == here.failures
    assert on_cluster.values.tobytes() == here.values.tobytes()


def test_work_is_loaded_once_by_a_process_and_dropped_with_the_run(pool, tmp_path):
    work = Counted(tmp_path / "loads")
    for run in (1, 2):
        run_members(many_members(60), work, workers=pool)
        loads = (tmp_path / "loads").read_text().split()
        assert len(loads) <= 2 * run
        assert len(set(loads)) <= 2
    assert len([key for key in pool._client.who_has() if key.endswith("-work")]) <= 1


class Counted:
    """Work that notes in a file when a process loads it."""

    def __init__(self, log: Path) -> None:
        self.log = log

    def __setstate__(self, state: dict) -> None:
        self.__dict__ = state
        with self.log.open("a") as file:
            file.write(f"{os.getpid()}\n")

    def __call__(self, item: float) -> np.ndarray:
        return waves(item)


def test_threads_of_one_worker_have_the_work_each_for_itself(tmp_path):
    with cluster_of(0) as cluster:
        cluster.add_worker(threads=4)
        with ClusterPool(cluster.address) as pool:
            found = run_members(many_members(200), waves, workers=pool)
    assert found.values.tobytes() == run_members(many_members(200), waves, workers=1).values.tobytes()


def test_a_worker_is_killed_and_nothing_is_lost_or_stored_twice(tmp_path):
    members, work, stored, killed = many_members(120), Logged(tmp_path / "log", seconds=0.01), [], []
    with cluster_of(2) as cluster, ClusterPool(cluster.address) as pool:

        def kill(what: str, done: float) -> None:
            stored.append(done)
            if len(stored) == 40:
                killed.append(calls(work.log)[-1][1])
                os.kill(killed[0], signal.SIGKILL)

        found = run_members(members, work, tmp_path / "cluster", run={"a": 1}, workers=pool, progress=kill)
        ended = {worker.pid: worker.poll() for worker in cluster.workers}
        assert sorted(ended.values(), key=str) == [-signal.SIGKILL, None]
        assert ended[killed[0]] == -signal.SIGKILL
    assert stored == [number / 120 for number in range(121)], "each member is stored once"
    here = run_members(members, waves, tmp_path / "here", run={"a": 1}, workers=1)
    assert found.values.tobytes() == here.values.tobytes()
    assert files(tmp_path / "cluster") == files(tmp_path / "here")
    did = calls(work.log)
    assert {item for item, _ in did} == {member.item for member in members}
    assert {process for _, process in did} == set(ended)
    again = Counter(item for item, _ in did) - Counter(member.item for member in members)
    assert again.keys() <= {item for item, process in did if process == killed[0]}, "only what the killed one had done"


def test_a_member_that_always_kills_its_worker_fails_and_the_others_go_on(tmp_path):
    with cluster_of(3, allowed_failures=0) as cluster, ClusterPool(cluster.address) as pool:
        work = Logged(tmp_path / "log", killing=(0.3,))
        failed = run_members([Member(3, 0.3)], work, tmp_path / "run", workers=pool)
        assert "ended again and again" in failed.failures[3].reason
        found = run_members(ten_members(), Logged(tmp_path / "log"), tmp_path / "run", workers=pool)
    assert found.values.tobytes() == EXPECTED.tobytes()


def test_a_run_goes_on_elsewhere_when_its_scheduler_is_killed(tmp_path, monkeypatch):
    monkeypatch.setattr(cluster_connection, "_ANSWER", 1.0)
    work = Logged(tmp_path / "log", seconds=0.02)
    with cluster_of(1) as cluster, ClusterPool(cluster.address, patience_s=1.0) as pool:

        def kill(what: str, done: float) -> None:
            if done == 0.25:
                cluster.scheduler.kill()
                cluster.scheduler.wait()

        with pytest.raises(EnsembleError, match="was lost"):
            run_members(many_members(100), work, tmp_path / "run", workers=pool, progress=kill)
    finished = list((tmp_path / "run").glob("member-*.npy"))
    assert 25 <= len(finished) < 100
    before = len(calls(work.log))
    found = run_members(many_members(100), work, tmp_path / "run", workers=1)
    assert len(calls(work.log)) - before == 100 - len(finished)
    assert found.values.tobytes() == run_members(many_members(100), waves, workers=1).values.tobytes()


def test_a_cluster_without_workers(tmp_path):
    with cluster_of(0) as cluster:
        with (
            ClusterPool(cluster.address, patience_s=0.5) as pool,
            pytest.raises(EnsembleError, match=r"has no workers; start some.*dask worker tcp://127"),
        ):
            run_members(ten_members(), waves, workers=pool)
        only = cluster.add_worker()
        with ClusterPool(cluster.address, patience_s=1.0) as pool:

            def kill(what: str, done: float) -> None:
                if done == 0.1:
                    only.kill()

            with pytest.raises(EnsembleError, match="has had no workers for 1 s"):
                run_members(ten_members(), Logged(tmp_path / "log", seconds=0.2), workers=pool, progress=kill)


def test_a_worker_with_another_landlink_is_refused(tmp_path):
    package = Path(landlink.__file__).parent
    (tmp_path / "landlink" / "core").mkdir(parents=True)
    for folder, but in ((package, "core"), (package / "core", "version.py")):
        for path in folder.iterdir():
            if path.name != but:
                (tmp_path / "landlink" / path.relative_to(package)).symlink_to(path)
    text = (package / "core" / "version.py").read_text()
    (tmp_path / "landlink" / "core" / "version.py").write_text(text.replace(landlink.__version__, "0.0.9"))
    with cluster_of(0) as cluster:
        cluster.add_worker(first_on_path=tmp_path)
        with (
            ClusterPool(cluster.address) as pool,
            pytest.raises(EnsembleError, match=r"has landlink 0\.0\.9 instead of .*install the same there as here"),
        ):
            run_members(ten_members(), waves, workers=pool)


def test_a_worker_without_landlink_is_refused(tmp_path):
    (tmp_path / "landlink").mkdir()
    (tmp_path / "landlink" / "__init__.py").write_text("")
    with cluster_of(0) as cluster:
        cluster.add_worker(first_on_path=tmp_path)
        with ClusterPool(cluster.address) as pool, pytest.raises(EnsembleError, match="has no landlink such as here"):
            run_members(ten_members(), waves, workers=pool)


def test_work_that_cannot_be_loaded_ends_the_run(pool):
    with pytest.raises(EnsembleError, match="cannot load the work: RuntimeError: not in this process"):
        run_members(ten_members(), Unloadable(), workers=pool)


@pytest.mark.parametrize(
    "text", ["", "8786", "10.0.0.5:8786", "http://10.0.0.5:8786", "tcp://10.0.0.5", "tcp://:8786", "tcp://a:0", "tcp://a:99999"]
)  # fmt: skip
def test_an_address_that_is_none(text):
    with pytest.raises(InputError, match=r"invalid address of a scheduler.*tcp://10\.0\.0\.5:8786"):
        scheduler_address(text)


def test_nobody_at_the_address():
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(EnsembleError, match=r"no scheduler at tcp://127.*refused.*dask scheduler"):
        ClusterPool(address)


def test_something_else_at_the_address(monkeypatch):
    monkeypatch.setattr(cluster_connection, "_ANSWER", 1.0)
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            for _ in range(2):
                server.accept()[0].close()
            server.close()

        threading.Thread(target=serve, daemon=True).start()
        with pytest.raises(EnsembleError, match="is no scheduler of Dask"):
            ClusterPool(f"tcp://127.0.0.1:{server.getsockname()[1]}")


def test_a_scheduler_of_another_version(tmp_path):
    (tmp_path / "distributed-2020.1.0.dist-info").mkdir()
    metadata = "Metadata-Version: 2.1\nName: distributed\nVersion: 2020.1.0\n"
    (tmp_path / "distributed-2020.1.0.dist-info" / "METADATA").write_text(metadata)
    with (
        cluster_of(0, first_on_path=tmp_path) as cluster,
        pytest.raises(EnsembleError, match=r"has distributed 2020\.1\.0, this process .*; install the same"),
    ):
        ClusterPool(cluster.address)


def test_without_the_extra():
    """In a process that cannot find the package."""
    program = (
        "import sys, importlib.util as u; whole = u.find_spec\n"
        "u.find_spec = lambda name, *rest: None if name == 'distributed' else whole(name, *rest)\n"
        "from landlink.ensemble.cluster_pool import ClusterPool\n"
        "assert 'distributed' not in sys.modules\n"
        "ClusterPool('tcp://127.0.0.1:1')"
    )
    path = os.pathsep.join(filter(None, sys.path))
    environment = {**os.environ, "PYTHONPATH": path}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=False)
    assert "pip install 'landlink[cluster]'" in done.stderr
