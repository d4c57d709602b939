"""Tables ``crossing`` and ``terminal``: borders, and places where freight changes mode or gauge."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from tools.china_kyrgyzstan import russia, terminals
from tools.china_kyrgyzstan.crossing_times import BorderTimes, Side
from tools.china_kyrgyzstan.facts import read
from tools.china_kyrgyzstan.ferries import SAILING_T
from tools.china_kyrgyzstan.names import names_of
from tools.china_kyrgyzstan.network import CLASSES
from tools.china_kyrgyzstan.sources import Sources
from tools.china_kyrgyzstan.vehicles import TRAIN_PAYLOAD_T, WIDE_TRAIN_PAYLOAD_T

Row = dict[str, Any]

#: A wait that is exponential has its 95th percentile at three means, so two means above its own; 0.44 of the time at
#: Torugart in a normal year was waiting (1.1 of 2.5 h).
P95_EXTRA_SHARE = 2.0 * 0.44

#: Hours a vehicle more waits at capacity. Ak-Tilek, November 2023: 500 queued where 283 a day passed, 42 h, with more
#: arriving than could pass; at capacity about half.
DELAY_H = {"road": 24.0, "rail": 24.0, "water": 48.0}

#: Closed at weekends in the base year: whoever comes then waits 24 h on the mean, so all wait 48**2 / (2 * 168) h more
#: than the facts' estimate of a normal passage.
WEEKEND = ("TORU", "IRKE")
WEEKEND_H = round(48**2 / (2 * 168), 1)

#: KAZ and RUS have some thirty road posts; the network's eight represent all of them.
POSTS_PER_CROSSING = {frozenset(("KAZ", "RUS")): 2}

#: CPMM's charges by rail are for a container (20 t) or a wagon (60 t), by ship for a truck (20 t).
RAIL_UNIT_T, TRUCK_T = 40.0, 20.0

#: Crossings between Kyrgyzstan and Tajikistan, closed from May 2021 until the border treaty of March 2025.
OPEN_FROM = {
    "BEDE": ("2024-09-03", "Opened in September 2024 under a simplified regime."),
    "UCHK": ("2024-09-12", "Opened to freight in September 2024; the railway always was."),
    **dict.fromkeys(("KARM", "KYZA", "KYBE", "MADN"), ("2025-03-13", "Shut from May 2021 to March 2025.")),
}

REMARKS = {
    **dict.fromkeys(
        ("TORU", "IRKE"),
        "Shut at weekends in the base year: the mean wait of 6.9 h is in the time, and capacity is that of five days.",
    ),
    **dict.fromkeys(
        ("TORK", "SPIN"), "Shut or restricted since October 2025; taken as open, since such closures recur and end."
    ),
    "KHUN": "In the base year open from April to November only; the model knows no seasons.",
    "KARY": "Open in summer only; the model knows no seasons, so the year's capacity is cut instead.",
}

#: Trucks a day, both directions with empties, by class of the worse approach road: own estimates.
CLASS_CAPACITY = {"M": 1200, "A": 800, "B": 500, "C": 300, "D": 100}


#: What passes a crossing of which no count was found, as a share of its capacity: the median of those in
#: :data:`OBSERVED_FLOW`, rounded.
USUAL_LOAD = 0.4


class Capacity(NamedTuple):
    """Trucks a day at one crossing, both directions; ``basis`` is that of the table ``crossing``."""

    trucks: float
    quality: str
    source: str
    why: str
    basis: str = "estimate"


class Flow(NamedTuple):
    """Trucks a day at one crossing, both directions, about the date of its times."""

    trucks: float
    source: str
    why: str


CAPACITY = {
    "TORU": Capacity(408, "estimated", "Xinjiang Dept of Transport 8 Dec 2025", "more than 1,000 vehicles on the busiest day of 2025, in fourteen hours, are 71 an hour; eight hours on five days of seven, as in 2023, make 408 a day (the 300 of 2019 are what passed both posts together)", "peak"),
    "IRKE": Capacity(408, "estimated", "People.cn 3 Jun 2025", "more than 1,000 vehicles a day on 7 and 8 May 2025, in fourteen hours, are 71 an hour; eight hours on five days of seven, as in 2023, make 408 a day (the 300 of 2019 are what passed both posts together)", "peak"),
    "TORK": Capacity(1000, "published", "The News 14 Jun 2022 (Pakistan customs)", "more than 1,000 trucks a day in June 2022, loaded and empty", "peak"),
    "DOGH": Capacity(1200, "estimated", "yjc.ir and IRIB 11-12 Oct 2025", "about 1,200 a day claimed in November 2024; 787 a day on the mean of half a year of 2025", "peak"),
    "KHOR": Capacity(800, "published", "timesca.com Nov 2025", "agreed flow before the doubling of November 2025 (1200)", "plan"),
    "DOST": Capacity(200, "published", "Astana Times 22 Jan 2024", "before the storage terminal of January 2024 (600)", "plan"),
    "AKTI": Capacity(600, "estimated", "Sputnik Kazakhstan 20 Nov 2023", "300 a day from KGZ to KAZ, taken twice", "plan"),
    "AKZH": Capacity(625, "estimated", "khabar.kz 2021-22", "2500 vehicles of all kinds; a quarter taken for trucks", "plan"),
    "KONY": Capacity(1000, "published", "otyrar.kz Oct 2019", "after the rebuild, planned for 2020", "plan"),
    "ZHIB": Capacity(750, "estimated", "uz.kursiv.media (no date shown)", "3000 vehicles of all kinds; a quarter taken for trucks", "plan"),
    "UCHK": Capacity(500, "published", "qalampir.uz and yuz.uz 12-13 Sep 2024 (UZ customs)", "design for freight, over 500", "plan"),
    "ALAT": Capacity(1000, "published", "daryo.uz 13 Apr 2023 (TKM customs)", "agreed target, both posts", "plan"),
    "KOTY": Capacity(550, "estimated", "zakon.kz 4 Nov 2024 (KZ State Revenue Committee)", "200 a day from KAZ to RUS, and the more than 350 that came the other way (Astrakhan 24, year not stated)", "peak"),
    "KALZ": Capacity(150, "estimated", "sohologistics.com 30 Mar 2022 (Dulata port)", "28 000 vehicles in 2019, its busiest year, are 77 a day: twice that"),
    "MAYK": Capacity(150, "estimated", "guess, no count found", "60 trucks a day guessed for 2024 (20-150): the top of the range"),
    "BAKH": Capacity(300, "estimated", "Xinhua 21 Nov 2022", "265 000 t in ten months of 2022 are some 90 trucks a day with empties: three times that"),
    "KASB": Capacity(100, "estimated", "news.myseldon.com 2024", "a crossing for cars (300 a day)"),
    "KARY": Capacity(40, "estimated", "Own estimate for crossings", "open in summer only: five twelfths of the class"),
    "ISHK": Capacity(20, "estimated", "Own estimate for crossings", "market days only"),
}  # fmt: skip

#: Flows about the date of a crossing's times. Guesses of the facts are called so.
OBSERVED_FLOW = {
    "TORU": Flow(150, "AKIpress 4 Nov 2020; MIR24 Dec 2020; nts.kg 2020", "300 at both posts in 2019, half at each"),
    "IRKE": Flow(150, "AKIpress 4 Nov 2020; MIR24 Dec 2020; nts.kg 2020", "300 at both posts in 2019, half at each"),
    "KHOR": Flow(368, "imsilkroad.com 17 Aug 2025 (Khorgos border inspection)", "667 in January to July 2024, over the growth of trucks between Kazakhstan and China in 2024, 81 %"),
    "BAKH": Flow(100, "chinanews 29 Mar 2023 (border inspection)", "152 vehicles of all kinds in the first quarter of 2023; 100 taken for trucks"),
    "MAYK": Flow(80, "chinanews 5 May 2023 (port office)", "vehicles of all kinds from January to May 2023"),
    "SYRY": Flow(900, "respublika.kz.media 2023 (KZ border service reply)", "300 to 600 trucks to Russia in June 2023, twice the middle"),
    "OZIN": Flow(250, "respublika.kz.media 2023 (KZ border service reply)", "100 to 150 trucks to Russia in June 2023, twice the middle"),
    "DSTU": Flow(400, "guess from the two rows above", "a guess of the facts for 2024"),
    "ALAT": Flow(300, "guess, no count found", "a guess of the facts for 2023"),
    "OYBE": Flow(200, "guess, no count found", "a guess of the facts for 2023"),
    "SARI": Flow(120, "guess, no count found", "a guess of the facts for 2023"),
    "TORK": Flow(650, "Matrix Mag 2019", "400 trucks out of Pakistan and 250 back in 2019"),
    "DOGH": Flow(610, "yjc.ir and IRIB 11-12 Oct 2025", "113,491 vehicles in half a year of 2024"),
    "ARTY": Flow(365, "IRIB 8 Sep 2025", "61,087 trucks in five months of 2025, less their growth of 8 %"),
}  # fmt: skip

#: Ferry lines whose ports are the border.
FERRIES = (
    ("AKTA-ALYA", "Aktau-Alat", "Актау - Алят", "阿克套-阿利亚特", "Актау - Алят", "أكتاو - أليات", "KAZ", "AZE"),
    ("KURY-ALYA", "Kuryk-Alat", "Курык - Алят", "库雷克-阿利亚特", "Курык - Алят", "كوريك - أليات", "KAZ", "AZE"),
    ("TMBA-ALYA", "Turkmenbashi-Alat", "Туркменбаши - Алят", "土库曼巴希-阿利亚特", "Түркмөнбашы - Алят", "تركمانباشي - أليات", "TKM", "AZE"),
    ("AKTA-AMIR", "Aktau-Amirabad", "Актау - Амирабад", "阿克套-阿米拉巴德", "Актау - Амирабад", "أكتاو - أمير آباد", "KAZ", "IRN"),
    ("POTI-ISTB", "Poti-Istanbul", "Поти - Стамбул", "波季-伊斯坦布尔", "Поти - Стамбул", "بوتي - إسطنبول", "GEO", "TUR"),
    ("POTI-CNST", "Poti-Constanta", "Поти - Констанца", "波季-康斯坦察", "Поти - Констанца", "بوتي - كونستانتسا", "GEO", "ROU"),
)  # fmt: skip


def build(facts: Path, sources: Sources, tables: dict[str, list[Row]]) -> dict[str, list[Row]]:
    """Build the tables of crossings and terminals."""
    times = BorderTimes(facts, sources)
    rows = [
        _crossing(row, family, times, tables["link"], sources)
        for row in read(facts, "borders.csv")
        for family in ("road", "rail")
        if family in row["modes"].split(";") and not (row["node_id"] == "SPIN" and family == "rail")
    ]
    rows.append(_kapikule(times, tables["link"], sources))
    rows += [
        _crossing(_as_border(added), family, times, tables["link"], sources)
        for added in russia.CROSSINGS
        for family in ("road", "rail")
        if family in added.modes.split(";")
    ]
    rows += [_ferry(ferry, times) for ferry in FERRIES]
    return {"crossing": rows, "terminal": terminals.build(facts, sources, tables)}


def _crossing(row: dict[str, str], family: str, times: BorderTimes, links: list[Row], sources: Sources) -> Row:
    node, a, b = row["node_id"], row["country_a"], row["country_b"]
    there = (times.side(family, node, a, b, "outbound"), times.side(family, node, b, a, "inbound"))
    back = (times.side(family, node, b, a, "outbound"), times.side(family, node, a, b, "inbound"))
    capacity, why = _capacity(node, family, links)
    if family == "road" and node not in CAPACITY:
        capacity *= POSTS_PER_CROSSING.get(frozenset((a, b)), 1)
    opened, reason = OPEN_FROM.get(node, ("", ""))
    if family == "rail":
        opened, reason = "", ""
    told = f"Capacity: {why}." if family == "road" else ""
    flow = _flow(node, family, capacity)
    notes = [reason, REMARKS.get(node, ""), _sentence(row["notes"]), told, _why(a, b, there, back), _flow_note(flow)]
    cited = [sources.add(row["source"]), *(s.source for s in (*there, *back))]
    basis = "estimate"
    if node in CAPACITY and family == "road":
        cited.append(sources.add(CAPACITY[node].source))
        basis = CAPACITY[node].basis
    if flow.source:
        cited.append(sources.add(flow.source))
    return {
        "crossing_id": node,
        "family": family,
        "name": row["name"],
        **names_of(node),
        "node_id": node,
        "country_a": a,
        "country_b": b,
        **_figures(
            family,
            there,
            back,
            WEEKEND_H if family == "road" and node in WEEKEND else 0.0,
            train_t=_train_t(node, links),
        ),
        "capacity_vehicles_per_day": capacity,
        "capacity_basis": basis,
        "time_includes": "wait",
        "observed_vehicles_per_day": f"{flow.trucks:g}",
        "hours_open": row["hours_open"] if row["hours_open"] not in ("not gathered", "-") else "",
        "status": _status(row["mode_status"], family),
        "open_from": opened,
        "quality": _quality(there, back),
        "source": ";".join(dict.fromkeys(cited)),
        "note": " ".join(note for note in notes if note),
    }


def _kapikule(times: BorderTimes, links: list[Row], sources: Sources) -> Row:
    row = {
        "mode_status": "road:existing", "node_id": "KAPK", "name": "Kapikule / Kapitan Andreevo crossing", "country_a": "TUR", "country_b": "BGR", "notes": "",
        "source": "Own estimate: ports and routes that the gathered network lacks", "hours_open": "24 h",
    }  # fmt: skip
    return _crossing(row, "road", times, links, sources)


def _as_border(added: russia.AddedCrossing) -> dict[str, str]:
    """A crossing that the facts lack, as a row of their table of borders."""
    return {
        "mode_status": ";".join(f"{mode}:existing" for mode in added.modes.split(";")), "node_id": added.node_id, "name": added.name,
        "country_a": added.country_a, "country_b": added.country_b, "notes": added.note, "source": russia.NETWORK_SOURCE,
        "hours_open": added.hours_open,
    }  # fmt: skip


def _ferry(ferry: tuple[str, str, str, str, str, str, str, str], times: BorderTimes) -> Row:
    """A ferry's crossing: both ports' controls and the wait for a sailing."""
    crossing, name, russian, chinese, kyrgyz, arabic, a, b = ferry
    there = (times.side("water", crossing, a, b, "outbound"), times.side("water", crossing, b, a, "inbound"))
    back = (times.side("water", crossing, b, a, "outbound"), times.side("water", crossing, a, b, "inbound"))
    figures = _figures("water", there, back)
    # Charges are a unit's (20 t); a sailing carries many.
    per_sailing = SAILING_T / TRUCK_T
    return {
        "crossing_id": crossing, "family": "water", "name": name, "name_ru": russian, "name_zh": chinese,
        "name_ky": kyrgyz, "name_ar": arabic, "country_a": a, "country_b": b, **figures,
        "cost_ab_usd_per_vehicle": figures["cost_ab_usd_per_vehicle"] * per_sailing,
        "cost_ba_usd_per_vehicle": figures["cost_ba_usd_per_vehicle"] * per_sailing,
        "quality": _quality(there, back), "source": ";".join(dict.fromkeys(s.source for s in (*there, *back))),
        "note": "The wait for a sailing is part of the time. " + _why(a, b, there, back),
    }  # fmt: skip


def _train_t(node: str, links: list[Row]) -> float:
    """Payload of the trains at a crossing: the broad gauge's, if it gets there."""
    wide = any(link["mode"] == "rail_1520" for link in links if node in (link["from_node_id"], link["to_node_id"]))
    return WIDE_TRAIN_PAYLOAD_T if wide else TRAIN_PAYLOAD_T


