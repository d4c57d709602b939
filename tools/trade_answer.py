"""What the railway and the border do to trade in the bundled study, as tables for docs/study/trade-answer.md.

Run ``python -m tools.trade_answer [-o FILE]``. It solves the scenarios of 2030 with trade in general equilibrium, which
takes a few minutes. With ``-o`` the tables are written between the marks of FILE, as by :mod:`tools.validation`.

All scenarios respond from one reference, the study without measures in 2030. The border of a day is made of the dated
rules of the posts: those in force on the day are kept, all others are closed, counts of traffic among them.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

import landlink as ll
from landlink.core.arrays import Floats
from landlink.model.coupled_solution import CoupledSolution
from landlink.model.held_delays import solve_with_delays_of
from landlink.model.solve import result_of, solution_of
from landlink.results.result_tables import LazyTables
from landlink.study.study import Scenario, Study
from landlink.tables.frames import Tables
from landlink.trade.country_table import real_income_draws
from tools.markdown import grid
from tools.validation import placed

YEAR: Final = 2030
POSTS: Final = ("TORU", "IRKE")
#: Days whose border is put into 2030: before the pandemic, and when the programme was signed.
BEFORE, SIGNED = "2019-06-01", "2020-11-15"
#: Measures of the base scenario that are not at these posts.
ELSEWHERE: Final = ("khorgos-road-doubling", "dostyk-road-terminal")
RAILWAY: Final = "cku-railway"
COUNTRIES: Final = ("KGZ", "UZB", "KAZ", "TJK", "TKM", "CHN")
#: Economies of the programme CAREC that the trade accounts hold.
CAREC: Final = ("AFG", "AZE", "CHN", "GEO", "KAZ", "KGZ", "MNG", "PAK", "TJK", "TKM", "UZB")
PARTNERS: Final = ("CHN", "RUS", "XEU", "KAZ", "UZB", "TUR")
LEVEL: Final = 0.9
OPTIONS: Final = ll.SolverOptions(trade="general", trade_starts=1)
_MARKET: Final = ["origin_zone_id", "destination_zone_id", "commodity_id"]

#: Effects that the tables show: scenario, and what it is compared with.
EFFECTS: Final = {
    "railway, border of 2026": ("railway", "base"),
    "border of 2019": ("border 2019", "border 2020"),
    "railway, border of 2020": ("railway, border 2020", "border 2020"),
    "both": ("railway, border 2019", "border 2020"),
}


@dataclass(frozen=True, eq=False)
class Case:
    """A solved scenario."""

    result: ll.Result
    solution: CoupledSolution

    @cached_property
    def countries(self) -> pd.DataFrame:
        """Trade and real income by country."""
        return self.result["trade_country"].set_index("country")

    @cached_property
    def flows(self) -> pd.DataFrame:
        """International trade by exporter, importer and commodity."""
        flow = self.result["trade_flow"]
        return flow[flow["exporter"] != flow["importer"]].set_index(["exporter", "importer", "commodity_id"])

    @cached_property
    def draws(self) -> pd.DataFrame:
        """Ratios of real income by draw of elasticities and country."""
        assert self.solution.trade is not None  # noqa: S101  it was solved with trade
        return pd.DataFrame(real_income_draws(self.solution.trade), columns=self.countries.index)


def main(words: Sequence[str] | None = None) -> None:
    """Solve and write the tables."""
    parser = argparse.ArgumentParser(prog="python -m tools.trade_answer", description=__doc__)
    parser.add_argument("-o", "--output", type=Path, help="file to write; printed if not given")
    output = parser.parse_args(words).output
    text = "\n".join(report()) + "\n"
    if output is None:
        print(text, end="")
    else:
        output.write_text(placed(text, output), encoding="utf-8", newline="\n")


def report() -> Iterator[str]:
    """All tables."""
    study = ll.open_study("china-kyrgyzstan")
    reference = ll.solve(study.at(YEAR))
    cases = solved(scenarios(study), reference)
    base, railway = cases["base"], cases["railway"]
    yield from ("### Solutions", "", *_solutions(cases), "")
    yield from ("### Posts between Kyrgyzstan and China", "", *_posts(cases), "")
    yield from ("### Countries", "", *_countries(cases), "")
    yield from ("### Kyrgyzstan by partner", "", *_partners(cases), "")
    yield from ("### Kyrgyzstan by commodity", "", *_goods(base, railway), "")
    yield from ("### Transit", "", *_transit(cases), "")
    yield from ("### The railway in steps", "", *_steps(base, railway), "")
    held = held_tables(study, base, reference)
    yield from ("### What congestion takes back", "", *_congestion(base, railway, held), "")
    yield from ("### Beside published figures", "", *_published(base, railway, cases["faster"]), "")


def scenarios(study: Study) -> dict[str, Scenario]:
    """The scenarios by name."""
    before, signed = (with_border_of(study, day) for day in (BEFORE, SIGNED))
    return {
        "base": study.scenario("base-2030"),
        "railway": study.scenario("cku-2030"),
        "border 2020": signed.apply(*ELSEWHERE).at(YEAR),
        "railway, border 2020": signed.apply(*ELSEWHERE, RAILWAY).at(YEAR),
        "border 2019": before.apply(*ELSEWHERE).at(YEAR),
        "railway, border 2019": before.apply(*ELSEWHERE, RAILWAY).at(YEAR),
        "faster": faster(study).apply(*study.scenario("base-2030").measures).at(YEAR),
    }


def with_border_of(study: Study, day: str) -> Study:
    """The study with the posts as their dated rules have them on a day, in every year."""
    for rule in study.tables["rule"].to_dict("records"):
        begin, end = str(rule["open_from"]), str(rule["open_to"])
        here = set(POSTS) & set(str(rule["crossing_id"]).split(";"))
        if not here or rule["status"] == "planned" or not (begin or end):
            continue
        in_force = begin <= day and (not end or day < end)
        study = study.with_change("rule", rule["rule_id"], "", "open" if in_force else "close", "")
    return study


def faster(study: Study, factor: float = 0.9) -> Study:
    """The study with less time at every border, and as much less between its mean and its 95th percentile."""
    changes = {"crossing": ("time_ab_h", "time_ba_h", "p95_extra_h"), "stage": ("mean_h",), "service": ("mean_h",)}
    for table, columns in changes.items():
        for column in columns:
            study = study.with_change(table, "*", column, "multiply", repr(factor))
    return study


def solved(chosen: Mapping[str, Scenario], reference: ll.Result) -> dict[str, Case]:
    """Solve scenarios one from the other; one that does not converge is an error."""
    options = replace(OPTIONS, require_convergence=True)
    found: dict[str, Case] = {}
    start = reference
    for name, scenario in chosen.items():
        solution, provenance = solution_of(scenario, options=options, start=start, trade_reference=reference)
        start = result_of(scenario, solution, provenance)
        found[name] = Case(start, solution)
    return found


def held_tables(study: Study, base: Case, reference: ll.Result) -> Tables:
    """Tables of the railway at the delays of the base scenario."""
    scenario = study.scenario("cku-2030")
    found = solve_with_delays_of(scenario, base.result, OPTIONS, trade_reference=reference)
    if found.trade is None or not found.trade.converged:
        raise SystemExit("the railway at held delays has not converged")
    return LazyTables(scenario, *found.parts)


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
        crossing = case.result["crossing"].set_index(["crossing_id", "family", "direction"])
        cells = []
        for post in POSTS:
            ways = crossing.loc[(post, "road")]
            cells += [
                f"{ways['tonnes_per_year'].sum() / 1e6:.2f}",
                f"{ways['vehicles_per_day'].max():.0f}",
                f"{ways['time_h'].loc['ba']:.0f}",
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
            was, now = one.countries.loc[country], other.countries.loc[country]
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


def income(before: Case, after: Case) -> pd.Series[float]:
    """Change of real income between two scenarios, percent."""
    ratios = [1 + case.countries["real_income_percent"] / 100 for case in (before, after)]
    return 100 * (ratios[1] / ratios[0] - 1)


def income_interval(before: Case, after: Case) -> tuple[pd.Series[float], pd.Series[float]]:
    """Ends of the interval of the change of real income over elasticities, draw by draw, percent."""
    change = (100 * (after.draws / before.draws - 1)).dropna()
    return change.quantile((1 - LEVEL) / 2), change.quantile((1 + LEVEL) / 2)


def _partners(cases: Mapping[str, Case]) -> Iterator[str]:
    rows = []
    base = cases["base"]
    for partner in (*PARTNERS, "all"):
        cells = []
        for flow in ("exports", "imports"):
            before = _trade(base, flow, partner)
            cells.append(f"{before / 1e6:,.0f}")
            for after, one in EFFECTS.values():
                cells.append(f"{(_trade(cases[after], flow, partner) - _trade(cases[one], flow, partner)) / 1e6:+,.0f}")
        rows.append((partner, *cells))
    heads = ("partner", *(f"{flow} {name}" for flow in ("exports:", "imports:") for name in ("M USD", *EFFECTS)))
    yield from grid(heads, rows, right=range(1, 11))


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


def _transit(cases: Mapping[str, Case]) -> Iterator[str]:
    names = [name for name in cases if name != "faster"]
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
    return f"{value / scale + 0.0:,.2f}"


def _unit(unit: str) -> str:
    return {"t/year": "Mt/year", "tkm/year": "bn tkm/year"}.get(unit, unit)


def _congestion(base: Case, railway: Case, held: Tables) -> Iterator[str]:
    free = held["trade_country"].set_index("country")
    rows = []
    for country in COUNTRIES:
        was, now, loose = base.countries.loc[country], railway.countries.loc[country], free.loc[country]
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


def _published(base: Case, railway: Case, less: Case) -> Iterator[str]:
    rows = []
    for country in ("KGZ", "UZB", "TJK", "KAZ", "TKM"):
        hours, cost = (
            mean_change(base, railway, column, country) for column in ("time_h", "generalised_cost_usd_per_t")
        )
        rows.append(
            (
                country,
                f"{hours:+.1f} %",
                f"{cost:+.1f} %",
                f"{trade_cost_change(base, railway, country):+.2f} %",
                f"{income(base, railway)[country]:+.3f} %",
            )
        )
    heads = ("the railway", "shipment times", "freight cost", "trade costs", "real income")
    yield from grid(heads, rows, right=range(1, 5))
    yield ""
    borders = []
    for what, members in (("CAREC", CAREC), ("CAREC without China", tuple(c for c in CAREC if c != "CHN"))):
        before, after = (inner_trade(case, members) for case in (base, less))
        share = border_share(base, members)
        borders.append((what, f"{before / 1e9:,.1f}", f"{100 * (after / before - 1):+.2f} %", f"{share:.2%}"))
    heads = ("10 % less time at all borders", "trade in goods, bn USD", "change", "border time in the price at arrival")
    yield from grid(heads, borders, right=range(1, 4))


def mean_change(before: Case, after: Case, column: str, country: str) -> float:
    """Change of a mean over the shipments of a country, percent; weighted by their value before."""
    value = before.result["commodity"].set_index("commodity_id")["value_usd_per_t"]
    zone = before.result["zone"].set_index("zone_id")["country"]
    sums = []
    for case in (before, after):
        od = case.result["od"]
        ends = [od[f"{end}_zone_id"].map(zone) for end in ("origin", "destination")]
        mine = od[((ends[0] == country) | (ends[1] == country)) & (ends[0] != ends[1])]
        spent = mine.assign(spent=mine[column] * mine["tonnes_per_year"]).groupby(_MARKET)[["tonnes_per_year", "spent"]]
        sums.append(spent.sum())
    weight = sums[0]["tonnes_per_year"] * value.loc[sums[0].index.get_level_values("commodity_id")].to_numpy()
    means = [table["spent"] / table["tonnes_per_year"] for table in sums]
    joined = pd.concat([*means, weight], axis=1, keys=("before", "after", "weight")).dropna()
    was, now = ((joined[name] * joined["weight"]).sum() for name in ("before", "after"))
    return float(100 * (now / was - 1))


def trade_cost_change(before: Case, after: Case, country: str) -> float:
    """Change of the trade cost of a country's international trade, percent; weighted by value."""
    names = before.flows.index
    mine = (names.get_level_values("exporter") == country) | (names.get_level_values("importer") == country)
    weight = before.flows["value_usd_per_year"][mine]
    ratio = after.flows["trade_cost_ratio"].reindex(weight.index) / before.flows["trade_cost_ratio"][mine]
    return float(100 * ((ratio * weight).sum() / weight.sum() - 1))


