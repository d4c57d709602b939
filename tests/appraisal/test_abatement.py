"""Abatement cost curves of a study whose emissions can be written down, and what is refused."""

from __future__ import annotations

import itertools
import json
import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import landlink as ll
from landlink.appraisal.abatement_file import read_curve
from landlink.appraisal.abatement_solver import SetSolver
from landlink.cli import main
from landlink.report.words import Words
from tests.support.carbon_study import (
    CARBON_TABLES,
    ELECTRIC_MJ,
    FUEL_KG,
    FUEL_MJ,
    GREEN_MEASURES,
    GRID_KG,
    TONNES,
    USD_PER_MJ,
    carbon_study,
)

#: Tonne-kilometres on 200 km, emissions with fuel, with electricity, and with electricity of half as dirty a grid, t.
TKM = TONNES * 200
FUEL_T = TKM * FUEL_MJ * FUEL_KG / 1000
ELECTRIC_T = TKM * ELECTRIC_MJ * GRID_KG / 1000
CLEANER_T = ELECTRIC_T / 2


def yearly(amount, life, rate=0.09):
    """An investment at the end of the year before a life, as a constant amount at the end of each of its years."""
    return amount * rate / (1 - (1 + rate) ** -life)


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return carbon_study(tmp_path_factory.mktemp("green") / "study", **GREEN_MEASURES)


@pytest.fixture(scope="module")
def curve(study):
    return ll.abatement_curve(study, ["clean-grid", "electric"], year=2030)


def row(curve, measure):
    return curve.table.set_index("measure_id").loc[measure]


def test_one_measure_on_the_curve_is_what_it_is_alone(study):
    curve = ll.abatement_curve(study, ["electric"], year=2030)
    found = row(curve, "electric")
    assert found["abated_t_per_year"] == pytest.approx(FUEL_T - ELECTRIC_T)
    assert found["alone_abated_t_per_year"] == found["abated_t_per_year"]
    assert found["alone_usd_per_t"] == found["usd_per_t"]
    saved = TKM * (FUEL_MJ - ELECTRIC_MJ) * USD_PER_MJ
    assert found["energy_saved_usd_per_year"] == pytest.approx(saved)
    assert found["annual_usd_per_year"] == pytest.approx(yearly(10e6, 20))
    assert found["usd_per_t"] == pytest.approx((yearly(10e6, 20) - saved) / (FUEL_T - ELECTRIC_T))
    assert found["abated_life_t"] == pytest.approx(20 * (FUEL_T - ELECTRIC_T))
    assert curve.base_t == pytest.approx(FUEL_T)


def test_a_cleaner_grid_abates_nothing_alone_and_something_with_electric_trucks(curve):
    assert list(curve.steps["measure_id"]) == ["electric", "clean-grid"]
    grid = row(curve, "clean-grid")
    assert grid["alone_abated_t_per_year"] == pytest.approx(0, abs=1e-6)
    assert math.isnan(grid["alone_usd_per_t"])
    assert grid["abated_t_per_year"] == pytest.approx(ELECTRIC_T - CLEANER_T)
    # Alone the two would come to 5,000 t; together they come to 7,500 t.
    assert curve.total["abated_t_per_year"] == pytest.approx(FUEL_T - CLEANER_T)
    assert curve.total["abated_t_per_year"] > curve.steps["alone_abated_t_per_year"].sum() + 1000


def test_steps_add_up_to_all_together(curve):
    sums = [
        "investment_usd", "annual_usd_per_year", "energy_saved_mj_per_year", "energy_saved_usd_per_year",
        "generation_gwh_per_year", "net_usd_per_year", "abated_freight_t_per_year", "abated_grid_t_per_year",
        "abated_t_per_year", "users_gain_usd_per_year",
    ]  # fmt: skip
    for name in sums:
        assert curve.steps[name].sum() == pytest.approx(curve.total[name], rel=1e-12, abs=1e-6), name


def test_a_measure_that_saves_money_has_a_cost_below_zero_and_comes_first(study):
    curve = ll.abatement_curve(study, ["clean-grid", "electric"], year=2030, rate=3)
    electric = row(curve, "electric")
    assert electric["usd_per_t"] < 0
    assert electric["place"] == 1


