"""What a page about a border shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from landlink.border.holdup import Holdup
from landlink.border.recovery import Recovery
from landlink.border.simulate import Simulation
from landlink.border.waits import CrossingWaits

__all__ = ["LINES", "BorderFacts", "ModelTraffic"]

#: CSS classes of the lines in a chart.
LINES = ("l-blue", "l-orange", "l-green", "l-purple")


@dataclass(frozen=True)
class ModelTraffic:
    """Traffic and times of a crossing in a solved scenario, by direction, as its report shows them.

    Attributes
    ----------
    scenario, titles
        Title of the scenario, and its translations by language code.
    vehicles_per_day
        Vehicles on the design day from a to b and back.
    time_h, p95_h
        Mean time to cross, and the time that one vehicle in twenty exceeds.
    """

    scenario: str
    titles: Mapping[str, str]
    vehicles_per_day: tuple[float, float]
    time_h: tuple[float, float]
    p95_h: tuple[float, float]


@dataclass(frozen=True)
class BorderFacts:
    """Contents of a page about a border; parts that are ``None`` are left out.

    Attributes
    ----------
    title
        Heading of the page; of a recovery plan, the names of its crossings.
    labels
        Labels of the simulation and of the alternative.
    simulation, alternative
        A simulation, and one of the same crossing under other rules with the same draws.
    waits
        Waits by load.
    recovery
        Recovery plan.
    validation
        Result of :func:`landlink.border.validate`.
    stage_names
        Names of stages by id.
    first_days
        First day of each simulation that counts.
    direction_names
        Names of the directions from a to b and from b to a, by their countries.
    models
        Where the traffic of each simulation comes from: a solved scenario; ``None`` for traffic as counted.
    holdups
        Stage that holds vehicles up most in each simulation; ``None`` if none does.
    inactive
        Names of the measures of each simulation that are not in force in its year, each with the year.
    """

    title: str
    labels: Sequence[str]
    simulation: Simulation | None = None
    alternative: Simulation | None = None
    waits: CrossingWaits | None = None
    recovery: Recovery | None = None
    validation: pd.DataFrame | None = None
    stage_names: dict[str, str] | None = None
    first_days: tuple[date, ...] = ()
    direction_names: tuple[str, str] = ("A – B", "B – A")
    models: tuple[ModelTraffic | None, ...] = ()
    holdups: tuple[Holdup | None, ...] = ()
    inactive: tuple[tuple[tuple[str, int], ...], ...] = ()

    @property
    def cases(self) -> list[tuple[str, Simulation]]:
        """Label and simulation of each case."""
        found = [one for one in (self.simulation, self.alternative) if one is not None]
        return list(zip(self.labels, found, strict=False))

    def case_title(self, label: str) -> str:
        """Label of a case where there are several."""
        return label if len(self.cases) > 1 else ""

    def stage_name(self, stage: str) -> str:
        """Name of a stage, or its identifier."""
        return (self.stage_names or {}).get(stage, stage)

    def direction_name(self, way: str, both: str) -> str:
        """Name of a direction; ``both`` names both together."""
        return both if way == "*" else self.direction_names[0 if way == "ab" else 1]
