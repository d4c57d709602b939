"""Faults that would be solved wrongly in silence: each is refused before anything is solved."""

from __future__ import annotations

from pathlib import Path

import pytest

import landlink as ll
from landlink.core.errors import InputError
from tests.support.small_study import SETTINGS, TABLES, write_small_study

INPUT = """
[[sensitivity]]
title = "Truck cost"
table = "vehicle"
row = "road"
column = "cost_usd_per_vehicle_km"
low = 0.8
high = 1.2
"""


def refusal(tmp_path: Path, settings: str = SETTINGS, **tables: str) -> str:
    folder = write_small_study(tmp_path / "study", **tables)
    (folder / "study.toml").write_text(settings, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        raise InputError(ll.open_study(folder).problems())
    return str(caught.value)


@pytest.mark.parametrize(
    ("effect", "told"),
    [
        ("crossing,GATE/road,time_ab_h,multiply,-1", "out of bounds"),
        ("crossing,GATE/road,capacity_vehicles_per_day,set,0", "out of bounds"),
        ("link,R1,length,add,-200", "out of bounds"),
        ("link,R1,mode,set,hyperloop", "unknown mode"),
        ("link,R1,from_node_id,set,NOPE", "unknown node_id"),
        ("link,R1,directed,set,yes", "not a boolean"),
        ("link,R1,lanes,set,2.5", "not a whole number"),
        ("link,R1,open_from,set,soon", "not a date"),
        ("link,R1,length,set,1_00", "not a number"),
        ("link,R1,length,set,１００", "not a number"),
        ("link,R1,length,multiply,", "the cell is empty"),
        ('link,R1,length,multiply,"1,5"', "thousands separators or a decimal comma"),
        ("link,R1,,close,0.5", "close takes no value"),
        ("link,r1,length,multiply,2", "did you mean 'R1'"),
        ("vehicle,road,payload_t,multiply,0", "out of bounds"),
        ("demand,Z1/Z2/grain,tonnes_per_year,multiply,-1", "out of bounds"),
    ],
)
def test_effects_leave_tables_valid(effect: str, told: str, tmp_path: Path) -> None:
    assert told in refusal(tmp_path, effect=TABLES["effect"] + f"easy-gate,{effect}\n")


def test_measures_invalid_only_in_combination_are_rejected_when_applied(tmp_path: Path) -> None:
    effects = TABLES["effect"] + "easy-gate,link,R1,length,set,80\n"
    study = ll.open_study(write_small_study(tmp_path / "study", effect=effects)).apply("easy-gate")
    with pytest.raises(InputError, match="after easy-gate: shorter than the great circle"):
        ll.solve(study)


def test_whole_numbers_stay_whole(tmp_path: Path) -> None:
    link = "\n".join(
        f"{row},{lanes}" for row, lanes in zip(TABLES["link"].split(), ["lanes", 3, 2, "", "", ""], strict=True)
    )
    effects = TABLES["effect"] + "easy-gate,link,R1;R2;T1,lanes,multiply,1.5\n"
    study = ll.open_study(write_small_study(tmp_path / "study", link=link, effect=effects)).apply("easy-gate")
    lanes = study.tables_in(2030)["link"]["lanes"]
    assert lanes.dtype == "Int64"
    assert lanes.tolist()[:2] == [4, 3]
    assert lanes.isna().tolist()[2:] == [True, True]


def test_demand_without_an_alternative(tmp_path: Path) -> None:
    rows = [row + "," for row in TABLES["commodity"].strip().splitlines()]
    goods = "\n".join([rows[0] + "modes", rows[1] + "boat", rows[2]])
    fleet = TABLES["vehicle"] + "boat,water,Boat,500,0,5,0,0,0,none,,\n"
    assert "no alternative of study.toml uses a mode" in refusal(tmp_path, commodity=goods, vehicle=fleet)


@pytest.mark.parametrize(
    ("table", "text", "told"),
    [
        ("measure", TABLES["measure"] + "odd,Odd,project,,odd\n", "refers to itself"),
        (
            "growth",
            "commodity_id,year_from,year_to,rate_pct_per_year\n*,2030,2023,3\n",
            "year_to is not after year_from",
        ),
        ("growth", "commodity_id,year_from,year_to,rate_pct_per_year\ngrian,2023,2030,3\n", "unknown commodity_id"),
        ("observed", "observed_id,what,value,indicator\no,x,3,nonsense[1]\n", "no such indicator"),
        (
            "observed",
            "observed_id,what,value,indicator\no,x,3,crossing.trucks_per_day[GATE\n",
            "wrong arguments of an indicator",
        ),
        (
            "observed",
            "observed_id,what,value,indicator\no,x,3,crossing.trucks_per_day\n",
            "wrong arguments of an indicator",
        ),
    ],
)
def test_invalid_rows(table: str, text: str, told: str, tmp_path: Path) -> None:
    assert told in refusal(tmp_path, **{table: text})


@pytest.mark.parametrize(
    "name", ["../../escape", "/abs", "a\\b", "C:x", "nul", "x.", ".x", "x\x07", "x" * 300, "a\u202eb"]
)
def test_measures_and_crossings_that_no_file_can_be_named_after(name: str, tmp_path: Path) -> None:
    replaced = {table: text.replace("bypass", name).replace("GATE", name) for table, text in TABLES.items()}
    settings = SETTINGS.replace('apply = ["bypass"]', "")
    told = refusal(tmp_path, settings, **replaced)
    for table in ("measure", "crossing"):
        assert f"{table}, row" in told
    assert told.count("files are named after it") == 2


@pytest.mark.parametrize("name", ["обход", "绕行", "تجاوز", "by pass", "a-b_c.d"])
def test_names_in_letters_of_every_script_are_read(name: str, tmp_path: Path) -> None:
    replaced = {table: text.replace("bypass", name).replace("GATE", f"{name}/{name}") for table, text in TABLES.items()}
    folder = write_small_study(tmp_path / name, **replaced)
    (folder / "study.toml").write_text(SETTINGS.replace("bypass", name), encoding="utf-8")
    study = ll.open_study(folder)
    assert study.problems() == []
    assert name in study.tables["measure"]["measure_id"].tolist()


def test_a_service_that_ends_before_it_begins(tmp_path: Path) -> None:
    link = TABLES["link"].replace("status", "status,open_from,open_to").replace("existing", "existing,2030,2020")
    assert "open_to is not after open_from" in refusal(tmp_path, link=link.replace("planned", "planned,,"))


def test_load_group_and_link_ids_are_distinguished(tmp_path: Path) -> None:
    header, first, *rest = TABLES["link"].strip().splitlines()
    link = "\n".join([header + ",load_group", first + ",R2", *(row + "," for row in rest)])
    assert "has the name of a link" in refusal(tmp_path, link=link)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("base_year = 2023", "base_year = 1800", "invalid year"),
        ('id = "two-ports"', 'id = "../elsewhere"', "invalid study id"),
        ('id = "two-ports"', 'id = ""', "invalid study id"),
        ('id = "two-ports"', 'id = "aux"', "is a device name of Windows"),
        ('id = "two-ports"', 'id = "two\\u0007ports"', "contains the control character U+0007"),
        ('id = "today"', 'id = "../../escape"', "invalid scenario id"),
        ('id = "today"', 'id = "today."', "ends with a dot"),
        ('id = "today"', 'id = "' + "x" * 300 + '"', "is too long"),
        ("base_year = 2023", "base_year = 2023\noperating_days = 4000", "more than the days of a year"),
        ("base_year = 2023", "base_year = 2023\noperating_days = 1" + "0" * 400, "a finite number"),
        ('modes = ["road"]', "modes = []", "has no modes"),
        ('modes = ["road"]', 'modes = ["road"]\nconstant_usd_per_t = {grain = inf}', "a finite number"),
        ('["Z1", "Z2", "machinery"]', '["Z1", "Z1"]', "origin and destination are the same zone"),
        ("[[alternative]]", "[solver]\nmax_iterations = 0\n[[alternative]]", "1 or more"),
        ("base_year = 2023", 'base_year = 2023\ncurrency = "KGS"', "no exchange rate"),
        ("year = 2030", "year = 20300", "invalid year"),
        ("[report]", '[report]\nheadline = "nonsense"', "no such indicator"),
    ],
)
def test_invalid_settings(old: str, new: str, told: str, tmp_path: Path) -> None:
    assert told in refusal(tmp_path, SETTINGS.replace(old, new, 1))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("low = 0.8", "low = -1", "out of bounds"),
        ("low = 0.8", "low = 1.5", "at most high, which is 1.2"),
        ('"road"', '"rod"', "unknown row of vehicle"),
        ("cost_usd_", "c", "unknown or non-numeric column"),
    ],
)
def test_invalid_sensitivity_inputs(old: str, new: str, told: str, tmp_path: Path) -> None:
    assert told in refusal(tmp_path, SETTINGS + INPUT.replace(old, new, 1))


