"""One crossing of a study, ready to be simulated."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from landlink.border.pipeline import Pipeline
from landlink.border.pipeline_tables import pipeline_of
from landlink.border.simulate import Simulation, simulate
from landlink.study import Study

__all__ = ["Crossing"]


@dataclass(frozen=True)
class Crossing:
    """A crossing of a study; :meth:`landlink.study.Study.crossing` makes one.

    Attributes
    ----------
    study
        The study, with measures applied.
    crossing_id, family
        Which crossing.
    """

    study: Study
    crossing_id: str
    family: str = "road"

    def pipeline(self, *, start: date | None = None, days: int = 35, load: float = 1.0) -> Pipeline:
        """Its stages, servers and vehicles over some days; from 1 June of the base year where no day is given.

        Raises
        ------
        InputError
            It has no stages, nobody comes, or the stretch is empty.
        """
        first = date(self.study.settings.base_year, 6, 1) if start is None else start
        return pipeline_of(self.study, self.crossing_id, start=first, days=days, family=self.family, load=load)

    def simulate(
        self,
        *,
        start: date | None = None,
        days: int = 28,
        warm_up_days: int = 7,
        replications: int = 10,
        load: float = 1.0,
        threads: int | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> Simulation:
        """Simulate it.

        Parameters
        ----------
        start
            First day that counts; 8 June of the base year where none is given.
        days, warm_up_days
            Days that count, and days simulated before them, since it begins empty.
        replications
            Independent repetitions. Draws come from the seed of the study.
        load
            Multiplies all arrivals.
        threads
            Repetitions side by side; the figures do not depend on it.
        progress
            Called with replications done and wanted.

        Raises
        ------
        InputError
            As :meth:`pipeline`; or no replication, or a warm-up below 0.

        Examples
        --------
        >>> import landlink as ll
        >>> found = ll.open_study("china-kyrgyzstan").crossing("torugart").simulate(days=7, replications=2)
        >>> found.unstable
        False
        """
        first = date(self.study.settings.base_year, 6, 8) if start is None else start
        begin = first - timedelta(days=max(warm_up_days, 0))
        return simulate(
            self.pipeline(start=begin, days=days + max(warm_up_days, 0), load=load),
            replications=replications,
            seed=self.study.settings.seed,
            warm_up_days=warm_up_days,
            threads=threads,
            progress=progress,
        )
