"""Whole documents: parties, heads of lists, Chinese clauses, and what only looks like a commitment."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import landlink as ll
from benchmarks import statement_documents as gold
from landlink.statement.cell_dates import row_deadline
from landlink.statement.folding import fold
from landlink.statement.party_definitions import definitions
from landlink.statement.patterns import Hit

CASES = Path(__file__).parents[3] / "shared" / "cases" / "statement"


def found(text: str) -> list[tuple[int, str]]:
    return [(clause.strength, clause.quote) for clause in ll.statement.read(text).clauses if clause.strength]


@pytest.mark.skipif(not CASES.is_dir(), reason="the folder shared is not beside the checkout")
def test_cases_of_parties() -> None:
    for case in json.loads((CASES / "parties.json").read_text("utf-8")):
        clause = ll.statement.read(f"{case['title']}\n{case['text']}").clauses[0]
        assert sorted(clause.parties) == sorted(case["parties"])


@pytest.mark.skipif(not CASES.is_dir(), reason="the folder shared is not beside the checkout")
def test_cases_of_chinese_clauses() -> None:
    for case in json.loads((CASES / "chinese_clauses.json").read_text("utf-8")):
        sentence = ll.statement.read(case["text"]).clauses
        if "second" in case:
            assert sentence[-1].rules["strength"].endswith(case["second"]["strength_of"])
            assert "inherited_strength" not in sentence[-1].flags
        else:
            assert len(sentence) == case["clauses"]


@pytest.mark.parametrize(
    ("text", "strengths"),
    [
        ("双方强调运输安全的重要性，愿在铁路、公路和物流领域加强合作。", [1, 2]),
        ("双方积极评价合作成果，将共同建设仓库、停车场和查验场地。", [3]),
        ("双方同意把平均查验时间压缩至两小时，于2027年前建成新口岸。", [4, 4]),
        ("中方将向对方提供设备、技术、资金和人员培训。", [3]),
    ],
)
def test_each_chinese_verb_decides_and_lists_of_nouns_are_whole(text: str, strengths: list[int]) -> None:
    assert [strength for strength, _ in found(text)] == strengths


def test_definitions_of_parties() -> None:
    text = fold("中华人民共和国和埃塞俄比亚联邦民主共和国(以下分别简称“中方”和“埃方”)").text
    hits = [Hit(0, 7, "CHN", 0, 0), Hit(8, 20, "ETH", 0, 8)]
    assert definitions(text, hits) == [("中方", ("CHN",)), ("埃方", ("ETH",))]
    russian = fold("Кыргызская Республика, именуемая в дальнейшем «Восточная Сторона», и").text
    assert definitions(russian, [Hit(0, 21, "KGZ", 0, 0)]) == [("восточная сторона", ("KGZ",))]


def test_a_country_named_as_a_place_does_not_commit_itself() -> None:
    text = "Joint statement of Kenya and Uganda\nMeeting in Rwanda, the two sides agreed to open a post."
    assert ll.statement.read(text).clauses[0].parties == ("KEN", "UGA")


@pytest.mark.parametrize(
    "text",
    [
        "The Parties agreed to:\n1. open a second lane;\n2. light the road.",
        "Стороны договорились о следующем:\n1. открыть вторую полосу;\n2. осветить дорогу.",
        "双方同意：\n1. 增设第二条车道；\n2. 改善道路照明。",
        "اتفق الجانبان على ما يلي:\n1. فتح مسار ثان؛\n2. إنارة الطريق.",
    ],
)
def test_a_head_that_only_announces_a_list_is_no_clause_but_is_shown(text: str) -> None:
    items = ll.statement.read(text).clauses
    assert [clause.strength for clause in items] == [4, 4]
    assert all("inherited_strength" in clause.flags and text.split("\n", 1)[0] in clause.head for clause in items)


@pytest.mark.parametrize(
    "text",
    [
        "The Finance Bill now before the National Assembly will abolish the duty on tractors.",
        "They called on the developed countries to honour their pledges of climate finance.",
        "This Memorandum shall enter into force on the date of its signature.",
        "The dates will be settled through diplomatic channels.",
        "The Ministers invited their counterpart to visit Nairobi.",
        "Настоящий Меморандум вступает в силу с даты подписания.",
        "Подписано в городе Бишкеке 21 июня 2024 года в двух экземплярах.",
        "Президенты призвали международные организации увеличить помощь.",
        "本备忘录自签署之日起生效，一式两份。",
        "双方呼吁国际社会加大援助力度。",
        "تدخل هذه المذكرة حيز التنفيذ من تاريخ التوقيع عليها.",
        "دعا الجانبان المجتمع الدولي إلى تكثيف المساعدات.",
    ],
)
def test_formulas_bills_and_calls_on_others_are_no_commitments(text: str) -> None:
    assert [strength for strength, _ in found(text) if strength >= 2] == []


def test_marked_documents_are_well_formed() -> None:
    for document in gold.documents():
        assert document.clauses
        assert "⟦" not in document.text
        assert all(1 <= clause.strength <= 5 and clause.topics for clause in document.clauses)


def test_headings_and_titles_commit_to_nothing_and_end_lists() -> None:
    text = (
        "ACTION PLAN 2026\n\n1. Where we stand\n\nTrade grew.\n\n2. Roads\n\nThe Parties will:\n(a) widen the road;\n"
        "(b) light the tunnel.\n\n3. Documents signed\n\nThe talks were friendly.\n"
    )
    assert found(text) == [(3, "widen the road"), (3, "light the tunnel")]


def test_a_row_of_a_table_of_measures_is_one_clause() -> None:
    text = (
        "合作行动计划\n双方声明。\n项目名称　数量指标　完成时间\n"
        "急救网络建设　救护车40辆　2027年\n实验室改造　3个　2026年\n双方友好。\n"
    )
    assert [strength for strength, _ in found(text)] == [4, 4]


def test_the_present_tense_binds_in_an_agreement_and_the_past_does_not() -> None:
    text = "AGREEMENT\n\nThe Committee meets twice a year and reports to the Ministers. The link failed in January.\n"
    assert found(text) == [(4, "meets twice a year"), (4, "reports to the Ministers")]


TABLES = {
    "ru": """План мер
