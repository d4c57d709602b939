"""The engine compared with other codes on the same machine, every measurement in its own process."""

from __future__ import annotations

import math
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.child import ONE_THREAD, MissingError, ask
from benchmarks.many_zones import SIDE
from benchmarks.many_zones import ZONES as MANY
from benchmarks.synthetic import save
from benchmarks.tables import Goal, Table, number, progress

SKETCH, REGIONAL = "Chicago Sketch", "Chicago Regional"
GAPS = (1e-4, 1e-6, 1e-8, 1e-10, 1e-12)
#: Sides of the synthetic networks, and the number of zones skimmed on each.
SIDES, ZONES = (100, 316, 1000), 256


@dataclass
class Engine:
    """Runs each measurement once, and stores the results."""

    networks: Path
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    cache: str = ""

    def ask(self, name: str, task: str, *, threads: int | None = None, **arguments: Any) -> dict[str, Any]:
        """Measure; if it fails, return a result without seconds, with the reason."""
        progress(name)
        environment = (
            ONE_THREAD | {"OMP_WAIT_POLICY": "PASSIVE"} | ({"NUMBA_CACHE_DIR": self.cache} if self.cache else {})
        )
        if threads is not None:
            arguments["threads"] = threads
            environment["OMP_NUM_THREADS"] = str(threads)
        try:
            answer = ask(task, environment=environment, **arguments)
        except MissingError as error:
            answer = {"seconds": math.nan, "why": str(error)}
        except (RuntimeError, OSError, TimeoutError) as error:
            answer = {"seconds": math.nan, "why": str(error).strip().splitlines()[-1]}
        if answer.get("reached") is False:
            answer |= {"seconds": math.nan, "why": f"stops at {answer['gap']:.1e}"}
        if "version" in answer:
            self.versions[task.split(":", 1)[1].split("_", 1)[0]] = answer["version"]
        self.answers[name] = answer
        return answer

    def seconds(self, name: str) -> float:
        """Seconds of a result, NaN if there is none."""
        return float(self.answers.get(name, {}).get("seconds", math.nan))


def measure(networks: Path) -> tuple[list[Table], dict[str, str]]:
    """Measure everything, which takes some minutes.

    Parameters
    ----------
    networks
        Folder of the Transportation Networks collection.

    Returns
    -------
    tables, versions
        Tables to print, and the versions of the other codes.
    """
    with tempfile.TemporaryDirectory() as name:
        engine = Engine(networks, cache=str(Path(name) / "cache"))
        kernels = [engine.ask(f"kernels {word}", "touch:kernels", folder=str(networks)) for word in ("compile", "load")]
        tables = [_equilibria(engine), _skims(engine), _many_zones(engine)]
        growth = _growth(engine, Path(name))
        study = engine.ask("study", "landlink_runs:study", gap=1e-6)
        goals = _goals(engine, kernels, study)
    return [goals, *tables, _again(study), growth], engine.versions


def measure_changes(networks: Path) -> tuple[list[Table], dict[str, str]]:
    """Measure only what changes of the solver affect most: a warm solve after one measure, and Sioux Falls."""
    engine = Engine(networks)
    _small_networks(engine)
    study = engine.ask("study", "landlink_runs:study", gap=1e-6)
    table = Table("Figures to reach", ["work", "goal", "landlink", "other code", "ratio", "reached"])
    table.rows += [goal.row() for goal in (*_against_pytraf(engine), *_of_study(study))]
    table.notes += [f"{name}: {a['why']}" for name, a in engine.answers.items() if "why" in a]
    return [table, _again(study)], engine.versions


def _again(study: dict[str, Any]) -> Table:
    """Breakdown of the time of a warm solve."""
    split = study.get("split", {})
    whole = sum(split.values())
    table = Table(
        "The bundled study again after one measure, 2 threads: where the time goes", ["part", "ms", "share"],
        [[part, number(1e3 * seconds), f"{seconds / whole:.0%}"] for part, seconds in split.items()],
    )  # fmt: skip
    if split:
        table.notes.append(f"{study['rounds']} rounds to a gap of {study['warm_gap']:.1e}; {number(whole)} s in all.")
    return table


