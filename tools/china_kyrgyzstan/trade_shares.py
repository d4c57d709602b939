"""What each pair of countries trades: shares of value in sixteen commodities.

The twelve groups of ``trade_structure.csv`` (estimates, 30 to 50 % uncertain) are read for the pairs it has. Other
pairs take the profile of the exporter, an estimate of ours. A second table splits the twelve groups into sixteen.
"""

from __future__ import annotations

import csv
from pathlib import Path

from tools.china_kyrgyzstan.gateways import GROUP_OF, OWN

GROUPS = (
    "grain and flour", "other food", "coal", "oil, gas, products", "ores, uranium", "metals and articles",
    "chemicals, plastics, fertilizer", "wood, cement, stone, glass", "textiles, clothing, footwear",
    "machinery, electrical", "vehicles", "other",
)  # fmt: skip

ENERGY = "oil, gas, products"

#: Profiles in % of value, in the order of GROUPS; keyed by exporter, or by exporter and importer where that matters.
_PROFILES: dict[str, tuple[float, ...]] = {
    # China to Kyrgyzstan: trade.csv, shares of 2022 with vehicles raised to the 15 % of 2023.
    "CHN>KGZ": (0, 1, 0, 0, 0, 4, 4, 4, 53, 12, 15, 7),
    "CHN>AFG": (0, 4, 0, 0, 0, 8, 10, 5, 25, 32, 8, 8),
    "KGZ>CHN": (0, 10, 15, 0, 35, 5, 0, 0, 20, 0, 0, 15),
    # Turkmenistan to China: 5,058 of 5,076 million USD were gas in the first half of 2023 (trade_structure.csv).
    "TKM>CHN": (0, 0, 0, 99.65, 0, 0, 0.1, 0, 0.25, 0, 0, 0),
    "KAZ>TUR": (3, 2, 0, 53, 0, 36, 2, 0, 2, 0, 0, 2),
    "KAZ>AZE": (25, 10, 0, 20, 0, 20, 10, 0, 0, 5, 5, 5),
    "KAZ>GEO": (10, 5, 0, 30, 10, 25, 10, 0, 0, 5, 0, 5),
    "KAZ>IRN": (75, 5, 0, 0, 0, 15, 3, 0, 0, 0, 0, 2),
    "KAZ>TKM": (25, 20, 0, 5, 0, 20, 10, 5, 2, 8, 3, 2),
    "UZB>TUR": (0, 6, 0, 0, 0, 52, 6, 0, 34, 0, 0, 2),
    "UZB>PAK": (0, 88, 0, 0, 0, 3, 5, 0, 3, 0, 0, 1),
    "UZB": (0, 25, 0, 3, 0, 25, 15, 1, 22, 4, 2, 3),
    "KGZ": (0, 25, 0, 0, 15, 25, 2, 2, 22, 4, 2, 3),
    "TJK": (0, 10, 0, 0, 30, 35, 0, 0, 23, 0, 0, 2),
    "TKM": (0, 2, 0, 75, 0, 0, 12, 0, 10, 0, 0, 1),
    "TKM>AFG": (0, 0, 0, 90, 0, 0, 6, 3, 1, 0, 0, 0),
    "KAZ>overseas": (0, 0, 0, 92, 1, 5, 1, 0, 0, 0, 0, 1),
    "KAZ": (10, 15, 2, 15, 5, 25, 15, 2, 2, 5, 2, 2),
    "RUS": (3, 18, 0, 30, 0, 12, 12, 7, 1, 10, 4, 3),
    "RUS>TKM": (3, 20, 0, 2, 0, 25, 12, 8, 2, 18, 7, 3),
    "TUR": (0, 6, 0, 0, 0, 7, 17, 3, 27, 25, 5, 10),
    "IRN": (0, 38, 0, 4, 0, 10, 25, 10, 3, 4, 1, 5),
    "AFG": (0, 70, 5, 0, 3, 2, 0, 5, 10, 0, 0, 5),
    "PAK": (4, 45, 0, 0, 0, 2, 22, 2, 18, 3, 0, 4),
    "AZE": (0, 20, 0, 35, 0, 8, 22, 3, 4, 5, 1, 2),
    "GEO": (0, 35, 0, 0, 5, 6, 6, 1, 2, 3, 40, 2),
    "europe": (0, 6, 0, 0, 0, 6, 22, 2, 3, 39, 15, 7),
    "belarus": (0, 25, 0, 0, 0, 4, 9, 6, 5, 26, 21, 4),
    "americas": (0, 25, 0, 0, 0, 4, 12, 0, 1, 33, 22, 3),
    "pacific": (0, 4, 0, 0, 0, 6, 12, 1, 2, 40, 31, 4),
    "south_asia": (2, 22, 0, 0, 0, 3, 47, 1, 8, 12, 2, 3),
    "gulf": (0, 8, 0, 2, 0, 5, 12, 1, 5, 35, 22, 10),
    # Neighbours of the region among themselves.
    "AFG>PAK": (0, 48, 45, 0, 1, 1, 0, 2, 2, 0, 0, 1),
    "IRN>AFG": (4, 30, 0, 14, 0, 14, 14, 12, 3, 5, 1, 3),
    "RUS>AZE": (12, 22, 0, 10, 0, 14, 12, 12, 3, 9, 4, 2),
    "AZE>RUS": (0, 55, 0, 5, 0, 5, 20, 2, 3, 5, 1, 4),
    "AZE>TUR": (0, 2, 0, 90, 0, 2, 4, 0, 1, 0, 0, 1),
    "IRN>TUR": (0, 8, 0, 55, 0, 15, 15, 2, 1, 1, 0, 3),
    "IRN>RUS": (0, 50, 0, 0, 0, 6, 20, 6, 4, 6, 1, 7),
    "RUS>GEO": (10, 22, 0, 38, 0, 6, 8, 5, 2, 5, 2, 2),
    "GEO>RUS": (0, 55, 0, 0, 0, 20, 5, 2, 3, 3, 8, 4),
    "RUS>IRN": (45, 15, 0, 0, 0, 12, 6, 10, 1, 8, 2, 1),
    "AZE>GEO": (0, 12, 0, 62, 0, 6, 8, 6, 1, 3, 1, 1),
    "africa": (0, 75, 0, 0, 5, 5, 5, 0, 0, 0, 0, 10),
}  # fmt: skip
_LIKE = {"baltic": "europe", "armenia": "GEO", "mongolia": "AFG", "levant": "TUR", "iraq": "gulf"}

