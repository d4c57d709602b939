"""Trade that responds to costs in reports and workbooks: what is before and after, what is said, what is drawn."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pandas as pd
import pytest

import landlink as ll
from landlink.analysis.decomposition import Decomposition
from landlink.core.languages import LANGUAGES
from landlink.ensemble.ensemble import Ensemble
from landlink.report import trade, trade_response
from landlink.report.answer import answer
from landlink.report.comparison_workbook import comparison_workbook
from landlink.report.intervals import Figure
from landlink.report.real_income import Income, income_texts, incomes_of
from landlink.report.subject import subject_of
from landlink.report.trade_change import FLOWS, trade_change
from landlink.report.trade_parts import parts_figures
from landlink.report.trade_sentences import far_sentence, response_sentence, settled_sentence
from landlink.report.trade_tables import split_by
from landlink.report.view import View, views_of
from landlink.report.words import Words
from landlink.results.result import Result
from tests.support.joint_study import COUNTRIES, trading_study
from tests.support.small_study import write_small_study

NAMED = """
country,name,name_ru,gdp_usd_per_year,gross_output_usd_per_year
AAA,,,6e9,1.2e10
BBB,,,5e9,1e10
CCC,Far lands,Дальние края,5e10,1e11
"""


@pytest.fixture(scope="module")
def solved(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Result]:
    study = trading_study(tmp_path_factory.mktemp("s") / "s", trade_country=NAMED)
    gate, both = study.apply("easy-gate").at(2030), study.apply("bypass", "easy-gate").at(2030)
    return {
        "base": ll.solve(study.at(2030), trade="general"),
        "gate": ll.solve(gate, trade="general"),
        "both": ll.solve(both, trade="general"),
        "elastic": ll.solve(gate, trade="elastic"),
        "fixed base": ll.solve(study.at(2030)),
        "fixed": ll.solve(gate),
    }


def views(solved: dict[str, Result], *names: str, language: str = "en") -> list[View]:
    return views_of([solved[name] for name in names], Words(language))


def told_by(solved: dict[str, Result], *names: str) -> str:
    return " ".join(answer(subject_of(views(solved, *names))))


def test_before_and_after_are_those_of_the_result(solved: dict[str, Result]) -> None:
    base, gate = views(solved, "base", "gate")
    change = trade_change(gate, base)
    assert change is not None
    table = solved["gate"].tables["trade_country"].set_index("country")
    for country in ("AAA", "BBB", "CCC"):
        for flow in FLOWS:
            found = change.total(country, flow)
            assert found["after_value"] == pytest.approx(table.loc[country, f"{flow}_usd_per_year"] / 1e6, rel=1e-9)
            before = table.loc[country, f"reference_{flow}_usd_per_year"] / 1e6
            assert found["before_value"] == pytest.approx(before, rel=1e-9)
    assert change.total("AAA", "exports")["after_value"] > change.total("AAA", "exports")["before_value"]
    assert float(change.flows["after_tonnes"].sum()) == pytest.approx(
        solved["gate"].tables["od"]["tonnes_per_year"].sum() / 1e3
    )


def test_before_is_the_baseline_where_it_has_measures(solved: dict[str, Result]) -> None:
    gate, both = views(solved, "gate", "both")
    change, alone = trade_change(both, gate), trade_change(both)
    assert change is not None
    assert alone is not None
    after = solved["gate"].tables["trade_country"].set_index("country")["exports_usd_per_year"]
    assert change.total("AAA", "exports")["before_value"] == pytest.approx(after["AAA"] / 1e6, rel=1e-9)
    assert change.total("AAA", "exports")["before_value"] != alone.total("AAA", "exports")["before_value"]
    assert change.before == gate.label
    assert alone.before == "the study of 2030 without measures"


def test_what_is_not_named_is_summed(solved: dict[str, Result]) -> None:
    base, gate = views(solved, "base", "gate")
    change = trade_change(gate, base)
    assert change is not None
    for by in ("partner", "commodity_id"):
        whole, part = split_by(change, "AAA", by), split_by(change, "AAA", by, named=1)
        for every, some in zip(whole, part, strict=True):
            assert some.sum().to_numpy() == pytest.approx(every.sum().to_numpy())
    exports, _ = split_by(change, "AAA", "commodity_id", named=1)
    assert exports.index[1] == ""
    assert len(exports) == 2


def test_only_a_run_of_fixed_demand_says_that_demand_is_fixed(solved: dict[str, Result]) -> None:
    free, fixed = views(solved, "base", "gate"), views(solved, "fixed base", "fixed")
    assert "Trade responds to costs" in told_by(solved, "base", "gate")
    assert "fixed in this run" not in told_by(solved, "base", "gate")
    assert "Trade responds" not in told_by(solved, "fixed base", "fixed")
    sections = [trade.section(one) for one in (free, fixed)]
    assert sections[0] is not None
    assert sections[1] is not None
    assert ["demand is fixed" in one.body for one in sections if one] == [False, True]
    assert trade_response.section(fixed) is None


def test_the_answer_tells_new_trade_against_what_the_changes_are_from(solved: dict[str, Result]) -> None:
    words = Words("en")
    before, after = (view.value("total.tonnes_per_year") for view in views(solved, "base", "gate"))
    told = told_by(solved, "base", "gate")
    assert f"New trade adds {words.rough(after - before, 't/year')} to the freight (" in told
    assert words.percent(after / before - 1, signed=True, decimals=1) in told
    # Without a result to compare with, it is that of the demand that was forecast.
    table = solved["gate"].tables["trade_flow"]
    before, after = float(table["reference_tonnes_per_year"].sum()), float(table["tonnes_per_year"].sum())
    alone = response_sentence(views(solved, "gate")[0], None, ["gate"])
    assert f"New trade adds {words.rough(after - before, 't/year')} to the freight of fixed demand" in alone


def test_an_ensemble_tells_changes_of_trade_and_their_shares_together(solved: dict[str, Result]) -> None:
    base, gate = views(solved, "base", "gate")
    names = tuple(f"trade.{flow}_usd_per_year[AAA]" for flow in ("exports", "imports"))
    drawn = np.linspace(50e6, 150e6, 101)
    for view, size in ((base, 1e9), (gate, 1e9 + drawn)):
        values = np.broadcast_to(np.asarray(size).reshape(-1, 1), (101, 2)).copy()
        view.__dict__["ensemble"] = Ensemble(tuple(range(101)), names, values)
    told = response_sentence(gate, base, ["gate"])
    assert "exports +100\xa0million\xa0USD/year (+60 to +140) (+10%)" in told


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_section_speaks_every_language(language: str, solved: dict[str, Result]) -> None:
    english = trade_response.section(views(solved, "base", "gate"))
    found = trade_response.section(views(solved, "base", "gate", language=language))
    assert english is not None
    assert found is not None
    assert "CCC" not in re.sub(r"<[^>]*>", " ", found.body)
    assert "Far lands" in english.body
    if language == "ru":
        assert "Дальние края" in found.body
    if language != "en":
        assert found.heading != english.heading
        phrases = {"Real income is", "first order", "Trade by partner", "more trade", "Exporter<", "Trade and freight"}
        assert not [one for one in phrases if one in found.body]


def test_no_row_has_a_code_of_an_unknown_sector(solved: dict[str, Result]) -> None:
    section = trade_response.section(views(solved, "base", "gate"))
    assert section is not None
    assert "Services and other goods" in section.body
    assert ">other<" not in section.body


@pytest.mark.parametrize(
    ("run", "said"),
    [
        ({"converged": False, "flow_change": 0.02}, "do not agree yet"),
        ({"other_start_flow": 0.03, "other_start_cost": 0.01}, "leads to another equilibrium: flows differ by 3.0%"),
        ({"other_start_flow": 1e-7, "other_start_cost": 1e-7}, "leads to the same result: flows differ by <\xa00.01%"),
        ({"other_start_flow": None, "other_start_cost": None}, "was not tried"),
    ],
)
def test_whether_trade_and_freight_agree_is_one_sentence(
    solved: dict[str, Result], run: dict[str, object], said: str
) -> None:
    result = solved["gate"]
    assert result.provenance.trade is not None
    told = replace(result.provenance, trade=replace(result.provenance.trade, **run))
    sentence = settled_sentence(View(Result(result.tables, told), Words("en")))
    assert said in sentence
    assert sentence.count(".") == 1 + len(re.findall(r"\d\.\d", sentence))


def test_trade_that_grows_far_beyond_the_reference_is_named(solved: dict[str, Result]) -> None:
    result = solved["gate"]
    assert far_sentence(View(result, Words("en"))) == ""
    flow = result.tables["trade_flow"].copy()
    place = flow.index[(flow["exporter"] == "AAA") & (flow["importer"] == "BBB") & (flow["commodity_id"] == "grain")]
    flow.loc[place, "tonnes_per_year"] = 4 * flow.loc[place, "reference_tonnes_per_year"]
    grown = Result({**result.tables, "trade_flow": flow}, result.provenance)
    assert "Grain: AAA → BBB (×4.0)" in far_sentence(View(grown, Words("en")))


def test_real_income_has_the_interval_and_the_figure_to_first_order(solved: dict[str, Result]) -> None:
    base, gate = views(solved, "base", "gate")
    change = trade_change(gate, base)
    assert change is not None
    row = solved["gate"].tables["trade_country"].set_index("country").loc["AAA"]
    income = incomes_of(change)["AAA"]
    assert (income.exact.value, income.exact.low, income.exact.high) == (
        row["real_income_percent"], row["real_income_percent_low"], row["real_income_percent_high"],
    )  # fmt: skip
    assert income.first_order == row["first_order_percent"]
    assert not income.joint
    section = trade_response.section([base, gate])
    assert section is not None
    assert section.body.count('class="d-before"') == section.body.count('class="d-blue"')
    assert "90% interval over elasticities" in section.body
    assert "interval of the ensemble" not in section.body


def test_with_an_ensemble_real_income_comes_from_it_alone(solved: dict[str, Result]) -> None:
    base, gate = views(solved, "base", "gate")
    names = tuple(f"trade.real_income_{kind}_percent[AAA]" for kind in ("change", "first_order"))
    drawn = np.linspace(1.0, 2.0, 101).reshape(-1, 1)
    gate.__dict__["ensemble"] = Ensemble(tuple(range(101)), names, np.hstack([drawn, drawn / 2]))
    change = trade_change(gate, base)
    assert change is not None
    income = incomes_of(change)["AAA"]
    figure = income.exact
    assert (figure.low, figure.value, figure.high) == pytest.approx((1.1, 1.5, 1.9), abs=0.01)
    assert income.first_order == pytest.approx(0.75)
    # Figures of the study as it stands are no median, so that they do not stand beside it.
    assert set(incomes_of(change)) == {"AAA"}
    section = trade_response.section([gate])
    assert section is not None
    assert "80% interval of the ensemble" in section.body
    assert "exact: median of the ensemble" in section.body
    assert "which need not be the median" in section.body
    assert "90% interval over elasticities" not in section.body
    assert "+1.5\xa0% (+1.1 to +1.9)" in section.body
    assert section.body.count('class="d-blue"') == 2  # the sample of the key, and one country


def test_changes_of_real_income_are_written_to_one_number_of_decimals() -> None:
    incomes = [
        Income(Figure(*values, "%"), 0.0, joint=False)
        for values in (
            (0.07533, 0.07207, 0.07808), (0.000656, 0.000628, 0.000694), (-0.0041, -0.008, 0.0002), (0.05, 0.03, 0.07),
        )
    ]  # fmt: skip
    nan = float("nan")
    assert income_texts(Words("en"), incomes) == [
        "+0.075\xa0% (+0.072 to +0.078)",
        "+0.001\xa0%",
        "−0.004\xa0% (−0.008 to 0.000)",
        "+0.050\xa0% (+0.030 to +0.070)",
    ]
    assert income_texts(Words("en"), [Income(Figure(1.234, nan, nan, "%"), 0.0, joint=False)]) == ["+1.2\xa0%"]
    assert income_texts(Words("en"), [Income(Figure(0.0, nan, nan, "%"), 0.0, joint=False)]) == ["0\xa0%"]


def steps_of(*rows: tuple[str, str, float, float, float]) -> pd.DataFrame:
    """Steps of indicators from nothing, by name, arguments and what each step adds, in t/year."""
    found = []
    for indicator, key, *changes in rows:
        values = np.cumsum([0.0, *changes])
        parts = ("before", "rerouting", "mode_shift", "new_trade")
        found += [
            (part, indicator, key, value, change, "t/year")
            for part, value, change in zip(parts, values, [np.nan, *changes], strict=True)
        ]
    return pd.DataFrame(found, columns=["step", "indicator", "key", "value", "change", "unit"])


def test_the_parts_of_the_largest_changes_are_drawn(solved: dict[str, Result]) -> None:
    steps = steps_of(
        ("crossing.tonnes_per_year", "GATE,road", 2e6, 1e-9, -5e5),
        ("crossing.tonnes_per_year", "GATE,rail", 1e3, 0.0, 0.0),
        ("mode.tonnes_per_year", "road", 0.0, 0.0, 0.0),
        ("total.tkm_per_year", "", -3e6, 1e6, 5e6),
    )
    gate = views(solved, "base", "gate")[1]
    drawn = parts_figures(gate, steps)
    # Nothing is drawn of the mode that does not change, nor of the crossing that changes less.
    assert drawn.count("<figure>") == 2
    titles = re.findall(r"<h4>([^<]*)", drawn)
    assert "Gate" in titles[0]
    assert titles[0].endswith("(Mt/year)")
    labels = re.findall(r"<title>([^<]*): ([^<]*)</title>", drawn)
    assert labels[:4] == [("Rerouting", "+2.0"), ("Mode shift", "0"), ("New trade", "−0.50"), ("Whole change", "+1.5")]
    section = trade_response.section(views(solved, "base", "gate"), steps)
    assert section is not None
    assert drawn in section.body
    assert parts_figures(gate, None) == ""


def test_elasticities_alone_change_no_income(solved: dict[str, Result]) -> None:
    section = trade_response.section(views(solved, "elastic"))
    assert section is not None
    assert "Real income is income" not in section.body
    assert "prices at the origin and incomes stay" in section.body


def test_the_workbook_has_trade_in_live_formulas(solved: dict[str, Result], tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    path = comparison_workbook([solved["base"], solved["gate"]], tmp_path / "c.xlsx")
    book, values = (openpyxl.load_workbook(path, data_only=only) for only in (False, True))
    assert {"Trade by partner", "Trade by commodity", "Real income"} <= set(book.sheetnames)
    rows = list(values["Trade by partner"].iter_rows(values_only=True))
    formulas = list(book["Trade by partner"].iter_rows(values_only=True))
    table = solved["gate"].tables["trade_flow"]
    sums = table[(table["exporter"] == "AAA") & (table["importer"] == "CCC")]["value_usd_per_year"].sum()
    (place,) = [i for i, row in enumerate(rows) if row[0] == rows[-1][0] and row[1:3] == ("AAA", "Far lands")]
    assert rows[place][4] == pytest.approx(sums / 1e6)
    assert rows[place][10] == pytest.approx(rows[place][4] - rows[place][7])
    assert formulas[place][5] == f'=IF(D{place + 1}=0,"",E{place + 1}/D{place + 1}-1)'
    assert formulas[place][10] == f"=E{place + 1}-H{place + 1}"
    income = list(values["Real income"].iter_rows(values_only=True))
    real = solved["gate"].tables["trade_country"].set_index("country")["real_income_percent"]
    assert income[-3][2] == pytest.approx(real["AAA"])
    fixed = comparison_workbook([solved["fixed base"], solved["fixed"]], tmp_path / "f.xlsx")
    assert "Real income" not in openpyxl.load_workbook(fixed).sheetnames


def test_a_change_is_compared_by_its_difference(solved: dict[str, Result]) -> None:
    table = ll.compare(solved["gate"], solved["both"])
    row = table.loc["trade.real_income_change_percent[AAA]"]
    assert np.isnan(row["change_pct"])
    assert row["change"] == pytest.approx(row.iloc[1] - row.iloc[0])
    assert np.isfinite(table.loc["total.tkm_per_year", "change_pct"])
    # A thousandth of a percent that becomes a hundredth is no news beside a road that loses a tenth of its freight.
    names = list(table.index)
    assert names.index("trade.real_income_change_percent[AAA]") > names.index("total.mean_time_h")


def test_a_plot_of_trade_is_one_of_its_indicators(solved: dict[str, Result]) -> None:
    picture = solved["gate"].plot("trade.exports_change_percent[*]")
    assert "(%)" in picture.title
    assert picture.svg.count("<rect") >= 2


def test_a_decomposition_draws_itself(solved: dict[str, Result]) -> None:
    steps = steps_of(("total.tkm_per_year", "", -3e9, 1e9, 5e9), ("crossing.tonnes_per_year", "GATE,road", 1e6, 0, 0))
    found = Decomposition(steps, solved["base"], solved["gate"], (0.0, 0.0))
    picture = found.plot("crossing.tonnes_per_year[GATE,road]")
    assert picture.title.endswith("(Mt/year)")
    assert picture.svg.count("w-more") > 1
    assert 'direction="rtl"' in found.plot("total.tkm_per_year", language="ar").svg
    for svg in (picture.svg, found.plot("total.tkm_per_year").svg):
        ET.fromstring(svg)
    with pytest.raises(ll.UnknownNameError, match=r"did you mean 'total\.tkm_per_year'"):
        found.plot("total.tkm_per_yeer")


def test_a_study_without_names_shows_the_codes_that_it_has(tmp_path: Path) -> None:
    study = trading_study(tmp_path / "s", trade_country=COUNTRIES)
    result = ll.solve(study, trade="general")
    assert set(result.tables["trade_country"]["name"]) == {""}
    assert View(result, Words("en")).name("country", "CCC") == "CCC"
    assert pd.api.types.is_string_dtype(result.tables["trade_country"]["name_ru"])


def test_elastic_demand_needs_no_table_of_countries(tmp_path: Path) -> None:
    study = ll.open_study(write_small_study(tmp_path / "s"))
    result = ll.solve(study.apply("easy-gate"), trade="elastic")
    assert set(result.tables["trade_country"]["name"]) == {""}
    section = trade_response.section([View(result, Words("en"), "easy gate")])
    assert section is not None
    assert "Only what the study's freight carries is counted." in html.unescape(str(section.body))
