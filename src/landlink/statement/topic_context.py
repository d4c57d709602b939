"""Topics of clauses whose own words name none: from the heading above, the clauses before, or the title of the text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from landlink.statement.clause import Clause
from landlink.statement.folding import fold
from landlink.statement.lexicon import LANGUAGES, UserTables, lexicon
from landlink.statement.topics import GENERAL, topics_of

__all__ = ["with_context"]

#: Most characters of a heading, and of one in a language whose words are single characters.
_LONGEST: Final = 90
_LONGEST_DENSE: Final = 30
#: What ends a sentence rather than a heading.
_ENDINGS: Final = ".。;；:：,，،؛!?؟"
#: Most topics that a clause takes from its surroundings.
_MOST: Final = 2
#: Commitments with a topic from which a text can have a theme, and the share of them that must name it.
_LEAST_NAMED: Final = 6
_LEAST_SHARE: Final = 0.4
#: Rule of a topic that was taken from the surroundings.
_RULE: Final = "context"
#: Rule of a clause that is about no field, such as the next meeting.
_NO_FIELD: Final = "no field"

_Span = tuple[int, int]


@dataclass(frozen=True)
class _Section:
    """Where a section starts, the topics of its heading, and whether that is only the title of the text."""

    start: int
    topics: tuple[str, ...]
    title: bool


def with_context(
    text: str,
    clauses: Sequence[Clause],
    paragraphs: Sequence[tuple[_Span, str]],
    *,
    title: int,
    user_tables: UserTables | None = None,
) -> list[Clause]:
    """Give clauses that name no topic those of their surroundings.

    Parameters
    ----------
    text
        The normalised text.
    clauses
        Its clauses, in text order.
    paragraphs
        Span and language of each paragraph.
    title
        Number of opening paragraphs that are the title.
    user_tables
        Folder of the user's own tables.

    Returns
    -------
    list of Clause
        The clauses; what was taken from the surroundings has the rule ``context``.
    """
    sections = list(_sections(text, clauses, paragraphs, title, user_tables))
    theme = _theme(clauses)
    found: list[Clause] = []
    at = 0
    for clause in clauses:
        while at + 1 < len(sections) and sections[at + 1].start <= clause.start:
            at += 1
        section = sections[at] if sections else _Section(0, (), title=True)
        before = found[-1].topics if found and found[-1].start >= section.start else ()
        found.append(_placed(clause, section, before, theme))
    return found


def _theme(clauses: Sequence[Clause]) -> str:
    """Return the topic that so many commitments of the text name that it is what the text is about."""
    named = [topics for clause in clauses if clause.strength and (topics := _specific_of(clause.topics))]
    counted = Counter(topic for topics in named for topic in topics)
    theme, count = max(counted.items(), key=lambda item: (item[1], item[0]), default=("", 0))
    return theme if len(named) >= _LEAST_NAMED and count >= _LEAST_SHARE * len(named) else ""


def _placed(clause: Clause, section: _Section, before: tuple[str, ...], theme: str) -> Clause:
    own = _specific_of(clause.topics)
    if clause.rules.get("topics") == _NO_FIELD or len(own) > 1:
        return clause
    if own and theme and theme not in own and clause.strength:
        return replace(clause, topics=(*own, theme), rules={**clause.rules, "topics": _RULE})
    if own and (section.title or not 0 < len(section.topics) <= _MOST):
        return clause
    # One topic alone is often the lesser one: "equip the two posts with scanners", under "Borders".
    near = _specific_of(before)[:_MOST] or section.topics[:_MOST]
    topics = tuple(dict.fromkeys([*own, section.topics[0]])) if own else near
    return replace(clause, topics=topics, rules={**clause.rules, "topics": _RULE}) if topics else clause


def _specific_of(topics: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(topic for topic in topics if topic != GENERAL)


def _sections(
    text: str,
    clauses: Sequence[Clause],
    paragraphs: Sequence[tuple[_Span, str]],
    title: int,
    user_tables: UserTables | None,
) -> Iterator[_Section]:
    """Yield the title as a section of its own, then each heading."""
    starts = [clause.start for clause in clauses]
    whole: list[str] = []
    for number, ((start, end), language) in enumerate(paragraphs):
        if language not in LANGUAGES:
            continue
        words = text[start:end]
        if number < title:
            whole += _specific(words, language, user_tables)
            yield _Section(start, tuple(dict.fromkeys(whole)), title=True)
        elif _is_heading(words, language) and not any(start <= place < end for place in starts):
            named = _specific(words, language, user_tables)
            yield _Section(start, named or tuple(dict.fromkeys(whole)), title=not named)


def _specific(words: str, language: str, user_tables: UserTables | None) -> tuple[str, ...]:
    return _specific_of(topics_of(fold(words).text, lexicon(language, user_tables)))


def _is_heading(words: str, language: str) -> bool:
    """Whether a paragraph is a heading: short, and without the end of a sentence."""
    longest = _LONGEST_DENSE if language == "zh" else _LONGEST
    line = words.strip()
    return 3 <= len(line) <= longest and line[-1] not in _ENDINGS and any(letter.isalpha() for letter in line)
