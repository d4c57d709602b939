"""Colours of modes, distinguishable by the colour-blind (Okabe & Ito 2008) and assigned in a fixed order."""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["mode_classes"]

#: CSS classes for the modes of each family, the most common first; colours are defined in the style sheet.
_CLASSES = {
    "road": ("c-orange", "c-yellow"),
    "rail": ("c-blue", "c-green", "c-purple"),
    "water": ("c-sky", "c-navy"),
    "air": ("c-grey", "c-purple"),
}


def mode_classes(modes: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Give each mode a colour class.

    Parameters
    ----------
    modes
        Pairs of mode and family, the most used first.

    Returns
    -------
    dict
        CSS class by mode. Modes beyond the number of colours of a family share the last one.
    """
    classes: dict[str, str] = {}
    used: dict[str, int] = {}
    for mode, family in modes:
        if mode in classes:
            continue
        choice = _CLASSES.get(family, ("c-grey",))
        position = used.get(family, 0)
        classes[mode] = choice[min(position, len(choice) - 1)]
        used[family] = position + 1
    return classes
