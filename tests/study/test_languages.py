"""Names in the languages of landlink, and in further ones that a study declares."""

from __future__ import annotations

from pathlib import Path

import pytest

import landlink as ll
from landlink.border.crossing_names import find_crossing
from landlink.core.errors import InputError
from landlink.core.languages import LANGUAGES
from landlink.study.table_contents import LATER_NAMES
from tests.support.small_study import SETTINGS, TABLES, write_small_study

_SWAHILI = 'languages = ["sw", "pt-AO"]\ntitle_sw = "Bandari mbili"\n'
_ZONES = """
zone_id,name,name_fr,name_sw,name_pt-AO,node_id,country
Z1,West,Ouest,Magharibi,Oeste,N1,AAA
Z2,East,Est,,,N2,BBB
"""


def study_with(folder: Path, settings: str = "", **tables: str) -> Path:
    path = write_small_study(folder, **tables)
    (path / "study.toml").write_text(settings + SETTINGS, encoding="utf-8")
    return path


def test_declared_languages_are_read_in_tables_and_settings(tmp_path):
    study = ll.open_study(study_with(tmp_path / "study", _SWAHILI, zone=_ZONES))
    assert study.settings.languages == ("sw", "pt-AO")
    assert study.settings.names == {"sw": "Bandari mbili"}
    assert study.tables["zone"]["name_sw"].tolist() == ["Magharibi", ""]
    assert study.tables["zone"]["name_pt-AO"].tolist() == ["Oeste", ""]
    assert study.tables["zone"]["name_fr"].tolist() == ["Ouest", "Est"]


def test_further_languages_come_through_saving_solving_and_results(tmp_path):
    crossing = TABLES["crossing"].replace("name,", "name,name_sw,", 1).replace(",Gate,", ",Gate,Lango,")
    study = ll.open_study(study_with(tmp_path / "study", _SWAHILI, zone=_ZONES, crossing=crossing))
    again = ll.open_study(study.save(tmp_path / "again"))
    assert again.hash == study.hash
    result = ll.open_result(ll.solve(study).save(tmp_path / "result"))
    assert set(result.tables["crossing"]["name_sw"]) == {"Lango"}
    assert result.tables["zone"]["name_sw"].tolist() == ["Magharibi", ""]
    assert result.provenance.presentation.languages == ("sw", "pt-AO")


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ("", ["zone", "name_sw", 'languages = ["sw"] in study.toml', ", ".join(LANGUAGES)]),
        ('languages = ["am"]\n', ["name_sw", 'languages = ["sw"]']),
        ('languages = ["Swahili"]\n', ["languages", "Swahili", "language codes such as sw"]),
        ('languages = "sw"\n', ["languages", "a list"]),
        ('title_sw = "Bandari mbili"\n', ["title_sw", "unknown setting"]),
    ],
)
def test_a_language_that_is_not_declared_is_refused(tmp_path, settings, told):
    with pytest.raises(InputError) as caught:
        ll.open_study(study_with(tmp_path / "study", settings, zone=_ZONES))
    assert all(word in str(caught.value) for word in told)


def test_a_table_without_names_takes_none_in_further_languages(tmp_path):
    demand = TABLES["demand"].replace("tonnes_per_year", "tonnes_per_year,name_sw").replace("00\n", "00,x\n")
    with pytest.raises(InputError, match="unknown column"):
        ll.open_study(study_with(tmp_path / "study", _SWAHILI, demand=demand))


def test_languages_that_landlink_has_anyway_may_be_declared(tmp_path):
    zone = _ZONES.replace(",name_pt-AO", ",x_n")
    study = ll.open_study(study_with(tmp_path / "study", 'languages = ["fr", "sw", "sw"]\n', zone=zone))
    assert study.settings.languages == ("sw",)


def test_names_in_languages_added_later_leave_the_hash_of_studies_without_them(tmp_path):
    """Older results go on matching the studies that they were made from."""
    bare = ll.open_study(study_with(tmp_path / "bare"))
    later = [column.name for column in LATER_NAMES]
    frames = {name: frame.drop(columns=later, errors="ignore") for name, frame in bare.tables.items()}
    older = ll.Study(frames, bare.settings, bare.path)
    assert older.hash == bare.hash
    named = ll.open_study(study_with(tmp_path / "named", zone=TABLES["zone"].replace("name,", "name_fr,")))
    assert named.hash != bare.hash


def test_a_crossing_is_found_by_its_name_in_a_further_language(tmp_path):
    crossing = TABLES["crossing"].replace("name,", "name,name_sw,", 1).replace(",Gate,", ",Gate,Lango,")
    study = ll.open_study(study_with(tmp_path / "study", _SWAHILI, crossing=crossing))
    assert find_crossing(study, "lango") == "GATE"
