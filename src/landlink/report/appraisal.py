"""Section on costs and benefits: whether the plan is worth its cost, to whom, and how sure that is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from markupsafe import Markup

from landlink.appraisal.fair_shares import SHARE_NOTES
from landlink.core.errors import InputError
from landlink.report.appraisal_facts import AppraisalFacts, appraised
from landlink.report.appraisal_notes import note_items
from landlink.report.appraisal_pictures import country_bars, npv_distribution, npv_tornado, npv_waterfall
from landlink.report.appraisal_tables import (
    inputs_table,
    shares_table,
    summary_table,
    surplus_table,
    years_table,
)  # fmt: skip
from landlink.report.section import Section
from landlink.report.svg import join, tag
from landlink.report.tables import folded
from landlink.report.view import View

__all__ = ["section"]

#: Probabilities of a gain from which the sentence takes one side.
_SURE: Final = 0.9
#: Probability that is told only as being less, or more than all but it.
_LEAST: Final = 0.01


def section(views: Sequence[View]) -> Section | None:
    """Build the section; ``None`` where no measure with a cost is compared with a baseline."""
    facts, words = appraised(views), views[0].words
    if facts is None:
        return None
    if isinstance(facts, InputError):
        told = tag("span", str(facts.problems[0]), lang="en", dir="ltr")
        why = join([tag("p", words("appraisal.problem", problem="")), tag("p", told)])
        return Section("appraisal", words("appraisal.heading"), "", why)
    terms = facts.found.terms
    first, last, price_year = (words.year(year) for year in (terms.first_year, terms.last_year, terms.price_year))
    rate = words.percent(terms.rate_percent / 100, decimals=0 if terms.rate_percent == int(terms.rate_percent) else 1)
    solved = words("common.list_separator").join(words.year(year) for year in terms.solved_years)
    how = words(
        "appraisal.how", label=facts.view.label, before=facts.baseline, first=first, last=last, rate=rate,
        price_year=price_year, solved=solved,
    )  # fmt: skip
    body = [
        tag("p", words.sentences(how, words(f"appraisal.benefit_{terms.benefit}"))),
        summary_table(facts),
        npv_waterfall(facts),
        country_bars(facts),
        # Printed pages keep what answers; what it hangs on is for the screen.
        tag("div", npv_tornado(facts), npv_distribution(facts), class_="screen-only"),
        *(folded(words(f"appraisal.{key}"), content) for key, content in _details(facts).items() if content),
    ]
    return Section("appraisal", words("appraisal.heading"), finding(facts), join(body))


def _details(facts: AppraisalFacts) -> dict[str, Markup]:
    """Further tables by the key of their title."""
    notes = [note for note in facts.found.notes if note.code not in SHARE_NOTES]
    return {
        "shares": shares_table(facts),
        "surplus": surplus_table(facts),
        "inputs": inputs_table(facts),
        "years": years_table(facts),
        "notes": tag("ul", *note_items(notes, facts.words, facts.view.name)) if notes else Markup(""),
    }


def finding(facts: AppraisalFacts) -> str:
    """Whether the plan is worth its cost: the net present value, the rate of return, and how sure that is."""
    words = facts.words
    npv, low, high = facts.spread("npv_usd")
    told = {"npv": facts.money(npv, low, high), "rate": _rate_text(facts)}
    chance = facts.found.value("probability_npv_positive")
    key = "gain" if npv >= 0 else "loss"
    if not math.isfinite(chance):
        return words(f"appraisal.finding_{key}", **told)
    sure = "sure" if max(chance, 1 - chance) >= _SURE else "unsure"
    return words(f"appraisal.finding_{key}_{sure}", **told, chance=_chance_text(facts, chance))


def _chance_text(facts: AppraisalFacts, chance: float) -> str:
    """A probability in whole per cent; draws tell no more of one near 0 or 1 than on which side it is."""
    words = facts.words
    near = "below" if chance < _LEAST else "above" if chance > 1 - _LEAST else ""
    if not near:
        return words.percent(chance, decimals=0)
    return words(f"appraisal.chance_{near}", limit=words.percent(_LEAST if near == "below" else 1 - _LEAST, decimals=0))


def _rate_text(facts: AppraisalFacts) -> str:
    """Internal rate of return in words: one, none or several."""
    words, rate = facts.words, facts.spread("eirr_percent")[0]
    if math.isfinite(rate):
        return words("appraisal.rate_one", rate=words.percent(rate / 100, decimals=1))
    several = math.isfinite(facts.found.value("eirr_2_percent"))
    return words("appraisal.rate_several" if several else "appraisal.rate_none")
