"""On which side of a number a clause wants to be: from the limiting words beside the number, and from its verb."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from landlink.statement.lexicon import UserTables, rows
from landlink.statement.patterns import expression

__all__ = ["DIRECTION_KINDS", "DirectionWords", "direction_words"]

#: Kinds of words in ``directions.csv``. Verbs: ``up``, ``down``, ``reach`` (bring to), ``deliver`` (supply, build),
#: ``fix`` (set at), ``cap`` (not exceed), ``floor`` (not fall below), ``talk`` (only speak of it),
#: ``ease`` (facilitate), which says nothing of a number. More of it: ``add``. Before a number: ``most``,
#: ``least``, ``by``, ``to``, ``from``, ``within`` (a time), ``exactly`` (a total of). After it:
#: ``most_after``, ``least_after``, ``less_after`` (fewer than now), ``more_after``, ``after_event`` (after signing),
#: ``of_event`` (after another event).
DIRECTION_KINDS: Final = (
    "up", "down", "ease", "reach", "deliver", "fix", "cap", "floor", "talk", "add", "most", "most_after", "least",
    "least_after", "less_after", "more_after", "exactly", "by", "to", "from", "within", "after_event", "of_event",
)  # fmt: skip
_VERBS: Final = ("up", "down", "reach", "deliver", "fix", "cap", "floor", "talk")
#: Characters before a number in which limiting words are sought.
_WINDOW: Final = 40
#: Characters on either side of a number in which "additional" and the like are sought.
_ADDED: Final = 14
#: What follows from a number after "to", by its verb; and where no word stands between verb and number.
_AFTER_TO: Final = {
    "up": "at_least",
    "reach": "at_least",
    "down": "at_most",
    "fix": "equal",
    "deliver": "at_most",
    "cap": "at_most",
    "floor": "at_least",
}
_BARE: Final = {"reach": "at_least", "deliver": "equal", "fix": "equal", "cap": "at_most", "floor": "at_least"}
_TIMES: Final = ("h", "min", "days", "weeks", "months", "years")
_RELATIVE: Final = ("", "percent", "times", *_TIMES)
_CHANGED: Final = (("less_after", "decrease_by"), ("more_after", "increase_by"))
#: What limits a change: "shall not be raised by more than".
_NOT_BY_MORE: Final = re.compile(r"\bnot\b[^.;]{0,60}\bby (?:more than|over) $")
#: What follows a share of something.
_SHARE: Final = re.compile(r"\s*(?:of\b|的)")
_CHANGE: Final = {"up": "increase_by", "down": "decrease_by"}


@dataclass(frozen=True)
class DirectionWords:
    """The words of one language, compiled for looking before, after and around a number."""

    before: dict[str, re.Pattern[str]]
    after: dict[str, re.Pattern[str]]
    verbs: dict[str, re.Pattern[str]]
    spaced: bool = True

    def precedes(self, kind: str, text: str, start: int) -> int | None:
        """Start of the words of a kind that stand directly before an offset."""
        match = self.before[kind].search(text, max(0, start - _WINDOW), start) if kind in self.before else None
        return match.start() if match else None

    def follows(self, kind: str, text: str, end: int) -> int | None:
        """End of the words of a kind that stand directly after an offset."""
        match = self.after[kind].match(text, end) if kind in self.after else None
        return match.end() if match else None

    def limited(self, text: str, start: int) -> bool:
        """Whether a limit stands directly before an offset."""
        return any(self.precedes(kind, text, start) is not None for kind in ("most", "least"))

    def leads_to(self, text: str, start: int) -> bool:
        """Whether "to" stands before an offset, also with a limit between them: "to at least"."""
        limits = (self.precedes(kind, text, start) for kind in ("most", "least"))
        places = [start, *(place for place in limits if place is not None)]
        return any(self.precedes("to", text, place) is not None for place in places)

    def _adds(self, text: str, start: int, end: int) -> bool:
        """Whether words for "more" stand directly before a number, or within it and its unit."""
        if "add" not in self.verbs:
            return False
        near = self.verbs["add"]
        return near.search(text, max(0, start - _ADDED), min(len(text), end + _ADDED)) is not None

    def _within(self, kind: str, text: str, start: int, end: int) -> bool:
        """Whether words of a kind stand between a number and the end of its unit: 20家以上企业."""
        return kind in self.after and self.after[kind].search(text, start + 1, end) is not None

    def verb(self, text: str, start: int, kinds: tuple[str, ...] = _VERBS) -> str:
        """Kind of the last verb before an offset; empty if there is none."""
        last, found = -1, ""
        for kind, pattern in self.verbs.items():
            if kind not in kinds:
                continue
            begins = _last_before(pattern, text, start)
            if begins > last:
                last, found = begins, kind
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
            Its unit, with that of a rate.

        Returns
        -------
        str
            A direction of :class:`~landlink.statement.clause.Quantity`; empty if the words do not say.
        """
        return self._side_after(text, start, end) or self._side_before(text, start, end, unit)

    def _side_before(self, text: str, start: int, end: int, unit: str) -> str:
        """Side of a number by the words before it, and by its verb."""
        verb = self.verb(text, start)
        to, by = self.precedes("to", text, start), self.precedes("by", text, start)
        most, least = self.precedes("most", text, start), self.precedes("least", text, start)
        if by is not None and (to is None or by <= to) and (change := self.verb(text, start, ("up", "down"))):
            return "at_most" if _NOT_BY_MORE.search(text, 0, start) else _CHANGE[change]
        long = unit in ("months", "years")
        if (
            not long
            and self.precedes("exactly", text, start) is not None
            and verb not in ("up", "down", "reach", "talk", "cap")
        ):
            return "equal"
        # "raise the supply of power to": the noun says what is raised.
        if to is not None and verb in ("deliver", "talk", ""):
            verb = self.verb(text, start, ("up", "down", "reach", "fix")) or verb
        # "no more than" ends with "more than": what begins first is the whole of it.
        if least is not None and (most is None or least < most):
            return "at_least"
        if most is None and to is None:
            return "increase_by" if self._adds(text, start, end) else self._unlimited(text, end, verb, unit)
        if most is not None and not (to is not None and verb in ("up", "reach")):
            return "at_most"
        return "at_most" if verb == "reach" and unit in _TIMES else _AFTER_TO.get(verb, "")

    def _unlimited(self, text: str, end: int, verb: str, unit: str) -> str:
        """Direction of an amount without a limit: the amount, unless it is by how much something changes, or a time."""
        if verb in _CHANGE and (unit in ("percent", "times") or (not self.spaced and unit)):
            return _CHANGE[verb]
        if not self.spaced and unit.partition("/")[0] in _TIMES and (change := self.verb(text, end, ("up", "down"))):
            return _CHANGE[change]
        if verb in _BARE:
            return _BARE[verb]
        often = unit.startswith("occasions")
        if verb in _CHANGE or (verb == "talk" and not often):
            return ""
        return "" if unit in _RELATIVE and not _SHARE.match(text, end) else "equal"

    def _side_after(self, text: str, start: int, end: int) -> str:
        """Side of a number by the words after it: "or more"."""
        for kind, side in (("most_after", "at_most"), ("least_after", "at_least"), *_CHANGED):
            if self.follows(kind, text, end) is not None or self._within(kind, text, start, end):
                return side
        return ""


