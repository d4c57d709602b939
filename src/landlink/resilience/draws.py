"""Random numbers of years: each year has its own, whatever other years and hazards are drawn.

Every stream is a Philox generator (Salmon et al. 2011) whose key is the seed and a name, and every year has the same
number of counters of it. So the numbers of a year depend on the seed, the name and the year alone, years that follow
one another are drawn at once, and the same year strikes alike with and without a programme.

References
----------
J. Salmon, M. Moraes, R. Dror and D. Shaw (2011), Parallel random numbers: as easy as 1, 2, 3, Proceedings of SC11.
"""

from __future__ import annotations

import hashlib
from typing import Final

import numpy as np

from landlink.core.arrays import Floats, Ints

__all__ = ["MOST_DRAWN", "poisson_quantile", "uniforms"]

#: Most events of a process in a year.
MOST_DRAWN: Final = 127
#: Uniform numbers of a year in one stream, four from each counter of Philox.
_NUMBERS: Final = 2 * (MOST_DRAWN + 1)
_COUNTERS: Final = _NUMBERS // 4
#: Half the spacing of uniform numbers, which keeps them above 0.
_HALF: Final = 2.0**-54


def uniforms(name: str, first: int, count: int, seed: int) -> Floats:
    """Uniform numbers of some years, above 0 and below 1.

    Parameters
    ----------
    name
        Name of the stream.
    first, count
        First year and number of years.
    seed
        Seed.

    Returns
    -------
    Floats
        Shape (count, 256).

    Examples
    --------
    >>> bool((uniforms("storms", 0, 5, 1)[3] == uniforms("storms", 3, 1, 1)[0]).all())
    True
    """
    word = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "little")
    key, counter = np.array([seed, word], np.uint64), np.array([first * _COUNTERS, 0, 0, 0], np.uint64)
    source = np.random.Generator(np.random.Philox(key=key, counter=counter))
    return source.random((count, _NUMBERS)) + _HALF


def poisson_quantile(probability: Floats, mean: Floats) -> Ints:
    """Quantiles of Poisson numbers by adding up their probabilities; at most :data:`MOST_DRAWN`.

    Parameters
    ----------
    probability, mean
        Probabilities and means, of the same shape.

    Examples
    --------
    >>> poisson_quantile(np.array([0.1, 0.5, 0.95]), np.array([2.0, 2.0, 2.0])).tolist()
    [0, 2, 5]
    """
    count = np.zeros(probability.shape, dtype=np.int64)
    term = np.exp(-mean)
    total = term.copy()
    for number in range(1, MOST_DRAWN + 1):
        above = probability > total
        if not above.any():
            break
        count[above] = number
        term = term * mean / number
        total = total + term
    return count
