"""What reading a text gives: sentences, and the clauses in them that promise something or may be taken for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Final

__all__ = ["HARD_FROM", "TOPICS", "Clause", "Quantity", "Reading", "Sentence"]

#: Strengths from which a commitment counts as hard.
HARD_FROM: Final = 2

#: The closed list of topics.
TOPICS: Final = (
    "rail", "road", "border_crossing", "transport_transit", "infrastructure", "trade", "investment", "energy", "green",
    "climate", "environment", "water", "agriculture", "mining", "digital", "tourism", "health", "security", "politics",
    "governance", "people", "general",
)  # fmt: skip


@dataclass(frozen=True)
class Quantity:
    """A number in a clause.

    Attributes
    ----------
    value
        The number, scaled words included (5 million: 5e6).
    unit
        What is counted, as an identifier (``USD``, ``vehicles``, ``percent``, ``doses``, ``km`` ...); empty: unknown.
    start, end
        Where it stands in the normalised text.
    per
        ``day``, ``week``, ``month`` or ``year`` for a rate; empty: none.
    """

    value: float
    unit: str
    start: int
    end: int
    per: str = ""


@dataclass(frozen=True)
class Clause:
    """Words that may be a commitment.

    Attributes
    ----------
    start, end
        Where it stands in the normalised text.
    quote
        The normalised text there, to the letter.
    strength
        5 signed; 4 agreed, pledged, will ensure; 3 will; 2 ready, intends; 1 stressed, should; 0 none.
    hard
        Strength of 2 and above.
    topics
        Of :data:`TOPICS`, most telling first.
    parties
        ISO 3166-1 alpha-3 codes of those that promise.
    projects, places
        Identifiers of the gazetteers.
    quantity
        The first quantity, or None.
    baseline, deadline
        The state it is compared with, in the words of the text; the day by which it is due.
    indicator
        Suggested indicator of the model, or None.
    flags
        What a person should look at: ``anaphora``, ``inherited_strength``, ``duplicate``, ``missing_baseline``,
        ``missing_deadline``, ``country_not_party``, ``effect``, ``out_of_genre``.
    sentence
        Number of its sentence.
    rules
        For each field that is known, the rule that set it.
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
    indicator: str | None = None
    flags: tuple[str, ...] = ()
    sentence: int = 0
    rules: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Sentence:
    """A sentence: where it stands in the normalised text, its language, and whether a cue was found in it."""

    start: int
    end: int
    language: str
    cue: bool


@dataclass(frozen=True)
class Reading:
    """A whole text, read.

    Attributes
    ----------
    text
        Normalised text; all offsets are into it, in characters.
    sha256
        Hash of its UTF-8 bytes, in hexadecimal.
    language
        ISO 639-1 code of most of it.
    sentences, clauses
        In the order of the text.
    source_offset
        For each character of ``text`` and its end, where it began in what was given, ``len(text) + 1`` numbers.
    """

    text: str
    sha256: str
    language: str
    sentences: tuple[Sentence, ...]
    clauses: tuple[Clause, ...]
    source_offset: tuple[int, ...]
