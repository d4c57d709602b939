"""Take the screenshot of a report for the README: its first page, without what says how sure it is.

Run ``python -m tools.report_picture report.html``. It needs Chromium and the package playwright.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Final

from playwright.sync_api import sync_playwright

PICTURE: Final = Path(__file__).parents[1] / "docs/images/report.png"
WIDTH: Final = 1100

#: Script that leaves the header, the answer and its pictures.
LEAVE: Final = """() => {
  const hide = element => { element.style.display = "none"; };
  document.querySelectorAll("nav, #answer .grounds, main > *:not(#answer)").forEach(hide);
  return document.querySelector("#answer .pictures").getBoundingClientRect().bottom + window.scrollY;
}"""


def main(report: Path) -> None:
    """Open the report and take the screenshot."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": WIDTH, "height": 900}, color_scheme="light")
        page.goto(report.resolve().as_uri())
        bottom = page.evaluate(LEAVE)
        PICTURE.parent.mkdir(parents=True, exist_ok=True)
        clip = {"x": 0, "y": 0, "width": WIDTH, "height": bottom + 8}
        page.screenshot(path=PICTURE, full_page=True, clip=clip)
        browser.close()
    print(f"{PICTURE}: {PICTURE.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit("usage: python -m tools.report_picture REPORT")
    main(Path(sys.argv[1]))
