"""Lines of a page: joined within a paragraph, with hyphens, page numbers and running heads gone."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import landlink as ll
from landlink.statement.layout import undo_layout
from landlink.statement.normalise import normalise

CASES = Path(__file__).parents[3] / "shared" / "cases" / "statement"
SENTENCES = [
    "The Ministers agreed to open the northern post to freight all year round and to publish waiting times every week.",
    "They will set up a joint working group on transit that meets at least twice a year in either capital.",
    "Both sides are ready to exchange data on dangerous goods before the trucks arrive at the border.",
    "The delegations noted the work of the chambers of commerce and thanked the hosts for their hospitality.",
    "The Parties pledged to finish the second lane of the bridge before the end of the following year.",
]


def clauses(text: str) -> list[tuple[int, str]]:
    return [(clause.strength, " ".join(clause.quote.split())) for clause in ll.statement.read(text).clauses]


@pytest.mark.parametrize("width", [48, 60, 76])
def test_a_wrapped_text_reads_like_the_same_text_unwrapped(width: int) -> None:
    plain = "\n\n".join(" ".join(SENTENCES[n : n + 2]) for n in range(0, 5, 2))
    wrapped = "\n\n".join(textwrap.fill(paragraph, width) for paragraph in plain.split("\n\n"))
    assert wrapped.count("\n") > plain.count("\n")
    assert clauses(wrapped) == clauses(plain)


def test_page_numbers_and_running_heads_within_a_sentence_are_left_out() -> None:
    words = " ".join([*SENTENCES, *(one.replace("The", "Then the").replace("both", "all") for one in SENTENCES)])
    lines = textwrap.wrap(words, 60)
    lines[4:4] = ["", "– 2 –", "", "JOINT STATEMENT OF THE MINISTERS", ""]
    lines[14:14] = ["", "– 3 –", "", "JOINT STATEMENT OF THE MINISTERS", ""]
    reading = ll.statement.read("\n".join(lines))
    assert clauses("\n".join(lines)) == clauses(words)
    assert [line for line in reading.layout.dropped if "STATEMENT" in line]
    assert "4 lines left out" in str(reading.layout)


def test_offsets_lead_back_to_the_text_as_given() -> None:
    text = "\n".join(textwrap.wrap(" ".join(SENTENCES), 50))
    reading = ll.statement.read(text)
    assert reading.layout.joined
    for clause in reading.clauses:
        first = reading.source_offset[clause.start]
        assert text[first] == clause.quote[0]


def test_hyphens_of_compounds_stay() -> None:
    text = (
        "The Ministers of both countries welcomed the growth of cross-\n"
        "border trade and agreed to simplify the issue of multiple en-\n"
        "try permits for carriers that work along the corridor and to\n"
        "keep the fees for these permits as they have been up to now.\n"
    )
    reading = ll.statement.read(text)
    assert "cross-border trade" in reading.text
    assert "entry permits" in reading.text


def test_chinese_lines_are_joined_without_a_space() -> None:
    text = (
        "双方同意加快口岸建设，提高通关效率，延长口岸开放时间，并推动两国\n"
        "海关数据交换，实现监管结果互认，双方还商定建立铁路运输协调机制，\n"
        "定期通报车辆和货物信息，共同维护运输安全，为企业提供便利的条件，\n"
        "推动边境地区经济发展，改善当地居民生活。\n"
    )
    assert "两国海关数据交换" in ll.statement.read(text).text


BROKEN = {
    "ru": """Министры Т. Алиев и А. Ким поддержали строительство дороги Нарын – Торугарт в соответствии со статьей 5
Соглашения, п. 3 Протокола и решением (РГ) об открытии поста «Достук» в г. Ош на 300 грузовиков к 2031 году.""",
    "en": """Ministers T. Bell and A. Kim supported the Narva – Luga road in line with Article 5 of the Agreement,
section 3 of the Protocol and the order (WG) to open the "Dostuk" post from 6:00 to 23:30 for 1.5 million tonnes.""",
    "ar": """أيد الوزيران إنشاء طريق الحديثة – العمري وفقا لأحكام المادة 5 من الاتفاق والفصل 3 من البروتوكول وقرار
