from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import landlink as ll
from tests.support.small_study import write_small_study
from tools import validation

OBSERVED = """
observed_id,what,heading,period,value,unit,tolerance,indicator,role,bound,scale
a,Trade of Westport,Tonnes,2023,790,thousand t,0.05,total.tonnes_per_year,validation,,0.001
b,Trade of Westport as guessed,Tonnes,2020,100,thousand t,0.05,total.tonnes_per_year,validation,,0.001
c,Grain that the demand was made from,Tonnes,2023,800,thousand t,0.05,mode.tonnes_per_year[road],input,,0.001
d,A | wall that nobody measured,Walls,2023,3,m,,,validation,,1
e,Trade at most,Tonnes,2023,900,thousand t,,total.tonnes_per_year,bound,upper,0.001
"""


@pytest.fixture(scope="module")
def observed(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    study = ll.open_study(write_small_study(tmp_path_factory.mktemp("held") / "study", observed=OBSERVED))
    return ll.solve(study)["observed"]


def test_the_score_rests_on_values_and_names_their_role(observed: pd.DataFrame) -> None:
    lines = list(validation._roles(observed))
    assert lines[2] == "| validation | 3 | 2 | 1 of 2 | 2 | 2.85 | 8.00 |"
    assert lines[4] == "| input | 1 | 1 | 0 of 0 | 0 | – | – |"
    assert lines[5] == "| bound | 1 | 1 | 1 of 1 | 0 | – | – |"
    assert list(validation._headings(observed))[2:] == ["| Tonnes | validation | 2 | 2.85 | 8.00 |"]


def test_rows_show_model_ratio_and_verdict(observed: pd.DataFrame) -> None:
    lines = list(validation._observations(observed))
    assert lines[2].startswith(
        "| Trade of Westport | validation | 2023 | 790 |  | thousand t | 800 | 1.01 | 5% | within |"
    )
    assert "| 8 | 5% | outside |" in lines[3]
    assert "| input |" in lines[4]
    assert "| at most 900 |" in lines[6]
    assert "| kept |" in lines[6]


def test_what_is_not_compared_says_why(observed: pd.DataFrame) -> None:
    lines = list(validation._not_compared(observed[observed["why_not"] != ""]))
    assert lines[2:] == ["| A \\| wall that nobody measured | validation | 2023 | 3 | m | no indicator counts this |"]


def test_text_around_the_marks_is_unchanged(tmp_path: Path) -> None:
    page = tmp_path / "validation.md"
    page.write_text(validation.placed("one", page), encoding="utf-8")
    page.write_text("# Title\n\n" + page.read_text("utf-8") + "\nAfter.\n", encoding="utf-8")
    page.write_text(validation.placed("two", page), encoding="utf-8")
    assert page.read_text("utf-8") == f"# Title\n\n{validation.BEGIN}\n\ntwo\n{validation.END}\n\nAfter.\n"


def test_a_page_without_marks_is_unchanged(tmp_path: Path) -> None:
    page = tmp_path / "validation.md"
    page.write_text("My own words.\n", encoding="utf-8")
    with pytest.raises(SystemExit, match="report begins"):
        validation.placed("tables", page)
