"""Counter-based random numbers: each draw is a function of its keys, not of earlier draws.

A number is computed from the key of a stream, the key of a vehicle and a counter by the mixing function of SplitMix64
(Steele, Lea and Flood 2014, with the constants of Stafford's variant 13). So a vehicle keeps its draws at a stage
whatever happens elsewhere: alternatives are compared with common random numbers, on any number of threads.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from landlink.core.jit import kernel

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)
_30, _27, _31, _11 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(11)
#: Spacing of 53-bit numbers, and half of it: keeps uniform numbers strictly between 0 and 1.
_STEP, _HALF = 2.0**-53, 2.0**-54


@kernel
def _mix(key: Any) -> Any:
    key = (key ^ (key >> _30)) * _FIRST
    key = (key ^ (key >> _27)) * _SECOND
    return key ^ (key >> _31)


@kernel
def _uniform(stream: Any, vehicle: Any, counter: int) -> float:
    """Draw a uniform number strictly between 0 and 1."""
    bits = _mix(_mix(stream ^ (vehicle * _GOLDEN)) + np.uint64(counter) * _GOLDEN)
    number: float = (bits >> _11) * _STEP + _HALF
    return number


@kernel
def _normal(stream: Any, vehicle: Any, counter: int) -> float:
    """Draw a standard normal number (Box and Muller 1958); uses two counter values."""
    radius = math.sqrt(-2.0 * math.log(_uniform(stream, vehicle, counter)))
    return radius * math.cos(2.0 * math.pi * _uniform(stream, vehicle, counter + 1))


@kernel
def _gamma(stream: Any, vehicle: Any, shape: float) -> Any:
    """Draw a gamma number of mean ``shape`` by rejection (Marsaglia and Tsang 2000); shapes below 1 use counter 0."""
    d = (shape if shape >= 1.0 else shape + 1.0) - 1.0 / 3.0
    c = 1.0 / math.sqrt(9.0 * d)
    counter = 1
    while True:
        x = _normal(stream, vehicle, counter)
        v = (1.0 + c * x) ** 3
        u = _uniform(stream, vehicle, counter + 2)
        if v > 0.0 and math.log(u) < 0.5 * x * x + d - d * v + d * math.log(v):
            break
        counter += 3
    if shape >= 1.0:
        return d * v
    return d * v * _uniform(stream, vehicle, 0) ** (1.0 / shape)


@kernel
def _service(stream: Any, vehicle: Any, distribution: int, mean: float, cv: float) -> Any:
    """Draw a service time; distributions are numbered as in :class:`landlink.border.pipeline.Distribution`."""
    if distribution == 1:
        return -mean * math.log(_uniform(stream, vehicle, 0))
    if distribution == 0 or cv == 0.0:
        return mean
    if distribution == 2:
        return mean * cv * cv * _gamma(stream, vehicle, 1.0 / (cv * cv))
    if distribution == 3:
        variance = math.log(1.0 + cv * cv)
        return mean * math.exp(math.sqrt(variance) * _normal(stream, vehicle, 0) - 0.5 * variance)
    return max(0.0, mean * (1.0 + math.sqrt(3.0) * cv * (2.0 * _uniform(stream, vehicle, 0) - 1.0)))


@kernel
def draw_services(stream: Any, vehicles: Any, kind: Any, distributions: Any, out: Any) -> None:
    """Draw the service times of vehicles at one stage.

    Parameters
    ----------
    stream
        Key of the stage.
    vehicles
        Key of each vehicle.
    kind
        Row of ``distributions`` for each vehicle.
    distributions
        Distribution, mean and coefficient of variation, shape (kinds, 3).
    out
        Output, h.
    """
    for v in range(len(vehicles)):
        k = kind[v]
        out[v] = _service(stream, vehicles[v], int(distributions[k, 0]), distributions[k, 1], distributions[k, 2])


@kernel
def draw_uniforms(stream: Any, vehicles: Any, out: Any) -> None:
    """Draw a uniform number for each vehicle."""
    for v in range(len(vehicles)):
        out[v] = _uniform(stream, vehicles[v], 0)


@kernel
def draw_normals(stream: Any, vehicles: Any, out: Any) -> None:
    """Draw a standard normal number for each vehicle."""
    for v in range(len(vehicles)):
        out[v] = _normal(stream, vehicles[v], 0)


@kernel
def draw_arrivals(stream: Any, rate_per_h: Any, out: Any) -> int:
    """Draw arrival times of a Poisson process with hourly rates; return their number, or -1 if ``out`` is too short.

    The cumulative rate is inverted at sums of unit exponentials (Çinlar 1975), so the same draws serve any rate.
    """
    n, hour, passed = 0, 0, 0.0
    target = -math.log(_uniform(stream, np.uint64(0), 0))
    while hour < len(rate_per_h):
        rate = rate_per_h[hour]
        if passed + rate <= target:
            passed += rate
            hour += 1
            continue
        if n == len(out):
            return -1
        out[n] = hour + (target - passed) / rate
        n += 1
        target += -math.log(_uniform(stream, np.uint64(n), 0))
    return n


@kernel
def book_slots(requested_h: Any, slots_per_h: Any, used: Any, out: Any) -> None:
    """Book appointments in order of the requested times: the first free slot at or after the requested hour.

    The slots of an hour are evenly spaced. A vehicle that finds no slot before the end gets an infinite time.
    """
    for v in range(len(requested_h)):
        hour = int(requested_h[v])
        while hour < len(used) and used[hour] >= slots_per_h[hour]:
            hour += 1
        if hour < len(used):
            out[v] = hour + used[hour] / slots_per_h[hour]
            used[hour] += 1
        else:
            out[v] = np.inf
