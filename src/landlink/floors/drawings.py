"""Drawings of all floors."""

from __future__ import annotations

from landlink.core.display import DRAWINGS
from landlink.report.pictures import PICTURES

DRAWINGS.include(PICTURES)
