"""A stage with the same servers always, first come first served: from vehicle to vehicle, without events."""

from __future__ import annotations

from typing import Any

import numpy as np

from landlink.kernels import kernel


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
        When each server is free, zeros; a heap with the earliest first.
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
        i = 0
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
    return busy
