"""A study in its own currency: what it gives is what it means, and what is shown is what it asked for."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

import landlink as ll
from landlink.cli import main
from landlink.core.currency import Currency
from landlink.core.errors import InputError, UnknownNameError
from landlink.study import Study
from landlink.study.price_years import price_year_notes
from tests.support.small_border import TABLES as BORDER
from tests.support.small_study import SETTINGS, TABLES, write_small_study

RATE = 128.0
SHILLING = f"""
currency = "KES"
currency_per_usd = {RATE}
rate_date = 2024-06-30
rate_source = "Central Bank of Kenya"
"""
OWN = SETTINGS.replace("base_year = 2023", "base_year = 2023" + SHILLING)


def study_of(folder: Path, settings: str = OWN, **replaced: str) -> Study:
    path = write_small_study(folder, **replaced)
    (path / "study.toml").write_text(settings, encoding="utf-8")
    return ll.open_study(path)


def refusal(folder: Path, settings: str = OWN, **replaced: str) -> str:
    with pytest.raises(InputError) as error:
        study_of(folder, settings, **replaced)
    return str(error.value)


def times(table: str, column: str, factor: float = RATE) -> str:
    """A table of the small study with a column of money in shillings."""
    header, *rows = TABLES[table].strip().splitlines()
    place = header.split(",").index(column)
    named = Currency("KES", RATE).name_of(column)
    changed = [
        ",".join([*(c := row.split(","))[:place], str(float(c[place]) * factor), *c[place + 1 :]]) for row in rows
    ]
    return "\n".join([header.replace(column, named), *changed])


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("vehicle", "cost_usd_per_vehicle_km"), ("vehicle", "load_usd_per_t"), ("vehicle", "standing_usd_per_h"),
        ("commodity", "value_usd_per_t"), ("commodity", "value_of_time_usd_per_t_h"),
    ],
)  # fmt: skip
def test_a_column_in_the_own_currency_means_what_it_means_in_usd(table: str, column: str, tmp_path: Path):
    own = study_of(tmp_path / "own", **{table: times(table, column)})
    pd.testing.assert_frame_equal(own.tables[table], study_of(tmp_path / "usd").tables[table])


def test_amounts_inside_cells_are_converted(tmp_path: Path):
    tables = {
        "config": "currency\nKES",
        "link": TABLES["link"].replace("status\n", "status,toll\n").replace(",existing\n", ",existing,640\n")
        .replace(",planned\n", ",planned,\n"),
        "measure": "measure_id,name,kind,open_from,excludes,cost_mkes,cost_year,running_kes_per_day\n"
        "bypass,Western bypass,project,2030,,1280,2015,256\n"
        "easy-gate,Faster checks,policy,,,,,\nclosed-gate,Closed,shock,,easy-gate,,,\n",
        "effect": TABLES["effect"]
        + "easy-gate,crossing,GATE/road,cost_ab_kes_per_vehicle,set,1280\n"
        + "easy-gate,crossing,GATE/road,cost_ba_kes_per_vehicle,add,640\n"
        + "easy-gate,vehicle,road,cost_kes_per_vehicle_km,multiply,0.5\n"
        + "bypass,link,R1,toll,set,1280\n",
        "observed": "observed_id,what,value,unit,indicator,scale,scale_unit\n"
        'cost,Cost of a tonne,12800,KES/t,"od.cost_kes_per_t[Z1,Z2]",,\n'
        'box,Cost of a box,256000,KES/FEU,"od.cost_usd_per_t[Z1,Z2]",20,t/FEU\n',
    }  # fmt: skip
    study = study_of(tmp_path / "study", **tables)
    assert study.tables["link"]["toll"].tolist()[:4] == [5.0] * 4
    assert study.tables["config"]["currency"].tolist() == ["USD"]
    measure = study.tables["measure"].set_index("measure_id").loc["bypass"]
    assert (measure["cost_musd"], measure["running_usd_per_day"]) == (10.0, 2.0)
    after = study.apply("easy-gate", "bypass").tables_in(2030)
    gate = after["crossing"].set_index(["crossing_id", "family"]).loc[("GATE", "road")]
    assert (gate["cost_ab_usd_per_vehicle"], gate["cost_ba_usd_per_vehicle"]) == (10.0, 5.0)
    assert after["vehicle"].set_index("mode").at["road", "cost_usd_per_vehicle_km"] == 0.5
    assert after["link"].set_index("link_id").at["R1", "toll"] == 10.0
    observed = study.tables["observed"].set_index("observed_id")
    assert observed.loc["cost", ["value", "unit", "indicator"]].tolist() == [100.0, "USD/t", "od.cost_usd_per_t[Z1,Z2]"]
    assert observed.loc["box", ["value", "unit", "scale"]].tolist() == [2000.0, "USD/FEU", 20.0]
    (note,) = price_year_notes(study)
    assert note.startswith("the capital cost of 1 measure is in prices of 2015; the exchange rate of 2024-06-30")


def test_settings_name_columns_and_constants_in_the_own_currency(tmp_path: Path):
    settings = OWN.replace('id = "rail"\n', f'id = "rail"\nconstant_kes_per_t = {{ grain = {-2 * RATE} }}\n')
    settings += '\n[[sensitivity]]\ntitle = "Trucks"\ntable = "vehicle"\nrow = "road"\n'
    settings += 'column = "cost_kes_per_vehicle_km"\nlow = 0.8\nhigh = 1.2\n'
    study = study_of(tmp_path / "study", settings)
    assert study.settings.alternatives[1].constant("grain") == -2.0
    assert study.settings.sensitivity[0].column == "cost_usd_per_vehicle_km"
    assert study.settings.money == Currency("KES", RATE, "2024-06-30", "Central Bank of Kenya")


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ('currency = "KSH"', "column currency: unknown currency (found 'KSH')"),
        ('currency = "kes"', "did you mean 'KES'"),
        ('currency = "XAU"\ncurrency_per_usd = 1\nrate_date = 2024-01-01', "unknown currency"),
        ('currency = "KES"', "column currency_per_usd: no exchange rate"),
        (
            'currency = "KES"\ncurrency_per_usd = -3\nrate_date = 2024-06-30',
            "column currency_per_usd: out of bounds (found '-3.0')",
        ),
        ('currency = "KES"\ncurrency_per_usd = 0.0\nrate_date = 2024-06-30', "column currency_per_usd: out of bounds"),
        ('currency = "KES"\ncurrency_per_usd = nan\nrate_date = 2024-06-30', "a finite number"),
        ('currency = "KES"\ncurrency_per_usd = "129"\nrate_date = 2024-06-30', "wrong type"),
        ('currency = "KES"\ncurrency_per_usd = 129.2', "the exchange rate has no date"),
        ('currency = "KES"\ncurrency_per_usd = 129.2\nrate_date = "2024-06"', "a date such as 2024-06-30"),
        ('currency = "KES"\ncurrency_per_usd = 129.2\nrate_date = "2024-02-30"', "a date such as 2024-06-30"),
        ('currency = "KES"\ncurrency_per_usd = 129.2\nrate_date = 2024-06-30T12:00:00', "a date such as 2024-06-30"),
        ("currency_per_usd = 129.2", "an exchange rate without a currency"),
        ("rate_date = 2024-06-30", "an exchange rate without a currency"),
    ],
)
def test_a_currency_needs_a_code_and_a_dated_rate(settings: str, told: str, tmp_path: Path):
    text = SETTINGS.replace("base_year = 2023", "base_year = 2023\n" + settings)
    assert told in refusal(tmp_path / "study", text)


def test_an_invalid_rate_hides_no_other_problem_and_adds_none(tmp_path: Path):
    text = SETTINGS.replace("base_year = 2023", 'base_year = 2023\ncurrency = "KES"')
    told = refusal(tmp_path / "study", text, vehicle=times("vehicle", "load_usd_per_t"))
    assert "no exchange rate" in told
    assert "does not declare" not in told


def test_other_invalid_settings_do_not_make_columns_in_the_currency_missing(tmp_path: Path):
    settings = 'currency = "KES"\ncurrency_per_usd = 129.2\nrate_date = 2024-06-30\n'
    text = SETTINGS.replace("base_year = 2023", "base_year = 2023\n" + settings) + "\n[appraisal]\nhorizon_years = 0\n"
    told = refusal(tmp_path / "study", text, vehicle=times("vehicle", "cost_usd_per_vehicle_km"))
    assert "horizon_years" in told
    assert "the column is missing" not in told
    assert "does not declare" not in told


def test_columns_are_in_a_declared_currency_and_in_one(tmp_path: Path):
    vehicle = times("vehicle", "load_usd_per_t")
    told = refusal(tmp_path / "usd", SETTINGS, vehicle=vehicle)
    assert "column load_kes_per_t: amounts in a currency that study.toml does not declare" in told
    header, *rows = vehicle.splitlines()
    both = "\n".join([header + ",load_usd_per_t", *(row + ",3" for row in rows)])
    assert "one of load_usd_per_t and load_kes_per_t" in refusal(tmp_path / "both", vehicle=both)
    assert "unsupported currency (found 'UGX')" in refusal(tmp_path / "tolls", config="currency\nUGX")
    wrong = vehicle.replace("384.0", "-384")
    assert "column load_kes_per_t: out of bounds (found '-384.0')" in refusal(tmp_path / "bounds", vehicle=wrong)


def test_indicators_follow_the_currency(tmp_path: Path):
    settings = OWN + 'headline = "total.generalised_cost_mkes_per_year"\n'
    result = ll.solve(study_of(tmp_path / "study", settings))
    usd, own = (result.indicator(f"od.cost_{code}_per_t[Z1,Z2]") for code in ("usd", "kes"))
    assert own == pytest.approx(RATE * usd)
    assert result.currency == Currency("KES", RATE, "2024-06-30", "Central Bank of Kenya")
    with pytest.raises(UnknownNameError, match="no exchange rate for UGX"):
        result.indicator("od.cost_ugx_per_t[Z1,Z2]")
    wrong = OWN + 'headline = "od.cost_ugx_per_t[Z1,Z2]"\n'
    assert "no exchange rate for UGX" in refusal(tmp_path / "wrong", wrong)
    # What a result holds does not depend on how it is shown.
    plain = ll.solve(study_of(tmp_path / "usd", SETTINGS))
    pd.testing.assert_frame_equal(plain.indicators, result.indicators)


def test_the_hash_of_a_study_without_a_currency_stays(tmp_path: Path):
    assert study_of(tmp_path / "study", SETTINGS).hash == ll.open_study(write_small_study(tmp_path / "same")).hash
    assert study_of(tmp_path / "own").hash != study_of(tmp_path / "usd", SETTINGS).hash


def test_results_and_exports_show_both_currencies(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    study = study_of(tmp_path / "study", measure=TABLES["measure"], effect=TABLES["effect"])
    result = ll.solve(study.at(2023))
    result.save(tmp_path / "base")
    assert ll.open_result(tmp_path / "base").currency == result.currency
    ll.export(result, tmp_path / "csv", to="csv")
    od = pd.read_csv(tmp_path / "csv" / "od.csv")
    assert od["money_kes_per_t"].to_numpy() == pytest.approx(RATE * od["money_usd_per_t"].to_numpy())
    marker = json.loads((tmp_path / "csv" / "export.json").read_text(encoding="utf-8"))
    assert marker["files"]["od.csv"]["units"]["money_kes_per_t"] == "KES/t"
    rows = pd.read_csv(tmp_path / "csv" / "indicator.csv").set_index("indicator")
    own, usd = (rows.loc[f"total.generalised_cost_m{code}_per_year"] for code in ("kes", "usd"))
    assert own["value"] == pytest.approx(RATE * usd["value"])
    assert (own["unit"], usd["unit"]) == ("million KES/year", "million USD/year")
    assert main(["run", str(study.path), "--year", "2030", "--apply", "easy-gate", "-o", str(tmp_path / "later")]) == 0
    said = capsys.readouterr().out
    assert "total.generalised_cost_mkes_per_year" in said
    assert "128 KES per USD of 2024-06-30 (Central Bank of Kenya)" in said
    assert main(["compare", str(tmp_path / "base"), str(tmp_path / "later")]) == 0
    assert "million KES/year" in capsys.readouterr().out


def test_rules_and_health_parameters_are_given_in_the_own_currency(tmp_path: Path):
    rule = BORDER["rule"].replace("hours_before=14;", "hours_before=14;kes=640;stopped_kes = 1280;")
    health = "parameter,applies_to,value,lower,upper\nkes_per_vehicle_h,,1280,640,2560\ncontacts,escort,2,,\n"
    study = study_of(tmp_path / "study", **(BORDER | {"rule": rule, "health": health}))
    settings = study.tables["rule"].set_index("rule_id").at["tested", "parameters"]
    assert settings == "hours_before=14;usd=5.0;stopped_usd=10.0;sensitivity=0.9"
    values = study.tables["health"].set_index("parameter")
    assert values.loc["usd_per_vehicle_h", ["value", "lower"]].tolist() == [10.0, 5.0]
    assert values.at["contacts", "value"] == 2.0


def test_fees_in_the_own_currency_need_no_second_rate(tmp_path: Path):
    header, *rows = TABLES["crossing"].strip().splitlines()
    fees = [header + ",fee_ab,currency", rows[0] + ",640,KES", rows[1] + ",,"]
    study = study_of(tmp_path / "study", crossing="\n".join(fees))
    assert study.tables["crossing"]["usd_per_currency"].iat[0] == 1 / RATE
    told = refusal(tmp_path / "other", crossing="\n".join(fees).replace("KES", "UGX"))
    assert "missing exchange rate for fees in UGX" in told
    assert "unknown currency (found 'UGS')" in refusal(
        tmp_path / "wrong", crossing="\n".join(fees).replace("KES", "UGS")
    )


@pytest.mark.parametrize("language", ["en", "ru", "zh", "ky", "ar", "fr", "es", "pt"])
def test_reports_state_currency_and_rate(language: str, tmp_path: Path):
    result = ll.solve(study_of(tmp_path / "study"))
    page = ll.report([result], tmp_path / "report.html", language=language).read_text(encoding="utf-8")
    assert "KES" in page
    assert "Central Bank of Kenya" in page
