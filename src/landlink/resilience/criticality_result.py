"""A criticality analysis: its tables, its map and its files."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

import pandas as pd

from landlink.core.currency import Currency
from landlink.core.display import DRAWINGS, html_of
from landlink.core.errors import InputError, Problem
from landlink.core.version import VERSION
from landlink.formats.excel import write_workbook
from landlink.formats.matrices import write_table
from landlink.formats.picture import Picture
from landlink.model.coupled_solution import CoupledSolution
from landlink.model.provenance import certified, provenance_of
from landlink.model.solve import result_of
from landlink.resilience.base import ShockBase
from landlink.resilience.closure_flow_schema import CLOSURE_FLOW_FILE, FLOW_UNITS
from landlink.resilience.closure_flows import closure_flow_table
from landlink.resilience.closure_losses import ClosureLosses
from landlink.resilience.criticality_notes import length_text
from landlink.resilience.criticality_schema import CRITICALITY_FILE, UNITS
from landlink.resilience.criticality_worst import changes, check_country, worst_for
from landlink.resilience.ranks import ranks_of
from landlink.resilience.topology import STEPS
from landlink.results.result import Result
from landlink.tables.destinations import write_by_ending

__all__ = ["Criticality"]


@dataclass(frozen=True, eq=False)
class Criticality:
    """What closures cost, and whom; made by :func:`landlink.criticality`.

    Attributes
    ----------
    table
        A row for each closure as a whole (``country`` empty), the worst first, and for each country that has a part in
        it; see :doc:`/criticality` for the columns.
    scenarios
        Losses of the scenario, and of that with the programme if there is one.
    days
        Days that places are closed.
    trade
        How demand responds in lost trade and real income: fixed, elastic or general.
    bases
        The undisturbed scenarios.
    title, money
        Title and currency of the study.
    notes
        What a reader should know.
    losses_of
        Country by whose own loss places are listed; everybody's if empty.
    within
        Countries in which or on whose borders places were closed; all if none is named.
    only
        Places that alone were closed, in the words of hazards; all if none is named.
    """

    table: pd.DataFrame
    scenarios: tuple[ClosureLosses, ...]
    days: float
    trade: str
    bases: tuple[ShockBase, ...]
    title: str
    money: Currency
    notes: tuple[str, ...] = field(default=())
    losses_of: str = ""
    within: tuple[str, ...] = ()
    only: tuple[str, ...] = ()

    def __repr__(self) -> str:
        first = self.scenarios[0]
        worst = first.places[int(first.order[0])].name if len(first.places) else "none"
        return f"Criticality({first.label!r}: {len(first.places)} closures {length_text(self.days)}, worst {worst})"

    def _repr_html_(self) -> str:
        return html_of(self)

    @cached_property
    def result(self) -> Result:
        """Result of the scenario undisturbed, or of that with the programme if there is one."""
        base, began = self.bases[-1], time.perf_counter()
        solution = CoupledSolution(base.summary, base.summary.equilibrium.iterations)
        certificate = certified(solution, base.options)
        provenance = provenance_of(
            base.scenario, base.options, certificate, solution, start="nothing", label=None, began=began
        )
        return result_of(base.scenario, solution, provenance)

    @property
    def places(self) -> pd.DataFrame:
        """Closures of single places as a whole, in the scenario and then with the programme, the worst first."""
        table = self.table
        return table[(table["country"] == "") & (table["with_row"] == "")].reset_index(drop=True)

    @property
    def countries(self) -> pd.DataFrame:
        """Parts of countries in closures of single places."""
        table = self.table
        return table[(table["country"] != "") & (table["with_row"] == "")].reset_index(drop=True)

    @property
    def pairs(self) -> pd.DataFrame:
        """Closures of pairs of places, the worst first."""
        return self.table[self.table["with_row"] != ""].reset_index(drop=True)

    @cached_property
    def flows(self) -> pd.DataFrame:
        """Crossings whose freight each closure changes: a row for each, the largest change of a closure first.

        Changes that are not known, or are a trace of what passes the closed place, are left out; the columns are
        described in :doc:`/criticality`.
        """
        return closure_flow_table(self.scenarios, self.days)

    @property
    def before_after(self) -> pd.DataFrame:
        """Added cost and rank of each place before and with the programme, the largest change first; with its interval.

        By the losses of the country of :attr:`losses_of`, if one was asked for.

        Raises
        ------
        InputError
            There is no programme.
        """
        return self.changes()

    def changes(self, country: str | None = None) -> pd.DataFrame:
        """:attr:`before_after`, by the losses of one country alone.

        Parameters
        ----------
        country
            The country by its code, everybody if empty; that of :attr:`losses_of` if none is named.

        Returns
        -------
        pandas.DataFrame
            See :func:`landlink.resilience.criticality_worst.changes`.

        Raises
        ------
        InputError
            There is no programme, or no zone lies in the country.
        """
        if len(self.scenarios) < 2:
            raise InputError(Problem("criticality", "there is no programme to compare", allowed="programme=..."))
        before, after = self.scenarios[:2]
        return changes(before, after, self._country(country))

    def worst(self, country: str | None = None) -> pd.DataFrame:
        """Closures of single places in each scenario, those first by which a country loses most.

        Parameters
        ----------
        country
            The country by its code, everybody if empty; that of :attr:`losses_of` if none is named.

        Returns
        -------
        pandas.DataFrame
            :attr:`places` for everybody; else the country's rows, ranked by its own loss, see
            :func:`landlink.resilience.criticality_worst.worst_for`.

        Raises
        ------
        InputError
            No zone lies in the country.
        """
        chosen = self._country(country)
        return worst_for(self.table, self.scenarios, chosen) if chosen else self.places

    def _country(self, country: str | None) -> str:
        chosen = self.losses_of if country is None else country
        check_country({name for one in self.scenarios for name in one.countries}, chosen)
        return chosen

    def _restrictions(self) -> list[tuple[str, str]]:
        """What was closed and sought, where not everything was, as lines of a workbook."""
        told = {
            "Only places in or at the border of": ", ".join(self.within), "Only the places": ", ".join(self.only),
            "Worst places by loss of": self.losses_of,
        }  # fmt: skip
        return [(name, value) for name, value in told.items() if value]

    @property
    def differing(self) -> pd.DataFrame:
        """Places that removal and rerouting ranks most differently from the equilibrium, and what makes the difference.

        Columns: table, row, name, rank, reroute_rank, added_cost_usd_per_day, reroute_usd_per_day, the steps between
        both, and ``reason``, the largest of these.

        Raises
        ------
        InputError
            The comparison was not asked for.
        """
        found = self.scenarios[0]
        topology = found.topology
        if topology is None:
            raise InputError(Problem("criticality", "topology was not compared", allowed="compare=True"))
        reroute_rank = ranks_of(topology.reroute, found.accuracy)
        rows = []
        for number in topology.differing:
            place, steps = found.places[number], topology.steps[number].tolist()
            rows.append(
                (*place.key, place.name, int(found.rank[number]), int(reroute_rank[number]), float(found.loss[number]),
                 float(topology.reroute[number]), *steps, topology.reason(number))
            )  # fmt: skip
        columns = [
            "table", "row", "name", "rank", "reroute_rank", "added_cost_usd_per_day", "reroute_usd_per_day",
            *(f"{name}_step_usd_per_day" for name in STEPS), "reason",
        ]  # fmt: skip
        return pd.DataFrame(rows, columns=columns)

    def map(self, *, language: str = "en", names: str = "") -> Picture:
        """Draw what the closure of each place costs on a map; with the programme if there is one.

        Parameters
        ----------
        language, names
            Languages of texts and of names, as for :func:`landlink.report`.

        Returns
        -------
        Picture
            A notebook shows it; ``picture.save("criticality.svg")`` writes it.

        Raises
        ------
        InputError
            The study has no locations.
        UnknownNameError
            There is no such language.
        """
        drawn: Picture = DRAWINGS["criticality"].draw(self, language=language, names=names)
        return drawn

    def save(self, path: str | os.PathLike[str], *, language: str = "en", names: str = "", force: bool = False) -> Path:
        """Write the analysis as a file, by the ending of its name.

        Parameters
        ----------
        path
            ``.csv``: the table, which a report may show; ``.parquet``: the same; ``.xlsx``: a workbook; ``.svg``: the
            map.
        language, names
            Languages of the map.
        force
            Whether to replace a file that landlink did not write.

        Raises
        ------
        OutputError
            The name has another ending, or the file cannot be written or holds something else.
        """
        writers: dict[str, Callable[[Path], object]] = {
            ".csv": lambda target: write_table(target, self.table),
            ".parquet": lambda target: write_table(target, self.table, mark="criticality"),
            ".xlsx": self._write_workbook,
            ".svg": lambda target: self.map(language=language, names=names).save(target, force=force),
        }
        return write_by_ending(path, CRITICALITY_FILE, writers, force=force)

    def _write_workbook(self, target: Path) -> None:
        sheets = {"places": self.places, "countries": self.countries, "pairs": self.pairs, "flows": self.flows}
        write_workbook(
            {name: frame.dropna(axis=1, how="all") for name, frame in sheets.items() if len(frame)},
            target,
            title=f"{self.title}: what closures cost",
            about=[
                *(("Scenario", one.title) for one in self.scenarios),
                ("Closed", length_text(self.days).removeprefix("of ")), *self._restrictions(),
                ("Trade", self.trade), ("Version", f"landlink {VERSION}"),
                *(("SHA-256 of the study", one.study_hash) for one in self.scenarios),
                *(("Note", note) for note in self.notes),
            ],
            # The same analysis gives the same bytes.
            created=datetime(self.scenarios[0].year, 7, 1, tzinfo=UTC),
            descriptions={
                "places": "Closures of single places; figures are those of a day while they last.",
                "countries": "Parts of countries in them.",
                "pairs": "Closures of two places at the same time.",
                "flows": "Crossings whose freight closures change.",
            },
            unit_of=lambda sheet, column: (FLOW_UNITS if sheet == "flows" else UNITS).get(column, ""),
        )  # fmt: skip

    def save_flows(self, path: str | os.PathLike[str], *, force: bool = False) -> Path:
        """Write :attr:`flows`, by the ending of the name, as ``.csv``, which a report may show, or ``.parquet``.

        Parameters
        ----------
        path
            The file.
        force
            Whether to replace a file that landlink did not write.

        Raises
        ------
        OutputError
            The name has another ending, or the file cannot be written or holds something else.
        """
        writers: dict[str, Callable[[Path], object]] = dict.fromkeys(
            CLOSURE_FLOW_FILE.suffixes, lambda target: write_table(target, self.flows, mark="closure_flow")
        )
        return write_by_ending(path, CLOSURE_FLOW_FILE, writers, force=force)
