"""Values of trade between countries in 2023, million USD: BACI, and what stands in where BACI is empty.

BACI reconciles what both partners report into one figure, weighting each reporter by how reliable it has proved.
Where only one reports, its figure stands. Neither Russia, Iran, Tajikistan nor Turkmenistan reported 2023, so trade
between two of them is missing (0 in the file): those pairs are patched below. For China to Kyrgyzstan BACI's 18.2 bn
lies near China's own figure of 19.7, and is 3.4 times what Kyrgyzstan records. It is kept whole as a physical flow
that enters Kyrgyzstan; ``reexports`` says how much of it leaves again.

Goods from further away are another matter. Since 2022 exporters overseas book much to Kyrgyzstan and Kazakhstan that
never gets there: the European Union 2,433 million USD to Kyrgyzstan, whose customs saw 965; the Emirates 1,318, of
which 49 arrived; Turkey 1,263, of which 453 did. These goods cross no border of the region, so the customs of the
importer count, where its figure is known.
"""

from __future__ import annotations

import csv
import gzip
from dataclasses import dataclass
from pathlib import Path

CENTRAL_ASIA = ("KGZ", "UZB", "KAZ", "TJK", "TKM")


@dataclass(frozen=True, slots=True)
class Patch:
    """A value that BACI lacks: million USD, where it comes from and how sure it is."""

    musd: float
    title: str
    quality: str


_OWN_ESTIMATE = "Trade between countries that do not report: own estimate"
PATCHES: dict[tuple[str, str], Patch] = {
    ("RUS", "TJK"): Patch(1580.0, "TASS 23 Jan 2024", "published"),
    ("TJK", "RUS"): Patch(134.7, "TASS 23 Jan 2024", "published"),
    # 373 million USD in the first half of 2020, doubled; no later figure was found.
    ("RUS", "TKM"): Patch(746.0, "nCa 18 Aug 2020", "estimated"),
    # 256 million USD in half a year without the 76.4 % that were ships, doubled.
    ("TKM", "RUS"): Patch(121.0, "nCa 18 Aug 2020", "estimated"),
    ("IRN", "TKM"): Patch(400.0, _OWN_ESTIMATE, "estimated"),
    ("TKM", "AFG"): Patch(300.0, _OWN_ESTIMATE, "estimated"),
    ("TJK", "AFG"): Patch(50.0, _OWN_ESTIMATE, "estimated"),
}

#: Neighbours by land: what they book to a country of the region does cross its border.
_NEIGHBOURS = ("CHN", "RUS", *CENTRAL_ASIA)
#: Members of the European Union in 2023.
_EU = "AUT BEL BGR CYP CZE DEU DNK ESP EST FIN FRA GRC HRV HUN IRL ITA LTU LUX LVA MLT NLD POL PRT ROU SVK SVN SWE"
#: Where an importer's own figures stand.
CUSTOMS = "Imports by country of origin, statistics of Kyrgyzstan and Kazakhstan (trade_structure.csv)"
#: Tajikistan's suppliers, % of its imports in January to October 2023, of which Russia's are 26.6 %. The smallest named
#: has 1.0 %: the Emirates, for which BACI has 255 million USD, have that at most.
_TAJIKISTAN = "TASS 30 Nov 2023 (statistics of Tajikistan): shares of imports"
_TAJIK_SHARES = {
    "USA": 4.1, "DEU": 3.5, "JPN": 3.5, "TUR": 3.4, "IRN": 2.6, "KOR": 2.2, "IND": 1.5, "BLR": 1.5, "PAK": 1.0, "ARE": 1.0,
}  # fmt: skip
_RUSSIA_SHARE = 26.6

#: Gold: share of the value that is taken out; known for Swiss and British refiners, a guess elsewhere.
GOLD: dict[tuple[str, str], float] = {
    ("UZB", "CHE"): 1.0, ("UZB", "GBR"): 0.98, ("UZB", "ARE"): 0.5, ("UZB", "TUR"): 0.2,
    ("KGZ", "CHE"): 1.0, ("KGZ", "GBR"): 1.0, ("KGZ", "HKG"): 1.0, ("KGZ", "ARE"): 0.9,
    ("KAZ", "CHE"): 0.5, ("KAZ", "GBR"): 0.3, ("KAZ", "HKG"): 0.9, ("KAZ", "ARE"): 0.5,
    ("TJK", "CHE"): 1.0, ("TJK", "GBR"): 1.0, ("TJK", "ARE"): 0.8, ("TJK", "TUR"): 0.3,
}  # fmt: skip
#: Trade of this size between Kazakhstan and the Gambia (2.9 bn USD) is a mistake of coding, not freight.
NOT_BELIEVED = {("GMB", "KAZ"), ("KAZ", "GMB")}


def read_baci(facts: Path) -> dict[tuple[str, str], float]:
    """All bilateral values of 2023, million USD."""
    with gzip.open(facts / "baci2023_194x194_aggregate.csv.gz", "rt", encoding="utf-8", newline="") as file:
        return {
            (row["exporter"], row["importer"]): float(row["trade_kusd"]) / 1000.0
            for row in csv.DictReader(file)
            if row["exporter"] != row["importer"]
        }


def read_arrivals(facts: Path, baci: dict[tuple[str, str], float]) -> dict[tuple[str, str], Patch]:
    """What an importer's statistics say came from countries further away than its neighbours in 2023.

    What it says of the European Union as a whole is shared among members that it does not name as BACI has them.
    """
    with (facts / "trade_structure.csv").open(encoding="utf-8", newline="") as file:
        told = {
            (row["partner"], row["reporter"]): float(row["value"])
            for row in csv.DictReader(file)
            if (row["flow"], row["year"], row["commodity"]) == ("import", "2023", "all commodities")
            and row["unit"] == "million USD"
            and row["partner"] not in _NEIGHBOURS
        }
    members = _EU.split()
    for importer in [importer for partner, importer in told if partner == "EU"]:
        named = [partner for partner in members if (partner, importer) in told]
        others = {partner: baci.get((partner, importer), 0.0) for partner in members if partner not in named}
        left = told["EU", importer] - sum(told[partner, importer] for partner in named)
        told |= {(partner, importer): value * left / sum(others.values()) for partner, value in others.items()}
    per_cent = PATCHES["RUS", "TJK"].musd / _RUSSIA_SHARE
    return {
        **{pair: Patch(musd, CUSTOMS, "published") for pair, musd in told.items()},
        **{(one, "TJK"): Patch(per_cent * share, _TAJIKISTAN, "published") for one, share in _TAJIK_SHARES.items()},
    }


def regional_values(
    baci: dict[tuple[str, str], float], arrived: dict[tuple[str, str], Patch]
) -> dict[tuple[str, str], float]:
    """Values with a Central Asian country at one end at least, patched, without gold, million USD."""
    values = {}
    for pair in sorted(set(baci) | set(PATCHES)):
        if not set(pair) & set(CENTRAL_ASIA) or pair in NOT_BELIEVED:
            continue
        value = baci.get(pair, 0.0) or (PATCHES[pair].musd if pair in PATCHES else 0.0)
        value = arrived[pair].musd if pair in arrived else value
        value *= 1.0 - GOLD.get(pair, 0.0)
        if value > 0.0:
            values[pair] = value
    return values
