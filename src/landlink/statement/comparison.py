"""Two registers compared: what is new, dropped, kept, hardened, softened or contradictory."""

from __future__ import annotations

import datetime as dt
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from landlink.core.atomic_files import write_text
from landlink.core.json_text import json_text
from landlink.formats.authorship import MARK, any_of, csv_header_is, marked_json, marked_workbook
from landlink.statement.clause_changes import KINDS, Change, Kind, changes, incompatible, kind_of
from landlink.statement.clause_features import clause_text, language_of
from landlink.statement.clause_matching import GivenPair, Match, Nearest, compared, match
from landlink.statement.pairs_file import check_pairs
from landlink.statement.register import Register
from landlink.statement.register_records import Entry
from landlink.statement.stated_terms import stated_deadline, stated_target, target_text
from landlink.statement.summary_display import SummaryTable, html_summary, text_summary
from landlink.tables.destinations import OutputFile, check_output

__all__ = ["COLUMNS", "COMPARISON", "Comparison", "ComparisonLine", "compare"]

#: Columns of the table.
COLUMNS: Final = (
    "kind", "before", "after", "similarity", "by_hand", "changes", "strength_before", "strength_after", "topics",
    "parties", "target_before", "target_after", "deadline_before", "deadline_after", "text_before", "text_after",
    "nearest", "nearest_similarity",
)  # fmt: skip
#: The kind of file that a comparison is.
COMPARISON: Final = OutputFile(
    "a comparison of statements",
    (".json", ".csv", ".xlsx"),
    any_of({".json": marked_json("comparison"), ".csv": csv_header_is(COLUMNS), ".xlsx": marked_workbook("export")}),
)
_NUMBERS: Final = ("similarity", "strength_before", "strength_after", "nearest_similarity")


@dataclass(frozen=True, slots=True)
class ComparisonLine:
    """A clause of either register, or a pair of clauses that correspond.

    Attributes
    ----------
    kind
        ``new``, ``dropped``, ``hardened``, ``softened``, ``changed``, ``contradictory``, ``restated`` or
        ``unchanged``.
    before, after
        The clauses; None where there is none.
    changes
        What changed.
    similarity
        Of the two clauses, from 0 to 1.
    nearest
        For a clause without a pair, the most similar clause of the other register.
    by_hand
        Whether a person made the pairing.

    Examples
    --------
    >>> import landlink as ll
    >>> draft = lambda text: ll.statement.draft_register(ll.statement.read(text))
    >>> found = ll.statement.compare(draft("Both sides will build a road."), draft("Both sides will sow wheat."))
    >>> [(line.kind, line.nearest.id) for line in found.lines]
    [('new', 'C01'), ('dropped', 'C01')]
    """

    kind: Kind
    before: Entry | None
    after: Entry | None
    changes: tuple[Change, ...] = ()
    similarity: float | None = None
    nearest: Nearest | None = None
    by_hand: bool = False

    @property
    def entry(self) -> Entry:
        """The later clause, or else the earlier."""
        found = self.after or self.before
        if found is None:
            raise ValueError("a line without a clause")
        return found


@dataclass(frozen=True, repr=False)
class Comparison:
    """Two registers, clause by clause.

    Attributes
    ----------
    before, after
        The registers.
    lines
        Pairs and new clauses in the order of the later register, then the dropped ones.
    conflicts
        Further contradictions, between clauses that do not correspond: identifiers in the earlier and the later one.

    Examples
    --------
    >>> import landlink as ll
    >>> draft = lambda text: ll.statement.draft_register(ll.statement.read(text))
    >>> one = draft("The sides will bring trade to at least 5 billion US dollars by 2025.")
    >>> other = draft("The sides will bring trade to at least 9 billion US dollars by 2030.")
    >>> line = ll.statement.compare(one, other).lines[0]
    >>> line.kind, [change.what for change in line.changes]
    ('changed', ['target_raised', 'deadline_later', 'reworded'])
    """

    before: Register
    after: Register
    lines: tuple[ComparisonLine, ...]
    conflicts: tuple[tuple[str, str], ...] = ()

    @property
    def counts(self) -> dict[Kind, int]:
        """Number of lines of each kind."""
        found = Counter(line.kind for line in self.lines)
        return {kind: found[kind] for kind in KINDS}

    @property
    def parties_added(self) -> tuple[str, ...]:
        """Parties of the later register that the earlier lacks."""
        return tuple(party for party in self.after.parties if party not in self.before.parties)

    @property
    def parties_dropped(self) -> tuple[str, ...]:
        """Parties of the earlier register that the later lacks."""
        return tuple(party for party in self.before.parties if party not in self.after.parties)

    def same_language(self, line: ComparisonLine) -> bool:
        """Whether both clauses of a line are in one language.

        Parameters
        ----------
        line
            A line of this comparison.

        Returns
        -------
        bool
            Also true where there is one clause only.
        """
        return _same_language(self.before, line.before, self.after, line.after)

    def rows(self) -> Iterator[dict[str, Any]]:
        """Yield a flat row for each line."""
        for line in self.lines:
            yield dict(zip(COLUMNS, self._row(line), strict=True))

    def as_dict(self) -> dict[str, Any]:
        """Return everything as plain mappings and lists, for machines."""
        return {
            "before": _source(self.before),
            "after": _source(self.after),
            "counts": self.counts,
            "parties_added": self.parties_added,
            "parties_dropped": self.parties_dropped,
            "conflicts": [{"before": one, "after": other} for one, other in self.conflicts],
            "lines": [row | {"changes": line.changes} for row, line in zip(self.rows(), self.lines, strict=True)],
        }

    def save(self, path: str | os.PathLike[str], *, force: bool = False) -> Path:
        """Write the comparison as a table.

        Parameters
        ----------
        path
            A file name that ends with ``.csv``, ``.xlsx`` or ``.json``; an older comparison is replaced.
        force
            Whether to replace a file that landlink did not write.

        Returns
        -------
        pathlib.Path
            The file written.

        Raises
        ------
        OutputError
            The name has another ending, or the file cannot be written or holds something else.
        """
        target = Path(path)
        check_output(target, COMPARISON, force=force)
        if target.suffix.lower() == ".json":
            write_text(target, json_text({MARK: "comparison"} | self.as_dict()))
            return target
        from landlink.statement.table_files import save_table  # noqa: PLC0415  loads data frames

        about = [("before", _named(self.before)), ("after", _named(self.after))]
        about += [(kind, f"{count:,}") for kind, count in self.counts.items()]
        dates = self.before.source.issued, self.after.source.issued
        save_table(target, "comparison", list(self.rows()), COLUMNS, numbers=_NUMBERS, about=about, dates=dates)
        return target

    def __repr__(self) -> str:
        facts = [("before", _named(self.before)), ("after", _named(self.after))]
        counted = ", ".join(f"{count:,} {kind}" for kind, count in self.counts.items() if count)
        return text_summary(self._head(), [*facts, ("lines", counted)])

    def _repr_html_(self) -> str:
        table = SummaryTable("Lines by kind", ("kind", "lines"), [(kind, [n]) for kind, n in self.counts.items()])
        return html_summary(self._head(), _named(self.after), [("before", _named(self.before))], [table])

    def _head(self) -> str:
        sizes = [len(compared(register)) for register in (self.before, self.after)]
        return f"Comparison of {sizes[0]:,} clauses with {sizes[1]:,}"

    def _row(self, line: ComparisonLine) -> tuple[Any, ...]:
        one, other, near = line.before, line.after, line.nearest
        parties = line.entry.accepted_value("parties") or ()
        return (
            line.kind, one.id if one else None, other.id if other else None, line.similarity, line.by_hand,
            "; ".join(_change_text(change) for change in line.changes),
            one.strength if one else None, other.strength if other else None,
            " ".join(line.entry.topics), " ".join(parties),
            target_text(stated_target(one)) if one else None, target_text(stated_target(other)) if other else None,
            _day(self.before, one), _day(self.after, other),
            clause_text(one) if one else None, clause_text(other) if other else None,
            near.id if near else None, near.similarity if near else None,
        )  # fmt: skip