def _equilibria(engine: Engine) -> Table:
    folder = str(engine.networks)
    table = Table(
        "Seconds to a relative gap on Chicago Sketch (387 zones; time + 0.04 length + 0.02 toll)",
        ["code", *(f"{gap:.0e}" for gap in GAPS)],
    )
    codes = (
        ("landlink, 1 thread", "landlink_runs:solve", 1, GAPS),
        ("landlink, 2 threads", "landlink_runs:solve", 2, GAPS),
        ("pytraf, 1 thread", "peer_solves:pytraf", 1, GAPS),
        ("AequilibraE bfw, 2 threads", "peer_solves:aequilibrae", 2, GAPS[:2]),
    )
    for code, task, threads, gaps in codes:
        row = [code]
        for gap in GAPS:
            if gap in gaps:
                engine.ask(f"{SKETCH} {gap:.0e} {code}", task, folder=folder, network=SKETCH, gap=gap, threads=threads)
                row.append(number(engine.seconds(f"{SKETCH} {gap:.0e} {code}")))
            else:
                row.append("not tried")
        table.rows.append(row)
    _small_networks(engine)
    return table


def _small_networks(engine: Engine) -> None:
    for network in ("Sioux Falls", "Anaheim"):
        for code, task in (("landlink, 1 thread", "landlink_runs:solve"), ("pytraf, 1 thread", "peer_solves:pytraf")):
            engine.ask(f"{network} {code}", task, folder=str(engine.networks), network=network, gap=1e-12, threads=1)


def _skims(engine: Engine) -> Table:
    folder = str(engine.networks)
    table = Table(
        "Seconds on Chicago Regional (1,790 zones): skim between all zones, and all-or-nothing loading of dense demand",
        ["code", "skim, 1 thread", "skim, 2 threads", "loading, 1 thread"],
    )
    asked = (
        ("landlink", "landlink_runs:skim", "landlink_runs:loading"),
        ("AequilibraE", "peer_paths:aequilibrae", "peer_paths:aequilibrae_loading"),
    )
    for code, skim, loading in asked:
        cells = []
        for threads in (1, 2):
            name = f"skim {threads} {code}"
            engine.ask(name, skim, folder=folder, network=REGIONAL, threads=threads)
            cells.append(number(engine.seconds(name)))
        engine.ask(f"loading {code}", loading, folder=folder, network=REGIONAL, threads=1)
        table.rows.append([code, *cells, number(engine.seconds(f"loading {code}"))])
    for code in ("scipy", "igraph", "networkit"):
        engine.ask(f"skim 1 {code}", f"peer_paths:{code}", folder=folder, network=REGIONAL)
        table.rows.append([code, number(engine.seconds(f"skim 1 {code}")), "", ""])
    sums = [answer["sum"] for answer in engine.answers.values() if "sum" in answer]
    spent = [answer["spent"] for answer in engine.answers.values() if "spent" in answer]
    table.notes.append(
        f"Sums of the skims agree to {_spread(sums):.0e}, costs of the loads to {_spread(spent):.0e}. landlink's time "
        "includes the customization to costs not seen before; the first skim, which finds the order, takes "
        f"{number(engine.answers['skim 1 landlink'].get('first_seconds', math.nan))} s."
    )
    return table


def _many_zones(engine: Engine) -> Table:
    table = Table(
        f"Seconds on a synthetic network of {SIDE**2:,} nodes: skims between {MANY:,} zones",
        ["code", "costs, 1 thread", "costs, 2 threads", "costs and lengths, 1 thread", "costs and lengths, 2 threads"],
    )
    for code in ("landlink", "AequilibraE"):
        task = f"many_zones:{code.lower()}"
        found = [engine.ask(f"many {threads} {code}", task, threads=threads) for threads in (1, 2)]
        seconds = [one.get(key, math.nan) for key in ("seconds", "two_seconds") for one in found]
        table.rows.append([code, *map(number, seconds)])
    asked = [answer for name, answer in engine.answers.items() if name.startswith("many")]
    wrong = max((answer["wrong"] for answer in asked if "wrong" in answer), default=math.nan)
    sums = [answer["sum"] for answer in asked if "sum" in answer]
    table.notes.append(
        f"landlink's costs are within {wrong:.0e} of scipy's. AequilibraE's sum is off by {_spread(sums):.0e}: for "
        "some pairs it finds costs below the minimum found by scipy."
    )
    return table


def _spread(values: list[float]) -> float:
    return (max(values) - min(values)) / max(values) if values else math.nan


def _growth(engine: Engine, folder: Path) -> Table:
    table = Table(
        f"Growth on synthetic road networks: skims between {ZONES} zones, 1 thread",
        ["nodes", "links", "order and customization, s", "skim, ms an origin", "memory, bytes a node"],
    )
    points = []
    for side in SIDES:
        path = folder / f"{side}.npz"
        save(path, side)
        answer = engine.ask(f"growth {side}", "landlink_runs:growth", graph=str(path), zones=ZONES)
        path.unlink()
        if "nodes" not in answer:
            table.notes.append(answer["why"])
            continue
        points.append((math.log(answer["nodes"]), math.log(answer["seconds_per_origin"])))
        table.rows.append(
            [
                f"{answer['nodes']:,}", f"{answer['arcs']:,}", number(answer["prepared_seconds"]),
                number(1e3 * answer["seconds_per_origin"]), f"{answer['bytes_per_node']:,.0f}",
            ]
        )  # fmt: skip
        table.notes.append(f"{answer['nodes']:,} nodes: costs within {answer['wrong']:.0e} of scipy's.")
    if len(points) > 1:
        slope = (points[-1][1] - points[0][1]) / (points[-1][0] - points[0][0])
        table.notes.append(f"Time per origin grows as nodes to the power {slope:.2f} from the first size to the last.")
    table.notes.append("Memory is the peak in addition to the input graph and the matrix.")
    return table


