"""Columns shared by several tables."""

from __future__ import annotations

from typing import Final

from landlink.core.languages import LANGUAGES
from landlink.tables.column import Column

QUALITIES: Final = ("measured", "published", "estimated")
STATUSES: Final = ("existing", "under_construction", "planned")
FAMILIES: Final = ("road", "rail", "water", "air")

#: Source and data quality of a row.
PROVENANCE: Final = (
    Column("quality", "text", "Quality of the row's data.", allowed=QUALITIES, default="estimated"),
    Column("source", "list", "Sources of the row's data.", references="source.source_id"),
    Column("note", "text", "Free-text remark."),
)
#: A name in each language.
NAMES: Final = tuple(Column(f"name_{language}", "text", f"Name in the language {language}.") for language in LANGUAGES)
#: Status and period of service of a row.
OPEN: Final = (
    Column(
        "status",
        "text",
        "Only existing rows are open, unless a measure opens others.",
        allowed=STATUSES,
        default="existing",
    ),
    Column("open_from", "date", "First day of service; empty: no start date."),
    Column("open_to", "date", "First day after the end of service; empty: no end date."),
)
