"""Take the screenshot of a report's interactive map for the documentation: a difference, and the figures of a crossing.

Run ``python -m tools.map_picture report.html CROSSING``. It needs Chromium and the package playwright.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Final

from playwright.sync_api import sync_playwright

PICTURE: Final = Path(__file__).parents[1] / "docs/images/map.png"


def main(report: Path, crossing: str) -> None:
    """Open the report, search for the crossing in the difference of its two results, and take the screenshot."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1100, "height": 900}, color_scheme="light", reduced_motion="reduce")
        page.goto(report.resolve().as_uri())
        page.locator("#flow-map .canvas").scroll_into_view_if_needed()
        page.click("#flow-map .show label:nth-of-type(3)")
        page.fill("#map-search", crossing)
        page.keyboard.press("Enter")
        page.wait_for_timeout(500)
        page.click("#flow-map [data-part=zoom-out]")
        page.wait_for_timeout(500)
        page.locator("#flow-map").screenshot(path=PICTURE)
        browser.close()
    print(f"{PICTURE}: {PICTURE.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        raise SystemExit("usage: python -m tools.map_picture REPORT CROSSING")
    main(Path(sys.argv[1]), sys.argv[2])
