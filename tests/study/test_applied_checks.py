"""What measures leave wrong: checks that look at nothing they changed need not run, so each must say what it reads."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

import pandas as pd
import pytest

import landlink as ll
from landlink.core.errors import InputError
from landlink.study import checks
from landlink.study.checks import CHECKS
from landlink.study.effects import with_measures
from landlink.tables.read import read_tables
from landlink.tables.schemas import TABLES as SCHEMAS
from tests.support.appraisal_cases import CASES as APPRAISAL_CASES
from tests.support.appraisal_cases import REFUSED_WHEN_READ as REFUSED_COSTS
from tests.support.appraised_study import COST_TABLES
from tests.support.border_cases import BORDER_CHECKS
from tests.support.border_cases import CASES as BORDER_CASES
from tests.support.carbon_cases import CASES as CARBON_CASES
from tests.support.health_cases import HEALTH
from tests.support.health_cases import REFUSED as HEALTH_CASES
from tests.support.resilience_cases import CASES as RESILIENCE_CASES
from tests.support.response_cases import CASES as RESPONSE_CASES
from tests.support.small_border import TABLES as BORDER
from tests.support.small_study import TABLES, write_small_study
from tests.support.study_cases import CASES
from tests.support.trade_cases import CASES as TRADE_CASES
from tests.support.trading_study import TRADE_TABLES


def with_column(table: str, column: str, *values: str) -> dict[str, str]:
    """A table of the small study with one more column."""
    header, *rows = TABLES[table].strip().splitlines()
    return {table: "\n".join([f"{header},{column}", *(f"{r},{v}" for r, v in zip(rows, values, strict=True))])}


def refused_when_read(told: str) -> bool:
    """Whether the schema refuses a table, so that no check sees it."""
    return any(words in told for words in ("out of bounds", "unknown country", "shares add"))


WRONG = {
    **{name: replaced for name, (replaced, _) in CASES.items() if "effect" not in name and "excluding" not in name},
    "load group of two modes": with_column("link", "load_group", "G", "G", "G", "", ""),
    "load group named as a link": with_column("link", "load_group", "R2", "", "", "", ""),
    "open_to is not after open_from": with_column("measure", "open_to", "2020", "", ""),
    "name of no file": {"crossing": TABLES["crossing"].replace("GATE,road", "../GATE,road")},
    "needs itself": with_column("measure", "requires", "bypass", "", ""),
    "no growth": {"growth": "commodity_id,year_from,year_to,rate_pct_per_year\ngrian,2030,2023,3"},
    "another border": with_column("link", "crossing_id", "GATE", "", "", "", ""),
    "uneven family": {"vehicle": TABLES["vehicle"].replace("rail,rail", "rail,road")},
    "limit below background": {
        "crossing": TABLES["crossing"]
        .replace("curve_b\n", "curve_b,background_vehicles_per_day,hard_capacity\n")
        .replace(",1,4\n", ",1,4,70,60\n")
    },
    "limit of a simulated crossing": BORDER
    | {
        "crossing": BORDER["crossing"]
        .replace("punctuality_h\n", "punctuality_h,hard_capacity\n")
        .replace("80,4,0.5\n", "80,4,0.5,60\n")
        .replace(",,,,,,,,\n", ",,,,,,,,,\n")
    },
    "freight within a country that leaves it": {
        "demand_domestic": "origin_zone_id,destination_zone_id,commodity_id,tonnes_per_year\nZ1,Z2,grain,5\n"
    },
    "other money": {"config": "currency\nKGS"},
    "constants": with_column("link", "corridor", "other", "", "", "", "")
    | {
        "corridor": "corridor_id,name\nway,The way",
        "constant": """
constant_id,kind,families,country_a,crossing_id,corridor_id,value,low,carries_over
nowhere,border,,,,,1,,1
family,border,raod,,GATE,,1,,1
range,border,,,GATE,,1,2,1
pair,pair,,CCC,,,1,,
ships,border,water,,GATE,,1,,1
empty,corridor,,,,way,1,,1
""",
    },
    **{name: BORDER | BORDER_CASES[name][0] for name in BORDER_CHECKS},
    "observations": BORDER
    | {
        "observation": """
observation_id,crossing_id,family,begins,ends,direction,quantity,stage_id,value,low,high,contradicts
backwards,GATE,road,2024,2023,both,vehicles_per_day,,5,,,
outside,GATE,road,2023,2024,both,vehicles_per_day,,5,6,7,
nowhere,GATE,road,2023,2024,both,vehicles_per_day,documents,5,,,
itself,GATE,road,2023,2024,both,vehicles_per_day,,5,,,itself
"""
    },
    "observed": {
        "observed": """