def compare(before: Register, after: Register, *, pairs: Iterable[GivenPair] = ()) -> Comparison:
    """Compare two registers clause by clause.

    Clauses that a reviewer rejected are left out. The others are paired one to one by a similarity of their words and
    of what they say; a clause below the threshold has no pair, and the most similar clause is named beside it.

    Parameters
    ----------
    before, after
        The earlier and the later register, or two programmes.
    pairs
        Pairings by a person, which win over the similarity.

    Returns
    -------
    Comparison

    Raises
    ------
    InputError
        A pairing names an unknown clause, or one clause twice; or a register is too large.

    Examples
    --------
    >>> import landlink as ll
    >>> register = ll.statement.draft_register(ll.statement.read("Both sides will build a road."))
    >>> [line.kind for line in ll.statement.compare(register, register).lines]
    ['unchanged']
    """
    given = tuple(pairs)
    check_pairs(given, before, after)
    found = match(before, after, given)
    lines = tuple(_line(before, after, one) for one in found)
    return Comparison(before, after, lines, tuple(_conflicts(before, after, found)))


def _line(before: Register, after: Register, found: Match) -> ComparisonLine:
    one, other = found.before, found.after
    if one is None or other is None:
        kind: Kind = "new" if one is None else "dropped"
        return ComparisonLine(kind, one, other, nearest=found.nearest, by_hand=found.by_hand)
    differences = changes((before, one), (after, other))
    kind = kind_of(differences, same_language=_same_language(before, one, after, other))
    return ComparisonLine(kind, one, other, differences, found.similarity, by_hand=found.by_hand)


def _same_language(before: Register, one: Entry | None, after: Register, other: Entry | None) -> bool:
    return one is None or other is None or language_of(one, before) == language_of(other, after)


def _conflicts(before: Register, after: Register, found: Sequence[Match]) -> Iterator[tuple[str, str]]:
    """Clauses with one accepted indicator and targets that exclude each other, though they do not correspond."""
    paired = {(one.before.id, one.after.id) for one in found if one.before and one.after}
    by_indicator: dict[str, list[Entry]] = {}
    for entry in compared(after):
        if indicator := entry.accepted_value("indicator"):
            by_indicator.setdefault(str(indicator), []).append(entry)
    for entry in compared(before):
        for other in by_indicator.get(str(entry.accepted_value("indicator") or ""), ()):
            if (entry.id, other.id) not in paired and incompatible((before, entry), (after, other)):
                yield entry.id, other.id


def _source(register: Register) -> dict[str, Any]:
    source = register.source
    return {
        "title": source.title,
        "issued": source.issued,
        "language": source.language,
        "sha256": source.sha256,
        "parties": register.parties,
        "clauses": len(register.clauses),
        "rejected": len(register.clauses) - len(compared(register)),
    }


def _named(register: Register) -> str:
    source = register.source
    return (source.title or "untitled") + (f", {source.issued.isoformat()}" if source.issued else "")


def _day(register: Register, entry: Entry | None) -> str | None:
    found: dt.date | str | None = stated_deadline(register, entry) if entry is not None else None
    return str(found) if found is not None else None


def _change_text(change: Change) -> str:
    between = f": {change.before} -> {change.after}" if change.before or change.after else ""
    return change.what + between
