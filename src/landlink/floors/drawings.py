"""Drawings of all floors."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from landlink.core.display import DRAWINGS, Drawing
from landlink.report.abatement_page import ABATEMENT_PAGE
from landlink.report.abatement_picture import ABATEMENT_DRAWING
from landlink.report.criticality_picture import CRITICALITY_DRAWING
from landlink.report.pictures import PICTURES


def _appraisal_workbook(*given: Any, **options: Any) -> Path:
    from landlink.report.appraisal_workbook import appraisal_workbook  # noqa: PLC0415  imports a writer

    return appraisal_workbook(*given, **options)


DRAWINGS.include(PICTURES)
DRAWINGS.include((ABATEMENT_DRAWING, ABATEMENT_PAGE))
DRAWINGS.include((CRITICALITY_DRAWING,))
DRAWINGS.include((Drawing("appraisal_workbook", _appraisal_workbook),))
