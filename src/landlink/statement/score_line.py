"""A line of a scoreboard: a commitment, its test, and what scenarios, observations and later events say about it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from landlink.statement.criterion import Criterion, Reason, Verdict
from landlink.statement.register_records import Entry
from landlink.statement.trend import MOVEMENTS, TRENDS

__all__ = ["Assessment", "ScoreLine"]

#: What stands in place of the verdict on a value from before the text, which says nothing about the commitment.
_BEFORE: Final = "before_text"


@dataclass(frozen=True, slots=True)
class Assessment:
    """What one scenario, observation or event says about one commitment.

    Attributes
    ----------
    kind
        ``scenario``, ``observed`` or ``outcome``.
    case
        Identifier of the scenario, or rows of the observations; empty for an outcome without rows.
    label
        What a reader is shown.
    when
        Year, or a finer period.
    year
        Its year.
    value
        In the indicator's unit; NaN if there is none.
    verdict
        ``met`` or ``not_met``; ``right_way``, ``wrong_way`` or ``no_change`` where the clause names a trend and no
        number; or ``not_testable``.
    distance
        Value less target, in the indicator's unit, or for a trend less baseline; NaN if there is no test.
    bound
        ``value``; ``lower`` or ``upper`` if the value is a bound of the true one.
    due
        Whether the commitment was due by then.
    reason
        Why it is not testable, if it is not.
    source
        Where an observation or outcome was published.
    before
        Whether it precedes the text and so says nothing about the commitment.
    low, high
        P10 and P90 of the value where a result has an ensemble; NaN without. The verdict is that on the value.

    Examples
    --------
    >>> import landlink as ll
    >>> study = ll.open_study("china-kyrgyzstan")
    >>> register = ll.statement.open_register(study.path / "register.yaml")
    >>> board = ll.statement.score_study(study, register, scenarios=[])
    >>> [(item.when, item.verdict) for item in board.testable[0].of("observed") if item.when == "2024"]
    [('2024', 'met')]
    """

    kind: str
    case: str
    label: str
    when: str
    year: int
    value: float
    verdict: Verdict
    distance: float = math.nan
    bound: str = "value"
    due: bool = True
    reason: Reason | None = None
    source: str = ""
    before: bool = False
    low: float = math.nan
    high: float = math.nan

    @property
    def has_interval(self) -> bool:
        """Whether both ends of an interval are known."""
        return math.isfinite(self.low) and math.isfinite(self.high)


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """One commitment of a scoreboard.

    Attributes
    ----------
    entry
        Its clause.
    criterion
        Its test, if it has one.
    reason
        Why it has none.
    assessments
        What scenarios, observations and events say about it.

    Examples
    --------
    >>> import landlink as ll
    >>> study = ll.open_study("china-kyrgyzstan")
    >>> register = ll.statement.open_register(study.path / "register.yaml")
    >>> line = ll.statement.score_study(study, register, scenarios=[]).testable[0]
    >>> line.entry.id, line.met_since.when
    ('C13', '2024')
    """

    entry: Entry
    criterion: Criterion | None
    reason: Reason | None
    assessments: tuple[Assessment, ...] = ()

    def of(self, *kinds: str) -> tuple[Assessment, ...]:
        """Return the assessments of some kinds."""
        return tuple(item for item in self.assessments if item.kind in kinds)

    def judged(self, item: Assessment | None) -> tuple[str, Reason | None]:
        """Give the verdict on a piece of evidence and why nothing is tested, as terminal, files and reports show it.

        Parameters
        ----------
        item
            One of its assessments; None for a clause without any.

        Returns
        -------
        tuple
            A verdict, or ``before_text`` for a value from before the text; and the reason where it tests nothing.
        """
        if item is None:
            return "not_testable", self.reason or Reason("no_evidence")
        if item.before:
            return _BEFORE, Reason(_BEFORE)
        return item.verdict, item.reason or (self.reason if item.verdict == "not_testable" else None)

    @property
    def evidence(self) -> tuple[Assessment, ...]:
        """Observations and outcomes since the text was issued."""
        return tuple(item for item in self.of("observed", "outcome") if not item.before)

    @property
    def proxy(self) -> bool:
        """Whether the indicator only approximates the commitment."""
        return bool(self.entry.accepted_value("measurable") == "proxy")

    @property
    def latest_verdict(self) -> Assessment | None:
        """The latest piece of evidence that decides."""
        decisive = [item for item in self.evidence if item.verdict != "not_testable"]
        return decisive[-1] if decisive else None

    @property
    def directional(self) -> bool:
        """Whether only its direction is tested: the clause names a trend and no number, and can never be kept."""
        if self.criterion is not None:
            return self.criterion.trend
        target = self.entry.accepted_value("target") if self.entry.counts else None
        return target is not None and target.direction in TRENDS

    @property
    def moving_since(self) -> Assessment | None:
        """The first piece of evidence from which on the same movement has been seen; None without any."""
        since = None
        for item in self.evidence:
            if item.verdict in MOVEMENTS and (since is None or item.verdict != since.verdict):
                since = item
        return since

    @property
    def met_since(self) -> Assessment | None:
        """The first piece of evidence from which on the commitment has been met; None while it is not."""
        since = None
        for item in self.evidence:
            if item.verdict == "met":
                since = since or item
            elif item.verdict == "not_met":
                since = None
        return since
