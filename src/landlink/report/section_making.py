"""The sections of a report, made in this process, or in two: what is drawn on base maps takes about half the time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from markupsafe import Markup

from landlink.appraisal.abatement_curve import AbatementCurve
from landlink.core.errors import EnsembleError
from landlink.ensemble.side_process import SideProcess
from landlink.indicators.amounts import values_in
from landlink.report.resilience_files import ResilienceFiles
from landlink.report.section import Section
from landlink.report.section_registry import SECTIONS, Material
from landlink.report.view import ResultLike, views_of
from landlink.report.words import Words
from landlink.results.result import Result
from landlink.results.storage import SavedTables
from landlink.statement.scoreboard import Scoreboard

__all__ = ["Sources", "made_sections"]


@dataclass(frozen=True)
class Sources:
    """What a report is made from.

    Attributes
    ----------
    results
        The results, the base first.
    language, names
        Language of headings and sentences, and that of names.
    sensitivity, scoreboard, country, steps, abatement, resilience
        As for :func:`landlink.report.page.report`.
    """

    results: Sequence[ResultLike]
    language: str
    names: str = ""
    sensitivity: pd.DataFrame | None = None
    scoreboard: Scoreboard | None = None
    country: str = ""
    steps: pd.DataFrame | None = None
    abatement: AbatementCurve | None = None
    resilience: ResilienceFiles | None = None

    def words(self) -> Words:
        """Language of the page, with those that the studies declare."""
        further = [code for result in self.results for code in result.provenance.presentation.languages]
        return Words(self.language, names=self.names, further=dict.fromkeys(further))

    def material(self, words: Words) -> Material:
        """What sections are made from."""
        views, sensitivity = views_of(self.results, words, country=self.country), self.sensitivity
        if sensitivity is not None and "unit" in sensitivity:
            sensitivity = values_in(sensitivity, views[0].currency, "headline_base", "headline_low", "headline_high")
        return Material(views, sensitivity, self.scoreboard, self.steps, self.abatement, self.resilience)


def made_sections(sources: Sources, material: Material, beside: SideProcess | None) -> tuple[list[Section], Markup]:
    """Make all sections, and the drawings that their maps share.

    Parameters
    ----------
    sources, material
        What the report is made from, and the same prepared in this process.
    beside
        A process that makes the sections that are drawn on base maps; ``None``: this one makes all.
    """
    if beside is None:
        found, definitions = _made(material, on_maps=True)
    else:
        results = tuple(_sendable(result) for result in sources.results)
        given = Sources(
            results, sources.language, sources.names, country=sources.country, resilience=sources.resilience
        )
        beside.start(_OnMaps(given))
        found = {}
    others, _ = _made(material, on_maps=False)
    if beside is not None:
        try:
            found, definitions = beside.next()
        except EnsembleError:
            # What went wrong there is told by making them here.
            found, definitions = _made(material, on_maps=True)
    made = others | found
    places = sorted(SECTIONS.values(), key=lambda maker: maker.place)
    return [section for maker in places if (section := made[maker.name]) is not None], definitions


def _made(material: Material, *, on_maps: bool) -> tuple[dict[str, Section | None], Markup]:
    """Sections that are drawn on base maps with what these share, or all others."""
    makers = [maker for maker in SECTIONS.values() if maker.on_maps == on_maps]
    made = {maker.name: maker.make(material) for maker in makers}
    return made, material.atlas.definitions if on_maps else Markup("")


def _sendable(result: ResultLike) -> ResultLike:
    """The result with tables that another process can be given: made ones, or those to be read from disk."""
    tables = result.tables if isinstance(result.tables, SavedTables) else dict(result.tables)
    return Result(tables, result.provenance)


@dataclass(frozen=True)
class _OnMaps:
    """Makes the sections that are drawn on base maps in another process."""

    sources: Sources

    def __call__(self, tell: Callable[[Any], None]) -> None:
        tell(_made(self.sources.material(self.sources.words()), on_maps=True))
