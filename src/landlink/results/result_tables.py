"""The tables of a newly solved result, each built on first access."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import pandas as pd

from landlink.indicators.observations import OBSERVED, observed_table
from landlink.indicators.registry import TableView
from landlink.indicators.table import INDICATOR, indicator_table
from landlink.results import calibration_tables
from landlink.results.calibration_tables import FittedStudy, fitted
from landlink.study.study import Scenario
from landlink.tables.column import Column, Table
from landlink.tables.lists import join_list
from landlink.tables.outputs import OUTPUTS, Output, copied
from landlink.tables.schemas import TABLES

__all__ = ["OUTPUT_TABLES", "LazyTables"]


class LazyTables(Mapping[str, pd.DataFrame]):
    """Every declared table whose inputs are available.

    Parameters
    ----------
    *parts
        Inputs of the tables: a scenario, its flow summary and others.
    """

    def __init__(self, *parts: object) -> None:
        study = next((part.study for part in parts if isinstance(part, Scenario)), None)
        view = TableView(self) if study is None else TableView(self, study.settings.pairs, study.settings.money)
        self._parts = (*parts, view) if study is None or not fitted(study) else (*parts, view, FittedStudy(study))
        self._outputs = {name: output for name, output in OUTPUTS.items() if self._given(output) is not None}
        self._made: dict[str, pd.DataFrame] = {}

    def _given(self, output: Output) -> list[object] | None:
        """Inputs of an output; ``None`` if one is missing, or if they have nothing to tell."""
        found = [[part for part in self._parts if isinstance(part, kind)] for kind in output.parts]
        given = [parts[0] for parts in found] if all(found) else None
        return None if given is None or (output.when is not None and not output.when(*given)) else given

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._made:
            output = self._outputs[name]
            self._made[name] = output.made_of(self._given(output) or ())
        return self._made[name]

    def __contains__(self, name: object) -> bool:
        # The default implementation would build the table.
        return name in self._outputs

    def __iter__(self) -> Iterator[str]:
        return iter(self._outputs)

    def __len__(self) -> int:
        return len(self._outputs)


ALTERNATIVE: Final = Table(
    "alternative",
    "Shipping alternatives in the choice set.",
    (
        Column("alternative", "text", "Identifier.", required=True, key=True),
        Column("modes", "list", "Modes that its routes may use."),
        Column("must_use", "list", "Modes of which its routes must use at least one link."),
    ),
)


def _alternatives(scenario: Scenario) -> pd.DataFrame:
    alternatives = scenario.study.settings.alternatives
    return pd.DataFrame(
        [{"alternative": a.id, "modes": join_list(a.modes), "must_use": join_list(a.must_use)} for a in alternatives]
    )


def _applied_measures(scenario: Scenario) -> pd.DataFrame:
    measures = scenario.study.tables["measure"]
    return measures.set_index("measure_id", drop=False).loc[list(scenario.measures)].reset_index(drop=True)


def _observed(scenario: Scenario, view: TableView) -> pd.DataFrame:
    return observed_table(scenario.tables["observed"], view, scenario.year)


def _indicators(view: TableView) -> pd.DataFrame:
    return indicator_table(view)


_ABOUT: Final[Iterable[Output]] = (
    Output(ALTERNATIVE, (Scenario,), _alternatives),
    Output(copied(TABLES["measure"]), (Scenario,), _applied_measures),
)

#: Tables that every result has, besides those of the floors.
OUTPUT_TABLES: Final = (
    Output(INDICATOR, (TableView,), _indicators, needed=True),
    Output(OBSERVED, (Scenario, TableView), _observed, needed=True),
    *_ABOUT,
    *calibration_tables.OUTPUT_TABLES,
)
