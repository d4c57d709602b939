from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import landlink as ll
from benchmarks import statement as gold
from landlink.core.errors import InputError
from landlink.statement import Gazetteer, read
from landlink.statement.clause import TOPICS
from landlink.statement.lexicon import LANGUAGES, rows
from tests.support.bundled import bundled_study

#: Strength of the strongest clause of a sentence.
STRENGTHS = [
    ("The ministers signed a protocol on fisheries.", 5),
    ("Laos and Thailand agreed to dredge the river.", 4),
    ("We commit to halving methane by 2035.", 4),
    ("The parties will ensure safe passage.", 4),
    ("Both sides will open a consulate.", 3),
    ("Malaysia is willing to train pilots.", 2),
    ("The sides stressed the need for peace.", 1),
    ("The parties agreed that dialogue is important.", 1),
    ("The bridge will help shorten the journey.", 0),
    ("The fee shall not be passed on to travellers.", 3),
    ("The Treaty shall not affect the rights of third states.", 0),
    ("Mr Will Adams attended the opening.", 0),
    ("In 2009 the countries signed a treaty.", 0),
    ("The sides did not agree on a date.", 0),
    ("Recalling the principles of the Charter,", 0),
    ("Analysts say that the port will grow.", 0),
    ("Делегации подписали протокол.", 5),
    ("Страны договорились углубить дно реки.", 4),
    ("Стороны обеспечат безопасность перевозок.", 4),
    ("Стороны откроют консульство.", 3),
    ("Правительства будут развивать туризм.", 3),
    ("Малайзия готова обучать лётчиков.", 2),
    ("Стороны подчеркнули необходимость мира.", 1),
    ("Мост позволит сократить путь.", 0),
    ("В 2009 году страны подписали договор.", 0),
    ("Стороны не договорились о сроках.", 0),
    ("Признавая роль ООН,", 0),
    ("双方签署渔业议定书。", 5),
    ("老泰两国同意疏浚河道。", 4),
    ("双方将确保安全通行。", 4),
    ("双方将开设领事馆。", 3),
    ("马方愿培训飞行员。", 2),
    ("双方强调需要和平。", 1),
    ("大桥将有助于缩短路程。", 0),
    ("2009年，两国签署了条约。", 0),
    ("双方未达成协议。", 0),
    ("将军出席了仪式。", 0),
    ("وقع الوزيران بروتوكولا.", 5),
    ("اتفقت الدولتان على تعميق مجرى النهر.", 4),
    ("سيضمن الجانبان سلامة المرور.", 4),
    ("سيفتتح البلدان قنصلية.", 3),
    ("ستعملان معا على تطوير السياحة.", 3),
    ("ماليزيا مستعدة لتدريب الطيارين.", 2),
    ("شدد الجانبان على ضرورة السلام.", 1),
    ("سيساعد الجسر في اختصار الطريق.", 0),
    ("سياسة الدولتين وسيادتهما وسيارات الشحن وسنوات العمل.", 0),
    ("لم يتفق الطرفان على الموعد.", 0),
    ("في عام 2009 وقع البلدان معاهدة.", 0),
]


@pytest.mark.parametrize(("text", "strength"), STRENGTHS)
def test_strength_of_a_sentence(text: str, strength: int) -> None:
    assert max((clause.strength for clause in read(text).clauses), default=0) == strength


@pytest.mark.parametrize(
    ("text", "count", "strength"),
    [
        ("The sides agreed to expand trade, improve customs procedures and build a railway.", 3, 4),
        ("Стороны намерены расширить торговлю, упростить процедуры и построить дорогу.", 3, 2),
        ("双方将扩大贸易，简化手续，修建铁路。", 3, 3),
        ("اتفق الجانبان على توسيع التجارة وتبسيط الإجراءات وبناء سكة حديد.", 3, 4),
    ],
)
def test_a_chain_of_actions_inherits_the_strength_of_its_verb(text: str, count: int, strength: int) -> None:
    clauses = read(text).clauses
    assert [clause.strength for clause in clauses] == [strength] * count
    assert ["inherited_strength" in clause.flags for clause in clauses] == [False] + [True] * (count - 1)


def test_a_passive_begins_at_its_subject_even_if_that_names_parties() -> None:
    text = "The lorries of both operators shall be inspected before departure."
    clause = read(text).clauses[0]
    assert text[clause.start : clause.end].endswith("lorries of both operators shall be inspected before departure")


