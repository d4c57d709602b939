"""The scenario that a saved result was solved from, opened again."""

from __future__ import annotations

from dataclasses import replace

from landlink.core.errors import LandlinkError, ResultError
from landlink.results.result import Result
from landlink.study import open_study
from landlink.study.carbon_price import with_price_for
from landlink.study.study import Scenario
from landlink.study.what_ifs import with_what_ifs

__all__ = ["scenario_of"]


def scenario_of(result: Result) -> Scenario:
    """Open the study of a result again and apply its measures, what-ifs in one line among them.

    Parameters
    ----------
    result
        The result.

    Returns
    -------
    Scenario
        A scenario whose solution is the result.

    Raises
    ------
    ResultError
        The study cannot be opened any more, or has changed since the result was solved.
    """
    run = result.provenance.run
    try:
        study = open_study(run.study_path)
        known = set(study.tables["measure"]["measure_id"])
        # The name of a what-if is the line that states it.
        lines = [measure.name for measure in run.measures if measure.id not in known]
        tables, _ = with_what_ifs(with_price_for(study.tables, study.settings, lines), lines)
        study = replace(study, tables=tables).apply(*(measure.id for measure in run.measures))
    except LandlinkError as error:
        raise ResultError(f"the study {run.study_path} of {result.label!r} cannot be opened again: {error}") from None
    if study.hash != run.study_hash:
        raise ResultError(
            f"the study {run.study_path} has changed since {result.label!r} was solved; run the scenario again"
        )
    return study.at(run.year)
