"""Stages fitted to time stamps: service times with their law, shares of vehicles, servers, each with its uncertainty.

Service is the time from the begin to the end of a service; the wait before it is not part of it, and comes out of the
simulation. Nothing is left out in silence: every record is used, cut off, or counted under a reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from landlink.border.log_reading import StageLog
from landlink.border.service_laws import Law, fits_of_laws, frozen_law, law_p_value
from landlink.border.stage_passage import Passage, passage_at, servers_at_work
from landlink.core.arrays import Bools, Floats
from landlink.core.progress import Progress
from landlink.formats.authorship import csv_header_is
from landlink.tables.destinations import OutputFile

__all__ = ["STAGE_ROWS", "STAGE_ROW_COLUMNS", "Estimate", "StageEstimate", "fit_stages", "stage_rows"]

#: Fewest services to which a law is fitted.
LEAST: Final = 8
#: Two-sided normal quantile of 95 % intervals of shares.
_Z: Final = 1.959963984540054
#: Step of the logarithms by which scores and curvature of the likelihood are taken.
_STEP: Final = 1e-4


@dataclass(frozen=True)
class Estimate:
    """A value with a 95 % confidence interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.3g} ({self.low:.3g} to {self.high:.3g})"


@dataclass(frozen=True)
class StageEstimate:
    """What a log says of one stage.

    Attributes
    ----------
    stage
        Its identifier.
    direction
        ``ab``, ``ba`` or ``both``.
    mean_h, cv
        Service time; ``None`` with fewer than :data:`LEAST` services that ended.
    laws
        Laws fitted, the best first; empty likewise, and where all services take the same time.
    p_value
        Of the best law: the test of Anderson and Darling with a parametric bootstrap; NaN if there is none.
    share
        Share of the vehicles of its directions that pass it.
    passage
        Records used, cut off and left out, by the reason.
    servers
        Services at one time: the usual number while vehicles wait if ``servers_known``, else the most seen, which is a
        lower bound.
    servers_low, servers_high
        Range of the services at one time while vehicles wait: their 5th and 95th percentile by time.
    servers_known
        Whether vehicles were seen waiting, so that all servers were at work.
    wait_h
        Mean wait before the service, NaN if no arrivals were recorded.
    by_class
        Mean service time by vehicle class, where the log has classes.
    """

    stage: str
    direction: str
    mean_h: Estimate | None
    cv: Estimate | None
    laws: tuple[Law, ...]
    p_value: float
    share: Estimate
    passage: Passage
    servers: int
    servers_low: int
    servers_high: int
    servers_known: bool
    wait_h: float
    by_class: dict[str, Estimate]

    @property
    def law(self) -> str:
        """Law of the stage's row."""
        return self.laws[0].name if self.laws else "constant"


def fit_stages(
    log: StageLog, *, samples: int = 199, seed: int = 1, progress: Progress | None = None
) -> list[StageEstimate]:
    """Fit every stage of a log.

    Parameters
    ----------
    log
        Result of :func:`landlink.border.log_reading.read_log`.
    samples
        Samples of the bootstrap that tests the law.
    seed
        Of the bootstrap.
    progress
        Called after each stage.
    """
    found = []
    for number, name in enumerate(log.stages):
        found.append(_fitted(log, number, samples, seed))
        if progress is not None:
            progress(f"stage {name}", (number + 1) / len(log.stages))
    return found


def _fitted(log: StageLog, number: int, samples: int, seed: int) -> StageEstimate:
    passage = passage_at(log, number)
    hours, cut = passage.hours, passage.cut_off_h
    laws: list[Law] = []
    mean = cv = None
    p_value = np.nan
    if len(hours) >= LEAST and hours.std() > 1e-9 * hours.mean():
        laws = fits_of_laws(hours, cut)
        mean, cv = _intervals(laws[0], hours, cut)
        p_value = law_p_value(laws[0], _dithered(hours, log.resolution_h, seed), samples=samples, seed=seed)
    elif len(hours) >= LEAST:
        same = float(hours.mean())
        mean, cv = Estimate(same, same, same), Estimate(0.0, 0.0, 0.0)
    at_work = servers_at_work(log, number)
    return StageEstimate(
        stage=log.stages[number],
        direction=_direction(log, number),
        mean_h=mean,
        cv=cv,
        laws=tuple(laws),
        p_value=p_value,
        share=_share(passage.passed, passage.could_pass),
        passage=passage,
        servers=at_work.usual if at_work.known else at_work.most,
        servers_low=at_work.low,
        servers_high=at_work.high,
        servers_known=at_work.known,
        wait_h=float(passage.wait_h.mean()) if len(passage.wait_h) else np.nan,
        by_class=_by_class(log, passage),
    )


def _direction(log: StageLog, number: int) -> str:
    ways = set(log.direction[log.vehicle[log.stage == number]].tolist())
    return {frozenset((0,)): "ab", frozenset((1,)): "ba"}.get(frozenset(ways), "both")


def _share(passed: int, of: int) -> Estimate:
    """Share with the interval of Wilson (1927), which holds near 0 and 1 too."""
    share = passed / of
    middle = (share + _Z**2 / (2 * of)) / (1 + _Z**2 / of)
    half = _Z / (1 + _Z**2 / of) * np.sqrt(share * (1 - share) / of + _Z**2 / (4 * of**2))
    return Estimate(share, max(0.0, float(middle - half)), min(1.0, float(middle + half)))


