from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from landlink.statement.folding import fold
from landlink.statement.normalise import normalise

#: Letters of the four languages, marks that compose with them, hidden characters, blanks and line ends.
LETTERS = st.text(
    alphabet=st.one_of(
        st.sampled_from(
            "aé e\u0301\u0308йи\u0306ا\u0655\u0654أ\u064b\u0640中，"
            "\u200f\u200b\u202b\u2066\ufeff\r\n\u2028\u00a0\ufefb\uac00\u1100\u1161\u11a8"
        ),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=60,
)


@given(LETTERS)
def test_every_character_knows_where_it_came_from(text: str) -> None:
    normal = normalise(text)
    assert len(normal.source) == len(normal.text) + 1
    assert list(normal.source) == sorted(normal.source)
    assert all(0 <= place <= len(text) for place in normal.source)
    assert normal.source[-1] == len(text)


@given(LETTERS)
def test_characters_that_stay_are_found_at_their_place_in_the_source(text: str) -> None:
    normal = normalise(text)
    for place, character in enumerate(normal.text):
        origin = text[normal.source[place]]
        same = {character, unicodedata.normalize("NFD", character)[0]}
        shapes = unicodedata.normalize("NFKC", origin)
        assert (
            origin in same
            or character in shapes
            or unicodedata.normalize("NFD", origin)[0] in unicodedata.normalize("NFD", character)
            or (character == "\n" and origin in "\r\u2028\u2029\u0085<")
            or (character == " " and origin.isspace())
            or origin == "&"
        )


@given(LETTERS)
@example("\u1100\u1161\u11a8")
@example("e\u0323\u0302")
def test_text_is_in_composed_form_without_hidden_characters(text: str) -> None:
    normal = normalise(text).text
    assert unicodedata.is_normalized("NFC", normal)
    assert not set(normal) & set("\u200b\u200e\u200f\u202a\u202e\u2066\u2069\ufeff\r")


@given(LETTERS)
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = normalise(text).text
    if "<" not in text and "&" not in text:
        assert normalise(once).text == once


@given(st.text(alphabet="ابتثجحخ دذرزسشé中日本йабв.،", max_size=80))
def test_clean_text_stays_as_it_is(text: str) -> None:
    normal = normalise(text)
    assert normal.text == text
    assert normal.source == tuple(range(len(text) + 1))


@pytest.mark.parametrize(
    ("given_text", "wanted"),
    [
        ("<p>The <b>sides</b> agreed</p>", "\nThe sides agreed\n"),
        ("<style>p {x}</style><p>A&nbsp;&amp;&#32;B</p>", "\nA & B\n"),
        ("a < b and c > d", "a < b and c > d"),
        ("<!-- note --><br/>x<script>var a = '<p>';</script>", "\nx"),
    ],
)
def test_markup_goes(given_text: str, wanted: str) -> None:
    assert normalise(given_text).text == wanted


def test_a_word_in_markup_maps_to_its_place() -> None:
    source = "<p>Стороны\u200b&nbsp;договорились</p>"
    normal = normalise(source)
    place = normal.text.index("договорились")
    assert source[normal.source[place] :].startswith("договорились")


@given(LETTERS)
def test_folding_keeps_the_way_back(text: str) -> None:
    folded = fold(text)
    places = [folded.place(n) for n in range(len(folded.text) + 1)]
    assert places == sorted(places)
    assert places[-1] == len(text)


def test_folding_drops_vowel_signs_and_stretches() -> None:
    assert fold("وَقَّعَ الجـــانبان").text == "وقع الجانبان"
    assert fold("أإآى ٢٠٣٠").text == "اااي 2030"
