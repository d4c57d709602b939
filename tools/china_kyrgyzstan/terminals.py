"""Table ``terminal``: breaks of gauge, rail yards with a road, and ports."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tools.china_kyrgyzstan import ferries
from tools.china_kyrgyzstan.facts import read
from tools.china_kyrgyzstan.names import names_of
from tools.china_kyrgyzstan.sources import Sources

Row = dict[str, Any]

#: Changing gauge: 5 h by the facts' transload target (a container train took 4.25 h at Dostyk in 2016). Price: the fee
#: of 329 USD at Dostyk is for a container (20 t) or a wagon (60 t); 40 t on the mean.
GAUGE_H, GAUGE_USD_PER_T = 5.0, round(329 / 40, 1)
GAUGE_SOURCES = (
    "CAREC CPMM 2020",
    "silkroadnews.org",
    "own estimate from dry-port practice (47-90 min per train claimed by operators)",
)

#: Tonnes a day: Dostyk and Alashankou 20 Mt a year (Xinhua 2016), Khorgos built for 15, Sarahs 7.5, Makmal as the railway
#: (15); Akhalkalaki 1 Mt a year before its upgrade of 2024; Akyayla 0.6 Mt (head of Iran's railways, Mehr 8 September
#: 2025). The others are guesses.
GAUGE_CAPACITY = {
    "DOST": 55_000, "ALAS": 55_000, "ALTY": 45_000, "KHOR": 30_000, "SERA": 20_500, "MAKM": 41_000, "BAKH": 41_000,
    "BRES": 60_000, "AKYA": 1_650, "AKHL": 3_000, "KHRL": 20_000, "HERA": 5_000,
}  # fmt: skip

#: Breaks of gauge of lines still to come; the measures that build the lines open them.
STATUS = {"MAKM": "under_construction", "BAKH": "under_construction", "KHRL": "planned", "HERA": "planned"}

#: (hours, USD/t): own estimates.
YARD = (48.0, 5.0)  # road and rail: handling, and the wait for a train; no quicker than loading at the start of a trip
PORT_ROLL = (8.0, 3.0)  # wagons and trucks that roll on a ferry; the wait for it is the crossing's
PORT_SEA = (72.0, 8.0)  # containers by sea: customs, stacking, the ship's call

#: A rail line ends at these borders, and trucks take over.
RAILHEADS = ("SPIN", "SERH", "ASTI")
SEA_PORTS = ("LIAN", "SHAN", "GUAN", "GDAN", "ISTB", "POTI", "BAND", "KHI")

_WORDS = {
    "road": ("road", "автодорога", "公路", "автожол", "طريق بري"),
    "ferry": ("ferry", "паром", "渡轮", "паром", "عبّارة"),
    "sea": ("sea", "море", "海运", "деңиз", "بحر"),
    "rail_1435": ("rail 1435 mm", "ж/д 1435 мм", "铁路1435毫米", "темир жол 1435 мм", "سكة حديد 1435 مم"),
    "rail_1520": ("rail 1520 mm", "ж/д 1520 мм", "铁路1520毫米", "темир жол 1520 мм", "سكة حديد 1520 مم"),
    "rail_1676": ("rail 1676 mm", "ж/д 1676 мм", "铁路1676毫米", "темир жол 1676 мм", "سكة حديد 1676 مم"),
}  # fmt: skip
_NAMES = ("name_ru", "name_zh", "name_ky", "name_ar")


def build(facts: Path, sources: Sources, tables: dict[str, list[Row]]) -> list[Row]:
    """All terminals, in the order of their nodes."""
    modes: dict[str, set[str]] = {}
    for link in tables["link"]:
        for end in (link["from_node_id"], link["to_node_id"]):
            modes.setdefault(end, set()).add(link["mode"])
    breaks = {row["node_id"]: row for row in read(facts, "gauge_breaks.csv")}
    gauge_sources = ";".join(sources.add(title) for title in GAUGE_SOURCES)
    own = sources.add("Own estimate for terminals")
    rows: list[Row] = []
    for node in tables["node"]:
        here = sorted(modes.get(node["node_id"], ()))
        rails = [mode for mode in here if mode.startswith("rail")]
        if node["node_id"] in breaks:
            rows.append(_gauge_change(node, breaks[node["node_id"]], gauge_sources))
        if "road" in here and _has_yard(node):
            rows += [_terminal(node, "road", rail, *YARD, own, "Rail yard with a road.") for rail in rails]
        if "ferry" in here:
            rows += [_roll_on(node, mode, own, sources) for mode in ("road", *rails) if mode in here]
        if node["node_id"] in SEA_PORTS and "sea" in here:
            rows += [
                _terminal(node, mode, "sea", *PORT_SEA, own, "Customs of the port included.")
                for mode in ("road", *rails)
            ]
    return rows


def _roll_on(node: Row, mode: str, own: str, sources: Sources) -> Row:
    """A port where wagons or trucks roll on a ferry; what a truck's fare is above a wagon's is paid here."""
    note = "Wagons and trucks roll on; the wait for the ship is in the crossing."
    if node["node_id"] == ferries.CRANE_PORT:
        source = ";".join([own, sources.add(ferries.CRANE_SOURCE)])
        return _terminal(node, mode, "ferry", *PORT_SEA, source, "Containers and general cargo by crane.")
    hours, usd = PORT_ROLL
    if mode != "road" or node["node_id"] not in ferries.PORTS:
        return _terminal(node, mode, "ferry", hours, usd, own, note)
    source = ";".join([own, *(sources.add(title) for title in ferries.SOURCES)])
    extra = ferries.truck_extra_usd_per_t()
    note += f" {extra:g} USD/t of the price are half of what a truck's fare is above a wagon's."
    return _terminal(node, mode, "ferry", hours, usd + extra, source, note)


def _has_yard(node: Row) -> bool:
    return node["node_type"] in ("city", "terminal") or node["node_id"] in RAILHEADS


def _gauge_change(node: Row, fact: dict[str, str], sources: str) -> Row:
    wide, narrow = sorted((f"rail_{gauge}" for gauge in fact["gauges"].split("/")), reverse=True)
    row = _terminal(node, narrow, wide, GAUGE_H, GAUGE_USD_PER_T, sources, f"Change of gauge. {fact['note']}".strip())
    capacity = GAUGE_CAPACITY[node["node_id"]]
    status = STATUS.get(node["node_id"], "existing")
    return row | {"capacity_t_per_day": capacity, "curve": "bpr", "curve_a": 1, "curve_b": 4, "status": status}


def _terminal(node: Row, mode_a: str, mode_b: str, hours: float, usd: float, source: str, note: str) -> Row:
    place = str(node["name"]).split(" (")[0]
    (a, *a_names), (b, *b_names) = _WORDS[mode_a], _WORDS[mode_b]
    known = names_of(node["node_id"])
    names = dict(zip(_NAMES, zip(a_names, b_names, strict=True), strict=True))
    return {
        "terminal_id": f"{node['node_id']}-{mode_a}-{mode_b}",
        "name": f"{place}: {a} - {b}",
        **{key: f"{known[key]}: {x} - {y}" for key, (x, y) in names.items() if key in known},
        "node_id": node["node_id"], "mode_a": mode_a, "mode_b": mode_b, "time_h": hours, "cost_usd_per_t": usd,
        "status": "existing", "quality": "estimated", "source": source, "note": note,
    }  # fmt: skip