(اللجنة) بفتح منفذ «السلام» أمام 300 شاحنة يوميا بحلول عام 2031 وتعهدا بتقديم 25 مليون دولار لإنشاء مركز لوجستي.""",
}


@pytest.mark.parametrize("language", BROKEN)
def test_whatever_stands_at_the_head_of_a_line_goes_on_the_sentence(language: str) -> None:
    text = BROKEN[language].replace("\n", " ")
    # Of three lines in a script without capitals, none shows that the text is broken into lines.
    for width in range(40, 64):
        wrapped = "\n".join(textwrap.wrap(text, width, break_on_hyphens=False))
        assert normalise(wrapped).text == text, width


def test_a_sentence_goes_on_over_a_short_line_before_a_quotation() -> None:
    text = (
        "Казахстан и Кыргызстан договорились расширить к 2030 году дорогу, ведущую к посту\n"
        "«Достук» с двух полос до четырех, построить на ней новый мост и устроить освещение\n"
        "на подъезде к посту\n"
        "«Кордай» с осени 2029 года.\n"
    )
    assert normalise(text).text.strip() == " ".join(text.split())


def test_rows_of_a_table_are_not_joined() -> None:
    row = "{} | Widen the road to the pass and light it at night, with works to begin in spring | {} | Roads\n"
    text = "The sides agreed:\nNo. | Measure | Deadline | Who\n" + "".join(row.format(n, 2030 + n) for n in range(5))
    assert undo_layout(text)[0] == []


@pytest.mark.parametrize(
    "text",
    [
        "They agreed to:\nopen a second lane for trucks at the northern post by the end of 2031\nbuild a road\n",
        "They agreed to:\n– open a second lane for trucks at the northern post by 2031\n– build a road\n",
        "The sides agreed to:\n- open a post\n- build a road\n- train officers\n",
        "A heading\nThe sides agreed to open a post.\nThey will build a road.\n",
        "One paragraph that is long enough to fill a line of its own on any page, and then some more words. " * 3,
        "",
    ],
)
def test_lines_that_are_paragraphs_stay_apart(text: str) -> None:
    assert undo_layout(text)[0] == []


def test_list_items_are_not_joined() -> None:
    text = (
        "The Ministers considered the state of the corridor at length and\n"
        "agreed, in the light of what their services had reported, to do\n"
        "the following before the next meeting of the commission in May:\n"
        "(a) open a second lane for trucks at the northern post and light\n"
        "it at night;\n"
        "(b) publish the waiting times of both posts every week;\n"
        "(c) exchange lists of authorised carriers.\n"
    )
    found = clauses(text)
    assert [strength for strength, _ in found] == [4, 4, 4, 4]
    assert found[1][1] == "light it at night"


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([*"abc.,\n -", "语", "。", "word", "12"]), max_size=60).map("".join))
def test_any_layout_keeps_the_letters(text: str) -> None:
    normal = normalise(text)
    kept = [letter for letter in normal.text if letter.isalpha()]
    dropped = [letter for line in normal.layout.dropped for letter in line if letter.isalpha()]
    assert sorted(kept + dropped) == sorted(letter for letter in text if letter.isalpha())
    assert len(normal.source) == len(normal.text) + 1


@pytest.mark.skipif(not CASES.is_dir(), reason="the folder shared is not beside the checkout")
def test_the_case_of_a_wrapped_text() -> None:
    expected = json.loads((CASES / "wrapped.expected.json").read_text("utf-8"))
    reading = ll.statement.read((CASES / "wrapped.en.txt").read_text("utf-8"))
    quotes = [clause.quote for clause in reading.clauses if clause.hard]
    assert len(quotes) == len(expected["hard_clauses"])
    assert all(wanted in quote for wanted, quote in zip(expected["hard_clauses"], quotes, strict=True))
    assert reading.layout.dropped == (expected["page_number_ignored"],)
    assert sum(bool(line.strip()) for line in reading.text.split("\n")) == expected["paragraphs"]
    assert not any(words in clause.quote for words in expected["not_commitments"] for clause in reading.clauses)


def test_line_ends_within_markup_are_spaces() -> None:
    assert "agreed to open" in ll.statement.read("<p>The sides agreed\nto open a post.</p><p>They met.</p>").text
