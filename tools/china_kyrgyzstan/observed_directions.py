"""Directions of observed figures, as the table ``observed`` writes them."""

from __future__ import annotations

import re


def direction_of(text: str, indicator: str) -> str:
    """Direction of a figure: ``both``, as at the crossing of its indicator, or ``one_way``; empty where none is said."""
    if not indicator:
        return ""
    if text.startswith(("both", "in+out")):
        return "both"
    if not re.match(r"[A-Z]{3} to [A-Z]{3}$|outbound$", text):
        return ""
    ways = set(re.findall(r",(ab|ba)\]", indicator.partition("/")[0]))
    return ways.pop() if len(ways) == 1 else "one_way"
