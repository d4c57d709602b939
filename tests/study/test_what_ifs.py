"""What-ifs in one line: rows by key, pattern or name, columns by their beginning, every problem told."""

from __future__ import annotations

from pathlib import Path

import pytest

import landlink as ll
from landlink.cli import main
from tests.support.bundled import bundled_study
from tests.support.small_study import write_small_study


def effects(line: str) -> list[tuple[str, str, str, str]]:
    study = bundled_study()
    frame = study.what_if(line).tables["effect"].iloc[len(study.tables["effect"]) :]
    return list(frame[["table", "column", "operation", "value"]].itertuples(index=False, name=None))


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("crossing torugart: capacity x2", [("crossing", "capacity_vehicles_per_day", "multiply", "2")]),
        ("crossing TORU/road: time -20%", [("crossing", f"time_{way}_h", "multiply", "0.8") for way in ("ab", "ba")]),
        ("link RL02*: open_from 2029", [("link", "open_from", "set", "2029")]),
        ("link RL020: length +5", [("link", "length", "add", "5")]),
        ("demand CHN->KGZ: +20%", [("demand", "tonnes_per_year", "multiply", "1.2")]),
        ("crossing Иркештам: close", [("crossing", "", "close", "")]),
        ("link RL020: tracks 2", [("link", "tracks", "set", "2")]),
        ("link RL020: toll = 3", [("link", "toll", "set", "3")]),
        ("terminal *: time_h = 3", [("terminal", "time_h", "set", "3")]),
    ],
)
def test_lines_become_effects(line: str, found: list[tuple[str, str, str, str]]) -> None:
    assert effects(line) == found


def test_demand_between_countries_is_all_that_goes_there() -> None:
    study = bundled_study()
    country = dict(zip(study.tables["zone"]["zone_id"], study.tables["zone"]["country"], strict=True))
    before, after = (one.at(2023).tables["demand"] for one in (study, study.what_if("demand CHN->KGZ: +20%")))
    ratio = after["tonnes_per_year"] / before["tonnes_per_year"]
    there = (before["origin_zone_id"].map(country) == "CHN") & (before["destination_zone_id"].map(country) == "KGZ")
    assert there.any()
    assert ratio[there].tolist() == pytest.approx([1.2] * int(there.sum()))
    assert (ratio[~there] == 1).all()


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("nonsense", "not understood"),
        ("crosing torugart: capacity x2", "did you mean 'crossing'"),
        ("crossing torugrt: capacity x2", "did you mean 'TORU' or 'Torugart crossing'"),
        ("link RL020: lenght x2", "did you mean 'length'"),
        ("demand CHN->XXX: +2%", "no demand from the one to the other"),
        ("demand CHN-KGZ: +20%", "did you mean CHN->KGZ?"),
        ("link A->B: length x2", "only demand goes"),
        ("link RL020: max2", "not understood"),
        ("measure cku-railway: open_from 2029", "none that a change acts on"),
        ("crossing torugart: wait sometimes", "one of simulated, table"),
    ],
)
def test_what_a_line_gets_wrong_is_told(line: str, told: str) -> None:
    with pytest.raises(ll.InputError) as caught:
        bundled_study().what_if(line)
    assert told in str(caught.value)


def test_all_lines_are_told_at_once() -> None:
    with pytest.raises(ll.InputError) as caught:
        bundled_study().what_if("nonsense", "link RL020: lenght x2")
    assert len(caught.value.problems) == 2


def test_a_what_if_is_the_same_as_its_measure_and_is_recorded(tmp_path: Path) -> None:
    study = ll.open_study(write_small_study(tmp_path / "study"))
    changed = ll.solve(study.what_if("crossing gate: time -50%").at(2023))
    by_hand = study
    for column in ("time_ab_h", "time_ba_h"):
        by_hand = by_hand.with_change("crossing", "GATE", column, "multiply", "0.5")
    same = ll.solve(by_hand.at(2023))
    assert changed.indicator("total.mean_time_h") == pytest.approx(same.indicator("total.mean_time_h"), rel=1e-9)
    assert changed.indicator("total.mean_time_h") < ll.solve(study.at(2023)).indicator("total.mean_time_h")
    assert [one.id for one in changed.provenance.run.measures] == ["crossing-gate-time-minus50pct"]


def test_the_command_takes_several(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_small_study(tmp_path / "study")
    words = ["run", str(tmp_path / "study"), "-o", str(tmp_path / "res")]
    assert main([*words, "--change", "crossing gate: time -50%", "--change", "demand *->*: +10%"]) == 0
    assert "crossing gate: time -50%" in capsys.readouterr().out
    assert main([*words, "--change", "crossing nowhere: close"]) == 2
    assert "no such row of crossing" in capsys.readouterr().err


def test_a_pattern_finds_rows_by_the_beginning_of_their_name() -> None:
    study = bundled_study()
    changed = study.what_if("link cku*: open_from 2029")
    effect = changed.tables["effect"]
    (listed,) = effect.loc[effect["measure_id"] == changed.measures[-1], "row"]
    names = study.tables["link"].set_index("link_id")["name"]
    assert set(listed.split(";")) == {key for key, name in names.items() if str(name).startswith("CKU")}
