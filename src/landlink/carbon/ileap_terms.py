"""The terms of the iLEAP 1.0 data model, and landlink's words for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from landlink.core.errors import InputError, Problem

__all__ = ["CARRIERS", "FEEDSTOCKS", "MODES", "energy_carrier", "transport_mode"]

#: Modes of transport by the family of a mode; water is the sea unless the mode's name says otherwise.
MODES: Final[Mapping[str, str]] = {"road": "Road", "rail": "Rail", "water": "Sea", "air": "Air"}
#: Words in the name of a mode on water by which it is an inland waterway.
_INLAND: Final = ("inland", "river", "barge", "waterway", "canal", "lake")

#: Energy carriers by the words by which a study may call them.
CARRIERS: Final[Mapping[str, str]] = {
    "diesel": "Diesel",
    "hvo": "HVO",
    "petrol": "Petrol",
    "gasoline": "Petrol",
    "cng": "CNG",
    "lng": "LNG",
    "lpg": "LPG",
    "hfo": "HFO",
    "heavy_fuel_oil": "HFO",
    "mgo": "MGO",
    "marine_gas_oil": "MGO",
    "kerosene": "Aviation fuel",
    "jet_fuel": "Aviation fuel",
    "hydrogen": "Hydrogen",
    "methanol": "Methanol",
    "electricity": "Electric",
}

#: What an energy carrier is made of where that is beyond doubt; of hydrogen and methanol it is not said.
FEEDSTOCKS: Final[Mapping[str, str]] = {
    "Diesel": "Fossil",
    "Petrol": "Fossil",
    "LPG": "Fossil",
    "HFO": "Fossil",
    "MGO": "Fossil",
    "Aviation fuel": "Fossil",
    "CNG": "Natural gas",
    "LNG": "Natural gas",
    "HVO": "Cooking oil",
    "Electric": "Grid",
}


def transport_mode(family: str, mode: str = "") -> str:
    """Mode of transport of a mode, by its family and, on water, by its name.

    Raises
    ------
    InputError
        The data model has no mode for this family.

    Examples
    --------
    >>> transport_mode("water", "ferry"), transport_mode("water", "river_barge")
    ('Sea', 'InlandWaterway')
    """
    if family == "water" and any(word in mode.casefold() for word in _INLAND):
        return "InlandWaterway"
    return _term(MODES, family, "family", "mode of transport")


def energy_carrier(carrier_id: str) -> str:
    """Energy carrier of the data model for one of a study.

    Raises
    ------
    InputError
        The data model has no such energy carrier.

    Examples
    --------
    >>> energy_carrier("electricity")
    'Electric'
    """
    return _term(CARRIERS, carrier_id, "carrier_id", "energy carrier")


def _term(terms: Mapping[str, str], word: str, column: str, what: str) -> str:
    found = terms.get(word.strip().casefold().replace(" ", "_"))
    if found is None:
        raise InputError(
            Problem(
                "emission_leg", f"iLEAP 1.0 has no {what} for it", column=column, value=word, allowed=", ".join(terms)
            )
        )
    return found
