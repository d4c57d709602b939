"""View of a result for the report: tables with missing columns filled, names of identifiers, indicators by name."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, Protocol

import pandas as pd

from landlink.core.countries import country_code
from landlink.core.currency import USD, Currency, money_power
from landlink.ensemble.ensemble import Ensemble, ensemble_of
from landlink.freight.bottleneck_places import countries_of_places, study_names
from landlink.indicators.amounts import values_in
from landlink.report.indicator_names import indicator_name
from landlink.report.view_columns import NUMBERS, TEXTS
from landlink.report.words import Words
from landlink.results.determinacy import undetermined_places
from landlink.results.provenance import EnsembleRun, Provenance
from landlink.tables.frames import records, row_of
from landlink.tables.outputs import unit_of_column

__all__ = ["ResultLike", "View", "baseline_of", "indicator_title", "views_of", "with_key", "without_crossing"]

#: Measures in a label: the last that were applied, which a result is mostly about.
_TITLED = 3
#: Maximum length of a label in a column heading.
_LONG = 26


class ResultLike(Protocol):
    """Protocol of results accepted by the report."""

    @property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """Tables by name."""

    @property
    def provenance(self) -> Provenance:
        """Provenance of the result."""


class View:
    """One result, prepared for display.

    Parameters
    ----------
    result
        The result.
    words
        The reader's language.
    label
        Label that distinguishes the result from others in the report.
    letter
        Letter used if labels are too long for headings; otherwise empty.
    currency
        Currency of all amounts of the report; by default that of the result.
    focus
        Code of the country that the report is about; empty for the region.
    """

    def __init__(
        self,
        result: ResultLike,
        words: Words,
        label: str = "",
        letter: str = "",
        currency: Currency | None = None,
        *,
        focus: str = "",
    ) -> None:
        self.result = result
        self.currency = currency or result.provenance.presentation.money
        self.words = words
        self.label = label
        self.letter = letter
        self.focus = focus
        self._frames: dict[str, pd.DataFrame] = {}

    @property
    def provenance(self) -> Provenance:
        """Provenance of the result."""
        return self.result.provenance

    @cached_property
    def ensemble(self) -> Ensemble | None:
        """The ensemble of the result; ``None`` if it has none."""
        return ensemble_of(self.result)

    @property
    def posterior_run(self) -> EnsembleRun | None:
        """The ensemble of what a calibration estimated; ``None`` if it has none, or one of something else."""
        run = self.provenance.ensemble
        return run if run is not None and run.about == "parameters" else None

    @property
    def head(self) -> str:
        """Column heading of the result in tables: its letter, or else its label."""
        return self.letter or self.label

    @property
    def titled(self) -> str:
        """Letter and label together."""
        return self.words.headed(self.letter, self.label) if self.letter else self.label

    @property
    def measure_ids(self) -> tuple[str, ...]:
        """Identifiers of the measures applied."""
        return tuple(measure.id for measure in self.provenance.run.measures)

    @property
    def changed_crossings(self) -> frozenset[str]:
        """Identifiers of the crossings changed by measures, in any family."""
        return frozenset(item.split("/")[0] for item in self.provenance.run.changed_crossings)

    @property
    def year(self) -> int:
        """Year of the scenario."""
        return self.provenance.run.year

    def table(self, name: str) -> pd.DataFrame:
        """Return a table with all columns used by the report; empty if the result lacks the table.

        Amounts are in the currency of the report, also in columns that are named after USD.
        """
        if name not in self._frames:
            frame = self.result.tables.get(name, pd.DataFrame()).reset_index(drop=True).copy()
            for column in TEXTS.get(name, ()):
                frame[column] = frame[column].astype(object).where(frame[column].notna(), "") if column in frame else ""
            for column in NUMBERS.get(name, ()):
                frame[column] = _floats(frame[column]) if column in frame else math.nan
            self._frames[name] = self._in_currency(name, frame)
        return self._frames[name]

    def _in_currency(self, name: str, frame: pd.DataFrame) -> pd.DataFrame:
        """Table of a result with its amounts in the currency."""
        if name in ("indicator", "observed"):
            return values_in(frame, self.currency, "value", "value_in_year", "model")
        units = {column: unit_of_column(name, column) for column in map(str, frame)}
        amounts = {column: unit for column, unit in units.items() if money_power(unit, USD)}
        return frame.assign(**{column: frame[column] * self.currency.factor(unit) for column, unit in amounts.items()})

    def unit(self, usd_unit: str) -> str:
        """Unit of amounts in the currency, by that in USD."""
        return self.currency.unit_of(usd_unit)

    def money(self, value: float, usd_unit: str, *, rough: bool = False) -> str:
        """Format an amount in the currency and, if that is another, in USD behind it; ``rough`` if a model gives it."""
        write = self.words.rough if rough else self.words.quantity
        own = write(value, self.unit(usd_unit))
        if not self.currency.is_own:
            return own
        return self.words("common.with_usd", amount=own, usd=write(value / self.currency.factor(usd_unit), usd_unit))

    @cached_property
    def crossing_rows(self) -> dict[tuple[str, str], list[dict[str, Any]]]:
        """Rows of the table of crossings by crossing and family, that from the first country to the second first."""
        found: dict[tuple[str, str], list[dict[str, Any]]] = {}
        for row in records(self.table("crossing").sort_values("direction", kind="stable")):
            found.setdefault((str(row["crossing_id"]), str(row["family"])), []).append(row)
        return found

    @cached_property
    def undetermined(self) -> dict[str, frozenset[str]]:
        """Links, crossings and terminals whose flow in both directions together is not determined, by table."""
        return {name: frozenset(ids) for name, ids in undetermined_places(self._checked, both=True).items()}

    @property
    def disclaimer(self) -> tuple[str, bool]:
        """The study's disclaimer, and whether the reader's language has it; without one, what maps disclaim."""
        presentation, words = self.provenance.presentation, self.words
        found = words.translated(presentation.disclaimers, "")
        if found or not presentation.disclaimer:
            return found or words("map.disclaimer"), True
        # A text in no stated language is most likely English.
        return presentation.disclaimer, words.language == "en"

    @property
    def _checked(self) -> dict[str, pd.DataFrame]:
        """Tables of links, crossings and terminals, empty where the result lacks them."""
        names = {"link": "link_id", "crossing": "crossing_id", "terminal": "terminal_id"}
        return {name: self.result.tables.get(name, pd.DataFrame({key: []})) for name, key in names.items()}

    def by_direction(self) -> list[str]:
        """Names of the places whose flow is not determined in some direction."""
        found = undetermined_places(self._checked)
        return [self.place_name(kind, name) for kind, names in found.items() for name in names]

    def place_name(self, kind: str, identifier: str) -> str:
        """Return the name of a link, crossing or terminal."""
        if kind == "link":
            rows = self.links
            if identifier not in rows.index:
                return identifier
            row = row_of(rows, identifier)
            return f"{self.name('node', row.from_node_id)} – {self.name('node', row.to_node_id)}"
        return self.crossing_name(identifier) if kind == "crossing" else self.name(kind, identifier)

    @cached_property
    def journeys(self) -> pd.DataFrame:
        """Averages over routes used, for the zone pairs of the selected journeys."""
        means, legs = self.table("od"), self.table("leg")
        chosen = means.origin_zone_id.isin(set(legs.origin_zone_id))
        return means[chosen & means.destination_zone_id.isin(set(legs.destination_zone_id))]

    @cached_property
    def links(self) -> pd.DataFrame:
        """One row per link, both directions combined, indexed by ``link_id``."""
        frame = self.table("link")
        first = frame.drop_duplicates("link_id").set_index("link_id")
        sums = frame.groupby("link_id", sort=False)[["tonnes_per_year", "vehicles_per_day"]].sum()
        joined = first.drop(columns=["tonnes_per_year", "vehicles_per_day"]).join(sums)
        return joined.assign(tkm_per_year=joined.tonnes_per_year * joined.length_km)

    @cached_property
    def indicators(self) -> dict[str, tuple[float, str]]:
        """Value and unit of every indicator."""
        frame = self.table("indicator")
        return {
            str(name): (float(value), str(unit))
            for name, value, unit in zip(frame.indicator, frame.value, frame.unit, strict=True)
        }

    def value(self, indicator: str) -> float:
        """Return the value of an indicator; NaN if the result does not have it."""
        return self.indicators.get(indicator, (math.nan, ""))[0]

    @cached_property
    def _names(self) -> dict[str, dict[str, str]]:
        keys = {
            "node": "node_id",
            "zone": "zone_id",
            "commodity": "commodity_id",
            "crossing": "crossing_id",
            "measure": "measure_id",
            "terminal": "terminal_id",
            "corridor": "corridor_id",
        }
        names = {
            table: {str(row.get(key, "")): self.words.name(row, key) for row in records(self.table(table))}
            for table, key in keys.items()
        }
        # Trade has a sector of all that the study carries no freight of.
        names["commodity"].setdefault("other", self.words("trade_response.other"))
        boundaries = records(self.table("boundary"))
        names["boundary"] = {str(row["boundary_id"]): self.words.country_name(row) for row in boundaries}
        # Groups of countries that trade are no boundaries: the study names them.
        named = [*records(self.table("trade_partner")), *records(self.table("trade_country"))]
        groups = {str(row["country"]): self.words.name(row) for row in named}
        names["country"] = {code: name for code, name in groups.items() if name}
        names["country"] |= {str(row["country"]): self.words.country_name(row) for row in boundaries if row["country"]}
        return names

    def knows(self, kind: str, identifier: str) -> bool:
        """Whether there is a node, zone, commodity, crossing, terminal, measure, boundary or country of that id."""
        return identifier in self._names.get(kind, {})

    def name(self, kind: str, identifier: object) -> str:
        """Return the name of a node, zone, commodity, crossing, terminal, measure, boundary or country.

        Countries that the study does not name have the names of landlink; what has no name is its identifier.
        """
        own = self._names.get(kind, {}).get(str(identifier))
        known = self.words.country(str(identifier)) if kind == "country" and not own else ""
        return self.words.isolated(own or known or str(identifier))

    @cached_property
    def _places(self) -> dict[str, str]:
        """Names in the reader's language by the names that legs give places, zones among them."""
        named = (("zone", "zone_id"), ("node", "node_id"), ("terminal", "terminal_id"), ("crossing", "crossing_id"))
        rows = [(row, key) for table, key in named for row in records(self.table(table))]
        return {str(row.get("name") or row[key]): self.words.name(row, key) for row, key in rows if key in row}

    def place(self, name: str) -> str:
        """Return the name of a zone, node, terminal or crossing in the language, by the name that legs give it."""
        return self.words.isolated(self._places.get(name, name))

    def crossing_name(self, identifier: object) -> str:
        """Return the name of a crossing without the word "crossing", which tables state already."""
        return without_crossing(self.name("crossing", identifier))

    def countries(self, codes: str) -> str:
        """Return the names of a ``;``-separated list of countries."""
        return ", ".join(self.name("country", code) for code in str(codes).split(";") if code)

    def indicator_label(self, indicator: str) -> str:
        """Return the title of an indicator, in words."""
        return indicator_name(self, indicator)


