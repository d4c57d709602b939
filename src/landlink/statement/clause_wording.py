"""The words in which a clause is shown to a reader: quotation or gloss, in the reader's language if possible."""

from __future__ import annotations

from dataclasses import dataclass, replace

from landlink.statement.clause_features import language_of
from landlink.statement.register import Register
from landlink.statement.register_records import Entry

__all__ = ["ClauseWording", "evidence_of", "wording_of"]


@dataclass(frozen=True, slots=True)
class ClauseWording:
    """A text that says what a clause says.

    Attributes
    ----------
    text
        The text; empty if the clause has none.
    language
        Its ISO 639-1 code.
    """

    text: str
    language: str


def wording_of(entry: Entry, register: Register, language: str) -> ClauseWording:
    """Choose the words in which a clause is told to a reader.

    A quotation in the reader's language comes first, then the gloss in that language, then the gloss in its own, and
    last the quotation in its own.

    Parameters
    ----------
    entry
        The clause.
    register
        Its register.
    language
        ISO 639-1 code of the reader's language.

    Returns
    -------
    ClauseWording

    Examples
    --------
    >>> import landlink as ll
    >>> from landlink.statement.clause_wording import wording_of
    >>> register = ll.statement.open_register(ll.open_study("china-kyrgyzstan").path / "register.yaml")
    >>> wording_of(register.clauses[8], register, "en").text
    'They will make trade larger.'
    >>> [wording_of(register.clauses[8], register, language).language for language in ("zh", "fr")]
    ['zh', 'en']
    """
    quotation = ClauseWording(entry.quote or "", language_of(entry, register))
    if entry.quote and quotation.language == language:
        return quotation
    if translation := entry.glosses.get(language):
        return ClauseWording(translation, language)
    if entry.gloss or not entry.quote:
        return ClauseWording(entry.gloss or "", language_of(replace(entry, quote=None), register))
    return quotation


def evidence_of(entry: Entry, register: Register, language: str) -> tuple[ClauseWording, ClauseWording | None]:
    """Give the quotation of a clause as it stands, and what it says in the reader's language where that is another.

    Parameters
    ----------
    entry, register, language
        As for :func:`wording_of`.

    Returns
    -------
    tuple of ClauseWording and ClauseWording or None
        Without a quotation, the words for the reader alone.
    """
    told = wording_of(entry, register, language)
    if not entry.quote:
        return told, None
    quotation = ClauseWording(entry.quote, language_of(entry, register))
    return quotation, told if told.language == language != quotation.language else None
