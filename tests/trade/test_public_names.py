"""Public names of ``landlink.trade``: what is listed, what loads, and what the reference page documents."""

from __future__ import annotations

import ast
import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest

from landlink import trade
from tests.support.places import ROOT


def test_type_checkers_see_the_same_names_as_all() -> None:
    source = ast.parse(Path(trade.__file__).read_text(encoding="utf-8"))
    blocks = [node for node in source.body if isinstance(node, ast.If)]
    imported = {alias.name for block in blocks for line in block.body for alias in line.names}
    assert imported == set(trade.__all__)
    assert trade.__all__ == sorted(trade.__all__)


@pytest.mark.parametrize("name", trade.__all__)
def test_every_public_name_loads_and_is_documented(name: str) -> None:
    item = getattr(trade, name)
    assert item.__name__ == name
    assert inspect.getdoc(item)
    assert name in dir(trade)


def test_the_reference_page_documents_the_public_names_and_no_others() -> None:
    text = (ROOT / "docs" / "reference" / "python.md").read_text(encoding="utf-8")
    documented = re.findall(r"auto(?:function|class):: landlink\.trade\.(\w+)$", text, flags=re.MULTILINE)
    assert set(documented) == set(trade.__all__)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match=r"'landlink\.trade' has no attribute 'nonsense'"):
        trade.nonsense  # noqa: B018


def test_importing_the_package_loads_nothing_heavy() -> None:
    code = "import sys, landlink.trade; print(*(sys.modules.keys() & {'numpy', 'pandas', 'numba'}))"
    output = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    assert output.strip() == ""
