"""Elasticities that others have estimated, so that nothing need be estimated to begin with."""

from __future__ import annotations

from importlib.resources import files

import pandas as pd

from landlink.core.errors import InputError, Problem, hint

__all__ = ["published_elasticities"]


def published_elasticities(sector: str | None = None, *, alternatives: bool = True) -> pd.DataFrame:
    """Elasticities of substitution between origins, as published.

    Parameters
    ----------
    sector
        Sector to give, by its ``sector_id``; all by default.
    alternatives
        Whether to give other estimates beside the one that is used by default.

    Returns
    -------
    pandas.DataFrame
        sector_id, sector, sigma, sigma_error (standard error, NaN where none is published), use (``default`` for one
        estimate of each sector, ``alternative``), estimated (what was estimated), source.

    Raises
    ------
    InputError
        No such sector.

    Examples
    --------
    >>> coal = published_elasticities("coal").iloc[0]
    >>> float(coal["sigma"]), float(coal["sigma_error"])
    (6.1, 2.4)
    """
    with (files("landlink.trade") / "published_elasticities.csv").open(encoding="utf-8") as file:
        table = pd.read_csv(file)
    if sector is not None:
        known = list(dict.fromkeys(table["sector_id"]))
        if sector not in known:
            allowed = f"a sector_id of the table{hint(sector, known)}"
            raise InputError(Problem("", "unknown sector", value=sector, allowed=allowed))
        table = table[table["sector_id"] == sector]
    if not alternatives:
        table = table[table["use"] == "default"]
    return table.reset_index(drop=True)
