"""Report sections of all floors."""

from __future__ import annotations

from landlink.report.section_registry import SECTIONS
from landlink.report.sections import REPORT_SECTIONS

SECTIONS.include(REPORT_SECTIONS)
