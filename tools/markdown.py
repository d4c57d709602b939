"""Tables in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence


def grid(heads: Sequence[str], rows: Iterable[Sequence[str]], right: Iterable[int] = ()) -> Iterator[str]:
    """Lines of a table; ``right`` are the columns of numbers."""
    numeric = set(right)
    yield "| " + " | ".join(heads) + " |"
    yield "|" + "|".join("---:" if i in numeric else "---" for i in range(len(heads))) + "|"
    for row in rows:
        yield "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in row) + " |"
