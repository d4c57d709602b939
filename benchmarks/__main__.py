"""Measure how quick, large and hungry landlink is here, and print one table."""

from __future__ import annotations

import os
import platform
import sys
import tempfile
from pathlib import Path
from statistics import median

from benchmarks.processes import Run, measure
from benchmarks.sizes import installed_sizes

LANDLINK = [sys.executable, "-m", "landlink"]
SMALL_MB = 1.0


def main() -> None:
    """Run every measurement; takes two or three minutes."""
    print(f"{platform.platform()}, Python {platform.python_version()}, {os.cpu_count()} cores\n")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        print(f"{'what':<44}{'seconds':>9}{'peak MB':>9}  goal")
        _print("landlink --help (median of 9)", _help(folder), "0.3 s")
        first, again = _demo(folder)
        _print("landlink demo, first time ever (compiles)", first, "60 s")
        _print("landlink demo, again", again, "15 s")
    _print_sizes()


def _help(folder: Path) -> Run:
    runs = [measure([*LANDLINK, "--help"], folder=folder) for _ in range(9)]
    return Run(median(run.seconds for run in runs), max(run.peak_mb for run in runs))


def _demo(folder: Path) -> tuple[Run, Run]:
    """The demo with no compiled kernel anywhere, and the demo that finds them compiled."""
    cache = {"NUMBA_CACHE_DIR": str(folder / "cache")}
    first = measure([*LANDLINK, "demo"], folder=folder, environment=cache)
    again = measure([*LANDLINK, "demo"], folder=folder, environment=cache)
    return first, again


def _print(what: str, run: Run, goal: str) -> None:
    print(f"{what:<44}{run.seconds:>9.2f}{run.peak_mb:>9.0f}  {goal}", flush=True)


def _print_sizes() -> None:
    sizes = installed_sizes()
    print(f"\n{'core install':<44}{'MB':>9}")
    for name, size in sizes.items():
        if size >= SMALL_MB:
            print(f"  {name:<42}{size:>9.1f}")
    small = [size for size in sizes.values() if size < SMALL_MB]
    print(f"  {f'{len(small)} others under {SMALL_MB:g} MB':<42}{sum(small):>9.1f}")
    print(f"  {'all':<42}{sum(sizes.values()):>9.1f}  goal 750")


if __name__ == "__main__":
    main()
