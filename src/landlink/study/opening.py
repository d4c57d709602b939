"""Open a study: a bundled one by its name, or a folder. An invalid study is rejected with a list of all problems."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType

from landlink.core.currency import named_currencies
from landlink.core.errors import InputError, Problem, StudyNotFoundError, hint
from landlink.core.input_files import is_folder
from landlink.core.problem_list import shortened
from landlink.study import appraisal_checks, border_checks, checks, effects, parameter_checks
from landlink.study.carbon_price import with_varied_price
from landlink.study.settings import FILE_NAME, default_alternatives, read_settings
from landlink.study.settings_checks import settings_problems
from landlink.study.study import Study
from landlink.tables.own_currency import UNDECLARED
from landlink.tables.read import read_tables

__all__ = ["bundled_studies", "open_study"]


def open_study(study: str | Path) -> Study:
    """Open a bundled study by its name, or a folder.

    Raises
    ------
    StudyNotFoundError
        Neither a bundled study nor a folder has that name.
    InputError
        The study is invalid; lists every problem of its files.

    Examples
    --------
    >>> import landlink as ll
    >>> ll.open_study("china-kyrgyzstan").settings.base_year
    2023
    """
    return _opened(_find(study))


def _opened(folder: Path) -> Study:
    problems: list[Problem] = []
    settings, tables = None, None
    try:
        settings = read_settings(folder / FILE_NAME)
    except InputError as error:
        problems += error.problems
    try:
        languages, money = (None, None) if settings is None else (settings.languages, settings.money)
        tables = read_tables(folder, languages=languages, currency=money)
    except InputError as error:
        problems += error.problems if settings is not None else _known_without_settings(error.problems)
    if tables is not None and settings is not None:
        tables = dict(with_varied_price(tables, settings))
    if tables is not None:
        problems += checks.table_problems(tables)
        problems += effects.effect_problems(tables)
        problems += parameter_checks.parameter_problems(tables)
        problems += border_checks.rule_problems(tables)
    if tables is not None and settings is not None:
        problems += settings_problems(settings, tables)
        problems += appraisal_checks.price_problems(settings, tables)
    if problems or settings is None or tables is None:
        raise InputError(shortened(problems))
    if not settings.alternatives:
        settings = replace(settings, alternatives=default_alternatives(tables["vehicle"]["mode"]))
    return Study(MappingProxyType(tables), settings, folder)


def _known_without_settings(problems: Sequence[Problem]) -> list[Problem]:
    """Problems of tables that stand whatever invalid settings mean to say.

    The currency that they mean to declare is not known: columns in another one may be right, and those that they stand
    for are not missing.
    """
    own = [problem for problem in problems if problem.message == UNDECLARED]
    stand_for = {(one.table, name) for one in own for _, name in named_currencies(one.column)}
    return [one for one in problems if one.message != UNDECLARED and (one.table, one.column) not in stand_for]


def bundled_studies() -> list[str]:
    """Names of the studies bundled with landlink."""
    return sorted(folder.name for folder in _bundle().iterdir() if (folder / FILE_NAME).is_file())


def _bundle() -> Path:
    return Path(str(files("landlink"))) / "studies"


def _find(study: str | Path) -> Path:
    if is_folder(study):
        return Path(study)
    if str(study) in (names := bundled_studies()):
        return _bundle() / str(study)
    message = "no folder and no bundled study of this name" + hint(str(study), names)
    raise StudyNotFoundError(Problem("", message, value=str(study), allowed=f"a folder, or {', '.join(names)}"))
