"""Titles of scenarios to which measures are added."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from landlink.tables.frames import row_of

__all__ = ["continued_titles"]


def continued_titles(
    measure: pd.DataFrame, added: Sequence[str], title: str, titles: Mapping[str, str]
) -> tuple[str, dict[str, str]]:
    """Title of a scenario with further measures, and its translations by language code.

    Parameters
    ----------
    measure
        The table of measures.
    added
        Measures that the title does not name yet.
    title, titles
        Title without them, and its translations.

    Examples
    --------
    >>> table = pd.DataFrame({"measure_id": ["gate"], "name": ["New gate"], "name_fr": ["Nouvelle porte"]})
    >>> continued_titles(table, ["gate"], "In 2030", {"fr": "En 2030"})
    ('In 2030 + New gate', {'fr': 'En 2030 + Nouvelle porte'})
    """
    register = measure.set_index("measure_id", drop=False)
    rows = [row_of(register, name) for name in added]

    def named(code: str) -> list[str]:
        return [str(row.get(f"name_{code}") or row["name"] or row["measure_id"]) for row in rows]

    translated = {code: " + ".join([text, *named(code)]) for code, text in titles.items()}
    return " + ".join([title, *named("en")]), translated
