"""Templates of pages, each compiled once: that takes longer than to fill it."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import jinja2

__all__ = ["page_template"]


@cache
def page_template(name: str) -> jinja2.Template:
    """Template of a file below ``templates``, whose values are escaped and must all be given."""
    environment = jinja2.Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    text = (files("landlink.report") / "templates" / name).read_text(encoding="utf-8")
    return environment.from_string(text)
