"""Registers: written and read back, rejected with all problems at once, checked against the text and a study."""

from __future__ import annotations

import contextlib
import dataclasses
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import landlink as ll
from landlink.core.errors import InputError
from landlink.statement.clause import TOPICS, Clause
from landlink.statement.language_model import LanguageModel, ModelReading, read_with_model
from landlink.statement.reading_quality import quality_figures, quality_lines
from landlink.statement.register import open_register, read_register
from landlink.statement.register_check import check_register
from landlink.statement.register_draft import draft_register
from landlink.statement.register_numbers import numbers_in
from landlink.statement.register_records import Baseline, Suggestion, Target
from landlink.statement.register_schema import FLAGS, SCHEMAS
from landlink.statement.register_yaml import MAX_BYTES, parse, write
from tests.support.bundled import bundled_study
from tests.support.small_study import write_small_study
from tests.support.statement_fixture import HASH, TEXT, WHO, entry, reading, register

HEAD = f"schema: landlink-register/1\nsource: {{language: en, sha256: '{HASH}', characters: {len(TEXT)}}}\n"

DAMAGE = [
    "",
    ":",
    "- ",
    "null",
    "[",
    "{}",
    "\n",
    "  ",
    "&a ",
    "*a",
    "1e999",
    "[1]",
    "'",
    '"',
    "\x00",
    "é",
    "true",
    "-5",
]

scalars = st.none() | st.booleans() | st.integers(-(10**15), 10**15) | st.floats(allow_nan=False, allow_infinity=False)
texts = st.text(st.characters(codec="utf-8", exclude_characters="\x85"), max_size=30)
documents = st.dictionaries(
    texts,
    st.recursive(
        scalars | texts,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
        max_leaves=8,
    ),
    min_size=1,
    max_size=4,
)


def messages(text: str | bytes) -> list[str]:
    with pytest.raises(InputError) as caught:
        read_register(text)
    return [str(problem) for problem in caught.value.problems]


@given(documents)
def test_yaml_reads_back_what_it_writes(document):
    assert parse(write(document), "it").plain == document


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: &x 1\nb: *x\n", "aliases are not supported"),
        ("a: !!python/object/apply:os.system [ls]\n", "tags are not supported"),
        ("[" * 200, "nested too deeply"),
        ("[" * 50_000, "nested too deeply|nesting depth"),  # newer parsers refuse it themselves
        ("a: 1\na: 2\n", "duplicate field"),
        ("a: 1\n---\nb: 2\n", "a second document starts here"),
        ("a: [1\nb: 2\n", "not valid YAML"),
        ("", "empty"),
        (b"\xff\xfea", "not UTF-8"),
        ("a" * (MAX_BYTES + 1), "too large"),
        ("? [a]\n: 1\n", "invalid field name"),
    ],
)
def test_yaml_outside_the_subset_is_rejected(text, message):
    with pytest.raises(InputError, match=message):
        parse(text, "it")


@given(st.data())
def test_damage_is_an_input_error_and_nothing_else(data):
    """A register with some characters replaced is either read or rejected with a reason."""
    text = draft_register(reading()).text()
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text)))
        cut = data.draw(st.integers(0, 30))
        new = data.draw(st.sampled_from(DAMAGE))
        text = text[:at] + new + text[at + cut :]
    with contextlib.suppress(InputError):
        found = read_register(text)
        check_register(found, text=TEXT, sha256=HASH)
        assert read_register(found.text()) == found


def test_only_a_few_words_are_anything_but_text():
    values = parse("[NO, yes, 0o17, 12:30, 2022-02-06, 0x1F, .inf, 1e3, -2, true, null, ~]", "it").plain
    assert values == ["NO", "yes", "0o17", "12:30", "2022-02-06", "0x1F", ".inf", 1000.0, -2, True, None, None]


def test_every_field_comes_back_from_a_file(tmp_path):
    first = draft_register(reading(), title='A text: of "words"\\')
    path = first.save(tmp_path / "deep" / "register.yaml")
    again = open_register(path)
    assert again == open_register(again.save(tmp_path / "again.yaml"))
    assert again.text() == first.text() == path.read_text("utf-8")
    assert [line.quote for line in again.unclassified] == ["The weather was fine."]
    assert again.unclassified[0].flags == ("no_cue",)


def test_a_draft_takes_what_was_read_and_only_suggests_what_was_inferred():
    one, two, three = draft_register(reading()).clauses
    assert (one.status, one.accepted_by, one.strength, one.hard) == ("draft", None, 3, True)
    assert one.indicator is None
    assert one.accepted_value("indicator") is None
    assert one.suggested["indicator"].rule == "indicator.trucks"
    assert one.suggested["target"].value == Target("at_least", value=120.0, unit="vehicles/day")
    assert one.rules == {"strength": "cue.will"}
    assert two.suggested == {}
    assert three.projects == ()
    assert three.suggested["projects"].value == ("corridor",)
    assert check_register(draft_register(reading()), text=TEXT, sha256=HASH) == []


