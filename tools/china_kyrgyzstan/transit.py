"""Freight that crosses the region between countries outside it.

China and Europe: nearly all goes by sea and could not be drawn to land at any price seen. What chooses between the
two is taken to be as much as land has ever carried on the Eurasian route: 420 thousand TEU from China to the EU in
2021 (index of 2024), and back in the proportion of trains, 8,846 to 10,546, at 10.5 t a TEU (1,129 t a train over
107.1 TEU). In 2023 land carried 211.1 thousand TEU of it both ways, 27 %; the sea is the alternative for all of it.
China and Russia by way of Kazakhstan: 3.8 Mt by rail in 2023, halved by direction (a guess), and 0.6 Mt by road (a
guess). Other pairs: the part of BACI's value that is thought to go by land through the region, a guess each.
"""

from __future__ import annotations

import csv
from pathlib import Path

from tools.china_kyrgyzstan.commodities import densities
from tools.china_kyrgyzstan.flows import Flow
from tools.china_kyrgyzstan.sources import Sources
from tools.china_kyrgyzstan.trade_matrix import read_baci

TONNES_PER_TEU = 10.5
EUROPE_OUT_KTEU = 420.0
EUROPE_LAND_KTEU = 211.1  #: what land carried in 2023, both ways (tonnes.csv); beside the pool, no part of it
EUROPE_BACK_RATIO = 8846 / 10546
RUSSIA_ROAD_T = 0.6e6

# fmt: off
#: Tonnes by commodity, shares; estimates.
_CHINA_EUROPE = {"machinery": 0.40, "consumer_goods": 0.20, "vehicles": 0.12, "chemicals": 0.12, "clothing": 0.08, "textiles": 0.04, "metals": 0.04}
_EUROPE_CHINA = {"machinery": 0.25, "chemicals": 0.22, "vehicles": 0.15, "food": 0.20, "consumer_goods": 0.13, "metals": 0.05}
_CHINA_RUSSIA = {"machinery": 0.32, "vehicles": 0.22, "consumer_goods": 0.15, "chemicals": 0.13, "metals": 0.10, "textiles": 0.04, "clothing": 0.04}
_RUSSIA_CHINA = {"building_materials": 0.25, "grain": 0.20, "food": 0.20, "chemicals": 0.15, "fertiliser": 0.12, "metals": 0.08}
# fmt: on

#: (exporter, importer): share of BACI's value by land through the region, and its commodities by value. Estimates.
_LAND: dict[tuple[str, str], tuple[float, dict[str, float]]] = {
    ("CHN", "AZE"): (0.10, {"machinery": 0.45, "vehicles": 0.20, "metals": 0.10, "consumer_goods": 0.15, "chemicals": 0.10}),
    ("CHN", "TUR"): (0.01, {"machinery": 0.50, "consumer_goods": 0.20, "chemicals": 0.15, "textiles": 0.15}),
    ("TUR", "CHN"): (0.02, {"ores": 0.50, "chemicals": 0.25, "food": 0.25}),
    ("CHN", "IRN"): (0.02, {"machinery": 0.60, "chemicals": 0.20, "metals": 0.20}),
    ("IRN", "CHN"): (0.01, {"chemicals": 0.50, "ores": 0.50}),
    ("CHN", "AFG"): (0.15, {"machinery": 0.40, "textiles": 0.30, "vehicles": 0.15, "consumer_goods": 0.15}),
    ("AFG", "CHN"): (0.30, {"ores": 0.50, "food": 0.50}),
    ("TUR", "AFG"): (0.85, {"machinery": 0.40, "food": 0.30, "consumer_goods": 0.30}),
}  # fmt: skip
#: Tonnes guessed outright where BACI is empty or another route dominates.
_GUESSED: tuple[tuple[str, str, str, float, str], ...] = (
    ("RUS", "AFG", "petroleum", 0.45e6, "of 6.7 Mt of Russian oil products to Central Asia, Mongolia and Afghanistan"),
    ("RUS", "AFG", "building_materials", 0.15e6, "timber"),
    ("RUS", "AFG", "food", 0.10e6, "oil and sugar"),
    ("RUS", "IRN", "grain", 0.35e6, "eastern branch of North-South, 2.1 Mt of all goods in 2023"),
    ("RUS", "IRN", "building_materials", 0.25e6, "timber on the eastern branch"),
    ("RUS", "IRN", "metals", 0.15e6, "eastern branch"),
    ("IRN", "RUS", "fruit_vegetables", 0.10e6, "eastern branch"),
    ("IRN", "RUS", "building_materials", 0.05e6, "eastern branch"),
)
#: Khunjerab, all vehicles, April to October 2024: 40.9 thousand tonnes (value_density.csv), the season of 2023 alike.
_KHUNJERAB_T = 40_900.0
_CHINA_PAKISTAN = {"machinery": 0.35, "chemicals": 0.20, "consumer_goods": 0.25, "textiles": 0.20}


