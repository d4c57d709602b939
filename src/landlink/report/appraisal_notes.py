"""Notes on appraisals and abatement curves in the language of a reader."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from markupsafe import Markup

from landlink.appraisal.notes import FACTS, Note
from landlink.report.svg import tag
from landlink.report.words import Words

__all__ = ["note_items", "told"]

#: Gives the name of what a table holds, by its identifier.
Name = Callable[[str, str], str]


def note_items(notes: Sequence[str], words: Words, name: Name) -> list[Markup]:
    """Items of a list of notes; what was written elsewhere as a mere text stays English, and is marked so."""
    return [
        tag("li", told(note, words, name)) if isinstance(note, Note) else tag("li", note, lang="en", dir="ltr")
        for note in notes
    ]


def told(note: str, words: Words, name: Name) -> str:
    """Say a note in the language of a page.

    Parameters
    ----------
    note
        The note; a text that is none is said as it is.
    words
        The language.
    name
        Gives names of countries and measures by table and identifier.
    """
    if not isinstance(note, Note):
        return note
    facts = {key: _WRITTEN[FACTS[key]](value, words, name) for key, value in note.facts.items()}
    text = words(f"appraisal_note.{note.code}", **facts)
    if note.about is None:
        return text
    kind, value = note.about
    about = words.year(value) if kind == "year" else name("measure", value) if kind == "measure" else str(value)
    return words.headed(words.isolated(about), text)


def _named(table: str) -> Callable[[Sequence[str], Words, Name], str]:
    """Writes a list of rows of a table by their names."""
    return lambda values, words, name: words("common.comma").join(words.isolated(name(table, one)) for one in values)


def _carriers(values: Sequence[str], words: Words, _: Name) -> str:
    return words("common.comma").join(words.term("carrier", one) for one in values)


def _need(values: Sequence[tuple[str, float]], words: Words, name: Name) -> str:
    written = (
        f"{words.isolated(name('country', country) if country else words('appraisal.no_country'))}"
        f" {words.rough_number(amount)}"
        for country, amount in values
    )
    return words("common.comma").join(written)


def _reasons(values: Sequence[Sequence[str]], words: Words, name: Name) -> str:
    """Why cells have no effect, as the first page says it."""
    written = (
        words.headed(
            words.isolated(place),
            words(f"idle.{reason}", detail=name("measure", detail) if reason in _OF_MEASURES else detail),
        )
        for place, reason, detail in values
    )
    return words("common.list_separator").join(written)


#: Reasons whose detail is a measure.
_OF_MEASURES: Final = ("overwritten", "opened_by")

#: How each kind of fact is written.
_WRITTEN: Final[Mapping[str, Callable[[Any, Words, Name], str]]] = {
    "year": lambda value, words, _: words.year(int(value)),
    "count": lambda value, words, _: words.count(value),
    "number": lambda value, words, _: words.plain(value),
    "rough": lambda value, words, _: words.rough_number(value),
    "percent": lambda value, words, _: words.percent(value / 100),
    "gap": lambda value, words, _: words.scientific(value),
    "measure": lambda value, _, name: name("measure", value),
    "text": lambda value, *_: str(value),
    "measures": _named("measure"),
    "countries": _named("country"),
    "carriers": _carriers,
    "need": _need,
    "reasons": _reasons,
}