def test_a_plant_spares_others_what_freight_does_not_take_from_it(study):
    # 10 MW at 0.25 are 21.9 GWh of 1,000; each kilowatt-hour replaces 500 g by 100 g.
    gwh = 10 * 0.25 * 8.76
    alone = row(ll.abatement_curve(study, ["solar"], year=2030), "solar")
    assert alone["abated_freight_t_per_year"] == pytest.approx(0, abs=1e-9)
    assert alone["abated_t_per_year"] == pytest.approx(gwh * 400)
    assert alone["generation_usd_per_year"] == pytest.approx(gwh * 1e6 * 0.072)
    # The grid of AAA falls by 400 g x 21.9 / 1,000; freight takes half of its electricity there.
    kwh = TKM * ELECTRIC_MJ / 2 / 3.6
    part = kwh * 400 * gwh / 1000 / 1e6
    # It saves money, so it comes first; what freight takes of it shows with the trucks, and is taken off the others.
    curve = ll.abatement_curve(study, ["electric", "solar"], year=2030)
    assert list(curve.steps["measure_id"]) == ["solar", "electric"]
    electric = row(curve, "electric")
    assert electric["abated_freight_t_per_year"] == pytest.approx(FUEL_T - ELECTRIC_T + part)
    assert electric["abated_grid_t_per_year"] == pytest.approx(-part)
    # To freight alone it abates nothing before the trucks come.
    freight = ll.abatement_curve(study, ["electric", "solar"], year=2030, scope="freight")
    assert list(freight.steps["measure_id"]) == ["electric", "solar"]
    assert row(freight, "solar")["abated_t_per_year"] == pytest.approx(part)


def test_measures_that_exclude_each_other_do_not_share_a_curve(study):
    curve = ll.abatement_curve(study, ["half-electric", "electric", "clean-grid"], year=2030, rate=3)
    assert next(iter(curve.steps["measure_id"])) == "electric"
    half = row(curve, "half-electric")
    assert half["place"] == 0
    assert half["excluded_by"] == "electric"
    assert half["alone_abated_t_per_year"] == pytest.approx((FUEL_T - ELECTRIC_T) / 2)
    assert any("half-electric is left out: it cannot be combined with electric" in note for note in curve.notes)
    assert curve.total["abated_t_per_year"] == pytest.approx(FUEL_T - CLEANER_T)


def test_a_measure_comes_after_what_it_requires(study):
    curve = ll.abatement_curve(study, ["chargers", "electric"], year=2030)
    assert list(curve.steps["measure_id"]) == ["electric", "chargers"]
    chargers = row(curve, "chargers")
    assert chargers["abated_t_per_year"] == pytest.approx(0.1 * ELECTRIC_T)
    assert chargers["alone_abated_t_per_year"] == pytest.approx(0.1 * ELECTRIC_T)


def test_what_shippers_gain_stands_beside_the_cost(study):
    curve = ll.abatement_curve(study, ["quick-gate"], year=2030)
    gate = row(curve, "quick-gate")
    # Three hours less for the 400,000 t from a to b: 0.1 USD/t/h, and 9 USD/h of a truck of 20 t.
    assert gate["users_gain_usd_per_year"] == pytest.approx(400_000 * 3 * (0.1 + 9 / 20))
    assert gate["abated_t_per_year"] == pytest.approx(0, abs=1e-6)
    assert gate["net_usd_per_year"] == pytest.approx(yearly(1e6, 20))


def test_measures_of_energy_share_their_flows_and_others_are_solved(study):
    solver = SetSolver(study.at(2030), ("electric", "quick-gate"), ll.SolverOptions(), None, most=4)
    assert solver.shares_flows(frozenset(), frozenset({"electric"}))
    assert not solver.shares_flows(frozenset(), frozenset({"quick-gate"}))
    priced = SetSolver(study.with_carbon_price(20).at(2030), ("electric",), ll.SolverOptions(), None, most=2)
    assert not priced.shares_flows(frozenset(), frozenset({"electric"}))


