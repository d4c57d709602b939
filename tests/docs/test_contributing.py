"""The examples of Contributing work as they stand: an indicator and an output table, each in at most two files."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.small_study import write_small_study

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "contributing.md"
MOST_FILES = 2

#: Runs in a process of its own: it puts the blocks into the modules that they name, before any registry is read.
NEWCOMER = """
import importlib, json, sys, textwrap
from pathlib import Path

study_folder, blocks = Path(sys.argv[1]), json.loads(sys.argv[2])
for file, text in blocks:
    module = importlib.import_module(file.removeprefix("src/").removesuffix(".py").replace("/", "."))
    if text.startswith(" "):
        entry = eval(textwrap.dedent(text).strip().removesuffix(","), vars(module))
        module.OUTPUT_TABLES = (*module.OUTPUT_TABLES, entry)
    else:
        exec(compile(text, file, "exec"), vars(module))

import landlink as ll

opened_study = ll.open_study(study_folder)
result = ll.solve(opened_study)
result.save(study_folder.parent / "result")
opened = ll.open_result(study_folder.parent / "result")
crossing, listed = opened["crossing"], opened.indicators.set_index("indicator")
print(json.dumps({
    "indicator": opened.indicator("crossing.loaded_share[GATE,road]"),
    "unit": str(listed.at["crossing.loaded_share[GATE,road]", "unit"]),
    "by_hand": 1 / (1 + float(opened_study.tables["vehicle"].set_index("mode").at["road", "empty_return"])),
    "border": opened["border"].to_dict("list") if "border" in opened.tables else None,
    "tonnes": float(crossing["tonnes_per_year"].sum()),
}))
"""


def examples(heading: str) -> list[tuple[str, str]]:
    """Blocks of a section that show a file of the package: its path and the text."""
    sections = re.split(r"^## ", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    (section,) = (section for section in sections if section.startswith(f"{heading}\n"))
    return re.findall(r"^```\{code-block\} python\n:caption: (\S+)\n\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("heading", ["Add an indicator", "Add an output table"])
def test_an_example_touches_few_files_that_exist(heading: str) -> None:
    files = {file for file, _ in examples(heading)}
    assert 1 <= len(files) <= MOST_FILES
    assert [file for file in files if not (ROOT / file).is_file()] == []


@pytest.mark.slow
def test_a_newcomers_indicator_and_table_are_in_the_result(tmp_path: Path) -> None:
    blocks = [*examples("Add an indicator"), *examples("Add an output table")]
    study = write_small_study(tmp_path / "study")
    done = subprocess.run(
        [sys.executable, "-c", NEWCOMER, str(study), json.dumps(blocks)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["indicator"] == pytest.approx(found["by_hand"])
    assert found["unit"] == "share"
    assert found["border"]["from_country"] == ["AAA", "AAA", "BBB", "BBB"]
    assert sum(found["border"]["tonnes_per_year"]) == pytest.approx(found["tonnes"])


def test_every_file_that_the_page_names_exists() -> None:
    named = set(re.findall(r"`((?:src|docs|tests|tools)/[\w./-]+)`", PAGE.read_text(encoding="utf-8")))
    assert len(named) > 10
    assert [name for name in named if not re.search("NAME|_build", name) and not (ROOT / name).exists()] == []
