"""A clause while a sentence is being split: its span, strength and the verb that governs it."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["ClauseDraft", "Governor"]


@dataclass(frozen=True)
class ClauseDraft:
    """A clause found in a folded sentence; offsets count from the start of that sentence.

    Attributes
    ----------
    start, end
        Span of the clause.
    strength
        Strength of the commitment, 0 to 5.
    flags
        ``effect`` or ``inherited_strength``, if either applies.
    rule
        What set the strength: the class of the cue and its words.
    """

    start: int
    end: int
    strength: int
    flags: tuple[str, ...]
    rule: str


@dataclass(frozen=True)
class Governor:
    """The governing verb of a chain or list, from which later items inherit strength and rule."""

    strength: int
    rule: str
