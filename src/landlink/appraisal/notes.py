"""Notes on appraisals and abatement curves: sentences in English that can also be said in other languages.

Every note has a code and the facts that it tells. Its text is the English sentence; faces that speak other languages
write their own sentence of the code from the same facts.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final, Self

from landlink.core.countries import country_name
from landlink.ensemble.digits import rounded
from landlink.study.solve_reads import REASONS

__all__ = ["FACTS", "SENTENCES", "Note", "note_of", "payer_name"]

#: Sentence of each code; places are facts.
SENTENCES: Final[Mapping[str, str]] = MappingProxyType(
    {
        # What is compared.
        "no_settings": "the results carry no settings of appraisal: those of landlink stand in (docs: appraisal)",
        "unconverged": "relative gap {gap} misses its target, and benefits are differences of its costs",
        "rate_fraction": "the discount rate is in per cent: {rate} is {rate} %, not {other} %",
        "no_effect": "the measures change no cost of shippers in the solved years",
        "no_effect_why": "the measures change no cost of shippers in the solved years ({reasons})",
        # Years.
        "late_opening": (
            "{measures} opens after {year}, the first solved year: between solved years benefits are linear; solve the"
            " year of the opening too"
        ),
        "early_opening": "measures open from {first} on: benefits count from {year}, when all of them are open",
        "before_first": "benefits of {first} to {last} are those of {year}, the first solved year",
        # Climate and energy.
        "no_emissions": "the results have no table of emissions: the climate is left out",
        "no_carbon_value": (
            "the study gives no shadow price of carbon (table carbon_value): tonnes avoided are not valued"
        ),
        "unpriced_countries": "no shadow price of carbon in {countries}: their tonnes are not valued",
        "plants_end": (
            "what its plants spare the grids counts up to {year}, the last year in which they are run"
        ),
        "unpriced_energy": "no price of {carriers}: what is saved of it is not valued",
        # Costs that are assumed.
        "no_cost": "no cost is known: it counts as free",
        "price_year": "its cost is taken to be in prices of {year}",
        "operation_share": "operation and maintenance cost {percent} of the capital cost a year",
        "no_rows": "it has no rows in investment: its cost_musd is spent evenly over the years before it opens",
        "construction_years": "construction takes {years} years",
        "even_split": "the cost is split evenly between {countries}",
        "no_country": (
            "no country is said to pay (the column country of investment, cost_share, or countries of the measure says"
            " who); its cost stands beside those of countries"
        ),
        "life_ends": "the life of {item} ends in {year}, and nothing renews it before {last}",
        "no_life": "no life is given: {years} years, as the horizon of appraisals",
        # Members of ensembles.
        "some_ensembles": "some of the results have no ensemble: those of the others are left out",
        "demand_responds": (
            "demand responds: benefits by member are not the fall of their expected cost, and ensembles are left out"
        ),
        "other_draws": "the ensembles of base and plan are not of the same draws: they are left out",
        "no_member_surplus": (
            "there is no surplus by which members could be measured: only their tonnes of CO2 equivalent differ"
        ),
        "no_member_tonnes": (
            "members of the ensembles have no emissions: their tonnes differ as the surplus of shippers does"
        ),
        "members_paired": (
            "benefits differ between {count} members of the ensembles, paired; each scales all benefits that depend"
            " on the traffic by the ratio of its users' surplus, and tonnes of CO2 equivalent by its own"
        ),
        # Surplus of shippers.
        "one_result_only": (
            "{markets} markets are served in one result only ({before} t/year before, {after} t/year after): they have"
            " no cost in the other, and no surplus is counted for them"
        ),
        "quadrature_elasticity": (
            "demand moves for other reasons than its own cost: its area is a quadrature by the elasticity that its two"
            " ends show"
        ),
        "quadrature_straight": (
            "demand moves for other reasons than its own cost: its area is a quadrature by a straight line"
        ),
        "half_undefined": (
            "the rule of half is not defined for {markets} markets ({tonnes} t/year), which have an alternative in one"
            " result only (Nellthorp & Hyman 2001)"
        ),
        # Shares of the cost.
        "no_cost_to_share": "the project costs nothing: there is no cost to share",
        "no_share_rules": "shapley and scrb need 2 to {most} countries, and the plan is in {count}",
        "partners_lose": (
            "what partners lose under the agreed split, million {currency}: {need}; partners that gain can give"
            " {partners} of it, others would have to give {outside}"
        ),
        "others_gain": "countries without a part in the cost gain {millions} million {currency} in all",
        "others_lose": "countries without a part in the cost lose {millions} million {currency} in all",
        # Abatement curves.
        "left_out": "{measure} is left out: it cannot be combined with {other_measure}",
        "within_accuracy": "what it abates is within the accuracy of the solves, {tonnes} t",
        "unpriced_carriers": (
            "energy without a price (price_usd_per_unit of the table carrier) saves no money: {carriers}"
        ),
    }
)  # fmt: skip

#: Kind of each fact, by which it is written in every language.
FACTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        **dict.fromkeys(("year", "first", "last"), "year"),
        **dict.fromkeys(("markets", "count", "most", "years", "before", "after", "tonnes"), "count"),
        **dict.fromkeys(("rate", "other"), "number"),
        **dict.fromkeys(("millions", "partners", "outside"), "rough"),
        **dict.fromkeys(("measure", "other_measure"), "measure"),
        **dict.fromkeys(("item", "currency"), "text"),
        "percent": "percent", "gap": "gap", "measures": "measures", "countries": "countries", "carriers": "carriers",
        "need": "need", "reasons": "reasons",
    }
)  # fmt: skip


class Note(str):
    """A sentence in English that knows its code and facts.

    Parameters
    ----------
    code
        Key of :data:`SENTENCES`.
    about
        Kind and value of what the sentence is about, which stands before it: ``("measure", id)``, ``("year", year)``
        or ``("result", label)``.
    facts
        What stands in its places, by kind (:data:`FACTS`): numbers as they are, identifiers, or sequences of them.

    Examples
    --------
    >>> Note("life_ends", ("measure", "railway"), item="track", year=2049, last=2059)
    'railway: the life of track ends in 2049, and nothing renews it before 2059'
    """

    __slots__ = ("about", "code", "facts")

    code: str
    about: tuple[str, Any] | None
    facts: Mapping[str, Any]

    def __new__(cls, code: str, about: tuple[str, Any] | None = None, **facts: Any) -> Self:
        """Write the sentence in English."""
        text = SENTENCES[code].format_map({name: _ENGLISH[FACTS[name]](value) for name, value in facts.items()})
        note = super().__new__(cls, text if about is None else f"{about[1]}: {text}")
        note.code, note.about, note.facts = code, about, MappingProxyType(facts)
        return note

    def __reduce__(self) -> tuple[Callable[..., Note], tuple[dict[str, Any]]]:
        """What it is made of, for copies and other processes."""
        return note_of, (self.record(),)

    def record(self) -> dict[str, Any]:
        """What it is made of, as JSON can hold it."""
        return {"code": self.code, "about": self.about, "facts": dict(self.facts), "text": str(self)}

    def headed(self, kind: str, value: Any) -> Note:
        """The same sentence, about something."""
        return Note(self.code, (kind, value), **self.facts)


def note_of(record: Mapping[str, Any]) -> Note:
    """The note of a record; see :meth:`Note.record`."""
    about = record["about"]
    return Note(record["code"], None if about is None else (about[0], about[1]), **record["facts"])


def payer_name(code: str) -> str:
    """English name of a country that pays, or what is said where none is named."""
    return country_name(code) or code or "no country named"


def _listed(values: Sequence[Any]) -> str:
    return ", ".join(map(str, values))


def _rough(value: float) -> str:
    """An amount to two digits."""
    place = math.floor(math.log10(abs(value))) - 1 if value else 0
    return f"{rounded(value, place):,.{max(0, -place)}f}"


def _reason(cell: Sequence[str]) -> str:
    place, reason, detail = cell
    return f"{place}: {REASONS[reason].format(detail=detail)}"


#: How English writes each kind of fact.
_ENGLISH: Final[Mapping[str, Callable[[Any], str]]] = {
    "year": lambda value: f"{value:g}",
    "count": lambda value: f"{value:,.0f}",
    "number": lambda value: f"{value:g}",
    "rough": _rough,
    "percent": lambda value: f"{value:g} %",
    "gap": lambda value: f"{value:.1e}",
    "measure": str,
    "text": str,
    "measures": _listed,
    "countries": _listed,
    "carriers": _listed,
    "need": lambda value: ", ".join(f"{payer_name(country)} {_rough(amount)}" for country, amount in value),
    "reasons": lambda value: "; ".join(map(_reason, value)),
}
