"""How things show and draw themselves: faces register writers of HTML and drawings, things ask for theirs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Any, Final

from landlink.core.registry import Registry

__all__ = ["DISPLAYS", "DRAWINGS", "Display", "Drawing", "html_of"]


@dataclass(frozen=True, slots=True)
class Display:
    """Writes things of one type as HTML.

    Attributes
    ----------
    name
        Name of the type.
    html
        Writes one, self-contained.
    """

    name: str
    html: Callable[[Any], str]


@dataclass(frozen=True, slots=True)
class Drawing:
    """Draws things of one kind as a picture.

    Attributes
    ----------
    name
        What the picture is: ``map``, ``plot`` or ``parts``.
    draw
        Draws it, from the things and options.
    """

    name: str
    draw: Callable[..., Any]


#: Drawings by name.
DRAWINGS: Final[Registry[Drawing]] = Registry("drawings")
#: Writers by the name of the type that they write.
DISPLAYS: Final[Registry[Display]] = Registry("displays")


def html_of(thing: object) -> str:
    """Write a thing as HTML for a notebook; its ``repr`` where nothing is registered for its type."""
    display = DISPLAYS.get(type(thing).__name__)
    return display.html(thing) if display else f"<pre>{escape(repr(thing))}</pre>"
