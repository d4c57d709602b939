"""The table of a comparison, which a notebook shows in round figures, what changed most first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import pandas as pd

from landlink.core.display import html_of

__all__ = ["Comparison"]


class Comparison(pd.DataFrame):
    """A data frame of indicators side by side; only its display in a notebook differs from that of any other."""

    #: The results compared, where they are at hand: a display names their places.
    _metadata: ClassVar[list[str]] = ["_results"]
    _results: tuple[Any, ...] = ()

    def __getstate__(self) -> dict[str, Any]:
        """What is pickled: the figures, without the results that they come from."""
        state: dict[str, Any] = dict(super().__getstate__())  # type: ignore[call-overload]
        state.pop("_results", None)
        return state

    @property
    def _constructor(self) -> Callable[..., Comparison]:
        return Comparison

    def _repr_html_(self) -> str:
        return html_of(self)
