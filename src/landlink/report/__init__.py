"""Reports: one self-contained HTML page about one or more results."""

from __future__ import annotations

from landlink.report.page import report
from landlink.report.words import LANGUAGES

__all__ = ["LANGUAGES", "report"]
