from __future__ import annotations

import ast
import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import landlink

#: Public packages, which have public names of their own.
PACKAGES = {"border", "statement", "trade"}
SOURCE = ast.parse(Path(landlink.__file__).read_text(encoding="utf-8"))


def names_for_type_checkers() -> set[str]:
    """Names imported under ``if TYPE_CHECKING``."""
    blocks = [node for node in SOURCE.body if isinstance(node, ast.If)]
    return {alias.asname or alias.name for block in blocks for line in block.body for alias in line.names}


def test_type_checkers_see_the_same_names_as_all() -> None:
    assert names_for_type_checkers() | {"__version__"} == set(landlink.__all__)


@pytest.mark.parametrize("name", [name for name in landlink.__all__ if name != "__version__"])
def test_every_public_name_loads_and_is_documented(name: str) -> None:
    item = getattr(landlink, name)
    assert inspect.ismodule(item) == (name in PACKAGES)
    assert item.__doc__


def test_public_functions_stay_functions_when_their_modules_are_imported_first() -> None:
    modules = ["landlink.results.export", "landlink.report.page", "landlink.results.result"]
    # Importing landlink.report must not put the module in the place of the function.
    names = [name for name in landlink.__all__ if name not in PACKAGES | {"__version__"}]
    code = f"import landlink, {', '.join(modules)}; assert all(callable(getattr(landlink, n)) for n in {names})"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        landlink.nonsense  # noqa: B018


def test_dir_lists_the_public_names() -> None:
    assert set(landlink.__all__) <= set(dir(landlink))


def test_importing_landlink_loads_nothing_heavy() -> None:
    code = "import sys, landlink, landlink.cli; print(*(sys.modules.keys() & {'numpy', 'pandas', 'numba', 'pyarrow'}))"
    output = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    assert output.strip() == ""
