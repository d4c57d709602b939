"""Cells with one name, or several with their shares."""

from __future__ import annotations

from typing import Final

__all__ = ["parse_shares"]

#: How far shares may be from adding to one, as rounded ones are.
_ROUNDING: Final = 1e-3


def parse_shares(text: str) -> dict[str, float]:
    """Parse names with shares; they are scaled so that they add to one exactly.

    Raises
    ------
    ValueError
        A name without share beside others, a name twice, a share outside 0 to 1, or shares that do not add to 1.

    Examples
    --------
    >>> parse_shares("CHN")
    {'CHN': 1.0}
    >>> parse_shares("CHN=0.75;JPN=0.25")
    {'CHN': 0.75, 'JPN': 0.25}
    """
    shares: dict[str, float] = {}
    parts = text.split(";")
    for part in parts:
        name, equals, number = (piece.strip() for piece in part.partition("="))
        if not name:
            raise ValueError("a name is missing")
        if name in shares:
            raise ValueError(f"{name} is named twice")
        if not equals and len(parts) > 1:
            raise ValueError(f"{name} has no share")
        shares[name] = _share(name, number) if equals else 1.0
    total = sum(shares.values())
    if abs(total - 1) > _ROUNDING:
        raise ValueError(f"the shares add to {total:g}")
    return {name: share / total for name, share in shares.items()}


def _share(name: str, text: str) -> float:
    try:
        share = float(text) if "_" not in text else -1.0
    except ValueError:
        share = -1.0
    if not 0 < share <= 1:
        raise ValueError(f"the share of {name} is not a number above 0 and up to 1: {text}")
    return share
