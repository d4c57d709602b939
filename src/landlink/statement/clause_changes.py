"""What changed between two clauses that correspond, and whether that binds the parties more or less."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from landlink.statement.clause import STRENGTHS
from landlink.statement.clause_features import features, language_of, opposite_actions
from landlink.statement.register import Register
from landlink.statement.register_records import Entry
from landlink.statement.stated_terms import (
    StatedTarget,
    same_words,
    stated_baseline,
    stated_deadline,
    stated_target,
    target_text,
)

__all__ = ["CHANGES", "KINDS", "Change", "Kind", "changes", "incompatible", "kind_of"]

Kind = Literal["new", "dropped", "hardened", "softened", "changed", "contradictory", "restated", "unchanged"]
#: Kinds of lines, in the order in which they are counted.
KINDS: Final[tuple[Kind, ...]] = (
    "contradictory", "hardened", "softened", "changed", "new", "dropped", "restated", "unchanged",
)  # fmt: skip
Effect = Literal["harder", "softer", "contradiction", "other", "none"]
#: What may change.
CHANGES: Final = (
    "strength_raised", "strength_lowered",
    "target_raised", "target_lowered", "target_added", "target_dropped", "target_reversed", "target_changed",
    "deadline_earlier", "deadline_later", "deadline_added", "deadline_dropped", "deadline_changed",
    "baseline_changed", "parties_added", "parties_dropped", "projects_changed", "places_changed",
    "targets_incompatible", "actions_opposed", "reworded",
)  # fmt: skip
#: Share of the words, of one language, from which two clauses with opposite verbs speak of one thing.
_ONE_THING: Final = 0.5


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between two clauses that correspond.

    Attributes
    ----------
    what
        A member of :data:`CHANGES`.
    effect
        ``harder``, ``softer``, ``contradiction``, ``other``, or ``none`` for mere words.
    before, after
        What stood before and stands now, on one line.

    Examples
    --------
    >>> import landlink as ll
    >>> draft = lambda text: ll.statement.draft_register(ll.statement.read(text))
    >>> one, other = draft("Both sides are ready to build a road."), draft("Both sides will build a road.")
    >>> ll.statement.compare(one, other).lines[0].changes[0]
    Change(what='strength_raised', effect='harder', before='2 ready', after='3 will')
    """

    what: str
    effect: Effect
    before: str = ""
    after: str = ""


def changes(before: tuple[Register, Entry], after: tuple[Register, Entry]) -> tuple[Change, ...]:
    """List what changed from a clause of one register to that of another.

    Parameters
    ----------
    before, after
        Each register and its clause.

    Returns
    -------
    tuple of Change
    """
    one, other = before[1], after[1]
    return (
        *_contradictions(before, after),
        *_strength(one, other),
        *_target(stated_target(one), stated_target(other)),
        *_deadline(stated_deadline(*before), stated_deadline(*after), lasting=features(*after).negated),
        *_baseline(before, after),
        *_members(one, other),
        *_words(before, after),
    )


def kind_of(found: Sequence[Change], *, same_language: bool = True) -> Kind:
    """Say in one word what changes come to.

    Parameters
    ----------
    found
        The changes of a pair.
    same_language
        Whether its clauses are in one language; if not, they are at best restated.

    Returns
    -------
    str
        A member of :data:`KINDS`.
    """
    effects = {change.effect for change in found}
    if "contradiction" in effects:
        return "contradictory"
    if effects - {"none"}:
        more, less = "harder" in effects, "softer" in effects
        return "changed" if more == less else "hardened" if more else "softened"
    return "restated" if effects or not same_language else "unchanged"


def incompatible(before: tuple[Register, Entry], after: tuple[Register, Entry]) -> bool:
    """Whether no number keeps the targets of two clauses that speak of the same place and day."""
    one, other = stated_target(before[1]), stated_target(after[1])
    if one is None or other is None or stated_deadline(*before) != stated_deadline(*after):
        return False
    return one.excludes(other) and not _apart(before[1], after[1])


def _apart(one: Entry, other: Entry) -> bool:
    """Whether both name places or projects, and none of them is the same."""
    named = [{*entry.places, *entry.projects} for entry in (one, other)]
    return bool(named[0] and named[1]) and not named[0] & named[1]


def _contradictions(before: tuple[Register, Entry], after: tuple[Register, Entry]) -> Iterator[Change]:
    one, other = stated_target(before[1]), stated_target(after[1])
    if incompatible(before, after) or _opposite_growth(one, other):
        yield Change("targets_incompatible", "contradiction", target_text(one), target_text(other))
    if _apart(before[1], after[1]):
        return
    verbs = opposite_actions(features(*before), features(*after))
    if verbs is not None and _one_thing(before, after):
        yield Change("actions_opposed", "contradiction", *verbs)


