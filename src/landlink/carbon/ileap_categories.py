"""Transport operation categories of all freight of a year, by country and family of modes."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from typing import Final
from uuid import UUID

from landlink.carbon.decimal_text import decimal_text
from landlink.carbon.ileap_chain import CarrierUse
from landlink.carbon.ileap_documents import Document, energy_carriers, with_id
from landlink.carbon.ileap_terms import energy_carrier, transport_mode
from landlink.core.countries import countries, country_name
from landlink.tables.carbon_schemas import ELECTRICITY
from landlink.tables.frames import Tables, records

__all__ = ["country_categories"]

#: What vehicles do under way; waits and terminals are hub operations, and ways within zones have no tonne-kilometres.
_UNDER_WAY: Final = ("running", "climbing", "empty", "standing")
_KG_PER_T: Final = 1000.0


def country_categories(tables: Tables, scope: UUID) -> Iterator[Document]:
    """Write a ``TOC`` for each country and family of modes with freight.

    Its intensity is the mean over all freight of the family in the country, by the distance travelled.

    Parameters
    ----------
    tables
        Tables of a result: ``emission_country`` and ``country``.
    scope
        Namespace of the identifiers.

    Raises
    ------
    InputError
        The data model does not have an energy carrier or a family of modes.
    """
    tkm = {(str(row["country"]), str(row["family"])): float(row["tkm_per_year"]) for row in records(tables["country"])}
    used: dict[tuple[str, str], dict[str, list[list[float]]]] = defaultdict(lambda: defaultdict(list))
    for row in records(tables["emission_country"]):
        if row["element"] in _UNDER_WAY:
            sums = [float(row[name]) for name in ("energy_mj_per_year", "co2e_t_per_year", "ttw_t_per_year")]
            used[str(row["country"]), str(row["family"])][str(row["carrier"])].append(sums)
    for (country, family), carriers in used.items():
        if tkm.get((country, family), 0.0) > 0 and (uses := _uses(carriers, tkm[country, family], country)):
            yield _category(country, family, uses, scope)


def _uses(carriers: dict[str, list[list[float]]], tkm: float, country: str) -> list[CarrierUse]:
    """Energy carriers by the tonne-kilometre, the most used first."""
    region = countries()[country].alpha2 if country in countries() else ""
    found = []
    for carrier, parts in carriers.items():
        energy, wtw, ttw = (math.fsum(values) / tkm for values in zip(*parts, strict=True))
        if energy > 0:
            where = region if carrier == ELECTRICITY else ""
            found.append(CarrierUse(energy_carrier(carrier), energy, wtw * _KG_PER_T, ttw * _KG_PER_T, where))
    return sorted(found, key=lambda use: (-use.mj_per_t, use.carrier))


def _category(country: str, family: str, uses: list[CarrierUse], scope: UUID) -> Document:
    mode, where = transport_mode(family), country_name(country) or country
    body = {
        "description": f"{mode} in {where}: all freight of the year, by the distance travelled",
        "mode": mode,
        "energyCarriers": energy_carriers(uses, 1.0),
        "co2eIntensityWTW": decimal_text(math.fsum(use.wtw_kg_per_t for use in uses)),
        "co2eIntensityTTW": decimal_text(math.fsum(use.ttw_kg_per_t for use in uses)),
        "transportActivityUnit": "tkm",
    }
    return with_id("tocId", body, scope)
