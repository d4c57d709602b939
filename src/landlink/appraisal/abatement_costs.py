"""What measures cost a year: investment spread over the life of each, at a discount rate, operation included."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from landlink.appraisal.cash_flow import check_rate, equivalent_annual_cost, periods_of, present_value
from landlink.appraisal.costs import cost_flows
from landlink.appraisal.notes import Note
from landlink.study.study import Study
from landlink.tables.frames import is_missing, numbers, records

__all__ = ["MeasureCost", "measure_costs"]

#: Items that are spent once or from time to time.
_INVESTMENT: Final = ("construction", "renewal")
#: Item that is earned.
_REVENUE: Final = "revenue"


@dataclass(frozen=True, slots=True)
class MeasureCost:
    """What a measure costs.

    Attributes
    ----------
    annual_usd
        Constant amount at the end of each year of its life that is worth as much as all of its costs.
    revenue_usd
        The same of what its rows of ``investment`` say that it earns; ``None`` if they say nothing.
    investment_usd
        What is built or renewed, undiscounted.
    life_years
        Its life: the longest of what is built for it.
    notes
        What had to be assumed.
    """

    annual_usd: float
    revenue_usd: float | None
    investment_usd: float
    life_years: int
    notes: tuple[Note, ...] = ()


def measure_costs(study: Study, measures: Sequence[str], rate: float) -> dict[str, MeasureCost]:
    """Costs of measures, each over its own life, in economic prices of the price year.

    Parameters
    ----------
    study
        The study; see :func:`landlink.appraisal.costs.cost_flows` for how its costs are laid out.
    measures
        The measures.
    rate
        Discount rate a year, as a fraction.

    Raises
    ------
    InputError
        The rate cannot discount, or a price index or exchange rate is missing.
    """
    check_rate(rate)
    settings, lives = study.settings.appraisal, _lives(study)
    found = {}
    for measure in measures:
        life = lives.get(measure, settings.horizon_years)
        flows = cost_flows(
            study.tables,
            [measure],
            replace(settings, horizon_years=life),
            base_year=study.settings.base_year,
            money=study.settings.money,
        )
        frame = flows.flow
        before = flows.openings[measure] - 1
        periods = periods_of(frame["year"].to_numpy(), before, "mid" if settings.timing == "mid" else "end")
        worth = present_value(numbers(frame, "usd"), rate, periods)
        earned = (frame["item"] == _REVENUE).to_numpy(dtype=bool)
        spent, revenue = (
            float(equivalent_annual_cost(float(worth[rows].sum()), rate, life)) for rows in (~earned, earned)
        )
        built = frame[frame["item"].isin(_INVESTMENT)]
        notes = [one.note for one in flows.assumptions if one.code not in ("even_split", "no_country")]
        notes += [] if measure in lives else [Note("no_life", ("measure", measure), years=life)]
        income = revenue if earned.any() else None
        found[measure] = MeasureCost(-spent, income, -float(built["usd"].sum()), life, tuple(notes))
    return found


def _lives(study: Study) -> dict[str, int]:
    """Life of each measure that has one: the longest of its construction."""
    found: dict[str, int] = {}
    for row in records(study.tables["investment"]):
        if row["kind"] == "construction" and not is_missing(row["life_years"]):
            name = str(row["measure_id"])
            found[name] = max(found.get(name, 1), round(float(row["life_years"])))
    return found
