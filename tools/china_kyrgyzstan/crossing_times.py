"""Hours and charges of one side of a border: CPMM measurements, and substitutes where there are none.

A crossing's time from a to b is what it takes to leave a plus what it takes to enter b. For each side the first of
these that exists is taken (exceptions stand in the code, each with its reason):

1. the crossing itself in 2023, then 2022 (Chinese and Kyrgyz posts to China: not 2022, which pandemic rules ruled);
2. the crossing itself in 2019 by the facts' own estimate of a normal year;
3. the country's mean in 2023 in that direction, then both directions together, then the same for 2022;
4. the crossing itself in 2021 or 2020, then the country's mean in 2019 or 2020;
5. an own estimate.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tools.china_kyrgyzstan.facts import read
from tools.china_kyrgyzstan.quality import quality_of
from tools.china_kyrgyzstan.sources import Sources

OWN = "Own estimate for border posts that CPMM does not cover"

#: CPMM's posts by (mode, country, our crossing). Rail posts to China are covered by the countries' means.
POSTS = {
    ("road", "KGZ", "TORU"): "Torugart", ("road", "CHN", "TORU"): "Torugart", ("road", "KGZ", "IRKE"): "Irkeshtam",
    ("road", "CHN", "IRKE"): "Irkeshtam", ("road", "KGZ", "CHAL"): "Chaldovar", ("road", "CHN", "KHOR"): "Khorgos (Horgos)",
    ("road", "KAZ", "AKZH"): "Korday/Ak-Jol", ("road", "KGZ", "AKTI"): "Ak-Tilek", ("road", "KGZ", "DSTU"): "Dostuk",
    ("road", "TJK", "KULM"): "Kulma", ("road", "TKM", "SERA"): "Sarakhs", ("road", "UZB", "AYRI"): "Hairaton/Termez",
    ("road", "PAK", "SPIN"): "Chaman", ("road", "AFG", "SPIN"): "Spin Buldak", ("road", "PAK", "TORK"): "Torkham (Peshawar side)",
    ("road", "AFG", "TORK"): "Torkham", ("road", "AFG", "PANJ"): "Shirkhan Bandar", ("road", "TJK", "SARI"): "Dusti",
    ("road", "TJK", "PANJ"): "Nizhni Pyanj (Panji Poyon)", ("road", "TJK", "KARM"): "Karamyk", ("road", "TJK", "KYBE"): "Guliston",
    ("road", "UZB", "ALAT"): "Alat", ("road", "GEO", "BOYK"): "Tsiteli Khidi",
    ("road", "PAK", "KHUN"): "Khunjerab", ("water", "KAZ", "KURY-ALYA"): "Kuryk (port)",
}  # fmt: skip

#: Members of one customs union: no customs control between them.
UNION = frozenset({"KAZ", "KGZ", "RUS", "BLR"})

#: Own estimates, hours and USD a side: road (USD a truck), rail and water (USD a unit of 20 t).
ESTIMATED: dict[str, dict[str, tuple[float, float]]] = {
    "road": {
        "AFG": (19.5, 240), "AZE": (6, 80), "BLR": (12, 60), "GEO": (4, 60), "IRN": (8, 100), "PAK": (24, 240), "POL": (16, 80),
        "RUS": (8, 60), "TUR": (10, 80), "BGR": (14, 80),
    },
    "rail": {
        "AFG": (12, 100), "AZE": (6, 60), "BLR": (4, 50), "GEO": (4, 60), "IRN": (12, 100), "PAK": (12, 80), "POL": (12, 90),
        "RUS": (8, 60), "TJK": (6, 100), "TUR": (12, 90),
    },
    "water": {},
}  # fmt: skip
UNION_ESTIMATE = {"road": (2.4, 26), "rail": (3.0, 30)}  # road: Aul, KAZ to RUS, CPMM 2020
PORT_ESTIMATE = {"outbound": (48, 60), "inbound": (12, 60)}  # on the way out with the wait for a sailing

#: Kazakh inbound means hold what belongs to China's border alone: swap fees (road, 2022) and the change of gauge (rail).
KAZ_ROAD_INBOUND_USD = 115  # mean of both directions in 2019
KAZ_RAIL_INBOUND_H = 6.8  # its outbound mean of 2022, for borders without a change of gauge
GAUGE_CHANGE_H = 5.0  # counted at the terminal

#: Pakistan's means are of trucks that leave it, by queues at Torkham and Chaman; into it Torkham took 4.2 h in 2020.
PAK_INBOUND_H = 4.2


class Side(NamedTuple):
    """Passing one side of a border in one direction."""

    hours: float
    usd: float
    quality: str
    source: str
    why: str


class BorderTimes:
    """Look up a side of a border."""

    def __init__(self, facts: Path, sources: Sources) -> None:
        self._rows = [row for row in read(facts, "bcp_times.csv") if row["activity"] == "total"]
        self._sources = sources

    def side(self, family: str, crossing: str, country: str, other: str, direction: str) -> Side:
        """Hours and charges to leave (``outbound``) or enter (``inbound``) ``country`` on the way from or to ``other``."""
        # Kyrgyz posts were measured mostly on borders of the union, so that their mean applies to those.
        if {country, other} <= UNION and country != "KGZ" and (family, country, crossing) not in POSTS:
            return self._estimate(UNION_ESTIMATE[family], "inside the Eurasian Economic Union: no customs")
        hours_row = self._first(family, crossing, country, direction, "time_h")
        if hours_row is None:
            values = PORT_ESTIMATE[direction] if family == "water" else ESTIMATED[family][country]
            return self._estimate(values, "own estimate")
        usd_row = self._first(family, crossing, country, direction, "cost_usd")
        side = Side(
            float(hours_row["time_h"]),
            float(usd_row["cost_usd"]) if usd_row else ESTIMATED[family].get(country, (0, 60))[1],
            quality_of(hours_row["quality"], hours_row["source"]),
            self._sources.add(hours_row["source"]),
            f"{_plain(hours_row['bcp'])}, {hours_row['direction']}, {hours_row['year']}",
        )
        if direction == "outbound" or family == "water":
            return side
        if country == "PAK" and crossing != "KHUN":
            quality = "published" if crossing == "TORK" else "estimated"
            return side._replace(hours=PAK_INBOUND_H, quality=quality, why="Torkham, inbound, 2020")
        return self._into_kazakhstan(side, family, other) if country == "KAZ" else side

    def _into_kazakhstan(self, side: Side, family: str, other: str) -> Side:
        if family == "road":
            return side._replace(usd=min(side.usd, KAZ_ROAD_INBOUND_USD))
        if other == "CHN":
            why = f"{side.why}, less the change of gauge, which is the terminal's"
            return side._replace(hours=side.hours - GAUGE_CHANGE_H, usd=0, why=why)
        why = "KAZ mean, outbound, 2022: the inbound mean is that of the change of gauge to China"
        return side._replace(hours=KAZ_RAIL_INBOUND_H, usd=185, why=why, quality="estimated")

    def _estimate(self, values: tuple[float, float], why: str) -> Side:
        return Side(float(values[0]), float(values[1]), "estimated", self._sources.add(OWN), why)

    def _first(self, family: str, crossing: str, country: str, direction: str, column: str) -> dict[str, str] | None:
        post = POSTS.get((family, country, crossing))
        mode = "road" if family == "water" else family
        for bcp, years, directions in _preference(post, country, family, direction):
            for year in years:
                for wanted in directions:
                    for row in self._rows:
                        key = (row["bcp"], row["country"], row["mode"], row["year"], row["direction"])
                        if key == (bcp, country, mode, year, wanted or direction) and row[column]:
                            return row
        return None


def _plain(bcp: str) -> str:
    """CPMM's name of a post; means are in brackets in the facts."""
    return bcp[1:-1] if bcp.startswith("(") else bcp


def _preference(
    post: str | None, country: str, family: str, direction: str
) -> Iterator[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """Posts or means to try in turn, with years and directions (empty: the one asked for)."""
    mean = f"(average of {country} BCPs)"
    if post:
        ruled_by_pandemic = country == "CHN" or post in ("Torugart", "Irkeshtam")
        yield post, ("2023",) if ruled_by_pandemic else ("2023", "2022"), ("", "both")
        yield post, ("2019 (normal)",), ("", "both")
    if family == "water":
        if post:
            yield post, ("2020",), ("",)
        return
    if post == "Khunjerab":  # the country's mean is that of quite other posts
        yield post, ("2020",), ("inbound",)
    if (family, country, direction) == (
        "rail",
        "KAZ",
        "outbound",
    ):  # its mean of both directions is that of wagons from China
        yield mean, ("2022",), ("",)
    yield mean, ("2023",), ("", "all")
    if country != "CHN":
        yield mean, ("2022",), ("", "all", "inbound", "outbound")
    if post:
        yield post, ("2021", "2020", "2019"), ("",)
    yield mean, ("2019", "2020", "2021"), ("", "all")
