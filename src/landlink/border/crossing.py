"""A crossing of a study, and its simulation."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import pandas as pd

from landlink.border.crossing_names import find_crossing
from landlink.border.display import html_table, wrapped
from landlink.border.pipeline import Pipeline
from landlink.border.pipeline_builder import build_pipeline
from landlink.border.simulate import Simulation, simulate
from landlink.border.sizes import period_problems
from landlink.core.errors import InputError, Problem, UnknownNameError
from landlink.core.progress import Progress
from landlink.study import Study

__all__ = ["Crossing", "crossing"]


def crossing(study: Study, name: str, *, family: str = "road") -> Crossing:
    """Find a crossing of a study by its id or its name in any language.

    Parameters
    ----------
    study
        The study, with measures applied.
    name
        Identifier or name of the crossing; a prefix of a name is enough.
    family
        Family of modes at the crossing.

    Raises
    ------
    UnknownNameError
        No crossing has this name, or several have; or the crossing has no row for the family.

    Examples
    --------
    >>> import landlink as ll
    >>> ll.crossing(ll.open_study("china-kyrgyzstan"), "torugart").crossing_id
    'TORU'
    """
    found = Crossing(study, find_crossing(study, name), family)
    table = study.tables["crossing"]
    families = list(table.loc[table["crossing_id"] == found.crossing_id, "family"])
    if family not in families:
        message = "the crossing has no row for this family"
        raise UnknownNameError(Problem("crossing", message, found.crossing_id, "family", family, ", ".join(families)))
    return found


@dataclass(frozen=True, repr=False)
class Crossing:
    """A crossing of a study; :func:`landlink.crossing` finds one.

    Attributes
    ----------
    study
        The study, with measures applied.
    crossing_id, family
        Key of the crossing.
    """

    study: Study
    crossing_id: str
    family: str = "road"

    def pipeline(self, *, start: date | None = None, days: int = 35, load: float = 1.0) -> Pipeline:
        """Build the stages, servers and arrivals over some days.

        Parameters
        ----------
        start
            First day; 1 June of the base year by default.
        days
            Number of days.
        load
            Factor on all arrivals.

        Raises
        ------
        InputError
            The crossing has no stages or no arrivals, or the period is empty.
        """
        first = date(self.study.settings.base_year, 6, 1) if start is None else start
        return build_pipeline(self.study, self.crossing_id, start=first, days=days, family=self.family, load=load)

    def simulate(
        self,
        *,
        start: date | None = None,
        days: int = 28,
        warm_up_days: int = 7,
        replications: int = 10,
        load: float = 1.0,
        threads: int | None = None,
        progress: Progress | None = None,
    ) -> Simulation:
        """Simulate the crossing.

        Parameters
        ----------
        start
            First day that counts; 8 June of the base year by default.
        days, warm_up_days
            Days that count, and days simulated before them because the crossing starts empty.
        replications
            Independent repetitions; draws come from the seed of the study.
        load
            Factor on all arrivals.
        threads
            Replications run in parallel; results do not depend on it.
        progress
            Called after each replication.

        Raises
        ------
        InputError
            As for :meth:`pipeline`; or there is no replication, or the warm-up is negative.

        Examples
        --------
        >>> import landlink as ll
        >>> torugart = ll.crossing(ll.open_study("china-kyrgyzstan"), "torugart")
        >>> torugart.simulate(days=7, replications=2).unstable
        False
        """
        first = date(self.study.settings.base_year, 6, 8) if start is None else start
        if problems := period_problems(first, days, before=max(warm_up_days, 0)):
            raise InputError(problems)
        begin = first - timedelta(days=max(warm_up_days, 0))
        found = simulate(
            self.pipeline(start=begin, days=days + max(warm_up_days, 0), load=load),
            replications=replications,
            seed=self.study.settings.seed,
            warm_up_days=warm_up_days,
            threads=threads,
            progress=progress,
        )
        a, b = (str(self._own("crossing")[name].iloc[0]) for name in ("country_a", "country_b"))
        return replace(found, directions=(f"{a} to {b}", f"{b} to {a}"))

    def __repr__(self) -> str:
        stages = self._own("stage").sort_values("order", kind="stable")["stage_id"]
        classes = self._own("arrival")["vehicle_class"].unique()
        lines = [self._title()]
        if len(stages):
            lines += [f"{len(stages)} stages: {', '.join(stages)}", f"vehicle classes: {', '.join(classes)}"]
        else:
            lines.append("no stages: it has a fixed time and cannot be simulated")
        return "\n".join(wrapped(line, lines=4) for line in lines)

    def _repr_html_(self) -> str:
        stages = self._own("stage").sort_values("order", kind="stable")
        columns = ("stage_id", "direction", "servers", "mean_h")
        rows = [[str(cell) for cell in row] for row in stages[list(columns)].itertuples(index=False, name=None)]
        return html_table(self._title(), ("stage", "direction", "servers", "mean service, h"), rows)

    def _title(self) -> str:
        row = self._own("crossing").iloc[0]
        measures = f", with {', '.join(self.study.measures)}" if self.study.measures else ""
        name = row["name"] or self.crossing_id
        between = f"{row['country_a']} – {row['country_b']}"
        return f"Crossing {self.crossing_id} ({self.family}) of {self.study.path.name}: {name}, {between}{measures}"

    def _own(self, table: str) -> pd.DataFrame:
        """Rows of a table about this crossing."""
        frame = self.study.tables[table]
        return frame[(frame["crossing_id"] == self.crossing_id) & (frame["family"] == self.family)]
