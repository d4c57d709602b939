"""The workbook of an appraisal, recomputed by a spreadsheet program, against landlink at the same inputs."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pandas as pd
import pytest

import landlink as ll
from landlink.appraisal.central import central_series
from landlink.appraisal.outcomes import Outcomes, outcomes_of
from landlink.appraisal.pairs import paired_results
from landlink.appraisal.year_benefits import year_benefits
from landlink.study.price_base import PriceBase
from tests.support.appraised_study import appraised_study
from tests.support.gate_study import gate_results, gate_study
from tests.support.spreadsheets import Recomputed, recomputed
from tests.support.trading_study import trading_study
from tests.support.two_roads import TIGHT

EXACT = 1e-9
SETTINGS = "discount_rate_percent = 7\ngrowth_percent = 1.5\ntiming = 'mid'\nhorizon_years = 25\nprice_year = 2024"
#: A gate that must be taken down at a cost: two rates of return.
TAKEN_DOWN = """
measure_id,item_id,kind,country,amount_musd,price_year,begins,ends,every_years,life_years
easy-gate,building,construction,AAA,1.5,2023,2024,,,
easy-gate,removal,renewal,BBB,12,2023,2054,2054,30,1
"""
COPPER = """
measure_id,item_id,kind,country,amount_million,currency,price_year,begins,shadow_factor,contingency_pct
easy-gate,building,construction,AAA,400,KES,2020,2024,0.9,10
"""


class Pair:
    """Results without and with measures, and their series at any inputs."""

    def __init__(self, base: list[ll.Result], plan: list[ll.Result], **options) -> None:
        self.base, self.plan, self.options = base, plan, options
        self.found = ll.appraise(base, plan, **options)

    def at(self, rate: float | None = None, **values: float) -> Outcomes:
        """Outcomes at other values of inputs: factors, and the growth in per cent."""
        pairs = paired_results(self.base, self.plan)
        settings = pairs.settings if rate is None else replace(pairs.settings, discount_rate_percent=rate)
        prices = PriceBase.of(pairs.plan[-1].tables, settings.price_year, pairs.plan[-1].currency)
        solved = [
            year_benefits(*pair, benefit=settings.benefit, users_split=settings.users_split, prices=prices)
            for pair in zip(pairs.base, pairs.plan, strict=True)
        ]
        series = central_series(pairs, settings, solved, prices).series
        given = [values.get(name, 1.0) for name in series.inputs[:-1]]
        given.append(values.get("growth_percent", settings.growth_percent))
        return outcomes_of(series, series.evaluate(np.array([given])))

    def with_costs(self, **columns: object) -> ll.Appraisal:
        """The appraisal with columns of ``investment`` changed."""
        plan = [
            replace(one, tables=MappingProxyType({**one.tables, "investment": one["investment"].assign(**columns)}))
            for one in self.plan
        ]
        return ll.appraise(self.base, plan, **self.options)


def emitting(result: ll.Result, tonnes: float) -> ll.Result:
    """A result with tonnes of CO2 equivalent in each country."""
    table = pd.DataFrame(
        {"country": ["AAA", "BBB"], "co2e_t_per_year": [tonnes, tonnes / 2], "carbon_paid_usd_per_year": [1e6, tonnes]}
    )
    return replace(result, tables=MappingProxyType({**result.tables, "emission_country": table}))


@pytest.fixture(scope="module")
def pairs(tmp_path_factory) -> dict[str, Pair]:
    folder = tmp_path_factory.mktemp("studies")
    gate = gate_study(folder / "gate")
    base, plan = gate_results(gate, "easy-gate")
    many = appraised_study(folder / "many", settings=SETTINGS)
    years = [
        [emitting(ll.solve(many.apply(*names).at(year), options=TIGHT), tonnes) for year in (2030, 2040)]
        for names, tonnes in (((), 90e3), (("bypass", "easy-gate"), 70e3))
    ]
    down = gate_results(gate_study(folder / "down", investment=TAKEN_DOWN, cost_share=""), "easy-gate")
    shilling = gate_study(
        folder / "kes", investment=COPPER, cost_share="",
        price_index="currency,year,index\nKES,2020,90\nKES,2023,120\nUSD,2023,100\nUSD,2020,80\n",
        exchange_rate="currency,year,units_per_usd\nKES,2023,129.2\n",
    )  # fmt: skip
    text = (shilling.path / "study.toml").read_text(encoding="utf-8")
    head = 'currency = "KES"\ncurrency_per_usd = 129.2\nrate_date = 2023-06-30\n'
    (shilling.path / "study.toml").write_text(head + text, encoding="utf-8")
    general = trading_study(folder / "trading")
    options = replace(TIGHT, trade="general")
    income = [[ll.solve(general.apply(*names).at(2023), options=options)] for names in ((), ("easy-gate",))]
    return {
        "gate": Pair([base], [plan], trials=200, seed=1),
        "free": Pair(*([one] for one in gate_results(gate, "cheap-gate"))),
        "many": Pair(*years, trials=50),
        "down": Pair([down[0]], [down[1]]),
        "kes": Pair(*([one] for one in gate_results(ll.open_study(shilling.path), "easy-gate"))),
        "income": Pair(*income, benefit="income"),
    }


def place(found: ll.Appraisal, name: str) -> str:
    """Defined name of an input's cell."""
    return f"input_{1 + found['input']['name'].tolist().index(name)}"