@pytest.mark.parametrize(
    ("indicator", "told"),
    [
        ("crossing.trucks_per_day[GAET]", "no such crossing: GAET"),
        ("crossing.trucks_per_day[GAET]", "did you mean 'GATE'"),
        ("crossing.tonnes_per_year[GATE,water]", "has no row for water"),
        ("crossing.tonnes_per_year[GATE,road,abba]", "no such direction"),
        ("crossing.tonnes_per_year[GATE,rod]", "no such family"),
        ("mode.tonnes_per_year[boat]", "no such mode: boat"),
        ("alternative.tonnes_per_year[air]", "no such alternative: air"),
        ("border.tonnes_per_year[AAA,CCC,road]", "no such country: CCC"),
        ("border.tonnes_per_year[AAA,AAA,road]", "no crossing for road between AAA and AAA"),
        ("border.tonnes_per_year[AAA,BBB,road,grian]", "no such commodity: grian"),
        ("border.trucks_per_day[AAA,ALL]", "no such country: ALL"),
        ("country.tkm_per_year[XXX,rail]", "no such country: XXX"),
        ("link.tonnes_per_year[R9]", "no such link: R9"),
        ("terminal.tonnes_per_year[T]", "no such terminal: T"),
        ("od.time_h[Z1,Z3]", "no such destination: Z3"),
        ("distance.km[N1,N3,road]", "no such node: N3"),
        ("total.tkm_per_year / mode.tkm_per_year[boat]", "no such mode: boat"),
    ],
)
def test_indicators_of_places_that_do_not_exist(indicator: str, told: str, tmp_path: Path) -> None:
    row = f'observed_id,what,value,indicator\no,x,3,"{indicator}"\n'
    assert told in refusal(tmp_path / "a", observed=row)
    assert told in refusal(tmp_path / "b", SETTINGS.replace("[report]", f'[report]\nheadline = "{indicator}"'))