def _figures(
    family: str,
    there: tuple[Side, Side],
    back: tuple[Side, Side],
    closed_h: float = 0.0,
    *,
    train_t: float = TRAIN_PAYLOAD_T,
) -> Row:
    ab, ba = closed_h + sum(side.hours for side in there), closed_h + sum(side.hours for side in back)
    units = train_t / RAIL_UNIT_T if family == "rail" else 1
    return {
        "time_ab_h": round(ab, 2),
        "time_ba_h": round(ba, 2),
        "p95_extra_h": round(P95_EXTRA_SHARE * (ab + ba) / 2, 1),
        "cost_ab_usd_per_vehicle": round(units * sum(side.usd for side in there)),
        "cost_ba_usd_per_vehicle": round(units * sum(side.usd for side in back)),
        "delay_h": DELAY_H[family],
        "curve": "bpr",
        "curve_a": 1,
        "curve_b": 4,
    }


def _capacity(node: str, family: str, links: list[Row]) -> tuple[float, str]:
    """Vehicles a day in both directions: the published capacity, or that of the worse approach."""
    if family == "road" and node in CAPACITY:
        return CAPACITY[node].trucks, CAPACITY[node].why
    at = [link for link in links if node in (link["from_node_id"], link["to_node_id"])]
    if family == "rail":
        by_country: dict[str, float] = {}
        for link in at:
            # A line before its second track is the same line as after it.
            if link["mode"].startswith("rail") and not link["open_to"]:
                by_country[link["country"]] = by_country.get(link["country"], 0) + float(
                    link["capacity_vehicles_per_day"]
                )
        return min(by_country.values()), "trains of the line"
    rank = list(CLASS_CAPACITY)
    words = {CLASSES[road_class]: road_class for road_class in rank}
    worst = max((words[link["facility_type"]] for link in at if link["mode"] == "road"), key=rank.index)
    return CLASS_CAPACITY[worst], "by class of the approach road, estimated"


