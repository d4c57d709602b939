"""Score the results of a report, if their study has a register."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from landlink.results.result import Result
    from landlink.statement.scoreboard import Scoreboard


def scoreboard_of(
    results: Sequence[Result], register: Path | None = None, response: pd.DataFrame | None = None
) -> Scoreboard | None:
    """Score results against a register.

    Parameters
    ----------
    results
        The results of the report.
    register
        A register file; by default that of the study.
    response
        A choice of response sites; that of a result gives it indicators.

    Returns
    -------
    Scoreboard or None
        None if no register is given and the study has none.

    Raises
    ------
    InputError
        The register is invalid.
    """
    study = Path(results[0].provenance.run.study_path)
    path = register or study / "register.yaml"
    if register is None and not path.is_file():
        return None
    from landlink.statement.register import open_register
    from landlink.statement.score import score_results

    if response is not None:
        from landlink.resilience.response_result import is_of, with_responses

        # One of another scenario is refused by the report itself.
        if any(is_of(result, response) for result in results):
            results = with_responses(results, [response])
    return score_results(open_register(path), results, study=results[0].provenance.presentation.title)
