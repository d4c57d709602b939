"""When clauses are due, under which condition, and promises not to do something."""

from __future__ import annotations

import datetime as dt

import pytest

from landlink.statement import check_register, draft_register, read


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("The Parties will open the post in the first half of 2027.", "2027-06-30"),
        ("The Parties will open the post by the end of the second quarter of 2027.", "2027-06-30"),
        ("The Parties will open the post by mid-2027.", "2027-06-30"),
        ("The Parties will open the post before 2028.", "2027-12-31"),
        ("The Parties will open the post before 1 March 2028.", "2028-03-01"),
        ("The Parties will open the post before June 2028.", "2028-05-31"),
        ("The Parties will build a road from Osh to Kashgar by 2024.", "2024-12-31"),
        ("The Parties will run daily trains from September 2026.", "2026-09-01"),
        ("The Parties will apply the rules from 2027 onwards.", "2027-01-01"),
        ("双方将在2028年前开放口岸。", "2027-12-31"),
        ("双方将在2028年底前开放口岸。", "2028-12-31"),
        ("双方将于2027年上半年开放口岸。", "2027-06-30"),
        ("Стороны откроют пункт пропуска во втором полугодии 2027 года.", "2027-12-31"),
        ("Стороны откроют пункт пропуска в третьем квартале 2027 года.", "2027-09-30"),
        ("سيفتح الجانبان المنفذ في النصف الأول من عام 2027.", "2027-06-30"),
    ],
)
def test_parts_of_years_and_words_beside_dates_count(text: str, due: str) -> None:
    assert read(text).clauses[0].deadline == dt.date.fromisoformat(due)


def test_the_time_that_opens_a_sentence_holds_for_all_its_verbs() -> None:
    text = "By the end of 2027, the Parties shall open four lanes, install two scanners and hire 20 officers."
    assert [clause.deadline for clause in read(text).clauses] == [dt.date(2027, 12, 31)] * 3
    assert read("Within 90 days of signature the Parties shall set up a committee.").clauses[0].due_after == "P90D"
    assert read("In 2022 the Parties met; they will open a post.").clauses[-1].deadline is None


def test_registers_of_such_times_are_sound() -> None:
    reading = read(
        "By the end of 2030, the Parties will open a post and build a road. "
        "The Parties will open a second post before 2029."
    )
    register = draft_register(reading)
    assert [clause.deadline for clause in register.clauses] == [
        dt.date(2030, 12, 31), dt.date(2030, 12, 31), dt.date(2028, 12, 31),
    ]  # fmt: skip
    assert check_register(register, text=reading.text, sha256=reading.sha256) == []


@pytest.mark.parametrize(
    "text",
    [
        "The waiting time at the border shall not exceed six hours.",
        "Стороны договорились о том, что время ожидания не превысит шести часов.",
        "双方同意，等待时间不得超过六小时。",
    ],
)
def test_a_bound_on_a_thing_is_a_commitment(text: str) -> None:
    clause = read(text).clauses[-1]
    assert clause.hard
    assert clause.quantity is not None
    assert (clause.quantity.value, clause.quantity.unit) == (6, "h")


@pytest.mark.parametrize(
    "text", ["Стороны не будут повышать пошлины.", "双方不再提高过路费。", "لن يرفع الجانبان الرسوم."]
)
def test_a_promise_not_to_do_something_is_one(text: str) -> None:
    assert read(text).clauses[0].hard


@pytest.mark.parametrize(
    "text",
    [
        "If funds allow, the Parties will extend the railway.",
        "Subject to the availability of funds, the Parties will extend the railway.",
        "При наличии средств Стороны построят железную дорогу.",
        "在条件允许的前提下，双方将建设公路。",
    ],
)
def test_a_condition_is_quoted_with_its_clause(text: str) -> None:
    (clause,) = read(text).clauses
    assert clause.quote == text.rstrip(".。")


def test_what_one_verb_governs_has_one_subject() -> None:
    text = "China and Kyrgyzstan agreed. The Kyrgyz Side will open four lanes and install two scanners."
    assert [clause.parties for clause in read(text).clauses[-2:]] == [("KGZ",), ("KGZ",)]
