"""Chinese goods that enter Kyrgyzstan and leave it again.

China reports 3.4 times what Kyrgyzstan records as imports (5,353 million USD of 18,182 in 2023), and of what it
records most cars go on to Russia. Kept in the country: customs' figure less four in five of the 79,000 cars at
29,700 USD, that is (5353 - 0.8 * 2346) / 18182 = 19 %; an expert puts it at a tenth (trade.csv, 2025). We take 20 %
of every commodity. The rest moves in two legs, as it does in fact: from China into the wholesale markets (Dordoi at
Bishkek, Kara-Suu at Osh), then out of them.
"""

from __future__ import annotations

from tools.china_kyrgyzstan.flows import Flow
from tools.china_kyrgyzstan.sources import Sources

RETAINED = 0.20
#: Where re-exports go, by market zone; together they make the national shares below. Estimates: no statistics exist.
MARKETS: dict[str, tuple[float, dict[str, float]]] = {
    "KG-GB": (0.60, {"RUS": 0.70, "KAZ": 0.30}),
    "KG-GO": (0.40, {"RUS": 0.40, "KAZ": 0.15, "UZB": 0.45}),
}


def split_reexports(flows: list[Flow], sources: Sources) -> list[Flow]:
    """Turn China's exports to Kyrgyzstan into what stays, the leg in and the legs out."""
    origin = sources.add(
        "Re-exports of Chinese goods through Kyrgyz markets",
        note="Own estimate: 20 % stay (customs of both countries, 2023); destinations are guesses.",
    )
    result = []
    for row in flows:
        if (row.origin, row.destination) != ("CHN", "KGZ"):
            result.append(row)
            continue
        result.append(_part(row, "CHN", "KGZ", "trade", RETAINED, origin, "kept in the country"))
        for market, (share, onward) in MARKETS.items():
            out = (1.0 - RETAINED) * share
            result.append(_part(row, "CHN", market, "reexport", out, origin, "first leg, to the market"))
            for destination, part in onward.items():
                result.append(_part(row, market, destination, "reexport", out * part, origin, "second leg, from the market"))
    return result


def _part(row: Flow, origin: str, destination: str, kind: str, share: float, source: str, note: str) -> Flow:
    sources = (*row.source, source)
    return Flow(origin, destination, row.commodity, kind, row.tonnes * share, "estimated", sources, note)
