"""Suggested indicators come from the study at hand, and are generic without one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import landlink as ll
from landlink.indicators.expressions import parse_expression
from landlink.statement import Gazetteer, read
from landlink.statement.indicator_suggestion import PLACEHOLDERS
from landlink.statement.lexicon import shared_rows
from landlink.study import Study
from landlink.tables.shared_columns import FAMILIES
from tests.support.other_regions import EAST_AFRICA, write_study


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return ll.open_study(write_study(tmp_path_factory.mktemp("studies") / "study", EAST_AFRICA))


def test_the_table_names_nothing_of_any_study() -> None:
    for row in shared_rows("indicators"):
        for group in re.findall(r"\[([^]]*)\]", row["indicator"]):
            for argument in group.split(","):
                generic = {*FAMILIES, "ALL", "ab", "ba", *(f"{{{name}}}" for name in PLACEHOLDERS)}
                assert argument in generic, row["indicator"]
        parse_expression(row["indicator"].format(**dict.fromkeys(PLACEHOLDERS, "X")))


@pytest.mark.parametrize(
    ("text", "without", "given"),
    [
        (
            "Kenya and Uganda will raise the number of trucks at Malaba to 1,500 a day by 2030.",
            "border.trucks_per_day[KEN,UGA]",
            "crossing.trucks_per_day[MALABA]",
        ),
        (
            "Both will cut the crossing time at the border post of Malaba to 3 hours.",
            None,
            "crossing.time_h[MALABA,road,ab]",
        ),
        (
            "Kenya and Uganda will raise the number of trucks to 1,500 a day.",
            "border.trucks_per_day[KEN,UGA]",
            "border.trucks_per_day[KEN,UGA]",
        ),
        # Two countries without a border, a study without a railway.
        (
            "Kenya and Rwanda will raise the number of trucks to 1,500 a day.",
            "border.trucks_per_day[KEN,RWA]",
            None,
        ),
        ("Kenya and Uganda will run 20 trains a day on the railway.", None, None),
        ("Kenya and Uganda will increase transit.",
         *["country.transit_tonnes_per_year[KEN] + country.transit_tonnes_per_year[UGA]"] * 2),
        ("The sides will increase transit.", None, None),
        ("Kenya and Uganda will cut the emissions of ships by 20 percent.", None, None),
        ("Kenya and Uganda will cut greenhouse gas emissions by 20 percent.",
         *["emissions.co2e_t_per_year[KEN] + emissions.co2e_t_per_year[UGA]"] * 2),
        ("The sides will cut greenhouse gas emissions by 20 percent.", *["emissions.co2e_t_per_year"] * 2),
        ("Kenya and Uganda will safeguard regional security.", None, None),
    ],
)  # fmt: skip
def test_suggestions_with_and_without_a_study(text: str, without: str | None, given: str | None, study: Study) -> None:
    assert read(text).clauses[0].indicator == without
    assert read(text, gazetteer=study).clauses[0].indicator == given


def test_trains_between_two_countries_are_those_of_their_rail_crossings(tmp_path: Path) -> None:
    rail = (
        "\nMALABA,rail,Malaba,,MAL,KEN,UGA,8,6\nBUSIA,rail,Busia,,BUS,UGA,KEN,8,6\nGATUNA,rail,Gatuna,,GAT,UGA,RWA,6,5"
    )
    more = {
        "crossing": rail,
        "node": "\nBUS,Busia,,,34.1,0.46,border,,",
        "link": "\nL6,NBO,BUS,0,430,55,road,KEN\nL7,BUS,KLA,0,200,55,road,UGA",
    }
    tables = EAST_AFRICA | {name: EAST_AFRICA[name].rstrip() + rows for name, rows in more.items()}
    names = Gazetteer.of(ll.open_study(write_study(tmp_path / "study", tables)))
    text = "Kenya and Uganda will run 20 trains a day on the railway."
    expected = "crossing.trains_per_day[BUSIA] + crossing.trains_per_day[MALABA]"
    assert read(text, gazetteer=names).clauses[0].indicator == expected


def test_rows_of_the_user_come_first(tmp_path: Path) -> None:
    (tmp_path / "indicators.csv").write_text(
        "topics,objects,units,indicator,needs\ntransport_transit,,,total.tkm_per_year,\n", encoding="utf-8"
    )
    text = "The sides will increase transit."
    assert read(text, lexicons=tmp_path).clauses[0].indicator == "total.tkm_per_year"
