"""Measure the speed, size and memory use of landlink on this machine, and print tables."""

from __future__ import annotations

import argparse
import os
import platform
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from benchmarks import (
    appraisal,
    border,
    engine,
    ensembles,
    install,
    kernels,
    large,
    recovery,
    resilience,
    statement,
    statement_documents,
    trade,
)
from benchmarks.roads import FOLDER
from benchmarks.tables import Table, progress

PARTS = (
    "install", "engine", "border", "recovery", "kernels", "large", "trade", "appraisal", "ensembles", "resilience",
    "statement",
)  # fmt: skip
_PLAIN = {"trade": trade, "appraisal": appraisal, "ensembles": ensembles, "resilience": resilience}
#: Subsets of parts, measured on request only.
SOME = ("solver",)
#: Parts that need the folder of test networks.
ON_NETWORKS = {"engine", "kernels", "solver"}


def main() -> None:
    """Run the selected parts, by default all."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "parts",
        nargs="*",
        metavar="PART",
        help=f"{' or '.join(PARTS)}; by default all; or {SOME[0]}, the part of engine affected by solver changes",
    )
    parser.add_argument("--networks", type=Path, default=FOLDER, help="folder of test networks (default: %(default)s)")
    parser.add_argument("-o", "--output", type=Path, help="also write the tables to this Markdown page")
    asked = parser.parse_args()
    if unknown := [part for part in asked.parts if part not in PARTS + SOME]:
        parser.error(f"no part {unknown[0]!r}: choose from {', '.join(PARTS + SOME)}")
    parts = asked.parts or PARTS
    if ON_NETWORKS & set(parts) and not asked.networks.is_dir():
        told = f"no folder {asked.networks}: --networks must name one with SiouxFalls, Anaheim and the others"
        if asked.parts:
            parser.error(told)
        print(f"engine and kernels left out: {told}")
        parts = tuple(part for part in PARTS if part not in ON_NETWORKS)
    start = time.perf_counter()
    tables: list[Table] = []
    versions: dict[str, str] = {}
    if "install" in parts:
        tables += install.tables()
    measures = {
        "engine": lambda: engine.measure(asked.networks),
        "solver": lambda: engine.measure_changes(asked.networks),
        "border": border.measure,
        "recovery": recovery.measure,
        "large": large.measure,
    }
    for part in (part for part in measures if part in parts):
        found, others = measures[part]()
        tables += found
        versions |= others
    if "kernels" in parts:
        tables.append(kernels.table(asked.networks))
    for part, module in _PLAIN.items():
        tables += module.tables() if part in parts else []
    if "statement" in parts:
        tables += [*statement.tables(), *statement_documents.tables()]
    progress(f"{time.perf_counter() - start:.0f} s in all")
    lines = _machine(versions)
    print("\n" + "\n".join(lines) + "\n")
    print("\n".join(table.text() for table in tables))
    if asked.output:
        page = ["# Measured", "", *(f"- {line}" for line in lines), "", *(table.markdown() for table in tables)]
        asked.output.write_text("\n".join(page), encoding="utf-8")


def _machine(others: dict[str, str]) -> list[str]:
    """Describe the machine and the versions measured."""
    ours = {name: _version(name) for name in ("landlink", "numba", "numpy")}
    return [
        f"{_processor()}, {os.cpu_count()} cores; {platform.platform()}",
        f"Python {platform.python_version()}, " + ", ".join(f"{name} {number}" for name, number in ours.items()),
        *([", ".join(f"{name} {number}" for name, number in sorted(others.items()))] if others else []),
        time.strftime("%d %B %Y"),
    ]


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "from source"


def _processor() -> str:
    """Name of the processor, as reported by the system."""
    told = Path("/proc/cpuinfo")
    if told.exists():
        names = [
            line.split(":", 1)[1].strip() for line in told.read_text().splitlines() if line.startswith("model name")
        ]
        if names:
            return names[0]
    return platform.processor() or platform.machine()


if __name__ == "__main__":
    main()
