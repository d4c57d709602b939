"""Text of others on the terminal: what acts is shown as an escape, what is read stays as it is."""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landlink.core.printable import printable, printable_json

ANY_TEXT = st.text(st.characters(categories=None), max_size=50) | st.text(
    st.sampled_from("\x1b\x07\n\r\t\x00\x7f\x9b\u200b\u200c\u200d\u200e\u200f\u202a\u202e\u2066\u2069\ufeff\u2028aاक्د"),
    max_size=30,
)


@pytest.mark.parametrize(
    "text",
    [
        "Торугарт", "吐尔尕特口岸", "تورغارت – نقطة العبور ٣٠٠ شاحنة/يوم", "पेट्रापोल", "Ñandú", "e\u0301", "🚚",
        "پنج\u200cشنبه",  # Persian spells with a joiner
        "क्\u200dष",  # and so does Hindi
        "\u0600٣",  # a drawn sign that encloses a number
    ],
)  # fmt: skip
def test_text_to_be_read_stays_as_it_is(text: str) -> None:
    assert printable(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[2J\x1b]0;x\x07", r"\x1b[2J\x1b]0;x\x07"),
        ("\x9b31m", r"\x9b31m"),
        ("a\nlandlink: no problems found", r"a\nlandlink: no problems found"),
        ("a\r\tb\x7f", r"a\r\tb\x7f"),
        ("\u202eabc\u202c\u2066x\u2069\u200f\u061c", r"\u202eabc\u202c\u2066x\u2069\u200f\u061c"),
        ("a\u200bb\ufeff\u2060\u00ad", r"a\u200bb\ufeff\u2060\xad"),
        ("a\u200cb \u200d", r"a\u200cb \u200d"),
        ("\u2028\u2029\x85", r"\u2028\u2029\x85"),
        ("\U000e0041", r"\U000e0041"),
        ("\udc80", r"\udc80"),
    ],
)
def test_what_acts_on_the_terminal_is_shown(text: str, shown: str) -> None:
    assert printable(text) == shown


@given(ANY_TEXT)
def test_nothing_that_acts_is_left(text: str) -> None:
    shown = printable(text)
    for sign in shown:
        kind = unicodedata.category(sign)
        assert kind not in ("Cc", "Cs", "Zl", "Zp"), ascii(shown)
        assert unicodedata.bidirectional(sign) not in ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")
    assert printable(shown) == shown


@given(st.recursive(ANY_TEXT | st.integers(-9, 9) | st.none(), lambda x: st.lists(x) | st.dictionaries(ANY_TEXT, x)))
def test_json_means_the_same_and_is_safe(document: object) -> None:
    text = printable_json(document)
    assert printable(text.replace("\n", " ")) == text.replace("\n", " ")
    assert json.loads(text) == json.loads(json.dumps(document))
