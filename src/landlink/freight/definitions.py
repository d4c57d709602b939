"""Names and bounds that tables of freight and reports of them share, free of the solver behind the tables."""

from __future__ import annotations

from typing import Final

__all__ = ["HOURS", "OVERLOADED"]

#: Columns of the parts of the time of a route.
HOURS: Final = ("run_h", "stop_h", "terminal_h", "crossing_h", "access_h")
#: Ratio of load to capacity above which a place is listed as overloaded.
OVERLOADED: Final = 1.2
