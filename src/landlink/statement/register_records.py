"""The records of a register: its source, projects, clauses, suggestions and outcomes.

:mod:`landlink.statement.register_schema` declares the same fields for the file.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from landlink.statement.clause import HARD_FROM, Quantity

__all__ = [
    "Baseline", "Decision", "Entry", "Opinion", "Outcome", "Project", "Source", "Suggestion", "Target", "Unclassified",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Source:
    """The text from which a register was read.

    Attributes
    ----------
    language
        ISO 639-1 code of most of the text.
    sha256
        SHA-256 of the normalised text in UTF-8.
    characters
        Length of the normalised text.
    title
        Title of the text.
    titles
        The title in other languages, by ISO 639-1 code.
    issued
        Date on which it was issued.
    file, format, file_sha256, pages
        Name, format (``pdf``, ``docx``, ``html`` or ``text``), SHA-256 and number of pages of the file that was read.
    read_by
        Program or model that read it.
    note
        Remarks.

    Examples
    --------
    >>> import landlink as ll
    >>> reading = ll.statement.read("Both sides will build a road.")
    >>> ll.statement.draft_register(reading, title="A short text").source.title
    'A short text'
    """

    language: str
    sha256: str
    characters: int
    title: str | None = None
    titles: Mapping[str, str] = field(default_factory=dict)
    issued: dt.date | None = None
    read_by: str | None = None
    note: str | None = None
    file: str | None = None
    format: str | None = None
    file_sha256: str | None = None
    pages: int | None = None

    def title_in(self, language: str) -> str:
        """Title in a language, or else as it is; empty for none.

        Examples
        --------
        >>> Source("en", "", 0, title="Statement", titles={"ru": "Заявление"}).title_in("ru")
        'Заявление'
        """
        return self.titles.get(language) or self.title or ""


@dataclass(frozen=True, slots=True)
class Project:
    """A project that clauses name.

    Attributes
    ----------
    id
        Identifier, as clauses use it.
    title
        Name of the project.
    measure
        The study's measure that models it.
    countries
        Countries in which it lies, as ISO 3166-1 alpha-3 codes.

    Examples
    --------
    >>> import landlink as ll
    >>> ll.statement.Project("cku-railway", measure="cku-railway").measure
    'cku-railway'
    """

    id: str
    title: str | None = None
    measure: str | None = None
    countries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Target:
    """What a commitment is to achieve: a number, a multiple of its baseline, a change from it, or only a trend.

    Attributes
    ----------
    direction
        Side of the number on which the commitment is kept: ``at_least``, ``at_most``, ``more_than``, ``less_than`` or
        ``equal``. Where the clause names a trend and no number: ``increase`` or ``decrease``.
    value
        The number, in ``unit`` or else in the indicator's.
    times_baseline
        Alternatively, a multiple of the baseline.
    plus_baseline
        Alternatively, a change from the baseline, negative for a reduction.
    unit
        Unit of the number, if it is not in the indicator's.
    tolerance
        Permitted shortfall, as a share of the target.

    Examples
    --------
    >>> import landlink as ll
    >>> ll.statement.Target("at_least", times_baseline=1.5).times_baseline
    1.5
    """

    direction: str
    value: float | None = None
    times_baseline: float | None = None
    unit: str | None = None
    tolerance: float | None = None
    plus_baseline: float | None = None


@dataclass(frozen=True, slots=True)
class Baseline:
    """The value with which a commitment compares: a number, an observation, or an indicator of a scenario.

    Attributes
    ----------
    value
        The value, in the indicator's unit.
    observed
        Alternatively, a row of the study's table ``observed``.
    scenario
        Alternatively, a scenario of the study, for the value of the indicator there.
    year
        Year to which it applies.

    Examples
    --------
    >>> import landlink as ll
    >>> ll.statement.Baseline(scenario="base-2023").scenario
    'base-2023'
    """

    value: float | None = None
    observed: str | None = None
    scenario: str | None = None
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An inferred value; it does not count until a person accepts it.

    Attributes
    ----------
    value
        The value, of the type of the field that it is for.
    rule
        The rule that inferred it.
    why
        The reason, for the reviewer.
    accepted_by
        Person who accepted it, if anyone has.

    Examples
    --------
    >>> import landlink as ll
    >>> ll.statement.Suggestion("crossing.trucks_per_day[TORU]", accepted_by="A. Reviewer").accepted_by
    'A. Reviewer'
    """

    value: Any
    rule: str | None = None
    why: str | None = None
    accepted_by: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """A later event that bears on a commitment, with its source.

    Attributes
    ----------
    when
        Year, month or day: ``2024``, ``2024-06`` or ``2024-06-30``.
    what
        What happened.
    source
        Where it was published.
    value
        Observed value, in the indicator's unit.
    bound
        ``value``, ``lower`` or ``upper``: whether this is the true value or a bound of it.
    observed
        Rows of the study's table ``observed`` that add up to it.
    finding
        ``kept``, ``partly_kept``, ``not_kept`` or ``open``, where no number decides; for a clause that names a trend
        only ``right_way``, ``wrong_way``, ``no_change`` or ``open``.

    Examples
    --------
    >>> import landlink as ll
    >>> ll.statement.Outcome("2024", "The post opened.", "a newspaper", finding="kept").finding
    'kept'
    """

    when: str
    what: str
    source: str
    value: float | None = None
    bound: str | None = None
    observed: tuple[str, ...] = ()
    finding: str | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision in review.

    Attributes
    ----------
    field
        Field of the clause, ``clause``, ``span`` or ``note``.
    by
        Person who decided.
    value
        What was decided, in words.
    when
        Day of the decision.

    Examples
    --------
    >>> import landlink as ll
    >>> ll.statement.Decision("status", "A. Reviewer", "accepted").by
    'A. Reviewer'
    """

    field: str
    by: str
    value: str | None = None
    when: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one reviewer holds of a field on which reviewers differ.

    Attributes
    ----------
    field
        Field of the clause, or ``clause`` for whether there is such a clause at all.
    by
        The reviewer, or the file where no name is known.
    value
        The value, of the type of the field.
    when
        Day of the decision.

    Examples
    --------
    >>> import landlink as ll
    >>> ll.statement.Opinion("strength", "A. Reviewer", 4).value
    4
    """

    field: str
    by: str
    value: Any = None
    when: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Unclassified:
    """A sentence in which no clause was found.

    Attributes
    ----------
    start, end
        Span in the normalised text.
    language
        ISO 639-1 code.
    quote
        The normalised text of the span.
    flags
        What a reviewer should look at.

    Examples
    --------
    >>> import landlink as ll
    >>> reading = ll.statement.read("Both sides will build a road. The weather was fine.")
    >>> [sentence.quote for sentence in ll.statement.draft_register(reading).unclassified]
    ['The weather was fine.']
    """

    start: int
    end: int
    language: str | None = None
    quote: str | None = None
    flags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Entry:
    """A clause of a register: what was read, what was suggested, and its review.

    Parameters
    ----------
    id
        Identifier, unique within the register.
    start, end
        Span in the normalised text.
    **fields
        The further fields of a :ref:`clause <register-clause>`, under the names they have in the file.

    Examples
    --------
    >>> import landlink as ll
    >>> reading = ll.statement.read("The sides will raise trade to 10 billion US dollars by 2030.")
    >>> entry = ll.statement.draft_register(reading).clauses[0]
    >>> entry.status, entry.counts, entry.accepted_value("target")
    ('draft', False, None)
    >>> entry.suggested["target"].value.value
    10000000000.0
    """

    id: str
    start: int
    end: int
    status: str = "draft"
    sentence: int | None = None
    page: int | None = None
    quote: str | None = None
    gloss: str | None = None
    glosses: Mapping[str, str] = field(default_factory=dict)
    strength: int | None = None
    topics: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    projects: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    quantity: Quantity | None = None
    baseline_words: str | None = None
    target: Target | None = None
    baseline: Baseline | None = None
    deadline: dt.date | None = None
    due_after: str | None = None
    measurable: str | None = None
    indicator: str | None = None
    note: str | None = None
    head: str | None = None
    flags: tuple[str, ...] = ()
    rules: Mapping[str, str] = field(default_factory=dict)
    suggested: Mapping[str, Suggestion] = field(default_factory=dict)
    accepted_by: str | None = None
    outcomes: tuple[Outcome, ...] = ()
    decisions: tuple[Decision, ...] = ()
    disagreements: tuple[Opinion, ...] = ()

    @property
    def hard(self) -> bool:
        """Whether it is a hard commitment: of strength 2 or more."""
        return self.strength is not None and self.strength >= HARD_FROM

    @property
    def reviewed(self) -> bool:
        """Whether a reviewer has decided anything about it."""
        return self.status != "draft" or bool(self.decisions or self.disagreements)

    @property
    def counts(self) -> bool:
        """Whether a named person has accepted it."""
        return self.status == "accepted" and bool(self.accepted_by)

    def accepted_value(self, name: str) -> Any:
        """Return a field as it counts: the value read, or else a suggestion that a named person has accepted.

        Parameters
        ----------
        name
            One of :data:`~landlink.statement.register_schema.SUGGESTED`.

        Returns
        -------
        object
            The value; None or empty if none counts.
        """
        given = getattr(self, name)
        if given not in (None, ()):
            return given
        suggestion = self.suggested.get(name)
        return suggestion.value if suggestion is not None and suggestion.accepted_by else given
