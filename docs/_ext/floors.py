"""Draw the floors of the package from the import contract, so that the drawing cannot differ from what is checked.

The directive ``floors`` reads the layers of the contract in ``pyproject.toml`` and the first line of each package's
docstring. Its content says what the planned floors are for, one ``name: purpose`` a line, since they have no docstring
yet.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from docutils import nodes
from floors_svg import drawing, text_alternative
from sphinx.util.docutils import SphinxDirective

if TYPE_CHECKING:
    from sphinx.application import Sphinx

ROOT: Final = Path(__file__).parents[2]


@dataclass(frozen=True)
class Floor:
    """One package of the contract: its name, what it is for, and whether it is still to be built."""

    name: str
    purpose: str
    planned: bool


class ContractError(Exception):
    """The contract, the packages and the page disagree."""


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the directive."""
    app.add_directive("floors", FloorsDirective)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


class FloorsDirective(SphinxDirective):
    """The drawing, as SVG within the page; builders of other formats get its text alternative."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Draw, and have the page made again whenever the contract or a docstring changes."""
        try:
            planned = planned_purposes(self.content)
            layers = read_floors(ROOT, planned)
        except ContractError as fault:
            raise self.error(str(fault)) from fault
        for file in (ROOT / "pyproject.toml", *source_files(ROOT, layers)):
            self.env.note_dependency(str(file))
        if self.env.app.builder.format == "html":
            return [nodes.raw("", drawing(layers), format="html")]
        return [nodes.paragraph("", text_alternative(layers))]


def planned_purposes(lines: Sequence[str]) -> dict[str, str]:
    """Read ``name: purpose`` lines."""
    found = {}
    for line in filter(str.strip, lines):
        name, colon, purpose = line.partition(":")
        if not (colon and purpose.strip()):
            raise ContractError(f"expected 'name: purpose', found {line!r}")
        found[name.strip()] = purpose.strip()
    return found


def contract_layers(root: Path) -> list[list[tuple[str, bool]]]:
    """Layers of the contract from the top down; each name with whether it stands in parentheses."""
    settings = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    (contract,) = (one for one in settings["tool"]["importlinter"]["contracts"] if one["type"] == "layers")
    rows = [[name.strip() for name in re.split(r"[|:]", layer)] for layer in contract["layers"]]
    return [[(name.strip("()"), name.startswith("(")) for name in row] for row in rows]


def read_floors(root: Path, planned: Mapping[str, str]) -> list[list[Floor]]:
    """Floors of the contract with their purposes, from the top down, siblings together.

    Raises
    ------
    ContractError
        A floor has no purpose, or a purpose is given for a floor that is built or unknown.
    """
    layers = [[_floor(root, name, optional, planned) for name, optional in row] for row in contract_layers(root)]
    unknown = planned.keys() - {floor.name for row in layers for floor in row if floor.planned}
    if unknown:
        raise ContractError(f"not a planned floor: {', '.join(sorted(unknown))}")
    return layers


def _floor(root: Path, name: str, optional: bool, planned: Mapping[str, str]) -> Floor:
    file = _source_file(root, name)
    if file is None and not optional:
        raise ContractError(f"the contract names {name}, which does not exist")
    purpose = planned.get(name, "") if file is None else _summary(file)
    if not purpose:
        raise ContractError(f"nothing says what {name} is for")
    return Floor(name, purpose, planned=file is None)


def _source_file(root: Path, name: str) -> Path | None:
    """File whose docstring describes a floor: that of a package or of a single module."""
    package = root / "src" / "landlink"
    return next((file for file in (package / name / "__init__.py", package / f"{name}.py") if file.exists()), None)


def source_files(root: Path, layers: Sequence[Sequence[Floor]]) -> list[Path]:
    """Files that the drawing depends on."""
    found = (_source_file(root, floor.name) for row in layers for floor in row)
    return [file for file in found if file is not None]


def _summary(file: Path) -> str:
    """First line of a docstring, without the marks of code."""
    text = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
    return text.partition("\n")[0].replace("``", "")
