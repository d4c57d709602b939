"""Indicators of emissions of freight from door to door: by pair of countries, commodity and group, and domestic."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Final

from landlink.carbon.indicators import EMISSIONS, WELL_TO_WHEEL, every_country, summed
from landlink.freight.indicators import EVERYWHERE
from landlink.indicators.registry import Listing, TableView
from landlink.tables.frames import texts

__all__ = ["EMISSIONS"]

_CO2E: Final = "co2e_t_per_year"
_G_PER_T: Final = 1e6

_SUMMED: Final = (_CO2E, "tkm_per_year", "gcd_tkm_per_year")


def _by_pair(view: TableView) -> dict[tuple[str, str, str], dict[str, float]]:
    """Sums of freight by countries of origin and destination, and alternative, or none for all."""
    table = view["emission_commodity"]
    ends = ["origin_country", "destination_country", "alternative"]
    found: dict[tuple[str, str, str], dict[str, float]] = {}
    for frame in (table, table.assign(alternative="")):
        sums = frame.groupby(ends)[list(_SUMMED)].sum()
        found.update(zip(sums.index.tolist(), sums.to_dict("records"), strict=True))  # type: ignore[arg-type]
    return found


def _pairs(view: TableView) -> Iterable[tuple[str, ...]]:
    return [tuple(filter(None, key)) for key in view.derived(_by_pair)]


def _of_region(view: TableView) -> Iterable[tuple[str, ...]]:
    """Pairs of different countries that both have a zone that is no gateway."""
    zone = view["zone"]
    region = set(zone.loc[zone["kind"] == "internal", "country"])
    pairs = [key[:2] for key in view.derived(_by_pair) if not key[2] and key[0] != key[1]]
    return [pair for pair in pairs if set(pair) <= region]


def _ratio(part: str, whole: str, factor: float) -> Callable[[dict[str, float]], float]:
    return lambda sums: factor * sums[part] / sums[whole] if sums[whole] > 0 else math.nan


def _declare_pair(name: str, unit: str, meaning: str, compute: Callable[[dict[str, float]], float]) -> None:
    @EMISSIONS.indicator(
        f"emissions.trade_{name}",
        arguments="from,to[,alternative]",
        unit=unit,
        meaning=meaning,
        tables=("emission_commodity", "zone"),
        listing=_of_region,
        every=_pairs,
    )
    def pair(view: TableView, start: str, end: str, alternative: str = "") -> float:
        found = view.derived(_by_pair).get((start, end, alternative))
        return compute(found) if found else (math.nan if "_per_tkm" in name or "_per_gcd" in name else 0.0)


_declare_pair(
    "t_per_year",
    "t/year",
    f"Emissions of the freight from a country to another from door to door, {WELL_TO_WHEEL}.",
    lambda sums: sums[_CO2E],
)
_declare_pair(
    "g_per_tkm",
    "g/tkm",
    f"Emission intensity of the freight from a country to another, {WELL_TO_WHEEL}, by the distance travelled.",
    _ratio(_CO2E, "tkm_per_year", _G_PER_T),
)
_declare_pair(
    "g_per_gcd_tkm",
    "g/tkm",
    f"Emission intensity of the freight from a country to another, {WELL_TO_WHEEL}, by the great-circle distance.",
    _ratio(_CO2E, "gcd_tkm_per_year", _G_PER_T),
)


def _by_goods(view: TableView) -> dict[tuple[str, str], tuple[float, float]]:
    """Emissions, t a year, and tonne-kilometres by commodity and by group of commodities."""
    table = view["emission_commodity"]
    sums = table.groupby("commodity_id")[[_CO2E, "tkm_per_year"]].sum()
    goods = view["commodity"]
    group = dict(zip(texts(goods, "commodity_id"), texts(goods, "group"), strict=True)) if "group" in goods else {}
    found: dict[tuple[str, str], tuple[float, float]] = {}
    for good, (co2e, tkm) in zip(map(str, sums.index), sums.to_numpy().tolist(), strict=True):
        for key in (("commodity", good), ("group", group.get(good, ""))):
            before = found.get(key, (0.0, 0.0))
            found[key] = before[0] + co2e, before[1] + tkm
    return found


def _goods(kind: str) -> Listing:
    return lambda view: [(name,) for of, name in view.derived(_by_goods) if of == kind and name]


def _declare_goods(kind: str, of: str) -> None:
    @EMISSIONS.indicator(
        f"emissions.{kind}_t_per_year",
        arguments=kind,
        unit="t/year",
        meaning=f"Emissions of the freight of a {of} from door to door, {WELL_TO_WHEEL}.",
        tables=("emission_commodity", "commodity"),
        listing=_goods(kind),
    )
    def total(view: TableView, name: str) -> float:
        return view.derived(_by_goods).get((kind, name), (0.0, 0.0))[0]

    @EMISSIONS.indicator(
        f"emissions.{kind}_g_per_tkm",
        arguments=kind,
        unit="g/tkm",
        meaning=f"Emission intensity of the freight of a {of}, {WELL_TO_WHEEL}, by the distance travelled.",
        tables=("emission_commodity", "commodity"),
        every=_goods(kind),
    )
    def intensity(view: TableView, name: str) -> float:
        co2e, tkm = view.derived(_by_goods).get((kind, name), (0.0, 0.0))
        return _G_PER_T * co2e / tkm if tkm > 0 else math.nan


_declare_goods("commodity", "commodity")
_declare_goods("group", "group of commodities")


def _domestic(view: TableView) -> dict[tuple[str, ...], float]:
    table = view["emission_commodity"]
    within = table[table["origin_country"] == table["destination_country"]]
    return summed(within, ["origin_country"], _CO2E, {"origin_country": EVERYWHERE})


@EMISSIONS.indicator(
    "emissions.domestic_t_per_year",
    arguments="[country]",
    unit="t/year",
    meaning=f"Emissions of freight within one country from door to door, {WELL_TO_WHEEL}; none where it is not counted."
    f" {EVERYWHERE} or nothing for all countries.",
    tables=("emission_commodity", "country"),
    every=every_country,
)
def _domestic_t(view: TableView, country: str = EVERYWHERE) -> float:
    return view.derived(_domestic).get((country,), 0.0)
