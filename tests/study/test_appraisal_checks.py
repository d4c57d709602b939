"""What the tables and settings of appraisal refuse: every fault with its row, all at once."""

from __future__ import annotations

from pathlib import Path

import pytest

import landlink as ll
from landlink.core.errors import InputError
from tests.support.appraisal_cases import CASES, SETTINGS_CASES
from tests.support.appraised_study import COST_TABLES, appraised_study, write_appraised_study
from tests.support.small_study import write_small_study


def told(folder: Path, settings: str = "", **replaced: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        appraised_study(folder, settings=settings, **replaced)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize("case", CASES)
def test_each_fault_is_told_with_its_row(case: str, tmp_path: Path):
    replaced, expected = CASES[case]
    found = told(tmp_path / "study", **replaced)
    assert any(expected in problem for problem in found), found


@pytest.mark.parametrize("case", SETTINGS_CASES)
def test_settings_that_cannot_be_are_told(case: str, tmp_path: Path):
    lines, expected = SETTINGS_CASES[case]
    found = told(tmp_path / "study", lines)
    assert any(expected in problem for problem in found), found


def test_faults_are_told_all_at_once(tmp_path: Path):
    investment = (
        COST_TABLES["investment"].replace("0.2;0.5;0.3,10,50", "0.2;0.5;0.2,10,2").replace("2021,,,", "2020,,,")
    )
    share = COST_TABLES["cost_share"].replace("BBB,0.25", "BBX,0.2")
    found = told(tmp_path / "study", "discount_rate_percent = 0\n", investment=investment, cost_share=share)
    assert len(found) == 5, found
    for expected in ("shares add to 0.9", "life is shorter", "unknown country", "do not add to 1", "rate of 0"):
        assert any(expected in problem for problem in found), expected


def test_prices_are_checked_against_the_price_year_of_the_settings(tmp_path: Path):
    assert appraised_study(tmp_path / "other", settings="price_year = 2024").settings.appraisal.price_year == 2024
    found = told(tmp_path / "study", "price_year = 2022")
    assert any("price_index has no KGS of 2022" in problem for problem in found), found
    assert any("exchange_rate has no KGS of 2022" in problem for problem in found), found


def test_the_rate_of_the_study_stands_in_for_its_own_year(tmp_path: Path):
    path = write_appraised_study(tmp_path / "study", exchange_rate="currency,year,units_per_usd\nKGS,2024,87")
    text = (path / "study.toml").read_text(encoding="utf-8")
    with pytest.raises(InputError, match="exchange_rate has no KGS of 2023"):
        ll.open_study(path)
    money = 'currency = "KGS"\ncurrency_per_usd = 87.0\nrate_date = 2023-06-30\n'
    (path / "study.toml").write_text(money + text, encoding="utf-8")
    assert ll.open_study(path).settings.money.code == "KGS"


def test_studies_without_costs_keep_their_hash(tmp_path: Path):
    bare = write_small_study(tmp_path / "bare")
    blank = write_small_study(tmp_path / "blank", investment=COST_TABLES["investment"].strip().splitlines()[0])
    usual = write_appraised_study(
        tmp_path / "usual", settings="discount_rate_percent = 9", **dict.fromkeys(COST_TABLES, "")
    )
    for name in COST_TABLES:
        (usual / f"{name}.csv").unlink()
    other = write_small_study(tmp_path / "other")
    with (other / "study.toml").open("a", encoding="utf-8") as file:
        file.write("\n[appraisal]\ndiscount_rate_percent = 6\n")
    hashes = [ll.open_study(folder).hash for folder in (bare, blank, usual, other)]
    assert hashes[0] == hashes[1] == hashes[2] != hashes[3]
    assert appraised_study(tmp_path / "costs").hash not in hashes
