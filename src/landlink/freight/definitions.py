"""Names and bounds that tables of freight and reports of them share, free of the solver behind the tables."""

from __future__ import annotations

from typing import Final

__all__ = ["EVERY_COMMODITY", "EVERY_FAMILY", "HOURS", "OVERLOADED"]

#: Columns of the parts of the time of a route.
HOURS: Final = ("run_h", "stop_h", "terminal_h", "crossing_h", "access_h")
#: Stand for all commodities, and for crossing by any family of modes.
EVERY_COMMODITY: Final = "ALL"
EVERY_FAMILY: Final = "all"
#: Ratio of load to capacity above which a place is listed as overloaded.
OVERLOADED: Final = 1.2
