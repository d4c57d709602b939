"""Chinese goods that enter Kyrgyzstan and leave it again.

China reports 3.4 times what Kyrgyzstan records as imports (5,353 million USD of 18,182 in 2023), and of what it
records most cars go on to Russia. Kept in the country: customs' figure less four in five of the 79,000 cars at
29,700 USD, that is (5353 - 0.8 * 2346) / 18182 = 19 %; an expert puts it at a tenth (trade.csv, 2025). We keep 20 %
of the value: four fifths of the heavy goods that nobody carries over a pass to sell again, and of the light goods
what makes up the sum. The rest moves in two legs, as it does in fact: from China into the wholesale markets (Dordoi
at Bishkek, Kara-Suu at Osh), then out of them.
"""

from __future__ import annotations

from dataclasses import replace

from tools.china_kyrgyzstan.flows import Flow
from tools.china_kyrgyzstan.sources import Sources
from tools.china_kyrgyzstan.value_densities import Densities

RETAINED_VALUE = 0.20
RETAINED_HEAVY = 0.80
HEAVY = (
    "building_materials",
    "metals",
    "nonferrous",
    "chemicals",
    "fertiliser",
    "food",
    "fruit_vegetables",
    "petroleum",
)
#: Where re-exports go, by market zone and its share of them. Estimates: no statistics exist.
MARKETS: dict[str, tuple[float, dict[str, float]]] = {
    "KG-GB": (0.60, {"RUS": 0.70, "KAZ": 0.30}),
    "KG-GO": (0.40, {"RUS": 0.40, "KAZ": 0.15, "UZB": 0.45}),
}


def retained_light(flows: list[Flow], worth: Densities) -> float:
    """Share of the light goods that stays, so that ``RETAINED_VALUE`` of the value of all goods does."""
    value = {row.commodity: row.tonnes * worth.usd_per_t(row.commodity, "CHN", "KGZ") for row in flows}
    heavy = sum(value.get(name, 0.0) for name in HEAVY) / sum(value.values())
    return max(0.0, (RETAINED_VALUE - RETAINED_HEAVY * heavy) / (1.0 - heavy))


def split_reexports(flows: list[Flow], worth: Densities, sources: Sources) -> list[Flow]:
    """Turn China's exports to Kyrgyzstan into what stays, the leg in and the legs out."""
    origin = sources.add(
        "Re-exports of Chinese goods through Kyrgyz markets",
        note="Own estimate: 20 % of the value stays (customs of both countries, 2023); destinations are guesses.",
    )
    entering = [row for row in flows if (row.origin, row.destination) == ("CHN", "KGZ")]
    light = retained_light(entering, worth)
    result = [row for row in flows if (row.origin, row.destination) != ("CHN", "KGZ")]
    for row in entering:
        kept = RETAINED_HEAVY if row.commodity in HEAVY else light
        result.append(_part(row, "CHN", "KGZ", "trade", kept, origin, "kept in the country"))
        for market, (share, onward) in MARKETS.items():
            out = (1.0 - kept) * share
            for_whom = ";".join(f"{destination}={part:g}" for destination, part in onward.items())
            leg = _part(row, "CHN", market, "reexport", out, origin, "first leg, to the market")
            result.append(replace(leg, importer=for_whom))
            for destination, part in onward.items():
                leg = _part(row, market, destination, "reexport", out * part, origin, "second leg, out of the market")
                result.append(replace(leg, exporter="CHN"))
    return result


def _part(row: Flow, origin: str, destination: str, kind: str, share: float, source: str, note: str) -> Flow:
    sources = (*row.source, source)
    tonnes = row.tonnes * share
    return Flow(origin, destination, row.commodity, kind, tonnes, "estimated", sources, note, usd_per_t=row.usd_per_t)
