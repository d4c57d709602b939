"""Parser of each cell type that has one; each raises a ValueError that describes the fault of a cell."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from landlink.tables.clock_cells import (
    parse_holidays,
    parse_hours,
    parse_numbers,
    parse_season,
    parse_settings,
    parse_shifts,
    parse_time_zone,
    parse_weekdays,
)
from landlink.tables.share_cells import parse_shares
from landlink.tables.timetable_cells import parse_datetime, parse_timetable

PARSERS: Final[Mapping[str, Callable[[str], Any]]] = {
    "hours": parse_hours,
    "shifts": parse_shifts,
    "weekdays": parse_weekdays,
    "holidays": parse_holidays,
    "season": parse_season,
    "timetable": parse_timetable,
    "datetime": parse_datetime,
    "time_zone": parse_time_zone,
    "numbers": parse_numbers,
    "settings": parse_settings,
    "shares": parse_shares,
}
