"""Accessibility of a page as axe-core finds it (WCAG 2.2 A and AA, and its best practices)."""

from __future__ import annotations

from importlib.resources import files

import pytest

#: Findings of these grades keep people from using a page.
SEVERE = ("serious", "critical")


def severe_findings(page, within: str = "") -> list[str]:
    """Scan an open page; one line for each severe finding: rule, what is wrong, and the element.

    Parameters
    ----------
    page
        A page of playwright, in the state to be judged.
    within
        Selector of the part to scan, where the rest has been scanned as it stands.
    """
    axe = pytest.importorskip("axe_playwright_python", reason="the scan needs the package axe-playwright-python")
    page.evaluate((files(axe) / "axe.min.js").read_text(encoding="utf-8"))
    result = page.evaluate("part => axe.run(part || document, { resultTypes: ['violations'] })", within)
    return [
        f"{finding['impact']} {finding['id']}: {node['html'][:200]} ({node.get('failureSummary', finding['help'])})"
        for finding in result["violations"]
        if finding["impact"] in SEVERE
        for node in finding["nodes"]
    ]
