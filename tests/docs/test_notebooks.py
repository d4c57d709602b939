"""The example notebooks run, and what they say about their figures is so."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

EXAMPLES = sorted((Path(__file__).parents[2] / "docs" / "examples").glob("*.ipynb"))
MOST_CELLS = 10
#: Characters that a page shows beside the contents.
WIDEST_LINE = 95

#: What each notebook tells its reader, as a last cell that fails if it is not so.
CLAIMS = {
    "border": """
before_per_day, after_per_day = (passed(case)["per_day"] for case in (before, after))
assert 1.4 < after_per_day / before_per_day < 1.6
assert waits(after)["*"] < waits(before)["*"] / 2
assert [case.unstable for case in swept] == [False, False, False, True]
assert 2 < waits(swept[2])["*"] / waits(swept[0])["*"] < 3
""",
    "first-corridor": """
assert base.converged and plan.converged
lost = {
    place: base.indicator(f"crossing.trucks_per_day[{place}]") - plan.indicator(f"crossing.trucks_per_day[{place}]")
    for place in ("TORU", "IRKE")
}
assert 0.47 < 1 - plan.indicator(questions[2]) / base.indicator(questions[2]) < 0.57
assert lost["IRKE"] > 2 * lost["TORU"] > 0
assert change.nsmallest(2).index.tolist() == [
    ("Khorgos (Nur Zholy) crossing", "rail"),
    ("Saryagash / Keles rail crossing", "rail"),
]
by_rail, by_road = (-change.clip(upper=0).xs(family, level="family").sum() for family in ("rail", "road"))
assert by_rail > 2 * by_road > 0
from pathlib import Path
assert Path("report.html").stat().st_size > 100_000
""",
    "own-study": """
assert 0.45 < plan.indicator("mode.tonnes_per_year[rail]") / 350_000 < 0.55
assert plan.indicator("total.mean_time_h") > base.indicator("total.mean_time_h")
cost = "total.generalised_cost_musd_per_year"
assert 0 < base.indicator(cost) - plan.indicator(cost) < 1
""",
    "plain-assignment": """
times = pd.DataFrame(sweep, index=factors)
assert round(times.loc[1.0, "with"], 6) == 92 and round(times.loc[1.0, "without"], 6) == 83
assert times.loc[0.25, "with"] < times.loc[0.25, "without"]
assert (times.loc[0.5:1.25, "with"] > times.loc[0.5:1.25, "without"]).all()
assert abs(times.loc[1.75, "with"] - times.loc[1.75, "without"]) < 1e-6
assert busy.paths()["cost"].round(6).nunique() == 1
""",
    "statement": """
assert problems == []
assert promise.suggested["indicator"].value == "crossing.trucks_per_day[TORU]"
scored = rows[rows["clause"] == "C01"]
modelled = scored[scored["kind"] == "scenario"].set_index("case")
assert modelled["verdict"].tolist() == ["not_met", "not_met", "not_met"]
assert abs(modelled["value"].iloc[0] / 265 - 1) < 1 / 8
assert 0.22 < 1 - modelled["value"]["cku-2030"] / modelled["value"]["base-2030"] < 0.32
assert scored[scored["when"].astype(str).str.startswith("2025")]["verdict"].tolist() == ["met"]
""",
}


@pytest.fixture
def notebooks(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    for package in ("nbclient", "ipykernel", "myst_parser"):
        pytest.importorskip(package, reason="the docs need the extra `docs`")
    monkeypatch.syspath_prepend(Path(__file__).parents[2] / "docs" / "_ext")
    return importlib.import_module("notebooks")


def stored(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8"))


def test_every_notebook_has_claims() -> None:
    assert [path.stem for path in EXAMPLES] == sorted(CLAIMS)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_a_notebook_is_short_and_stored_without_outputs(path: Path) -> None:
    cells = stored(path)["cells"]
    assert len(cells) <= MOST_CELLS
    assert "".join(cells[0]["source"]).startswith("# ")
    assert "**Next.**" in "".join(cells[-1]["source"])
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    assert [cell["outputs"] for cell in code] == [[]] * len(code)
    assert max(len(line.rstrip()) for cell in code for line in cell["source"]) <= WIDEST_LINE
    assert {cell["execution_count"] for cell in code} == {None}


@pytest.mark.slow
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_a_notebook_runs_and_is_right(path: Path, notebooks: ModuleType) -> None:
    notebook = notebooks.nbformat.read(path, as_version=4)
    notebook.cells.append(notebooks.nbformat.v4.new_code_cell(CLAIMS[path.stem]))
    notebooks.run(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(cell.outputs for cell in code[-2:-1]), "the last answer is not shown"