def cost_cell(found: ll.Appraisal, item: str, column: str) -> tuple[str, str]:
    return "Costs as stated", f"{column}{5 + found['cost_item']['item_id'].tolist().index(item)}"


@pytest.fixture(scope="module")
def books(pairs: dict[str, Pair], tmp_path_factory) -> dict[str, Recomputed]:
    folder = tmp_path_factory.mktemp("books")
    paths = {name: pair.found.to_excel(folder / f"{name}.xlsx") for name, pair in pairs.items()}
    gate, many = pairs["gate"].found, pairs["many"].found
    low = float(many["input"].set_index("name").loc["investment[bypass/works]", "low"]) / 1e6
    cases = {name: (path, {}) for name, path in paths.items()} | {
        "gate rate": (paths["gate"], {"discount_rate": 0.045}),
        "gate traffic": (paths["gate"], {place(gate, "traffic"): 0.75}),
        "gate nothing": (paths["gate"], {place(gate, "traffic"): 0.0}),
        "many rate": (paths["many"], {"discount_rate": 0.12}),
        "many inputs": (
            paths["many"],
            {
                place(many, "traffic"): 1.2,
                place(many, "value_of_time"): 0.8,
                place(many, "investment[bypass/works]"): low,
                place(many, "growth_percent"): 0.025,
                "discount_rate": 0.05,
            },
        ),
        "many costs": (
            paths["many"],
            {
                cost_cell(many, "works", "F"): 150.0,
                cost_cell(many, "works", "N"): 0.8,
                cost_cell(many, "works", "L"): 0.25,
            },
        ),
        "down rate": (paths["down"], {"discount_rate": 0.2}),
    }
    return recomputed(folder / "recomputed", cases)


def same(one: object, other: object) -> bool:
    if isinstance(one, int | float) and isinstance(other, int | float):
        # Of amounts that cancel out, nothing but rounding is left.
        return abs(one - other) <= EXACT * max(abs(one), abs(other), 1.0)
    return (one or None) == (other or None)


@pytest.mark.parametrize("name", ["gate", "free", "many", "down", "kes", "income"])
def test_every_formula_gives_the_value_that_it_carries(books, name):
    book, seen = books[name], 0
    for sheet in book.formulas:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    seen += 1
                    values = tuple(one[sheet.title][cell.coordinate].value for one in (book.carried, book.values))
                    assert same(*values), (sheet.title, cell.coordinate, cell.value, values)
    assert seen > 1000