def _intervals(law: Law, hours: Floats, cut: Floats) -> tuple[Estimate, Estimate]:
    """Intervals of mean and coefficient of variation, on a log scale.

    The wider of two: by the curvature of the likelihood, and by the sandwich of Huber (1967) and White (1982), which
    holds for large numbers also where the law is not the right one.
    """
    from scipy import stats  # noqa: PLC0415  slow to import

    at = np.log([law.mean_h, law.cv])
    free = 1 if law.name == "exponential" else 2

    def terms(point: Floats) -> Floats:
        frozen = _law_at(law.name, point)
        return np.concatenate([frozen.logpdf(hours), frozen.logsf(cut)])

    def moved(*steps: float) -> Floats:
        return at + np.pad(np.array(steps) * _STEP, (0, 2 - len(steps)))

    axes = np.eye(free)
    scores = np.column_stack([(terms(moved(*axis)) - terms(moved(*-axis))) / (2 * _STEP) for axis in axes])
    curvature = np.array(
        [
            [
                (
                    terms(moved(*(a + b))) - terms(moved(*(a - b))) - terms(moved(*(b - a))) + terms(moved(*(-a - b)))
                ).sum()
                / (4 * _STEP**2)
                for b in axes
            ]
            for a in axes
        ]
    )
    inverse = np.linalg.inv(curvature)
    spread = np.sqrt(np.maximum(np.diag(inverse @ (scores.T @ scores) @ inverse), -np.diag(inverse)))
    t = float(stats.t.ppf(0.975, max(len(hours) - free, 1)))
    low, high = np.exp(at[:free] - t * spread), np.exp(at[:free] + t * spread)
    mean = Estimate(law.mean_h, float(low[0]), float(high[0]))
    return mean, Estimate(1.0, 1.0, 1.0) if free == 1 else Estimate(law.cv, float(low[1]), float(high[1]))


def _law_at(name: str, point: Floats) -> Any:
    return frozen_law(name, float(np.exp(point[0])), float(np.exp(point[1])))


def _dithered(hours: Floats, resolution_h: float, seed: int) -> Floats:
    """Times without the ties of rounding, which a test would take for a misfit: noise of the size of a unit."""
    random = np.random.default_rng(seed)
    noise = random.uniform(-0.5, 0.5, len(hours)) + random.uniform(-0.5, 0.5, len(hours))
    return np.maximum(np.abs(hours + noise * resolution_h), 1e-9)


def _by_class(log: StageLog, passage: Passage) -> dict[str, Estimate]:
    """Mean service times of classes with enough services, with Student's interval."""
    from scipy import stats  # noqa: PLC0415  slow to import

    found = {}
    for number, name in enumerate(log.classes):
        own: Bools = log.kind[passage.vehicle] == number
        hours = passage.hours[own]
        if len(hours) >= LEAST:
            half = float(stats.t.ppf(0.975, len(hours) - 1)) * hours.std(ddof=1) / np.sqrt(len(hours))
            mean = float(hours.mean())
            found[name] = Estimate(mean, max(0.0, float(mean - half)), float(mean + half))
    return found


def stage_rows(found: list[StageEstimate], *, crossing_id: str, source: str, family: str = "road") -> pd.DataFrame:
    """Rows for the table ``stage`` of a study, of the stages whose service times could be fitted."""
    return pd.DataFrame(list(_rows(found, crossing_id, source, family)), columns=STAGE_ROW_COLUMNS)


STAGE_ROW_COLUMNS: Final = [
    "crossing_id", "family", "stage_id", "order", "direction", "servers", "law", "mean_h", "cv", "share", "quality",
    "source", "note",
]  # fmt: skip
#: The kind of file that rows for the table ``stage`` are.
STAGE_ROWS: Final = OutputFile("rows of stages", (".csv",), csv_header_is(STAGE_ROW_COLUMNS))


def _rows(found: list[StageEstimate], crossing_id: str, source: str, family: str) -> Iterator[dict[str, object]]:
    for order, one in enumerate(found, start=1):
        if one.mean_h is None or one.cv is None:
            continue
        counts = one.passage
        test = "" if np.isnan(one.p_value) else f" Anderson-Darling p {one.p_value:.2g}."
        servers = "" if one.servers_known else " Servers: the most seen at once, a lower bound."
        yield {
            "crossing_id": crossing_id,
            "family": family,
            "stage_id": one.stage,
            "order": order,
            "direction": one.direction,
            "servers": str(max(one.servers, 1)),
            "law": one.law,
            "mean_h": f"{one.mean_h.value:.4g}",
            "cv": "" if one.law in ("constant", "exponential") else f"{one.cv.value:.4g}",
            "share": f"{one.share.value:.4g}",
            "quality": "measured",
            "source": source,
            "note": f"Fitted to {len(counts.hours)} services, {len(counts.cut_off_h)} more cut off:"
            f" mean {one.mean_h} h, cv {one.cv}, share {one.share}.{test}{servers}",
        }
