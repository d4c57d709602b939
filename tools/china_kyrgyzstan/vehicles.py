"""Table ``vehicle``: what a truck, a train, a ferry and a container ship's slot carry and cost.

Costs that would count twice are kept apart. A truck-kilometre at 0.85 USD holds fuel, driver and capital; border
charges stand at the crossings, so CPMM's totals per 500 km, which hold them too, are not used. The hours at a crossing
are paid by the kilometre nowhere: a truck that waits earns nothing, so its standing cost (9 USD/h) is charged at
crossings only, and never for hours on the road or at rest, which 0.85 USD/km already pays.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tools.china_kyrgyzstan import ferries
from tools.china_kyrgyzstan.sources import Sources

Row = dict[str, Any]

TRUCK_PAYLOAD_T = 20.0  # CPMM's reference load; 19.3 t per loaded truck at Torugart in 2025
TRUCK_EMPTY_RETURN = 0.9  # 20 t / (1 + 0.9) = 10.5 t a crossing; counted: 9.67 at Torugart, 10.94 at Khorgos (2025)
TRUCK_USD_PER_KM = 0.85
EMPTY_COST_SHARE = 0.8  # an empty truck burns a third less fuel, own estimate
#: Hours of rest per hour of driving, borders taken out, in four reported journeys: Tashkent-Kashgar convoy 2017 0.65,
#: the same by commercial truck (2 days) 0.98, Shenzhen-Tashkent (6500 km in 7 days) 0.65, Chongqing-Kyrgyzstan (5400 km
#: in 12 days) 1.96. Their median; a lone driver under AETR (9 h a day) would have 1.67.
TRUCK_STOPS = 0.8

TRAIN_PAYLOAD_T = 2000.0  # between a container train (1100-1400 t) and a bulk train (2800 t)
#: On 1520 mm: 2,635 t a loaded train at Bolashak (2020), of grain and building goods that need 0.9 of the reference train.
WIDE_TRAIN_PAYLOAD_T = 2400.0
#: ERAI, Dostyk/Altynkol-Brest, July 2024: 3289 USD per FEU over some 5400 km, at 20 t.
RAIL_USD_PER_TKM = 0.03
TRAIN_STANDING_USD_PER_H = 250.0  # 50 wagons at some 20 USD a day, locomotive and crew: own estimate

#: Drewry, Shanghai-Rotterdam, December 2025: 1957 USD per FEU over 19 400 km. The facts hold no rate of 2023; those
#: of July 2024 (5085 USD, world index) were far above a normal year.
SEA_USD_PER_FEU_KM = 0.1
FEU_PAYLOAD_T = 18.0


def build(_facts: Path, sources: Sources, _tables: dict[str, list[Row]]) -> dict[str, list[Row]]:
    """Build the table of vehicles."""
    own = sources.add("Own estimate for vehicles, from the costs gathered")
    cpmm = sources.add("CAREC CPMM 2020/2022/2023 TFI3")
    erai = sources.add("index1520.com, 15 Jul 2024")
    journeys = ";".join(
        sources.add(title) for title in ("kabar.kg 19 Feb 2018", "kursiv.media Jan 2024", "Xinhua 22 Jun 2021")
    )
    drewry = sources.add("charter97.org 22 Dec 2025 (Drewry)")
    argus = sources.add("Argus via report.az")
    bolashak = sources.add("Train loads at Bolashak, first quarter of 2020 (value_density.csv)")
    torugart = sources.add("Xinjiang Dept of Transport 8 Dec 2025")
    return {
        "vehicle": [
            _truck(f"{own};{journeys};{torugart}"),
            _train("rail_1520", "Freight train, 1520 mm", "Грузовой поезд, 1520 мм", "货运列车(1520毫米)", RAIL_USD_PER_TKM, f"{own};{erai};{cpmm};{bolashak}"),
            _train("rail_1435", "Freight train, 1435 mm", "Грузовой поезд, 1435 мм", "货运列车(1435毫米)", RAIL_USD_PER_TKM, f"{own};{erai};{cpmm}"),
            _train("rail_1676", "Freight train, 1676 mm", "Грузовой поезд, 1676 мм", "货运列车(1676毫米)", RAIL_USD_PER_TKM, own),
            {
                "mode": "ferry", "family": "water", "name": "Ferry", "name_ru": "Паром", "name_zh": "渡轮",
                "name_ky": "Паром", "name_ar": "عبّارة", "payload_t": ferries.SAILING_T, "empty_return": ferries.EMPTY_RETURN,
                "cost_usd_per_vehicle_km": ferries.SAILING_USD_PER_KM, "standing_usd_per_h": 0, "stop_h_per_h": 0, "load_h": 12,
                "load_usd_per_t": 5, "curve": "bpr", "curve_a": 1, "curve_b": 4, "quality": "estimated", "source": own,
                "note": "One sailing: some 30 to 54 wagons or 60 trucks, partly full. Lines between Azerbaijan and the other shore have the "
                "tariff of wagons in their cost_factor; trucks pay the rest at the ports' terminals. Waiting for the ship is in the time of the crossing.",
            },
            {
                "mode": "sea", "family": "water", "name": "Container by sea", "name_ru": "Морской контейнер",
                "name_zh": "海运集装箱", "name_ky": "Деңиз контейнери", "name_ar": "حاوية بحرية",
                "payload_t": FEU_PAYLOAD_T, "empty_return": 0, "cost_usd_per_vehicle_km": SEA_USD_PER_FEU_KM,
                "standing_usd_per_h": 0, "stop_h_per_h": 0.35, "load_h": 72, "load_usd_per_t": 8, "curve": "none",
                "quality": "estimated", "source": f"{own};{drewry};{argus}",
                "note": "A forty-foot container's slot. 33 km/h (18 knots) and 0.35 h in ports of call for each hour under way: "
                "Lianyungang-Gdansk takes 37 days with the ports at both ends. Rate per km from Shanghai-Rotterdam 1957 USD/FEU; links to "
                "smaller ports carry a factor that meets Shanghai-Poti (2000-2500 USD/FEU). The rate holds the empty return.",
            },
        ]
    }  # fmt: skip


def _truck(source: str) -> Row:
    return {
        "mode": "road", "family": "road", "name": "Articulated truck, 40 t", "name_ru": "Автопоезд, 40 т",
        "name_zh": "40吨半挂卡车", "name_ky": "Жүк ташуучу унаа, 40 т", "name_ar": "شاحنة مقطورة 40 طنا",
        "payload_t": TRUCK_PAYLOAD_T, "empty_return": TRUCK_EMPTY_RETURN,
        "cost_usd_per_vehicle_km": round(TRUCK_USD_PER_KM * (1 + TRUCK_EMPTY_RETURN * EMPTY_COST_SHARE), 3),
        "standing_usd_per_h": 9, "stop_h_per_h": TRUCK_STOPS, "load_h": 6, "load_usd_per_t": 3, "grade_free_pct": 3,
        "grade_time": 0, "grade_cost": 0.1, "curve": "none", "quality": "estimated", "source": source,
        "note": "0.85 USD per loaded km on flat paved road, with 0.9 empty km at 80 % of it; CPMM gives differences between countries "
        "(link.cost_factor). Roads do not congest: there is no "
        "passenger or domestic traffic in the study to congest them with. Stops: median of four reported journeys between China "
        "and Central Asia (0.65 to 1.96). Mountains raise cost by 10 % for each per cent of grade above 3 (x1.3-1.6 is usual); speeds of "
        "mountain roads are low already, so time has no such factor.",
    }  # fmt: skip


def _train(mode: str, name: str, russian: str, chinese: str, usd_per_tkm: float, source: str) -> Row:
    payload = WIDE_TRAIN_PAYLOAD_T if mode == "rail_1520" else TRAIN_PAYLOAD_T
    return {
        "mode": mode, "family": "rail", "name": name, "name_ru": russian, "name_zh": chinese, "payload_t": payload,
        "empty_return": 0.4, "cost_usd_per_vehicle_km": round(usd_per_tkm * payload, 3),
        "standing_usd_per_h": TRAIN_STANDING_USD_PER_H, "stop_h_per_h": 1.0, "load_h": 48, "load_usd_per_t": 6,
        "grade_free_pct": 1.2, "grade_time": 0, "grade_cost": 0.25, "curve": "bpr", "curve_a": 1, "curve_b": 4,
        "quality": "estimated", "source": source,
        "note": "0.03 USD/tkm at full load, from ERAI's 3289 USD per FEU over 5400 km; CPMM's 0.06 (CHN, UZB 2023) holds border "
        "charges and small lots, so it gives differences between countries (link.cost_factor), not the level. Yards: one hour for each "
        "hour of running, between block trains (Dostyk-Brest in 7.3 days: about 0.5) and single wagons. Capacity serves international "
        "freight only; domestic trains are not in the study.",
    }  # fmt: skip
