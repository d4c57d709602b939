"""Russia in ten zones: by federal district, the Volga, Urals and Siberian districts in two.

The facts have three gateways for the whole country, one of them in Orenburg, so that nearly all its freight crossed
the border at Zhaisan. Here each zone stands in its largest or nearest city, and roads and railways join it to all
crossings. Population (1 January 2023) and gross regional product (2022, at 68.5 roubles a dollar) are Rosstat's,
recalled and rounded: only their proportions matter. Lengths come from coordinates and the median detour that the
facts state for measured links of the class: 1.08 by main road, 1.16 by main railway.
"""

from __future__ import annotations

from typing import NamedTuple

from tools.china_kyrgyzstan.additions import AddedLink, AddedNode
from tools.china_kyrgyzstan.map_shapes import great_circle_km

SOURCE = "Rosstat, population 1 January 2023 and gross regional product 2022, recalled and rounded"
NETWORK_SOURCE = "Own estimate: main roads and railways of Russia and the Caucasus, lengths from coordinates"

#: Median ratio of length to great circle of the facts' measured links of the same class.
ROAD_DETOUR, RAIL_DETOUR = 1.08, 1.16
ROAD_SPEED_KMH, RAIL_SPEED_KMH = 65.0, 60.0
#: Trains a day, both directions: 90 pairs on a double line, 30 on a single one (classes R1 and R3 of the facts).
DOUBLE_TRACK, SINGLE_TRACK = 180.0, 60.0


class RussianZone(NamedTuple):
    """A zone, its node, and what weighs it."""

    zone_id: str
    name: str
    name_ru: str
    name_zh: str
    name_ky: str
    name_ar: str
    node_id: str
    population_m: float
    gdp_busd: float
    note: str


ZONES = (
    RussianZone("G-MOSC", "Russia Central (Moscow)", "Центральная Россия (Москва)", "俄罗斯中部(莫斯科)", "Борбордук Россия (Москва)", "وسط روسيا (موسكو)", "MOSC", 40.2, 686, "Central federal district."),
    RussianZone("G-SPB", "Russia North-West (St Petersburg)", "Северо-Запад России (Санкт-Петербург)", "俄罗斯西北部(圣彼得堡)", "Россиянын түндүк-батышы (Санкт-Петербург)", "شمال غرب روسيا (سانت بطرسبرغ)", "SPET", 13.9, 255, "North-Western federal district."),
    RussianZone("G-ROST", "Russia South (Rostov)", "Юг России (Ростов)", "俄罗斯南部(罗斯托夫)", "Россиянын түштүгү (Ростов)", "جنوب روسيا (روستوف)", "ROST", 16.6, 137, "Southern federal district."),
    RussianZone("G-MAKH", "Russia North Caucasus (Makhachkala)", "Северный Кавказ (Махачкала)", "俄罗斯北高加索(马哈奇卡拉)", "Түндүк Кавказ (Махачкала)", "شمال القوقاز (محج قلعة)", "MAKH", 10.2, 45, "North Caucasian federal district."),
    RussianZone("G-VOLG", "Russia Volga (Samara)", "Поволжье (Самара)", "俄罗斯伏尔加(萨马拉)", "Волга боюу (Самара)", "حوض الفولغا (سامارا)", "SMRA", 22.8, 248, "Volga federal district without Orenburg and Bashkortostan."),
    RussianZone("G-OREN", "Russia Southern Urals (Orenburg, Ufa)", "Южное Приуралье (Оренбург, Уфа)", "俄罗斯南乌拉尔(奥伦堡、乌法)", "Түштүк Урал алды (Оренбург, Уфа)", "سفوح الأورال الجنوبية (أورنبورغ، أوفا)", "OREN", 5.9, 58, "Orenburg oblast and Bashkortostan."),
    RussianZone("G-CHEL", "Russia Urals South (Chelyabinsk)", "Южный Урал (Челябинск)", "俄罗斯车里雅宾斯克", "Түштүк Урал (Челябинск)", "جنوب الأورال (تشيليابينسك)", "CHEL", 4.2, 41, "Chelyabinsk and Kurgan oblasts."),
    RussianZone("G-EKAT", "Russia Urals North (Yekaterinburg)", "Средний Урал и Тюмень (Екатеринбург)", "俄罗斯叶卡捷琳堡、秋明", "Орто Урал жана Тюмень (Екатеринбург)", "وسط الأورال وتيومين (يكاترينبورغ)", "EKAT", 8.1, 139, "Sverdlovsk and Tyumen oblasts with their autonomous districts; two thirds of the product of the oil and gas districts left out, since pipelines carry it."),
    RussianZone("G-SIB", "Russia Western Siberia (Novosibirsk)", "Западная Сибирь (Новосибирск)", "俄罗斯西西伯利亚(新西伯利亚)", "Батыш Сибирь (Новосибирск)", "غرب سيبيريا (نوفوسيبيرسك)", "NOVO", 10.6, 98, "Omsk, Novosibirsk, Tomsk and Kemerovo oblasts, Altai krai and republic."),
    RussianZone("G-KRSN", "Russia Eastern Siberia and Far East (Krasnoyarsk)", "Восточная Сибирь и Дальний Восток (Красноярск)", "俄罗斯东西伯利亚和远东(克拉斯诺亚尔斯克)", "Чыгыш Сибирь жана Ыраакы Чыгыш (Красноярск)", "شرق سيبيريا والشرق الأقصى (كراسنويارسك)", "KRSN", 13.9, 220, "Rest of the Siberian district, and the Far Eastern one."),
)  # fmt: skip

