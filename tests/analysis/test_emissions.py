"""Emissions of a result: headings that add up, files that say what they hold, and results that have none."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pandas as pd
import pytest

import landlink as ll
from landlink.analysis.emissions import COLUMNS, HEADINGS
from landlink.core.errors import InputError, OutputError, ResultError, UnknownNameError
from landlink.results.result import Result
from tests.support.worked_chain import worked_chain


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Result:
    return ll.solve(worked_chain(tmp_path_factory.mktemp("chain") / "s").at(2025))


@pytest.mark.parametrize("heading", ["country", "mode", "commodity"])
def test_headings_of_all_freight_add_up_to_the_total(heading, result):
    found = ll.emissions(result)
    table = found.by(heading)
    assert table["co2e_t_per_year"].sum() == pytest.approx(found.total, rel=1e-12)
    assert table["share"].sum() == pytest.approx(1.0)
    assert table["energy_mj_per_year"].sum() == pytest.approx(found.energy_mj, rel=1e-12)
    assert table["co2e_t_per_year"].is_monotonic_decreasing


def test_links_and_places_are_all_and_legs_are_those_of_the_chain(result):
    found = ll.emissions(result)
    places = sum(found.by(heading)["co2e_t_per_year"].sum() for heading in ("link", "place"))
    assert places == pytest.approx(found.total, rel=1e-12)
    legs = found.by("leg")
    assert len(legs) == len(result.tables["leg"]) - 1  # nothing is used to bring it where it arrives
    # A thousand tonnes a year.
    assert legs["co2e_kg_per_t"].sum() == pytest.approx(found.total, rel=1e-9)
    assert legs["to_name"].iloc[-1] == "Basil"


def test_the_repr_says_the_total(result):
    found = ll.emissions(result)
    assert repr(found).startswith("Emissions('2025': ")
    assert f"{found.total:.2g} t CO2e/year" in repr(found)
    assert "Emissions" in found._repr_html_()


@pytest.mark.parametrize("heading", HEADINGS)
@pytest.mark.parametrize("ending", [".csv", ".parquet"])
def test_what_is_written_is_what_is_listed(heading, ending, result, tmp_path: Path):
    found = ll.emissions(result)
    path = found.save(tmp_path / f"x{ending}", heading)
    read = pd.read_csv(path) if ending == ".csv" else pd.read_parquet(path)
    assert tuple(read) == COLUMNS[heading]
    assert len(read) == len(found.by(heading))
    found.save(path, heading)  # replaces its own


def test_a_workbook_has_every_heading_with_units(result, tmp_path: Path):
    path = ll.emissions(result).save(tmp_path / "x.xlsx", "mode")
    book = openpyxl.load_workbook(path)
    assert book.sheetnames[1] == "mode"
    assert set(HEADINGS) <= set(book.sheetnames)
    cells = [str(cell.value) for row in book["leg"].iter_rows(max_row=4) for cell in row]
    assert any("kg/t" in cell for cell in cells)


def test_what_cannot_be_is_refused(result, tmp_path: Path):
    found = ll.emissions(result)
    with pytest.raises(InputError, match="country, mode, commodity"):
        found.by("wheel")  # type: ignore[arg-type]
    with pytest.raises((InputError, OutputError), match=r"\.csv"):
        found.save(tmp_path / "x.pdf")
    (tmp_path / "mine.csv").write_text("mine")
    with pytest.raises(OutputError):
        found.save(tmp_path / "mine.csv")


def test_a_result_without_the_tables_says_so(result):
    old = Result({name: t for name, t in result.tables.items() if "emission" not in name}, result.provenance)
    with pytest.raises(ResultError, match="run the scenario again"):
        ll.emissions(old)
    with pytest.raises(UnknownNameError, match="no table emission_country"):
        old.indicator("emissions.co2e_t_per_year")
    assert old.indicator("total.tkm_per_year") > 0


def test_expressions_of_emissions_have_units(result):
    share = result.indicator("emissions.co2e_t_per_year[AAA] / emissions.co2e_t_per_year")
    assert share == pytest.approx(
        result.indicator("emissions.co2e_t_per_year[AAA]") / result.indicator("emissions.co2e_t_per_year[ALL]")
    )
    with pytest.raises(UnknownNameError, match="unit"):
        result.indicator("emissions.co2e_t_per_year + energy.mj_per_year")