def _flow(node: str, family: str, capacity: float) -> Flow:
    """Flow at the date of the times: what was counted, or else the usual share of the capacity."""
    if family == "road" and node in OBSERVED_FLOW:
        return OBSERVED_FLOW[node]
    return Flow(
        USUAL_LOAD * capacity,
        "",
        f"no count was found: {USUAL_LOAD:g} of the capacity, the median of the posts counted",
    )


def _flow_note(flow: Flow) -> str:
    """Say of what flow the times are, whose wait is taken out of them."""
    return f"Times are totals with waiting, at {flow.trucks:g} vehicles a day: {flow.why}."


def _quality(there: tuple[Side, Side], back: tuple[Side, Side]) -> str:
    """A sum of published times is computed from data; one that holds an estimate is an estimate."""
    return "estimated" if any(side.quality == "estimated" for side in (*there, *back)) else "measured"


def _status(mode_status: str, family: str) -> str:
    """Status of one family; what exists in part (an old line beside a new one) exists."""
    status = dict(part.split(":") for part in mode_status.split(";"))[family]
    return status.split("/")[0]


def _sentence(text: str) -> str:
    return f"{text.rstrip('.')}." if text else ""


def _why(a: str, b: str, there: tuple[Side, Side], back: tuple[Side, Side]) -> str:
    legs = zip((f"out of {a}", f"into {b}", f"out of {b}", f"into {a}"), (*there, *back), strict=True)
    return "Time: " + "; ".join(f"{leg} {side.hours:g} h ({side.why})" for leg, side in legs) + "."
