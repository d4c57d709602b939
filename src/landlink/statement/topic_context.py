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
#: Most topics of a heading that says what each clause below is about; and of those that a clause takes.
_MOST: Final = 2
_TAKEN: Final = 1
#: Share of the clauses with a topic of their own that name the theme of a text, and the fewest such clauses.
_THEME: Final = 0.4
_FEW: Final = 12
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
    found: list[Clause] = []
    at = 0
    for clause in clauses:
        while at + 1 < len(sections) and sections[at + 1].start <= clause.start:
            at += 1
        section = sections[at] if sections else _Section(0, (), title=True)
        before = found[-1].topics if found and found[-1].start >= section.start else ()
        found.append(_placed(clause, section, before))
    theme = _theme(clauses)
    return [_with_theme(clause, theme) for clause in found] if theme else found


def _theme(clauses: Sequence[Clause]) -> str:
    """Topic that so many clauses name that the text is about it as a whole; empty if there is none."""
    named = [topics for clause in clauses if (topics := _specific_of(clause.topics))]
    if len(named) < _FEW:
        return ""
    topic, count = Counter(topic for topics in named for topic in topics).most_common(1)[0]
    return topic if count >= _THEME * len(named) else ""


def _with_theme(clause: Clause, theme: str) -> Clause:
    """Add what the whole text is about to a clause that names one other topic."""
    own = _specific_of(clause.topics)
    if clause.rules.get("topics") == _NO_FIELD or len(own) != 1 or theme in own:
        return clause
    return replace(clause, topics=(*own, theme), rules={**clause.rules, "topics": _RULE})


def _placed(clause: Clause, section: _Section, before: tuple[str, ...]) -> Clause:
    own = _specific_of(clause.topics)
    if clause.rules.get("topics") == _NO_FIELD or len(own) > 1:
        return clause
    if own and (section.title or not 0 < len(section.topics) <= _MOST):
        return clause
    # One topic alone is often the lesser one: "equip the two posts with scanners", under "Borders".
    headed = () if section.title else section.topics[:_TAKEN]
    near = headed or _specific_of(before)[:_TAKEN] or section.topics[:_TAKEN]
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
