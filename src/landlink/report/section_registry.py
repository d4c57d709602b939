"""The registry of a report's sections, and what they are made from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import pandas as pd

from landlink.appraisal.abatement_curve import AbatementCurve
from landlink.core.registry import Registry
from landlink.report.maps import Atlas
from landlink.report.resilience_files import ResilienceFiles
from landlink.report.section import Section
from landlink.report.view import View
from landlink.statement.scoreboard import Scoreboard

__all__ = ["SECTIONS", "Material", "SectionMaker"]


@dataclass(frozen=True)
class Material:
    """What sections are made from.

    Attributes
    ----------
    views
        The results, the base first.
    sensitivity
        What :func:`landlink.sensitivity` gives, if it was asked for.
    scoreboard
        Commitments scored against the results, if the study has a register.
    steps
        The effect of the scenario in steps, if it was decomposed.
    abatement
        An abatement cost curve that starts from one of the results, if one was made.
    resilience
        Tables of analyses of resilience, if any were given.
    """

    views: Sequence[View]
    sensitivity: pd.DataFrame | None = None
    scoreboard: Scoreboard | None = None
    steps: pd.DataFrame | None = None
    abatement: AbatementCurve | None = None
    resilience: ResilienceFiles | None = None

    @cached_property
    def atlas(self) -> Atlas:
        """Maps of the results."""
        return Atlas(self.views)


@dataclass(frozen=True, slots=True)
class SectionMaker:
    """Makes a section, where there is anything to show.

    Attributes
    ----------
    name
        What it is known by.
    place
        Where it stands: sections are sorted by it.
    make
        Makes it; gives ``None`` where there is nothing to show.
    on_maps
        Whether it is drawn on the base maps of the atlas. It is made from the views and the atlas alone, maybe in
        another process.
    """

    name: str
    place: int
    make: Callable[[Material], Section | None]
    on_maps: bool = False


#: Makers of all sections, by name.
SECTIONS: Final[Registry[SectionMaker]] = Registry("sections")
