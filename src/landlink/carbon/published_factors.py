"""Published emission factors, beside which the model's intensities are shown; no part of any calculation."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

__all__ = ["PublishedFactor", "published_factors"]


@dataclass(frozen=True, slots=True)
class PublishedFactor:
    """A factor as published.

    Attributes
    ----------
    name
        Identifier.
    family
        Family of modes.
    g_per_tkm
        Emissions from well to wheel, g CO2e/tkm.
    year, country
        Year and country for which it was published.
    source, url, note
        Who published it and where, and for what vehicles.
    """

    name: str
    family: str
    g_per_tkm: float
    year: int
    country: str
    source: str
    url: str
    note: str


@cache
def published_factors() -> tuple[PublishedFactor, ...]:
    """Factors of the package, by family.

    Examples
    --------
    >>> [one.g_per_tkm for one in published_factors() if one.family == "rail"]
    [34.7]
    """
    with (files("landlink.carbon") / "published_factors.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            PublishedFactor(
                row["factor_id"],
                row["family"],
                float(row["g_per_tkm"]),
                int(row["year"]),
                row["country"],
                row["source"],
                row["source_url"],
                row["note"],
            )
            for row in csv.DictReader(file)
        )
