"""The package's own rows of the tables of energy and emissions, which stand in where a study has none.

They are CSV files in ``default_rows``, with the columns of the study's tables; every row has its quality and its
sources, which ``source.csv`` beside them lists.
"""

from __future__ import annotations

import functools
from importlib.resources import as_file, files
from typing import Final

import pandas as pd

from landlink.core.errors import InputError
from landlink.tables.frames import Tables
from landlink.tables.read import read_table
from landlink.tables.schemas import TABLES

__all__ = ["DEFAULT_TABLES", "FALLBACK_TRAIN", "carbon_rows", "default_rows", "defaults_used"]

#: Tables of which the package has rows.
DEFAULT_TABLES: Final = ("carrier", "grid", "drive", "fleet", "handling")
#: Drive of a line that is not electrified where a fleet has electric trains alone.
FALLBACK_TRAIN: Final = "train_diesel"
#: Tables in which a study's rows stand beside the package's, of other keys.
_COMPLETED: Final = ("carrier", "drive")


@functools.cache
def default_rows(name: str) -> pd.DataFrame:
    """The package's rows of a table.

    Parameters
    ----------
    name
        A table of :data:`DEFAULT_TABLES`, or ``source``. Treat the frame as read-only.

    Examples
    --------
    >>> default_rows("fleet")["drive_id"].tolist()
    ['truck_diesel', 'train_electric', 'ship_roro', 'aircraft']
    """
    with as_file(files("landlink.study") / "default_rows" / f"{name}.csv") as path:
        frame, problems = read_table(path, TABLES[name])
    if problems:
        raise InputError(problems)
    return frame


def carbon_rows(tables: Tables, name: str) -> pd.DataFrame:
    """Rows of a table that hold for a study.

    Carriers and drives are the study's, and those of the package with other ids. Grids are the study's, or the
    package's if it has none. Fleets and handling are the study's alone: the package's hold for modes without rows, see
    :mod:`landlink.study.fleet_shares` and :mod:`landlink.carbon.place_energy`.
    """
    own = tables[name]
    if name in _COMPLETED:
        rest = default_rows(name)
        rest = rest[~rest[TABLES[name].key[0]].isin(own[TABLES[name].key[0]])]
        return pd.concat([own[rest.columns.intersection(own.columns)], rest], ignore_index=True) if len(own) else rest
    return default_rows(name) if own.empty and name == "grid" else own


def defaults_used(tables: Tables) -> list[str]:
    """Tables of which a study has no rows, so that the package's stand in."""
    return [name for name in DEFAULT_TABLES if tables[name].empty]
