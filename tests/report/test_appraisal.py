"""The section on costs and benefits: what it writes and draws is what the appraisal found, in every language."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import landlink as ll
from landlink.appraisal.readable import headline_rows
from landlink.report import LANGUAGES
from landlink.report.appraisal import section
from landlink.report.appraisal_facts import AppraisalFacts, appraised
from landlink.report.appraisal_tables import inputs_table, summary_table
from landlink.report.view import View, views_of
from landlink.report.words import Words
from tests.support.gate_study import gate_results, gate_study


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[ll.Result, ll.Result]:
    return gate_results(gate_study(tmp_path_factory.mktemp("gate") / "s"), "easy-gate")


def views(pair: tuple[ll.Result, ll.Result], language: str = "en") -> list[View]:
    return views_of(pair, Words(language))


def facts_of(pair: tuple[ll.Result, ll.Result]) -> AppraisalFacts:
    found = appraised(views(pair))
    assert isinstance(found, AppraisalFacts)
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_section(pair: tuple[ll.Result, ll.Result], language: str) -> None:
    made = section(views(pair, language))
    assert made is not None
    for text in (made.heading, made.finding, str(made.body)):
        assert text
        assert not re.search(r"[{}]|appraisal[._]", re.sub(r'(id|aria-labelledby)="[^"]*"', "", text))
    # The study has no shadow price of carbon, which a note says in the language of the page.
    assert Words(language)("appraisal_note.no_carbon_value") in made.body
    assert 'lang="en"' not in made.body
    for figure in ("waterfall", "countries", "tornado", "distribution"):
        assert f'id="appraisal-{figure}-title"' in made.body


def test_items_and_countries_add_up_to_the_net_present_value(pair: tuple[ll.Result, ll.Result]) -> None:
    facts = facts_of(pair)
    assert float(facts.present_values["usd"].sum()) == pytest.approx(facts.found.npv, rel=1e-9)
    assert float(facts.found["by_country"]["present_value_usd"].sum()) == pytest.approx(facts.found.npv, rel=1e-9)


def test_the_finding_says_how_sure_a_gain_is(pair: tuple[ll.Result, ll.Result]) -> None:
    made = section(views(pair))
    assert made is not None
    found = facts_of(pair).found
    chance = found.value("probability_npv_positive")
    assert made.finding.startswith(
        "It is worth its cost" if chance >= 0.9 else "It may be" if chance > 0.1 else "It is not"
    )


@pytest.mark.parametrize(("name", "text"), [
    ("traffic", "Traffic and its benefits"),
    ("investment[easy-gate/building]", "Construction"),
    ("levy[fuel duty]", "Share that is a payment to others: Fuel duty"),
    ("levy[bridge toll]", "Share that is a payment to others: bridge toll"),
])  # fmt: skip
def test_inputs_have_names(pair: tuple[ll.Result, ll.Result], name: str, text: str) -> None:
    assert facts_of(pair).input(name) == text


def test_results_of_measures_without_costs_have_no_section(tmp_path: Path) -> None:
    bare = gate_study(tmp_path / "s", investment="", cost_share="")
    assert section(views(gate_results(bare, "cheap-gate"))) is None


def test_one_result_has_no_section(pair: tuple[ll.Result, ll.Result]) -> None:
    assert section(views_of(pair[1:], Words("en"))) is None


def test_costs_that_cannot_be_converted_are_told_in_place_of_figures(tmp_path: Path) -> None:
    study = gate_study(tmp_path / "s")
    base, plan = gate_results(study, "easy-gate")
    tables = {name: table for name, table in plan.tables.items() if name != "price_index"}
    rows = tables["investment"].assign(price_year=2019)
    made = section(views((base, ll.Result(tables | {"investment": rows}, plan.provenance))))
    assert made is not None
    assert "price_index" in made.body
    assert "<svg" not in made.body


def test_several_rates_of_return_are_told(tmp_path: Path) -> None:
    # A gate that must be taken down at a cost: benefits between two costs.
    rows = """
