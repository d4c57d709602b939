"""Shares of the zones in what a country sends and takes.

The rule: sending by GDP, taking half by population and half by GDP (by population alone where no GDP is published).
These are masses: how much of them a partner draws on depends on the distance too (:mod:`zone_pairs`). Where a mine,
oil field, refinery or plain says more, a small table overrides the rule, and its shares hold as they are. China: a
share of each commodity comes from or goes to Xinjiang, the rest to the gateways of the interior.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from tools.china_kyrgyzstan import russia
from tools.china_kyrgyzstan.facts import read

#: (country, commodity) -> zone: weight for what is sent. Places of mines, mills and refineries; estimates.
SENDS: dict[tuple[str, str], dict[str, float]] = {
    ("KAZ", "coal"): {"KZ-PAV": 0.75, "KZ-KAR": 0.25},
    ("KAZ", "grain"): {"KZ-KUS": 0.30, "KZ-SEV": 0.30, "KZ-AKM": 0.30, "KZ-PAV": 0.05, "KZ-AKT": 0.05},
    ("KAZ", "ores"): {"KZ-KUS": 0.35, "KZ-KAR": 0.15, "KZ-ABA": 0.20, "KZ-VOS": 0.10, "KZ-ULY": 0.10, "KZ-AKT": 0.10},
    ("KAZ", "metals"): {"KZ-KAR": 0.50, "KZ-PAV": 0.25, "KZ-AKT": 0.25},
    ("KAZ", "nonferrous"): {"KZ-ULY": 0.30, "KZ-PAV": 0.25, "KZ-VOS": 0.25, "KZ-KAR": 0.20},
    ("KAZ", "petroleum"): {"KZ-PAV": 0.30, "KZ-ATY": 0.35, "KZ-SHY": 0.35},
    ("KAZ", "fertiliser"): {"KZ-ZHA": 0.75, "KZ-MAN": 0.25},
    ("KAZ", "chemicals"): {"KZ-ATY": 0.25, "KZ-PAV": 0.25, "KZ-ZHA": 0.20, "KZ-AKT": 0.20, "KZ-TUR": 0.10},
    ("KAZ", "building_materials"): {"KZ-SHY": 0.35, "KZ-ZHA": 0.30, "KZ-TUR": 0.15, "KZ-KAR": 0.20},
    ("KAZ", "textiles"): {"KZ-TUR": 0.70, "KZ-SHY": 0.30},
    ("KAZ", "vehicles"): {"KZ-KUS": 0.50, "KZ-ALA": 0.50},
    ("UZB", "petroleum"): {"UZ-BU": 0.45, "UZ-FA": 0.15, "UZ-QA": 0.40},
    ("UZB", "fertiliser"): {"UZ-NW": 0.50, "UZ-TO": 0.30, "UZ-FA": 0.20},
    ("UZB", "chemicals"): {"UZ-QA": 0.35, "UZ-QR": 0.25, "UZ-NW": 0.20, "UZ-TO": 0.20},
    ("UZB", "metals"): {"UZ-TO": 0.90, "UZ-TK": 0.10},
    ("UZB", "nonferrous"): {"UZ-TO": 0.90, "UZ-NW": 0.10},
    ("UZB", "ores"): {"UZ-TO": 0.60, "UZ-NW": 0.40},
    ("UZB", "coal"): {"UZ-TO": 1.0},
    ("UZB", "vehicles"): {"UZ-AN": 0.85, "UZ-XO": 0.15},
    ("UZB", "fruit_vegetables"): {"UZ-SA": 0.18, "UZ-FA": 0.16, "UZ-AN": 0.16, "UZ-NG": 0.12, "UZ-TO": 0.14, "UZ-SU": 0.12, "UZ-BU": 0.06, "UZ-JI": 0.06},
    ("UZB", "grain"): {"UZ-TK": 0.40, "UZ-TO": 0.30, "UZ-SA": 0.20, "UZ-SU": 0.10},
    ("KGZ", "coal"): {"KG-O": 0.45, "KG-J": 0.25, "KG-B": 0.25, "KG-N": 0.05},
    ("KGZ", "building_materials"): {"KG-B": 0.45, "KG-O": 0.45, "KG-C": 0.10},
    ("KGZ", "ores"): {"KG-Y": 0.50, "KG-J": 0.25, "KG-T": 0.15, "KG-B": 0.10},
    ("KGZ", "clothing"): {"KG-GB": 0.75, "KG-C": 0.25},
    ("KGZ", "textiles"): {"KG-O": 0.40, "KG-J": 0.60},
    ("KGZ", "metals"): {"KG-GB": 0.40, "KG-C": 0.40, "KG-GO": 0.20},
    ("KGZ", "fruit_vegetables"): {"KG-J": 0.30, "KG-O": 0.30, "KG-B": 0.15, "KG-Y": 0.15, "KG-T": 0.10},
    ("KGZ", "grain"): {"KG-C": 1.0},
    ("TJK", "ores"): {"TJ-SU": 0.80, "TJ-DU": 0.20},
    ("TJK", "nonferrous"): {"TJ-DU": 0.90, "TJ-SU": 0.10},
    ("TJK", "building_materials"): {"TJ-SU": 0.60, "TJ-KT": 0.40},
    ("TJK", "textiles"): {"TJ-KT": 0.60, "TJ-SU": 0.40},
    ("TJK", "fruit_vegetables"): {"TJ-SU": 0.60, "TJ-KT": 0.40},
    ("TKM", "petroleum"): {"TM-B": 0.70, "TM-L": 0.20, "TM-M": 0.10},
    ("TKM", "fertiliser"): {"TM-B": 0.60, "TM-M": 0.20, "TM-L": 0.20},
    ("TKM", "chemicals"): {"TM-B": 0.60, "TM-L": 0.40},
    ("TKM", "textiles"): {"TM-S": 0.30, "TM-A": 0.20, "TM-M": 0.25, "TM-L": 0.25},
    ("RUS", "petroleum"): {"G-OREN": 0.30, "G-VOLG": 0.28, "G-SIB": 0.35, "G-EKAT": 0.05, "G-MOSC": 0.02},
    ("RUS", "coal"): {"G-SIB": 0.90, "G-KRSN": 0.10},
    ("RUS", "building_materials"): {"G-KRSN": 0.30, "G-SIB": 0.25, "G-EKAT": 0.15, "G-VOLG": 0.15, "G-CHEL": 0.05, "G-MOSC": 0.05, "G-SPB": 0.05},
    ("RUS", "metals"): {"G-CHEL": 0.38, "G-EKAT": 0.15, "G-SIB": 0.20, "G-OREN": 0.05, "G-VOLG": 0.07, "G-MOSC": 0.10, "G-SPB": 0.05},
    ("RUS", "nonferrous"): {"G-EKAT": 0.40, "G-CHEL": 0.10, "G-KRSN": 0.50},
    ("RUS", "grain"): {"G-SIB": 0.45, "G-CHEL": 0.15, "G-OREN": 0.15, "G-VOLG": 0.20, "G-ROST": 0.05},
    ("RUS", "fertiliser"): {"G-VOLG": 0.70, "G-OREN": 0.10, "G-MOSC": 0.15, "G-SPB": 0.05},
    ("RUS", "chemicals"): {"G-VOLG": 0.40, "G-OREN": 0.15, "G-EKAT": 0.10, "G-SIB": 0.10, "G-MOSC": 0.25},
    ("RUS", "ores"): {"G-CHEL": 0.35, "G-EKAT": 0.25, "G-OREN": 0.15, "G-SIB": 0.15, "G-MOSC": 0.10},
    ("IRN", ""): {"G-TEHR": 0.65, "G-MASH": 0.25, "G-BAND": 0.10},
    ("PAK", ""): {"G-ISLA": 0.70, "G-KHI": 0.30},
    ("AFG", ""): {"G-MAZA": 0.40, "G-KABU": 0.40, "G-HERA": 0.20},
}  # fmt: skip
#: The same for one destination, where mines and mills serve one neighbour.
SENDS_TO: dict[tuple[str, str, str], dict[str, float]] = {
    ("KAZ", "coal", "RUS"): {"KZ-PAV": 0.95, "KZ-KAR": 0.05},
    ("KAZ", "coal", "G-SPB"): {"KZ-KAR": 0.70, "KZ-PAV": 0.30},
    ("KAZ", "coal", "G-ROST"): {"KZ-KAR": 0.70, "KZ-PAV": 0.30},
    ("AFG", "", "PAK"): {"G-KABU": 0.80, "G-MAZA": 0.20},
    # By way of Kazakhstan: what lies east of Kuzbass has its own border with China.
    ("RUS", "", "CHN"): {"G-SIB": 0.35, "G-EKAT": 0.20, "G-VOLG": 0.20, "G-CHEL": 0.10, "G-OREN": 0.05, "G-MOSC": 0.10},
    ("KAZ", "coal", "UZB"): {"KZ-KAR": 0.60, "KZ-PAV": 0.40},
    ("KAZ", "coal", "KGZ"): {"KZ-KAR": 0.70, "KZ-PAV": 0.30},
    ("KAZ", "ores", "RUS"): {"KZ-KUS": 0.90, "KZ-AKT": 0.10},
    ("KAZ", "building_materials", "RUS"): {"KZ-KUS": 0.60, "KZ-AKT": 0.40},
    ("KAZ", "building_materials", "KGZ"): {"KZ-ZHA": 0.50, "KZ-ALM": 0.50},
    ("KAZ", "building_materials", "UZB"): {"KZ-SHY": 0.45, "KZ-TUR": 0.25, "KZ-ZHA": 0.30},
}
#: The same as SENDS for what is taken.
TAKES: dict[tuple[str, str], dict[str, float]] = {
    # Power stations that burn coal of Ekibastuz (Reft, Troitsk, Omsk), and the steelworks of Magnitogorsk.
    ("RUS", "coal"): {"G-EKAT": 0.45, "G-CHEL": 0.25, "G-SIB": 0.30},
    ("RUS", "ores"): {"G-CHEL": 1.0},
    ("RUS", "nonferrous"): {"G-EKAT": 0.50, "G-CHEL": 0.20, "G-MOSC": 0.30},
    ("UZB", "coal"): {"UZ-TO": 0.45, "UZ-TK": 0.15, "UZ-SI": 0.15, "UZ-FA": 0.15, "UZ-SA": 0.10},
    ("KGZ", "coal"): {"KG-GB": 0.80, "KG-C": 0.20},
    ("KAZ", "coal"): {"KZ-ALM": 0.50, "KZ-ALA": 0.50},
    ("KAZ", "ores"): {"KZ-KAR": 0.40, "KZ-VOS": 0.40, "KZ-PAV": 0.20},
    ("UZB", "ores"): {"UZ-TO": 1.0},
    ("IRN", ""): {"G-TEHR": 0.70, "G-MASH": 0.25, "G-BAND": 0.05},
    ("PAK", ""): {"G-ISLA": 0.70, "G-KHI": 0.30},
    ("AFG", ""): {"G-MAZA": 0.45, "G-KABU": 0.40, "G-HERA": 0.15},
}  # fmt: skip

#: The same as SENDS_TO for what is taken from one origin. Afghanistan: each neighbour supplies its own side of the
#: mountains, and all of them the capital.
TAKES_FROM: dict[tuple[str, str, str], dict[str, float]] = {
    ("AFG", "", "IRN"): {"G-HERA": 0.75, "G-KABU": 0.25},  # 90 % of it goes to Herat (head of Dogharoun customs, 2020)
    ("AFG", "", "G-BAND"): {"G-HERA": 0.50, "G-KABU": 0.50},
    ("AFG", "", "PAK"): {"G-KABU": 0.90, "G-MAZA": 0.05, "G-HERA": 0.05},
    ("AFG", "", "G-KHI"): {"G-KABU": 0.90, "G-MAZA": 0.05, "G-HERA": 0.05},
    ("RUS", "", "CHN"): {"G-MOSC": 0.45, "G-EKAT": 0.15, "G-VOLG": 0.12, "G-SIB": 0.10, "G-CHEL": 0.07, "G-SPB": 0.05, "G-OREN": 0.04, "G-ROST": 0.02},
}  # fmt: skip

#: Share of Xinjiang in what China sends to its western neighbours, and takes from them. Estimates: Xinjiang's customs
#: register 79 % of its trade with Central Asia, but most of those goods are made in the interior.
XINJIANG_SENDS = {
    "fruit_vegetables": 0.70, "food": 0.40, "building_materials": 0.40, "petroleum": 0.60, "coal": 1.0, "ores": 0.3,
    "fertiliser": 0.50, "chemicals": 0.25, "metals": 0.15, "nonferrous": 0.15, "textiles": 0.15, "grain": 0.5,
    "clothing": 0.10, "consumer_goods": 0.08, "machinery": 0.06, "vehicles": 0.02,
}  # fmt: skip
XINJIANG_TAKES = {
    "coal": 0.90, "ores": 0.35, "grain": 0.40, "metals": 0.30, "nonferrous": 0.10, "petroleum": 0.70, "textiles": 0.50,
    "building_materials": 0.40, "fruit_vegetables": 0.35, "food": 0.25, "chemicals": 0.15, "fertiliser": 0.30,
}  # fmt: skip
#: The interior, by commodity; gateways' GDP weighted by how much they make for export. East and South make consumer
#: goods, the west of the interior loads most trains to Europe.
_INTERIOR = {"G-ECHN": 0.38, "G-SCHN": 0.20, "G-NCHN": 0.16, "G-XIAN": 0.14, "G-CHUY": 0.10, "G-GANSU": 0.02}
_INTERIOR_HEAVY = {"G-NCHN": 0.30, "G-ECHN": 0.25, "G-XIAN": 0.20, "G-GANSU": 0.15, "G-CHUY": 0.10}
_EUROPE_TRAINS = {"G-XIAN": 0.34, "G-CHUY": 0.32, "G-ECHN": 0.18, "G-SCHN": 0.08, "G-NCHN": 0.03, "XJ-URU": 0.05}
_HEAVY = ("coal", "ores", "metals", "nonferrous", "building_materials", "grain", "fertiliser", "petroleum")


class Part(NamedTuple):
    """Zones of one end of a flow: their shares, and whether these hold or are masses that distance weighs."""

    shares: dict[str, float]
    held: bool


class Zones:
    """Zone shares of every country and commodity, and where the zones lie."""

    def __init__(self, facts: Path) -> None:
        self._of: dict[str, list[tuple[str, float, float]]] = {}
        self.places: dict[str, tuple[float, float]] = {}  # longitude, latitude
        self.country: dict[str, str] = {}
        for row in read(facts, "zones.csv"):
            if row["country"] != "RUS":
                numbers = float(row["population"] or 0.0), float(row["gdp_musd"] or 0.0)
                self._add(row["zone_id"], row["country"], *numbers, (float(row["lon"]), float(row["lat"])))
        nodes = {row["node_id"]: (float(row["lon"]), float(row["lat"])) for row in read(facts, "nodes.csv")}
        nodes |= {node.node_id: (node.longitude, node.latitude) for node in russia.NODES}
        for zone in russia.ZONES:
            self._add(zone.zone_id, "RUS", zone.population_m * 1e6, zone.gdp_busd * 1e3, nodes[zone.node_id])
        self.ids = set(self.places)

    def _add(self, zone: str, country: str, population: float, gdp: float, place: tuple[float, float]) -> None:
        self._of.setdefault(country, []).append((zone, population, gdp))
        self.places[zone], self.country[zone] = place, country

    def sends(self, place: str, commodity: str, *, to: str = "") -> Part:
        """Shares of the zones in what a country sends of a commodity; a zone's own identifier stands for itself."""
        if place in self.ids:
            return Part({place: 1.0}, held=True)
        if place == "CHN":
            europe = to == "G-EUR"
            return Part(
                _EUROPE_TRAINS if europe else self._china(commodity, XINJIANG_SENDS.get(commodity, 0.1)), held=True
            )
        located = SENDS_TO.get((place, commodity, to)) or SENDS_TO.get((place, "", to)) or SENDS.get((place, commodity))
        if located:
            return Part(located, held=True)
        return Part(SENDS.get((place, "")) or self._split(place, population=0.0), held=False)

    def takes(self, place: str, commodity: str, *, origin: str = "") -> Part:
        """Shares of the zones in what a country takes."""
        if place in self.ids:
            return Part({place: 1.0}, held=True)
        if place == "CHN":
            europe = origin == "G-EUR"
            return Part(
                _EUROPE_TRAINS if europe else self._china(commodity, XINJIANG_TAKES.get(commodity, 0.1)), held=True
            )
        located = TAKES_FROM.get((place, "", origin)) or TAKES.get((place, commodity))
        if located:
            return Part(located, held=True)
        return Part(TAKES.get((place, "")) or self._split(place, population=0.5), held=False)

    def _split(self, country: str, *, population: float) -> dict[str, float]:
        zones = self._of[country]
        people = sum(p for _, p, _ in zones)
        income = sum(g for _, _, g in zones)
        if any(g == 0.0 for _, _, g in zones):
            return {zone: p / people for zone, p, _ in zones}
        return {zone: population * p / people + (1 - population) * g / income for zone, p, g in zones}

    def _china(self, commodity: str, xinjiang: float) -> dict[str, float]:
        inner = _INTERIOR_HEAVY if commodity in _HEAVY else _INTERIOR
        west = [(zone, gdp) for zone, _, gdp in self._of["CHN"] if zone.startswith("XJ-")]
        income = sum(gdp for _, gdp in west)
        shares = {zone: xinjiang * gdp / income for zone, gdp in west}
        return shares | {zone: (1.0 - xinjiang) * share for zone, share in inner.items()}
