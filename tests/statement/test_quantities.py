"""Numbers with their units, directions and baselines: never guessed from a letter, never turned round."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

import landlink as ll
from landlink.statement.clause import Clause, Quantity, Reading
from landlink.statement.criterion import Criterion, Reason, criterion_of, evaluate
from landlink.statement.quantities import quantities
from landlink.statement.register_check import check_register
from landlink.statement.register_draft import draft_register
from landlink.statement.register_records import Baseline, Entry, Suggestion, Target
from landlink.statement.time_references import add_duration

CASES = Path(__file__).parents[3] / "shared" / "cases" / "statement" / "units.json"


def read_one(text: str) -> Clause:
    return next(clause for clause in ll.statement.read(text).clauses if clause.quantity)


WRITTEN = [
    ("The sides agreed to raise the number of trucks at the pass to 250 a day.", 250, "vehicles/day", "at_least", None),
    ("The Parties will cut the clearance time to three hours.", 3, "h", "at_most", None),
    ("They agreed to reduce queues by 40 percent.", 40, "percent", "decrease_by", None),
    ("Both sides pledged to increase rail freight by 15 per cent.", 15, "percent", "increase_by", None),
    ("They will cut the forms needed from twelve to five.", 5, "documents", "at_most", 12),
    ("They will raise capacity from 8 to 14 trains a day.", 14, "trains/day", "at_least", 8),
    ("The ministries agreed to run no more than six trains a week.", 6, "trains/week", "at_most", None),
    ("They will keep the fee at 50 US dollars.", 50, "USD", "equal", None),
    ("They agreed to halve the waiting time.", 0.5, "times the baseline", "at_most", None),
    ("They agreed to triple mutual trade.", 3, "times the baseline", "at_least", None),
    ("The bank will provide at least 30 million dollars.", 3e7, "USD", "at_least", None),
    ("Стороны намерены увеличить грузооборот на 20 процентов.", 20, "percent", "increase_by", None),
    ("Стороны договорились сократить число документов с девяти до четырёх.", 4, "documents", "at_most", 9),
    ("Стороны обязуются пропускать не менее 300 грузовых автомобилей в сутки.", 300, "vehicles/day", "at_least", None),
    ("Стороны договорились удвоить товарооборот.", 2, "times the baseline", "at_least", None),
    ("双方同意将单证数量从九份减少到四份。", 4, "documents", "at_most", 9),
    ("双方将使贸易额增长20%。", 20, "percent", "increase_by", None),
    ("双方承诺查验率不超过5%。", 5, "percent", "at_most", None),
    ("双方同意推动双边贸易额翻一番。", 2, "times the baseline", "at_least", None),
    ("اتفق الجانبان على خفض مدة الانتظار بنسبة 30%.", 30, "percent", "decrease_by", None),
    ("اتفق الجانبان على تشغيل ما لا يقل عن 12 قطارا يوميا.", 12, "trains/day", "at_least", None),
    ("The Parties will move 1.5-2 million tonnes of coal a year.", 1.5e6, "t/year", "at_least", None),
    ("The Parties will clear between 400 and 500 trucks a day.", 400, "vehicles/day", "at_least", None),
    ("They agreed to cut the waiting time to 2–3 hours.", 3, "h", "at_most", None),
    ("Стороны нарастят экспорт с 5 до 10 млн тонн.", 1e7, "t", "at_least", 5e6),
    ("双方将把班列开行数量由每周5列增加到12列。", 12, "trains/week", "at_least", 5),
    ("The Ministry will release 12,000 sturgeon yearlings a year.", 12000, "yearlings/year", "equal", None),
    ("The Parties shall send one hundred and twenty teachers to Osh.", 120, "people", "equal", None),
    ("The Parties shall train twenty-five midwives a year.", 25, "people/year", "equal", None),
    ("The agency will equip five more roadside shelters by 2031.", 5, "shelters", "increase_by", None),
    ("The Parties will open one science fair a year.", 1, "fairs/year", "equal", None),
    ("The Parties agreed to extend opening hours there by two hours a day.", 2, "h/day", "increase_by", None),
    ("The Parties agreed to set fees 15 per cent lower than in 2022.", 15, "percent", "decrease_by", None),
    ("The Bank shall pay 40 per cent of the costs.", 40, "percent", "equal", None),
    ("The Commission shall meet twice a year.", 2, "occasions/year", "equal", None),
    ("Each inspector shall receive at least 30 hours of training a year.", 30, "h/year", "at_least", None),
    ("The Parties shall keep the lock open at least 300 days a year.", 300, "days/year", "at_least", None),
    ("From 1 May to 30 June of each year they will supply 90 MW.", 90, "MW", "equal", None),
    ("They will lift the axle load limit to 11.5 tonnes.", 11.5, "t", "at_least", None),
    ("The fares shall not be increased by more than 5 per cent a year.", 5, "percent/year", "at_most", None),
    ("Samples shall be kept for 60 days by both laboratories.", 60, "days", "equal", None),
    ("双方将新建12座水质自动监测站。", 12, "stations", "equal", None),
    ("双方将增购8艘渡轮。", 8, "ferries", "increase_by", None),
    ("双方将续建2条220千伏输电线路。", 2, "transmission lines", "equal", None),
    ("双方同意将往返航班由14班增加到21班。", 21, "flights", "at_least", 14),
    ("中方将提供5000亩示范田。", 5000, "mu", "equal", None),
    ("双方将延长开放时间3小时。", 3, "h", "increase_by", None),
    ("双方将把年货运量提高到200万吨。", 2e6, "t/year", "at_least", None),
    ("双方将为120家果园办理登记。", 120, "orchards", "equal", None),
    ("Стороны договорились построить двадцать пять сельских и районных больниц.", 25, "hospitals", "equal", None),
    ("Стороны обязуются поставить миллион саженцев.", 1e6, "seedlings", "equal", None),
    ("Стороны договорились увеличить поставки угля до 3 млн тонн в год.", 3e6, "t/year", "at_least", None),
    ("Министерства договорились выделять по 60 ежегодных стипендий.", 60, "scholarships/year", "equal", None),
    ("Стороны дают ответ на запрос в пятидневный срок.", 5, "days", "at_most", None),
    ("Стороны обязуются сверять данные дважды в сутки.", 2, "occasions/day", "equal", None),
    ("Перевозчик возвращает порожние цистерны в срок до 10 суток.", 10, "days", "at_most", None),
    ("Стороны договорились передать шесть машин скорой помощи.", 6, "ambulances", "equal", None),
    ("اتفق الجانبان على خفض مدة التفتيش من أربعة أيام إلى يوم واحد.", 1, "days", "at_most", 4),
    ("اتفق الطرفان على إنشاء محطتين لتحلية المياه.", 2, "desalination plants", "equal", None),
    ("تلتزم الوزارة بإيفاد قافلتين طبيتين سنويا.", 2, "medical convoys/year", "equal", None),
    ("اتفق الجانبان على غرس مليون ومئتي ألف شجرة.", 1.2e6, "trees", "equal", None),
    ("يتعهد الطرفان بزراعة خمسة وعشرين ألف فدان.", 25000, "feddan", "equal", None),
    ("اتفق الجانبان على تدريب 30 مهندسا على الأقل كل سنة.", 30, "people/year", "at_least", None),
    ("قرر الجانبان تمديد دوام المعبر بثلاث ساعات يوميا.", 3, "h/day", "increase_by", None),
    ("اتفق الجانبان على رفع عدد الرحلات الأسبوعية إلى عشرين رحلة.", 20, "flights/week", "at_least", None),
]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "urge one another to respect the flow",
        "the two countries reaffirm agenda 2030 and resolution 2396",
        "observe article 12 of the convention",
        "implement the group of 20 principles",
        "hold the session at 12 harbour street",
        "lower mortality per 1,000 live births",
        "once the works are complete open the bridge",
    ],
)
def test_what_only_names_or_mentions_is_no_quantity(text: str) -> None:
    assert quantities(text, "en") == []


@pytest.mark.parametrize(("text", "value", "unit", "direction", "baseline"), WRITTEN)
def test_number_unit_direction_and_baseline(
    text: str, value: float, unit: str, direction: str, baseline: float | None
) -> None:
    found = read_one(text).quantity
    assert found is not None
    assert (found.value, found.full_unit, found.direction) == (pytest.approx(value), unit, direction)
    assert found.baseline == baseline
    reading = ll.statement.read(text)
    assert check_register(draft_register(reading), text=reading.text, sha256=reading.sha256) == []


@pytest.mark.skipif(not CASES.is_file(), reason="the folder shared is not beside the checkout")
def test_cases_that_were_read_wrongly() -> None:
    for case in json.loads(CASES.read_text("utf-8")):
        clause = read_one(case["text"])
        found = clause.quantity
        assert found is not None
        assert (found.value, found.full_unit, found.direction) == (case["value"], case["unit"], case["direction"])
        assert found.baseline == case.get("baseline")
        due = case.get("deadline", "")
        assert clause.due_after == ("P3Y" if "after signing" in due else "")
        assert (str(clause.deadline.year) if clause.deadline else "") == (due if due.isdigit() else "")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("the number of posts at torugart to 400", "en"),
        ("the agreement of 12 may", "en"),
        ("met for the 3rd time", "en"),
        ("открыть второй пункт", "ru"),
        ("第三次会议", "zh"),
    ],
)
def test_a_number_without_a_unit_of_its_own_is_no_quantity(text: str, language: str) -> None:
    assert all(one.unit not in ("t", "m", "h") for one in quantities(text, language))


@pytest.mark.parametrize("word", ["at", "lot", "salt", "port", "km-long", "contract"])
def test_no_unit_is_taken_from_the_letters_of_a_word(word: str) -> None:
    assert all(one.unit not in ("t", "km") for one in quantities(f"raise the {word} to 400 a day", "en"))


def test_a_verb_that_does_not_say_which_way_leaves_the_direction_open() -> None:
    (found,) = quantities("discuss 400 trucks a day", "en")
    assert found.direction == ""
    clause = Clause(0, 5, "words", 4, True, ("road",), quantity=Quantity(400.0, "vehicles", 0, 3))
    reading = Reading("words", "0" * 64, "en", (), (clause,), (0,) * 6)
    assert "target" not in draft_register(reading).clauses[0].suggested


def test_a_time_within_which_something_is_due_is_no_quantity() -> None:
    clause = read_one("Both countries agreed to double trade within five years.")
    assert (clause.due_after, clause.deadline) == ("P5Y", None)
    assert "missing_deadline" not in clause.flags
    reading = ll.statement.read("Both countries agreed to double trade within five years.")
    entry = draft_register(reading, issued=dt.date(2024, 2, 29)).clauses[0]
    assert entry.suggested["deadline"].value == dt.date(2029, 2, 28)
    assert entry.suggested["target"].value == Target("at_least", times_baseline=2.0)


def test_durations() -> None:
    day = dt.date(2023, 11, 30)
    assert [add_duration(day, text).isoformat() for text in ("P3M", "P2Y", "P2W", "P40D")] == [
        "2024-02-29", "2025-11-30", "2023-12-14", "2024-01-09",
    ]  # fmt: skip
    with pytest.raises(ValueError, match="soon"):
        add_duration(day, "soon")


def outcome_of(target: Target, indicator: str, baseline: Baseline | None = None) -> Criterion | Reason:
    suggested = {"indicator": Suggestion(indicator, accepted_by="A"), "target": Suggestion(target, accepted_by="A")}
    if baseline is not None:
        suggested["baseline"] = Suggestion(baseline, accepted_by="A")
    entry = Entry("C1", 0, 5, status="accepted", accepted_by="A", suggested=suggested)
    return criterion_of(entry, lambda base, _: base.value or float("nan"))


def test_units_of_target_and_indicator_are_compared() -> None:
    refused = outcome_of(Target("at_least", value=1e6, unit="t"), "crossing.trucks_per_day[GATE]")
    assert isinstance(refused, Reason)
    assert str(refused).endswith("t, vehicles/day")
    unknown = outcome_of(Target("at_most", value=4.0, unit="documents"), "crossing.time_h[GATE,road,ab]")
    assert isinstance(unknown, Reason)
    assert unknown.key == "units_differ"
    no_period = outcome_of(Target("at_least", value=400.0, unit="vehicles"), "crossing.trucks_per_day[GATE]")
    assert isinstance(no_period, Reason)


def test_units_that_are_alike_are_converted() -> None:
    minutes = outcome_of(Target("at_most", value=90.0, unit="min"), "crossing.time_h[GATE,road,ab]")
    tonnes = outcome_of(Target("at_least", value=2.0, unit="Mt"), "total.tonnes_per_year")
    assert isinstance(minutes, Criterion)
    assert isinstance(tonnes, Criterion)
    assert (minutes.target, tonnes.target) == (pytest.approx(1.5), pytest.approx(2e6))


def test_changes_start_from_the_baseline() -> None:
    indicator, base = "crossing.time_h[GATE,road,ab]", Baseline(10.0)
    less = outcome_of(Target("at_most", plus_baseline=-180.0, unit="min"), indicator, base)
    assert isinstance(less, Criterion)
    assert less.target == pytest.approx(7.0)
    assert outcome_of(Target("at_most", plus_baseline=-3.0), indicator) == Reason("no_baseline")


@pytest.mark.parametrize(
    ("value", "bound", "verdict"),
    [(50, "value", "met"), (51, "value", "not_met"), (60, "lower", "not_met"), (40, "lower", "not_testable"),
     (40, "upper", "not_met"), (60, "upper", "not_testable")],
)  # fmt: skip
def test_equal_is_neither_more_nor_less(value: float, bound: str, verdict: str) -> None:
    assert evaluate(Criterion("x", "equal", 50.0, ""), value, bound)[0] == verdict
