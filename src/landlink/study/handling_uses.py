"""What terminals use for each tonne, from the table ``handling`` of a study and the package's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pandas as pd

from landlink.study.carbon_defaults import default_rows
from landlink.tables.frames import Tables, numbers, texts

__all__ = ["HandlingUse", "terminal_countries", "terminal_uses"]

_Pair: TypeAlias = frozenset[str]


@dataclass(frozen=True)
class HandlingUse:
    """What one tonne needs at a terminal: a row of the table ``handling``.

    Attributes
    ----------
    carrier, amount
        Carrier and its amount in its unit; ``""`` and 0 for emissions alone.
    ttw_kg, wtt_kg
        Emissions beside those of the carrier, kg CO2e.
    """

    carrier: str
    amount: float
    ttw_kg: float
    wtt_kg: float


def terminal_uses(tables: Tables) -> list[list[HandlingUse]]:
    """Uses of each terminal: the rows of its modes, else of their families, else the package's."""
    own, package = _uses(tables["handling"]), _uses(default_rows("handling"))
    family = dict(zip(texts(tables["vehicle"], "mode"), texts(tables["vehicle"], "family"), strict=True))
    modes = zip(texts(tables["terminal"], "mode_a"), texts(tables["terminal"], "mode_b"), strict=True)
    return [_found(own, package, (a, family[a]), (b, family[b])) for a, b in modes]


def _found(
    own: Mapping[_Pair, list[HandlingUse]],
    package: Mapping[_Pair, list[HandlingUse]],
    names_a: tuple[str, str],
    names_b: tuple[str, str],
) -> list[HandlingUse]:
    pairs = [frozenset((a, b)) for a in names_a for b in names_b]
    return next((uses[pair] for uses in (own, package) for pair in pairs if pair in uses), [])


def _uses(frame: pd.DataFrame) -> dict[_Pair, list[HandlingUse]]:
    found: dict[_Pair, list[HandlingUse]] = {}
    columns = (texts(frame, name) for name in ("mode_a", "mode_b", "carrier"))
    amounts = (
        np.nan_to_num(numbers(frame, name)).tolist() for name in ("amount_per_t", "ttw_kg_per_t", "wtt_kg_per_t")
    )
    for a, b, carrier, *cells in zip(*columns, *amounts, strict=True):
        found.setdefault(frozenset((a, b)), []).append(HandlingUse(carrier, *cells))
    return found


def terminal_countries(tables: Tables) -> list[str]:
    """Country of each terminal: its own, else that of its node."""
    country = dict(zip(texts(tables["node"], "node_id"), texts(tables["node"], "country"), strict=True))
    rows = zip(texts(tables["terminal"], "country"), texts(tables["terminal"], "node_id"), strict=True)
    return [own or country[node] for own, node in rows]