def views_of(results: Sequence[ResultLike], words: Words, *, country: str = "") -> list[View]:
    """Create views of results with distinct labels.

    Parameters
    ----------
    results, words
        The results, and the reader's language.
    country
        Code or name, in any language, of the country that the report is about; empty for the region.

    Raises
    ------
    UnknownNameError
        No place of the results lies in such a country.
    """
    focus = _focus(results, country) if country else ""
    labels: list[str] = []
    for position, result in enumerate(results):
        label = _label(View(result, words))
        labels.append(f"{label} ({words.count(position + 1)})" if label in labels else label)
    long = len(labels) > 1 and max(map(len, labels)) > _LONG
    letters = [chr(ord("A") + position) if long and len(labels) <= 26 else "" for position in range(len(labels))]
    money = results[0].provenance.presentation.money if results else None
    return [
        View(result, words, words.isolated(label), letter, money, focus=focus)
        for result, label, letter in zip(results, labels, letters, strict=True)
    ]


def indicator_title(views: Sequence[View], indicator: str) -> str:
    """Title of an indicator in the words of the first result that has its place: the base may not have it yet."""
    place = indicator.partition("[")[2].rstrip("]").partition(",")[0]
    knowing = (view for view in views if any(view.knows(kind, place) for kind in ("terminal", "crossing")))
    return next(knowing, views[0]).indicator_label(indicator)


