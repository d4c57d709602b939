"""Merging reviewers' registers: what all agree on is taken over, and a disagreement is never lost."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import landlink as ll
from landlink.cli import main
from landlink.statement.register import Register, open_register, read_register
from landlink.statement.register_check import check_register
from landlink.statement.register_draft import draft_register
from landlink.statement.register_merge import merge_registers
from landlink.statement.register_records import Baseline, Decision, Entry, Opinion, Project, Suggestion, Target
from landlink.statement.register_schema import SUGGESTED
from landlink.statement.register_text import plain
from landlink.statement.text_coverage import lost_text
from tests.support.statement_fixture import HASH, TEXT, reading

DRAFT = draft_register(reading())
DAYS = (None, dt.date(2026, 3, 1), dt.date(2026, 3, 2))
#: Fields that a reviewer may set directly, with values that the checks allow.
DIRECT = {
    "strength": st.sampled_from([None, 1, 3, 5]),
    "topics": st.sampled_from([(), ("road",), ("road", "rail"), ("rail", "road")]),
    "parties": st.sampled_from([("AAA",), ("BBB", "AAA"), ("AAA", "BBB")]),
    "note": st.sampled_from([None, "one", "two", "one\ntwo"]),
    "gloss": st.sampled_from([None, "told", "retold"]),
}
INFERRED = {
    "indicator": st.sampled_from(["total.tonnes_per_year", "total.trade_musd_per_year[EUR]"]),
    "measurable": st.sampled_from(["proxy", "not_computed"]),
    "target": st.sampled_from([Target("at_least", 120.0), Target("at_most", 120.0), Target("at_least", None, 2.0)]),
    "baseline": st.sampled_from([Baseline(scenario="base"), Baseline(7.0)]),
    "deadline": st.sampled_from([dt.date(2030, 12, 31), dt.date(2031, 1, 1)]),
}


@st.composite
def entries(draw, clause: Entry, name: str) -> Entry:
    """What a reviewer may make of a clause."""
    fields = {field: draw(values) for field, values in DIRECT.items() if draw(st.booleans())}
    suggested = dict(clause.suggested)
    for field, values in INFERRED.items():
        what = draw(st.sampled_from(["keep", "keep", "accept", "drop", "set"]))
        if what == "accept" and field in suggested:
            suggested[field] = dataclasses.replace(suggested[field], accepted_by=name)
        elif what == "drop":
            suggested.pop(field, None)
        elif what == "set":
            fields[field] = None
            suggested[field] = Suggestion(draw(values), "reviewer", None, name)
    for field, item in suggested.items():
        if item.accepted_by:
            fields[field] = () if isinstance(getattr(clause, field), tuple) else None
    status = draw(st.sampled_from(["draft", "accepted", "rejected"]))
    decisions = tuple(
        Decision(field, name, "as shown", draw(st.sampled_from(DAYS)))
        for field in sorted(fields)
        if draw(st.booleans())
    )
    return dataclasses.replace(
        clause,
        **fields,
        suggested={field: suggested[field] for field in SUGGESTED if field in suggested},
        status=status,
        accepted_by=name if status == "accepted" else None,
        decisions=clause.decisions + decisions,
    )


@st.composite
def reviewed(draw, name: str, draft: Register = DRAFT) -> Register:
    """A register as a reviewer may leave it: clauses edited, one split, one added, one removed."""
    clauses = [draw(entries(clause, name)) if draw(st.booleans()) else clause for clause in draft.clauses]
    if draw(st.booleans()):
        where = draw(st.integers(0, len(clauses) - 1))
        whole = clauses[where]
        middle = whole.start + draw(st.sampled_from([5, 12]))
        bare = dataclasses.replace(whole, quantity=None, deadline=None, suggested={}, status="draft", accepted_by=None)
        parts = [
            dataclasses.replace(bare, id=identifier, start=start, end=end, quote=TEXT[start:end])
            for identifier, start, end in ((whole.id, whole.start, middle), (f"{whole.id}b", middle, whole.end))
        ]
        clauses[where : where + 1] = parts
    return dataclasses.replace(draft, clauses=tuple(clauses))


def values(entry: Entry, field: str) -> str:
    value = entry.accepted_value(field) if field in SUGGESTED else getattr(entry, field)
    given = plain(value, field)
    return json.dumps(sorted(given) if isinstance(given, list) else given, sort_keys=True)


def named(**registers: Register) -> dict[str, Register]:
    return registers


def merged(*registers: Register, base: Register | None = None) -> Register:
    return merge_registers({f"copy{number}": one for number, one in enumerate(registers)}, base=base)


@settings(max_examples=40)
@given(reviewed("Anna"))
def test_merging_a_register_with_itself_changes_no_more_than_the_log(one):
    found = merged(one, one)
    plain_entries = [dataclasses.replace(entry, decisions=()) for entry in found.clauses]
    assert plain_entries == [dataclasses.replace(entry, decisions=()) for entry in one.clauses]
    assert merged(found, found) == found


@settings(max_examples=40)
@given(st.permutations(["Anna", "Boris", "Chen"]), st.booleans(), st.data())
def test_the_order_of_the_registers_does_not_matter(order, three_way, data):
    copies = {name: data.draw(reviewed(name)) for name in sorted(order)}
    base = DRAFT if three_way else None
    one, other = merge_registers(copies, base=base), merge_registers({name: copies[name] for name in order}, base=base)
    assert one.text() == other.text()


@settings(max_examples=40)
@given(reviewed("Anna"), reviewed("Boris"), st.booleans())
def test_the_names_of_the_files_matter_only_to_the_names(one, other, three_way):
    base = DRAFT if three_way else None

    def without_names(register):
        return [
            dataclasses.replace(
                entry, disagreements=sorted((item.field, values_of(item)) for item in entry.disagreements)
            )
            for entry in register.clauses
        ]

    def values_of(opinion):
        return json.dumps(plain(opinion.value, opinion.field), sort_keys=True)

    assert without_names(merge_registers(named(a=one, b=other), base=base)) == without_names(
        merge_registers(named(a=other, b=one), base=base)
    )


@settings(max_examples=40)
@given(reviewed("Anna"), reviewed("Boris"), st.booleans())
def test_a_merged_register_reads_back_and_has_no_problem(one, other, three_way):
    if any(check_register(register, text=TEXT, sha256=HASH) for register in (one, other)):
        return
    found = merged(one, other, base=DRAFT if three_way else None)
    assert read_register(found.text()) == found
    assert check_register(found, text=TEXT, sha256=HASH) == []


@settings(max_examples=40)
@given(reviewed("Anna"), reviewed("Boris"))
def test_without_a_draft_every_difference_is_kept_with_both_values(one, other):
    found = {(entry.start, entry.end): entry for entry in merged(one, other).clauses}
    mine, yours = ({(entry.start, entry.end): entry for entry in side.clauses} for side in (one, other))
    assert set(found) == set(mine) | set(yours)
    for span, entry in found.items():
        if span not in mine or span not in yours:
            assert {item.value for item in entry.disagreements if item.field == "clause"} == {"present", "absent"}
            continue
        for field in (*DIRECT, *INFERRED):
            both = {values(mine[span], field), values(yours[span], field)}
            if field == "note":
                lines = {line for side in (mine, yours) for line in (side[span].note or "").split("\n")} - {""}
                assert set((entry.note or "").split("\n")) - {""} == lines
            elif len(both) == 1:
                assert values(entry, field) == both.pop()
            else:
                held = [item.value for item in entry.disagreements if item.field == field]
                assert {json.dumps(plain_sorted(value, field), sort_keys=True) for value in held} == both
                assert entry.status != "accepted"
        decided = {mine[span].status, yours[span].status} - {"draft"}
        if len(decided) == 2:
            assert {item.value for item in entry.disagreements if item.field == "status"} == decided


def plain_sorted(value, field):
    given = plain(value, field)
    return sorted(given) if isinstance(given, list) else given


@settings(max_examples=40)
@given(reviewed("Anna"))
def test_what_one_changed_and_nobody_else_looked_at_is_taken_over(one):
    found = merged(one, DRAFT, base=DRAFT)
    assert [(entry.id, entry.start, entry.end, entry.status) for entry in found.clauses] == [
        (entry.id, entry.start, entry.end, entry.status) for entry in one.clauses
    ]
    for mine, entry in zip(one.clauses, found.clauses, strict=True):
        assert entry.disagreements == ()
        assert all(values(mine, field) == values(entry, field) for field in (*DIRECT, *INFERRED))


def of_first(**fields) -> Register:
    return dataclasses.replace(DRAFT, clauses=(dataclasses.replace(DRAFT.clauses[0], **fields), *DRAFT.clauses[1:]))


def accepted(name: str, **fields) -> Register:
    return of_first(status="accepted", accepted_by=name, **fields)


def test_who_accepts_a_clause_holds_its_fields_against_who_changes_them():
    found = merged(accepted("Anna"), accepted("Boris", strength=4), base=DRAFT).clauses[0]
    assert [(item.field, item.by, item.value) for item in found.disagreements] == [
        ("strength", "Anna", 3), ("strength", "Boris", 4),
    ]  # fmt: skip
    assert (found.status, found.accepted_by, found.strength) == ("draft", None, None)
    assert [(item.by, item.value) for item in found.decisions] == [("Anna", "accepted"), ("Boris", "accepted")]


def test_acceptance_by_all_bears_the_names_of_all():
    found = merged(accepted("Chen"), accepted("Anna"), base=DRAFT).clauses[0]
    assert (found.status, found.accepted_by) == ("accepted", "Anna; Chen")


def test_a_settled_disagreement_stays_settled():
    open_still = merged(of_first(strength=4), of_first(strength=2), base=DRAFT)
    assert {item.value for item in open_still.clauses[0].disagreements} == {2, 4}
    settled = dataclasses.replace(
        open_still,
        clauses=(
            dataclasses.replace(
                open_still.clauses[0], strength=4, disagreements=(), decisions=(Decision("strength", "Chen", "4"),)
            ),
            *open_still.clauses[1:],
        ),
    )
    found = merged(settled, open_still, base=open_still).clauses[0]
    assert (found.strength, found.disagreements) == (4, ())
    assert (
        merged(open_still, open_still, base=open_still).clauses[0].disagreements == open_still.clauses[0].disagreements
    )


def test_a_clause_split_by_one_and_accepted_whole_by_another_is_disputed():
    whole = DRAFT.clauses[0]
    halves = tuple(
        dataclasses.replace(
            whole, id=name, start=start, end=end, quote=TEXT[start:end], quantity=None, deadline=None, suggested={}
        )
        for name, start, end in (("C01", whole.start, whole.start + 13), ("C01b", whole.start + 14, whole.end))
    )
    split = dataclasses.replace(DRAFT, clauses=(*halves, *DRAFT.clauses[1:]))
    untouched = merged(split, DRAFT, base=DRAFT)
    assert [(entry.id, entry.disagreements) for entry in untouched.clauses[:2]] == [("C01", ()), ("C01b", ())]
    disputed = merged(split, accepted("Anna"), base=DRAFT)
    held = {entry.id: {(item.by, item.value) for item in entry.disagreements} for entry in disputed.clauses[:3]}
    assert held == {
        "C01": {("Anna", "present"), ("copy0", "absent")},
        "C01-2": {("copy0", "present"), ("Anna", "absent")},
        "C01b": {("copy0", "present"), ("Anna", "absent")},
    }


def test_a_sentence_in_which_one_found_a_clause_is_no_longer_without_one():
    miss = DRAFT.unclassified[0]
    new = Entry("C04", miss.start, miss.end, quote=miss.quote, decisions=(Decision("clause", "Anna", "added"),))
    added = dataclasses.replace(DRAFT, clauses=(*DRAFT.clauses, new), unclassified=())
    found = merged(added, DRAFT, base=DRAFT)
    assert found.unclassified == ()
    assert next(entry for entry in found.clauses if entry.id == "C04").disagreements == ()
    assert merged(added, DRAFT).clauses[2].disagreements != ()


def test_registers_of_different_texts_or_with_different_facts_are_refused():
    other = dataclasses.replace(DRAFT, source=dataclasses.replace(DRAFT.source, sha256="0" * 64))
    with pytest.raises(ll.InputError, match="not a register of the same text"):
        merged(DRAFT, other)
    with pytest.raises(ll.InputError, match="not a register of the same text"):
        merged(DRAFT, DRAFT, base=other)
    with pytest.raises(ll.InputError, match="two or more"):
        merged(DRAFT)
    titled = [dataclasses.replace(DRAFT, projects=(Project("corridor", title),)) for title in ("one", "two")]
    with pytest.raises(ll.InputError, match="column title: the registers differ"):
        merged(*titled)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        (
            {"status": "accepted", "disagreements": (Opinion("strength", "A", 3), Opinion("strength", "B", 4))},
            "disagree",
        ),
        ({"disagreements": (Opinion("strength", "A", 3),)}, "do not differ"),
        ({"disagreements": (Opinion("strength", " ", 3), Opinion("strength", "B", 4))}, "by nobody"),
        ({"decisions": (Decision("status", " ", "accepted"),)}, "by nobody"),
    ],
)  # fmt: skip
def test_decisions_and_disagreements_are_checked(fields, message):
    found = of_first(**fields)
    assert any(message in str(problem) for problem in check_register(found))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- {field: strength, by: A, value: 9}", "out of bounds"),
        ("- {field: strength, by: A, value: x}", "wrong type"),
        ("- {field: clause, by: A, value: perhaps}", "invalid value"),
        ("- {field: colour, by: A, value: 3}", "invalid value"),
        ("- {field: target, by: A, value: {direction: up}}", "invalid value"),
        ("- {field: strength, value: 3}", "missing"),
    ],
)
def test_opinions_are_read_by_the_field_they_are_about(text, message):
    damaged = DRAFT.text().replace("    outcomes: []\n", f"    outcomes: []\n    disagreements:\n      {text}\n", 1)
    with pytest.raises(ll.InputError, match=message):
        read_register(damaged)


# The command


def written(tmp_path, **registers):
    for name, register in registers.items():
        (tmp_path / f"{name}.yaml").write_text(register.text(), encoding="utf-8")
    return [str(tmp_path / f"{name}.yaml") for name in registers]


def test_the_command_merges_shows_and_keeps(tmp_path, capsys):
    files = written(tmp_path, draft=DRAFT, anna=accepted("Anna"), boris=accepted("Boris", strength=4))
    out = tmp_path / "merged.yaml"
    assert main(["statement", "merge", *files[1:], "--base", files[0], "-o", str(out)]) == 0
    told = capsys.readouterr().out
    assert "1 with disagreements" in told
    assert "C01     strength  3      Anna" in told
    assert {item.by for item in open_register(out).clauses[0].disagreements} == {"Anna", "Boris"}
    again = tmp_path / "again.yaml"
    assert main(["statement", "merge", *files[:0:-1], "--base", files[0], "-o", str(again), "--json"]) == 0
    assert again.read_bytes() == out.read_bytes()
    assert [item["value"] for item in json.loads(capsys.readouterr().out)["disagreements"]] == [3, 4]
    # What somebody has decided is not replaced unasked, nor what is being merged.
    assert main(["statement", "merge", *files[1:], "-o", str(out)]) == 2
    assert main(["statement", "merge", *files[1:], "-o", files[1], "--force"]) == 2


def test_the_command_refuses_what_cannot_be_merged(tmp_path, capsys):
    bad = of_first(status="accepted")
    files = written(tmp_path, one=DRAFT, bad=bad)
    assert main(["statement", "merge", *files, "-o", str(tmp_path / "m.yaml")]) == 2
    assert "accepted by nobody" in capsys.readouterr().err
    assert main(["statement", "merge", files[0], files[0], "-o", str(tmp_path / "m.yaml")]) == 2
    assert "the same file twice" in capsys.readouterr().err
    assert not (tmp_path / "m.yaml").exists()


# Nothing that one reviewer still has is lost


def _parts(places, **fields) -> tuple[Entry, ...]:
    bare = dataclasses.replace(DRAFT.clauses[0], quantity=None, deadline=None, suggested={}, rules={})
    return tuple(
        dataclasses.replace(bare, id=name, start=start, end=end, quote=TEXT[start:end], **fields)
        for name, start, end in places
    )


def _two_and_one() -> tuple[Register, Register, Register]:
    """A draft of two clauses, a copy with both in one, and one with the first rejected and the second left alone."""
    start, end = DRAFT.clauses[0].start, DRAFT.clauses[0].end
    two = _parts([("C01", start, start + 12), ("C02", start + 13, end)])
    whole = _parts([("C01", start, end)], decisions=(Decision("span", "Anna", "whole"),))
    draft = dataclasses.replace(DRAFT, clauses=two, unclassified=())
    refused = dataclasses.replace(two[0], status="rejected", decisions=(Decision("status", "Boris", "rejected"),))
    return draft, dataclasses.replace(draft, clauses=whole), dataclasses.replace(draft, clauses=(refused, two[1]))


def test_a_merge_against_clauses_of_which_one_was_reviewed_keeps_all_of_both():
    draft, whole, apart = _two_and_one()
    found = merged(whole, apart, base=draft)
    held = {entry.id: {(item.by, item.value) for item in entry.disagreements} for entry in found.clauses}
    assert held == {
        "C01": {("Anna", "absent"), ("Boris", "present")},
        "C01-2": {("Anna", "present"), ("Boris", "absent")},
        "C02": {("Anna", "absent"), ("Boris", "present")},
    }
    assert {entry.status for entry in found.clauses} == {"draft"}
    assert lost_text(found, draft, "merged") == []
    assert merged(whole, draft, base=draft).clauses[0].disagreements == ()


def test_a_clause_that_one_deleted_without_a_trace_is_disputed():
    draft, _, apart = _two_and_one()
    without = dataclasses.replace(draft, clauses=draft.clauses[:1])
    found = merged(without, draft, base=draft).clauses[1]
    assert {item.value for item in found.disagreements} == {"absent", "present"}
    assert [str(problem) for problem in lost_text(without, draft, "r")] != []
    assert lost_text(apart, draft, "r") == []


def test_the_check_tells_of_text_that_was_lost(tmp_path, capsys):
    (tmp_path / "text.txt").write_text("Both sides will build a road. They will open the Gate.\n", encoding="utf-8")
    text, out = str(tmp_path / "text.txt"), str(tmp_path / "draft.yaml")
    assert main(["statement", "read", text, "-o", out]) == 0
    draft = open_register(out)
    files = written(tmp_path, short=dataclasses.replace(draft, clauses=draft.clauses[:1]))
    capsys.readouterr()
    for more in (["--source", text], ["--base", out]):
        assert main(["statement", "check", *files, *more]) == 2
        assert "in no clause and not under unclassified" in capsys.readouterr().err
        assert main(["statement", "check", out, *more]) == 0
