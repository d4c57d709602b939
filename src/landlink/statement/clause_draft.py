"""A clause while a sentence is being split: its span, strength and the verb that governs it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

__all__ = ["EDGE", "ClauseDraft", "Governor", "trimmed_draft"]

#: Signs that belong to no clause at its edges.
EDGE: Final = " \t\n\r,،;؛.。.!?؟：:、，；…\"'«»“”()（）·•-"


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
    head
        Words from which an inherited strength comes.
    """

    start: int
    end: int
    strength: int
    flags: tuple[str, ...]
    rule: str
    head: str = ""


@dataclass(frozen=True)
class Governor:
    """The governing verb of a chain or list, from which later items inherit strength and rule.

    Attributes
    ----------
    strength, rule
        As of the clause that it governs.
    head
        The head of a list, in the words of the text; empty for a verb of the same sentence.
    """

    strength: int
    rule: str
    head: str = ""

    @property
    def words(self) -> str:
        """What a reader is shown as the head."""
        return self.head or self.rule.rpartition(":")[2]


def trimmed_draft(draft: ClauseDraft, text: str) -> ClauseDraft:
    """Leave spaces and marks at the edges out of a clause, but for a bracket that it opens."""
    start, end = draft.start, draft.end
    while start < end and text[start] in EDGE:
        start += 1
    while end > start and text[end - 1] in EDGE:
        end -= 1
    if text[end : end + 1] in {")", "）"} and "(" in text[start:end].replace("（", "("):
        end += text[start:end].count("(") + text[start:end].count("（") > text[start:end].count(")")
    return replace(draft, start=start, end=end)