def test_indicators_of_places_that_exist(tmp_path: Path) -> None:
    names = (
        "crossing.trucks_per_day[GATE]", "crossing.trains_per_day[GATE]", "crossing.tonnes_per_year[GATE, rail, ba]",
        "mode.tkm_per_year[rail]", "alternative.tonnes_per_year[rail]", "border.tonnes_per_year[BBB,AAA,rail,grain]",
        "border.trucks_per_day[BBB,AAA]", "country.tkm_per_year[ALL,road]", "country.tonnes_per_year[AAA,all]",
        "country.transit_tonnes_per_year[BBB]", "link.tonnes_per_year[B1]", "od.time_h[Z1,Z2,road]",
        "total.tkm_per_year / total.tonnes_per_year", "distance.km[N1,N2,rail] + distance.km[N2,N1,rail]",
    )  # fmt: skip
    rows = "".join(f'o{i},x,3,"{name}"\n' for i, name in enumerate(names))
    folder = write_small_study(tmp_path / "study", observed="observed_id,what,value,indicator\n" + rows)
    assert len(ll.open_study(folder).tables["observed"]) == len(names)


@pytest.mark.parametrize("sign", [";", ",", "[", "]"])
@pytest.mark.parametrize("table", ["node", "link", "zone", "crossing", "commodity", "vehicle", "measure"])
def test_invalid_ids(table: str, sign: str, tmp_path: Path) -> None:
    header, first, *rest = TABLES[table].strip().splitlines()
    name, _, others = first.partition(",")
    told = refusal(tmp_path, **{table: "\n".join([header, f'"{name}{sign}x",{others}', *rest])})
    assert (
        "contains a separator of lists, effects and indicators, which refer to rows by this name "
        f"(found '{name}{sign}x'" in told
    )
    assert "without ; , [ or ]" in told


