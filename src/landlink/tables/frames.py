"""A study's or a result's tables, for signatures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

import pandas as pd

__all__ = ["Tables"]

#: Tables by name.
Tables: TypeAlias = Mapping[str, pd.DataFrame]
