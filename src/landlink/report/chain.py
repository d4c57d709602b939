"""Chains in time, money and distance: the charts and tables of a shipment between two zones in several results."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Final

import pandas as pd

from landlink.analysis.chain import (
    Source,
    alternatives_of,
    check_alternatives,
    ends_of,
    profiles_of,
    solved,
    trace,
)
from landlink.analysis.chain_ends import find_alternatives
from landlink.analysis.chain_profile import ChainEnds, Profile
from landlink.core.arguments import check_kind
from landlink.core.atomic_files import write_text
from landlink.core.errors import InputError
from landlink.core.progress import Progress, shown_progress
from landlink.formats.authorship import any_of, csv_header_is, marked_html
from landlink.formats.picture import PICTURE, Picture
from landlink.model.options import SolverOptions
from landlink.report.chain_figure import Seen, chart, chart_title, frame_of, framed, leg_tables, notes
from landlink.report.page import rendered
from landlink.report.section import Section
from landlink.report.svg import join, tag
from landlink.report.tables import folded
from landlink.report.view import View, views_of
from landlink.report.words import Words
from landlink.results.result import Result
from landlink.study import Study
from landlink.study.study import Scenario
from landlink.tables.destinations import OutputFile, write_by_ending

__all__ = ["CHAIN_FILE", "Chain", "chain"]

#: Columns of the table of a chain in USD, by which a file of it is known.
_COLUMNS: Final = (
    "result", "alternative", "leg", "kind", "mode", "name", "from_name", "to_name", "country", "distance_km", "run_h",
    "stop_h", "terminal_h", "crossing_h", "access_h", "time_h", "money_usd_per_t", "at_km", "at_h", "at_p05_h",
    "at_p95_h", "at_usd_per_t",
)  # fmt: skip
#: The kinds of file that a chain is.
CHAIN_FILE: Final = OutputFile(
    "a chain",
    (".html", ".svg", ".csv"),
    any_of({".html": marked_html("chain"), ".svg": PICTURE.wrote, ".csv": csv_header_is(_COLUMNS)}),
)


@dataclass(frozen=True)
class Chain:
    """The main routes between two zones for one commodity, in one or more results.

    Attributes
    ----------
    results
        The results.
    ends
        Zones and commodity.
    alternatives
        Alternatives shown, those with the most tonnes first.
    profiles
        For each result, its profile by alternative; an alternative that carries nothing in it is left out.
    language, names
        Languages of texts and of names.
    """

    results: tuple[Result, ...]
    ends: ChainEnds
    alternatives: tuple[str, ...]
    profiles: tuple[Mapping[str, Profile], ...]
    language: str = "en"
    names: str = ""

    def __repr__(self) -> str:
        lines = [f"Chain({self.title!r})"]
        for view, of_result in zip(self._views, self.profiles, strict=True):
            for name, profile in of_result.items():
                end = profile.legs.iloc[-1]
                lines.append(
                    f"  {view.label}, {name}: {end['at_km']:,.0f} km, {end['at_h']:.1f} h"
                    f" ({end['at_p05_h']:.1f} to {end['at_p95_h']:.1f}), USD {end['at_usd_per_t']:.0f}/t"
                )
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        charts = [self.chart(name)._repr_html_() for name in self.alternatives]
        return "".join(f"<div>{text}</div>" for text in charts)

    def in_language(self, language: str, names: str = "") -> Chain:
        """Return the chain with its charts, and the names in them, in other languages.

        Parameters
        ----------
        language, names
            As for :func:`landlink.report`.

        Raises
        ------
        UnknownNameError
            The language is not supported, or the study does not declare the language of names.
        """
        found = replace(self, language=language, names=names)
        found._views  # noqa: B018, SLF001  it refuses a language that it does not know
        return found

    @cached_property
    def _views(self) -> list[View]:
        further = [code for result in self.results for code in result.provenance.presentation.languages]
        return views_of(self.results, Words(self.language, names=self.names, further=dict.fromkeys(further)))

    @property
    def title(self) -> str:
        """Origin, destination and commodity by name."""
        view = self._views[0]
        origin, destination = view.name("zone", self.ends.origin), view.name("zone", self.ends.destination)
        commodity = view.name("commodity", self.ends.commodity)
        return view.words("times.pair", origin=origin, destination=destination, commodity=commodity)

    @property
    def table(self) -> pd.DataFrame:
        """The legs of all routes: a row each, with its distance, hours and money and what they add up to at its end.

        ``result`` is the label of the result; ``at_p05_h`` and ``at_p95_h`` are percentiles of the time so far. Money
        in the study's own currency, if it has one, is in further columns.
        """
        return frame_of(self.profiles, [view.label for view in self._views], self._views[0])

    def chart(self, alternative: str = "") -> Picture:
        """Draw one alternative.

        Parameters
        ----------
        alternative
            The alternative; by default the first.

        Raises
        ------
        UnknownNameError
            The chain does not show this alternative.
        """
        name = find_alternatives([alternative] if alternative else [], self.alternatives)[0]
        seen, styles = self._seen(name)
        title = chart_title(self._views[0], self.ends, name)
        return Picture(str(chart("chain", self.ends, seen, styles)), title)

    def _seen(self, alternative: str) -> tuple[list[Seen], list[int]]:
        """Profiles of one alternative with the views and the styles of their results."""
        found = [
            (view, of_result[alternative], style)
            for style, (view, of_result) in enumerate(zip(self._views, self.profiles, strict=True))
            if alternative in of_result
        ]
        return [(view, profile) for view, profile, _ in found], [style for _, _, style in found]

    def save(self, path: str | os.PathLike[str], *, force: bool = False) -> Path:
        """Write the chain as a file; see :func:`landlink.tables.destinations.write_by_ending`.

        Parameters
        ----------
        path
            ``.html``: a page with the charts of all alternatives and their tables; ``.svg``: the chart of the first
            alternative; ``.csv``: the table.
        force
            Whether to replace a file that landlink did not write.
        """
        writers: dict[str, Callable[[Path], object]] = {
            ".html": lambda target: write_text(target, self._page()),
            ".svg": lambda target: self.chart().save(target, force=force),
            ".csv": lambda target: write_text(target, self.table.to_csv(index=False, lineterminator="\n")),
        }
        return write_by_ending(path, CHAIN_FILE, writers, force=force)

    def _page(self) -> str:
        words = self._views[0].words
        sections = [self._section(name, place) for place, name in enumerate(self.alternatives)]
        method = Section("method", words("chain.method"), "", notes(self.ends, self.profiles, self._views))
        version = self.results[0].provenance.run.landlink
        titled = [view.titled for view in self._views]
        over = words("chain.heading")
        return rendered(words, self.title, titled, [*sections, method], over=over, version=version, kind="chain")

    def _section(self, alternative: str, place: int) -> Section:
        words = self._views[0].words
        seen, styles = self._seen(alternative)
        drawn = framed(f"chain-{place}", self.ends, seen, styles)
        body = join([tag("figure", drawn), folded(words("times.legs"), leg_tables(self.ends, seen))])
        return Section(f"by-{place}", words.term("mode", alternative), "", body)


def chain(
    sources: Source | Iterable[Source],
    origin: str,
    destination: str,
    commodity: str = "",
    *,
    alternative: str | Sequence[str] = (),
    options: SolverOptions | None = None,
    progress: Progress | bool | None = None,
) -> Chain:
    """Trace a shipment from zone to zone: time, money and distance leg by leg, scenarios laid over each other.

    The time-cost-distance method of United Nations ESCAP (Time/Cost-Distance Methodology; Banomyong 2000), on the main
    route of each alternative: the one with the most tonnes, or the likeliest where routes are spread. The band from the
    5th to the 95th percentile of the time adds up the times at border crossings, independent and each lognormal with
    its mean and 95th percentile.

    Parameters
    ----------
    sources
        Results, or scenarios, which are solved. A saved result whose table ``leg`` does not hold the pair is solved
        again from its loads.
    origin, destination
        Zones: an id, or a name of the zone or of its place in any language of the study, or the beginning of one.
    commodity
        Commodity likewise; by default the one with the most tonnes between the zones.
    alternative
        Alternatives to show, such as ``"rail"``; by default all that carry at least 1 % of the tonnes.
    options
        Accuracy and effort, where anything has to be solved.
    progress
        ``True`` for a line on the terminal, or a function called with the current step and the share done.

    Raises
    ------
    UnknownNameError
        There is no such zone, commodity or alternative.
    InputError
        Nothing goes from the one zone to the other, or no source is given.
    ResultError
        A saved result has to be solved again, and its study has changed or cannot be opened.

    Examples
    --------
    >>> import landlink as ll
    >>> study = ll.open_study("china-kyrgyzstan")
    >>> cases = [study.scenario("base-2030"), study.scenario("cku-2030")]
    >>> ll.chain(cases, "Xi'an", "Tashkent", "machinery").save("chain.html")  # doctest: +SKIP
    """
    allowed = "results, scenarios or studies, one or several"
    check_kind("sources", sources, (Result, Scenario, Study, Iterable), allowed=allowed)
    given = [sources] if isinstance(sources, Result | Scenario | Study) else list(sources)
    for source in given:
        check_kind("sources", source, (Result, Scenario, Study), allowed=allowed)
    if not given:
        raise InputError("a chain needs at least one result or scenario")
    asked = [alternative] if isinstance(alternative, str) else list(alternative)
    ends = ends_of(given, origin, destination, commodity)
    check_alternatives(given, [name for name in asked if name])
    with shown_progress(progress) as report:
        results = solved(given, options=options, progress=report)
        legs = [trace(result, ends, options=options, progress=report) for result in results]
    alternatives = alternatives_of(legs, [name for name in asked if name])
    profiles = [profiles_of(frame, result, alternatives) for frame, result in zip(legs, results, strict=True)]
    return Chain(tuple(results), ends, tuple(alternatives), tuple(profiles))
