"""How well replays, ways round and the share over one crossing are known: their figures in posterior members.

Each member of the calibration has its own undisturbed freight, in which the same events strike for the same days and
the same ways round are looked for. So an interval carries the doubt about the parameters that the calibration
estimated, and that about elasticities where demand responds; what events close, for how long and how far, is the same
in all of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from landlink.core.arrays import Floats
from landlink.ensemble.posterior import Posterior
from landlink.freight.structure_indicators import EXPOSURES
from landlink.indicators.expressions import parse_expression
from landlink.indicators.registry import INDICATORS, TableView
from landlink.model.coupled_solution import CoupledSolution
from landlink.resilience.base import ShockBase
from landlink.resilience.member_ends import RATIOS, MemberFigures, market_keys, replay_keys
from landlink.resilience.output_tables import REDUNDANCY, REPLAY, ResilienceTables
from landlink.resilience.redundancy import redundancy_table
from landlink.resilience.replay import replay_of
from landlink.resilience.replay_tables import replay_table
from landlink.resilience.shock_members import member_runs
from landlink.resilience.shock_runs import ShockRuns, digest
from landlink.results.result_tables import LazyTables
from landlink.trade.modes import TradeMode

__all__ = ["FigureQuestion", "figures_of_members"]

#: Records of replays whose rows are the same in every member; the course has other times in each.
_RECORDS: Final = ("total", "country", "observed")
#: Tables that are made anew in each member.
_MADE: Final = frozenset({REPLAY.name, REDUNDANCY.name})


@dataclass(frozen=True)
class FigureQuestion:
    """Asks for replays of events, ways round and indicators of them.

    Attributes
    ----------
    events
        The events.
    trade
        How demand responds to the costs of their phases.
    rules
        Whether simulated crossings pass what the border rules of those days let pass.
    redundancy
        Whether ways round are looked for.
    rows, markets
        Keys of the rows of replays, and of markets, whose figures are asked for.
    names
        Indicators that are asked for.
    """

    events: tuple[str, ...] = ()
    trade: TradeMode = "fixed"
    rules: bool = False
    redundancy: bool = False
    rows: tuple[tuple[object, ...], ...] = ()
    markets: tuple[tuple[object, ...], ...] = ()
    names: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        base: ShockBase,
        frames: Mapping[str, pd.DataFrame],
        *,
        trade: TradeMode = "fixed",
        rules: bool = False,
        named: bool = True,
    ) -> FigureQuestion:
        """What is asked of members, so that all figures of some tables have intervals.

        Parameters
        ----------
        base
            The undisturbed freight of the study as it stands.
        frames
            Its tables of replays and of ways round, those that there are.
        trade, rules
            How its replays were made.
        named
            Whether indicators are asked for too.
        """
        replay, redundancy = frames.get(REPLAY.name), frames.get(REDUNDANCY.name)
        rows = () if replay is None else replay_keys(replay[replay["record"].isin(_RECORDS)])
        return cls(
            () if replay is None else tuple(dict.fromkeys(map(str, replay["event_id"]))),
            trade,
            rules,
            redundancy is not None,
            rows,
            () if redundancy is None else market_keys(redundancy),
            _indicators(_view(base, frames)) if named else (),
        )

    def __call__(self, base: ShockBase) -> Floats:
        """Figures of rows, of markets and of indicators, one after the other; shape (figures,).

        A time without an end, and a way that there is not, are infinite.
        """
        frames: dict[str, pd.DataFrame] = {}
        parts = []
        if self.events:
            replays = [replay_of(base, name, trade=self.trade, rules=self.rules, beside=False) for name in self.events]
            frames[REPLAY.name] = replay_table(replays)
            parts.append(self._of_rows(frames[REPLAY.name]))
        if self.redundancy:
            frames[REDUNDANCY.name] = redundancy_table(base)
            parts.append(self._of_markets(frames[REDUNDANCY.name]))
        view = _view(base, frames)
        terms = [parse_expression(name).terms[0] for name in self.names]
        parts.append(np.array([term.value(view) for term in terms], dtype=np.float64))
        return np.concatenate(parts)

    def _of_rows(self, table: pd.DataFrame) -> Floats:
        chosen = table[table["record"].isin(_RECORDS)]
        endless = chosen["model"].isna() & (chosen["record"] == "total")
        found = dict(zip(replay_keys(chosen), chosen["model"].where(~endless, np.inf), strict=True))
        return np.array([found.get(key, np.nan) for key in self.rows], dtype=np.float64)

    def _of_markets(self, table: pd.DataFrame) -> Floats:
        ratios = table[list(RATIOS)].fillna(np.inf).to_numpy(dtype=np.float64)
        found = dict(zip(market_keys(table), ratios, strict=True))
        missing = np.full(len(RATIOS), np.nan)
        return np.array([found.get(key, missing) for key in self.markets], dtype=np.float64).ravel()

    @property
    def told(self) -> dict[str, object]:
        """What the figures depend on, for whoever meets a folder of them."""
        return {
            "events": list(self.events),
            "trade": self.trade,
            "rules": self.rules,
            "redundancy": self.redundancy,
            "asked": digest([repr(self.rows), repr(self.markets), *self.names]),
        }


def figures_of_members(
    base: ShockBase, question: FigureQuestion, posterior: Posterior, runs: ShockRuns
) -> MemberFigures:
    """Ask the members of a posterior ensemble for figures.

    Parameters
    ----------
    base
        The undisturbed freight of the study as it stands.
    question
        What is asked.
    posterior
        The members.
    runs
        Where and how they are computed.

    Raises
    ------
    InputError
        The folder holds another run.
    EnsembleError
        Too many members failed.
    """
    what = "replays and ways round of member" if question.redundancy else "replay in member"
    found = member_runs(
        base, question, posterior, runs, name="figures", what=what,
        described=question.told,
    )  # fmt: skip
    return MemberFigures(question.rows, question.markets, question.names, found.ids, found.values)


def _view(base: ShockBase, frames: Mapping[str, pd.DataFrame]) -> TableView:
    settings = base.scenario.study.settings
    tables = LazyTables(base.scenario, *CoupledSolution(base.summary, 0).parts, ResilienceTables(frames))
    return TableView(tables, settings.pairs, settings.money)


def _indicators(view: TableView) -> tuple[str, ...]:
    """Indicators of tables that are made anew at all their places, and the shares over one crossing.

    Shares are those of every country, and those of commodities in the region.
    """
    found = [
        one.with_arguments(*place)
        for one in INDICATORS.values()
        if _MADE & set(one.tables)
        for place in one.places(view)
    ]
    for one in (INDICATORS[name] for name in EXPOSURES.values()):
        listed = () if one.listing is None else tuple(map(tuple, one.listing(view)))
        found += [one.with_arguments(*place) for place in one.places(view) if len(place) == 1 or place in listed]
    return tuple(dict.fromkeys(found))
