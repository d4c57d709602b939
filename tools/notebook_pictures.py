"""Draw the pictures of the pages on chains and notebooks: what the product saves, and what a notebook shows.

Run ``python -m tools.notebook_pictures BASE PLAN`` on two saved results of the bundled study. The picture of the notebook
needs Chromium and the package playwright.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Final

from playwright.sync_api import sync_playwright

import landlink as ll

IMAGES: Final = Path(__file__).parents[1] / "docs/images"
WIDTH: Final = 1150
_PAGE: Final = (
    '<!doctype html><meta charset="utf-8"><body style="font:14px system-ui,sans-serif;margin:16px;background:#fff">'
)


def main(folders: list[str]) -> None:
    """Draw all of them."""
    cases = ll.Results(ll.open_result(folder) for folder in folders)
    base, plan = cases
    drawn = ll.chain(cases, "G-XIAN", "Tashkent city", "machinery", alternative="rail")
    pictures = {
        "chain": drawn.chart(),
        "changes": plan.map(baseline=base, window="changed"),
        "trucks": cases.plot("crossing.trucks_per_day[*]", most=10),
    }
    for name, picture in pictures.items():
        picture.save(IMAGES / f"{name}.svg", force=True)
    cells = [ll.compare(base, plan).head(12)._repr_html_(), cases._repr_html_()]
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": WIDTH, "height": 600}, color_scheme="light")
        page.set_content(_PAGE + "<hr>".join(cells))
        page.screenshot(path=IMAGES / "notebook.png", full_page=True)
        browser.close()


if __name__ == "__main__":
    if len(sys.argv) != 3:
        raise SystemExit("usage: python -m tools.notebook_pictures BASE PLAN")
    main(sys.argv[1:])
