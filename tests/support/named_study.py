"""The disturbed row of three countries with names in several languages, one of which only the study declares."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import landlink as ll
from landlink.study import Study
from tests.support.disturbed_study import TABLES, disturbed_study

UNITS: Final = (
    "unit_id,name,name_ru,name_zh,name_ar,family,serves,causes,reopens\n"
    "rescue,Rescue,Спасатели,救援队,وحدات الإنقاذ,road,link,avalanche,0\n"
)
_TABLES: Final = {
    "node": (
        "node_id,name,name_ru,name_zh,x_coord,y_coord,country\nN1,Westport,Западный порт,西港,70.0,40.0,AAA\n"
        "N2,Middle,Середина,,71.0,40.0,BBB\nN3,Eastport,Восточный порт,东港,72.0,40.0,CCC\n"
        "N4,Second city,,,70.4,40.2,AAA\n"
    ),
    "response_site": (
        "site_id,name,name_ru,name_zh,name_sw,unit_id,node_id,country,status,units\n"
        "west,Western depot,Западная база,西部基地,Ghala la magharibi,rescue,N1,AAA,existing,1\n"
        "east,Eastern depot,Восточная база,东部基地,,rescue,N3,CCC,candidate,1\n"
    ),
    "event": TABLES["event"]
    .strip()
    .replace("name_ru,", "name_ru,name_ar,name_sw,")
    .replace("Второй пост закрыт,", "Второй пост закрыт,المعبر الثاني مغلق,Kivuko kimefungwa,")
    .replace("shut,2,,,", "shut,2,,,,,")
    + "\n",
}
#: Names of hazards, in Russian, Arabic and Swahili.
_HAZARDS: Final = {
    "Slide": ("Оползень на первом посту", "انهيار عند المعبر الأول", "Maporomoko"),
    "Virus": ("Вирус", "فيروس", ""),
    "Snow in the north": ("Снег на севере", "ثلوج في الشمال", ""),
    "Snow in the south": ("Снег на юге", "ثلوج في الجنوب", ""),
}


def named_study(folder: Path) -> Study:
    """Write and open the study."""
    disturbed_study(folder, response_unit=UNITS)
    settings = folder / "study.toml"
    settings.write_text('languages = ["sw"]\n' + settings.read_text(encoding="utf-8"), encoding="utf-8")
    head, *rows = (folder / "hazard.csv").read_text(encoding="utf-8").strip().splitlines()
    lines = [head.replace("name,", "name,name_ru,name_ar,name_sw,", 1)]
    for row in rows:
        key, name, rest = row.split(",", 2)
        lines.append(",".join((key, name, *_HAZARDS[name], rest)))
    for table, text in {**_TABLES, "hazard": "\n".join(lines) + "\n"}.items():
        (folder / f"{table}.csv").write_text(text, encoding="utf-8")
    return ll.open_study(folder)
