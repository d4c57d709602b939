"""Benchmark of trade counterfactuals: one sector, and many with input–output links."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median

from benchmarks.tables import Goal, Table, progress

#: Measurements of each case, after one that is not counted; the median counts.
TIMES = 5


def tables() -> list[Table]:
    """Measure all cases, in about a minute."""
    from tests.support.trade_worlds import REFERENCE  # noqa: PLC0415

    goals = Table("Trade: goals", ["work", "goal", "landlink", "other code", "ratio", "reached"])
    for count, goal, why in ((69, 0.15, ""), (80, 0.05, " (15 s of gegravity / 300)"), (200, 0.15, "")):
        goals.rows.append(Goal(f"one sector, {count} countries", f"{goal} s{why}", _one_sector(count), goal).row())
    if REFERENCE.is_dir():
        goals.rows.append(Goal("NAFTA: 31 regions, 40 sectors", "1 s", _nafta(), 1.0).row())
    else:
        goals.notes.append("NAFTA is left out: its data are not beside the checkout.")
    goals.rows.append(Goal("81 regions, 50 sectors", "0.3 s", _many_sectors(81, 50), 0.3).row())
    goals.notes.append("Seconds of a counterfactual; with many sectors, the base is solved too.")
    goals.notes.append("The time of gegravity was measured once, on another machine, and did not converge.")
    growth = Table("Trade: growth with regions, 40 sectors", ["regions", "s"])
    for count in (50, 100, 200):
        growth.rows.append([str(count), f"{_many_sectors(count, 40, times=1):.2f}"])
    return [goals, growth]


def _one_sector(count: int) -> float:
    from landlink.trade.gravity_counterfactual import solve_counterfactual  # noqa: PLC0415
    from tests.support.trade_worlds import random_world  # noqa: PLC0415

    world = random_world(count)
    return _seconds(
        f"one sector, {count} countries",
        lambda: solve_counterfactual(world.countries, world.flows, world.ratio, sigma=5.0),
    )


def _nafta() -> float:
    from landlink.trade.multisector import sector_counterfactual  # noqa: PLC0415
    from tests.support.trade_worlds import nafta  # noqa: PLC0415

    world, tariff = nafta()
    return _seconds("NAFTA", lambda: sector_counterfactual(world, tariff=tariff))


def _many_sectors(regions: int, sectors: int, *, times: int = TIMES) -> float:
    from landlink.trade.multisector import sector_counterfactual  # noqa: PLC0415
    from tests.support.trade_worlds import random_sectors  # noqa: PLC0415

    world = random_sectors(regions, sectors)
    name = f"{regions} regions, {sectors} sectors"
    return _seconds(name, lambda: sector_counterfactual(world, tariff=world.tariff / 2), times)


def _seconds(name: str, work: Callable[[], object], times: int = TIMES) -> float:
    progress(name)
    work()
    seconds = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return median(seconds)
