"""The facts' seven words for quality, said in the three that a study knows."""

from __future__ import annotations

_QUALITY = {
    "published": "published",
    "reported": "published",
    "measured": "measured",
    "derived": "measured",
    "estimated": "estimated",
    "recalled": "estimated",
    "": "estimated",
}


def quality_of(word: str, source: str = "") -> str:
    """Quality of a fact; one whose source says it was recalled is an estimate, whatever its word."""
    return "estimated" if "recalled" in source.lower() else _QUALITY[word.strip().lower()]
