"""What queueing theory says, for tests: each formula with the one who found it.

Rates are vehicles an hour, means are hours, ``servers`` are alike, waits are hours until service begins. Where nothing
else is said, vehicles come one by one in a Poisson stream and are served in their order.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from scipy.optimize import brentq
from scipy.special import gammainc


def erlang_b(servers: int, offered: float) -> float:
    """Part that finds all servers busy where nobody waits: B = (a^c / c!) / sum of a^k / k! (Erlang 1917).

    By the recursion B(c) = a B(c - 1) / (c + a B(c - 1)). It holds for any distribution of
    service times (Sevastyanov 1957).
    """
    lost = 1.0
    for number in range(1, servers + 1):
        lost = offered * lost / (number + offered * lost)
    return lost


def erlang_c(servers: int, offered: float) -> float:
    """Part that has to wait in M/M/c: C = c B / (c - a (1 - B)) (Erlang 1917)."""
    lost = erlang_b(servers, offered)
    return servers * lost / (servers - offered * (1.0 - lost))


def mmc_wait(rate: float, mean_h: float, servers: int) -> float:
    """Mean wait in M/M/c: C / (c mu - lambda) (Erlang 1917)."""
    return erlang_c(servers, rate * mean_h) / (servers / mean_h - rate)


def mmc_wait_quantile(rate: float, mean_h: float, servers: int, part: float) -> float:
    """Wait that ``part`` of vehicles do not exceed: P(W > t) = C exp(-(c mu - lambda) t) (Erlang 1917)."""
    return max(0.0, math.log(erlang_c(servers, rate * mean_h) / (1.0 - part)) / (servers / mean_h - rate))


def mmck(rate: float, mean_h: float, servers: int, room: int) -> tuple[float, float]:
    """Part lost, and mean wait of the others, where ``room`` vehicles at most are inside: M/M/c/K.

    States weigh p(n + 1) / p(n) = a / min(n + 1, c) (birth and death; Feller 1950, chapter 17); the wait is the mean
    line by the rate let in (Little 1961).
    """
    weight = np.ones(room + 1)
    for number in range(1, room + 1):
        weight[number] = weight[number - 1] * rate * mean_h / min(number, servers)
    weight /= weight.sum()
    line = float((np.maximum(np.arange(room + 1) - servers, 0) * weight).sum())
    lost = float(weight[-1])
    return lost, line / (rate * (1.0 - lost))


def mg1_wait(rate: float, mean_h: float, cv: float) -> float:
    """Mean wait in M/G/1: lambda E[S^2] / (2 (1 - rho)) (Pollaczek 1930, Khinchine 1932)."""
    return rate * mean_h**2 * (1.0 + cv**2) / (2.0 * (1.0 - rate * mean_h))


def mdc_wait(rate: float, mean_h: float, servers: int) -> float:
    """Mean wait in M/D/c (Crommelin 1932).

    Constant services end in the order they began, so every server takes each c-th vehicle: the wait is that of one
    server whose vehicles come at sums of c exponential gaps. Spitzer (1956) gives it as the sum over n of
    E[max(0, n D - G)] / n, where G is a gamma time of n c gaps.
    """
    n = np.arange(1.0, 20_000.0)
    gaps, length = n * servers, n * mean_h * rate
    excess = length * gammainc(gaps, length) - gaps * gammainc(gaps + 1.0, length)
    return float((np.maximum(excess, 0.0) / n).sum()) / rate


def priority_waits(rates: Sequence[float], means_h: Sequence[float], cvs: Sequence[float]) -> list[float]:
    """Mean waits by class, the most urgent first, of one server that finishes whom it has begun (Cobham 1954).

    W(k) = W0 / ((1 - s(k - 1)) (1 - s(k))), with W0 half of the sum of lambda E[S^2] and s(k) the load of the classes
    up to k.
    """
    each = list(zip(rates, means_h, cvs, strict=True))
    left = sum(rate * mean**2 * (1.0 + cv**2) / 2.0 for rate, mean, cv in each)
    return _by_urgency(left, [rate * mean for rate, mean, _ in each])


def priority_waits_of_many(rates: Sequence[float], mean_h: float, servers: int) -> list[float]:
    """The same with c servers and one exponential distribution: W0 = C / (c mu) (Cobham 1954)."""
    left = erlang_c(servers, sum(rates) * mean_h) * mean_h / servers
    return _by_urgency(left, [rate * mean_h / servers for rate in rates])


def _by_urgency(left: float, loads: Sequence[float]) -> list[float]:
    below = np.concatenate([[0.0], np.cumsum(loads)])
    return [left / ((1.0 - low) * (1.0 - high)) for low, high in pairwise(below)]


def group_wait(rate: float, mean_h: float, cv: float, size: int) -> float:
    """Mean wait of a vehicle where groups of ``size`` come together to one server; ``rate`` counts groups (Burke 1975).

    The first of a group waits as in M/G/1 with a group's work for a service, the others for those before them too.
    """
    work, spread = size * mean_h, cv / math.sqrt(size)
    return mg1_wait(rate, work, spread) + 0.5 * (size - 1) * mean_h


def full_batch_wait(rate: float, mean_h: float, size: int) -> float:
    """Mean wait where one exponential service takes ``size`` vehicles and waits until so many are there.

    A vehicle waits (k - 1) / (2 lambda) for the batch to fill. Full batches come at sums of k gaps and wait as in
    GI/M/1: s / (mu (1 - s)), where s is the root below 1 of s = A(mu (1 - s)) and A, the transform of the time between
    batches, is (lambda / (lambda + .))^k (Kendall 1953).
    """

    def above(root: float) -> float:
        return (rate / (rate + (1.0 - root) / mean_h)) ** size - root

    root = float(brentq(above, 0.0, 1.0 - 1e-9))
    return 0.5 * (size - 1) / rate + root * mean_h / (1.0 - root)


def blocked_throughput(mean_h: float, places: int) -> float:
    """Vehicles an hour through two equal exponential servers, of which the first never wants for work (Hunt 1956).

    ``places`` at the second, that in service included; who finds none keeps the first: (K + 1) / (K + 2) of the rate
    of one server, so 2/3 where nobody can wait between them.
    """
    return (places + 1) / (places + 2) / mean_h