@pytest.mark.parametrize("name", ["gate", "free", "many", "down", "kes", "income"])
def test_results_are_those_of_landlink(books, pairs, name):
    found, book = pairs[name].found, books[name]
    scale = found.terms.currency_per_usd / 1e6
    assert book["net_present_value"] == pytest.approx(found.npv * scale, rel=EXACT, abs=1e-12)
    assert book["financial_net_present_value"] == pytest.approx(found.value("fnpv_usd") * scale, rel=EXACT)
    for cell, value in (
        ("internal_rate", found.eirr / 100),
        ("financial_internal_rate", found.value("firr_percent") / 100),
    ):
        expected = value if np.isfinite(value) else "several" if name == "down" and cell == "internal_rate" else "none"
        assert book[cell] == (pytest.approx(expected, rel=EXACT) if isinstance(expected, float) else expected)
    if np.isfinite(found.bcr):
        assert book["benefit_cost_ratio"] == pytest.approx(found.bcr, rel=EXACT)
    else:
        assert not book["benefit_cost_ratio"]
    if np.isfinite(found.payback_year):
        assert book["payback_year"] == pytest.approx(found.payback_year, rel=EXACT)
    else:
        assert book["payback_year"] == "never"


def expect(book: Recomputed, made: Outcomes, scale: float = 1e-6) -> None:
    assert book["net_present_value"] == pytest.approx(made.npv[0] * scale, rel=EXACT)
    assert book["financial_net_present_value"] == pytest.approx(made.fnpv[0] * scale, rel=EXACT)
    assert book["benefit_cost_ratio"] == pytest.approx(made.bcr[0], rel=EXACT)
    for cell, rate in (("internal_rate", made.eirr[0]), ("financial_internal_rate", made.firr[0])):
        assert book[cell] == (pytest.approx(rate, rel=EXACT) if np.isfinite(rate) else "none")
    assert book["payback_year"] == (
        pytest.approx(made.payback[0], rel=EXACT) if np.isfinite(made.payback[0]) else "never"
    )


def switching(book: Recomputed) -> list[tuple[float | None, ...]]:
    """Switching value, its change, and that of landlink, by row."""
    rows = book.values["Sensitivity"].iter_rows(min_row=5, max_col=7, values_only=True)
    found = []
    for row in rows:
        if not row[0]:
            break
        found.append((row[4], row[5], row[6]))
    return found


@pytest.mark.parametrize(("name", "rate"), [("gate", 4.5), ("many", 12.0), ("down", 20.0)])
def test_another_rate(books, pairs, name, rate):
    pair, book = pairs[name], books[f"{name} rate"]
    found = ll.appraise(pair.base, pair.plan, rate=rate)
    assert book["net_present_value"] == pytest.approx(found.npv / 1e6, rel=EXACT)
    assert book["benefit_cost_ratio"] == pytest.approx(found.bcr, rel=EXACT)
    table = found["switching"]
    for (value, change, _), (_, row) in zip(switching(book), table.iterrows(), strict=True):
        if row["input"] == "growth_percent" or not np.isfinite(row["switching_value"]):
            continue
        unit = 1e-6 if row["input"].startswith(("investment[", "all costs")) else 1.0
        assert value == pytest.approx(row["switching_value"] * unit, rel=EXACT)
        assert change == pytest.approx(row["change_percent"] / 100, rel=EXACT)
    npv = list(book.values["Sensitivity"].iter_rows(min_row=len(table) + 8, max_col=6, values_only=True))
    for row, (_, expected) in zip(npv, found["tornado"].set_index("input").loc[order(pair)].iterrows(), strict=False):
        assert row[4:6] == pytest.approx((expected["npv_low_usd"] / 1e6, expected["npv_high_usd"] / 1e6), rel=EXACT)


def order(pair: Pair) -> list[str]:
    return pair.found["tornado"]["input"].tolist()


def test_less_traffic(books, pairs):
    expect(books["gate traffic"], pairs["gate"].at(traffic=0.75))
    # The tornado of the same appraisal has it too.
    low = pairs["gate"].found["tornado"].set_index("input").loc["traffic", "npv_low_usd"]
    assert books["gate traffic"]["net_present_value"] == pytest.approx(low / 1e6, rel=EXACT)


def test_no_traffic_has_no_rate_and_is_never_paid_back(books, pairs):
    book = books["gate nothing"]
    assert book["net_present_value"] == pytest.approx(pairs["gate"].at(traffic=0.0).npv[0] / 1e6, rel=EXACT)
    assert (book["internal_rate"], book["payback_year"]) == ("none", "never")
    # What traffic would be needed does not depend on what there is.
    needed = pairs["gate"].found["switching"].set_index("input").loc["traffic", "switching_value"]
    assert switching(book)[0][0] == pytest.approx(needed, rel=EXACT)


