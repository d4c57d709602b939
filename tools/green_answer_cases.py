"""Projects of the green answer and their solutions, with and without each: see :mod:`tools.green_answer`."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import landlink as ll
from landlink.appraisal.appraisal import Appraisal
from landlink.core.progress import Progress
from landlink.results.result import Result
from landlink.study.study import Scenario, Study

#: Years that are solved: the opening of the railway, and the last year of the demand.
YEARS: Final = (2030, 2040)
#: What is built in every case.
BASE, RAILWAY = "base-2030", "cku-railway"
#: What stands for the doubt whether the railway is taken more readily than the road beside it.
RELUCTANT: Final = "kashgar-reluctance-carries-over"
#: Draws of the inputs, and their seed.
TRIALS, SEED = 10_000, 1


@dataclass(frozen=True)
class Project:
    """What is appraised: measures, those that both cases have, and those of the base scenario that neither has."""

    name: str
    measures: tuple[str, ...]
    also: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    is_sampled: bool = False
    opening: int = YEARS[0]

    @property
    def years(self) -> tuple[int, ...]:
        """Years that are solved: the opening if it comes later than the first, and the last."""
        return self.opening, YEARS[-1]


PROJECTS: Final = (
    Project("railway, 4.7 bn", (RAILWAY,), is_sampled=True),
    Project("railway, 8 bn", ("cku-railway-523",)),
    Project("railway, reluctantly used", (RAILWAY,), also=(RELUCTANT,)),
    Project("posts Torugart and Irkeshtam", ("torugart-modernisation", "irkeshtam-modernisation"),
            without=("torugart-modernisation", "irkeshtam-modernisation")),
    Project("road Madaniyat–Jalal-Abad", ("madaniyat-jalal-abad-road",)),
    Project("road Osh–Batken–Isfana", ("osh-batken-isfana-road",)),
    Project("road Issyk-Kul north", ("issyk-kul-north-road",)),
    Project("road and post Bedel", ("bedel-road",)),
    Project("road Tashkent–Andijan", ("tashkent-andijan-toll-road",), opening=2032),
    Project("wires on the railway", ("cku-electrification",), also=(RAILWAY,), opening=2035),
    Project("wires Lugovaya–Bishkek", ("lugovaya-bishkek-electrification",), opening=2035),
    Project("Kambar-Ata-1", ("kambar-ata-1",), opening=2033),
    Project("sun Toru-Aigyr", ("toru-aigyr-solar",)),
    Project("sun Ysyk-Kol-1", ("ysyk-kol-1-solar",)),
    Project("wind Kok-Moinok", ("kok-moinok-wind",)),
)  # fmt: skip


@dataclass(eq=False)
class Solver:
    """Solves scenarios of the bundled study, each once.

    Parameters
    ----------
    folder
        Where results are kept from one run to the next; nowhere if ``None``.
    members
        Members of the calibrated ensemble.
    progress
        Told of each step.
    """

    folder: Path | None
    members: int
    progress: Progress | None = None
    study: Study = field(default_factory=lambda: ll.open_study("china-kyrgyzstan"))
    _found: dict[str, Result] = field(default_factory=dict)

    def scenario(self, measures: tuple[str, ...], year: int) -> Scenario:
        """The study with measures in a year."""
        return self.study.apply(*measures).at(year)

    def sides(self, project: Project) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Measures without and with a project."""
        common = self.study.scenario(BASE).measures
        without = (*(one for one in common if one not in project.without), *project.also)
        # The doubt about the railway says nothing where there is none, and needs the railway to be applied.
        with_it = (*without, *project.measures)
        if RELUCTANT in project.also:
            with_it = (*(one for one in without if one != RELUCTANT), *project.measures, RELUCTANT)
        return without, with_it

    def pair(self, project: Project, trade: str = "fixed") -> tuple[list[Result], list[Result]]:
        """Results without and with a project, of all years."""
        sides = self.sides(project)
        found = [
            [self.result(one, year, project.is_sampled and trade == "fixed", trade) for year in project.years]
            for one in sides
        ]
        return found[0], found[1]

    def result(self, measures: tuple[str, ...], year: int, is_sampled: bool, trade: str) -> Result:
        """A solved scenario; from its folder where it is kept."""
        name = "+".join([str(year), trade, *(["ensemble"] if is_sampled else []), *measures])
        if name in self._found:
            return self._found[name]
        kept = self.folder / name if self.folder else None
        if kept is not None and kept.is_dir():
            found = ll.open_result(kept)
        else:
            found = self._solve(self.scenario(measures, year), is_sampled, trade, kept)
            if kept is not None:
                found = ll.open_result(found.save(kept))
        self._found[name] = found
        return found

    def kept(self, name: str, scenario: Scenario) -> Result:
        """A scenario of another study than the bundled one, solved with fixed demand."""
        folder = self.folder / name if self.folder else None
        if folder is not None and folder.is_dir():
            return ll.open_result(folder)
        if name not in self._found:
            found = self._solve(scenario, False, "fixed", None)
            self._found[name] = ll.open_result(found.save(folder)) if folder is not None else found
        return self._found[name]

    def _solve(self, scenario: Scenario, is_sampled: bool, trade: str, kept: Path | None) -> Result:
        if is_sampled:
            members = kept.with_name(f"{kept.name}.members") if kept else None
            return ll.run_ensemble(scenario, members=self.members, folder=members, workers=1, progress=self.progress)
        options = ll.SolverOptions(trade=trade, trade_starts=1, require_convergence=True)  # type: ignore[arg-type]
        if trade == "fixed":
            return ll.solve(scenario, options=options, progress=self.progress)
        reference = self.result((), scenario.year, False, "fixed")
        return ll.solve(scenario, options=options, start=reference, trade_reference=reference, progress=self.progress)


def appraised(solver: Solver, project: Project, **asked: object) -> Appraisal:
    """Appraise a project with draws of its inputs."""
    return ll.appraise(*solver.pair(project), trials=TRIALS, seed=SEED, **asked)  # type: ignore[arg-type]