#: Share of a group's value that is one of two commodities; by exporter (and importer), else the last entry.
_FRESH = {
    "UZB": 0.55, "UZB>PAK": 0.95, "TJK": 0.7, "KGZ": 0.45, "CHN": 0.6, "AFG": 0.9, "IRN": 0.5, "PAK": 0.6, "TKM": 0.5,
    "KAZ": 0.05, "RUS": 0.05, "TUR": 0.4, "AZE": 0.6, "": 0.08,
}  # fmt: skip
_NONFERROUS = {
    "KAZ>CHN": 0.65, "KAZ>RUS": 0.2, "KAZ>TUR": 0.85, "KAZ>UZB": 0.05, "KAZ>KGZ": 0.05, "KAZ>EU27": 0.7, "KAZ": 0.3,
    "UZB>KAZ": 0.4, "UZB": 0.85, "TJK": 0.7, "CHN": 0.1, "RUS": 0.1, "IRN": 0.2, "": 0.15,
}  # fmt: skip
_FERTILISER = {
    "UZB>RUS": 0.05,
    "UZB>KAZ": 0.1,
    "UZB": 0.35,
    "TKM": 0.6,
    "RUS": 0.1,
    "KAZ": 0.1,
    "IRN": 0.15,
    "CHN": 0.03,
    "": 0.02,
}
_CLOTHING = {
    "CHN>KGZ": 0.72, "CHN": 0.65, "KGZ>CHN": 0.0, "KGZ": 0.95, "UZB>RUS": 0.5, "UZB": 0.3, "TUR": 0.6, "TJK": 0.1,
    "TKM": 0.1, "PAK": 0.3, "": 0.6,
}  # fmt: skip
_SPLITS = {
    "grain and flour": ("grain", "grain", {"": 1.0}),
    "other food": ("fruit_vegetables", "food", _FRESH),
    "coal": ("coal", "coal", {"": 1.0}),
    "oil, gas, products": ("petroleum", "petroleum", {"": 1.0}),
    "ores, uranium": ("ores", "ores", {"": 1.0}),
    "metals and articles": ("nonferrous", "metals", _NONFERROUS),
    "chemicals, plastics, fertilizer": ("fertiliser", "chemicals", _FERTILISER),
    "wood, cement, stone, glass": ("building_materials", "building_materials", {"": 1.0}),
    "textiles, clothing, footwear": ("clothing", "textiles", _CLOTHING),
    "machinery, electrical": ("machinery", "machinery", {"": 1.0}),
    "vehicles": ("vehicles", "vehicles", {"": 1.0}),
    "other": ("consumer_goods", "consumer_goods", {"": 1.0}),
}

