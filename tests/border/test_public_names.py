"""Public names of ``landlink.border``: what is listed, what loads, and what the reference page documents."""

from __future__ import annotations

import ast
import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest

import landlink
from landlink import border
from tests.support.places import ROOT

PAGE = ROOT / "docs" / "reference" / "python.md"


def documented(package: str) -> set[str]:
    """Names of a package in the reference page."""
    text = PAGE.read_text(encoding="utf-8")
    return set(re.findall(rf"auto(?:function|class):: {re.escape(package)}\.(\w+)$", text, flags=re.MULTILINE))


def test_type_checkers_see_the_same_names_as_all() -> None:
    source = ast.parse(Path(border.__file__).read_text(encoding="utf-8"))
    blocks = [node for node in source.body if isinstance(node, ast.If)]
    imported = {alias.name for block in blocks for line in block.body for alias in line.names}
    assert imported == set(border.__all__)
    assert border.__all__ == sorted(border.__all__)


@pytest.mark.parametrize("name", border.__all__)
def test_every_public_name_loads_and_is_documented(name: str) -> None:
    item = getattr(border, name)
    assert item.__name__ == name
    assert inspect.getdoc(item)
    assert name in dir(border)


def test_the_reference_page_documents_the_public_names_and_no_others() -> None:
    assert documented("landlink.border") == set(border.__all__)
    assert {"crossing", "Crossing", "Simulation", "border_page", "BorderFacts"} <= documented("landlink")
    assert {"crossing", "Crossing", "Simulation", "border_page", "BorderFacts", "border"} <= set(landlink.__all__)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match=r"'landlink\.border' has no attribute 'nonsense'"):
        border.nonsense  # noqa: B018


def test_importing_the_package_loads_nothing_heavy() -> None:
    code = "import sys, landlink.border; print(*(sys.modules.keys() & {'numpy', 'pandas', 'numba'}))"
    output = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    assert output.strip() == ""
