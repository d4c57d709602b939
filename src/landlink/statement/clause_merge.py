"""Merge what several reviewers made of one clause: what they agree on, and who holds what where they differ.

Who changes a field, or accepts the clause and so stands by all its fields, has a voice on that field. Without a common
draft to compare with, nobody can tell what was changed, and everyone has a voice on every field. A clause on which
reviewers differ goes back to ``draft``, so that nothing disputed counts.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Final, TypeVar

from landlink.statement.register_records import Decision, Entry, Opinion, Suggestion
from landlink.statement.register_schema import DISPUTABLE, FLAGS, SUGGESTED
from landlink.statement.register_text import plain

__all__ = ["Copy", "has_reviewed", "merge_clause", "open_opinions"]

#: Fields that a reviewer's copy holds one value of.
_FIELDS: Final = tuple(name for name in DISPUTABLE if name not in ("clause", "status"))
#: Lists whose order says nothing.
_SETS: Final = frozenset({"topics", "parties", "projects", "places"})
_NAMES: Final = "; "
_Item = TypeVar("_Item")


@dataclass(frozen=True)
class Copy:
    """A reviewer's copy of a clause.

    Attributes
    ----------
    name
        Name of the copy, for opinions that bear no person's name.
    entry
        The clause as it stands in the copy.
    """

    name: str
    entry: Entry


def has_reviewed(entry: Entry, base: Entry | None) -> bool:
    """Whether a copy of a clause says more than the draft: its reviewer changed or decided something."""
    return base is None or replace(entry, id=base.id) != base


def merge_clause(copies: Sequence[Copy], base: Entry | None, presence: Iterable[Opinion] = ()) -> Entry:
    """Merge the copies of one clause.

    Parameters
    ----------
    copies
        The copies, with the same span.
    base
        The clause in the draft that was reviewed, if known.
    presence
        Opinions on whether there is such a clause, if reviewers differ.

    Returns
    -------
    Entry
        What all agree on; the opinions on the rest are listed under ``disagreements``.
    """
    copies, base = _with_agreed_glosses(copies, base)
    entries = [copy.entry for copy in copies]
    values: dict[str, Any] = {}
    suggested: dict[str, Suggestion] = {}
    opinions = [*presence]
    for field in _FIELDS:
        values[field], suggestion, differing = _field(field, copies, base)
        opinions += differing
        if suggestion is not None:
            suggested[field] = suggestion
    status, differing = _status(copies, base)
    opinions += differing
    disputed = {opinion.field for opinion in opinions}
    # A clause that may not exist is decided on once that is settled; the decision of each stays in the log.
    if "clause" in disputed or (opinions and status == "accepted"):
        status = "draft"
    return replace(
        _first(entries),
        **values,
        status=status,
        accepted_by=_joined(entry.accepted_by for entry in entries) if status == "accepted" else None,
        quote=_least(entry.quote for entry in entries),
        sentence=_least(entry.sentence for entry in entries),
        note=_notes(entries),
        flags=_listed((entry.flags for entry in entries), FLAGS.index),
        rules=MappingProxyType(_rules(entries, disputed)),
        suggested=MappingProxyType({name: suggested[name] for name in SUGGESTED if name in suggested}),
        outcomes=_listed((entry.outcomes for entry in entries), _canonical),
        decisions=_listed(([*entry.decisions, *_undated(entry)] for entry in entries), _by_day),
        disagreements=tuple(opinions),
    )


def _field(field: str, copies: Sequence[Copy], base: Entry | None) -> tuple[Any, Suggestion | None, list[Opinion]]:
    """Give the value and the suggestion of a field that are taken over, and the opinions if reviewers differ."""
    speaking = [copy for copy in copies if _speaks(copy.entry, base, field)]
    opinions = _opinions(field, speaking) if speaking else open_opinions(base, field)
    if len({_key(field, opinion.value) for opinion in opinions}) > 1:
        everyone = [copy.entry for copy in copies]
        held = [entry.suggested[field] for entry in everyone if field in entry.suggested]
        nothing = _nothing(getattr(everyone[0], field))
        suggestion = replace(min(held, key=_plain_suggestion(field)), accepted_by=None) if held else None
        return nothing, suggestion, opinions
    agreeing = [copy.entry for copy in speaking] or ([base] if base is not None else [])
    chosen = min(agreeing, key=lambda entry: _state(field, entry))
    suggestion = chosen.suggested.get(field)
    if suggestion is not None and suggestion.accepted_by:
        given = [entry.suggested[field] for entry in agreeing if field in entry.suggested]
        names = _joined(item.accepted_by for item in given if item.value == suggestion.value)
        suggestion = replace(suggestion, accepted_by=names)
    return getattr(chosen, field), suggestion, []


def _nothing(value: Any) -> Any:
    """Give the empty value of a field."""
    return () if isinstance(value, tuple) else {} if isinstance(value, Mapping) else None


def _with_agreed_glosses(copies: Sequence[Copy], base: Entry | None) -> tuple[list[Copy], Entry | None]:
    """Give every copy, and the draft, the translations on which all who have a voice agree.

    Each language is a matter of its own: who adds the Russian gloss does not differ from who adds the Chinese one.
    """
    known = base.glosses if base is not None else {}
    agreed: dict[str, str | None] = {}
    for code in sorted({code for copy in copies for code in copy.entry.glosses} | set(known)):
        before = known.get(code)
        voices = {
            copy.entry.glosses.get(code)
            for copy in copies
            if copy.entry.glosses.get(code) != before or (before is not None and _stands_by(copy.entry, base))
        }
        if len(voices) == 1:
            agreed[code] = voices.pop()

    def completed(entry: Entry) -> Entry:
        glosses = {**entry.glosses, **agreed}
        return replace(entry, glosses={code: text for code, text in sorted(glosses.items()) if text is not None})

    found = [Copy(copy.name, completed(copy.entry)) for copy in copies]
    return found, completed(base) if base is not None else None


def _stands_by(entry: Entry, base: Entry | None) -> bool:
    """Whether a reviewer has accepted the clause, and with it all its fields."""
    if base is None:
        return True
    decided = (entry.status, entry.accepted_by, entry.decisions) != (base.status, base.accepted_by, base.decisions)
    return decided and entry.status == "accepted"


def _speaks(entry: Entry, base: Entry | None, field: str) -> bool:
    return _stands_by(entry, base) or _whole(field, entry) != _whole(field, base or entry)


def _opinions(field: str, copies: Iterable[Copy]) -> list[Opinion]:
    """List who holds what, each once; opinions that a copy still holds open are passed on."""
    found: dict[str, Opinion] = {}
    for copy in copies:
        entry = copy.entry
        value = entry.accepted_value(field) if field in SUGGESTED else getattr(entry, field)
        for opinion in open_opinions(entry, field) or [Opinion(field, *_who(copy, field, value))]:
            known = found.get(key := f"{opinion.by}\n{_key(field, opinion.value)}")
            # The same value by the same person, in two copies: the later day counts.
            if known is None or _day(known.when) < _day(opinion.when):
                found[key] = opinion
    return [found[key] for key in sorted(found)]


def _who(copy: Copy, field: str, value: Any) -> tuple[str, Any, dt.date | None]:
    """Give the person, value and day of what a copy holds."""
    entry = copy.entry
    own = [decision for decision in entry.decisions if decision.field == field]
    whole = [decision for decision in entry.decisions if decision.field == "status"]
    for decision in (*own[-1:], *whole[-1:]):
        return decision.by, value, decision.when
    suggestion = entry.suggested.get(field)
    return (suggestion.accepted_by if suggestion else None) or entry.accepted_by or copy.name, value, None


def _status(copies: Sequence[Copy], base: Entry | None) -> tuple[str, list[Opinion]]:
    before = base.status if base is not None else "draft"
    decided = [copy for copy in copies if _has_decided(copy.entry, base)]
    opinions = _opinions("status", decided)
    if all(open_opinions(copy.entry, "status") == open_opinions(base, "status") for copy in copies):
        opinions = opinions or open_opinions(base, "status")
    statuses = sorted({str(opinion.value) for opinion in opinions})
    if len(statuses) > 1:
        return "draft", opinions
    return statuses[0] if statuses else before, []


def _has_decided(entry: Entry, base: Entry | None) -> bool:
    """Whether a reviewer has a voice on the status: who left a draft alone has none."""
    open_still = open_opinions(entry, "status")
    if base is None:
        return entry.status != "draft" or bool(open_still)
    if open_still:
        return open_still != open_opinions(base, "status")
    # Who decided again as before holds against those who took it back.
    again = entry.status != "draft" and entry.decisions != base.decisions
    return entry.status != base.status or again


def open_opinions(entry: Entry | None, field: str) -> list[Opinion]:
    """List the opinions on a field that nobody has settled."""
    return [opinion for opinion in entry.disagreements if opinion.field == field] if entry is not None else []


def _undated(entry: Entry) -> Iterator[Decision]:
    """Give the decisions that only the name under ``accepted_by`` tells of."""
    logged = {decision.by for decision in entry.decisions if decision.field == "status"}
    for name in (entry.accepted_by or "").split(_NAMES) if entry.status == "accepted" else ():
        if name.strip() and name not in logged:
            yield Decision("status", name, "accepted")


def _rules(entries: Sequence[Entry], disputed: set[str]) -> dict[str, str]:
    names = sorted({name for entry in entries for name in entry.rules} - disputed)
    return {name: min(entry.rules[name] for entry in entries if name in entry.rules) for name in names}


def _notes(entries: Sequence[Entry]) -> str | None:
    """Gather the remarks of all, each once."""
    notes = sorted({entry.note for entry in entries if entry.note})
    lines = dict.fromkeys(line for note in notes for line in note.split("\n"))
    return notes[0] if len(notes) == 1 else "\n".join(lines) or None


def _first(entries: Sequence[Entry]) -> Entry:
    return min(entries, key=lambda entry: (entry.id, _canonical(entry)))


def _joined(names: Iterable[str | None]) -> str | None:
    parts = {part.strip() for name in names if name for part in name.split(_NAMES)}
    return _NAMES.join(sorted(parts - {""})) or None


def _least(values: Iterable[Any]) -> Any:
    return min((value for value in values if value is not None), default=None)


def _listed(lists: Iterable[Iterable[_Item]], key: Callable[[_Item], Any]) -> tuple[_Item, ...]:
    """Gather the items of all lists, each once; lists that are equal stay as they are."""
    given = [tuple(items) for items in lists]
    if all(items == given[0] for items in given):
        return given[0]
    every: list[_Item] = []
    for items in given:
        every += [item for item in items if item not in every]
    return tuple(sorted(every, key=lambda item: (key(item), _canonical(item))))


def _by_day(decision: Decision) -> str:
    return _day(decision.when)


def _day(day: dt.date | None) -> str:
    return day.isoformat() if day else ""


def _key(field: str, value: Any) -> str:
    given = plain(value, field)
    return json.dumps(sorted(given) if field in _SETS and given else given, sort_keys=True, ensure_ascii=False)


def _whole(field: str, entry: Entry) -> tuple[Any, ...]:
    """Everything that a copy says of a field."""
    return getattr(entry, field), entry.suggested.get(field), open_opinions(entry, field)


def _state(field: str, entry: Entry) -> str:
    """Order the ways in which copies can hold the same value: with a value or a suggestion before without."""
    suggestion = entry.suggested.get(field)
    own = getattr(entry, field) not in (None, (), {})
    order = 0 if own else 1 if suggestion is not None and suggestion.accepted_by else 2 if suggestion else 3
    told = _plain_suggestion(field)(suggestion) if suggestion is not None else ""
    return f"{order}{_key(field, getattr(entry, field))}{told}{_canonical(_whole(field, entry))}"


def _plain_suggestion(field: str) -> Callable[[Suggestion], str]:
    return lambda item: _key(field, item.value) + json.dumps([item.why, item.rule, item.accepted_by])


def _canonical(record: Any) -> str:
    return repr(record)