def inner_trade(case: Case, members: Sequence[str]) -> float:
    """Trade in goods among some countries, USD a year."""
    return float(_inner(case.flows, members)["value_usd_per_year"].sum())


def _inner(flows: pd.DataFrame, members: Sequence[str]) -> pd.DataFrame:
    names = flows.index
    among = names.get_level_values("exporter").isin(members) & names.get_level_values("importer").isin(members)
    return flows[among & (names.get_level_values("commodity_id") != "other")]


def border_share(case: Case, members: Sequence[str]) -> float:
    """Share of what time at borders costs in the price at arrival of freight among countries."""
    tables = case.result
    good = tables["commodity"].set_index("commodity_id")
    zone = tables["zone"].set_index("zone_id")["country"]
    od = tables["od"]
    among = [od[f"{end}_zone_id"].map(zone).isin(members) for end in ("origin", "destination")]
    abroad = od["origin_zone_id"].map(zone) != od["destination_zone_id"].map(zone)
    inner = od[among[0] & among[1] & abroad]
    of_good: dict[str, Floats] = {
        name: good.loc[inner["commodity_id"], name].to_numpy()
        for name in ("value_usd_per_t", "value_of_time_usd_per_t_h")
    }
    tonnes = inner["tonnes_per_year"]
    hours = (tonnes * inner["crossing_h"] * of_good["value_of_time_usd_per_t_h"]).sum()
    spread = (tonnes * inner["reliability_usd_per_t"]).sum()
    price = (tonnes * (of_good["value_usd_per_t"] + inner["generalised_cost_usd_per_t"])).sum()
    return float((hours + spread) / price)


def _change(before: float, after: float) -> str:
    return f"{100 * (after / before - 1):+.2f} %"


if __name__ == "__main__":
    main()
