"""Drawings of all floors."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from landlink.core.display import DRAWINGS, Drawing
from landlink.report.pictures import PICTURES


def _appraisal_workbook(*given: Any, **options: Any) -> Path:
    from landlink.report.appraisal_workbook import appraisal_workbook  # noqa: PLC0415  imports a writer

    return appraisal_workbook(*given, **options)


DRAWINGS.include((*PICTURES, Drawing("appraisal_workbook", _appraisal_workbook)))
