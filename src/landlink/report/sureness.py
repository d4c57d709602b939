"""How sure a report's figures are, and why: agreement with observations, quality of data, range of the headline."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence

import pandas as pd

from landlink.freight.definitions import OVERLOADED
from landlink.indicators.observations import SCORED_ROLES, score
from landlink.report.fit_facts import fit_of
from landlink.report.inputs import headline_title, ranked
from landlink.report.misses import miss_sentence
from landlink.report.origin import quality_counts, rate_text
from landlink.report.subject import Subject
from landlink.report.validation import observations, tally
from landlink.report.view import View
from landlink.tables.frames import row_of

__all__ = ["agreement", "short_sureness", "sureness", "trust"]


def trust(within: int, checked: int) -> str:
    """Grade the model by validation: ``good`` from 80% within tolerance, ``fair`` from 50%, otherwise ``weak``.

    With fewer than five observations, the grade is ``unknown``.
    """
    if checked < 5:
        return "unknown"
    share = within / checked
    return "good" if share >= 0.8 else "fair" if share >= 0.5 else "weak"


def short_sureness(views: Sequence[View], subject: Subject) -> Iterable[str]:
    """Sentences of the first page: agreement, error, where it is large, what was left out, estimates, the interval."""
    words = views[0].words
    yield agreement(views)
    found = score(observations(views), SCORED_ROLES)
    fit = fit_of(views[0].result.tables, words)
    if found.rows and math.isfinite(found.factor):
        factor = words.number(found.factor, decimals=2 if found.factor < 10 else 0)
        yield words("first.factor", rows=words.count(found.rows), factor=factor)
    if fit is not None and math.isfinite(fit.score("held_out_all")):
        yield words("first.held_out", factor=fit.factor("held_out_all"))
    if miss := miss_sentence(views, subject):
        yield miss
    yield from _estimates(views[0])
    run = subject.view.posterior_run
    if run is not None:
        yield words("first.interval", members=words.count(run.members))
    else:
        yield words("first.no_interval" if fit is not None else "first.no_posterior")


def sureness(views: Sequence[View], sensitivity: pd.DataFrame | None) -> Iterable[str]:
    """Sentences on reliability: validation, data quality, overloads, sensitivity of the headline, relative gap."""
    view = views[0]
    words = view.words
    # The section on validation, which follows, begins with the errors.
    yield agreement(views)
    yield from _estimates(view)
    yield from _loads(views[-1])
    yield from _range(views, sensitivity)
    if view.currency.is_own:
        yield words("summary.currency", currency=view.currency.code, rate=rate_text(view))
    converged = [item.provenance.certificate.converged for item in views]
    yield words("summary.gap_met" if all(converged) else "summary.gap_missed")


def agreement(views: Sequence[View]) -> str:
    """Grade the agreement with observations in a sentence."""
    words, counts = views[0].words, tally(*views)
    if not counts.checked:
        calibrated = fit_of(views[0].result.tables, words) is not None
        return words("summary.checks_other_years" if calibrated else "summary.checks_none")
    grade = trust(counts.within, counts.checked)
    return words(f"summary.checks_{grade}", within=words.count(counts.within), checked=words.count(counts.checked))


def _estimates(view: View) -> Iterable[str]:
    words = view.words
    total: Counter[str] = sum(quality_counts(view).values(), Counter())
    if sum(total.values()):
        share = total["estimated"] / sum(total.values())
        yield words("summary.quality_weak" if share > 0.5 else "summary.quality_fair", share=words.percent(share))


def _loads(view: View) -> Iterable[str]:
    """Sentences on overloads, and on flows that are not determined."""
    words, over, left_open = view.words, view.table("overload"), view.by_direction()
    if len(over):
        worst = row_of(over, over.index[0])
        yield words(
            "summary.overloaded",
            count=words.count(len(over)),
            ratio=words.number(OVERLOADED, decimals=1),
            name=view.place_name(str(worst.kind), str(worst.place_id)),
            times=words.number(float(worst.ratio), decimals=1),
        )
    if left_open:
        yield words("summary.undetermined", count=words.count(len(left_open)))


def _range(views: Sequence[View], sensitivity: pd.DataFrame | None) -> Iterable[str]:
    words = views[0].words
    frame = ranked(sensitivity, words)
    if not len(frame):
        return
    unit = str(frame.unit.iloc[0]) if "unit" in frame else ""
    values = frame[["headline_low", "headline_high"]].to_numpy()
    yield words(
        "summary.range",
        headline=headline_title(frame, views[0]),
        base=words.quantity(float(frame.headline_base.iloc[0]), unit),
        low=words.quantity(float(values.min()), unit),
        high=words.quantity(float(values.max()), unit),
        input=str(frame.title.iloc[0]),
    )
