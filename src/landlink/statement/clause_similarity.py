"""How alike two clauses are, from 0 to 1: by their words where both are in one language, and by what they say in any.

The words of two clauses are compared by the cosine of their stems' counts, rare stems weighing more. What they say is
compared feature by feature: the weighted share of topics, objects, actions and so on that both have among those that
either has. A feature that neither has is left out; one that only one has counts half, as different.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, TypeAlias

import numpy as np
from scipy import sparse

from landlink.core.arrays import Bools, Floats
from landlink.core.memory import check_memory
from landlink.statement.clause_features import Features

__all__ = ["WEIGHTS", "WORDS_SHARE", "similarities"]

#: Weight of each feature in what two clauses say.
WEIGHTS: Final[Mapping[str, float]] = {
    "objects": 0.30, "topics": 0.20, "actions": 0.15, "projects": 0.10, "places": 0.10, "countries": 0.08,
    "parties": 0.05, "numbers": 0.05, "quantity": 0.12, "indicator": 0.08,
}  # fmt: skip
#: Share of the words in the similarity of two clauses in one language; the rest is what they say.
WORDS_SHARE: Final = 0.6
#: Weight of a feature that only one of two clauses has.
_ONE_SIDED: Final = 0.5
#: Share of what is missing to certainty that one amount in both clauses adds, and the least number that counts.
_SAME_AMOUNT: Final = 0.35
_NO_CHANCE: Final = 10.0
#: Bytes of a pair of clauses while it is compared.
_BYTES_PER_PAIR: Final = 64.0

#: Gives the words or members of a clause, with their counts.
_Members: TypeAlias = Callable[[Features], Mapping[str, int]]


def similarities(first: Sequence[Features], second: Sequence[Features]) -> Floats:
    """Compare every clause of one register with every clause of another.

    Parameters
    ----------
    first, second
        Features of the clauses.

    Returns
    -------
    numpy.ndarray
        Similarities from 0 to 1, a row for each clause of the first.

    Raises
    ------
    InputError
        There are too many pairs for the memory available.
    """
    shape = len(first), len(second)
    check_memory(_BYTES_PER_PAIR * shape[0] * shape[1], f"comparing {shape[0]:,} with {shape[1]:,} clauses")
    if 0 in shape:
        return np.zeros(shape)
    said = _said(first, second)
    words = _cosine(first, second)
    languages = [np.array([item.language for item in side]) for side in (first, second)]
    same = languages[0][:, None] == languages[1][None, :]
    return np.where(same, WORDS_SHARE * words + (1.0 - WORDS_SHARE) * said, said)


def _said(first: Sequence[Features], second: Sequence[Features]) -> Floats:
    """Weighted mean of the features that either clause has; 0 if neither has any."""
    total = np.zeros((len(first), len(second)))
    weight = np.zeros_like(total)
    for name, own in WEIGHTS.items():
        score, there = _feature(name, first, second)
        total += own * score
        weight += own * there
    said = np.divide(total, weight, out=np.zeros_like(total), where=weight > 0)
    return np.where(_same_amount(first, second), said + _SAME_AMOUNT * (1.0 - said), said)


def _same_amount(first: Sequence[Features], second: Sequence[Features]) -> Bools:
    """Whether both clauses name one amount in one unit, which is hardly by chance unless the number is small."""
    units = _equal(first, second, lambda item: item.unit) > 0
    known = [item.value if item.value is not None and item.unit else np.nan for item in first]
    values = [np.array(known), np.array([np.nan if item.value is None else item.value for item in second])]
    same = values[0][:, None] == values[1][None, :]
    return np.asarray(units & same & (np.abs(values[0])[:, None] >= _NO_CHANCE))


def _feature(name: str, first: Sequence[Features], second: Sequence[Features]) -> tuple[Floats, Floats]:
    """Agreement of one feature, and how much it counts: 1 if both clauses have it, half if one has, 0 if neither."""
    if name == "quantity":
        score = _quantities(first, second)
        has = [np.array([item.value is not None for item in side]) for side in (first, second)]
    elif name == "indicator":
        score = _equal(first, second, lambda item: item.indicator)
        has = [np.array([bool(item.indicator) for item in side]) for side in (first, second)]
    else:
        score = _shared(first, second, lambda item: dict.fromkeys(getattr(item, name), 1))
        has = [np.array([bool(getattr(item, name)) for item in side]) for side in (first, second)]
    both = has[0][:, None] & has[1][None, :]
    either = has[0][:, None] | has[1][None, :]
    return score * both, np.where(both, 1.0, _ONE_SIDED * either)


def _shared(first: Sequence[Features], second: Sequence[Features], members: _Members) -> Floats:
    """Weighted share of members of both among those of either."""
    one, other, weights = _counted(first, second, members)
    rare = sparse.diags_array(weights)
    inter = ((one @ rare) @ other.T).toarray()
    sizes = [np.asarray(side @ weights) for side in (one, other)]
    union = sizes[0][:, None] + sizes[1][None, :] - inter
    return np.asarray(np.divide(inter, union, out=np.zeros_like(inter), where=union > 0))


def _cosine(first: Sequence[Features], second: Sequence[Features]) -> Floats:
    one, other, weights = _counted(first, second, lambda item: item.words)
    rare = sparse.diags_array(weights)
    sides = [side @ rare for side in (one, other)]
    lengths = [np.sqrt(np.asarray(side.multiply(side).sum(axis=1)).ravel()) for side in sides]
    product = (sides[0] @ sides[1].T).toarray()
    length = lengths[0][:, None] * lengths[1][None, :]
    return np.asarray(np.clip(np.divide(product, length, out=np.zeros_like(product), where=length > 0), 0.0, 1.0))


def _counted(first: Sequence[Features], second: Sequence[Features], members: _Members) -> tuple[Any, Any, Floats]:
    """Counts of members by clause in both registers, and the weight of each member: the more clauses have it, the less.

    Every register counts alike, so that a long one does not decide what is rare.
    """
    sides = [[members(item) for item in side] for side in (first, second)]
    names = sorted({name for side in sides for found in side for name in found})
    number = {name: position for position, name in enumerate(names)}
    weight = np.ones(len(names))
    shares = [Counter(name for found in side for name in found) for side in sides]
    for name, position in number.items():
        share = sum(shares[k][name] / len(sides[k]) for k in (0, 1)) / 2
        weight[position] = 1.0 + np.log(1.0 / max(share, 1e-9))
    return _matrix(sides[0], number), _matrix(sides[1], number), weight


def _matrix(side: Iterable[Mapping[str, int]], number: Mapping[str, int]) -> Any:
    rows, columns, counts = [], [], []
    height = 0
    for row, found in enumerate(side):
        height = row + 1
        for name, count in found.items():
            rows.append(row)
            columns.append(number[name])
            counts.append(float(count))
    return sparse.csr_array((counts, (rows, columns)), shape=(height, len(number)))


def _equal(first: Sequence[Features], second: Sequence[Features], text: Callable[[Features], str]) -> Floats:
    names = [np.array([text(item) for item in side]) for side in (first, second)]
    return np.asarray(names[0][:, None] == names[1][None, :], dtype=np.float64)


def _quantities(first: Sequence[Features], second: Sequence[Features]) -> Floats:
    """Half for the same unit, half for the ratio of the smaller number to the larger."""
    units = _equal(first, second, lambda item: item.unit)
    values = [np.array([abs(item.value or 0.0) for item in side]) for side in (first, second)]
    low = np.minimum(values[0][:, None], values[1][None, :])
    high = np.maximum(values[0][:, None], values[1][None, :])
    ratio = np.divide(low, high, out=np.ones_like(high), where=high > 0)
    return np.asarray(units * (0.5 + 0.5 * ratio), dtype=np.float64)
