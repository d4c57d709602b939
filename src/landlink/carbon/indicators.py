"""Indicators of emissions and energy: totals, intensities, waits, countries, corridors, commodities and places.

Emissions are well to wheel, as CO2e, of freight alone: background vehicles such as cars are not counted.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Final

import pandas as pd

from landlink.carbon.arc_places import HUBS
from landlink.freight.definitions import EVERY_FAMILY
from landlink.freight.indicators import EVERYWHERE
from landlink.indicators.registry import IndicatorSet, TableView
from landlink.tables.carbon_schemas import ELECTRICITY
from landlink.tables.frames import texts
from landlink.tables.lists import split_list

__all__ = ["EMISSIONS", "WELL_TO_WHEEL", "every_country", "summed"]

EMISSIONS: Final = IndicatorSet()

_CO2E: Final = "co2e_t_per_year"
_MJ: Final = "energy_mj_per_year"
_G_PER_T: Final = 1e6
#: How emissions are counted.
WELL_TO_WHEEL: Final = "well to wheel, as CO2e"
_WHOLE: Final = f" {EVERYWHERE} or nothing for the whole network."

_Sums = dict[tuple[str, ...], float]


def _once(_: TableView) -> Iterable[tuple[str, ...]]:
    return [()]


def summed(frame: pd.DataFrame, keys: list[str], column: str, every: dict[str, str]) -> _Sums:
    """Sums of a column by keys, and over any of those that a word stands for all of."""
    found: _Sums = {}
    named = list(every)
    for chosen in range(2 ** len(named)):
        whole = {name: every[name] for place, name in enumerate(named) if chosen >> place & 1}
        sums = frame.assign(**whole).groupby(keys)[column].sum()
        index = sums.index.tolist()
        rows = index if len(keys) > 1 else [(one,) for one in index]
        found.update(zip(rows, sums.tolist(), strict=True))
    return found


# Countries


def _by_country(view: TableView) -> tuple[_Sums, _Sums, _Sums]:
    """Emissions, energy, and emissions by element, of countries and families."""
    table = view["emission_country"]
    every = {"country": EVERYWHERE, "family": EVERY_FAMILY}
    keys = ["country", "family"]
    return (
        summed(table, keys, _CO2E, every),
        summed(table, keys, _MJ, every),
        summed(table, ["country", "element"], _CO2E, {"country": EVERYWHERE}),
    )


def _countries(view: TableView) -> list[str]:
    return list(dict.fromkeys(texts(view["emission_country"], "country")))


def _with_families(view: TableView) -> Iterable[tuple[str, ...]]:
    """The whole network, countries, and the families of either that emit."""
    table = view["emission_country"]
    families = list(dict.fromkeys(texts(table, "family")))
    pairs = dict.fromkeys(zip(texts(table, "country"), texts(table, "family"), strict=True))
    return [
        (),
        *((EVERYWHERE, family) for family in families),
        *((country,) for country in _countries(view)),
        *pairs,
    ]


def _every_family(view: TableView) -> Iterable[tuple[str, ...]]:
    """Also families that emit nothing in this member of an ensemble, and all by their full names."""
    families = [*dict.fromkeys(texts(view["country"], "family")), HUBS]
    every = [EVERYWHERE, *dict.fromkeys(texts(view["country"], "country"))]
    return [(country, family) for country in every for family in families]


def _with_countries(view: TableView) -> Iterable[tuple[str, ...]]:
    return [(), *((country,) for country in _countries(view))]


def every_country(view: TableView) -> Iterable[tuple[str, ...]]:
    """The whole network and every country, also those without emissions."""
    return [(country,) for country in [EVERYWHERE, *dict.fromkeys(texts(view["country"], "country"))]]


_COUNTRY: Final = ("emission_country", "country")


@EMISSIONS.indicator(
    "emissions.co2e_t_per_year",
    arguments="[country[,family]]",
    unit="t/year",
    meaning=f"Emissions of freight, {WELL_TO_WHEEL}, by the country where they arise; family {HUBS}: what terminals"
    f" do.{_WHOLE}",
    tables=_COUNTRY,
    listing=_with_families,
    every=_every_family,
    subject="emissions",
)
def _co2e(view: TableView, country: str = EVERYWHERE, family: str = EVERY_FAMILY) -> float:
    return view.derived(_by_country)[0].get((country, family), 0.0)


@EMISSIONS.indicator(
    "energy.mj_per_year",
    arguments="[country[,family]]",
    unit="MJ/year",
    meaning=f"Energy that freight uses (final energy), by the country where it is used.{_WHOLE}",
    tables=_COUNTRY,
    listing=_with_families,
    every=_every_family,
    subject="energy_use",
)
def _energy(view: TableView, country: str = EVERYWHERE, family: str = EVERY_FAMILY) -> float:
    return view.derived(_by_country)[1].get((country, family), 0.0)


@EMISSIONS.indicator(
    "energy.electricity_share",
    arguments="[country]",
    unit="share",
    meaning=f"Share of electricity in the energy that freight uses.{_WHOLE}",
    tables=_COUNTRY,
    listing=_with_countries,
    every=every_country,
    subject="energy_use",
)
def _electricity(view: TableView, country: str = EVERYWHERE) -> float:
    carriers = view.derived(_by_carrier)
    whole = _energy(view, country)
    return carriers.get((country, ELECTRICITY), 0.0) / whole if whole > 0 else math.nan


def _by_carrier(view: TableView) -> _Sums:
    return summed(view["emission_country"], ["country", "carrier"], _MJ, {"country": EVERYWHERE})


@EMISSIONS.indicator(
    "emissions.waiting_t_per_year",
    arguments="[country]",
    unit="t/year",
    meaning=f"The part of the emissions of vehicles that wait or are controlled at border crossings.{_WHOLE}",
    tables=_COUNTRY,
    listing=_with_countries,
    every=every_country,
)
def _waiting(view: TableView, country: str = EVERYWHERE) -> float:
    return view.derived(_by_country)[2].get((country, "waiting"), 0.0)


@EMISSIONS.indicator(
    "emissions.waiting_share",
    arguments="[country]",
    unit="share",
    meaning=f"Share of vehicles that wait or are controlled at border crossings in the emissions.{_WHOLE}",
    tables=_COUNTRY,
    listing=_with_countries,
    every=every_country,
)
def _waiting_share(view: TableView, country: str = EVERYWHERE) -> float:
    whole = _co2e(view, country)
    return _waiting(view, country) / whole if whole > 0 else math.nan


def _tkm(view: TableView) -> _Sums:
    table = view["country"]
    every = {"country": EVERYWHERE}
    return summed(table, ["country", "family"], "tkm_per_year", every)


def _families(view: TableView) -> Iterable[tuple[str, ...]]:
    table = view["country"]
    moving = table[table["tkm_per_year"] > 0]
    return [(family,) for family in dict.fromkeys([EVERY_FAMILY, *texts(moving, "family")])]


def _families_and_countries(view: TableView) -> Iterable[tuple[str, ...]]:
    table = view["country"]
    pairs = zip(texts(table, "family"), texts(table, "country"), strict=True)
    return [*dict.fromkeys((family,) for family in texts(table, "family")), *pairs]


@EMISSIONS.indicator(
    "emissions.g_per_tkm",
    arguments="family[,country]",
    unit="g/tkm",
    meaning=f"Emission intensity of a family, {WELL_TO_WHEEL}: running, empty returns, stops, waits and fetching over"
    f" its tonne-kilometres; family {EVERY_FAMILY}: of all freight, terminals included.",
    tables=_COUNTRY,
    listing=_families,
    every=_families_and_countries,
    subject="emissions",
)
def _intensity(view: TableView, family: str, country: str = EVERYWHERE) -> float:
    tkm = view.derived(_tkm).get((country, family), 0.0)
    return _G_PER_T * _co2e(view, country, family) / tkm if tkm > 0 else math.nan


# Corridors


def _by_corridor(view: TableView) -> dict[tuple[str, ...], tuple[float, float]]:
    """Emissions, t a year, and tonne-kilometres of vehicles under way on the links of each corridor, by family."""
    table = view["emission_link"]
    found: dict[tuple[str, ...], tuple[float, float]] = {}
    sums = table.groupby(["corridor", "family"])[[_CO2E, "tkm_per_year"]].sum()
    for (cell, family), (co2e, tkm) in zip(sums.index.tolist(), sums.to_numpy().tolist(), strict=True):
        names = split_list(str(cell))
        for key in ((name, str(family)) for name in [*names, *([EVERYWHERE] if names else [])]):
            before = found.get(key, (0.0, 0.0))
            found[key] = before[0] + co2e, before[1] + tkm
    return found


def _corridors(view: TableView) -> Iterable[tuple[str, ...]]:
    return [key for key, (_, tkm) in sorted(view.derived(_by_corridor).items()) if tkm > 0]


def _every_corridor(view: TableView) -> Iterable[tuple[str, ...]]:
    return sorted(view.derived(_by_corridor))


@EMISSIONS.indicator(
    "corridor.co2e_t_per_year",
    arguments="corridor,family",
    unit="t/year",
    meaning=f"Emissions of vehicles under way on the links of the corridor, {WELL_TO_WHEEL}; {EVERYWHERE} for all"
    " corridors.",
    tables=("emission_link",),
    every=_every_corridor,
    subject="emissions",
)
def _corridor(view: TableView, corridor: str, family: str) -> float:
    return view.derived(_by_corridor).get((corridor, family), (0.0, 0.0))[0]


@EMISSIONS.indicator(
    "corridor.g_per_tkm",
    arguments="corridor,family",
    unit="g/tkm",
    meaning=f"Emission intensity of vehicles under way on the links of the corridor, {WELL_TO_WHEEL}.",
    tables=("emission_link",),
    listing=_corridors,
    every=_every_corridor,
)
def _corridor_intensity(view: TableView, corridor: str, family: str) -> float:
    co2e, tkm = view.derived(_by_corridor).get((corridor, family), (0.0, 0.0))
    return _G_PER_T * co2e / tkm if tkm > 0 else math.nan


# Places


def _by_place(view: TableView) -> _Sums:
    table = view["emission_place"]
    every = {"family": EVERY_FAMILY, "direction": ""}
    return summed(table, ["kind", "place_id", "family", "direction"], _CO2E, every)


def _crossings(view: TableView) -> Iterable[tuple[str, ...]]:
    table = view["emission_place"]
    return [(name,) for name in dict.fromkeys(texts(table[table["kind"] == "crossing"], "place_id"))]


def _crossings_and_families(view: TableView) -> Iterable[tuple[str, ...]]:
    table = view["emission_place"]
    here = table[table["kind"] == "crossing"]
    pairs = list(zip(texts(here, "place_id"), texts(here, "family"), strict=True))
    return list(dict.fromkeys([*pairs, *((*pair, way) for pair in pairs for way in ("ab", "ba"))]))


@EMISSIONS.indicator(
    "crossing.co2e_t_per_year",
    arguments="crossing[,family[,direction]]",
    unit="t/year",
    meaning=f"Emissions of vehicles that wait or are controlled at the crossing, {WELL_TO_WHEEL}; loaded ones and their"
    " empty return.",
    tables=("emission_place",),
    listing=_crossings,
    every=_crossings_and_families,
    subject="emissions",
)
def _crossing(view: TableView, crossing: str, family: str = EVERY_FAMILY, direction: str = "") -> float:
    return view.derived(_by_place).get(("crossing", crossing, family, direction), 0.0)


def _terminals(view: TableView) -> Iterable[tuple[str, ...]]:
    table = view["emission_place"]
    return [(name,) for name in dict.fromkeys(texts(table[table["kind"] == "terminal"], "place_id"))]


@EMISSIONS.indicator(
    "terminal.co2e_t_per_year",
    arguments="terminal",
    unit="t/year",
    meaning=f"Emissions of what the terminal does (hub operations), {WELL_TO_WHEEL}.",
    tables=("emission_place",),
    every=_terminals,
)
def _terminal(view: TableView, terminal: str) -> float:
    return view.derived(_by_place).get(("terminal", terminal, EVERY_FAMILY, ""), 0.0)


def _by_link(view: TableView) -> _Sums:
    return summed(view["emission_link"], ["link_id"], _CO2E, {})


def _links(view: TableView) -> Iterable[tuple[str, ...]]:
    return [(name,) for name in dict.fromkeys(texts(view["emission_link"], "link_id"))]


@EMISSIONS.indicator(
    "link.co2e_t_per_year",
    arguments="link",
    unit="t/year",
    meaning=f"Emissions of vehicles under way on the link, both directions and empty returns, {WELL_TO_WHEEL}.",
    tables=("emission_link",),
    every=_links,
)
def _link(view: TableView, link: str) -> float:
    return view.derived(_by_link).get((link,), 0.0)
