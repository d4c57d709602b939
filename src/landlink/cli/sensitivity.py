"""The sensitivity analysis of a report, solved from the result's own study."""

from __future__ import annotations

from typing import TYPE_CHECKING

import landlink as ll

if TYPE_CHECKING:
    import pandas as pd

    from landlink.core.progress import TerminalProgress
    from landlink.results.result import Result
    from landlink.study import Study


def sensitivity_of(result: Result, progress: TerminalProgress) -> pd.DataFrame:
    """Solve a result's scenario with each input of its study at its low and high value.

    Raises
    ------
    ResultError
        The study has changed since the result was solved.
    InputError
        The study names no headline or no inputs to vary.
    """
    run = result.provenance.run
    return ll.sensitivity(_study_of(result).at(run.year), start=result, progress=progress)


def _study_of(result: Result) -> Study:
    run = result.provenance.run
    study = ll.open_study(run.study_path).apply(*(measure.id for measure in run.measures))
    if study.hash != run.study_hash:
        raise ll.ResultError(
            f"the study {run.study_path} has changed since {result.label!r} was solved; run the scenario again"
        )
    return study