_PLACE = "Coordinates of common gazetteers, to about 0.02 degrees."
_AT_BORDER = "Position of the border post, to about 0.1 degrees."

NODES = (
    AddedNode("SPET", "St Petersburg", "RUS", 59.94, 30.31, "city", _PLACE),
    AddedNode("ROST", "Rostov-on-Don", "RUS", 47.24, 39.71, "city", _PLACE),
    AddedNode("VLGD", "Volgograd", "RUS", 48.71, 44.51, "city", _PLACE),
    AddedNode("UFA", "Ufa", "RUS", 54.74, 55.97, "city", _PLACE),
    AddedNode("EKAT", "Yekaterinburg", "RUS", 56.84, 60.61, "city", _PLACE),
    AddedNode("KURG", "Kurgan", "RUS", 55.45, 65.34, "city", _PLACE),
    AddedNode("KRSN", "Krasnoyarsk", "RUS", 56.01, 92.87, "city", _PLACE),
    AddedNode("VLDK", "Vladikavkaz", "RUS", 43.02, 44.68, "city", _PLACE),
    AddedNode("PETU", "Zhanazhol / Petukhovo crossing", "KAZ", 55.03, 68.15, "border", _AT_BORDER),
    AddedNode("ALIM", "Alimbet / Orsk crossing", "KAZ", 51.00, 58.40, "border", _AT_BORDER),
    AddedNode("URLY", "Urlyutobe / Cherlak crossing", "KAZ", 53.85, 75.05, "border", _AT_BORDER),
    AddedNode("LARS", "Kazbegi / Verkhny Lars crossing", "GEO", 42.74, 44.63, "border", _AT_BORDER),
    AddedNode("ASTI", "Astara crossing", "AZE", 38.44, 48.87, "border", _AT_BORDER),
    AddedNode("RSHT", "Rasht", "IRN", 37.28, 49.58, "city", _PLACE),
    AddedNode("AMIR", "Amirabad (port)", "IRN", 36.86, 53.37, "terminal", _PLACE),
)  # fmt: skip


class Way(NamedTuple):
    """A road or railway between two places; ``km`` where the straight line and a detour say too little."""

    link_id: str
    start: str
    end: str
    mode: str
    name: str
    country: str
    km: float = 0.0
    note: str = ""


