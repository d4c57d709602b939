"""What is computed for each member of a scenario: every indicator at every place, from a solve of its own."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from landlink.core.arrays import Floats
from landlink.core.errors import InputError, Problem
from landlink.freight.warm_start import WarmStart
from landlink.indicators.expressions import Term, parse_expression
from landlink.indicators.registry import INDICATORS, TableView
from landlink.model.options import SolverOptions
from landlink.model.solve import solve_flows
from landlink.results.result_tables import LazyTables
from landlink.study import Study
from landlink.tables.frames import texts

__all__ = ["ScenarioWork", "elasticity_draw", "indicator_names"]


def indicator_names(view: TableView, study: Study) -> tuple[str, ...]:
    """Names of all indicators at all places that a solved scenario has, and of those that the study names besides."""
    everywhere = (
        declared.with_arguments(*arguments)
        for declared in INDICATORS.values()
        for arguments in declared.places(view)
    )  # fmt: skip
    return tuple(dict.fromkeys([*everywhere, *_named(study)]))


def _named(study: Study) -> Iterator[str]:
    """Indicators that observations, the headline and doubts of a study refer to."""
    settings = study.settings
    named = [*texts(study.tables["observed"], "indicator"), settings.headline]
    named += [doubt.indicator for doubt in settings.doubts]
    for text in filter(None, named):
        for term in parse_expression(text).terms:
            yield term.indicator.with_arguments(*term.arguments)


@dataclass(frozen=True)
class ScenarioWork:
    """Solves a scenario with a member's values of the parameters; called with these, by parameter.

    Where demand responds to costs, each member has a draw of the elasticities too, so that the ensemble carries the
    doubt about both.

    Attributes
    ----------
    study, year
        The scenario.
    names
        Indicators whose values make the vector.
    options
        Accuracy and effort. A member that misses the gap fails.
    start
        Where each solve starts: the same for all, so that no member depends on another.
    """

    study: Study
    year: int
    names: tuple[str, ...]
    options: SolverOptions
    start: WarmStart | None = None

    def __call__(self, values: Mapping[str, float]) -> Floats:
        """Compute the values of all indicators; NaN where nothing flows that one could describe."""
        scenario = self.study.with_parameters(values).at(self.year)
        options = replace(self.options, threads=1, require_convergence=True, elasticity_draw=elasticity_draw(values))
        solution = solve_flows(scenario, options, start=self.start)
        settings = scenario.study.settings
        tables = LazyTables(scenario, *solution.parts)
        view = TableView(tables, settings.pairs, settings.money)
        found = np.array([term.value(view) for term in self._terms], dtype=np.float64)
        if (infinite := np.flatnonzero(np.isinf(found))).size:
            name = self.names[int(infinite[0])]
            raise InputError(Problem("indicator", "the value is not a finite number", name, value="infinite"))
        return found

    @cached_property
    def _terms(self) -> tuple[Term, ...]:
        return tuple(parse_expression(name).terms[0] for name in self.names)


def elasticity_draw(values: Mapping[str, float]) -> int:
    """Number of a member's draw of elasticities: the same in every scenario that it is solved for."""
    text = ";".join(f"{name}={values[name]!r}" for name in sorted(values))
    return int(hashlib.sha256(text.encode()).hexdigest()[:8], 16)
