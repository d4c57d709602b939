"""What a choice of response sites is worth, in sentences."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from landlink.resilience.response_schema import LIFE_YEARS, saved_as_agreed
from landlink.tables.frames import Row, records
from landlink.tables.lists import split_list

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from landlink.report.view import View

__all__ = ["NEXT_TO_NOTHING", "objective_key", "sharing_sentence", "units_sentence"]

#: Share of what keeping units costs below which what sharing them saves is next to nothing.
NEXT_TO_NOTHING: Final = 0.01
_UNIT: Final = "million USD"
#: Millions from which an amount is said in millions.
_MILLIONS: Final = 0.1


def units_sentence(view: View, total: Row) -> str:
    """Say how many units there are and are best, how soon they come, what that saves, and whether it pays."""
    words = view.words
    told = words(
        "security.units", name=words.name(total, "row"), now=words.plain(float(total["units_now"])),
        chosen=words.plain(float(total["units"])), hours_now=words.rough_number(float(total["hours_now"])),
        hours=words.rough_number(float(total["hours"])),
    )  # fmt: skip
    return words.sentences(told, *_worth(view, total))


def _worth(view: View, total: Row) -> Iterator[str]:
    """Say what units save and cost; nothing of those that do neither."""
    words, worth = view.words, float(total["worth_usd_per_year"]) / 1e6
    keeping, cost = (float(total.get(f"added_{what}_musd_per_year", math.nan)) for what in ("keeping", "cost"))
    saved, once, kept = (
        _money_a_year(view, worth),
        _money(view, float(total["cost_musd"])),
        _money_a_year(view, keeping),
    )
    if math.isnan(worth):  # of those who help people
        if cost > 0:
            yield words("security.units_cost", cost=once, keeping=kept)
    elif math.isnan(cost):  # a table of before there were these columns
        if worth > 0:
            yield words("security.units_worth", worth=saved, cost=once)
    elif worth > 0 or cost > 0:
        yield words("security.units_worth_keeping", worth=saved, cost=once, keeping=kept)
        key = "security.pays" if worth >= cost else "security.pays_not"
        yield words(key, cost=_money_a_year(view, cost), years=words.plain(LIFE_YEARS))


def _money(view: View, musd: float) -> str:
    """An amount of million USD in the currency of the study; a small one not in millions."""
    unit = _UNIT if abs(musd * view.currency.factor(_UNIT)) >= _MILLIONS else "USD"
    usd = musd if unit == _UNIT else 1e6 * musd
    return view.words.rough(usd * view.currency.factor(unit), view.unit(unit))


def _money_a_year(view: View, musd: float) -> str:
    """The same for each year."""
    return view.words("shell.a_year_of", unit=_money(view, musd))


def sharing_sentence(view: View, rows: pd.DataFrame) -> str:
    """Say what it saves that countries let each other's units in, and who has to for the best.

    Parameters
    ----------
    view
        The result of the scenario, for its currency and words.
    rows
        Rows of one kind of units, those of sharing among them.
    """
    words, cases = view.words, rows[rows["record"] == "sharing"]
    total = records(rows[rows["record"] == "total"])[0]
    by_case = {str(row["case"]): row for row in records(cases[cases["case"].isin(["nobody", "everybody"])])}
    saved = float(by_case["nobody"]["refusing_costs"])
    if not saved > 0:
        return words("security.sharing_none")
    told = [words("security.sharing_worth", saved=_amount(view, rows, total, saved))]
    countries = set(cases.loc[cases["case"] == "alone", "row"])
    shared = split_list(str(total["shared"] or ""))
    agreed = _pairs(view, [pair for pair in shared if countries.issuperset(pair.split("-"))])
    if agreed:
        best = float(by_case["everybody"]["value"])
        saved = saved_as_agreed(str(total["objective"]), float(total["value"]), best, saved)
        told.append(words("security.sharing_agreed", pairs=agreed, saved=_amount(view, rows, total, saved)))
    keeping = float(total["cost_musd_per_year"])
    if _by_money(total) and saved / 1e6 < NEXT_TO_NOTHING * keeping:
        told.append(words("security.sharing_little", cost=_money_a_year(view, keeping)))
    needed = _pairs(view, [str(row["row"]) for row in records(cases[cases["needed"].astype(bool)])])
    if needed:
        told.append(words("security.sharing", pairs=needed))
    return words.sentences(*told)


def _pairs(view: View, pairs: list[str]) -> str:
    named = [" – ".join(view.name("country", code) for code in pair.split("-")) for pair in pairs]
    return view.words("common.list_separator").join(named)


def _by_money(total: Row) -> bool:
    """Whether the objective is money lost in a year."""
    return total["objective"] == "median" and math.isfinite(float(total["worth_usd_per_year"]))


def _amount(view: View, rows: pd.DataFrame, total: Row, value: float) -> str:
    """A difference of the objective with its unit."""
    if _by_money(total):
        return _money_a_year(view, value / 1e6)
    words, places = view.words, rows[rows["record"] == "place"]
    key = objective_key(
        str(total["objective"]), by_money=math.isfinite(float(total["worth_usd_per_year"])),
        by_events=bool((places["hazard_id"].astype(str) != "").any()),
    )  # fmt: skip
    unit = words(f"shell.{key}", unit="USD", within=words.plain(float(total["within_h"])))
    return f"{words.rough_number(value)} {unit}"


def objective_key(objective: str, *, by_money: bool, by_events: bool) -> str:
    """Message, of the group ``shell``, of the unit of an objective.

    Parameters
    ----------
    objective
        ``median``, ``cover`` or ``centre``.
    by_money
        Whether an hour of delay is counted in money.
    by_events
        Whether else it is counted by events, and not by freight.
    """
    if objective == "centre":
        return "last_place"
    if by_money:
        return "a_year_of" if objective == "median" else "money_within"
    if objective == "median":
        return "hours_waiting" if by_events else "hours_freight"
    return "events_within" if by_events else "freight_within"
