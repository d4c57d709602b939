"""The sensitivity that a report shows: solved again from a result's own study."""

from __future__ import annotations

from typing import TYPE_CHECKING

import landlink as ll

if TYPE_CHECKING:
    import pandas as pd

    from landlink.core.progress import TerminalProgress
    from landlink.results.result import Result
    from landlink.study import Study


def sensitivity_of(result: Result, progress: TerminalProgress) -> pd.DataFrame:
    """Solve a result's scenario with each input of its study low and high.

    Raises
    ------
    ResultError
        The study is no longer what the result was solved from.
    InputError
        The study names no headline or no inputs to vary.
    """

    def draw(done: int, of: int) -> None:
        progress(f"which inputs matter most, solve {done} of {of}", done / of)

    return ll.sensitivity(_study_of(result), year=result.provenance["year"], start=result, progress=draw)


def _study_of(result: Result) -> Study:
    facts = result.provenance
    measures = [measure["id"] for measure in facts["measures"]]
    study = ll.open_study(facts["study_path"]).apply(*measures)
    if study.hash != facts["study_hash"]:
        raise ll.ResultError(
            f"the study {facts['study_path']} has changed since {facts['label']!r} was solved; run the scenario again"
        )
    return study
