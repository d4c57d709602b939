"""Charges and levies by hand."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import pandas as pd
import pytest

import landlink as ll
from landlink.appraisal.transfers import operating_days, transfers_of, vehicle_km
from tests.support.gate_study import gate_study
from tests.support.two_roads import TIGHT

TRUCKS = 400_000 / 20
BACK = 100_000 / 20


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    return ll.solve(gate_study(tmp_path_factory.mktemp("gate") / "s").at(2023), options=TIGHT)


def with_levy(result, **row):
    usual = {
        "family": "road",
        "share": float("nan"),
        "usd_per_unit": float("nan"),
        "unit": "",
        "receiver": "government",
    }
    levy = pd.DataFrame([{"country": "AAA", "kind": "levy", **usual, **row}])
    return transfers_of(MappingProxyType({**result.tables, "levy": levy}))


def received(table, item):
    return table[table["item"] == item].groupby("country")["usd"].sum().to_dict()


def test_days_of_operation(result):
    assert operating_days(result.tables) == pytest.approx(365)


def test_charges_of_loaded_trucks_fall_to_both_countries(result):
    assert received(transfers_of(result.tables), "fees") == pytest.approx({"AAA": 50 * TRUCKS, "BBB": 50 * TRUCKS})


def test_traffic_counts_empty_trucks(result):
    runs = vehicle_km(result.tables).set_index(["country", "family"])
    assert runs.loc[("AAA", "road"), "loaded_km"] == pytest.approx(100 * (TRUCKS + BACK))
    assert runs.loc[("AAA", "road"), "vehicle_km"] == pytest.approx(1.5 * 100 * (TRUCKS + BACK))


def test_levy_by_share_of_the_money_of_running(result):
    found = with_levy(result, share=0.05)
    assert received(found, "taxes") == pytest.approx({"AAA": 0.05 * 100 * (TRUCKS + BACK)})
    assert received(found, "fees")["AAA"] == pytest.approx(50 * TRUCKS)


def test_levy_by_vehicle_km_counts_empty_runs(result):
    found = with_levy(result, usd_per_unit=0.1, unit="vehicle_km", receiver="operator")
    assert received(found, "charges") == pytest.approx({"AAA": 0.1 * 1.5 * 100 * (TRUCKS + BACK)})
    assert set(found.loc[found["item"] == "charges", "group"]) == {"operators"}


@pytest.mark.parametrize(("unit", "amount"), [("tkm", 100 * 500_000.0), ("t", 500_000.0)])
def test_levy_by_tonne(result, unit, amount):
    assert received(with_levy(result, usd_per_unit=1.0, unit=unit), "taxes") == pytest.approx({"AAA": amount})


def test_levy_by_tonne_of_all_families_counts_a_tonne_once(result):
    found = with_levy(result, usd_per_unit=1.0, unit="t", family="")
    assert received(found, "taxes") == pytest.approx({"AAA": 500_000.0})


def test_levy_for_each_vehicle_stands_in_place_of_the_charge(result):
    found = with_levy(result, usd_per_unit=10.0, unit="vehicle")
    # 12,500 trucks and half as many empty ones that return.
    assert received(found, "taxes") == pytest.approx({"AAA": 10 * 1.5 * (TRUCKS + BACK)})
    assert received(found, "fees") == pytest.approx({"BBB": 50 * TRUCKS})


def test_levy_everywhere_and_of_one_country(result):
    rows = [("*", 1.0), ("AAA", 3.0)]
    usual = {"kind": "toll", "family": "", "share": float("nan"), "unit": "tkm", "receiver": "government"}
    levy = pd.DataFrame([{"country": country, "usd_per_unit": usd, **usual} for country, usd in rows])
    found = transfers_of({**result.tables, "levy": levy})
    assert received(found, "taxes") == pytest.approx({"AAA": 3 * 5e7, "BBB": 5e7})


def test_nothing_crosses_a_border(result):
    still = result.tables["crossing"].assign(loaded_vehicles_per_day=0.0)
    emptied = replace(result, tables={**result.tables, "crossing": still})
    assert transfers_of(emptied.tables).empty
