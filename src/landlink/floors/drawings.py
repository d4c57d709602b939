"""Drawings of all floors."""

from __future__ import annotations

from landlink.core.display import DRAWINGS
from landlink.report.abatement_page import ABATEMENT_PAGE
from landlink.report.abatement_picture import ABATEMENT_DRAWING
from landlink.report.pictures import PICTURES

DRAWINGS.include(PICTURES)
DRAWINGS.include((ABATEMENT_DRAWING, ABATEMENT_PAGE))
