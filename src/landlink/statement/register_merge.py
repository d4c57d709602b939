"""Merge the registers of several reviewers of one text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from landlink.core.errors import InputError, Problem
from landlink.statement.clause_merge import Copy, has_reviewed, merge_clause, open_opinions
from landlink.statement.register import Register
from landlink.statement.register_records import Entry, Opinion, Project, Source, Unclassified
from landlink.statement.text_coverage import Span, covered_by, is_covered

__all__ = ["merge_registers"]

#: Facts of the text and of projects on which registers must not differ.
_OF_SOURCE: Final = ("title", "issued")
_OF_PROJECT: Final = ("title", "measure")

#: Span of a clause, and which of the clauses with that span it is.
_Key = tuple[int, int, int]


@dataclass(frozen=True)
class _Side:
    """One register to merge, with its clauses by span, and the spans that it accounts for."""

    name: str
    clauses: Mapping[_Key, Entry]
    taken: Sequence[Span]


def merge_registers(registers: Mapping[str, Register], *, base: Register | None = None) -> Register:
    """Merge the registers that several reviewers made of one text.

    Clauses are matched by their span. What all reviewers agree on is taken over. Where they differ, the merged clause
    is a draft again, and ``disagreements`` lists who holds what. The order of the registers does not matter.

    Parameters
    ----------
    registers
        The reviewed registers, by a name for each, such as its file's.
    base
        The draft from which the reviewers started. With it, a change that only one of them made is taken over, unless
        another has accepted the clause without it.

    Returns
    -------
    Register

    Raises
    ------
    InputError
        Fewer than two registers, registers of different texts, or different facts about the text or its projects.

    Examples
    --------
    >>> import dataclasses
    >>> import landlink as ll
    >>> draft = ll.statement.draft_register(ll.statement.read("Both sides will build a road."))
    >>> def reviewed(strength):
    ...     clause = dataclasses.replace(draft.clauses[0], strength=strength)
    ...     return dataclasses.replace(draft, clauses=(clause,))
    >>> merged = ll.statement.merge_registers({"anna": reviewed(4), "boris": reviewed(2)}, base=draft)
    >>> [(opinion.by, opinion.value) for opinion in merged.clauses[0].disagreements]
    [('anna', 4), ('boris', 2)]
    """
    given = dict(sorted(registers.items()))
    every = given | ({"the draft": base} if base is not None else {})
    _check(given, every)
    sides = [_Side(name, _by_span(register.clauses), covered_by(register)) for name, register in given.items()]
    clauses = _clauses(sides, _by_span(base.clauses) if base is not None else None)
    return Register(
        source=_source([register.source for register in every.values()]),
        clauses=clauses,
        parties=_union([register.parties for register in every.values()]),
        projects=_projects(every.values()),
        unclassified=_unclassified(list(given.values()), clauses),
    )


def _check(given: Mapping[str, Register], every: Mapping[str, Register]) -> None:
    if len(given) < 2:
        raise InputError(Problem("registers", "nothing to merge", value=", ".join(given), allowed="two or more"))
    problems = []
    hashes = {name: register.source.sha256 for name, register in every.items()}
    first = next(iter(hashes))
    for name, value in hashes.items():
        if value != hashes[first]:
            message = f"not a register of the same text as {first}"
            problems.append(Problem(name, message, "source", "sha256", value, hashes[first]))
    if not problems:
        problems = [*_facts("source", _OF_SOURCE, {name: register.source for name, register in every.items()})]
        identifiers = dict.fromkeys(item.id for register in every.values() for item in register.projects)
        for identifier in identifiers:
            found = {
                name: item for name, register in every.items() for item in register.projects if item.id == identifier
            }
            problems += _facts(f"project {identifier}", _OF_PROJECT, found)
    if problems:
        raise InputError(problems)


def _facts(row: str, names: Sequence[str], records: Mapping[str, Source | Project]) -> Iterator[Problem]:
    """List the facts on which records differ; one that a record leaves open is not different."""
    for column in names:
        known = {name: value for name, record in records.items() if (value := getattr(record, column)) is not None}
        first = next(iter(known), "")
        for name, value in known.items():
            if value != known[first]:
                allowed = f"the same as in {first}: {known[first]}"
                yield Problem(name, "the registers differ", row, column, str(value), allowed)


def _by_span(entries: Iterable[Entry]) -> dict[_Key, Entry]:
    found: dict[_Key, Entry] = {}
    for entry in entries:
        number = 0
        while (entry.start, entry.end, number) in found:
            number += 1
        found[entry.start, entry.end, number] = entry
    return found


def _clauses(sides: Sequence[_Side], base: Mapping[_Key, Entry] | None) -> tuple[Entry, ...]:
    keys = sorted({key for side in sides for key in side.clauses})
    draft = base or {}
    groups = _groups(keys, sides)
    merged: dict[_Key, Entry] = {}
    for key in keys:
        having = [side for side in sides if key in side.clauses]
        lacking = [side for side in sides if key not in side.clauses]
        if key in draft and lacking and _given_up(key, groups[key], having, lacking, draft):
            continue
        against = _against(key, groups[key], lacking, base)
        presence = _presence(key, having, against, draft.get(key))
        copies = [Copy(side.name, side.clauses[key]) for side in having]
        merged[key] = merge_clause(copies, draft.get(key), presence)
    identifiers = _identifiers(merged, sides, draft)
    return tuple(replace(merged[key], id=identifiers[key]) for key in keys if key in merged)


def _groups(keys: Sequence[_Key], sides: Sequence[_Side]) -> dict[_Key, Sequence[_Key]]:
    """Group the clauses that not all registers have by the stretch of text on which they differ.

    A clause that one reviewer merged and the clauses that another kept apart are alternatives for one stretch.
    """
    found: dict[_Key, Sequence[_Key]] = {key: [key] for key in keys}
    group: list[_Key] = []
    reach = -1
    for key in keys:
        if all(key in side.clauses for side in sides):
            continue
        if key[0] >= reach:
            group = []
        group.append(key)
        reach = max(reach, key[1])
        found[key] = group
    return found


def _given_up(
    key: _Key, group: Sequence[_Key], having: Sequence[_Side], lacking: Sequence[_Side], draft: Mapping[_Key, Entry]
) -> bool:
    """Whether a clause of the draft gives way: who has it left the whole stretch alone, and no words are lost."""
    if any(_has_worked_on(group, side, draft) for side in having):
        return False
    entry = draft[key]
    return all(is_covered((entry.start, entry.end), side.taken, entry.quote) for side in lacking)


def _has_worked_on(group: Sequence[_Key], side: _Side, draft: Mapping[_Key, Entry]) -> bool:
    return any(has_reviewed(side.clauses[key], draft.get(key)) for key in group if key in side.clauses)


def _against(
    key: _Key, group: Sequence[_Key], lacking: Sequence[_Side], base: Mapping[_Key, Entry] | None
) -> list[_Side]:
    """List those who hold that there is no such clause.

    Without a draft, or if it is a clause of the draft, all who lack it; else who reviewed or made another clause there.
    """
    if base is None or key in base:
        return list(lacking)
    return [side for side in lacking if _has_worked_on(group, side, base)]


def _presence(key: _Key, having: Sequence[_Side], against: Sequence[_Side], base: Entry | None) -> list[Opinion]:
    """List who holds that there is such a clause and who that there is not; empty if nobody disputes it."""
    start, end, _ = key
    found = []
    disputed = [open_opinions(side.clauses[key], "clause") for side in having]
    if not against and (not any(disputed) or (base is not None and not all(disputed))):
        return []
    for side, open_still in zip(having, disputed, strict=True):
        found += open_still or [Opinion("clause", _reviewer(side, [side.clauses[key]]), "present")]
    for side in against:
        near = [entry for entry in side.clauses.values() if entry.start < end and start < entry.end]
        found.append(Opinion("clause", _reviewer(side, near), "absent"))
    return sorted(dict.fromkeys(found), key=lambda item: (item.by, str(item.value)))


def _reviewer(side: _Side, entries: Sequence[Entry]) -> str:
    """Name the person who worked on some clauses of a register, or else on all of it, or else the register."""
    for entry in entries:
        if entry.decisions:
            return entry.decisions[-1].by
    names = {entry.accepted_by for entry in entries if entry.accepted_by}
    everyone = {item.by for entry in side.clauses.values() for item in entry.decisions}
    return min(names) if names else everyone.pop() if len(everyone) == 1 else side.name


def _identifiers(merged: Mapping[_Key, Entry], sides: Sequence[_Side], draft: Mapping[_Key, Entry]) -> dict[_Key, str]:
    """Choose identifiers: the draft's, then those that all use, then the others, numbered where they are taken."""

    def rank(key: _Key) -> tuple[int, _Key]:
        names = {side.clauses[key].id for side in sides if key in side.clauses}
        shared = len(names) == 1 and all(key in side.clauses for side in sides)
        return (0 if key in draft else 1 if shared else 2), key

    found: dict[_Key, str] = {}
    for key in sorted(merged, key=rank):
        wanted = draft[key].id if key in draft else merged[key].id
        name, number = wanted, 2
        while name in found.values():
            name, number = f"{wanted}-{number}", number + 1
        found[key] = name
    return found


