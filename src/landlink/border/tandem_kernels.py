"""Kernel for tandem queues: a stage with constant servers and first come, first served, vehicle by vehicle."""

from __future__ import annotations

from typing import Any

import numpy as np

from landlink.core.jit import inlined, kernel

#: Up to this many servers a sorted array is faster than a heap.
_FEW = 32


@kernel
def serve_fifo(case: Any, order: Any, service_h: Any, free: Any, now: Any, times: Any) -> float:
    """Serve vehicles in order of arrival by the server that is free first (Kiefer and Wolfowitz 1955).

    Parameters
    ----------
    case
        End of the simulation (h), start of the count of busy hours (h), number of the stage.
    order
        Vehicles in order of arrival at the stage.
    service_h
        Service time by vehicle; NaN where it skips the stage.
    free
        Work array: when each server is free, ascending; zeros on entry.
    now
        Current time of each vehicle, h; advanced. Events after the end are not recorded.
    times
        Output by vehicle: joined, began, ended, stage; NaN and -1 where it skips the stage or the event is after the
        end.

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
    """Replace the earliest time by ``leave`` and keep the array sorted; branch-free, as branches are unpredictable."""
    for i in range(1, len(free)):
        other = free[i]
        first = other < leave
        free[i - 1] = other if first else leave
        leave = leave if first else other
    free[len(free) - 1] = leave


@inlined
def _put_in_heap(leave: float, free: Any) -> None:
    """Replace the earliest time by ``leave`` in a binary heap, in logarithmic time."""
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
