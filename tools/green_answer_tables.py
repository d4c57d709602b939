"""Tables of the green answer: see :mod:`tools.green_answer`."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import pandas as pd

import landlink as ll
from landlink.appraisal.appraisal import Appraisal
from landlink.ensemble.ensemble import ensemble_of
from landlink.ensemble.quantiles import quantiles
from landlink.results.result import Result
from tools.green_answer_cases import SEED, TRIALS, Project, Solver, appraised
from tools.green_measures import rough
from tools.markdown import grid

#: Countries with a row of their own; all others are one row.
COUNTRIES: Final = ("CHN", "KGZ", "UZB", "KAZ", "TJK", "TKM")
GROUPS: Final = ("shippers", "operators", "governments", "climate", "safety")
RATES: Final = (3.0, 6.0, 9.0, 12.0)
_EMITTED: Final = "emissions.co2e_t_per_year"


def overview(found: Mapping[str, Appraisal]) -> Iterator[str]:
    """One row for each project."""
    heads = (
        "project", "opens", "costs, PV", "NPV", "P10 to P90", "EIRR, %", "P10 to P90", "FIRR, %", "BCR", "paid back after, years",
        "P(NPV > 0)", "Mt CO2e avoided", "P10 to P90",
    )  # fmt: skip
    yield from grid(heads, [_row(name, one) for name, one in found.items()], right=range(1, len(heads)))


def _row(name: str, found: Appraisal) -> tuple[str, ...]:
    value = found["summary"].set_index("quantity")
    paid = float(value.loc["payback_year", "value"]) - found.terms.opening
    return (
        name,
        str(found.terms.opening),
        millions(value.loc["costs_usd", "value"]),
        millions(value.loc["npv_usd", "value"]),
        _ends(value, "npv_usd", 1e6),
        rough(value.loc["eirr_percent", "value"]),
        _ends(value, "eirr_percent", 1.0),
        rough(value.loc["firr_percent", "value"]),
        rough(value.loc["bcr", "value"]),
        f"{paid:.0f}" if math.isfinite(paid) else "never",
        f"{value.loc['probability_npv_positive', 'value']:.2f}",
        rough(value.loc["abated_t", "value"] / 1e6),
        _ends(value, "abated_t", 1e6),
    )


def _ends(value: pd.DataFrame, quantity: str, scale: float) -> str:
    ends = [float(value.loc[quantity, end]) / scale for end in ("p10", "p90")]
    return " to ".join(map(rough, ends)) if all(map(math.isfinite, ends)) else "–"


def millions(usd: float) -> str:
    """Million USD to two digits."""
    return rough(float(usd) / 1e6)


def turning_table(found: Mapping[str, Appraisal]) -> Iterator[str]:
    """By how much an input of each project must change for its net present value to be 0, all others kept."""
    rows = [(name, *_turns(one["switching"])) for name, one in found.items()]
    yield from grid(("change in % at which the NPV is 0", "all costs", "revenue", "traffic", "value of CO2e"), rows, range(1, 5))


def _turns(table: pd.DataFrame) -> list[str]:
    change = {str(row["input"]): float(row["change_percent"]) for row in table.to_dict("records") if not row["note"]}
    spent = [name for name in table["input"] if name.startswith("investment[") and not _earns(name)]
    costs = change.get("all costs", change.get(spent[0], math.nan) if len(spent) == 1 else math.nan)
    earned = [change[name] for name in change if _earns(name)]
    ends = [costs, earned[0] if len(earned) == 1 else math.nan, change.get("traffic", math.nan),
            change.get("carbon_value", math.nan)]  # fmt: skip
    return [f"{one:+,.0f}".replace("-", "−") if math.isfinite(one) else "–" for one in ends]


def _earns(name: str) -> bool:
    return name.endswith(("/revenue]", "/electricity]", "/sales]"))


def railway_tables(solver: Solver, railway: Project, found: Mapping[str, Appraisal]) -> Iterator[str]:
    """What the railway's net present value consists of, who has it, who pays, and what would turn it."""
    cases = {name: one for name, one in found.items() if name.startswith("railway")}
    yield from ("### What the railway's net present value consists of", "", *_parts(cases), "")
    one = found[railway.name]
    yield from ("### Who gains and who pays, railway at 4.7 bn", "", *_by_country(one), "")
    yield from ("### Shares of the cost", "", *_shares(cases), "")
    yield from ("### What would turn the sign", "", *_switching(one), "")
    yield from ("### What the range of each input does", "", *_tornado(one), "")
    yield from ("### Other rates", "", *_rates(solver, railway), "")
    yield from ("### Traffic and users' surplus by year", "", *_growth(solver, railway, one), "")


