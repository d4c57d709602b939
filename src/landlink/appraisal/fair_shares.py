r"""Fair shares of the cost of a plan between countries, under a stated characteristic function.

Players are the countries that the plan needs: those in which it changes links or crossings, else those of the measure
or those that pay. All amounts are present values at the central inputs. :math:`b_i` is what a country gains, all groups
together, without the cost of the project :math:`C`.

- **Whole or nothing** (default): the project gives value only where all countries that it needs take part,
  :math:`v(N) = \max(0, \sum_i b_i - C)` and :math:`v(S) = 0` for any smaller coalition. Serving any of them costs the
  whole.
- **Re-solved**: :math:`v(S) = \max(0, \sum_{i \in S} b_i(S) - c(S))`, where :math:`b_i(S)` is what a member gains if
  the sections of the coalition alone are built, from a solution of its own, and :math:`c(S)` their cost.

Under a rule, a country bears: ``agreed``, its share of the table ``cost_share``, else what it pays by ``investment``;
``shapley``, its benefit less its Shapley value; ``scrb``, separable cost and its part of the remaining benefits.
Where the whole is worth less than it costs, the game has no gain to share, and ``shapley`` splits the loss: the value
of all is then taken as it is, below 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from landlink.appraisal.coalitions import (
    MOST_PLAYERS,
    least_subsidy,
    members,
    separable_costs_remaining_benefits,
    shapley,
)  # fmt: skip
from landlink.appraisal.costs import CostFlows
from landlink.appraisal.notes import Note
from landlink.appraisal.pairs import Pairs
from landlink.appraisal.series import Series
from landlink.core.arrays import Floats
from landlink.core.currency import USD, Currency
from landlink.results.result import Result
from landlink.study.appraisal_settings import AppraisalSettings
from landlink.tables.frames import numbers, texts
from landlink.tables.lists import split_list

__all__ = ["SHARE_NOTES", "Coalitions", "coalition_table", "cost_share_table", "sections_of"]

#: Codes of the notes on shares of the cost, which reports say beside their table.
SHARE_NOTES: Final = frozenset({"partners_lose", "others_gain", "others_lose"})
_WHOLE: Final = "value only where all of these countries take part"


@dataclass(frozen=True, eq=False)
class Coalitions:
    """Values of coalitions.

    Attributes
    ----------
    players
        Countries, in the order of the bits.
    benefit
        Present value of what the members of each coalition gain, USD; shape (2**players,).
    cost
        Present value of what their sections cost, USD; shape (2**players,).
    note
        How they were found.
    """

    players: tuple[str, ...]
    benefit: Floats
    cost: Floats
    note: str

    @property
    def value(self) -> Floats:
        """Value of each coalition, USD: no smaller one builds at a loss; shape (2**players,)."""
        net = self.benefit - self.cost
        found = np.maximum(net, 0.0)
        found[-1], found[0] = net[-1], 0.0
        return np.asarray(found)


def sections_of(base: Result, plan: Result) -> dict[str, float]:
    """Countries in which a plan changes the network, with the share of each in the changed length.

    Lengths of links in several countries are divided evenly. Where only crossings change, both of their countries
    count alike.
    """
    run, before = plan.provenance.run, base.provenance.run
    links = set(run.changed_links) - set(before.changed_links) or set(run.changed_links)
    table = plan.tables["link"].drop_duplicates("link_id")
    found: dict[str, float] = {}
    for name, country, km in zip(
        table["link_id"], texts(table, "country"), numbers(table, "length_km").tolist(), strict=True
    ):
        if name in links:
            for part in split_list(country):
                found[part] = found.get(part, 0.0) + km / len(split_list(country))
    if not found:
        crossings = set(run.changed_crossings) - set(before.changed_crossings) or set(run.changed_crossings)
        posts, table = {key.rpartition("/")[0] or key for key in crossings}, plan.tables["crossing"]
        for name, *sides in zip(
            *(texts(table, key) for key in ("crossing_id", "from_country", "to_country")), strict=True
        ):
            found |= dict.fromkeys(sides, 1.0) if name in posts or any(name == key for key in crossings) else {}
    total = sum(found.values())
    return {country: found[country] / total for country in sorted(found)} if total > 0 else {}


def cost_share_table(
    pairs: Pairs,
    costs: CostFlows,
    settings: AppraisalSettings,
    series: Series,
    given: Coalitions | None,
) -> tuple[list[Note], pd.DataFrame]:
    """What each country bears under several rules, and what a reader should know."""
    gains, total = series.by_country(settings.growth_percent)
    paid = _paid(pairs, costs, series)
    rows: list[tuple[str, str, float, float, str]] = [
        (country, "agreed", paid[country], gains.get(country, 0.0), "") for country in sorted(paid)
    ]
    if total <= 0:
        return [Note("no_cost_to_share")], _table(rows)
    players = given.players if given else _players(pairs, paid)
    if not 2 <= len(players) <= MOST_PLAYERS:
        return [Note("no_share_rules", most=MOST_PLAYERS, count=len(players))], _table(rows)
    benefits = np.array([gains.get(country, 0.0) for country in players])
    game = given or _whole(players, benefits, total)
    shared = benefits.sum() - game.cost[-1]
    values = game.value.copy()
    values[-1] = shared
    by_shapley = benefits - shapley(values)
    separable = separable_costs_remaining_benefits(game.cost, np.maximum(benefits, 0.0))
    for rule, borne in (("shapley", by_shapley), ("scrb", separable)):
        rows += [
            (country, rule, cost, gain, game.note)
            for country, cost, gain in zip(players, borne.tolist(), benefits.tolist(), strict=True)
        ]
    return _notes(paid, gains, players, pairs.plan[-1].currency), _table(rows)


def coalition_table(given: Coalitions | None) -> pd.DataFrame:
    """Values of coalitions that were solved; empty for whole or nothing."""
    columns = ["countries", "benefit_usd", "cost_usd", "value_usd", "note"]
    if given is None:
        return pd.DataFrame([], columns=columns).astype(dict.fromkeys(columns[1:4], float))
    inside = members(len(given.players))
    names = [";".join(np.array(given.players)[row]) for row in inside[1:]]
    parts = given.benefit[1:], given.cost[1:], given.value[1:]
    return pd.DataFrame(dict(zip(columns, [names, *parts, given.note], strict=True)))


def _paid(pairs: Pairs, costs: CostFlows, series: Series) -> dict[str, float]:
    """What each country bears as agreed: by ``cost_share`` where a measure has it, else as it is paid."""
    tables, flow = pairs.plan[-1].tables, costs.flow
    shares = tables.get("cost_share")
    discount = dict(zip(series.years.tolist(), series.discount.tolist(), strict=True))
    present = flow.assign(present=-flow["usd"] * flow["year"].map(discount))
    found: dict[str, float] = {}
    for measure, rows in present.groupby("measure_id", sort=True):
        agreed = None if shares is None else shares[shares["measure_id"] == measure]
        if agreed is not None and len(agreed):
            total = float(rows["present"].sum())
            parts: Mapping[str, float] = {
                str(country): share * total
                for country, share in zip(agreed["country"], numbers(agreed, "share").tolist(), strict=True)
            }
        else:
            parts = {str(country): float(value) for country, value in rows.groupby("country")["present"].sum().items()}
        for country, value in parts.items():
            found[country] = found.get(country, 0.0) + value
    return found


def _players(pairs: Pairs, paid: Mapping[str, float]) -> tuple[str, ...]:
    """Countries that the plan needs."""
    plan = pairs.plan[-1]
    needed = set(sections_of(pairs.base[-1], plan))
    table = plan.tables["measure"].set_index("measure_id")
    for name in pairs.measures:
        needed |= set(split_list(str(table["countries"].get(name, "") or "")))
    return tuple(sorted((needed | {country for country, cost in paid.items() if cost}) - {""}))


def _whole(players: Sequence[str], benefits: Floats, total: float) -> Coalitions:
    """The game in which only all together build."""
    size = 2 ** len(players)
    gain, cost = np.zeros(size), np.full(size, total)
    gain[-1], cost[0] = benefits.sum(), 0.0
    return Coalitions(tuple(players), gain, cost, _WHOLE)


def _table(rows: Sequence[tuple[str, str, float, float, str]]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["country", "rule", "cost_usd", "benefit_usd", "note"])
    table = table.astype({"cost_usd": float, "benefit_usd": float})
    needed = least_subsidy(table["benefit_usd"].to_numpy(), table["cost_usd"].to_numpy()).received
    net = table["benefit_usd"] - table["cost_usd"]
    columns = ["country", "rule", "cost_usd", "benefit_usd", "net_usd", "least_subsidy_usd", "note"]
    return table.assign(net_usd=net, least_subsidy_usd=needed)[columns]


def _notes(
    paid: Mapping[str, float], gains: Mapping[str, float], players: Sequence[str], money: Currency
) -> list[Note]:
    """Say who gains without a part in the cost, and what partners can give one another."""
    agreed = sorted(paid)
    found = least_subsidy([gains.get(one, 0.0) for one in agreed], [paid[one] for one in agreed])
    notes = []
    if found.received.sum() > 0:
        need = [
            (one, _millions(usd, money)) for one, usd in zip(agreed, found.received.tolist(), strict=True) if usd > 0
        ]
        partners, outside = (_millions(usd, money) for usd in (found.from_partners, found.from_outside))
        notes.append(Note("partners_lose", currency=money.code, need=need, partners=partners, outside=outside))
    others = sum(value for country, value in gains.items() if country not in players and country not in paid)
    if others:
        code = "others_gain" if others > 0 else "others_lose"
        notes.append(Note(code, millions=_millions(abs(others), money), currency=money.code))
    return notes


def _millions(usd: float, money: Currency) -> float:
    """An amount in millions of a currency."""
    return money.amount(usd, USD) / 1e6
