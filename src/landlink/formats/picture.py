"""Pictures: SVG drawings that a notebook shows and that are saved as files."""

from __future__ import annotations

import base64
import os
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Final

from landlink.core.atomic_files import write_text
from landlink.core.errors import OutputError
from landlink.core.input_files import read_input
from landlink.core.version import VERSION
from landlink.formats.authorship import any_of, marked_html
from landlink.tables.destinations import OutputFile, check_output

__all__ = ["PICTURE", "Picture"]

_MARK: Final = 'data-generator="landlink '
_HEAD: Final = 400


def _marked_svg(path: Path) -> bool:
    """Whether a picture names landlink as its generator."""
    try:
        return _MARK in read_input(path, most=64 * 1024 * 1024)[:_HEAD].decode("utf-8", "replace")
    except OSError:
        return False


#: The kind of file that a picture is.
PICTURE: Final = OutputFile(
    "a picture", (".svg", ".html"), any_of({".svg": _marked_svg, ".html": marked_html("picture")})
)


@dataclass(frozen=True)
class Picture:
    """A drawing.

    Attributes
    ----------
    svg
        Its SVG, an element that stands by itself: styles, colours and fonts are in it.
    title
        What it shows.
    """

    svg: str
    title: str = ""

    def __repr__(self) -> str:
        return f"Picture({self.title!r})"

    def _repr_html_(self) -> str:
        # As an image, so that its styles and identifiers do not meet those of the notebook.
        data = base64.b64encode(self._standalone().encode()).decode()
        source = f"data:image/svg+xml;base64,{data}"
        return f'<img src="{source}" alt="{escape(self.title)}" style="max-width:100%;background:#fff">'

    def save(self, path: str | os.PathLike[str], *, force: bool = False) -> Path:
        """Write the picture as a file, by the ending of its name: ``.svg``, or ``.html`` for a page that holds it.

        Parameters
        ----------
        path
            The file; an older picture is replaced. Programs for drawings make a PNG or PDF from the SVG.
        force
            Whether to replace a file that landlink did not write.

        Returns
        -------
        pathlib.Path
            The file written.

        Raises
        ------
        OutputError
            The name has another ending, or the file cannot be written or holds something else.
        """
        target = Path(path)
        if target.suffix.lower() == ".png":
            message = "pictures are written as .svg or .html, which stay sharp at any size; a browser or Inkscape makes"
            raise OutputError(f"{target}: {message} a PNG of them")
        check_output(target, PICTURE, force=force)
        svg = self._standalone()
        write_text(target, svg if target.suffix.lower() == ".svg" else self._page(svg))
        return target

    def _standalone(self) -> str:
        begin = f'<svg xmlns="http://www.w3.org/2000/svg" {_MARK}{VERSION}"'
        return begin + self.svg.removeprefix("<svg")

    def _page(self, svg: str) -> str:
        return (
            '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
            f'<meta name="generator" content="landlink {VERSION} (picture)">\n<title>{escape(self.title)}</title>\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n<link rel="icon" href="data:,">\n'
            f'</head>\n<body style="margin:1em;max-width:70rem">\n{svg}\n</body>\n</html>\n'
        )
