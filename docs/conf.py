"""How the docs are built: ``make docs``. Nothing is fetched, neither by the build nor by the built pages."""

from __future__ import annotations

import sys
from pathlib import Path

from landlink.core.version import VERSION

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

project = "landlink"
author = "The landlink authors"
copyright = author  # noqa: A001 -- Sphinx's own name
version = release = VERSION

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "mathml",
    "reference_pages",
    "floors",
    "notebooks",
]
myst_enable_extensions = ["colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3
html_math_renderer = "mathml"
# Fragments that other pages include.
exclude_patterns = ["_build", "reference/generated"]

autodoc_member_order = "bysource"
autodoc_typehints = "none"
napoleon_google_docstring = False
napoleon_use_rtype = False

html_theme = "furo"
html_title = f"landlink {VERSION}"
html_static_path = ["_static"]
html_css_files = ["landlink.css"]
html_copy_source = False
html_show_sourcelink = False
