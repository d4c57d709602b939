"""On which side of a number a clause wants to be: from the limiting words beside the number, and from its verb."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from landlink.statement.lexicon import UserTables, rows
from landlink.statement.patterns import expression

__all__ = ["DIRECTION_KINDS", "DirectionWords", "direction_words"]

#: Kinds of words in ``directions.csv``. Verbs: ``up``, ``down``, ``reach`` (bring to), ``deliver`` (supply, build),
#: ``fix`` (set at), ``cap`` (not exceed), ``floor`` (not fall below); ``ease`` (facilitate), which says
#: nothing of a number. More of something: ``add``. Before a number: ``most``, ``least``, ``by``, ``to``, ``from``, ``within`` (a time). After it:
#: ``most_after``, ``least_after``, ``after_event`` (after signing).
DIRECTION_KINDS: Final = (
    "up", "down", "ease", "reach", "deliver", "fix", "cap", "floor", "add", "most", "most_after", "least", "least_after", "by", "to", "from", "within",
    "after_event",
)  # fmt: skip
_VERBS: Final = ("up", "down", "reach", "deliver", "fix", "cap", "floor")
#: Characters before a number in which limiting words are sought.
_WINDOW: Final = 40
#: Characters on either side of a number in which "additional" and the like are sought.
_ADDED: Final = 14
#: What follows from a number after "to", by its verb; and where no word stands between verb and number.
_AFTER_TO: Final = {"up": "at_least", "reach": "at_least", "down": "at_most", "fix": "equal", "deliver": "at_most"}
_BARE: Final = {"reach": "at_least", "deliver": "equal", "fix": "equal", "cap": "at_most", "floor": "at_least"}
_CHANGE: Final = {"up": "increase_by", "down": "decrease_by"}


@dataclass(frozen=True)
class DirectionWords:
    """The words of one language, compiled for looking before, after and around a number."""

    before: dict[str, re.Pattern[str]]
    after: dict[str, re.Pattern[str]]
    verbs: dict[str, re.Pattern[str]]

    def precedes(self, kind: str, text: str, start: int) -> int | None:
        """Start of the words of a kind that stand directly before an offset."""
        match = self.before[kind].search(text, max(0, start - _WINDOW), start) if kind in self.before else None
        return match.start() if match else None

    def follows(self, kind: str, text: str, end: int) -> int | None:
        """End of the words of a kind that stand directly after an offset."""
        match = self.after[kind].match(text, end) if kind in self.after else None
        return match.end() if match else None

    def _adds(self, text: str, start: int, end: int) -> bool:
        """Whether words for "more" stand directly before a number, or within it and its unit."""
        if "add" not in self.verbs:
            return False
        near = self.verbs["add"]
        return near.search(text, max(0, start - _ADDED), min(len(text), end + _ADDED)) is not None

    def verb(self, text: str, start: int) -> str:
        """Kind of the last verb before an offset; empty if there is none."""
        last, found = -1, ""
        for kind, pattern in self.verbs.items():
            if kind in ("add", "ease"):
                continue
            for match in pattern.finditer(text, 0, start):
                if match.start() > last:
                    last, found = match.start(), kind
        return found

    def direction(self, text: str, start: int, end: int, unit: str) -> str:
        """Find the direction of a number.

        Parameters
        ----------
        text
            The folded clause.
        start, end
            Span of the number with its unit and rate.
        unit
            Its unit.

        Returns
        -------
        str
            A direction of :class:`~landlink.statement.clause.Quantity`; empty if the words do not say.
        """
        verb = self.verb(text, start)
        if self.follows("most_after", text, end) is not None:
            return "at_most"
        if self.follows("least_after", text, end) is not None:
            return "at_least"
        to, by = self.precedes("to", text, start), self.precedes("by", text, start)
        most, least = self.precedes("most", text, start), self.precedes("least", text, start)
        if by is not None and (to is None or by <= to) and verb in _CHANGE:
            return _CHANGE[verb]
        # "no more than" ends with "more than": what begins first is the whole of it.
        if least is not None and (most is None or least < most):
            return "at_least"
        if self._adds(text, start, end) and most is None and to is None:
            return "increase_by"
        if most is not None and not (to is not None and verb in ("up", "reach")):
            return "at_most"
        if to is not None:
            return _AFTER_TO.get(verb, "")
        if unit in ("percent", "times") and verb in _CHANGE:
            return _CHANGE[verb]
        return _BARE.get(verb, "")


@lru_cache(maxsize=16)
def direction_words(language: str, user_tables: UserTables | None = None) -> DirectionWords:
    """Compile the table ``directions`` of a language."""
    spaced = language != "zh"
    bodies: dict[str, list[str]] = {}
    for row in rows(language, "directions", user_tables):
        bodies.setdefault(row["kind"], []).append(expression(row["pattern"], spaced=spaced))
    front = r"(?<!\w)[وفبل]?" if language == "ar" else r"(?<!\w)" if spaced else ""
    tail = r"(?!\w)" if spaced else ""
    joined = {kind: "|".join(sorted(found, key=len, reverse=True)) for kind, found in bodies.items()}
    return DirectionWords(
        before={kind: re.compile(rf"{front}(?:{body}){tail}\s*$") for kind, body in joined.items()},
        after={kind: re.compile(rf"\s*,?\s*{'' if spaced else ''}(?:{body}){tail}") for kind, body in joined.items()},
        verbs={
            kind: re.compile(rf"{front}(?:{joined[kind]}){tail}") for kind in (*_VERBS, "add", "ease") if kind in joined
        },
    )
