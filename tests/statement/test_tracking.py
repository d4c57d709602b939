"""Commitments through several registers: events, status at a date, a folder of registers, and what is refused."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json

import pytest

import landlink as ll
from landlink.cli import main
from landlink.statement.clause_matching import GivenPair
from landlink.statement.pairs_file import TrackPair
from landlink.statement.register_records import Outcome, Target
from landlink.statement.status_events import Finding, end_of
from landlink.statement.track_folder import open_track
from landlink.statement.tracking import track
from tests.support.statement_pair import drafted, programme

ROAD = "The two sides will build a road from Osh to Kashgar by 2024."
SCHOOL = "They will open a school of agriculture in Naryn."


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def three(first: str, second: str, third: str):
    return {name: drafted(text, f"{name}-05-01") for name, text in (("2019", first), ("2022", second), ("2025", third))}


def history(found, identifier: str) -> list[tuple[str, str]]:
    one = next(one for one in found.commitments if one.id == identifier)
    return [(event.date.isoformat()[:4], event.kind) for event in one.events]


def status(found, identifier: str) -> str:
    return next(one.status for one in found.commitments if one.id == identifier)


def with_outcomes(register, *outcomes, **fields):
    entry = dataclasses.replace(register.clauses[0], outcomes=outcomes, **fields)
    return dataclasses.replace(register, clauses=(entry, *register.clauses[1:]))


def test_a_commitment_is_followed_through_all_registers():
    found = track(three(ROAD, ROAD.replace("2024", "2028"), ROAD.replace("2024", "2026")))
    assert len(found.commitments) == 1
    assert history(found, "2019/C01") == [
        ("2019", "stated"), ("2022", "softened"), ("2025", "hardened"), ("2026", "due"),
    ]  # fmt: skip


def test_a_commitment_that_comes_back_is_resumed():
    found = track(three(f"{ROAD}\n{SCHOOL}", ROAD, f"{ROAD}\n{SCHOOL}"))
    assert history(found, "2019/C02") == [
        ("2019", "stated"), ("2022", "dropped"), ("2025", "resumed"), ("2025", "restated"),
    ]  # fmt: skip
    assert len(found.commitments) == 2


def test_status_is_that_of_its_date():
    registers = three(f"{ROAD}\n{SCHOOL}", ROAD, ROAD)
    at = lambda text: track(registers, date=day(text))  # noqa: E731
    assert status(at("2018-01-01"), "2019/C01") == "not_yet_stated"
    assert status(at("2024-12-31"), "2019/C01") == "open"
    late = at("2025-01-01")
    assert (status(late, "2019/C01"), late.commitments[0].overdue) == ("overdue", True)
    assert status(at("2020-01-01"), "2019/C02") == "open"
    assert status(at("2022-05-01"), "2019/C02") == "dropped"


def test_findings_decide_until_the_terms_change():
    kept = Outcome("2021", "The road is open.", "a newspaper", finding="kept")
    registers = three(ROAD, ROAD, ROAD.replace("2024", "2023"))
    registers["2019"] = with_outcomes(registers["2019"], kept)
    assert status(track(registers, date=day("2021-12-30")), "2019/C01") == "open"
    assert status(track(registers, date=day("2021-12-31")), "2019/C01") == "kept"
    assert status(track(registers, date=day("2026-01-01")), "2019/C01") == "overdue"


@pytest.mark.parametrize("finding", ["kept", "partly_kept", "not_kept"])
def test_each_finding_of_a_reviewer_is_a_status(finding):
    register = with_outcomes(drafted(ROAD, "2022-01-01"), Outcome("2023-06", "So it is.", "a paper", finding=finding))
    assert status(track({"2022": register}), "2022/C01") == finding


def test_a_number_decides_where_the_target_and_the_deadline_are_accepted():
    fields = {
        "status": "accepted", "accepted_by": "A", "indicator": "crossing.trucks_per_day[TORU]", "measurable": "direct",
        "target": Target("at_least", 400.0), "deadline": day("2024-12-31"),
    }  # fmt: skip
    for value, when, expected in ((500.0, "2023", "kept"), (300.0, "2023", "open"), (300.0, "2025", "not_kept")):
        outcome = Outcome(when, "Counted.", "customs", value=value)
        register = with_outcomes(drafted(ROAD, "2022-01-01"), outcome, **fields)
        found = track({"2022": register}, date=day("2024-01-01") if when == "2023" else day("2026-01-01"))
        assert found.commitments[0].status == expected


def test_a_person_joins_what_the_program_keeps_apart():
    registers = three(SCHOOL, ROAD, "They will hold a festival.")
    assert len(track(registers).commitments) == 3
    pair = TrackPair("2019", "2025", GivenPair("C01", "C01"))
    found = track(registers, pairs=[pair])
    assert history(found, "2019/C01")[:3] == [("2019", "stated"), ("2022", "dropped"), ("2025", "resumed")]
    apart = TrackPair("2019", "2022", GivenPair("C01", None))
    split = track({"2019": registers["2019"], "2022": drafted(SCHOOL, "2022-05-01")}, pairs=[apart])
    assert len(split.commitments) == 2


def test_a_folder_is_tracked(tmp_path):
    folder = programme(tmp_path / "programme")
    opened = open_track(folder)
    assert list(opened.registers) == ["y2019", "y2022", "y2025"]
    found = track(opened.registers, date=day("2026-01-01"))
    first = [[event.kind for event in one.events] for one in found.commitments[:3]]
    assert first[0] == ["stated", "changed", "due", "hardened"]
    assert first[1] == ["stated", "restated", "hardened", "due"]
    assert first[2][:3] == ["stated", "dropped", "resumed"]
    assert found == track(opened.registers, date=day("2026-01-01"))


def test_notes_and_scoreboards_are_findings(tmp_path):
    folder = programme(tmp_path / "programme")
    (folder / "status.csv").write_text(
        "register,clause,when,finding,what,source\ny2022,C05,2024-06,kept,Exchanged.,a paper\n"
    )
    register = open_track(folder).registers["y2022"]
    board = {
        "landlink": "scoreboard",
        "source": {"sha256": register.source.sha256},
        "rows": [
            {"clause": "C01", "kind": "observed", "when": "2024", "verdict": "not_met", "due": True, "value": 500.0},
            {"clause": "C02", "kind": "scenario", "when": "2024", "verdict": "met", "due": True},
            {"clause": "C03", "kind": "observed", "when": "2020", "verdict": "met", "due": True},
            {"clause": "C99", "kind": "observed", "when": "2024", "verdict": "met", "due": True},
            "nonsense",
        ],
    }
    (folder / "board.json").write_text(json.dumps(board))
    (folder / "other.json").write_text("[1, 2")
    assert {(one.clause, one.finding) for one in open_track(folder).findings} == {("C05", "kept"), ("C01", "not_kept")}


def problems(folder, **options) -> list[tuple[str, str]]:
    with pytest.raises(ll.InputError) as caught:
        open_track(folder, **options)
    return [(problem.table, problem.row) for problem in caught.value.problems]


def test_bad_folders_are_refused_whole(tmp_path):
    folder = programme(tmp_path / "programme")
    with pytest.raises(ll.InputError, match="no such folder"):
        open_track(tmp_path / "none")
    (tmp_path / "empty").mkdir()
    with pytest.raises(ll.InputError, match="no register"):
        open_track(tmp_path / "empty")
    drafted(ROAD).save(folder / "undated.yaml")
    drafted(ROAD, "2022-12-22").save(folder / "twice.yaml")
    with pytest.raises(ll.InputError) as caught:
        open_track(folder)
    told = {problem.table: problem.message for problem in caught.value.problems}
    assert told["undated.yaml"] == "missing"
    assert any("has the same date" in message for message in told.values())
    (folder / "other.yaml").write_text("schema: something-else/1\n")
    assert ("other.yaml", "line 1") in problems(folder)
    (folder / "other.yaml").write_text("schema: landlink-register/9\n")
    assert ("other.yaml", "") in problems(folder)


def test_bad_tables_of_a_folder_are_refused_with_their_rows(tmp_path):
    folder = programme(tmp_path / "programme")
    pairs = folder / "pairs.csv"
    pairs.write_text(
        "before_register,before,after_register,after\ny2019,C01,y2022,C99\ny2018,C01,y2022,C01\ny2022,C01,y2019,C01\n"
    )
    assert {row for _, row in problems(folder)} == {"line 2", "line 3", "line 4"}
    pairs.unlink()
    (folder / "status.csv").write_text(
        "register,clause,when,finding,what,source\ny2019,C99,2024,kept,x,s\ny2018,C01,2024,kept,x,s\n"
        "y2019,C01,soon,kept,x,s\ny2019,C01,2024-13,kept,x,s\ny2019,C01,2024,done,x,s\ny2019,C01,2024,kept,x,\n"
    )
    assert [row for _, row in problems(folder)] == [f"line {n}" for n in range(2, 8)]


def test_registers_without_dates_are_refused_in_python_too():
    with pytest.raises(ll.InputError, match="missing"):
        track({"a": drafted(ROAD)})
    with pytest.raises(ll.InputError, match="same date"):
        track({"a": drafted(ROAD, "2022-01-01"), "b": drafted(SCHOOL, "2022-01-01")})
    with pytest.raises(ll.InputError, match="no register"):
        track({})


def test_the_command_writes_every_format_alike_each_time(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    programme(tmp_path / "programme")
    for ending in ("csv", "xlsx", "json", "html"):
        words = ["statement", "track", "programme", "--date", "2026-06-30", "-o", f"track.{ending}"]
        assert main(words) == 0
        content = (tmp_path / f"track.{ending}").read_bytes()
        assert main(words) == 0
        assert (tmp_path / f"track.{ending}").read_bytes() == content
    capsys.readouterr()
    assert main(["statement", "track", "programme", "--date", "2026-06-30", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["commitments"] == json.loads((tmp_path / "track.json").read_text())["commitments"]
    assert main(["statement", "track", "programme", "--date", "2026-06-30", "--overdue"]) == 0
    assert "y2019/C02" not in capsys.readouterr().out
    assert main(["statement", "track", "nowhere"]) == 2
    capsys.readouterr()


def test_periods_end_on_their_last_day():
    assert [end_of(text).isoformat() for text in ("2024", "2024-02", "2024-02-03")] == [
        "2024-12-31", "2024-02-29", "2024-02-03",
    ]  # fmt: skip


def test_notes_in_python_are_findings():
    note = Finding("2022", "C01", "2023", "partly_kept", "Half of it.", "a paper")
    assert status(track({"2022": drafted(ROAD, "2022-01-01")}, findings=[note]), "2022/C01") == "partly_kept"
