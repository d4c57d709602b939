"""A stage with the same servers always, first come first served: from vehicle to vehicle, without events."""

from __future__ import annotations

from typing import Any

import numpy as np

from landlink.core.jit import inlined, kernel

#: Servers up to which an ordered row is quicker than a heap.
_FEW = 32


@kernel
def serve_in_turn(case: Any, order: Any, service_h: Any, free: Any, now: Any, times: Any) -> float:
    """Serve vehicles in their order by whichever server is free first (Kiefer and Wolfowitz 1955).

    Parameters
    ----------
    case
        Hour of the end, hour from which busy hours count, number of the stage.
    order
        Vehicles as they come to the stage.
    service_h
        Time of service by vehicle, NaN: it does not stop here.
    free
        When each server is free, zeros; scratch, with the earliest first.
    now
        Where each vehicle is in time, h; moved on. Beyond the end nothing is told of it.
    times
        Filled by vehicle: joined, began, ended, the stage; NaN and -1 where it does not stop or not before the end.

    Returns
    -------
    float
        Busy hours of the servers.
    """
    end, since, stage = case
    joined, began, ended, at = times
    servers, busy = len(free), 0.0
    for v in order:
        came, took = now[v], service_h[v]
        if came >= end or np.isnan(took):
            joined[v] = began[v] = ended[v] = np.nan
            at[v] = -1
            continue
        joined[v], at[v] = came, stage
        begin = max(came, free[0])
        leave = begin + took
        now[v] = leave
        began[v] = begin if begin < end else np.nan
        ended[v] = leave if leave < end else np.nan
        if leave < end:
            busy += max(0.0, leave - max(begin, since))
        if servers <= _FEW:
            _put_in_order(leave, free)
        else:
            _put_in_heap(leave, free)
    return busy


@inlined
def _put_in_order(leave: float, free: Any) -> None:
    """The server free first is free at ``leave`` instead; times ascend. Without branches, which none could foretell."""
    for i in range(1, len(free)):
        other = free[i]
        first = other < leave
        free[i - 1] = other if first else leave
        leave = leave if first else other
    free[len(free) - 1] = leave


@inlined
def _put_in_heap(leave: float, free: Any) -> None:
    """The same in a heap, whose steps grow with the logarithm of the servers."""
    i, servers = 0, len(free)
    while True:
        down = 2 * i + 1
        if down >= servers:
            break
        if down + 1 < servers and free[down + 1] < free[down]:
            down += 1
        if leave <= free[down]:
            break
        free[i] = free[down]
        i = down
    free[i] = leave
