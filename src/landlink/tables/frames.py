"""Type alias for the tables of a study or a result."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

import pandas as pd

__all__ = ["Tables"]

#: Tables by name.
Tables: TypeAlias = Mapping[str, pd.DataFrame]