@lru_cache(maxsize=64)
def _spans(pattern: re.Pattern[str], text: str) -> tuple[list[int], list[int]]:
    """Find the starts and the ends of the matches in a text; kept, since they are asked for number by number."""
    found = [match.span() for match in pattern.finditer(text)]
    return [start for start, _ in found], [end for _, end in found]


def _last_before(pattern: re.Pattern[str], text: str, end: int) -> int:
    """Return the start of the last match that ends before an offset; -1 if there is none."""
    starts, ends = _spans(pattern, text)
    number = bisect_left(starts, end) - 1
    # What reaches the offset is read again as if the text ended there: "shall be" has to stand beside its number.
    begin = max(0, end - _WINDOW)
    if number >= 0 and ends[number] >= end:
        begin, number = min(begin, starts[number]), number - 1
    beside = [match.start() for match in pattern.finditer(text, begin, end) if match.end() == end]
    return beside[-1] if beside else (starts[number] if number >= 0 else -1)


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
        after={kind: re.compile(rf"\s*,?\s*(?:{body}){tail}") for kind, body in joined.items()},
        verbs={
            kind: re.compile(rf"{front}(?:{joined[kind]}){tail}") for kind in (*_VERBS, "add", "ease") if kind in joined
        },
        spaced=spaced,
    )
