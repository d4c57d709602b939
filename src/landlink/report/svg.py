"""Building blocks of SVG and HTML with escaping."""

from __future__ import annotations

import functools
from collections.abc import Iterable

from markupsafe import Markup, escape

__all__ = ["join", "picture", "tag"]


def tag(name: str, *children: str | Markup, **attributes: object) -> Markup:
    """Build one element.

    Text among the children is escaped. ``_`` in attribute names becomes ``-``, a trailing one is dropped, and
    attributes that are ``None`` are left out.
    """
    # Plain texts throughout, and one Markup at the end: a large map has tens of thousands of elements.
    parts = [f"<{name}"]
    for key, value in attributes.items():
        if value is None:
            continue
        # Numbers need no escaping, and a page has a hundred thousand of them.
        text = _number(value) if isinstance(value, int | float) else str(escape(str(value)))
        parts.append(f' {_attribute(key)}="{text}"')
    if not any(children) and name in _EMPTY:
        parts.append("/>")
    else:
        parts.append(">")
        parts += [str(child) if isinstance(child, Markup) else str(escape(child)) for child in children]
        parts.append(f"</{name}>")
    return Markup("".join(parts))  # noqa: S704 - built from escaped parts


@functools.cache
def _attribute(key: str) -> str:
    return key.rstrip("_").replace("_", "-")


def join(parts: Iterable[Markup]) -> Markup:
    """Concatenate pieces."""
    return Markup("").join(parts)


def picture(
    identifier: str, title: str, description: str, *children: Markup, class_: str = "", **attributes: object
) -> Markup:
    """Build an SVG that a screen reader announces as one image with a title and a description."""
    head = (
        tag("title", title, id=f"{identifier}-title"),
        tag("desc", description, id=f"{identifier}-desc"),
    )
    return tag(
        "svg",
        *head,
        *children,
        class_=class_ or None,
        role="img",
        aria_labelledby=f"{identifier}-title {identifier}-desc",
        **attributes,
    )


_EMPTY = frozenset({"rect", "path", "circle", "line", "use", "polygon", "polyline"})


def _number(value: int | float) -> str:  # noqa: PYI041  whole numbers are written otherwise
    return str(value) if isinstance(value, int) else f"{value:.2f}".rstrip("0").rstrip(".") or "0"