measure_id,item_id,kind,country,amount_musd,price_year,begins,ends,every_years,life_years
easy-gate,building,construction,AAA,1.5,2023,2024,,,
easy-gate,removal,renewal,BBB,12,2023,2054,2054,30,1
"""
    study = gate_study(tmp_path / "s", settings="horizon_years = 30", investment=rows, cost_share="")
    pair = gate_results(study, "easy-gate")
    assert np.isfinite(ll.appraise(*pair).value("eirr_2_percent"))
    made = section(views(pair))
    assert made is not None
    assert "several internal rates of return" in made.finding


SEVERAL = """
measure_id,item_id,kind,country,amount_musd,price_year,begins,low,high,distribution
easy-gate,works-a,construction,AAA,2,2023,2024,0.8,1.5,triangular
easy-gate,works-b,construction,BBB,2,2023,2024,0.8,1.5,triangular
easy-gate,staff-b,operation,BBB,0.05,2023,,0.5,1.5,triangular
easy-gate,power-b,operation,BBB,0.05,2023,,0.5,1.5,triangular
"""


def test_items_of_one_kind_are_told_apart_and_no_input_breaks_even_below_zero(tmp_path: Path) -> None:
    pair = gate_results(gate_study(tmp_path / "s", investment=SEVERAL, cost_share=""), "easy-gate")
    facts = facts_of(pair)
    assert facts.input("investment[easy-gate/works-a]") == "Construction (AAA)"
    assert facts.input("investment[easy-gate/power-b]") == "Operation and maintenance (power-b)"
    table = facts.found["switching"].set_index("input")
    below = facts.found["switching"].assign(switching_value=-1.0, change_percent=-200.0)
    made = replace(facts, found=replace(facts.found, tables=dict(facts.found.tables) | {"switching": below}))
    cells = re.findall(r"<td[^>]*>([^<]*)</td></tr>", str(inputs_table(made)).replace("\n", ""))
    assert cells.count("never") == len(table) - 1
    # All costs together are a factor: amounts spent once and every year have no sum.
    assert "All costs" in inputs_table(facts)
    assert f"×{1 + table.loc['all costs', 'change_percent'] / 100:.2g}" in inputs_table(facts)


@pytest.mark.parametrize("trials", [0, 500])
def test_the_shell_and_the_section_quote_the_same_figures(pair: tuple[ll.Result, ll.Result], trials: int) -> None:
    facts = replace(facts_of(pair), found=ll.appraise(*pair, trials=trials))
    kind = facts.found.headline("npv_usd").kind
    assert kind == ("median" if trials else "central")
    table = str(summary_table(facts)).replace("\u00a0", " ")
    assert f">{kind}" in table
    rows = {row[0]: row for row in headline_rows(facts.found)}
    written = dict(re.findall(r'<th scope="row">([^<]*)</th><td[^>]*>([^<]*)</td>', table))
    titles = {
        "Net present value": "Economic net present value, million USD",
        "Economic internal rate of return": "Economic internal rate of return",
        "Benefit-cost ratio": "Benefits over costs",
        "Paid back in": "Paid back, undiscounted, by",
        "Financial net present value of those who pay": "Financial net present value of those who pay, million USD",
    }
    for shell, section_title in titles.items():
        quoted, low, high = rows[shell][1:4]
        first, *ends = re.findall(r"[−\d.,]+", written[section_title])
        assert first == quoted, shell
        assert ends == ([low, high] if trials else []), shell
    # The same digits stand in saved tables and workbooks.
    assert rows["Benefit-cost ratio"][1] == facts.found.shown("bcr")


def test_figures_of_the_section_have_two_digits_at_most(pair: tuple[ll.Result, ll.Result]) -> None:
    facts = facts_of(pair)
    cell = facts.cell(1.234e9, 1.231e9, 1.238e9)
    assert re.sub(r"[^0-9]", "", cell.split("(")[0]).strip("0") == "12"


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_makes_up_for_losses_is_said_in_the_language_of_the_page(tmp_path: Path, language: str) -> None:
    dear = (
        "measure_id,item_id,kind,country,amount_musd,price_year,begins\neasy-gate,works,construction,AAA,40,2023,2024\n"
    )
    pair = gate_results(gate_study(tmp_path / "s", investment=dear, cost_share=""), "easy-gate")
    made = section(views(pair, language))
    assert made is not None
    assert "what partners lose" not in made.body
    shares = facts_of(pair).found["cost_share"].loc[lambda rows: rows["rule"] == "agreed", "least_subsidy_usd"]
    words = Words(language)
    begin, end = words("appraisal.subsidy", needed="#", partners="@", outside="@").split("#")[0], shares.sum()
    assert begin in made.body
    assert str(words.rough(end / 1e6, "million USD")) in made.body