def test_ids_may_contain_punctuation_and_surrounding_spaces_are_ignored(tmp_path: Path) -> None:
    tables = {name: text.replace("R1", "R/1+ä b").replace("Z1", " Z1 ") for name, text in TABLES.items()}
    study = ll.open_study(write_small_study(tmp_path / "study", **tables))
    assert study.tables["link"]["link_id"].iat[0] == "R/1+ä b"
    assert study.tables["zone"]["zone_id"].tolist() == ["Z1", "Z2"]


def test_tolls_in_another_currency(tmp_path: Path) -> None:
    assert "unsupported currency (found 'KGS')" in refusal(tmp_path, config="long_length,currency\nkm,KGS")


@pytest.mark.parametrize(
    ("table", "old", "new", "told"),
    [
        ("node", "node_id", "Node_ID", "differs from node_id only in capital letters"),
        ("link", "R1,N1,X,0,100,", "R1,N1,X,0,45%,", "write a share of 45% as 0.45"),
        ("measure", "project,2030", "project,03.09.2030", "the format YYYY-MM-DD"),
    ],
)
def test_spreadsheet_artefacts_in_tables(table: str, old: str, new: str, told: str, tmp_path: Path) -> None:
    message = refusal(tmp_path, **{table: TABLES[table].replace(old, new, 1)})
    assert told in message
    assert "the column is missing" not in message


@pytest.mark.parametrize(
    ("share", "hinted"), [("50", True), ("1.5", True), ("50%", True), ("-0.5", False), ("101", False)]
)
def test_percentages_in_shares(tmp_path: Path, share: str, hinted: bool) -> None:
    header = "hazard_id,cause,places,events_per_year,duration_days,capacity_factor,group,group_share\n"
    told = refusal(tmp_path, hazard=f"{header}slide,landslide,link:R1,1,3,0,passes,{share}\n")
    assert "group_share" in told
    assert ("write a share of 45% as 0.45" in told) is hinted


def test_demand_given_twice_without_a_column_for_its_kind(tmp_path: Path) -> None:
    told = refusal(tmp_path, demand=TABLES["demand"] + "Z1,Z2,grain,5\n")
    assert "demand, line 5 (Z1/Z2/grain): duplicate key, already used in line 2 (Z1/Z2/grain)" in told


@pytest.mark.parametrize(
    ("option", "value"),
    [("threads", 0), ("threads", -1), ("relative_gap", float("nan")), ("relative_gap", -1.0), ("max_iterations", 0)],
)
def test_invalid_solver_options(option: str, value: float, tmp_path: Path) -> None:
    study = ll.open_study(write_small_study(tmp_path / "study"))
    with pytest.raises(InputError, match=f"invalid value of {option}"):
        ll.solve(study, options=ll.SolverOptions(**{option: value}))  # type: ignore[arg-type]
