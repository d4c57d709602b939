"""The stage of a simulated crossing at which vehicles wait most, why, and what a server or an hour more would do."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from landlink.border.closures import by_week_hour, staffed_share
from landlink.border.pipeline import Pipeline, StepFunctions
from landlink.border.simulate import Simulation, compare, simulate
from landlink.border.summary import EVERY, WEEK_H
from landlink.core.progress import Progress
from landlink.tables.frames import row_of

__all__ = ["Holdup", "Relief", "explain_holdup", "find_holdup", "one_more_hour", "one_more_server", "relief"]

#: Mean vehicles waiting at all stages below which none of them holds vehicles up.
LEAST_WAITING: Final = 0.05
#: A closing is extended by an hour if it is followed by a break of at least this many hours: not by lunch.
LONG_BREAK_H: Final = 4.0


@dataclass(frozen=True)
class Relief:
    """Effect of a change of a crossing, with the same arrivals and service times.

    Attributes
    ----------
    mean_time_h
        Change of the mean time to cross and its 95 % interval; NaN if queues grow without limit before or after.
    per_day
        Change of the vehicles per day that pass, and its 95 % interval.
    """

    mean_time_h: tuple[float, float, float]
    per_day: tuple[float, float, float]


@dataclass(frozen=True)
class Holdup:
    """The stage at which vehicles wait most.

    Attributes
    ----------
    stage
        Identifier of the stage.
    share
        Its share of the vehicle-hours that vehicles wait at all stages.
    wait_h
        Mean wait there; NaN where queues grow without limit.
    utilisation, load
        Busy hours over hours of its servers, and arriving work over their capacity.
    open_h
        Hours of the week in which it has servers.
    closed_share
        Share of the waiting there that falls in hours in which it has none.
    one_server, one_hour
        Effects of one more server there and of one more hour a day of all stages; ``None`` where there is no such thing
        (:func:`explain_holdup`).
    """

    stage: str
    share: float
    wait_h: float
    utilisation: float
    load: float
    open_h: float
    closed_share: float
    one_server: Relief | None = None
    one_hour: Relief | None = None

    @property
    def cause(self) -> str:
        """Main cause: ``overload``, ``closing`` (most waiting falls in closed hours) or ``busy`` servers."""
        if self.load >= 1.0:
            return "overload"
        return "closing" if self.closed_share > 0.5 else "busy"


def find_holdup(found: Simulation) -> Holdup | None:
    """Find the stage at which vehicles wait most; ``None`` if they hardly wait at any.

    Vehicles that wait at the gate for want of places or of a quota count for no stage.
    """
    waiting = found.stacked("waiting")[:, :-1].mean(axis=0)
    mean = waiting.mean(axis=1)
    if not mean.sum() > LEAST_WAITING:
        return None
    number = int(np.argmax(mean))
    stages, since_h = found.pipeline.stages, 24 * found.warm_up_days
    staffed = staffed_share(stages.servers, found.pipeline.hours)[number, since_h:]
    opened = by_week_hour(staffed)
    times = found.times().set_index(["stage", "vehicle_class", "direction", "measure", "statistic"])
    use = row_of(found.stages().set_index("stage"), stages.names[number])
    return Holdup(
        stage=stages.names[number],
        share=float(mean[number] / mean.sum()),
        wait_h=float(row_of(times, (stages.names[number], EVERY, EVERY, "wait", "mean"))["hours"]),
        utilisation=float(use["utilisation"]),
        load=float(use["load"]),
        open_h=float(staffed.mean() * WEEK_H),
        closed_share=float((waiting[number] * (1.0 - opened)).sum() / waiting[number].sum()),
    )


def explain_holdup(
    found: Simulation, *, seed: int, threads: int | None = None, progress: Progress | None = None
) -> Holdup | None:
    """Find the stage at which vehicles wait most, and simulate what one more server or hour would do.

    Parameters
    ----------
    found
        The simulation.
    seed
        Its seed.
    threads, progress
        As for :func:`landlink.border.simulate.simulate`.

    Raises
    ------
    InputError
        As for :func:`landlink.border.simulate.simulate`.
    """
    holdup = find_holdup(found)
    if holdup is None:
        return None
    changed = (one_more_server(found.pipeline, holdup.stage), one_more_hour(found.pipeline))
    server, hour = (
        None if one is None else relief(found, one, seed=seed, threads=threads, progress=progress) for one in changed
    )
    return replace(holdup, one_server=server, one_hour=hour)


def one_more_server(pipeline: Pipeline, stage: str) -> Pipeline | None:
    """Add a server to a stage whenever it has any; ``None`` for one with a timetable, whose servers pass nobody."""
    number = pipeline.stages.names.index(stage)
    if pipeline.stages.timetabled[number]:
        return None
    servers = pipeline.stages.servers
    value = servers.value.copy()
    part = slice(int(servers.first[number]), int(servers.first[number + 1]))
    value[part] += value[part] > 0
    return _with_servers(pipeline, replace(servers, value=value))


def one_more_hour(pipeline: Pipeline) -> Pipeline | None:
    """Let all stages work an hour longer before each long break; ``None`` if none has such a break.

    Arrivals, quotas, appointments and timetables stay.
    """
    servers = pipeline.stages.servers
    times, values, first = [], [], [0]
    changed = False
    for number in range(len(pipeline.stages.names)):
        part = slice(int(servers.first[number]), int(servers.first[number + 1]))
        time, value = servers.time_h[part].copy(), servers.value[part]
        until = np.append(time[1:], float(pipeline.hours))
        long_break = (value == 0) & (until - time >= LONG_BREAK_H) & (np.arange(len(value)) > 0)
        time[long_break] += 1.0
        changed = changed or bool(long_break.any())
        times.append(time)
        values.append(value)
        first.append(first[-1] + len(time))
    if not changed:
        return None
    later = StepFunctions(np.array(first, dtype=np.int64), np.concatenate(times), np.concatenate(values))
    return _with_servers(pipeline, later)


def relief(
    found: Simulation, changed: Pipeline, *, seed: int, threads: int | None = None, progress: Progress | None = None
) -> Relief:
    """Simulate a changed crossing with the draws of a simulation, and compare the two.

    Parameters
    ----------
    found
        The simulation.
    changed
        Result of :func:`one_more_server` or :func:`one_more_hour` for its pipeline.
    seed
        Seed of the simulation.
    threads, progress
        As for :func:`landlink.border.simulate.simulate`.

    Raises
    ------
    InputError
        As for :func:`landlink.border.simulate.simulate`.
    """
    after = simulate(
        changed, replications=len(found.replications), seed=seed, warm_up_days=found.warm_up_days, threads=threads,
        progress=progress,
    )  # fmt: skip
    mean, low, high = (float(one[0, 1]) for one in compare(found, after, "per_day"))
    time = (np.nan, np.nan, np.nan)
    if not (found.unstable or after.unstable):
        hours, least, most = compare(found, after)
        time = float(hours), float(least), float(most)
    return Relief(time, (mean, low, high))


def _with_servers(pipeline: Pipeline, servers: StepFunctions) -> Pipeline:
    return replace(pipeline, stages=replace(pipeline.stages, servers=servers))