#: Part of a pair's oil, gas and products that goes by rail, road or ferry; the rest is crude and gas in pipelines or
#: tankers, which the network does not hold. Estimates, by the pipelines there are.
_ENERGY_FREIGHT = {
    "KAZ>CHN": 0.03, "KAZ>RUS": 0.4, "KAZ>EU27": 0.01, "KAZ>TUR": 0.02, "KAZ>UZB": 0.9, "KAZ>AZE": 0.5, "KAZ>GEO": 0.5,
    "KAZ": 0.9, "UZB>CHN": 0.0, "UZB": 0.9, "TKM>CHN": 0.0, "TKM>UZB": 0.15, "TKM>KAZ": 0.2, "TKM>AZE": 0.25,
    "TKM>TUR": 0.2, "TKM>EU27": 0.1, "TKM": 0.8, "RUS>KAZ": 0.5, "RUS>UZB": 0.75, "RUS>KGZ": 0.92, "RUS": 0.95,
    "RUS>AZE": 0.5, "AZE>TUR": 0.02, "AZE>GEO": 0.3, "AZE": 0.3, "IRN>TUR": 0.1, "": 1.0,
}  # fmt: skip
#: Uranium in the ores group: a great value, hardly a tonne.
_URANIUM = {"KAZ>CHN": 0.21, "KAZ>RUS": 0.5, "KAZ>EU27": 0.9, "KAZ": 0.3, "": 0.0}


def _freight(group: str, exporter: str, importer: str) -> float:
    """Part of a group's value that moves as freight on the network."""
    if group == ENERGY:
        return _lookup(_ENERGY_FREIGHT, exporter, importer)
    if group == "ores, uranium":
        return 1.0 - _lookup(_URANIUM, exporter, importer)
    return 1.0


def _lookup(table: dict[str, float], exporter: str, importer: str) -> float:
    for key in (f"{exporter}>{importer}", exporter, ""):
        if key in table:
            return table[key]
    raise KeyError((exporter, importer))


class Shares:
    """Value shares of the pairs of countries."""

    def __init__(self, facts: Path) -> None:
        self._known: dict[tuple[str, str], dict[str, float]] = {}
        with (facts / "trade_structure.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                if row["unit"] == "% of value" and row["flow"] == "export":
                    pair = self._known.setdefault((row["reporter"], row["partner"]), {})
                    pair[row["commodity"]] = float(row["value"])

    def groups(self, exporter: str, importer: str) -> tuple[dict[str, float], bool]:
        """Shares of the twelve groups, adding to 1, and whether the facts give them for the very pair."""
        e, i = _block(exporter), _block(importer)
        e27, i27 = _eu27(exporter), _eu27(importer)
        names = [f"{e}>{i}", f"{e}>{i27}"]
        if (e27, i27) in self._known and names[0] not in _PROFILES:
            return normal(self._known[e27, i27]), True
        if e == "KAZ" and i not in OWN:  # what Kazakhstan sells overseas is its oil and metals
            names.append("KAZ>overseas")
        for name in (*names, e):
            if name in _PROFILES:
                return normal(dict(zip(GROUPS, _PROFILES[name], strict=True))), False
        return normal(dict(zip(GROUPS, _PROFILES[_LIKE[e]], strict=True))), False

    def commodities(self, exporter: str, importer: str) -> tuple[dict[str, float], bool]:
        """Share of the pair's value in each commodity that moves as freight; they add to 1 less what does not."""
        groups, known = self.groups(exporter, importer)
        return split_groups(groups, exporter, importer), known


def split_groups(
    groups: dict[str, float], exporter: str, importer: str, *, energy: float | None = None
) -> dict[str, float]:
    """Shares of commodities that move as freight, of those of the twelve groups.

    ``energy`` is the part of oil, gas and products that does, where the region's own estimates do not hold.
    """
    e, i = _eu27(exporter), _eu27(importer)
    if i not in OWN and i != "EU27" and e == "KAZ":
        i = "EU27"
    shares: dict[str, float] = {}
    for group, share in groups.items():
        first, second, table = _SPLITS[group]
        moves = energy if group == ENERGY and energy is not None else _freight(group, e, i)
        freight = share * moves
        part = _lookup(table, e, i)
        shares[first] = shares.get(first, 0.0) + freight * part
        if part < 1.0:
            shares[second] = shares.get(second, 0.0) + freight * (1.0 - part)
    return {name: share for name, share in shares.items() if share > 0.0}


def _block(country: str) -> str:
    return country if country in OWN else GROUP_OF[country]


def _eu27(country: str) -> str:
    block = _block(country)
    if block in ("europe", "baltic"):
        return "EU27"
    return block


def normal(shares: dict[str, float]) -> dict[str, float]:
    total = sum(shares.values())
    return {name: share / total for name, share in shares.items() if share > 0.0}
