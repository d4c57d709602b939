"""Show notebooks as pages, with the outputs of a run made while the docs are built.

Notebooks are stored without outputs, so that none can be stale and changes can be compared. nbclient runs each in the
Jupyter kernel that its readers use, in an empty folder. A cell that fails stops the build, and so does a claim that is
not so: ``examples/claims.toml`` says of each notebook what its text tells the reader. What has run is kept below
``_build``, for as long as neither the notebook nor any code has changed, so that the tests need not run it again.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import logging
import os
import tempfile
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
from myst_parser.parsers.sphinx_ import MystParser
from nbclient import NotebookClient

import landlink

if TYPE_CHECKING:
    from docutils import nodes
    from nbformat import NotebookNode
    from sphinx.application import Sphinx

KEPT = Path(__file__).parents[1] / "_build" / "notebooks"
#: Beside the notebooks: the last cell of each, which tests what they say.
CLAIMS = "claims.toml"
#: Tag of that cell.
CLAIM = "claim"
#: Seconds that one cell may take, the compilation of the solver included.
TIMEOUT_S = 300


def setup(app: Sphinx) -> dict[str, bool]:
    """Let Sphinx read notebooks."""
    app.add_source_suffix(".ipynb", "notebook")
    app.add_source_parser(NotebookParser)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


class NotebookParser(MystParser):  # type: ignore[misc]
    """Runs a notebook and reads its cells and outputs as Markdown."""

    supported = ("notebook",)

    def parse(self, inputstring: str, document: nodes.document) -> None:  # noqa: ARG002 -- the text is read with its claims
        """Fill the document."""
        env = document.settings.env
        path = Path(env.doc2path(env.docname))
        env.note_dependency(str(path.with_name(CLAIMS)))
        super().parse("\n".join(as_markdown(executed(path), path.stem)), document)


def executed(path: Path) -> NotebookNode:
    """Notebook with its outputs and, as a last cell, its claims: as kept of this very code, or else run now.

    Raises
    ------
    nbclient.exceptions.CellExecutionError
        A cell fails, or a claim is not so.
    """
    notebook = nbformat.read(path, as_version=4)
    claims = tomllib.loads(path.with_name(CLAIMS).read_text(encoding="utf-8"))
    if path.stem in claims:
        notebook.cells.append(nbformat.v4.new_code_cell(claims[path.stem], metadata={"tags": [CLAIM]}))
    sources = "\0".join(cell.source for cell in notebook.cells)
    digest = hashlib.sha256(f"{sources}\0{_code()}".encode()).hexdigest()
    kept = KEPT / f"{path.stem}-{digest[:16]}.ipynb"
    if not kept.is_file():
        run(notebook)
        KEPT.mkdir(parents=True, exist_ok=True)
        draft = kept.with_suffix(f".{os.getpid()}")
        nbformat.write(notebook, draft)
        draft.replace(kept)
    return nbformat.read(kept, as_version=4)


@cache
def _code() -> str:
    """SHA-256 of the package, its studies included, and of the versions of all packages installed beside it."""
    digest = hashlib.sha256()
    folder = Path(landlink.__file__).parent
    for file in sorted(file for file in folder.rglob("*") if file.is_file() and "__pycache__" not in file.parts):
        digest.update(f"{file.relative_to(folder)}\0".encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    installed = {(one.name, one.version) for one in importlib.metadata.distributions()}
    digest.update(repr(sorted(installed)).encode())
    return digest.hexdigest()


def run(notebook: NotebookNode) -> NotebookNode:
    """Run all cells in a new kernel and an empty folder; the notebook gets their outputs.

    Raises
    ------
    nbclient.exceptions.CellExecutionError
        A cell fails.
    """
    with tempfile.TemporaryDirectory() as folder:
        client = NotebookClient(
            notebook,
            timeout=TIMEOUT_S,
            kernel_name="python3",
            resources={"metadata": {"path": folder}},
            extra_arguments=["--HistoryManager.enabled=False", "--IPKernelApp.log_level=40"],
        )
        client.log.setLevel(logging.WARNING)
        return client.execute()


def as_markdown(notebook: NotebookNode, name: str) -> Iterator[str]:
    """Cells and outputs as lines of MyST Markdown; a link to the notebook follows the first cell."""
    for number, cell in enumerate(notebook.cells):
        if CLAIM in cell.metadata.get("tags", ()):
            continue
        if cell.cell_type == "markdown":
            yield from (cell.source, "")
        else:
            yield from _fenced("python", cell.source)
            for output in cell.outputs:
                yield from _output(output)
        if number == 0:
            yield from (f"This page is a notebook: {{download}}`{name}.ipynb <{name}.ipynb>`.", "")


def _output(output: Any) -> Iterator[str]:
    """What a cell printed or gave; messages about progress go to standard error and are left out."""
    if output.output_type == "stream":
        if output.name == "stdout":
            yield from _fenced("text", output.text.rstrip("\n"), classes="cell-output")
    elif "text/html" in output.data:
        yield from _fenced("{raw} html", f'<div class="cell-output" tabindex="0">\n{output.data["text/html"]}\n</div>')
    else:
        yield from _fenced("text", output.data["text/plain"], classes="cell-output")


def _fenced(language: str, text: str, *, classes: str = "") -> Iterator[str]:
    """Give a block with a fence longer than any within it."""
    fence = "`" * 3
    while fence in text:
        fence += "`"
    if classes:
        yield from (f"{fence}{{code-block}} {language}", f":class: {classes}", "")
    else:
        yield f"{fence}{language}"
    yield from (text, fence, "")
