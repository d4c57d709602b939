"""Trade of the region's southern and western neighbours with each other, over borders that the study holds.

None of it touches Central Asia, but it fills the same crossings and ferries: Dogharoun is Iran's gate to Afghanistan,
Astara and Samur carry Russia's trade with Iran, Torkham Pakistan's with Afghanistan. Without it the study's roads
through Azerbaijan, eastern Iran and the Khyber were nearly empty beside counts of hundreds of trucks a day.

Values are BACI's; where neither side reports, a figure stands in, recalled and marked so. Each pair has the part of
its value that goes by land and by crossings of the study; the rest goes by sea, pipeline or other borders.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from tools.china_kyrgyzstan.flows import Flow
from tools.china_kyrgyzstan.gateways import GROUP_OF
from tools.china_kyrgyzstan.sources import Sources
from tools.china_kyrgyzstan.trade_matrix import read_baci
from tools.china_kyrgyzstan.trade_shares import Shares
from tools.china_kyrgyzstan.value_densities import Densities


class Pair(NamedTuple):
    """A pair of countries: part of its value that the study's borders carry, and a value where BACI has none.

    The part by land is made of all goods but those that go ``by_ship``.
    """

    exporter: str
    importer: str
    by_land: float
    why: str
    musd: float = 0.0
    by_ship: tuple[str, ...] = ()


_OPEN = "all but a little by land"
_CASPIAN = "the rest by ship over the Caspian"
_OTHER_BORDERS = "the rest by crossings further south"

#: All parts are estimates. Values given here are recalled: no customs of the two countries reported the year.
PAIRS = (
    Pair("IRN", "AFG", 0.45, _OTHER_BORDERS, 1900.0),
    Pair("PAK", "AFG", 0.95, _OPEN),
    Pair("AFG", "PAK", 0.80, "coal and fruit by Kharlachi, Ghulam Khan and Torkham; the rest by small crossings"),
    Pair("AFG", "IRN", 0.50, _OTHER_BORDERS, 40.0),
    Pair("IRN", "AZE", 0.95, _OPEN),
    Pair("AZE", "IRN", 0.95, _OPEN),
    Pair("RUS", "AZE", 0.85, _CASPIAN),
    Pair("AZE", "RUS", 0.90, _CASPIAN),
    Pair("RUS", "IRN", 0.15, "western branch of North-South by Azerbaijan; grain and most else by ship over the Caspian", 2200.0, ("grain",)),
    Pair("IRN", "RUS", 0.50, "fruit and vegetables by truck through Azerbaijan; " + _CASPIAN, 1000.0),
    Pair("TUR", "AZE", 0.95, _OPEN),
    Pair("AZE", "TUR", 0.95, "oil and gas by pipeline are left out by the commodity shares"),
    Pair("AZE", "GEO", 0.95, "oil and gas by pipeline are left out by the commodity shares"),
    Pair("GEO", "AZE", 0.95, _OPEN),
    Pair("RUS", "GEO", 0.70, "the rest by the Black Sea", 1740.0),
    Pair("GEO", "RUS", 0.90, _OPEN, 660.0),
    Pair("TUR", "RUS", 0.12, "trucks by Georgia and Azerbaijan; the rest by the Black Sea"),
    Pair("TUR", "IRN", 0.90, _OPEN),
    Pair("IRN", "TUR", 0.80, "gas by pipeline is left out by the commodity shares"),
)  # fmt: skip

#: Countries overseas whose goods reach Afghanistan by a port of Iran or Pakistan: exporters, port zone, and the part
#: of their value it takes. Since 2018 about as much lands at Bandar Abbas as at Karachi; estimates.
OVERSEAS = ("ARE", "IND", "JPN", "KOR", "MYS", "IDN", "CHN")
PORTS = (("G-BAND", 0.40), ("G-KHI", 0.45))
_CHINA_BY_SEA = 0.7  #: of the goods from China, the rest goes by Central Asia

_PATCH = "Trade between neighbours that do not report: recalled figures of 2023"
_LAND = "Trade of neighbours of the region by land: parts of the value"


def neighbour_flows(facts: Path, sources: Sources) -> list[Flow]:
    """Flows between neighbours of Central Asia that no part of the demand holds otherwise."""
    values, worth, shares = read_baci(facts), Densities(facts), Shares(facts)
    baci, guess = sources.add("CEPII BACI 2023"), sources.add(_LAND, note="Own estimates; see the chapter on demand.")
    flows: list[Flow] = []

    def add(
        exporter: str,
        origin: str,
        importer: str,
        musd: float,
        source: tuple[str, ...],
        note: str,
        by_ship: tuple[str, ...] = (),
    ) -> None:
        block = GROUP_OF.get(exporter, exporter)
        goods = shares.commodities(exporter, importer)[0]
        shipped = sum(goods.pop(commodity) for commodity in by_ship)
        for commodity, share in goods.items():
            tonnes = musd * 1e6 * share / (1.0 - shipped) / worth.usd_per_t(commodity, block, importer)
            flow = Flow(origin, importer, commodity, "neighbour", tonnes, "estimated", source, note)
            # A port stands for the exporter behind it.
            flows.append(replace(flow, exporter=exporter, usd_per_t=worth.usd_per_t(commodity, block, importer)))

    for pair in PAIRS:
        known = values.get((pair.exporter, pair.importer), 0.0)
        origin = baci if known else sources.add(_PATCH)
        note = f"{100 * pair.by_land:g} % of the value by land: {pair.why}"
        musd = (known or pair.musd) * pair.by_land
        add(pair.exporter, pair.exporter, pair.importer, musd, (origin, guess), note, pair.by_ship)
    for exporter in OVERSEAS:
        by_sea = values.get((exporter, "AFG"), 0.0) * (_CHINA_BY_SEA if exporter == "CHN" else 1.0)
        for port, share in PORTS:
            add(
                exporter,
                port,
                "AFG",
                by_sea * share,
                (baci, guess),
                "goods from overseas by a port of Iran or Pakistan",
            )
    return flows