def test_a_theme_is_added_and_the_owner_of_a_measure_is_not() -> None:
    field = "The Parties shall vaccinate {} in every district."
    text = "\n".join(field.format(who) for who in ("infants", "nurses", "doctors", "patients") * 3)
    theme = read(text + "\nThe Parties shall exchange violinists every autumn.").clauses[-1]
    assert theme.topics == ("people", "health")
    owned = read("The Parties will repair the tunnel (responsible: Ministry of Health; deadline: 2031).").clauses[0]
    assert owned.topics == ("road",)


def test_items_of_a_list_inherit_the_strength_of_the_line_above() -> None:
    items = "- expand trade;\n- lower customs duties;\n- the opening of a consulate."
    text = f"The parties agreed to:\n{items}\nThe visit ended."
    clauses = read(text).clauses
    listed = [clause for clause in clauses if "inherited_strength" in clause.flags]
    assert [clause.quote for clause in listed] == ["expand trade", "lower customs duties", "the opening of a consulate"]
    assert {clause.strength for clause in listed} == {4}


@pytest.mark.parametrize(
    "text",
    [
        "The BorderSides agreed: (a) to open a laboratory; (b) to exchange officers; and (c) to publish fees online.",
        "Стороны договорились: а) открыть лабораторию; б) обмениваться специалистами; в) публиковать тарифы.",
        "双方同意：（一）设立实验室；（二）互派人员；（三）公布收费标准。",
        "اتفق الجانبان على ما يلي: (أ) فتح مختبر؛ (ب) تبادل الخبراء؛ (ج) نشر الرسوم.",
    ],
)
def test_items_within_a_line_inherit_too(text: str) -> None:
    assert [clause.strength for clause in read(text).clauses] == [4, 4, 4]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from([text for text, _ in STRENGTHS]), min_size=1, max_size=6),
    st.sampled_from([" ", "\n", "\u200f\n", "\r\n"]),
)
def test_quotes_are_the_text_at_their_offsets(parts: list[str], between: str) -> None:
    reading = read(between.join(parts))
    assert len(reading.source_offset) == len(reading.text) + 1
    for clause in reading.clauses:
        assert reading.text[clause.start : clause.end] == clause.quote
        assert clause.quote == clause.quote.strip()
        assert clause.hard == (clause.strength >= 2)
        assert clause.topics
        assert set(clause.topics) <= set(TOPICS)
        sentence = reading.sentences[clause.sentence]
        assert sentence.start <= clause.start < clause.end <= sentence.end
        if clause.quantity:
            assert clause.start <= clause.quantity.start < clause.quantity.end <= clause.end


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_read_or_rejected(text: str) -> None:
    try:
        reading = read(text)
    except InputError:
        return
    assert all(reading.text[clause.start : clause.end] == clause.quote for clause in reading.clauses)


def test_reading_twice_gives_the_same() -> None:
    text = "\n".join(text for text, _ in STRENGTHS)
    assert read(text) == read(text)


def test_hidden_marks_and_markup_change_no_clause() -> None:
    plain = "سيعزز الجانبان التعاون في مجال النقل."
    dressed = "<p>\u202bسيُعزّز الجانبـــان\u200f التعاونَ في مجال النقل.\u202c</p>"
    ours, theirs = read(plain).clauses, read(dressed).clauses
    assert [(c.strength, c.topics) for c in ours] == [(c.strength, c.topics) for c in theirs]


def test_statement_is_reached_from_the_package() -> None:
    assert ll.statement.read("Both sides will build a road.").clauses[0].hard


QUANTITIES = [
    ("The sides agreed to supply 5 million doses by 2030.", 5e6, "doses", date(2030, 12, 31)),
    ("Germany will provide €300 million by June 2027.", 3e8, "EUR", date(2027, 6, 30)),
    ("Both sides will raise trade to 10 billion US dollars.", 1e10, "USD", None),
    ("Стороны обязуются сократить выбросы на 35 процентов к 2030 году.", 35, "percent", date(2030, 12, 31)),
    ("Банк выделит 1,5 млрд долларов до 1 июля 2028 года.", 1.5e9, "USD", date(2028, 7, 1)),
    ("双方同意到2030年将贸易额提高到700亿美元。", 7e10, "USD", date(2030, 12, 31)),
    ("双方将减少排放百分之三十。", 30, "percent", None),
    ("اتفق الجانبان على توريد خمسة ملايين جرعة بحلول عام 2030.", 5e6, "doses", date(2030, 12, 31)),
    ("سيزيد البلدان عدد القطارات إلى ٢٥٠ قطارا سنويا.", 250, "trains", None),
]


@pytest.mark.parametrize(("text", "value", "unit", "deadline"), QUANTITIES)
def test_quantities_and_deadlines(text: str, value: float, unit: str, deadline: date | None) -> None:
    clause = read(text).clauses[0]
    assert clause.quantity is not None
    assert (clause.quantity.value, clause.quantity.unit) == (pytest.approx(value), unit)
    assert clause.deadline == deadline


