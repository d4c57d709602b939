"""The sixteen commodity classes: value of a tonne, value of time, and modes."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from tools.china_kyrgyzstan.sources import Sources

TRUCK_T = 20.0  #: payload of the reference good, t per truck
#: Light goods are loaded to the upper end of their range: counts give 19 t per loaded truck at Torugart, 22 at Khorgos
#: (2025, half of the crossings empty) and 24 on the ferries at Kuryk (2023), with clothing, machinery and consumer goods
#: the bulk of it. At the middle of the ranges, 13 to 14 t, trucks at Khorgos carried 8 t a crossing, where 11 are counted.
LOADED_FULL = (
    "truck, clothing, textiles", "truck, machinery, electronics", "truck, car carrier, 6-8 cars",
    "truck, general goods, 5-axle semi-trailer", "static load, FEU, consumer goods from China",
)  # fmt: skip
BULK_FLOOR = 0.02  #: USD/t/h, the row of costs.csv for ore, coal and cement
BULK_MODES = ("road", "rail_1435", "rail_1520", "rail_1676", "ferry")

#: id -> row of the working set of value_density.csv, payload row, bulk?, reliability ratio
_FACTS: dict[str, tuple[str, str, bool, float]] = {
    "fruit_vegetables": ("fresh fruit and vegetables", "truck, fruit, vegetables, reefer semi-trailer", False, 0.8),
    "grain": ("grain and flour", "truck, grain, flour", True, 0.2),
    "coal": ("coal", "truck, cement, coal, ore, tipper", True, 0.2),
    "building_materials": ("cement, building minerals", "truck, cement, coal, ore, tipper", True, 0.2),
    "ores": ("ores and concentrates", "truck, cement, coal, ore, tipper", True, 0.2),
    "petroleum": ("petroleum products", "truck, fuel tanker", True, 0.2),
    "fertiliser": ("fertiliser", "truck, grain, flour", True, 0.2),
    "chemicals": ("other chemicals, plastics", "truck, general goods, 5-axle semi-trailer", False, 0.5),
    "metals": ("base metals and articles", "truck, grain, flour", False, 0.3),
    "nonferrous": ("copper and other non-ferrous", "truck, grain, flour", False, 0.3),
    "textiles": ("cotton, yarn, fabric", "truck, clothing, textiles", False, 0.5),
    "clothing": ("clothing, footwear", "truck, clothing, textiles", False, 0.8),
    "machinery": ("machinery, electrical, electronics", "truck, machinery, electronics", False, 0.8),
    "vehicles": ("vehicles", "truck, car carrier, 6-8 cars", False, 0.5),
    "consumer_goods": (
        "furniture, household and other consumer goods",
        "static load, FEU, consumer goods from China",
        False,
        0.5,
    ),
    "food": ("food preparations", "truck, general goods, 5-axle semi-trailer", False, 0.5),
}
COMMODITIES = tuple(_FACTS)

_NAMES: dict[str, tuple[str, str, str, str, str]] = {
    "fruit_vegetables": ("Fruit and vegetables", "Фрукты и овощи", "水果蔬菜", "Жемиштер жана жашылчалар", "فواكه وخضروات"),
    "grain": ("Grain and flour", "Зерно и мука", "粮食和面粉", "Дан жана ун", "حبوب ودقيق"),
    "coal": ("Coal", "Уголь", "煤炭", "Көмүр", "فحم"),
    "building_materials": ("Building materials and timber", "Стройматериалы и лес", "建材和木材", "Курулуш материалдары жана жыгач", "مواد بناء وأخشاب"),
    "ores": ("Ores and concentrates", "Руды и концентраты", "矿石和精矿", "Кендер жана концентраттар", "خامات ومركزات"),
    "petroleum": ("Petroleum products", "Нефтепродукты", "石油产品", "Мунай заттары", "منتجات بترولية"),
    "fertiliser": ("Fertiliser", "Удобрения", "化肥", "Жер семирткичтер", "أسمدة"),
    "chemicals": ("Chemicals and plastics", "Химия и пластмассы", "化工和塑料", "Химия жана пластмасса", "كيماويات ولدائن"),
    "metals": ("Iron, steel and metal goods", "Чёрные металлы и изделия", "钢铁和金属制品", "Кара металлдар жана буюмдар", "حديد وصلب ومصنوعات معدنية"),
    "nonferrous": ("Non-ferrous metals", "Цветные металлы", "有色金属", "Түстүү металлдар", "معادن غير حديدية"),
    "textiles": ("Cotton, yarn and fabric", "Хлопок, пряжа и ткани", "棉花、纱线和布料", "Пахта, жип жана кездеме", "قطن وغزول وأقمشة"),
    "clothing": ("Clothing and footwear", "Одежда и обувь", "服装鞋类", "Кийим жана бут кийим", "ملابس وأحذية"),
    "machinery": ("Machinery and electronics", "Машины и электроника", "机械和电子产品", "Машиналар жана электроника", "آلات وإلكترونيات"),
    "vehicles": ("Vehicles and parts", "Автомобили и запчасти", "车辆及零部件", "Унаалар жана тетиктер", "مركبات وقطعها"),
    "consumer_goods": ("Consumer goods", "Потребительские товары", "日用消费品", "Керектөө товарлары", "سلع استهلاكية"),
    "food": ("Food and drink", "Продукты питания", "食品饮料", "Азык-түлүк", "أغذية ومشروبات"),
}  # fmt: skip

#: Group, and stage of processing of the largest part of the commodity: primary goods are raw, processed supplies, fuels
#: and parts intermediate, and consumer and capital goods final.
_STRUCTURE: dict[str, tuple[str, str]] = {
    "fruit_vegetables": ("agriculture_food", "raw"),
    "grain": ("agriculture_food", "raw"),
    "coal": ("fuels", "raw"),
    "building_materials": ("minerals", "intermediate"),
    "ores": ("minerals", "raw"),
    "petroleum": ("fuels", "intermediate"),
    "fertiliser": ("chemicals", "intermediate"),
    "chemicals": ("chemicals", "intermediate"),
    "metals": ("metals", "intermediate"),
    "nonferrous": ("metals", "intermediate"),
    "textiles": ("textiles_clothing", "intermediate"),
    "clothing": ("textiles_clothing", "final"),
    "machinery": ("machinery_vehicles", "final"),
    "vehicles": ("machinery_vehicles", "final"),
    "consumer_goods": ("other_manufactures", "final"),
    "food": ("agriculture_food", "final"),
}

#: A typical journey for the scale of the choice: 2,500 km at 0.03 USD/tkm, ten days.
_TYPICAL_USD_PER_T, _TYPICAL_H, _SCALE = 75.0, 240.0, 5.0
#: Scale of the choice of routes over that of modes: routes of one mode are closer substitutes than modes.
_ROUTES = 2.0


def _rows(facts: Path) -> list[dict[str, str]]:
    with (facts / "value_density.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def densities(facts: Path) -> dict[str, float]:
    """Working value density of each commodity, USD/t."""
    found = {row["item"]: float(row["value"]) for row in _rows(facts) if row["kind"] == "working set value density"}
    return {name: found[item] for name, (item, *_) in _FACTS.items()}


def upper_densities(facts: Path) -> dict[str, float]:
    """Upper end of the range of each working value density, USD/t; its row says ``low-high`` in the note."""
    found = {row["item"]: row["note"] for row in _rows(facts) if row["kind"] == "working set value density"}
    return {name: float(found[item].split("-")[1]) for name, (item, *_) in _FACTS.items()}


def _payload(row: dict[str, str]) -> float:
    return float(row["note"].split("-")[1]) if row["item"] in LOADED_FULL else float(row["value"])


def commodity_rows(facts: Path, sources: Sources, modes: set[str]) -> list[dict[str, Any]]:
    """The table ``commodity``; ``modes`` are those the study has vehicles for."""
    rows = _rows(facts)
    hours = {row["item"]: float(row["value"]) for row in rows if row["kind"] == "value of time"}
    payloads = {row["item"]: _payload(row) for row in rows if row["kind"] == "payload"}
    density = densities(facts)
    origin = sources.add(
        "Working value densities, payloads and values of time by commodity",
        note="Estimates: value times 0.6 % a day for manufactures (Hummels and Schaur 2013, low rate), 3 % for fresh "
        "produce, 0.1 % for bulk; payloads are common practice, recalled; those of light goods at the upper end, by counts at Torugart, Khorgos and Kuryk.",
    )
    stages = sources.add(
        "United Nations, Classification by Broad Economic Categories, Rev. 4 (2002)",
        note="Stages of processing: primary goods are raw; processed supplies, fuels and parts intermediate; consumer and "
        "capital goods final. A class that mixes stages has that of its largest part, our judgement.",
    )
    table = []
    for name, (item, payload, bulk, reliability) in _FACTS.items():
        value_of_time = max(hours[f"{item}: central"], BULK_FLOOR)
        factor = TRUCK_T / payloads[payload]
        typical = _TYPICAL_USD_PER_T * factor + _TYPICAL_H * value_of_time
        english, russian, chinese, kyrgyz, arabic = _NAMES[name]
        table.append(
            {
                "commodity_id": name, "name": english, "name_en": english, "name_ru": russian, "name_zh": chinese,
                "name_ky": kyrgyz, "name_ar": arabic,
                "value_usd_per_t": density[name], "value_of_time_usd_per_t_h": value_of_time,
                "reliability_ratio": reliability, "load_factor": round(factor, 3),
                "modes": ";".join(mode for mode in BULK_MODES if not modes or mode in modes) if bulk else "",
                "logit_scale": float(f"{_SCALE / typical:.2g}"),
                "route_scale": float(f"{_ROUTES * _SCALE / typical:.2g}"),
                "group": _STRUCTURE[name][0], "processing_stage": _STRUCTURE[name][1],
                "quality": "estimated", "source": f"{origin};{stages}",
                "note": f"value of time: {'the bulk floor of 0.02' if value_of_time == BULK_FLOOR else 'central row'}; "
                f"{payloads[payload]:g} t in a truck; scale {_SCALE:g} / {typical:.0f} USD/t of a typical journey",
            }
        )  # fmt: skip
    return table
