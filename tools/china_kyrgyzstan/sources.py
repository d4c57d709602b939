"""The register of sources: one readable identifier for each citation the facts carry."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import Any


class Sources:
    """Collect citations and hand out their identifiers."""

    def __init__(self) -> None:
        self._rows: dict[str, dict[str, Any]] = {}

    def add(self, title: str, *, licence: str = "", url: str = "", note: str = "") -> str:
        """Register a citation and return its identifier; the same title always gets the same one."""
        title = " ".join(title.split())
        plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
        words = "-".join(re.findall(r"[a-z0-9]+", plain)[:5])[:40].strip("-")
        identifier = f"{words or 'source'}-{hashlib.sha256(title.encode()).hexdigest()[:4]}"
        row = self._rows.setdefault(
            identifier, {"source_id": identifier, "title": title, "licence": "", "url": "", "note": ""}
        )
        row.update({key: value for key, value in (("licence", licence), ("url", url), ("note", note)) if value})
        return identifier

    def rows(self) -> list[dict[str, Any]]:
        """All sources, sorted by identifier: the table ``source``."""
        return [self._rows[key] for key in sorted(self._rows)]
