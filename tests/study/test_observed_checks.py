"""Observations whose roles, periods, growth, errors or directions contradict themselves are refused, all at once."""

from __future__ import annotations

from pathlib import Path

import pytest

import landlink as ll
from landlink.study.notices import notices
from tests.support.small_study import write_small_study

HEAD = (
    "observed_id,what,role,begins,ends,year,to_year,growth_pct_per_year,value,bound,standard_error,error_reason,"
    "scope,direction,group,indicator\n"
)
TONNES = "border.tonnes_per_year[AAA,BBB,road]"


def row(name: str, **cells: str) -> str:
    """A row of the table, quoted."""
    values = {"observed_id": name, "what": "Trade", "value": "1", "indicator": TONNES} | cells
    return ",".join(f'"{values.get(column, "")}"' for column in HEAD.strip().split(","))


def problems(folder: Path, *rows: str) -> list[ll.Problem]:
    with pytest.raises(ll.InputError) as caught:
        ll.open_study(write_small_study(folder, observed=HEAD + "\n".join(rows) + "\n"))
    return list(caught.value.problems)


def opened(folder: Path, *rows: str) -> ll.Study:
    return ll.open_study(write_small_study(folder, observed=HEAD + "\n".join(rows) + "\n"))


def test_every_contradiction_is_listed_with_its_row_at_once(tmp_path: Path) -> None:
    rows = (
        row("limit", role="bound"),
        row("floor", bound="lower"),
        row("weightless", role="fit"),
        row("unreasoned", standard_error="0.1"),
        row("rateless", year="2023", to_year="growth"),
        row("idle", year="2023", growth_pct_per_year="5"),
        row("ageless", to_year="growth", growth_pct_per_year="5"),
        row("open", year="2023", begins="2023-01"),
        row("empty", year="2023", begins="2023-05", ends="2023-05"),
        row("elsewhen", year="2024", begins="2023-01", ends="2023-07"),
        row("given", role="input", year="2022"),
        row("circular", year="2022"),
        row("domestic", role="fit", standard_error="0.1", error_reason="a guess", scope="all_freight"),
        row("aimless", role="fit", standard_error="0.1", error_reason="a guess", indicator=""),
        row("backward", direction="both"),
    )
    found = {(problem.row, problem.column) for problem in problems(tmp_path / "s", *rows)}
    assert found == {
        ("limit", "bound"), ("floor", "role"), ("weightless", "standard_error"), ("unreasoned", "error_reason"),
        ("rateless", "growth_pct_per_year"), ("idle", "to_year"), ("ageless", "year"), ("open", "ends"),
        ("empty", "ends"), ("elsewhen", "year"), ("circular", "role"), ("domestic", "scope"),
        ("aimless", "indicator"), ("backward", "direction"),
    }  # fmt: skip


@pytest.mark.parametrize("error", ["0", "-0.1", "6", "nan"])
def test_a_standard_error_must_be_positive(tmp_path: Path, error: str) -> None:
    (problem,) = problems(tmp_path / "s", row("o", standard_error=error, error_reason="why"))
    assert (problem.table, problem.column) == ("observed", "standard_error")
    assert "o" in problem.row


@pytest.mark.parametrize(
    ("column", "value"), [("role", "fitted"), ("scope", "everything"), ("to_year", "guess"), ("direction", "north")]
)
def test_unknown_words_are_refused_with_those_allowed(tmp_path: Path, column: str, value: str) -> None:
    (problem,) = problems(tmp_path / "s", row("o", **{column: value}))
    assert (problem.column, problem.value) == (column, value)
    assert problem.allowed.startswith("one of ")


def test_unknown_indicators_and_units_are_listed_with_the_rest(tmp_path: Path) -> None:
    head = "observed_id,what,value,unit,indicator\n"
    text = head + "a,x,1,,nonsense[1]\nb,x,1,km,total.tonnes_per_year\nc,x,1,flops,total.tonnes_per_year\n"
    with pytest.raises(ll.InputError) as caught:
        ll.open_study(write_small_study(tmp_path / "s", observed=text))
    assert {problem.row for problem in caught.value.problems} == {"a", "b", "c"}


def test_an_input_of_another_period_or_indicator_leaves_a_validation_alone(tmp_path: Path) -> None:
    first, second = {"begins": "2023-01", "ends": "2023-07"}, {"begins": "2023-07", "ends": "2024-01"}
    opened(
        tmp_path / "s",
        row("given", role="input", year="2023", **first),
        row("later", year="2023", **second),
        row("other", year="2023", indicator="total.tonnes_per_year", **first),
    )
    (problem,) = problems(tmp_path / "t", row("given", role="input", year="2023", **first), row("same", year="2023"))
    assert "the row given" in problem.message


@pytest.mark.parametrize(
    ("indicator", "direction", "allowed"),
    [
        (TONNES, "one_way", True),
        (TONNES, "both", False),
        (f"{TONNES} + border.tonnes_per_year[BBB,AAA,road]", "both", True),
        (f"{TONNES} + border.tonnes_per_year[BBB,AAA,road]", "one_way", False),
        ("crossing.tonnes_per_year[GATE,road,ab]", "ab", True),
        ("crossing.tonnes_per_year[GATE,road,ab]", "ba", False),
        ("crossing.tonnes_per_year[GATE,road,ab] / crossing.tonnes_per_year[GATE,road]", "ab", True),
        ("crossing.trucks_per_day[GATE]", "ba", True),  # it states none
        ("total.tonnes_per_year", "both", True),
    ],
)
def test_directions_must_be_those_of_the_indicator(
    tmp_path: Path, indicator: str, direction: str, allowed: bool
) -> None:
    line = row("o", indicator=indicator, direction=direction)
    if allowed:
        opened(tmp_path / "s", line)
    else:
        (problem,) = problems(tmp_path / "s", line)
        assert problem.column == "direction"


def test_check_says_what_is_not_compared_and_why(tmp_path: Path) -> None:
    study = opened(
        tmp_path / "s",
        row("early", year="2015"),
        row("day", year="2023", scope="one_day"),
        row("unknown", indicator=""),
        row("fine", year="2023"),
    )
    found = [note for note in notices(study, most=None) if "not compared with the model" in note]
    assert [note.rpartition(": ")[2] for note in found] == ["early", "day", "unknown"]
    assert "it is of a single day or a peak" in found[1]
    (brief,) = [note for note in notices(study) if "not compared with the model" in note]
    assert brief.startswith("3 observations are not compared with the model: 1 since ")
