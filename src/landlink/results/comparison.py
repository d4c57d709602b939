"""The table of a comparison, which a notebook shows in round figures, what changed most first."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from landlink.core.display import html_of

__all__ = ["Comparison"]


class Comparison(pd.DataFrame):
    """A data frame of indicators side by side; only its display in a notebook differs from that of any other."""

    @property
    def _constructor(self) -> Callable[..., Comparison]:
        return Comparison

    def _repr_html_(self) -> str:
        return html_of(self)
