"""Building blocks of SVG and HTML with escaping."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup, escape

__all__ = ["join", "picture", "tag"]


def tag(name: str, *children: str | Markup, **attributes: object) -> Markup:
    """Build one element.

    Text among the children is escaped. ``_`` in attribute names becomes ``-``, a trailing one is dropped, and
    attributes that are ``None`` are left out.
    """
    parts = [f"<{name}"]
    for key, value in attributes.items():
        if value is None:
            continue
        parts.append(f' {key.rstrip("_").replace("_", "-")}="{escape(_text(value))}"')
    body = Markup("").join(children)
    if not body and name in _EMPTY:
        return Markup("".join(parts) + "/>")  # noqa: S704 - built from escaped parts
    return Markup("".join(parts) + ">") + body + Markup(f"</{name}>")  # noqa: S704


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


def _text(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.2f}".rstrip("0").rstrip(".") or "0"
    return str(value)
