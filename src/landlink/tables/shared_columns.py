"""Columns shared by several tables."""

from __future__ import annotations

from typing import Final

from landlink.core.languages import LANGUAGES
from landlink.tables.column import Column

QUALITIES: Final = ("measured", "published", "estimated")
STATUSES: Final = ("existing", "under_construction", "planned")
FAMILIES: Final = ("road", "rail", "water", "air")

# Bounds beyond any figure that a plan can mean: what lies outside is a slip of the pen or of units. Every numeric
# column has both, so that no product of valid cells leaves the range of floating point.
#: Years of data and of scenarios.
EARLIEST_YEAR: Final = 1900
LATEST_YEAR: Final = 2200
#: Hours of a year: the longest time at one place.
YEAR_H: Final = 8760
#: Vehicles a day, and tonnes a day, at one place.
MOST_VEHICLES: Final = 1_000_000
MOST_TONNES_PER_DAY: Final = 10_000_000
#: Smallest capacity, in vehicles or tonnes a day: below it, delays leave the range of floating point.
LEAST_CAPACITY: Final = 0.001
#: Charges of one vehicle or train.
MOST_USD_PER_VEHICLE: Final = 10_000_000

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
