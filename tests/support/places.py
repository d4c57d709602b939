"""Where things lie: the checkout, and the shared folder beside it."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"
FACTS = SHARED / "facts"
STUDIES = ROOT / "src" / "landlink" / "studies"
