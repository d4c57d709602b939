"""Response units and their sites: every fault is told."""

from __future__ import annotations

from pathlib import Path

import pytest

import landlink as ll
from landlink.core.errors import InputError
from tests.support.response_cases import CASES, sites
from tests.support.small_study import SETTINGS, write_small_study


@pytest.mark.parametrize("name", CASES)
def test_every_fault_is_told(name: str, tmp_path: Path) -> None:
    replaced, told = CASES[name]
    with pytest.raises(InputError) as error:
        ll.open_study(write_small_study(tmp_path / "study", **replaced))
    assert told in str(error.value)


def test_sites_at_a_border_belong_to_either_side(tmp_path: Path) -> None:
    rows = ("west,clearing,X,AAA,existing,2,3", "east,clearing,X,BBB,candidate,1,", "yard,train,N2,,existing,1,")
    study = ll.open_study(write_small_study(tmp_path / "study", **sites(*rows)))
    assert len(study.tables["response_site"]) == 3


def test_units_do_not_change_the_hash_of_studies_without_them(tmp_path: Path) -> None:
    before = ll.open_study(write_small_study(tmp_path / "one"))
    after = ll.open_study(write_small_study(tmp_path / "two", **sites("west,clearing,N1,,existing,1,")))
    assert before.hash != after.hash
    assert "response_site" in before.tables


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('shared = ["AAA"]', "row [response], column shared: not a pair of countries (found 'AAA')"),
        ('shared = ["AAA-AAB"]', "no node of the study is in this country"),
        ("within_h = -1", "row [response], column within_h: out of bounds (found '-1"),
        ("radius_h = 1", "row [response], column radius_h: unknown setting"),
    ],
)
def test_wrong_settings_are_refused(line: str, told: str, tmp_path: Path) -> None:
    folder = write_small_study(tmp_path / "study")
    (folder / "study.toml").write_text(f"{SETTINGS}\n[response]\n{line}\n", encoding="utf-8")
    with pytest.raises(InputError) as error:
        ll.open_study(folder)
    assert told in str(error.value)
