"""Output of ``landlink border``: tables of a simulation and of a recovery plan."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from landlink.cli import printing

if TYPE_CHECKING:
    import pandas as pd

    from landlink.border.recovery import Recovery
    from landlink.border.simulate import Simulation
    from landlink.cli.border_cases import Case

_WAYS = ("ab", "ba")


def simulation_facts(found: Simulation, case: Case) -> dict[str, Any]:
    """Collect the figures of a simulation for ``--json``."""
    model = None if case.model is None else dataclasses.asdict(case.model)
    return {
        "traffic": "counted" if model is None else "scenario",
        "model": model,
        "unstable": found.unstable,
        "growth_per_day": dict(zip(("mean", "low", "high"), found.growth_per_day, strict=True)),
        "throughput": found.throughput().to_dict("records"),
        "times": found.times().to_dict("records"),
        "stages": found.stages().to_dict("records"),
    }


def say_simulation(found: Simulation, names: Mapping[str, str], directions: Sequence[str]) -> None:
    """Print throughput, times and the waits by stage; ``directions`` names those from country a to b and back."""
    ways = {"*": "both", **dict(zip(_WAYS, directions, strict=True))}
    if found.unstable:
        mean, low, high = found.growth_per_day
        printing.say(
            f"Unstable: arrivals exceed capacity. The vehicles inside grow by {mean:.1f} per day"
            f" ({low:.1f} to {high:.1f}), so there is no mean time."
        )
    flows, times, use = found.throughput(), found.times(), found.stages()
    rows = [
        (name, *(_number(flows, "per_day", direction=way, vehicle_class="*", outcome=outcome) for outcome in
                 ("arrived", "passed", "balked", "turned_back")),
         *(_time(times, stage="*", direction=way, measure="time", statistic=one) for one in ("mean", "median", "p95")))
        for way, name in ways.items()
    ]  # fmt: skip
    headers = (
        "direction",
        "arrive/day",
        "pass/day",
        "balk",
        "turned back",
        "mean time, h",
        "median",
        "95th percentile",
    )
    printing.say(printing.grid(rows, headers=headers, right=range(1, 8)))
    printing.say()
    places = [
        (names.get(stage, stage), *(_time(times, stage=stage, direction="*", measure="wait", statistic=one) for one in
                                    ("mean", "median", "p95")),
         f"{_row(use, stage=stage)['utilisation']:.0%}", f"{_row(use, stage=stage)['load']:.2f}")
        for stage in found.pipeline.stages.names
    ]  # fmt: skip
    heads = ("stage", "mean wait, h", "median", "95th percentile", "utilisation", "load")
    printing.say(printing.grid(places, headers=heads, right=range(1, 6)))
    queue = found.queue()
    whole = queue[queue["stage"] == "*"]
    printing.say(["", f"Longest queue of the mean week: {whole['vehicles'].max():.0f} vehicles"])
    printing.say()


def _row(frame: pd.DataFrame, **keys: str) -> Any:
    for name, value in keys.items():
        frame = frame[frame[name] == value]
    return frame.iloc[0]


def _number(frame: pd.DataFrame, column: str, **keys: str) -> str:
    return printing.number(float(_row(frame, **keys)[column]))


def _time(times: pd.DataFrame, **keys: str) -> str:
    row = _row(times, vehicle_class="*", **keys)
    if not math.isfinite(row["hours"]):
        return printing.number(math.nan)
    half = (row["high"] - row["low"]) / 2
    return f"{row['hours']:.2f}" + (f" ± {half:.2f}" if math.isfinite(half) else "")


def say_recovery(found: Recovery, names: str) -> None:
    """Print the plans, or the binding constraint."""
    target, now = found.target.vehicles_per_day, found.now
    printing.say(f"{names}: {target:g} vehicles per day, decided on {found.options.day.isoformat()}")
    printing.say(
        f"Now {printing.number(now.vehicles_per_day)} can cross, with {now.entries_per_week:.2g} infectious entries"
        " per week."
    )
    if not found.feasible:
        printing.say(f"The target cannot be met: {found.reason()}.")
    for name, case in (("Cheapest", found.cheapest), ("Earliest", found.earliest)):
        if case is None:
            continue
        printing.say()
        printing.say(
            f"{name}: {found.cost(case.cost_usd):.2f} {found.cost_unit}, complete after {case.ready_days} days;"
            f" {case.vehicles_per_day:.0f} can cross, {case.entries_per_week:.2g} infectious entries per week"
            f" ({case.entries_low:.2g} to {case.entries_high:.2g})"
        )
        rows = [
            (row["measure_id"], str(row["works_from"]), f"{found.cost(row['cost_usd']):.2f}",
             printing.number(row["vehicles_per_day_then"]), f"{row['entries_per_week_then']:.2g}")
            for row in found.schedule(case).to_dict("records")
        ]  # fmt: skip
        headers = ("measure", "in effect from", found.cost_unit, "vehicles/day then", "entries/week then")
        printing.say(printing.grid(rows, headers=headers, right=(2, 3, 4)))
    printing.say()
    optimal = "all possible sets" if found.proven else "a better one may exist"
    printing.say(f"{len(found.cases)} sets of measures evaluated: {optimal}.")
