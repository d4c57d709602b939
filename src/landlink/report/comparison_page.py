"""The page of a comparison: both quotations of every pair side by side, with the words that differ marked."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Final

from markupsafe import Markup

from landlink.core.atomic_files import write_text
from landlink.formats.authorship import marked_html
from landlink.report.statement_words import (
    change_line,
    clause_words,
    direction_of,
    options,
    register_facts,
    rendered,
)
from landlink.report.svg import join, tag
from landlink.report.words import Words
from landlink.statement.clause_changes import KINDS
from landlink.statement.clause_wording import evidence_of
from landlink.statement.comparison import Comparison, ComparisonLine
from landlink.statement.register import Register
from landlink.statement.register_records import Entry
from landlink.statement.word_differences import Parts, word_differences
from landlink.tables.destinations import OutputFile, check_output

__all__ = ["COMPARISON_PAGE", "comparison_page"]

#: The kind of file that the page of a comparison is.
COMPARISON_PAGE: Final = OutputFile("a page of a comparison", (".html",), marked_html("comparison"))


def comparison_page(
    comparison: Comparison, path: str | os.PathLike[str], *, language: str = "en", force: bool = False
) -> Path:
    """Write a comparison of two registers as a self-contained HTML page.

    Parameters
    ----------
    comparison
        The comparison.
    path
        The file to write; an older page is replaced.
    language
        Language of the page itself: ``en``, ``ru``, ``zh``, ``ky``, ``ar``, ``fr``, ``es`` or ``pt``.
    force
        Whether to replace a file that landlink did not write.

    Returns
    -------
    pathlib.Path
        The file written.

    Raises
    ------
    UnknownNameError
        The language is not supported.
    OutputError
        The file cannot be written, or holds something else.
    """
    words = Words(language)
    check_output(path, COMPARISON_PAGE, force=force)
    write_text(path, _page(comparison, words))
    return Path(path)


def _page(comparison: Comparison, words: Words) -> str:
    before, after = comparison.before, comparison.after
    titled = before.source.title or after.source.title
    titles = (
        [side.source.title_in(words.language) or words("compare.untitled") for side in (before, after)]
        if titled
        else []
    )
    return rendered(
        "comparison.html.j2",
        words,
        ("statement_pages.css",),
        "statement_pages.js",
        titles=titles,
        title=f" {words('compare.arrow')} ".join(titles) or words("compare.title"),
        sides=[register_facts(before, words), register_facts(after, words)],
        counts=[(kind, words(f"compare.k_{kind}"), comparison.counts[kind]) for kind in KINDS],
        lines=[_line(comparison, line, number, words) for number, line in enumerate(comparison.lines, 1)],
        conflicts=[_conflict(comparison, pair, words) for pair in comparison.conflicts],
        notes=_notes(comparison, words),
        **options((line.entry for line in comparison.lines), words),
    )


def _notes(comparison: Comparison, words: Words) -> list[str]:
    found = [words("compare.note")]
    for key, parties in (("added", comparison.parties_added), ("dropped", comparison.parties_dropped)):
        if parties:
            names = ", ".join(words.country(code) or code for code in parties)
            found.append(words(f"compare.parties_{key}", parties=names))
    registers = comparison.before, comparison.after
    if rejected := sum(entry.status == "rejected" for register in registers for entry in register.clauses):
        found.append(words("compare.rejected", count=words.count(rejected)))
    days = [register.source.issued for register in registers]
    if days[0] is not None and days[1] is not None and days[1] < days[0]:
        found.append(words("compare.reversed"))
    return found


def _line(comparison: Comparison, line: ComparisonLine, number: int, words: Words) -> dict[str, Any]:
    entry = line.entry
    return {
        "number": number,
        "kind": line.kind,
        "kind_name": words(f"compare.k_{line.kind}"),
        "topics": entry.topics,
        "topic_names": [words.term("topic", topic) for topic in entry.topics],
        "parties": entry.accepted_value("parties") or (),
        "sides": _sides(comparison, line, words),
        "changes": [change_line(change, words) for change in line.changes],
        "by_hand": line.by_hand,
        "similarity": "" if line.similarity is None else words.number(line.similarity, decimals=2),
        "nearest": _nearest(line, words),
        "across": not comparison.same_language(line),
    }


def _nearest(line: ComparisonLine, words: Words) -> str:
    if line.kind not in ("new", "dropped"):
        return ""
    if line.nearest is None:
        return words("compare.no_nearest")
    similarity = words.number(line.nearest.similarity, decimals=2)
    return words("compare.nearest", id=line.nearest.id, similarity=similarity)


def _sides(comparison: Comparison, line: ComparisonLine, words: Words) -> list[dict[str, Any] | None]:
    """Both clauses, with the words that differ marked where both texts are in one language."""
    sides = [
        _side(register, entry, words) if entry is not None else None
        for register, entry in ((comparison.before, line.before), (comparison.after, line.after))
    ]
    before, after = sides
    if before is not None and after is not None and before["language"] == after["language"]:
        parts = word_differences(before["text"], after["text"])
        before["text"], after["text"] = _with_marks(parts[0], "gone"), _with_marks(parts[1], "added")
    return sides


def _side(register: Register, entry: Entry, words: Words) -> dict[str, Any]:
    text, told = evidence_of(entry, register, words.language)
    shown = {"text": text.text, "language": text.language, "direction": direction_of(text.language)}
    return {"id": entry.id, **shown, "told": clause_words(told)}


def _with_marks(parts: Parts, kind: str) -> Markup:
    return join([tag("mark", text, class_=kind) if differs else Markup.escape(text) for text, differs in parts])


def _conflict(comparison: Comparison, pair: tuple[str, str], words: Words) -> list[dict[str, Any] | None]:
    found: list[dict[str, Any] | None] = []
    for register, identifier in zip((comparison.before, comparison.after), pair, strict=True):
        entry = next(entry for entry in register.clauses if entry.id == identifier)
        found.append(_side(register, entry, words))
    return found