def _present(found: Appraisal, column: str = "usd") -> pd.DataFrame:
    """Present values of every series."""
    factor = found["by_year"].set_index("year")["factor"]
    flow = found["flow"]
    return flow.assign(present=flow[column] * flow["year"].map(factor))


def _parts(cases: Mapping[str, Appraisal]) -> Iterator[str]:
    columns = {}
    for name, one in cases.items():
        present = _present(one)
        costs = present["item"].isin(["construction", "operation", "renewal", "residual"])
        columns[name] = pd.concat(
            [present[costs].groupby("item")["present"].sum(), _benefits(present[~costs])]
        )
    order = ("construction", "operation", "residual", "time", "reliability", "money", "other", "receipts", "climate", "safety")
    table = pd.DataFrame(columns).reindex(list(order)).fillna(0.0)
    named = {
        "other": "constants and variety",
        "money": "money, fees and taxes within",
        "receipts": "receipts of governments and operators",
        "climate": "climate, at the shadow price",
    }
    rows = [(named.get(str(name), str(name)), *(millions(usd) for usd in row)) for name, row in table.iterrows()]
    rows.append(("net present value", *(millions(usd) for usd in table.sum())))
    yield from grid(("present values, million USD", *cases), rows, right=range(1, len(cases) + 1))


def _benefits(present: pd.DataFrame) -> pd.Series[float]:
    """Present values of benefits by part: what shippers pay in fees, taxes and charges is within their money."""
    shippers = present["group"] == "shippers"
    paid = shippers & present["item"].isin(["fees", "taxes", "charges", "carbon_payment"])
    part = present["item"].mask(paid, "money").where(shippers, present["group"])
    part = part.replace({"governments": "receipts", "operators": "receipts"})
    return present.groupby(part)["present"].sum()


def _by_country(found: Appraisal) -> Iterator[str]:
    table = found["by_country"]
    country = table["country"].where(table["country"].isin(COUNTRIES), "others")
    sums = table.groupby([country, "group"])["present_value_usd"].sum().unstack().fillna(0.0)
    costs = _present(found).loc[lambda one: one["item"].isin(["construction", "operation", "residual"])]
    borne = costs.groupby("country")["present"].sum()
    rows = []
    for name in (*COUNTRIES, "others"):
        row = sums.loc[name]
        cost = float(borne.get(name, 0.0))
        ends = [row[f] for f in GROUPS]
        rows.append((name, *(millions(usd) for usd in ends), millions(cost), millions(row.sum())))
    rows.append(("all", *(millions(sums[group].sum()) for group in GROUPS), millions(borne.sum()), millions(found.npv)))
    heads = ("present values, million USD", *GROUPS, "of which cost", "net")
    yield from grid(heads, rows, right=range(1, len(heads)))


def _shares(cases: Mapping[str, Appraisal]) -> Iterator[str]:
    rows = []
    for name, found in cases.items():
        table = found["cost_share"].set_index(["rule", "country"])
        for country in dict.fromkeys(found["cost_share"]["country"]):
            agreed = table.loc[("agreed", country)]
            fair = [millions(table.loc[(rule, country), "cost_usd"]) for rule in ("agreed", "shapley", "scrb")]
            needed = millions(agreed["least_subsidy_usd"])
            rows.append((name, str(country), millions(agreed["benefit_usd"]), *fair, millions(agreed["net_usd"]), needed))
    heads = ("case", "country", "benefit", "cost as agreed", "Shapley", "SCRB", "net as agreed", "least subsidy")
    yield from grid(heads, rows, right=range(2, len(heads)))


def _switching(found: Appraisal) -> Iterator[str]:
    rows = [
        (f"`{row['input']}`", _amount(row["input"], row["value"]), _amount(row["input"], row["switching_value"]),
         f"{row['change_percent']:+.0f} %" if math.isfinite(row["change_percent"]) else "", str(row["note"]))
        for row in found["switching"].to_dict("records")
    ]  # fmt: skip
    yield from grid(("input", "value", "at which the NPV is 0", "change", "note"), rows, right=(1, 2, 3))


def _amount(name: str, value: float) -> str:
    """A cost in million USD; a factor or a growth as it is."""
    return millions(value) if abs(value) > 1e4 else rough(value)


def _tornado(found: Appraisal) -> Iterator[str]:
    rows = [
        (f"`{row['input']}`", _amount("", row["low"]), _amount("", row["high"]), millions(row["npv_low_usd"]),
         millions(row["npv_high_usd"]))
        for row in found["tornado"].to_dict("records")
    ]  # fmt: skip
    yield from grid(("input", "low", "high", "NPV at low", "NPV at high"), rows, right=range(1, 5))