def _opposite_growth(one: StatedTarget | None, other: StatedTarget | None) -> bool:
    """Whether one wants its baseline to grow and the other wants it to shrink."""
    if one is None or other is None or None in (one.growth, other.growth):
        return False
    return one.growth != other.growth and one.rising != other.rising


def _one_thing(before: tuple[Register, Entry], after: tuple[Register, Entry]) -> bool:
    """Whether two clauses with opposite verbs speak of one thing, and not of two that hang together.

    Less waiting and more traffic go together. So the things must be the same, the verbs apart: all objects of
    ``concepts.csv``, of which there must be one, and in one language half of the other words.
    """
    one, other = features(*before), features(*after)
    if not one.objects or one.objects != other.objects:
        return False
    if one.language != other.language:
        return True
    words, others = (set(item.words) for item in (one, other))
    return len(words & others) >= _ONE_THING * min(len(words), len(others))


def _strength(one: Entry, other: Entry) -> Iterator[Change]:
    if one.strength is None or other.strength is None or one.strength == other.strength:
        return
    shown = [f"{strength} {STRENGTHS[strength]}" for strength in (one.strength, other.strength)]
    if other.strength > one.strength:
        yield Change("strength_raised", "harder", *shown)
    else:
        yield Change("strength_lowered", "softer", *shown)


def _target(one: StatedTarget | None, other: StatedTarget | None) -> Iterator[Change]:
    if one == other:
        return
    shown = target_text(one), target_text(other)
    if one is None or other is None:
        yield Change("target_added", "harder", *shown) if one is None else Change("target_dropped", "softer", *shown)
        return
    number = one.number_in(other)
    if number is not None and {one.rising, other.rising} == {True, False}:
        yield Change("target_reversed", "other", *shown)
    elif number is None or (math.isclose(number, other.number) and one.direction != other.direction):
        yield Change("target_changed", "other", *shown)
    elif not math.isclose(number, other.number):
        raised = other.number > number
        rising = other.rising if one.rising == other.rising else None
        effect: Effect = "other" if rising is None else "harder" if raised == rising else "softer"
        yield Change("target_raised" if raised else "target_lowered", effect, *shown)


def _deadline(one: dt.date | str | None, other: dt.date | str | None, *, lasting: bool) -> Iterator[Change]:
    """Compare deadlines; a promise not to do something binds the longer, the later its day."""
    if one == other:
        return
    shown = str(one or ""), str(other or "")
    if one is None or other is None:
        added = one is None
        yield Change("deadline_added", "harder", *shown) if added else Change("deadline_dropped", "softer", *shown)
    elif isinstance(one, str) or isinstance(other, str):
        yield Change("deadline_changed", "other", *shown)
    elif other < one:
        yield Change("deadline_earlier", "softer" if lasting else "harder", *shown)
    else:
        yield Change("deadline_later", "harder" if lasting else "softer", *shown)


def _baseline(before: tuple[Register, Entry], after: tuple[Register, Entry]) -> Iterator[Change]:
    """Compare baselines; their words only where both are in one language."""
    one, other = stated_baseline(before[1]), stated_baseline(after[1])
    if one.casefold() == other.casefold():
        return
    mere_words = one == before[1].baseline_words and other == after[1].baseline_words
    if mere_words and language_of(before[1], before[0]) != language_of(after[1], after[0]):
        return
    yield Change("baseline_changed", "other", one, other)


def _members(one: Entry, other: Entry) -> Iterator[Change]:
    parties = [set(entry.accepted_value("parties") or ()) for entry in (one, other)]
    if parties[0] and parties[1]:
        if added := parties[1] - parties[0]:
            yield Change("parties_added", "other", after=_listed(added))
        if gone := parties[0] - parties[1]:
            yield Change("parties_dropped", "other", before=_listed(gone))
    for what, sides in (
        ("projects_changed", [entry.accepted_value("projects") or () for entry in (one, other)]),
        ("places_changed", [one.places, other.places]),
    ):
        # One register may have been read with the names of a study and the other without.
        if sides[0] and sides[1] and set(sides[0]) != set(sides[1]):
            yield Change(what, "other", _listed(sides[0]), _listed(sides[1]))


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))


def _words(before: tuple[Register, Entry], after: tuple[Register, Entry]) -> Iterator[Change]:
    same = language_of(before[1], before[0]) == language_of(after[1], after[0])
    if same and not same_words(before[1], after[1]):
        yield Change("reworded", "none")
