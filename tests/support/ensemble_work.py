"""Work for ensembles that says who did it, fails, or kills its own process, as its item asks."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from landlink.core.errors import InputError
from landlink.ensemble.members import Member
from landlink.ensemble.run import run_members


def waves(item: float) -> np.ndarray:
    """Three numbers that depend on the item alone."""
    return np.array([np.sin(item), np.exp(item / 7), 1 / 3 + item])


@dataclass(frozen=True)
class Logged:
    """Waves, with a line in a file for each call: item and process."""

    log: Path
    seconds: float = 0.0
    #: Items that kill the process: once, or always.
    killing_once: tuple[float, ...] = ()
    killing: tuple[float, ...] = ()
    refused: tuple[float, ...] = ()
    broken: tuple[float, ...] = ()

    def __call__(self, item: float) -> np.ndarray:
        earlier = calls(self.log)
        with self.log.open("a") as file:
            file.write(f"{item} {os.getpid()}\n")
        time.sleep(self.seconds)
        if item in self.killing or (item in self.killing_once and item not in [one for one, _ in earlier]):
            os.kill(os.getpid(), signal.SIGKILL)
        if item in self.refused:
            raise InputError("no such world")
        if item in self.broken:
            raise ZeroDivisionError("a fault of the code")
        return waves(item)


class Unloadable:
    """Work that a worker cannot load."""

    def __reduce__(self):
        return (_refuse_to_load, ())


def _refuse_to_load():
    raise RuntimeError("not in this process")


def calls(log: Path) -> list[tuple[float, int]]:
    """Items computed and the processes that did it, in order."""
    lines = log.read_text().splitlines() if log.exists() else []
    return [(float(item), int(process)) for item, process in map(str.split, lines)]


def ten_members() -> list[Member]:
    return [Member(number, number / 10) for number in range(10)]


def is_running(process: int) -> bool:
    """Whether a process runs; one that has ended and was not waited for does not."""
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def run_slowly(folder: Path, log: Path) -> None:
    run_members(ten_members(), Logged(log, seconds=0.2), folder, run={"test": 1}, workers=2)


@dataclass(frozen=True)
class Noted:
    """Waves, with the item in a file for each call; quick, also when the file is long."""

    log: Path

    def __call__(self, item: float) -> np.ndarray:
        with self.log.open("a") as file:
            file.write(f"{item}\n")
        time.sleep(0.002)
        return waves(item)


def many_members(count: int) -> list[Member]:
    return [Member(number, number / 10) for number in range(count)]


def run_telling(folder: Path, log: Path, count: int, workers: int) -> None:
    """A run that prints a line for each member that is stored."""
    run_members(
        many_members(count), Noted(log), folder, run={"test": 1}, workers=workers,
        progress=lambda what, done: print(what, flush=True),  # noqa: T201
    )  # fmt: skip
