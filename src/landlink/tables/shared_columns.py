"""Columns that many tables have in common."""

from __future__ import annotations

from typing import Final

from landlink.tables.column import Column

QUALITIES: Final = ("measured", "published", "estimated")
STATUSES: Final = ("existing", "under_construction", "planned")
LANGUAGES: Final = ("en", "ru", "zh", "ky", "ar")
FAMILIES: Final = ("road", "rail", "water", "air")

#: Where a row comes from, and how sure it is.
PROVENANCE: Final = (
    Column("quality", "text", "How sure the row is.", allowed=QUALITIES, default="estimated"),
    Column("source", "list", "Where the row comes from.", references="source.source_id"),
    Column("note", "text", "A remark for people."),
)
#: A name in each language.
NAMES: Final = tuple(Column(f"name_{language}", "text", f"Name in the language {language}.") for language in LANGUAGES)
#: From when to when a row is in service.
OPEN: Final = (
    Column(
        "status", "text", "Only what exists is open, unless a measure opens it.", allowed=STATUSES, default="existing"
    ),
    Column("open_from", "date", "First day of service; empty: always was."),
    Column("open_to", "date", "First day without service; empty: stays open."),
)
