"""Runs of members: the same bytes on any number of workers, after any kill; nothing finished is computed again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from random import Random

import numpy as np
import pytest

from landlink.core.errors import EnsembleError, InputError, OutputError
from landlink.ensemble.members import Failure, Member, MemberRuns
from landlink.ensemble.run import run_members
from landlink.ensemble.run_folder import MANIFEST, remove_run_folder, run_folder
from landlink.ensemble.worker_pool import WorkerPool
from tests.support.ensemble_work import Logged, Unloadable, calls, is_running, many_members, ten_members, waves

EXPECTED = np.array([waves(number / 10) for number in range(10)])


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_vectors_in_the_order_of_members_on_any_number_of_workers(workers):
    found = run_members(ten_members(), waves, workers=workers)
    assert found.ids == tuple(range(10))
    assert found.values.tobytes() == EXPECTED.tobytes()
    assert not found.failures


def test_files_have_the_same_bytes_on_one_and_two_workers(tmp_path):
    for workers in (1, 2):
        run_members(ten_members(), waves, tmp_path / str(workers), run={"a": 1}, workers=workers)
    assert files(tmp_path / "1") == files(tmp_path / "2")


def test_no_members(tmp_path):
    found = run_members([], waves, tmp_path / "none")
    assert found.ids == ()
    with pytest.raises(EnsembleError):
        found.require()


def test_members_need_distinct_ids():
    with pytest.raises(ValueError, match="distinct"):
        run_members([Member(1, 0.0), Member(1, 1.0)], waves)


def test_a_finished_run_computes_nothing_again(tmp_path):
    work = Logged(tmp_path / "log")
    run_members(ten_members(), work, tmp_path / "run", workers=2)
    again = run_members(ten_members(), work, tmp_path / "run", workers=1)
    assert len(calls(work.log)) == 10
    assert again.values.tobytes() == EXPECTED.tobytes()


def test_more_members_are_added_to_the_same_folder(tmp_path):
    work = Logged(tmp_path / "log")
    run_members(ten_members()[:4], work, tmp_path / "run", workers=1)
    run_members(ten_members(), work, tmp_path / "run", workers=1)
    assert [item for item, _ in calls(work.log)] == [number / 10 for number in range(10)]


def test_a_worker_killed_mid_run_is_replaced(tmp_path):
    work = Logged(tmp_path / "log", killing_once=(0.2, 0.5))
    found = run_members(ten_members(), work, tmp_path / "run", workers=2)
    assert found.values.tobytes() == EXPECTED.tobytes()
    items = [item for item, _ in calls(work.log)]
    assert sorted(items) == sorted([number / 10 for number in range(10)] + [0.2, 0.5])


def test_a_member_that_always_kills_its_process_fails_and_is_tried_again_later(tmp_path):
    run_members(ten_members(), Logged(tmp_path / "log", killing=(0.3,)), tmp_path / "run", workers=2)
    found = run_members(ten_members(), Logged(tmp_path / "log", killing=(0.3,)), tmp_path / "run", workers=2)
    assert found.ids == (0, 1, 2, 4, 5, 6, 7, 8, 9)
    assert "signal 9" in found.failures[3].reason
    mended = run_members(ten_members(), Logged(tmp_path / "log"), tmp_path / "run", workers=2)
    assert mended.values.tobytes() == EXPECTED.tobytes()


def test_members_that_fail_are_recorded_and_counted(tmp_path):
    work = Logged(tmp_path / "log", refused=(0.4,), broken=(0.7,))
    found = run_members(ten_members(), work, tmp_path / "run", workers=2)
    assert found.failures[4] == Failure("no such world")
    assert "ZeroDivisionError: a fault of the code (ensemble_work.py, line" in found.failures[7].reason
    assert found.failed_share == pytest.approx(0.2)
    assert found.require(0.2) is found
    with pytest.raises(EnsembleError, match=r"2 of 10 members failed.*\n.*member 4: no such world"):
        found.require(0.1)
    # What the model refuses is final; a fault is tried again.
    run_members(ten_members(), work, tmp_path / "run", workers=1)
    assert [item for item, _ in calls(work.log)][10:] == [0.7]


def test_an_ensemble_of_which_nothing_is_left_is_refused_at_any_share():
    runs = MemberRuns((), np.empty((0, 0)), {1: Failure("no")})
    with pytest.raises(EnsembleError):
        runs.require(1.0)


def test_members_of_another_run_are_refused_by_name(tmp_path):
    run_members(ten_members(), waves, tmp_path / "run", run={"study_hash": "abc", "seed": 1, "ids": (1, 2)}, workers=1)
    before = files(tmp_path / "run")
    with pytest.raises(InputError, match="study_hash differs") as error:
        run_members(ten_members(), waves, tmp_path / "run", run={"study_hash": "abd", "seed": 1}, workers=1)
    assert [problem.column for problem in error.value.problems] == ["ids", "study_hash"]
    assert files(tmp_path / "run") == before
    run_members(ten_members(), waves, tmp_path / "run", run={"study_hash": "abc", "seed": 1, "ids": (1, 2)}, workers=1)


@pytest.mark.parametrize("content", ["", "[]", '{"format": 99, "run": {}}', '{"format": 1}', "\x00"])
def test_a_damaged_manifest_is_refused(tmp_path, content):
    run_members(ten_members(), waves, tmp_path / "run", workers=1)
    (tmp_path / "run" / MANIFEST).write_text(content)
    with pytest.raises(InputError, match="remove"):
        run_members(ten_members(), waves, tmp_path / "run", workers=1)


@pytest.mark.parametrize("content", [b"", b"\x93NUMPY", b"no array at all", b"\x80\x04N."])
def test_a_damaged_member_is_computed_again(tmp_path, content):
    run_members(ten_members(), waves, tmp_path / "run", workers=1)
    (tmp_path / "run" / "member-000003.npy").write_bytes(content)
    found = run_members(ten_members(), waves, tmp_path / "run", workers=1)
    assert found.values.tobytes() == EXPECTED.tobytes()


@pytest.mark.parametrize("damage", [slice(0, -1), slice(0, -16), slice(0, 100)])
def test_a_member_cut_short_by_a_loss_of_power_is_computed_again(tmp_path, damage):
    run_members(ten_members(), waves, tmp_path / "run", workers=1)
    whole = files(tmp_path / "run")
    content = whole["member-000003.npy"]
    for member, left in ((3, content[damage]), (5, content[damage].ljust(len(content), b"\0"))):
        (tmp_path / "run" / f"member-{member:06d}.npy").write_bytes(left)
    (tmp_path / "run" / ".member-000007.npy.new").write_bytes(content[:20])
    found = run_members(ten_members(), waves, tmp_path / "run", workers=1)
    assert found.values.tobytes() == EXPECTED.tobytes()
    (tmp_path / "run" / ".member-000007.npy.new").unlink()
    assert files(tmp_path / "run") == whole


def test_a_folder_whose_members_have_no_digests_is_gone_on_with(tmp_path):
    """As they were written until the second format: flushed, and plain arrays."""
    work = Logged(tmp_path / "log")
    run_members([], work, tmp_path / "run", workers=1)
    manifest = tmp_path / "run" / MANIFEST
    manifest.write_text(manifest.read_text().replace('"format": 2', '"format": 1'))
    for number in range(4):
        np.save(tmp_path / "run" / f"member-{number:06d}.npy", EXPECTED[number])
    for _ in range(2):
        found = run_members(ten_members(), work, tmp_path / "run", workers=1)
        assert found.values.tobytes() == EXPECTED.tobytes()
    assert [item for item, _ in calls(work.log)] == [number / 10 for number in range(4, 10)]


def test_a_folder_of_something_else_is_left_alone(tmp_path):
    (tmp_path / "letters").write_text("dear")
    with pytest.raises(OutputError, match="not empty"):
        run_members(ten_members(), waves, tmp_path, workers=1)


def test_a_folder_in_use_is_refused(tmp_path):
    with (
        run_folder(tmp_path / "run", {}),
        pytest.raises(OutputError, match="in use"),
        run_folder(tmp_path / "run", {}),
    ):
        pass


def test_removing_a_run_leaves_the_files_of_others(tmp_path):
    run_members(ten_members(), waves, tmp_path / "run", workers=1)
    (tmp_path / "run" / "notes.txt").write_text("keep")
    remove_run_folder(tmp_path / "run")
    assert files(tmp_path / "run") == {"notes.txt": b"keep"}
    (tmp_path / "run" / "notes.txt").unlink()
    remove_run_folder(tmp_path / "run")
    assert (tmp_path / "run").exists(), "a folder that is no run's is left alone"


def test_a_pool_stays_for_several_batches(tmp_path):
    work = Logged(tmp_path / "log", seconds=0.05)
    with WorkerPool(2) as pool:
        for _ in range(3):
            assert run_members(ten_members(), work, workers=pool).values.tobytes() == EXPECTED.tobytes()
        processes = {process for _, process in calls(work.log)}
        assert len(processes) == 2
        assert all(map(is_running, processes))
    assert not any(map(is_running, processes))


def test_work_that_cannot_be_loaded_ends_the_run():
    with WorkerPool(2) as pool, pytest.raises(EnsembleError, match="not in this process"):
        list(pool.run(Unloadable(), [1.0, 2.0]))


def test_a_vector_of_another_shape_fails():
    found = run_members([Member(1, 0)], np.zeros_like, workers=1)
    assert "0 dimensions" in found.failures[1].reason


def started(folder: Path, log: Path) -> subprocess.Popen:
    path = os.pathsep.join(entry for entry in sys.path if entry)
    program = (
        f"from tests.support import ensemble_work as e; e.run_slowly(e.Path({str(folder)!r}), e.Path({str(log)!r}))"
    )
    words = [sys.executable, "-c", program]
    run = subprocess.Popen(words, env={**os.environ, "PYTHONPATH": path}, stderr=subprocess.PIPE)
    while len(list(folder.glob("member-*.npy"))) < 3:
        assert run.poll() is None
        time.sleep(0.02)
    return run


@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_a_run_that_is_killed_or_interrupted_goes_on_and_leaves_no_process(tmp_path, how):
    folder, log = tmp_path / "run", tmp_path / "log"
    run = started(folder, log)
    run.send_signal(how)
    errors = run.communicate()[1].decode()
    assert run.returncode != 0
    assert how != signal.SIGINT or "KeyboardInterrupt" in errors
    finished = {float(np.load(path)[2] - 1 / 3) for path in folder.glob("member-*.npy")}
    until = time.monotonic() + 20
    while any(is_running(process) for _, process in calls(log)):
        assert time.monotonic() < until, "a worker outlives its run"
        time.sleep(0.02)
    before = len(calls(log))
    found = run_members(ten_members(), Logged(log), folder, run={"test": 1}, workers=2)
    assert found.values.tobytes() == EXPECTED.tobytes()
    again = [item for item, _ in calls(log)[before:]]
    assert len(again) == 10 - len(finished)
    assert not {round(item, 6) for item in again} & {round(item, 6) for item in finished}
    whole = tmp_path / "whole"
    run_members(ten_members(), waves, whole, run={"test": 1}, workers=1)
    assert files(folder) == files(whole)


def telling(folder: Path, log: Path, workers: int) -> subprocess.Popen:
    """A run of a process of its own, which prints a line for each member that it has stored."""
    path = os.pathsep.join(entry for entry in sys.path if entry)
    program = (
        "from tests.support import ensemble_work as e\n"
        f"e.run_telling(e.Path({str(folder)!r}), e.Path({str(log)!r}), 400, {workers})"
    )
    words = [sys.executable, "-c", program]
    return subprocess.Popen(words, env={**os.environ, "PYTHONPATH": path}, stdout=subprocess.PIPE, text=True)


@pytest.mark.slow
@pytest.mark.parametrize("workers", [1, 2, 3])
def test_a_run_that_is_killed_again_and_again_loses_and_repeats_nothing(tmp_path, workers):
    random, folder, log = Random(workers), tmp_path / "run", tmp_path / "log"
    stored: dict[str, bytes] = {}
    for _ in range(3):
        noted = len(log.read_text().split()) if log.exists() else 0
        run = telling(folder, log, workers)
        for _ in range(random.randrange(1, 120)):
            assert run.stdout.readline()
        # Amid a member, or while one is stored.
        time.sleep(random.random() / 100)
        run.kill()
        run.communicate()
        now = {path.name: path.read_bytes() for path in folder.glob("member-*.npy")}
        assert now.items() >= stored.items(), "what was stored is there, as it was"
        again = {f"member-{round(float(item) * 10):06d}.npy" for item in log.read_text().split()[noted:]}
        assert not again & stored.keys(), "and was not computed again"
        stored = now
    run = telling(folder, log, workers)
    told = run.communicate()[0].splitlines()
    assert run.returncode == 0
    assert told == [f"member {number} of 400" for number in range(len(stored), 401)]
    whole = tmp_path / "whole"
    run_members(many_members(400), waves, whole, run={"test": 1}, workers=1)
    assert {name: file for name, file in files(folder).items() if name[0] != "."} == files(whole)