def _goals(engine: Engine, kernels: list[dict[str, Any]], study: dict[str, Any]) -> Table:
    table = Table("Figures to reach", ["work", "goal", "landlink", "other code", "ratio", "reached"])
    ours = "landlink, 1 thread"
    faster = (
        (f"{SKETCH} to 1e-12 against pytraf", 8, f"{SKETCH} 1e-12 {ours}", f"{SKETCH} 1e-12 pytraf, 1 thread"),
        (f"{SKETCH} to 1e-6 against AequilibraE, 2 threads", 40, f"{SKETCH} 1e-06 landlink, 2 threads",
         f"{SKETCH} 1e-06 AequilibraE bfw, 2 threads"),
        (f"skim {REGIONAL} against AequilibraE, 1 thread", 14, "skim 1 landlink", "skim 1 AequilibraE"),
        (f"skim {REGIONAL} against AequilibraE, 2 threads", 12, "skim 2 landlink", "skim 2 AequilibraE"),
        (f"loading {REGIONAL} against AequilibraE, 1 thread", 6, "loading landlink", "loading AequilibraE"),
        (f"skim {REGIONAL}, 2 threads against 1", 1.7, "skim 2 landlink", "skim 1 landlink"),
        (f"skim {MANY:,} zones against AequilibraE, 1 thread", 20, "many 1 landlink", "many 1 AequilibraE"),
        (f"skim {MANY:,} zones against AequilibraE, 2 threads", 20, "many 2 landlink", "many 2 AequilibraE"),
        (f"skim {MANY:,} zones, 2 threads against 1", 1.6, "many 2 landlink", "many 1 landlink"),
        (f"{SKETCH} to 1e-8, 2 threads against 1", 1.4, f"{SKETCH} 1e-08 landlink, 2 threads",
         f"{SKETCH} 1e-08 {ours}"),
    )  # fmt: skip
    goals = [
        Goal(work, f"{times:g} times", engine.seconds(mine), times, against=engine.seconds(other), unit="s")
        for work, times, mine, other in faster
    ]
    goals[1:1] = _against_pytraf(engine)
    memory = engine.answers[f"{SKETCH} 1e-12 {ours}"].get("memory_mb", math.nan)
    per_node = [a["bytes_per_node"] for a in engine.answers.values() if "bytes_per_node" in a]
    goals += [
        Goal(
            "synthetic networks, peak memory a node",
            "1,500 bytes",
            max(per_node, default=math.nan),
            1500.0,
            unit="bytes",
        ),
        *_of_study(study),
        Goal(f"{SKETCH} to 1e-12, peak memory above import", "300 MB", memory, 300.0, unit="MB"),
        Goal("compile all kernels, once", "20 s", kernels[0]["seconds"], 20.0, unit="s"),
        Goal("load all kernels from the cache", "0.5 s", kernels[1]["seconds"], 0.5, unit="s"),
    ]
    table.rows += [goal.row() for goal in goals]
    table.notes += [f"{name}: {a['why']}" for name, a in engine.answers.items() if "why" in a]
    told = {a["same_bytes"] for a in engine.answers.values() if "same_bytes" in a}
    table.notes.append("Flows of repeated solves " + ("have the same bytes." if told == {True} else "differ in bytes!"))
    return table


def _against_pytraf(engine: Engine) -> list[Goal]:
    """Small networks, whose time is dominated by overhead."""
    return [
        Goal(
            f"{network} to 1e-12 against pytraf", f"{times:g} times", engine.seconds(f"{network} landlink, 1 thread"),
            times, against=engine.seconds(f"{network} pytraf, 1 thread"),
        ) for network, times in (("Sioux Falls", 2), ("Anaheim", 4))
    ]  # fmt: skip


def _of_study(study: dict[str, Any]) -> list[Goal]:
    return [
        Goal("bundled study, cold, to 1e-6", "2 s", study["seconds"], 2.0),
        Goal("bundled study, again after one measure", "0.3 s", study.get("warm_seconds", math.nan), 0.3),
    ]