def test_states_agree_with_results_solved_on_their_own(study, curve):
    both = ll.solve(study.apply("electric", "clean-grid").at(2030))
    emitted = sum(both.tables[name]["co2e_t_per_year"].sum() for name in ("emission_link", "emission_place"))
    assert curve.base_t - curve.total["abated_t_per_year"] == pytest.approx(emitted)


def test_progress_counts_to_the_end(study):
    told = []
    measures = ["clean-grid", "electric"]
    ll.abatement_curve(study, measures, year=2030, progress=lambda what, done: told.append((what, done)))
    shares = [done for _, done in told]
    assert shares == sorted(shares)
    assert 0 <= shares[0] < shares[-1] <= 1
    assert any("set 2 of at most 4: clean-grid" in what for what, _ in told)


@pytest.mark.parametrize(
    ("measures", "options", "message"),
    [
        ([], {}, "needs at least one measure"),
        (["electric", "electric"], {}, "named twice (found 'electric')"),
        (["elektric"], {}, "no such measure; did you mean 'electric'?"),
        (["late"], {}, "not in force in 2030 (found '2050')"),
        (["chargers"], {}, "requires"),
        (["electric"], {"rate": 0}, "the discount rate is 0, or no rate (found '0 %')"),
        (["electric"], {"rate": -100}, "found '-100 %'"),
        (["electric"], {"scope": "world"}, "unknown scope (found 'world'); allowed: all or freight"),
    ],
)
def test_what_makes_no_curve_is_refused(study, measures, options, message):
    with pytest.raises(ll.InputError, match=None) as refused:
        ll.abatement_curve(study, measures, year=2030, **options)
    assert message in str(refused.value)


def test_a_measure_of_the_scenario_is_refused(study):
    with pytest.raises(ll.InputError, match="the scenario has it already"):
        ll.abatement_curve(study.apply("electric").at(2030), ["electric"])


def test_a_curve_is_written_as_table_workbook_picture_and_page(curve, tmp_path):
    table = pd.read_csv(curve.save(tmp_path / "curve.csv"))
    assert table["abated_t_per_year"].to_numpy() == pytest.approx(curve.table["abated_t_per_year"].to_numpy())
    first, again = (curve.save(tmp_path / name).read_bytes() for name in ("curve.xlsx", "again.xlsx"))
    assert first == again
    book = pd.read_excel(tmp_path / "curve.xlsx", sheet_name="abatement", header=None).astype(str)
    assert "electric" in set(itertools.chain.from_iterable(book.to_numpy().tolist()))
    drawn = curve.save(tmp_path / "curve.svg").read_text("utf-8")
    assert "Electric trucks" in drawn
    assert "http" not in drawn.replace("http://www.w3.org/2000/svg", "")
    page = curve.save(tmp_path / "curve.html", language="ar").read_text("utf-8")
    assert 'dir="rtl"' in page
    assert "شاحنات كهربائية" in page
    # Written by landlink, so replaced without force; other endings are refused.
    curve.save(tmp_path / "curve.csv")
    with pytest.raises(ll.OutputError):
        curve.save(tmp_path / "curve.pdf")


def test_words_of_the_curve_are_in_every_language(curve):
    for language in ("en", "ru", "zh", "ky", "ar", "fr", "es", "pt"):
        words = Words(language)
        assert words("abatement.total") in curve.chart(language=language).svg


def test_a_notebook_shows_the_picture_and_the_notes(curve):
    shown = curve._repr_html_()
    assert "<img" in shown
    assert repr(curve) == "AbatementCurve('2030', 2030: 2 measures abate 7,500 of 10,000 t CO2e a year)"


