from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import landlink as ll
from tests.support.small_study import write_small_study
from tools import validation

OBSERVED = """
observed_id,what,heading,period,value,unit,tolerance,indicator,role,scale
a,Trade of Westport,Tonnes,2023,790,thousand t,0.05,total.tonnes_per_year,validation,0.001
b,Trade of Westport as guessed,Tonnes,2020,100,thousand t,0.05,total.tonnes_per_year,0
c,Trade that the demand was made from,Tonnes,2023,800,thousand t,0.05,total.tonnes_per_year,1
d,A | wall that nobody measured,Walls,2023,3,m,,,0
"""


@pytest.fixture(scope="module")
def observed(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    text = OBSERVED.replace(",fitted\n", ",fitted,scale\n").replace(",0\n", ",0,0.001\n").replace(",1\n", ",1,0.001\n")
    return ll.solve(ll.open_study(write_small_study(tmp_path_factory.mktemp("held") / "study", observed=text)))[
        "observed"
    ]


def test_verdicts_are_counted_by_group(observed: pd.DataFrame) -> None:
    lines = list(validation._counts(observed))
    assert "| Tonnes | 3 | 1 | 1 | 0 | 1 | 0 |" in lines
    assert "| Walls | 1 | 0 | 0 | 0 | 0 | 1 |" in lines
    assert "| all | 4 | 1 | 1 | 0 | 1 | 1 |" in lines


def test_rows_show_model_ratio_and_verdict(observed: pd.DataFrame) -> None:
    lines = list(validation._observations(observed))
    assert lines[2].startswith("| Trade of Westport | 2023 | 790 | thousand t | 800 | 1.01 | 5% | within |")
    assert "| 8 | 5% | outside |" in lines[3]
    assert "| fitted |" in lines[4]
    assert lines[5].startswith("| A \\| wall that nobody measured | 2023 | 3 | m | – | – |  | no counterpart |")


def test_text_around_the_marks_is_unchanged(tmp_path: Path) -> None:
    page = tmp_path / "held.md"
    page.write_text(validation.placed("one", page), encoding="utf-8")
    page.write_text("# Title\n\n" + page.read_text("utf-8") + "\nAfter.\n", encoding="utf-8")
    page.write_text(validation.placed("two", page), encoding="utf-8")
    assert page.read_text("utf-8") == f"# Title\n\n{validation.BEGIN}\n\ntwo\n{validation.END}\n\nAfter.\n"


def test_a_page_without_marks_is_unchanged(tmp_path: Path) -> None:
    page = tmp_path / "held.md"
    page.write_text("My own words.\n", encoding="utf-8")
    with pytest.raises(SystemExit, match="report begins"):
        validation.placed("tables", page)
