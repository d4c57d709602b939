"""How changes of trade show themselves, in a notebook and elsewhere: a title and a table in round figures."""

from __future__ import annotations

from abc import ABC, abstractmethod
from html import escape

import pandas as pd

__all__ = ["ShownChanges"]


class ShownChanges(ABC):
    """Something with a title and a table of changes in percent, which it shows in place of its arrays."""

    @abstractmethod
    def _title(self) -> str:
        """What has changed."""

    @abstractmethod
    def _shown(self) -> pd.DataFrame:
        """Table of the changes: names, and columns of percent."""

    def __repr__(self) -> str:
        return f"{self._title()}\n{self._shown().to_string(index=False, float_format=_percent, na_rep='-')}"

    def _repr_html_(self) -> str:
        table = self._shown().to_html(index=False, float_format=_percent, na_rep="-", border=0)
        return f"<p>{escape(self._title())}</p>\n{table}"


def _percent(value: float) -> str:
    return f"{value + 0.0:+.2f}"