def test_the_shell_prints_and_writes_a_curve(study, capsys, tmp_path):
    words = ["abatement", str(study.path), "--measures", "clean-grid,electric", "--year", "2030"]
    target = tmp_path / "curve.svg"
    assert main([*words, "-o", str(target)]) == 0
    printed = capsys.readouterr().out
    assert "all together" in printed
    assert target.is_file()
    assert main([*words, "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert [step["measure_id"] for step in facts["steps"]] == ["electric", "clean-grid", ""]
    assert facts["base_t_per_year"] == pytest.approx(FUEL_T)
    assert main(["abatement", str(study.path), "--measures", "none-such", "--year", "2030"]) == 2
    assert "no such measure" in capsys.readouterr().err


def test_energy_without_a_price_is_said(tmp_path):
    carriers = CARBON_TABLES["carrier"].replace(",0.72\n", ",\n", 1)
    study = carbon_study(tmp_path / "study", **(GREEN_MEASURES | {"carrier": carriers}))
    curve = ll.abatement_curve(study, ["electric"], year=2030)
    assert any(note.endswith("saves no money: fuel") for note in curve.notes)
    assert np.isfinite(row(curve, "electric")["usd_per_t"])


def test_the_shell_tells_amounts_in_the_currency_of_the_study_to_two_digits(tmp_path, capsys):
    study = carbon_study(tmp_path / "study", **GREEN_MEASURES)
    text = (study.path / "study.toml").read_text("utf-8")
    own = 'currency = "KES"\ncurrency_per_usd = 130\nrate_date = 2024-06-30\n'
    (study.path / "study.toml").write_text(own + text, encoding="utf-8")
    assert main(["abatement", str(study.path), "--measures", "electric", "--year", "2030"]) == 0
    printed = capsys.readouterr().out
    head, first = printed.splitlines()[3:5]
    assert "USD" not in head
    assert head.count("KES/t") == 2
    found = row(ll.abatement_curve(ll.open_study(study.path), ["electric"], year=2030), "electric")
    shown = float(first.split()[-1].replace(",", "").replace("\u2212", "-"))
    assert shown == float(f"{found['usd_per_t'] * 130:.2g}")


@pytest.fixture(scope="module")
def start(study):
    return ll.solve(study.at(2030))


def test_a_saved_curve_is_read_back(curve, start, tmp_path):
    found = read_curve(curve.save(tmp_path / "curve.csv"), start)
    pd.testing.assert_frame_equal(found.table, curve.table, check_dtype=False)
    for name in ("base_t", "year", "rate_percent", "scope", "label", "title", "study_hash", "money"):
        assert getattr(found, name) == getattr(curve, name)
    assert found.chart(language="ar").svg == curve.chart(language="ar").svg


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda table: table.drop(columns="study_hash"), "study_hash: the column is missing"),
        (lambda table: table.iloc[::-1], "not the steps of a curve in their order"),
        (lambda table: table.iloc[1:], "not the steps of a curve in their order"),
        (lambda table: table.iloc[:0], "there are no measures"),
        (lambda table: table.assign(year=range(2030, 2030 + len(table))), "of several curves"),
        (lambda table: table.assign(abated_t_per_year=1.0), "do not add up"),
    ],
)
def test_files_that_are_no_curve_are_refused(curve, start, tmp_path, change, message):
    path = curve.save(tmp_path / "curve.csv")
    change(pd.read_csv(path)).to_csv(path, index=False)
    with pytest.raises(ll.InputError, match=message):
        read_curve(path, start)


def test_a_report_shows_a_curve_that_starts_from_one_of_its_results(curve, start, study, tmp_path, capsys):
    saved, csv = start.save(tmp_path / "start"), curve.save(tmp_path / "curve.csv")
    words = ["report", str(saved), "-o", str(tmp_path / "report.html"), "--abatement", str(csv), "--language"]
    for language in ("en", "ar"):
        assert main([*words, language]) == 0
        page = (tmp_path / "report.html").read_text("utf-8")
        assert page.count('id="abatement-heading"') == 1
        assert Words(language)("abatement.how") in page
        assert ("Electric trucks" if language == "en" else "شاحنات كهربائية") in page
    assert ll.report([start], tmp_path / "python.html", abatement=curve).is_file()
    other = ll.solve(study.at(2025))
    with pytest.raises(ll.InputError, match="starts from none of the results"):
        ll.report([other], tmp_path / "other.html", abatement=curve)
    with pytest.raises(ll.InputError, match="emissions without the measures"):
        ll.report([start], tmp_path / "other.html", abatement=replace(curve, base_t=2 * curve.base_t))
    capsys.readouterr()
    assert main(["report", str(saved), "--brief", "--abatement", str(csv)]) == 2
    assert "--brief shows neither" in capsys.readouterr().err
