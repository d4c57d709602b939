"""Measures that cannot act are found, each with the reason."""

from __future__ import annotations

from pathlib import Path

import pytest

import landlink as ll
from landlink.study.idle_effects import told
from landlink.study.solve_reads import READ, REASONS
from landlink.tables.schemas import TABLES as SCHEMAS
from tests.support.small_border import TABLES as BORDER
from tests.support.small_border import write_small_border
from tests.support.small_study import TABLES, write_small_study

MEASURE = "measure_id,name,kind,open_from\nbypass,Bypass,project,2030\n"
EFFECT = "measure_id,table,row,column,operation,value\nbypass,link,B1,,open,\n"
RULE = {
    "rule": "rule_id,kind,crossing_id,direction,open_from,open_to\nnight,change,GATE,both,2023-01-01,2031",
    "rule_effect": "rule_id,table,row,column,operation,value\nnight,stage,GATE/road/documents,servers,set,1",
}


def idle(
    folder: Path, *lines: str, year: int = 2030, border: bool = True, **replaced: str
) -> dict[str, tuple[str, str]]:
    """Reasons and details of idle effects by measure, for measures named m0, m1 ... with one effect each."""
    names = [f"m{number}" for number in range(len(lines))]
    measure = MEASURE + "".join(f"{name},{name},policy,\n" for name in names)
    effect = EFFECT + "".join(f"{name},{line}\n" for name, line in zip(names, lines, strict=True))
    write = write_small_border if border else write_small_study
    study = ll.open_study(write(folder, measure=measure, effect=effect, **replaced)).apply(*names)
    return {found.measure: (found.reason, found.detail) for found in study.idle_effects(year)}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("crossing,GATE/road,time_ab_h,set,1", "stages"),
        ("crossing,GATE/road,time_ba_h,multiply,0.5", "stages"),
        ("crossing,GATE/road,p95_extra_h,set,1", "stages"),
        ("crossing,GATE/road,capacity_vehicles_per_day,multiply,2", "stages"),
        ("crossing,GATE/rail,hours,set,08:00-10:00", "no_stages"),
        ("crossing,GATE/road,fee_ab,set,10", "unread"),
        ("crossing,GATE/road,hours_open,set,always", "unread"),
        ("link,R1,lanes,set,4", "unread"),
        ("link,R1,name,set,The new road", "unread"),
        ("commodity,grain,value_usd_per_t,multiply,2", "unread"),
        ("commodity,grain,route_scale,set,0.5", "routing"),
        ("link,B1,length,set,140", "closed"),
        ("link,R1,length,set,100", "same"),
        ("link,R1,length,multiply,1", "same"),
        ("link,R1,,open,", "same"),
        ("crossing,GATE/road,,open,", "same"),
        ("link,R1,open_from,set,2029", "same"),
    ],
)
def test_an_effect_that_nothing_reads_is_idle(tmp_path: Path, line: str, reason: str) -> None:
    assert idle(tmp_path / "s", line)["m0"] == (reason, "")


def test_dates_of_what_is_planned_do_not_act_and_the_measure_that_opens_it_is_named(tmp_path: Path) -> None:
    assert idle(tmp_path / "a", "link,B1,open_from,set,2029") == {"m0": ("opened_by", "bypass")}
    opened = ("link,B1,,open,", "link,B1,open_from,set,2029")
    assert idle(tmp_path / "b", *opened) == {"m1": ("same", "")}
    assert idle(tmp_path / "c", "link,B1,,open,", "link,B1,open_from,set,2031", year=2030).get("m1") is None


@pytest.mark.parametrize(
    "line",
    [
        "crossing,GATE/rail,time_ab_h,set,1",
        "crossing,GATE/rail,delay_h,set,0",
        "crossing,GATE/rail,curve,set,none",
        "crossing,GATE/road,cost_ab_usd_per_vehicle,set,10",
        "crossing,GATE/road,hours,set,00:00-24:00",
        "crossing,GATE/road,wait,set,table",
        "stage,GATE/road/documents,servers,set,8",
        "stage,GATE/road/swap,order_ba,set,2",
        "stage,GATE/road/documents,departures,set,06:00-22:00/02:00",
        "arrival,GATE/road/ab/loaded,vehicles_per_day,multiply,2",
        "arrival,GATE/road/ab/loaded,timetable,set,06:00;18:00",
        "link,R1,length,set,90",
        "link,R1,,close,",
        "link,B1,,open,",
        "vehicle,road,payload_t,set,21",
        "demand,*,tonnes_per_year,multiply,1.1",
        "commodity,grain,logit_scale,set,0.3",
    ],
)
def test_an_effect_that_acts_is_not_idle(tmp_path: Path, line: str) -> None:
    link = {"link": TABLES["link"].replace("R1,N1,X,0,100", "R1,N1,X,0,120")} if "R1,length" in line else {}
    assert idle(tmp_path / "s", line, **link) == {}


