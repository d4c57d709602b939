"""Notebook displays of all floors."""

from __future__ import annotations

from landlink.core.display import DISPLAYS
from landlink.report.abatement_picture import ABATEMENT_DISPLAY
from landlink.report.notebook import NOTEBOOK_DISPLAYS

DISPLAYS.include(NOTEBOOK_DISPLAYS)
DISPLAYS.include((ABATEMENT_DISPLAY,))