def test_what_is_suggested_counts_once_a_named_person_accepted_it():
    open_one = entry(suggested={"indicator": Suggestion("total.tkm_per_year")})
    taken = entry(suggested={"indicator": Suggestion("total.tkm_per_year", accepted_by=WHO)})
    assert (open_one.accepted_value("indicator"), taken.accepted_value("indicator")) == (None, "total.tkm_per_year")
    assert not dataclasses.replace(taken, accepted_by=None).counts
    assert not dataclasses.replace(taken, status="draft").counts


def test_all_problems_come_at_once_with_line_clause_and_field():
    text = HEAD.replace("landlink-register/1", "other/2") + (
        "clauses:\n- id: C1\n  strenth: 3\n  start: -1\n  strength: 9\n  topics: [rail, trains]\n  status: maybe\n"
        "  deadline: 2022-02-30\n  parties: [Kyrgyzstan]\n"
        "  suggested: {indicator: {}, gloss: {value: 1}, target: {value: {direction: up}}}\n- 3\n"
    )
    found = "\n".join(messages(text))
    for part in (
        "line 1, column schema", "line 5, clause C1, column strenth: unknown field", "column start: out of bounds",
        "column end: missing", "column strength: out of bounds (found '9')", "found 'trains'", "column status",
        "column deadline", "found 'Kyrgyzstan'", "column suggested.indicator.value: missing",
        "column suggested.gloss: cannot be suggested", "column suggested.target.direction",
        "line 13, clause 2: not a mapping",
    ):  # fmt: skip
        assert part in found, part


def test_topics_and_flags_are_those_of_the_reader():
    clause = {field.name: field for field in SCHEMAS["clause"]}
    assert clause["topics"].allowed == TOPICS
    told = Clause.__doc__ or ""
    assert all(f"``{flag}``" in told for flag in FLAGS if flag not in ("no_cue", "model_reading"))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"quote": "raise traffic"}, "not as long as its span"),
        ({"end": 10_000}, "invalid span"),
        ({"quote": None}, "neither a quotation nor a gloss"),
        ({"accepted_by": None}, "accepted by nobody"),
        ({"indicator": "trucks.per_day[GATE]"}, "no such indicator"),
        ({"parties": ("CCC",)}, "not among the parties"),
        ({"projects": ("railway",)}, "no such project"),
        ({"target": Target("at_least", value=300.0)}, "does not occur in the quotation"),
        ({"target": Target("at_least")}, "not exactly one value"),
        ({"baseline": Baseline(observed="row")}, "cannot be read from a text"),
        ({"indicator": "total.tkm_per_year", "measurable": "not_measurable"}, "marked not_measurable"),
        ({"suggested": {"indicator": Suggestion("no.such")}}, "no such indicator"),
        ({"suggested": {"indicator": Suggestion(None, accepted_by=WHO)}}, "accepted without a value"),
    ],
)
def test_inconsistencies_of_a_register_are_reported(change, message):
    found = check_register(register(dataclasses.replace(entry(), **change)))
    assert any(message in str(problem) for problem in found), found
    assert all("clause C1" in problem.row for problem in found)


def test_an_indicator_may_be_wanted_that_is_not_computed():
    wanted = entry(
        suggested={
            "indicator": Suggestion("no.such", accepted_by=WHO),
            "measurable": Suggestion("not_computed", accepted_by=WHO),
        }
    )
    assert check_register(register(wanted)) == []


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("120 trucks", 120.0), ("1,200,000 t", 1.2e6), ("1 200 000 т", 1.2e6), ("5.5%", 5.5), ("5,5 %", 5.5),
        ("٣٠٠ شاحنة", 300.0), ("١٬٢٠٠٫٥", 1200.5), ("５００万", 500.0),
    ],
)  # fmt: skip
def test_numbers_are_found_in_any_script(words, number):
    assert number in numbers_in(words)


def test_a_quantity_must_be_the_number_quoted():
    (first, *_) = draft_register(reading()).clauses
    right = first.quantity
    assert right is not None
    for wrong, message in (
        (dataclasses.replace(right, value=130.0), "the number differs from the quotation"),
        (dataclasses.replace(right, start=0, end=3), "outside its clause"),
    ):
        found = check_register(register(dataclasses.replace(first, quantity=wrong)))
        assert any(message in str(problem) for problem in found)


def test_hash_spans_and_quotations_are_checked_against_the_text():
    other = TEXT.replace("fine", "grey")
    assert "its hash differs" in str(check_register(register(entry()), text=other, sha256="0" * 64)[0])
    moved = dataclasses.replace(entry(), start=entry().start + 1, end=entry().end + 1)
    assert "the quotation differs from the text" in str(check_register(register(moved), text=TEXT, sha256=HASH)[0])
    assert check_register(register(entry()), text=TEXT, sha256=HASH) == []


def test_names_of_a_study_must_be_its_own(tmp_path):
    study = ll.open_study(write_small_study(tmp_path / "study"))
    wrong = entry(
        suggested={
            "indicator": Suggestion("crossing.trucks_per_day[GATES]"),
            "baseline": Suggestion(Baseline(scenario="tomorrow")),
        }
    )
    found = "\n".join(str(problem) for problem in check_register(register(wrong), study=study))
    assert "no such crossing: GATES" in found
    assert "tomorrow" in found


