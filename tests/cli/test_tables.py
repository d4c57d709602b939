"""``landlink tables``: everything that is declared is listed, in any width, and unknown names are helped."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from landlink.cli import main
from landlink.tables.outputs import OUTPUTS
from landlink.tables.schemas import TABLES
from landlink.tables.settings_schemas import SETTINGS

Capture = pytest.CaptureFixture[str]


def printed(capsys: Capture, *words: str, code: int = 0) -> str:
    assert main(["tables", *words]) == code
    found = capsys.readouterr()
    return found.out if code == 0 else found.err


def documents(capsys: Capture, *words: str) -> list[dict[str, object]]:
    found = json.loads(printed(capsys, *words, "--json"))
    assert found["ok"] is True
    return found["tables"]


def test_every_table_is_listed_with_what_it_holds(capsys: Capture):
    lines = printed(capsys).splitlines()
    for table in TABLES.values():
        # A meaning over several lines may begin one with the name of another table, further to the right.
        (line,) = [line for line in lines if line.split(" ")[0] == table.name]
        assert ("required" in line.split()[1:2]) == table.required
        assert str(len(table.columns)) in line.split()[1:3]
    assert [table["name"] for table in documents(capsys)] == list(TABLES)


@pytest.mark.parametrize("name", [*TABLES, "link.csv"])
def test_every_column_is_listed_with_unit_bounds_and_default(name: str, capsys: Capture):
    table = TABLES[name.removesuffix(".csv")]
    (found,) = documents(capsys, name)
    for column, given in zip(table.columns, found["columns"], strict=True):  # type: ignore[call-overload]
        for key in ("name", "type", "unit", "required", "default", "minimum", "maximum", "above", "references"):
            assert given[key] == getattr(column, key)
        assert tuple(given["allowed"]) == column.allowed
    text = " ".join(printed(capsys, name).split())
    assert all(column.name in text and " ".join(column.meaning.split()) in text for column in table.columns)


def test_a_single_column(capsys: Capture):
    text = printed(capsys, "link.toll")
    assert "USD/vehicle" in text
    assert "free_speed" not in text
    assert "Allowed: 0 to" in text


def test_the_settings_are_listed_by_section(capsys: Capture):
    text = printed(capsys, "study.toml")
    assert all(column.name in text for section in SETTINGS.values() for column in section.columns)
    assert [section["name"] for section in documents(capsys, "study.toml")] == list(SETTINGS)


def test_tables_of_a_result(capsys: Capture):
    assert [table["name"] for table in documents(capsys, "--results")] == list(OUTPUTS)
    text = printed(capsys, "--results", "od")
    assert "money_usd_per_t" in text
    assert "USD/t" in text


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("crosing",), "did you mean 'crossing'"),
        (("link.tol",), "did you mean 'toll'"),
        (("toll",), "it is a column (found 'toll'); allowed: link.toll"),
        (("od",), "but a result has: landlink tables --results od"),
        (("--results", "stage"), "but a study has: landlink tables stage"),
    ],
)
def test_unknown_names_suggest_near_ones(words: tuple[str, ...], told: str, capsys: Capture):
    assert told in printed(capsys, *words, code=2)


@pytest.mark.parametrize("width", [40, 60, 80, 132, 200])
@pytest.mark.parametrize("name", [(), ("crossing",), ("study.toml",)])
def test_lines_fit_the_terminal(width: int, name: tuple[str, ...], capsys: Capture, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("COLUMNS", str(width))
    lines = printed(capsys, *name).splitlines()
    # The names of columns and their types are not cut, however narrow the terminal.
    assert max(len(line) for line in lines if line.startswith(" ") or width >= 80) <= width


def test_listing_tables_of_a_study_loads_no_heavy_library():
    code = (
        "import sys; from landlink.cli import main; main(['tables', 'link']); main(['tables', 'study.toml']);"
        "sys.exit(','.join({'numpy', 'pandas', 'numba', 'scipy'} & set(sys.modules)))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert found.stderr.strip() == ""
