"""``landlink response``: what is chosen, for whom and what it is worth."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from landlink.cli import main
from landlink.resilience.response_schema import read_response
from tests.support.response_study import LOSSES, RESPONSE, THREE_COUNTRIES
from tests.support.small_study import write_small_study

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    rows = "\n".join(f"{place},{usd}" for place, usd in LOSSES.items())
    Path("losses.csv").write_text(f"place,loss_usd_per_day\n{rows}\n")
    return str(write_small_study(tmp_path / "study", **RESPONSE))


def test_the_choice_is_told_and_written(study: str, capsys: Capture) -> None:
    words = [
        "response",
        study,
        "--kind",
        "clearing",
        "--units",
        "1",
        "--criticality",
        "losses.csv",
        "-o",
        "response.csv",
    ]
    assert main(words) == 0
    printed = capsys.readouterr().out
    assert "Road clearing: 1 units now, 2 chosen for the least delay" in printed
    assert "avoids losses of 23,000 USD a year, costs 1.5 M USD once" in printed
    # 10,000 USD a year to keep it, and 1.5 M USD at 9 % over 20 years: 0.1095 of it a year.
    assert "what is added does not pay for itself: it costs 170,000 USD a year, with what is paid once" in printed
    assert "proven: no choice is better" in printed
    (added,) = (line for line in printed.splitlines() if line.startswith("+"))
    assert added.split()[1:4] == ["east", "east", "BBB"]
    assert "for every day alike" in printed
    assert set(read_response("response.csv")["record"]) == {"total", "site", "place", "node"}


def test_machines_get_sites_places_and_agreements(study: str, capsys: Capture) -> None:
    words = ["response", study, "--kind", "clearing,team", "--units", "0", "--criticality", "losses.csv"]
    assert main([*words, "--shared", "AAA,BBB", "--coordination", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    clearing = found["kinds"]["clearing"]
    assert found["within_h"] == 6
    assert (clearing["units_now"], clearing["units"], clearing["gap"]) == (1, 1, 0)
    assert {place["row"] for place in clearing["places"]} == {"R1", "R2"}
    assert clearing["must_share"] == ["AAA-BBB"]
    assert {case["case"] for case in clearing["sharing"]} == {"nobody", "everybody", "only", "refused", "alone"}


def test_who_must_share_is_told(tmp_path: Path, capsys: Capture) -> None:
    folder = write_small_study(tmp_path / "study", **THREE_COUNTRIES)
    (tmp_path / "losses.csv").write_text("place,loss_usd_per_day\n" + "".join(f"link:R{n},24\n" for n in range(1, 5)))
    words = ["response", str(folder), "--units", "1", "--criticality", str(tmp_path / "losses.csv"), "--coordination"]
    assert main(words) == 0
    printed = capsys.readouterr().out
    assert "If no countries share, that costs 96 USD a year more than if all do." in printed
    assert "Must share for the best, with the cost if they do not: BBB-CCC (5.0 USD a year)." in printed
    assert "BBB refusing all others costs" in printed
    assert "As agreed" not in printed
    assert main([*words, "--shared", "BBB-CCC"]) == 0
    assert "As agreed (BBB-CCC), they save 96 USD a year against none sharing." in capsys.readouterr().out


def test_units_that_pay_and_sharing_that_saves_next_to_nothing_are_told(tmp_path: Path, capsys: Capture) -> None:
    sites = THREE_COUNTRIES["response_site"].replace("status\n", "status,cost_musd_per_year\n")
    sites = sites.replace("existing\n", "existing,{keeping}\n").replace("candidate\n", "candidate,\n")
    tables = THREE_COUNTRIES | {"response_site": sites}
    losses = tmp_path / "losses.csv"
    losses.write_text("place,loss_usd_per_day\n" + "".join(f"link:R{n},24\n" for n in range(1, 5)))
    told = {}
    for keeping in ("0.009", "0.01"):
        filled = {name: text.replace("{keeping}", keeping) for name, text in tables.items()}
        folder = write_small_study(tmp_path / keeping, **filled)
        words = ["response", str(folder), "--units", "1", "--criticality", str(losses), "--coordination"]
        assert main([*words, "--shared", "BBB-CCC"]) == 0
        told[keeping] = capsys.readouterr().out
    # 96 USD a year are more than a hundredth of 9,000 and less than one of 10,000; a unit that costs nothing pays.
    assert "next to nothing" not in told["0.009"]
    assert "less than a hundredth of what keeping the units costs, 10,000 USD a year." in told["0.01"]
    assert "what is added pays for itself: it costs 0 USD a year" in told["0.01"]


def test_what_helps_people_has_a_cost_too(tmp_path: Path, capsys: Capture) -> None:
    free = "squad-b,rescue,N2,,candidate,1,"
    sites = RESPONSE["response_site"].replace(f"{free},,,", f"{free},2,0.5,0.25")
    folder = write_small_study(tmp_path / "study", **RESPONSE | {"response_site": sites})
    assert main(["response", str(folder), "--kind", "rescue", "--units", "1"]) == 0
    printed = capsys.readouterr().out
    assert "What is added costs 2.5 M USD once and 250,000 USD a year to keep." in printed
    assert "pay for itself" not in printed


@pytest.mark.parametrize("shared", [["AAA,BBB"], ["AAA-BBB"], ["all"], ["AAA-BBB,AAA-BBB"]])
def test_groups_and_pairs_say_the_same(study: str, shared: list[str], capsys: Capture) -> None:
    words = ["response", study, "--kind", "rescue", "--units", "0", "--coordination", "--shared", *shared]
    assert main(words) == 0
    printed = capsys.readouterr().out
    assert "units help across borders between: AAA-BBB" in printed
    assert "h of waiting a year, of all events more than if all do." in printed


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--kind", "clearng", "--units", "1"], "did you mean 'clearing'"),
        (["--objective", "cover"], "needs a limit of what may be placed"),
        (["--units", "-1"], "0 or more"),
        (["--units", "1", "--shared", "AAA,AAC"], "no node of the study is in this country"),
        (["--units", "1", "--shared", "AAA"], "not a pair of countries"),
        (["--units", "1", "--criticality", "study/link.csv"], "no table of losses by place"),
        (["--units", "1", "--scenario", "tomorow"], "no such scenario"),
        (["--units", "1", "-o", "study/link.csv"], "landlink"),
    ],
)
def test_wrong_arguments_are_refused(study: str, words: list[str], told: str, capsys: Capture) -> None:
    given = words if "--criticality" in words else [*words, "--criticality", "losses.csv"]
    assert main(["response", study, *given]) == 2
    assert told in capsys.readouterr().err


def test_a_study_without_units_says_which_tables_it_lacks(tmp_path: Path, capsys: Capture) -> None:
    assert main(["response", str(write_small_study(tmp_path / "bare")), "--units", "1", "--criticality", "x.csv"]) == 2
    printed = capsys.readouterr().err
    assert "response_unit.csv" in printed
    assert "response_site.csv" in printed
