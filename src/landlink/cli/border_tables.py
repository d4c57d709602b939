"""What ``landlink border`` prints: tables of a simulation and of a recovery."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from landlink.cli import printing

if TYPE_CHECKING:
    import pandas as pd

    from landlink.border.recovery import Recovery
    from landlink.border.simulate import Simulation

_WAYS = {"*": "both", "ab": "a to b", "ba": "b to a"}


def simulation_facts(found: Simulation) -> dict[str, Any]:
    """What a machine gets of a simulation."""
    return {
        "unstable": found.unstable,
        "growth_per_day": dict(zip(("mean", "low", "high"), found.growth_per_day, strict=True)),
        "throughput": found.throughput().to_dict("records"),
        "times": found.times().to_dict("records"),
        "stages": found.stages().to_dict("records"),
    }


def say_simulation(found: Simulation, names: Mapping[str, str]) -> None:
    """Print who passes, how long it takes and where the time goes."""
    if found.unstable:
        mean, low, high = found.growth_per_day
        printing.say(
            f"Unstable: more come than can pass. Those inside grow by {mean:.1f} vehicles a day"
            f" ({low:.1f} to {high:.1f}), so that no mean time exists."
        )
    flows, times, use = found.throughput(), found.times(), found.stages().set_index("stage")
    rows = [
        (told, *(_number(flows, "per_day", direction=way, vehicle_class="*", what=what) for what in
                 ("came", "passed", "balked", "turned_back")),
         *(_time(times, stage="*", direction=way, measure="time", statistic=one) for one in ("mean", "median", "p95")))
        for way, told in _WAYS.items()
    ]  # fmt: skip
    headers = ("direction", "come/day", "pass/day", "balk", "turned back", "hours, mean", "median", "95th percentile")
    printing.say(printing.grid(rows, headers=headers, right=range(1, 8)))
    printing.say()
    places = [
        (names.get(stage, stage), *(_time(times, stage=stage, direction="*", measure="wait", statistic=one) for one in
                                    ("mean", "median", "p95")),
         f"{use.at[stage, 'utilisation']:.0%}", f"{use.at[stage, 'load']:.2f}")
        for stage in found.pipeline.stages.names
    ]  # fmt: skip
    heads = ("stage", "wait h, mean", "median", "95th percentile", "busy", "load")
    printing.say(printing.grid(places, headers=heads, right=range(1, 6)))
    queue = found.queue()
    whole = queue[queue["stage"] == "*"]
    top = whole.loc[whole["vehicles"].idxmax()]
    printing.say(f"\nMost waiting in a mean week: {top['vehicles']:.0f} vehicles")
    printing.say()


def _row(frame: pd.DataFrame, **keys: str) -> Any:
    mask = True
    for name, value in keys.items():
        mask = mask & (frame[name] == value)
    return frame[mask].iloc[0]


def _number(frame: pd.DataFrame, column: str, **keys: str) -> str:
    return printing.number(float(_row(frame, **keys)[column]))


def _time(times: pd.DataFrame, **keys: str) -> str:
    row = _row(times, vehicle_class="*", **keys)
    if not math.isfinite(row["hours"]):
        return printing.number(math.nan)
    half = (row["high"] - row["low"]) / 2
    return f"{row['hours']:.2f}" + (f" ± {half:.2f}" if math.isfinite(half) else "")


def say_recovery(found: Recovery, names: str) -> None:
    """Print the plans, or what binds."""
    wanted = found.target.vehicles_per_day
    printing.say(f"{names}: {wanted:g} vehicles a day, decided on {found.asked.day.isoformat()}")
    now = found.now
    printing.say(
        f"Now {printing.number(now.vehicles_per_day)} can pass, with {now.entries_per_week:.2g} infections a week."
    )
    if not found.feasible:
        printing.say(f"The target cannot be met: {found.reason()}.")
    for told, case in (("Cheapest", found.cheapest), ("Earliest", found.earliest)):
        if case is None:
            continue
        printing.say()
        printing.say(
            f"{told}: {case.cost_usd / 1e6:.2f} million USD, complete after {case.ready_days} days;"
            f" {case.vehicles_per_day:.0f} can pass, {case.entries_per_week:.2g} infections a week"
            f" ({case.entries_low:.2g} to {case.entries_high:.2g})"
        )
        rows = [
            (row["measure_id"], str(row["works_from"]), f"{row['cost_usd'] / 1e6:.2f}",
             printing.number(row["vehicles_per_day_then"]), f"{row['entries_per_week_then']:.2g}")
            for row in found.schedule(case).to_dict("records")
        ]  # fmt: skip
        headers = ("measure", "works from", "million USD", "vehicles/day then", "infections/week then")
        printing.say(printing.grid(rows, headers=headers, right=(2, 3, 4)))
    printing.say()
    printing.say(
        f"{len(found.cases)} sets looked at" + (": all there are." if found.proven else "; there may be better ones.")
    )
