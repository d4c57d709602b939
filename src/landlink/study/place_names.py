"""Names of the rows of a table, in every language of a study."""

from __future__ import annotations

import pandas as pd

from landlink.tables.schemas import TABLES

__all__ = ["names_by_key"]


def names_by_key(frame: pd.DataFrame, table: str) -> dict[str, list[str]]:
    """Return the names of the rows by the first part of their key, those of languages that the study declares included.

    Parameters
    ----------
    frame
        The rows.
    table
        Name of their table.
    """
    schema = TABLES[table]
    columns = [
        str(name)
        for name in frame
        if name == "name" or str(name).startswith("name_") or schema.further_language(str(name))
    ]
    found: dict[str, list[str]] = {}
    for key, *names in frame[[schema.key[0], *columns]].itertuples(index=False, name=None):
        known = found.setdefault(str(key), [])
        known += [str(name) for name in names if name and str(name) not in known]
    return found
