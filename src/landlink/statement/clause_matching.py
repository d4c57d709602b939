"""Which clause of one register corresponds to which of another: one to one, by similarity, corrected by a person."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.optimize import linear_sum_assignment

from landlink.core.arrays import Floats
from landlink.core.errors import InputError, Problem
from landlink.statement.clause_features import Features, clause_text, features
from landlink.statement.clause_similarity import similarities
from landlink.statement.register import Register
from landlink.statement.register_records import Entry

__all__ = ["ACROSS_LANGUAGES", "MOST_CLAUSES", "WITHIN_LANGUAGE", "GivenPair", "Match", "Nearest", "compared", "match"]

#: Similarity from which two clauses may correspond, in one language and across languages; chosen on the half ``tune``
#: of ``tests/gold/comparisons``.
WITHIN_LANGUAGE: Final = 0.35
ACROSS_LANGUAGES: Final = 0.45
#: Most clauses of a register that are compared: the assignment takes the cube of their number.
MOST_CLAUSES: Final = 5_000
#: What decides between pairs that are otherwise alike: equal fields first, then the order in the texts.
_SAME_FIELDS: Final = 1e-4
_ORDER: Final = 1e-5


@dataclass(frozen=True, slots=True)
class GivenPair:
    """A pairing by a person, which the matcher does not question.

    Attributes
    ----------
    before, after
        Identifiers of the clauses; None for a clause that corresponds to none.

    Examples
    --------
    >>> import landlink as ll
    >>> ll.statement.GivenPair("C04", None).after is None
    True
    """

    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Nearest:
    """The most similar clause of the other register, for a clause without a pair.

    Attributes
    ----------
    id
        Its identifier.
    similarity
        From 0 to 1.

    Examples
    --------
    >>> import landlink as ll
    >>> ll.statement.Nearest("C07", 0.24).id
    'C07'
    """

    id: str
    similarity: float


@dataclass(frozen=True, slots=True)
class Match:
    """A clause of either register or of both.

    Attributes
    ----------
    before, after
        The clauses; None where there is none.
    similarity
        Of the two, from 0 to 1; None without a pair.
    nearest
        For a clause without a pair, the most similar one; None if nothing in the other register is like it.
    by_hand
        Whether a person made the pairing.
    """

    before: Entry | None
    after: Entry | None
    similarity: float | None = None
    nearest: Nearest | None = None
    by_hand: bool = False


def compared(register: Register) -> list[Entry]:
    """Clauses of a register that take part in a comparison: all but those that a person has rejected."""
    return [entry for entry in register.clauses if entry.status != "rejected"]


def match(before: Register, after: Register, pairs: Iterable[GivenPair] = ()) -> list[Match]:
    """Pair the clauses of two registers.

    Parameters
    ----------
    before, after
        The registers.
    pairs
        Pairings by a person.

    Returns
    -------
    list of Match
        Pairs and new clauses in the order of the later register, then the dropped ones in that of the earlier.

    Raises
    ------
    InputError
        A register has too many clauses.
    """
    sides = compared(before), compared(after)
    _check_sizes(sides)
    table = _similarities(before, after, sides)
    given = {(pair.before, pair.after) for pair in pairs}
    partner = _given(sides, given)
    settled = {one for one, _ in given if one}, {other for _, other in given if other}
    free = [[n for n, entry in enumerate(side) if entry.id not in settled[k]] for k, side in enumerate(sides)]
    partner |= _assigned(table, sides, free)
    by_hand = {entry.id for entry in sides[1] if entry.id in settled[1]}
    back = {row: column for column, row in partner.items()}
    found = [
        _matched(sides, table.similarity, partner.get(column), column, by_hand=entry.id in by_hand)
        for column, entry in enumerate(sides[1])
    ]
    return found + [
        Match(entry, None, nearest=_nearest(table.similarity[row], sides[1]), by_hand=entry.id in settled[0])
        for row, entry in enumerate(sides[0])
        if row not in back
    ]


@dataclass(frozen=True)
class _Table:
    """Similarities of all pairs, and which may correspond."""

    similarity: Floats
    allowed: Floats


def _check_sizes(sides: Sequence[Sequence[Entry]]) -> None:
    problems = [
        Problem(name, "too many clauses to compare", value=f"{len(side):,}", allowed=f"at most {MOST_CLAUSES:,}")
        for name, side in zip(("earlier register", "later register"), sides, strict=True)
        if len(side) > MOST_CLAUSES
    ]
    if problems:
        raise InputError(problems)


def _similarities(before: Register, after: Register, sides: tuple[list[Entry], list[Entry]]) -> _Table:
    """Compare in an order that does not depend on which register is the earlier, so that swapping changes nothing."""
    one, other = (
        [features(register, entry) for entry in side] for register, side in zip((before, after), sides, strict=True)
    )
    swapped = _key(before) > _key(after)
    table = similarities(other, one).T if swapped else similarities(one, other)
    table = np.round(_with_identical(table, sides, one, other), 6)
    languages = [np.array([item.language for item in side], dtype=object) for side in (one, other)]
    same = languages[0][:, None] == languages[1][None, :]
    return _Table(table, np.where(same, table >= WITHIN_LANGUAGE, table >= ACROSS_LANGUAGES).astype(float))


def _with_identical(
    table: Floats, sides: tuple[list[Entry], list[Entry]], one: Sequence[Features], other: Sequence[Features]
) -> Floats:
    """Clauses with the same text and the same features are alike, whatever they lack."""
    kinds = [
        [_content(entry, item) for entry, item in zip(side, given, strict=True)]
        for side, given in zip(sides, (one, other), strict=True)
    ]
    columns: dict[tuple[object, ...], list[int]] = {}
    for column, kind in enumerate(kinds[1]):
        columns.setdefault(kind, []).append(column)
    found = table.copy()
    for row, kind in enumerate(kinds[0]):
        found[row, columns.get(kind, [])] = 1.0
    return found


def _content(entry: Entry, item: Features) -> tuple[object, ...]:
    """All that a clause is compared by; its words, actions and objects follow from its text."""
    sets = item.topics, item.parties, item.projects, item.places
    return clause_text(entry), item.language, *sets, item.indicator, item.unit, item.value


def _key(register: Register) -> str:
    return hashlib.sha256(register.text().encode()).hexdigest()


def _given(sides: tuple[list[Entry], list[Entry]], given: set[tuple[str | None, str | None]]) -> dict[int, int]:
    rows = {entry.id: n for n, entry in enumerate(sides[0])}
    columns = {entry.id: n for n, entry in enumerate(sides[1])}
    return {columns[other]: rows[one] for one, other in given if one is not None and other is not None}


def _assigned(table: _Table, sides: tuple[list[Entry], list[Entry]], free: Sequence[Sequence[int]]) -> dict[int, int]:
    """Assign the clauses that are free, so that the sum of the similarities is greatest."""
    if not free[0] or not free[1]:
        return {}
    worth = (table.similarity + _tie_breaks(sides)) * table.allowed
    worth = worth[np.ix_(free[0], free[1])]
    # Which of several best assignments is found must not depend on which register is the earlier.
    flip = worth.shape > worth.T.shape or (worth.shape == worth.T.shape and _flipped(sides))
    rows, columns = linear_sum_assignment(worth.T if flip else worth, maximize=True)
    if flip:
        rows, columns = columns, rows
    return {
        free[1][column]: free[0][row]
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True)
        if worth[row, column] > 0
    }


def _flipped(sides: tuple[list[Entry], list[Entry]]) -> bool:
    return [repr(entry) for entry in sides[0]] > [repr(entry) for entry in sides[1]]


def _tie_breaks(sides: tuple[list[Entry], list[Entry]]) -> Floats:
    places = [np.array([n / max(1, len(side)) for n in range(len(side))]) for side in sides]
    order = 1.0 - np.abs(places[0][:, None] - places[1][None, :])
    kinds = [
        [(entry.strength, entry.deadline, repr(entry.target), repr(entry.baseline), entry.gloss) for entry in side]
        for side in sides
    ]
    numbers = {kind: n for n, kind in enumerate(dict.fromkeys((*kinds[0], *kinds[1])))}
    codes = [np.array([numbers[kind] for kind in side]) for side in kinds]
    same = codes[0][:, None] == codes[1][None, :]
    return np.asarray(_ORDER * order + _SAME_FIELDS * same, dtype=np.float64)


def _matched(
    sides: tuple[list[Entry], list[Entry]], table: Floats, row: int | None, column: int, *, by_hand: bool
) -> Match:
    entry = sides[1][column]
    if row is None:
        return Match(None, entry, nearest=_nearest(table[:, column], sides[0]), by_hand=by_hand)
    return Match(sides[0][row], entry, float(table[row, column]), by_hand=by_hand)


def _nearest(scores: Floats, others: Sequence[Entry]) -> Nearest | None:
    if not len(others):
        return None
    best = int(np.argmax(scores))
    return Nearest(others[best].id, float(scores[best])) if scores[best] > 0 else None
