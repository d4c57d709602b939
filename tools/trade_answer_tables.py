"""Tables of the trade answer: see :mod:`tools.trade_answer`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import numpy as np
import pandas as pd

import landlink as ll
from landlink.tables.frames import Tables
from tools.markdown import grid
from tools.trade_answer_cases import Case, income, income_interval
from tools.trade_answer_published import means, published_tables

COUNTRIES: Final = ("KGZ", "UZB", "KAZ", "TJK", "TKM", "CHN")
PARTNERS: Final = ("CHN", "RUS", "XEU", "KAZ", "UZB", "TUR")

#: Scenarios that answer one question each, and are left out of tables of all.
VARIANTS: Final = ("faster", "every project", "railway, coal as mining")
#: Effects that the tables show: scenario, and what it is compared with.
EFFECTS: Final = {
    "railway, border of 2026": ("railway", "base"),
    "border of 2019": ("border 2019", "border 2020"),
    "border of 2026": ("base", "border 2020"),
    "railway, border of 2020": ("railway, border 2020", "border 2020"),
    "railway and border of 2019": ("railway, border 2019", "border 2020"),
}


def all_tables(cases: Mapping[str, Case], held: Tables) -> Iterator[str]:
    """All tables; ``held`` are those of the railway at the delays of the base scenario."""
    base, railway = cases["base"], cases["railway"]
    yield from ("### Solutions", "", *_solutions(cases), "")
    yield from ("### Posts between Kyrgyzstan and China", "", *_posts(cases), "")
    yield from ("### Countries", "", *_countries(cases), "")
    yield from ("### Kyrgyzstan by partner", "", *_partners(cases))
    yield from ("### Kyrgyzstan by commodity", "", *_goods(base, railway), "")
    yield from ("### Another elasticity of coal", "", *_coal(cases), "")
    yield from ("### Transit", "", *_transit(cases), "")
    yield from ("### Shipments", "", *_shipments(base, railway), "")
    yield from ("### The railway in steps", "", *_steps(base, railway), "")
    yield from ("### What congestion takes back", "", *_congestion(base, railway, held), "")
    yield from ("### Beside published figures", "", *published_tables(cases), "")


def _solutions(cases: Mapping[str, Case]) -> Iterator[str]:
    rows = []
    for name, case in cases.items():
        run = case.result.provenance.trade
        assert run is not None  # noqa: S101  it was solved with trade
        gap = case.result.provenance.certificate.relative_gap
        rows.append((name, str(run.rounds), f"{gap:.0e}", f"{run.flow_change:.0e}", f"{run.cost_change:.0e}"))
    yield from grid(
        ("scenario", "rounds", "relative gap", "flows within", "trade costs within"), rows, right=range(1, 5)
    )


def _posts(cases: Mapping[str, Case]) -> Iterator[str]:
    rows = []
    for name, case in cases.items():
        crossing = case.result["crossing"]
        cells = []
        for post in ("TORU", "IRKE"):
            ways = crossing[(crossing["crossing_id"] == post) & (crossing["family"] == "road")]
            inward = ways[ways["direction"] == "ba"]
            cells += [
                f"{ways['tonnes_per_year'].sum() / 1e6:.2f}",
                f"{ways['vehicles_per_day'].max():.0f}",
                f"{inward['time_h'].max():.0f}",
            ]
        rows.append((name, *cells, f"{case.result.indicator('crossing.tonnes_per_year[TORU,rail]') / 1e6:.1f}"))
    heads = (
        "scenario",
        *(f"{post}, {what}" for post in ("Torugart", "Irkeshtam") for what in ("Mt", "vehicles/day each way", "h in")),
        "railway, Mt",
    )
    yield from grid(heads, rows, right=range(1, 8))


def _countries(cases: Mapping[str, Case]) -> Iterator[str]:
    heads = ("effect", "country", "exports", "imports", "balance, M USD", "real income", "90 %")
    rows = []
    for effect, (after, before) in EFFECTS.items():
        one, other = cases[before], cases[after]
        low, high = income_interval(one, other)
        for country in COUNTRIES:
            was, now = one.of_country(country), other.of_country(country)
            balance = (now["balance_usd_per_year"] - was["balance_usd_per_year"]) / 1e6
            rows.append(
                (
                    effect,
                    country,
                    _change(was["exports_usd_per_year"], now["exports_usd_per_year"]),
                    _change(was["imports_usd_per_year"], now["imports_usd_per_year"]),
                    f"{balance:+,.0f}",
                    f"{income(one, other)[country]:+.3f} %",
                    f"{low[country]:+.3f} to {high[country]:+.3f}",
                )
            )
    yield from grid(heads, rows, right=range(2, 7))


def _partners(cases: Mapping[str, Case]) -> Iterator[str]:
    for flow in ("exports", "imports"):
        rows = []
        for partner in (*PARTNERS, "all"):
            changes = [_trade(cases[after], flow, partner) - _trade(cases[one], flow, partner)
                       for after, one in EFFECTS.values()]  # fmt: skip
            cells = [f"{change / 1e6:+,.0f}" for change in changes]
            rows.append((partner, f"{_trade(cases['base'], flow, partner) / 1e6:,.0f}", *cells))
        yield from grid((f"{flow}, M USD", "base", *EFFECTS), rows, right=range(1, 7))
        yield ""


def _trade(case: Case, flow: str, partner: str, country: str = "KGZ") -> float:
    own, other = ("exporter", "importer") if flow == "exports" else ("importer", "exporter")
    mine = case.flows[case.flows.index.get_level_values(own) == country]["value_usd_per_year"]
    return float(mine.sum() if partner == "all" else mine[mine.index.get_level_values(other) == partner].sum())


def _goods(base: Case, railway: Case) -> Iterator[str]:
    exports = pd.DataFrame(
        {name: case.flows.loc["KGZ", "value_usd_per_year"] for name, case in (("base", base), ("railway", railway))}
    )
    tonnes = pd.DataFrame(
        {name: case.flows.loc["KGZ", "tonnes_per_year"] for name, case in (("base", base), ("railway", railway))}
    )
    values, weights = (table.groupby("commodity_id").sum() for table in (exports, tonnes))
    order = (values["railway"] - values["base"]).abs().sort_values(ascending=False).index
    rows = [
        (
            str(good),
            *(f"{values.loc[good, name] / 1e6:,.0f}" for name in ("base", "railway")),
            *(f"{values.loc[good, name] / values[name].sum():.1%}" for name in ("base", "railway")),
            *(f"{weights.loc[good, name] / 1e6:.2f}" for name in ("base", "railway")),
        )
        for good in order[:8]
    ]
    heads = ("exports", "M USD", "with the railway", "share", "with it", "Mt", "with it")
    yield from grid(heads, rows, right=range(1, 7))
    yield ""
    concentration = [
        (what, *(f"{hhi(exports[name].groupby(level).sum()):.3f}" for name in ("base", "railway")))
        for what, level in (("goods", "commodity_id"), ("partners", "importer"))
    ]
    yield from grid(("concentration (Herfindahl) of exports", "base", "railway"), concentration, right=(1, 2))


def hhi(values: pd.Series[float]) -> float:
    """Herfindahl–Hirschman index: the sum of squared shares."""
    return float(((values / values.sum()) ** 2).sum())


def _coal(cases: Mapping[str, Case]) -> Iterator[str]:
    base = cases["base"]
    rows = []
    for name in ("railway", "railway, coal as mining"):
        case = cases[name]
        sold = case.flows.sort_index().loc[("KGZ", "CHN", "coal")]
        assert case.solution.trade is not None  # noqa: S101  it was solved with trade
        sigma = case.solution.trade.elasticities.sigma[case.result["commodity"]["commodity_id"].tolist().index("coal")]
        exports = [one.flows.loc["KGZ", "value_usd_per_year"].groupby("commodity_id").sum() for one in (base, case)]
        rows.append(
            (
                name,
                f"{sigma:.1f}",
                f"{sold['tonnes_per_year'] / 1e6:.2f}",
                _change(exports[0].sum(), exports[1].sum()),
                _change(exports[0].drop("coal").sum(), exports[1].drop("coal").sum()),
                f"{income(base, case)['KGZ']:+.3f} %",
            )
        )
    heads = ("scenario", "sigma", "coal to China, Mt", "exports", "other exports", "real income")
    yield from grid(heads, rows, right=range(1, 6))


def _transit(cases: Mapping[str, Case]) -> Iterator[str]:
    names = [name for name in cases if name not in VARIANTS]
    rows = [
        (
            country,
            *(
                f"{cases[name].result.indicator(f'country.transit_tonnes_per_year[{country}]') / 1e6:.1f}"
                for name in names
            ),
        )
        for country in ("KGZ", "UZB", "KAZ", "TKM")
    ]
    yield from grid(("Mt a year", *names), rows, right=range(1, len(names) + 1))


def _shipments(base: Case, railway: Case) -> Iterator[str]:
    rows = []
    for exporter, importer in (("CHN", "KGZ"), ("CHN", "UZB"), ("CHN", "TJK"), ("KGZ", "CHN"), ("KGZ", "RUS")):
        cells = []
        for column in ("time_h", "money_usd_per_t", "generalised_cost_usd_per_t"):
            cells += [f"{value:,.0f}" for value in means(base, railway, column, exporter, importer)]
        rows.append((f"{exporter} to {importer}", *cells))
    heads = ("shipments, weighted by value", "hours", "with it", "USD/t", "with it", "generalised USD/t", "with it")
    yield from grid(heads, rows, right=range(1, 7))


def _steps(base: Case, railway: Case) -> Iterator[str]:
    names = (
        "crossing.tonnes_per_year[TORU,rail]",
        "crossing.tonnes_per_year[TORU,road]",
        "crossing.tonnes_per_year[IRKE,road]",
        "crossing.tonnes_per_year[KHOR,rail]",
        "crossing.tonnes_per_year[DOST,rail]",
        "mode.tonnes_per_year[road]",
        "total.tonnes_per_year",
        "total.tkm_per_year",
        "total.mean_time_h",
        "country.exports_tonnes_per_year[KGZ]",
        "country.imports_tonnes_per_year[KGZ]",
    )
    known = [name for name in names if np.isfinite(base.result.indicator(name))]
    found = ll.decompose_effect(base.result, railway.result, known)
    rows = [
        (f"`{name}`", *(_figure(value, row["unit"]) for value in row.iloc[:-1]), _unit(row["unit"]))
        for name, row in found.wide.iterrows()
    ]
    yield from grid(
        ("indicator", *(str(name).replace("_", " ") for name in found.wide.columns)), rows, right=range(1, 7)
    )


def _figure(value: float, unit: str) -> str:
    scale = {"t/year": 1e6, "tkm/year": 1e9}.get(unit, 1.0)
    return f"{round(value / scale, 2) + 0.0:,.2f}"


def _unit(unit: str) -> str:
    return {"t/year": "Mt/year", "tkm/year": "bn tkm/year"}.get(unit, unit)


def _congestion(base: Case, railway: Case, held: Tables) -> Iterator[str]:
    free = held["trade_country"].set_index("country")
    rows = []
    for country in COUNTRIES:
        was, now = base.of_country(country), railway.of_country(country)
        loose = {str(name): float(value) for name, value in free.loc[country].items()}
        gains = [100 * ((1 + one["real_income_percent"] / 100) / (1 + was["real_income_percent"] / 100) - 1)
                 for one in (loose, now)]  # fmt: skip
        trade = [sum(one[f"{flow}_usd_per_year"] - was[f"{flow}_usd_per_year"] for flow in ("exports", "imports")) / 1e6
                 for one in (loose, now)]  # fmt: skip
        rows.append(
            (
                country,
                *(f"{value:+,.0f}" for value in trade),
                _taken(*trade),
                *(f"{value:+.4f} %" for value in gains),
                _taken(*gains),
            )
        )
    heads = (
        "country", "trade, M USD, delays held", "answering", "taken back",
        "real income, delays held", "answering", "taken back",
    )  # fmt: skip
    yield from grid(heads, rows, right=range(1, 7))


def _taken(free: float, answering: float) -> str:
    """Share of a gain that is lost; a dash where there is none."""
    return f"{1 - answering / free:.0%}" if free > 0 else "–"


def _change(before: float, after: float) -> str:
    return f"{100 * (after / before - 1):+.2f} %"
