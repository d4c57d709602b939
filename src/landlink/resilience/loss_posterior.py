"""What events cost in members of the study's posterior ensemble: the doubt about the calibration."""

from __future__ import annotations

from landlink.ensemble.posterior import posterior_of
from landlink.resilience.base import ShockBase
from landlink.resilience.figures import figure_names
from landlink.resilience.hazards import Hazards
from landlink.resilience.loss_events import EventLosses, EventPieces, shocks_of
from landlink.resilience.shock_members import ShockQuestion, member_runs
from landlink.resilience.shock_runs import ShockRuns, told
from landlink.resilience.solved_shocks import SolvedShocks

__all__ = ["posterior_events"]


def posterior_events(
    base: ShockBase, hazards: Hazards, pieces: EventPieces, figure: str, count: int, runs: ShockRuns
) -> tuple[tuple[int, ...], list[EventLosses]]:
    """What events cost alone in each of some posterior members, after the numbers of these, from 0.

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
    runs
        Where and how members are computed.

    Raises
    ------
    InputError
        The study has no posterior ensemble, or fewer members.
    EnsembleError
        Too many members failed.
    """
    posterior = posterior_of(base.scenario.study).first(count)
    shocks, names = tuple(sorted(shocks_of(pieces))), figure_names(base)
    described = {"shocks": told(shocks)}
    found = member_runs(
        base, ShockQuestion(shocks), posterior, runs, name="posterior", what="posterior member", described=described
    )
    solved = [SolvedShocks(shocks, names, values.reshape(len(shocks), len(names))) for values in found.values]
    countries = base.accounts.countries
    return found.ids, [EventLosses.of(hazards, pieces, one, one.by_place(figure, countries)) for one in solved]