# fmt: off
_ROADS = (
    Way("XR101", "MOSC", "SPET", "road", "M11 Moscow-St Petersburg", "RUS"),
    Way("XR102", "MOSC", "ROST", "road", "M4 Moscow-Rostov", "RUS"),
    Way("XR103", "ROST", "VLGD", "road", "A260 Rostov-Volgograd", "RUS"),
    Way("XR104", "VLGD", "ASTR", "road", "R22 Volgograd-Astrakhan", "RUS"),
    Way("XR105", "VLGD", "SRTV", "road", "R228 Volgograd-Saratov", "RUS"),
    Way("XR106", "VLGD", "MOSC", "road", "R22 Volgograd-Moscow", "RUS"),
    Way("XR107", "ROST", "VLDK", "road", "R217 Rostov-Vladikavkaz", "RUS"),
    Way("XR108", "VLDK", "MAKH", "road", "R217 Vladikavkaz-Makhachkala", "RUS"),
    Way("XR109", "SMRA", "UFA", "road", "M5 Samara-Ufa", "RUS"),
    Way("XR110", "UFA", "CHEL", "road", "M5 Ufa-Chelyabinsk", "RUS"),
    Way("XR111", "OREN", "UFA", "road", "R240 Orenburg-Ufa", "RUS"),
    Way("XR112", "ORSK", "CHEL", "road", "Orsk-Magnitogorsk-Chelyabinsk", "RUS"),
    Way("XR113", "CHEL", "EKAT", "road", "M5 Chelyabinsk-Yekaterinburg", "RUS"),
    Way("XR114", "EKAT", "MOSC", "road", "M12 Yekaterinburg-Kazan-Moscow", "RUS"),
    Way("XR115", "CHEL", "KURG", "road", "R254 Chelyabinsk-Kurgan", "RUS"),
    Way("XR116", "EKAT", "KURG", "road", "R354 Yekaterinburg-Kurgan", "RUS"),
    Way("XR117", "KURG", "PETU", "road", "R254 Kurgan-Petukhovo", "RUS"),
    Way("XR118", "PETU", "PETR", "road", "M51 Zhanazhol-Petropavl", "KAZ"),
    Way("XR119", "KURG", "OMSK", "road", "R402 Kurgan-Ishim-Omsk", "RUS", 0.0, "Goes round Kazakhstan by Ishim."),
    Way("XR120", "AKTO", "ALIM", "road", "Aktobe-Alimbet", "KAZ"),
    Way("XR121", "ALIM", "ORSK", "road", "Alimbet-Orsk", "RUS"),
    Way("XR122", "PAVL", "URLY", "road", "M38 Pavlodar-Urlyutobe", "KAZ"),
    Way("XR123", "URLY", "OMSK", "road", "A320 Cherlak-Omsk", "RUS"),
    Way("XR124", "NOVO", "KRSN", "road", "R255 Novosibirsk-Krasnoyarsk", "RUS"),
    Way("XR125", "TBIL", "LARS", "road", "S3 Tbilisi-Kazbegi-Lars", "GEO", 170.0, "Usual road distance, not re-read; mountain road."),
    Way("XR126", "LARS", "VLDK", "road", "Lars-Vladikavkaz", "RUS"),
    Way("XR127", "ALYA", "ASTI", "road", "M6 Alat-Astara", "AZE"),
    Way("XR128", "ASTI", "RSHT", "road", "Astara-Rasht", "IRN"),
    Way("XR129", "RSHT", "TEHR", "road", "Rasht-Qazvin-Tehran", "IRN", 325.0, "Usual road distance, not re-read."),
    Way("XR132", "ARTY", "TEJE", "road", "M37 Artyk-Kaka-Tejen", "TKM", 0.0, "Artyk lies on the road from Ashgabat to Tejen; the facts join it to Ashgabat alone."),
    Way("XR133", "QUCH", "SHHD", "road", "Quchan-Sabzevar-Shahrud", "IRN"),
    Way("XR134", "QUCH", "GORG", "road", "Quchan-Bojnurd-Gorgan", "IRN"),
    Way("XR130", "AMIR", "GORG", "road", "Amirabad-Gorgan", "IRN"),
    Way("XR131", "AMIR", "TEHR", "road", "Amirabad-Sari-Tehran", "IRN", 300.0, "Usual road distance, not re-read."),
)
_RAILWAYS = (
    Way("XL101", "MOSC", "SPET", "rail_1520", "Moscow-St Petersburg", "RUS"),
    Way("XL102", "MOSC", "ROST", "rail_1520", "Moscow-Voronezh-Rostov", "RUS"),
    Way("XL103", "ROST", "VLGD", "rail_1520", "Rostov-Volgograd", "RUS"),
    Way("XL104", "VLGD", "ASTR", "rail_1520", "Volgograd-Verkhny Baskunchak-Astrakhan", "RUS"),
    Way("XL105", "VLGD", "SRTV", "rail_1520", "Volgograd-Saratov", "RUS"),
    Way("XL106", "CHEL", "EKAT", "rail_1520", "Chelyabinsk-Yekaterinburg", "RUS"),
    Way("XL107", "EKAT", "MOSC", "rail_1520", "Yekaterinburg-Kazan-Moscow", "RUS"),
    Way("XL108", "CHEL", "KURG", "rail_1520", "Chelyabinsk-Kurgan", "RUS"),
    Way("XL109", "EKAT", "KURG", "rail_1520", "Yekaterinburg-Kurgan", "RUS"),
    Way("XL110", "KURG", "PETU", "rail_1520", "Kurgan-Petukhovo", "RUS"),
    Way("XL111", "PETU", "PETR", "rail_1520", "Petukhovo-Petropavl (South Urals railway)", "KAZ"),
    Way("XL112", "EKAT", "OMSK", "rail_1520", "Yekaterinburg-Tyumen-Omsk", "RUS"),
    Way("XL113", "NOVO", "KRSN", "rail_1520", "Novosibirsk-Krasnoyarsk", "RUS"),
    Way("XL114", "ALYA", "ASTI", "rail_1520", "Osmanly-Astara", "AZE"),
    Way("XL115", "ORSK", "CHEL", "rail_1520", "Orsk-Kartaly-Chelyabinsk", "RUS"),
    Way("XL116", "AMIR", "GORG", "rail_1435", "Amirabad-Gorgan", "IRN"),
)
#: The Georgian Military Highway: over a pass of 2,379 m.
MOUNTAIN_ROAD = "XR125"
#: Railways with one track.
_SINGLE = ("XL103", "XL114", "XL115", "XL116")
# fmt: on