def test_the_bundled_register_is_sound_and_holds_no_text_of_the_statement():
    study = bundled_study()
    bundled = open_register(study.path / "register.yaml")
    assert check_register(bundled, study=study) == []
    assert all(line.quote is None and line.gloss and line.counts for line in bundled.clauses)
    # One number, and eleven trends, four of what disturbances cost.
    targets = [line.id for line in bundled.clauses if line.accepted_value("target")]
    assert targets == ["C02", "C05", "C07", "C09", "C10", "C11", "C12", "C13", "C14", "C17", "C18", "C19", "C20"]
    assert all(item.accepted_by for line in bundled.clauses for item in line.suggested.values())
    assert bundled.text() == (study.path / "register.yaml").read_text("utf-8")


@pytest.mark.facts
def test_the_bundled_register_fits_the_statement():
    text_file = next((Path(__file__).parents[2] / ".." / "shared").resolve().glob("reference/statement/*.ar.txt"), None)
    if text_file is None:
        pytest.skip("the statement is not beside the checkout")
    import hashlib  # noqa: PLC0415

    text = text_file.read_text("utf-8")
    bundled = open_register(bundled_study().path / "register.yaml")
    assert check_register(bundled, text=text, sha256=hashlib.sha256(text.encode()).hexdigest()) == []


# A language model


class Fake:
    name = "fake"

    def __init__(self, *clauses):
        self._clauses = clauses

    def clauses(self, text, language):
        return list(self._clauses)


def answer_of(*clauses) -> ModelReading:
    return read_with_model(Fake(*clauses), TEXT, sha256=HASH, language="en")


def test_a_model_answer_that_holds_becomes_a_draft_that_counts_for_nothing():
    words = "raise traffic at the Gate to 120 trucks a day by 2030"
    good = {
        "quote": words, "strength": 3, "topics": ["road"], "parties": ["AAA"],
        "indicator": "crossing.trucks_per_day[GATE]",
        "quantity": {"value": 120, "unit": "vehicles", "quote": "120 trucks"}, "projects": ["gate"],
    }  # fmt: skip
    answer = answer_of(good)
    assert isinstance(Fake(), LanguageModel)
    assert answer.rejected == ()
    (found,) = answer.register.clauses
    assert TEXT[found.start : found.end] == found.quote == words
    assert found.quantity is not None
    assert TEXT[found.quantity.start : found.quantity.end] == "120 trucks"
    assert not found.counts
    assert found.accepted_value("indicator") is None
    assert found.flags == ("model_reading",)
    assert check_register(answer.register, text=TEXT, sha256=HASH) == []
    assert len(answer.register.unclassified) == 3


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        ({"quote": "raise traffic at the gate"}, "not in the text"),
        ({"quote": ""}, "the quotation is missing or empty"),
        ({}, "the quotation is missing or empty"),
        ("raise", "not a mapping (found 'str')"),
        ({"quote": "The weather was fine", "strength": 7}, "out of bounds"),
        ({"quote": "The weather was fine", "topics": ["weather"]}, "invalid value"),
        ({"quote": "The weather was fine", "start": 3}, "unknown fields: start"),
        ({"quote": "The weather was fine", "accepted_by": "me"}, "unknown fields: accepted_by"),
        (
            {"quote": "The weather was fine", "quantity": {"value": 1, "quote": "one"}},
            "is not in the quotation of its clause",
        ),
        ({"quote": "120 trucks", "quantity": {"value": 130, "quote": "120"}}, "the number differs from the quotation"),
        ({"quote": "120 trucks", "target": {"direction": "up"}}, "invalid value"),
    ],
)
def test_what_a_model_invents_is_rejected_with_a_reason(item, reason):
    answer = answer_of(item)
    assert answer.register.clauses == ()
    assert reason in str(answer.rejected[0])


def test_a_model_that_gives_no_list_is_an_error():
    class Wrong(Fake):
        def clauses(self, text, language):
            return "nothing"

    with pytest.raises(InputError, match="did not return a list of clauses"):
        read_with_model(Wrong(), TEXT, sha256=HASH, language="en")


def test_quality_is_stated_where_it_was_measured():
    assert quality_lines("tlh") == []
    assert all(0 <= figure.low <= figure.score <= figure.high <= 1 for figure in quality_figures())
    assert {figure.language for figure in quality_figures()} == {"ar", "en", "ru", "zh"}


def test_invalid_fields_and_what_the_checks_find_are_told_at_once():
    text = draft_register(reading()).text()
    damaged = text.replace("    strength: 3", "    strength: 9", 1).replace("  - id: C03", "  - id: C02", 1)
    damaged = damaged.replace("    strength: 1", "    strength: 1\n    nota: x", 1)
    with pytest.raises(ll.InputError) as caught:
        read_register(damaged)
    assert [(problem.column, problem.message) for problem in caught.value.problems] == [
        ("strength", "out of bounds"),
        ("nota", "unknown field"),
        ("id", "duplicate identifier"),
    ]