def test_many_inputs_at_once(books, pairs):
    found = pairs["many"].found["input"].set_index("name").loc["investment[bypass/works]"]
    given = {
        "traffic": 1.2, "value_of_time": 0.8, "investment[bypass/works]": found["low"] / found["value"],
        "growth_percent": 2.5,
    }  # fmt: skip
    expect(books["many inputs"], pairs["many"].at(rate=5.0, **given))


def test_costs_as_stated(books, pairs):
    table = pairs["many"].plan[0]["investment"]
    works = (table["item_id"] == "works").to_numpy()
    found = pairs["many"].with_costs(
        amount_musd=np.where(works, 150.0, table["amount_musd"]),
        contingency_pct=np.where(works, 25.0, table["contingency_pct"]),
        shadow_factor=np.where(works, 0.8, table["shadow_factor"]),
    )
    book = books["many costs"]
    assert book["net_present_value"] == pytest.approx(found.npv / 1e6, rel=EXACT)
    assert book["internal_rate"] == pytest.approx(found.eirr / 100, rel=EXACT)
    assert book["financial_net_present_value"] == pytest.approx(found.value("fnpv_usd") / 1e6, rel=EXACT)
    assert book["benefit_cost_ratio"] == pytest.approx(found.bcr, rel=EXACT)
    needed = found["switching"].set_index("input").loc["investment[bypass/works]", "switching_value"]
    names = pairs["many"].found["switching"]["input"].tolist()
    assert switching(book)[names.index("investment[bypass/works]")][0] == pytest.approx(needed / 1e6, rel=EXACT)


@pytest.mark.parametrize("name", ["gate", "many", "kes", "gate rate", "many inputs", "many costs"])
def test_checks_are_zero(books, name):
    rows = list(books[name].values["Results"].iter_rows(min_row=5, max_col=3, values_only=True))
    begin = next(number for number, row in enumerate(rows) if row[0] == "Checks")
    checks = [row[2] for row in rows[begin + 1 : begin + 6]]
    assert [abs(value) < 1e-6 for value in checks] == [True] * 5


def test_several_rates_are_said_and_listed(books, pairs):
    found, book = pairs["down"].found, books["down"]
    rates = [found.value(f"eirr_{number}_percent") / 100 for number in (1, 2)]
    listed = [row[2] for row in book.values["Results"].iter_rows(min_row=14, max_row=16, max_col=3, values_only=True)]
    assert listed[:2] == pytest.approx(rates, rel=EXACT)
    assert not listed[2]


def test_countries_have_their_present_values(books, pairs):
    found = pairs["many"].found
    by_country = found["by_country"].groupby("country")["present_value_usd"].sum() / 1e6
    sheet = books["many"].values["Countries"]
    heads = [cell.value for cell in sheet[4]]
    rows = {
        row[0]: row[heads.index("sum")]
        for row in sheet.iter_rows(min_row=5, max_row=4 + len(by_country), values_only=True)
    }
    assert rows == pytest.approx(by_country.to_dict(), rel=EXACT)


def test_shares_of_the_cost_follow_what_is_gained(books, pairs):
    table = pairs["many"].found["cost_share"]
    rows = [
        row
        for row in books["many"].values["Shares of the cost"].iter_rows(min_row=5, values_only=True)
        if row[1] and row[1].strip()
    ]
    for row, (_, one) in zip(rows, table.iterrows(), strict=True):
        expected = [one[name] / 1e6 for name in ("cost_usd", "benefit_usd", "net_usd", "least_subsidy_usd")]
        assert [row[2], row[4], row[5], row[6]] == pytest.approx(expected, rel=EXACT, abs=1e-9)


def test_amounts_are_in_the_currency_of_the_study(books, pairs):
    found = pairs["kes"].found
    assert found.terms.currency == "KES"
    assert books["kes"]["net_present_value"] == pytest.approx(found.npv * 129.2 / 1e6, rel=EXACT)
    row = [cell.value for cell in books["kes"].values["Costs as stated"][5]]
    # 400 million of 2020 at 120/90, with 10 % more.
    assert row[5:13] == pytest.approx([400, "KES", 2020, 90, 120, 129.2, 0.1, 400 * 120 / 90 * 1.1])