#: Grain and steel cross the Caspian between Aktau and the ports of Iran in dry-cargo ships.
FERRIES = (
    AddedLink("XF101", "AKTA", "AMIR", "ferry", "Aktau-Amirabad", "KAZ;IRN", 780, 20, 0.5, "AKTA-AMIR", "Length: great circle x 1.02. A dry-cargo ship is cheaper by the kilometre than a ferry: half, an own estimate."),
)  # fmt: skip


class AddedCrossing(NamedTuple):
    """A crossing that the facts' table of borders lacks."""

    node_id: str
    name: str
    country_a: str
    country_b: str
    modes: str
    hours_open: str
    note: str


CROSSINGS = (
    AddedCrossing("PETU", "Zhanazhol / Petukhovo crossing", "KAZ", "RUS", "rail;road", "24 h", "Main line and road from Petropavl to the Urals."),
    AddedCrossing("ALIM", "Alimbet / Orsk crossing", "KAZ", "RUS", "road", "24 h", "Road from Aktobe to Orsk."),
    AddedCrossing("URLY", "Urlyutobe / Cherlak crossing", "KAZ", "RUS", "road", "24 h", "Road from Pavlodar to Omsk."),
    AddedCrossing("LARS", "Kazbegi / Verkhny Lars crossing", "GEO", "RUS", "road", "24 h", "The only road between Georgia and Russia; shut by snow and mudslides for weeks in some years."),
    AddedCrossing("ASTI", "Astara crossing", "AZE", "IRN", "road", "24 h", "Main road crossing between Azerbaijan and Iran; stands for Bilasuvar and Julfa too."),
)  # fmt: skip


def links(places: dict[str, tuple[float, float]]) -> list[tuple[AddedLink, float]]:
    """Every added way as a link, with its capacity in trains a day (0 by road); ``places`` are longitude and latitude."""
    rows = []
    for way in (*_ROADS, *_RAILWAYS):
        rail = way.mode != "road"
        detour = RAIL_DETOUR if rail else ROAD_DETOUR
        km = way.km or round(detour * great_circle_km(places[way.start], places[way.end]))
        note = way.note if way.km else f"Length: great circle x {detour}. {way.note}".strip()
        speed = RAIL_SPEED_KMH if rail else ROAD_SPEED_KMH
        link = AddedLink(way.link_id, way.start, way.end, way.mode, way.name, way.country, km, speed, 1.0, "", note)
        rows.append((link, 0.0 if not rail else SINGLE_TRACK if way.link_id in _SINGLE else DOUBLE_TRACK))
    return rows
