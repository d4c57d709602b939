"""Tables ``config``, ``node``, ``link`` and ``zone`` from the facts' nodes, links and zones."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from tools.china_kyrgyzstan import additions, ferries, russia
from tools.china_kyrgyzstan.facts import read
from tools.china_kyrgyzstan.names import names_of
from tools.china_kyrgyzstan.quality import quality_of
from tools.china_kyrgyzstan.sources import Sources
from tools.china_kyrgyzstan.zone_names import ZONE_NAMES

Row = dict[str, Any]

#: Class codes of the facts, in words. Expressways do not cross mountains here; C and D hold mountain roads.
CLASSES = {
    "M": "motorway or dual carriageway", "A": "main road", "B": "regional road", "C": "mountain or worn road",
    "D": "gravel or poor road", "RC": "main line, double track, China", "RCS": "line, single track, China",
    "RCD": "line, single track, diesel, China", "R1": "main line, double track, electrified", "R2": "main line, double track",
    "R3": "line, single track, electrified", "R4": "line, single track, diesel", "R5": "branch line",
    "R6": "mountain line", "F": "ferry line",
}  # fmt: skip

#: What opened after the base year, by link: first day of service and why.
OPENED = {
    **dict.fromkeys(("RD081", "RD082"), ("2024-09-03", "Bedel opened in September 2024 by a temporary road.")),
    "RL112": ("2025", "Khaf-Herat: trains on trial only before 2025, 0.8 thousand tonnes in a month of autumn 2024."),
    **dict.fromkeys(("RD066", "RD067", "RD068"), ("2025", "New alignment of the North-South road, open since 2025.")),
}

#: One link of the Orenburg-Tashkent main line is a single track in the facts, between two that are double: it gets the
#: class of its neighbours (speed, tracks, pairs of trains a day).
MENDED = {"RL146": {"cls": "R2", "free_speed_kmh": "55", "tracks": "2", "capacity_per_day": "60"}}
MENDED_NOTE = "Class of the links on both sides of it; the facts have a single track here, which no source confirms."

#: Dostyk-Moiynty: one track in the base year, two once the works end; 60 pairs a day are five times the old capacity.
DOUBLED = ("RL114", "RL115", "RL116", "RL117", "RL118")
DOUBLED_FROM = "2025-12-31"

#: A loaded wagon-kilometre costs more or less by country: CPMM's total rail cost per 20 t and 500 km in its latest
#: year (KGZ and KAZ 2022; CHN, UZB and TKM 2023), over the mean of the five. Countries without a figure have 1.
RAIL_COST = {"KGZ": 556, "KAZ": 883, "CHN": 612, "UZB": 626, "TKM": 1357}

#: A truck-kilometre does too: CPMM's total road cost per 20 t and 500 km in its latest year, over that of all its
#: countries in the same year (KGZ, TJK and PAK 2022; CHN, KAZ, UZB and TKM 2023 over 2022; AFG 2020). The totals hold
#: charges at borders, and the figures of two years differ by as much as those of two countries, so that half of the
#: difference is taken, in logarithms. Countries without a figure have 1.
ROAD_COST = {
    "KGZ": 1888 / 945, "TJK": 579 / 945, "PAK": 546 / 945, "CHN": 2042 / 945, "KAZ": 1030 / 945, "UZB": 568 / 945,
    "TKM": 591 / 945, "AFG": 1002 / 918,
}  # fmt: skip

#: The railways of Kazakhstan and Turkmenistan grant the eastern branch of North-South 40 and 50 % off in 2023 (Russian
#: Railways by TASS, 31 March 2023); these lines carry nothing else that crosses a border.
DISCOUNTED = {"RL098": 0.6, "RL099": 0.5, "RL100": 0.5, "RL101": 0.5}
DISCOUNT_NOTE = "Tariff of the eastern branch of North-South: {:.0%} of the usual in 2023 (Russian Railways by TASS, 31 March 2023)."

#: Gravel wears tyres and burns fuel; an own estimate.
GRAVEL_COST = 1.3

#: The zone of Europe stands on the crossing Brest in the facts. It lies behind it, so it moves to the next node west.
ZONE_NODE = {"G-EUR": "WARS"}
ZONE_NOTE = {
    "G-EUR": "Moved from the crossing BRES to WARS, so that its freight passes the border and the change of gauge."
}


#: The railway Baku–Tbilisi–Kars beyond Akhalkalaki, shut in the middle of the base year.
UNDER_REPAIR = {"RL260", "RL261"}
REPAIRED_FROM = "2024-05-20"
REPAIR_NOTE = "Opened in 2017; under repair from mid-2023 to May 2024, which the base year sees."


def build(facts: Path, sources: Sources, _tables: dict[str, list[Row]]) -> dict[str, list[Row]]:
    """Build the network tables."""
    added, russian = sources.add(additions.SOURCE), sources.add(russia.NETWORK_SOURCE)
    nodes = [
        *(_node(row, sources) for row in read(facts, "nodes.csv")),
        *(_added_node(node, added) for node in additions.NODES),
        *(_added_node(node, russian) for node in russia.NODES),
    ]
    places = {str(node["node_id"]): (float(node["x_coord"]), float(node["y_coord"])) for node in nodes}
    return {
        "config": [
            {
                "dataset_name": "China-Kyrgyzstan corridors", "long_length": "km", "speed": "kph", "crs": "EPSG:4326",
                "currency": "USD", "version_number": "0.97", "geometry_field_format": "WKT",
            }
        ],
        "node": nodes,
        "link": [
            *(link for row in read(facts, "links.csv") for link in _links(row, sources)),
            *(_added_link(link, added) for link in (*additions.LINKS, *russia.FERRIES)),
            *(_russian_link(link, trains, russian) for link, trains in russia.links(places)),
        ],
        "zone": [
            *(_zone(row, sources) for row in read(facts, "zones.csv") if row["country"] != "RUS"),
            *(_russian_zone(zone, sources) for zone in russia.ZONES),
        ],
    }  # fmt: skip


def _node(row: dict[str, str], sources: Sources) -> Row:
    source = sources.add(row["source"])
    return {
        "node_id": row["node_id"],
        "name": row["name"],
        **names_of(row["node_id"]),
        "x_coord": row["lon"],
        "y_coord": row["lat"],
        "z_coord": row["elevation_m"],
        "node_type": row["kind"],
        "country": row["country"],
        "population": row["settlement_pop_geonames"],
        "quality": quality_of(row["quality"], row["source"]),
        "source": source,
        "note": f"On the border with {row['country_b']}." if row["country_b"] else "",
    }


def _added_node(node: additions.AddedNode, source: str) -> Row:
    return {
        "node_id": node.node_id, "name": node.name, **names_of(node.node_id), "x_coord": node.longitude,
        "y_coord": node.latitude, "node_type": node.kind, "country": node.country, "quality": "estimated",
        "source": source, "note": node.note,
    }  # fmt: skip


def _links(row: dict[str, str], sources: Sources) -> list[Row]:
    """One link of the facts as one or more rows: a dual-gauge line is two links, a doubled line is two in turn."""
    if "/" in row["gauge_mm"]:
        return [_one_gauge(row, gauge, sources) for gauge in row["gauge_mm"].split("/")]
    link = _link(row | MENDED.get(row["link_id"], {}), row["gauge_mm"], sources)
    if row["link_id"] in MENDED:
        return [link | {"note": MENDED_NOTE}]
    if row["link_id"] in DOUBLED:
        return [
            _before_doubling(link),
            link | {"open_from": DOUBLED_FROM, "note": "Second track in service since the end of 2025."},
        ]
    if row["link_id"] in UNDER_REPAIR:
        return [link | {"open_from": REPAIRED_FROM, "note": REPAIR_NOTE}]
    return [link]


def _one_gauge(row: dict[str, str], gauge: str, sources: Sources) -> Row:
    link = _link(row, gauge, sources)
    pairs = float(row["capacity_per_day"])
    return link | {
        "link_id": f"{row['link_id']}-{gauge}",
        "name": f"{row['name']}, {gauge} mm",
        "tracks": 1,
        "capacity_vehicles_per_day": pairs if row["tracks"] == "2" else 2 * pairs,
        "note": f"One of the two gauges of {row['link_id']}: a link of its own.",
    }


def _before_doubling(link: Row) -> Row:
    return link | {
        "link_id": f"{link['link_id']}-single",
        "name": f"{link['name']}, single track",
        "tracks": 1,
        "capacity_vehicles_per_day": float(link["capacity_vehicles_per_day"]) / 5,
        "open_to": DOUBLED_FROM,
        "note": "Before the second track, which brings a fivefold capacity (60 train pairs a day).",
    }


def _link(row: dict[str, str], gauge: str, sources: Sources) -> Row:
    mode = f"rail_{gauge}" if row["mode"] == "rail" else row["mode"]
    countries = sorted(row["country"].split("+"))
    opened, note = OPENED.get(row["link_id"], ("", ""))
    discount = DISCOUNTED.get(row["link_id"], 1.0)
    if discount < 1.0:
        note = DISCOUNT_NOTE.format(discount)
    capacity = float(row["capacity_per_day"])
    return {
        "link_id": row["link_id"],
        "name": _whole(row["name"]),
        "from_node_id": row["from_node"],
        "to_node_id": row["to_node"],
        "directed": 0,
        "length": row["length_km"],
        "free_speed": row["free_speed_kmh"],
        # The facts count both directions, GMNS one.
        "lanes": int(row["lanes"]) // 2 if row["lanes"] else "",
        "facility_type": CLASSES[row["cls"]],
        "mode": mode,
        "country": ";".join(countries),
        "crossing_id": f"{row['from_node']}-{row['to_node']}" if mode == "ferry" else "",
        "gauge_mm": gauge if mode.startswith("rail") else "",
        "electrified": row["electrified"],
        "tracks": row["tracks"],
        "surface": row["surface"],
        "max_grade_pct": row["max_grade_pct"],
        "cost_factor": round(_cost_factor(mode, row["cls"], countries) * discount, 2)
        if mode != "ferry"
        else round(ferries.cost_factor((row["from_node"], row["to_node"]), float(row["length_km"])), 2),
        # Rail capacities are pairs of trains a day; a load group counts trains of both directions.
        "capacity_vehicles_per_day": 2 * capacity if mode.startswith("rail") else capacity,
        "status": row["status"],
        "open_from": opened,
        "open_to": "",
        "quality": quality_of(row["quality"], row["source"]),
        "source": ";".join(
            sources.add(title) for title in (row["source"], *(ferries.SOURCES if mode == "ferry" else ()))
        ),
        "note": note,
        "attribute_quality": "estimated",
        "corridor": row["carec_corridor"],
    }


def _cost_factor(mode: str, road_class: str, countries: list[str]) -> float:
    """Published differences of cost between countries, and bad roads; else 1."""
    if mode.startswith("rail"):
        mean = sum(RAIL_COST.values()) / len(RAIL_COST)
        return round(sum(RAIL_COST.get(c, mean) for c in countries) / len(countries) / mean, 2)
    if mode == "road":
        of_country = sum(math.sqrt(ROAD_COST.get(country, 1.0)) for country in countries) / len(countries)
        return of_country * (GRAVEL_COST if road_class == "D" else 1.0)
    return 1.0


def _whole(name: str) -> str:
    """Name of a link without a remark in brackets that the gathered table cuts off."""
    return name if name.count("(") == name.count(")") else name.rpartition("(")[0].strip()


def _added_link(link: additions.AddedLink, source: str) -> Row:
    return {
        "link_id": link.link_id, "name": link.name, "from_node_id": link.start, "to_node_id": link.end, "directed": 0,
        "length": link.length_km, "free_speed": link.speed_kmh, "mode": link.mode, "country": link.country,
        "facility_type": {"sea": "sea route", "ferry": "ferry line", "road": CLASSES["M"]}.get(link.mode, CLASSES["R1"]),
        "crossing_id": link.crossing, "gauge_mm": "1435" if link.mode == "rail_1435" else "", "cost_factor": link.cost_factor,
        "max_grade_pct": 0, "capacity_vehicles_per_day": 6 if link.mode == "ferry" else "", "status": "existing", "open_to": "",
        "quality": "estimated", "source": source, "note": link.note, "attribute_quality": "estimated",
    }  # fmt: skip


def _russian_link(link: additions.AddedLink, trains_per_day: float, source: str) -> Row:
    """A road or railway of :mod:`russia`: its class is told by its mode and the trains it can carry."""
    row = _added_link(link, source)
    if link.mode == "road":
        mountain = link.link_id == russia.MOUNTAIN_ROAD
        return row | {
            "facility_type": CLASSES["C" if mountain else "A"],
            "lanes": 1,
            "max_grade_pct": 7 if mountain else 3,
        }
    single = trains_per_day == russia.SINGLE_TRACK
    return row | {
        "facility_type": CLASSES["R3" if single else "R1"], "tracks": 1 if single else 2, "max_grade_pct": 1,
        "gauge_mm": link.mode.removeprefix("rail_"), "capacity_vehicles_per_day": trains_per_day,
    }  # fmt: skip


def _russian_zone(zone: russia.RussianZone, sources: Sources) -> Row:
    return {
        "zone_id": zone.zone_id, "name": zone.name, "name_ru": zone.name_ru, "name_zh": zone.name_zh,
        "name_ky": zone.name_ky, "name_ar": zone.name_ar, "node_id": zone.node_id,
        "country": "RUS", "kind": "gateway", "population": round(zone.population_m * 1e6), "gdp_musd": round(zone.gdp_busd * 1e3),
        "access_km": 0, "access_h": 0, "quality": "estimated", "source": sources.add(russia.SOURCE),
        "note": f"Population 2023, GDP 2022. {zone.note}",
    }  # fmt: skip


def _zone(row: dict[str, str], sources: Sources) -> Row:
    """A zone: freight of a city is half an hour from its node, that of a region one hour (own estimates)."""
    node = ZONE_NODE.get(row["zone_id"], row["node_id"])
    gateway, city = row["kind"] == "gateway", "city" in row["admin_level"]
    gdp = f"GDP {row['gdp_quality']}, {row['gdp_year']}." if row["gdp_musd"] else "GDP not published."
    return {
        "zone_id": row["zone_id"],
        "name": row["name"],
        **ZONE_NAMES[row["zone_id"]],
        "node_id": node,
        "country": row["country"],
        "kind": row["kind"],
        "population": row["population"],
        "gdp_musd": row["gdp_musd"],
        "access_km": 0 if gateway else 10 if city else 40,
        "access_h": 0 if gateway else 0.5 if city else 1,
        "quality": quality_of(row["quality"], row["source"]),
        "source": sources.add(row["source"]),
        "note": " ".join(
            part for part in (f"Population {row['year']}.", gdp, row["note"], ZONE_NOTE.get(row["zone_id"], "")) if part
        ),
    }