№ | Мера | Срок | Кто
1 | 2 | 3 | 4
I. Дороги
1. | Расширить мост. | до 1 мая 2028 г. | Минтранс
2. | Встречаться | постоянно | МИД""",
    "zh": """合作行动计划
序号 | 措施 | 完成时限 | 责任单位
1 | 扩建停车场 | 2028年5月1日前 | 交通部
2 | 修桥 | 持续推进 | 海关""",
    "ar": """خارطة طريق
م | الإجراء | الموعد | الجهة
1 | توسيع الجسر | 1 مايو 2028 | وزارة النقل
2 | إنارة الطريق | مستمر | البلدية""",
    "en": """Road map
| Step | By when | Who |
|---|---|---|
| Widen the bridge | 01/05/2028 | Ministry |
| Light it | always | Town |""",
}


@pytest.mark.parametrize("language", TABLES)
def test_rows_whose_cells_strokes_part(language: str) -> None:
    clauses = ll.statement.read(TABLES[language]).clauses
    assert [str(clause.deadline) for clause in clauses] == ["2028-05-01", "None"]


@pytest.mark.parametrize(
    ("cell", "language", "due"),
    [
        ("iv квартал 2026 года", "ru", "2026-12-31"),
        ("2-й квартал 2026", "ru", "2026-06-30"),
        ("январь-март 2027", "ru", "2027-03-31"),
        ("первое полугодие 2027 г.", "ru", "2027-06-30"),
        ("2026-2028", "en", "2028-12-31"),
        ("2027-06", "en", "2027-06-30"),
        ("h1 2028", "en", "2028-06-30"),
        ("by the end of 2028", "en", "2028-12-31"),
        ("2027年第三季度", "zh", "2027-09-30"),
        ("الربع الثاني 2028", "ar", "2028-06-30"),
        ("12 bridges of the plan of 2027", "en", "None"),
        ("ministry", "en", "None"),
    ],
)
def test_dates_of_cells(cell: str, language: str, due: str) -> None:
    assert str(row_deadline(["build a road", cell, "town"], language)) == due