def _source(sources: Sequence[Source]) -> Source:
    def one(name: str) -> str | None:
        parts = sorted({value for source in sources if (value := getattr(source, name))})
        return parts[0] if len(parts) == 1 else "; ".join(parts) or None

    first = min(sources, key=repr)
    known: dict[str, Any] = {
        name: next((value for source in sources if (value := getattr(source, name)) is not None), None)
        for name in _OF_SOURCE
    }
    return replace(first, read_by=one("read_by"), note=one("note"), **known)


def _projects(registers: Iterable[Register]) -> tuple[Project, ...]:
    lists = [register.projects for register in registers]
    if all(items == lists[0] for items in lists):
        return lists[0]
    found: dict[str, Project] = {}
    for project in (item for items in lists for item in items):
        known = found.get(project.id, project)
        countries = _union([known.countries, project.countries])
        title, measure = known.title or project.title, known.measure or project.measure
        found[project.id] = Project(project.id, title, measure, countries)
    return tuple(found[name] for name in sorted(found))


def _union(lists: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    if all(items == lists[0] for items in lists):
        return lists[0]
    return tuple(sorted({item for items in lists for item in items}))


def _unclassified(registers: Sequence[Register], clauses: Sequence[Entry]) -> tuple[Unclassified, ...]:
    """Gather the sentences without a clause; one in which some reviewer found a clause is none any more."""
    lists = [{(item.start, item.end): item for item in register.unclassified} for register in registers]
    found = []
    for span in sorted({span for items in lists for span in items}):
        taken = any(entry.start < span[1] and span[0] < entry.end for entry in clauses)
        if all(span in items for items in lists) or not taken:
            found.append(min((items[span] for items in lists if span in items), key=repr))
    return tuple(found)