def _focus(results: Sequence[ResultLike], country: str) -> str:
    """Code of a country in which places of the results lie."""
    lying = (codes for one in results for codes in countries_of_places(one.tables).values())
    known = sorted(set[str]().union(*lying))
    return country_code(country, known, [pair for one in results for pair in study_names(one.tables)])


def with_key(caption: str, views: Sequence[View]) -> str:
    """Add the meaning of the letters in table headings to a caption."""
    key = _letters_of(views)
    return f"{caption}. {key}" if key else caption


def _letters_of(views: Sequence[View]) -> str:
    """List letters with the results they represent; empty if headings use labels."""
    return views[0].words("common.list_separator").join(view.titled for view in views if view.letter)


def baseline_of(views: Sequence[View], position: int) -> View | None:
    """Return the reference result for comparison.

    This is a result of the same year with a subset of the measures, or else the first result.
    """
    view = views[position]
    own = set(view.measure_ids)
    rivals = [
        (len(other.measure_ids), index)
        for index, other in enumerate(views)
        if index != position and other.year == view.year and set(other.measure_ids) < own
    ]
    if rivals:
        return views[min(rivals)[1]]
    return views[0] if position else None


def without_crossing(name: str) -> str:
    """Name of a crossing without the word "crossing" at its end."""
    return re.sub(r"\s+(border )?crossing( point)?(?=\u2069?$)", "", name)


def _floats(column: pd.Series) -> pd.Series:
    """Convert a column to floating-point numbers, with NaN for any kind of missing value."""
    numbers = pd.to_numeric(column, errors="coerce")
    return pd.Series(numbers.to_numpy(dtype=float, na_value=math.nan), index=column.index)


def _label(view: View) -> str:
    """Label of a result: the title of its scenario in the language, or else its measures and year."""
    words, presentation = view.words, view.provenance.presentation
    given = words.translated(presentation.labels, presentation.label)
    plain = " + ".join([str(view.year), *view.measure_ids])
    if given and given != plain:
        return given
    measures = [view.name("measure", measure) for measure in view.measure_ids]
    what = " + ".join(measures[-_TITLED:]) or words("common.without_measures")
    if len(measures) > _TITLED:
        what = words("common.and_more", names=what, count=words.count(len(measures) - _TITLED))
    return words.headed(words.year(view.year), what)
