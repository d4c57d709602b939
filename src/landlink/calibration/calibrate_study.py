"""``ll.calibrate``: from a study to a calibrated one."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from landlink.calibration.calibrate import fit_study
from landlink.calibration.report_tables import calibrated_study
from landlink.core.arguments import check_kind
from landlink.core.errors import InputError, Problem
from landlink.core.progress import Progress
from landlink.ensemble.worker_pool import Pool
from landlink.study import Study, open_study
from landlink.tables.destinations import check_new_folder

__all__ = ["calibrate"]

#: Ending of the folder that keeps finished solves beside the study that is written.
UNFINISHED = ".calibrating"


def calibrate(  # noqa: PLR0913  each is an option of the command
    study: Study,
    output: str | Path | None = None,
    *,
    year: int | None = None,
    parameters: Sequence[str] | None = None,
    folds: int | None = None,
    members: int = 200,
    demand: bool = True,
    workers: int | Pool | None = None,
    progress: Progress | bool | None = None,
) -> Study:
    """Fit a study's parameters and demand to its observations, and say how sure they are.

    The estimates are tables of the study that is returned: ``calibration``, ``adjustment``, ``posterior``, ``fit`` and
    ``calibration_score``. All inputs stay as they were; each solve applies the estimates to them.

    Parameters
    ----------
    study
        A study with parameters (tables ``parameter`` and ``constant``) and observations to fit (``observed``). What an
        earlier calibration wrote is ignored.
    output
        Folder of the calibrated study, which must not exist. Finished solves are kept beside it meanwhile, so that a
        calibration that was interrupted goes on where it stopped.
    year
        Year of the model that is compared with observations; by default the base year.
    parameters
        Parameters to estimate; by default all.
    folds
        Number of parts of the groups of observations to leave out in turn; by default each group alone.
    members
        Members of the posterior ensemble.
    demand
        Whether demand may be adjusted. An adjustment that makes what was left out worse is refused.
    workers
        Number of processes (by default all processors), or a pool that is open, such as that of a cluster. The result
        does not depend on it.
    progress
        ``True`` for a line on the terminal, or a function called with the current step and the share done.

    Returns
    -------
    Study
        The calibrated study.

    Raises
    ------
    InputError
        Measures are applied, nothing may be estimated or fitted, or a number is out of range.
    EnsembleError
        A solve failed.
    OutputError
        The folder exists or cannot be written.
    """
    check_kind("study", study, Study, allowed="a study, as of open_study")
    _check_numbers(study, folds, members)
    target = None if output is None else check_new_folder(Path(output), inputs=[study.path])
    folder = None if target is None else target.with_name(target.name + UNFINISHED)
    scenario = study.at(study.settings.base_year if year is None else year)
    fitted = fit_study(
        scenario, only=parameters, folds=folds, members=members, demand=demand, workers=workers, folder=folder,
        progress=progress,
    )  # fmt: skip
    found = calibrated_study(study, fitted)
    if target is None:
        return found
    found.save(target)
    if folder is not None:
        shutil.rmtree(folder, ignore_errors=True)
    return open_study(target)


def _check_numbers(study: Study, folds: int | None, members: int) -> None:
    problems = []
    if study.measures:
        listed = ", ".join(study.measures)
        allowed = "a study without measures, which the observations are of"
        problems.append(Problem("study", "measures are applied", value=listed, allowed=allowed))
    if folds is not None and folds < 2:
        problems.append(Problem("", "invalid number of folds", value=str(folds), allowed="2 or more"))
    if not 2 <= members <= 10_000:
        problems.append(Problem("", "invalid number of members", value=str(members), allowed="2 to 10,000"))
    if problems:
        raise InputError(problems)
