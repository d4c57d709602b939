"""Tests lie in folders that mirror the package, and share helpers through tests/support alone."""

from __future__ import annotations

import re
from pathlib import Path

import landlink

TESTS = Path(__file__).parent
PACKAGE = Path(landlink.__file__).parent
#: Folders beside those of the package: shared helpers, the bundled study, the docs, texts for the reader of statements.
OTHERS = {"support", "bundled", "docs", "gold", "__pycache__"}


def test_no_test_imports_from_another_test() -> None:
    found = {
        str(file.relative_to(TESTS)): name
        for file in TESTS.rglob("*.py")
        for name in re.findall(r"^\s*(?:from|import) (tests[\w.]*)", file.read_text(encoding="utf-8"), re.MULTILINE)
        if not name.startswith("tests.support") and name != "tests"
    }
    assert found == {}


def test_folders_of_tests_are_those_of_the_package() -> None:
    floors = {folder.name for folder in PACKAGE.iterdir() if (folder / "__init__.py").is_file()}
    assert {folder.name for folder in TESTS.iterdir() if folder.is_dir()} - OTHERS <= floors
