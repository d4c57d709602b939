"""The example notebooks run, and what they say about their figures is so."""

from __future__ import annotations

import importlib
import json
import tomllib
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

EXAMPLES = sorted((Path(__file__).parents[2] / "docs" / "examples").glob("*.ipynb"))
MOST_CELLS = 10
#: Characters that a page shows beside the contents.
WIDEST_LINE = 95


@pytest.fixture
def notebooks(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    for package in ("nbclient", "ipykernel", "myst_parser"):
        pytest.importorskip(package, reason="the docs need the extra `docs`")
    monkeypatch.syspath_prepend(Path(__file__).parents[2] / "docs" / "_ext")
    return importlib.import_module("notebooks")


def claims() -> dict[str, str]:
    return tomllib.loads((EXAMPLES[0].parent / "claims.toml").read_text(encoding="utf-8"))


def stored(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8"))


def test_every_notebook_has_claims() -> None:
    assert [path.stem for path in EXAMPLES] == sorted(claims())


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
    """The build of the docs has run it, unless its code or any other has changed since; else it runs now."""
    code = [cell for cell in notebooks.executed(path).cells if cell.cell_type == "code"]
    assert code[-1].source == claims()[path.stem]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    assert code[-2].outputs, "the last answer is not shown"


def test_a_claim_that_is_not_so_stops_the_run_and_nothing_is_kept(
    tmp_path: Path, notebooks: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    failure = importlib.import_module("nbclient.exceptions").CellExecutionError
    monkeypatch.setattr(notebooks, "KEPT", tmp_path / "kept")
    written = notebooks.nbformat.v4.new_notebook(cells=[notebooks.nbformat.v4.new_code_cell("found = 1\nfound")])
    notebooks.nbformat.write(written, tmp_path / "small.ipynb")
    (tmp_path / "claims.toml").write_text("small = 'assert found == 2'", encoding="utf-8")
    with pytest.raises(failure, match="found == 2"):
        notebooks.executed(tmp_path / "small.ipynb")
    assert not (tmp_path / "kept").exists()
    (tmp_path / "claims.toml").write_text("small = 'assert found == 1'", encoding="utf-8")
    made = notebooks.executed(tmp_path / "small.ipynb")
    assert notebooks.executed(tmp_path / "small.ipynb") == made
    page = "\n".join(notebooks.as_markdown(made, "small"))
    assert "found = 1" in page
    assert "assert" not in page
