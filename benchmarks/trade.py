"""Benchmark of trade counterfactuals: one sector, beside gegravity, and many with input–output links."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import numpy as np

from benchmarks.child import MissingError, ask
from benchmarks.tables import Goal, Table, progress

#: Measurements of each case, after one that is not counted; the median counts.
TIMES = 5
SIGMA = 5.0
#: Countries of the world that gegravity solves too.
PEER_COUNTRIES = 80


def tables() -> list[Table]:
    """Measure all cases, in about two minutes, of which gegravity takes the half."""
    from tests.support.trade_worlds import REFERENCE  # noqa: PLC0415

    goals = Table("Trade: goals", ["work", "goal", "landlink", "other code", "ratio", "reached"])
    for count in (69, 200):
        goals.rows.append(Goal(f"one sector, {count} countries", "0.15 s", _one_sector(count), 0.15).row())
    _beside_gegravity(goals)
    if REFERENCE.is_dir():
        goals.rows.append(Goal("NAFTA: 31 regions, 40 sectors", "1 s", _nafta(), 1.0).row())
    else:
        goals.notes.append("NAFTA is left out: its data are not beside the checkout.")
    goals.rows.append(Goal("81 regions, 50 sectors", "0.3 s", _many_sectors(81, 50), 0.3).row())
    goals.notes.append("Seconds of a counterfactual; with many sectors, the base is solved too.")
    growth = Table("Trade: growth with regions, 40 sectors", ["regions", "s"])
    for count in (50, 100, 200):
        growth.rows.append([str(count), f"{_many_sectors(count, 40, times=1):.2f}"])
    return [goals, growth]


def _beside_gegravity(goals: Table) -> None:
    """Solve the same counterfactual with gegravity, which needs its base solved first."""
    from landlink.trade.gravity_counterfactual import solve_counterfactual  # noqa: PLC0415
    from tests.support.trade_worlds import random_world  # noqa: PLC0415

    world = random_world(PEER_COUNTRIES)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "world.npz"
        np.savez(file, countries=np.array(world.countries), flows=world.flows, ratio=world.ratio)
        progress(f"gegravity, {PEER_COUNTRIES} countries")
        try:
            peer = ask("peer_trade:gegravity_counterfactual", file=str(file), sigma=SIGMA)
        except MissingError as error:
            goals.notes.append(f"gegravity is left out: {error} (pip install 'landlink[bench]').")
            return
    ours = _one_sector(PEER_COUNTRIES)
    work = f"one sector, {PEER_COUNTRIES} countries, beside gegravity"
    goals.rows.append(Goal(work, "300 times", ours, 300.0, against=peer["base_s"] + peer["counterfactual_s"]).row())
    once = solve_counterfactual(world.countries, world.flows, world.ratio, sigma=SIGMA, mode="one-pass")
    full = solve_counterfactual(world.countries, world.flows, world.ratio, sigma=SIGMA)
    theirs = np.array(peer["real_gdp_percent"])
    off, beyond = (np.abs(100 * (found.real_gdp - 1) - theirs).max() for found in (once, full))
    how = "converged" if peer["converged"] else "did not converge"
    goals.notes.append(
        f"gegravity {peer['version']}: {peer['base_s']:.1f} s base and {peer['counterfactual_s']:.1f} s counterfactual,"
        f" {how}. Its real GDP is that of one pass to {off:.0e} percentage points; the fixed point that is timed here"
        f" differs from it by up to {beyond:.2f}."
    )


def _one_sector(count: int) -> float:
    from landlink.trade.gravity_counterfactual import solve_counterfactual  # noqa: PLC0415
    from tests.support.trade_worlds import random_world  # noqa: PLC0415

    world = random_world(count)
    return _seconds(
        f"one sector, {count} countries",
        lambda: solve_counterfactual(world.countries, world.flows, world.ratio, sigma=SIGMA),
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
