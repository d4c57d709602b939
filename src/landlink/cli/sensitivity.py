"""The sensitivity analysis of a report, solved from the result's own study."""

from __future__ import annotations

from typing import TYPE_CHECKING

import landlink as ll

if TYPE_CHECKING:
    import pandas as pd

    from landlink.core.progress import TerminalProgress
    from landlink.results.result import Result


def sensitivity_of(result: Result, progress: TerminalProgress) -> pd.DataFrame:
    """Solve a result's scenario with each input of its study at its low and high value.

    Raises
    ------
    ResultError
        The study has changed since the result was solved.
    InputError
        The study names no headline or no inputs to vary.
    """
    from landlink.analysis.reopened import scenario_of

    return ll.sensitivity(scenario_of(result), start=result, progress=progress)
