"""Speed, size and memory use of landlink from a user's point of view."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from statistics import median

from benchmarks.processes import Run, measure
from benchmarks.sizes import installed_sizes
from benchmarks.tables import Table, progress

LANDLINK = [sys.executable, "-m", "landlink"]
SMALL_MB = 1.0


def tables() -> list[Table]:
    """Measure; takes a minute or two."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        speed = Table("From a user's point of view", ["what", "seconds", "peak MB", "goal"])
        progress("landlink --help")
        speed.rows.append(_row("landlink --help (median of 9)", _help(folder), "0.3 s"))
        progress("landlink demo")
        first, again = _demo(folder)
        speed.rows.append(_row("landlink demo, first time ever (compiles)", first, "60 s"))
        speed.rows.append(_row("landlink demo, again (median of 3)", again, "10 s"))
        progress("landlink report and compare")
        results = [str(path.parent) for path in sorted((folder / "landlink-demo").glob("*/result.json"))]
        report = _median(folder, "report", *results, "-o", "report.html", "--force")
        speed.rows.append(_row(f"landlink report of {len(results)} results (median of 3)", report, "4 s"))
        compare = _median(folder, "compare", *results[:2])
        speed.rows.append(_row("landlink compare of 2 results (median of 3)", compare, "1 s"))
    return [speed, _sizes()]


def _help(folder: Path) -> Run:
    runs = [measure([*LANDLINK, "--help"], folder=folder) for _ in range(9)]
    return Run(median(run.seconds for run in runs), max(run.peak_mb for run in runs))


def _demo(folder: Path) -> tuple[Run, Run]:
    """The demo without any compiled kernels, and the demo with a cache of compiled kernels."""
    cache = {"NUMBA_CACHE_DIR": str(folder / "cache")}
    first = measure([*LANDLINK, "demo"], folder=folder, environment=cache)
    return first, _median(folder, "demo", environment=cache)


def _median(folder: Path, *arguments: str, environment: Mapping[str, str] | None = None) -> Run:
    """Run a command three times."""
    runs = [measure([*LANDLINK, *arguments], folder=folder, environment=environment) for _ in range(3)]
    return Run(median(run.seconds for run in runs), max(run.peak_mb for run in runs))


def _row(what: str, run: Run, goal: str) -> list[str]:
    return [what, f"{run.seconds:.2f}", f"{run.peak_mb:.0f}", goal]


def _sizes() -> Table:
    sizes = installed_sizes()
    table = Table("Core install", ["package", "MB"])
    table.rows += [[name, f"{size:.1f}"] for name, size in sizes.items() if size >= SMALL_MB]
    small = [size for size in sizes.values() if size < SMALL_MB]
    table.rows.append([f"{len(small)} others under {SMALL_MB:g} MB", f"{sum(small):.1f}"])
    table.rows.append(["all (goal 750)", f"{sum(sizes.values()):.1f}"])
    return table