@pytest.mark.parametrize(
    "text",
    [
        "The sides will restore truck traffic to the pre-pandemic level.",
        "Стороны вернут число грузовиков на допандемийный уровень.",
        "双方将使货车数量恢复到疫情前水平。",
        "سيضمن الجانبان عودة عدد الشاحنات إلى مستوى ما قبل الجائحة.",
    ],
)
def test_baselines(text: str) -> None:
    clause = read(text).clauses[0]
    assert clause.baseline
    assert clause.baseline in clause.quote
    assert "missing_deadline" in clause.flags


def test_names_come_from_a_study() -> None:
    study = bundled_study()
    text = "China and Kyrgyzstan agreed to extend the working hours of Torugart and Irkeshtam."
    clause = read(text, gazetteer=study).clauses[0]
    assert clause.parties == ("CHN", "KGZ")
    assert {"TORU", "IRKE"} <= set(clause.places)
    names = Gazetteer.of(study)
    project = read(
        "Стороны намерены ускорить строительство железной дороги Китай – Кыргызстан – Узбекистан.", gazetteer=names
    )
    assert project.clauses[0].projects == ("cku-railway",)


def test_a_project_of_a_third_country_is_flagged() -> None:
    study = bundled_study()
    clause = read("China and Kyrgyzstan will build the China–Kyrgyzstan–Uzbekistan railway.", gazetteer=study).clauses[
        0
    ]
    assert clause.projects == ("cku-railway",)
    assert "country_not_party" in clause.flags


def test_a_person_may_add_words(tmp_path: Path) -> None:
    folder = tmp_path / "en"
    folder.mkdir()
    (folder / "cues.csv").write_text("class,strength,pattern\nagreed,4,shook hands on\n", encoding="utf-8")
    text = "The sides shook hands on a new tariff."
    assert not read(text).clauses
    assert read(text, lexicons=tmp_path).clauses[0].strength == 4


def test_a_wrong_table_says_where(tmp_path: Path) -> None:
    folder = tmp_path / "en"
    folder.mkdir()
    (folder / "cues.csv").write_text("class,strength,pattern\nvague,4,shook\nagreed,9,nodded\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"2 problems(.|\n)*line 2(.|\n)*vague(.|\n)*line 3"):
        read("The sides agreed.", lexicons=tmp_path)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "table", ["cues", "frames", "actions", "topics", "countries", "units", "counted", "noun_words"]
)
def test_no_row_is_duplicated(language: str, table: str) -> None:
    found = [tuple(value for key, value in row.items() if key != "line") for row in rows(language, table)]
    assert len(found) == len(set(found))


@pytest.mark.parametrize(
    ("language", "name", "chosen"), gold.sets(), ids=[f"{code}-{name}" for code, name, _ in gold.sets()]
)
def test_marked_sentences_are_read_well_enough(language: str, name: str, chosen: list[gold.Example]) -> None:
    score = gold.measure(chosen, timed=False)
    for what in ("hard", "hard clauses", "spans"):
        assert score.tallies[what].f1 >= 0.85, what
    assert score.tallies["topics"].f1 >= 0.8


@pytest.mark.parametrize("language", LANGUAGES)
def test_gold_set_is_large_enough_and_holds_hard_negatives(language: str) -> None:
    examples = list(gold.examples(gold.GOLD / f"{language}.csv"))
    assert len(examples) >= 60
    assert {"preamble", "effect", "report", "past", "negation"} <= {example.kind for example in examples}
    assert all(topic in TOPICS for example in examples for clause in example.clauses for topic in clause.topics)


AGREEMENT = (
    "Соглашение между Правительством Республики Казахстан и Правительством Кыргызской Республики о перевозках\n\n"
    "Правительства двух государств, именуемые в дальнейшем Сторонами, согласились о нижеследующем:\n\nСтатья 1\n\n"
)


@pytest.mark.parametrize(
    "rule",
    [
        "Пробы воды отбираются два раза в месяц.",
        "Стороны беспрепятственно пропускают гуманитарные грузы.",
        "Водители предъявляют протокол взвешивания.",
        "Стороны ведут реестр нарушителей правил перевозки.",
    ],
)
def test_short_provisions_with_nouns_that_end_like_verbs(rule: str) -> None:
    assert [clause.strength for clause in ll.statement.read(AGREEMENT + rule).clauses] == [4]


def test_a_plan_of_the_sides_is_no_promise() -> None:
    text = "Стороны планируют построить водохранилище."
    assert [clause.strength for clause in ll.statement.read(text).clauses] == [2]
