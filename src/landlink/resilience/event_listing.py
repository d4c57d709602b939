"""Events of a study in a list: when, of what cause, and how much was counted of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from landlink.study import Study
from landlink.tables.dates import parse_date
from landlink.tables.frames import Row, records, texts
from landlink.tables.names import name_in

__all__ = ["ListedEvent", "listed_events"]


@dataclass(frozen=True, slots=True)
class ListedEvent:
    """An event with what is known of it.

    Attributes
    ----------
    id, name, cause
        Identifier, name in the language asked for, and cause.
    begins, last
        First and last day.
    phases
        Number of phases.
    observed
        Number of observations of it, those before and after it among them.
    """

    id: str
    name: str
    cause: str
    begins: date
    last: date
    phases: int
    observed: int


def listed_events(study: Study, language: str = "en") -> list[ListedEvent]:
    """List the events of a study by their first day.

    Parameters
    ----------
    study
        The study.
    language
        Language of names; what has no translation keeps its own name.

    Examples
    --------
    >>> import landlink as ll
    >>> first = listed_events(ll.open_study("china-kyrgyzstan"))[0]
    >>> first.begins <= first.last
    True
    """
    observed = Counter(texts(study.tables["event_observed"], "event_id"))
    phases: dict[str, list[Row]] = {}
    for row in records(study.tables["event"]):
        phases.setdefault(str(row["event_id"]), []).append(row)
    found = [_listed(name, rows, language, observed[name]) for name, rows in phases.items()]
    return sorted(found, key=lambda one: (one.begins, one.id))


def _listed(name: str, rows: list[Row], language: str, observed: int) -> ListedEvent:
    first = min(rows, key=lambda row: int(row["phase"]))
    ends = max(_day(row["ends"]) for row in rows)
    return ListedEvent(
        id=name,
        name=name_in(first, language) or name,
        cause=str(first["cause"]),
        begins=min(_day(row["begins"]) for row in rows),
        last=ends - timedelta(days=1),  # tables have the first day after it
        phases=len(rows),
        observed=observed,
    )


def _day(text: object) -> date:
    found = parse_date(str(text))
    if found is None:
        raise ValueError(f"not a date, which the reader would have refused: {text}")
    return found