def transit_flows(facts: Path, sources: Sources) -> list[Flow]:
    """Flows between countries outside Central Asia that use its network or could."""
    working = densities(facts)
    baci_values = read_baci(facts)
    baci = sources.add("CEPII BACI 2023")
    guess = sources.add(
        "Transit through Central Asia by land",
        note="Own estimates of the land share and the goods; see the chapter on demand.",
    )
    flows: list[Flow] = []
    out = EUROPE_OUT_KTEU * 1e3 * TONNES_PER_TEU
    pool = (sources.add("maritime-network 16 Mar 2025 (UTLC ERA)"), sources.add("index1520.com 22 Jan 2025"), guess)
    flows += _spread("CHN", "G-EUR", _CHINA_EUROPE, out, pool, "land and sea compete for it")
    flows += _spread("G-EUR", "CHN", _EUROPE_CHINA, out * EUROPE_BACK_RATIO, pool, "land and sea compete for it")
    rail, title = _rail_china_russia(facts)
    half = (rail + RUSSIA_ROAD_T) / 2
    russia = (sources.add(title), guess)
    flows += _spread("CHN", "RUS", _CHINA_RUSSIA, half, russia, "by way of Kazakhstan only")
    flows += _spread("RUS", "CHN", _RUSSIA_CHINA, half, russia, "by way of Kazakhstan only")
    for (exporter, importer), (share, goods) in _LAND.items():
        for commodity, part in goods.items():
            tonnes = baci_values[exporter, importer] * 1e6 * share * part / working[commodity]
            note = f"{100 * share:g} % of the value by land"
            flows.append(Flow(exporter, importer, commodity, "transit", tonnes, "estimated", (baci, guess), note))
    for exporter, importer, commodity, tonnes, note in _GUESSED:
        flows.append(Flow(exporter, importer, commodity, "transit", tonnes, "estimated", (guess,), note))
    khunjerab = (sources.add("Xinhua on Khunjerab, April to October 2024"), guess)
    flows += _spread("CHN", "PAK", _CHINA_PAKISTAN, 0.8 * _KHUNJERAB_T, khunjerab, "Khunjerab")
    flows += _spread("PAK", "CHN", {"food": 0.6, "ores": 0.4}, 0.2 * _KHUNJERAB_T, khunjerab, "Khunjerab")
    return flows


def _spread(
    origin: str, destination: str, goods: dict[str, float], tonnes: float, source: tuple[str, ...], note: str
) -> list[Flow]:
    return [
        Flow(origin, destination, commodity, "transit", tonnes * share, "estimated", source, note)
        for commodity, share in goods.items()
    ]


def _rail_china_russia(facts: Path) -> tuple[float, str]:
    with (facts / "tonnes.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if (row["scope"], row["direction"], row["period"]) == ("KAZ", "transit CHN-RUS", "2023"):
                return float(row["value"]) * 1e6, row["source"]
    raise SystemExit("tonnes.csv: no row for transit between China and Russia in 2023")
