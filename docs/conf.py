"""How the docs are built: ``make docs``."""

from landlink.version import VERSION

project = "landlink"
author = "The landlink authors"
copyright = author  # noqa: A001 -- Sphinx's own name
version = release = VERSION

extensions = ["myst_parser"]
myst_enable_extensions = ["colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3
exclude_patterns = ["_build"]
html_theme = "alabaster"
html_title = f"landlink {VERSION}"