def _rates(solver: Solver, railway: Project) -> Iterator[str]:
    rows = []
    for rate in RATES:
        found = appraised(solver, railway, rate=rate)
        value = found["summary"].set_index("quantity")
        chance = f"{value.loc['probability_npv_positive', 'value']:.2f}"
        rows.append((f"{rate:g} %", millions(found.npv), _ends(value, "npv_usd", 1e6), chance))
    yield from grid(("rate", "NPV", "P10 to P90", "P(NPV > 0)"), rows, right=range(1, 4))


def _growth(solver: Solver, railway: Project, found: Appraisal) -> Iterator[str]:
    base, plan = solver.pair(railway)
    surplus = found["surplus"].set_index(["year", "method", "part"])["usd"]
    rows = []
    for without, with_it in zip(base, plan, strict=True):
        year = with_it.provenance.run.year
        total = surplus.loc[(year, "logsum", "total")]
        parts = [rough(100 * surplus.loc[(year, "logsum", part)] / total) for part in ("money", "time", "resistance")]
        rows.append(
            (
                str(year),
                *_of_members(without, with_it, "crossing.tonnes_per_year[TORU,rail]", 1e6),
                f"{with_it.indicator('country.transit_tonnes_per_year[KGZ,rail]') / 1e6:.1f}",
                f"{(with_it.indicator('crossing.tonnes_per_year[KHOR,rail]') - without.indicator('crossing.tonnes_per_year[KHOR,rail]')) / 1e6:.1f}",
                *_of_members(without, with_it, "total.expected_cost_musd_per_year", -1.0),
                millions(surplus.loc[(year, "half", "total")]),
                *parts,
            )
        )  # fmt: skip
    heads = (
        "year", "railway, Mt", "members", "of it transit, Mt", "Khorgos by rail, Mt", "surplus, million USD", "members",
        "rule of half", "money, %", "time, %", "reluctance, %",
    )  # fmt: skip
    yield from grid(heads, rows, right=range(1, len(heads)))


def _of_members(without: Result, with_it: Result, name: str, scale: float) -> tuple[str, str]:
    """A difference of the results, and P10 and P90 of that of their members."""
    change = (with_it.indicator(name) - without.indicator(name)) / scale
    one, other = ensemble_of(without), ensemble_of(with_it)
    assert one is not None  # noqa: S101  the railway is solved with its members
    assert other is not None  # noqa: S101  likewise
    ends = quantiles(other.differences(one, name)[1].reshape(-1, 1) / scale).ravel()
    return rough(change), " to ".join(rough(end) for end in sorted((float(ends[0]), float(ends[2]))))


def emission_table(base: Sequence[Result], plan: Sequence[Result]) -> Iterator[str]:
    """Emissions by country, without and with the railway."""
    rows = []
    for country in (*COUNTRIES, ""):
        name = f"{_EMITTED}[{country}]" if country else _EMITTED
        cells = []
        for without, with_it in zip(base, plan, strict=True):
            change, ends = _of_members(without, with_it, name, 1e3)
            cells += [f"{without.indicator(name) / 1e3:,.0f}", f"{with_it.indicator(name) / 1e3:,.0f}", change, ends]
        rows.append((country or "all countries", *cells))
    years = [one.provenance.run.year for one in plan]
    heads = ("kt CO2e a year", *(f"{year}{what}" for year in years for what in ("", ", with it", ", change", ", members")))
    yield from grid(heads, rows, right=range(1, len(heads)))


def income_table(solver: Solver, railway: Project) -> Iterator[str]:
    """The railway with trade in general equilibrium: either measure of the gain, never their sum."""
    pair = solver.pair(railway, "general")
    fixed = appraised(solver, railway)
    rows = [("users' surplus, demand fixed", *_gains(fixed))]
    for benefit, name in (("users", "users' surplus, trade responds"), ("income", "real income, trade responds")):
        rows.append((name, *_gains(ll.appraise(*pair, benefit=benefit, trials=TRIALS, seed=SEED))))
    heads = ("million USD", *(f"{year}" for year in fixed.terms.solved_years), "China", "Kyrgyzstan", "Uzbekistan", "others", "NPV", "EIRR, %")
    yield from grid(heads, rows, right=range(1, len(heads)))


def _gains(found: Appraisal) -> list[str]:
    """Gains of shippers in solved years, their present values by country, and the outcome."""
    flow = found["flow"].loc[lambda flow: flow["group"] == "shippers"]
    yearly = flow.groupby("year")["usd"].sum()
    table = found["by_country"].loc[lambda table: table["group"] == "shippers"].set_index("country")["present_value_usd"]
    named = [float(table.get(name, 0.0)) for name in ("CHN", "KGZ", "UZB")]
    value = found["summary"].set_index("quantity")["value"]
    cells = [*(yearly[year] for year in found.terms.solved_years), *named, float(table.sum()) - sum(named), found.npv]
    return [*map(millions, cells), rough(value["eirr_percent"])]
