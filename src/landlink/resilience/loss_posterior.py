"""What events cost in members of the study's posterior ensemble: the doubt about the calibration."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np

from landlink.core.arrays import Floats
from landlink.ensemble.members import Member
from landlink.ensemble.posterior import posterior_of
from landlink.ensemble.run import run_members
from landlink.freight.warm_start import WarmStart
from landlink.resilience.base import ShockBase
from landlink.resilience.figures import figure_names
from landlink.resilience.hazards import Hazards
from landlink.resilience.loss_events import EventLosses, EventPieces, shocks_of
from landlink.resilience.shock import Shock
from landlink.resilience.shock_work import ShockWork
from landlink.resilience.solved_shocks import Effort, SolvedShocks, described

__all__ = ["PosteriorShockWork", "posterior_events"]

#: Values of the parameters, in the order of their names, and a shock.
_Item: TypeAlias = tuple[tuple[tuple[str, float], ...], Shock]


@dataclass
class PosteriorShockWork:
    """Solves a shock with a member's values of the parameters.

    A process keeps the undisturbed freight of the member that it solved last. That starts from the same routes in every
    process, so that the figures do not depend on which process solves what.

    Attributes
    ----------
    base
        The undisturbed freight of the study as it stands.
    start
        Where the undisturbed freight of members starts.
    """

    base: ShockBase
    start: WarmStart
    _values: tuple[tuple[str, float], ...] = field(default=(), repr=False)
    _work: ShockWork | None = field(default=None, repr=False)

    def __call__(self, item: _Item) -> Floats:
        """Figures of a shock in a member."""
        values, shock = item
        if self._work is None or values != self._values:
            scenario = self.base.scenario
            mine = scenario.study.with_parameters(dict(values)).at(scenario.year)
            self._work = ShockWork(ShockBase.of(mine, self.base.options, start=self.start))
            self._values = values
        return self._work(shock)


def posterior_events(
    base: ShockBase, hazards: Hazards, pieces: EventPieces, figure: str, count: int, effort: Effort
) -> list[EventLosses]:
    """What events cost alone in each of some posterior members.

    Parameters
    ----------
    base
        The undisturbed freight of the study as it stands.
    hazards, pieces
        The hazards, and what their events disturb.
    figure
        The figure that is the cost.
    count
        Number of members.
    effort
        Where and by how many processes.

    Raises
    ------
    InputError
        The study has no posterior ensemble, or fewer members.
    EnsembleError
        Too many solves failed.
    """
    posterior = posterior_of(base.scenario.study).first(count)
    shocks = tuple(sorted(shocks_of(pieces)))
    items = [(_sorted(member.item), shock) for member in posterior.members for shock in shocks]
    runs = run_members(
        [Member(number, item) for number, item in enumerate(items)],
        PosteriorShockWork(base, base.start),
        effort.folder,
        run={**described(base, shocks), "draws": posterior.digest, "members": count},
        workers=effort.workers,
        progress=effort.progress,
        what="shock of posterior members",
    ).require(0.0)
    names, found = figure_names(base), []
    for values in np.split(runs.values, count):
        solved = SolvedShocks(shocks, names, values)
        a_day = solved.by_place(figure, base.accounts.countries)
        found.append(EventLosses.of(hazards, pieces, solved, a_day))
    return found


def _sorted(values: Mapping[str, float]) -> tuple[tuple[str, float], ...]:
    return tuple(sorted(values.items()))
