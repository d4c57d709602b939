"""Large and strongly congested problems: a freight study, skims between thousands of zones, a town at 80 x capacity."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.child import MissingError, ask, peak_mb
from benchmarks.tables import Goal, Table, number, progress

#: Zones of the skims.
ZONES = 7388


def measure() -> tuple[list[Table], dict[str, str]]:
    """Measure each problem in a process of its own."""
    goals: list[Goal] = []
    notes: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        study = str(Path(folder) / "study")
        progress("writing a freight study")
        ask("large:write_study", folder=study)
        progress("checking a freight study")
        check = ask("large:check", folder=study)
        progress("solving a freight study")
        solved = ask("large:solve", folder=study)
        goals += [
            Goal("freight study: open and check", "5 s", check["seconds"], 5),
            Goal("freight study: solve to 1e-6", "25 s", solved["solve"], 25),
            Goal("freight study: write the tables", "3 s", solved["save"], 3),
            Goal("freight study: peak memory", "2,000 MB", solved["memory_mb"], 2000, unit="MB"),
        ]
        notes.append(
            f"Freight study: {solved['nodes']:,} nodes, {solved['links']:,} links, {solved['zones']:,} zones, "
            f"{solved['demand']:,} rows of demand; {solved['rounds']} rounds to a gap of {solved['gap']:.1e}."
        )
        progress("skims")
        skims = ask("large:skims", path=str(Path(folder) / "skims.omx"))
        goals += [
            Goal(f"skims of {ZONES:,} zones to a file", "65 s", skims["seconds"], 65),
            Goal(f"skims of {ZONES:,} zones: peak memory", "1,000 MB", skims["memory_mb"], 1000, unit="MB"),
        ]
        notes.append(f"The file of four matrices has {skims['file_mb']:,.0f} MB.")
    progress("a congested town")
    town = ask("large:congested_town")
    goals.append(Goal("congested town to 1e-12: rounds", "60", town["rounds"], 60, unit="rounds"))
    notes.append(
        f"Town: {town['links']:,} links, loads up to {town['most']:.0f} times capacity, delays of power 1.5; "
        f"{number(town['seconds'])} s to a gap of {town['gap']:.1e}."
    )
    progress("a congested town with priorities")
    asymmetric = ask("large:town_with_priorities")
    for gap, found in asymmetric["solved"].items():
        notes.append(
            f"The town with {asymmetric['interactions']:,} interactions at junctions, to {gap}: {found['rounds']} "
            f"rounds of diagonalisation, {number(found['seconds'])} s, gap at full costs {found['gap']:.1e}."
        )
    rows = [goal.row() for goal in goals]
    return [Table("Large problems, 2 threads", _COLUMNS, rows, notes)], {}


_COLUMNS = ["work", "goal", "landlink", "other code", "ratio", "reached"]


def write_study(folder: str) -> dict[str, Any]:
    """Write the freight study."""
    from benchmarks.freight_study import write_study as write  # noqa: PLC0415

    write(Path(folder))
    return {}


def check(folder: str) -> dict[str, Any]:
    """Open and check a study, kernels loaded, as the verb ``check`` does."""
    import landlink as ll  # noqa: PLC0415
    from landlink.model.problem import unserved_demand  # noqa: PLC0415

    known = ll.open_study("china-kyrgyzstan")
    unserved_demand(known.at(known.settings.base_year))
    start = time.perf_counter()
    study = ll.open_study(folder)
    problems = study.problems() + unserved_demand(study.at(study.settings.base_year))
    if problems:
        raise MissingError(str(problems[0]))
    return {"seconds": time.perf_counter() - start}


def solve(folder: str) -> dict[str, Any]:
    """Solve a study and write its result, kernels loaded."""
    import landlink as ll  # noqa: PLC0415

    study = ll.open_study(folder)
    ll.solve(ll.open_study("china-kyrgyzstan")).save(Path(folder).parent / "first")
    start = time.perf_counter()
    result = ll.solve(study)
    solved = time.perf_counter()
    result.save(Path(folder).parent / "result")
    saved = time.perf_counter()
    sizes = {f"{name}s": len(study.tables[name]) for name in ("node", "link", "zone")}
    return sizes | {
        "demand": len(study.tables["demand"]), "solve": solved - start, "save": saved - solved, "memory_mb": peak_mb(),
        "gap": result.provenance.certificate.relative_gap, "rounds": result.provenance.certificate.iterations,
    }  # fmt: skip


def skims(path: str) -> dict[str, Any]:
    """Skim cost, time, length and toll of a synthetic network without traffic into a file."""
    import landlink as ll  # noqa: PLC0415
    from benchmarks.many_zones import network  # noqa: PLC0415
    from benchmarks.touch import touch_paths  # noqa: PLC0415

    roads, random = network(ZONES), np.random.default_rng(0)
    known = ll.RoadNetwork(
        zones=roads.zones, nodes=roads.nodes, from_node=roads.tail + 1, to_node=roads.head + 1,
        capacity=roads.capacity, free_flow_time=roads.time, b=roads.b, power=roads.power,
        length=roads.time * random.uniform(0.5, 1.0, len(roads.tail)),
        toll=random.random(len(roads.tail)) < 0.05,
    )  # fmt: skip
    touch_paths()
    start = time.perf_counter()
    ll.skim_to(path, known, threads=2)
    return {
        "seconds": time.perf_counter() - start, "memory_mb": peak_mb(), "file_mb": Path(path).stat().st_size / 1e6,
    }  # fmt: skip


def congested_town() -> dict[str, Any]:
    """Assign trips to a town of one-way streets at loads far above capacity."""
    import landlink as ll  # noqa: PLC0415
    from benchmarks.town import town  # noqa: PLC0415

    network, demand = town()
    solved = ll.assign(network, demand, gap=1e-12, max_iterations=100, threads=2)
    return {
        "links": len(network), "seconds": solved.seconds, "rounds": solved.iterations, "gap": solved.relative_gap,
        "most": float((solved.flow / network.capacity).max()),
    }  # fmt: skip


def town_with_priorities() -> dict[str, Any]:
    """Assign trips to the congested town where links give way at junctions, without a convex program."""
    import landlink as ll  # noqa: PLC0415
    from benchmarks.town import town, with_priorities  # noqa: PLC0415

    network, demand = town()
    network = with_priorities(network)
    ll.assign(network, demand * 0.01, threads=2)
    solved = {}
    for gap in ("1e-6", "1e-8", "1e-10"):
        found = ll.assign(network, demand, gap=float(gap), threads=2)
        solved[gap] = {"rounds": found.iterations, "seconds": found.seconds, "gap": found.relative_gap}
    assert network.interactions is not None
    return {"interactions": len(network.interactions), "solved": solved}
