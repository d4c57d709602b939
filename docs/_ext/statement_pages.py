"""Write what the reader of statements was measured to be worth, from the table that ships with landlink."""

from __future__ import annotations

from collections.abc import Iterator

from landlink.statement.reading_quality import quality_figures

LANGUAGES = {"ar": "Arabic", "en": "English", "ru": "Russian", "zh": "Chinese"}


def statement_quality() -> Iterator[str]:
    """Yield a table of the figures on documents that no rule saw, each with its worst and its best document."""
    yield "| language | measured | documents | items | score | worst and best document |"
    yield "|---|---|---:|---:|---:|---|"
    for one in quality_figures():
        spread = f"{one.low:.2f} to {one.high:.2f}"
        name = LANGUAGES.get(one.language, one.language)
        yield f"| {name} | {one.what} | {one.documents} | {one.items} | {one.score:.2f} | {spread} |"
