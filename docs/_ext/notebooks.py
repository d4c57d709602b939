"""Show notebooks as pages, with the outputs of a run made while the docs are built.

Notebooks are stored without outputs, so that none can be stale and changes can be compared. nbclient runs each in the
Jupyter kernel that its readers use, in an empty folder. A cell that fails stops the build.
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
from myst_parser.parsers.sphinx_ import MystParser
from nbclient import NotebookClient

if TYPE_CHECKING:
    from docutils import nodes
    from nbformat import NotebookNode
    from sphinx.application import Sphinx

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

    def parse(self, inputstring: str, document: nodes.document) -> None:
        """Fill the document."""
        name = Path(document.settings.env.docname).name
        notebook = run(nbformat.reads(inputstring, as_version=4))
        super().parse("\n".join(as_markdown(notebook, name)), document)


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
