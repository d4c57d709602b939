"""What a stage does with each direction and vehicle class: its own row, and what the table ``service`` adds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from landlink.tables.border_schemas import EVERY_CLASS
from landlink.tables.frames import Row, is_missing, records

DIRECTIONS: Final = ("ab", "ba")
#: Coefficient of variation that a law has where none is written; uniform from 0 to twice the mean.
USUAL_CV: Final = {"constant": 0.0, "exponential": 1.0, "gamma": 1.0, "lognormal": 1.0, "uniform": 3.0**-0.5}


@dataclass(frozen=True)
class StageService:
    """How a stage serves one direction and class; ``share`` is 0 where none of them passes."""

    law: str
    mean_h: float
    cv: float
    share: float


def positions_back(rows: Sequence[Row], shared: Sequence[bool]) -> list[int]:
    """Position of each stage of a crossing on the way from b to a.

    Posts that both directions pass are met in the reverse sequence on the way back; stages of one direction stay where
    they are, since their positions are those of that direction. Stages with ``order_ba`` have it.

    Parameters
    ----------
    rows
        Stages of a crossing.
    shared
        Whether vehicles of both directions pass each stage.
    """
    orders = sorted({int(row["order"]) for row, both in zip(rows, shared, strict=True) if both})
    stated = any(not is_missing(row["order_ba"]) for row, both in zip(rows, shared, strict=True) if both)
    reverse = {} if stated else dict(zip(orders, reversed(orders), strict=True))
    return [
        int(row["order_ba"]) if not is_missing(row["order_ba"])
        else reverse[int(row["order"])] if both and not stated
        else int(row["order"])
        for row, both in zip(rows, shared, strict=True)
    ]  # fmt: skip


def services_by_key(service: pd.DataFrame) -> dict[tuple[str, ...], Row]:
    """Rows of the table ``service`` by crossing, family, stage, direction and class."""
    keys = ("crossing_id", "family", "stage_id", "direction", "vehicle_class")
    return {tuple(str(row[key]) for key in keys): row for row in records(service)}


def stage_service(
    stage: Row, services: Mapping[tuple[str, ...], Row], direction: str, vehicle_class: str
) -> StageService:
    """Service of one direction and class at a stage; the most particular row that says something holds."""
    found: dict[str, Any] = {name: stage[name] for name in ("law", "mean_h", "cv", "share")}
    where = tuple(str(stage[name]) for name in ("crossing_id", "family", "stage_id"))
    for of_direction, of_class in (
        ("both", EVERY_CLASS),
        (direction, EVERY_CLASS),
        ("both", vehicle_class),
        (direction, vehicle_class),
    ):
        row = services.get((*where, of_direction, of_class), {})
        if row.get("law") and row["law"] != found["law"] and is_missing(row["cv"]):
            found["cv"] = float("nan")
        found |= {name: row[name] for name in found if name in row and not (is_missing(row[name]) or row[name] == "")}
    cv = USUAL_CV[found["law"]] if is_missing(found["cv"]) else float(found["cv"])
    passes = stage["direction"] in ("both", direction)
    return StageService(str(found["law"]), float(found["mean_h"]), cv, float(found["share"]) if passes else 0.0)
