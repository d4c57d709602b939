"""What reading a text yields: its sentences, and the clauses in them that are, or may pass for, commitments."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Final

from landlink.statement.document import Document
from landlink.statement.layout import Layout

__all__ = ["HARD_FROM", "RATES", "STRENGTHS", "TOPICS", "Clause", "Quantity", "Reading", "Sentence"]

#: Lowest strength at which a commitment counts as hard.
HARD_FROM: Final = 2

#: Names of the strengths, from 0 to 5.
STRENGTHS: Final = ("none", "stressed", "ready", "will", "pledged", "signed")

#: What an amount may be for: a period, or a tonne, kilometre, vehicle or trip.
RATES: Final = ("h", "day", "week", "month", "quarter", "year", "t", "km", "vehicle", "trip")

#: The closed list of topics.
TOPICS: Final = (
    "rail", "road", "border_crossing", "transport_transit", "infrastructure", "trade", "investment", "energy", "green",
    "climate", "environment", "water", "agriculture", "mining", "digital", "tourism", "health", "security", "politics",
    "governance", "people", "general",
)  # fmt: skip


@dataclass(frozen=True)
class Quantity:
    """A number stated in a clause.

    Attributes
    ----------
    value
        The number with any scale word applied (5 million: 5e6).
    unit
        What is counted, as an identifier (``USD``, ``vehicles``, ``percent``, ``doses``, ``km`` ...); ``times`` for a
        multiple of the baseline; empty if unknown.
    start, end
        Its span in the normalised text.
    per
        For a rate, ``day``, ``week``, ``month`` or ``year``, or what an amount is for: ``t``, ``km``, ``vehicle``,
        ``trip``; otherwise empty.
    direction
        ``at_least``, ``at_most`` or ``equal``; ``change_by`` if the number is a change, negative for a reduction;
        empty if the words do not say.
    baseline
        The number from which it is to change, if the clause states it, in the same unit.

    Examples
    --------
    >>> import landlink as ll
    >>> clause = ll.statement.read("The sides agreed to supply 5 million doses.").clauses[0]
    >>> clause.quantity.value, clause.quantity.unit
    (5000000.0, 'doses')
    """

    value: float
    unit: str
    start: int
    end: int
    per: str = ""
    direction: str = ""
    baseline: float | None = None

    @property
    def full_unit(self) -> str:
        """Its unit with the period of a rate: ``vehicles/day``."""
        if self.unit == "times" and not self.per:
            return "times the baseline"
        return f"{self.unit}/{self.per}" if self.per else self.unit


@dataclass(frozen=True)
class Clause:
    """A clause that is, or may pass for, a commitment.

    Attributes
    ----------
    start, end
        Its span in the normalised text.
    quote
        The normalised text of that span, verbatim.
    strength
        5 signed; 4 agreed, pledged, will ensure; 3 will; 2 ready, intends; 1 stressed, should; 0 none.
    hard
        Whether the strength is 2 or more.
    topics
        Members of :data:`TOPICS`, the most relevant first.
    parties
        ISO 3166-1 alpha-3 codes of the countries that commit themselves.
    projects, places
        Identifiers from the gazetteer.
    quantity
        The first quantity, if any.
    baseline
        The state the clause compares with, in the words of the text, if any.
    deadline
        The day by which the commitment is due, if any.
    due_after
        Time after the date of the text by which it is due, as an ISO 8601 duration (``P3Y``), if it gives one.
    trend
        ``increase`` or ``decrease`` where it names a trend and no number; empty if its words do not say.
    indicator
        The model indicator suggested for it, if any.
    head
        For a clause that inherits its strength, the words from which it does: the head of a list, or a verb before it.
    flags
        What a reviewer should look at: ``anaphora``, ``inherited_strength``, ``duplicate``, ``missing_baseline``,
        ``missing_deadline``, ``country_not_party``, ``effect``, ``provision``, ``out_of_genre``.
    sentence
        Index of its sentence in :attr:`Reading.sentences`.
    page
        Page of the document on which it begins, from 1; None where its pages are not known.
    rules
        For each field that was set, the rule that set it.

    Examples
    --------
    >>> import landlink as ll
    >>> clause = ll.statement.read("The sides agreed to open the border post by 2030.").clauses[0]
    >>> clause.quote, clause.strength, clause.hard
    ('The sides agreed to open the border post by 2030', 4, True)
    """

    start: int
    end: int
    quote: str
    strength: int
    hard: bool
    topics: tuple[str, ...]
    parties: tuple[str, ...] = ()
    projects: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    quantity: Quantity | None = None
    baseline: str | None = None
    deadline: date | None = None
    due_after: str = ""
    trend: str = ""
    indicator: str | None = None
    head: str = ""
    flags: tuple[str, ...] = ()
    sentence: int = 0
    page: int | None = None
    rules: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Sentence:
    """A sentence of a text.

    Attributes
    ----------
    start, end
        Its span in the normalised text.
    language
        ISO 639-1 code of its paragraph; ``und`` if undetermined.
    cue
        Whether it contains a word that may mark a commitment.

    Examples
    --------
    >>> import landlink as ll
    >>> ll.statement.read("Both sides will build a road.").sentences
    (Sentence(start=0, end=29, language='en', cue=True),)
    """

    start: int
    end: int
    language: str
    cue: bool


@dataclass(frozen=True, repr=False)
class Reading:
    """A text as read by :func:`landlink.statement.read`.

    Attributes
    ----------
    text
        The normalised text; all offsets are into it, in characters.
    sha256
        SHA-256 of its UTF-8 bytes, in hexadecimal.
    language
        ISO 639-1 code of most of the text.
    sentences, clauses
        In text order.
    source_offset
        For each character of ``text`` and for its end, the offset in the text as given: ``len(text) + 1`` numbers.
    layout
        What was done to the lines of the text as given.
    document
        The file, if it was read from one.

    Examples
    --------
    >>> import landlink as ll
    >>> ll.statement.read("Both sides will build a road. The weather was fine.")
    Reading of 51 characters in en: 2 sentences, 1 clauses
    """

    text: str
    sha256: str
    language: str
    sentences: tuple[Sentence, ...]
    clauses: tuple[Clause, ...]
    source_offset: tuple[int, ...]
    layout: Layout = field(default_factory=Layout)
    document: Document | None = None

    def __repr__(self) -> str:
        counts = f"{len(self.sentences):,} sentences, {len(self.clauses):,} clauses"
        return f"Reading of {len(self.text):,} characters in {self.language}: {counts}"