observed_id,what,value,indicator,direction,role,bound,to_year,year,begins
one-way,Trucks out,5,"crossing.trucks_per_day[GATE,ab]",ba,validation,value,same,,
nothing bounded,Trucks,5,crossing.trucks_per_day[GATE],,bound,value,same,,
no error,Trucks,5,,,fit,value,same,,
no rate,Trucks,5,crossing.trucks_per_day[GATE],,validation,value,growth,2022,
one end,Trucks,5,crossing.trucks_per_day[GATE],,validation,value,same,2023,2023-01-01
given,Tonnes,5,total.tonnes_per_year,,input,value,same,2023,
judged,Tonnes,5,total.tonnes_per_year,,validation,value,same,2023,
"""
    },
    "observed times": {
        "crossing": """
crossing_id,family,node_id,country_a,country_b,time_ab_h,time_ba_h,capacity_vehicles_per_day,delay_h,time_includes,observed_vehicles_per_day
GATE,road,X,AAA,BBB,6,5,150,6,wait,900
GATE,rail,X,AAA,BBB,12,12,20,12,wait,
"""
    },
    **{name: BORDER | HEALTH | replaced for name, (replaced, _) in HEALTH_CASES.items()},
    **{name: TRADE_TABLES | new for name, (new, told) in TRADE_CASES.items() if not refused_when_read(told)},
    **{name: new for name, (new, told) in CARBON_CASES.items() if not refused_when_read(told)},
    **{name: new for name, (new, told) in RESILIENCE_CASES.items() if not refused_when_read(told)},
    **{name: new for name, (new, _) in RESPONSE_CASES.items()},
    **{
        f"costs, {name}": COST_TABLES | new
        for name, (new, told) in APPRAISAL_CASES.items()
        if name not in REFUSED_COSTS
    },
}


def narrowed(tables: Mapping[str, pd.DataFrame], columns: Mapping[str, Collection[str]]) -> dict[str, pd.DataFrame]:
    """The columns that a check says it looks at."""
    return {name: tables[name][list({*SCHEMAS[name].key, *columns[name]})] for name in columns}


def number_of(table: pd.DataFrame, known: list[pd.DataFrame]) -> int:
    """Which of the tables that are known this one is; the next, if none."""
    for number, one in enumerate(known):
        if len(one) == len(table) and list(one) == list(table) and (one.empty or one.equals(table)):
            return number
    known.append(table)
    return len(known) - 1


def told(problems: Iterable[object]) -> list[str]:
    return [str(problem) for problem in problems]


def test_checks_read_only_the_columns_they_declare(tmp_path: Path) -> None:
    """Each finds in its own columns what it finds in all tables; it is asked once about tables that are the same."""
    seen: set[str] = set()
    known: dict[str, list[pd.DataFrame]] = {name: [] for name in SCHEMAS}
    asked: dict[tuple[object, ...], list[str]] = {}
    for number, replaced in enumerate(WRONG.values()):
        tables = read_tables(write_small_study(tmp_path / str(number), **replaced))
        numbers = {name: number_of(table, known[name]) for name, table in tables.items()}
        for check, columns in CHECKS.items():
            key = (check, *(numbers[name] for name in columns))
            if key not in asked:
                asked[key] = told(check(narrowed(tables, columns)))
            assert told(check(tables)) == asked[key], check.__name__
            if asked[key]:
                seen.add(check.__name__)
    assert seen == {check.__name__ for check in CHECKS}, "a check that no case here fails"


@pytest.mark.parametrize(
    ("effect", "told"),
    [
        ("link,R1,length,set,60", "shorter than the great circle"),
        ("node,N1,x_coord,set,60", "shorter than the great circle"),
        ("link,R1,to_node_id,set,N1", "start and end node are the same"),
        ("link,R2,country,set,CCC", "not in exactly one of its countries"),
        ("zone,Z1,node_id,set,X\nbypass,zone,Z1,country,set,CCC", "but in neither of its countries"),
        ("crossing,GATE/road,country_b,set,CCC", "it does not connect two countries"),
        ("crossing,GATE/rail,curve_a,set,1\nbypass,crossing,GATE/rail,curve,set,conical", "must be above 1"),
        ("link,R1;T1,load_group,set,G", "different values within the load group G"),
        ("link,R1,load_group,set,R2", "has the name of a link"),
        ("link,B1,open_to,set,2020\nbypass,link,B1,open_from,set,2021", "open_to is not after open_from"),
        ("link,R1,crossing_id,set,GATE", "passes the crossing GATE"),
        ("vehicle,rail,family,set,road", "have different loads"),
    ],
)
def test_problems_caused_by_measures_are_all_reported_with_the_measure(effect: str, told: str, tmp_path: Path) -> None:
    study = ll.open_study(write_small_study(tmp_path / "s", effect=f"{TABLES['effect']}bypass,{effect}\n"))
    study.tables_in(2029)
    with pytest.raises(InputError, match=told) as error:
        study.apply("bypass").tables_in(2030)
    problems = [str(problem) for problem in error.value.problems]
    after = checks.table_problems(with_measures(study.tables, ["bypass"], 2030))
    assert [problem.replace("after bypass: ", "") for problem in problems] == [str(problem) for problem in after]