def test_rows_that_stages_replace_are_told_beside_rows_that_act(tmp_path: Path) -> None:
    effect = EFFECT + "m0,crossing,GATE,time_ab_h,set,1\n"
    folder = write_small_border(tmp_path / "s", measure=MEASURE + "m0,m0,policy,\n", effect=effect)
    study = ll.open_study(folder).apply("m0")
    (found,) = study.idle_effects(2030)
    assert (found.rows, found.reason, found.whole) == (("GATE/road",), "stages", False)
    (note,) = told([found], 2030)
    assert note.startswith("m0 has no effect in part on the flows of 2030: crossing GATE/road time_ab_h")


def test_a_crossing_whose_waits_are_those_of_the_table_keeps_its_fixed_time(tmp_path: Path) -> None:
    crossing = BORDER["crossing"].replace("punctuality_h\n", "punctuality_h,wait\n").replace(",0.5\n", ",0.5,table\n")
    crossing = crossing.replace(",,,,,,,,\n", ",,,,,,,,,\n")
    lines = ("crossing,GATE/road,time_ab_h,set,1", "stage,GATE/road/documents,servers,set,8")
    assert idle(tmp_path / "s", *lines, crossing=crossing) == {"m1": ("no_stages", "")}


def test_a_rule_in_force_that_sets_the_same_cell_is_named(tmp_path: Path) -> None:
    line = "stage,GATE/road/documents,servers,set,8"
    assert idle(tmp_path / "s", line, **RULE) == {"m0": ("rule", "night")}
    assert idle(tmp_path / "t", line, year=2031, **RULE) == {}


def test_a_later_measure_that_sets_the_same_cell_is_named(tmp_path: Path) -> None:
    lines = ("link,R1,length,set,120", "link,R1,length,set,130")
    assert idle(tmp_path / "s", *lines, border=False) == {"m0": ("overwritten", "m1")}
    lines = ("link,R1,length,set,120", "link,R1,length,multiply,1.1")
    assert idle(tmp_path / "t", *lines, border=False) == {}


#: Columns that effects may change and that no part of a solve reads, besides names and provenance.
UNREAD = {
    "node": "x_coord y_coord node_type population",
    "link": "geometry_id lanes facility_type gauge_mm tracks surface",
    "zone": "kind population gdp_musd",
    "crossing": (
        "hours_open balk_at fee_ab fee_ba currency usd_per_currency capacity_basis time_includes"
        " observed_vehicles_per_day observed_capacity_per_day wait_share least_free_h"
    ),
    "demand": "exporter importer value_usd_per_t",
    "vehicle_class": "tir perishable dangerous",
    "commodity": "group processing_stage",
    "stage": "at_closing",
    "rule": "kind direction vehicle_class stage_id parameters",
    "prevalence": "counted value lower upper test variant",
    "sensitivity": "sensitivity lower upper",
    "health": "value lower upper",
    "constant": "prior_mean prior_sd low high",
    "carrier": "unit price_usd_per_unit",
    "grid": "renewable_percent",
    "hazard": (
        "cause places events_per_year rate_spread events_observed years_observed season duration_days duration_spread"
        " capacity_factor extra_h extra_usd_per_t recovery_days recovery recovery_factor"
        " group group_share status open_from open_to"
    ),
    "response_site": (
        "unit_id node_id country status units most_units cost_musd unit_cost_musd cost_musd_per_year ready_h"
        " speed_factor"
    ),
    "renewable": "measure_id technology season investment_musd energy_usd_per_mwh",
}


@pytest.mark.parametrize("table", SCHEMAS["effect"].by_name["table"].allowed)
def test_every_column_that_effects_may_change_is_known_to_be_read_or_not(table: str) -> None:
    described = {"name", "quality", "source", "note", "attribute_quality"}
    columns = {column.name for column in SCHEMAS[table].columns if not column.key and column.name not in described}
    columns = {name for name in columns if not name.startswith("name_")}
    read, unread = set(READ.get(table, ())), set(UNREAD.get(table, "").split())
    assert read | unread == columns
    assert not read & unread


def test_what_is_told_in_the_result_and_by_check(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    measure = MEASURE + "faster,Faster checks,policy,\n"
    effect = EFFECT + "faster,link,R1,lanes,set,4\nfaster,link,R1,length,set,100\n"
    folder = write_small_study(tmp_path / "s", measure=measure, effect=effect)
    settings = (folder / "study.toml").read_text().replace('apply = ["bypass"]', 'apply = ["faster"]')
    (folder / "study.toml").write_text(settings)
    study = ll.open_study(folder).apply("faster")
    found = study.idle_effects(2023)
    assert [one.whole for one in found] == [True, True]
    (note,) = told(found, 2023)
    assert note.startswith("faster has no effect on the flows of 2023: link R1 lanes (no part of a solve reads this")
    assert REASONS["same"] in note
    provenance = ll.solve(study).provenance
    assert note in provenance.presentation.notes
    assert not provenance.run.measures[0].acts
    from landlink.cli import main  # noqa: PLC0415

    assert main(["check", str(folder)]) == 0
    assert "faster has no effect on the flows of 2030" in capsys.readouterr().out
